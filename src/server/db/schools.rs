//! Schools and their admins, which an owner of the installation makes.

use std::collections::HashMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::{OnConstraint, audit, begin, one_row};
use crate::domain::account::{Email, FullName};
use crate::domain::audit::Act;
use crate::domain::school::{School, SchoolAdmin};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// All schools by name, or the one with this id, for an owner; `NotFound` for anybody else.
pub async fn list(pool: &PgPool, by: &Viewer, only: Option<Uuid>) -> Result<Vec<School>, AppError> {
    must_own(by)?;
    let mut admins: HashMap<Uuid, Vec<SchoolAdmin>> = HashMap::new();
    let rows = sqlx::query!(
        r#"SELECT id, school_id, full_name, coalesce(login_name, email) AS "sign_in_name!", is_active, is_owner,
                  hashed_password <> '' AS "has_password!"
             FROM users WHERE role = 'admin' ORDER BY full_name, id"#
    );
    for r in rows.fetch_all(pool).await? {
        let admin = SchoolAdmin {
            id: r.id,
            full_name: r.full_name,
            sign_in_name: r.sign_in_name,
            is_active: r.is_active,
            is_owner: r.is_owner,
            has_password: r.has_password,
        };
        admins.entry(r.school_id).or_default().push(admin);
    }
    let rows = sqlx::query!(
        r#"SELECT s.id, s.name, s.open_registration,
                  (SELECT count(*) FROM users u WHERE u.school_id = s.id AND u.is_active AND u.role = 'student') AS "pupils!",
                  (SELECT count(*) FROM users u WHERE u.school_id = s.id AND u.is_active AND u.role = 'teacher') AS "teachers!",
                  (SELECT count(*) FROM classes c WHERE c.school_id = s.id) AS "classes!",
                  (SELECT count(*) FROM documents d
                    WHERE d.school_id = s.id AND NOT d.is_personal AND d.kind <> 'marking_scheme') AS "papers!"
             FROM schools s WHERE $1::uuid IS NULL OR s.id = $1 ORDER BY lower(s.name)"#,
        only,
    );
    let schools = rows.fetch_all(pool).await?.into_iter().map(|r| School {
        id: r.id,
        name: r.name,
        open_registration: r.open_registration,
        pupils: r.pupils,
        teachers: r.teachers,
        classes: r.classes,
        papers: r.papers,
        admins: admins.remove(&r.id).unwrap_or_default(),
    });
    Ok(schools.collect())
}

fn must_own(by: &Viewer) -> Result<(), AppError> {
    if by.is_owner() { Ok(()) } else { Err(AppError::NotFound) }
}

fn taken() -> AppError {
    AppError::field("name")("There is already a school with this name.".into())
}

/// Id and name of the schools in which pupils may make accounts themselves, by name.
pub async fn open(pool: &PgPool) -> Result<Vec<(Uuid, String)>, AppError> {
    let rows = sqlx::query!("SELECT id, name FROM schools WHERE open_registration ORDER BY lower(name)");
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Whether there is a school that makes the accounts of its pupils itself.
pub async fn any_closed(pool: &PgPool) -> Result<bool, AppError> {
    let closed = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM schools WHERE NOT open_registration) AS "closed!""#);
    Ok(closed.fetch_one(pool).await?)
}

/// The school with this name, for the command line.
pub async fn by_name(pool: &PgPool, name: &str) -> Result<Option<Uuid>, AppError> {
    Ok(sqlx::query_scalar!("SELECT id FROM schools WHERE lower(name) = lower($1)", name.trim())
        .fetch_optional(pool)
        .await?)
}

/// The name of the viewer's school, if there are others.
pub async fn name_among_others(pool: &PgPool, viewer: &Viewer) -> Result<Option<String>, AppError> {
    Ok(sqlx::query_scalar!(
        "SELECT name FROM schools WHERE id = $1 AND EXISTS (SELECT FROM schools o WHERE o.id <> $1)",
        viewer.school(),
    )
    .fetch_optional(pool)
    .await?)
}

