//! The private PostgreSQL: started from the installed programs if DATABASE_URL is not set, and stopped by its last user.
//!
//! `DATA_DIR/postgres/` contains the cluster, its log and its Unix socket; only the system user who runs PostgreSQL may
//! enter it. On the loopback address it accepts the development login of the deployment guide, if the port is free.

use std::fs::{self, File, TryLockError};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_encode};
use sha2::{Digest, Sha256};
use tokio::process::Command;

/// The database's owner, who may create databases (tests do) but is not a superuser.
const ROLE: &str = "exam_prep";
/// The password of the deployment guide; it works on the loopback address only.
const PASSWORD: &str = "exam_prep_dev";
/// The port in the guide's `psql` commands.
const PORT: u16 = 5432;
/// `sockaddr_un` holds 108 bytes, the last of them zero; the socket's own name takes `/.s.PGSQL.5432`.
const MAX_FOLDER_LENGTH: usize = 107 - 14;
/// The first version with a built-in `gen_random_uuid()`.
pub const OLDEST_VERSION: u32 = 13;
/// How long to wait after a server was killed: its orphans hold the shared memory for a moment, and no new server can
/// start before.
const TRIES_TO_START: u32 = 10;
/// A locale that knows the letters of all languages and is always installed.
const LOCALE: &str = if cfg!(target_os = "macos") { "--locale=en_US.UTF-8" } else { "--locale=C.UTF-8" };
/// The folder of root's cluster if PostgreSQL's user cannot reach DATA_DIR.
const ROOTS_HOME: &str = "/var/lib/exam-prep";

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    #[error(
        "PostgreSQL is not installed. Install it (Debian: apt-get install postgresql; Fedora: dnf install \
         postgresql-server; macOS: brew install postgresql), or set DATABASE_URL."
    )]
    NotInstalled,
    #[error(
        "{program} of PostgreSQL {server} or newer is not installed. Install it (Debian: apt-get install \
         postgresql-client-{server}; Fedora: dnf install postgresql; macOS: brew install postgresql@{server})."
    )]
    NoClient { program: &'static str, server: u32 },
    #[error("The data in {path} was created by PostgreSQL {version}, which is not installed. Install that version.")]
    OtherVersion { path: PathBuf, version: String },
    #[error("PostgreSQL does not run as root, and there is no system user “postgres” to run it. Create one.")]
    NoUser,
    #[error("The path {0} is too long for a socket. Set DATA_DIR to a shorter one.")]
    PathTooLong(PathBuf),
    #[error("The private PostgreSQL did not start: {0}")]
    Failed(String),
    #[error("The folder {path} cannot be used: {cause}")]
    Folder { path: PathBuf, cause: io::Error },
}

/// The running private PostgreSQL. It is not stopped while one of these exists, in any process.
pub struct PrivatePostgres {
    cluster: Cluster,
    url: String,
    /// A shared lock that marks the cluster as in use; released when the process ends, however it ends.
    in_use: File,
}

impl PrivatePostgres {
    /// The URL of the database, through the Unix socket.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops PostgreSQL, unless another process uses it.
    pub async fn stop(self) {
        let Self { cluster, in_use, .. } = self;
        let Ok(_turn) = cluster.take_turn() else { return };
        let _ = in_use.unlock();
        if matches!(in_use.try_lock(), Err(TryLockError::WouldBlock)) {
            return;
        }
        if let Err(error) = cluster.control(&["stop", "-m", "fast"]).await {
            tracing::warn!(%error, "the private PostgreSQL was not stopped");
        }
    }
}

