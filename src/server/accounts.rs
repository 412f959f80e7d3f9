//! Making accounts: what the form, the API and the command line share.

use super::{AppState, db, password};
use crate::domain::account::{Email, FullName, Password, Person, Role};
use crate::error::AppError;

/// A new pupil.
pub async fn register(
    state: &AppState,
    email: &str,
    password: &str,
    full_name: &str,
    level: Option<&str>,
) -> Result<Person, AppError> {
    create(&state.pool, email, password, full_name, Role::Student, level).await
}

/// A new account of any role.
pub async fn create(
    pool: &sqlx::PgPool,
    email: &str,
    password: &str,
    full_name: &str,
    role: Role,
    level: Option<&str>,
) -> Result<Person, AppError> {
    let full_name = FullName::parse(full_name).map_err(AppError::field("full_name"))?;
    let email = Email::parse(email).map_err(AppError::field("email"))?;
    let password = Password::parse(password, &email).map_err(AppError::field("password"))?;
    let hash = password::hash(password).await?;
    db::accounts::create(pool, &email, &hash, &full_name, role, level).await
}
