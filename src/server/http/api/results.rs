//! What a paper came to: its mark list and its item analysis, for the school.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::item_analysis::PaperFigures;
use crate::domain::mark_list::{Exam, MarkColumn, MarkLine, MarkSort, Which};
use crate::error::AppError;
use crate::server::AppState;
use crate::server::attempts::paper_results;
use crate::server::http::extract::{Ids, Params, StaffViewer};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(analysis)).routes(routes!(marks))
}

/// The figures of a paper.
#[derive(Serialize, ToSchema)]
struct Analysis {
    /// How many more pupils must sit the paper before figures are told; 0 if there are enough.
    attempts_missing: usize,
    figures: Option<PaperFigures>,
}

/// What the first attempts at a whole paper say of its questions, with the names of Moodle's quiz statistics.
#[utoipa::path(get, path = "/documents/{id}/analysis", tag = "documents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Analysis), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn analysis(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Analysis>, AppError> {
    let (_, _, figures) = paper_results::analysis(&state.pool, &viewer, Exam::Paper(id)).await?;
    let attempts_missing = figures.as_ref().err().copied().unwrap_or_default();
    Ok(Json(Analysis { attempts_missing, figures: figures.ok() }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MarksQuery {
    /// The id of a class.
    class: Option<Uuid>,
    /// `name`, `total` (most first) or `class`.
    sort: Option<String>,
    /// Which attempt of each pupil counts: `first`, `best` or `last`; the first without it.
    which: Option<String>,
}

/// The marks of each pupil who sat a paper.
#[derive(Serialize, ToSchema)]
struct Marks {
    items: Vec<MarkColumn>,
    lines: Vec<MarkLine>,
}

/// The marks of all who sat a whole paper, item by item.
#[utoipa::path(get, path = "/documents/{id}/marks", tag = "documents", params(("id" = Uuid, Path), MarksQuery), responses(
    (status = 200, body = Marks), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn marks(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
    Params(query): Params<MarksQuery>,
) -> Result<Json<Marks>, AppError> {
    let sort = MarkSort::parse(query.sort.as_deref().unwrap_or_default());
    let which = Which::parse(query.which.as_deref().unwrap_or_default());
    let list = paper_results::mark_list(&state.pool, &viewer, Exam::Paper(id), query.class, sort, which).await?;
    Ok(Json(Marks { items: list.items, lines: list.lines }))
}
