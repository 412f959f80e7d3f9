//! Checks that the site has everything it needs, and says what to do about what is missing.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use exam_model::format;
use sqlx::PgPool;

use crate::domain::health::{Finding, Health};
use crate::server::AppState;
use crate::server::attempts;
use crate::server::cli::dev_postgres;
use crate::server::config::{Config, ConfigError, hide_password};
use crate::server::db::operations::{self, Backup, Figures};
use crate::server::db::{self, accounts, migrations, schema};
use crate::server::documents::reading::ocr::Tesseract;

/// Bytes of free disk space below which the site must not run, and below which somebody should make room.
const FULL: u64 = 500 << 20;
const ALMOST_FULL: u64 = 5 << 30;
/// The largest difference between the clocks. Exams end by the database's clock; logs and the time of the last answer use
/// this machine's.
const CLOCKS_APART: Duration = Duration::from_secs(5);
/// The slowest round trip to the database; each request needs a few.
const SLOW: Duration = Duration::from_millis(50);

/// For so long past its end an exam may be open: the program closes them every few seconds.
const OVERDUE: TimeDelta = TimeDelta::minutes(2);
/// How old the last backup may be: the timer makes one every night, at most ten minutes late, and a large one takes a while.
const BACKUP_PERIOD: TimeDelta = TimeDelta::hours(26);

use Health::{Bad, Doubtful, Good};

fn finding(subject: &str, health: Health, words: impl Into<String>) -> Finding {
    Finding { subject: subject.into(), health, words: words.into() }
}

/// Checks the settings, and this machine's disk and tools.
pub fn machine(config: &Result<Config, ConfigError>) -> Vec<Finding> {
    match config {
        Ok(config) => of_config(config),
        Err(error) => vec![finding("settings", Bad, error.to_string())],
    }
}

fn of_config(config: &Config) -> Vec<Finding> {
    vec![settings(config), site(config.site_root.as_deref()), disk(config), tesseract()]
}

/// Checks this machine and the database of a program that serves.
pub async fn running(state: &AppState) -> Vec<Finding> {
    let config = state.config.clone();
    let mut findings = match tokio::task::spawn_blocking(move || of_config(&config)).await {
        Ok(findings) => findings,
        Err(error) => vec![finding("machine", Bad, error.to_string())],
    };
    let there = state.pool.connect_options();
    let url = format!("postgresql://{}:{}", there.get_host(), there.get_port());
    findings.extend(database(&state.pool, &url).await);
    findings
}

/// The finding for a database that cannot be reached.
pub fn unreachable(error: &anyhow::Error) -> Finding {
    finding("database", Bad, format!("{error:#}"))
}

/// Checks the database at this URL.
pub async fn database(pool: &PgPool, url: &str) -> Vec<Finding> {
    match looked_at(pool, url).await {
        Ok(findings) => findings,
        Err(error) => vec![finding("database", Bad, format!("cannot be reached: {error}"))],
    }
}

async fn looked_at(pool: &PgPool, url: &str) -> Result<Vec<Finding>, sqlx::Error> {
    let asked = Instant::now();
    let (theirs, encoding, bytes) = db::clock_and_size(pool).await?;
    let took = asked.elapsed();
    let version = db::server_version(pool).await?;
    let size = megabytes(u64::try_from(bytes).unwrap_or_default());
    let (health, words) = if version < dev_postgres::OLDEST_VERSION {
        (Bad, format!("PostgreSQL {version} is too old; {} is the oldest that works", dev_postgres::OLDEST_VERSION))
    } else if encoding != "UTF8" {
        (Bad, format!("its encoding is {encoding}; create a new one with UTF8 and restore a backup into it"))
    } else if took > SLOW {
        (Doubtful, format!("takes {} ms to answer: run the program closer to PostgreSQL", took.as_millis()))
    } else {
        (Good, format!("PostgreSQL {version}, {size}, {}", hide_password(url)))
    };
    let mut findings = vec![finding("database", health, words), clock(theirs, took)];
    findings.push(schema(pool).await?);
    findings.push(dump(version));
    findings.push(last_backup(operations::last_backup(pool).await, theirs));
    findings.push(admins(accounts::active_admins(pool).await));
    findings.extend(work(operations::figures(pool).await));
    Ok(findings)
}

async fn schema(pool: &PgPool) -> Result<Finding, sqlx::Error> {
    if let Err(error) = migrations::check(pool).await {
        return Ok(finding("schema", Bad, error.to_string()));
    }
    let broken = schema::verify(pool).await?.into_iter().filter(|(_, kept)| !kept).count();
    Ok(match broken {
        0 => finding("schema", Good, "up to date, and matches the deployment guide"),
        _ => finding("schema", Bad, format!("{broken} things are missing; see: exam-prep migrate verify")),
    })
}

