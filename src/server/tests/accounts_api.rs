//! The deployment guide's `curl` lines, and what else may be sent there.

use super::*;

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
    let body = GUIDES_BODY.replace("\"password\"", "\"role\": \"admin\", \"password\"");
    assert_eq!(app.post_json("/api/users/register", &body).await.json()["user"]["role"], "student");
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
    let body = format!(r#"{{"email": "{}", "password": "test123"}}"#, person.viewer.person().email);
    assert_eq!(app.post_json("/api/users/login", &body).await.status, StatusCode::FORBIDDEN);
    let guessed = app.post_json("/api/users/login", &body.replace("test123", "guessed")).await;
    assert_eq!(guessed.status, StatusCode::UNAUTHORIZED, "nobody else learns of it");
}

#[sqlx::test]
async fn guessing_passwords_is_slow(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (person, other) = (app.pupil("P6").await, app.pupil("P6").await);
    let attempt = async |person: &Person, password: &str| {
        let body = format!(r#"{{"email": "{}", "password": "{password}"}}"#, person.viewer.person().email);
        app.post_json("/api/users/login", &body).await.status
    };
    for _ in 0..10 {
        assert_eq!(attempt(&person, "guess").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(attempt(&person, "test123").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(attempt(&other, "test123").await, StatusCode::OK, "a classmate is not slowed down");
}