/// Starts the private PostgreSQL under `data_dir`, or uses the one that is running there.
pub async fn start(data_dir: &Path) -> Result<PrivatePostgres, PostgresError> {
    let cluster = Cluster::find(data_dir)?;
    let turn = cluster.take_turn()?;
    let in_use = cluster.lock_file("in-use")?;
    in_use.lock_shared().map_err(|cause| cluster.unusable(cause))?;
    if !cluster.data().join("PG_VERSION").exists() {
        cluster.create().await?;
    }
    let mut tries = 1;
    while let Err(error) = cluster.bring_up().await {
        if tries == TRIES_TO_START {
            return Err(error);
        }
        tries += 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    drop(turn);
    let url = format!("postgresql://{ROLE}@localhost/{ROLE}?host={}", encoded(&cluster.home));
    Ok(PrivatePostgres { cluster, url, in_use })
}

/// The programs, the folder and the user of a cluster.
struct Cluster {
    programs: PathBuf,
    home: PathBuf,
    /// The user and group to run as, if this process runs as root.
    run_as: Option<(u32, u32)>,
}

impl Cluster {
    fn find(data_dir: &Path) -> Result<Self, PostgresError> {
        fs::create_dir_all(data_dir).map_err(|cause| folder(data_dir, cause))?;
        let data_dir = data_dir.canonicalize().map_err(|cause| folder(data_dir, cause))?;
        let root = rustix::process::geteuid().is_root();
        let run_as = if root { Some(user("postgres").ok_or(PostgresError::NoUser)?) } else { None };
        let home = data_dir.join("postgres");
        let home = if root && !open_to_all(&data_dir) { roots_home(&home)? } else { home };
        there(fs::DirBuilder::new().mode(0o700).create(&home)).map_err(|cause| folder(&home, cause))?;
        if let Some((uid, gid)) = run_as {
            chown(&home, Some(uid), Some(gid)).map_err(|cause| folder(&home, cause))?;
        }
        if home.as_os_str().len() > MAX_FOLDER_LENGTH {
            return Err(PostgresError::PathTooLong(home));
        }
        let version = fs::read_to_string(home.join("cluster/PG_VERSION")).ok();
        let programs = programs(version.as_deref().map(str::trim), &home)?;
        Ok(Self { programs, home, run_as })
    }

    fn data(&self) -> PathBuf {
        self.home.join("cluster")
    }

    fn unusable(&self, cause: io::Error) -> PostgresError {
        folder(&self.home, cause)
    }

    fn lock_file(&self, name: &str) -> Result<File, PostgresError> {
        let open = File::options().create(true).truncate(false).write(true).open(self.home.join(name));
        open.map_err(|cause| self.unusable(cause))
    }

    /// The lock that lets only one process at a time start or stop it.
    fn take_turn(&self) -> Result<File, PostgresError> {
        let file = self.lock_file("turn")?;
        file.lock().map_err(|cause| self.unusable(cause))?;
        Ok(file)
    }

    /// One of PostgreSQL's programs, never as root.
    async fn run(&self, program: &str, arguments: &[&str]) -> Result<String, PostgresError> {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(&self.home).stdin(Stdio::null());
        if let Some((uid, gid)) = self.run_as {
            command.uid(uid).gid(gid);
        }
        // A file, not a pipe: the server that `pg_ctl` starts would keep a pipe open.
        let said = self.home.join("said");
        let file = File::create(&said).map_err(|cause| self.unusable(cause))?;
        let errors = file.try_clone().map_err(|cause| self.unusable(cause))?;
        let status = command.stdout(file).stderr(errors).status().await.map_err(|cause| self.unusable(cause))?;
        let words = fs::read_to_string(&said).unwrap_or_default();
        if status.success() { Ok(words) } else { Err(PostgresError::Failed(self.last_words(&words))) }
    }

    /// The line with the cause, from the program's output or the server's log.
    fn last_words(&self, said: &str) -> String {
        let log = fs::read_to_string(self.home.join("log")).unwrap_or_default();
        let fatal = log.lines().rev().take(5).find(|line| line.contains("FATAL"));
        let error = said.lines().find(|line| ["error:", "FATAL", "could not"].iter().any(|word| line.contains(word)));
        let line = fatal.or(error).or_else(|| said.lines().rev().find(|line| !line.trim().is_empty()));
        format!("{} (log: {})", line.unwrap_or("no reason given").trim(), self.home.join("log").display())
    }

    async fn control(&self, order: &[&str]) -> Result<(), PostgresError> {
        let arguments = [&["-D", "cluster", "-w"], order].concat();
        self.run("pg_ctl", &arguments).await.map(|_| ())
    }

    /// Starts the server, and creates the role and the database if needed.
    async fn bring_up(&self) -> Result<(), PostgresError> {
        if self.control(&["status"]).await.is_err() {
            self.configure()?;
            self.control(&["start", "-s", "-l", "log"]).await?;
        }
        self.ensure_database().await
    }

    async fn create(&self) -> Result<(), PostgresError> {
        // The remains of an interrupted creation.
        let _ = fs::remove_dir_all(self.data());
        let access = ["--auth-local=trust", "--auth-host=scram-sha-256"];
        let arguments = [&["-D", "cluster", "-U", "postgres", "--encoding=UTF8", LOCALE][..], &access].concat();
        if let Err(error) = self.run("initdb", &arguments).await {
            let _ = fs::remove_dir_all(self.data());
            return Err(error);
        }
        let write = |name: &str, text: &str| {
            let path = self.data().join(name);
            fs::read_to_string(&path).and_then(|before| fs::write(&path, before + text))
        };
        write("postgresql.conf", "\ninclude_if_exists = 'exam-prep.conf'\n").map_err(|cause| self.unusable(cause))
    }

    /// The settings that may differ between starts: the folder, and the port if it is free.
    fn configure(&self) -> Result<(), PostgresError> {
        let free = TcpListener::bind(("127.0.0.1", PORT)).is_ok();
        let listen = if free { "127.0.0.1" } else { "" };
        let home = self.home.display().to_string().replace('\'', "''");
        let settings = format!("listen_addresses = '{listen}'\nport = {PORT}\nunix_socket_directories = '{home}'\n");
        let path = self.data().join("exam-prep.conf");
        fs::write(&path, settings).map_err(|cause| self.unusable(cause))?;
        if let Some((uid, gid)) = self.run_as {
            chown(&path, Some(uid), Some(gid)).map_err(|cause| self.unusable(cause))?;
        }
        Ok(())
    }

    /// Creates the role and the database if they are missing.
    async fn ensure_database(&self) -> Result<(), PostgresError> {
        let port = PORT.to_string();
        let home = self.home.display().to_string();
        let script = format!(
            "SELECT 'CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD ''{PASSWORD}''' \
              WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') \\gexec\n\
             SELECT 'CREATE DATABASE {ROLE} OWNER {ROLE}' \
              WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{ROLE}') \\gexec\n"
        );
        let path = self.home.join("database.sql");
        fs::write(&path, script).map_err(|cause| self.unusable(cause))?;
        let login = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", &home, "-p", &port, "-U", "postgres", "-d", "postgres"];
        self.run("psql", &[&login[..], &["-f", "database.sql"]].concat()).await.map(|_| ())
    }
}

fn folder(path: &Path, cause: io::Error) -> PostgresError {
    PostgresError::Folder { path: path.to_owned(), cause }
}

/// The user and group ids of a name in `/etc/passwd`.
fn user(name: &str) -> Option<(u32, u32)> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut cells = line.split(':');
        (cells.next() == Some(name)).then_some(())?;
        let mut numbers = cells.skip(1).map_while(|cell| cell.parse().ok());
        Some((numbers.next()?, numbers.next()?))
    })
}

