//! Reads questions from a PDF or a file of questions. The command line reads directly. Uploads are read in a child process
//! with limited memory and time that can write no files, so that a broken or hostile file can only end its own child.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use exam_model::paper::{Paper, PrintedPage};
use exam_model::question::Region;
use exam_reading::text::PageText;
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use crate::server::documents::question_generation;
use ocr::Tesseract;
use photos::BadPhoto;

pub mod debug_html;
mod fonts;
mod layer;
mod margin_labels;
pub mod ocr;
mod orientation;
pub mod pdf;
pub mod photos;

/// The most seconds of processor time for a document, without tesseract's.
const READING_TIME: u64 = 600;
/// The most seconds of processor time between two messages of the child: for a page, or for the work after the last one.
const PAGE_TIME: u64 = if cfg!(test) { 10 } else { 60 };
/// The most seconds of processor time for an image.
const RENDERING_TIME: u64 = 20;
/// How many times its processor time a child may take in real time, because the machine is shared. A child that takes
/// longer hangs.
const BUSY: u32 = 10;
/// The most bytes of memory for reading, in addition to the file itself. 200 pages take a fifth of it, and so does
/// tesseract for a page.
const MEMORY: u64 = 512 << 20;
/// The most bytes of output from a child; 200 pages of questions are a hundredth of it.
const OUTPUT: u64 = 64 << 20;
/// The most open files and pipes; tesseract opens its own.
const FILES: u64 = 32;

/// Numbers of the Linux system calls `socket` and `io_uring_setup`; that of `socket` depends on the architecture.
const SYS_SOCKET: i64 = if cfg!(target_arch = "x86_64") { 41 } else { 198 };
const SYS_IO_URING_SETUP: i64 = 425;

/// A child's task; its input bytes follow on standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Reads the paper's bytes, then `scheme` bytes of its marking scheme, if given. Skips scans unless `ocr`. Makes
    /// questions from `notes` that contain none.
    Read { paper: usize, scheme: Option<usize>, ocr: bool, notes: bool },
    /// Renders a page, or a region of it, as WebP of this width in pixels.
    Render { page: u32, width: u32, region: Option<Region> },
    /// Makes a PDF of photos; their sizes in bytes.
    Bind { photos: Vec<usize> },
}

/// A line of a child's output.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Page { page: u32, of: u32 },
    Contents(Box<Contents>),
    Failed(String),
    BadPhoto(BadPhoto),
}

/// What was read from a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    pub paper: Paper,
    /// Its pages; empty for a file of questions.
    pub pages: Vec<PrintedPage>,
    /// The pages of its marking scheme.
    pub scheme_pages: Vec<PrintedPage>,
}

/// Why nothing could be read, for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("{0}")]
    Pdf(String),
    #[error("Reading took longer than {0} seconds and was stopped. Split the PDF into smaller ones and upload them.")]
    TooSlow(u64),
    #[error(
        "This PDF needs more than {} MB of memory to be read. Split it, or save it again with another program, and \
         upload that.", MEMORY >> 20
    )]
    TooBig,
    #[error("This PDF has more than {} MB of text. Split it into smaller ones and upload them.", OUTPUT >> 20)]
    TooLong,
    #[error("This PDF is nested too deeply to be read. Save it again with another program and upload that.")]
    TooDeep,
    #[error("The PDF could not be read: the reader crashed. Save it again with another program and upload that.")]
    Died,
    #[error("The reader could not be started: {0}")]
    NotStarted(String),
}

