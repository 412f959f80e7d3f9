//! What the school did with accounts and classes.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::audit::AuditLine;
use crate::error::AppError;

/// Entries on a page.
pub const ENTRIES_A_PAGE: i64 = 50;

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    pub entries: Vec<AuditLine>,
    /// Whether there is another page.
    pub more: bool,
}

/// A page of what was done, latest first; pages count from 1. `person` is a part of a name, `act` an act's word. Admins only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_audit(
    #[server(default)] person: String,
    #[server(default)] act: String,
    #[server(default)] page: String,
) -> Result<Audit, AppError> {
    use crate::domain::paging::ListPage;
    use crate::server::{db, request};
    use exam_model::format::given;
    let asking = request::admin()?;
    let page = ListPage::parse(&page, ENTRIES_A_PAGE);
    let entries =
        db::audit::list(&asking.state.pool, &asking.viewer, given(&person), given(&act), page.slice()).await?;
    let (entries, more) = page.cut(entries);
    Ok(Audit { entries, more })
}
