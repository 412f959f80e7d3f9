//! What comes of PDFs, honest and not.

use std::path::Path;

use hayro::hayro_syntax::object::{Object, Stream};

use super::*;
use crate::server::tests::made_pdf::{file, object, one_page, stream, text_pages, with_streams};

const DEMO: &[u8] = include_bytes!("../../../../demo/papers/p6-set.pdf");

/// Reads it where tesseract is not installed.
fn without_ocr(bytes: &[u8]) -> Result<Vec<PageText>, PdfError> {
    read_pages(None, bytes, &mut |_, _| {})
}

/// A page with nothing but a picture.
fn scan() -> Vec<u8> {
    let image = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width 4 /Height 4";
    let content = stream("", b"q 595 0 0 842 0 0 cm /I Do Q");
    one_page("/XObject << /I 5 0 R >>", content, &[stream(image, &[255; 16])])
}

#[test]
fn what_cannot_be_read_says_why() {
    let encrypted = file(
        &[object("<< /Type /Catalog /Pages 2 0 R >>"), object("<< /Type /Pages /Kids [] /Count 0 >>")],
        &format!(
            "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <{0}> /U <{0}> >>",
            "5A".repeat(32)
        ),
    );
    let no_pages = |pages: &str| file(&[object(&format!("<< /Type /Catalog {pages} >>")), object(pages)], "");
    let cases: [(&str, Vec<u8>, PdfError); 11] = [
        ("nothing", vec![], PdfError::NotPdf),
        ("a text", b"1. What is a PDF? (2 marks)".to_vec(), PdfError::NotPdf),
        ("a picture", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec(), PdfError::NotPdf),
        ("the first line", DEMO[..9].to_vec(), PdfError::NotPdf),
        ("a cut one", text_pages(&[&["1. Why?"]])[..300].to_vec(), PdfError::NotPdf),
        ("a locked one", encrypted, PdfError::Encrypted),
        ("no page tree", no_pages(""), PdfError::NoPages),
        ("an empty page tree", no_pages("/Pages 2 0 R /Type /Pages /Kids [] /Count 0"), PdfError::NoPages),
        ("2001 pages", text_pages(&[&["1. Why?"][..]; 2001]), PdfError::TooManyPages(2001)),
        ("a picture of a page", scan(), PdfError::NoOcr(1)),
        ("blank pages", text_pages(&[&[], &[]]), PdfError::NoText(2)),
    ];
    for (name, bytes, error) in cases {
        assert_eq!(without_ocr(&bytes), Err(error), "{name}");
    }
    let picture = without_ocr(&scan()).unwrap_err().to_string();
    assert!(picture.starts_with("This PDF has 1 page of pictures without text"), "{picture}");
    assert!(picture.ends_with("apt-get install tesseract-ocr tesseract-ocr-fra"), "{picture}");
}

#[test]
fn a_scanned_page_among_others_is_named() {
    let image = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width 4 /Height 4";
    let page = |content: usize| {
        object(&format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /Font << /F 6 0 R >> /XObject << /I 7 0 R >> >> >>"
        ))
    };
    let bytes = file(
        &[
            object("<< /Type /Catalog /Pages 2 0 R >>"),
            object("<< /Type /Pages /Kids [8 0 R 9 0 R 3 0 R] /Count 3 >>"),
            object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"),
            stream(
                "",
                b"BT /F 9 Tf 60 780 Td (1. What do we call the hands of a clock, and what does the longer one \
                         of them tell? \\(2 marks\\)) Tj ET",
            ),
            stream("", b"q 595 0 0 842 0 0 cm /I Do Q"),
            object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
            stream(image, &[255; 16]),
            page(4),
            page(5),
        ],
        "",
    );
    let pages = without_ocr(&bytes).unwrap();
    assert_eq!(pages.iter().map(|page| page.unread).collect::<Vec<_>>(), [false, true, false]);
    let paper = crate::domain::reading::read_paper(&pages);
    assert!(paper.warnings[0].starts_with("Page 2 of the paper was not read"), "{:?}", paper.warnings);
}

#[test]
fn the_end_of_a_file_is_missed() {
    assert!(!is_cut_off(DEMO));
    assert!(is_cut_off(&DEMO[..DEMO.len() - 100]));
    assert!(is_cut_off(b""));
}

#[test]
fn a_printed_page_is_read_by_ocr() {
    let Some(mut tesseract) = Tesseract::find() else {
        eprintln!("skipped: tesseract is not installed");
        return;
    };
    let pdf = open(DEMO).unwrap();
    let page = &pdf.pages()[1];
    let sheet = Sheet::as_filed(page);
    let image = paint(page, &sheet, sheet.whole(), sheet.pixels(FINE));
    let chars = tesseract.read(picture(&image), f32::from(image.width()) / sheet.width).unwrap();
    let text: String = chars.iter().map(|char| char.text.as_str()).collect();
    assert!(text.contains("the letter of the tool which a blacksmith uses"), "{text}");
    let drawn = sheet.collect(page, &InterpreterCache::new()).chars;
    let first = |chars: &[Char]| chars.iter().find(|char| char.text == "A").map(|char| char.baseline);
    assert!((first(&chars).unwrap() - first(&drawn).unwrap()).abs() < 2.0);
}

