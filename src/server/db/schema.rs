//! The schema, from the database's catalogs: what the deployment guide promises, and which tables contain data.

use std::fmt;

use sqlx::{Executor, PgConnection, PgPool};

use Promise::{Column, Each, Index, Points, Table};

/// A promise of the deployment guide about the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    Table(&'static str),
    /// Table, column, and its type.
    Column(&'static str, &'static str, Content),
    /// Table and unique columns.
    Each(&'static str, &'static [&'static str]),
    /// Table, column, and the table that it references.
    Points(&'static str, &'static str, &'static str),
    /// Index name, table and first column.
    Index(&'static str, &'static str, &'static str),
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// This type, as `format_type` writes it without a length, and not null.
    Always(&'static str),
    /// This type, nullable.
    Maybe(&'static str),
    /// Boolean, false by default.
    FalseAtFirst,
}

use Content::{Always, FalseAtFirst, Maybe};

/// Step 2 of the deployment guide, and the names in its `psql`, `curl` and sample queries.
pub const PROMISES: [Promise; 36] = [
    Table("users"),
    Column("users", "id", Always("uuid")),
    Column("users", "email", Maybe("text")),
    Column("users", "hashed_password", Always("text")),
    Column("users", "full_name", Always("text")),
    Column("users", "role", Always("text")),
    Column("users", "education_level", Maybe("character varying")),
    Table("documents"),
    Column("documents", "id", Always("uuid")),
    Column("documents", "filename", Always("text")),
    Column("documents", "level", Maybe("character varying")),
    Column("documents", "uploaded_by", Always("uuid")),
    Column("documents", "is_personal", FalseAtFirst),
    Column("documents", "is_shared", FalseAtFirst),
    Column("documents", "is_archived", FalseAtFirst),
    Points("documents", "uploaded_by", "users"),
    Index("ix_documents_is_personal", "documents", "is_personal"),
    Index("ix_documents_is_shared", "documents", "is_shared"),
    Index("ix_documents_is_archived", "documents", "is_archived"),
    Table("document_shares"),
    Column("document_shares", "document_id", Always("uuid")),
    Column("document_shares", "shared_with_user_id", Always("uuid")),
    Each("document_shares", &["document_id", "shared_with_user_id"]),
    Points("document_shares", "document_id", "documents"),
    Points("document_shares", "shared_with_user_id", "users"),
    Table("attempts"),
    Column("attempts", "id", Always("uuid")),
    Column("attempts", "quiz_id", Always("uuid")),
    Column("attempts", "document_id", Maybe("uuid")),
    Points("attempts", "document_id", "documents"),
    Points("attempts", "quiz_id", "quizzes"),
    Table("quizzes"),
    Column("quizzes", "mode", Always("text")),
    Column("quizzes", "document_id", Maybe("uuid")),
    Points("quizzes", "document_id", "documents"),
    Table("questions"),
];

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Table(table) => write!(f, "table {table}"),
            Column(table, column, Always(kind)) => write!(f, "column {table}.{column}: {kind}, not null"),
            Column(table, column, Maybe(kind)) => write!(f, "column {table}.{column}: {kind}, nullable"),
            Column(table, column, FalseAtFirst) => write!(f, "column {table}.{column}: boolean, default false"),
            Each(table, columns) => write!(f, "unique constraint on {table}({})", columns.join(", ")),
            Points(table, column, to) => write!(f, "foreign key {table}.{column}: references {to}"),
            Index(name, table, column) => write!(f, "index {name} on {table}({column})"),
        }
    }
}

/// Every promise, with whether the schema keeps it.
pub async fn verify(pool: &PgPool) -> Result<Vec<(Promise, bool)>, sqlx::Error> {
    let mut kept = Vec::new();
    for promise in PROMISES {
        kept.push((promise, holds(pool, promise).await?));
    }
    Ok(kept)
}

async fn holds(pool: &PgPool, promise: Promise) -> Result<bool, sqlx::Error> {
    let query = match promise {
        Table(table) => {
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass($1) AND relkind = 'r')")
                .bind(table)
        }
        Column(table, column, content) => {
            let (kind, empty, default) = match content {
                Always(kind) => (kind, false, None),
                Maybe(kind) => (kind, true, None),
                FalseAtFirst => ("boolean", false, Some("false")),
            };
            sqlx::query_scalar(
                "SELECT EXISTS (
                    SELECT FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
                     WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped
                       AND format_type(a.atttypid, NULL) = $3 AND a.attnotnull <> $4
                       AND ($5::text IS NULL OR pg_get_expr(d.adbin, d.adrelid) = $5))",
            )
            .bind(table)
            .bind(column)
            .bind(kind)
            .bind(empty)
            .bind(default)
        }
        // A partial index, or one on an expression, does not count.
        Each(table, columns) => sqlx::query_scalar(
            "SELECT EXISTS (
                SELECT FROM pg_index i
                 WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                   AND i.indnkeyatts = i.indnatts
                   AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                         WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey))
                     = (SELECT array_agg(name ORDER BY name) FROM unnest($2) AS name))",
        )
        .bind(table)
        .bind(columns),
        Points(table, column, to) => sqlx::query_scalar(
            "SELECT EXISTS (
                SELECT FROM pg_constraint c
                  JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
                 WHERE c.contype = 'f' AND c.convalidated AND c.conrelid = to_regclass($1)
                   AND a.attname = $2 AND c.confrelid = to_regclass($3))",
        )
        .bind(table)
        .bind(column)
        .bind(to),
        Index(name, table, column) => sqlx::query_scalar(
            "SELECT EXISTS (
                SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                 WHERE i.indexrelid = to_regclass($1) AND i.indrelid = to_regclass($2) AND a.attname = $3
                   AND i.indisvalid)",
        )
        .bind(name)
        .bind(table)
        .bind(column),
    };
    query.fetch_one(pool).await
}

