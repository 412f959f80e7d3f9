//! The deployment guide's `curl` commands, and other requests to the same routes.

use super::*;
use crate::server::auth::rate_limits;
use crate::server::viewer::Client;

const GUIDES_BODY: &str = r#"{
    "email": "p6student@test.com",
    "password": "test123",
    "full_name": "P6 Test Student",
    "education_level": "P6"
  }"#;

#[sqlx::test]
async fn the_guides_registration_works(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let answer = app.post_json("/api/users/register", GUIDES_BODY).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let body = answer.json();
    assert_eq!(body["token_type"], "bearer");
    let request = Request::get("/api/users/me")
        .header(header::AUTHORIZATION, format!("Bearer {}", body["access_token"].as_str().unwrap()));
    let me = app.send(request.body(Body::empty()).unwrap()).await.json();
    assert_eq!((&me["email"], &me["education_level"]), (&body["user"]["email"], &Value::from("P6")));
    assert!(!answer.body.contains("hashed_password"));

    let again = app.post_json("/api/users/register", &GUIDES_BODY.replace("p6student", "P6Student")).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "the same address in other letters");
    let login = r#"{"email": "P6student@TEST.com", "password": "test123"}"#;
    assert_eq!(app.post_json("/api/users/login", login).await.status, StatusCode::OK);
    assert_eq!(app.post_json("/api/users/login", &login.replace("t123", "t124")).await.status, 401);
    assert_eq!(app.get("/api/users/me", None).await.status, 401);
}

#[sqlx::test]
async fn nobody_becomes_an_admin_by_registering(pool: PgPool) {
    let app = TestApp::new(pool).await;
    for (n, role) in [r#""admin""#, r#""teacher""#, "null", "5"].into_iter().enumerate() {
        let body = GUIDES_BODY.replace("p6student", &format!("pupil{n}"));
        let body = body.replace("\"password\"", &format!("\"role\": {role}, \"password\""));
        let answer = app.post_json("/api/users/register", &body).await;
        assert_eq!((answer.status, &answer.json()["user"]["role"]), (StatusCode::CREATED, &"student".into()), "{role}");
    }
    assert_eq!(app.count("SELECT count(*) FROM users WHERE role = 'admin'").await, 0);
}

#[sqlx::test]
async fn bad_input_is_told_and_keeps_nothing(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let long = format!("{}1", "a".repeat(300));
    for (from, to, field) in [
        ("p6student@test.com", "nobody", "email"),
        ("test123", "12345", "password"),
        ("test123", long.as_str(), "password"),
        ("P6 Test Student", " ", "full_name"),
        ("\"P6\"", "\"P7\"", "education_level"),
        ("\"P6\"", "\"a level of more letters\"", ""),
        ("\"email\"", "\"mail\"", ""),
        ("{", "[", ""),
    ] {
        let answer = app.post_json("/api/users/register", &GUIDES_BODY.replace(from, to)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{from} → {to}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["field"], field, "{from} → {to}");
    }
    assert_eq!(app.count("SELECT count(*) FROM users").await, 0);
}

