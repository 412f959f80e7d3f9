//! Every setting, read from the environment in one place.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::TimeDelta;
use percent_encoding::percent_decode_str;
use url::Url;

/// How the log is written: for people, or one JSON object a line for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// Where the value of a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Environment,
    Default,
}

/// A setting as `exam-prep config` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Secrets are hidden.
    pub shown: String,
    pub origin: Origin,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The setting {name} is {value:?}, but it must be {expected}. Change it and start again.")]
pub struct ConfigError {
    pub name: &'static str,
    pub value: String,
    pub expected: &'static str,
}

/// The settings.
#[derive(Clone)]
pub struct Config {
    /// `None`: a private PostgreSQL is started under `data_dir`.
    pub database_url: Option<String>,
    pub host: String,
    pub port: u16,
    pub data_dir: PathBuf,
    /// The folder of the site's files; `None` if they are within the program.
    pub site_root: Option<PathBuf>,
    /// Whether cookies are sent over TLS only.
    pub secure_cookies: bool,
    /// A share of the marks, 0 to 1.
    pub weak_topic_threshold: f64,
    /// Bytes.
    pub max_upload: usize,
    /// The most bytes of all documents of one pupil.
    pub pupil_quota: i64,
    /// How long after the end of an exam the server accepts answers that were written before the end.
    pub grace_period: TimeDelta,
    /// Days that a device stays signed in.
    pub session_days: i64,
    /// Days after an exam until its journal is deleted; `None`: it is kept.
    pub journal_days: Option<i32>,
    /// `None`: there are no metrics.
    pub metrics_address: Option<SocketAddr>,
    pub log_format: LogFormat,
    /// Where traces are sent by OTLP over HTTP; `None`: nowhere.
    pub traces_endpoint: Option<Url>,
    settings: Vec<Setting>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.settings).finish()
    }
}

impl Config {
    /// Reads the environment of the process.
    #[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads settings through `get`; a missing one gets its default.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { get, settings: Vec::new() };
        let written = (reader.get)("DATABASE_URL");
        let database_url = written.as_deref().map(|url| {
            database_url(url).map(String::from).ok_or_else(|| ConfigError {
                name: "DATABASE_URL",
                value: hide_password(url),
                expected: "an address like postgresql://user:password@host:5432/database",
            })
        });
        let database_url = database_url.transpose()?;
        reader.record(
            "DATABASE_URL",
            "URL of the PostgreSQL database; if unset, a private one is started under DATA_DIR",
            database_url.as_deref().map_or_else(|| "(a private PostgreSQL)".to_owned(), hide_password),
            database_url.is_some(),
        );
        let config = Self {
            database_url,
            host: reader.text("HOST", "127.0.0.1", "address to listen on; 0.0.0.0 for the whole network"),
            port: reader
                .parse("PORT", "8000", "port to listen on", "a number from 1 to 65535", |port: &u16| *port > 0)?,
            data_dir: reader.text("DATA_DIR", ".data", "folder of the private PostgreSQL").into(),
            site_root: reader.site_root(),
            secure_cookies: reader.parse(
                "SECURE_COOKIES",
                "false",
                "cookies over TLS only; true behind https",
                "true or false",
                |_: &bool| true,
            )?,
            weak_topic_threshold: reader.parse(
                "WEAK_TOPIC_THRESHOLD",
                "0.60",
                "share of marks below which a topic is weak",
                "a number from 0 to 0.8",
                |share: &f64| (0.0..=0.8).contains(share),
            )?,
            max_upload: reader.parse::<usize>(
                "MAX_UPLOAD_MB",
                "50",
                "largest upload, in megabytes",
                "a number from 1 to 500",
                |mb: &usize| (1..=500).contains(mb),
            )? * 1024
                * 1024,
            pupil_quota: reader.parse::<i64>(
                "PUPIL_QUOTA_MB",
                "500",
                "megabytes of all documents of one pupil",
                "a number from 1 to 1000000",
                |mb: &i64| (1..=1_000_000).contains(mb),
            )? * 1024
                * 1024,
            grace_period: TimeDelta::minutes(reader.parse(
                "GRACE_PERIOD_MINUTES",
                "15",
                "minutes after the end of an exam in which answers written before it still count",
                "a number from 0 to 1440",
                |minutes: &i64| (0..=1440).contains(minutes),
            )?),
            session_days: reader.parse(
                "SESSION_DAYS",
                "30",
                "days a device stays signed in",
                "a number from 1 to 365",
                |days: &i64| (1..=365).contains(days),
            )?,
            journal_days: reader.optional(
                "JOURNAL_DAYS",
                "days after an exam until the history of its answers is deleted; if unset, it is kept",
                "a number from 7 to 36500",
                |days| (7..=36_500).contains(days),
            )?,
            metrics_address: reader.optional(
                "METRICS_ADDRESS",
                "address of /metrics, in Prometheus' format, such as 127.0.0.1:9100; if unset, there are none",
                "an address and a port, such as 127.0.0.1:9100",
                |_| true,
            )?,
            log_format: reader.parse(
                "LOG_FORMAT",
                "text",
                "how the log is written",
                "text or json",
                |_: &LogFormat| true,
            )?,
            traces_endpoint: reader.optional(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "address of a collector of traces by OTLP over HTTP, such as http://localhost:4318; if unset, there are none",
                "an address such as http://localhost:4318",
                |url: &Url| matches!(url.scheme(), "http" | "https"),
            )?,
            settings: Vec::new(),
        };
        reader.storage();
        reader.record(
            "RUST_LOG",
            "what is logged, such as debug or exam_prep=debug",
            (reader.get)("RUST_LOG").unwrap_or_else(|| "info".into()),
            (reader.get)("RUST_LOG").is_some(),
        );
        Ok(Self { settings: reader.settings, ..config })
    }

    /// All settings with their origins; secrets are hidden.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }
}

