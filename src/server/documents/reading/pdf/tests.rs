//! Reading PDFs, honest and hostile.

use std::path::Path;

use hayro::hayro_syntax::object::{Object, Stream};

use crate::server::documents::reading::layer::letters_of_words;
use crate::server::documents::reading::pdf::*;
use crate::server::tests::made_pdf::{file, object, one_page, stream, text_pages, with_streams};

const DEMO: &[u8] = include_bytes!("../../../../../demo/papers/p6-set.pdf");

/// Reads it without tesseract.
fn without_ocr(bytes: &[u8]) -> Result<Vec<PageText>, PdfError> {
    read_pages(None, bytes, &mut |_, _| {})
}

/// A page with only a picture.
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
    assert_eq!(pages.iter().map(|page| page.unread.is_some()).collect::<Vec<_>>(), [false, true, false]);
    let paper = exam_reading::read_paper(&pages);
    assert!(paper.warnings[0].starts_with("Page 2 of the paper was not read"), "{:?}", paper.warnings);
}

#[test]
fn a_page_that_ocr_gives_up_is_tried_coarser_and_named_and_the_others_are_read() {
    let image = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width 4 /Height 4";
    let page = |width: u32, height: u32| {
        object(&format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 3 0 R \
             /Resources << /XObject << /I 4 0 R >> >> >>"
        ))
    };
    let bytes = file(
        &[
            object("<< /Type /Catalog /Pages 2 0 R >>"),
            object("<< /Type /Pages /Kids [5 0 R 6 0 R 7 0 R] /Count 3 >>"),
            stream("", b"q 842 0 0 842 0 0 cm /I Do Q"),
            stream(image, &[255; 16]),
            page(595, 842),
            page(842, 595),
            page(800, 800),
        ],
        "",
    );
    // The second page fails at full resolution, the third also at low resolution.
    let script = "read -r kind width rest
        cat >/dev/null
        case $width in 4096 | 3508 | 1754) exit 1 ;; esac
        echo '<span title=\"bbox 200 100 1900 140; baseline 0 -10; x_size 42;\">'
        echo '<span class=ocrx_word title=\"bbox 200 100 260 140; x_wconf 90\">1.</span>'
        echo '<span class=ocrx_word title=\"bbox 280 100 1900 140; x_wconf 90\">Which part of a flower becomes the fruit, and what is in it?</span>'";
    let mut tesseract = Tesseract::played_by("failing-tesseract", script, 10);
    let mut seen = Vec::new();
    let pages = read_pages(Some(&mut tesseract), &bytes, &mut |page, of| seen.push((page, of))).unwrap();
    assert_eq!(pages.iter().map(|page| page.chars.len() > 30).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(seen, [(1, 3), (2, 3), (2, 3), (3, 3), (3, 3)]);
    let warnings = exam_reading::read_paper(&pages).warnings;
    let lost = "Page 3 of the paper could not be read: tesseract failed. Its questions are missing.";
    assert_eq!(warnings.iter().filter(|warning| warning.contains("could not be read")).collect::<Vec<_>>(), [lost]);
}

/// A made-up page: a photo of print, and lines of text with their rendering mode.
struct Made {
    /// x, y, width and height, from the lower left corner.
    photo: [u32; 4],
    /// The baseline of the first line, the number of lines, and their distance.
    lines: (u32, u32, u32),
    text: &'static str,
    shown: &'static str,
}

impl Made {
    const LONG: &'static str = "Explain in your own words how the rain that falls on the hills comes to the lake";

    /// The layer that is read.
    fn layer(&self) -> Layer {
        let [x, y, width, height] = self.photo;
        // Rows of words on paper that is in shadow on the right.
        let shade = |n: u32| {
            let (column, row) = (n % width, n / width);
            let paper = 220 - 120 * column / width;
            let ink = row % 14 < 7 && (30..width - 30).contains(&column) && column % 5 < 3;
            (if ink { paper / 5 } else { paper }) as u8
        };
        let pixels: Vec<u8> = (0..width * height).map(shade).collect();
        let image = format!(
            "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width {width} /Height {height}"
        );
        let (first, count, apart) = self.lines;
        let line = |n: u32| format!("1 0 0 1 60 {} Tm ({}) Tj ", first - apart * n, self.text);
        let text: String = (0..count).map(line).collect();
        let content = format!("q {width} 0 0 {height} {x} {y} cm /I Do Q BT {} /F 10 Tf {text}ET", self.shown);
        let font = object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        let resources = "/XObject << /I 5 0 R >> /Font << /F 6 0 R >>";
        let bytes = one_page(resources, stream("", content.as_bytes()), &[stream(&image, &pixels), font]);
        let pdf = open(&bytes).unwrap();
        laid(&pdf.pages()[0], &InterpreterCache::new()).2
    }
}

