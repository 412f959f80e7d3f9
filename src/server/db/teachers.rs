//! Teachers, and the classes that they teach.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{OnConstraint, audit, begin, classes};
use crate::domain::account::{Email, FullName, login_name};
use crate::domain::audit::Act;
use crate::domain::teacher::Teacher;
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The teachers of the viewer's school by name, or the one with this id.
pub async fn list(pool: &PgPool, by: &Viewer, only: Option<Uuid>) -> Result<Vec<Teacher>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT u.id, u.full_name, coalesce(u.login_name, u.email) AS "sign_in_name!", u.is_active,
                  u.hashed_password <> '' AS "has_password!", k.ids AS "ids!", k.names AS "names!"
             FROM users u
            CROSS JOIN LATERAL (
                  SELECT coalesce(array_agg(c.id ORDER BY c.year DESC, c.name), '{}') AS ids,
                         coalesce(array_agg(c.name || ', ' || c.year ORDER BY c.year DESC, c.name), '{}') AS names
                    FROM class_teachers t JOIN classes c ON c.id = t.class_id WHERE t.user_id = u.id) k
            WHERE u.role = 'teacher' AND u.school_id = $2 AND ($1::uuid IS NULL OR u.id = $1) ORDER BY u.full_name, u.id"#,
        only,
        by.school(),
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| Teacher {
        id: row.id,
        full_name: row.full_name,
        sign_in_name: row.sign_in_name,
        is_active: row.is_active,
        has_password: row.has_password,
        classes: row.ids.into_iter().zip(row.names).collect(),
    });
    Ok(rows.collect())
}

/// Id and name of the teachers of a class that the viewer may see.
pub async fn of_class(pool: &PgPool, viewer: &Viewer, class: Uuid) -> Result<Vec<(Uuid, String)>, AppError> {
    let scope = viewer.scope(Some(class))?;
    let rows = sqlx::query!(
        "SELECT u.id, u.full_name FROM class_teachers t JOIN users u ON u.id = t.user_id
          WHERE t.class_id = ANY ($1) AND u.school_id = $2 ORDER BY u.full_name, u.id",
        scope.classes(),
        scope.school(),
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.id, row.full_name)).collect())
}

