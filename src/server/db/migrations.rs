//! Migrations: embedded in the program, each with its reverse.

use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::{Acquire, Connection, Executor, PgConnection, PgPool};

use super::estimates;
use super::schema::{self, Held};

static MIGRATOR: Migrator = sqlx::migrate!();

/// Migrations whose statements were put into another order after their release, because newer versions of PostgreSQL refuse
/// the first one: the version, and the checksum of the earlier text (SHA-384), which counts as applied.
const REORDERED: [(i64, &str); 1] = [(
    20261128090000,
    "140671ffcaca35243d580fc4cf3e2f2e198df0b24a67573e58230436aeaf4e66c80b3dd5130c51a7b856408e881e34b9",
)];

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub version: i64,
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
    pub fault: Option<Fault>,
}

/// How the database and this program disagree about an applied migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its text differs from the one that was applied.
    Edited,
    /// The program does not have this migration.
    Unknown,
}

impl Status {
    fn full_name(&self) -> String {
        format!("{} {}", self.version, self.name)
    }
}

/// Why the schema is not the one that this program needs, or could not be changed; each with what to do.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("the database has no schema yet. Create it with: exam-prep migrate up")]
    Missing,
    #[error(
        "the database contains tables that this program did not create ({0}). Nothing was changed. Set DATABASE_URL to an \
         empty database."
    )]
    Foreign(String),
    #[error(
        "the database's schema is older than this program: {missing} of its migrations are missing, from {first} on. \
         Look at them with exam-prep migrate preview, make a backup, and apply them with: exam-prep migrate up"
    )]
    Behind { missing: usize, first: String },
    #[error(
        "migration {0} is applied, but this program does not know it: a newer program created this schema. Run the newer \
         program, or undo the migration with it: exam-prep migrate down"
    )]
    Unknown(String),
    #[error(
        "migration {0} was edited after it was applied. Nothing was changed. Restore its old text, and put the change \
         into a new migration."
    )]
    Edited(String),
    #[error("migration {name} failed and was rolled back: {cause}")]
    Failed { name: String, cause: sqlx::Error },
    #[error("the database's schema cannot be read or changed: {0}")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(MigrateError),
}

impl From<MigrateError> for SchemaError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(cause) => Self::Database(cause),
            MigrateError::ExecuteMigration(cause, version) => {
                let name = MIGRATOR.iter().find(|migration| migration.version == version).map(full_name);
                Self::Failed { name: name.unwrap_or_else(|| version.to_string()), cause }
            }
            other => Self::Other(other),
        }
    }
}

/// Applies all pending migrations and returns their names. Safe to call from several processes at once: one works, the
/// others wait.
pub async fn up(pool: &PgPool) -> Result<Vec<String>, SchemaError> {
    let before = status(pool).await?;
    agreed(&before)?;
    only_ours(pool, &before).await?;
    let mut connection = alone(pool).await?;
    if before.iter().any(|migration| migration.applied) {
        accept_reordered(&mut connection).await?;
    }
    let done = MIGRATOR.run(&mut connection).await;
    connection.close().await?;
    done?;
    Ok(before.iter().filter(|migration| !migration.applied).map(Status::full_name).collect())
}

/// Undoes the last `steps` applied migrations, newest first, and returns their names.
pub async fn down(pool: &PgPool, steps: usize) -> Result<Vec<String>, SchemaError> {
    let back = back(pool, steps).await?;
    let Some(oldest) = back.last() else { return Ok(Vec::new()) };
    let mut connection = alone(pool).await?;
    accept_reordered(&mut connection).await?;
    let done = MIGRATOR.undo(&mut connection, oldest.version - 1).await;
    connection.close().await?;
    done?;
    Ok(back.iter().map(Status::full_name).collect())
}

/// What `down` would lose: each table and column with data that would be gone, and could not be counted anew. Found by
/// undoing the migrations in a transaction that is rolled back.
pub async fn losses(pool: &PgPool, steps: usize) -> Result<Vec<Held>, SchemaError> {
    let back = back(pool, steps).await?;
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let before = schema::places(&mut transaction).await?;
    let mut trial = transaction.begin().await?;
    for migration in MIGRATOR.iter().rev().filter(|migration| migration.migration_type.is_down_migration()) {
        if back.iter().any(|undone| undone.version == migration.version) {
            let done = trial.execute(migration.sql.clone()).await;
            done.map_err(|cause| MigrateError::ExecuteMigration(cause, migration.version))?;
        }
    }
    let after = schema::places(&mut trial).await?;
    trial.rollback().await?;
    let gone = before.into_iter().filter(|place| !after.iter().any(|left| left.is(place)));
    let mut held = schema::held(&mut transaction, gone.collect()).await?;
    held.retain(|held| !estimates::TABLES.contains(&held.name.as_str()));
    transaction.rollback().await?;
    Ok(held)
}

