//! Reads the earlier system's database. That system created its tables in two ways (SQLAlchemy's models and Alembic's
//! migrations), which named some columns differently, so columns are found by any of their names.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use futures_util::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{Connection, PgConnection};

/// A column: our name for it, then its other names.
type Column = &'static [&'static str];

/// A table of the earlier system.
pub struct Table {
    /// Each of its names, with the statement that returns its rows.
    statements: &'static [(&'static str, &'static str)],
    /// Columns without which the table cannot be imported.
    needs: &'static [Column],
    takes: &'static [Column],
    /// Columns that only one of the two ways has and that may be missing.
    may: &'static [Column],
    /// Columns whose content is created again here.
    leaves: &'static [&'static str],
}

impl Table {
    /// Our name for it.
    pub fn name(&self) -> &'static str {
        self.statements[0].0
    }
}

macro_rules! statements {
    ($($name:literal),+) => { &[$(($name, concat!("SELECT to_json(t) FROM ", $name, " t"))),+] };
}

pub const USERS: Table = Table {
    statements: statements!["users"],
    needs: &[&["id"], &["email"], &["hashed_password", "password_hash"]],
    takes: &[&["full_name"], &["role"], &["is_active"], &["education_level"], &["created_at"]],
    may: &[],
    leaves: &["updated_at"],
};

pub const SUBJECTS: Table = Table {
    statements: statements!["subjects"],
    needs: &[&["id"], &["name"], &["level"]],
    takes: &[&["description"]],
    may: &[&["created_at"]],
    leaves: &["updated_at"],
};

pub const ENROLLMENTS: Table = Table {
    statements: statements!["enrollments", "student_subjects"],
    needs: &[&["student_id", "user_id"], &["subject_id"]],
    takes: &[&["created_at", "enrolled_at"]],
    may: &[],
    leaves: &["id"],
};

pub const DOCUMENTS: Table = Table {
    statements: statements!["documents"],
    needs: &[&["id"], &["filename"], &["file_path"], &["uploaded_by"]],
    takes: &[
        &["subject"],
        &["subject_id"],
        &["level"],
        &["year"],
        &["document_category"],
        &["is_personal"],
        &["is_archived"],
        &["archived_at"],
        &["archive_reason"],
        &["official_duration_minutes"],
        &["instructions"],
        &["created_at"],
    ],
    may: &[],
    leaves: &["is_shared", "ingestion_status", "collection_name", "page_count", "updated_at"],
};

pub const SHARES: Table = Table {
    statements: statements!["document_shares"],
    needs: &[&["document_id"], &["shared_with_user_id"]],
    takes: &[&["created_at"]],
    may: &[],
    leaves: &["id"],
};

pub const TOPICS: Table = Table {
    statements: statements!["topics"],
    needs: &[&["id"], &["name"]],
    takes: &[],
    may: &[],
    leaves: &["subject", "subject_id", "parent_id", "created_at"],
};

pub const QUESTIONS: Table = Table {
    statements: statements!["questions"],
    needs: &[&["id"], &["text", "question_text"]],
    takes: &[&["question_type"], &["options"], &["correct_answer"], &["topic_id"], &["document_id"]],
    may: &[&["created_at"]],
    leaves: &[],
};

pub const QUIZZES: Table = Table {
    statements: statements!["quizzes"],
    needs: &[&["id"]],
    takes: &[&["mode"], &["duration_minutes"]],
    may: &[],
    leaves: &["question_count", "document_id", "created_by", "student_id", "user_id", "created_at"],
};

pub const QUIZ_QUESTIONS: Table = Table {
    statements: statements!["quiz_questions"],
    needs: &[&["quiz_id"], &["question_id"]],
    takes: &[&["position", "order"]],
    may: &[],
    leaves: &["id", "created_at"],
};

pub const ATTEMPTS: Table = Table {
    statements: statements!["attempts"],
    needs: &[&["id"], &["quiz_id"], &["student_id", "user_id"], &["submitted_at", "updated_at"]],
    takes: &[&["document_id"], &["score"], &["total"], &["started_at", "created_at"]],
    may: &[&["completed"]],
    leaves: &["percentage", "duration_seconds"],
};

