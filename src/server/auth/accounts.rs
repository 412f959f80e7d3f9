//! Creating accounts, for the form, the API and the command line.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::account::{Email, FullName, Password, Person, Role};
use crate::error::AppError;
use crate::server::auth::rate_limits::{RESET, SIGN_IN};
use crate::server::auth::{codes, password};
use crate::server::viewer::Viewer;
use crate::server::{AppState, db};

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

/// Changes the viewer's password and signs out every other device. Requires the current password, because the phone may
/// be borrowed.
pub async fn change_password(state: &AppState, viewer: &Viewer, present: String, new: &str) -> Result<(), AppError> {
    let email = &viewer.person().email;
    let login = db::accounts::for_login(&state.pool, email).await?;
    let check = password::matches(present, login.map(|login| login.hashed_password));
    if !SIGN_IN.run(&state.pool, &email.to_lowercase(), check).await? {
        return Err(AppError::field("present")("This is not your password. Nothing was changed.".into()));
    }
    let email = Email::parse(email).map_err(AppError::field("email"))?;
    let hash = password::hash(Password::parse(new, &email).map_err(AppError::field("new"))?).await?;
    db::accounts::set_password(&state.pool, viewer.id(), &hash, Some(viewer.session_id())).await
}

/// Creates a code for a pupil who forgot the password. It works once, within a day, and replaces an earlier one.
pub async fn give_reset_code(state: &AppState, admin: &Viewer, pupil: Uuid) -> Result<String, AppError> {
    let code = codes::generate(10);
    db::accounts::keep_reset(&state.pool, admin, pupil, &digest(&code)).await?;
    Ok(code)
}

/// Sets a new password with such a code, and signs out every device. Gives the same answer for an unknown address and a
/// wrong code.
pub async fn use_reset_code(state: &AppState, email: &str, code: &str, new: &str) -> Result<(), AppError> {
    let email = Email::parse(email).map_err(AppError::field("email"))?;
    let password = Password::parse(new, &email).map_err(AppError::field("new"))?;
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let hash = RESET.run(&state.pool, &email.as_str().to_lowercase(), password::hash(password)).await?;
    let Some(id) = db::accounts::take_reset(&state.pool, &email, &digest(&code.to_uppercase())).await? else {
        let reason = "This code is not for this address, or it is too old. Ask your school for a new one.";
        return Err(AppError::field("code")(reason.into()));
    };
    db::accounts::set_password(&state.pool, id, &hash, None).await
}

fn digest(code: &str) -> Vec<u8> {
    Sha256::digest(code).to_vec()
}