fn admins(count: Result<i64, sqlx::Error>) -> Finding {
    match count {
        Ok(0) => finding("admin", Doubtful, "there is no admin yet: exam-prep setup"),
        Ok(count) => finding("admin", Good, format!("{count} can sign in")),
        Err(_) => finding("admin", Doubtful, "unknown with this schema"),
    }
}

/// What the program does by itself: closing exams in time, and reading documents.
fn work(figures: Result<Figures, sqlx::Error>) -> Vec<Finding> {
    let Ok(figures) = figures else { return vec![finding("work", Doubtful, "unknown with this schema")] };
    let open = format::count(figures.open_attempts, "attempt");
    let overdue = TimeDelta::seconds(figures.overdue_seconds as i64);
    let exams = match overdue > OVERDUE {
        true => {
            finding("exams", Doubtful, format!("one is {} past its end: is exam-prep serve running?", aged(overdue)))
        }
        false => finding("exams", Good, format!("{open} in progress, all within their time")),
    };
    let documents = |count| format::count(count, "document");
    let reading = match (figures.failed_documents, figures.put_off_jobs) {
        (0, 0) => finding("reading", Good, format!("{} waiting to be read", documents(figures.due_jobs))),
        (0, put_off) => {
            let words = format!("{} could not be read and will be tried again by itself", documents(put_off));
            finding("reading", Doubtful, words)
        }
        (failed, _) => {
            let words = format!("{} could not be read: its page says why, and reads it again", documents(failed));
            finding("reading", Doubtful, words)
        }
    };
    vec![exams, reading]
}

fn clock(theirs: DateTime<Utc>, took: Duration) -> Finding {
    let apart = (attempts::now() - theirs).abs().to_std().unwrap_or_default().saturating_sub(took);
    if apart > CLOCKS_APART {
        let words = "s away from the database's: synchronise both machines by NTP (timedatectl set-ntp true)";
        finding("clock", Bad, format!("{} {words}", apart.as_secs()))
    } else {
        finding("clock", Good, "matches the database's")
    }
}

fn dump(server: u32) -> Finding {
    let missing =
        ["pg_dump", "pg_restore", "psql"].into_iter().find_map(|name| dev_postgres::client(name, server).err());
    match missing {
        None => finding("backups", Good, "pg_dump, pg_restore and psql are installed"),
        Some(error) => finding("backups", Doubtful, format!("not possible on this machine. {error}")),
    }
}

fn last_backup(made: Result<Option<Backup>, sqlx::Error>, now: DateTime<Utc>) -> Finding {
    let subject = "last backup";
    let made = match made {
        Ok(Some(made)) => made,
        Ok(None) => {
            let words = "none was made yet: exam-prep backup --to backups --keep 14 --verify, every night";
            return finding(subject, Doubtful, words);
        }
        Err(_) => return finding(subject, Doubtful, "unknown with this schema"),
    };
    let age = now - made.made_at;
    let tried = if made.verified { "tried by restoring it" } else { "not tried" };
    let words = format!("{} old, {} in {}, {tried}", aged(age), megabytes(made.bytes.unsigned_abs()), made.place);
    if age <= BACKUP_PERIOD {
        return finding(subject, Good, words);
    }
    let advice = "one is due every night: make one now (exam-prep backup --to backups --keep 14 --verify), and see why \
                  there was none (systemctl status exam-prep-backup.timer; journalctl -u exam-prep-backup)";
    finding(subject, Doubtful, format!("{words}; {advice}"))
}

/// A stretch of time, in its largest unit.
fn aged(age: TimeDelta) -> String {
    match (age.num_days(), age.num_hours(), age.num_minutes()) {
        (days @ 2.., ..) => format!("{days} days"),
        (_, hours @ 2.., _) => format!("{hours} hours"),
        (.., minutes) => format::count(minutes.max(0), "minute"),
    }
}

fn tesseract() -> Finding {
    let advice = "scanned papers will not be read: apt-get install tesseract-ocr tesseract-ocr-fra";
    match Tesseract::find().map(|program| program.missing_languages()) {
        None => finding("tesseract", Doubtful, format!("is not installed; {advice}")),
        Some(Err(error)) => finding("tesseract", Doubtful, format!("{error}; {advice}")),
        Some(Ok(missing)) if missing.is_empty() => finding("tesseract", Good, "reads English and French"),
        Some(Ok(missing)) => finding("tesseract", Doubtful, format!("lacks {}; {advice}", missing.join(" and "))),
    }
}

