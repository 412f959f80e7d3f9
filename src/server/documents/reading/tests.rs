//! A hostile PDF meets a limit and gets an error message.

use std::time::Instant;

use exam_model::question::{Question, SURE};
use exam_reading::text::Char;
use exam_reading::trace::{Candidate, Seen, trace};

use crate::server::documents::reading::*;
use crate::server::tests::made_pdf::{file, object, one_page, packed_spaces, stream};

#[test]
fn a_child_has_no_network() {
    // Only the calling thread is confined.
    let confined = std::thread::spawn(|| {
        without_network().unwrap();
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").map(|_| ()).map_err(|error| error.kind());
        let started = std::process::Command::new("true").status().unwrap();
        (socket, started.success())
    });
    assert_eq!(confined.join().unwrap(), (Err(std::io::ErrorKind::PermissionDenied), true));
    assert!(std::net::UdpSocket::bind("127.0.0.1:0").is_ok());
}

/// A fault in a paper's labels: one is missing, or has another digit.
fn faulty(pages: &[PageText], label: &Seen<Candidate>, printed: &str, digit: bool) -> Option<Vec<PageText>> {
    let mut pages = pages.to_vec();
    let chars = &mut pages[label.page as usize - 1].chars;
    let on_line = |char: &Char| (label.top..label.bottom).contains(&char.baseline) && char.x >= label.x - 0.5;
    let mut found: Vec<usize> = (0..chars.len()).filter(|&n| on_line(&chars[n]) && chars[n].text != " ").collect();
    found.sort_by(|&a, &b| chars[a].x.total_cmp(&chars[b].x));
    found.truncate(printed.chars().filter(|c| *c != ' ').count());
    if digit {
        let char = found.into_iter().rev().find(|&n| chars[n].text.parse::<u32>().is_ok())?;
        let other = (chars[char].text.parse::<u32>().ok()? + 3) % 10;
        chars[char].text = other.to_string();
    } else {
        found.sort_unstable();
        found.into_iter().rev().for_each(|n| drop(chars.remove(n)));
    }
    Some(pages)
}

#[test]
fn what_a_faulty_label_makes_wrong_is_doubted() {
    let papers: [&[u8]; 3] = [
        include_bytes!("../../../../demo/papers/p6-mathematics.pdf"),
        include_bytes!("../../../../demo/papers/s3-physics.pdf"),
        include_bytes!("../../../../demo/papers/s3-mathematics.pdf"),
    ];
    let start = |item: &Question| item.text.chars().take(40).collect::<String>();
    let (mut wrong, mut doubted, mut flagged, mut all) = (0, 0, 0, 0);
    for bytes in papers {
        let pages = pdf::read_pages(None, bytes, &mut |_, _| {}).unwrap();
        let paper = exam_reading::read_paper(&pages);
        let items: Vec<&Question> = paper.questions.iter().flat_map(Question::items).collect();
        all += items.len();
        let unsure = items.iter().filter(|item| item.confidence < SURE).map(|item| item.path.as_str());
        let unsure: Vec<&str> = unsure.collect();
        flagged += unsure.len();
        for label in trace(&pages).candidates {
            let Candidate::Label { printed, .. } = &label.what else { continue };
            for digit in [false, true] {
                let Some(pages) = faulty(&pages, &label, printed, digit) else { continue };
                let now = exam_reading::read_paper(&pages);
                let now: Vec<&Question> = now.questions.iter().flat_map(Question::items).collect();
                let known =
                    |item: &&Question| items.iter().any(|known| known.path == item.path && start(known) == start(item));
                if now.len() != items.len() || !now.iter().all(known) {
                    wrong += 1;
                    let doubt = |item: &&Question| item.confidence < SURE && !unsure.contains(&item.path.as_str());
                    doubted += usize::from(now.iter().any(doubt));
                }
            }
        }
    }
    eprintln!("{doubted} of {wrong} wrong readings are doubted, {flagged} of {all} items of the right ones");
    assert!(wrong > 200 && doubted * 100 >= wrong * 95 && flagged * 50 < all);
}

struct Nobody;

impl Progress for Nobody {
    async fn at(&self, _: u32, _: u32) {}
}

/// The result of reading it in a child, within its time limit.
async fn read_bomb(name: &str, bytes: &[u8]) -> Result<Contents, ReadError> {
    let started = Instant::now();
    let result = read_apart(bytes, None, false, &Nobody).await;
    let seconds = started.elapsed().as_secs();
    assert!(seconds < PAGE_TIME * u64::from(BUSY), "{name} took {seconds} seconds");
    assert!(!matches!(result, Err(ReadError::Died | ReadError::NotStarted(_))), "{name}: {result:?}");
    result
}