struct Reader<G> {
    get: G,
    settings: Vec<Setting>,
}

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    fn record(&mut self, name: &'static str, meaning: &'static str, shown: String, given: bool) {
        let origin = if given { Origin::Environment } else { Origin::Default };
        self.settings.push(Setting { name, meaning, shown, origin });
    }

    fn text(&mut self, name: &'static str, default: &str, meaning: &'static str) -> String {
        let given = (self.get)(name);
        let value = given.clone().unwrap_or_else(|| default.to_owned());
        self.record(name, meaning, value.clone(), given.is_some());
        value
    }

    /// What the client of S3-compatible storage reads from the environment itself, and more of its kind.
    fn storage(&mut self) {
        for (name, meaning, secret) in [
            ("AWS_ACCESS_KEY_ID", "key for backups in S3-compatible storage", false),
            ("AWS_SECRET_ACCESS_KEY", "secret of that key", true),
            ("AWS_REGION", "region of the storage; if unset, us-east-1", false),
            ("AWS_ENDPOINT_URL", "address of the storage, if it is not Amazon's", false),
        ] {
            let given = (self.get)(name);
            let shown = given.as_deref().map_or("(none)", |value| if secret { "***" } else { value });
            self.record(name, meaning, shown.to_owned(), given.is_some());
        }
    }

    /// The folder of the built site; none if the program has the site within it and no other is named.
    fn site_root(&mut self) -> Option<PathBuf> {
        let given = (self.get)("LEPTOS_SITE_ROOT");
        let folder = given.clone().or_else(|| (!cfg!(feature = "embed")).then(|| "target/site".to_owned()));
        let shown = folder.clone().unwrap_or_else(|| "(within the program)".to_owned());
        self.record("LEPTOS_SITE_ROOT", "folder of the built site", shown, given.is_some());
        folder.map(PathBuf::from)
    }

    /// A setting that may be missing.
    fn optional<T: FromStr>(
        &mut self,
        name: &'static str,
        meaning: &'static str,
        expected: &'static str,
        good: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, ConfigError> {
        let given = (self.get)(name);
        self.record(name, meaning, given.clone().unwrap_or_else(|| "(none)".to_owned()), given.is_some());
        let parsed =
            given.map(|value| value.trim().parse().ok().filter(&good).ok_or(ConfigError { name, value, expected }));
        parsed.transpose()
    }

    fn parse<T: FromStr>(
        &mut self,
        name: &'static str,
        default: &str,
        meaning: &'static str,
        expected: &'static str,
        good: impl Fn(&T) -> bool,
    ) -> Result<T, ConfigError> {
        let value = self.text(name, default, meaning);
        value.trim().parse().ok().filter(good).ok_or(ConfigError { name, value, expected })
    }
}

