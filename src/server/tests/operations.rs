//! What an operator relies on: metrics, health, a log without people, indexes.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use axum::routing::post;
use chrono::DateTime;
use metrics_exporter_prometheus::PrometheusHandle;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span as Sent;
use prost::Message;
use tracing::Instrument;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use url::Url;

use super::*;
use crate::domain::quiz::{Feedback, Mode};
use crate::server::attempts;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::db::quizzes::DrawFrom;
use crate::server::{metrics, traces, use_cryptography};

/// The one recorder of the process.
fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| metrics::install().unwrap()).clone()
}

async fn scraped(pool: &PgPool) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = metrics::router(recorder(), pool.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[sqlx::test]
async fn the_system_page_says_what_the_doctor_says(pool: PgPool) {
    use crate::server::db::operations::record_backup;
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let page = async || app.get("/admin/system", Some(&admin)).await.body;
    let none = page().await;
    for words in ["PostgreSQL", "none was made yet", env!("CARGO_PKG_VERSION"), "in progress, all within their time"] {
        assert!(none.contains(words), "{words}: {none}");
    }
    record_backup(app.pool(), "s3://backups/one.dump", 7 << 20, true).await.unwrap();
    assert!(page().await.contains("0 minutes old, 7 MB in s3://backups/one.dump, tried by restoring it"));
    sqlx::query("UPDATE backups SET made_at = now() - interval '30 hours'").execute(app.pool()).await.unwrap();
    let old = page().await;
    assert!(old.contains("30 hours old") && old.contains("one is due every night"), "{old}");
    assert_eq!(app.get("/admin/system", Some(&pupil)).await.status, 404);
}

#[sqlx::test]
async fn metrics_count_requests_by_route_and_watch_the_work(pool: PgPool) {
    recorder();
    let served = |name: &str| (name == "METRICS_ADDRESS").then(|| "127.0.0.1:9100".to_owned());
    let app = TestApp::with(pool, served).await;
    let pupil = app.pupil("P6").await;
    let id = app.document(&pupil, "a", None).await;
    app.get(&format!("/documents/{id}"), Some(&pupil)).await;
    app.get(&format!("/api/documents/{id}"), Some(&pupil)).await;
    app.get("/no/such/page", None).await;
    let before = scraped(app.pool()).await;
    for line in [
        r#"http_requests_total{method="GET",route="/documents/{id}",status="200"}"#,
        r#"http_requests_total{method="GET",route="/api/documents/{id}",status="200"}"#,
        r#"http_requests_total{method="GET",route="other",status="404"}"#,
        "exam_prep_database_up 1",
        r#"exam_prep_jobs{state="due"} 1"#,
        "exam_prep_open_attempts 0",
    ] {
        assert!(before.contains(line), "{line} is not in\n{before}");
    }
    assert!(!before.contains(&id.to_string()), "a route is a pattern");
    for _ in 0..11 {
        app.post_json("/api/users/login", r#"{"email": "who@test.com", "password": "wrong"}"#).await;
    }
    worker::work_all(app.pool()).await.unwrap();
    let after = scraped(app.pool()).await;
    assert!(after.contains(r#"exam_prep_rate_limited_total{limit="sign_in"}"#), "{after}");
    assert!(after.contains(r#"exam_prep_reading_seconds_count{outcome="read"}"#), "{after}");

    app.pool().close().await;
    assert!(scraped(app.pool()).await.contains("exam_prep_database_up 0"));
}

/// The names of metrics in a file of rules or panels.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
    let ours = words.filter(|word| word.starts_with("exam_prep_") || word.starts_with("http_request"));
    ours.map(|name| ["_bucket", "_count", "_sum"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name))
}

#[test]
fn rules_and_dashboard_ask_for_metrics_that_exist() {
    let there: Vec<&str> = names(include_str!("../metrics.rs")).collect();
    for file in [include_str!("../../../packaging/alerts.yaml"), include_str!("../../../packaging/dashboard.json")] {
        let mut asked = names(file).peekable();
        assert!(asked.peek().is_some());
        assert_eq!(asked.find(|name| !there.contains(name)), None);
    }
}

#[sqlx::test]
async fn it_lives_without_its_database_and_is_not_ready(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let status = async |path: &str| app.get(path, None).await.status;
    assert_eq!((status("/livez").await, status("/readyz").await), (StatusCode::OK, StatusCode::OK));
    app.pool().close().await;
    assert_eq!((status("/livez").await, status("/readyz").await), (StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE));
}

#[sqlx::test]
async fn every_request_has_an_id(pool: PgPool) {
    let app = TestApp::new(pool).await;
    assert!(Uuid::parse_str(app.get("/livez", None).await.header("x-request-id")).is_ok());
    let request = Request::get("/login").header("x-request-id", "of-the-proxy").body(Body::empty()).unwrap();
    assert_eq!(app.send(request).await.header("x-request-id"), "of-the-proxy");
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[sqlx::test]
async fn no_person_is_in_the_log(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let log = Log::default();
    let logging = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_env_filter("debug,sqlx=warn")
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let until = tracing::subscriber::set_default(logging);
    let (name, address, secret) = ("Zebulon Quist", "zebulon@test.com", "blue-lake-7");
    let new =
        format!(r#"{{"email": "{address}", "password": "{secret}", "full_name": "{name}", "education_level": "P6"}}"#);
    let token = app.post_json("/api/users/register", &new).await.json()["access_token"].as_str().unwrap().to_owned();
    for password in [secret, "wrong"] {
        app.post_json("/api/users/login", &format!(r#"{{"email": "{address}", "password": "{password}"}}"#)).await;
    }
    app.get("/admin/students?search=Zebulon", Some(&admin)).await;
    app.get("/admin/audit?words=zebulon%40test.com", Some(&admin)).await;
    let me = Person { viewer: admin.viewer.clone(), token: token.clone() };
    assert_eq!(app.get("/api/users/me", Some(&me)).await.status, StatusCode::OK);
    drop(until);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("path=\"/api/users/register\"") && log.contains("id=\""), "{log}");
    for word in ["Zebulon", "zebulon", "Quist", secret, &token] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}

/// A collector of traces, and the spans that it has got.
async fn collector() -> (Url, Arc<Mutex<Vec<Sent>>>) {
    let got = Arc::new(Mutex::new(Vec::new()));
    let into = got.clone();
    let take = move |body: Bytes| async move {
        let sent = ExportTraceServiceRequest::decode(body).unwrap();
        let scopes = sent.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
        into.lock().unwrap().extend(scopes.flat_map(|scope| scope.spans));
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let router = Router::new().route("/v1/traces", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, got)
}

#[sqlx::test]
async fn traces_name_routes_jobs_and_slow_statements_and_nobody(pool: PgPool) {
    use_cryptography();
    let (url, got) = collector().await;
    let provider = traces::exporter(&url).unwrap();
    let log = Log::default();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(log.clone());
    let lines = lines.with_filter(traces::without_spans("debug".into()));
    let tracing = tracing_subscriber::registry().with(lines).with(traces::layer(&provider));
    let until = tracing::subscriber::set_default(tracing);
    let app = TestApp::with(pool, |name| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| url.to_string())).await;
    let pupil = app.pupil("P6").await;
    let id = app.document(&pupil, "a", None).await;
    let request_id = app.get(&format!("/documents/{id}?words=zebulon%40test.com"), Some(&pupil)).await;
    let request_id = request_id.header("x-request-id").to_owned();
    app.get(&format!("/api/documents/{id}"), Some(&pupil)).await;
    worker::work_all(app.pool()).await.unwrap();
    let slow = traces::job("slow", 1);
    sqlx::query("SELECT pg_sleep($1)").bind(1.1).execute(app.pool()).instrument(slow).await.unwrap();
    drop(until);
    tokio::task::spawn_blocking(move || provider.shutdown()).await.unwrap().unwrap();

    let got = got.lock().unwrap();
    let named = |name: &str| got.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {got:#?}"));
    let page = format!("{:?}", named("GET /documents/{id}").attributes);
    assert!(page.contains("IntValue(200)") && page.contains(&request_id), "{page}");
    named("GET /api/documents/{id}");
    assert!(named("reading").events.is_empty());
    let slow = format!("{:?}", named("slow").events);
    assert!(slow.contains("slow statement") && slow.contains("SELECT pg_sleep($1)"), "{slow}");
    let all = format!("{got:?}");
    for word in [&id.to_string(), &pupil.viewer.id().to_string(), "zebulon", &pupil.token] {
        assert!(!all.contains(word), "{word} is in\n{got:#?}");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("slow statement") && !log.contains("otel.kind"), "{log}");
}

/// Foreign keys without an index: each with its reason.
const WITHOUT_INDEX: [(&str, &str); 3] = [
    ("attempt_answers.topic_id", "every answer would pay for it, and topics are hardly ever deleted"),
    ("classes.level", "levels are never deleted, and there are few classes"),
    ("documents.level", "levels are never deleted; published documents have ix_documents_level"),
];

#[sqlx::test]
async fn every_foreign_key_has_an_index(pool: PgPool) {
    let without: Vec<String> = sqlx::query_scalar(
        "SELECT c.conrelid::regclass || '.' || string_agg(a.attname, ',' ORDER BY k.nth)
           FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k (attnum, nth)
           JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
          WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisvalid
                               AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
                               AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) LIKE '%IS NOT NULL%'))
          GROUP BY c.oid, c.conrelid ORDER BY 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(without, WITHOUT_INDEX.map(|(key, _)| key));
}

#[sqlx::test]
async fn new_ids_of_exams_grow_with_time(pool: PgPool) {
    let before = attempts::now();
    // One transaction each, so that they are not made within the same fraction of a millisecond.
    let mut made: Vec<Uuid> = Vec::new();
    for _ in 0..500 {
        made.push(sqlx::query_scalar("SELECT uuid_v7()").fetch_one(&pool).await.unwrap());
    }
    assert!(made.is_sorted_by(|a, b| a < b));
    for id in &made {
        assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122), "{id}");
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        let at = DateTime::from_timestamp(seconds.cast_signed(), nanos).unwrap();
        assert!(
            (before - at).num_milliseconds() < 2 && (at - attempts::now()).num_milliseconds() < 2,
            "{id} is of {at}"
        );
    }
    let at_once = "SELECT count(DISTINCT id) FROM (SELECT uuid_v7() AS id FROM generate_series(1, 20000)) made";
    assert_eq!(sqlx::query_scalar::<_, i64>(at_once).fetch_one(&pool).await.unwrap(), 20_000);

    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let paper = app.published_paper(&admin).await;
    let pupil = app.pupil("P6").await;
    let wish = QuizRequest {
        from: DrawFrom::Document(paper),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let ids: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM attempts UNION SELECT id FROM quizzes").fetch_all(app.pool()).await.unwrap();
    assert_eq!(ids.iter().map(Uuid::get_version_num).collect::<Vec<_>>(), [7, 7]);
}
