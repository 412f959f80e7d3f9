//! Whole requests against the real router, each test with a fresh database.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode, header};
use leptos::config::LeptosOptions;
use serde_json::Value;
use sqlx::PgPool;
use tower::ServiceExt;
use uuid::Uuid;

use super::config::Config;
use super::db::documents::{self, File, Stated, Upload};
use super::{AppState, db, http};
use crate::domain::account::{FullName, Role};
use crate::domain::document::{DocumentKind, Label};
use crate::server::auth::{accounts, sessions};
use crate::server::documents::{syllabus, worker};
use crate::server::viewer::Viewer;

mod accounts_api;
mod api;
mod assignments;
mod attempts;
mod class_tests;
mod classes;
mod corrections;
mod counts;
mod demo_papers;
mod escaping;
mod every_route;
mod exam_day;
mod exchange;
mod expected_mark;
mod frame;
mod import_legacy;
mod kinds;
pub mod made_pdf;
mod matrix;
mod migrations;
mod monday;
mod operations;
mod paper_results;
mod people;
mod practice;
mod queue;
mod quizzes;
mod regrade;
mod schools;
mod search;
mod sharing;
mod shown;
mod statistics;
mod teachers;
mod topics;
mod uploads;
mod viewer;
mod visibility;

/// The P6 Mathematics paper of the demo.
const PAPER: &[u8] = include_bytes!("../../demo/papers/p6-mathematics.pdf");
/// The share of the marks below which a topic is weak.
const WEAK: f64 = 0.60;
const SCHEME: &[u8] = include_bytes!("../../demo/papers/p6-mathematics-scheme.pdf");

/// The site on an empty database with the syllabus.
struct TestApp {
    state: AppState,
    router: Router,
}

/// A user with a session.
struct Person {
    viewer: Viewer,
    token: String,
}

