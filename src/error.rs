//! The error type that the server and the browser share. Each message says what happened, what was saved and what to do.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AppError {
    #[error("Please sign in first.")]
    SignInRequired,
    #[error("The name or the password is not right. Check both and try again.")]
    WrongPassword,
    /// Also for things that the viewer may not see, so that their existence is not revealed.
    #[error("This page does not exist, or you cannot open it. Go back and choose again.")]
    NotFound,
    /// The viewer may see it, but may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// One field of a form; shown beside it.
    #[error("{reason}")]
    Invalid { field: String, reason: String },
    /// The thing has changed in the meantime, or already exists.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else has changed the same fields of this item since the form was shown; nothing was overwritten.
    #[error("{words}")]
    EditConflict {
        path: String,
        words: String,
        /// The value of `QuestionForm::shown` with which the form is sent again.
        shown: String,
    },
    #[error("This is too large: you can send at most {megabytes} MB. Nothing was saved.")]
    TooLarge { megabytes: usize },
    /// All fields are in megabytes.
    #[error(
        "You do not have enough space. Your documents use {used} of your {quota} MB, and this needs {wanted} MB. \
         Nothing was saved. Delete documents that you no longer need, then upload it again."
    )]
    QuotaExceeded { used: String, quota: String, wanted: String },
    #[error("{0}")]
    WrongType(String),
    #[error("Too many tries. Wait {seconds} seconds and try again. Nothing was changed.")]
    RateLimited { seconds: u32 },
    /// More requests at once than the machine can handle.
    #[error("Many people are signing in right now. Wait {seconds} seconds and try again. Nothing was changed.")]
    Busy { seconds: u32 },
    /// The database cannot be reached.
    #[error("The school's data cannot be reached right now. Your saved work is safe. Try again in a minute.")]
    DatabaseUnavailable,
    /// The cause is in the log under this reference.
    #[error(
        "Something went wrong on our side. Your saved work is safe. Try again. If it happens again, give your school this number: {reference}."
    )]
    Unexpected { reference: String },
    #[error("No connection to the school's server. Your saved work is safe. Check the network and try again.")]
    Network(String),
}

impl AppError {
    /// Builds an error to show beside a form field.
    pub fn field(field: &'static str) -> impl Fn(String) -> AppError {
        move |reason| AppError::Invalid { field: field.into(), reason }
    }

    /// Builds an error to show beside a field from its name and what is wrong with it.
    pub fn of_field((field, reason): (&'static str, String)) -> AppError {
        Self::field(field)(reason)
    }

    /// The reason, if the error is about this field.
    pub fn at(&self, name: &str) -> Option<String> {
        match self {
            AppError::Invalid { field, reason } if field == name => Some(reason.clone()),
            _ => None,
        }
    }

    /// The HTTP status code.
    pub fn status(&self) -> u16 {
        match self {
            AppError::SignInRequired | AppError::WrongPassword => 401,
            AppError::Forbidden(_) => 403,
            AppError::NotFound => 404,
            AppError::Conflict(_) | AppError::EditConflict { .. } => 409,
            AppError::TooLarge { .. } | AppError::QuotaExceeded { .. } => 413,
            AppError::WrongType(_) => 415,
            AppError::Invalid { .. } => 422,
            AppError::RateLimited { .. } => 429,
            AppError::Unexpected { .. } => 500,
            AppError::Busy { .. } | AppError::DatabaseUnavailable | AppError::Network(_) => 503,
        }
    }

    /// Seconds to wait before trying again, where known.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            AppError::RateLimited { seconds } | AppError::Busy { seconds } => Some(*seconds),
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // In a browser, an unreadable answer comes from something in between, such as a proxy.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_)
                if cfg!(feature = "ssr") =>
            {
                AppError::Invalid {
                    field: String::new(),
                    reason: "The form could not be read. Reload the page and try again.".into(),
                }
            }
            other => AppError::Network(other.to_string()),
        }
    }
}
