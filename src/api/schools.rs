//! Schools and their admins. For owners of the installation, but for the list that a pupil registers by.

use leptos::prelude::*;
use uuid::Uuid;

use crate::domain::school::School;
use crate::error::AppError;

/// Id and name of the schools in which pupils may make accounts themselves, and whether there are others.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn open_schools() -> Result<(Vec<(Uuid, String)>, bool), AppError> {
    use crate::server::{db, request};
    let pool = request::anyone().state.pool;
    Ok((db::schools::open(&pool).await?, db::schools::any_closed(&pool).await?))
}

/// All schools.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_schools() -> Result<Vec<School>, AppError> {
    let asking = crate::server::request::owner()?;
    crate::server::db::schools::list(&asking.state.pool, &asking.viewer, None).await
}

/// A school.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_school(id: Uuid) -> Result<School, AppError> {
    let asking = crate::server::request::owner()?;
    let mut found = crate::server::db::schools::list(&asking.state.pool, &asking.viewer, Some(id)).await?;
    found.pop().ok_or(AppError::NotFound)
}

/// Makes a school, and redirects to its page.
#[server]
pub async fn make_school(name: String) -> Result<(), AppError> {
    use crate::domain::school;
    use crate::server::{db, request};
    let asking = request::owner()?;
    let id = db::schools::make(&asking.state.pool, &asking.viewer, &school::name(&name)?).await?;
    request::go_to(&format!("/admin/schools/{id}"));
    Ok(())
}

/// Changes a school's name, and whether pupils may make accounts in it themselves.
#[server]
pub async fn change_school(id: Uuid, name: String, #[server(default)] open: String) -> Result<(), AppError> {
    use crate::domain::school;
    use crate::server::{db, request};
    let asking = request::owner()?;
    let name = school::name(&name)?;
    db::schools::change(&asking.state.pool, &asking.viewer, id, &name, !open.is_empty()).await?;
    request::go_to(&format!("/admin/schools/{id}"));
    Ok(())
}

/// Makes an account of a school's admin, and returns a one-time code with which they choose a password.
#[server]
pub async fn make_admin(school: Uuid, full_name: String, email: String) -> Result<String, AppError> {
    use crate::domain::account::{Email, FullName};
    use crate::server::auth::accounts;
    use crate::server::{db, request};
    let asking = request::owner()?;
    let name = FullName::parse(&full_name).map_err(AppError::field("full_name"))?;
    let email = Email::parse(&email).map_err(AppError::field("email"))?;
    let id = db::schools::make_admin(&asking.state.pool, &asking.viewer, school, &name, &email).await?;
    let code = accounts::give_reset_code(&asking.state, &asking.viewer, id).await?;
    request::carry(&asking.state, &code, &format!("/admin/schools/{school}"));
    Ok(code)
}

/// Creates a one-time code with which a school's admin chooses a password.
#[server]
pub async fn give_admin_code(admin: Uuid) -> Result<String, AppError> {
    use crate::server::auth::accounts;
    use crate::server::{db, request};
    let asking = request::owner()?;
    let code = accounts::give_reset_code(&asking.state, &asking.viewer, admin).await?;
    let school = db::accounts::record(&asking.state.pool, admin).await?.person.school_id;
    request::carry(&asking.state, &code, &format!("/admin/schools/{school}"));
    Ok(code)
}

/// Switches the account of a school's admin off or on.
#[server]
pub async fn switch_admin(id: Uuid, on: bool) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::owner()?;
    let school = db::schools::switch_admin(&asking.state.pool, &asking.viewer, id, on).await?;
    request::go_to(&format!("/admin/schools/{school}"));
    Ok(())
}

/// Ends that an admin owns the installation, and redirects to the admin's school.
#[server]
pub async fn end_ownership(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::owner()?;
    let school = db::schools::end_ownership(&asking.state.pool, &asking.viewer, id).await?;
    let page = if id == asking.viewer.id() { "/admin".to_owned() } else { format!("/admin/schools/{school}") };
    request::go_to(&page);
    Ok(())
}
