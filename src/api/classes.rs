//! Classes, their pupils and their lists; pupils' accounts, as the school changes them.

use std::collections::HashMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::account::{Duplicate, WhatGoes};
use crate::domain::class::{Card, Class, ClassPupil, PupilAccount};
use crate::domain::class_list::{ListProblem, PlannedRow};
use crate::domain::roll_over::PlannedClass;
use crate::error::AppError;

/// All classes, with what the form for a new one needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classes {
    pub classes: Vec<Class>,
    /// Code and name.
    pub levels: Vec<(String, String)>,
    pub this_year: i32,
}

/// A class with its pupils.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPage {
    pub class: Class,
    /// By name.
    pub pupils: Vec<ClassPupil>,
    /// Id and full name of every class.
    pub classes: Vec<(Uuid, String)>,
    /// Id and name of each teacher of the class.
    pub teachers: Vec<(Uuid, String)>,
}

/// What importing a list would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPreview {
    pub year: i32,
    /// The class of all, if the list names none.
    pub class: String,
    pub rows: Result<Vec<PlannedRow>, ListProblem>,
    /// The list as text, if it cannot be read as it is.
    pub text: String,
    /// Classes that it makes, with their levels where the names tell.
    pub new_classes: Vec<(String, Option<String>)>,
    /// Code and name.
    pub levels: Vec<(String, String)>,
}

/// The page of cards: of a class, or of one pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardsPage {
    pub class: Option<Class>,
    pub pupil: Option<PupilAccount>,
    /// Those just made, which are shown this once.
    pub cards: Option<Vec<Card>>,
}

/// The viewer's classes. For staff; everything else here but the names and the page of a class is for admins.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_classes() -> Result<Classes, AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    let pool = &asking.state.pool;
    Ok(Classes {
        classes: db::classes::list(pool, &asking.viewer.scope(None)?).await?,
        levels: super::accounts::levels().await?,
        this_year: db::classes::this_year(pool).await?,
    })
}

/// Id and full name of each of the viewer's classes, the latest year first.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_class_names() -> Result<Vec<(Uuid, String)>, AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    let classes = db::classes::list(&asking.state.pool, &asking.viewer.scope(None)?).await?;
    Ok(classes.into_iter().map(|class| (class.id, class.full_name())).collect())
}

/// Makes a class.
#[server]
pub async fn make_class(name: String, level: String, year: i32) -> Result<(), AppError> {
    use crate::domain::class::{YEARS, class_name};
    use crate::server::{db, request};
    let asking = request::admin()?;
    let name = class_name(&name).map_err(AppError::field("name"))?;
    if !YEARS.contains(&year) {
        return Err(AppError::field("year")(ListProblem::Year.message().into()));
    }
    let mut tx = db::begin(&asking.state.pool).await?;
    let id = db::classes::make(&mut tx, &asking.viewer, &name, &level, year).await?;
    tx.commit().await?;
    request::go_to(&format!("/admin/classes/{id}"));
    Ok(())
}

/// Gives a class another name.
#[server]
pub async fn rename_class(id: Uuid, name: String) -> Result<(), AppError> {
    use crate::domain::class::class_name;
    use crate::server::{db, request};
    let asking = request::admin()?;
    let name = class_name(&name).map_err(AppError::field("name"))?;
    db::classes::rename(&asking.state.pool, &asking.viewer, id, &name).await
}

/// Deletes a class without pupils.
#[server]
pub async fn delete_class(id: Uuid) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::classes::delete(&asking.state.pool, &asking.viewer, id).await?;
    request::go_to("/admin/classes");
    Ok(())
}

/// A class with its pupils.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_class(id: Uuid) -> Result<ClassPage, AppError> {
    use crate::server::{db, request};
    let asking = request::staff()?;
    let pool = &asking.state.pool;
    let class = db::classes::get(pool, &asking.viewer, id).await?;
    let pupils = db::classes::pupils(pool, &asking.viewer.scope(Some(id))?).await?;
    let teachers = db::teachers::of_class(pool, &asking.viewer, id).await?;
    Ok(ClassPage { class, pupils, classes: get_class_names().await?, teachers })
}

/// Moves pupils to another class, or with `none` for `to` takes them out of theirs.
#[server]
pub async fn move_pupils(#[server(default)] pupils: Vec<Uuid>, to: String) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    if pupils.is_empty() {
        return Err(AppError::field("pupils")("Tick the pupils first. Nothing was changed.".into()));
    }
    let to: Option<Uuid> = match to.as_str() {
        "none" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    let mut tx = db::begin(&asking.state.pool).await?;
    db::classes::assign(&mut tx, &asking.viewer, &pupils, &vec![to; pupils.len()]).await?;
    Ok(tx.commit().await?)
}

/// What importing a stored list would change.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_class_list(id: Uuid) -> Result<ListPreview, AppError> {
    use crate::server::classes::import;
    use crate::server::request;
    let asking = request::admin()?;
    let import::Preview { list, rows, new_classes } = import::preview(&asking.state.pool, &asking.viewer, id).await?;
    let lines = || list.cells.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n");
    Ok(ListPreview {
        year: list.year,
        text: if rows.is_err() { lines() } else { String::new() },
        class: list.class,
        rows,
        new_classes,
        levels: super::accounts::levels().await?,
    })
}

