//! The REST API from outside: every route, with its requests and responses.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::json;

use super::quizzes::{document_of, sums, topic_of};
use super::statistics::{plainly, recount};
use super::*;
use crate::server::progress;

impl TestApp {
    pub(super) async fn call(&self, method: &str, path: &str, who: Option<&Person>, body: Value) -> Answer {
        self.keyed(method, path, who, body, None).await
    }

    async fn keyed(&self, method: &str, path: &str, who: Option<&Person>, body: Value, key: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(person) = who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", person.token));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = if body.is_null() { Body::empty() } else { body.to_string().into() };
        self.send(request.body(body).unwrap()).await
    }

    pub(super) async fn upload_to(&self, path: &str, who: &Person, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
            );
        }
        body.extend(b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"P6 maths.pdf\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--x--\r\n");
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.send(request.body(body.into()).unwrap()).await
    }
}

#[sqlx::test]
async fn a_pupil_goes_the_whole_way(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("S3").await);
    let document = app.published_paper(&admin).await;
    for path in ["/api/documents", "/api/documents/"] {
        let list = app.get(path, Some(&pupil)).await.json();
        assert_eq!(list[0]["id"], document.to_string(), "{path}");
        assert_eq!(list[0]["ingestion_status"], "completed");
        assert_eq!((&list[0]["document_category"], &list[0]["level"]), (&json!("exam_paper"), &json!("P6")));
        assert_eq!(app.get(path, Some(&other)).await.json(), json!([]), "another level's");
        assert_eq!(app.get(path, None).await.status, 401);
    }
    let filtered = async |query: &str| app.get(&format!("/api/documents?{query}"), Some(&pupil)).await.json();
    assert_eq!(filtered("subject=Mathematics&year=2025&category=exam_paper").await.as_array().unwrap().len(), 1);
    for none in ["subject=English", "year=1999", "category=notes", "is_personal=true", "skip=1"] {
        assert_eq!(filtered(none).await, json!([]), "{none}");
    }
    for bad in ["category=song", "year=last", "skip=x"] {
        assert_eq!(app.get(&format!("/api/documents?{bad}"), Some(&pupil)).await.status, 422, "{bad}");
    }

    // The guide's body, without a content type.
    let wanted = json!({ "mode": "topic-focused", "document_id": document, "subject": "Mathematics", "count": 10 });
    let made = app.call("POST", "/api/quiz/generate", Some(&pupil), wanted.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let quiz = made.json();
    assert_eq!((&quiz["mode"], &quiz["question_count"]), (&json!("topic-focused"), &json!(10)));
    assert!(!made.body.contains("\"key\""), "a candidate sees no key");
    assert_eq!(app.call("POST", "/api/quiz/generate", Some(&other), wanted).await.status, 404);
    let path = format!("/api/quiz/{}", quiz["id"].as_str().unwrap());
    assert_eq!(app.get(&path, Some(&pupil)).await.json(), quiz);
    assert_eq!(app.get(&path, Some(&other)).await.status, 404);

    // The key of every question, as text.
    let keys: std::collections::HashMap<String, String> =
        sqlx::query_as("SELECT id::text, key ->> 'text' FROM questions WHERE key IS NOT NULL")
            .fetch_all(app.pool())
            .await
            .unwrap()
            .into_iter()
            .collect();
    let questions = quiz["questions"].as_array().unwrap();
    let answers: serde_json::Map<String, Value> = questions
        .iter()
        .map(|question| question["id"].as_str().unwrap().to_owned())
        // The first form that the scheme accepts.
        .map(|id| (id.clone(), keys[&id].split(" / ").next().into()))
        .collect();
    let body = json!({ "quiz_id": quiz["id"], "answers": answers });
    let attempt = app.call("POST", "/api/attempts", Some(&pupil), body.clone()).await;
    assert_eq!(attempt.status, StatusCode::CREATED, "{}", attempt.body);
    let attempt = attempt.json();
    assert!(attempt["percentage"].as_f64().unwrap() > 90.0, "{attempt}");
    assert!(!attempt["topic_breakdown"].as_array().unwrap().is_empty() && attempt["submitted_at"].is_string());
    assert_eq!(attempt["answers"].as_array().unwrap().len(), 10);
    assert_eq!(app.call("POST", "/api/attempts", Some(&pupil), body.clone()).await.status, 409, "handed in already");
    assert_eq!(app.call("POST", "/api/attempts", Some(&other), body).await.status, 404);
    let one = format!("/api/attempts/{}", attempt["id"].as_str().unwrap());
    assert_eq!(app.get(&one, Some(&pupil)).await.json(), attempt);
    assert_eq!(app.get(&one, Some(&other)).await.status, 404);
    assert_eq!(app.get("/api/attempts", Some(&pupil)).await.json()[0]["score"], attempt["score"]);
    assert_eq!(app.get("/api/attempts", Some(&other)).await.json(), json!([]));

    let progress = app.get("/api/progress", Some(&pupil)).await.json();
    assert_eq!((&progress["total_attempts"], &progress["student_id"]), (&json!(1), &json!(pupil.viewer.id())));
    assert!(!progress["topic_metrics"].as_array().unwrap().is_empty());

    let student = pupil.viewer.id();
    let performance = format!("/api/admin/students/{student}/performance");
    let seen = app.get(&performance, Some(&admin)).await.json();
    assert_eq!((&seen["attempt_count"], &seen["overall_accuracy"]), (&json!(1), &progress["overall_accuracy"]));
    assert_eq!(seen["recent_attempts"][0]["id"], attempt["id"]);
    assert_eq!(app.get(&performance, Some(&pupil)).await.status, 403);
    let of_nobody = format!("/api/admin/students/{}/performance", admin.viewer.id());
    assert_eq!(app.get(&of_nobody, Some(&admin)).await.status, 404, "an admin is no pupil");
    let overview = app.get("/api/admin/analytics", Some(&admin)).await.json();
    assert_eq!((&overview["students"], &overview["attempts"]), (&json!(2), &json!(1)));
    assert_eq!(overview["subjects"][0]["subject"], "Mathematics");
}

