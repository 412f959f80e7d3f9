//! Accounts and their tokens.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::account::FullName;
use crate::error::AppError;
use crate::server::auth::{accounts, sessions};
use crate::server::db::accounts::Record;
use crate::server::http::extract::{Body, Ids};
use crate::server::viewer::{Client, Viewer};
use crate::server::{AppState, db};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(me, change))
        .routes(routes!(tokens))
        .routes(routes!(revoke))
}

/// A user.
#[derive(Serialize, ToSchema)]
pub struct User {
    id: Uuid,
    /// `null` only for accounts that sign in with a login name.
    email: Option<String>,
    login_name: Option<String>,
    full_name: String,
    /// `student`, `teacher` or `admin`.
    role: String,
    /// `P6`, `S3`, `S6` or `TTC`; `null` for teachers and admins, and until it is chosen.
    education_level: Option<String>,
    school_id: Uuid,
    is_active: bool,
    created_at: DateTime<Utc>,
}

impl From<Record> for User {
    fn from(Record { person, is_active, created_at }: Record) -> Self {
        Self {
            id: person.id,
            email: person.email,
            login_name: person.login_name,
            full_name: person.full_name,
            role: person.role.as_str().to_owned(),
            education_level: person.education_level,
            school_id: person.school_id,
            is_active,
            created_at,
        }
    }
}

/// A token for `Authorization: Bearer`.
#[derive(Serialize, ToSchema)]
struct Granted {
    access_token: String,
    /// `bearer`.
    token_type: &'static str,
    user: User,
}

#[derive(Deserialize, ToSchema)]
struct Registration {
    email: String,
    /// At least 6 characters, and not easy to guess.
    password: String,
    full_name: String,
    education_level: Option<String>,
    /// Needed if pupils may register in more than one school: see `/schools`.
    school_id: Option<Uuid>,
    /// Ignored: every account created here is a pupil's.
    #[expect(dead_code, reason = "part of the contract")]
    account_type: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct Credentials {
    /// An e-mail address or a login name.
    email: String,
    password: String,
}

async fn granted(state: &AppState, id: Uuid, token: String) -> Result<Granted, AppError> {
    let user = db::accounts::record(&state.pool, id).await?.into();
    Ok(Granted { access_token: token, token_type: "bearer", user })
}

/// Creates a pupil's account. Sent again with the same `Idempotency-Key` and password, it gets another token.
#[utoipa::path(post, path = "/users/register", tag = "users", security(()), request_body = Registration, responses(
    (status = 201, body = Granted), (status = 409, body = super::Problem), (status = 422, body = super::Problem)))]
async fn register(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    Body(new): Body<Registration>,
) -> Result<(StatusCode, Json<Granted>), AppError> {
    let made = accounts::register(
        &state,
        new.school_id,
        &new.email,
        &new.password,
        &new.full_name,
        new.education_level.as_deref(),
    )
    .await;
    let (id, token) = match made {
        Ok(person) => (person.id, sessions::open(&state, person.id, &client.device).await?),
        // Tokens are not stored, so whoever knows the password gets another one.
        Err(AppError::Conflict(taken)) if headers.contains_key("idempotency-key") => {
            match sessions::sign_in(&state, &new.email, new.password, &client).await {
                Ok((person, token)) => (person.id, token),
                Err(_) => return Err(AppError::Conflict(taken)),
            }
        }
        Err(other) => return Err(other),
    };
    Ok((StatusCode::CREATED, Json(granted(&state, id, token).await?)))
}

/// Signs in.
#[utoipa::path(post, path = "/users/login", tag = "users", security(()), request_body = Credentials, responses(
    (status = 200, body = Granted), (status = 401, body = super::Problem), (status = 403, body = super::Problem),
    (status = 429, body = super::Problem)))]
async fn login(
    State(state): State<AppState>,
    client: Client,
    Body(given): Body<Credentials>,
) -> Result<Json<Granted>, AppError> {
    let signed_in = sessions::sign_in(&state, &given.email, given.password, &client).await;
    let (person, token) = match signed_in {
        Err(AppError::Invalid { .. }) => return Err(AppError::WrongPassword),
        other => other?,
    };
    Ok(Json(granted(&state, person.id, token).await?))
}

/// The user of this token.
#[utoipa::path(get, path = "/users/me", tag = "users", responses((status = 200, body = User), (status = 401, body = super::Problem)))]
async fn me(State(state): State<AppState>, viewer: Viewer) -> Result<Json<User>, AppError> {
    Ok(Json(db::accounts::record(&state.pool, viewer.id()).await?.into()))
}

#[derive(Deserialize, ToSchema)]
struct Change {
    full_name: Option<String>,
    education_level: Option<String>,
}

/// Changes your name, and sets your level if there is none yet. Later only the school can change it.
#[utoipa::path(patch, path = "/users/me", tag = "users", request_body = Change, responses(
    (status = 200, body = User), (status = 403, body = super::Problem), (status = 422, body = super::Problem)))]
async fn change(
    State(state): State<AppState>,
    viewer: Viewer,
    Body(change): Body<Change>,
) -> Result<Json<User>, AppError> {
    let person = viewer.person();
    if let (Some(now), Some(wanted)) = (&person.education_level, &change.education_level)
        && now != wanted
    {
        return Err(AppError::Forbidden(format!("You are preparing for {now}. Ask your school to change that.")));
    }
    let name = FullName::parse(change.full_name.as_deref().unwrap_or(&person.full_name));
    let name = name.map_err(AppError::field("full_name"))?;
    db::accounts::change_profile(&state.pool, &viewer, &name, change.education_level.as_deref()).await?;
    me(State(state), viewer).await
}

/// A device that is signed in.
#[derive(Serialize, ToSchema)]
struct Token {
    id: Uuid,
    device: String,
    last_seen_at: DateTime<Utc>,
    /// Whether it is the token of this request.
    current: bool,
}

/// Your tokens, the most recently used first.
#[utoipa::path(get, path = "/users/me/tokens", tag = "users", responses((status = 200, body = Vec<Token>)))]
async fn tokens(State(state): State<AppState>, viewer: Viewer) -> Result<Json<Vec<Token>>, AppError> {
    let devices = db::accounts::devices(&state.pool, &viewer).await?;
    let token = |device: db::accounts::Device| Token {
        id: device.id,
        device: device.device,
        last_seen_at: device.last_seen_at,
        current: device.id == viewer.session_id(),
    };
    Ok(Json(devices.into_iter().map(token).collect()))
}

/// Revokes one of your tokens.
#[utoipa::path(delete, path = "/users/me/tokens/{id}", tag = "users", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = super::Problem)))]
async fn revoke(State(state): State<AppState>, viewer: Viewer, Ids(id): Ids<Uuid>) -> Result<StatusCode, AppError> {
    db::accounts::close_session(&state.pool, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
