//! What the school's pages and routes cost while the history of its pupils grows: the same school after ten thousand, a
//! hundred thousand and a million answers. Called by `make bench`.
//!
//! `analytics [ANSWERS …]`, in an empty database that `DATABASE_URL` names, prints one JSON object a page and a size:
//! `answers`, `page`, `p50` and `p95` in milliseconds, `statements` that requests send (null where more than one sends
//! others).

use anyhow::Result;
use exam_prep::domain::account::Role;
use exam_prep::server::auth::{accounts, sessions};
use exam_prep::server::estimates;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

mod inside;
use inside::{Inside, quantile};

/// Pupils of three levels, who answer [`EACH`] questions, one of each of four topics, every day.
const PUPILS: i64 = 100;
const EACH: i64 = 4;
/// Requests of each page that are measured, and such before them that are not.
const TIMES: usize = 100;
const BEFORE: usize = 10;

#[tokio::main]
async fn main() -> Result<()> {
    let sizes = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<Vec<i64>, _>>()?;
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    let inside = Inside::open().await?;
    let pool = &inside.state.pool;
    let admin = accounts::create(pool, "admin@bench.test", "test123", "Admin", Role::Admin, None).await?;
    let token = sessions::open(&inside.state, admin.id, "bench").await?;
    let pupils = found(pool, admin.id).await?;
    let mut attempts = 0;
    for answers in sizes {
        let before = std::mem::replace(&mut attempts, answers / PUPILS / EACH);
        grow(pool, before, attempts).await?;
        for (page, path) in PAGES {
            let at = |n: usize| path.replace("{id}", &pupils[n % pupils.len()].to_string());
            for n in 0..BEFORE {
                inside.get(&token, &at(n)).await?;
            }
            let (mut times, mut statements) = (Vec::new(), Vec::new());
            for n in 0..TIMES {
                let cost = inside.get(&token, &at(n)).await?;
                times.push(cost.milliseconds);
                statements.push(cost.statements);
            }
            // Once a minute one more notes that the session is still used.
            statements.sort_unstable();
            let usual = statements[TIMES / 2];
            let fixed = (statements.iter().filter(|n| **n != usual).count() <= 1).then_some(usual);
            let (p50, p95) = (quantile(&mut times, 0.5), quantile(&mut times, 0.95));
            println!("{}", json!({ "answers": answers, "page": page, "p50": p50, "p95": p95, "statements": fixed }));
        }
    }
    Ok(())
}

const PAGES: [(&str, &str); 16] = [
    ("overview", "/admin"),
    ("pupils", "/admin/students"),
    ("pupils, searched", "/admin/students?search=pupil+1&level=S3"),
    ("pupils, the weakest first", "/admin/students?sort=weak_topics"),
    ("a pupil", "/admin/students/{id}"),
    ("weak topics", "/admin/weak-topics"),
    ("weak topics, narrowed", "/admin/weak-topics?level=S3&period=30"),
    ("pupils as CSV", "/admin/tables/students.csv"),
    ("weak topics as XLSX", "/admin/tables/weak-topics.xlsx"),
    ("activity as CSV", "/admin/tables/activity.csv"),
    ("subjects as CSV", "/admin/tables/subjects.csv"),
    ("API: pupils", "/api/admin/students"),
    ("API: a pupil", "/api/admin/students/{id}"),
    ("API: performance", "/api/admin/students/{id}/performance"),
    ("API: weak topics", "/api/admin/students/weak-topics/summary"),
    ("API: overview", "/api/admin/analytics"),
];

