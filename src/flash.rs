//! What the server hands to the page that it renders: a refused form, an answer or cards shown once, the status
//! of the page.

use std::sync::Arc;

use crate::domain::class::Card;

/// A form that was refused, and the path of its action; the server provides it.
#[derive(Clone)]
pub struct RefusedForm {
    pub action: String,
    /// Name and value of each field, as they were sent.
    pub fields: Vec<(String, String)>,
}

/// What an action answered to a form; the server provides it.
#[derive(Clone)]
pub struct FlashAnswer(pub String);

/// Cards that were just made; the server provides them to the page that shows them, this once.
#[derive(Clone)]
pub struct MadeCards(pub Vec<Card>);

/// Gives the page that is being rendered a status; the server provides one, a browser does not.
#[derive(Clone)]
pub struct SetStatus(pub Arc<dyn Fn(u16) + Send + Sync>);
