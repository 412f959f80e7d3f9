//! People and the devices they are signed in on.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::{OnConstraint, audit, one_row};
use crate::domain::account::{Email, FullName, Person, Role};
use crate::domain::audit::Act;
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// A level, for forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub code: String,
    pub name: String,
}

/// What signing in needs; never leaves the server.
pub struct Login {
    pub person: Person,
    pub hashed_password: String,
    pub is_active: bool,
    /// Whether the person is signed in on any device.
    pub is_signed_in: bool,
}

/// A person's account, as the API and the school see it.
pub struct Record {
    pub person: Person,
    pub is_active: bool,
    pub created_at: DateTime<Utc>,
}

/// Sessions of one person, for the account page.
pub struct Device {
    pub id: Uuid,
    pub device: String,
    pub last_seen_at: DateTime<Utc>,
}

fn role(word: &str) -> Role {
    Role::parse(word).unwrap_or(Role::Student)
}

/// All levels in order.
pub async fn levels(pool: &PgPool) -> Result<Vec<Level>, AppError> {
    Ok(sqlx::query_as!(Level, "SELECT code, name FROM levels ORDER BY position").fetch_all(pool).await?)
}

/// Creates an account in a school. `Conflict` if the address is taken, `Invalid` for an unknown level.
pub async fn create(
    pool: &PgPool,
    (school, is_owner): (Uuid, bool),
    email: &Email,
    hashed_password: &str,
    full_name: &FullName,
    role: Role,
    level: Option<&str>,
) -> Result<Person, AppError> {
    let taken = "There is already an account with this e-mail address. Sign in with it instead.";
    let id = sqlx::query_scalar!(
        "INSERT INTO users (email, hashed_password, full_name, role, education_level, school_id, is_owner)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        email.as_str(),
        hashed_password,
        full_name.as_str(),
        role.as_str(),
        level,
        school,
        is_owner,
    )
    .fetch_one(pool)
    .await;
    let unknown_level = AppError::field("education_level")("Choose a level from the list.".into());
    let id = match id {
        Err(error) if error.as_database_error().is_some_and(|e| e.constraint() == Some("users_email_key")) => {
            return Err(AppError::Conflict(taken.into()));
        }
        other => other.on_constraint("users_education_level_fkey", unknown_level)?,
    };
    Ok(Person {
        id,
        email: Some(email.as_str().to_owned()),
        login_name: None,
        full_name: full_name.as_str().to_owned(),
        role,
        education_level: level.map(str::to_owned),
        school_id: school,
        is_owner,
    })
}

/// The account with this e-mail address or login name, ignoring case.
pub async fn for_login(pool: &PgPool, name: &str) -> Result<Option<Login>, AppError> {
    let row = sqlx::query!(
        r#"SELECT id, email, login_name, full_name, role, education_level, school_id, is_owner, hashed_password, is_active,
                  EXISTS (SELECT FROM sessions s WHERE s.user_id = users.id AND s.expires_at > now()) AS "is_signed_in!"
             FROM users WHERE lower(email) = lower($1) OR login_name = lower($1)"#,
        name.trim(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|r| Login {
        person: Person {
            id: r.id,
            email: r.email,
            login_name: r.login_name,
            full_name: r.full_name,
            role: role(&r.role),
            education_level: r.education_level,
            school_id: r.school_id,
            is_owner: r.is_owner,
        },
        hashed_password: r.hashed_password,
        is_active: r.is_active,
        is_signed_in: r.is_signed_in,
    }))
}

