//! The only error that crosses the wire: what happened, what was kept, what to do, in plain words.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AppError {
    #[error("Please sign in first.")]
    SignInRequired,
    #[error("The e-mail address or the password is not right. Check both and try again.")]
    WrongPassword,
    /// Also for what one may not see: its existence is nobody's business.
    #[error("This page is not here, or it is not for you. Go back and choose again.")]
    NotFound,
    /// Known, signed in, and still not theirs to do.
    #[error("{0}")]
    Forbidden(String),
    /// One field of a form; shown beside it.
    #[error("{reason}")]
    Invalid { field: String, reason: String },
    /// The thing has changed meanwhile, or is there already.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else has changed the same fields of this item since the form was shown; nothing was overwritten.
    #[error("{words}")]
    Contested {
        path: String,
        words: String,
        /// What the form shows now, for the next time that it is sent: see `QuestionForm::shown`.
        shown: String,
    },
    #[error("This is larger than the {megabytes} MB that may be sent. Nothing was kept.")]
    TooLarge { megabytes: usize },
    /// Megabytes.
    #[error(
        "There is no room for it: your documents take {used} of the {quota} MB that each pupil has, and it needs {wanted} MB. \
         Nothing of it was kept. Delete documents that you no longer need and upload it again."
    )]
    NoRoom { used: String, quota: String, wanted: String },
    #[error("{0}")]
    WrongType(String),
    #[error("Too many tries. Wait {seconds} seconds and try again; nothing was changed.")]
    TooOften { seconds: u32 },
    /// More at once than the machine can do.
    #[error("Very many people are signing in just now. Wait {seconds} seconds and try again; nothing was changed.")]
    Busy { seconds: u32 },
    /// The database cannot be reached, or not just now.
    #[error("The school's data cannot be reached just now. Nothing that was saved is lost. Try again in a minute.")]
    Away,
    /// The cause is in the log under this reference.
    #[error(
        "Something went wrong on our side. What was saved before is kept. Try again; if it stays, tell your school the number {reference}."
    )]
    Unexpected { reference: String },
    #[error("No connection to the school's server. Nothing that was saved is lost. Check the network and try again.")]
    Network(String),
}

impl AppError {
    /// An error beside a field of a form.
    pub fn field(field: &'static str) -> impl Fn(String) -> AppError {
        move |reason| AppError::Invalid { field: field.into(), reason }
    }

    /// The reason, if it belongs beside this field.
    pub fn at(&self, name: &str) -> Option<String> {
        match self {
            AppError::Invalid { field, reason } if field == name => Some(reason.clone()),
            _ => None,
        }
    }

    /// HTTP status code.
    pub fn status(&self) -> u16 {
        match self {
            AppError::SignInRequired | AppError::WrongPassword => 401,
            AppError::Forbidden(_) => 403,
            AppError::NotFound => 404,
            AppError::Conflict(_) | AppError::Contested { .. } => 409,
            AppError::TooLarge { .. } | AppError::NoRoom { .. } => 413,
            AppError::WrongType(_) => 415,
            AppError::Invalid { .. } => 422,
            AppError::TooOften { .. } => 429,
            AppError::Unexpected { .. } => 500,
            AppError::Busy { .. } | AppError::Away | AppError::Network(_) => 503,
        }
    }

    /// Seconds after which the same may be tried again, where that is known.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            AppError::TooOften { seconds } | AppError::Busy { seconds } => Some(*seconds),
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // What a browser cannot read is the answer of something between it and us.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_)
                if cfg!(feature = "ssr") =>
            {
                AppError::Invalid {
                    field: String::new(),
                    reason: "The form came in a form we cannot read. Reload the page and try again.".into(),
                }
            }
            other => AppError::Network(other.to_string()),
        }
    }
}
