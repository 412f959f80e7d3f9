//! A server on its private PostgreSQL.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// What the server that is tried keeps its data in.
const FOLDER: &str = "target/chaos";

/// Starts the program with demo data on this port of the loopback address.
pub fn start(program: &Path, port: u16) -> Result<Child> {
    std::fs::create_dir_all(FOLDER)?;
    let log = std::fs::OpenOptions::new().create(true).append(true).open(format!("{FOLDER}/server.log"))?;
    let mut command = Command::new(program);
    command.args(["serve", "--demo"]).env("PORT", port.to_string()).env("DATA_DIR", FOLDER).env_remove("DATABASE_URL");
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn().context("the server cannot be started")
}

/// Address of that server's private PostgreSQL, which is started if it does not run.
pub fn database_url(program: &Path) -> Result<String> {
    let mut command = Command::new(program);
    command.args(["with-database", "--", "sh", "-c", "printf %s \"$DATABASE_URL\""]);
    let output = command.env("DATA_DIR", FOLDER).env_remove("DATABASE_URL").output()?;
    ensure!(output.status.success(), "no database: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
