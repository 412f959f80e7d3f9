//! Counts of tries, for rate limits.

use sqlx::PgPool;

use crate::error::AppError;

/// A limited action: a number of tries at once, then a pause for each further try.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub name: &'static str,
    pub at_once: u32,
    pub pause_seconds: u32,
}

impl Limit {
    /// Seconds per try.
    pub fn pause(self) -> f64 {
        self.pause_seconds.into()
    }

    /// The seconds of pauses that may be used up in advance.
    pub fn ahead(self) -> f64 {
        self.pause() * f64::from(self.at_once - 1)
    }
}

/// Counts a try and returns `None`; if there were too many, counts nothing and returns the seconds to wait.
pub async fn record(pool: &PgPool, limit: Limit, key: &str) -> Result<Option<u32>, AppError> {
    let noted = sqlx::query_scalar!(
        r#"INSERT INTO limits AS l (name, key, spent_until) VALUES ($1, $2, now() + make_interval(secs => $3))
               ON CONFLICT (name, key) DO UPDATE
              SET spent_until = greatest(l.spent_until, now()) + make_interval(secs => $3)
            WHERE l.spent_until <= now() + make_interval(secs => $4)
           RETURNING true AS "noted!""#,
        limit.name,
        key,
        limit.pause(),
        limit.ahead(),
    )
    .fetch_optional(pool)
    .await?;
    if noted.is_some() { Ok(None) } else { Ok(Some(wait(pool, limit, key).await?.unwrap_or(1))) }
}

/// Uncounts a try.
pub async fn give_back(pool: &PgPool, limit: Limit, key: &str) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE limits SET spent_until = spent_until - make_interval(secs => $3) WHERE name = $1 AND key = $2",
        limit.name,
        key,
        limit.pause(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The seconds until the next try, if there were too many.
pub async fn wait(pool: &PgPool, limit: Limit, key: &str) -> Result<Option<u32>, AppError> {
    let ahead = sqlx::query_scalar!(
        r#"SELECT extract(epoch FROM spent_until - now())::float8 - $3::float8 AS "ahead!" FROM limits
            WHERE name = $1 AND key = $2"#,
        limit.name,
        key,
        limit.ahead(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(ahead.filter(|&ahead| ahead > 0.0).map(|ahead| ahead.ceil() as u32))
}

/// Deletes counts that limit nobody any more.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM limits WHERE spent_until < now()").execute(pool).await?;
    Ok(())
}
