//! The school's subjects and topics, with the words that identify a question's topic.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::AppError;

/// The subjects, and the topics of the one that is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Syllabus {
    /// Code and name.
    pub levels: Vec<(String, String)>,
    /// Level and name.
    pub subjects: Vec<(String, String)>,
    /// Id, name and words of each topic.
    pub topics: Vec<(Uuid, String, Vec<String>)>,
}

/// The subjects; with `subject` (`S3/Physics`) its topics as well.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_syllabus(#[server(default)] subject: String) -> Result<Syllabus, AppError> {
    use crate::server::{db, request};
    let asking = request::owner()?;
    let pool = &asking.state.pool;
    let topics = match subject.split_once('/') {
        Some((level, name)) => db::topics::of_subject(pool, db::topics::subject_id(pool, level, name).await?).await?,
        None => Vec::new(),
    };
    Ok(Syllabus {
        levels: super::accounts::levels().await?,
        subjects: db::topics::subjects(pool).await?.into_iter().map(|subject| (subject.level, subject.name)).collect(),
        topics: topics.into_iter().map(|topic| (topic.id, topic.name, topic.keywords)).collect(),
    })
}

/// Adds a subject to a level.
#[server]
pub async fn add_subject(level: String, name: String) -> Result<(), AppError> {
    use crate::server::documents::syllabus;
    use crate::server::{db, request};
    let asking = request::owner()?;
    let name = syllabus::name(&name)?;
    db::subjects::create(&asking.state.pool, &level, &name, "").await?;
    request::go_to(&format!(
        "/admin/topics?subject={}",
        leptos_router::location::Url::escape(&format!("{level}/{name}"))
    ));
    Ok(())
}

/// Adds a topic to a subject (`S3/Physics`), or with `id` changes that topic. Words are separated by commas.
#[server]
pub async fn save_topic(
    subject: String,
    #[server(default)] id: Option<Uuid>,
    name: String,
    #[server(default)] words: String,
) -> Result<(), AppError> {
    use crate::server::documents::syllabus;
    use crate::server::{db, request};
    let asking = request::owner()?;
    let pool = &asking.state.pool;
    let (name, words) = (syllabus::name(&name)?, syllabus::words(&words)?);
    match id {
        Some(id) => db::topics::change(pool, id, &name, &words).await?,
        None => {
            let (level, subject) = subject.split_once('/').ok_or(AppError::NotFound)?;
            db::topics::add(pool, db::topics::subject_id(pool, level, subject).await?, &name, &words).await?;
        }
    }
    let [subject, name] = [&subject, &name].map(|word| leptos_router::location::Url::escape(word));
    request::go_to(&format!("/admin/topics?subject={subject}&saved={name}"));
    Ok(())
}