#[tokio::test]
async fn what_expands_to_gigabytes_is_too_big() {
    let packed = packed_spaces(3 << 30);
    let flate = stream("/Filter /FlateDecode", &packed);
    let result = read_bomb("a page of spaces", &one_page("", flate.clone(), &[])).await;
    assert_eq!(result, Err(ReadError::TooBig));
    assert_eq!(
        ReadError::TooBig.to_string(),
        "This PDF needs more than 512 MB of memory to be read. Split it, or save it again with another program, and \
         upload that."
    );
    let image = |entries: &str, data: &[u8]| {
        stream(&format!("/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 {entries}"), data)
    };
    let draw = || stream("", b"q 595 0 0 842 0 0 cm /I Do Q");
    for (name, entries, data) in [
        ("an image of nothing", "/Width 100000 /Height 100000", &b"x"[..]),
        ("an image of spaces", "/Width 32000 /Height 32000 /Filter /FlateDecode", &packed),
        ("the largest image", "/Width 2147483647 /Height 2147483647", b"x"),
    ] {
        let bytes = one_page("/XObject << /I 5 0 R >>", draw(), &[image(entries, data)]);
        let result = read_bomb(name, &bytes).await;
        assert!(matches!(result, Err(ReadError::TooBig | ReadError::Pdf(_))), "{name}: {result:?}");
        let rendered = render_apart(&bytes, 1, 400, None).await;
        assert!(!matches!(rendered, Err(ReadError::Died)), "{name}: {rendered:?}");
    }
}

#[tokio::test]
async fn what_has_no_end_or_no_bottom_is_told() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let deep = one_page("", stream("", nested(200_000).as_bytes()), &[]);
    let dictionaries = one_page(&format!("/A {}", "<< /A ".repeat(100_000)), stream("", b""), &[]);
    let tree = |depth: usize| {
        let level = |n: usize| object(&format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", n + 3));
        let mut objects = vec![object("<< /Type /Catalog /Pages 2 0 R >>")];
        objects.extend((0..depth).map(level));
        objects.push(object("<< /Type /Page /MediaBox [0 0 595 842] >>"));
        file(&objects, "")
    };
    let of_itself = file(
        &[object("<< /Type /Catalog /Pages 2 0 R >>"), object("<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")],
        "",
    );
    let form = |calls: usize, content: &str| {
        let entries =
            format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {calls} 0 R >> >>");
        stream(&entries, content.as_bytes())
    };
    let call = |forms: &[Vec<u8>]| one_page("/XObject << /F 5 0 R >>", stream("", b"/F Do"), forms);
    let doubling: Vec<Vec<u8>> = (0..40).map(|n| form(6 + n, "/F Do /F Do")).collect();
    for (name, bytes) in [
        ("arrays within arrays", deep),
        ("dictionaries within dictionaries", dictionaries),
        ("a deep page tree", tree(50_000)),
        ("a page tree of itself", of_itself),
        ("a form that calls itself", call(&[form(5, "/F Do /F Do")])),
    ] {
        let result = read_bomb(name, &bytes).await;
        assert!(matches!(result, Err(ReadError::TooDeep | ReadError::Pdf(_))), "{name}: {result:?}");
    }
    let result = read_bomb("forms that each call the next one twice", &call(&doubling)).await;
    assert_eq!(result, Err(ReadError::TooSlow(PAGE_TIME)));
}

#[test]
fn half_a_paper_says_that_it_is_cut_off() {
    let paper = include_bytes!("../../../../demo/papers/p6-mathematics.pdf");
    let said = |bytes: &[u8]| match read(bytes, None, false, &mut |_, _| {}) {
        Ok(paper) => paper.warnings.join("; "),
        Err(error) => error.to_string(),
    };
    assert!(!said(paper).contains("cut off"));
    for part in [1, 4] {
        let said = said(&paper[..paper.len() * part / 8]);
        assert!(said.contains("cut off"), "{part} eighths: {said}");
    }
}

