//! What saving costs: so many candidates save every five seconds over HTTP, also while others sign in, then as fast as the
//! server lets them. Called by `make bench`, which compares the most with what `pgbench` says of the same statement.
//!
//! `autosave PROGRAM [CANDIDATES] [SECONDS]` prints one JSON object: `p50` and `p99` in milliseconds with every candidate
//! saving each five seconds, `most` saves a second, of each `rush` of sign-ins the saves' `p99` meanwhile and the server's
//! memory in megabytes at the `peak` and a minute `later`, and the `database` that still holds the candidates, as attempts
//! `00000000-0000-4000-a000-NNNNNNNNNNNN` with writers `…-b000-…` of users `…-c000-…`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use axum::http::StatusCode;
use exam_prep::domain::journal::{Entry, Field};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::task::JoinSet;
use tokio::time::{Instant as At, sleep, sleep_until};
use uuid::Uuid;

mod private;
mod site;
use site::Site;

/// A candidate's page saves so often.
const EVERY: Duration = Duration::from_secs(5);
/// Candidates that save without a pause, to find the most.
const WITHOUT_PAUSE: u64 = 32;
/// So many sign in at once while the candidates save.
const SIGN_INS: [u64; 2] = [60, 500];
/// Accounts to sign in to.
const ACCOUNTS: u64 = 5_000;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().context("autosave PROGRAM [CANDIDATES] [SECONDS]")?);
    let mut number = |default| arguments.next().map_or(Ok(default), |word| word.parse::<u64>());
    let (candidates, seconds) = (number(1_000)?, number(20)?);
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = private::start(&program, port)?;
    let measured = measure(&program, port, server.id(), candidates, Duration::from_secs(seconds)).await;
    let _ = std::process::Command::new("kill").arg(server.id().to_string()).status();
    let _ = server.wait();
    println!("{}", measured?);
    Ok(())
}