pub const ATTEMPT_ANSWERS: Table = Table {
    statements: statements!["attempt_answers"],
    needs: &[&["attempt_id"], &["question_id"], &["answer", "student_answer"], &["is_correct"]],
    takes: &[],
    may: &[],
    leaves: &["id", "created_at"],
};

/// Calculated again here from the answers, so rows are only counted.
pub const PROGRESS: Table =
    Table { statements: statements!["progress"], needs: &[], takes: &[], may: &[], leaves: &[] };

const ALEMBIC_VERSION: Table =
    Table { statements: statements!["alembic_version"], needs: &[&["version_num"]], takes: &[], may: &[], leaves: &[] };

const TABLES: [&Table; 13] = [
    &USERS,
    &SUBJECTS,
    &ENROLLMENTS,
    &DOCUMENTS,
    &SHARES,
    &TOPICS,
    &QUESTIONS,
    &QUIZZES,
    &QUIZ_QUESTIONS,
    &ATTEMPTS,
    &ATTEMPT_ANSWERS,
    &PROGRESS,
    &ALEMBIC_VERSION,
];

/// A row, by our names of its columns.
#[derive(Debug, serde::Deserialize)]
pub struct Row(Map<String, Value>);

impl Row {
    pub fn value(&self, column: &str) -> Option<&Value> {
        self.0.get(column).filter(|value| !value.is_null())
    }

    /// A value as text; `None` if it is empty.
    pub fn text(&self, column: &str) -> Option<String> {
        match self.value(column)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A word of an enum, which the earlier system wrote as `real-exam` or `REAL_EXAM`.
    pub fn word(&self, column: &str) -> Option<String> {
        self.text(column).map(|word| word.trim().to_lowercase().replace('-', "_"))
    }

    pub fn flag(&self, column: &str) -> Option<bool> {
        self.value(column)?.as_bool()
    }

    pub fn number(&self, column: &str) -> Option<f64> {
        self.value(column)?.as_f64()
    }

    /// A time without a zone is taken as UTC.
    pub fn time(&self, column: &str) -> Option<DateTime<Utc>> {
        let text = self.text(column)?;
        let zoned = DateTime::parse_from_rfc3339(&text).map(|time| time.to_utc());
        zoned.ok().or_else(|| Some(text.parse::<NaiveDateTime>().ok()?.and_utc()))
    }
}

/// The content of the earlier system.
pub struct Earlier {
    rows: BTreeMap<&'static str, Vec<Row>>,
    /// What is missing, and what is not imported, in sentences.
    pub oddities: Vec<String>,
    /// Alembic's revision; empty if there is none.
    pub revision: String,
}

/// Why the database could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("it cannot be reached (is it running, and is the address right?): {0}")]
    Unreachable(sqlx::Error),
    #[error("it is a database of this program: use `exam-prep backup` and `exam-prep restore` instead")]
    Ours,
    #[error("it is not a database of the earlier system: {0}")]
    Foreign(String),
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
}

impl Earlier {
    /// Reads everything in one read-only snapshot.
    pub async fn read(url: &str) -> Result<Self, Unreadable> {
        let soon = std::time::Duration::from_secs(10);
        let connected = tokio::time::timeout(soon, PgConnection::connect(url)).await;
        let connected = connected.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        let mut connection = connected.map_err(Unreadable::Unreachable)?;
        let mut tx = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        sqlx::query("SET LOCAL TimeZone = 'UTC'").execute(&mut *tx).await?;
        let columns = columns(&mut tx).await?;
        if columns.contains_key("_sqlx_migrations") {
            return Err(Unreadable::Ours);
        }
        let mut earlier = Self { rows: BTreeMap::new(), oddities: Vec::new(), revision: String::new() };
        for table in TABLES {
            earlier.take(&mut tx, table, &columns).await?;
        }
        for (table, rows) in others(&mut tx).await? {
            if rows > 0 && !TABLES.iter().any(|known| known.statements.iter().any(|(name, _)| *name == table)) {
                earlier.oddities.push(format!("not imported: table {table}, {}", of_rows(rows)));
            }
        }
        earlier.revision = earlier.of(&ALEMBIC_VERSION).iter().filter_map(|row| row.text("version_num")).collect();
        tx.rollback().await?;
        Ok(earlier)
    }

