//! Password hashes: argon2id, and bcrypt as the earlier system made it; off the async threads.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use crate::domain::account::Password;
use crate::error::AppError;
use crate::server::db::unexpected;

/// A bcrypt hash of a higher cost would keep a core busy for seconds each time. The earlier system's is 12.
const MOST_COST: u32 = 14;

/// bcrypt looks at so many bytes; the earlier system took no longer password.
const MOST_BYTES: usize = 72;

/// Hash in PHC form, argon2id with the library's (OWASP's) parameters.
pub async fn hash(password: Password) -> Result<String, AppError> {
    tokio::task::spawn_blocking(move || hash_now(password.expose())).await.map_err(unexpected)?
}

fn hash_now(password: &str) -> Result<String, AppError> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(unexpected)
}

/// Whether the password is the one of the hash. Without a hash (an unknown user) as much work as for ours is
/// done in vain, so that the time tells nothing; an unreadable hash matches nothing.
pub async fn matches(password: String, hash: Option<String>) -> Result<bool, AppError> {
    tokio::task::spawn_blocking(move || {
        let hash = hash.unwrap_or_default();
        match method(&hash) {
            Some(Method::Argon2) => PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()),
            Some(Method::Bcrypt) => {
                password.len() <= MOST_BYTES && bcrypt::verify(&password, &hash).is_ok_and(|right| right)
            }
            None => {
                let _ = Argon2::default().hash_password(password.as_bytes());
                false
            }
        }
    })
    .await
    .map_err(unexpected)
}

/// The hash to keep from now on in the place of this one, by whose password somebody has just signed in; `None` where it
/// is as it should be. The password may be one that nobody could choose any more.
pub async fn renewed(password: String, hash: &str) -> Result<Option<String>, AppError> {
    if !is_bcrypt(hash) {
        return Ok(None);
    }
    tokio::task::spawn_blocking(move || hash_now(&password).map(Some)).await.map_err(unexpected)?
}

/// Whether it is a hash as the earlier system made it, and one that may be tried.
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
    let cheap = |parts: bcrypt::HashParts| parts.get_cost() <= MOST_COST;
    match hash.parse().is_ok_and(cheap) {
        true => Some(Method::Bcrypt),
        false => PasswordHash::new(hash).is_ok().then_some(Method::Argon2),
    }
}
