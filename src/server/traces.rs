//! Traces by OTLP: a span for each request and each job, with slow statements as events in it, for a collector that
//! `OTEL_EXPORTER_OTLP_ENDPOINT` names. Only what is said here leaves the program: no paths, which have ids of people, and
//! nothing of the log.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tower_http::request_id::RequestId;
use tracing::field::Empty;
use tracing::{Instrument, Level, Span, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer};
use url::Url;

use crate::server::metrics;

/// The target of the spans here; the log leaves it out.
const TARGET: &str = "traces";
/// Where sqlx tells of statements that took longer than a second, without their values, and of long waits for a connection.
const STATEMENTS: &str = "sqlx";

/// Sends what is traced in batches, from a thread of its own.
pub fn exporter(endpoint: &Url) -> Result<SdkTracerProvider, ExporterBuildError> {
    let endpoint = format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build()?;
    let resource = Resource::builder().with_service_name("exam-prep").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// The part of a subscriber that traces.
pub fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let targets = Targets::new().with_target(TARGET, Level::INFO).with_target(STATEMENTS, Level::WARN);
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("exam-prep"));
    layer
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        // A span gets its name at its end, from the route, which it can only before it is in a context.
        .with_context_activation(false)
        .with_filter(targets)
}

/// The filter of the log, without the spans that are only traced.
pub fn without_spans(log: EnvFilter) -> EnvFilter {
    match format!("{TARGET}=off").parse() {
        Ok(off) => log.add_directive(off),
        Err(_) => log,
    }
}

/// Traces a request under the pattern of its route, with its status and the id that its lines in the log have.
pub async fn trace_request(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let method = metrics::known_method(request.method());
    let span = tracing::info_span!(
        target: TARGET,
        "request",
        otel.name = Empty,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = Empty,
        http.response.status_code = Empty,
        request.id = id,
    );
    let outer = request.extensions().get::<MatchedPath>().cloned();
    let answer = next.run(request).instrument(span.clone()).await;
    let route = metrics::route(&answer, outer.as_ref());
    span.record("otel.name", format!("{method} {route}"));
    span.record("http.route", route);
    span.record("http.response.status_code", i64::from(answer.status().as_u16()));
    if answer.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    answer
}

/// The span of a job.
pub fn job(kind: &'static str, tries: i32) -> Span {
    tracing::info_span!(target: TARGET, "job", otel.name = kind, otel.kind = "consumer", otel.status_code = Empty, job.tries = tries)
}

/// Notes that the job of this span has failed.
pub fn job_failed(span: &Span) {
    span.record("otel.status_code", "ERROR");
}