/// Makes a school, which makes its accounts itself; `Invalid` if the name is taken.
pub async fn make(pool: &PgPool, by: &Viewer, name: &str) -> Result<Uuid, AppError> {
    must_own(by)?;
    let mut tx = begin(pool).await?;
    let made = sqlx::query_scalar!("INSERT INTO schools (name) VALUES ($1) RETURNING id", name);
    let id = made.fetch_one(&mut *tx).await.on_constraint("uq_school", taken())?;
    audit::record_in(&mut tx, by, id, Act::SchoolMade, name).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a school's name, and whether pupils may make accounts in it themselves.
pub async fn change(pool: &PgPool, by: &Viewer, id: Uuid, name: &str, open_registration: bool) -> Result<(), AppError> {
    must_own(by)?;
    let mut tx = begin(pool).await?;
    let before = sqlx::query!("SELECT name, open_registration FROM schools WHERE id = $1 FOR UPDATE", id);
    let before = before.fetch_one(&mut *tx).await?;
    let done = sqlx::query!(
        "UPDATE schools SET name = $2, open_registration = $3 WHERE id = $1",
        id,
        name,
        open_registration,
    );
    one_row(done.execute(&mut *tx).await.on_constraint("uq_school", taken())?)?;
    if (before.name.as_str(), before.open_registration) != (name, open_registration) {
        let who = if open_registration { "pupils register" } else { "the school makes the accounts" };
        audit::record_in(&mut tx, by, id, Act::SchoolChanged, &format!("{} → {name}, {who}", before.name)).await?;
    }
    Ok(tx.commit().await?)
}

/// Makes an account of a school's admin without a password, and returns its id. `Invalid` if the address is taken.
pub async fn make_admin(
    pool: &PgPool,
    by: &Viewer,
    school: Uuid,
    name: &FullName,
    email: &Email,
) -> Result<Uuid, AppError> {
    must_own(by)?;
    let mut tx = begin(pool).await?;
    let made = sqlx::query_scalar!(
        "INSERT INTO users (full_name, email, hashed_password, role, school_id)
         SELECT $1, $2, '', 'admin', id FROM schools WHERE id = $3 RETURNING id",
        name.as_str(),
        email.as_str(),
        school,
    );
    let taken = AppError::field("email")("There is already an account with this e-mail address.".into());
    let id = made.fetch_one(&mut *tx).await.on_constraint("users_email_key", taken)?;
    audit::record_people(&mut tx, by, Act::AdminMade, &[id], "").await?;
    tx.commit().await?;
    Ok(id)
}

/// Switches the account of a school's admin off, which ends all its sessions, or on, and returns the school;
/// `NotFound` for anybody else.
pub async fn switch_admin(pool: &PgPool, by: &Viewer, id: Uuid, on: bool) -> Result<Uuid, AppError> {
    must_own(by)?;
    let mut tx = begin(pool).await?;
    let school = sqlx::query_scalar!(
        "UPDATE users SET is_active = $2 WHERE id = $1 AND role = 'admin' AND NOT is_owner RETURNING school_id",
        id,
        on,
    );
    let school = school.fetch_one(&mut *tx).await?;
    if !on {
        sqlx::query!("DELETE FROM sessions WHERE user_id = $1", id).execute(&mut *tx).await?;
    }
    let act = if on { Act::Enabled } else { Act::Disabled };
    audit::record_people(&mut tx, by, act, &[id], "").await?;
    tx.commit().await?;
    Ok(school)
}

/// Ends that an admin is an owner: they stay admin of their school. `Conflict` for the last owner who can sign in.
pub async fn end_ownership(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<Uuid, AppError> {
    must_own(by)?;
    let mut tx = begin(pool).await?;
    // All are locked, so that no two of them end each other's.
    let owners = sqlx::query!(
        "SELECT id, school_id, is_active AND hashed_password <> '' AS \"can_sign_in!\" FROM users WHERE is_owner ORDER BY id FOR UPDATE"
    );
    let owners = owners.fetch_all(&mut *tx).await?;
    let school = owners.iter().find(|owner| owner.id == id).ok_or(AppError::NotFound)?.school_id;
    if !owners.iter().any(|owner| owner.id != id && owner.can_sign_in) {
        let reason = "This is the only owner who can sign in. Make another first. Nothing was changed.";
        return Err(AppError::Conflict(reason.into()));
    }
    one_row(sqlx::query!("UPDATE users SET is_owner = false WHERE id = $1", id).execute(&mut *tx).await?)?;
    audit::record_people(&mut tx, by, Act::OwnerUnmade, &[id], "").await?;
    tx.commit().await?;
    Ok(school)
}
