//! Metrics in Prometheus' text format, on an address of their own, so that they can stay inside the school's network.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sqlx::PgPool;

use crate::server::db::operations;

const REQUESTS: &str = "http_requests_total";
const REQUEST_TIME: &str = "http_request_duration_seconds";
const SAVES: &str = "exam_prep_saves_per_statement";
const MARKING_TIME: &str = "exam_prep_marking_seconds";
const READING_TIME: &str = "exam_prep_reading_seconds";
const REFUSED: &str = "exam_prep_rate_limited_total";

/// Upper bounds of the buckets, in seconds: from a save to the reading of a long scan.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 120.0];
/// Upper bounds of the buckets for what is counted.
const COUNTS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// Starts recording in this process. Without it, nothing is recorded and recording costs nothing.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&SECONDS)?
        .set_buckets_for_metric(Matcher::Full(SAVES.to_owned()), &COUNTS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    describe_counter!(REQUESTS, "Requests by method, route and status.");
    describe_histogram!(REQUEST_TIME, "Seconds until the first byte of the answer, by method and route.");
    describe_histogram!(SAVES, "Saves of answers that one statement wrote.");
    describe_histogram!(MARKING_TIME, "Seconds of marking an attempt.");
    describe_histogram!(READING_TIME, "Seconds of reading a document, by outcome.");
    describe_counter!(REFUSED, "Tries that a rate limit refused, such as sign-ins.");
    describe_gauge!("exam_prep_database_up", "Whether the database answers.");
    describe_gauge!("exam_prep_open_attempts", "Attempts in progress.");
    describe_gauge!(
        "exam_prep_overdue_seconds",
        "How long the attempt that waits longest to be closed is past its end."
    );
    describe_gauge!("exam_prep_jobs", "Documents that wait to be read: due, put off after a failure, or in work.");
    describe_gauge!("exam_prep_oldest_job_seconds", "The age of the oldest of them.");
    describe_gauge!("exam_prep_failed_documents", "Documents that could not be read.");
    describe_gauge!("exam_prep_database_bytes", "The size of the database.");
    describe_gauge!("exam_prep_pool_connections", "Connections to the database: in use or idle.");
    Ok(handle)
}

/// Listens on this address, and returns what serves `/metrics` there for as long as it runs.
pub async fn serve(
    address: SocketAddr,
    handle: PrometheusHandle,
    pool: PgPool,
) -> std::io::Result<impl Future<Output = std::io::Result<()>>> {
    let socket = tokio::net::TcpListener::bind(address).await?;
    Ok(axum::serve(socket, router(handle, pool)).into_future())
}

/// The one route.
pub fn router(handle: PrometheusHandle, pool: PgPool) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state((handle, pool))
}

async fn scrape(State((handle, pool)): State<(PrometheusHandle, PgPool)>) -> Response {
    gauge!("exam_prep_pool_connections", "state" => "idle").set(pool.num_idle() as f64);
    let used = (pool.size() as usize).saturating_sub(pool.num_idle());
    gauge!("exam_prep_pool_connections", "state" => "used").set(used as f64);
    let figures = operations::figures(&pool).await;
    gauge!("exam_prep_database_up").set(if figures.is_ok() { 1.0 } else { 0.0 });
    match figures {
        Ok(now) => {
            gauge!("exam_prep_open_attempts").set(now.open_attempts as f64);
            gauge!("exam_prep_overdue_seconds").set(now.overdue_seconds);
            gauge!("exam_prep_jobs", "state" => "due").set(now.due_jobs as f64);
            gauge!("exam_prep_jobs", "state" => "put off").set(now.put_off_jobs as f64);
            gauge!("exam_prep_oldest_job_seconds").set(now.oldest_job_seconds);
            gauge!("exam_prep_failed_documents").set(now.failed_documents as f64);
            gauge!("exam_prep_database_bytes").set(now.database_bytes as f64);
        }
        Err(error) => tracing::warn!(%error, "the database's figures are not among the metrics"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// Tells [`route`] which route of a nested router has answered.
pub async fn name_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut answer = next.run(request).await;
    if let Some(route) = route {
        answer.extensions_mut().insert(route);
    }
    answer
}

/// A method by its name; made-up ones have one name together.
pub fn known_method(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// The pattern of the route that gave this answer, or else of the route around it: a path itself would name people and
/// papers.
pub fn route<'a>(answer: &'a Response, outer: Option<&'a MatchedPath>) -> &'a str {
    answer.extensions().get::<MatchedPath>().or(outer).map_or("other", MatchedPath::as_str)
}

/// Records each request under the pattern of its route.
pub async fn record_request(request: Request, next: Next) -> Response {
    let method = known_method(request.method());
    let outer = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let answer = next.run(request).await;
    let route = route(&answer, outer.as_ref()).to_owned();
    let status = answer.status().as_u16().to_string();
    histogram!(REQUEST_TIME, "method" => method, "route" => route.clone()).record(begun.elapsed());
    counter!(REQUESTS, "method" => method, "route" => route, "status" => status).increment(1);
    answer
}

/// Records that one statement wrote so many saves.
pub fn record_saves(count: usize) {
    histogram!(SAVES).record(count as f64);
}

/// Records how long an attempt took to mark, from `begun` until now.
pub fn record_marking(begun: Instant) {
    histogram!(MARKING_TIME).record(begun.elapsed());
}

/// Records how long a document took to read, from `begun` until now.
pub fn record_reading(begun: Instant, outcome: &'static str) {
    histogram!(READING_TIME, "outcome" => outcome).record(begun.elapsed());
}

/// Records that this rate limit refused a try.
pub fn record_refusal(limit: &'static str) {
    counter!(REFUSED, "limit" => limit).increment(1);
}

/// `/livez`: the process answers. A supervisor restarts it if not.
pub async fn livez() -> &'static str {
    "ok"
}

/// `/readyz`: the database answers and has the right schema. A load balancer sends no requests if not.
pub async fn readyz(State(pool): State<PgPool>) -> (StatusCode, &'static str) {
    match crate::server::db::migrations::check(&pool).await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away or has another schema"),
    }
}
