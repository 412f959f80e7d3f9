//! How quick a large shelf is: whole pages of it among so many documents with ten questions each, for an admin and a pupil,
//! first and deep, and searches for common, rare and unknown words. Called by `make bench`.
//!
//! `shelf [DOCUMENTS]`, in an empty database that `DATABASE_URL` names, prints one JSON object: `pages`, each with `who`,
//! `what`, `p50` and `p95` in milliseconds, `statements` at most, and `scans`: how the shelf's one reads tables.

use anyhow::Result;
use exam_prep::domain::account::{Person, Role};
use exam_prep::domain::document::{A_PAGE, Cursor};
use exam_prep::server::auth::{accounts, sessions};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

mod inside;
use inside::{Inside, quantile};

/// Pages of each kind that are measured.
const TIMES: usize = 40;
/// Words that the questions are made of; the n-th is the rarer the greater n is.
const WORDS: usize = 50_000;
/// The statement that lists documents.
const LIST: &str = include_str!("../src/server/db/documents/list.sql");

#[tokio::main]
async fn main() -> Result<()> {
    let documents = std::env::args().nth(1).map_or(Ok(100_000), |number| number.parse())?;
    let inside = Inside::open().await?;
    let pool = &inside.state.pool;
    let admin = accounts::create(pool, "admin@shelf.test", "test123", "Admin", Role::Admin, None).await?;
    let pupil = accounts::create(pool, "pupil@shelf.test", "test123", "Pupil", Role::Student, Some("P6")).await?;
    fill(pool, admin.id, documents).await?;

    let mut pages = Vec::new();
    for (who, person) in [("admin", &admin), ("pupil", &pupil)] {
        let token = sessions::open(&inside.state, person.id, "bench").await?;
        let asked: [(&str, Vec<String>); 5] = [
            ("first page", vec![String::new(); TIMES]),
            ("deep page", deep(pool, documents).await?.iter().map(|place| format!("after={place}")).collect()),
            ("common word", (0..TIMES).map(|n| format!("search={}", word(n))).collect()),
            ("rare word", (0..TIMES).map(|n| format!("search={}", word(WORDS - 1 - n * 97))).collect()),
            ("unknown word", (0..TIMES).map(|n| format!("search={}x", word(n))).collect()),
        ];
        for (what, queries) in asked {
            let (mut times, mut statements) = (Vec::new(), 0);
            for query in &queries {
                let cost = inside.get(&token, &format!("/documents?{}", query.replace(' ', "%20"))).await?;
                times.push(cost.milliseconds);
                statements = statements.max(cost.statements);
            }
            let (p50, p95) = (quantile(&mut times, 0.5), quantile(&mut times, 0.95));
            let scans = scans(pool, person, &queries[TIMES / 2]).await?;
            pages.push(json!({
                "who": who, "what": what, "p50": p50, "p95": p95, "statements": statements, "scans": scans,
            }));
        }
    }
    println!("{}", json!({ "documents": documents, "pages": pages }));
    Ok(())
}

/// Of consonants only, so that no stem of one is the beginning of another.
fn word(n: usize) -> String {
    format!("{n:05}").bytes().map(|digit| char::from(b"bcdfghkmnp"[usize::from(digit - b'0')])).collect()
}

