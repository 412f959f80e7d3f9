//! Our own format: the questions exactly as they are.

use exam_model::question::Question;
use serde::{Deserialize, Serialize};

use crate::{ExchangeError, Format, Imported};

/// Grows by one when an older program could no longer read the file.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    title: &'a str,
    questions: &'a [Question],
}

/// Also what `exam-prep extract --json` prints, which has no version.
#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    version: u32,
    title: Option<String>,
    questions: Vec<Question>,
}

/// Everything; nothing is left out.
pub fn export(title: &str, questions: &[Question]) -> Vec<u8> {
    serde_json::to_vec_pretty(&Written { version: VERSION, title, questions }).unwrap_or_default()
}

/// Reads a file of this version or of an older one.
pub fn import(text: &str) -> Result<Imported, ExchangeError> {
    let broken = |reason: String| ExchangeError::Broken(Format::Json, reason);
    let read: Read = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
    if read.version > VERSION {
        return Err(broken(format!("it has version {}, and this program knows {VERSION}", read.version)));
    }
    Ok(Imported { title: read.title, questions: read.questions, warnings: Vec::new() })
}