#[test]
fn the_layer_that_is_read_is_what_the_ink_says() {
    const WHOLE: [u32; 4] = [20, 20, 555, 802];
    const BANNER: &str = "Find this and other free resources at: https://example.org";
    for (name, layer, photo, lines, text, shown) in [
        ("a photo", Layer::Picture, WHOLE, (0, 0, 0), "", ""),
        ("a banner over a photo", Layer::Picture, WHOLE, (830, 2, 810), BANNER, "0 Tr"),
        ("a stamp on a photo", Layer::Picture, WHOLE, (400, 3, 12), "RECEIVED AT THE NATIONAL OFFICE", "0 Tr"),
        ("a heading over half a page of photo", Layer::Picture, [60, 200, 475, 400], (820, 1, 12), BANNER, "0 Tr"),
        ("text beside a figure", Layer::Text, [60, 400, 475, 420], (380, 24, 14), Made::LONG, "0 Tr"),
        ("text beside a small figure", Layer::Text, [60, 700, 200, 100], (680, 2, 14), Made::LONG, "0 Tr"),
        ("an earlier OCR", Layer::Hidden, WHOLE, (816, 57, 14), Made::LONG, "3 Tr"),
        ("an earlier OCR that can be seen", Layer::Text, WHOLE, (816, 57, 14), Made::LONG, "0 Tr"),
        ("an earlier OCR of a few lines", Layer::Picture, WHOLE, (816, 9, 14), Made::LONG, "3 Tr"),
        ("hidden text that is not on the page", Layer::Picture, [20, 440, 555, 380], (400, 27, 14), Made::LONG, "3 Tr"),
        (
            "hidden text of wrong letters",
            Layer::Picture,
            WHOLE,
            (816, 57, 14),
            "Fyqmbjo jo zpvs pxo xpset ipx uif",
            "3 Tr",
        ),
    ] {
        assert_eq!(Made { photo, lines, text, shown }.layer(), layer, "{name}");
    }
}

#[test]
fn a_banner_is_not_told_twice() {
    let char = |text: &str, x: f32, baseline: f32| Char {
        text: text.to_owned(),
        x,
        baseline,
        width: 5.0,
        size: 10.0,
        bold: false,
        coloured: false,
    };
    let banner = [char("a", 10.0, 20.0), char("b", 15.0, 20.0)];
    let read = vec![char("o", 11.0, 20.5), char("b", 15.5, 19.5), char("c", 30.0, 20.0), char("d", 10.0, 40.0)];
    let kept: String = beside(&banner, read).map(|char| char.text).collect();
    assert_eq!(kept, "cd");
}

#[test]
fn no_control_character_comes_out_of_a_page() {
    // A font whose letters have the codes of a control character, a letter, and both together.
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <FF> \
               endcodespacerange 4 beginbfchar <41> <0001> <42> <0062> <43> <00070063> <44> <00000064> endbfchar endcmap \
               end end";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>";
    let text = format!("BT /F 11 Tf 1 0 0 1 60 700 Tm ({}) Tj ET", "ABCD".repeat(15));
    let bytes =
        one_page("/Font << /F 5 0 R >>", stream("", text.as_bytes()), &[object(font), stream("", map.as_bytes())]);
    let read: String = without_ocr(&bytes).unwrap()[0].chars.iter().map(|char| char.text.as_str()).collect();
    assert_eq!(read, "bcd".repeat(15));
}

#[test]
fn white_letters_are_read_where_they_stand_on_something_dark() {
    let words = |gray: u8, y: u32, text: &str| format!("{gray} g BT /F 11 Tf 1 0 0 1 60 {y} Tm ({text}) Tj ET ");
    let bar = |gray: &str, y: u32| format!("{gray} g 50 {y} 200 20 re f ");
    // On a dark bar, on bare paper, on a dark bar that a white one covers, and on a light bar.
    let content = [
        bar("0.1", 695) + &words(1, 700, "dark"),
        words(1, 660, "paper"),
        bar("0.1", 615) + &bar("1", 615) + &words(1, 620, "covered"),
        bar("0.8", 575) + &words(1, 580, "light"),
        words(0, 540, &"black ".repeat(12)),
    ];
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    let bytes = one_page("/Font << /F 5 0 R >>", stream("", content.concat().as_bytes()), &[object(font)]);
    let read: String = without_ocr(&bytes).unwrap()[0].chars.iter().map(|char| char.text.trim()).collect();
    assert_eq!(read, "dark".to_owned() + &"black".repeat(12));
}