/// Opens a session for a device until the given time.
pub async fn open_session(
    pool: &PgPool,
    user_id: Uuid,
    token_hash: &[u8],
    device: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO sessions (user_id, token_hash, device, expires_at) VALUES ($1, $2, left($3, 200), $4)",
        user_id,
        token_hash,
        device,
        expires_at,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The owner of this token, if its session has not expired. Updates the time the device was last seen, once a minute.
pub async fn viewer(pool: &PgPool, token_hash: &[u8]) -> Result<Option<Viewer>, AppError> {
    signed_in(pool, Some(token_hash), None).await
}

/// The viewer as they are now; `None` if their session has ended.
pub async fn again(pool: &PgPool, viewer: &Viewer) -> Result<Option<Viewer>, AppError> {
    signed_in(pool, None, Some(viewer.session_id())).await
}

async fn signed_in(
    pool: &PgPool,
    token_hash: Option<&[u8]>,
    session: Option<Uuid>,
) -> Result<Option<Viewer>, AppError> {
    let Some(r) = sqlx::query!(
        "SELECT s.id AS session_id, s.last_seen_at < now() - interval '1 minute' AS \"stale!\",
                u.id, u.email, u.login_name, u.full_name, u.role, u.education_level, u.school_id, u.is_owner,
                ARRAY(SELECT t.class_id FROM class_teachers t WHERE t.user_id = u.id) AS \"teaches!\"
           FROM sessions s JOIN users u ON u.id = s.user_id
          WHERE (s.token_hash = $1 OR s.id = $2) AND s.expires_at > now() AND u.is_active",
        token_hash,
        session,
    )
    .fetch_optional(pool)
    .await?
    else {
        return Ok(None);
    };
    if r.stale {
        sqlx::query!("UPDATE sessions SET last_seen_at = now() WHERE id = $1", r.session_id).execute(pool).await?;
    }
    let person = Person {
        id: r.id,
        email: r.email,
        login_name: r.login_name,
        full_name: r.full_name,
        role: role(&r.role),
        education_level: r.education_level,
        school_id: r.school_id,
        is_owner: r.is_owner,
    };
    Ok(Some(Viewer::new(person, r.session_id).teaching(r.teaches)))
}

/// An account by its id.
pub async fn record(pool: &PgPool, id: Uuid) -> Result<Record, AppError> {
    let r = sqlx::query!(
        "SELECT id, email, login_name, full_name, role, education_level, school_id, is_owner, is_active, created_at
           FROM users WHERE id = $1",
        id,
    )
    .fetch_one(pool)
    .await?;
    let person = Person {
        id: r.id,
        email: r.email,
        login_name: r.login_name,
        full_name: r.full_name,
        role: role(&r.role),
        education_level: r.education_level,
        school_id: r.school_id,
        is_owner: r.is_owner,
    };
    Ok(Record { person, is_active: r.is_active, created_at: r.created_at })
}

/// The viewer's devices, the latest first.
pub async fn devices(pool: &PgPool, viewer: &Viewer) -> Result<Vec<Device>, AppError> {
    Ok(sqlx::query_as!(
        Device,
        "SELECT id, device, last_seen_at FROM sessions
          WHERE user_id = $1 AND expires_at > now() ORDER BY last_seen_at DESC, id LIMIT 50",
        viewer.id(),
    )
    .fetch_all(pool)
    .await?)
}

/// Signs out one of the viewer's devices.
pub async fn close_session(pool: &PgPool, viewer: &Viewer, session_id: Uuid) -> Result<(), AppError> {
    one_row(
        sqlx::query!("DELETE FROM sessions WHERE id = $1 AND user_id = $2", session_id, viewer.id())
            .execute(pool)
            .await?,
    )
}

/// Signs out all of the viewer's devices but this one.
pub async fn close_other_sessions(pool: &PgPool, viewer: &Viewer) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM sessions WHERE user_id = $1 AND id <> $2", viewer.id(), viewer.session_id())
        .execute(pool)
        .await?;
    Ok(())
}

/// Sets the hash of a new password. Closes all other sessions and removes any code for a new password.
pub async fn set_password(pool: &PgPool, id: Uuid, hash: &str, session: Option<Uuid>) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    let done = sqlx::query!("UPDATE users SET hashed_password = $2 WHERE id = $1", id, hash).execute(&mut *tx).await?;
    one_row(done)?;
    sqlx::query!("DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2", id, session)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM password_resets WHERE user_id = $1", id).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Replaces the hash of the same password, unless the password was changed in the meantime.
pub async fn renew_hash(pool: &PgPool, id: Uuid, old: &str, new: &str) -> Result<(), AppError> {
    sqlx::query!("UPDATE users SET hashed_password = $3 WHERE id = $1 AND hashed_password = $2", id, old, new)
        .execute(pool)
        .await?;
    Ok(())
}

