//! In and out, and one's own account.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::account::Person;
use crate::error::AppError;

/// A device that somebody is signed in on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceLine {
    pub id: Uuid,
    pub name: String,
    pub last_seen_at: DateTime<Utc>,
    pub this_one: bool,
}

/// The account page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub person: Person,
    pub levels: Vec<(String, String)>,
    pub devices: Vec<DeviceLine>,
}

/// Who is signed in on this device.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn me() -> Result<Option<Person>, AppError> {
    match crate::server::request::signed_in() {
        Ok(asking) => Ok(Some(asking.viewer.person().clone())),
        Err(AppError::SignInRequired) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The levels, code and name.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn levels() -> Result<Vec<(String, String)>, AppError> {
    let asking = crate::server::request::anyone();
    let levels = crate::server::db::accounts::levels(&asking.state.pool).await?;
    Ok(levels.into_iter().map(|level| (level.code, level.name)).collect())
}

/// Makes a pupil's account and signs it in. Nobody becomes an admin here.
#[server]
pub async fn register(
    full_name: String,
    email: String,
    password: String,
    #[server(default)] education_level: String,
) -> Result<(), AppError> {
    use crate::server::auth::{accounts, sessions};
    use crate::server::request;
    let asking = request::anyone();
    if education_level.is_empty() {
        return Err(AppError::field("education_level")("Choose the exam you prepare for.".into()));
    }
    let level = Some(education_level.as_str());
    let person = accounts::register(&asking.state, &email, &password, &full_name, level).await?;
    let token = sessions::open(&asking.state, person.id, &request::device()).await?;
    request::set_cookie(sessions::cookie(&asking.state, token));
    request::go_to("/documents");
    Ok(())
}

/// Signs this device in and goes where the person was going.
#[server]
pub async fn login(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::server::auth::sessions;
    use crate::server::request;
    let asking = request::anyone();
    let (person, token) = sessions::sign_in(&asking.state, &email, password, &request::client()).await?;
    request::set_cookie(sessions::cookie(&asking.state, token));
    let home = if person.is_admin() { "/admin" } else { "/documents" };
    request::go_to(request::local_path(&next).unwrap_or(home));
    Ok(())
}

/// Signs this device in and stays where it is: for an exam whose session has ended.
#[server]
pub async fn sign_in_again(email: String, password: String) -> Result<(), AppError> {
    use crate::server::auth::sessions;
    use crate::server::request;
    let asking = request::anyone();
    let (_, token) = sessions::sign_in(&asking.state, &email, password, &request::client()).await?;
    request::set_cookie(sessions::cookie(&asking.state, token));
    Ok(())
}

/// Signs this device out.
#[server]
pub async fn logout() -> Result<(), AppError> {
    use crate::server::auth::sessions;
    use crate::server::{db, request};
    let asking = request::anyone();
    if let Some(viewer) = asking.viewer {
        db::accounts::close_session(&asking.state.pool, &viewer, viewer.session_id()).await?;
    }
    request::set_cookie(sessions::clear_cookie(&asking.state));
    request::go_to("/");
    Ok(())
}

/// One's own account.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_account() -> Result<Account, AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let devices = db::accounts::devices(&asking.state.pool, &asking.viewer).await?;
    let this = asking.viewer.session_id();
    let line = |d: db::accounts::Device| DeviceLine {
        id: d.id,
        name: d.device,
        last_seen_at: d.last_seen_at,
        this_one: d.id == this,
    };
    Ok(Account {
        person: asking.viewer.person().clone(),
        levels: levels().await?,
        devices: devices.into_iter().map(line).collect(),
    })
}

/// Changes one's name, and one's level while there is none.
#[server]
pub async fn change_profile(full_name: String, #[server(default)] education_level: String) -> Result<(), AppError> {
    use crate::domain::account::FullName;
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    let name = FullName::parse(&full_name).map_err(AppError::field("full_name"))?;
    let level = Some(education_level.as_str()).filter(|level| !level.is_empty());
    db::accounts::change_profile(&asking.state.pool, &asking.viewer, &name, level).await?;
    request::go_to("/account");
    Ok(())
}

/// Signs one of one's devices out.
#[server]
pub async fn sign_out_device(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::accounts::close_session(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to("/account");
    Ok(())
}

/// Signs all of one's other devices out.
#[server]
pub async fn sign_out_others() -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::accounts::close_other_sessions(&asking.state.pool, &asking.viewer).await?;
    request::go_to("/account");
    Ok(())
}

/// Changes one's password, and signs one's other devices out.
#[server]
pub async fn change_password(present: String, new: String) -> Result<(), AppError> {
    use crate::server::auth::accounts;
    use crate::server::request;
    let asking = request::signed_in()?;
    accounts::change_password(&asking.state, &asking.viewer, present, &new).await?;
    request::go_to("/account?password=changed");
    Ok(())
}

/// A one-time code for a pupil who forgot the password, to be handed over.
#[server]
pub async fn give_reset_code(pupil: Uuid) -> Result<String, AppError> {
    use crate::server::auth::accounts;
    use crate::server::request;
    let asking = request::admin()?;
    let code = accounts::give_reset_code(&asking.state, &asking.viewer, pupil).await?;
    request::carry(&asking.state, &code, &format!("/admin/students/{pupil}"));
    Ok(code)
}

/// Sets a new password by a one-time code of the school.
#[server]
pub async fn use_reset_code(email: String, code: String, new: String) -> Result<(), AppError> {
    use crate::server::auth::accounts;
    use crate::server::request;
    let asking = request::anyone();
    accounts::use_reset_code(&asking.state, &email, &code, &new).await?;
    request::go_to("/login");
    Ok(())
}
