//! Who may do what: requests every page, route and server function as every user, for things that are their own, shared,
//! no longer shared, somebody else's, archived, missing or malformed. A route without a line in `matrix.txt` fails.

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::{DateTime, TimeDelta};
use serde_json::json;

use super::paper_results::class_of;
use super::quizzes::{document_of, sums};
use super::*;
use crate::domain::assignment::{NewAssignment, Terms, Work};
use crate::domain::class_test::TestContent;
use crate::domain::correction::Change;
use crate::domain::school;
use crate::server::attempts::quizzes::begin_assigned;
use crate::server::db::{class_tests, corrections, shares};
use crate::server::http::api;

/// `WHO METHOD PATH [BODY]`; a server function's method is `fn`.
///
/// A path contains `{document}`, or things that belong to a user: `{running}`, `{practice}` (with immediate feedback), `{closed}` (attempts), `{quiz}`, `{device}`, `{assignment}`;
/// `{school}`, `{admin}` (of the school, no owner), `{owner}`; `{pupil}`, `{class}`; `{teacher}`; `{test}` (made by the teacher); `{subject}`, `{topic}`, `{list}` (of a class), `{filter}` (a class by which a list is filtered); or things that belong to these: `{share}`, `{comment}`, `{correction}`, `{question}`. `{new}` is
/// a new id; `{page}`, `{path}`, `{format}`, `{table}` and `{marks}` are existing ones. WHO ends in `*` if the body is incomplete: then an error
/// about the body shows that the user has access.
const MATRIX: &str = include_str!("matrix.txt");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anybody,
    SignedIn,
    /// Users with a level.
    Pupil,
    /// Owners of the installation.
    Installation,
    /// Admins.
    School,
    /// Admins, and teachers for the pupils and papers of their classes.
    Staff,
    /// Admins and teachers of its level, for documents that are not personal.
    SchoolsPaper,
    /// Users who can see the document.
    Sees,
    /// The document's owner, admins, and teachers of its level if it is not personal.
    Corrects,
    /// The owner of a personal document.
    Owner,
    /// The owner.
    Own,
    /// The owner, admins, and teachers of the owner.
    OwnOrSchool,
}

struct Line {
    who: Who,
    whole: bool,
    method: String,
    address: String,
    sent: String,
}

fn lines() -> Vec<Line> {
    let line = |line: &'static str| {
        let mut words = line.splitn(4, ' ').map(str::to_owned);
        let mut next = || words.next().unwrap_or_default();
        let (who, method, address, sent) = (next(), next(), next(), next());
        let who_may = match who.trim_end_matches('*') {
            "anybody" => Who::Anybody,
            "signed-in" => Who::SignedIn,
            "pupil" => Who::Pupil,
            "installation" => Who::Installation,
            "school" => Who::School,
            "staff" => Who::Staff,
            "school's-paper" => Who::SchoolsPaper,
            "sees" => Who::Sees,
            "corrects" => Who::Corrects,
            "owner" => Who::Owner,
            "own" => Who::Own,
            "own-or-school" => Who::OwnOrSchool,
            other => panic!("{other}: {line}"),
        };
        Line { who: who_may, whole: !who.ends_with('*'), method, address, sent }
    };
    MATRIX.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(line).collect()
}

/// The method and path of everything, without the names of parameters.
fn everything() -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    all.extend(http::PAGES.iter().map(|page| ("GET".to_owned(), shape(page.path()))));
    all.extend(beside_pages());
    let description: Value = serde_json::from_str(&api::description().to_json().unwrap()).unwrap();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            all.insert((method.to_uppercase(), shape(&format!("/api{path}"))));
        }
    }
    all.extend(functions().into_iter().map(|(name, ..)| ("fn".to_owned(), name)));
    all
}

