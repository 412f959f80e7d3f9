//! Files in a bucket of S3-compatible storage: of AWS, MinIO, Ceph, Garage and others. As their own programs do, it takes keys,
//! region and endpoint from the variables AWS_*.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::buffered::{BufReader, BufWriter};
use object_store::client::HttpError;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig};

/// Bytes of one request. Four of them may be in memory, and an object of 10,000 is the largest: 156 GiB.
const PART: usize = 16 << 20;
/// How long a request may take: a part, over a slow line.
const LONGEST: Duration = Duration::from_mins(20);

/// How a request is tried again: a network that is away for a minute does not end a backup.
fn patience() -> RetryConfig {
    let backoff =
        BackoffConfig { init_backoff: Duration::from_secs(1), max_backoff: Duration::from_secs(30), base: 2.0 };
    RetryConfig { backoff, max_retries: 20, retry_timeout: Duration::from_mins(10) }
}

/// An object, or a folder of them, in a bucket.
#[derive(Clone)]
pub struct Object {
    store: Arc<AmazonS3>,
    bucket: String,
    path: Path,
    has_keys: bool,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.path)
    }
}

impl Object {
    /// What `s3://bucket/path` names; `None` for anything else. The bucket is asked once, without patience, so that what is
    /// wrong is told before the work.
    pub async fn open(url: &str) -> Result<Option<Self>> {
        let Some(address) = url.strip_prefix("s3://") else { return Ok(None) };
        let (bucket, path) = address.split_once('/').unwrap_or((address, ""));
        let asked = RetryConfig { max_retries: 1, ..RetryConfig::default() };
        let object = Self::at(bucket, path, asked).with_context(|| format!("{url} cannot be used"))?;
        let first = object.store.list(Some(&object.path)).try_next().await;
        first.map_err(|error| object.told(error))?;
        Self::at(bucket, path, patience()).map(Some)
    }

    fn at(bucket: &str, path: &str, retry: RetryConfig) -> Result<Self> {
        let options = ClientOptions::new().with_timeout(LONGEST);
        let builder =
            AmazonS3Builder::from_env().with_client_options(options).with_bucket_name(bucket).with_retry(retry);
        let given = |key| builder.get_config_value(&key);
        let has_keys = given(AmazonS3ConfigKey::AccessKeyId).is_some();
        // A server within the school has often no certificate, and its address says so.
        let plain = given(AmazonS3ConfigKey::Endpoint).is_some_and(|endpoint| endpoint.starts_with("http://"));
        let store = Arc::new(builder.with_allow_http(plain).build()?);
        Ok(Self { store, bucket: bucket.to_owned(), path: Path::parse(path)?, has_keys })
    }

    pub fn name(&self) -> &str {
        self.path.filename().unwrap_or_default()
    }

    /// An object within this folder.
    pub fn join(&self, name: &str) -> Self {
        Self { path: self.path.clone().join(name), ..self.clone() }
    }

    fn folder(&self) -> Self {
        let mut parts: Vec<_> = self.path.parts().collect();
        parts.pop();
        Self { path: parts.into_iter().collect(), ..self.clone() }
    }

    /// An object of another name in the same folder.
    pub fn with_name(&self, name: &str) -> Self {
        self.folder().join(name)
    }

    /// The names of the objects in the same folder.
    pub async fn siblings(&self) -> Result<Vec<String>> {
        let listed =
            self.store.list_with_delimiter(Some(&self.folder().path)).await.map_err(|error| self.told(error))?;
        Ok(listed.objects.iter().filter_map(|object| Some(object.location.filename()?.to_owned())).collect())
    }

    pub async fn size(&self) -> Result<Option<u64>> {
        match self.store.head(&self.path).await {
            Ok(found) => Ok(Some(found.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.told(error)),
        }
    }

    pub async fn delete(&self) -> Result<()> {
        self.store.delete(&self.path).await.map_err(|error| self.told(error))
    }

    /// Reads it part by part, each tried again by itself.
    pub async fn reader(&self) -> Result<BufReader> {
        let found = self.store.head(&self.path).await.map_err(|error| self.told(error))?;
        Ok(BufReader::with_capacity(self.store.clone(), &found, PART))
    }

    /// Writes it part by part. The object is there once the writer is shut down, and not before.
    pub fn writer(&self) -> BufWriter {
        BufWriter::with_capacity(self.store.clone(), self.path.clone(), PART).with_max_concurrency(2)
    }

    /// An error while reading or writing, in plain words.
    pub fn told_io(&self, error: io::Error) -> anyhow::Error {
        match error.downcast::<Error>() {
            Ok(error) => self.told(error),
            Err(error) => error.into(),
        }
    }

    /// An error in plain words: S3 answers XML, with a code and a message in it.
    fn told(&self, error: Error) -> anyhow::Error {
        let text = error.to_string();
        let within = |tag: &str| {
            let (_, rest) = text.split_once(&format!("<{tag}>"))?;
            rest.split_once("</").map(|(value, _)| value)
        };
        let mut chain = anyhow::Chain::new(&error);
        let network = chain.any(|cause| cause.is::<HttpError>()).then(|| chain.last().unwrap_or(&error).to_string());
        let bucket = &self.bucket;
        let refused = matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. });
        // Without keys and without a role that is set, the machine is asked whether it has a role.
        let asks_machine = ["/latest/api/token", "/latest/meta-data"].iter().any(|path| text.contains(path));
        match within("Code") {
            _ if !self.has_keys && asks_machine => anyhow!(
                "no access to the bucket {bucket}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role"
            ),
            Some("NoSuchBucket") => {
                anyhow!("there is no bucket {bucket}: create it, or correct its name or AWS_ENDPOINT_URL")
            }
            Some(code @ ("AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch")) => anyhow!(
                "no access to the bucket {bucket} ({code}): the keys or the role must be right, and may list, read, write and delete there"
            ),
            Some(code) => {
                anyhow!("the storage of the bucket {bucket} says: {code}: {}", within("Message").unwrap_or_default())
            }
            None if network.is_some() => anyhow!(
                "the storage of the bucket {bucket} cannot be reached (is there a network, and is AWS_ENDPOINT_URL right?): {}",
                network.unwrap_or_default()
            ),
            None if refused => anyhow!("no access to {self}: the keys or the role may not do that there"),
            None if matches!(error, Error::NotFound { .. }) => anyhow!("there is no {self}"),
            None => anyhow!("the storage of the bucket {bucket} failed: {text}"),
        }
    }
}