/// A response, with its whole body.
struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl TestApp {
    async fn new(pool: PgPool) -> Self {
        Self::with(pool, |_| None).await
    }

    /// With settings that differ from the defaults.
    async fn with(pool: PgPool, settings: impl Fn(&str) -> Option<String>) -> Self {
        syllabus::ensure(&mut pool.acquire().await.unwrap()).await.unwrap();
        let config = Arc::new(Config::read(settings).unwrap());
        let leptos = LeptosOptions::builder().output_name("exam-prep").build();
        let state = AppState::new(pool, config, leptos);
        Self { router: http::router(state.clone()), state }
    }

    fn pool(&self) -> &PgPool {
        &self.state.pool
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let path = request.uri().clone();
        let answer = async {
            let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
            let kind = parts.headers.get(header::CONTENT_TYPE);
            // Events have no end.
            let events = kind.is_some_and(|kind| kind == "text/event-stream");
            let body = if events { Bytes::new() } else { to_bytes(body, 64 << 20).await.unwrap() };
            (parts, body)
        };
        let answer = tokio::time::timeout(std::time::Duration::from_secs(30), answer).await;
        let (parts, body) = answer.unwrap_or_else(|_| panic!("{path} hangs"));
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn get(&self, path: &str, who: Option<&Person>) -> Answer {
        let mut request = Request::get(path);
        if let Some(person) = who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", person.token));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post_json(&self, path: &str, body: &str) -> Answer {
        self.send(Request::post(path).body(body.to_owned().into()).unwrap()).await
    }

    async fn person(&self, role: Role, level: Option<&str>) -> Person {
        let email = format!("{}@test.com", Uuid::new_v4());
        let person = accounts::create(self.pool(), &email, "test123", "Somebody", role, level).await.unwrap();
        let token = sessions::open(&self.state, person.id, "test").await.unwrap();
        Person { viewer: Viewer::new(person, Uuid::nil()), token }
    }

    async fn pupil(&self, level: &str) -> Person {
        self.person(Role::Student, Some(level)).await
    }

    async fn admin(&self) -> Person {
        self.person(Role::Admin, None).await
    }

    /// An admin of a school who is no owner.
    async fn school_admin(&self, school: Uuid) -> Person {
        let email = format!("{}@test.com", Uuid::new_v4());
        let person =
            accounts::create_in(self.pool(), (school, false), &email, "test123", "Somebody", Role::Admin, None);
        let person = person.await.unwrap();
        let token = sessions::open(&self.state, person.id, "test").await.unwrap();
        Person { viewer: Viewer::new(person, Uuid::nil()), token }
    }

    /// An admin, and a teacher and a pupil of a class of P6, of a new school.
    async fn another_school(&self, owner: &Person) -> [Person; 3] {
        let school = db::schools::make(self.pool(), &owner.viewer, "Another school").await.unwrap();
        let admin = self.school_admin(school).await;
        let name = FullName::parse("Somebody").unwrap();
        let id = db::teachers::make(self.pool(), &admin.viewer, &name, None).await.unwrap();
        let mut conn = self.pool().acquire().await.unwrap();
        let class = db::classes::make(&mut conn, &admin.viewer, "P6 A", "P6", 2026).await.unwrap();
        db::teachers::set_classes(self.pool(), &admin.viewer, id, &[class]).await.unwrap();
        let person = db::accounts::record(self.pool(), id).await.unwrap().person;
        let token = sessions::open(&self.state, id, "test").await.unwrap();
        let teacher = Person { viewer: Viewer::new(person, Uuid::nil()).teaching(vec![class]), token };
        let pupil = self.pupil_in(school).await;
        db::classes::assign(&mut conn, &admin.viewer, &[pupil.viewer.id()], &[Some(class)]).await.unwrap();
        [admin, teacher, pupil]
    }

    /// A pupil of P6 of a school.
    async fn pupil_in(&self, school: Uuid) -> Person {
        let email = format!("{}@test.com", Uuid::new_v4());
        let pupil =
            accounts::create_in(self.pool(), (school, false), &email, "test123", "Somebody", Role::Student, Some("P6"));
        let pupil = pupil.await.unwrap();
        let token = sessions::open(&self.state, pupil.id, "test").await.unwrap();
        Person { viewer: Viewer::new(pupil, Uuid::nil()), token }
    }

    /// A teacher of these classes.
    async fn teacher(&self, classes: &[Uuid]) -> Person {
        let Person { viewer, token } = self.person(Role::Teacher, None).await;
        for class in classes {
            let teaches = "INSERT INTO class_teachers (class_id, user_id) VALUES ($1, $2)";
            sqlx::query(teaches).bind(class).bind(viewer.id()).execute(self.pool()).await.unwrap();
        }
        Person { viewer: viewer.teaching(classes.to_vec()), token }
    }

    /// A document that nobody has read yet.
    async fn document(&self, owner: &Person, title: &str, designated: Option<(&str, &str)>) -> Uuid {
        let label = Label { title: title.into(), kind: DocumentKind::ExamPaper, year: Some(2025) };
        self.upload(owner, label, PAPER, designated, None).await
    }

    async fn upload(
        &self,
        owner: &Person,
        label: Label,
        bytes: &[u8],
        designated: Option<(&str, &str)>,
        scheme_of: Option<Uuid>,
    ) -> Uuid {
        let designated = designated.map(|(level, subject)| (level.to_owned(), subject.to_owned()));
        let file = File { name: "a.pdf".into(), bytes: bytes.to_vec() };
        let quota = self.state.config.pupil_quota;
        if let Some(paper) = scheme_of {
            return documents::store_scheme(self.pool(), &owner.viewer, paper, &file, quota).await.unwrap();
        }
        let upload = Upload { file, label, designated, stated: Stated::default(), scheme: None };
        documents::store(self.pool(), &owner.viewer, upload, quota).await.unwrap()
    }

    /// The demo's P6 Mathematics paper with its scheme, read and published.
    async fn published_paper(&self, admin: &Person) -> Uuid {
        let id = self.document(admin, "P6 Mathematics", Some(("P6", "Mathematics"))).await;
        let label = Label { title: "Scheme".into(), kind: DocumentKind::MarkingScheme, year: None };
        self.upload(admin, label, SCHEME, Some(("P6", "Mathematics")), Some(id)).await;
        worker::work_all(self.pool()).await.unwrap();
        documents::publish(self.pool(), &admin.viewer, id, true).await.unwrap();
        id
    }

    async fn run(&self, statement: &'static str, id: Uuid) {
        sqlx::query(statement).bind(id).execute(self.pool()).await.unwrap();
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.pool()).await.unwrap()
    }
}