/// The routes other than pages and the API, from the sources.
fn beside_pages() -> BTreeSet<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/server/http");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut routes = BTreeSet::new();
    for file in files.filter(|file| file.extension().is_some_and(|ending| ending == "rs") && !file.ends_with("api.rs"))
    {
        let source = std::fs::read_to_string(file).unwrap();
        for route in source.split(".route(\"").skip(1) {
            let Some((address, method)) = route.split_once("\", ") else { continue };
            let method = method.split('(').next().unwrap_or_default().to_uppercase();
            routes.insert((method, shape(address)));
        }
    }
    assert!(routes.len() >= 7, "{routes:?}");
    routes
}

/// The name, path and method of each server function.
fn functions() -> Vec<(String, &'static str, Method)> {
    let name =
        |path: &str| path.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/");
    leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (name(path), path, method)).collect()
}

fn shape(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    let pieces = address.split('/').map(|piece| if piece.starts_with(['{', ':']) { "{}" } else { piece });
    pieces.collect::<Vec<_>>().join("/")
}

/// The relations of a user to a thing.
const DOCUMENTS: [&str; 9] =
    ["own", "shared", "taken back", "foreign", "of another level", "published", "archived", "missing", "malformed"];
const THINGS_OF_PUPILS: [&str; 8] =
    ["{pupil}", "{class}", "{quiz}", "{running}", "{practice}", "{closed}", "{device}", "{assignment}"];
const TESTS: [&str; 4] = ["own", "of another level", "missing", "malformed"];
const THINGS: [&str; 4] = ["own", "foreign", "missing", "malformed"];

/// Whether somebody of the school has access: the pupil, a teacher of their class, an admin, or the owner.
fn may(who: Who, person: &crate::domain::account::Person, kinds: &[&str], what: &str) -> bool {
    let role = person.role;
    let there = !["missing", "malformed"].contains(&what);
    let own = what == "own" || what.is_empty();
    // A teacher's papers are those of the level; everything else is theirs if it is their pupil's.
    let teaches = if kinds == DOCUMENTS { ["published", "archived"].contains(&what) } else { own };
    match (who, role) {
        (Who::Installation, _) => person.is_owner,
        (Who::Anybody | Who::SignedIn, _) => there,
        (Who::SchoolsPaper, Role::Admin) => ["of another level", "published", "archived"].contains(&what),
        (Who::Pupil | Who::Owner | Who::Own, Role::Admin) => false,
        (_, Role::Admin) => there,
        (Who::Staff | Who::SchoolsPaper | Who::Sees | Who::Corrects | Who::OwnOrSchool, Role::Teacher) => teaches,
        (_, Role::Teacher) => false,
        (Who::Pupil, Role::Student) => there,
        (Who::School | Who::Staff | Who::SchoolsPaper, Role::Student) => false,
        (Who::Sees, Role::Student) => ["own", "shared", "published"].contains(&what),
        (Who::Corrects | Who::Owner | Who::Own | Who::OwnOrSchool, Role::Student) => own,
    }
}

/// The name of the pupil whom the teacher does not teach.
const FOREIGN: &str = "Zeno Foreigner";

struct World {
    app: TestApp,
    pupil: Person,
    other: Person,
    /// An owner of the installation.
    admin: Person,
    /// An admin of the school who is no owner.
    school_admin: Person,
    /// An admin, a teacher and a pupil of another school.
    elsewhere: [Person; 3],
    /// Of the pupil's class, not of the other's.
    teacher: Person,
    classes: [Uuid; 2],
}

impl World {
    async fn new(pool: PgPool) -> Self {
        let app = TestApp::new(pool).await;
        let (pupil, other, admin) = (app.pupil("P6").await, app.pupil("P6").await, app.admin().await);
        let classes = [class_of(&app, "P6 A", &[&pupil]).await, class_of(&app, "P6 B", &[&other]).await];
        let teacher = app.teacher(&classes[..1]).await;
        let school_admin = app.school_admin(school::FIRST).await;
        let elsewhere = app.another_school(&admin).await;
        let world = Self { app, pupil, other, admin, school_admin, elsewhere, teacher, classes };
        world.attempts("foreign").await;
        world.assignment("foreign").await;
        world.foreign_test().await;
        world
    }