#[sqlx::test]
async fn an_attempt_is_written_step_by_step(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let document = app.published_paper(&admin).await;
    let quiz =
        app.call("POST", "/api/quiz/generate", Some(&pupil), json!({ "mode": "real-exam", "document_id": document }));
    let quiz = quiz.await.json();
    let start = format!("/api/quiz/{}/start", quiz["id"].as_str().unwrap());
    let started = app.call("POST", &start, Some(&pupil), Value::Null).await;
    assert_eq!(started.status, StatusCode::CREATED, "{}", started.body);
    let started = started.json();
    assert_eq!(app.call("POST", &start, Some(&pupil), Value::Null).await.json()["attempt_id"], started["attempt_id"]);
    let attempt = format!("/api/attempts/{}", started["attempt_id"].as_str().unwrap());
    let question = &quiz["questions"][0]["id"];
    let entries = json!([{ "seq": 1, "question_id": question, "answer": "an answer" }]);
    let written = json!({ "writer": Uuid::new_v4(), "entries": entries });
    for who in [&pupil, &pupil] {
        let stands = app.call("POST", &format!("{attempt}/journal"), Some(who), written.clone()).await;
        assert_eq!((stands.status, &stands.json()["closed"]), (StatusCode::OK, &json!(false)), "{}", stands.body);
    }
    assert_eq!(app.call("POST", &format!("{attempt}/journal"), Some(&other), written).await.status, 404);
    let open = app.get(&attempt, Some(&pupil)).await.json();
    assert_eq!((&open["score"], &open["answers"][0]["answer"]), (&Value::Null, &json!(["an answer"])));
    assert_eq!(app.call("POST", &format!("{attempt}/submit"), Some(&other), Value::Null).await.status, 404);
    for _ in 0..2 {
        let done = app.call("POST", &format!("{attempt}/submit"), Some(&pupil), Value::Null).await;
        assert!(done.status == StatusCode::OK && done.json()["score"].is_number(), "{}", done.body);
    }
    assert_eq!(app.call("POST", &start, Some(&pupil), Value::Null).await.status, 409);
}

