//! Middleware around every response, and rules about the code itself.

use std::path::Path;

use super::*;

fn form(path: &str, body: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "school.example")
        .header(header::CONTENT_LENGTH, body.len())
}

const LOGIN: &str = "/fn/exam_prep/api/accounts/login";

#[sqlx::test]
async fn the_cookie_is_guarded(pool: PgPool) {
    for (secure, words) in [("false", ""), ("true", "Secure")] {
        let app = TestApp::with(pool.clone(), |name| (name == "SECURE_COOKIES").then(|| secure.to_owned())).await;
        let person = app.pupil("P6").await;
        let body = format!("email={}&password=test123&next=//evil.example", person.viewer.person().sign_in_name());
        let answer =
            app.send(form(LOGIN, &body).header("accept", "text/html").body(body.clone().into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        assert_eq!(answer.header("location"), "/", "no way out to another site");
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(cookie.contains("Secure"), !words.is_empty(), "{cookie}");
    }
}

#[sqlx::test]
async fn another_site_cannot_send_forms(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let foreign = form(LOGIN, "").header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
    assert_eq!(app.send(foreign.body(Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test]
async fn a_database_that_is_away_is_told_in_words(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let id = app.document(&pupil, "mine", None).await;
    app.pool().close().await;
    let words = "cannot be reached right now";
    for (path, is_page) in [
        ("/documents".to_owned(), true),
        (format!("/documents/{id}"), true),
        ("/join".to_owned(), true),
        (format!("/documents/{id}/pages/1"), false),
        ("/api/documents".to_owned(), false),
        ("/fn/exam_prep/api/documents/get_library".to_owned(), false),
    ] {
        let answer = app.get(&path, Some(&pupil)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {}", answer.body);
        assert_eq!(answer.header("content-type").starts_with("text/html"), is_page, "{path}");
        let told = answer.body.contains(words) || answer.body == "\"DatabaseUnavailable\"";
        assert!(told && !answer.body.contains("Please sign in"), "{path}: {}", answer.body);
    }
    assert_eq!(app.get("/api/health", Some(&pupil)).await.json()["database"], "unavailable");
    assert_eq!(app.get("/login", None).await.status, StatusCode::OK);
    let sent = app.post_json("/api/users/login", r#"{"email": "a@test.com", "password": "test123"}"#).await;
    assert!(sent.status == 503 && sent.body.contains(words), "{}", sent.body);
}

#[sqlx::test]
async fn another_site_reads_nothing(pool: PgPool) {
    let app = TestApp::new(pool).await;
    for (method, path) in
        [("GET", "/api/health"), ("GET", "/api/users/me"), ("OPTIONS", "/api/users/login"), ("GET", "/login")]
    {
        let asked = Request::builder().method(method).uri(path).header("origin", "https://evil.example");
        let asked = asked.header("access-control-request-method", "POST").body(Body::empty()).unwrap();
        let answer = app.send(asked).await;
        let allowed = answer.headers.keys().find(|name| name.as_str().starts_with("access-control"));
        assert_eq!(allowed, None, "{method} {path}");
    }
}

#[sqlx::test]
async fn a_new_system_has_no_account_that_everybody_knows(pool: PgPool) {
    let app = TestApp::new(pool).await;
    assert_eq!(app.count("SELECT count(*) FROM users").await, 0);
}

#[sqlx::test]
async fn a_refused_form_comes_back_as_it_was_written(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let path = "/fn/exam_prep/api/accounts/register";
    let body = "full_name=Amina+%3CUwase%3E&email=amina%40test.com&password=aaaaaa&education_level=S3";
    let sent = form(path, body).header("accept", "text/html").header("referer", "http://localhost/register");
    let refused = app.send(sent.body(body.into()).unwrap()).await;
    assert_eq!(refused.status, StatusCode::FOUND);
    let cookie = refused.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("Path=/register;") && !cookie.contains("aaaaaa"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();
    let again = async |address: String| {
        app.send(Request::get(address).header("cookie", cookie).body(Body::empty()).unwrap()).await
    };
    let page = again(refused.header("location").replace("http://localhost", "")).await;
    for held in ["value=\"Amina &lt;Uwase&gt;\"", "value=\"amina@test.com\"", "<option value=\"S3\" selected"] {
        assert!(page.body.contains(held), "{held}: {}", page.body);
    }
    assert!(page.header("set-cookie").contains("written=; ") && page.header("set-cookie").contains("Max-Age=0"));
    let other =
        again(refused.header("location").replace("http://localhost", "").replacen("/register?", "/login?", 1)).await;
    assert!(!other.body.contains("amina@test.com"), "another form is not filled with it");

    let fine = body.replace("aaaaaa", "blue-lake-7");
    let sent = form(path, &fine).header("accept", "text/html").header("referer", "http://localhost/register");
    let taken = app.send(sent.body(fine.into()).unwrap()).await;
    assert!(!taken.header("set-cookie").contains("written"), "nothing is noted of what was taken");
}

#[sqlx::test]
async fn errors_of_server_functions_have_their_own_status(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let post = async |path: &str, body: &str| app.send(form(path, body).body(body.to_owned().into()).unwrap()).await;
    assert_eq!(post(LOGIN, "email=a@b.c&password=wrong").await.status, 422);
    assert_eq!(post(LOGIN, "nonsense=1").await.status, 422);
    let save = "/fn/exam_prep/api/attempts/save_answers";
    let attempt = "attempt=00000000-0000-0000-0000-000000000001&writer=00000000-0000-0000-0000-000000000002&shown_at=0";
    assert_eq!(post(save, attempt).await.status, 401);
    assert_eq!(app.get("/fn/exam_prep/api/documents/get_review?id=no-uuid", None).await.status, 422);
    let pupil = app.pupil("P6").await;
    assert_eq!(app.get("/documents?subject=%00", Some(&pupil)).await.status, 422);
}

#[sqlx::test]
async fn pages_say_who_may_run_scripts(pool: PgPool) {
    let app = TestApp::new(pool).await;
    for path in ["/", "/login", "/nothing/here"] {
        let answer = app.get(path, None).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'nonce-") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let nonces = answer.body.matches("<script").count();
        assert_eq!(nonces, answer.body.matches(" nonce=\"").count(), "{path}: a script without nonce");
    }
    assert_eq!(app.get("/nothing/here", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/api/nothing", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/documents", None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get("/documents/no-uuid", None).await.status, StatusCode::NOT_FOUND);
}

fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.push((
                    entry.path().display().to_string(),
                    std::fs::read_to_string(entry.path()).unwrap_or_default(),
                ));
            }
        }
    }
    found
}

#[test]
fn every_server_function_asks_who_asks() {
    for (path, text) in sources("src/api") {
        for function in
            text.replace("#[server(default)]", "").replace("#[server(flatten)]", "").split("#[server").skip(1)
        {
            let body = function.split_once("{\n").map_or("", |(_, body)| body);
            let ways = ["anyone()", "signed_in()", "staff()?", "admin()?", "owner()?"];
            let asks = ways.iter().any(|who| body.contains(&format!("request::{who}")));
            assert!(asks, "{path}: {}", function.lines().take(3).collect::<String>());
        }
    }
}

#[test]
fn sql_lives_in_one_folder() {
    for (path, text) in sources("src") {
        if !path.contains("/server/db") && !path.contains("/server/tests") {
            assert!(!text.contains("sqlx::query"), "{path} holds SQL");
        }
    }
}

#[test]
fn nothing_imports_from_a_floor_above_it() {
    // `http.rs` renders the pages, so it alone may import the app.
    let floors: [(&str, &[&str]); 4] = [
        ("src/domain", &["api", "app", "components", "pages", "server"]),
        ("src/server", &["api", "components", "pages"]),
        ("src/api", &["app", "components", "pages"]),
        ("src/components", &["app", "pages"]),
    ];
    for (folder, above) in floors {
        let files = sources(folder);
        assert!(files.len() > 3, "{folder} has moved");
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
            // Concatenated, so that this test does not find itself.
            let imported = above.iter().find(|floor| text.contains(&["crate", floor, ""].join("::")));
            assert_eq!(imported, None, "{path} imports from above");
        }
    }
}

#[test]
fn the_crates_know_neither_the_program_nor_the_world() {
    // What each may import of the others.
    let crates: [(&str, &[&str]); 4] = [
        ("exam-formats", &["exam_marking", "exam_model"]),
        ("exam-marking", &["exam_model"]),
        ("exam-model", &[]),
        ("exam-reading", &["exam_model"]),
    ];
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")).unwrap().flatten();
    let mut names: Vec<String> =
        folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().display().to_string()).collect();
    names.sort();
    assert_eq!(names, crates.map(|(name, _)| name), "a crate has no place in the order");

    let world = ["leptos", "sqlx", "tokio", "std::env", "std::fs", "std::net", "std::process", "SystemTime", "Instant"];
    for (name, below) in crates {
        let files = sources(&format!("crates/{name}/src"));
        assert!(files.len() > 3, "{name} has moved");
        let others = crates.map(|(other, _)| other.replace('-', "_"));
        let above = others.iter().map(String::as_str).filter(|other| !below.contains(other)).chain(["exam_prep"]);
        let own = name.replace('-', "_");
        let strange: Vec<&str> = above.filter(|other| *other != own).chain(world).collect();
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
            // Doc tests may show how crates work together.
            let mut code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let found = code.find_map(|line| strange.iter().find(|other| line.contains(**other)));
            assert_eq!(found, None, "{path} imports what it may not");
        }
    }
}

#[sqlx::test]
async fn pages_load_while_another_site_is_made(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let state = app.state.clone();
    let made = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (end, runtime) = (made.clone(), tokio::runtime::Handle::current());
    let making = std::thread::spawn(move || {
        let _inside = runtime.enter();
        while !end.load(std::sync::atomic::Ordering::Relaxed) {
            drop(http::router(state.clone()));
        }
    });
    for _ in 0..40 {
        assert_eq!(app.get("/documents", Some(&pupil)).await.status, StatusCode::OK);
    }
    made.store(true, std::sync::atomic::Ordering::Relaxed);
    making.join().unwrap();
}

#[sqlx::test]
async fn a_request_that_is_dropped_as_a_transaction_begins_leaves_none_open(pool: PgPool) {
    let one = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let one = one.connect_with((*pool.connect_options()).clone()).await.unwrap();
    for round in 0..60 {
        let mut begun = Box::pin(db::begin(&one));
        // Dropped after a few looks at it: once while its statement is on its way.
        for _ in 0..round {
            if futures_util::poll!(begun.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(begun);
        // Only within a transaction is there anything to come back to.
        let within = sqlx::raw_sql("SAVEPOINT within").execute(&one).await.is_ok();
        assert!(!within, "round {round}: the connection was left within a transaction");
    }
}

#[test]
fn transactions_begin_in_one_place() {
    let sources = std::process::Command::new("grep").args(["-rlE", r"pool\.begin(_with)?\(", "src"]).output().unwrap();
    let found = String::from_utf8(sources.stdout).unwrap();
    let elsewhere: Vec<&str> =
        found.lines().filter(|file| !file.contains("/tests/") && *file != "src/server/db.rs").collect();
    assert!(elsewhere.is_empty(), "use db::begin, which a dropped request does not leave open: {elsewhere:?}");
}
