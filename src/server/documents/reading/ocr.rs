//! Reads scanned pages with tesseract, an external program. It gets a page's picture and returns words with positions, which
//! become characters like those of a PDF's text.
//!
//! It is optional. Its output format is hOCR, with a line of markup for each line and word, because only that has baselines.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use exam_model::labels;
use exam_model::language::Language;
use exam_model::text::printable;
use exam_reading::text::Char;
use html_escape::decode_html_entities;
use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};

use crate::server::documents::reading::BUSY;
use crate::server::documents::reading::margin_labels::{self, LabelColumn};

/// The most seconds of processor time for a page; most pages take two or three.
const PAGE_TIME: u64 = 30;

/// Why a page could not be read, for a warning.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    #[error("tesseract could not be run: {0}")]
    NotRun(#[from] io::Error),
    #[error("tesseract took longer than {0} seconds")]
    TooSlow(u64),
    #[error("tesseract failed")]
    Failed,
    #[error("it is in a language or a script that is not read here")]
    Foreign,
}

/// Darker pixels are ink.
const INK: u8 = 128;

/// A page's picture, one byte per pixel: 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    /// The picture as a file for tesseract.
    fn pgm(&self) -> Vec<u8> {
        let mut file = format!("P5 {} {} 255\n", self.width, self.rows().count()).into_bytes();
        file.extend(self.rows().flatten());
        file
    }

    /// Whether it is a photo: more of it is grey or dark than in print on white.
    fn is_photo(&self) -> bool {
        const WHITE: u8 = 224;
        self.pixels.iter().filter(|pixel| **pixel < WHITE).count() * 4 > self.pixels.len()
    }

    /// Whitens specks: dark spots within a white ring, smaller than the dot of an i. Not for photos, where paper is grey, and
    /// what looks like a speck is a dark spot in a letter.
    fn without_specks(mut self) -> Self {
        const RING: usize = 6;
        if self.is_photo() {
            return self;
        }
        let (width, height) = (self.width, self.rows().count());
        for y in 0..height.saturating_sub(RING) {
            for x in 0..width.saturating_sub(RING) {
                let at = |dx: usize, dy: usize| (y + dy) * width + x + dx;
                // A speck's top row is next to the ring's.
                if self.pixels[at(2, 1)] >= INK {
                    continue;
                }
                let is_white = |n: usize| self.pixels[n] >= INK;
                let ring =
                    (0..RING).all(|n| [at(n, 0), at(n, RING - 1), at(0, n), at(RING - 1, n)].into_iter().all(is_white));
                if ring {
                    for dy in 1..RING - 1 {
                        self.pixels[at(1, dy)..at(RING - 1, dy)].fill(255);
                    }
                }
            }
        }
        self
    }

    /// The angle, in degrees, by which its lines fall to the right: at that angle, rows of ink differ most from the white
    /// between them.
    pub fn slant(&self) -> f64 {
        const MAX: f64 = 5.0;
        let dark = |row: &[u8]| -> Vec<usize> { (0..row.len()).filter(|&x| row[x] < INK).collect() };
        let ink: Vec<Vec<usize>> = self.rows().map(dark).collect();
        // More than a row falls on any sheet, so that no row ends above the first.
        let margin = self.width / 8;
        if ink.iter().all(Vec::is_empty) {
            return 0.0;
        }
        let contrast = |degrees: f64| -> f64 {
            let fall = degrees.to_radians().tan();
            let mut rows = vec![0.0f64; ink.len() + 2 * margin + 2];
            for (y, row) in ink.iter().enumerate() {
                for &x in row {
                    let straight = (y + margin) as f64 - x as f64 * fall;
                    rows[(straight.max(0.0) as usize).min(ink.len() + 2 * margin)] += 1.0;
                }
            }
            rows.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum()
        };
        let best = |from: f64, step: f64, steps: i32| -> f64 {
            let angles = (-steps..=steps).map(|n| from + f64::from(n) * step);
            angles.map(|angle| (contrast(angle), angle)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |best| best.1)
        };
        best(best(0.0, 0.5, (MAX / 0.5) as i32), 0.1, 5)
    }
}

