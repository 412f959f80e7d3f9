//! Sends random requests to every route in the API's description and every server function: none of them fails.

use axum::http::Method;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Map, json};

use super::*;
use crate::server::http::api;

/// Random requests from each user to each route.
const WILD: usize = 16;

/// An operation in the description.
struct Route {
    method: String,
    path: String,
    parameters: Vec<Value>,
    /// The schemas of its body, by content type.
    body: Map<String, Value>,
}

impl Route {
    /// The path with this in place of each id.
    fn with(&self, mut id: impl FnMut() -> String) -> String {
        let pieces =
            self.path.split('/').map(|piece| if piece.starts_with('{') { encoded(&id()) } else { piece.to_owned() });
        format!("/api{}", pieces.collect::<Vec<_>>().join("/"))
    }

    fn request(&self, address: &str, who: Option<&str>) -> axum::http::request::Builder {
        let method = Method::from_bytes(self.method.to_uppercase().as_bytes()).unwrap();
        let request = Request::builder().method(method).uri(address);
        match who {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }
}

/// Every route, and the named schemas.
fn routes() -> (Vec<Route>, Value) {
    let description: Value = serde_json::from_str(&api::description().to_json().unwrap()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object().cloned().unwrap_or_default();
            routes.push(Route {
                method: method.clone(),
                path: path.clone(),
                parameters: operation["parameters"].as_array().cloned().unwrap_or_default(),
                body: content.into_iter().map(|(kind, content)| (kind, content["schema"].clone())).collect(),
            });
        }
    }
    (routes, description["components"]["schemas"].clone())
}

/// Escapes a part of a URL.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Random values of all kinds, the same in each run.
struct Chance {
    runner: TestRunner,
    /// Of what there is.
    ids: Vec<String>,
}

impl Chance {
    fn pick<T>(&mut self, from: impl Strategy<Value = T>) -> T {
        from.new_tree(&mut self.runner).unwrap().current()
    }

    fn below(&mut self, most: usize) -> usize {
        self.pick(0..most)
    }

    /// Of what there is.
    fn id(&mut self) -> String {
        let place = self.below(self.ids.len());
        self.ids[place].clone()
    }

    fn text(&mut self) -> String {
        match self.below(9) {
            0 | 1 => self.id(),
            2 => Uuid::from_u128(self.pick(0..u128::MAX)).to_string(),
            3 => self.pick(i64::MIN..i64::MAX).to_string(),
            4 => [
                "",
                " ",
                "\0",
                "-1",
                "1e999",
                "NaN",
                "null",
                "P6",
                "true",
                "2025-13-45",
                "' OR 1=1 --",
                "../../etc",
                "%",
                "\\",
            ][self.pick(0..14usize)]
            .to_owned(),
            5 => self.pick("[a-z]{1,9}@[a-z]{1,9}\\.rw"),
            6 => "x".repeat(self.pick(0..5_000usize)),
            _ => self.pick("\\PC{0,40}"),
        }
    }

    /// A value that mostly matches the schema.
    fn value(&mut self, schema: &Value, schemas: &Value, depth: usize) -> Value {
        if depth > 6 || self.below(8) == 0 {
            return self.wild(3);
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
            return self.value(&schemas[name].clone(), schemas, depth + 1);
        }
        if let Some(ways) = ["oneOf", "anyOf", "allOf"].iter().find_map(|way| schema[way].as_array()) {
            let way = ways[self.below(ways.len().max(1))].clone();
            return self.value(&way, schemas, depth + 1);
        }
        if let Some(words) = schema["enum"].as_array() {
            return words[self.below(words.len().max(1))].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[self.below(kinds.len().max(1))].as_str().unwrap_or_default().to_owned(),
            kind => kind.as_str().unwrap_or("object").to_owned(),
        };
        match kind.as_str() {
            "string" => self.text().into(),
            "boolean" => (self.below(2) == 0).into(),
            "integer" => self.number().into(),
            "number" => self.pick(-1e300..1e300_f64).into(),
            "array" => (0..self.below(4)).map(|_| self.value(&schema["items"], schemas, depth + 1)).collect(),
            "null" => Value::Null,
            _ => {
                let mut fields = Map::new();
                for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                    if self.below(6) > 0 {
                        fields.insert(name.clone(), self.value(field, schemas, depth + 1));
                    }
                }
                if schema["additionalProperties"].is_object() {
                    fields.insert(self.text(), self.value(&schema["additionalProperties"], schemas, depth + 1));
                }
                Value::Object(fields)
            }
        }
    }

    fn number(&mut self) -> i64 {
        match self.below(4) {
            0 => self.pick(i64::MIN..i64::MAX),
            1 => [0, -1, i64::MAX, i64::from(i32::MAX) + 1][self.pick(0..4usize)],
            _ => self.pick(0..3_000i64),
        }
    }

    fn wild(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => Value::Null,
            1 => self.number().into(),
            2 => self.text().into(),
            3 => (self.below(2) == 0).into(),
            4 => (0..self.below(4)).map(|_| self.wild(depth - 1)).collect(),
            _ => Value::Object((0..self.below(4)).map(|_| (self.text(), self.wild(depth - 1))).collect()),
        }
    }
}

/// A pupil, an admin, and ids to use in requests.
struct World {
    people: Vec<Person>,
    chance: Chance,
}