async fn measure(
    program: &std::path::Path,
    port: u16,
    server: u32,
    candidates: u64,
    time: Duration,
) -> Result<serde_json::Value> {
    let site = Arc::new(Site::new(port));
    site.wait_until_up().await?;
    let url = private::database_url(program)?;
    let database = PgPoolOptions::new().max_connections(2).connect(&url).await?;
    let document =
        "SELECT id FROM documents WHERE level = 'P6' AND kind = 'exam_paper' AND published_at IS NOT NULL LIMIT 1";
    let document = sqlx::query_scalar(document).fetch_one(&database).await?;
    let token = site.register().await?;
    let model = site.begin(&token, document).await?;
    let items = site.items(&token, model).await?;
    seat(&database, model, candidates).await?;

    // Every candidate makes itself known first, as an open page does.
    let mut pages = JoinSet::new();
    for number in 0..candidates {
        let site = site.clone();
        pages.spawn(async move {
            site.send(&secret(number), id('a', number), id('b', number), &[], false).await.map(|_| ())
        });
        if number % 50 == 0 {
            sleep(Duration::from_millis(100)).await;
        }
    }
    while let Some(known) = pages.join_next().await {
        known??;
    }

    let taken = saves(&site, &items, candidates, time, 1).await?;
    let mut rushes = Vec::new();
    for (place, connections) in SIGN_INS.into_iter().enumerate() {
        let rush = rush(&site, server, connections, time);
        let (times, rush) = tokio::join!(saves(&site, &items, candidates, time, 1000 * (place as i64 + 1)), rush);
        let (peak, signed_in) = rush?;
        sleep(Duration::from_secs(60)).await;
        rushes.push(
            json!({ "connections": connections, "signed_in": signed_in, "p99": share(&times?, 0.99), "peak": peak,
                            "later": megabytes(server)? }),
        );
    }

    let (stop, saved) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut rushing = JoinSet::new();
    for number in 0..WITHOUT_PAUSE.min(candidates) {
        let (site, items, stop, saved) = (site.clone(), items.clone(), stop.clone(), saved.clone());
        rushing.spawn(async move {
            let mut seq = 1_000_000;
            while !stop.load(Relaxed) {
                seq += 1;
                save(&site, number, seq, &items).await?;
                saved.fetch_add(1, Relaxed);
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    sleep(Duration::from_secs(1)).await;
    let (from, begun) = (saved.load(Relaxed), Instant::now());
    sleep(time / 2).await;
    let most = (saved.load(Relaxed) - from) as f64 / begun.elapsed().as_secs_f64();
    stop.store(true, Relaxed);
    while let Some(done) = rushing.join_next().await {
        done??;
    }
    Ok(json!({ "candidates": candidates, "saves": taken.len(), "p50": share(&taken, 0.5), "p99": share(&taken, 0.99),
                "most": most, "rushes": rushes, "database": url }))
}

/// The value that this share of sorted ones does not exceed.
fn share(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

/// Every candidate saves each five seconds; milliseconds, sorted. `first` is the first number of an entry.
async fn saves(site: &Arc<Site>, items: &[Uuid], candidates: u64, time: Duration, first: i64) -> Result<Vec<f64>> {
    let mut saving = JoinSet::new();
    let begun = At::now();
    for number in 0..candidates {
        let (site, items) = (site.clone(), items.to_vec());
        saving.spawn(async move {
            let mut taken = Vec::new();
            let mut next = begun + EVERY.mul_f64(number as f64 / candidates as f64);
            while next < begun + time {
                sleep_until(next).await;
                taken.push(save(&site, number, first + taken.len() as i64, &items).await?);
                next += EVERY;
            }
            Ok::<_, anyhow::Error>(taken)
        });
    }
    let mut taken = Vec::new();
    while let Some(times) = saving.join_next().await {
        taken.extend(times??);
    }
    ensure!(!taken.is_empty(), "nothing was measured");
    taken.sort_by(f64::total_cmp);
    Ok(taken)
}

/// Candidates sign in again and again from so many places at once; megabytes at the peak, and how many got in.
async fn rush(site: &Arc<Site>, server: u32, connections: u64, time: Duration) -> Result<(f64, u64)> {
    let (mut places, signed_in) = (JoinSet::new(), Arc::new(AtomicU64::new(0)));
    let end = At::now() + time;
    for place in 0..connections {
        let (site, signed_in) = (site.clone(), signed_in.clone());
        places.spawn(async move {
            for round in 0.. {
                if At::now() > end {
                    break;
                }
                // Over so many accounts that nobody tries too often.
                let email = email((place + round * connections) % ACCOUNTS);
                match sign_in(&site, &email).await? {
                    StatusCode::OK => _ = signed_in.fetch_add(1, Relaxed),
                    StatusCode::SERVICE_UNAVAILABLE => sleep(Duration::from_secs(1)).await,
                    other => bail!("signing in: {other}"),
                }
            }
            Ok(())
        });
    }
    let mut peak: f64 = 0.0;
    while At::now() < end {
        peak = peak.max(megabytes(server)?);
        sleep(Duration::from_millis(20)).await;
    }
    while let Some(place) = places.join_next().await {
        place??;
    }
    Ok((peak, signed_in.load(Relaxed)))
}

/// What a process holds in memory.
fn megabytes(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}

/// Signs in with the password of all that `Site::register` makes.
async fn sign_in(site: &Site, email: &str) -> Result<StatusCode> {
    let person = json!({ "email": email, "password": "test123" });
    let request = site.request("POST", "/api/users/login", "", "application/json", person.to_string());
    Ok(site.call(request).await?.0)
}

fn email(number: u64) -> String {
    format!("{number}@autosave.test")
}

/// SaveQueue one answer; milliseconds.
async fn save(site: &Site, number: u64, seq: i64, items: &[Uuid]) -> Result<f64> {
    let field = Field::Answer(items[seq as usize % items.len()]);
    let entry = Entry {
        writer: id('b', number),
        seq,
        field,
        value: vec![format!("answer {seq}")],
        written_at: 1_800_000_000_000,
    };
    let begun = Instant::now();
    site.send(&secret(number), id('a', number), entry.writer, &[entry], false).await?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}

fn id(kind: char, number: u64) -> Uuid {
    format!("00000000-0000-4000-{kind}000-{number:012}").parse().expect("it is written as ids are")
}

fn secret(number: u64) -> String {
    format!("candidate-{number}")
}

/// Candidates with a session and an attempt each, all alike.
async fn seat(database: &PgPool, model: Uuid, candidates: u64) -> Result<()> {
    let numbers: Vec<i64> = (0..candidates as i64).collect();
    let tokens: Vec<Vec<u8>> = (0..candidates).map(|n| Sha256::digest(secret(n).as_bytes()).to_vec()).collect();
    let mut tx = database.begin().await?;
    let prepare = "CREATE FUNCTION pg_temp.made(kind text, n bigint) RETURNS uuid LANGUAGE sql
                   RETURN ('00000000-0000-4000-' || kind || '000-' || lpad(n::text, 12, '0'))::uuid";
    sqlx::query(prepare).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM users WHERE email LIKE '%@autosave.test'").execute(&mut *tx).await?;
    // All with the password of the model's pupil.
    let users = "INSERT INTO users (id, email, hashed_password, full_name, education_level)
                 SELECT pg_temp.made('c', n), n || '@autosave.test', u.hashed_password, 'Candidate ' || n, 'P6'
                   FROM generate_series(0, greatest($1, $2) - 1) AS n, attempts a JOIN users u ON u.id = a.user_id
                  WHERE a.id = $3";
    sqlx::query(users).bind(candidates as i64).bind(ACCOUNTS as i64).bind(model).execute(&mut *tx).await?;
    let statements = [
        "INSERT INTO quizzes (id, user_id, document_id, mode, title, minutes)
         SELECT pg_temp.made('c', n), pg_temp.made('c', n), q.document_id, q.mode, q.title, q.minutes
           FROM unnest($1::bigint[]) AS n, quizzes q JOIN attempts a ON a.quiz_id = q.id WHERE a.id = $2",
        "INSERT INTO quiz_questions (quiz_id, position, question)
         SELECT pg_temp.made('c', n), q.position, q.question
           FROM unnest($1::bigint[]) AS n, quiz_questions q JOIN attempts a USING (quiz_id) WHERE a.id = $2",
        "INSERT INTO attempts (id, quiz_id, user_id, document_id, deadline_at)
         SELECT pg_temp.made('a', n), pg_temp.made('c', n), pg_temp.made('c', n), document_id, now() + interval '2 h'
           FROM unnest($1::bigint[]) AS n, attempts WHERE id = $2",
        "INSERT INTO attempt_answers (attempt_id, question_id)
         SELECT pg_temp.made('a', n), question_id FROM unnest($1::bigint[]) AS n, attempt_answers WHERE attempt_id = $2",
    ];
    for statement in statements {
        sqlx::query(statement).bind(&numbers).bind(model).execute(&mut *tx).await?;
    }
    let sessions = "INSERT INTO sessions (token_hash, user_id, expires_at)
                    SELECT token, pg_temp.made('c', n), now() + interval '1 day'
                      FROM unnest($1::bytea[], $2::bigint[]) AS s (token, n)";
    sqlx::query(sessions).bind(&tokens).bind(&numbers).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