    /// The rows of a table; empty if the table is missing.
    pub fn of(&self, table: &Table) -> &[Row] {
        self.rows.get(table.name()).map_or(&[], Vec::as_slice)
    }

    async fn take(&mut self, tx: &mut PgConnection, table: &'static Table, all: &Columns) -> Result<(), Unreadable> {
        let found = table.statements.iter().find_map(|(name, statement)| Some((*name, *statement, all.get(*name)?)));
        let Some((name, statement, columns)) = found else {
            let missing = format!("there is no table {}", table.name());
            if table.name() == USERS.name() {
                return Err(Unreadable::Foreign(missing));
            }
            self.oddities.push(missing);
            return Ok(());
        };
        // Their name and our name of each column.
        let mut ours: BTreeMap<&str, &'static str> = BTreeMap::new();
        for column in table.needs.iter().chain(table.takes).chain(table.may) {
            match column.iter().find(|name| columns.contains_key(**name)) {
                Some(there) => {
                    ours.insert(there, column[0]);
                }
                None if table.needs.contains(column) => {
                    let missing = format!("table {name} has no column {}", column.join(" or "));
                    if table.name() == USERS.name() {
                        return Err(Unreadable::Foreign(missing));
                    }
                    self.oddities.push(format!("{missing}, so it is not imported"));
                    return Ok(());
                }
                None if table.takes.contains(column) => {
                    self.oddities.push(format!("table {name} has no column {}", column.join(" or ")));
                }
                None => {}
            }
        }
        for (column, kind) in columns {
            if ours.contains_key(column.as_str()) && kind == "timestamp without time zone" {
                self.oddities.push(format!("column {name}.{column} has no time zone: taken as UTC"));
            }
        }
        let mut filled: BTreeMap<String, i64> = BTreeMap::new();
        let mut rows = Vec::new();
        let mut stream = sqlx::query_scalar::<_, Json<Map<String, Value>>>(statement).fetch(tx);
        while let Some(Json(row)) = stream.try_next().await? {
            let mut kept = Map::new();
            for (column, value) in row {
                match ours.get(column.as_str()) {
                    Some(name) => {
                        kept.insert((*name).to_owned(), value);
                    }
                    None if value.is_null() || table.leaves.contains(&column.as_str()) => {}
                    None => *filled.entry(column).or_default() += 1,
                }
            }
            rows.push(Row(kept));
        }
        self.rows.insert(table.name(), rows);
        // For a table that is only counted, no columns are taken.
        if !table.needs.is_empty() {
            let filled = filled.iter();
            let told = filled
                .map(|(column, &rows)| format!("not imported: column {name}.{column}, filled in {}", of_rows(rows)));
            self.oddities.extend(told);
        }
        Ok(())
    }
}

fn of_rows(rows: i64) -> String {
    exam_model::format::count(rows, "row")
}

/// The columns of each table, with their types.
type Columns = BTreeMap<String, BTreeMap<String, String>>;

async fn columns(tx: &mut PgConnection) -> Result<Columns, sqlx::Error> {
    let statement = "SELECT table_name::text, column_name::text, data_type::text
                       FROM information_schema.columns WHERE table_schema = current_schema()";
    let rows: Vec<(String, String, String)> = sqlx::query_as(statement).fetch_all(tx).await?;
    let mut columns = Columns::new();
    for (table, column, kind) in rows {
        columns.entry(table).or_default().insert(column, kind);
    }
    Ok(columns)
}

/// Every table with its number of rows. `query_to_xml` is PostgreSQL's only way to count the rows of tables whose names are
/// not known in advance without creating anything.
async fn others(tx: &mut PgConnection) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let statement = "SELECT relname::text,
                            (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', oid::regclass),
                                                                 false, true, '')))[1]::text::bigint
                       FROM pg_class
                      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
                        AND has_table_privilege(oid, 'SELECT')
                      ORDER BY relname";
    let rows: Vec<(String, i64)> = sqlx::query_as(statement).fetch_all(tx).await?;
    Ok(rows.into_iter().collect())
}
