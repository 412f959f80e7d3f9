//! Teachers and the classes that they teach. Admins only.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::teacher::Teacher;
use crate::error::AppError;

/// A teacher, with id and full name of every class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherPage {
    pub teacher: Teacher,
    pub classes: Vec<(Uuid, String)>,
}

/// All teachers, by name.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_teachers() -> Result<Vec<Teacher>, AppError> {
    let asking = crate::server::request::admin()?;
    crate::server::db::teachers::list(&asking.state.pool, &asking.viewer, None).await
}

/// A teacher.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_teacher(id: Uuid) -> Result<TeacherPage, AppError> {
    let asking = crate::server::request::admin()?;
    let teacher = crate::server::db::teachers::get(&asking.state.pool, &asking.viewer, id).await?;
    Ok(TeacherPage { teacher, classes: super::classes::get_class_names().await? })
}

/// Makes a teacher's account, and redirects to its page; without an e-mail address it gets a login name.
#[server]
pub async fn make_teacher(full_name: String, #[server(default)] email: String) -> Result<(), AppError> {
    use crate::domain::account::{Email, FullName};
    use crate::server::{db, request};
    use exam_model::format::given;
    let asking = request::admin()?;
    let name = FullName::parse(&full_name).map_err(AppError::field("full_name"))?;
    let email = given(&email).map(Email::parse).transpose().map_err(AppError::field("email"))?;
    let id = db::teachers::make(&asking.state.pool, &asking.viewer, &name, email.as_ref()).await?;
    request::go_to(&format!("/admin/teachers/{id}"));
    Ok(())
}

/// Makes a pupil's account a teacher's, or a teacher's a pupil's, and redirects to its page.
#[server]
pub async fn change_role(id: Uuid, teacher: bool) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::teachers::change_role(&asking.state.pool, &asking.viewer, id, teacher).await?;
    request::go_to(&format!("/admin/{}/{id}", if teacher { "teachers" } else { "students" }));
    Ok(())
}

/// Sets the classes that a teacher teaches.
#[server]
pub async fn set_classes(id: Uuid, #[server(default)] classes: Vec<Uuid>) -> Result<(), AppError> {
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::teachers::set_classes(&asking.state.pool, &asking.viewer, id, &classes).await
}

/// Creates a one-time code with which a teacher chooses a password.
#[server]
pub async fn give_teacher_code(teacher: Uuid) -> Result<String, AppError> {
    use crate::server::auth::accounts;
    use crate::server::{db, request};
    let asking = request::admin()?;
    db::teachers::get(&asking.state.pool, &asking.viewer, teacher).await?;
    let code = accounts::give_reset_code(&asking.state, &asking.viewer, teacher).await?;
    request::carry(&asking.state, &code, &format!("/admin/teachers/{teacher}"));
    Ok(code)
}
