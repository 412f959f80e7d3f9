//! Reads the cells of a list: pasted text, CSV in any common encoding and with any separator, or an Excel file.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::domain::class_list::{ListProblem, MAX_ROWS};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 2 << 20;
/// The most cells of a row that are read; a list of pupils has a few.
const MAX_COLUMNS: usize = 50;

/// The cells of each row, empty rows included.
pub fn cells(bytes: &[u8]) -> Result<Vec<Vec<String>>, ListProblem> {
    if bytes.len() > MAX_BYTES {
        return Err(ListProblem::TooLarge);
    }
    // A ZIP file, as .xlsx is.
    let cells = if bytes.starts_with(b"PK\x03\x04") { spreadsheet(bytes)? } else { text(&decoded(bytes)?) };
    if cells.len() > 2 * MAX_ROWS {
        return Err(ListProblem::TooLong);
    }
    Ok(cells)
}

/// The first sheet, cell by cell: as a table, a stray cell in a far corner would fill the memory.
fn spreadsheet(bytes: &[u8]) -> Result<Vec<Vec<String>>, ListProblem> {
    let unreadable = |_| ListProblem::Unreadable;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let first = book.sheet_names().into_iter().next().ok_or(ListProblem::Empty)?;
    let mut sheet = book.worksheet_cells_reader(&first).map_err(unreadable)?;
    let mut cells: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = sheet.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let text = clean(&Data::from(cell.get_value().clone()).to_string());
        if text.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        if row >= 2 * MAX_ROWS {
            return Err(ListProblem::TooLong);
        }
        cells.resize(cells.len().max(row + 1), Vec::new());
        let length = cells[row].len().max(column + 1);
        cells[row].resize(length, String::new());
        cells[row][column] = text;
    }
    Ok(cells)
}

/// The text of a file: by its byte order mark, else UTF-8, else Windows-1252, as Excel writes it.
fn decoded(bytes: &[u8]) -> Result<String, ListProblem> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    let (text, ..) = encoding.decode(bytes);
    // A picture or a program, not a text.
    let binary = text.chars().any(|c| c.is_control() && !c.is_whitespace());
    if binary { Err(ListProblem::Unreadable) } else { Ok(text.into_owned()) }
}

/// The lines of a text, cut at the separator that its first line has most of.
fn text(text: &str) -> Vec<Vec<String>> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    // Of equally many, the last.
    let separator = *b",;\t".iter().max_by_key(|separator| count(separator)).unwrap_or(&b',');
    // The reader would leave out empty lines, which count as rows.
    let empty = char::from(separator).to_string();
    let lines = text.lines().map(|line| if line.trim().is_empty() { empty.as_str() } else { line });
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|row| row.iter().take(MAX_COLUMNS).map(clean).collect()).collect()
}

/// A cell without what PostgreSQL or a page cannot show.
fn clean(cell: &str) -> String {
    let shown: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> Vec<String> {
        cells(bytes).unwrap().into_iter().map(|row| row.join("|")).collect()
    }

    #[test]
    fn texts_of_all_kinds() {
        assert_eq!(names(b"Name,Class\n\n\"Uwase, Aline\",P6 A\n"), ["Name|Class", "|", "Uwase, Aline|P6 A"]);
        assert_eq!(names(b"\xEF\xBB\xBFNom;Classe\r\nZo\xC3\xA9;P6 A"), ["Nom|Classe", "Zoé|P6 A"]);
        assert_eq!(names(b"Nom;Classe\r\nZo\xE9;P6 A"), ["Nom|Classe", "Zoé|P6 A"], "Windows-1252");
        assert_eq!(names(b"\xFF\xFEN\0\t\0C\0\n\0\xE9\0\t\0B\0"), ["N|C", "é|B"], "UTF-16");
        assert_eq!(cells(b"GIF89a\x01\x00"), Err(ListProblem::Unreadable));
        assert_eq!(cells(b"PK\x03\x04 and nothing"), Err(ListProblem::Unreadable));
        assert_eq!(cells(&vec![b'a'; MAX_BYTES + 1]), Err(ListProblem::TooLarge));
    }

    #[test]
    fn spreadsheets() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, (name, number)) in (2..).zip([("Uwase Aline", 7.0), ("Mugisha Éric", 8.0)]) {
            sheet.write_string(row, 0, name).unwrap();
            sheet.write_number(row, 1, number).unwrap();
        }
        sheet.write_string(1_048_575, 16_383, "stray").unwrap();
        assert_eq!(names(&book.save_to_buffer().unwrap()), ["", "", "Uwase Aline|7", "Mugisha Éric|8"]);
        book.worksheets_mut()[0].write_string(1_048_575, 0, "too far down").unwrap();
        assert_eq!(cells(&book.save_to_buffer().unwrap()), Err(ListProblem::TooLong));
    }
}