#[test]
fn bold_and_coloured_letters_and_boxes_to_tick_are_told() {
    let words = |font: &str, colour: &str, y: u32| {
        format!(
            "{colour} rg BT /{font} 11 Tf 1 0 0 1 60 {y} Tm ({}) Tj ET ",
            "The roots of a bean hold the soil firmly"
        )
    };
    let content = [
        words("F", "0 0 0", 700),
        words("B", "0 0 0", 660),
        words("F", "0.8 0 0", 620),
        words("F", "0.4 0.4 0.4", 580),
        // A box, one that is filled, and one that is larger than any to tick.
        "40 700 10 10 re S 40 660 10 10 re f 40 100 60 60 re S".to_owned(),
    ];
    let font = |name: &str, widths: &str| {
        let widths = format!("/FirstChar 32 /LastChar 122 /Widths [{}]", widths.repeat(91));
        object(&format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding {widths} >>"))
    };
    let fonts = [font("CMR10", "500 "), font("CMBX10", "560 ")];
    let bytes = one_page("/Font << /F 5 0 R /B 6 0 R >>", stream("", content.concat().as_bytes()), &fonts);
    let page = without_ocr(&bytes).unwrap().remove(0);
    let rows: Vec<(bool, bool)> = page.chars.chunks(40).map(|row| (row[0].bold, row[0].coloured)).collect();
    assert_eq!(rows, [(false, false), (true, false), (false, true), (false, false)]);
    let boxes: Vec<&Drawing> = page.drawings.iter().filter(|drawing| matches!(drawing, Drawing::Box(_))).collect();
    assert_eq!(boxes, [&Drawing::Box(Area { x: 40.0, y: 132.0, width: 10.0, height: 10.0 })]);
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
    // By quarter turns: the direction in which its text ran before.
    for (quarters, along) in [(1, (0.0, -1.0)), (2, (-1.0, 0.0)), (3, (0.0, 1.0))] {
        let sheet = Sheet { width: 200.0, height: 300.0, transform: Affine::IDENTITY }.turned(quarters);
        let (from, to) = (Point::new(100.0, 150.0), Point::new(100.0 + along.0, 150.0 + along.1));
        let run = sheet.transform * to - sheet.transform * from;
        assert_eq!((run.x, run.y), (1.0, 0.0), "{quarters} quarters");
        let middle = Point::new(f64::from(sheet.width) / 2.0, f64::from(sheet.height) / 2.0);
        assert_eq!(sheet.transform * from, middle, "{quarters} quarters");
    }
}

/// Pages of honest PDFs with a text layer: our own, and the corpus if present.
fn honest_papers() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["demo/papers", "../shared/corpus/dev", "../shared/corpus/bulk"];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(root.join(folder)).ok()).flatten();
    let paths = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "pdf"));
    paths.map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect()
}

/// A paper whose Hindi pages have a font with Latin codes for its letters, so that the text layer is unreadable.
const GARBLED: (&str, [usize; 5]) = ("cbse-physics-2022-55-4-1.pdf", [4, 6, 8, 10, 12]);

#[test]
fn no_honest_page_is_taken_for_garbage() {
    for (name, bytes) in honest_papers() {
        let pdf = open(&bytes).unwrap();
        let cache = InterpreterCache::new();
        for (number, page) in (1..).zip(pdf.pages().iter()) {
            let found = upright(page, &cache).1;
            let garbled = name.ends_with(GARBLED.0) && GARBLED.1.contains(&number);
            assert_eq!(
                is_legible(&found.chars, found.unknown),
                !garbled,
                "{name}, page {number}: {:?}",
                letters_of_words(&found.chars)
            );
        }
    }
}

/// The same paper with fonts that give each letter the code of another, as some programs do to prevent copying: `a` has
/// the code of `b`.
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
    let paper = include_bytes!("../../../../../demo/papers/s3-mathematics.pdf");
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
        let paper = exam_reading::read_paper(&pages);
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
        assert_eq!(pages(text)[0].unread, None, "{text}");
    }
}