/// One-page papers, each the smallest of its kind, where the corpus is there: what the reader finds in them.
#[test]
fn papers_of_many_kinds_are_read_as_printed() {
    let folder = std::path::Path::new("../shared/corpus/mini");
    if !folder.is_dir() {
        return;
    }
    let pages = |name: &str| {
        let bytes = std::fs::read(folder.join(format!("{name}.pdf"))).unwrap();
        pdf::read_pages(None, &bytes, &mut |_, _| {}).unwrap()
    };
    let item = |question: &Question| {
        let marks = question.marks.map(|marks| format!(" ({marks})")).unwrap_or_default();
        let kind = serde_json::to_value(question.kind).unwrap();
        let options: Vec<&str> = question.options.iter().map(|option| option.text.as_str()).collect();
        let options = if options.is_empty() { String::new() } else { format!(" {options:?}") };
        let key = question.key.as_ref().map(|key| format!(" = {}", key.text)).unwrap_or_default();
        format!("{} {}{options}{marks}{key}", question.path, kind.as_str().unwrap_or_default())
    };
    let read = |name: &str, scheme: Option<&str>| {
        let mut paper = exam_reading::read_paper(&pages(name));
        if let Some(scheme) = scheme {
            exam_reading::apply_scheme(&mut paper, &pages(scheme));
        }
        paper
    };
    let items = |name: &str, scheme: Option<&str>| -> Vec<String> {
        read(name, scheme).questions.iter().flat_map(Question::items).map(item).collect()
    };
    for (name, wanted) in [
        (
            "romancolon",
            &["1 group", "1.a long", "1.b group", "1.b.i short", "1.b.ii short", "1.b.iii short", "2 list", "3 short"]
                [..],
        ),
        ("blank", &["1 list (2)", "2 list"]),
        ("blank2", &["4 group", "4.a long", "4.b list"]),
        ("blank3", &["4 group", "4.a list"]),
        (
            "twocol",
            &[
                r#"1 single ["mass", "force", "time", "speed"]"#,
                r#"2 single ["3", "4", "5", "1/2"]"#,
                r#"3 single ["1", "2", "3", "4"]"#,
            ],
        ),
        ("railway", &[r#"1 single ["", "", "", ""]"#, r#"2 single ["Dickens", "Shakespeare", "Shaw", "Wells"]"#]),
        ("tf", &["3 group", "3.i true_false", "3.ii true_false", "3.iii true_false", "4 list"]),
        (
            "tf2",
            &[
                "3 group",
                "3.i true_false",
                "3.ii true_false",
                "3.iii true_false",
                "4 group",
                "4.i true_false",
                "4.ii true_false",
            ],
        ),
        ("rightmarks", &["1 short (1)", "2 long (2)", "3 short (3)", "4 long (1)"]),
        ("instrmarks", &["1 short (1)", "2 long (1)", "3 short (2)", "4 long (2)"]),
        ("totalfor", &["1 numeric (3)", "2 numeric (2)"]),
        ("sq", &["1 group", "1.a long (2)", "1.b short (1)", "2 group", "2.a short (1)"]),
        ("aqa", &["1 group", "1.1 long (1)", "1.2 long (2)", "2 list (2)"]),
        ("french", &["1 group (8)", "1.1 short", "1.2 short", "1.3 short", "2 group (6)", "2.1 short", "2.2 long"]),
        ("french2", &["1 group (8)", "1.1 short", "1.2 short", "2 group (6)", "2.1 short", "2.2 long"]),
        ("french3", &["1 group (8)", "1.1 short", "1.2 short", "1.3 short", "1.4 short"]),
    ] {
        assert_eq!(items(name, None), wanted, "{name}");
    }
    let keys = [
        "1 group",
        "1.a long (2) = bromine water / aqueous bromine; turns colourless",
        "1.b short (1) = negative / -1",
        "2 group",
        "2.a short (1) = carbon dioxide / CO2",
    ];
    for scheme in ["sm1", "sm2", "sm3"] {
        assert_eq!(items("sq", Some(scheme)), keys, "{scheme}");
    }
    let keyed = |name: &str, scheme: &str| -> Vec<String> {
        let leaves = read(name, Some(scheme)).questions;
        let leaves = leaves.iter().flat_map(Question::leaves).filter_map(|leaf| leaf.key.as_ref());
        leaves.map(|key| key.text.clone()).collect()
    };
    assert_eq!(keyed("eq", "em"), ["A", "Negative advertising", "C"]);
    assert_eq!(keyed("scheme1q", "scheme1"), ["D", "negative / -1"]);
    for (name, code, minutes) in [
        ("cover", Some("034/1"), 150),
        ("cover2", Some("034/1"), 150),
        ("hours", None, 180),
        ("rightmarks", None, 180),
        ("french", None, 210),
    ] {
        let cover = read(name, None).cover;
        assert_eq!((cover.code.as_deref(), cover.duration), (code, Some(minutes)), "{name}");
    }
    assert_eq!(read("cover", None).cover.title.as_deref(), Some("Agriculture"));
}
