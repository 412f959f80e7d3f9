//! Restarts three processes one after the other, as an upgrade does, behind HAProxy and under load, and counts what failed:
//! every request is sent once, and every answer that was acknowledged must be there afterwards. Called by `make rolling`.
//!
//! `rolling PROGRAM DATABASE_URL [REQUESTS_A_SECOND]`; logs are in target/chaos, the ports are free ones.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use exam_prep::domain::attempt::OpenAttempt;
use exam_prep::domain::journal::{Entry, Field};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

mod site;
use site::Site;

const PROCESSES: usize = 3;
const CANDIDATES: u64 = 20;
/// How often each process is restarted.
const ROUNDS: usize = 2;

/// What happened, counted.
#[derive(Default)]
struct Counts {
    reads: AtomicU64,
    saves: AtomicU64,
    failed: AtomicU64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let usage = "rolling PROGRAM DATABASE_URL [REQUESTS_A_SECOND]";
    let (program, database) = (PathBuf::from(arguments.next().context(usage)?), arguments.next().context(usage)?);
    let rate = arguments.next().map_or(Ok(300), |word| word.parse::<u64>())?;
    let mut processes = Vec::new();
    let outcome = roll(&program, &database, rate, &mut processes).await;
    for process in &mut processes {
        let _ = process.kill();
        let _ = process.wait();
    }
    outcome
}

async fn roll(program: &Path, database: &str, rate: u64, processes: &mut Vec<Child>) -> Result<()> {
    std::fs::create_dir_all("target/chaos")?;
    let ports: Vec<u16> = (0..=PROCESSES).map(|_| free_port()).collect::<Result<_>>()?;
    let (front, ports) = (ports[PROCESSES], &ports[..PROCESSES]);
    for &port in ports {
        // The first one makes the schema and the demo's papers.
        processes.push(serve(program, database, port)?);
        Site::new(port).wait_until_up().await?;
    }
    processes.push(proxy(front, ports)?);
    let site = Arc::new(Site::new(front));
    site.wait_until_up().await?;

    let pool = PgPool::connect(database).await?;
    let paper =
        "SELECT id FROM documents WHERE level = 'P6' AND kind = 'exam_paper' AND published_at IS NOT NULL LIMIT 1";
    let paper = sqlx::query_scalar(paper).fetch_one(&pool).await?;
    let (counts, stop) = (Arc::new(Counts::default()), Arc::new(AtomicBool::new(false)));
    let mut candidates = JoinSet::new();
    for _ in 0..CANDIDATES {
        let token = site.register().await?;
        let attempt = site.begin(&token, paper).await?;
        let items = site.items(&token, attempt).await?;
        let candidate = Candidate { site: site.clone(), token, attempt, items };
        candidates.spawn(candidate.sit(Duration::from_millis(1000 * CANDIDATES / rate), counts.clone(), stop.clone()));
    }

    let begun = Instant::now();
    let mut restarts = 0;
    for _ in 0..ROUNDS {
        for (place, &port) in ports.iter().enumerate() {
            sleep(Duration::from_secs(2)).await;
            end(&mut processes[place]).await?;
            processes[place] = serve(program, database, port)?;
            Site::new(port).wait_until_up().await?;
            restarts += 1;
        }
    }
    sleep(Duration::from_secs(2)).await;
    stop.store(true, Relaxed);
    let mut lost = 0;
    while let Some(done) = candidates.join_next().await {
        lost += done??;
    }
    let [reads, saves, failed] = [&counts.reads, &counts.saves, &counts.failed].map(|count| count.load(Relaxed));
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{restarts} restarts of {PROCESSES} processes in {seconds:.0} s: {reads} reads and {saves} saves ({:.0} a second), \
         {failed} failed, {lost} acknowledged answers lost",
        (reads + saves) as f64 / seconds
    );
    ensure!(failed == 0 && lost == 0, "an upgrade is seen");
    Ok(())
}

