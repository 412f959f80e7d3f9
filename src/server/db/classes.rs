//! Classes and their pupils.

use std::collections::HashSet;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{OnConstraint, audit, begin, one_row};
use crate::domain::account::FullName;
use crate::domain::audit::Act;
use crate::domain::class::{Class, ClassPupil, PupilAccount};
use crate::domain::class_list::{Known, KnownPupil};
use crate::error::AppError;
use crate::server::classes::cards::Whose;
use crate::server::viewer::{Scope, Viewer};

/// The year of the database's clock.
pub async fn this_year(pool: &PgPool) -> Result<i32, AppError> {
    Ok(sqlx::query_scalar!(r#"SELECT extract(year FROM now())::integer AS "year!""#).fetch_one(pool).await?)
}

/// The classes of a scope: the latest year first, then by level and name.
pub async fn list(pool: &PgPool, scope: &Scope) -> Result<Vec<Class>, AppError> {
    Ok(sqlx::query_as!(
        Class,
        r#"SELECT c.id, c.name, c.level, c.year, count(u.id) AS "pupils!", count(u.id) FILTER (WHERE u.is_active) AS "active!",
                  count(u.id) FILTER (WHERE u.is_active AND u.hashed_password = '') AS "without_password!"
             FROM classes c
             JOIN levels l ON l.code = c.level
             LEFT JOIN memberships m ON m.class_id = c.id
             LEFT JOIN users u ON u.id = m.user_id
            WHERE c.school_id = $2 AND ($1::uuid[] IS NULL OR c.id = ANY ($1))
            GROUP BY c.id, l.position ORDER BY c.year DESC, l.position, c.name"#,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// A class that the viewer may see; `NotFound` otherwise.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Class, AppError> {
    list(pool, &viewer.scope(Some(id))?).await?.pop().ok_or(AppError::NotFound)
}

/// The levels of the classes of a scope; all for the whole school.
pub async fn levels(pool: &PgPool, scope: &Scope) -> Result<Vec<String>, AppError> {
    let levels = sqlx::query_scalar!(
        "SELECT l.code FROM levels l
          WHERE $1::uuid[] IS NULL OR EXISTS (SELECT FROM classes c WHERE c.id = ANY ($1) AND c.level = l.code)
          ORDER BY l.position",
        scope.classes(),
    );
    Ok(levels.fetch_all(pool).await?)
}

/// `NotFound` unless the viewer may see this pupil and act for them.
pub async fn must_see_pupil(pool: &PgPool, viewer: &Viewer, pupil: Uuid) -> Result<(), AppError> {
    must_see(pool, viewer, pupil).await?;
    sqlx::query!("SELECT id FROM users WHERE id = $1 AND role = 'student'", pupil).fetch_one(pool).await?;
    Ok(())
}

/// The same for anybody whose attempts the viewer may see: an admin also those of staff.
pub async fn must_see(pool: &PgPool, viewer: &Viewer, person: Uuid) -> Result<(), AppError> {
    let scope = viewer.scope(None)?;
    sqlx::query!(
        r#"SELECT p.id AS "id!" FROM visible_user_ids($2, $3) p WHERE p.id = $1"#,
        person,
        scope.school(),
        scope.classes(),
    )
    .fetch_one(pool)
    .await?;
    Ok(())
}

/// The pupils of a scope, by name.
pub async fn pupils(pool: &PgPool, scope: &Scope) -> Result<Vec<ClassPupil>, AppError> {
    Ok(sqlx::query_as!(
        ClassPupil,
        r#"SELECT u.id, u.full_name, coalesce(u.login_name, u.email) AS "sign_in_name!", u.id_number, u.is_active,
                  u.hashed_password <> '' AS "has_password!"
             FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE u.school_id = $2 AND ($1::uuid[] IS NULL OR m.class_id = ANY ($1)) ORDER BY u.full_name, u.id"#,
        scope.classes(),
        scope.school(),
    )
    .fetch_all(pool)
    .await?)
}

/// Makes a class. `Conflict` if the year has one of this name, `Invalid` for an unknown level.
pub async fn make(conn: &mut PgConnection, by: &Viewer, name: &str, level: &str, year: i32) -> Result<Uuid, AppError> {
    let made = sqlx::query_scalar!(
        "INSERT INTO classes (name, level, year, school_id) VALUES ($1, $2, $3, $4) RETURNING id",
        name,
        level,
        year,
        by.school(),
    )
    .fetch_one(&mut *conn)
    .await;
    let id = match made {
        Err(error) if error.as_database_error().is_some_and(|e| e.constraint() == Some("uq_class")) => {
            return Err(taken(name, year));
        }
        made => {
            made.on_constraint("classes_level_fkey", AppError::field("level")("Choose a level from the list.".into()))?
        }
    };
    audit::record(conn, by, Act::ClassMade, &format!("{name}, {year}")).await?;
    Ok(id)
}

fn taken(name: &str, year: i32) -> AppError {
    AppError::field("name")(format!("There is already a class {name} in {year}."))
}

/// Gives a class another name.
pub async fn rename(pool: &PgPool, by: &Viewer, id: Uuid, name: &str) -> Result<(), AppError> {
    let class = get(pool, by, id).await?;
    let mut tx = begin(pool).await?;
    let done = sqlx::query!("UPDATE classes SET name = $2 WHERE id = $1", id, name).execute(&mut *tx).await;
    one_row(done.on_constraint("uq_class", taken(name, class.year))?)?;
    audit::record(&mut tx, by, Act::ClassChanged, &format!("{} → {name}, {}", class.name, class.year)).await?;
    Ok(tx.commit().await?)
}

/// Deletes a class without pupils; `Conflict` for one with pupils.
pub async fn delete(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<(), AppError> {
    let class = get(pool, by, id).await?;
    let mut tx = begin(pool).await?;
    let done = sqlx::query!("DELETE FROM classes WHERE id = $1", id).execute(&mut *tx).await;
    let full = "This class has pupils. Move them to another class first. Nothing was changed.";
    one_row(done.on_constraint("memberships_class_id_fkey", AppError::Conflict(full.into()))?)?;
    audit::record(&mut tx, by, Act::ClassDeleted, &class.full_name()).await?;
    Ok(tx.commit().await?)
}

/// The pupils of a class whose accounts are switched on.
pub async fn active_pupils(conn: &mut PgConnection, class: Uuid) -> Result<Vec<Uuid>, AppError> {
    let pupils = sqlx::query_scalar!(
        "SELECT u.id FROM memberships m JOIN users u ON u.id = m.user_id
          WHERE m.class_id = $1 AND u.is_active AND u.role = 'student' ORDER BY u.id",
        class,
    );
    Ok(pupils.fetch_all(conn).await?)
}

/// The classes of the viewer's school in a year, by name.
pub async fn of_year(conn: &mut PgConnection, by: &Viewer, year: i32) -> Result<Vec<(String, Uuid)>, AppError> {
    let classes = sqlx::query!(
        "SELECT name, id FROM classes WHERE year = $1 AND school_id = $2 ORDER BY name",
        year,
        by.school(),
    );
    Ok(classes.fetch_all(conn).await?.into_iter().map(|row| (row.name, row.id)).collect())
}

/// `NotFound` unless all of these are classes of the viewer's school.
pub async fn must_be_known(conn: &mut PgConnection, by: &Viewer, classes: &[Uuid]) -> Result<(), AppError> {
    let known = sqlx::query_scalar!(
        r#"SELECT $1 <@ ARRAY(SELECT id FROM classes WHERE id = ANY ($1) AND school_id = $2) AS "known!""#,
        classes,
        by.school(),
    );
    if known.fetch_one(conn).await? { Ok(()) } else { Err(AppError::NotFound) }
}

/// Puts each of these pupils into a class, or with `None` into none. A pupil's level is that of the class. `NotFound` if one is
/// not a pupil, or not a class, of the viewer's school.
pub async fn assign(
    conn: &mut PgConnection,
    by: &Viewer,
    pupils: &[Uuid],
    classes: &[Option<Uuid>],
) -> Result<(), AppError> {
    must_be_known(&mut *conn, by, &classes.iter().copied().flatten().collect::<Vec<_>>()).await?;
    let known = sqlx::query_scalar!(
        "SELECT count(*) FROM users WHERE id = ANY ($1) AND role = 'student' AND school_id = $2",
        pupils,
        by.school(),
    );
    if known.fetch_one(&mut *conn).await? != Some(pupils.len() as i64) {
        return Err(AppError::NotFound);
    }
    let done = sqlx::query!(
        "WITH changed AS (
             SELECT a.user_id, a.class_id, m.class_id AS earlier
               FROM unnest($1::uuid[], $2::uuid[]) AS a (user_id, class_id)
               LEFT JOIN memberships m ON m.user_id = a.user_id
              WHERE m.class_id IS DISTINCT FROM a.class_id
         ), taken_out AS (
             DELETE FROM memberships m USING changed c WHERE m.user_id = c.user_id AND c.class_id IS NULL
         ), put_in AS (
             INSERT INTO memberships (class_id, user_id)
             SELECT class_id, user_id FROM changed WHERE class_id IS NOT NULL
                 ON CONFLICT (user_id) DO UPDATE SET class_id = excluded.class_id
         ), levels AS (
             UPDATE users u SET education_level = n.level
               FROM changed c JOIN classes n ON n.id = c.class_id
              WHERE u.id = c.user_id AND u.education_level IS DISTINCT FROM n.level
         )
         INSERT INTO audit_events (by_user, act, school_id, user_id, detail)
         SELECT $3, $4, $5, c.user_id, concat(coalesce(o.name || ', ' || o.year, 'no class'), ' → ',
                                              coalesce(n.name || ', ' || n.year, 'no class'))
           FROM changed c LEFT JOIN classes o ON o.id = c.earlier LEFT JOIN classes n ON n.id = c.class_id",
        pupils,
        classes as &[Option<Uuid>],
        by.id(),
        Act::PupilMoved.as_str(),
        by.school(),
    )
    .execute(conn)
    .await;
    done.on_constraint("memberships_class_id_fkey", AppError::NotFound)?;
    Ok(())
}

/// A pupil to make a card for.
pub struct ToCard {
    pub id: Uuid,
    pub full_name: String,
    pub sign_in_name: String,
    /// The name of the class.
    pub class: Option<String>,
}

/// Those whose cards are made, by name; `NotFound` for an unknown class, and for anybody but a pupil who can sign in.
pub async fn to_card(pool: &PgPool, by: &Viewer, whose: Whose) -> Result<Vec<ToCard>, AppError> {
    let (class, pupil, only_new) = match whose {
        Whose::Class { id, only_new } => (Some(id), None, only_new),
        Whose::Pupil(id) => (None, Some(id), false),
    };
    let pupils = sqlx::query_as!(
        ToCard,
        r#"SELECT u.id, u.full_name, coalesce(u.login_name, u.email) AS "sign_in_name!", c.name AS "class?"
             FROM users u
             LEFT JOIN memberships m ON m.user_id = u.id
             LEFT JOIN classes c ON c.id = m.class_id
            WHERE u.school_id = $4 AND u.role = 'student' AND u.is_active AND ($1::uuid IS NULL OR c.id = $1)
              AND ($2::uuid IS NULL OR u.id = $2) AND NOT ($3 AND u.hashed_password <> '')
            ORDER BY u.full_name, u.id"#,
        class,
        pupil,
        only_new,
        by.school(),
    )
    .fetch_all(pool)
    .await?;
    match class {
        Some(id) => get(pool, by, id).await.map(|_| pupils),
        None if pupils.is_empty() => Err(AppError::NotFound),
        None => Ok(pupils),
    }
}

/// Locks the classes against other imports until the end of the transaction.
pub async fn lock(conn: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("LOCK TABLE memberships IN SHARE ROW EXCLUSIVE MODE").execute(conn).await?;
    Ok(())
}

/// What importing a list of this year with these cells into the viewer's school has to know.
pub async fn known(conn: &mut PgConnection, by: &Viewer, year: i32, cells: &[Vec<String>]) -> Result<Known, AppError> {
    let pupils = sqlx::query!(
        r#"SELECT u.id, u.full_name, u.email, u.id_number, u.is_active, c.id AS "class?", c.name || ', ' || c.year AS class_name
             FROM users u
             LEFT JOIN memberships m ON m.user_id = u.id
             LEFT JOIN classes c ON c.id = m.class_id
            WHERE u.role = 'student' AND u.school_id = $1 ORDER BY u.id"#,
        by.school(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let addresses: Vec<String> =
        cells.iter().flatten().filter(|cell| cell.contains('@')).map(|cell| cell.trim().to_lowercase()).collect();
    let others = sqlx::query_scalar!(
        r#"SELECT lower(email) AS "email!" FROM users
            WHERE (role <> 'student' OR school_id <> $1) AND lower(email) = ANY ($2)"#,
        by.school(),
        &addresses,
    );
    let other_emails = others.fetch_all(&mut *conn).await?.into_iter().collect();
    let classes = of_year(conn, by, year).await?;
    let pupils = pupils.into_iter().map(|r| KnownPupil {
        id: r.id,
        full_name: r.full_name,
        email: r.email,
        number: r.id_number,
        is_active: r.is_active,
        class: r.class.zip(r.class_name),
    });
    Ok(Known { pupils: pupils.collect(), classes, other_emails })
}

/// All login names.
pub async fn login_names(conn: &mut PgConnection) -> Result<HashSet<String>, AppError> {
    let names = sqlx::query_scalar!(r#"SELECT login_name AS "name!" FROM users WHERE login_name IS NOT NULL"#);
    Ok(names.fetch_all(conn).await?.into_iter().collect())
}

/// Pupils to make or to change, column by column.
#[derive(Debug, Default)]
pub struct PupilColumns {
    pub ids: Vec<Uuid>,
    pub full_names: Vec<String>,
    /// Of pupils to make.
    pub login_names: Vec<String>,
    pub emails: Vec<Option<String>>,
    pub numbers: Vec<Option<String>>,
}

/// Makes accounts of pupils, without passwords.
pub async fn make_pupils(conn: &mut PgConnection, by: &Viewer, new: &PupilColumns) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO users (id, full_name, login_name, email, id_number, hashed_password, role, school_id)
         SELECT p.*, '', 'student', $6 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS p",
        &new.ids,
        &new.full_names,
        &new.login_names,
        &new.emails as &[Option<String>],
        &new.numbers as &[Option<String>],
        by.school(),
    )
    .execute(&mut *conn)
    .await?;
    audit::record_people(conn, by, Act::PupilMade, &new.ids, "by a list").await
}

/// Writes names as a list does, and adds addresses and numbers where there are none.
pub async fn change_pupils(conn: &mut PgConnection, by: &Viewer, changed: &PupilColumns) -> Result<(), AppError> {
    sqlx::query!(
        "WITH changed AS (
             SELECT u.id, p.full_name,
                    CASE WHEN u.email IS NULL THEN p.email END AS email,
                    CASE WHEN u.id_number IS NULL THEN p.number END AS number,
                    CASE WHEN lower(u.full_name) <> lower(p.full_name) THEN u.full_name END AS earlier
               FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS p (id, full_name, email, number)
               JOIN users u ON u.id = p.id
              WHERE lower(u.full_name) <> lower(p.full_name) OR u.email IS NULL AND p.email IS NOT NULL
                 OR u.id_number IS NULL AND p.number IS NOT NULL
         ), written AS (
             UPDATE users u
                SET full_name = CASE WHEN c.earlier IS NULL THEN u.full_name ELSE c.full_name END,
                    email = coalesce(u.email, c.email), id_number = coalesce(u.id_number, c.number)
               FROM changed c WHERE u.id = c.id
         )
         INSERT INTO audit_events (by_user, act, school_id, user_id, detail)
         SELECT $5, $6, $7, id, concat_ws(', ', earlier || ' → ' || full_name, email, number) FROM changed",
        &changed.ids,
        &changed.full_names,
        &changed.emails as &[Option<String>],
        &changed.numbers as &[Option<String>],
        by.id(),
        Act::PupilChanged.as_str(),
        by.school(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The account of a pupil of the viewer's school; `NotFound` for anybody else.
pub async fn account(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<PupilAccount, AppError> {
    Ok(sqlx::query_as!(
        PupilAccount,
        r#"SELECT u.id, u.full_name, u.email, u.login_name, u.id_number, u.education_level AS level, m.class_id AS "class?",
                  u.is_active, u.hashed_password <> '' AS "has_password!",
                  (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) AS last_seen_at
             FROM users u LEFT JOIN memberships m ON m.user_id = u.id
            WHERE u.id = $1 AND u.role = 'student' AND u.school_id = $2"#,
        id,
        by.school(),
    )
    .fetch_one(pool)
    .await?)
}

/// Changes a pupil's name and class, and the level of one without a class.
pub async fn change_account(
    pool: &PgPool,
    by: &Viewer,
    id: Uuid,
    name: &FullName,
    class: Option<Uuid>,
    level: Option<&str>,
) -> Result<(), AppError> {
    let before = account(pool, by, id).await?;
    let mut tx = begin(pool).await?;
    assign(&mut tx, by, &[id], &[class]).await?;
    let unknown_level = AppError::field("level")("Choose a level from the list.".into());
    let level = sqlx::query_scalar!(
        "UPDATE users u
            SET full_name = $2,
                education_level = coalesce((SELECT c.level FROM memberships m JOIN classes c ON c.id = m.class_id
                                             WHERE m.user_id = u.id), $3)
          WHERE id = $1 RETURNING education_level",
        id,
        name.as_str(),
        level,
    )
    .fetch_one(&mut *tx)
    .await
    .on_constraint("users_education_level_fkey", unknown_level)?;
    let mut changes = Vec::new();
    if before.full_name != name.as_str() {
        changes.push(format!("{} → {}", before.full_name, name.as_str()));
    }
    if before.level != level {
        let word = |level: Option<String>| level.unwrap_or_else(|| "no level".into());
        changes.push(format!("{} → {}", word(before.level), word(level)));
    }
    if !changes.is_empty() {
        audit::record_people(&mut tx, by, Act::PupilChanged, &[id], &changes.join(", ")).await?;
    }
    Ok(tx.commit().await?)
}

/// Switches pupils' accounts off, which ends all their sessions.
pub async fn switch_off(conn: &mut PgConnection, pupils: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!("UPDATE users SET is_active = false WHERE id = ANY ($1) AND role = 'student'", pupils)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM sessions WHERE user_id = ANY ($1)", pupils).execute(conn).await?;
    Ok(())
}

/// Switches the account of a pupil or a teacher off, which ends all its sessions, or on; `NotFound` for others, `Conflict` for an
/// account that is deleted.
pub async fn switch(pool: &PgPool, by: &Viewer, id: Uuid, on: bool) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let before = sqlx::query_scalar!(
        "UPDATE users u SET is_active = $2 FROM users o
          WHERE u.id = $1 AND o.id = u.id AND u.role <> 'admin' AND u.school_id = $3 RETURNING o.is_active",
        id,
        on,
        by.school(),
    )
    .fetch_one(&mut *tx)
    .await;
    let deleted = "This account is deleted. Undo that first. Nothing was changed.";
    let before = before.on_constraint("users_deleted_are_off", AppError::Conflict(deleted.into()))?;
    if !on {
        sqlx::query!("DELETE FROM sessions WHERE user_id = $1", id).execute(&mut *tx).await?;
    }
    if before != on {
        let act = if on { Act::Enabled } else { Act::Disabled };
        audit::record_people(&mut tx, by, act, &[id], "").await?;
    }
    Ok(tx.commit().await?)
}