#[sqlx::test]
async fn health_tells_of_the_schema(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let answer = app.get("/api/health", None).await;
    assert_eq!((answer.status, &answer.json()["status"]), (StatusCode::OK, &Value::from("ok")));
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        .execute(app.pool())
        .await
        .unwrap();
    let answer = app.get("/api/health", None).await;
    assert_eq!((answer.status, &answer.json()["schema"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("behind")));
}

#[sqlx::test]
async fn sessions_end(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let statements = [
        "UPDATE sessions SET created_at = now() - interval '2 d', expires_at = now() - interval '1 s' WHERE user_id = $1",
        "UPDATE users SET is_active = false WHERE id = $1",
        "DELETE FROM sessions WHERE user_id = $1",
    ];
    for statement in statements {
        let person = app.pupil("P6").await;
        assert_eq!(app.get("/api/users/me", Some(&person)).await.status, StatusCode::OK);
        app.run(statement, person.viewer.id()).await;
        assert_eq!(app.get("/api/users/me", Some(&person)).await.status, 401, "{statement}");
    }
}

#[sqlx::test]
async fn a_switched_off_account_cannot_sign_in(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let person = app.pupil("P6").await;
    app.run("UPDATE users SET is_active = false WHERE id = $1", person.viewer.id()).await;
    let body = format!(r#"{{"email": "{}", "password": "test123"}}"#, person.viewer.person().sign_in_name());
    assert_eq!(app.post_json("/api/users/login", &body).await.status, StatusCode::FORBIDDEN);
    let guessed = app.post_json("/api/users/login", &body.replace("test123", "guessed")).await;
    assert_eq!(guessed.status, StatusCode::UNAUTHORIZED, "nobody else learns of it");
}

#[sqlx::test]
async fn guessing_passwords_is_slow(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (person, other) = (app.pupil("P6").await, app.pupil("P6").await);
    let attempt = async |person: &Person, password: &str| {
        let body = format!(r#"{{"email": "{}", "password": "{password}"}}"#, person.viewer.person().sign_in_name());
        app.post_json("/api/users/login", &body).await.status
    };
    let guesses = futures_util::future::join_all((0..10).map(|_| attempt(&person, "guess"))).await;
    assert_eq!(guesses, [StatusCode::UNAUTHORIZED; 10]);
    assert_eq!(attempt(&person, "test123").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(attempt(&other, "test123").await, StatusCode::OK, "a classmate is not slowed down");
}

#[sqlx::test]
async fn every_letter_of_a_long_password_counts(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let long = "lake".repeat(25);
    let body = GUIDES_BODY.replace("test123", &long);
    assert_eq!(app.post_json("/api/users/register", &body).await.status, StatusCode::CREATED);
    let login = async |password: &str| {
        let body = format!(r#"{{"email": "p6student@test.com", "password": "{password}"}}"#);
        app.post_json("/api/users/login", &body).await.status
    };
    assert_eq!((login(&long[..99]).await, login(&long).await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
}

#[sqlx::test]
async fn a_school_behind_one_address_is_not_held_up(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let client = Client { device: "test".into(), address: "10.0.0.1".into() };
    let mut pupils = Vec::new();
    for _ in 0..60 {
        let pupil = app.pupil("P6").await;
        app.run("DELETE FROM sessions WHERE user_id = $1", pupil.viewer.id()).await;
        pupils.push(pupil.viewer.person().sign_in_name().to_owned());
    }
    // Each person mistypes once and signs in with the next try.
    for password in ["test124", "test123"] {
        let tries = pupils.iter().map(|email| sessions::sign_in(&app.state, email, password.to_owned(), &client));
        for answer in futures_util::future::join_all(tries).await {
            match password {
                "test123" => assert!(answer.is_ok(), "{answer:?}"),
                _ => assert!(!matches!(answer, Err(crate::error::AppError::RateLimited { .. })), "{answer:?}"),
            }
        }
    }
    let told =
        app.count("SELECT count(*) FROM sessions WHERE user_id IN (SELECT id FROM users WHERE role = 'student')").await;
    assert_eq!(told, 60);
}

#[test]
fn an_address_cannot_be_made_up() {
    use axum::extract::ConnectInfo;
    let of = |peer: &str, forwarded: &str| {
        let headers = [(header::HeaderName::from_static("x-forwarded-for"), forwarded.parse().unwrap())];
        let mut extensions = axum::http::Extensions::new();
        extensions.insert(ConnectInfo(peer.parse::<std::net::SocketAddr>().unwrap()));
        Client::of(&headers.into_iter().collect(), &extensions).address
    };
    assert_eq!(of("10.0.0.7:4000", "1.2.3.4"), "10.0.0.7", "whoever connects says what they like");
    assert_eq!(of("127.0.0.1:4000", "1.2.3.4, 10.0.0.7"), "10.0.0.7", "our own proxy adds its peer at the end");
}

/// Python's `bcrypt.hashpw(b"123456", bcrypt.gensalt())`: a password that nobody may choose here.
const OF_123456: &str = "$2b$12$fUXEcXjxzhVfBJwLhSGd5.Klb6QWBg2J6IRcuWE.DXyGxwea87ubq";

#[sqlx::test]
async fn an_earlier_systems_password_works_and_is_kept_in_our_way(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let person = app.pupil("P6").await;
    let (id, email) = (person.viewer.id(), person.viewer.person().sign_in_name().to_owned());
    let put = "UPDATE users SET hashed_password = $2 WHERE id = $1";
    sqlx::query(put).bind(id).bind(OF_123456).execute(app.pool()).await.unwrap();
    let hash = async || -> String {
        let kept = sqlx::query_scalar("SELECT hashed_password FROM users WHERE id = $1").bind(id);
        kept.fetch_one(app.pool()).await.unwrap()
    };
    let sign_in = async |email: &str, password: &str| {
        let started = std::time::Instant::now();
        let body = serde_json::json!({ "email": email, "password": password }).to_string();
        (app.post_json("/api/users/login", &body).await.status, started.elapsed().as_millis())
    };
    for (email, password) in [(email.as_str(), "1234567"), (&email, ""), ("nobody@test.com", "123456")] {
        let (status, took) = sign_in(email, password).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{email} {password}");
        assert!(took >= 1000, "{email} {password}: the time tells which kind of hash there is, {took} ms");
    }
    assert_eq!(hash().await, OF_123456, "a wrong password changes nothing");
    app.run("UPDATE users SET is_active = false WHERE id = $1", id).await;
    assert_eq!(sign_in(&email, "123456").await.0, StatusCode::FORBIDDEN);
    assert_eq!(hash().await, OF_123456, "nor does a sign-in that is refused");
    app.run("UPDATE users SET is_active = true WHERE id = $1", id).await;
    assert_eq!(sign_in(&email, "123456").await.0, StatusCode::OK);
    let renewed = hash().await;
    assert!(renewed.starts_with("$argon2id$"), "{renewed}");
    assert_eq!(sign_in(&email, "1234567").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&email, "123456").await.0, StatusCode::OK);
    assert_eq!(hash().await, renewed, "kept from then on");
    assert_eq!(app.get("/api/users/me", Some(&person)).await.status, StatusCode::OK, "other devices stay");

    sqlx::query(put).bind(id).bind(OF_123456).execute(app.pool()).await.unwrap();
    while rate_limits::SIGN_IN.record(app.pool(), &email).await.is_ok() {}
    assert_eq!(sign_in(&email, "123456").await.0, StatusCode::TOO_MANY_REQUESTS, "guessed no faster than others");
}

#[sqlx::test]
async fn an_earlier_systems_password_can_be_changed(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let put = "UPDATE users SET hashed_password = $2 WHERE id = $1";
    sqlx::query(put).bind(pupil.viewer.id()).bind(OF_123456).execute(app.pool()).await.unwrap();
    let change = async |form: &str| post_form(&app, "change_password", Some(&pupil), form).await.status;
    assert_eq!(change("present=1234567&new=blue-lake-7").await, 422);
    assert!(change("present=123456&new=blue-lake-7").await.is_success());
}

/// Calls a server function as a form does.
async fn post_form(app: &TestApp, name: &str, who: Option<&Person>, form: &str) -> Answer {
    let mut request = Request::post(format!("/fn/exam_prep/api/accounts/{name}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(person) = who {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", person.token));
    }
    app.send(request.body(form.to_owned().into()).unwrap()).await
}

#[sqlx::test]
async fn a_password_is_changed_by_who_knows_it(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let other = sessions::open(&app.state, pupil.viewer.id(), "another").await.unwrap();
    let other = Person { viewer: pupil.viewer.clone(), token: other };
    let change = async |form: &str| post_form(&app, "change_password", Some(&pupil), form).await.status;
    assert_eq!(change("present=wrong&new=blue-lake-7").await, 422);
    assert_eq!(change("present=test123&new=123456").await, 422, "one of the first that anybody would try");
    assert_eq!(app.get("/api/users/me", Some(&other)).await.status, StatusCode::OK, "nothing was changed");
    assert!(change("present=test123&new=blue-lake-7").await.is_success());
    assert_eq!(app.get("/api/users/me", Some(&other)).await.status, 401, "signed out");
    let email = pupil.viewer.person().sign_in_name();
    let login = async |password: &str| {
        let body = format!(r#"{{"email": "{email}", "password": "{password}"}}"#);
        app.post_json("/api/users/login", &body).await.status
    };
    assert_eq!((login("test123").await, login("blue-lake-7").await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
}

#[sqlx::test]
async fn a_forgotten_password_is_replaced_once_by_a_code(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let give = accounts::give_reset_code(&app.state, &admin.viewer, pupil.viewer.id()).await;
    let code = give.unwrap().to_lowercase();
    assert!(accounts::give_reset_code(&app.state, &admin.viewer, admin.viewer.id()).await.is_err(), "no admin's");
    let refused = post_form(&app, "give_reset_code", Some(&pupil), &format!("pupil={}", pupil.viewer.id())).await;
    assert_eq!(refused.status, 404, "the school's to give");
    let email = pupil.viewer.person().sign_in_name();
    let set = async |email: &str, code: &str, new: &str| {
        post_form(&app, "use_reset_code", None, &format!("email={email}&code={code}&new={new}")).await.status
    };
    assert_eq!(set(email, "ABCDEFGHJK", "blue-lake-7").await, 422);
    assert_eq!(set("nobody@test.com", &code, "blue-lake-7").await, 422);
    assert_eq!(set(email, &code, "short").await, 422, "the code is kept");
    assert!(
        set(email, &code, "blue-lake-7").await.is_success() || set(email, &code, "blue-lake-7").await.is_redirection()
    );
    assert_eq!(app.get("/api/users/me", Some(&pupil)).await.status, 401, "every device is signed out");
    assert_eq!(set(email, &code, "green-lake-7").await, 422, "good once");
    let guess = async || set(email, "ABCDEFGHJK", "blue-lake-7").await.as_u16();
    let mut last = 0;
    for _ in 0..5 {
        last = guess().await;
    }
    assert_eq!(last, 429, "guessing is slow");
}

#[sqlx::test]
async fn a_one_time_code_is_shown_without_scripts_once(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let page = format!("/admin/students/{}", pupil.viewer.id());
    let body = format!("pupil={}", pupil.viewer.id());
    let by_admin = |request: axum::http::request::Builder| {
        request.header(header::AUTHORIZATION, format!("Bearer {}", admin.token)).header("accept", "text/html")
    };
    let form = by_admin(Request::post("/fn/exam_prep/api/accounts/give_reset_code"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("referer", format!("http://localhost{page}"));
    let given = app.send(form.body(body.into()).unwrap()).await;
    assert_eq!(given.status, StatusCode::FOUND);
    let cookie = given.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains(&format!("Path={page};")), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let shown = by_admin(Request::get(&page)).header("cookie", cookie);
    let shown = app.send(shown.body(Body::empty()).unwrap()).await;
    assert!(shown.body.contains(cookie.strip_prefix("answer=").unwrap()));
    assert!(shown.header("set-cookie").contains("answer=; ") && shown.header("set-cookie").contains("Max-Age=0"));
}

#[sqlx::test]
async fn a_guesser_behind_the_schools_address_holds_up_nobody_who_is_signed_in(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let client = Client { device: "test".into(), address: "10.0.0.1".into() };
    let known = app.pupil("P6").await;
    let stranger = app.pupil("P6").await;
    app.run("DELETE FROM sessions WHERE user_id = $1", stranger.viewer.id()).await;
    for _ in 0..rate_limits::GUESSES.at_once {
        rate_limits::GUESSES.record(app.pool(), &client.address).await.unwrap();
    }
    let sign_in = async |person: &Person, client: &Client| {
        sessions::sign_in(&app.state, person.viewer.person().sign_in_name(), "test123".into(), client).await.map(|_| ())
    };
    assert!(matches!(sign_in(&stranger, &client).await, Err(crate::error::AppError::RateLimited { .. })));
    assert_eq!(sign_in(&known, &client).await, Ok(()));
    assert_eq!(sign_in(&stranger, &Client::default()).await, Ok(()), "from elsewhere");
}