    /// Puts both pupils back into their classes, under their names.
    async fn settle(&self) {
        for (person, class) in [(&self.pupil, self.classes[0]), (&self.other, self.classes[1])] {
            let into = "INSERT INTO memberships (class_id, user_id) VALUES ($1, $2)
                            ON CONFLICT (user_id) DO UPDATE SET class_id = excluded.class_id";
            sqlx::query(into).bind(class).bind(person.viewer.id()).execute(self.app.pool()).await.unwrap();
        }
        let name = "UPDATE users SET full_name = $2 WHERE id = $1";
        sqlx::query(name).bind(self.other.viewer.id()).bind(FOREIGN).execute(self.app.pool()).await.unwrap();
    }

    /// Creates a document with this relation to the pupil, with a page, a share, a comment and a correction.
    async fn document(&self, what: &str) -> [String; 4] {
        let World { app, pupil, other, admin, .. } = self;
        let owner = match what {
            "own" => pupil,
            "shared" | "taken back" | "foreign" => other,
            "missing" => {
                let [document, share, comment] = [(); 3].map(|()| Uuid::now_v7().to_string());
                return [document, share, comment, "0".to_owned()];
            }
            "malformed" => return [(); 4].map(|()| "x".to_owned()),
            _ => admin,
        };
        let id = document_of(app, owner, what, &sums(6, None)).await;
        let pool = app.pool();
        let with = if what == "own" { other } else { pupil };
        if owner.viewer.id() != admin.viewer.id() && what != "foreign" {
            shares::give(pool, &owner.viewer, id, &[with.viewer.id()]).await.unwrap();
        }
        match what {
            "taken back" => shares::take_back(pool, &owner.viewer, id, pupil.viewer.id()).await.unwrap(),
            "of another level" => app.run("UPDATE documents SET level = 'S3' WHERE id = $1", id).await,
            "archived" => documents::archive(pool, &admin.viewer, id, "Old").await.unwrap(),
            _ => {}
        }
        let comment: Uuid = sqlx::query_scalar(
            "INSERT INTO document_comments (document_id, author_id, content, comment_type)
             VALUES ($1, $2, 'Look', 'comment') RETURNING id",
        )
        .bind(id)
        .bind(admin.viewer.id())
        .fetch_one(pool)
        .await
        .unwrap();
        let page = "INSERT INTO page_text (content_hash, number, width, height, print)
                    SELECT content_hash, 1, 595, 842, '[]' FROM documents WHERE id = $1 ON CONFLICT DO NOTHING";
        app.run(page, id).await;
        corrections::lock_document(pool, &admin.viewer, id).await.unwrap().add("6", Change::Drop).await.unwrap();
        let correction: i64 = sqlx::query_scalar("SELECT max(id) FROM corrections").fetch_one(pool).await.unwrap();
        [id.to_string(), with.viewer.id().to_string(), comment.to_string(), correction.to_string()]
    }

