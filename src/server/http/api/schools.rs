//! Schools, for whoever registers.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::AppError;
use crate::server::{AppState, db};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A school in which pupils may make accounts themselves.
#[derive(Serialize, ToSchema)]
struct OpenSchool {
    id: Uuid,
    name: String,
}

/// The schools in which pupils may make accounts themselves, by name.
#[utoipa::path(get, path = "/schools", tag = "users", security(()), responses((status = 200, body = Vec<OpenSchool>)))]
async fn list(State(state): State<AppState>) -> Result<Json<Vec<OpenSchool>>, AppError> {
    let schools = db::schools::open(&state.pool).await?.into_iter();
    Ok(Json(schools.map(|(id, name)| OpenSchool { id, name }).collect()))
}
