//! Backs up the whole database to a file or to S3-compatible storage, and restores it, with PostgreSQL's programs, as in the
//! deployment guide.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use sqlx::PgPool;
use tokio::io::{AsyncWriteExt, copy};
use tokio::process::Command;

use crate::server::cli::dev_postgres;
use crate::server::cli::storage::Object;
use crate::server::config::{split_password, with_database_name};
use crate::server::db::schema::Held;
use crate::server::db::{self, migrations, schema};

/// Where a backup is, or a folder of them.
pub enum Place {
    File(PathBuf),
    Object(Object),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Object(object) => object.fmt(f),
        }
    }
}

impl Place {
    /// What a path or a URL such as `s3://bucket/path` names.
    pub async fn open(named: &str) -> Result<Self> {
        Ok(Object::open(named).await?.map_or_else(|| Self::File(named.into()), Self::Object))
    }

    /// A new backup in this folder, named by the time. A folder that is not there is made.
    pub fn new_backup(&self) -> Result<Self> {
        let name = chrono::Local::now().format("exam_prep_%Y%m%d_%H%M%S.dump").to_string();
        Ok(match self {
            Self::File(folder) => {
                fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
                Self::File(folder.join(name))
            }
            Self::Object(folder) => Self::Object(folder.join(&name)),
        })
    }

    /// Deletes all backups beside this one but the newest, so that `keep` are left with it.
    pub async fn delete_old(&self, keep: usize) -> Result<()> {
        let (own, mut names) = match self {
            Self::File(file) => {
                let folder = fs::read_dir(file.parent().context("a backup is in a folder")?)?;
                let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
                (file.file_name().unwrap_or_default().to_string_lossy(), names)
            }
            Self::Object(object) => (object.name().into(), object.siblings().await?),
        };
        names.retain(|name| is_backup(name) && *name != own);
        names.sort();
        for old in names.iter().rev().skip(keep.saturating_sub(1)) {
            match self {
                Self::File(file) => fs::remove_file(file.with_file_name(old)).map_err(Into::into),
                Self::Object(object) => object.with_name(old).delete().await,
            }
            .with_context(|| format!("the old backup {old} cannot be deleted"))?;
        }
        Ok(())
    }
}

