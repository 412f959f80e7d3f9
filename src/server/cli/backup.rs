//! Backs up the whole database to a file, and restores it, with PostgreSQL's programs, as in the deployment guide.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use sqlx::PgPool;
use tokio::io::{AsyncWriteExt, copy};
use tokio::process::Command;

use crate::server::cli::dev_postgres;
use crate::server::config::{split_password, with_database_name};
use crate::server::db::schema::Held;
use crate::server::db::{self, migrations, schema};

/// Writes a backup in `pg_dump`'s custom format, readable by its owner only. It is a consistent snapshot, even while the
/// database is in use, without the tables that hold only what is made again. `file` exists afterwards only if the backup is
/// complete; an existing file is not replaced.
pub async fn write(pool: &PgPool, url: &str, file: &Path) -> Result<u64> {
    if file.exists() {
        bail!("{} already exists. Choose another name.", file.display());
    }
    let mut dump = client("pg_dump", pool, url).await?;
    let partial = PathBuf::from(format!("{}.part", file.display()));
    let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial);
    let out = open.with_context(|| format!("{} cannot be written", partial.display()))?;
    // Not `output()`, which would capture standard output.
    let child =
        dump.args(["-F", "c", "--no-unlogged-table-data"]).stdout(out.try_clone()?).stderr(Stdio::piped()).spawn()?;
    let written = child.wait_with_output().await.map_err(Into::into).and_then(|output| succeeded("pg_dump", &output));
    if let Err(error) = written.and_then(|()| Ok(out.sync_all()?)) {
        let _ = fs::remove_file(&partial);
        return Err(error.context("the backup was not made"));
    }
    fs::rename(&partial, file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(out.metadata()?.len())
}

/// The name of a new backup in a folder, which is made if it is not there: the time.
pub fn new_file(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    Ok(folder.join(chrono::Local::now().format("exam_prep_%Y%m%d_%H%M%S.dump").to_string()))
}

/// Deletes all backups beside this one but the newest, so that `keep` are left with it.
pub fn delete_old(file: &Path, keep: usize) -> Result<()> {
    let folder = file.parent().context("a backup is in a folder")?;
    let is_backup = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix("exam_prep_")
            .and_then(|name| name.strip_suffix(".dump"))
            .is_some_and(|time| time.len() == 15 && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'))
    };
    let mut backups: Vec<PathBuf> =
        fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(is_backup).collect();
    backups.sort();
    backups.retain(|other| other != file);
    for old in backups.iter().rev().skip(keep.saturating_sub(1)) {
        fs::remove_file(old).with_context(|| format!("{} cannot be deleted", old.display()))?;
    }
    Ok(())
}

/// Restores a backup into a database beside the real one, checks that it has the same migrations and returns what it holds.
pub async fn verify(pool: &PgPool, url: &str, file: &Path) -> Result<Vec<Held>> {
    let name = format!("{}_verify", db::name(pool).await?);
    db::make_scratch(pool, &name).await?;
    let checked = async {
        let url = with_database_name(url, &name).context("the database has no URL")?;
        restore(pool, &url, file).await?;
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
pub async fn restore(pool: &PgPool, url: &str, file: &Path) -> Result<()> {
    let unchanged = "nothing was restored; the database is as it was";
    let backup = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    // pg_restore does not know what else is in the database, and the transaction must commit only if it has read its
    // file to the end. So it writes SQL, and the transaction is ours.
    let mut reader = Command::new(dev_postgres::client("pg_restore", db::server_version(pool).await?)?);
    reader.args(["--no-owner", "--no-privileges", "-f", "-"]).stdin(backup);
    let mut reader = reader.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn()?;
    let mut writer = client("psql", pool, url).await?;
    writer.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", "-"]).stdin(Stdio::piped());
    let mut writer = writer.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn()?;
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
    // If psql stopped early, it says why.
    let whole = if handed_over.is_ok() { succeeded("pg_restore", &read) } else { Ok(()) };
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
