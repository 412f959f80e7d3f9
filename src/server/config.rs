//! Every setting, read from the environment in one place.

use std::fmt;
use std::path::PathBuf;

use chrono::TimeDelta;

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
    pub site_root: PathBuf,
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
        let database_url = (reader.get)("DATABASE_URL");
        reader.record(
            "DATABASE_URL",
            "URL of the PostgreSQL database; if unset, a private one is started under DATA_DIR",
            database_url.as_deref().map_or_else(|| "(a private PostgreSQL)".to_owned(), hide_password),
            database_url.is_some(),
        );
        if let Some(url) = &database_url
            && !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
        {
            return Err(ConfigError {
                name: "DATABASE_URL",
                value: hide_password(url),
                expected: "an address like postgresql://user:password@host:5432/database",
            });
        }
        let config = Self {
            database_url,
            host: reader.text("HOST", "127.0.0.1", "address to listen on; 0.0.0.0 for the whole network"),
            port: reader
                .parse("PORT", "8000", "port to listen on", "a number from 1 to 65535", |port: &u16| *port > 0)?,
            data_dir: reader.text("DATA_DIR", ".data", "folder of the private PostgreSQL").into(),
            site_root: reader.text("LEPTOS_SITE_ROOT", "target/site", "folder of the built site").into(),
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
            settings: Vec::new(),
        };
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

    fn parse<T: std::str::FromStr>(
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

/// The URL with `***` in place of its password.
pub fn hide_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "***".into() };
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        None => url.to_owned(),
    }
}

/// The URL without its password, and the password. A program's arguments are visible to other users, its environment is
/// not.
pub fn split_password(url: &str) -> (String, Option<String>) {
    let parts = url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    let Some((scheme, (login, host))) = parts else { return (url.to_owned(), None) };
    let Some((user, password)) = login.split_once(':') else { return (url.to_owned(), None) };
    let (mut plain, mut rest) = (Vec::new(), password.as_bytes());
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let coded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    (format!("{scheme}://{user}@{host}"), Some(String::from_utf8_lossy(&plain).into_owned()))
}

/// The URL of another database on the same server.
pub fn with_database_name(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, ""), |(base, _)| (base, &url[base.len()..]));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{name}{query}", &base[..end])
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
    fn bad_values_are_named() {
        for (name, value) in
            [("PORT", "0"), ("PORT", "x"), ("WEAK_TOPIC_THRESHOLD", "60"), ("DATABASE_URL", "mysql://a")]
        {
            assert_eq!(read(&[(name, value)]).unwrap_err().name, name);
        }
    }

    #[test]
    fn another_database_of_the_same_server() {
        let other = |url| with_database_name(url, "b");
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
        let config = read(&[("DATABASE_URL", "postgresql://u:s3cret@h:5432/d")]).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
        assert_eq!(config.settings()[0].shown, "postgresql://u:***@h:5432/d");
        assert!(!hide_password("postgresql://u:p@ss@h/d").contains("p@ss"));
    }
}