/// A teacher; `NotFound` for anybody else.
pub async fn get(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<Teacher, AppError> {
    list(pool, by, Some(id)).await?.pop().ok_or(AppError::NotFound)
}

/// Makes an account of a teacher without a password, and returns its id; without an e-mail address it gets a login name.
/// `Invalid` if the address is taken.
pub async fn make(pool: &PgPool, by: &Viewer, name: &FullName, email: Option<&Email>) -> Result<Uuid, AppError> {
    let mut tx = begin(pool).await?;
    let login = match email {
        Some(_) => None,
        None => {
            classes::lock(&mut tx).await?;
            let taken = classes::login_names(&mut tx).await?;
            Some(login_name(name.as_str(), |name| taken.contains(name)))
        }
    };
    let taken = AppError::field("email")("There is already an account with this e-mail address.".into());
    let id = sqlx::query_scalar!(
        "INSERT INTO users (full_name, email, login_name, hashed_password, role, school_id)
         VALUES ($1, $2, $3, '', 'teacher', $4) RETURNING id",
        name.as_str(),
        email.map(Email::as_str),
        login,
        by.school(),
    )
    .fetch_one(&mut *tx)
    .await
    .on_constraint("users_email_key", taken)?;
    audit::record_people(&mut tx, by, Act::TeacherMade, &[id], "").await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes a pupil's account a teacher's, or a teacher's a pupil's. A teacher is in no class and has no level, a pupil teaches
/// none. `NotFound` for anybody else; nothing is changed if it is so already.
pub async fn change_role(pool: &PgPool, by: &Viewer, id: Uuid, teacher: bool) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let was_teacher = sqlx::query_scalar!(
        r#"SELECT role = 'teacher' AS "was_teacher!" FROM users
            WHERE id = $1 AND role <> 'admin' AND deleted_at IS NULL AND school_id = $2 FOR UPDATE"#,
        id,
        by.school(),
    );
    if was_teacher.fetch_one(&mut *tx).await? == teacher {
        return Ok(());
    }
    if teacher {
        classes::assign(&mut tx, by, &[id], &[None]).await?;
        sqlx::query!("UPDATE users SET role = 'teacher', education_level = NULL WHERE id = $1", id)
            .execute(&mut *tx)
            .await?;
        end_classmate(&mut tx, id).await?;
    } else {
        put_classes(&mut tx, by, id, &[]).await?;
        sqlx::query!("UPDATE users SET role = 'student' WHERE id = $1", id).execute(&mut *tx).await?;
    }
    let act = if teacher { Act::TeacherMade } else { Act::TeacherUnmade };
    audit::record_people(&mut tx, by, act, &[id], "").await?;
    Ok(tx.commit().await?)
}

/// Ends what a pupil shares with classmates, in both directions, and every way to sign in that was handed out to the pupil.
async fn end_classmate(conn: &mut PgConnection, id: Uuid) -> Result<(), AppError> {
    sqlx::query!(
        "WITH own AS (SELECT id FROM documents WHERE uploaded_by = $1),
              shares AS (DELETE FROM document_shares
                          WHERE shared_with_user_id = $1 OR document_id IN (SELECT id FROM own)),
              codes AS (DELETE FROM document_codes WHERE document_id IN (SELECT id FROM own)),
              invitations AS (DELETE FROM document_invitations WHERE document_id IN (SELECT id FROM own)),
              resets AS (DELETE FROM password_resets WHERE user_id = $1)
         DELETE FROM sessions WHERE user_id = $1",
        id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Sets the classes that a teacher teaches; `NotFound` for anybody but a teacher, and for an unknown class.
pub async fn set_classes(pool: &PgPool, by: &Viewer, id: Uuid, classes: &[Uuid]) -> Result<(), AppError> {
    let mut tx = begin(pool).await?;
    let teacher = sqlx::query!(
        "SELECT id FROM users WHERE id = $1 AND role = 'teacher' AND school_id = $2 FOR UPDATE",
        id,
        by.school(),
    );
    teacher.fetch_one(&mut *tx).await?;
    put_classes(&mut tx, by, id, classes).await?;
    Ok(tx.commit().await?)
}

/// Papers that the teacher added for levels which they no longer teach become the admin's.
async fn put_classes(conn: &mut PgConnection, by: &Viewer, id: Uuid, taught: &[Uuid]) -> Result<(), AppError> {
    classes::must_be_known(&mut *conn, by, taught).await?;
    let gone = sqlx::query_scalar!(
        r#"WITH gone AS (
               DELETE FROM class_teachers WHERE user_id = $1 AND class_id <> ALL ($2) RETURNING class_id
           )
           SELECT '− ' || c.name || ', ' || c.year AS "name!" FROM gone g JOIN classes c ON c.id = g.class_id ORDER BY 1"#,
        id,
        taught,
    )
    .fetch_all(&mut *conn)
    .await?;
    let new = sqlx::query_scalar!(
        r#"WITH new AS (
               INSERT INTO class_teachers (class_id, user_id) SELECT c, $1 FROM unnest($2::uuid[]) c
                   ON CONFLICT DO NOTHING RETURNING class_id
           )
           SELECT '+ ' || c.name || ', ' || c.year AS "name!" FROM new n JOIN classes c ON c.id = n.class_id ORDER BY 1"#,
        id,
        taught,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE documents d SET uploaded_by = $2
          WHERE d.uploaded_by = $1 AND NOT d.is_personal
            AND NOT EXISTS (SELECT FROM class_teachers t JOIN classes c ON c.id = t.class_id
                             WHERE t.user_id = $1 AND c.level = d.level)",
        id,
        by.id(),
    )
    .execute(&mut *conn)
    .await?;
    let changes = [gone, new].concat().join("; ");
    if !changes.is_empty() {
        audit::record_people(conn, by, Act::ClassesTaught, &[id], &changes).await?;
    }
    Ok(())
}
