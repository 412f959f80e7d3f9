//! From an empty machine to a site that somebody can sign in to; running it again changes nothing.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{Result, bail};
use sqlx::PgPool;

use super::say;
use super::terminal::{read_line, read_password};
use crate::domain::account::Role;
use crate::server::auth::{accounts, codes};
use crate::server::config::Config;
use crate::server::db::{self, migrations};

/// The first admin; what is missing is asked for.
#[derive(clap::Args)]
pub struct FirstAdmin {
    /// E-mail address of the first admin; the password is read from standard input, or made and shown if there is none
    #[arg(long, value_name = "ADDRESS")]
    admin_email: Option<String>,
    /// Full name of the first admin
    #[arg(long, value_name = "NAME")]
    admin_name: Option<String>,
}

/// The packaged timer that makes a backup every night.
const TIMER: &str = "/lib/systemd/system/exam-prep-backup.timer";

/// Updates the schema, creates the first admin, and says what to do about TLS and backups. `created`: the database is new.
pub async fn setup(config: &Config, pool: &PgPool, created: bool, admin: FirstAdmin) -> Result<()> {
    let applied = migrations::up(pool).await?.len();
    say(&match applied {
        0 => "Schema: up to date already".to_owned(),
        count if created => format!("Schema: the database is created, with {count} migrations"),
        count => format!("Schema: {count} migrations applied"),
    })?;
    let admins = db::accounts::active_owners(pool).await?;
    if admins == 0 {
        create(pool, admin).await?;
    } else {
        say(&format!("Admin: {admins} can sign in already; exam-prep admin create makes another"))?;
    }
    say(if config.secure_cookies {
        "TLS: cookies go over TLS only, so a proxy must speak it"
    } else {
        "TLS: put a proxy in front of the site, then set SECURE_COOKIES=true"
    })?;
    say(if Path::new(TIMER).exists() {
        "Backup: every night, if this is on: systemctl enable --now exam-prep-backup.timer"
    } else {
        "Backup: have this run every night: exam-prep backup --to backups --keep 14 --verify"
    })?;
    say(match (applied, admins) {
        (0, 1..) => "All of it was set up already: nothing was changed.",
        _ => "Next: exam-prep serve, and exam-prep doctor if something is missing.",
    })
}

async fn create(pool: &PgPool, admin: FirstAdmin) -> Result<()> {
    let email = ask("E-mail address of the first admin", admin.admin_email)?;
    let name = ask("Full name", admin.admin_name)?;
    let typed = read_password("Password (Enter makes one): ")?;
    let password = if typed.is_empty() { codes::in_groups(&codes::generate(codes::ON_CARD)) } else { typed.clone() };
    let person = accounts::create(pool, &email, &password, &name, Role::Admin, None).await?;
    let email = person.sign_in_name();
    say(&if typed.is_empty() {
        format!("Admin: {email} can sign in with the password {password}, which is shown only now")
    } else {
        format!("Admin: {email} can sign in now")
    })
}

/// What was given on the command line, or else what a person at the terminal answers.
fn ask(what: &str, given: Option<String>) -> Result<String> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        bail!("there is no admin yet, and nobody to ask: add --admin-email and --admin-name");
    }
    write!(std::io::stderr(), "{what}: ")?;
    read_line()
}
