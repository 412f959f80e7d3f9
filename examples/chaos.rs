//! Sits exams over real HTTP while everything goes wrong: requests and replies are lost, doubled and reordered, pages are
//! reloaded, other devices take over, clocks are off, and the server and PostgreSQL are killed at random moments. Then it
//! looks whether every answer that was acknowledged is in the result. Called by `make chaos` and, small, by `make test`.
//!
//! `chaos PROGRAM [ATTEMPTS] [AT_ONCE]`; the program's data are in target/chaos, its port is the first free one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use exam_prep::domain::journal::{Entry, Field};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::time::sleep;
use uuid::Uuid;

mod private;
mod site;
use site::Site;

/// Seconds that a sitting has.
const TIME: std::ops::Range<f64> = 4.0..12.0;
/// Milliseconds between two things that a candidate does.
const PACE: std::ops::Range<u64> = 80..500;
/// Seconds between two kills.
const CALM: std::ops::Range<f64> = 8.0..16.0;

/// What happened, counted.
#[derive(Default)]
struct Counts {
    attempts: AtomicU64,
    written: AtomicU64,
    acknowledged: AtomicU64,
    requests_lost: AtomicU64,
    replies_lost: AtomicU64,
    doubled: AtomicU64,
    reordered: AtomicU64,
    reloads: AtomicU64,
    devices: AtomicU64,
    cut_at_the_end: AtomicU64,
    handed_in: AtomicU64,
    server_kills: AtomicU64,
    postgres_kills: AtomicU64,
    /// Milliseconds that an attempt was open after its end, while the server was up.
    longest_open: AtomicI64,
}

struct World {
    site: Site,
    database: PgPool,
    document: Uuid,
    counts: Counts,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // The candidates need no more than one thread.
    tokio::task::LocalSet::new().run_until(run()).await
}

async fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().context("chaos PROGRAM [ATTEMPTS] [AT_ONCE]")?);
    let mut number = |default| arguments.next().map_or(Ok(default), |word| word.parse::<u64>());
    let (attempts, at_once) = (number(10_000)?, number(200)?);

    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = private::start(&program, port)?;
    let site = Site::new(port);
    let database_url = private::database_url(&program)?;
    // The database is down now and then; the wait for it is longer than that.
    let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(Duration::from_secs(60));
    let database = pool.connect_lazy(&database_url)?;
    let world = World { site, database, document: Uuid::nil(), counts: Counts::default() };
    world.site.wait_until_up().await?;
    let document = "SELECT id FROM documents WHERE level = 'P6' AND kind = 'exam_paper' AND published_at IS NOT NULL
                     ORDER BY title LIMIT 1";
    let document = sqlx::query_scalar(document).fetch_one(&world.database).await?;
    let world = Arc::new(World { document, ..world });

    let begun = Instant::now();
    let next = Arc::new(AtomicU64::new(0));
    let mut candidates = tokio::task::JoinSet::new();
    for number in 0..at_once.min(attempts) {
        let (world, next) = (world.clone(), next.clone());
        candidates.spawn_local(async move {
            let token = world.site.register().await?;
            while next.fetch_add(1, Relaxed) < attempts {
                sit(&world, &token, &mut StdRng::seed_from_u64(number << 32 | next.load(Relaxed))).await?;
                world.counts.attempts.fetch_add(1, Relaxed);
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    let mut chance = StdRng::seed_from_u64(1);
    let mut up_since = Instant::now();
    let mut next_kill = Instant::now() + Duration::from_secs_f64(chance.random_range(CALM));
    let outcome = loop {
        tokio::select! {
            ended = candidates.join_next() => match ended {
                None => break Ok(()),
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => break Err(error),
                Some(Err(error)) => break Err(error.into()),
            },
            () = sleep(Duration::from_millis(250)) => {
                if up_since.elapsed() > Duration::from_secs(3) {
                    world.look_for_open_ones().await;
                }
                if Instant::now() >= next_kill {
                    kill(&world, &program, &mut server, &database_url, port, &mut chance).await?;
                    world.site.wait_until_up().await?;
                    up_since = Instant::now();
                    next_kill = up_since + Duration::from_secs_f64(chance.random_range(CALM));
                }
            }
        }
    };
    sleep(Duration::from_secs(3)).await;
    let checked = match outcome {
        Ok(()) => world.check_all(attempts).await,
        failed => failed,
    };
    let _ = Command::new("kill").arg(server.id().to_string()).status();
    let _ = server.wait();
    world.print(begun.elapsed());
    checked
}

/// Kills the server, PostgreSQL, or both, with no warning, and starts them again.
async fn kill(
    world: &World,
    program: &Path,
    server: &mut Child,
    database_url: &str,
    port: u16,
    chance: &mut StdRng,
) -> Result<()> {
    let what = chance.random_range(0..3);
    if what != 0 {
        world.counts.postgres_kills.fetch_add(1, Relaxed);
        // The socket's lock file names the process.
        let folder = database_url.split("host=").nth(1).context("no socket in the address")?;
        let folder = folder.split('&').next().unwrap_or_default().replace("%2F", "/");
        let lock = std::fs::read_to_string(format!("{folder}/.s.PGSQL.5432.lock")).context(folder)?;
        let pid = lock.lines().next().context("no process in the lock file")?.trim().to_owned();
        ensure!(Command::new("kill").args(["-9", &pid]).status()?.success(), "PostgreSQL could not be killed");
    }
    if what != 1 {
        world.counts.server_kills.fetch_add(1, Relaxed);
        server.kill()?;
        server.wait()?;
    }
    sleep(Duration::from_secs_f64(chance.random_range(0.2..2.0))).await;
    if what != 1 {
        *server = private::start(program, port)?;
    } else {
        // As whoever looks after the machine would: the server goes on by itself.
        private::database_url(program)?;
    }
    Ok(())
}

/// One candidate's sitting of a quiz: writes, sends, and is unlucky.
async fn sit(world: &World, token: &str, chance: &mut StdRng) -> Result<()> {
    let counts = &world.counts;
    let attempt = world.site.begin(token, world.document).await?;
    let items = world.site.items(token, attempt).await?;
    let time = chance.random_range(TIME);
    let shorten = "UPDATE attempts SET deadline_at = now() + make_interval(secs => $2) WHERE id = $1
                   RETURNING (extract(epoch FROM deadline_at) * 1000)::bigint";
    let ends_at: i64 = world
        .site
        .patiently(async || Ok(sqlx::query_scalar(shorten).bind(attempt).bind(time).fetch_one(&world.database).await?))
        .await?;
    let hands_in = chance.random_bool(0.5);
    let is_cut = !hands_in && chance.random_bool(0.5);
    let stop = Instant::now() + Duration::from_secs_f64(if hands_in || is_cut { time * 0.7 } else { time + 1.0 });

    let skew = chance.random_range(-3_000_000_000_000_i64..3_000_000_000_000);
    let mut values: HashMap<(Uuid, i64), String> = HashMap::new();
    let mut acknowledged: Vec<(Uuid, i64, Uuid)> = Vec::new();
    let mut pending: Vec<Entry> = Vec::new();
    let mut held_back: Vec<Vec<Entry>> = Vec::new();
    let (mut writer, mut seq) = (Uuid::new_v4(), 0);
    let mut acknowledge = |entries: &[Entry]| {
        for entry in entries {
            if let Field::Answer(item) = entry.field {
                acknowledged.push((entry.writer, entry.seq, item));
            }
        }
        counts.acknowledged.fetch_add(entries.len() as u64, Relaxed);
    };
    while Instant::now() < stop {
        for _ in 0..chance.random_range(0..3) {
            seq += 1;
            let value = format!("{} {seq} {}", writer.simple(), chance.random::<u16>());
            let field = Field::Answer(items[chance.random_range(0..items.len())]);
            values.insert((writer, seq), value.clone());
            pending.push(Entry { writer, seq, field, value: vec![value], written_at: 1_800_000_000_000 + skew });
            counts.written.fetch_add(1, Relaxed);
        }
        match chance.random_range(0..20) {
            0 => {
                counts.reloads.fetch_add(1, Relaxed);
                (writer, seq) = (Uuid::new_v4(), 0);
            }
            1 => {
                // The old device keeps what it has not sent, and sends it some time later.
                counts.devices.fetch_add(1, Relaxed);
                held_back.push(std::mem::take(&mut pending));
                (writer, seq) = (Uuid::new_v4(), 0);
            }
            2 => {
                counts.requests_lost.fetch_add(1, Relaxed);
            }
            3 => {
                counts.replies_lost.fetch_add(1, Relaxed);
                let _ = world.site.send(token, attempt, writer, &pending, false).await;
            }
            4 if !pending.is_empty() => {
                counts.doubled.fetch_add(1, Relaxed);
                let send = || world.site.send(token, attempt, writer, &pending, false);
                let (one, other) = tokio::join!(send(), send());
                if [one, other].iter().any(|reply| reply.as_ref().is_ok_and(|synced| !synced.late)) {
                    acknowledge(&pending);
                    pending.clear();
                }
            }
            5 if pending.len() > 1 => {
                counts.reordered.fetch_add(1, Relaxed);
                pending.shuffle(chance);
                let later = pending.split_off(pending.len() / 2);
                held_back.push(std::mem::replace(&mut pending, later));
            }
            6 if !held_back.is_empty() => {
                let place = chance.random_range(0..held_back.len());
                let old = held_back.swap_remove(place);
                let by = old.first().map_or(writer, |entry| entry.writer);
                match world.site.send(token, attempt, by, &old, false).await {
                    Ok(synced) if !synced.late => acknowledge(&old),
                    Ok(_) => {}
                    Err(_) => held_back.push(old),
                }
            }
            _ => {
                if let Ok(synced) = world.site.send(token, attempt, writer, &pending, false).await {
                    if !synced.late {
                        acknowledge(&pending);
                    }
                    pending.clear();
                }
            }
        }
        sleep(Duration::from_millis(chance.random_range(PACE))).await;
    }
    if hands_in {
        counts.handed_in.fetch_add(1, Relaxed);
        let synced =
            world.site.patiently(async || world.site.send(token, attempt, writer, &pending, true).await).await?;
        if !synced.late {
            acknowledge(&pending);
        }
        // A tap more changes nothing.
        let _ = world.site.send(token, attempt, writer, &[], true).await;
    }
    if is_cut {
        counts.cut_at_the_end.fetch_add(1, Relaxed);
        // The page is known, then the network goes until some time after the end.
        world.site.patiently(async || world.site.send(token, attempt, writer, &[], false).await).await?;
        pending.clear();
        while unix_millis() < ends_at {
            seq += 1;
            let value = format!("{} {seq} cut", writer.simple());
            let field = Field::Answer(items[chance.random_range(0..items.len())]);
            values.insert((writer, seq), value.clone());
            pending.push(Entry { writer, seq, field, value: vec![value], written_at: unix_millis() });
            counts.written.fetch_add(1, Relaxed);
            sleep(Duration::from_millis(chance.random_range(PACE))).await;
        }
        pending.retain(|entry| entry.written_at < ends_at);
        sleep(Duration::from_secs_f64(chance.random_range(0.0..4.0))).await;
        let synced =
            world.site.patiently(async || world.site.send(token, attempt, writer, &pending, false).await).await?;
        ensure!(!synced.late, "{attempt}: what was written in time is said to be late");
        acknowledge(&pending);
    }
    check(world, attempt, &values, &acknowledged).await
}

fn unix_millis() -> i64 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_millis() as i64)
}

/// Every acknowledged entry is in the journal, and what the result holds of each item is the newest of all entries.
async fn check(
    world: &World,
    attempt: Uuid,
    values: &HashMap<(Uuid, i64), String>,
    acknowledged: &[(Uuid, i64, Uuid)],
) -> Result<()> {
    let closed = "SELECT submitted_at IS NOT NULL FROM attempts WHERE id = $1";
    let begun = Instant::now();
    while !world
        .site
        .patiently(async || Ok(sqlx::query_scalar::<_, bool>(closed).bind(attempt).fetch_one(&world.database).await?))
        .await?
    {
        ensure!(begun.elapsed() < Duration::from_secs(60), "{attempt} is still open a minute after its end");
        sleep(Duration::from_millis(300)).await;
    }
    let epochs = "SELECT writer, epoch FROM attempt_writers WHERE attempt_id = $1";
    let epochs: HashMap<Uuid, i32> = world
        .site
        .patiently(async || Ok(sqlx::query_as(epochs).bind(attempt).fetch_all(&world.database).await?))
        .await?
        .into_iter()
        .collect();
    let journal = "SELECT writer, seq FROM attempt_journal WHERE attempt_id = $1 AND NOT late";
    let journal: Vec<(Uuid, i64)> = world
        .site
        .patiently(async || Ok(sqlx::query_as(journal).bind(attempt).fetch_all(&world.database).await?))
        .await?;
    let journal: std::collections::HashSet<(Uuid, i64)> = journal.into_iter().collect();
    type Row = (Uuid, Vec<String>, i32, i64, bool);
    let answers =
        "SELECT question_id, answer, epoch, seq, verdict IS NOT NULL FROM attempt_answers WHERE attempt_id = $1";
    let answers: Vec<Row> = world
        .site
        .patiently(async || Ok(sqlx::query_as(answers).bind(attempt).fetch_all(&world.database).await?))
        .await?;
    for &(writer, seq, item) in acknowledged {
        ensure!(journal.contains(&(writer, seq)), "{attempt}: the acknowledged entry {writer} {seq} is lost");
        let (_, _, epoch, at, _) = answers.iter().find(|row| row.0 == item).context("an item is lost")?;
        ensure!(
            (*epoch, *at) >= (epochs[&writer], seq),
            "{attempt}: the result of {item} is older than what was acknowledged"
        );
    }
    for (item, answer, epoch, seq, marked) in &answers {
        ensure!(marked, "{attempt}: {item} is not marked");
        if *epoch > 0 {
            let writer =
                epochs.iter().find(|(_, e)| *e == epoch).map(|(writer, _)| *writer).context("a writer is lost")?;
            let written = values.get(&(writer, *seq)).context("an entry that nobody wrote")?;
            ensure!(*answer == [written.as_str()], "{attempt}: {item} holds {answer:?}, not {written:?}");
        }
    }
    Ok(())
}

impl World {
    async fn look_for_open_ones(&self) {
        let lag = "SELECT coalesce(max(extract(epoch FROM now() - deadline_at)), 0)::float8 FROM attempts
                    WHERE submitted_at IS NULL AND deadline_at <= now()";
        if let Ok(lag) = sqlx::query_scalar::<_, f64>(lag).fetch_one(&self.database).await {
            self.counts.longest_open.fetch_max((lag * 1000.0) as i64, Relaxed);
        }
    }

    /// Nothing is open after its end, nothing has two results.
    async fn check_all(&self, attempts: u64) -> Result<()> {
        let count = async |query: &'static str| {
            self.site.patiently(async || Ok(sqlx::query_scalar::<_, i64>(query).fetch_one(&self.database).await?)).await
        };
        let open = count("SELECT count(*) FROM attempts WHERE submitted_at IS NULL AND deadline_at <= now()").await?;
        let twice = "SELECT count(*) FROM (SELECT quiz_id FROM attempts GROUP BY quiz_id HAVING count(*) > 1) AS twice";
        let twice = count(twice).await?;
        let late = self.counts.longest_open.load(Relaxed);
        ensure!(open == 0, "{open} attempts are open after their end");
        let unmarked = count("SELECT count(*) FROM attempts_to_mark").await?;
        ensure!(unmarked == 0, "{unmarked} attempts are not marked with what came after the end");
        ensure!(twice == 0, "{twice} quizzes have two attempts");
        ensure!(self.counts.attempts.load(Relaxed) == attempts, "not all candidates came to their end");
        if late > 2_000 {
            bail!("an attempt was open {late} ms after its end");
        }
        Ok(())
    }

    fn print(&self, took: Duration) {
        let c = &self.counts;
        let lines: [(&str, u64); 15] = [
            ("attempts sat and checked", c.attempts.load(Relaxed)),
            ("  of them handed in", c.handed_in.load(Relaxed)),
            ("answers written", c.written.load(Relaxed)),
            ("answers acknowledged, all found", c.acknowledged.load(Relaxed)),
            ("requests", self.site.requests.load(Relaxed)),
            ("  refused (4xx)", self.site.refused.load(Relaxed)),
            ("requests lost", c.requests_lost.load(Relaxed)),
            ("replies lost", c.replies_lost.load(Relaxed)),
            ("requests doubled", c.doubled.load(Relaxed)),
            ("reordered", c.reordered.load(Relaxed)),
            ("pages reloaded", c.reloads.load(Relaxed)),
            ("devices changed", c.devices.load(Relaxed)),
            ("cut off before the end, back after", c.cut_at_the_end.load(Relaxed)),
            ("server killed", c.server_kills.load(Relaxed)),
            ("PostgreSQL killed", c.postgres_kills.load(Relaxed)),
        ];
        for (what, count) in lines {
            println!("{what:<34} {count:>9}");
        }
        println!("{:<34} {:>9}", "longest open after its end, ms", c.longest_open.load(Relaxed));
        println!("{:<34} {:>9.0}", "seconds", took.as_secs_f64());
    }
}