#[test]
fn a_sheet_on_its_side_is_turned_upright() {
    // By the quarters to turn: where its text ran before.
    for (quarters, along) in [(1, (0.0, -1.0)), (2, (-1.0, 0.0)), (3, (0.0, 1.0))] {
        let sheet = Sheet { width: 200.0, height: 300.0, transform: Affine::IDENTITY }.turned(quarters);
        let (from, to) = (Point::new(100.0, 150.0), Point::new(100.0 + along.0, 150.0 + along.1));
        let run = sheet.transform * to - sheet.transform * from;
        assert_eq!((run.x, run.y), (1.0, 0.0), "{quarters} quarters");
        let middle = Point::new(f64::from(sheet.width) / 2.0, f64::from(sheet.height) / 2.0);
        assert_eq!(sheet.transform * from, middle, "{quarters} quarters");
    }
}

/// An honest PDF's pages with a text layer, of ours and of the corpus where that lies beside.
fn honest_papers() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["demo/papers", "../shared/corpus/dev", "../shared/corpus/bulk"];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(root.join(folder)).ok()).flatten();
    let paths = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "pdf"));
    paths.map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn no_honest_page_is_taken_for_garbage() {
    for (name, bytes) in honest_papers() {
        let pdf = open(&bytes).unwrap();
        let cache = InterpreterCache::new();
        for (number, page) in (1..).zip(pdf.pages().iter()) {
            let found = upright(page, &cache).1;
            assert!(found.is_legible(), "{name}, page {number}: {:?}", found.letters_of_words());
        }
    }
}

/// The same paper with fonts that call each letter by the name of another, as some programs write them to keep people
/// from copying: `a` is called `b`.
fn with_shifted_names(bytes: &[u8]) -> Vec<u8> {
    let pdf = open(bytes).unwrap();
    let mut maps = Vec::new();
    for font in pdf.objects().into_iter().filter_map(Object::into_dict) {
        let Some(map) = font.get::<Stream<'_>>("ToUnicode") else { continue };
        let map = String::from_utf8(map.decoded().unwrap().into_owned()).unwrap();
        let (mut within, mut shifted) = (false, String::new());
        for line in map.lines() {
            within = line.contains("beginbf") || within && !line.contains("endbf");
            let target = line.rsplit_once('<').and_then(|(before, hex)| {
                let code = u32::from_str_radix(hex.trim_end_matches('>'), 16).ok()?;
                (within && char::from_u32(code)?.is_ascii_alphabetic()).then(|| format!("{before}<{:04X}>", code + 1))
            });
            shifted.push_str(&target.unwrap_or(line.to_owned()));
            shifted.push('\n');
        }
        maps.push((font.get_ref("ToUnicode").unwrap().obj_number, shifted.into_bytes()));
    }
    with_streams(bytes, &maps)
}

#[test]
fn a_text_layer_of_wrong_letters_is_a_scans() {
    let paper = include_bytes!("../../../../demo/papers/s3-mathematics.pdf");
    let garbage = with_shifted_names(paper);
    let pdf = open(&garbage).unwrap();
    let text: String = upright(&pdf.pages()[1], &InterpreterCache::new()).1.chars.into_iter().map(|c| c.text).collect();
    assert!(text.contains("uif"), "the letters are shifted: {text}");
    assert_eq!(without_ocr(&garbage), Err(PdfError::NoOcr(pdf.pages().len())));
    let Some(mut tesseract) = Tesseract::find() else {
        eprintln!("skipped: tesseract is not installed");
        return;
    };
    let mut paths = |bytes: &[u8]| -> Vec<String> {
        let pages = read_pages(Some(&mut tesseract), bytes, &mut |_, _| {}).unwrap();
        let paper = crate::domain::reading::read_paper(&pages);
        paper.questions.iter().flat_map(|question| question.leaves()).map(|leaf| leaf.path.clone()).collect()
    };
    let (meant, read) = (paths(paper), paths(&garbage));
    let found = meant.iter().filter(|path| read.contains(path)).count();
    assert!(found * 10 >= meant.len() * 9, "{read:?} for {meant:?}");
}

#[test]
fn languages_are_no_garbage() {
    let texts = [
        "Soma umwandiko ukurikira hanyuma usubize ibibazo byawubajijweho. Umunyeshuri wese agomba gukoresha ikaramu.",
        "Sobanura amagambo akurikira ukurikije uko yakoreshejwe mu mwandiko. Garagaza uturango tw'ikeshamvugo.",
        "Soma kifungu kifuatacho kisha ujibu maswali yaliyoulizwa. Binadamu wote wamezaliwa huru, hadhi na haki sawa.",
        "Lisez le texte suivant, puis repondez aux questions. Expliquez pourquoi le narrateur quitte son village natal.",
        "Considere as informacoes do texto e assinale a alternativa correta sobre o crescimento das cidades.",
        "public static void main String args int count while count return System out println boolean found true else",
        "SELECT name, count FROM students INNER JOIN schools ON students.school WHERE level GROUP BY name HAVING count",
    ];
    for text in texts {
        let pages = |text: &str| without_ocr(&text_pages(&[&[text]])).unwrap();
        assert!(!pages(text)[0].unread, "{text}");
    }
}