impl World {
    async fn of(app: &TestApp) -> Self {
        let (pupil, admin) = (app.pupil("P6").await, app.admin().await);
        let paper = app.published_paper(&admin).await;
        let own = app.document(&pupil, "Mine", None).await;
        let quiz = json!({ "mode": "real-exam", "document_id": paper }).to_string();
        let request =
            Request::post("/api/quiz/generate").header(header::AUTHORIZATION, format!("Bearer {}", pupil.token));
        let quiz = app.send(request.body(quiz.into()).unwrap()).await.json();
        let ids = [paper, own, pupil.viewer.person().id, admin.viewer.person().id].map(|id| id.to_string());
        let ids = ids.into_iter().chain(quiz["id"].as_str().map(str::to_owned)).collect();
        Self { people: vec![pupil, admin], chance: Chance { runner: TestRunner::deterministic(), ids } }
    }

    /// Signs in a user again, because an earlier request may have signed them out, disabled or deleted them.
    async fn token(&self, app: &TestApp, turn: usize) -> String {
        let id = self.people[turn % self.people.len()].viewer.person().id;
        app.run("UPDATE users SET is_active = true, deleted_at = NULL WHERE id = $1", id).await;
        sessions::open(&app.state, id, "test").await.unwrap()
    }
}

/// Fails if the response is a server error or shows SQL. Returns whether the request was accepted.
fn taken(answer: &Answer, place: &str) -> usize {
    assert!(answer.status.as_u16() < 500, "{place}: {} {}", answer.status, answer.body);
    assert!(!answer.body.contains("SELECT ") && !answer.body.contains("sqlx"), "{place}: {}", answer.body);
    usize::from(answer.status.is_success())
}

#[sqlx::test]
async fn nothing_that_is_sent_makes_the_api_fail(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let mut world = World::of(&app).await;
    let (routes, schemas) = routes();
    let mut fine = 0;
    for route in &routes {
        for turn in 0..WILD {
            let token = world.token(&app, turn).await;
            let chance = &mut world.chance;
            let mut address = route.with(|| chance.text());
            let queries = route.parameters.iter().filter(|parameter| parameter["in"] == "query");
            let asked: Vec<String> = queries
                .filter_map(|parameter| Some(format!("{}={}", parameter["name"].as_str()?, encoded(&chance.text()))))
                .collect();
            if !asked.is_empty() {
                address = format!("{address}?{}", asked.join("&"));
            }
            let mut request = route.request(&address, Some(&token));
            let body = match route.body.iter().next() {
                Some((kind, _)) if kind.starts_with("multipart") => {
                    request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
                    let names = ["file", "subject", "level", "year", "title"];
                    let part = format!(
                        "--b\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\r\n{}\r\n--b--\r\n",
                        names[chance.below(names.len())],
                        encoded(&chance.text()),
                        chance.text()
                    );
                    if turn % 4 == 0 { chance.text() } else { part }
                }
                Some(_) if turn % 8 == 7 => chance.text(),
                Some((_, schema)) => chance.value(schema, &schemas, 0).to_string(),
                None => String::new(),
            };
            let answer = app.send(request.body(body.clone().into()).unwrap()).await;
            let place = format!("{} {address} {body}", route.method);
            fine += taken(&answer, &place);
            let open = ["/users/register", "/users/login"].contains(&route.path.as_str());
            assert!(open || answer.status != StatusCode::UNAUTHORIZED, "{place}: who asks is signed in");
        }
    }
    // Enough requests must be accepted.
    assert!(fine > routes.len(), "{fine} of {} requests were taken", WILD * routes.len());
}

/// The names of all arguments of server functions, from the sources.
fn arguments() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api");
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for function in source.split("#[server").skip(1) {
            let Some((_, signature)) = function.split_once("pub async fn ") else { continue };
            let signature = signature.split(") -> ").next().unwrap_or_default();
            let signature = signature.replace("#[server(default)]", "").replace("#[server(flatten)]", "");
            let given = signature.split_once('(').map_or("", |(_, given)| given);
            names.extend(given.split(',').filter_map(|one| Some(one.split_once(": ")?.0.trim().to_owned())));
        }
    }
    names.sort();
    names.dedup();
    names
}

#[sqlx::test]
async fn nothing_that_is_sent_makes_a_server_function_fail(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let mut world = World::of(&app).await;
    let mut functions: Vec<(&str, Method)> = leptos::server_fn::axum::server_fn_paths().collect();
    // They come in the order of a hash map; a run must be like the one before it.
    functions.sort_by_key(|(path, method)| (*path, method.to_string()));
    let names = arguments();
    assert!(functions.len() > 30 && names.len() > 30, "{} {names:?}", functions.len());
    let mut fine = 0;
    for (path, method) in &functions {
        for turn in 0..WILD {
            let token = world.token(&app, turn).await;
            // Most arguments are ids, and only a valid id gets past parsing.
            let given: Vec<String> = names
                .iter()
                .map(|name| {
                    let chance = &mut world.chance;
                    let text = if chance.below(2) == 0 { chance.id() } else { chance.text() };
                    format!("{name}={}", encoded(&text))
                })
                .collect();
            let given = given.join("&");
            let request = match *method {
                Method::GET => Request::get(format!("{path}?{given}")),
                _ => Request::post(*path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
            };
            let known = turn % 4 > 0;
            let request = match known {
                true => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
                false => request,
            };
            let answer = app.send(request.body(given.clone().into()).unwrap()).await;
            fine += taken(&answer, &format!("{path} {given}"));
            assert!(!known || answer.status != StatusCode::UNAUTHORIZED, "{path}: who asks is signed in");
        }
    }
    assert!(fine > functions.len(), "{fine} of {} requests were taken", WILD * functions.len());
}