#[sqlx::test]
async fn files_come_and_go(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let fields = [("level", "P6"), ("subject", "Mathematics"), ("year", "2024"), ("official_duration_minutes", "90")];
    let made = app.upload_to("/api/documents/admin", &admin, &fields, PAPER).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = made.json();
    assert_eq!((&made["ingestion_status"], &made["official_duration_minutes"]), (&json!("pending"), &json!(90)));
    assert_eq!((&made["filename"], &made["is_personal"]), (&json!("P6 maths.pdf"), &json!(false)));
    assert_eq!(app.upload_to("/api/documents/admin", &pupil, &fields, PAPER).await.status, 403);
    let own =
        app.upload_to("/api/documents/student", &pupil, &[("instructions", "Show your work.")], PAPER).await.json();
    assert_eq!((&own["is_personal"], &own["level"]), (&json!(true), &json!("P6")));
    let refused = async |fields: &[(&str, &str)], file: &[u8]| {
        app.upload_to("/api/documents/admin", &admin, fields, file).await.status.as_u16()
    };
    assert_eq!(refused(&fields, b"GIF89a").await, 415);
    assert_eq!(refused(&fields, b"").await, 422);
    assert_eq!(refused(&fields[..1], PAPER).await, 422, "no subject");
    assert_eq!(refused(&[fields[0], fields[1], ("year", "24")], PAPER).await, 422);
    assert_eq!(refused(&fields, &vec![b' '; app.state.config.max_upload + 1]).await, 413);
    assert_eq!(app.call("POST", "/api/documents/student", Some(&pupil), json!({})).await.status, 415);

    let path = format!("/api/documents/{}/pdf", own["id"].as_str().unwrap());
    let whole = app.get(&path, Some(&pupil)).await;
    assert_eq!((whole.status, whole.header("accept-ranges")), (StatusCode::OK, "bytes"));
    assert!(whole.header("content-disposition").starts_with("inline"));
    assert_eq!(app.get(&path, Some(&other)).await.status, 404);
    let ranged = async |range: &str| {
        let request = Request::get(&path)
            .header(header::AUTHORIZATION, format!("Bearer {}", pupil.token))
            .header(header::RANGE, range);
        app.send(request.body(Body::empty()).unwrap()).await
    };
    let part = ranged("bytes=0-4").await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "%PDF-"));
    assert_eq!(part.header("content-range"), format!("bytes 0-4/{}", PAPER.len()));
    assert_eq!(ranged("bytes=99999999-").await.status, 416);
    assert_eq!(ranged("pages=1").await.status, StatusCode::OK);
}

#[sqlx::test]
async fn subjects_are_taken_and_left(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    app.published_paper(&admin).await;
    let private = app.document(&app.pupil("P6").await, "A classmate's", None).await;
    let of_the_subject =
        "UPDATE documents SET subject_id = (SELECT id FROM subjects WHERE level = 'P6' AND name = 'Mathematics')
                           WHERE id = $1";
    app.run(of_the_subject, private).await;
    let list = app.get("/api/subjects/", Some(&pupil)).await.json();
    let maths = list.as_array().unwrap().iter().find(|subject| subject["name"] == "Mathematics").unwrap().clone();
    assert_eq!((&maths["document_count"], &maths["enrolled"]), (&json!(1), &json!(false)));
    assert!(list.as_array().unwrap().iter().all(|subject| subject["level"] == "P6"), "one's own level");
    let id = maths["id"].as_str().unwrap();
    let documents = app.get(&format!("/api/subjects/{id}/documents"), Some(&pupil)).await.json();
    assert_eq!(documents.as_array().unwrap().len(), 1, "and not the classmate's own");
    let seen = app.get(&format!("/api/subjects/{id}/documents"), Some(&admin)).await.json();
    assert_eq!(seen.as_array().unwrap().len(), 3, "which is of this subject, and the scheme");
    let take = || app.call("POST", "/api/subjects/enroll", Some(&pupil), json!({ "subject_ids": [id] }));
    for enrolled in futures_util::future::join_all((0..20).map(|_| take())).await {
        assert_eq!(enrolled.json()[0]["id"], id, "{}", enrolled.body);
    }
    assert_eq!(app.count("SELECT count(*) FROM enrollments").await, 1);
    let add = || app.call("POST", "/api/subjects", Some(&admin), json!({ "name": "Carpentry", "level": "TTC" }));
    let mut added = futures_util::future::join_all((0..20).map(|_| add())).await;
    added.sort_by_key(|answer| answer.status);
    assert_eq!(added[0].status, StatusCode::CREATED);
    assert!(added[1..].iter().all(|answer| answer.status == StatusCode::CONFLICT));
    let elsewhere = added[0].json()["id"].clone();
    let both = json!({ "subject_ids": [id, elsewhere] });
    assert_eq!(app.call("POST", "/api/subjects/enroll", Some(&pupil), both).await.status, 404, "another level's");
    assert_eq!(
        app.call("POST", "/api/subjects", Some(&pupil), json!({ "name": "x", "level": "P6" })).await.status,
        403
    );
    let leave = format!("/api/subjects/enroll/{id}");
    assert_eq!(app.call("DELETE", &leave, Some(&pupil), Value::Null).await.status, 204);
    assert_eq!(app.call("DELETE", &leave, Some(&pupil), Value::Null).await.status, 404);
}

