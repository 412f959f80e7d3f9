//! The command line.

pub mod backup;
pub mod cleanup;
pub mod demo;
pub mod dev_postgres;
pub mod doctor;
pub mod import_legacy;
pub mod predict;
pub mod setup;
pub mod storage;
pub mod terminal;

use std::io::{BufRead, IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Parser, Subcommand};
use exam_formats::Imported;
use exam_marking::json_case;
use exam_model::paper::Paper;
use leptos::config::LeptosOptions;
use opentelemetry_sdk::trace::SdkTracerProvider;
use sd_notify::NotifyState;
use sqlx::PgPool;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::config::{Config, ConfigError, LogFormat, Origin, hide_password, with_database_name};
use super::db::schema::{self, Held};
use super::db::{self, migrations};
use super::{AppState, http, metrics, traces, use_cryptography};
use crate::domain::account::Role;
use crate::domain::health::Health;
use crate::server::attempts;
use crate::server::auth::accounts;
use crate::server::cli::backup::Place;
use crate::server::cli::dev_postgres::PrivatePostgres;
use crate::server::cli::import_legacy::Source;
use crate::server::cli::terminal::{read_line, read_password};
use crate::server::documents::{reading, syllabus, worker};
use crate::server::estimates;

/// Pupils practise real past papers; their school sees who needs help.
///
/// Settings come from the environment; `exam-prep config` lists them. Without DATABASE_URL, a private PostgreSQL is
/// started from the installed programs, with its data under DATA_DIR.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site
    ///
    /// Updates the schema of a private PostgreSQL first. For a database named by DATABASE_URL, see `migrate`.
    Serve {
        /// Load the demo data into an empty database first, and print its passwords
        #[arg(long)]
        demo: bool,
    },
    /// Set up a new site: database, schema and first admin; run again, it changes nothing
    Setup(setup::FirstAdmin),
    /// Show or change the database schema
    #[command(subcommand)]
    Migrate(Step),
    /// Write a backup of the whole database to a new file, as `pg_dump -F c` does
    ///
    /// Files and folders may be in S3-compatible storage: s3://bucket/path. Keys, region and endpoint come from the usual
    /// variables AWS_*.
    Backup {
        #[arg(required_unless_present = "to")]
        file: Option<String>,
        /// Write it into this folder, named by the time, and delete the oldest there
        #[arg(long, value_name = "FOLDER", conflicts_with = "file")]
        to: Option<String>,
        /// How many to keep in the folder
        #[arg(long, value_name = "COUNT", default_value_t = 14, requires = "to", value_parser = clap::value_parser!(u16).range(1..))]
        keep: u16,
        /// Restore it into a database of its own afterwards, to see that it is whole
        #[arg(long)]
        verify: bool,
    },
    /// Replace everything in the database with a backup; stop the site first
    Restore {
        /// A file, or s3://bucket/path
        file: String,
        /// Do not ask before replacing
        #[arg(long)]
        yes: bool,
    },
    /// Rebuild the statistics and estimates that are kept of attempts; needed only after rows were changed by hand
    Recount,
    /// Import a database of the earlier Python system, which is only read; run it again to import what is new
    ///
    /// Imports everything, or nothing if there is an error. Lists what cannot be imported. Passwords still work.
    Adopt {
        /// Its URL, as in that system's DATABASE_URL
        #[arg(long, value_name = "DATABASE_URL")]
        from: String,
        /// Its folder of uploaded files
        #[arg(long, value_name = "FOLDER")]
        files: Option<PathBuf>,
        /// Do everything and report the outcome, then roll it back
        #[arg(long)]
        dry_run: bool,
    },
    /// Check that the site has everything it needs, and say what to do; exit 1 if it cannot work
    Doctor,
    /// Create admins
    #[command(subcommand)]
    Admin(AdminOrder),
    /// Load demo data into an empty database: an admin, 30 pupils, four papers; prints their passwords
    Demo,
    /// Read the questions of a paper, or of a file that another program wrote
    Extract {
        /// The paper as a PDF, or a file in one of the formats of --to
        file: PathBuf,
        /// Its marking scheme or worked solutions
        #[arg(long, value_name = "PDF")]
        scheme: Option<PathBuf>,
        /// Print everything as one JSON object: cover, sections, the tree of questions, warnings
        #[arg(long)]
        json: bool,
        /// Print one JSON object per line: the cover, then every question and part
        #[arg(long, conflicts_with = "json")]
        flat: bool,
        /// Write an HTML page that shows how it was read: lines, labels, questions and review reasons over each page's picture
        #[arg(long, value_name = "HTML")]
        debug: Option<PathBuf>,
        /// Write the questions in this format; what it cannot contain is listed on standard error
        #[arg(long, value_name = "FORMAT", conflicts_with_all = ["json", "flat"])]
        to: Option<exam_formats::Format>,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE", requires = "to")]
        output: Option<PathBuf>,
        /// Treat the file as notes: make questions from it if it contains none
        #[arg(long, conflicts_with_all = ["debug", "to"])]
        notes: bool,
    },
    /// Mark answers: reads one JSON object per line, `{"kind", "stems", "text", "key", "marks", "answer"}` (all but the
    /// key and the answer are optional), and prints one `{"marks", "of", "reason"}` per line
    Mark,
    /// Predict pupils' answers, to measure how well the program knows pupils
    ///
    /// FILE has lines `pupil,at,item,topic,share`, one pupil after the other; `at` in seconds, -1 if unknown. Prints for each
    /// line the share of the marks that this pupil's earlier answers, and those of the pupils before, lead to expect.
    Predict {
        #[arg(value_name = "CSV")]
        file: PathBuf,
        /// Treat the last ITEMS answers of each pupil as an exam; prints `pupil,expected,low,high`: the expected mark and its
        /// 80 % interval
        #[arg(long, value_name = "ITEMS")]
        exam: Option<usize>,
    },
    /// Print every setting with its origin and meaning; secrets are hidden
    Config,
    /// Print the OpenAPI 3.1 description of the REST API as JSON
    Openapi,
    /// Run a command with DATABASE_URL set, starting the private PostgreSQL if needed
    ///
    /// For example: exam-prep with-database -- sh -c 'psql "$DATABASE_URL"'
    WithDatabase {
        /// Use an empty database exam_prep_scratch, created now and dropped afterwards
        #[arg(long)]
        scratch: bool,
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<String>,
    },
    #[command(hide = true)]
    PdfChild { task: String },
}

