//! Migrations: embedded in the program, each with its way back.

use sqlx::PgPool;
use sqlx::migrate::{Migrate, MigrateError, Migrator};

static MIGRATOR: Migrator = sqlx::migrate!();

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub version: i64,
    pub name: String,
    pub applied: bool,
}

/// Brings the database to the newest migration; safe to call from several processes at once.
pub async fn up(pool: &PgPool) -> Result<(), MigrateError> {
    MIGRATOR.run(pool).await
}

/// Takes back the last `steps` applied migrations, newest first; answers their names.
pub async fn down(pool: &PgPool, steps: usize) -> Result<Vec<String>, MigrateError> {
    let applied: Vec<Status> = status(pool).await?.into_iter().filter(|status| status.applied).collect();
    let keep = applied.len().saturating_sub(steps);
    let target = if keep == 0 { 0 } else { applied[keep - 1].version };
    MIGRATOR.undo(pool, target).await?;
    Ok(applied[keep..].iter().rev().map(|status| format!("{} {}", status.version, status.name)).collect())
}

/// Every migration of the program in order.
pub async fn status(pool: &PgPool) -> Result<Vec<Status>, MigrateError> {
    let mut conn = pool.acquire().await?;
    conn.ensure_migrations_table(&MIGRATOR.table_name).await?;
    let applied = conn.list_applied_migrations(&MIGRATOR.table_name).await?;
    Ok(ups()
        .map(|(version, name, _)| Status {
            version,
            name: name.to_owned(),
            applied: applied.iter().any(|done| done.version == version),
        })
        .collect())
}

/// The SQL that `up` would run now.
pub async fn preview(pool: &PgPool) -> Result<String, MigrateError> {
    let status = status(pool).await?;
    let pending = ups().filter(|(version, ..)| status.iter().any(|s| s.version == *version && !s.applied));
    Ok(pending.map(|(version, name, sql)| format!("-- {version} {name}\n{sql}\n")).collect())
}

fn ups() -> impl Iterator<Item = (i64, &'static str, &'static str)> {
    let up = |m: &&sqlx::migrate::Migration| !m.migration_type.is_down_migration();
    MIGRATOR.iter().filter(up).map(|m| (m.version, m.description.as_ref(), m.sql.as_str()))
}
