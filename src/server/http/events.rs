//! Server-sent events for an open exam page: the time, a pause, another device, the end; and for the page of exams in progress.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use uuid::Uuid;

use crate::domain::attempt::{self, GONE, Messages};
use crate::domain::invigilation::Told;
use crate::error::AppError;
use crate::server::attempts::notifications::Change;
use crate::server::db::{accounts, invigilation, journal};
use crate::server::http::extract::{Ids, Params, StaffViewer};
use crate::server::viewer::Viewer;
use crate::server::{AppState, attempts};

/// `/attempts/{id}/events`, `/admin/exams/events`.
pub fn router() -> Router<AppState> {
    Router::new().route("/attempts/{id}/events", get(events)).route("/admin/exams/events", get(exam_day))
}

/// What a page of exams in progress is filtered by; empty values do not filter.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    document: String,
    class: String,
}

/// A page of exams in progress that listens.
struct DayWatch {
    pool: PgPool,
    viewer: Viewer,
    document: Option<Uuid>,
    class: Option<Uuid>,
    changes: broadcast::Receiver<Change>,
    told: Option<Told>,
}

/// How often the figures of exams in progress are read at most, and how often if nothing is heard of them.
const NEWS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

async fn exam_day(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Params(asked): Params<Asked>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, AppError> {
    let (document, class) = (asked.document.parse().ok(), asked.class.parse().ok());
    viewer.scope(class)?;
    let watch = DayWatch { changes: state.live.watch(), pool: state.pool, viewer, document, class, told: None };
    Ok(Sse::new(stream::unfold(watch, next_of_day)))
}

/// The news of all exams together, so that what is read does not depend on how many there are and how many change.
async fn next_of_day(mut watch: DayWatch) -> Option<(Result<Event, Infallible>, DayWatch)> {
    let [often, rarely] = NEWS;
    let mut told = match watch.told.take() {
        Some(told) => {
            let since = Instant::now();
            let heard = tokio::time::timeout(rarely, watch.changes.recv()).await;
            if matches!(heard, Ok(Ok(Change::Stopping) | Err(RecvError::Closed))) {
                return None;
            }
            tokio::time::sleep(often.saturating_sub(since.elapsed())).await;
            if is_stopping(&mut watch.changes) {
                return None;
            }
            told
        }
        None => Told::default(),
    };
    // The browser reconnects by itself, and is refused if the viewer may not see this any more: signed out, switched off, or no
    // longer the teacher of the class.
    watch.viewer = accounts::again(&watch.pool, &watch.viewer).await.ok()??;
    let scope = watch.viewer.scope(watch.class).ok()?;
    let day = invigilation::exam_day(&watch.pool, &scope, watch.document, attempts::now()).await.ok()?;
    let event = Event::default().data(told.news(&day));
    watch.told = Some(told);
    Some((Ok(event), watch))
}

/// Takes all changes that are waiting, and tells whether the server is stopping.
fn is_stopping(changes: &mut broadcast::Receiver<Change>) -> bool {
    loop {
        match changes.try_recv() {
            Ok(Change::Stopping) | Err(TryRecvError::Closed) => return true,
            Err(TryRecvError::Empty) => return false,
            // A slow page that has missed some changes hears of all.
            Ok(_) | Err(TryRecvError::Lagged(_)) => {}
        }
    }
}

/// A page that listens. When it disconnects, the attempt's timeline records it.
struct Watch {
    state: AppState,
    viewer: Viewer,
    attempt: Uuid,
    changes: broadcast::Receiver<Change>,
    first: bool,
    ended: bool,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let (pool, attempt) = (self.state.pool.clone(), self.attempt);
        tokio::spawn(async move {
            if let Err(error) = journal::record_event(&pool, attempt, "disconnected", "", None).await {
                tracing::warn!(%error, "a disconnection was not recorded");
            }
        });
    }
}

async fn events(
    State(state): State<AppState>,
    viewer: Viewer,
    Ids(attempt): Ids<Uuid>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, AppError> {
    // Subscribed before the state is read, so that no change is missed.
    let changes = state.live.watch();
    attempts::state(&state.pool, &viewer, attempt).await?;
    journal::record_event(&state.pool, attempt, "connected", "", None).await?;
    let watch = Watch { state, viewer, attempt, changes, first: true, ended: false };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(stream::unfold(watch, next)).keep_alive(keep_alive))
}

/// What an open exam page is told.
#[derive(Serialize)]
struct News {
    #[serde(flatten)]
    state: attempt::State,
    #[serde(flatten)]
    messages: Messages,
}

/// The state and the messages whenever they may have changed, until the attempt is over; `gone` once the viewer may no longer see it.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if watch.ended {
        return None;
    }
    while !watch.first {
        match watch.changes.recv().await {
            Ok(Change::Attempt(id)) if id != watch.attempt => {}
            Ok(Change::Stopping) | Err(RecvError::Closed) => return None,
            _ => break,
        }
    }
    watch.first = false;
    let pool = &watch.state.pool;
    let event = match attempts::state(pool, &watch.viewer, watch.attempt).await {
        Ok(state) => {
            watch.ended = state.closed;
            let messages = invigilation::messages(pool, watch.attempt).await.ok()?;
            Event::default().json_data(&News { state, messages: Messages { messages } }).ok()?
        }
        // Its paper is no longer shared.
        Err(AppError::NotFound) => {
            watch.ended = true;
            Event::default().event(GONE).data(GONE)
        }
        // The browser reconnects by itself.
        Err(_) => return None,
    };
    Some((Ok(event), watch))
}