/// The URL of a PostgreSQL database; `None` for anything else. The driver that other programs name in it, as in
/// `postgresql+psycopg://`, is left out.
pub fn database_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let base = url.scheme().split('+').next()?;
    if !["postgres", "postgresql"].contains(&base) {
        return None;
    }
    url.set_scheme("postgresql").ok()?;
    Some(url)
}

/// The URL with `***` in place of its password.
pub fn hide_password(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return "***".into() };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".into();
    }
    url.into()
}

/// The URL without its password, and the password. A program's arguments are visible to other users, its environment is
/// not.
pub fn split_password(url: &str) -> (String, Option<String>) {
    let Ok(mut parsed) = Url::parse(url) else { return (url.to_owned(), None) };
    let Some(password) = parsed.password().map(|coded| percent_decode_str(coded).decode_utf8_lossy().into_owned())
    else {
        return (url.to_owned(), None);
    };
    match parsed.set_password(None) {
        Ok(()) => (parsed.into(), Some(password)),
        Err(()) => (url.to_owned(), None),
    }
}

/// The URL of another database on the same server.
pub fn with_database_name(url: &str, name: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    url.set_path(name);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn defaults_are_the_guides() {
        let config = read(&[]).unwrap();
        assert_eq!((config.port, config.weak_topic_threshold), (8000, 0.60));
        assert!(config.settings().iter().all(|setting| setting.origin == Origin::Default));
    }

    #[test]
    fn the_example_has_all_settings_with_their_defaults() {
        let example = include_str!("../../.env.example");
        for Setting { name, shown, .. } in read(&[]).unwrap().settings() {
            let optional = example.contains(&format!("\n#{name}="));
            assert!(optional || example.contains(&format!("\n{name}={shown}\n")), "{name}={shown}");
        }
    }

    #[test]
    fn bad_values_are_named() {
        for (name, value) in [
            ("PORT", "0"),
            ("PORT", "x"),
            ("WEAK_TOPIC_THRESHOLD", "60"),
            ("DATABASE_URL", "mysql://a"),
            ("METRICS_ADDRESS", "9100"),
            ("JOURNAL_DAYS", "1"),
            ("LOG_FORMAT", "xml"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().name, name);
        }
    }

    #[test]
    fn the_driver_in_a_database_url_is_left_out() {
        for scheme in ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg", "postgres+psycopg2"] {
            let config = read(&[("DATABASE_URL", &format!("{scheme}://u:p@h:5432/d?host=/x"))]).unwrap();
            assert_eq!(config.database_url.as_deref(), Some("postgresql://u:p@h:5432/d?host=/x"), "{scheme}");
        }
        for other in ["mysql+postgresql://h/d", "postgresqlx://h/d", "h:5432/d", "sqlite:///d"] {
            assert!(database_url(other).is_none(), "{other}");
        }
    }

    #[test]
    fn another_database_of_the_same_server() {
        let other = |url| with_database_name(url, "b").unwrap();
        assert_eq!(other("postgresql://u:p@h:5432/a"), "postgresql://u:p@h:5432/b");
        assert_eq!(other("postgresql://u@localhost/a?host=/x/y"), "postgresql://u@localhost/b?host=/x/y");
        assert_eq!(other("postgresql://h"), "postgresql://h/b");
    }

    #[test]
    fn a_password_is_taken_out_of_an_address() {
        assert_eq!(
            split_password("postgresql://u:p%40s%s@h:5432/d?a=b"),
            ("postgresql://u@h:5432/d?a=b".into(), Some("p@s%s".into()))
        );
        for plain in ["postgresql://u@localhost/d?host=/x", "postgresql:///d"] {
            assert_eq!(split_password(plain), (plain.into(), None));
        }
    }

    #[test]
    fn secrets_are_hidden() {
        let given = [("DATABASE_URL", "postgresql://u:s3cret@h:5432/d"), ("AWS_SECRET_ACCESS_KEY", "s3cret")];
        let config = read(&given).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
        assert_eq!(config.settings()[0].shown, "postgresql://u:***@h:5432/d");
        assert!(!hide_password("postgresql://u:p@ss@h/d").contains("p@ss"));
    }
}
