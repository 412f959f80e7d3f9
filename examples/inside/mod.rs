//! The site within this process, for programs that measure what pages cost without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use exam_prep::server::config::Config;
use exam_prep::server::db::{self, migrations};
use exam_prep::server::documents::syllabus;
use exam_prep::server::{AppState, http};
use leptos::config::LeptosOptions;
use tower::ServiceExt;
use tracing::Metadata;
use tracing_subscriber::layer::{Context as Within, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

/// Most bytes of a page.
const MAX_BYTES: usize = 16 << 20;

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// The site with its subjects, in the empty database that `DATABASE_URL` names.
pub struct Inside {
    pub state: AppState,
    router: Router,
}

/// What a page cost.
#[derive(Clone, Copy)]
pub struct Cost {
    /// From the request to the end of the page.
    pub milliseconds: f64,
    /// That were sent to the database for it.
    pub statements: u64,
}

impl Inside {
    pub async fn open() -> Result<Self> {
        tracing::subscriber::set_global_default(Registry::default().with(Counter))?;
        let config = Arc::new(Config::from_env()?);
        let pool = db::connect(config.database_url.as_deref().context("DATABASE_URL is not set")?).await?;
        migrations::up(&pool).await?;
        syllabus::ensure(&mut *pool.acquire().await?).await?;
        let leptos = LeptosOptions::builder().output_name("exam-prep").build();
        let state = AppState::new(pool, config, leptos);
        Ok(Self { router: http::router(state.clone()), state })
    }

    /// A page or a route, as whoever has this token gets it.
    pub async fn get(&self, token: &str, path: &str) -> Result<Cost> {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty())?;
        let before = STATEMENTS.load(Relaxed);
        let begun = Instant::now();
        let response = self.router.clone().oneshot(request).await?;
        ensure!(response.status() == StatusCode::OK, "{path}: {}", response.status());
        to_bytes(response.into_body(), MAX_BYTES).await?;
        let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
        Ok(Cost { milliseconds, statements: STATEMENTS.load(Relaxed) - before })
    }
}

/// The value below which this share of them lies; of none: 0.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share) as usize).copied().unwrap_or_default()
}

/// Counts what sqlx says that it sends.
struct Counter;

impl Layer<Registry> for Counter {
    fn enabled(&self, metadata: &Metadata<'_>, _: Within<'_, Registry>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn on_event(&self, _: &tracing::Event<'_>, _: Within<'_, Registry>) {
        STATEMENTS.fetch_add(1, Relaxed);
    }
}
