//! The site as a client sees it, over real HTTP, for the programs that try it hard.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode, header};
use exam_prep::domain::attempt::{OpenAttempt, Synced};
use exam_prep::domain::journal::Entry;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

/// A client.
pub struct Site {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
    pub requests: AtomicU64,
    /// Answers from 400 to 499.
    pub refused: AtomicU64,
}

impl Site {
    pub fn new(port: u16) -> Self {
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(64).build_http();
        Self {
            client,
            base: format!("http://127.0.0.1:{port}"),
            requests: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    pub async fn call(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, HeaderMap, Bytes)> {
        self.requests.fetch_add(1, Relaxed);
        let response = tokio::time::timeout(Duration::from_secs(10), self.client.request(request)).await??;
        let (parts, body) = response.into_parts();
        let body = tokio::time::timeout(Duration::from_secs(10), body.collect()).await??.to_bytes();
        if parts.status.is_client_error() {
            self.refused.fetch_add(1, Relaxed);
        }
        Ok((parts.status, parts.headers, body))
    }

    pub fn request(&self, method: &str, path: &str, token: &str, kind: &str, body: String) -> Request<Full<Bytes>> {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
            .header(header::ACCEPT, "application/json")
            .body(Full::new(body.into()))
            .expect("the parts of a request are plain")
    }

    /// Again until it works: the server may be down for a while.
    pub async fn patiently<T>(&self, work: impl AsyncFn() -> Result<T>) -> Result<T> {
        let begun = Instant::now();
        loop {
            match work().await {
                Err(_) if begun.elapsed() < Duration::from_secs(90) => sleep(Duration::from_millis(250)).await,
                other => return other,
            }
        }
    }

    pub async fn wait_until_up(&self) -> Result<()> {
        self.patiently(async || {
            let (status, _, body) =
                self.call(self.request("GET", "/api/health", "", "text/plain", String::new())).await?;
            ensure!(status.is_success(), "the server is not up: {}", String::from_utf8_lossy(&body));
            Ok(())
        })
        .await
    }

    /// A new pupil's token.
    pub async fn register(&self) -> Result<String> {
        self.patiently(async || {
            let person = json!({ "email": format!("{}@chaos.test", Uuid::new_v4()), "password": "test123",
                                 "full_name": "Chaos", "education_level": "P6" });
            let request = self.request("POST", "/api/users/register", "", "application/json", person.to_string());
            let (status, _, body) = self.call(request).await?;
            ensure!(status == StatusCode::CREATED, "no account: {status}");
            let body: Value = serde_json::from_slice(&body)?;
            Ok(body["access_token"].as_str().context("no token")?.to_owned())
        })
        .await
    }

    /// Starts a quiz of a few questions.
    pub async fn begin(&self, token: &str, document: Uuid) -> Result<Uuid> {
        self.patiently(async || {
            let form = format!("document={document}&mode=topic-focused&count=6");
            let path = "/fn/exam_prep/api/quizzes/start_quiz";
            let request = self.request("POST", path, token, "application/x-www-form-urlencoded", form);
            let (status, headers, body) = self.call(request).await?;
            let place =
                headers.get("location").or(headers.get("serverfnredirect")).and_then(|value| value.to_str().ok());
            let id = place.and_then(|place| place.strip_prefix("/attempts/")?.parse().ok());
            id.with_context(|| format!("no attempt: {status} {}", String::from_utf8_lossy(&body)))
        })
        .await
    }

    /// The ids of the quiz's items.
    pub async fn items(&self, token: &str, attempt: Uuid) -> Result<Vec<Uuid>> {
        self.patiently(async || {
            let path = format!("/fn/exam_prep/api/attempts/get_open_attempt?id={attempt}");
            let (status, _, body) = self.call(self.request("GET", &path, token, "text/plain", String::new())).await?;
            ensure!(status.is_success(), "no quiz: {status}");
            let attempt: OpenAttempt = serde_json::from_slice(&body)?;
            Ok(attempt.quiz.questions.iter().flat_map(|question| question.leaves()).map(|leaf| leaf.id).collect())
        })
        .await
    }

    pub async fn send(
        &self,
        token: &str,
        attempt: Uuid,
        writer: Uuid,
        entries: &[Entry],
        hand_in: bool,
    ) -> Result<Synced> {
        let call =
            json!({ "attempt": attempt, "writer": writer, "entries": entries, "hand_in": hand_in, "all": false });
        let path = "/fn/exam_prep/api/attempts/sync_attempt";
        let (status, _, body) =
            self.call(self.request("POST", path, token, "application/json", call.to_string())).await?;
        ensure!(status.is_success(), "not saved: {status} {}", String::from_utf8_lossy(&body));
        Ok(serde_json::from_slice(&body)?)
    }
}