/// Four of ten are pupils' own, the others a school's for the four levels.
async fn fill(pool: &PgPool, admin: Uuid, documents: i64) -> Result<()> {
    let pupils = "INSERT INTO users (email, hashed_password, full_name, education_level)
                  SELECT n || '@shelf.test', 'none', 'Pupil ' || n, (ARRAY['P6', 'S3', 'S6', 'TTC'])[1 + n % 4]
                    FROM generate_series(1, 2000) n";
    sqlx::query(pupils).execute(pool).await?;
    let papers = "
        WITH pupils AS (SELECT id, education_level, row_number() OVER (ORDER BY email) AS number
                          FROM users WHERE role = 'student'),
             subject AS (SELECT id, level, row_number() OVER (PARTITION BY level ORDER BY name) AS number,
                                count(*) OVER (PARTITION BY level) AS of FROM subjects)
        INSERT INTO documents (filename, title, kind, uploaded_by, level, subject_id, year, is_personal, status,
                               published_at)
        SELECT n || '.pdf', 'Paper ' || n, CASE WHEN n % 20 = 0 THEN 'notes' ELSE 'exam_paper' END,
               CASE WHEN n % 5 < 2 THEN p.id ELSE $1 END, s.level, s.id, 2000 + n / 7 % 27, n % 5 < 2, 'ready',
               CASE WHEN n % 5 >= 2 THEN now() END
          FROM generate_series(1, $2) n
          JOIN pupils p ON p.number = 1 + n * 13 % 2000
          JOIN subject s ON s.level = p.education_level AND s.number = 1 + n / 11 % s.of";
    sqlx::query(papers).bind(admin).bind(documents).execute(pool).await?;
    let questions = "
        INSERT INTO questions (id, document_id, position, path, label, kind, text)
        SELECT gen_random_uuid(), d.id, n, n, n, 'short',
               (SELECT string_agg(translate(lpad(floor($1 * random() ^ 6)::text, 5, '0'),
                                            '0123456789', 'bcdfghkmnp'), ' ')
                  FROM generate_series(1, 16 + n - n))
          FROM documents d, generate_series(1, 10) n";
    sqlx::query(questions).bind(WORDS as i32).execute(pool).await?;
    let shares = "INSERT INTO document_shares (document_id, shared_with_user_id)
                  SELECT d.id, u.id FROM documents d JOIN users u ON u.email = 'pupil@shelf.test'
                   WHERE d.is_personal AND hashtext(d.title) % 400 = 0";
    sqlx::query(shares).execute(pool).await?;
    sqlx::query("VACUUM ANALYZE").execute(pool).await?;
    Ok(())
}

/// Places from a third of the shelf on.
async fn deep(pool: &PgPool, documents: i64) -> Result<Vec<Cursor>> {
    let rows: Vec<(Option<i32>, String, Uuid)> = sqlx::query_as(
        "SELECT year, title, id FROM documents ORDER BY -coalesce(year, 0), title, id OFFSET $1 LIMIT $2",
    )
    .bind(documents / 3)
    .bind(documents / 2)
    .fetch_all(pool)
    .await?;
    let every = rows.len() / TIMES;
    let places = rows.into_iter().step_by(every.max(1)).map(|(year, title, id)| Cursor { year, title, id });
    Ok(places.take(TIMES).collect())
}

/// How the statement of the shelf reads documents and questions for this query; for a search, first one by one, then by the index.
async fn scans(pool: &PgPool, viewer: &Person, query: &str) -> Result<Vec<String>> {
    let statement = format!("EXPLAIN (FORMAT JSON) {LIST}");
    let search = query.strip_prefix("search=");
    let after = query.strip_prefix("after=").and_then(Cursor::parse);
    let mut scans = Vec::new();
    let limit = A_PAGE as i64 + 1;
    let ways = if search.is_some() { vec![(true, Some(1000)), (false, None)] } else { vec![(false, Some(limit))] };
    for (one_by_one, most) in ways {
        let explain = sqlx::query_scalar::<_, Value>(sqlx::AssertSqlSafe(statement.clone()));
        let explain = explain.bind(viewer.id).bind(viewer.is_admin()).bind(viewer.education_level.as_deref());
        let explain = explain.bind(None::<Uuid>).bind(None::<&str>).bind(None::<&str>).bind(None::<Uuid>);
        let explain = explain.bind(None::<i64>).bind(None::<&str>).bind(None::<bool>).bind(false).bind("").bind(false);
        let explain = explain.bind(search).bind(after.as_ref().map(|place| -place.year.unwrap_or(0)));
        let explain = explain.bind(after.as_ref().map(|place| &place.title)).bind(after.as_ref().map(|place| place.id));
        let plan: Value = explain.bind(0_i64).bind(limit).bind(one_by_one).bind(most).fetch_one(pool).await?;
        gather(&plan, &mut scans);
    }
    Ok(scans)
}

/// The scans of the large tables in a plan, with the index or the table of each.
fn gather(plan: &Value, scans: &mut Vec<String>) {
    match plan {
        Value::Array(parts) => parts.iter().for_each(|part| gather(part, scans)),
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
            let of = [text("Index Name"), text("Relation Name")].into_iter().find(|name| !name.is_empty());
            let scan = of.map(|of| format!("{}: {of}", text("Node Type")));
            let large = |scan: &String| ["documents", "questions"].iter().any(|table| scan.contains(table));
            scans.extend(scan.filter(|scan| large(scan) && !scans.contains(scan)));
            fields.values().for_each(|part| gather(part, scans));
        }
        _ => {}
    }
}
