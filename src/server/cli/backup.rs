//! A whole copy of the database in one file, and back: PostgreSQL's own programs, as the deployment guide calls them.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, Result, bail};
use sqlx::PgPool;
use tokio::io::{AsyncWriteExt, copy};
use tokio::process::Command;

use crate::server::cli::dev_postgres;
use crate::server::config::split_password;
use crate::server::db::{self, schema};

/// Writes a backup in `pg_dump`'s custom format, readable by its owner only. Takes a moment's picture, whoever works on the
/// database meanwhile. Nothing is left at `file` unless it is whole; a file that is there already stays.
pub async fn write(pool: &PgPool, url: &str, file: &Path) -> Result<u64> {
    if file.exists() {
        bail!("{} is there already. Choose another name.", file.display());
    }
    let mut dump = client("pg_dump", pool, url).await?;
    let partial = PathBuf::from(format!("{}.part", file.display()));
    let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial);
    let out = open.with_context(|| format!("{} cannot be written", partial.display()))?;
    // Not `output()`, which would take the standard output for itself.
    let child = dump.args(["-F", "c"]).stdout(out.try_clone()?).stderr(Stdio::piped()).spawn()?;
    let written = child.wait_with_output().await.map_err(Into::into).and_then(|output| succeeded("pg_dump", &output));
    if let Err(error) = written.and_then(|()| Ok(out.sync_all()?)) {
        let _ = fs::remove_file(&partial);
        return Err(error.context("the backup was not made"));
    }
    fs::rename(&partial, file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(out.metadata()?.len())
}

/// Puts a backup in the place of all that the database holds, in one transaction: a file that is broken changes nothing.
/// Tables that are newer than the backup go, too; owners and rights become those of the address.
pub async fn restore(pool: &PgPool, url: &str, file: &Path) -> Result<()> {
    let unchanged = "nothing was restored; the database is as it was";
    let backup = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    // pg_restore itself could not know what else is in the database, and the transaction must end only if it has read
    // its file to the end. So it writes SQL, and the transaction is ours.
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

/// One of PostgreSQL's programs for this database. The password goes by the environment, which no other user sees.
async fn client(program: &'static str, pool: &PgPool, url: &str) -> Result<Command> {
    let mut command = Command::new(dev_postgres::client(program, db::server_version(pool).await?)?);
    let (address, password) = split_password(url);
    command.args(["-d", &address]).stdin(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The error that a program gave, in its first words about it.
fn succeeded(program: &str, output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| line.to_lowercase().contains("error")).or_else(|| said.lines().next());
    bail!("{program} says: {}", line.unwrap_or("nothing").trim())
}
