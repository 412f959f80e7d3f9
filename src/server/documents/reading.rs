//! Reading a PDF, or a file of questions, into questions: one way for the command line, and the same in a child process
//! for what people upload, so that a broken or hostile file can only end its own child, which may take so much memory and
//! time and write no file.

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
mod layer;
pub mod ocr;
pub mod pdf;
pub mod photos;

/// Most seconds of processor time for one document, tesseract's aside.
const READING_TIME: u64 = 600;
/// Most seconds of processor time from one word of the child to the next: for a page, or for what comes after the last.
const PAGE_TIME: u64 = if cfg!(test) { 10 } else { 60 };
/// Most seconds of processor time for one image.
const RENDERING_TIME: u64 = 20;
/// How many times as long as its processor time a child may take by the clock, because others work on the machine too.
/// What takes longer hangs.
const BUSY: u32 = 10;
/// Most memory that reading takes, besides the file itself. 200 pages take a fifth of it, tesseract for a page too.
const MEMORY: u64 = 512 << 20;
/// Most that a child says in all; 200 pages of questions are a hundredth of it.
const OUTPUT: u64 = 64 << 20;
/// Most files and pipes at a time: tesseract opens its own.
const FILES: u64 = 32;

/// Numbers of Linux' calls `socket` and `io_uring_setup`: the former has another on the processors that came later.
const SYS_SOCKET: i64 = if cfg!(target_arch = "x86_64") { 41 } else { 198 };
const SYS_IO_URING_SETUP: i64 = 425;

/// What a child is asked to do; its bytes follow on standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// The paper's bytes, then those of its marking scheme, if `scheme` is their number. Scans are left out unless `ocr`;
    /// of what asks nothing questions are made if it is `notes`.
    Read { paper: usize, scheme: Option<usize>, ocr: bool, notes: bool },
    /// One page, or a region of it, as WebP of so many pixels of width.
    Render { page: u32, width: u32, region: Option<Region> },
    /// A PDF of photos that have so many bytes each.
    Bind { photos: Vec<usize> },
}

/// A line that a reading child says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Page { page: u32, of: u32 },
    Contents(Box<Contents>),
    Failed(String),
    BadPhoto(BadPhoto),
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    pub paper: Paper,
    /// Its pages; none for a file of questions.
    pub pages: Vec<PrintedPage>,
    /// Those of its marking scheme.
    pub scheme_pages: Vec<PrintedPage>,
}

/// Why there is nothing, in words for the person who uploaded it.
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
    #[error("This PDF says more than {} MB. Split it into smaller ones and upload them.", OUTPUT >> 20)]
    TooLong,
    #[error("This PDF is nested too deeply to be read. Save it again with another program and upload that.")]
    TooDeep,
    #[error("The PDF could not be read: the reader broke off. Save it again with another program and upload that.")]
    Died,
    #[error("The reader could not be started: {0}")]
    NotStarted(String),
}

/// Reads a paper, with its marking scheme if there is one; or a file of questions, which have their keys already. Of notes
/// that ask nothing questions are made.
pub fn read(
    bytes: &[u8],
    scheme: Option<&[u8]>,
    notes: bool,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Paper, ReadError> {
    Ok(read_with(Tesseract::find().as_mut(), bytes, scheme, notes, progress)?.0)
}

/// With the text on the pages of the file, none for a file of questions, and on those of its marking scheme.
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

/// The questions on the pages of a paper's file, with the answers on those of its marking scheme.
pub fn put_together(file: &[u8], pages: &[PageText], scheme: Option<&[PageText]>) -> Paper {
    let mut paper = exam_reading::read_paper(pages);
    if pdf::is_cut_off(file) {
        paper.warnings.insert(0, "The file is cut off at its end: pages may be missing. Download it again.".to_owned());
    }
    if let Some(scheme) = scheme {
        exam_reading::apply_scheme(&mut paper, scheme);
    }
    paper
}

/// The life of a child: does the task on its command line, which has so many seconds, with the bytes on its standard input.
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
                // A parent that is gone ends the child at the last line, an earlier limit at its time.
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

/// Takes from this process, and from tesseract which it starts, for good what reading so many bytes does not need.
fn confine(bytes: u64) -> std::io::Result<()> {
    let limits = [
        // What is allocated, in heaps and threads' stacks. RLIMIT_AS would count what is only reserved, too.
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
    // Where the kernel or the processor knows no such filter, the other limits hold.
    let _ = without_network();
    Ok(())
}

/// From now on this process has so many seconds of processor time, and no more than `confine` left it.
fn allow(seconds: u64) -> std::io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec as u64;
    let maximum = getrlimit(Resource::Cpu).maximum;
    // At the maximum itself the kernel kills without saying why.
    let current = maximum.map_or(u64::MAX, |most| most.saturating_sub(1)).min(used + 1 + seconds);
    Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum })?)
}

/// From now on the kernel gives this thread, and what it starts, no socket: neither by its call nor by a ring of calls.
fn without_network() -> Result<(), seccompiler::Error> {
    let refused = BTreeMap::from([SYS_SOCKET, SYS_IO_URING_SETUP].map(|call| (call, Vec::new())));
    let refuse = SeccompAction::Errno(rustix::io::Errno::ACCESS.raw_os_error() as u32);
    let filter = SeccompFilter::new(refused, SeccompAction::Allow, refuse, std::env::consts::ARCH.try_into()?)?;
    seccompiler::apply_filter(&BpfProgram::try_from(filter)?)
}

/// The program itself; the tests' own one cannot be a child, so they take the one that was built beside it.
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

/// Why a child that had so many seconds ended without an answer. Before it aborts, Rust's runtime says why on standard
/// error; of the signals only that of the time does.
async fn cause(mut child: Child, seconds: u64) -> ReadError {
    let mut last_words = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        // What cannot be read leaves the words empty.
        let _ = stderr.take(64 << 10).read_to_end(&mut last_words).await;
    }
    let last_words = String::from_utf8_lossy(&last_words);
    let status = child.wait().await;
    tracing::warn!(?status, %last_words, "a reading child broke off");
    if status.is_ok_and(|status| status.signal() == Some(Signal::XCPU.as_raw())) {
        return ReadError::TooSlow(seconds);
    }
    told_by(&last_words)
}

/// Waits for a child that has so many seconds of processor time as long as a busy machine may take for them.
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

/// Who is told how far a reading is.
pub trait Progress {
    /// The reader is at this page, from 1, of so many.
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
            // It ended within a line.
            Err(_) => break,
        }
    }
    Err(cause(child, PAGE_TIME).await)
}

/// Writes to a child's standard input. One that ends early takes no more; what it says tells why.
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

/// Makes one PDF of photos in a child process, a page for each; or says which of them is no good.
pub async fn bind_apart(photos: &[Vec<u8>]) -> Result<Result<Vec<u8>, BadPhoto>, ReadError> {
    let task = Task::Bind { photos: photos.iter().map(Vec::len).collect() };
    let photos: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let answer = answer(&task, &photos, RENDERING_TIME * photos.len() as u64).await?;
    Ok(match serde_json::from_slice(&answer) {
        Ok(Said::BadPhoto(bad)) => Err(bad),
        _ => Ok(answer),
    })
}

/// What a child says to its end.
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