#[sqlx::test]
async fn one_changes_oneself_within_bounds(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let change = async |body: Value| app.call("PATCH", "/api/users/me", Some(&pupil), body).await;
    assert_eq!(change(json!({ "full_name": "Amina Uwase" })).await.json()["full_name"], "Amina Uwase");
    assert_eq!(change(json!({ "education_level": "P6" })).await.status, StatusCode::OK);
    assert_eq!(change(json!({ "education_level": "S3" })).await.status, 403);
    assert_eq!(change(json!({ "full_name": "" })).await.status, 422);
    let tokens = app.get("/api/users/me/tokens", Some(&pupil)).await.json();
    let revoke = format!("/api/users/me/tokens/{}", tokens[0]["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &revoke, Some(&app.pupil("P6").await), Value::Null).await.status, 404);
    assert_eq!(app.call("DELETE", &revoke, Some(&pupil), Value::Null).await.status, 204);
    assert_eq!(app.get("/api/users/me", Some(&pupil)).await.status, 401, "revoked");
}

#[sqlx::test]
async fn what_is_sent_again_is_done_once(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let document = app.published_paper(&admin).await;
    let body = json!({ "document_id": document, "count": 3 });
    let send = async |who: &Person, body: &Value, key: &str| {
        app.keyed("POST", "/api/quiz/generate", Some(who), body.clone(), Some(key)).await
    };
    let first = send(&pupil, &body, "k1").await;
    let again = send(&pupil, &body, "k1").await;
    assert_eq!((again.status, again.json()), (first.status, first.json()));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(app.count("SELECT count(*) FROM quizzes").await, 1);
    assert_ne!(send(&pupil, &body, "k2").await.json()["id"], first.json()["id"]);
    assert_ne!(send(&other, &body, "k1").await.json()["id"], first.json()["id"], "another person's key");
    assert_eq!(send(&pupil, &json!({ "document_id": document, "count": 4 }), "k1").await.status, 422);
    assert_eq!(send(&pupil, &body, &"k".repeat(256)).await.status, 422);
    let (a, b) = tokio::join!(send(&pupil, &body, "k3"), send(&pupil, &body, "k3"));
    assert!([a.status, b.status].iter().all(|status| [201, 409].contains(&status.as_u16())));
    assert_eq!(app.count("SELECT count(*) FROM quizzes").await, 4);
    let new = json!({ "email": "again@test.com", "password": "test123", "full_name": "Again" });
    let register = async |key| app.keyed("POST", "/api/users/register", None, new.clone(), key).await.status.as_u16();
    assert_eq!([register(None).await, register(Some("r")).await, register(None).await], [201, 201, 409]);
}

#[sqlx::test]
async fn reads_that_did_not_change_are_not_sent_again(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let first = app.get("/api/subjects", Some(&pupil)).await;
    let tag = first.header("etag").to_owned();
    let with_tag = async |tag: &str| {
        let request = Request::get("/api/subjects")
            .header(header::AUTHORIZATION, format!("Bearer {}", pupil.token))
            .header(header::IF_NONE_MATCH, tag);
        app.send(request.body(Body::empty()).unwrap()).await
    };
    let same = with_tag(&tag).await;
    assert_eq!((same.status, same.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    sqlx::query("INSERT INTO subjects (level, name) VALUES ('P6', 'Chess')").execute(app.pool()).await.unwrap();
    assert_eq!(with_tag(&tag).await.status, StatusCode::OK);
}

#[sqlx::test]
async fn what_is_wrong_is_told_as_a_problem(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    for (method, path, body, status) in [
        ("GET", "/api/nothing", Value::Null, 404),
        ("GET", "/api/documents/not-an-id", Value::Null, 404),
        ("GET", "/api/attempts/00000000-0000-0000-0000-000000000000", Value::Null, 404),
        ("PUT", "/api/progress", Value::Null, 405),
        ("POST", "/api/quiz/generate", json!({}), 422),
        ("POST", "/api/quiz/generate", json!({ "document_id": "..." }), 422),
        ("POST", "/api/quiz/generate", json!({ "mode": "guess", "subject": "Mathematics" }), 422),
        ("POST", "/api/quiz/generate", json!({ "subject": "Alchemy" }), 404),
        ("POST", "/api/quiz/generate", json!({ "subject": "Mathematics", "topics": ["Alchemy"] }), 422),
        ("POST", "/api/quiz/generate", json!({ "mode": "real-exam", "subject": "Mathematics" }), 422),
        ("POST", "/api/attempts", json!({ "quiz_id": Uuid::new_v4() }), 404),
        ("GET", "/api/admin/students", Value::Null, 403),
    ] {
        let answer = app.call(method, path, Some(&pupil), body).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        assert!(answer.json()["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
}

#[sqlx::test]
async fn weak_topics_name_who_is_weak(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let document = app.published_paper(&admin).await;
    let quiz =
        app.call("POST", "/api/quiz/generate", Some(&pupil), json!({ "mode": "real-exam", "document_id": document }));
    let quiz = quiz.await.json();
    let answers: serde_json::Map<String, Value> = quiz["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| (question["id"].as_str().unwrap().to_owned(), json!("zebra")))
        .collect();
    let body = json!({ "quiz_id": quiz["id"], "answers": answers });
    assert_eq!(app.call("POST", "/api/attempts", Some(&pupil), body).await.status, StatusCode::CREATED);
    let summary = async |query: &str| {
        app.get(&format!("/api/admin/students/weak-topics/summary{query}"), Some(&admin)).await.json()
    };
    let all = summary("").await;
    assert_eq!(all[0]["students"][0]["id"], json!(pupil.viewer.id()), "{all}");
    assert_eq!((&all[0]["students_weak"], &all[0]["students_measured"]), (&json!(1), &json!(1)));
    assert_eq!(summary("?level=P6&subject=Mathematics&period=7").await, all);
    assert_eq!(summary("?level=S3").await, json!([]));
    let students = async |query: &str| app.get(&format!("/api/admin/students{query}"), Some(&admin)).await.json();
    assert_eq!(
        students("?search=SOMEBODY&level=P6").await[0]["weak_topic_count"].as_i64().unwrap(),
        all.as_array().unwrap().len() as i64
    );
    assert_eq!(students("?search=nobody").await, json!([]));
    assert_eq!(students("?skip=1").await, json!([]));
    assert_eq!(app.get("/api/admin/students?sort=shoes", Some(&admin)).await.status, 422);
}

#[sqlx::test]
async fn the_description_names_every_route(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let description = app.get("/api/openapi.json", None).await.json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    // OpenAPI asks for words at each response; generators of clients refuse a description without them.
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (status, response) in
            methods.as_object().unwrap().values().flat_map(|route| route["responses"].as_object().unwrap())
        {
            assert!(response["description"].as_str().is_some_and(|words| !words.is_empty()), "{path}: {status}");
        }
    }
    for (path, method) in [
        ("/health", "get"),
        ("/users/register", "post"),
        ("/users/login", "post"),
        ("/users/me", "patch"),
        ("/documents", "get"),
        ("/documents/admin", "post"),
        ("/documents/student", "post"),
        ("/documents/{id}", "get"),
        ("/documents/{id}/pdf", "get"),
        ("/documents/{id}/archive", "patch"),
        ("/documents/{id}/restore", "patch"),
        ("/documents/{id}/share", "post"),
        ("/documents/{id}/share/{student_id}", "delete"),
        ("/documents/{id}/comments", "post"),
        ("/documents/{id}/comments/{comment_id}", "patch"),
        ("/subjects/enroll", "post"),
        ("/subjects/enroll/{id}", "delete"),
        ("/quiz/generate", "post"),
        ("/quiz/{id}", "get"),
        ("/attempts", "post"),
        ("/attempts/{id}", "get"),
        ("/progress", "get"),
        ("/admin/students", "get"),
        ("/admin/students/{id}", "get"),
        ("/admin/students/{id}/performance", "get"),
        ("/admin/students/weak-topics/summary", "get"),
        ("/admin/analytics", "get"),
    ] {
        assert!(description["paths"][path][method].is_object(), "{method} {path}");
    }
    let operations =
        description["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let mut ids: Vec<&str> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "each once");
    let page = app.get("/api/docs", None).await;
    assert!(page.status == StatusCode::OK && page.body.contains("POST /api/quiz/generate"));
}

#[sqlx::test]
async fn the_schools_tables_say_what_the_pages_say(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let document = app.published_paper(&admin).await;
    for (answer, days) in [("12", 40), ("zebra", 3), ("12", 0)] {
        let wanted = json!({ "document_id": document, "count": 20 });
        let quiz = app.call("POST", "/api/quiz/generate", Some(&pupil), wanted).await.json();
        let answers: serde_json::Map<String, Value> = quiz["questions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|question| (question["id"].as_str().unwrap().to_owned(), json!(answer)))
            .collect();
        let body = json!({ "quiz_id": quiz["id"], "answers": answers });
        let id = app.call("POST", "/api/attempts", Some(&pupil), body).await.json()["id"].as_str().unwrap().to_owned();
        sqlx::query("UPDATE attempts SET started_at = started_at - make_interval(days => $2), deadline_at = deadline_at - make_interval(days => $2), submitted_at = submitted_at - make_interval(days => $2) WHERE id = $1::uuid")
            .bind(id).bind(days).execute(app.pool()).await.unwrap();
    }
    recount(&app).await;
    let plain = plainly(&app).await;
    let topics = app.get("/api/progress", Some(&pupil)).await.json()["topic_metrics"].clone();
    for topic in topics.as_array().unwrap() {
        let plainly = plain[&(pupil.viewer.id(), topic["topic_id"].as_str().unwrap().parse().unwrap())].expected;
        for (name, value) in [("accuracy", plainly.share), ("low", plainly.low), ("high", plainly.high)] {
            assert!((topic[name].as_f64().unwrap() - value).abs() < 1e-9, "{topic}: {name} {value}");
        }
        assert!(topic["why"].as_str().unwrap().starts_with("You usually get "), "{topic}");
    }
    let summary = app.get("/api/admin/students/weak-topics/summary", Some(&admin)).await.json();
    let weak = summary.as_array().unwrap().len();
    assert!(weak > 0);
    let csv = app.get("/admin/tables/weak-topics.csv", Some(&admin)).await;
    assert_eq!((csv.status, csv.body.lines().count()), (StatusCode::OK, 1 + weak), "{}", csv.body);
    let page = app.get("/admin/weak-topics?level=P6&period=30", Some(&admin)).await;
    assert!(page.status == StatusCode::OK && page.body.contains(summary[0]["topic_name"].as_str().unwrap()));
    assert!(page.body.contains(&format!("/admin/students/{}", pupil.viewer.id())), "a number leads to who it is");
    let overview = app.get("/admin", Some(&admin)).await.body;
    assert!(
        overview.contains("<rect") && overview.contains("attempts handed in") && overview.contains("P6 Mathematics")
    );
    let students = app.get("/admin/students?search=some&level=P6", Some(&admin)).await.body;
    assert!(students.contains("Somebody") && students.contains("students.xlsx?search=some&amp;level=P6"), "{students}");
    assert!(app.get("/admin/students?search=nobody", Some(&admin)).await.body.contains("No pupils."));
    for name in ["students", "weak-topics", "activity", "subjects"] {
        for ending in ["csv", "xlsx"] {
            let path = format!("/admin/tables/{name}.{ending}");
            assert_eq!(app.get(&path, Some(&admin)).await.status, StatusCode::OK, "{path}");
            assert_eq!(app.get(&path, Some(&pupil)).await.status, 403, "{path}");
        }
    }
    for none in ["students.pdf", "students", "users.csv"] {
        assert_eq!(app.get(&format!("/admin/tables/{none}"), Some(&admin)).await.status, 404, "{none}");
    }
}

#[sqlx::test]
async fn documents_are_shared_archived_and_commented(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, mate) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let (elsewhere, stranger) = (app.pupil("S3").await, Uuid::new_v4());
    let own =
        app.upload_to("/api/documents/student", &pupil, &[], PAPER).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/documents/{own}");
    let people = json!({ "student_ids": [mate.viewer.id(), elsewhere.viewer.id(), stranger] });
    let share = format!("{path}/share");
    for _ in 0..2 {
        let shared = app.call("POST", &share, Some(&pupil), people.clone()).await;
        assert_eq!(shared.json()["shared_with"], json!([mate.viewer.id()]), "{}", shared.body);
    }
    assert_eq!(app.get(&path, Some(&mate)).await.json()["is_shared"], true);
    assert_eq!(app.get(&path, Some(&elsewhere)).await.status, 404);
    assert_eq!(app.call("POST", &share, Some(&mate), people).await.status, 404, "not theirs to share on");
    let back = format!("{share}/{}", mate.viewer.id());
    assert_eq!(app.call("DELETE", &back, Some(&mate), Value::Null).await.status, 404);
    assert_eq!(app.call("DELETE", &back, Some(&pupil), Value::Null).await.status, 204);
    assert_eq!(app.get(&path, Some(&mate)).await.status, 404);
    assert_eq!(app.get(&path, Some(&pupil)).await.json()["is_shared"], false);

    let paper = app.published_paper(&admin).await;
    let path = format!("/api/documents/{paper}");
    let archive = format!("{path}/archive");
    assert_eq!(app.call("PATCH", &archive, Some(&pupil), json!({})).await.status, 403);
    let archived = app.call("PATCH", &archive, Some(&admin), json!({ "reason": "A newer one is here." })).await.json();
    assert_eq!((&archived["is_archived"], &archived["archive_reason"]), (&json!(true), &json!("A newer one is here.")));
    assert_eq!(app.get(&path, Some(&mate)).await.status, 404, "archived papers cannot be read by their id");
    assert_eq!(app.get("/api/documents?include_archived=true", Some(&mate)).await.json(), json!([]));
    let all = app.get("/api/documents?include_archived=true", Some(&admin)).await.json();
    assert!(all.as_array().unwrap().iter().any(|document| document["id"] == json!(paper)));
    assert!(
        app.call("PATCH", &format!("{path}/restore"), Some(&admin), Value::Null).await.json()["archived_at"].is_null()
    );
    assert_eq!(app.get(&path, Some(&mate)).await.status, StatusCode::OK);

    let comments = format!("{path}/comments");
    let said = json!({ "content": "The key of 3 is wrong.", "comment_type": "issue", "page_number": 2 });
    let made = app.call("POST", &comments, Some(&admin), said).await;
    assert_eq!((made.status, &made.json()["resolved"]), (StatusCode::CREATED, &json!(false)), "{}", made.body);
    let one = format!("{comments}/{}", made.json()["id"].as_str().unwrap());
    let resolved = app.call("PATCH", &one, Some(&admin), json!({ "resolved": true })).await.json();
    assert_eq!((&resolved["resolved"], &resolved["content"]), (&json!(true), &json!("The key of 3 is wrong.")));
    assert_eq!(app.get(&path, Some(&admin)).await.json()["comment_count"], 1);
    assert_eq!(app.get(&path, Some(&mate)).await.json()["comment_count"], 0);
    assert_eq!(app.get(&comments, Some(&mate)).await.status, 403);
    for bad in
        [json!({}), json!({ "content": "x", "comment_type": "song" }), json!({ "content": "x", "page_number": 99 })]
    {
        assert_eq!(app.call("POST", &comments, Some(&admin), bad.clone()).await.status, 422, "{bad}");
    }
    assert_eq!(app.call("DELETE", &one, Some(&admin), Value::Null).await.status, 204);
    assert_eq!(app.get(&comments, Some(&admin)).await.json(), json!([]));
}

/// Counts the statements that sqlx logs.
pub(super) struct Statements(pub Arc<AtomicUsize>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Relaxed);
        }
    }
}

#[sqlx::test]
async fn a_longer_list_asks_the_database_no_oftener(pool: PgPool) {
    use tracing_subscriber::layer::SubscriberExt;
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let more = async |times: usize| {
        for _ in 0..times {
            let paper = document_of(&app, &admin, "Sums", &sums(6, Some(topic))).await;
            for who in [&pupil, &app.pupil("P6").await] {
                let quiz =
                    app.call("POST", "/api/quiz/generate", Some(who), json!({ "document_id": paper })).await.json();
                let wrong =
                    quiz["questions"].as_array().unwrap().iter().map(|asked| (asked["id"].as_str().unwrap(), "7"));
                let sat = json!({ "quiz_id": quiz["id"], "answers": wrong.collect::<BTreeMap<_, _>>() });
                assert_eq!(app.call("POST", "/api/attempts", Some(who), sat).await.status, StatusCode::CREATED);
            }
            app.call("POST", &format!("/api/documents/{paper}/comments"), Some(&admin), json!({ "content": "Look" }))
                .await;
        }
    };
    let performance = format!("/api/admin/students/{}/performance", pupil.viewer.id());
    let lists = [
        ("/api/documents", &pupil),
        ("/api/documents?include_archived=true", &admin),
        ("/api/subjects", &pupil),
        ("/api/attempts", &pupil),
        ("/api/progress", &pupil),
        ("/api/admin/students", &admin),
        ("/api/admin/students/weak-topics/summary", &admin),
        ("/api/admin/analytics", &admin),
        (&performance, &admin),
    ];
    let sent = Arc::new(AtomicUsize::new(0));
    let counting = tracing_subscriber::registry().with(Statements(sent.clone()));
    let _here = tracing::subscriber::set_default(counting);
    let ask = async || {
        let mut all = Vec::new();
        for (path, who) in lists {
            let before = sent.load(Relaxed);
            let answer = app.get(path, Some(who)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            all.push((path, sent.load(Relaxed) - before, answer.body.len()));
        }
        all
    };
    more(2).await;
    // The first request of a user within a minute records when they were last seen.
    ask().await;
    let few = ask().await;
    more(10).await;
    ask().await;
    let many = ask().await;
    for ((path, first, short), (_, then, long)) in few.into_iter().zip(many) {
        assert!(first >= 2, "{path} is not counted");
        assert!(
            long > short || ["/api/subjects", "/api/progress"].contains(&path),
            "{path} is no longer: {long} bytes"
        );
        assert_eq!(then, first, "{path}");
    }
    for (most, shown, earlier) in [(5, 5, true), (12, 12, false), (100, 12, false)] {
        let progress =
            progress::progress(&app.state, &pupil.viewer, pupil.viewer.id(), ("", "", None), most).await.unwrap();
        assert_eq!((progress.attempts.len(), progress.more), (shown, earlier), "the latest {most} attempts");
    }
}
