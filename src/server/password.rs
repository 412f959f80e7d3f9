//! Password hashes: argon2id, off the async threads.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use crate::domain::account::Password;
use crate::error::AppError;
use crate::server::db::unexpected;

/// Hash in PHC form, argon2id with the library's (OWASP's) parameters.
pub async fn hash(password: Password) -> Result<String, AppError> {
    tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(unexpected)?
}

fn hash_now(password: &Password) -> Result<String, AppError> {
    Argon2::default().hash_password(password.expose().as_bytes()).map(|hash| hash.to_string()).map_err(unexpected)
}

/// Whether the password is the one of the hash. Without a hash (an unknown user) the same work is done in vain, so that
/// the time tells nothing; an unreadable hash matches nothing.
pub async fn matches(password: String, hash: Option<String>) -> Result<bool, AppError> {
    tokio::task::spawn_blocking(move || {
        let known = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
        match known {
            Some(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
            None => {
                let _ = Argon2::default().hash_password(password.as_bytes());
                false
            }
        }
    })
    .await
    .map_err(unexpected)
}