/// The data of tesseract for English, which reads Kinyarwanda and Kiswahili as well, and for French.
const ENGLISH: &str = "eng";
const FRENCH: &str = "fra";

/// The installed tesseract, and the data for the last page.
pub struct Tesseract {
    program: PathBuf,
    data: &'static str,
    /// The most seconds of processor time for a page.
    seconds: u64,
}

impl Tesseract {
    /// Finds it in the usual folders, because a reading child has no `PATH`.
    pub fn find() -> Option<Self> {
        let folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
        let program = folders.iter().map(|folder| Path::new(folder).join("tesseract")).find(|path| path.is_file())?;
        Some(Self { program, data: ENGLISH, seconds: PAGE_TIME })
    }

    /// The languages of papers whose data is not installed, by tesseract's names.
    pub fn missing_languages(&self) -> Result<Vec<&'static str>, OcrError> {
        let said = Command::new(&self.program).arg("--list-langs").output()?;
        let installed = String::from_utf8_lossy(&said.stdout).into_owned();
        let is_missing = |data: &&str| !installed.lines().any(|line| line.trim() == *data);
        Ok([ENGLISH, FRENCH].into_iter().filter(is_missing).collect())
    }

    /// The characters in a page's picture with `scale` pixels per point.
    pub fn read(&mut self, picture: Picture, scale: f32) -> Result<Vec<Char>, OcrError> {
        // 2: ink is darker than its surroundings. A photo of a page is partly in shadow, where a single threshold, as in 0,
        // finds nothing.
        let ink = if picture.is_photo() { "thresholding_method=2" } else { "thresholding_method=0" };
        let picture = picture.without_specks();
        let file = picture.pgm();
        let mut lines = parse(&self.run(self.data, &[ink], &file)?);
        let words: Vec<&str> = lines.iter().flat_map(|line| &line.words).map(|word| word.text.as_str()).collect();
        let data = if Language::of(&words.join(" ")) == Some(Language::French) { FRENCH } else { ENGLISH };
        // The other language may not be installed.
        if data != self.data
            && let Ok(again) = self.run(data, &[ink], &file)
        {
            self.data = data;
            lines = parse(&again);
        }
        if is_foreign(&lines) {
            return Err(OcrError::Foreign);
        }
        self.look_again(&mut lines, &picture);
        Ok(chars(lines, scale))
    }

    /// Reads the doubtful labels in the margin again, put below each other on a sheet of their own, as nothing but labels.
    fn look_again(&self, lines: &mut [TextLine], picture: &Picture) {
        for column in LabelColumn::all(lines) {
            let doubtful = column.doubtful(lines, picture);
            if doubtful.is_empty() {
                continue;
            }
            let (sheet, places) = margin_labels::sheet(&doubtful);
            let letters = format!("tessedit_char_whitelist={}", column.letters());
            // Without an answer the first one stands.
            let Ok(hocr) = self.run(self.data, &["thresholding_method=0", &letters], &sheet.pgm()) else {
                continue;
            };
            let read = parse(&hocr);
            for (doubtful, place) in doubtful.iter().zip(places) {
                let at = |line: &&TextLine| place.contains(&((line.baseline - line.size / 4.0).max(0.0) as usize));
                let words = read.iter().filter(at).flat_map(|line| &line.words);
                let text: String = words.map(|word| word.text.as_str()).collect();
                column.settle(lines, doubtful, &text);
            }
        }
    }

    fn run(&self, data: &str, settings: &[&str], file: &[u8]) -> Result<String, OcrError> {
        let mut child = Command::new(&self.program)
            // 6: one block of rows. Other modes take labels in the margin as a column and read them apart from their lines.
            .args(["stdin", "stdout", "--dpi", "300", "--psm", "6", "-l", data])
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .arg("hocr")
            // Its threads cost more than they save.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let limit = Rlimit { current: Some(self.seconds), maximum: Some(self.seconds + 1) };
        // A process that has already ended needs no limit.
        let _ = prlimit(Pid::from_child(&child).into(), Resource::Cpu, limit);
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let started = Instant::now();
        let longest = Duration::from_secs(self.seconds) * BUSY;
        thread::scope(|scope| {
            // A child that ends early reads no more; its exit code says why.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(file)));
            let answer = scope.spawn(move || -> io::Result<String> {
                let mut text = String::new();
                stdout.map_or(Ok(0), |mut stdout| stdout.read_to_string(&mut text))?;
                Ok(text)
            });
            let status = loop {
                if let Some(status) = child.try_wait()? {
                    break status;
                }
                if started.elapsed() > longest {
                    child.kill()?;
                    child.wait()?;
                    return Err(OcrError::TooSlow(longest.as_secs()));
                }
                thread::sleep(Duration::from_millis(10));
            };
            let text = answer.join().map_err(|_| OcrError::Failed)??;
            match status.signal() {
                _ if status.success() => Ok(text),
                Some(signal) if signal == Signal::XCPU.as_raw() => Err(OcrError::TooSlow(self.seconds)),
                _ => Err(OcrError::Failed),
            }
        })
    }
}

