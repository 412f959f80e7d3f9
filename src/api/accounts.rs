//! Signing in and out, and the user's own account.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::account::Person;
use crate::domain::attempt::InProgress;
use crate::error::AppError;

/// A device on which the user is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceLine {
    pub id: Uuid,
    pub name: String,
    pub last_seen_at: DateTime<Utc>,
    pub this_one: bool,
}

/// What the account page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub person: Person,
    pub levels: Vec<(String, String)>,
    pub devices: Vec<DeviceLine>,
}

/// The signed-in user of this device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurrentUser {
    pub person: Person,
    /// The exam or quiz to continue.
    pub in_progress: Option<InProgress>,
}

/// The signed-in user of this device, if any.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn me() -> Result<Option<CurrentUser>, AppError> {
    match crate::server::request::signed_in() {
        Ok(asking) => {
            let in_progress = crate::server::db::attempts::in_progress(&asking.state.pool, &asking.viewer).await?;
            Ok(Some(CurrentUser { person: asking.viewer.person().clone(), in_progress }))
        }
        Err(AppError::SignInRequired) => Ok(None),
        Err(error) => Err(error),
    }
}

/// All levels: code and name.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn levels() -> Result<Vec<(String, String)>, AppError> {
    let asking = crate::server::request::anyone();
    let levels = crate::server::db::accounts::levels(&asking.state.pool).await?;
    Ok(levels.into_iter().map(|level| (level.code, level.name)).collect())
}

/// Creates a pupil's account and signs in. Admins are not created here.
#[server]
pub async fn register(
    full_name: String,
    email: String,
    password: String,
    #[server(default)] education_level: String,
    #[server(default)] school_id: String,
) -> Result<(), AppError> {
    use crate::server::auth::{accounts, sessions};
    use crate::server::request;
    use exam_model::format::given;
    let asking = request::anyone();
    if education_level.is_empty() {
        return Err(AppError::field("education_level")("Choose the exam you are preparing for.".into()));
    }
    let unknown = |_| AppError::field("school_id")("Choose your school from the list.".into());
    let school = given(&school_id).map(str::parse).transpose().map_err(unknown)?;
    let level = Some(education_level.as_str());
    let person = accounts::register(&asking.state, school, &email, &password, &full_name, level).await?;
    let token = sessions::open(&asking.state, person.id, &request::device()).await?;
    request::set_cookie(sessions::cookie(&asking.state, token));
    request::go_to("/");
    Ok(())
}

/// Signs in on this device and redirects to `next`, or else to the start page of the user's role. `email` may be a login name.
/// In place of the password may stand the one-time code of a card, with `new` as the password from then on.
#[server]
pub async fn login(
    email: String,
    password: String,
    #[server(default)] new: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::server::auth::{accounts, sessions};
    use crate::server::{db, request};
    let asking = request::anyone();
    let is_code = accounts::is_code(&asking.state, &email, &password).await?;
    if is_code && new.is_empty() {
        let reason = "The code is right. Now choose a password of your own: with it you sign in from now on.";
        return Err(AppError::field("new")(reason.into()));
    }
    let client = request::client();
    let (token, person) = if is_code {
        let pupil = accounts::use_reset_code(&asking.state, &email, &password, &new).await?;
        let person = db::accounts::record(&asking.state.pool, pupil).await?.person;
        (sessions::open(&asking.state, pupil, &client.device).await?, person)
    } else {
        let (person, token) = sessions::sign_in(&asking.state, &email, password, &client).await?;
        (token, person)
    };
    let home = if person.is_staff() { "/admin" } else { "/" };
    request::set_cookie(sessions::cookie(&asking.state, token));
    request::go_to(request::local_path(&next).unwrap_or(home));
    Ok(())
}

/// Signs in without a redirect, for an exam whose session has expired.
#[server(input = leptos::server_fn::codec::Json)]
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

/// The signed-in user's account.
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

/// Changes the user's name, and sets the level if there is none yet.
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

/// Signs out one of the user's devices.
#[server]
pub async fn sign_out_device(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::accounts::close_session(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to("/account");
    Ok(())
}

/// Signs out all of the user's other devices.
#[server]
pub async fn sign_out_others() -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::signed_in()?;
    db::accounts::close_other_sessions(&asking.state.pool, &asking.viewer).await?;
    request::go_to("/account");
    Ok(())
}

/// Changes the password and signs out the user's other devices.
#[server]
pub async fn change_password(present: String, new: String) -> Result<(), AppError> {
    use crate::server::auth::accounts;
    use crate::server::request;
    let asking = request::signed_in()?;
    accounts::change_password(&asking.state, &asking.viewer, present, &new).await?;
    request::go_to("/account?password=changed");
    Ok(())
}

/// Creates a one-time code for a pupil who forgot the password. Admins only.
#[server]
pub async fn give_reset_code(pupil: Uuid) -> Result<String, AppError> {
    use crate::server::auth::accounts;
    use crate::server::request;
    let asking = request::admin()?;
    let code = accounts::give_reset_code(&asking.state, &asking.viewer, pupil).await?;
    request::carry(&asking.state, &code, &format!("/admin/students/{pupil}"));
    Ok(code)
}

/// Sets a new password with a one-time code from the school.
#[server]
pub async fn use_reset_code(email: String, code: String, new: String) -> Result<(), AppError> {
    use crate::server::auth::accounts;
    use crate::server::request;
    let asking = request::anyone();
    accounts::use_reset_code(&asking.state, &email, &code, &new).await?;
    request::go_to("/login");
    Ok(())
}