/// Whether every user may pass through all folders down to this one.
fn open_to_all(path: &Path) -> bool {
    path.ancestors().all(|folder| fs::metadata(folder).is_ok_and(|data| data.mode() & 0o001 != 0))
}

/// A folder that PostgreSQL's user can reach, always the same for a DATA_DIR, with a link to it in DATA_DIR.
fn roots_home(link: &Path) -> Result<PathBuf, PostgresError> {
    let name: String =
        Sha256::digest(link.as_os_str().as_encoded_bytes())[..6].iter().map(|b| format!("{b:02x}")).collect();
    let home = Path::new(ROOTS_HOME).join(name);
    fs::create_dir_all(ROOTS_HOME).map_err(|cause| folder(Path::new(ROOTS_HOME), cause))?;
    there(symlink(&home, link)).map_err(|cause| folder(link, cause))?;
    Ok(home)
}

/// Ignores `AlreadyExists`: another process may have created it a moment ago.
fn there(made: io::Result<()>) -> io::Result<()> {
    made.or_else(|error| if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
}

/// The folder of the programs: of the version that created the data, or the newest installed version.
fn programs(version: Option<&str>, home: &Path) -> Result<PathBuf, PostgresError> {
    let mut found = installed();
    found.retain(|(major, _)| *major >= OLDEST_VERSION);
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    if found.is_empty() {
        return Err(PostgresError::NotInstalled);
    }
    match version {
        None => Ok(found.swap_remove(0).1),
        Some(version) => found
            .into_iter()
            .find(|(major, _)| major.to_string() == version)
            .map(|(_, programs)| programs)
            .ok_or_else(|| PostgresError::OtherVersion { path: home.to_owned(), version: version.to_owned() }),
    }
}

/// A client program (`pg_dump`, `pg_restore`, `psql`) for a server of this major version: the same version, or the next
/// newer one that is installed. An older `pg_dump` refuses to work, and an older server may not read a newer one's output.
pub fn client(program: &'static str, server: u32) -> Result<PathBuf, PostgresError> {
    let found = folders().into_iter().filter(|folder| folder.join(program).exists());
    let found = found.filter_map(|folder| Some((version_of(&folder.join(program))?, folder)));
    let best = found.filter(|(version, _)| *version >= server).min_by_key(|(version, _)| *version);
    best.map(|(_, folder)| folder.join(program)).ok_or(PostgresError::NoClient { program, server })
}

/// The major version and folder of every complete PostgreSQL installation.
fn installed() -> Vec<(u32, PathBuf)> {
    let whole =
        |folder: &PathBuf| ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|name| folder.join(name).exists());
    let whole = folders().into_iter().filter(whole);
    whole.filter_map(|folder| Some((version_of(&folder.join("pg_ctl"))?, folder))).collect()
}

