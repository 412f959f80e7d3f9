//! The signed-in user of a request, and the client that it comes from.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};
use uuid::Uuid;

use crate::domain::account::{Person, Role};
use crate::error::AppError;

/// The signed-in user. Only a session creates one, so a function that takes it cannot be called with an invented id.
#[derive(Debug, Clone)]
pub struct Viewer {
    person: Person,
    session_id: Uuid,
    teaches: Vec<Uuid>,
}

/// The pupils whom a read or a change is about: of some classes of a school, or of the whole school, also those of no class. Only
/// [`Viewer::scope`] makes one, so that nobody asks for more than they may see.
#[derive(Debug, Clone)]
pub struct Scope {
    school: Uuid,
    classes: Option<Vec<Uuid>>,
}

impl Scope {
    pub fn school(&self) -> Uuid {
        self.school
    }

    /// The classes; `None` for the whole school. An admin may name a class of another school, so `school` counts, too.
    pub fn classes(&self) -> Option<&[Uuid]> {
        self.classes.as_deref()
    }
}

impl Viewer {
    /// For `db::accounts`, from a session's row.
    pub(in crate::server) fn new(person: Person, session_id: Uuid) -> Self {
        Self { person, session_id, teaches: Vec::new() }
    }

    /// The same with the classes that a teacher teaches.
    pub(in crate::server) fn teaching(self, teaches: Vec<Uuid>) -> Self {
        Self { teaches, ..self }
    }

    /// The pupils whom the viewer may see and act for, or those of a class: an admin for all of their school, a teacher for their
    /// own classes.
    /// `NotFound` for pupils, and for a class that a teacher does not teach.
    pub fn scope(&self, class: Option<Uuid>) -> Result<Scope, AppError> {
        let classes = match (self.person.role, class) {
            (Role::Admin, None) => None,
            (Role::Admin, Some(class)) => Some(vec![class]),
            (Role::Teacher, None) => Some(self.teaches.clone()),
            (Role::Teacher, Some(class)) if self.teaches.contains(&class) => Some(vec![class]),
            (Role::Teacher | Role::Student, _) => return Err(AppError::NotFound),
        };
        Ok(Scope { school: self.school(), classes })
    }

    pub fn id(&self) -> Uuid {
        self.person.id
    }

    pub fn person(&self) -> &Person {
        &self.person
    }

    /// The school that the viewer belongs to.
    pub fn school(&self) -> Uuid {
        self.person.school_id
    }

    pub fn is_owner(&self) -> bool {
        self.person.is_owner
    }

    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    pub fn is_admin(&self) -> bool {
        self.person.is_admin()
    }

    /// Whether the viewer is a teacher or an admin.
    pub fn is_staff(&self) -> bool {
        self.person.is_staff()
    }
}

/// The viewer, as [`identify`](super::sessions::identify) found; `SignInRequired` if nobody is signed in.
pub fn asking(extensions: &Extensions) -> Result<Viewer, AppError> {
    match extensions.get::<Viewer>() {
        Some(viewer) => Ok(viewer.clone()),
        None => Err(extensions.get::<AppError>().cloned().unwrap_or(AppError::SignInRequired)),
    }
}

/// The client that sent a request.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// A name for the device.
    pub device: String,
    /// The network address; empty where it is not known.
    pub address: String,
}

impl Client {
    /// A proxy on the same machine passes on the client's address.
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

/// The scheme and host that a request was sent to, if it says so; the start of URLs for another device.
pub fn origin(headers: &HeaderMap) -> String {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = header("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    format!("{scheme}://{}", header("host").unwrap_or_default())
}

/// A device's name for its owner, from the `User-Agent` header.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has = |words: &[&'static str]| words.iter().find(|word| agent.contains(**word)).copied();
    let browser = has(&["Firefox", "Edg", "OPR", "Chrome", "Safari", "curl"]).unwrap_or("Another program");
    let system = has(&["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]);
    system.map_or_else(|| browser.to_owned(), |system| format!("{browser} on {system}"))
}
