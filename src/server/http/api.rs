//! The REST API: accounts and health.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::domain::account::Person;
use crate::error::AppError;
use crate::server::session::{self, Viewer};
use crate::server::{AppState, accounts, db};

/// Everything under `/api`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/health", get(health))
        .route("/users/register", post(register))
        .route("/users/login", post(login))
        .route("/users/me", get(me))
        .fallback(|| async { AppError::NotFound })
}

#[derive(Deserialize)]
struct Registration {
    email: String,
    password: String,
    full_name: String,
    education_level: Option<String>,
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

/// JSON whatever the content type says: the guide's `curl` lines send none.
fn json_of<T: DeserializeOwned>(body: &Bytes) -> Result<T, AppError> {
    serde_json::from_slice(body).map_err(|error| AppError::Invalid {
        field: String::new(),
        reason: format!("The JSON cannot be used: {error}."),
    })
}

async fn register(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), AppError> {
    let new: Registration = json_of(&body)?;
    let level = new.education_level.as_deref();
    let person = accounts::register(&state, &new.email, &new.password, &new.full_name, level).await?;
    let token = session::open(&state, person.id, &session::device(&headers)).await?;
    Ok((StatusCode::CREATED, Json(granted(&token, &person))))
}

async fn login(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Result<Json<Value>, AppError> {
    let given: Credentials = json_of(&body)?;
    let (person, token) = match session::sign_in(&state, &given.email, given.password, &session::device(&headers)).await
    {
        Err(AppError::Invalid { .. }) => return Err(AppError::SignInRequired),
        other => other?,
    };
    Ok(Json(granted(&token, &person)))
}

fn granted(token: &str, person: &Person) -> Value {
    json!({ "access_token": token, "token_type": "bearer", "user": person })
}

async fn me(viewer: Option<Extension<Viewer>>) -> Result<Json<Person>, AppError> {
    let Extension(viewer) = viewer.ok_or(AppError::SignInRequired)?;
    Ok(Json(viewer.person().clone()))
}

/// 503 when the database is away or behind the program.
async fn health(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let (status, database, schema) = match db::migrations::status(&state.pool).await {
        Ok(migrations) if migrations.iter().all(|migration| migration.applied) => ("ok", "ok", "ok"),
        Ok(_) => ("unavailable", "ok", "behind"),
        Err(_) => ("unavailable", "unavailable", "unknown"),
    };
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body =
        json!({ "status": status, "version": env!("CARGO_PKG_VERSION"), "database": database, "schema": schema });
    (code, Json(body))
}
