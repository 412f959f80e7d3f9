//! Extractors; what cannot be parsed becomes a problem document.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::FORM_LIMIT;
use crate::error::AppError;
use crate::server::viewer::{self, Client, Viewer};

/// JSON with any content type: the deployment guide's `curl` commands send none.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let too_large = |_| AppError::TooLarge { megabytes: FORM_LIMIT >> 20 };
        let bytes = Bytes::from_request(request, state).await.map_err(too_large)?;
        // An empty body means `{}`.
        let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes[..] };
        serde_json::from_slice(bytes).map(Self).map_err(|error| AppError::Invalid {
            field: String::new(),
            reason: format!("The JSON is not valid: {error}."),
        })
    }
}

/// The query, parsed.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Query::try_from_uri(&parts.uri).map(|Query(query)| Self(query)).map_err(|error| AppError::Invalid {
            field: String::new(),
            reason: format!("The query is not valid: {}.", error.body_text()),
        })
    }
}

/// The ids in a path; `NotFound` if one is not a UUID.
pub struct Ids<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        Path::from_request_parts(parts, state).await.map(|Path(ids)| Self(ids)).map_err(|_| AppError::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        viewer::asking(&parts.extensions)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.extensions))
    }
}

/// The viewer, if they may; otherwise `Forbidden` for this reason.
fn allowed(parts: &Parts, may: fn(&Viewer) -> bool, reason: &str) -> Result<Viewer, AppError> {
    let viewer = viewer::asking(&parts.extensions)?;
    if may(&viewer) { Ok(viewer) } else { Err(AppError::Forbidden(reason.into())) }
}

/// The viewer, who must be a teacher or an admin. What they may see is their [`scope`](Viewer::scope).
pub struct StaffViewer(pub Viewer);

impl<S: Send + Sync> FromRequestParts<S> for StaffViewer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        allowed(parts, Viewer::is_staff, "Only the school may do this.").map(Self)
    }
}

/// The viewer, who must be an admin.
pub struct AdminViewer(pub Viewer);

impl<S: Send + Sync> FromRequestParts<S> for AdminViewer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        allowed(parts, Viewer::is_admin, "Only the school may do this.").map(Self)
    }
}

/// The viewer, who must be an owner of the installation: for what all schools have in common.
pub struct OwnerViewer(pub Viewer);

impl<S: Send + Sync> FromRequestParts<S> for OwnerViewer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        allowed(parts, Viewer::is_owner, "Only the owner of this installation may do this.").map(Self)
    }
}

/// The requested part of a list, at most 200 items.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    pub skip: i64,
    pub limit: i64,
}

impl Slice {
    /// By default, the first 50 items.
    pub fn of(skip: Option<i64>, limit: Option<i64>) -> Self {
        Self { skip: skip.unwrap_or(0).max(0), limit: limit.unwrap_or(50).clamp(1, 200) }
    }
}
