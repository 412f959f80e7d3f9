//! Lists of classes that are sent, and cards that are made: forms that work without JavaScript.

use axum::Router;
use axum::body::Body;
use axum::extract::{Form, FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use serde::Deserialize;
use uuid::Uuid;

use super::extract::{AdminViewer, Ids};
use super::files::attachment;
use super::page_context;
use super::uploads::Parts as FormParts;
use crate::app::shell;
use crate::domain::class::{Card, YEARS};
use crate::domain::class_list::ListProblem;
use crate::domain::upload::Refusal;
use crate::error::AppError;
use crate::flash::MadeCards;
use crate::server::AppState;
use crate::server::classes::cards::{self, Whose};
use crate::server::classes::sheet;
use crate::server::db::class_lists::{self, ClassList};
use crate::server::db::classes::account;
use crate::server::db::unexpected;
use crate::server::people;
use crate::server::viewer::{self, Viewer};

/// `POST` of a list, and of the cards of a class and of a pupil; everything about a pupil as a file.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/admin/classes/import", post(upload))
        .route("/admin/classes/{id}/cards", post(class_cards))
        .route("/admin/students/{id}/card", post(pupil_card))
        .route("/admin/students/{id}/everything.zip", get(everything))
}

/// Everything about a pupil. A new file each time, and an act that is recorded.
async fn everything(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Response, AppError> {
    let name = account(&state.pool, &viewer, id).await?.full_name;
    let bytes = people::export(&state.pool, &viewer, id).await?;
    Ok(attachment(&format!("{name}.zip"), "application/zip", bytes))
}

/// Stores a list and shows what importing it would change.
async fn upload(
    State(state): State<AppState>,
    who: Result<AdminViewer, AppError>,
    multipart: Multipart,
) -> Result<Redirect, AppError> {
    let viewer = match who {
        Err(AppError::SignInRequired) => return Ok(Redirect::to("/login?next=/admin/classes/import")),
        who => who?.0,
    };
    let parts = FormParts::read(multipart).await.map_err(|refusal| match refusal {
        Refusal::FormTooLarge => ListProblem::TooLarge,
        _ => ListProblem::CutOff,
    });
    match parts {
        Ok(parts) => match store(&state, &viewer, parts).await? {
            Ok(id) => Ok(Redirect::to(&format!("/admin/classes/import/{id}"))),
            Err(problem) => Ok(refused(problem)),
        },
        Err(problem) => Ok(refused(problem)),
    }
}

fn refused(problem: ListProblem) -> Redirect {
    Redirect::to(&format!("/admin/classes/import?problem={}", problem.code()))
}

async fn store(state: &AppState, viewer: &Viewer, mut parts: FormParts) -> Result<Result<Uuid, ListProblem>, AppError> {
    let year = parts.text("year").parse().ok().filter(|year| YEARS.contains(year));
    let Some(year) = year else { return Ok(Err(ListProblem::Year)) };
    let class: String = parts.text("class").chars().take(50).collect();
    let text = parts.text("list").into_bytes();
    let bytes = parts.files("file").pop().map_or(text, |file| file.bytes);
    let cells = tokio::task::spawn_blocking(move || sheet::cells(&bytes)).await.map_err(unexpected)?;
    let cells = match cells {
        Ok(cells) if cells.iter().flatten().all(String::is_empty) => return Ok(Err(ListProblem::Empty)),
        Ok(cells) => cells,
        Err(problem) => return Ok(Err(problem)),
    };
    Ok(Ok(class_lists::store(&state.pool, viewer, &ClassList { cells, class, year }).await?))
}

#[derive(Deserialize)]
struct CardsForm {
    /// Only for pupils without a password.
    #[serde(default)]
    only_new: bool,
}

async fn class_cards(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
    request: Request,
) -> Result<Response, AppError> {
    let (parts, body) = request.into_parts();
    let form = Form::<CardsForm>::from_request(Request::from_parts(parts.clone(), body), &state).await;
    let Ok(Form(CardsForm { only_new })) = form else {
        return Err(AppError::field("only_new")("Say for whom the cards are.".into()));
    };
    make(&state, &viewer, Whose::Class { id, only_new }, parts).await
}

async fn pupil_card(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Ids(id): Ids<Uuid>,
    request: Request,
) -> Result<Response, AppError> {
    make(&state, &viewer, Whose::Pupil(id), request.into_parts().0).await
}

/// Makes cards and shows them on the page that has the form. They are shown only in this response.
async fn make(state: &AppState, viewer: &Viewer, whose: Whose, parts: Parts) -> Result<Response, AppError> {
    let cards = cards::make(&state.pool, viewer, whose, &viewer::origin(&parts.headers)).await?;
    Ok(page(state, cards, parts).await)
}

async fn page(state: &AppState, cards: Vec<Card>, parts: Parts) -> Response {
    let (state, assets) = (state.clone(), state.assets.clone());
    let context = move || {
        page_context(&state);
        provide_context(MadeCards(cards.clone()));
    };
    let render = leptos_axum::render_app_async_with_context(context, move || shell(&assets));
    render(Request::from_parts(parts, Body::empty())).await.into_response()
}