struct Candidate {
    site: Arc<Site>,
    token: String,
    attempt: Uuid,
    items: Vec<Uuid>,
}

impl Candidate {
    /// Reads and saves in turn until the end, each request once, with this pause between; returns how many acknowledged
    /// answers are not there then.
    async fn sit(self, pause: Duration, counts: Arc<Counts>, stop: Arc<AtomicBool>) -> Result<usize> {
        let Self { site, token, attempt, items } = self;
        let writer = Uuid::new_v4();
        let mut saved = HashMap::new();
        let mut next = tokio::time::interval(pause);
        for seq in 1.. {
            next.tick().await;
            if stop.load(Relaxed) {
                break;
            }
            let item = items[seq as usize % items.len()];
            let outcome = if seq % 2 == 0 {
                counts.reads.fetch_add(1, Relaxed);
                let request = site.request("GET", "/api/documents", &token, "text/plain", String::new());
                site.call(request).await.and_then(|(status, ..)| {
                    ensure!(status.is_success(), "{status}");
                    Ok(())
                })
            } else {
                counts.saves.fetch_add(1, Relaxed);
                let value = vec![format!("answer {seq}")];
                let entry = Entry {
                    writer,
                    seq,
                    field: Field::Answer(item),
                    value: value.clone(),
                    written_at: 1_800_000_000_000,
                };
                let sent = site.send(&token, attempt, writer, &[entry], false).await;
                sent.map(|_| drop(saved.insert(item, value)))
            };
            if let Err(error) = outcome {
                counts.failed.fetch_add(1, Relaxed);
                eprintln!("failed: {error:#}");
            }
        }
        let path = format!("/fn/exam_prep/api/attempts/get_open_attempt?id={attempt}");
        let (_, _, body) = site.call(site.request("GET", &path, &token, "text/plain", String::new())).await?;
        let there: OpenAttempt = serde_json::from_slice(&body)?;
        Ok(saved
            .iter()
            .filter(|(item, value)| there.answers.get(item).is_none_or(|answer| answer.0 != **value))
            .count())
    }
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Ends a process as a supervisor does, and waits for it.
async fn end(process: &mut Child) -> Result<()> {
    Command::new("kill").arg(process.id().to_string()).status()?;
    for _ in 0..600 {
        if process.try_wait()?.is_some() {
            return Ok(());
        }
        sleep(Duration::from_millis(100)).await;
    }
    bail!("a process does not end")
}

fn serve(program: &Path, database: &str, port: u16) -> Result<Child> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open("target/chaos/rolling.log")?;
    let mut command = Command::new(program);
    command.args(["serve", "--demo"]).env("DATABASE_URL", database).env("PORT", port.to_string());
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn().context("the program cannot be started")
}

/// HAProxy in front of the processes. It sends a request again that no process has begun to answer, if it may be sent twice.
fn proxy(front: u16, ports: &[u16]) -> Result<Child> {
    let servers: String = ports
        .iter()
        .map(|port| format!("  server p{port} 127.0.0.1:{port} check inter 250ms fall 1 rise 1\n"))
        .collect();
    let config = format!(
        "defaults\n  mode http\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n  retries 5\n  \
         option redispatch 1\n  retry-on conn-failure empty-response\n\
         frontend site\n  bind 127.0.0.1:{front}\n  \
         http-request disable-l7-retry if METH_POST !{{ path_beg /fn/exam_prep/api/attempts/sync_attempt }}\n  \
         default_backend processes\n\
         backend processes\n  balance roundrobin\n  option httpchk GET /readyz\n{servers}"
    );
    std::fs::write("target/chaos/haproxy.cfg", config)?;
    let log = std::fs::File::create("target/chaos/haproxy.log")?;
    let mut command = Command::new("haproxy");
    command.args(["-db", "-f", "target/chaos/haproxy.cfg"]).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.spawn().context("haproxy is not installed")
}
