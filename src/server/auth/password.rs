//! Password hashing with argon2id, and bcrypt for hashes of the earlier system, on a few threads of their own.

use std::cell::RefCell;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use tokio::sync::oneshot;

use crate::domain::account::Password;
use crate::error::AppError;
use crate::server::db::unexpected;

/// A bcrypt hash of a higher cost would keep a core busy for seconds each time. The earlier system's is 12.
const MAX_COST: u32 = 14;

/// The bytes that bcrypt reads; the earlier system accepted no longer passwords.
const MAX_BYTES: usize = 72;

/// A hash takes 19 MiB and about 30 ms of a core, so there are never more at once than cores.
static WORKERS: LazyLock<Workers> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    Workers::start(cores, cores * WAITING_PER_CORE)
});

/// The length of the queue. A class that signs in together waits two seconds; further requests are refused.
const WAITING_PER_CORE: usize = 64;

/// Seconds after which refused requests may try again.
const TRY_AGAIN_AFTER: u32 = 5;

/// The `nice` value of hashing threads, so that saving answers comes first.
const NICE: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// Hashing threads with a bounded queue.
struct Workers(SyncSender<Job>);

impl Workers {
    fn start(threads: usize, waiting: usize) -> Self {
        let (queue, jobs) = sync_channel(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = jobs.clone();
            thread::spawn(move || work(&jobs));
        }
        Self(queue)
    }

    /// Runs the job in its turn, unless nobody waits for it any more; `Busy` if the queue is full.
    async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let (answer, done) = oneshot::channel();
        let job = move || {
            if !answer.is_closed() {
                let _ = answer.send(job());
            }
        };
        self.0.try_send(Box::new(job)).map_err(|_| AppError::Busy { seconds: TRY_AGAIN_AFTER })?;
        done.await.map_err(unexpected)
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    // On Linux this applies to the thread only. If it fails, hashing has normal priority, which does no harm.
    let _ = rustix::process::nice(NICE);
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The waiting side notices that the sender was dropped.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// Hashes a password: PHC string, argon2id with the library's (OWASP's) parameters.
pub async fn hash(password: Password) -> Result<String, AppError> {
    WORKERS.run(move || hash_now(password.expose())).await?
}

fn hash_now(password: &str) -> Result<String, AppError> {
    let argon2 = Argon2::default();
    let salt = Salt::new(&rand::random::<[u8; 16]>()).map_err(unexpected)?;
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    fill(&argon2, password, &salt, &mut out).map_err(unexpected)?;
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(unexpected)?,
        salt: Some(salt),
        hash: Some(Output::new(&out).map_err(unexpected)?),
    };
    Ok(hash.to_string())
}

/// Whether a password has this hash, by the parameters in it.
fn has_hash(password: &str, hash: &PasswordHash) -> Option<bool> {
    let (salt, wanted) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
    let version = hash.version.map(Version::try_from).transpose().ok()?.unwrap_or_default();
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(hash).ok()?);
    let mut out = vec![0; wanted.len()];
    fill(&argon2, password, salt, &mut out).ok()?;
    // Outputs are compared in constant time.
    Some(Output::new(&out).ok()? == *wanted)
}

thread_local! {
    /// A thread's memory for hashing. Allocated anew for each hash, it would be scattered over the heap, and stay there.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

fn fill(argon2: &Argon2<'_>, password: &str, salt: &[u8], out: &mut [u8]) -> argon2::Result<()> {
    MEMORY.with_borrow_mut(|blocks| {
        let count = argon2.params().block_count();
        blocks.resize(blocks.len().max(count), Block::default());
        let filled = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut blocks[..count]);
        // Of another system's hash, which may ask for more.
        if count > Argon2::default().params().block_count() {
            *blocks = Vec::new();
        }
        filled
    })
}

