//! Server-sent events for an open exam page: the time, a pause, another device, the end.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::domain::attempt::GONE;
use crate::error::AppError;
use crate::server::attempts::notifications::Change;
use crate::server::db::journal;
use crate::server::http::extract::Ids;
use crate::server::viewer::Viewer;
use crate::server::{AppState, attempts};

/// `/attempts/{id}/events`.
pub fn router() -> Router<AppState> {
    Router::new().route("/attempts/{id}/events", get(events))
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

/// The state whenever it may have changed, until the attempt is over; `gone` once the viewer may no longer see it.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if watch.ended {
        return None;
    }
    while !watch.first {
        match watch.changes.recv().await {
            Ok(Change::Attempt(id)) if id != watch.attempt => {}
            Ok(Change::Stopping) | Err(broadcast::error::RecvError::Closed) => return None,
            _ => break,
        }
    }
    watch.first = false;
    let event = match attempts::state(&watch.state.pool, &watch.viewer, watch.attempt).await {
        Ok(state) => {
            watch.ended = state.closed;
            Event::default().json_data(&state).ok()?
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
