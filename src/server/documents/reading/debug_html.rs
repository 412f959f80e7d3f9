//! A self-contained HTML file, without scripts, that shows how a paper was read: each page's image with everything found on
//! it drawn over it, and beside it the questions that start there.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use exam_model::format;
use exam_model::paper::{Paper, Rule};
use exam_model::question::{KeySource, Question, SURE};
use exam_reading::text::{Drawing, PageText};
use exam_reading::trace::{Candidate, Seen, Trace, trace};
use html_escape::encode_quoted_attribute as escape;

use crate::server::documents::reading::ocr::Tesseract;
use crate::server::documents::reading::pdf::{self, PdfError};

/// The width of a page's image, in pixels.
const WIDTH: u32 = 1100;
/// The width of a key's image, in pixels.
const KEY_WIDTH: u32 = 480;

/// Reads a paper and renders the file.
pub fn html(title: &str, bytes: &[u8], scheme_bytes: Option<&[u8]>) -> Result<String, PdfError> {
    let mut tesseract = Tesseract::find();
    let mut read = |bytes: &[u8]| pdf::read_pages(tesseract.as_mut(), bytes, &mut |_, _| {});
    let (pages, scheme) = (read(bytes)?, scheme_bytes.map(&mut read).transpose()?);
    let paper = crate::server::documents::reading::put_together(bytes, &pages, scheme.as_deref());
    let trace = trace(&pages);
    let keys = Keys { paper: bytes, scheme: scheme_bytes };
    let mut out = format!("{HEAD}<title>{}</title><style>{STYLE}</style>", escape(title));
    push(&mut out, summary(title, &paper));
    for (number, page) in (1..).zip(&pages) {
        let image = STANDARD.encode(pdf::render(bytes, number, WIDTH, None)?);
        let overlay = overlay(number, page, &trace, &paper);
        push(
            &mut out,
            format_args!(
                "<section><h2>Page {number}</h2><div class=page><img alt='' src='data:image/webp;base64,{image}'>\
                 {overlay}</div><ol>{}</ol></section>",
                list(number, &paper.questions, 0, &keys)
            ),
        );
    }
    Ok(out)
}