/// The tables of the schema `public`, by name.
pub async fn tables(pool: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        .fetch_all(pool)
        .await
}

/// A table, or a column of one, that can contain data.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    relation: i64,
    /// The column's number; 0 for the table itself.
    number: i16,
    name: String,
}

impl Place {
    /// Whether it is the same one, not a new one of the same name.
    pub fn is(&self, other: &Place) -> bool {
        (self.relation, self.number) == (other.relation, other.number)
    }
}

/// A table with its number of rows, or a column with the number of rows that differ from its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub name: String,
    pub is_table: bool,
    pub rows: i64,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Held { name, is_table, rows } = self;
        let rows = format!("{rows} row{}", if *rows == 1 { "" } else { "s" });
        if *is_table { write!(f, "table {name}: {rows}") } else { write!(f, "column {name}: filled in {rows}") }
    }
}

/// All tables of the schema `public` and their columns, except the table of migrations.
pub async fn places(connection: &mut PgConnection) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.oid::bigint AS relation, coalesce(a.attnum, 0::smallint) AS number,
                concat_ws('.', c.relname, a.attname) AS name
           FROM pg_class c
           JOIN LATERAL (
                SELECT attnum, attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                UNION ALL SELECT NULL, NULL) a ON true
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations'
          ORDER BY c.relname, number",
    )
    .fetch_all(connection)
    .await
}

/// Which of these contain data; a table stands for its columns.
pub async fn held(connection: &mut PgConnection, places: Vec<Place>) -> Result<Vec<Held>, sqlx::Error> {
    // The only way to count rows in a table whose name is not known in advance.
    connection
        .execute(
            "CREATE OR REPLACE FUNCTION pg_temp.rows_held(relation oid, number smallint) RETURNS bigint LANGUAGE plpgsql AS $$
             DECLARE
                 rows bigint;
                 condition text := 'true';
             BEGIN
                 SELECT format('%I IS DISTINCT FROM (%s)', a.attname, coalesce(pg_get_expr(d.adbin, d.adrelid), 'NULL'))
                   INTO condition
                   FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
                  WHERE a.attrelid = relation AND a.attnum = number;
                 EXECUTE format('SELECT count(*) FROM %s WHERE %s', relation::regclass, coalesce(condition, 'true')) INTO rows;
                 RETURN rows;
             END $$",
        )
        .await?;
    let tables: Vec<i64> = places.iter().filter(|place| place.number == 0).map(|place| place.relation).collect();
    let mut held = Vec::new();
    for place in places {
        let is_table = place.number == 0;
        if !is_table && tables.contains(&place.relation) {
            continue;
        }
        let rows = sqlx::query_scalar("SELECT pg_temp.rows_held($1::oid, $2)").bind(place.relation).bind(place.number);
        let rows: i64 = rows.fetch_one(&mut *connection).await?;
        if rows > 0 {
            held.push(Held { name: place.name, is_table, rows });
        }
    }
    Ok(held)
}

/// Every table that has rows, with their number.
pub async fn contents(pool: &PgPool) -> Result<Vec<Held>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let tables = places(&mut connection).await?.into_iter().filter(|place| place.number == 0).collect();
    held(&mut connection, tables).await
}

/// SQL for `psql` that begins a transaction and empties the schema `public`, except extensions, before the SQL of a backup.
/// Objects that belong to another object are dropped with it.
pub const EMPTY: &str = "BEGIN;
SET LOCAL client_min_messages = warning;
DO $$
DECLARE
    thing record;
BEGIN
    FOR thing IN
        SELECT i.type, i.identity
          FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) i
         WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 'public'::regnamespace AND d.deptype = 'n'
           AND i.type NOT IN ('extension', 'default acl')
           AND NOT EXISTS (SELECT FROM pg_depend e WHERE (e.classid, e.objid) = (d.classid, d.objid) AND e.deptype IN ('e', 'i'))
         ORDER BY i.identity -- so that all are known before the first is dropped
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', replace(thing.type, 'composite type', 'type'), thing.identity);
    END LOOP;
END $$;
";