/// Imports a stored list. `choices` says of each unclear row, by its number, who it is: a pupil's id, `new` or `leave-out`.
#[server]
pub async fn import_class_list(
    id: Uuid,
    #[server(default)] choices: HashMap<String, String>,
    #[server(default)] level: String,
) -> Result<(), AppError> {
    use crate::domain::class_list::Choice;
    use crate::server::classes::import;
    use crate::server::request;
    use exam_model::format::given;
    let asking = request::admin()?;
    let chosen = choices.iter().filter_map(|(row, word)| Some((row.parse().ok()?, Choice::parse(word)?))).collect();
    import::import(&asking.state.pool, &asking.viewer, id, &chosen, given(&level)).await?;
    request::go_to(&format!("/admin/classes/import/{id}"));
    Ok(())
}

/// The page of a class's cards, or of a pupil's.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_cards(
    #[server(default)] class: Option<Uuid>,
    #[server(default)] pupil: Option<Uuid>,
) -> Result<CardsPage, AppError> {
    use crate::flash::MadeCards;
    use crate::server::{db, request};
    let asking = request::admin()?;
    let pool = &asking.state.pool;
    let cards = use_context::<MadeCards>().map(|MadeCards(cards)| cards);
    let class = match class {
        Some(id) => Some(db::classes::get(pool, &asking.viewer, id).await?),
        None => None,
    };
    let pupil = match pupil {
        Some(id) => Some(db::classes::account(pool, &asking.viewer, id).await?),
        None => None,
    };
    Ok(CardsPage { class, pupil, cards })
}

/// A pupil's account, with id and full name of every class.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_pupil_account(id: Uuid) -> Result<(PupilAccount, Vec<(Uuid, String)>), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    Ok((db::classes::account(&asking.state.pool, &asking.viewer, id).await?, get_class_names().await?))
}

/// Changes a pupil's name and class, and the level of one without a class.
#[server]
pub async fn change_pupil(
    id: Uuid,
    full_name: String,
    #[server(default)] class: String,
    #[server(default)] level: String,
) -> Result<(), AppError> {
    use crate::domain::account::FullName;
    use crate::server::{db, request};
    use exam_model::format::given;
    let asking = request::admin()?;
    let name = FullName::parse(&full_name).map_err(AppError::field("full_name"))?;
    let class: Option<Uuid> = match class.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    db::classes::change_account(&asking.state.pool, &asking.viewer, id, &name, class, given(&level)).await
}

/// Switches the account of a pupil or a teacher off, which signs them out everywhere, or on.
#[server]
pub async fn switch_pupil(id: Uuid, #[server(default)] on: bool) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::classes::switch(&asking.state.pool, &asking.viewer, id, on).await
}

/// What goes with a pupil's account, and whether it is deleted.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_what_goes(id: Uuid) -> Result<WhatGoes, AppError> {
    let asking = crate::server::request::admin()?;
    crate::server::db::people::what_goes(&asking.state.pool, &asking.viewer, id).await
}

/// Deletes a pupil's account, or undoes that for some weeks.
#[server]
pub async fn delete_pupil(id: Uuid, deleted: bool) -> Result<(), AppError> {
    use crate::server::db::people;
    let asking = crate::server::request::admin()?;
    match deleted {
        true => people::delete(&asking.state.pool, &asking.viewer, id).await,
        false => people::undelete(&asking.state.pool, &asking.viewer, id).await,
    }
}

/// A pupil's account, and the other accounts that somebody signs in with by a name, or of the same name if it is empty.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_duplicates(
    id: Uuid,
    #[server(default)] sign_in_name: String,
) -> Result<(PupilAccount, Vec<Duplicate>), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    let (pool, viewer) = (&asking.state.pool, &asking.viewer);
    let duplicates = db::people::duplicates(pool, viewer, id, sign_in_name.trim()).await?;
    Ok((db::classes::account(pool, viewer, id).await?, duplicates))
}

/// Merges another account of a pupil into this one.
#[server]
pub async fn merge_pupils(id: Uuid, other: Uuid) -> Result<(), AppError> {
    use crate::server::{people, request};
    let asking = request::admin()?;
    people::merge(&asking.state, &asking.viewer, id, other).await?;
    request::go_to(&format!("/admin/students/{id}"));
    Ok(())
}

/// What is likely to become of the classes of the year that ends, and the codes of all levels.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_roll_over() -> Result<(Vec<PlannedClass>, Vec<String>), AppError> {
    let asking = crate::server::request::admin()?;
    crate::server::classes::roll_over::preview(&asking.state.pool, &asking.viewer).await
}

/// Ends a school year: for each class in turn its id, whether it moves `up`, `leaves` or stays, and the name and level of the
/// class that its pupils are in next year.
#[server]
pub async fn roll_over(
    #[server(default)] classes: Vec<Uuid>,
    #[server(default)] fates: Vec<String>,
    #[server(default)] names: Vec<String>,
    #[server(default)] levels: Vec<String>,
) -> Result<(), AppError> {
    use crate::domain::class::class_name;
    use crate::domain::roll_over::{Chosen, Fate};
    use crate::server::{classes as server, request};
    let asking = request::admin()?;
    let mut chosen = Vec::new();
    for (((class, fate), name), level) in classes.into_iter().zip(fates).zip(names).zip(levels) {
        let fate = match fate.as_str() {
            "up" => Fate::MovesUp { name: class_name(&name).map_err(AppError::field("names"))?, level },
            "leaves" => Fate::Leaves,
            _ => Fate::Stays,
        };
        chosen.push(Chosen { class, fate });
    }
    server::roll_over::apply(&asking.state.pool, &asking.viewer, &chosen).await?;
    request::go_to("/admin/classes");
    Ok(())
}