/// The school: its pupils, and eight papers of a subject for each of three levels.
async fn found(pool: &PgPool, admin: Uuid) -> Result<Vec<Uuid>> {
    let pupils = "INSERT INTO users (email, hashed_password, full_name, education_level)
                  SELECT n || '@bench.test', 'none', 'Pupil ' || n, (ARRAY['P6', 'S3', 'S6'])[1 + n % 3]
                    FROM generate_series(1, $1::bigint) n RETURNING id";
    let pupils = sqlx::query_scalar(pupils).bind(PUPILS).fetch_all(pool).await?;
    let papers =
        "INSERT INTO documents (filename, title, kind, uploaded_by, level, subject_id, year, status, published_at)
                  SELECT n || '.pdf', 'Paper ' || n, 'exam_paper', $1, s.level, s.id, 2010 + n, 'ready', now()
                    FROM subjects s, generate_series(1, 8) n WHERE s.name = 'Mathematics' AND s.level <> 'TTC'";
    sqlx::query(papers).bind(admin).execute(pool).await?;
    let questions = "INSERT INTO questions (id, document_id, position, path, label, kind, text, marks, topic_id)
                     SELECT gen_random_uuid(), d.id, n, n, n, 'short', 'What is it?', 1, t.id
                       FROM documents d, generate_series(1, $1::integer) n
                       JOIN LATERAL (SELECT id FROM topics WHERE subject_id = d.subject_id
                                      ORDER BY position OFFSET n % 4 LIMIT 1) t ON true";
    sqlx::query(questions).bind(EACH as i32).execute(pool).await?;
    Ok(pupils)
}

/// So many attempts more of each pupil, each a day before the one that is there. What a pupil knows of a topic stays.
async fn grow(pool: &PgPool, before: i64, attempts: i64) -> Result<()> {
    let mut tx = pool.begin().await?;
    let made = "CREATE TEMPORARY TABLE made ON COMMIT DROP AS
                SELECT gen_random_uuid() AS id, u.id AS user_id, d.id AS document_id,
                       now() - make_interval(hours => 24 * k::integer + 1) AS at
                  FROM generate_series($1::bigint, $2::bigint - 1) k
                  JOIN users u ON u.role = 'student'
                  JOIN documents d ON d.level = u.education_level AND d.title = 'Paper ' || 1 + k % 8";
    sqlx::query(made).bind(before).bind(attempts).execute(&mut *tx).await?;
    let quizzes = "INSERT INTO quizzes (id, user_id, document_id, mode, title, minutes, created_at)
                   SELECT id, user_id, document_id, 'real-exam', 'Paper', 60, at FROM made";
    sqlx::query(quizzes).execute(&mut *tx).await?;
    let opened =
        "INSERT INTO attempts (id, quiz_id, user_id, document_id, started_at, deadline_at, submitted_at, closed_by,
                                        earned, possible)
                  SELECT id, id, user_id, document_id, at - interval '1 hour', at, at, 'pupil', 0, $1 FROM made";
    sqlx::query(opened).bind(EACH as f64).execute(&mut *tx).await?;
    let answers = "INSERT INTO attempt_answers (attempt_id, question_id, answer, saved_at, topic_id, counts, earned, possible,
                                                verdict, reason)
                   SELECT m.id, q.id, '{it}', m.at, q.topic_id, true, r.earned, 1,
                          CASE r.earned WHEN 1 THEN 'right' ELSE 'wrong' END, 'Right: it.'
                     FROM made m
                     JOIN questions q ON q.document_id = m.document_id
                     JOIN LATERAL (SELECT CASE WHEN hashtext(m.id::text || q.id)::bigint & 1023
                                                    < 200 + (hashtext(m.user_id::text || q.topic_id)::bigint & 1023) * 3 / 4
                                               THEN 1 ELSE 0 END AS earned) r ON true";
    sqlx::query(answers).execute(&mut *tx).await?;
    let earned = "UPDATE attempts a SET earned = s.earned
                    FROM (SELECT attempt_id, sum(earned) AS earned FROM attempt_answers GROUP BY attempt_id) s
                   WHERE a.id = s.attempt_id AND a.id IN (SELECT id FROM made)";
    sqlx::query(earned).execute(&mut *tx).await?;
    estimates::recount(&mut tx).await?;
    tx.commit().await?;
    sqlx::query("VACUUM ANALYZE").execute(pool).await?;
    Ok(())
}
