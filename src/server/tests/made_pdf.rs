//! PDFs for tests, built object by object.

/// A file with objects numbered from 1; the first one is the catalog. `trailer` is added to the trailer.
pub fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    let count = objects.len() + 1;
    out.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
    out.extend(places.iter().flat_map(|place| format!("{place:010} 00000 n \n").into_bytes()));
    out.extend(format!("trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

/// An object that is not a stream.
pub fn object(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// A stream with these entries in its dictionary.
pub fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

/// The catalog, the page tree and a page whose content is object 4; `resources` may refer to objects from 5.
pub fn one_page(resources: &str, content: Vec<u8>, more: &[Vec<u8>]) -> Vec<u8> {
    let page =
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>");
    let mut objects = vec![
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        object(&page),
        content,
    ];
    objects.extend_from_slice(more);
    file(&objects, "")
}

/// Pages with these lines in Helvetica; a page without lines is blank.
pub fn text_pages(pages: &[&[&str]]) -> Vec<u8> {
    let numbers: Vec<usize> = (0..pages.len()).map(|n| 4 + 2 * n).collect();
    let kids: Vec<String> = numbers.iter().map(|number| format!("{number} 0 R")).collect();
    let mut objects = vec![
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object(&format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len())),
        object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
    ];
    for (number, lines) in numbers.iter().zip(pages) {
        objects.push(object(&format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F 3 0 R >> >> >>",
            number + 1
        )));
        let line = |(n, line): (usize, &&str)| format!("1 0 0 1 60 {} Tm ({line}) Tj ", 780 - 20 * n);
        let text: String = lines.iter().enumerate().map(line).collect();
        objects.push(stream("", format!("BT /F 11 Tf {text}ET").as_bytes()));
    }
    file(&objects, "")
}

/// `count` spaces or a few more, compressed by FlateDecode to a thousandth.
pub fn packed_spaces(count: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    // Deflate's fixed codes, first bit first: a last block, a space, then repeats of 258 of the previous byte.
    let mut code = |code: &str| bits.extend(code.bytes().map(|bit| bit == b'1'));
    ["1", "10", "01010000"].into_iter().for_each(&mut code);
    (0..count.div_ceil(258)).for_each(|_| ["11000101", "00000"].into_iter().for_each(&mut code));
    code("0000000");
    let mut out = vec![0x78, 0x9C];
    out.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, &bit| sum << 1 | u8::from(bit))));
    out
}

/// A file with other streams for these object numbers, as an incremental update.
pub fn with_streams(bytes: &[u8], streams: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut table = String::new();
    for (number, data) in streams {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(stream("", data));
        out.extend(b"\nendobj\n");
    }
    let text = String::from_utf8_lossy(bytes);
    let after = |mark: &str| text.rsplit_once(mark).map(|(_, rest)| rest).unwrap();
    let trailer = after("trailer\n<<").split_once(">>").unwrap().0;
    let before = after("startxref\n").lines().next().unwrap();
    let xref = out.len();
    out.extend(format!("xref\n{table}trailer\n<<{trailer}\n/Prev {before}>>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}