/// Whether the password matches the hash. Without a hash (an unknown user) the same work is done for nothing, so that the
/// time reveals nothing. An unreadable hash matches nothing.
pub async fn matches(password: String, hash: Option<String>) -> Result<bool, AppError> {
    let check = move || {
        let hash = hash.unwrap_or_default();
        match method(&hash) {
            Some(Method::Argon2) => {
                PasswordHash::new(&hash).is_ok_and(|hash| has_hash(&password, &hash).unwrap_or_default())
            }
            Some(Method::Bcrypt) => {
                password.len() <= MAX_BYTES && bcrypt::verify(&password, &hash).is_ok_and(|right| right)
            }
            None => {
                let _ = hash_now(&password);
                false
            }
        }
    };
    WORKERS.run(check).await
}

/// The hash that replaces this one after signing in with its password; `None` if it is up to date. The password may break
/// rules that apply only to new ones.
pub async fn renewed(password: String, hash: &str) -> Result<Option<String>, AppError> {
    if !is_bcrypt(hash) {
        return Ok(None);
    }
    WORKERS.run(move || hash_now(&password).map(Some)).await?
}

/// Whether it is a hash of the earlier system, at a cost that may be tried.
pub fn is_bcrypt(hash: &str) -> bool {
    method(hash) == Some(Method::Bcrypt)
}

/// How a hash was made.
#[derive(PartialEq)]
enum Method {
    Argon2,
    Bcrypt,
}

/// `None`: unknown, or too costly to try.
fn method(hash: &str) -> Option<Method> {
    let cheap = |parts: bcrypt::HashParts| parts.get_cost() <= MAX_COST;
    match hash.parse().is_ok_and(cheap) {
        true => Some(Method::Bcrypt),
        false => PasswordHash::new(hash).is_ok().then_some(Method::Argon2),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    #[test]
    fn hashes_are_those_of_the_library() {
        use argon2::password_hash::{PasswordHasher, PasswordVerifier};
        let ours = PasswordHash::new(&hash_now("a password").unwrap()).unwrap();
        assert!(Argon2::default().verify_password(b"a password", &ours).is_ok());
        let theirs = Argon2::default().hash_password(b"a password").unwrap();
        assert_eq!(has_hash("a password", &theirs), Some(true));
        assert_eq!(has_hash("another one", &theirs), Some(false));
        let other = Argon2::new(Algorithm::Argon2i, Version::V0x13, Params::new(32_768, 3, 2, None).unwrap());
        let other = other.hash_password(b"a password").unwrap();
        assert_eq!((has_hash("a password", &other), has_hash("b", &other)), (Some(true), Some(false)));
    }

    #[tokio::test]
    async fn a_full_queue_sends_away_and_what_nobody_waits_for_is_left_out() {
        let workers = Arc::new(Workers::start(1, 2));
        let (open, gate) = sync_channel::<()>(0);
        let (began, begun) = oneshot::channel();
        let done = Arc::new(AtomicUsize::new(0));
        let count = |by: usize| {
            let done = done.clone();
            move || done.fetch_add(by, Relaxed)
        };
        let first = tokio::spawn({
            let (workers, count) = (workers.clone(), count(1));
            async move {
                let job = move || {
                    let _ = (began.send(()), gate.recv());
                    count()
                };
                workers.run(job).await
            }
        });
        begun.await.unwrap();
        let waits = |by| {
            let (workers, count) = (workers.clone(), count(by));
            tokio::spawn(async move { workers.run(count).await })
        };
        let (leaves, stays) = (waits(10), waits(100));
        tokio::task::yield_now().await;
        assert_eq!(workers.run(count(1000)).await, Err(AppError::Busy { seconds: TRY_AGAIN_AFTER }));
        leaves.abort();
        assert!(leaves.await.is_err());
        drop(open);
        assert!(first.await.unwrap().is_ok() && stays.await.unwrap().is_ok());
        assert_eq!(done.load(Relaxed), 101);
    }

    #[tokio::test]
    async fn a_panic_ends_its_job_only() {
        let workers = Workers::start(1, 1);
        assert!(matches!(workers.run(|| panic!("as a test")).await, Err(AppError::Unexpected { .. })));
        assert_eq!(workers.run(|| 7).await, Ok(7));
    }
}