/// Stores the hashes of these people's one-time codes for some days, in place of earlier ones. Returns until when they are good;
/// `NotFound` if one is neither a pupil nor a teacher of the admin's school; an owner makes them for admins of any school, too.
pub async fn keep_codes(
    pool: &PgPool,
    admin: &Viewer,
    people: &[Uuid],
    hashes: &[Vec<u8>],
    days: i32,
) -> Result<DateTime<Utc>, AppError> {
    let mut tx = super::begin(pool).await?;
    let until = sqlx::query_scalar!(r#"SELECT now() + make_interval(days => $1) AS "until!""#, days);
    let until = until.fetch_one(&mut *tx).await?;
    let done = sqlx::query!(
        "INSERT INTO password_resets (user_id, code_hash, expires_at, given_by)
         SELECT u.id, c.hash, $3, $4
           FROM unnest($1::uuid[], $2::bytea[]) AS c (id, hash) JOIN users u ON u.id = c.id
                AND (u.role <> 'admin' AND u.school_id = $5 OR $6 AND u.role = 'admin' AND NOT u.is_owner)
             ON CONFLICT (user_id) DO UPDATE
            SET (code_hash, expires_at, given_by) = (excluded.code_hash, excluded.expires_at, excluded.given_by)",
        people,
        hashes,
        until,
        admin.id(),
        admin.school(),
        admin.is_owner(),
    );
    if done.execute(&mut *tx).await?.rows_affected() != people.len() as u64 {
        return Err(AppError::NotFound);
    }
    audit::record_people(&mut tx, admin, Act::CodeMade, people, &format!("good for {days} days")).await?;
    tx.commit().await?;
    Ok(until)
}

/// Whether a one-time code is good for who has this e-mail address or login name.
pub async fn has_reset(pool: &PgPool, name: &str, code_hash: &[u8]) -> Result<bool, AppError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM password_resets r JOIN users u ON u.id = r.user_id
                           WHERE (lower(u.email) = lower($1) OR u.login_name = lower($1)) AND u.is_active
                             AND r.code_hash = $2 AND r.expires_at > now()) AS "has!""#,
        name,
        code_hash,
    )
    .fetch_one(pool)
    .await?)
}

/// Redeems a one-time code. Returns whose it was, if it matches the e-mail address or login name and is not too old.
pub async fn take_reset(pool: &PgPool, name: &str, code_hash: &[u8]) -> Result<Option<Uuid>, AppError> {
    Ok(sqlx::query_scalar!(
        "DELETE FROM password_resets r USING users u
          WHERE u.id = r.user_id AND (lower(u.email) = lower($1) OR u.login_name = lower($1)) AND u.is_active
            AND r.code_hash = $2 AND r.expires_at > now()
         RETURNING r.user_id",
        name,
        code_hash,
    )
    .fetch_optional(pool)
    .await?)
}

/// Changes the viewer's name, and sets the level if they have none; later only the school can change it.
pub async fn change_profile(
    pool: &PgPool,
    viewer: &Viewer,
    full_name: &FullName,
    level: Option<&str>,
) -> Result<(), AppError> {
    let unknown_level = AppError::field("education_level")("Choose a level from the list.".into());
    let done = sqlx::query!(
        "UPDATE users SET full_name = $2, education_level = coalesce(education_level, CASE WHEN role <> 'teacher' THEN $3 END)
          WHERE id = $1",
        viewer.id(),
        full_name.as_str(),
        level,
    )
    .execute(pool)
    .await
    .on_constraint("users_education_level_fkey", unknown_level)?;
    one_row(done)
}

/// Whether there is any account.
pub async fn any(pool: &PgPool) -> Result<bool, AppError> {
    Ok(sqlx::query_scalar!("SELECT EXISTS (SELECT FROM users) AS \"any!\"").fetch_one(pool).await?)
}

/// Deletes expired sessions.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    sqlx::query!("DELETE FROM sessions WHERE expires_at <= now()").execute(pool).await?;
    Ok(())
}

/// How many owners of the installation can sign in.
pub async fn active_owners(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM users WHERE is_owner AND is_active").fetch_one(pool).await
}

/// How many admins can sign in. Works on any schema that has accounts.
pub async fn active_admins(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM users WHERE role = 'admin' AND is_active").fetch_one(pool).await
}
