//! Reading a PDF, or a file of questions, into questions: one way for the command line, and the same in a child process for what people upload,
//! so that a broken or hostile PDF can only end its own child.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use super::{exchange, pdf};
use crate::domain::paper::Paper;
use crate::domain::question::Region;
use crate::domain::reading;

/// Longest time for one document: scanned pages take seconds each.
const READING_TIME: Duration = Duration::from_secs(600);
/// Longest time from one word of the child to the next: for a page, or for what comes after the last.
const SILENCE: Duration = Duration::from_secs(60);
/// Longest time for one image.
const RENDERING_TIME: Duration = Duration::from_secs(20);

/// What a child is asked to do; its bytes follow on standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// The paper's bytes, then those of its marking scheme, if `scheme` is their number.
    Read { paper: usize, scheme: Option<usize> },
    /// One page, or a region of it, as WebP of so many pixels of width.
    Render { page: u32, width: u32, region: Option<Region> },
}

/// A line that a reading child says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Page { page: u32, of: u32 },
    Paper(Box<Paper>),
    Failed(String),
}

/// Why there is nothing, in words for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("{0}")]
    Pdf(String),
    #[error("Reading took longer than {0} seconds and was stopped. Split the PDF into smaller ones and upload them.")]
    TooSlow(u64),
    #[error("The PDF could not be read: the reader broke off. Save it again with another program and upload that.")]
    Died,
    #[error("The reader could not be started: {0}")]
    NotStarted(String),
}

/// Reads a paper, with its marking scheme if there is one; or a file of questions, which have their keys already.
pub fn read(bytes: &[u8], scheme: Option<&[u8]>, progress: &mut dyn FnMut(u32, u32)) -> Result<Paper, ReadError> {
    if let Some(format) = exchange::detect(bytes) {
        return exchange::import(bytes, format).map(exchange::paper).map_err(|error| ReadError::Pdf(error.to_string()));
    }
    let mut pages = |bytes| pdf::read_pages(bytes, progress).map_err(|error| ReadError::Pdf(error.to_string()));
    let mut paper = reading::read_paper(&pages(bytes)?);
    if let Some(scheme) = scheme {
        reading::apply_scheme(&mut paper, &pages(scheme)?);
    }
    Ok(paper)
}

/// The life of a child: does the task on its command line with the bytes on its standard input.
pub fn child(task: &str) -> std::io::Result<()> {
    let task: Task = serde_json::from_str(task)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let mut out = std::io::stdout().lock();
    match task {
        Task::Read { paper, scheme } => {
            let (paper_bytes, rest) = bytes.split_at(paper.min(bytes.len()));
            let mut said = |said: Said| -> std::io::Result<()> {
                writeln!(out, "{}", serde_json::to_string(&said)?)?;
                out.flush()
            };
            let result = read(paper_bytes, scheme.map(|_| rest), &mut |page, of| {
                // A parent that is gone ends the child at the last line.
                let _ = said(Said::Page { page, of });
            });
            said(match result {
                Ok(paper) => Said::Paper(Box::new(paper)),
                Err(error) => Said::Failed(error.to_string()),
            })
        }
        Task::Render { page, width, region } => match pdf::render(&bytes, page, width, region) {
            Ok(image) => out.write_all(&image),
            Err(error) => Err(std::io::Error::other(error.to_string())),
        },
    }
}

/// The program itself; the tests' own one cannot be a child, so they take the one that was built beside it.
fn program() -> std::io::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let built = this.parent().and_then(Path::parent).map(|folder| folder.join("exam-prep"));
    Ok(if cfg!(test) { built.unwrap_or(this) } else { this })
}

fn start(task: &Task) -> Result<tokio::process::Child, ReadError> {
    let not_started = |error: String| ReadError::NotStarted(error);
    let program = program().map_err(|error| not_started(error.to_string()))?;
    Command::new(program)
        .arg("pdf-child")
        .arg(serde_json::to_string(task).map_err(|error| not_started(error.to_string()))?)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| not_started(error.to_string()))
}

/// Who is told how far a reading is.
pub trait Progress {
    /// The reader is at this page, from 1, of so many.
    fn at(&self, page: u32, of: u32) -> impl Future<Output = ()> + Send;
}

/// Reads a paper in a child process.
pub async fn read_apart(
    paper: &[u8],
    scheme: Option<&[u8]>,
    progress: &(impl Progress + Sync),
) -> Result<Paper, ReadError> {
    let reading = tokio::time::timeout(READING_TIME, converse(paper, scheme, progress));
    reading.await.map_err(|_| ReadError::TooSlow(READING_TIME.as_secs()))?
}

async fn converse(paper: &[u8], scheme: Option<&[u8]>, progress: &(impl Progress + Sync)) -> Result<Paper, ReadError> {
    let mut child = start(&Task::Read { paper: paper.len(), scheme: scheme.map(<[u8]>::len) })?;
    let mut stdin = child.stdin.take().ok_or(ReadError::Died)?;
    let mut lines = BufReader::new(child.stdout.take().ok_or(ReadError::Died)?).lines();
    stdin.write_all(paper).await.map_err(|_| ReadError::Died)?;
    stdin.write_all(scheme.unwrap_or_default()).await.map_err(|_| ReadError::Died)?;
    drop(stdin);
    let too_slow = |_| ReadError::TooSlow(SILENCE.as_secs());
    while let Some(line) =
        tokio::time::timeout(SILENCE, lines.next_line()).await.map_err(too_slow)?.map_err(|_| ReadError::Died)?
    {
        match serde_json::from_str(&line).map_err(|_| ReadError::Died)? {
            Said::Page { page, of } => progress.at(page, of).await,
            Said::Paper(paper) => return Ok(*paper),
            Said::Failed(reason) => return Err(ReadError::Pdf(reason)),
        }
    }
    Err(ReadError::Died)
}

/// Renders a page, or a region of it, in a child process: WebP of `width` pixels.
pub async fn render_apart(bytes: &[u8], page: u32, width: u32, region: Option<Region>) -> Result<Vec<u8>, ReadError> {
    let rendering = async {
        let mut child = start(&Task::Render { page, width, region })?;
        let mut stdin = child.stdin.take().ok_or(ReadError::Died)?;
        let mut stdout = child.stdout.take().ok_or(ReadError::Died)?;
        stdin.write_all(bytes).await.map_err(|_| ReadError::Died)?;
        drop(stdin);
        let mut image = Vec::new();
        stdout.read_to_end(&mut image).await.map_err(|_| ReadError::Died)?;
        if image.is_empty() { Err(ReadError::Died) } else { Ok(image) }
    };
    tokio::time::timeout(RENDERING_TIME, rendering).await.map_err(|_| ReadError::TooSlow(RENDERING_TIME.as_secs()))?
}