const HEAD: &str = "<!doctype html><html lang=en><meta charset=utf-8>";
const STYLE: &str = "
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #222 }
header { max-width: 70rem } header li { color: #b00020 }
nav { position: sticky; top: 0; background: #fffc; padding: .4rem 0; z-index: 1; display: flex; gap: 1rem }
section { display: grid; grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr); gap: 0 1.5rem; margin-top: 1rem }
h2 { grid-column: 1 / -1; font-size: 1rem; margin: 0 0 .3rem }
.page { position: relative; border: 1px solid #999; align-self: start } .page > * { width: 100%; display: block }
.page svg { position: absolute; inset: 0; height: 100% }
svg * { vector-effect: non-scaling-stroke } svg text { font: bold 6.5px system-ui, sans-serif }
ol { list-style: none; margin: 0; padding: 0; overflow-wrap: anywhere } section li { margin: 0 0 .5rem }
small { color: #555 } section li img { max-width: 100% } .doubt { color: #b00020 }
.lines rect { fill: none; stroke: #0078d4; stroke-width: .5 }
.figures rect { fill: #8a2be222; stroke: #8a2be2; stroke-width: .5; stroke-dasharray: 3 2 }
.questions rect { fill: none; stroke-width: 1.5; stroke: #00713d } .questions text { fill: #00713d }
.questions .doubt rect { stroke: #b00020; stroke-dasharray: 5 3 } .questions .doubt text { fill: #b00020 }
.labels rect { fill: #00713d; opacity: .75 } .labels text, .rejected text, .marks text { fill: #fff }
.labels .heading { fill: #000 } .rejected rect { fill: #777; opacity: .75 } .marks rect { fill: #c75b00; opacity: .8 }
body:has(#lines:not(:checked)) .lines, body:has(#labels:not(:checked)) .labels,
body:has(#rejected:not(:checked)) .rejected, body:has(#marks:not(:checked)) .marks,
body:has(#questions:not(:checked)) .questions, body:has(#figures:not(:checked)) .figures { display: none }
";

/// What is drawn over a page: the class of each layer, and the label of its checkbox.
const LAYERS: [(&str, &str); 6] = [
    ("lines", "lines, by segments"),
    ("labels", "labels"),
    ("rejected", "rejected labels"),
    ("marks", "marks"),
    ("questions", "questions, red if they need a look"),
    ("figures", "pictures"),
];

fn summary(title: &str, paper: &Paper) -> String {
    let mut out = format!("<header><h1>{}</h1><p>", escape(title));
    let cover = &paper.cover;
    push(&mut out, escape(cover.title.as_deref().unwrap_or("No title was found on the cover.")));
    if let Some(total) = cover.total {
        push(&mut out, format_args!(" – {}", format::marks_long(total)));
    }
    if let Some(duration) = cover.duration {
        push(&mut out, format_args!(" – {}", format::minutes(duration.into())));
    }
    for section in &paper.sections {
        let name = if section.label.is_empty() { "The paper".to_owned() } else { format!("Section {}", section.label) };
        let rule = match section.rule {
            Rule::All => "all questions".to_owned(),
            Rule::Choose(n) => format!("{n} of its questions"),
            Rule::Best(n) => format!("the best {n} of its questions"),
        };
        push(&mut out, format_args!("<br>{}: {rule}", escape(&name)));
    }
    out.push_str("</p><ul>");
    for warning in &paper.warnings {
        push(&mut out, format_args!("<li>{}</li>", escape(warning)));
    }
    out.push_str("</ul></header><nav>");
    for (name, words) in LAYERS {
        push(&mut out, format_args!("<label><input type=checkbox id={name} checked> {words}</label>"));
    }
    out.push_str("</nav>");
    out
}

fn overlay(number: u32, page: &PageText, trace: &Trace, paper: &Paper) -> String {
    let mut layers: [String; LAYERS.len()] = Default::default();
    let [lines, labels, rejected, marks, questions, figures] = &mut layers;
    for line in trace.lines.iter().filter(|line| line.page == number) {
        for segment in &line.segments {
            push(lines, rect(segment.x, line.top, segment.right - segment.x, line.bottom - line.top));
        }
    }
    for seen in trace.candidates.iter().filter(|seen| seen.page == number) {
        match &seen.what {
            Candidate::Text(printed) => push(rejected, tag(seen, printed, 1.0)),
            Candidate::Heading(label) => push(labels, tag(seen, &format!("Section {label}"), 1.0)),
            Candidate::Label { printed, depth } => push(labels, tag(seen, &format!("{depth}: {printed}"), 1.0)),
        }
    }
    for seen in trace.marks.iter().filter(|seen| seen.page == number) {
        push(marks, tag(seen, &format::marks_long(seen.what), 0.0));
    }
    boxes(number, &paper.questions, 0, questions);
    for drawing in &page.drawings {
        if let Drawing::Picture(area) = drawing {
            push(figures, rect(area.x, area.y, area.width, area.height));
        }
    }
    let mut out = format!("<svg viewBox='0 0 {} {}'>", page.width, page.height);
    for ((name, _), layer) in LAYERS.iter().zip(layers) {
        push(&mut out, format_args!("<g class={name}>{layer}</g>"));
    }
    out.push_str("</svg>");
    out
}

fn rect(x: f32, y: f32, width: f32, height: f32) -> String {
    format!("<rect x='{x:.1}' y='{y:.1}' width='{:.1}' height='{:.1}'/>", width.max(1.0), height.max(1.0))
}

/// Text on a background; `before` says how much of it is left of the position.
fn tag(seen: &Seen<impl Sized>, words: &str, before: f32) -> String {
    let width = 4.0 * words.chars().count() as f32 + 3.0;
    let (x, y) = ((seen.x - before * width).max(0.0), (seen.top + seen.bottom) / 2.0);
    format!("{}<text x='{:.1}' y='{:.1}'>{}</text>", rect(x, y - 4.5, width, 9.0), x + 1.5, y + 2.5, escape(words))
}

fn in_doubt(question: &Question) -> bool {
    question.confidence < SURE || !question.doubts.is_empty()
}

/// The path, kind, marks and confidence in one line.
fn facts(question: &Question) -> String {
    let marks = question.marks.map_or("no marks".to_owned(), format::marks_long);
    let figure = if question.figure { ", figure" } else { "" };
    format!("{} – {:?}, {marks}, {:.0} %{figure}", question.path, question.kind, 100.0 * question.confidence)
}

fn boxes(number: u32, questions: &[Question], depth: usize, out: &mut String) {
    for question in questions {
        let class = if in_doubt(question) { " class=doubt" } else { "" };
        for region in question.regions.iter().filter(|region| region.page == number) {
            // A part's box is inside its question's.
            let inset = 2.5 * depth as f32;
            let (x, right) = (region.x + inset, region.x + region.width - inset);
            push(
                out,
                format_args!(
                    "<g{class}>{}<text x='{:.1}' y='{:.1}' text-anchor=end>{}</text></g>",
                    rect(x, region.y, right - x, region.height),
                    right - 2.0,
                    region.y + 6.5,
                    escape(&question.path)
                ),
            );
        }
        boxes(number, &question.parts, depth + 1, out);
    }
}

/// The files that contain the answer keys.
struct Keys<'a> {
    paper: &'a [u8],
    scheme: Option<&'a [u8]>,
}

impl Keys<'_> {
    /// An image of a key, as printed.
    fn printed(&self, source: KeySource) -> String {
        let (bytes, region, place) = match source {
            KeySource::Scheme(region) => (self.scheme, region, "scheme"),
            KeySource::Paper(region) => (Some(self.paper), region, "paper"),
            KeySource::Person | KeySource::WorkedOut | KeySource::Earlier => return String::new(),
        };
        let image = bytes.and_then(|bytes| pdf::render(bytes, region.page, KEY_WIDTH, Some(region)).ok());
        let image =
            image.map(|image| format!("<br><img alt='' src='data:image/webp;base64,{}'>", STANDARD.encode(image)));
        format!(" <small>({place}, page {})</small>{}", region.page, image.unwrap_or_default())
    }
}

/// The items that start on a page, in order.
fn list(number: u32, questions: &[Question], depth: usize, keys: &Keys<'_>) -> String {
    let mut out = String::new();
    for question in questions {
        if question.regions.first().is_some_and(|region| region.page == number) {
            let text: String = question.text.chars().take(160).collect();
            push(
                &mut out,
                format_args!(
                    "<li style='margin-left:{depth}rem'><b>{}</b><br>{}",
                    escape(&facts(question)),
                    escape(&text)
                ),
            );
            for option in &question.options {
                push(&mut out, format_args!("<br><small>{} {}</small>", escape(&option.label), escape(&option.text)));
            }
            if let Some(key) = &question.key {
                push(&mut out, format_args!("<br><small>Answer: {}</small>", escape(&key.text)));
                push(&mut out, keys.printed(key.source));
            }
            for doubt in &question.doubts {
                push(&mut out, format_args!("<br><span class=doubt>{}</span>", escape(doubt)));
            }
            out.push_str("</li>");
        }
        out.push_str(&list(number, &question.parts, depth + 1, keys));
    }
    out
}

/// Writing to a `String` does not fail.
fn push(out: &mut String, what: impl std::fmt::Display) {
    let _ = write!(out, "{what}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::tests::made_pdf::text_pages;

    #[test]
    fn what_a_paper_says_stays_text() {
        let long = "which of these stands in the middle of the page, and which of them stands at its edge";
        let bytes =
            text_pages(&[&["1. <script>alert 1</script> & why? [2 marks]", long], &["2. Where? [1 mark]", long]]);
        let html = html("a'b", &bytes, None).unwrap();
        assert!(html.contains("1. &lt;script&gt;") || html.contains("&lt;script&gt;alert 1"), "{html}");
        assert!(!html.contains("<script"));
        assert_eq!(html.matches("data:image/webp;base64,").count(), 2);
        assert!(html.contains("<b>2 – Short, 1 mark, "));
    }
}