fn settings(config: &Config) -> Finding {
    let open = !["127.0.0.1", "::1"].contains(&config.host.as_str());
    if open && !config.secure_cookies {
        let words = format!("HOST={} opens the site without TLS", config.host);
        return finding(
            "settings",
            Doubtful,
            format!("{words}: put a proxy in front of it, and set SECURE_COOKIES=true"),
        );
    }
    finding("settings", Good, "all valid; exam-prep config lists them")
}

fn site(root: Option<&Path>) -> Finding {
    let Some(root) = root else { return finding("site", Good, "styles and scripts are within the program") };
    if root.join("pkg").is_dir() {
        finding("site", Good, format!("styles and scripts are in {}", root.display()))
    } else {
        let words = format!("no styles and scripts in {}", root.display());
        finding("site", Doubtful, format!("{words}: copy target/site there, or set LEPTOS_SITE_ROOT to where it is"))
    }
}

/// Checks the disk of a private PostgreSQL; another server's disk cannot be checked from here.
fn disk(config: &Config) -> Finding {
    if config.database_url.is_some() {
        return finding("disk", Good, "is on the database server: check it there (df -h)");
    }
    let folder = config.data_dir.display();
    let Ok(disk) = rustix::fs::statvfs(&config.data_dir) else {
        return finding("disk", Bad, format!("{folder} cannot be used: create it, or set DATA_DIR to another folder"));
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let words = format!("{} free for {folder}", megabytes(free));
    match free {
        0..FULL => finding("disk", Bad, format!("{words}: make room now; PostgreSQL stops on a full disk")),
        FULL..ALMOST_FULL => finding("disk", Doubtful, format!("{words}: make room soon")),
        _ => finding("disk", Good, words),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_is_told_with_what_to_do() {
        let config = |pairs: &'static [(&str, &str)]| {
            Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        let wrong = machine(&config(&[("PORT", "x")]));
        assert!(wrong.len() == 1 && wrong[0].health == Bad && wrong[0].words.contains("PORT"), "{wrong:?}");
        let open = settings(&config(&[("HOST", "0.0.0.0")]).unwrap());
        assert!(open.health == Doubtful && open.words.contains("SECURE_COOKIES"), "{open:?}");
        assert_eq!(settings(&config(&[("HOST", "0.0.0.0"), ("SECURE_COOKIES", "true")]).unwrap()).health, Good);
        let nowhere = disk(&config(&[("DATA_DIR", "/nowhere")]).unwrap());
        assert!(nowhere.health == Bad && nowhere.words.contains("DATA_DIR"), "{nowhere:?}");
        assert_eq!(site(Some(Path::new("/nowhere"))).health, Doubtful);
        let now: DateTime<Utc> = "2026-12-01T12:00:00Z".parse().unwrap();
        let made = |hours: i64| {
            let made_at = now - TimeDelta::hours(hours);
            let backup = Backup { made_at, place: "backups/one.dump".into(), bytes: 5 << 20, verified: true };
            last_backup(Ok(Some(backup)), now)
        };
        assert_eq!(made(25).words, "25 hours old, 5 MB in backups/one.dump, tried by restoring it");
        let late = made(27);
        assert!(made(25).health == Good && late.health == Doubtful, "{late:?}");
        assert!(late.words.starts_with("27 hours old") && late.words.contains("exam-prep backup --to"), "{late:?}");
        assert!(made(80).words.starts_with("3 days old") && made(0).words.starts_with("0 minutes old"));
        assert!(last_backup(Ok(None), now).words.contains("none was made yet"));
        let figures = |overdue_seconds, put_off_jobs, failed_documents| {
            work(Ok(Figures {
                open_attempts: 3,
                overdue_seconds,
                due_jobs: 1,
                put_off_jobs,
                oldest_job_seconds: 0.0,
                failed_documents,
                database_bytes: 0,
            }))
        };
        let health = |of: Vec<Finding>| [of[0].health, of[1].health];
        assert_eq!(health(figures(0.0, 0, 0)), [Good, Good]);
        assert_eq!(health(figures(600.0, 0, 1)), [Doubtful, Doubtful]);
        assert!(figures(0.0, 2, 0)[1].words.contains("tried again"));
        let timer = include_str!("../../../packaging/exam-prep-backup.timer");
        assert!(timer.contains("OnCalendar=*-*-* 02:00\nRandomizedDelaySec=10min"), "every {BACKUP_PERIOD}");
        assert!(dump(999).words.contains("postgresql-client-999"));
        let at = |text: &str| clock(text.parse().unwrap(), Duration::ZERO);
        assert!(at("2001-01-01T00:00:00Z").health == Bad && at("2001-01-01T00:00:00Z").words.contains("NTP"));
    }
}
