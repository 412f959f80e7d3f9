//! The program itself, for who runs it. Owners of the installation only.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::health::Finding;
use crate::error::AppError;

/// The state of the program, its machine and its database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    pub version: String,
    /// The same as `exam-prep doctor` says.
    pub findings: Vec<Finding>,
}

/// The state of the program.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_system() -> Result<System, AppError> {
    use crate::server::cli::doctor;
    let asking = crate::server::request::owner()?;
    Ok(System { version: env!("CARGO_PKG_VERSION").into(), findings: doctor::running(&asking.state).await })
}