#[cfg(test)]
impl Tesseract {
    /// A shell script in place of tesseract, with this many seconds per page.
    pub fn played_by(name: &str, script: &str, seconds: u64) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join(name);
        // Written by a child, so that no other thread's child has it open for writing when it is run.
        let write = "printf '#!/bin/sh\n%s' \"$1\" >\"$0\" && chmod +x \"$0\"";
        let written = Command::new("sh").args(["-c", write]).arg(&program).arg(script).status();
        assert!(written.unwrap().success());
        Self { program, data: ENGLISH, seconds }
    }
}

/// A word, with its box in pixels: left, top, right, bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub text: String,
    pub area: [f32; 4],
    /// 0 to 100.
    pub confidence: f32,
}

impl Word {
    /// Whether it is noise from scratches, rules, dots to write on or drawings; `apart` from other words or among them.
    fn is_noise(&self, apart: bool) -> bool {
        let letters = self.text.chars().filter(|c| c.is_alphanumeric()).count();
        match letters {
            0 => self.confidence < 50.0 || self.text.chars().all(|c| matches!(c, '|' | '_')),
            _ => self.confidence < 25.0 && (apart || letters > 8),
        }
    }
}

/// A line of words, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    pub baseline: f32,
    pub size: f32,
    pub words: Vec<Word>,
}

impl TextLine {
    /// Corrects a brace whose other half is another bracket: `(4 marks}`, `{2 marks]`.
    fn match_brackets(&mut self) {
        let mut open: Vec<(usize, usize, char)> = Vec::new();
        for n in 0..self.words.len() {
            let mut letters: Vec<char> = self.words[n].text.chars().collect();
            for at in 0..letters.len() {
                match letters[at] {
                    c @ ('(' | '[' | '{') => open.push((n, at, c)),
                    c @ (')' | ']' | '}') => match (open.pop(), c) {
                        (Some((_, _, '(')), '}') => letters[at] = ')',
                        (Some((_, _, '[')), '}') => letters[at] = ']',
                        (Some((word, place, '{')), ')' | ']') => {
                            let pair = if c == ')' { '(' } else { '[' };
                            if word == n {
                                letters[place] = pair;
                            } else {
                                let text = self.words[word].text.chars().enumerate();
                                self.words[word].text = text.map(|(m, c)| if m == place { pair } else { c }).collect();
                            }
                        }
                        _ => {}
                    },
                    _ => {}
                }
            }
            self.words[n].text = letters.into_iter().collect();
        }
    }

