//! Importing a list: what it would change, and doing it in one transaction. The same list twice changes nothing.

use std::collections::{HashMap, HashSet};

use exam_model::format::count;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::account::login_name;
use crate::domain::audit::Act;
use crate::domain::class::{class_key, class_name, level_of};
use crate::domain::class_list::{self, Choice, Known, ListProblem, ListRow, PlannedRow, Verdict};
use crate::error::AppError;
use crate::server::db::classes::PupilColumns;
use crate::server::db::{self, audit, class_lists};
use crate::server::viewer::Viewer;

/// What importing a list would change now.
pub struct Preview {
    pub list: class_lists::ClassList,
    pub rows: Result<Vec<PlannedRow>, ListProblem>,
    /// Classes that it makes: their names, and their levels if the names tell.
    pub new_classes: Vec<(String, Option<String>)>,
}

/// A preview of a stored list.
pub async fn preview(pool: &PgPool, admin: &Viewer, id: Uuid) -> Result<Preview, AppError> {
    let list = class_lists::get(pool, admin, id).await?;
    let levels = levels(pool).await?;
    let known = db::classes::known(&mut *pool.acquire().await?, admin, list.year, &list.cells).await?;
    let rows = class_list::rows(&list.cells, &list.class).map(|rows| class_list::plan(rows, &known));
    let counts = |planned: &&PlannedRow| !matches!(planned.verdict, Verdict::Wrong { .. } | Verdict::Doubled { .. });
    let names = rows.iter().flatten().filter(counts).map(|planned| planned.row.class.as_str());
    let new_classes = new_classes(names, &known, &levels);
    Ok(Preview { list, rows, new_classes })
}

async fn levels(pool: &PgPool) -> Result<Vec<(String, String)>, AppError> {
    Ok(db::accounts::levels(pool).await?.into_iter().map(|level| (level.code, level.name)).collect())
}

/// The classes of these names that do not exist, each once, as it is first written, with their levels if the names tell.
fn new_classes<'a>(
    names: impl Iterator<Item = &'a str>,
    known: &Known,
    levels: &[(String, String)],
) -> Vec<(String, Option<String>)> {
    let mut seen: HashSet<String> = known.classes.iter().map(|(name, _)| class_key(name)).collect();
    let names = names.filter_map(|name| class_name(name).ok()).filter(|name| seen.insert(class_key(name)));
    names.map(|name| (name.clone(), level_of(&name, levels).map(str::to_owned))).collect()
}

/// A row to import.
struct Settled {
    row: ListRow,
    /// The pupil whom it is, or somebody new.
    pupil: Option<Uuid>,
    changes: bool,
}

/// The rows to import, with what was chosen; `Invalid` if something is left to choose.
fn settled(rows: Vec<PlannedRow>, choices: &HashMap<u32, Choice>) -> Result<Vec<Settled>, AppError> {
    let mut settled = Vec::new();
    for PlannedRow { row, verdict } in rows {
        let (pupil, changes) = match verdict {
            Verdict::New => (None, true),
            Verdict::Same { pupil } => (Some(pupil), false),
            Verdict::Changed { pupil, .. } => (Some(pupil), true),
            Verdict::Doubled { .. } | Verdict::Wrong { .. } => continue,
            Verdict::Unclear { candidates, .. } => match choices.get(&row.row) {
                Some(Choice::LeaveOut) => continue,
                Some(Choice::New) => (None, true),
                Some(Choice::Pupil(id)) if candidates.iter().any(|candidate| candidate.id == *id) => (Some(*id), true),
                _ => {
                    let reason = format!("Choose who row {} is: {}. Nothing was changed.", row.row, row.name);
                    return Err(AppError::field("choices")(reason));
                }
            },
        };
        settled.push(Settled { row, pupil, changes });
    }
    let mut taken = HashSet::new();
    if let Some(twice) = settled.iter().find(|row| row.pupil.is_some_and(|pupil| !taken.insert(pupil))) {
        let reason = format!("Row {} and an earlier one are the same pupil now. Nothing was changed.", twice.row.row);
        return Err(AppError::field("choices")(reason));
    }
    Ok(settled)
}

/// Imports a list, with what was chosen for its unclear rows, by their numbers. `level` is that of new classes whose names do
/// not tell. Everything is done, or nothing.
pub async fn import(
    pool: &PgPool,
    admin: &Viewer,
    id: Uuid,
    choices: &HashMap<u32, Choice>,
    level: Option<&str>,
) -> Result<(), AppError> {
    let list = class_lists::get(pool, admin, id).await?;
    let levels = levels(pool).await?;
    let rows = class_list::rows(&list.cells, &list.class);
    let rows = rows.map_err(|problem| AppError::Conflict(problem.message().into()))?;
    let mut tx = db::begin(pool).await?;
    db::classes::lock(&mut tx).await?;
    let known = db::classes::known(&mut tx, admin, list.year, &list.cells).await?;
    let mut rows = settled(class_list::plan(rows, &known), choices)?;
    rows.retain(|row| row.changes);
    if rows.is_empty() {
        return Ok(());
    }
    let mut classes: HashMap<String, Uuid> = known.classes.iter().map(|(name, id)| (class_key(name), *id)).collect();
    for (name, told) in new_classes(rows.iter().map(|row| row.row.class.as_str()), &known, &levels) {
        let untold = || AppError::field("level")(format!("Choose the level of {name}: its name does not tell."));
        let level = told.as_deref().or(level).ok_or_else(untold)?;
        classes.insert(class_key(&name), db::classes::make(&mut tx, admin, &name, level, list.year).await?);
    }
    write(&mut tx, admin, &rows, &classes, &known).await?;
    audit::record(
        &mut tx,
        admin,
        Act::ListImported,
        &format!("{} of {}", count(rows.len() as i64, "pupil"), list.year),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Makes and changes the accounts of these rows, and puts them into their classes.
async fn write(
    conn: &mut PgConnection,
    admin: &Viewer,
    rows: &[Settled],
    classes: &HashMap<String, Uuid>,
    known: &Known,
) -> Result<(), AppError> {
    let mut names = db::classes::login_names(conn).await?;
    let emails: HashSet<String> =
        known.pupils.iter().filter_map(|pupil| Some(pupil.email.as_ref()?.to_lowercase())).collect();
    let numbers: HashSet<&str> = known.pupils.iter().filter_map(|pupil| pupil.number.as_deref()).collect();
    let (mut new, mut changed) = (PupilColumns::default(), PupilColumns::default());
    let (mut ids, mut into) = (Vec::new(), Vec::new());
    for Settled { row, pupil, .. } in rows {
        let columns = if pupil.is_some() { &mut changed } else { &mut new };
        let id = pupil.unwrap_or_else(Uuid::now_v7);
        columns.ids.push(id);
        columns.full_names.push(row.name.clone());
        // What another pupil has stays theirs.
        columns.emails.push(row.email.clone().filter(|email| !emails.contains(&email.to_lowercase())));
        columns.numbers.push(row.number.clone().filter(|number| !numbers.contains(number.as_str())));
        if pupil.is_none() {
            let name = login_name(&row.name, |name| names.contains(name));
            names.insert(name.clone());
            columns.login_names.push(name);
        }
        ids.push(id);
        into.push(classes.get(&class_key(&row.class)).copied());
    }
    db::classes::make_pupils(conn, admin, &new).await?;
    db::classes::change_pupils(conn, admin, &changed).await?;
    db::classes::assign(conn, admin, &ids, &into).await
}