/// Whether it is a name that `new_backup` gives.
fn is_backup(name: &str) -> bool {
    name.strip_prefix("exam_prep_")
        .and_then(|name| name.strip_suffix(".dump"))
        .is_some_and(|time| time.len() == 15 && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'))
}

/// Writes a backup in `pg_dump`'s custom format. It is a consistent snapshot, even while the database is in use, without the
/// tables that hold only what is made again. It is there afterwards only if it is complete; an existing one is not replaced.
pub async fn write(pool: &PgPool, url: &str, place: &Place) -> Result<u64> {
    let exists = match place {
        Place::File(file) => file.exists(),
        Place::Object(object) => object.size().await?.is_some(),
    };
    ensure!(!exists, "{place} already exists. Choose another name.");
    let mut dump = client("pg_dump", pool, url).await?;
    dump.args(["-F", "c", "--no-unlogged-table-data"]).stderr(Stdio::piped()).kill_on_drop(true);
    match place {
        Place::File(file) => write_file(dump, file).await,
        Place::Object(object) => upload(dump, object).await.context("the backup was not made"),
    }
}

/// Only its owner can read the file.
async fn write_file(mut dump: Command, file: &Path) -> Result<u64> {
    let partial = PathBuf::from(format!("{}.part", file.display()));
    let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial);
    let out = open.with_context(|| format!("{} cannot be written", partial.display()))?;
    // Not `output()`, which would capture standard output.
    let child = dump.stdout(out.try_clone()?).spawn()?;
    let written = child.wait_with_output().await.map_err(Into::into).and_then(|output| succeeded("pg_dump", &output));
    if let Err(error) = written.and_then(|()| Ok(out.sync_all()?)) {
        let _ = fs::remove_file(&partial);
        return Err(error.context("the backup was not made"));
    }
    fs::rename(&partial, file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(out.metadata()?.len())
}

/// The object is made by the last request, and only if `pg_dump` has succeeded.
async fn upload(mut dump: Command, object: &Object) -> Result<u64> {
    let mut child = dump.stdout(Stdio::piped()).spawn()?;
    let mut dumped = child.stdout.take().context("pg_dump has no output")?;
    let child = tokio::spawn(child.wait_with_output());
    let mut writer = object.writer();
    let copied = copy(&mut dumped, &mut writer).await;
    // If the storage failed, pg_dump ends too.
    drop(dumped);
    let output = child.await??;
    let whole = copied.map_err(|error| object.told_io(error)).and_then(|bytes| {
        succeeded("pg_dump", &output)?;
        Ok(bytes)
    });
    match whole {
        Ok(bytes) => writer.shutdown().await.map(|()| bytes).map_err(|error| object.told_io(error)),
        Err(error) => {
            // Parts that cannot be deleted now are no backup either.
            let _ = writer.abort().await;
            Err(error)
        }
    }
}

/// Restores a backup into a database beside the real one, checks that it has the same migrations and returns what it holds.
pub async fn verify(pool: &PgPool, url: &str, place: &Place) -> Result<Vec<Held>> {
    let name = format!("{}_verify", db::name(pool).await?);
    db::make_scratch(pool, &name).await?;
    let checked = async {
        let url = with_database_name(url, &name).context("the database has no URL")?;
        restore(pool, &url, place).await?;
        let scratch = db::connect(&url).await?;
        let [here, there] = [migrations::status(pool).await?, migrations::status(&scratch).await?];
        let applied = |all: &[migrations::Status]| all.iter().filter(|one| one.applied).count();
        ensure!(applied(&here) == applied(&there), "its schema is not the database's");
        Ok(schema::contents(&scratch).await?)
    }
    .await;
    db::drop_scratch(pool, &name).await?;
    checked.context("the backup is of no use")
}

/// Replaces everything in the database with a backup, in one transaction, so that a broken file changes nothing. Tables
/// that are newer than the backup are dropped as well. Owners and privileges become those of the URL's user.
/// `pool` may be of another database on the same server.
pub async fn restore(pool: &PgPool, url: &str, place: &Place) -> Result<()> {
    let unchanged = "nothing was restored; the database is as it was";
    let (backup, remote) = match place {
        Place::File(file) => {
            (File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?.into(), None)
        }
        Place::Object(object) => (Stdio::piped(), Some((object.clone(), object.reader().await?))),
    };
    // pg_restore does not know what else is in the database, and the transaction must commit only if it has read its
    // file to the end. So it writes SQL, and the transaction is ours.
    let mut reader = Command::new(dev_postgres::client("pg_restore", db::server_version(pool).await?)?);
    reader.args(["--no-owner", "--no-privileges", "-f", "-"]).stdin(backup);
    let mut reader = reader.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn()?;
    let mut writer = client("psql", pool, url).await?;
    writer.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", "-"]).stdin(Stdio::piped());
    let mut writer = writer.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn()?;
    let fetching = remote.zip(reader.stdin.take()).map(|((object, mut from), mut into)| {
        tokio::spawn(async move {
            match copy(&mut from, &mut into).await {
                // pg_restore has ended, and says why.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                copied => copied.map(|_| ()).map_err(|error| object.told_io(error)),
            }
        })
    });
    let (Some(mut sql), Some(mut into)) = (reader.stdout.take(), writer.stdin.take()) else {
        bail!("pg_restore and psql could not be joined");
    };
    let writer = tokio::spawn(writer.wait_with_output());
    let handed_over = async {
        into.write_all(schema::EMPTY.as_bytes()).await?;
        copy(&mut sql, &mut into).await
    }
    .await;
    drop(sql);
    let read = reader.wait_with_output().await?;
    let fetched = match fetching {
        Some(fetching) => fetching.await?,
        None => Ok(()),
    };
    // If psql stopped early, it says why.
    let whole = fetched.and_then(|()| if handed_over.is_ok() { succeeded("pg_restore", &read) } else { Ok(()) });
    if handed_over.is_ok() && whole.is_ok() {
        let _ = into.write_all(b"\nCOMMIT;\n").await;
    }
    drop(into);
    let wrote = writer.await??;
    whole.context(unchanged)?;
    succeeded("psql", &wrote).context(unchanged)?;
    handed_over.context(unchanged)?;
    Ok(())
}

/// One of PostgreSQL's programs for this database. The password is passed in the environment, which other users cannot see.
async fn client(program: &'static str, pool: &PgPool, url: &str) -> Result<Command> {
    let mut command = Command::new(dev_postgres::client(program, db::server_version(pool).await?)?);
    let (address, password) = split_password(url);
    command.args(["-d", &address]).stdin(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The first line of a program's error message.
fn succeeded(program: &str, output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| line.to_lowercase().contains("error")).or_else(|| said.lines().next());
    bail!("{program} says: {}", line.unwrap_or("nothing").trim())
}