/// Reads a paper, with its marking scheme if there is one, or a file of questions, which contains its keys. Makes
/// questions from `notes` that contain none.
pub fn read(
    bytes: &[u8],
    scheme: Option<&[u8]>,
    notes: bool,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Paper, ReadError> {
    Ok(read_with(Tesseract::find().as_mut(), bytes, scheme, notes, progress)?.0)
}

/// The same, with the text on the pages of the file (none for a file of questions) and of its marking scheme.
fn read_with(
    mut tesseract: Option<&mut Tesseract>,
    bytes: &[u8],
    scheme: Option<&[u8]>,
    notes: bool,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<(Paper, [Vec<PageText>; 2]), ReadError> {
    let failed = |error: &dyn std::fmt::Display| ReadError::Pdf(error.to_string());
    if let Some(format) = exam_formats::detect(bytes) {
        let paper = exam_formats::import(bytes, format).map(exam_formats::paper).map_err(|error| failed(&error))?;
        return Ok((paper, Default::default()));
    }
    let mut pages = |bytes| pdf::read_pages(tesseract.as_deref_mut(), bytes, progress).map_err(|error| failed(&error));
    let text = pages(bytes)?;
    let scheme = scheme.map(pages).transpose()?;
    let mut paper = put_together(bytes, &text, scheme.as_deref());
    if notes {
        question_generation::complete(&mut paper, &text);
    }
    Ok((paper, [text, scheme.unwrap_or_default()]))
}

/// The questions on the pages of a paper, with the answers from its marking scheme.
pub fn put_together(file: &[u8], pages: &[PageText], scheme: Option<&[PageText]>) -> Paper {
    let mut paper = exam_reading::read_paper(pages);
    if pdf::is_cut_off(file) {
        paper
            .warnings
            .insert(0, "The end of the file is cut off, so pages may be missing. Download it again.".to_owned());
    }
    if let Some(scheme) = scheme {
        exam_reading::apply_scheme(&mut paper, scheme);
    }
    paper
}

/// The main function of a child: does the task on its command line, within the given seconds, with the bytes on standard
/// input.
pub fn child(order: &str) -> std::io::Result<()> {
    let (task, seconds): (Task, u64) = serde_json::from_str(order)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    confine(bytes.len() as u64)?;
    allow(seconds)?;
    let mut out = std::io::stdout().lock();
    match task {
        Task::Read { paper, scheme, ocr, notes } => {
            let (paper_bytes, rest) = bytes.split_at(paper.min(bytes.len()));
            let mut said = |said: Said| -> std::io::Result<()> {
                writeln!(out, "{}", serde_json::to_string(&said)?)?;
                out.flush()
            };
            let mut tesseract = Tesseract::find().filter(|_| ocr);
            let result = read_with(tesseract.as_mut(), paper_bytes, scheme.map(|_| rest), notes, &mut |page, of| {
                // If the parent is gone, the child ends at its next line, or at its time limit.
                let _ = said(Said::Page { page, of }).and_then(|()| allow(seconds));
            });
            said(match result {
                Ok((paper, texts)) => {
                    let [pages, scheme_pages] = texts.map(|text| exam_reading::printed(&text));
                    Said::Contents(Box::new(Contents { paper, pages, scheme_pages }))
                }
                Err(error) => Said::Failed(error.to_string()),
            })
        }
        Task::Render { page, width, region } => match pdf::render(&bytes, page, width, region) {
            Ok(image) => out.write_all(&image),
            Err(error) => Err(std::io::Error::other(error.to_string())),
        },
        Task::Bind { photos: sizes } => {
            let mut rest = &bytes[..];
            let photos: Vec<&[u8]> = sizes.into_iter().filter_map(|size| rest.split_off(..size)).collect();
            match photos::to_pdf(&photos) {
                Ok(pdf) => out.write_all(&pdf),
                Err(bad) => writeln!(out, "{}", serde_json::to_string(&Said::BadPhoto(bad))?),
            }
        }
    }
}

/// Permanently limits this process, and tesseract which it starts, to what reading this many bytes needs.
fn confine(bytes: u64) -> std::io::Result<()> {
    let limits = [
        // Allocated memory, in heaps and threads' stacks. RLIMIT_AS would also count memory that is only reserved.
        (Resource::Data, MEMORY + 2 * bytes),
        (Resource::Cpu, READING_TIME),
        (Resource::Nofile, FILES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        let most = Some(getrlimit(resource).maximum.map_or(most, |allowed| allowed.min(most)));
        setrlimit(resource, Rlimit { current: most, maximum: most })?;
    }
    // If the kernel or architecture has no such filter, the other limits still hold.
    let _ = without_network();
    Ok(())
}

/// Limits this process to this many seconds of processor time from now on, within the limit that `confine` set.
fn allow(seconds: u64) -> std::io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec as u64;
    let maximum = getrlimit(Resource::Cpu).maximum;
    // At the hard limit itself, the kernel kills the process without saying why.
    let current = maximum.map_or(u64::MAX, |most| most.saturating_sub(1)).min(used + 1 + seconds);
    Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum })?)
}

/// Forbids sockets for this thread and what it starts, both by system call and through io_uring.
fn without_network() -> Result<(), seccompiler::Error> {
    let refused = BTreeMap::from([SYS_SOCKET, SYS_IO_URING_SETUP].map(|call| (call, Vec::new())));
    let refuse = SeccompAction::Errno(rustix::io::Errno::ACCESS.raw_os_error() as u32);
    let filter = SeccompFilter::new(refused, SeccompAction::Allow, refuse, std::env::consts::ARCH.try_into()?)?;
    seccompiler::apply_filter(&BpfProgram::try_from(filter)?)
}

/// The path of this program. A test binary cannot be a child, so tests use the program built beside it.
fn program() -> std::io::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let built = this.parent().and_then(Path::parent).map(|folder| folder.join("exam-prep"));
    Ok(if cfg!(test) { built.unwrap_or(this) } else { this })
}

fn start(task: &Task, seconds: u64) -> Result<Child, ReadError> {
    let not_started = |error: String| ReadError::NotStarted(error);
    let program = program().map_err(|error| not_started(error.to_string()))?;
    Command::new(program)
        .arg("pdf-child")
        .arg(serde_json::to_string(&(task, seconds)).map_err(|error| not_started(error.to_string()))?)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| not_started(error.to_string()))
}