    /// Corrects Roman numerals before a line, whose ones look like other strokes, `(iil)`, `xl.`; and the full stop in `4, Name`.
    fn mend_label(&mut self) {
        let sentence = self.words.get(1).is_some_and(|word| word.text.starts_with(char::is_uppercase));
        let Some(first) = self.words.first_mut() else { return };
        let number = first.text.strip_suffix([',', ':']).filter(|_| sentence);
        if let Some(number) =
            number.filter(|number| (1..3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
        {
            first.text = format!("{number}.");
        }
        let core = first.text.trim_matches(['(', ')', '.', '[', ']']);
        let strokes = core.chars().all(|c| "ivxlI1!|".contains(c)) && core.contains(['i', 'v', 'x']);
        let mended = core.replace(['l', 'I', '1', '!', '|'], "i");
        if strokes && core.len() > 1 && core.len() < first.text.len() && labels::roman(&mended).is_some() {
            first.text = first.text.replace(core, &mended);
        }
    }

    fn drop_noise(&mut self) {
        let near = |left: f32, right: f32| right - left < self.size;
        let with_noise = std::mem::take(&mut self.words);
        for (n, word) in with_noise.iter().enumerate() {
            let [left, _, right, _] = word.area;
            let before = n.checked_sub(1).is_some_and(|n| near(with_noise[n].area[2], left));
            let after = with_noise.get(n + 1).is_some_and(|next| near(right, next.area[0]));
            if !word.text.is_empty() && !word.is_noise(!before && !after) {
                self.words.push(word.clone());
            }
        }
    }
}

/// Most words are guesses, as where letters of another script are taken for these: of photos in bad light few are.
fn is_foreign(lines: &[TextLine]) -> bool {
    let words = lines.iter().flat_map(|line| &line.words).filter(|word| word.text.contains(char::is_alphabetic));
    let (sure, guessed): (Vec<&Word>, Vec<&Word>) = words.partition(|word| word.confidence >= 60.0);
    sure.len() + guessed.len() >= 40 && guessed.len() > 2 * sure.len()
}

/// The numbers after a name in an hOCR title: `bbox 12 30 40 52; x_wconf 96`.
fn numbers(markup: &str, name: &str) -> Vec<f32> {
    let Some((_, rest)) = markup.split_once(name) else { return Vec::new() };
    let end = rest.find([';', '"', '\'']).unwrap_or(rest.len());
    rest[..end].split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// The lines of hOCR, with their words.
fn parse(hocr: &str) -> Vec<TextLine> {
    let mut lines: Vec<TextLine> = Vec::new();
    for markup in hocr.lines() {
        let &[left, top, right, bottom] = numbers(markup, "bbox ").as_slice() else { continue };
        if let &[size] = numbers(markup, "x_size ").as_slice() {
            let &[slope, offset] = numbers(markup, "baseline ").as_slice() else { continue };
            let baseline = bottom + offset + slope * (right - left) / 2.0;
            lines.push(TextLine { baseline, size, words: Vec::new() });
        } else if markup.contains("ocrx_word")
            && let Some(line) = lines.last_mut()
        {
            let confidence = numbers(markup, "x_wconf ").first().copied().unwrap_or(0.0);
            line.words.push(Word { text: inner_text(markup), area: [left, top, right, bottom], confidence });
        }
    }
    lines
}

/// The text between an element's tags.
fn inner_text(markup: &str) -> String {
    let mut text = String::new();
    for piece in markup.split('<') {
        text.push_str(piece.split_once('>').map_or("", |(_, text)| text));
    }
    printable(decode_html_entities(&text).trim())
}

/// Corrects `(1)` to `(i)` if `(ii)` follows; alone it is too short to recognise.
fn mend_first_labels(lines: &mut [TextLine]) {
    let label = |line: &TextLine| line.words.first().map(|word| word.text.clone()).unwrap_or_default();
    for n in 0..lines.len() {
        let first = label(&lines[n]);
        let core = first.trim_matches(['(', ')', '.']);
        if !["1", "l", "I"].contains(&core) || core.len() == first.len() {
            continue;
        }
        let framed = |core_of_next: &str| first.replace(core, core_of_next);
        let next = lines[n + 1..].iter().map(label).find(|next| *next == framed("ii") || *next == framed("2"));
        if next.is_some_and(|next| next == framed("ii")) {
            lines[n].words[0].text = framed("i");
        }
    }
}

/// The characters of lines, in points: evenly spaced in their words, with one size and baseline for each line.
fn chars(mut lines: Vec<TextLine>, scale: f32) -> Vec<Char> {
    for line in &mut lines {
        line.drop_noise();
        line.match_brackets();
        line.mend_label();
    }
    mend_first_labels(&mut lines);
    lines.retain(|line| !line.words.is_empty());
    let usual = usual_size(&lines);
    let mut chars = Vec::new();
    for TextLine { baseline, size, words } in lines {
        // The size of a line with few letters is unreliable.
        let size = if (0.75..1.3).contains(&(size / usual)) { usual } else { size };
        let mut char = |text: String, x: f32, width: f32| {
            let (x, baseline, width, size) = (x / scale, baseline / scale, width / scale, size / scale);
            chars.push(Char { text, x, baseline, width, size, bold: false, coloured: false });
        };
        let mut end = None;
        for Word { text, area: [left, _, right, _], .. } in words {
            if let Some(end) = end {
                char(" ".to_owned(), end, left - end);
            }
            let width = (right - left) / text.chars().count() as f32;
            for (n, letter) in text.chars().enumerate() {
                char(letter.to_string(), left + n as f32 * width, width);
            }
            end = Some(right);
        }
    }
    chars
}

/// The median size of the words.
fn usual_size(lines: &[TextLine]) -> f32 {
    let mut sizes: Vec<f32> = lines.iter().flat_map(|line| line.words.iter().map(|_| line.size)).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOCR: &str = r#"
     <span class='ocr_line' id='line_1_4' title="bbox 200 100 1000 140; baseline 0 -10; x_size 42; x_ascenders 9">
      <span class='ocrx_word' id='word_1_1' title='bbox 200 100 260 140; x_wconf 81'>(7)</span>
      <span class='ocrx_word' id='word_1_2' title='bbox 280 100 400 140; x_wconf 96'><em>R&amp;D</em></span>
      <span class='ocrx_word' id='word_1_3' title='bbox 900 100 1000 140; x_wconf 3'>Lo</span>
     </span>
     <span class='ocr_line' title="bbox nonsense; x_size">"#;

    #[test]
    fn words_become_characters_on_their_baseline() {
        let chars = chars(parse(HOCR), 2.0);
        let text: String = chars.iter().map(|char| char.text.as_str()).collect();
        assert_eq!(text, "(7) R&D");
        assert!(chars.iter().all(|char| (char.baseline, char.size) == (65.0, 21.0)));
        assert_eq!((chars[1].x, chars[1].width), (110.0, 10.0));
        assert_eq!((chars[3].x, chars[3].width), (130.0, 10.0));
    }

    fn line(text: &str) -> TextLine {
        let word = |word: &str| Word { text: word.to_owned(), area: [0.0; 4], confidence: 90.0 };
        TextLine { baseline: 0.0, size: 40.0, words: text.split(' ').map(word).collect() }
    }

    #[test]
    fn a_page_of_guesses_is_foreign() {
        let page = |guesses: usize| {
            let mut lines = vec![line("one two three four five six"); 10];
            lines.iter_mut().take(guesses).flat_map(|line| &mut line.words).for_each(|word| word.confidence = 35.0);
            is_foreign(&lines)
        };
        assert_eq!([0, 4, 6, 8].map(page), [false, false, false, true]);
    }

    #[test]
    fn brackets_are_matched_over_a_line() {
        for (read, meant) in [
            ("(8} Why? {2 marks]", "(8) Why? [2 marks]"),
            ("for { x } (4 marks}", "for { x } (4 marks)"),
            ("} a) {b", "} a) {b"),
        ] {
            let mut line = line(read);
            line.match_brackets();
            assert_eq!(line.words, self::line(meant).words);
        }
    }

    /// Rows of print that fall by this many degrees.
    fn print(degrees: f64) -> Picture {
        let (width, height) = (800, 1000);
        let fall = degrees.to_radians().tan();
        let ink = |x: usize, y: usize| {
            let row = y as f64 - x as f64 * fall;
            (100.0..900.0).contains(&row) && (100..700).contains(&x) && row as usize % 20 < 8
        };
        let pixels = (0..width * height).map(|n| if ink(n % width, n / width) { 0 } else { 255 }).collect();
        Picture { width, pixels }
    }

    #[test]
    fn the_time_that_it_works_counts_and_not_the_time_that_it_waits() {
        let page = || Picture { width: 8, pixels: vec![255; 64] };
        let mut busy = Tesseract::played_by("busy-tesseract", "while :; do :; done", 1);
        assert!(matches!(busy.read(page(), 1.0), Err(OcrError::TooSlow(1))));
        let script = format!("cat >/dev/null; sleep 3; cat <<'END'{HOCR}\nEND\n");
        let mut waiting = Tesseract::played_by("waiting-tesseract", &script, 1);
        assert_eq!(waiting.read(page(), 1.0).unwrap().len(), 7);
    }

    #[test]
    fn the_slant_of_a_page_is_measured() {
        for degrees in [0.0, 1.5, -2.3] {
            let measured = print(degrees).slant();
            assert!((measured - degrees).abs() < 0.11, "{degrees}: {measured}");
        }
        assert_eq!(Picture { width: 0, pixels: vec![] }.slant(), 0.0);
    }

    #[test]
    fn roman_labels_are_mended_and_other_words_are_not() {
        for (read, meant) in [
            ("(iil) Name", "(iii) Name"),
            ("xl. Name", "xi. Name"),
            ("(i!) Name", "(ii) Name"),
            ("v1) Name", "vi) Name"),
            ("11. Name", "11. Name"),
            ("ill Name", "ill Name"),
            ("(l) Name", "(l) Name"),
            ("4, Name", "4. Name"),
            ("4, name", "4, name"),
            (", Name", ", Name"),
            ("(ixl) Name", "(ixl) Name"),
        ] {
            let mut line = line(read);
            line.mend_label();
            assert_eq!(line.words, self::line(meant).words);
        }
    }

    #[test]
    fn a_first_label_is_told_by_the_second() {
        let mut lines = ["(1) Name", "it", "(ii) And", "1. Say", "2. Why", "(ii) so"].map(line);
        mend_first_labels(&mut lines);
        let labels: Vec<&str> = lines.iter().map(|line| line.words[0].text.as_str()).collect();
        assert_eq!(labels, ["(i)", "it", "(ii)", "1.", "2.", "(ii)"]);
    }

    #[test]
    fn specks_are_whitened_and_letters_are_not() {
        let mut picture = Picture { width: 30, pixels: vec![255; 900] };
        for y in 5..8 {
            picture.pixels[y * 30 + 5..][..3].fill(0);
        }
        let letters: Vec<usize> = (12..22).flat_map(|y| [y * 30 + 15, y * 30 + 16]).collect();
        letters.iter().for_each(|&n| picture.pixels[n] = 0);
        let clean = picture.without_specks();
        let dark: Vec<usize> = (0..900).filter(|&n| clean.pixels[n] < INK).collect();
        assert_eq!(dark, letters);
        let mut photo = Picture { width: 30, pixels: vec![180; 900] };
        photo.pixels[5 * 30 + 5] = 100;
        assert_eq!(photo.clone().without_specks(), photo, "on grey paper it is part of a letter");
    }
}
