//! Creating accounts, for the form, the API and the command line.

use uuid::Uuid;

use crate::domain::account::{Email, FullName, Password, Person, Role};
use crate::domain::school;
use crate::error::AppError;
use crate::server::auth::rate_limits::{RESET, SIGN_IN};
use crate::server::auth::{codes, password};
use crate::server::viewer::Viewer;
use crate::server::{AppState, db};

/// A new pupil of a school that takes pupils who register; it need not be named if there is only one. `Invalid` otherwise.
pub async fn register(
    state: &AppState,
    school: Option<Uuid>,
    email: &str,
    password: &str,
    full_name: &str,
    level: Option<&str>,
) -> Result<Person, AppError> {
    let open = db::schools::open(&state.pool).await?;
    let refused = |reason: &str| AppError::field("school_id")(reason.into());
    let school = match (school, &open[..]) {
        (_, []) => return Err(refused("Your school makes the accounts. Ask a teacher for yours.")),
        (None, [(only, _)]) => *only,
        (None, _) => return Err(refused("Choose your school from the list.")),
        (Some(chosen), open) if open.iter().any(|(id, _)| *id == chosen) => chosen,
        (Some(_), _) => return Err(refused("This school makes the accounts itself. Ask a teacher for yours.")),
    };
    create_in(&state.pool, (school, false), email, password, full_name, Role::Student, level).await
}

/// A new account of any role in the first school. An admin of it is an owner of the installation.
pub async fn create(
    pool: &sqlx::PgPool,
    email: &str,
    password: &str,
    full_name: &str,
    role: Role,
    level: Option<&str>,
) -> Result<Person, AppError> {
    create_in(pool, (school::FIRST, role == Role::Admin), email, password, full_name, role, level).await
}

/// A new account of any role in a school, or of an owner who works in it.
pub async fn create_in(
    pool: &sqlx::PgPool,
    place: (Uuid, bool),
    email: &str,
    password: &str,
    full_name: &str,
    role: Role,
    level: Option<&str>,
) -> Result<Person, AppError> {
    let full_name = FullName::parse(full_name).map_err(AppError::field("full_name"))?;
    let email = Email::parse(email).map_err(AppError::field("email"))?;
    let password = Password::parse(password, email.as_str()).map_err(AppError::field("password"))?;
    let hash = password::hash(password).await?;
    db::accounts::create(pool, place, &email, &hash, &full_name, role, level).await
}

/// Changes the viewer's password and signs out every other device. Requires the current password, because the phone may
/// be borrowed.
pub async fn change_password(state: &AppState, viewer: &Viewer, present: String, new: &str) -> Result<(), AppError> {
    let name = viewer.person().sign_in_name();
    let login = db::accounts::for_login(&state.pool, name).await?;
    let check = password::matches(present, login.map(|login| login.hashed_password));
    if !SIGN_IN.run(&state.pool, &name.to_lowercase(), check).await? {
        return Err(AppError::field("present")("This is not your password. Nothing was changed.".into()));
    }
    let hash = password::hash(Password::parse(new, name).map_err(AppError::field("new"))?).await?;
    db::accounts::set_password(&state.pool, viewer.id(), &hash, Some(viewer.session_id())).await
}

/// Whether this is the unused code of the person with this name. Anything that does not look like a code costs nothing.
pub async fn is_code(state: &AppState, name: &str, code: &str) -> Result<bool, AppError> {
    if !codes::looks_like(code) {
        return Ok(false);
    }
    let name = name.trim().to_lowercase();
    SIGN_IN.run(&state.pool, &name, db::accounts::has_reset(&state.pool, &name, &codes::digest(code))).await
}

/// Creates a code for a pupil who forgot the password. It works once, within a day, and replaces an earlier one.
pub async fn give_reset_code(state: &AppState, admin: &Viewer, pupil: Uuid) -> Result<String, AppError> {
    let code = codes::generate(codes::TO_TYPE);
    db::accounts::keep_codes(&state.pool, admin, &[pupil], &[codes::digest(&code)], 1).await?;
    Ok(code)
}

/// Sets a new password with such a code or that of a card, and signs out every device. `name` is an e-mail address or a login
/// name. Returns whose it is, and gives the same answer for an unknown name and a wrong code.
pub async fn use_reset_code(state: &AppState, name: &str, code: &str, new: &str) -> Result<Uuid, AppError> {
    let name = name.trim().to_lowercase();
    let password = Password::parse(new, &name).map_err(AppError::field("new"))?;
    let hash = RESET.run(&state.pool, &name, password::hash(password)).await?;
    let Some(id) = db::accounts::take_reset(&state.pool, &name, &codes::digest(code)).await? else {
        let reason = "This code is not for this name, or it is too old. Ask your school for a new one.";
        return Err(AppError::field("code")(reason.into()));
    };
    db::accounts::set_password(&state.pool, id, &hash, None).await?;
    Ok(id)
}
