//! The end of a school year, in one transaction.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::audit::Act;
use crate::domain::class::class_key;
use crate::domain::roll_over::{Chosen, Fate, PlannedClass, plan};
use crate::error::AppError;
use crate::server::db::{self, audit};
use crate::server::viewer::Viewer;

/// What is likely to become of the classes of the year that ends, and all levels.
pub async fn preview(pool: &PgPool, by: &Viewer) -> Result<(Vec<PlannedClass>, Vec<String>), AppError> {
    let levels: Vec<String> = db::accounts::levels(pool).await?.into_iter().map(|level| level.code).collect();
    let (classes, this_year) = (db::classes::list(pool, &by.scope(None)?).await?, db::classes::this_year(pool).await?);
    Ok((plan(classes, &levels, this_year), levels))
}

/// Moves classes up to the next year, and switches the accounts of leavers off. Classes of next year that there are already are
/// used. What was done before is not done again: a class has no active pupils then. `Conflict` for a year that cannot end yet.
pub async fn apply(pool: &PgPool, by: &Viewer, chosen: &[Chosen]) -> Result<(), AppError> {
    let (classes, this_year) = (db::classes::list(pool, &by.scope(None)?).await?, db::classes::this_year(pool).await?);
    let mut tx = db::begin(pool).await?;
    db::classes::lock(&mut tx).await?;
    // All are found before one is moved: a class of this year may have the name of one of the next.
    let mut pupils = Vec::new();
    for Chosen { class, fate } in chosen {
        let class = classes.iter().find(|known| known.id == *class).ok_or(AppError::NotFound)?;
        if class.year > this_year {
            let reason =
                format!("The year {} cannot begin before {}. Nothing was changed.", class.year + 1, class.year);
            return Err(AppError::Conflict(reason));
        }
        pupils.push((class, fate, db::classes::active_pupils(&mut tx, class.id).await?));
    }
    for (class, fate, pupils) in pupils.iter().filter(|(.., pupils)| !pupils.is_empty()) {
        match fate {
            Fate::Stays => {}
            Fate::Leaves => leave(&mut tx, by, pupils, &class.full_name()).await?,
            Fate::MovesUp { name, level } => {
                let to = next_class(&mut tx, by, name, level, class.year + 1).await?;
                db::classes::assign(&mut tx, by, pupils, &vec![Some(to); pupils.len()]).await?;
            }
        }
    }
    Ok(tx.commit().await?)
}

/// The class of this name and year, which is made if there is none.
async fn next_class(
    conn: &mut PgConnection,
    by: &Viewer,
    name: &str,
    level: &str,
    year: i32,
) -> Result<Uuid, AppError> {
    let known = db::classes::of_year(conn, by, year).await?;
    let same = known.into_iter().find(|(known, _)| class_key(known) == class_key(name));
    match same {
        Some((_, id)) => Ok(id),
        None => db::classes::make(conn, by, name, level, year).await,
    }
}

async fn leave(conn: &mut PgConnection, by: &Viewer, pupils: &[Uuid], class: &str) -> Result<(), AppError> {
    db::classes::switch_off(conn, pupils).await?;
    audit::record_people(conn, by, Act::Disabled, pupils, &format!("left from {class}")).await
}