/// The migrations of the program in order, then those that only the database knows. Changes nothing.
pub async fn status(pool: &PgPool) -> Result<Vec<Status>, SchemaError> {
    let applied = applied(pool).await?;
    let known = MIGRATOR.iter().filter(is_up).map(|migration| {
        let done = applied.iter().find(|(version, ..)| *version == migration.version);
        let same =
            done.map(|(.., checksum)| *checksum == *migration.checksum || is_reordered(migration.version, checksum));
        let fault = (same == Some(false)).then_some(Fault::Edited);
        let (version, name) = (migration.version, migration.description.to_string());
        Status { version, name, applied: same == Some(true), fault }
    });
    let unknown = applied.iter().filter(|(version, ..)| !MIGRATOR.version_exists(*version));
    Ok(known
        .chain(unknown.map(|(version, name, _)| Status {
            version: *version,
            name: name.clone(),
            applied: false,
            fault: Some(Fault::Unknown),
        }))
        .collect())
}

/// Checks that the schema is exactly the one that this program needs.
pub async fn check(pool: &PgPool) -> Result<(), SchemaError> {
    let status = status(pool).await?;
    agreed(&status)?;
    only_ours(pool, &status).await?;
    let missing: Vec<&Status> = status.iter().filter(|migration| !migration.applied).collect();
    match missing.first() {
        None => Ok(()),
        Some(_) if missing.len() == status.len() => Err(SchemaError::Missing),
        Some(first) => Err(SchemaError::Behind { missing: missing.len(), first: first.full_name() }),
    }
}

/// Checks that the program knows all applied migrations.
fn agreed(status: &[Status]) -> Result<(), SchemaError> {
    let found = status.iter().find_map(|migration| Some((migration.fault?, migration.full_name())));
    match found {
        Some((Fault::Edited, name)) => Err(SchemaError::Edited(name)),
        Some((Fault::Unknown, name)) => Err(SchemaError::Unknown(name)),
        None => Ok(()),
    }
}

/// Checks that a database without our migrations has no tables of another program.
async fn only_ours(pool: &PgPool, status: &[Status]) -> Result<(), SchemaError> {
    if status.iter().any(|migration| migration.applied) {
        return Ok(());
    }
    let mut tables = schema::tables(pool).await?;
    tables.retain(|name| name != MIGRATOR.table_name.as_ref());
    if tables.is_empty() { Ok(()) } else { Err(SchemaError::Foreign(tables.join(", "))) }
}

/// The SQL that `up` would run now.
pub async fn preview(pool: &PgPool) -> Result<String, SchemaError> {
    let status = status(pool).await?;
    agreed(&status)?;
    let pending = |migration: &&Migration| status.iter().any(|s| s.version == migration.version && !s.applied);
    let pending = MIGRATOR.iter().filter(is_up).filter(pending);
    Ok(pending.map(|migration| format!("-- {}\n{}\n", full_name(migration), migration.sql.as_str())).collect())
}

/// The last `steps` applied migrations, newest first.
async fn back(pool: &PgPool, steps: usize) -> Result<Vec<Status>, SchemaError> {
    let mut status = status(pool).await?;
    agreed(&status)?;
    status.retain(|migration| migration.applied);
    Ok(status.into_iter().rev().take(steps).collect())
}

/// The version, name and checksum of each applied migration; empty if the table of migrations is missing.
async fn applied(pool: &PgPool) -> Result<Vec<(i64, String, Vec<u8>)>, sqlx::Error> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    if !there {
        return Ok(Vec::new());
    }
    sqlx::query_as("SELECT version, description, checksum FROM _sqlx_migrations ORDER BY version").fetch_all(pool).await
}

/// Whether this is the checksum of the earlier text of a migration.
fn is_reordered(version: i64, checksum: &[u8]) -> bool {
    let checksum: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    REORDERED.contains(&(version, &checksum))
}

/// Records the present text of migrations that were applied in their earlier order, as sqlx compares it.
async fn accept_reordered(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    for (version, earlier) in REORDERED {
        let present = MIGRATOR.iter().filter(is_up).find(|migration| migration.version == version);
        sqlx::query("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = $2 AND checksum = decode($3, 'hex')")
            .bind(present.map(|migration| &*migration.checksum))
            .bind(version)
            .bind(earlier)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A connection that is closed after use: if a migration fails, sqlx keeps its lock until the connection closes.
async fn alone(pool: &PgPool) -> Result<PgConnection, sqlx::Error> {
    Ok(pool.acquire().await?.detach())
}

fn is_up(migration: &&Migration) -> bool {
    !migration.migration_type.is_down_migration()
}

fn full_name(migration: &Migration) -> String {
    format!("{} {}", migration.version, migration.description)
}