/// The usual folders on Debian, Fedora and macOS, and those in PATH.
fn folders() -> Vec<PathBuf> {
    let within = |parent: &str, start: &str, below: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
        named.map(|entry| entry.path().join(below)).collect()
    };
    let mut folders = within("/usr/lib/postgresql", "", "bin");
    folders.extend(within("/usr", "pgsql-", "bin"));
    folders.extend(within("/opt/homebrew/opt", "postgresql", "bin"));
    folders.extend(within("/usr/local/opt", "postgresql", "bin"));
    folders.extend(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/pgsql/bin"].map(PathBuf::from));
    folders
}

/// The major version in output such as `pg_ctl (PostgreSQL) 15.14 (Debian …)`: 15.
fn version_of(program: &Path) -> Option<u32> {
    let said = std::process::Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    text.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok())
}

/// Encodes a path for the query of a URL. Not as a form does: PostgreSQL's own programs take `+` literally.
fn encoded(path: &Path) -> PercentEncode<'_> {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-').remove(b'~');
    percent_encode(path.as_os_str().as_encoded_bytes(), KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded() {
        assert_eq!(encoded(Path::new("/a b/é&c")).to_string(), "/a%20b/%C3%A9%26c");
    }

    #[test]
    fn several_may_make_the_folder_at_once() {
        let folder = std::env::temp_dir().join(format!("exam-prep-at-once-{}", std::process::id()));
        for round in 0..50 {
            let data_dir = folder.join(round.to_string());
            let together = std::sync::Barrier::new(8);
            let find = || {
                together.wait();
                Cluster::find(&data_dir).map(|cluster| cluster.home)
            };
            let homes: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(find)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            for home in homes {
                assert!(home.as_ref().is_ok_and(|home| home.is_dir()), "{home:?}");
            }
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_folder_in_a_private_one_is_not_open() {
        let private = std::env::temp_dir().join(format!("exam-prep-{}", std::process::id()));
        let inner = private.join("inner");
        fs::create_dir_all(&inner).unwrap();
        fs::set_permissions(&private, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        assert!(!open_to_all(&inner));
        fs::remove_dir_all(&private).unwrap();
    }
}