/// Why a child with this many seconds ended without an answer. Before aborting, Rust's runtime prints the reason on
/// standard error; among the signals, only the one for the time limit tells the reason.
async fn cause(mut child: Child, seconds: u64) -> ReadError {
    let mut last_words = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        // If standard error cannot be read, the text stays empty.
        let _ = stderr.take(64 << 10).read_to_end(&mut last_words).await;
    }
    let last_words = String::from_utf8_lossy(&last_words);
    let status = child.wait().await;
    tracing::warn!(?status, %last_words, "a reading child crashed");
    if status.is_ok_and(|status| status.signal() == Some(Signal::XCPU.as_raw())) {
        return ReadError::TooSlow(seconds);
    }
    told_by(&last_words)
}

/// Waits for a child with this many seconds of processor time, as long as a busy machine may need for them.
async fn in_time<T>(seconds: u64, work: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
    let longest = Duration::from_secs(seconds) * BUSY;
    tokio::time::timeout(longest, work).await.map_err(|_| ReadError::TooSlow(longest.as_secs()))?
}

fn told_by(last_words: &str) -> ReadError {
    if last_words.contains("memory allocation of") {
        ReadError::TooBig
    } else if last_words.contains("has overflowed its stack") {
        ReadError::TooDeep
    } else {
        ReadError::Died
    }
}

/// Receives the progress of a reading.
pub trait Progress {
    /// The reader is at page `page` (from 1) of `of`.
    fn at(&self, page: u32, of: u32) -> impl Future<Output = ()> + Send;
}

/// Reads a paper in a child process.
pub async fn read_apart(
    paper: &[u8],
    scheme: Option<&[u8]>,
    notes: bool,
    progress: &(impl Progress + Sync),
) -> Result<Contents, ReadError> {
    let task = Task::Read { paper: paper.len(), scheme: scheme.map(<[u8]>::len), ocr: true, notes };
    let child = start(&task, PAGE_TIME)?;
    in_time(READING_TIME, converse(child, paper, scheme, progress)).await
}

async fn converse(
    mut child: Child,
    paper: &[u8],
    scheme: Option<&[u8]>,
    progress: &(impl Progress + Sync),
) -> Result<Contents, ReadError> {
    let stdout = child.stdout.take().ok_or(ReadError::Died)?;
    give(&mut child, &[paper, scheme.unwrap_or_default()]).await;
    let mut lines = BufReader::new(stdout.take(OUTPUT)).lines();
    loop {
        let line = in_time(PAGE_TIME, async { lines.next_line().await.map_err(|_| ReadError::Died) }).await?;
        let Some(line) = line else { break };
        match serde_json::from_str(&line) {
            Ok(Said::Page { page, of }) => progress.at(page, of).await,
            Ok(Said::Contents(contents)) => return Ok(*contents),
            Ok(Said::Failed(reason)) => return Err(ReadError::Pdf(reason)),
            Ok(Said::BadPhoto(_)) => break,
            Err(_) if lines.get_ref().get_ref().limit() == 0 => return Err(ReadError::TooLong),
            // The child ended in the middle of a line.
            Err(_) => break,
        }
    }
    Err(cause(child, PAGE_TIME).await)
}

/// Writes to a child's standard input. Errors are ignored: if the child ends early, its output says why.
async fn give(child: &mut Child, bytes: &[&[u8]]) {
    let Some(mut stdin) = child.stdin.take() else { return };
    for bytes in bytes {
        if stdin.write_all(bytes).await.is_err() {
            return;
        }
    }
}

/// Renders a page, or a region of it, in a child process: WebP of `width` pixels.
pub async fn render_apart(bytes: &[u8], page: u32, width: u32, region: Option<Region>) -> Result<Vec<u8>, ReadError> {
    answer(&Task::Render { page, width, region }, &[bytes], RENDERING_TIME).await
}

/// Makes a PDF of photos in a child process, one page each, or says which photo cannot be used.
pub async fn bind_apart(photos: &[Vec<u8>]) -> Result<Result<Vec<u8>, BadPhoto>, ReadError> {
    let task = Task::Bind { photos: photos.iter().map(Vec::len).collect() };
    let photos: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let answer = answer(&task, &photos, RENDERING_TIME * photos.len() as u64).await?;
    Ok(match serde_json::from_slice(&answer) {
        Ok(Said::BadPhoto(bad)) => Err(bad),
        _ => Ok(answer),
    })
}

/// Reads a child's output to its end.
async fn answer(task: &Task, bytes: &[&[u8]], seconds: u64) -> Result<Vec<u8>, ReadError> {
    let answering = async {
        let mut child = start(task, seconds)?;
        let stdout = child.stdout.take().ok_or(ReadError::Died)?;
        give(&mut child, bytes).await;
        let mut answer = Vec::new();
        stdout.take(OUTPUT).read_to_end(&mut answer).await.map_err(|_| ReadError::Died)?;
        match answer.len() as u64 {
            0 => Err(cause(child, seconds).await),
            OUTPUT.. => Err(ReadError::TooLong),
            _ => Ok(answer),
        }
    };
    in_time(seconds, answering).await
}

#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;