#[derive(Subcommand)]
enum Step {
    /// Apply pending migrations
    Up,
    /// Undo the last migrations
    Down {
        /// How many; a minus sign is ignored
        #[arg(default_value_t = 1, allow_negative_numbers = true)]
        steps: isize,
        /// Do not ask, even if data will be lost
        #[arg(long)]
        yes: bool,
    },
    /// List all migrations and their state
    Status,
    /// Print the SQL that `up` would run
    Preview,
    /// Check for the tables, columns, constraints and indexes of the deployment guide; exit 1 if one is missing
    Verify,
}

#[derive(Subcommand)]
enum AdminOrder {
    /// Create an admin's account; reads the password from standard input
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// The school whose admin it is; without it, an owner of the installation, who makes schools
        #[arg(long)]
        school: Option<String>,
    },
}

/// Runs the command line. On an error, prints one sentence and exits with 1.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Command::PdfChild { task } = &arguments.command {
        return if reading::child(task).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    use_cryptography();
    // With fewer than four threads, one slow request holds up the others on a small machine.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments.command)),
        Err(error) => Err(error.into()),
    };
    result.unwrap_or_else(|error| {
        let _ = writeln!(std::io::stderr(), "exam-prep: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(order: Command) -> Result<ExitCode> {
    let config = Config::from_env();
    let usual = if let Command::Serve { .. } = order { "info,sqlx=warn" } else { "error" };
    let serves = matches!(order, Command::Serve { .. });
    let endpoint = config.as_ref().ok().and_then(|config| config.traces_endpoint.as_ref()).filter(|_| serves);
    let traces = endpoint.map(traces::exporter).transpose().context("traces cannot be sent")?;
    log(usual, config.as_ref().map_or(LogFormat::Text, |config| config.log_format), traces.as_ref());
    if let Command::Doctor = order {
        return look(config).await;
    }
    let config = config?;
    match order {
        Command::Serve { demo } => {
            let served = serve(config, demo).await;
            if let Some(traces) = traces {
                // Its thread is waited for: what it still has is sent.
                let _ = tokio::task::spawn_blocking(move || traces.shutdown()).await;
            }
            served?;
        }
        Command::Setup(admin) => {
            let created = match &config.database_url {
                Some(url) => db::create(url).await.map_err(|error| unreachable(url, &error))?,
                None => false,
            };
            with_pool(&config, async |pool, _| setup::setup(&config, pool, created, admin).await).await?;
        }
        Command::Migrate(step) => return with_pool(&config, async |pool, _| migrate(pool, step).await).await,
        Command::Backup { file, to, keep, verify } => {
            let place = match (&file, &to) {
                (Some(file), _) => Place::open(file).await?,
                (None, Some(folder)) => Place::open(folder).await?.new_backup()?,
                (None, None) => bail!("name a file, or a folder with --to"),
            };
            let keep = to.map(|_| keep);
            with_pool(&config, async |pool, url| back_up(pool, url, &place, keep, verify).await).await?;
        }
        Command::Restore { file, yes } => {
            let place = Place::open(&file).await?;
            with_pool(&config, async |pool, url| restore(pool, url, &place, yes).await).await?;
        }
        Command::Recount => {
            with_pool(&config, async |pool, _| {
                ready(&config, pool, false).await?;
                Ok(estimates::recount(&mut *pool.acquire().await?).await?)
            })
            .await?;
            say("Everything that is kept of attempts is rebuilt.")?;
        }
        Command::Adopt { from, files, dry_run } => {
            let source = Source { url: &from, files: files.as_deref(), max_upload: config.max_upload };
            with_pool(&config, async |pool, _| {
                ready(&config, pool, false).await?;
                say(&import_legacy::adopt(pool, &source, dry_run).await?.to_string())
            })
            .await?;
        }
        Command::Doctor => {}
        Command::Admin(AdminOrder::Create { email, name, school }) => {
            let password = read_password("Password: ")?;
            with_pool(&config, async |pool, _| {
                ready(&config, pool, false).await?;
                let person = match school {
                    None => accounts::create(pool, &email, &password, &name, Role::Admin, None).await?,
                    Some(school) => {
                        let id = db::schools::by_name(pool, &school).await?;
                        let Some(id) = id else {
                            bail!("there is no school {school}: make it on the page Schools first")
                        };
                        accounts::create_in(pool, (id, false), &email, &password, &name, Role::Admin, None).await?
                    }
                };
                let owns = match person.is_owner {
                    true => " It owns the installation: it makes schools and their admins.",
                    false => "",
                };
                say(&format!("{} is an admin now.{owns}", person.sign_in_name()))
            })
            .await?;
        }
        Command::Demo => {
            with_pool(&config, async |pool, _| {
                ready(&config, pool, true).await?;
                if !demo::load(pool).await? {
                    bail!("the database already has accounts; demo data needs an empty database");
                }
                Ok(())
            })
            .await?;
        }
        Command::Extract { file, scheme, debug: Some(out), .. } => explain(&file, scheme.as_deref(), &out)?,
        Command::Extract { file, scheme, to: Some(format), output, .. } => {
            convert(&file, scheme.as_deref(), format, output.as_deref())?;
        }
        Command::Extract { file, scheme, json, flat, notes, .. } => {
            extract(&file, scheme.as_deref(), notes, json, flat)?
        }
        Command::Mark => return mark_lines(),
        Command::Predict { file, exam } => {
            let input = std::fs::File::open(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            predict::predict(input, exam, std::io::stdout().lock())?;
        }
        Command::Config => print_config(&config)?,
        Command::Openapi => say(&http::api::description().to_pretty_json()?)?,
        Command::WithDatabase { scratch, command } => return with_database(&config, scratch, &command).await,
        Command::PdfChild { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// A database, and the private PostgreSQL that runs it, if any.
struct Database {
    url: String,
    private: Option<PrivatePostgres>,
}

impl Database {
    async fn open(config: &Config) -> Result<Self> {
        if let Some(url) = &config.database_url {
            return Ok(Self { url: url.clone(), private: None });
        }
        let private = dev_postgres::start(&config.data_dir).await?;
        Ok(Self { url: private.url().to_owned(), private: Some(private) })
    }

    async fn pool(&self) -> Result<PgPool> {
        db::connect(&self.url).await.map_err(|error| unreachable(&self.url, &error))
    }

    async fn close(self) {
        if let Some(private) = self.private {
            private.stop().await;
        }
    }
}

fn unreachable(url: &str, error: &sqlx::Error) -> anyhow::Error {
    // Without the chain of causes: the message of sqlx already includes them.
    let hint = "is it running, and is DATABASE_URL right?";
    anyhow!("the database {} cannot be reached ({hint}): {error}", hide_password(url))
}

/// Runs `work` with the database and its URL.
async fn with_pool<T>(config: &Config, work: impl AsyncFnOnce(&PgPool, &str) -> Result<T>) -> Result<T> {
    let database = Database::open(config).await?;
    let result = match database.pool().await {
        Ok(pool) => {
            let result = work(&pool, &database.url).await;
            pool.close().await;
            result
        }
        Err(error) => Err(error),
    };
    database.close().await;
    result
}

/// Logs to standard error at the level of RUST_LOG, or else `usual`. The causes behind error references are logged here.
fn log(usual: &str, format: LogFormat, traces: Option<&SdkTracerProvider>) {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual.into());
    tracing_subscriber::registry()
        .with(lines.with_filter(traces::without_spans(filter)))
        .with(traces.map(traces::layer))
        .init();
}

async fn serve(config: Config, demo: bool) -> Result<()> {
    let host: IpAddr =
        config.host.parse().with_context(|| format!("HOST is {:?}, not an address such as 127.0.0.1", config.host))?;
    let address = SocketAddr::new(host, config.port);
    let socket = tokio::net::TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address} (is another program using it? PORT=8001 uses another port)")
    })?;
    with_pool(&config, async |pool, _| {
        ready(&config, pool, demo).await?;
        syllabus::ensure(&mut *pool.acquire().await?).await?;
        if demo {
            demo::load(pool).await?;
        }
        let leptos = LeptosOptions::builder().output_name("exam-prep").site_addr(address).build();
        let state = AppState::new(pool.clone(), Arc::new(config.clone()), leptos);
        let live = state.live.clone();
        if let Some(address) = config.metrics_address {
            let served = metrics::serve(address, metrics::install()?, pool.clone()).await;
            tokio::spawn(served.with_context(|| format!("cannot serve the metrics on {address}"))?);
        }
        let listener = tokio::spawn(live.clone().run(pool.clone()));
        let housekeeping = tokio::spawn(cleanup::run(pool.clone(), config.journal_days));
        let clock = tokio::spawn(attempts::run_clock(pool.clone()));
        let worker = tokio::spawn(worker::run(pool.clone()));
        say(&format!("Exam Prep is ready on http://{}:{}", shown_host(&config.host), config.port))?;
        supervised(&[NotifyState::Ready]);
        let watchdog = tokio::spawn(watchdog());
        let served = axum::serve(socket, http::router(state).into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(async move {
                stopped().await;
                supervised(&[NotifyState::Stopping]);
                live.stop();
            })
            .await;
        watchdog.abort();
        listener.abort();
        clock.abort();
        housekeeping.abort();
        worker.abort();
        Ok(served?)
    })
    .await
}

/// Tells systemd, where it started the program.
fn supervised(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd was not told");
    }
}

/// Tells systemd, where it asks, that the program still runs: a program that hangs is started again.
async fn watchdog() {
    let Some(longest) = sd_notify::watchdog_enabled() else { return };
    loop {
        supervised(&[NotifyState::Watchdog]);
        tokio::time::sleep(longest / 2).await;
    }
}

fn shown_host(host: &str) -> &str {
    if host == "127.0.0.1" || host == "0.0.0.0" { "localhost" } else { host }
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(_) => return,
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

/// Checks that the schema is the one that this program needs. Updates it on a private PostgreSQL and before loading demo
/// data; for any other database, that is the administrator's decision, after a backup.
async fn ready(config: &Config, pool: &PgPool, demo: bool) -> Result<()> {
    if demo || config.database_url.is_none() {
        migrations::up(pool).await?;
    }
    Ok(migrations::check(pool).await?)
}

async fn migrate(pool: &PgPool, step: Step) -> Result<ExitCode> {
    match step {
        Step::Up => {
            for name in migrations::up(pool).await? {
                say(&format!("Applied {name}"))?;
            }
            say("The schema is up to date.")?;
        }
        Step::Down { steps, yes } => {
            let steps = steps.unsigned_abs();
            agree("Undoing this loses:", &migrations::losses(pool, steps).await?, yes)?;
            for name in migrations::down(pool, steps).await? {
                say(&format!("Undid {name}"))?;
            }
        }
        Step::Status => {
            for status in migrations::status(pool).await? {
                let state = match status.fault {
                    Some(migrations::Fault::Edited) => "edited ",
                    Some(migrations::Fault::Unknown) => "unknown",
                    None if status.applied => "applied",
                    None => "pending",
                };
                say(&format!("{state}  {} {}", status.version, status.name))?;
            }
        }
        Step::Preview => say(migrations::preview(pool).await?.trim_end())?,
        Step::Verify => {
            let promises = schema::verify(pool).await?;
            for (promise, kept) in &promises {
                say(&format!("{}  {promise}", if *kept { "ok     " } else { "missing" }))?;
            }
            if promises.iter().any(|(_, kept)| !kept) {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a backup; `keep`: how many of those beside it are kept.
async fn back_up(pool: &PgPool, url: &str, place: &Place, keep: Option<u16>, verify: bool) -> Result<()> {
    let bytes = backup::write(pool, url, place).await?;
    say(&format!("{place}: {bytes} bytes"))?;
    let held = if verify { Some(backup::verify(pool, url, place).await?) } else { None };
    // That of an older schema has no record of backups.
    if db::migrations::check(pool).await.is_ok() {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        // A standby cannot record it, and the backup is good all the same.
        if let Err(error) = db::operations::record_backup(pool, &place.to_string(), bytes, verify).await {
            say(&format!("It is not recorded in the database, so that `doctor` does not know of it: {error}"))?;
        }
    }
    if let Some(held) = held {
        say("It is whole. Restored beside the database, it holds:")?;
        held.iter().try_for_each(|held| say(&format!("  {held}")))?;
    }
    match keep {
        Some(keep) => place.delete_old(keep.into()).await,
        None => Ok(()),
    }
}

async fn restore(pool: &PgPool, url: &str, place: &Place, yes: bool) -> Result<()> {
    agree("Restoring replaces everything in the database:", &schema::contents(pool).await?, yes)?;
    backup::restore(pool, url, place).await?;
    // Existing connections know the tables by their old object ids.
    let pool = db::connect(url).await?;
    say("Restored:")?;
    schema::contents(&pool).await?.iter().try_for_each(|held| say(&format!("  {held}")))?;
    Ok(migrations::check(&pool).await?)
}

/// Asks for confirmation if something would be lost; an error without it.
fn agree(what: &str, lost: &[Held], yes: bool) -> Result<()> {
    if lost.is_empty() {
        return Ok(());
    }
    let mut out = std::io::stderr();
    writeln!(out, "{what}")?;
    lost.iter().try_for_each(|held| writeln!(out, "  {held}"))?;
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        bail!("nothing was changed. To continue anyway, add --yes");
    }
    write!(out, "Continue? Type yes: ")?;
    if read_line()? == "yes" { Ok(()) } else { bail!("nothing was changed") }
}

async fn look(config: Result<Config, ConfigError>) -> Result<ExitCode> {
    let mut findings = doctor::machine(&config);
    if let Ok(config) = &config {
        let found = with_pool(config, async |pool, url| Ok(doctor::database(pool, url).await)).await;
        findings.extend(found.unwrap_or_else(|error| vec![doctor::unreachable(&error)]));
    }
    for finding in &findings {
        say(&format!("{:5}  {}: {}", finding.health.word(), finding.subject, finding.words))?;
    }
    let bad = findings.iter().any(|finding| finding.health == Health::Bad);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn open(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be opened", path.display()))
}

/// Marks standard input line by line. For an invalid line it prints an error, so that output lines match input lines, and
/// it exits with 1 at the end.
fn mark_lines() -> Result<ExitCode> {
    let mut all_marked = true;
    for line in std::io::stdin().lock().lines() {
        let line = line.context("standard input cannot be read")?;
        match json_case::mark_line(&line) {
            Ok(outcome) => say(&serde_json::to_string(&outcome)?)?,
            Err(error) => {
                all_marked = false;
                say(&serde_json::json!({ "error": format!("not a case: {error}") }).to_string())?;
            }
        }
    }
    Ok(if all_marked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn explain(file: &Path, scheme: Option<&Path>, out: &Path) -> Result<()> {
    let scheme = scheme.map(open).transpose()?;
    let title = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    let html = reading::debug_html::html(&title, &open(file)?, scheme.as_deref())?;
    std::fs::write(out, html).with_context(|| format!("{} cannot be written", out.display()))
}

fn read_paper(bytes: &[u8], scheme: Option<&Path>, notes: bool) -> Result<Paper> {
    let scheme = scheme.map(open).transpose()?;
    Ok(reading::read(bytes, scheme.as_deref(), notes, &mut |_, _| {})?)
}

/// The questions of a file that is not a PDF.
fn imported(file: &Path, bytes: &[u8]) -> Result<Option<Imported>> {
    let format = exam_formats::format_of(&file.to_string_lossy(), bytes);
    Ok(format.map(|format| exam_formats::import(bytes, format)).transpose()?)
}

fn extract(file: &Path, scheme: Option<&Path>, notes: bool, json: bool, flat: bool) -> Result<()> {
    let bytes = open(file)?;
    let paper = match imported(file, &bytes)? {
        Some(imported) => exam_formats::paper(imported),
        None => read_paper(&bytes, scheme, notes)?,
    };
    if json {
        say(&serde_json::to_string_pretty(&paper)?)
    } else if flat {
        exam_reading::flat(&paper).iter().try_for_each(|line| say(&serde_json::to_string(line)?))
    } else {
        say(&exam_reading::outline(&paper))
    }
}

fn convert(file: &Path, scheme: Option<&Path>, format: exam_formats::Format, output: Option<&Path>) -> Result<()> {
    let bytes = open(file)?;
    let imported = match imported(file, &bytes)? {
        Some(imported) => imported,
        None => {
            let Paper { cover, questions, .. } = read_paper(&bytes, scheme, false)?;
            Imported { title: cover.title, questions, warnings: Vec::new() }
        }
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let exported = exam_formats::export(imported.title.as_deref().unwrap_or(&stem), &imported.questions, format);
    for warning in imported.warnings.iter().chain(&exported.warnings) {
        writeln!(std::io::stderr(), "{warning}")?;
    }
    match output {
        Some(path) => {
            std::fs::write(path, exported.bytes).with_context(|| format!("{} cannot be written", path.display()))
        }
        None => unless_closed(std::io::stdout().write_all(&exported.bytes)),
    }
}

fn print_config(config: &Config) -> Result<()> {
    for setting in config.settings() {
        let origin = match setting.origin {
            Origin::Environment => "environment",
            Origin::Default => "default",
        };
        say(&format!("{}={}  [{origin}]\n    {}", setting.name, setting.shown, setting.meaning))?;
    }
    Ok(())
}

/// The database of `with-database --scratch`.
const SCRATCH: &str = "exam_prep_scratch";

async fn with_database(config: &Config, scratch: bool, command: &[String]) -> Result<ExitCode> {
    let database = Database::open(config).await?;
    let mut url = database.url.clone();
    if scratch {
        db::make_scratch(&database.pool().await?, SCRATCH).await?;
        url = with_database_name(&url, SCRATCH).context("DATABASE_URL is not a URL")?;
    }
    let status = tokio::process::Command::new(&command[0]).args(&command[1..]).env("DATABASE_URL", url).status().await;
    if scratch {
        db::drop_scratch(&database.pool().await?, SCRATCH).await?;
    }
    database.close().await;
    let status = status.with_context(|| format!("{} cannot be started", command[0]))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Prints a line on standard output; a closed pipe (`| head`) ends the program quietly.
pub(super) fn say(line: &str) -> Result<()> {
    unless_closed(writeln!(std::io::stdout(), "{line}"))
}

fn unless_closed(written: std::io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