    /// Creates a quiz with a running attempt, and a closed one, of the pupil or of another.
    async fn attempts(&self, what: &str) -> [String; 3] {
        let who = match what {
            "own" => &self.pupil,
            "foreign" => &self.other,
            "missing" => return [(); 3].map(|()| Uuid::now_v7().to_string()),
            _ => return [(); 3].map(|()| "x".to_owned()),
        };
        let document = document_of(&self.app, &self.admin, "Sums", &sums(6, None)).await;
        let token = self.token(who).await;
        let post = async |path: String, body: Value| -> Value {
            let answer = self.ask(&Method::POST, &path, &body.to_string(), Some(&token)).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.body);
            answer.json()
        };
        let generate = async || {
            let quiz = json!({ "mode": "real-exam", "document_id": document });
            post("/api/quiz/generate".into(), quiz).await["id"].as_str().unwrap().to_owned()
        };
        let (quiz, sat, running) = (generate().await, generate().await, generate().await);
        let closed = post("/api/attempts".into(), json!({ "quiz_id": sat, "answers": {} })).await;
        let running = post(format!("/api/quiz/{running}/start"), json!({})).await;
        [quiz, id_of(&running), id_of(&closed)]
    }

    /// Creates a class with the pupil in it and their teacher, or with the other; and a list that waits to be imported.
    async fn class(&self, what: &str) -> [String; 2] {
        let World { app, pupil, other, admin, .. } = self;
        let pupil = if what == "foreign" { other } else { pupil };
        let mut tx = db::begin(app.pool()).await.unwrap();
        let name = Uuid::now_v7().to_string();
        let class = db::classes::make(&mut tx, &admin.viewer, &name, "P6", 2026).await.unwrap();
        db::classes::assign(&mut tx, &admin.viewer, &[pupil.viewer.id()], &[Some(class)]).await.unwrap();
        tx.commit().await.unwrap();
        if what != "foreign" {
            self.teach(class).await;
        }
        // Of a new pupil each time.
        let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let cells = vec![vec![format!("Keza {letters}")]];
        let list = db::class_lists::ClassList { cells, class: name, year: 2026 };
        let list = db::class_lists::store(app.pool(), &admin.viewer, &list).await.unwrap();
        [class.to_string(), list.to_string()]
    }

    /// Has the teacher teach this class, too.
    async fn teach(&self, class: Uuid) {
        let teaches = "INSERT INTO class_teachers (class_id, user_id) VALUES ($1, $2)";
        sqlx::query(teaches).bind(class).bind(self.teacher.viewer.id()).execute(self.app.pool()).await.unwrap();
    }

    /// Sets a paper to the class of the pupil or of another.
    async fn assignment(&self, what: &str) -> String {
        let World { app, pupil, other, admin, .. } = self;
        let who = match what {
            "missing" => return Uuid::now_v7().to_string(),
            "malformed" => return "x".to_owned(),
            "foreign" => other,
            _ => pupil,
        };
        let document = document_of(app, admin, "Work", &sums(6, None)).await;
        let class = class_of(app, &Uuid::now_v7().to_string(), &[who]).await;
        if what != "foreign" {
            self.teach(class).await;
        }
        let (opens_at, due_at) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::days(40_000));
        let terms = Terms { opens_at, due_at, attempts: 1, ..Terms::default() };
        let new = NewAssignment { class, work: Work::Paper(document), terms };
        db::assignments::add(app.pool(), &admin.viewer, &new).await.unwrap().to_string()
    }

    /// Makes a test: of the level that the teacher teaches, or of another.
    async fn test(&self, what: &str) -> String {
        let (who, level) = match what {
            "missing" => return Uuid::now_v7().to_string(),
            "malformed" => return "x".to_owned(),
            "of another level" => (&self.admin, "S3"),
            _ => (&self.teacher, "P6"),
        };
        class_tests::make(self.app.pool(), &who.viewer, "Test", level, &TestContent::default())
            .await
            .unwrap()
            .to_string()
    }

    /// Has the other pupil sit a test that is set to their class.
    async fn foreign_test(&self) {
        self.settle().await;
        let pool = self.app.pool();
        let mut questions = sums(2, None);
        questions.iter_mut().for_each(|question| question.id = Uuid::now_v7());
        let content = TestContent { sections: Vec::new(), questions };
        let test = class_tests::make(pool, &self.admin.viewer, "Foreign", "P6", &content).await.unwrap();
        let (opens_at, due_at) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::days(40_000));
        let terms = Terms { opens_at, due_at, attempts: 1, ..Terms::default() };
        let new = NewAssignment { class: self.classes[1], work: Work::Test(test), terms };
        let set = db::assignments::add(pool, &self.admin.viewer, &new).await.unwrap();
        begin_assigned(pool, &self.other.viewer, set, "").await.unwrap();
    }

    /// A new session each time, because a request may sign the user out.
    async fn token(&self, person: &Person) -> String {
        sessions::open(&self.app.state, person.viewer.id(), "test").await.unwrap()
    }

    async fn ask(&self, method: &Method, address: &str, sent: &str, token: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(address.replace(' ', "%20"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let (kind, body) = match sent {
            "FILE" => ("multipart/form-data; boundary=b", upload()),
            "LIST" => ("multipart/form-data; boundary=b", list()),
            sent if sent.starts_with('{') => ("application/json", sent.as_bytes().to_vec()),
            sent => ("application/x-www-form-urlencoded", sent.as_bytes().to_vec()),
        };
        if !sent.is_empty() || *method == Method::POST {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        self.app.send(request.body(body.into()).unwrap()).await
    }

    /// Sends the request of a line for something with this relation to the pupil.
    async fn send(&self, line: &Line, what: &str, token: Option<&str>) -> Answer {
        let (method, address, sent) = self.request(line, what).await;
        self.ask(&method, &address, &sent, token).await
    }

    /// The method, address and body of the request of a line; makes the thing that it is for.
    async fn request(&self, line: &Line, what: &str) -> (Method, String, String) {
        let mut texts = [line.address.clone(), line.sent.clone()];
        let mut fill = |name: &str, value: &str| texts.iter_mut().for_each(|text| *text = text.replace(name, value));
        let all = format!("{} {}", line.address, line.sent);
        if all.contains("{document}") {
            let [document, share, comment, correction] = self.document(what).await;
            fill("{document}", &document);
            fill("{share}", &share);
            fill("{comment}", &comment);
            fill("{correction}", &correction);
        }
        if ["{quiz}", "{running}", "{practice}", "{closed}", "{question}"].iter().any(|name| all.contains(name)) {
            let [quiz, running, closed] = self.attempts(if what.is_empty() { "own" } else { what }).await;
            if all.contains("{question}") {
                let id = "SELECT q.id FROM quizzes z JOIN questions q ON q.document_id = z.document_id
                           WHERE z.id::text = $1 AND q.path = '1'";
                let id = sqlx::query_scalar::<_, Uuid>(id).bind(&quiz).fetch_optional(self.app.pool());
                let id = id.await.unwrap().unwrap_or_default();
                fill("{question}", &id.to_string());
            }
            if all.contains("{practice}") {
                let immediate = "UPDATE quizzes q SET feedback = 'immediate' FROM attempts a
                                  WHERE a.quiz_id = q.id AND a.id::text = $1";
                sqlx::query(immediate).bind(&running).execute(self.app.pool()).await.unwrap();
                fill("{practice}", &running);
            }
            fill("{quiz}", &quiz);
            fill("{running}", &running);
            fill("{closed}", &closed);
        }
        let person = match what {
            "foreign" => self.other.viewer.id(),
            "missing" => Uuid::now_v7(),
            _ => self.pupil.viewer.id(),
        };
        let person = if what == "malformed" { "x".to_owned() } else { person.to_string() };
        fill("{pupil}", &person);
        if all.contains("{teacher}") {
            let teacher = match what {
                "malformed" => "x".to_owned(),
                "missing" => Uuid::now_v7().to_string(),
                _ => self.app.teacher(&[]).await.viewer.id().to_string(),
            };
            fill("{teacher}", &teacher);
        }
        if all.contains("{device}") {
            let session = "INSERT INTO sessions (user_id, token_hash, expires_at)
                           SELECT id, sha256(gen_random_uuid()::text::bytea), now() + interval '1 day'
                             FROM users WHERE id::text = $1 RETURNING id";
            let session = sqlx::query_scalar::<_, Uuid>(session).bind(&person).fetch_optional(self.app.pool());
            fill("{device}", &session.await.unwrap().map_or(person.clone(), |id| id.to_string()));
        }
        fill("{school}", &school::FIRST.to_string());
        if all.contains("{owner}") {
            fill("{owner}", &self.app.admin().await.viewer.id().to_string());
        }
        if all.contains("{admin}") {
            let admin = self.app.school_admin(school::FIRST).await;
            fill("{admin}", &admin.viewer.id().to_string());
        }
        if all.contains("{test}") {
            fill("{test}", &self.test(what).await);
        }
        if all.contains("{assignment}") {
            fill("{assignment}", &self.assignment(what).await);
        }
        let subject = "SELECT id FROM subjects WHERE level = 'P6' AND name = 'Mathematics'";
        let subject: Uuid = sqlx::query_scalar(subject).fetch_one(self.app.pool()).await.unwrap();
        let subject = match what {
            "malformed" => "x".to_owned(),
            "missing" => Uuid::now_v7().to_string(),
            _ => subject.to_string(),
        };
        fill("{subject}", &subject);
        let topic = "SELECT id::text FROM topics ORDER BY position, id LIMIT 1";
        let topic: String = sqlx::query_scalar(topic).fetch_one(self.app.pool()).await.unwrap();
        let [class, list] = match what {
            "malformed" => [(); 2].map(|()| "x".to_owned()),
            "missing" => [(); 2].map(|()| Uuid::now_v7().to_string()),
            _ if ["{class}", "{list}", "{filter}"].iter().any(|name| all.contains(name)) => self.class(what).await,
            _ => [(); 2].map(|()| String::new()),
        };
        fill("{class}", &class);
        fill("{filter}", &class);
        fill("{list}", &list);
        for (name, value) in [
            ("{new}", &*Uuid::now_v7().to_string()),
            ("{topic}", &topic),
            ("{page}", "1"),
            ("{path}", "1"),
            ("{format}", "gift"),
            ("{table}", "students.csv"),
            ("{marks}", "marks.csv"),
        ] {
            fill(name, value);
        }
        let [address, sent] = texts;
        match line.method.as_str() {
            "fn" => {
                let (_, path, method) = functions().into_iter().find(|(name, ..)| *name == address).unwrap();
                match method {
                    Method::GET => (method, format!("{path}?{sent}"), String::new()),
                    method => (method, path.to_owned(), sent),
                }
            }
            method => (Method::from_bytes(method.as_bytes()).unwrap(), address, sent),
        }
    }
}

fn id_of(answer: &Value) -> String {
    answer["id"].as_str().or(answer["attempt_id"].as_str()).unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// A form that uploads a small paper.
fn upload() -> Vec<u8> {
    let paper = super::made_pdf::text_pages(&[&[&format!("1. What is {}?", Uuid::now_v7())]]);
    let mut body = Vec::new();
    for (name, value) in [("subject", "P6/Mathematics"), ("kind", "exam_paper"), ("year", "2025")] {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n");
    body.extend(paper);
    body.extend(b"\r\n--b--\r\n");
    body
}

/// A form that sends a list of classes.
fn list() -> Vec<u8> {
    let part = |(name, value)| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let parts = [("year", "2026"), ("list", "Name,Class\nKeza Ange,P6 A")].map(part);
    format!("{}--b--\r\n", parts.concat()).into_bytes()
}

/// The relations to a user that the thing of a line may have.
fn kinds(line: &Line) -> &'static [&'static str] {
    let all = format!("{} {}", line.address, line.sent);
    if all.contains("{document}") {
        &DOCUMENTS
    } else if all.contains("{test}") {
        &TESTS
    } else if ["{subject}", "{list}", "{teacher}"].iter().any(|name| all.contains(name)) {
        &["own", "missing", "malformed"]
    } else if all.contains("{filter}") {
        &["own", "foreign"]
    } else if THINGS_OF_PUPILS.iter().any(|name| all.contains(name)) {
        &THINGS
    } else {
        &[""]
    }
}

// Leptos generates the routes of pages within a runtime.
#[tokio::test]
async fn everything_has_a_line_and_every_line_is_there() {
    let known: BTreeSet<(String, String)> =
        lines().into_iter().map(|line| (line.method, shape(&line.address))).collect();
    let all = everything();
    let differ = |from: &BTreeSet<(String, String)>, other: &BTreeSet<(String, String)>| -> Vec<String> {
        from.difference(other).map(|(method, address)| format!("{method} {address}")).collect()
    };
    assert_eq!(differ(&all, &known), [""; 0], "without a line in matrix.txt");
    assert_eq!(differ(&known, &all), [""; 0], "in matrix.txt, but not there");
}

#[sqlx::test]
async fn everybody_and_everything(pool: PgPool) {
    let world = World::new(pool).await;
    let [expired, revoked, disabled] =
        [world.app.pupil("P6").await, world.app.pupil("P6").await, world.app.pupil("P6").await];
    world.app.run("UPDATE sessions SET expires_at = now() WHERE user_id = $1", expired.viewer.id()).await;
    world.app.run("DELETE FROM sessions WHERE user_id = $1", revoked.viewer.id()).await;
    world.app.run("UPDATE users SET is_active = false WHERE id = $1", disabled.viewer.id()).await;
    let (mut wrong, mut told) = (Vec::new(), 0);
    for line in lines() {
        let kinds = kinds(&line);
        let place = format!("{} {} {}", line.method, line.address, line.sent);
        for (name, token) in
            [("nobody", None), ("expired", Some(&expired)), ("revoked", Some(&revoked)), ("disabled", Some(&disabled))]
        {
            for what in BTreeSet::from([kinds[0], kinds[kinds.len() - 1]]) {
                let answer = world.send(&line, what, token.map(|person| person.token.as_str())).await;
                let status = answer.status.as_u16();
                let asked_in = answer.status.is_redirection() && answer.header("location").starts_with("/login");
                // Pages and server functions parse their arguments first.
                let unread = what == "malformed" && !line.address.starts_with("/api/") && [404, 422].contains(&status);
                let fine = if line.who == Who::Anybody { status != 401 } else { status == 401 || asked_in || unread };
                if !fine {
                    wrong.push(format!("{place} as {name}, {what}: {status}"));
                }
            }
        }
        for (name, person) in [
            ("a pupil", &world.pupil),
            ("a teacher", &world.teacher),
            ("an admin", &world.school_admin),
            ("the owner", &world.admin),
        ] {
            for what in kinds {
                world.settle().await;
                let token = world.token(person).await;
                let answer = world.send(&line, what, Some(&token)).await;
                let status = answer.status.as_u16();
                let role = person.viewer.person().role;
                let may = may(line.who, person.viewer.person(), kinds, what);
                let fine = match may {
                    true => status < 400 || status == 409 || (!line.whole && [400, 413, 415, 422].contains(&status)),
                    false => [403, 404].contains(&status) || (*what == "malformed" && status == 422),
                };
                if !fine {
                    let body: String = answer.body.chars().take(160).collect();
                    wrong.push(format!("{place} as {name}, {what}: {status}, may: {may}: {body}"));
                }
                let foreign = [FOREIGN.to_owned(), world.other.viewer.id().to_string()];
                let tells = status < 400 && foreign.iter().any(|word| answer.body.contains(word));
                told += usize::from(tells && role == Role::Admin);
                if tells && role == Role::Teacher {
                    wrong.push(format!("{place} as {name}, {what}: tells of another class's pupil"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(told > 30, "admins are told of the pupil, {told} times");
}

/// The ids of all people, classes, documents, tests and work of the first school.
async fn ids_of_the_first_school(app: &TestApp) -> BTreeSet<String> {
    let ids =
        "SELECT id::text FROM users WHERE school_id = $1 UNION ALL SELECT id::text FROM classes WHERE school_id = $1
               UNION ALL SELECT id::text FROM documents WHERE school_id = $1
               UNION ALL SELECT id::text FROM class_tests WHERE school_id = $1
               UNION ALL SELECT s.id::text FROM assignments s JOIN classes c ON c.id = s.class_id WHERE c.school_id = $1
               UNION ALL SELECT a.id::text FROM attempts a JOIN users u ON u.id = a.user_id WHERE u.school_id = $1";
    sqlx::query_scalar(ids).bind(school::FIRST).fetch_all(app.pool()).await.unwrap().into_iter().collect()
}

/// Everything of the first school that somebody could change, without sessions.
async fn state_of_the_first_school(app: &TestApp) -> String {
    let state = "WITH people AS (SELECT * FROM users WHERE school_id = $1), papers AS (SELECT * FROM documents WHERE school_id = $1),
                      sat AS (SELECT a.* FROM attempts a JOIN people p ON p.id = a.user_id),
                      rows AS (SELECT p::text AS row FROM people p UNION ALL SELECT d::text FROM papers d
                               UNION ALL SELECT a::text FROM sat a
                               UNION ALL SELECT c::text FROM classes c WHERE c.school_id = $1
                               UNION ALL SELECT m::text FROM memberships m JOIN people p ON p.id = m.user_id
                               UNION ALL SELECT t::text FROM class_teachers t JOIN people p ON p.id = t.user_id
                               UNION ALL SELECT t::text FROM class_tests t WHERE t.school_id = $1
                               UNION ALL SELECT s::text FROM assignments s JOIN classes c ON c.id = s.class_id WHERE c.school_id = $1
                               UNION ALL SELECT q::text FROM questions q JOIN papers d ON d.id = q.document_id
                               UNION ALL SELECT c::text FROM corrections c JOIN papers d ON d.id = c.document_id
                               UNION ALL SELECT c::text FROM document_comments c JOIN papers d ON d.id = c.document_id
                               UNION ALL SELECT s::text FROM document_shares s JOIN papers d ON d.id = s.document_id
                               UNION ALL SELECT r::text FROM attempt_answers r JOIN sat a ON a.id = r.attempt_id
                               UNION ALL SELECT e::text FROM attempt_events e JOIN sat a ON a.id = e.attempt_id
                               UNION ALL SELECT o::text FROM mark_overrides o JOIN sat a ON a.id = o.attempt_id
                               UNION ALL SELECT e::text FROM audit_events e WHERE e.school_id = $1)
                 SELECT count(*) || md5(string_agg(row, '' ORDER BY row)) FROM rows";
    sqlx::query_scalar(state).bind(school::FIRST).fetch_one(app.pool()).await.unwrap()
}

#[sqlx::test]
async fn people_of_another_school_see_and_change_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut wrong, mut refused) = (Vec::new(), 0);
    for line in lines() {
        let all = format!("{} {}", line.address, line.sent);
        let is_theirs = [Who::Anybody, Who::SignedIn, Who::Installation].contains(&line.who);
        let names_a_thing = kinds(&line) != [""] && !["{subject}", "{filter}"].iter().any(|name| all.contains(name));
        for what in kinds(&line).iter().filter(|what| ["", "own", "published"].contains(what)) {
            let (method, address, sent) = world.request(&line, what).await;
            world.settle().await;
            for person in &world.elsewhere {
                let token = world.token(person).await;
                let before = state_of_the_first_school(&world.app).await;
                let answer = world.ask(&method, &address, &sent, Some(&token)).await;
                let place = format!("{} {all}, {what}: {}", line.method, answer.status);
                if state_of_the_first_school(&world.app).await != before {
                    wrong.push(format!("{place}: changes something"));
                }
                if names_a_thing && !is_theirs {
                    refused += 1;
                    if ![403, 404].contains(&answer.status.as_u16()) {
                        wrong.push(format!("{place}: not refused"));
                    }
                } else if answer.status.is_success() {
                    let known = ids_of_the_first_school(&world.app).await;
                    // A page may repeat the class that was asked for.
                    let tells = |id: &&String| answer.body.contains(*id) && !address.contains(*id);
                    if let Some(id) = known.iter().find(tells) {
                        wrong.push(format!("{place}: tells {id}"));
                    }
                    if answer.body.contains(FOREIGN) {
                        wrong.push(format!("{place}: tells of a pupil"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused > 300, "{refused}");
}
