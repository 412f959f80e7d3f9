//! The signed-in person of a request, and the device that it comes from.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};
use uuid::Uuid;

use crate::domain::account::Person;
use crate::error::AppError;

/// The person who asks. Only a session makes one, so a function that takes it cannot be called with an invented id.
#[derive(Debug, Clone)]
pub struct Viewer {
    person: Person,
    session_id: Uuid,
}

impl Viewer {
    /// For `db::accounts`, from a session's row.
    pub(in crate::server) fn new(person: Person, session_id: Uuid) -> Self {
        Self { person, session_id }
    }

    pub fn id(&self) -> Uuid {
        self.person.id
    }

    pub fn person(&self) -> &Person {
        &self.person
    }

    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    pub fn is_admin(&self) -> bool {
        self.person.is_admin()
    }
}

/// Who asks, by what [`identify`](super::sessions::identify) has found: `SignInRequired` for nobody.
pub fn asking(extensions: &Extensions) -> Result<Viewer, AppError> {
    match extensions.get::<Viewer>() {
        Some(viewer) => Ok(viewer.clone()),
        None => Err(extensions.get::<AppError>().cloned().unwrap_or(AppError::SignInRequired)),
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// In words.
    pub device: String,
    /// The network address; empty where it is not known.
    pub address: String,
}

impl Client {
    /// A proxy on the same machine says whom it speaks for.
    pub fn of(headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()?.rsplit(',').next());
        let address = match (peer, forwarded) {
            (Some(peer), Some(behind)) if peer.is_loopback() => behind.trim().to_owned(),
            (Some(peer), _) => peer.to_string(),
            (None, _) => String::new(),
        };
        Self { device: device(headers), address }
    }
}

/// The name of a device for its owner, from what the browser says of itself.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has = |words: &[&'static str]| words.iter().find(|word| agent.contains(**word)).copied();
    let browser = has(&["Firefox", "Edg", "OPR", "Chrome", "Safari", "curl"]).unwrap_or("Another program");
    let system = has(&["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]);
    system.map_or_else(|| browser.to_owned(), |system| format!("{browser} on {system}"))
}
