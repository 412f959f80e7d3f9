//! Tables as CSV and Excel files, which open with numbers as numbers and days as days.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use exam_formats::csv::harmless;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

/// A cell of a table.
#[derive(Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    /// 0 to 1, written in per cent.
    Share(f64),
    Day(NaiveDate),
    /// As clocks in Rwanda show it.
    Time(NaiveDateTime),
    Nothing,
}

impl Cell {
    /// A share of something, if there is any of it.
    pub fn share(share: Option<f64>) -> Self {
        share.map_or(Self::Nothing, Self::Share)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Nothing, Self::from)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

/// A heading and rows below it.
pub struct Table {
    /// The name of the file, without its ending.
    pub name: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table of these rows, below these headings.
    pub fn new(name: impl Into<String>, head: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Self {
        Self { name: name.into(), head: head.iter().map(|&name| name.to_owned()).collect(), rows: rows.collect() }
    }
}

/// A CSV file, with the mark before it that makes a spreadsheet read UTF-8.
pub fn csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    out.write_record(table.head.iter().map(|name| harmless(name)))?;
    for row in &table.rows {
        out.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Share(share) => format!("{:.1}%", 100.0 * share),
            Cell::Day(day) => day.to_string(),
            Cell::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
            Cell::Nothing => String::new(),
        }))?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// The widest column of an Excel file, in pixels.
const MAX_WIDTH: u32 = 400;

/// An Excel file. Text cells stay text, whatever they begin with.
pub fn xlsx(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let [share, day, time] = ["0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"].map(|form| Format::new().set_num_format(form));
    for (column, name) in (0..).zip(&table.head) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    for (line, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                Cell::Number(number) => sheet.write_number(line, column, *number)?,
                Cell::Share(value) => sheet.write_number_with_format(line, column, *value, &share)?,
                Cell::Day(value) => sheet.write_datetime_with_format(line, column, &excel_day(*value)?, &day)?,
                Cell::Time(value) => {
                    let at = excel_day(value.date())?.and_hms(value.hour() as u16, value.minute() as u8, 0.0)?;
                    sheet.write_datetime_with_format(line, column, &at, &time)?
                }
                Cell::Nothing => continue,
            };
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_autofit_max_width(MAX_WIDTH).autofit();
    book.save_to_buffer()
}

fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let rows = [vec!["=HYPERLINK(\"x\")".into(), 2.into()], vec!["@SUM(A1)".into(), Cell::Nothing]];
        let table = Table::new("names", &["Name", "Number"], rows.into_iter());
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Name,Number\n\"'=HYPERLINK(\"\"x\"\")\",2\n'@SUM(A1),\n");
        assert_eq!(&xlsx(&table).unwrap()[..2], b"PK");
    }

    #[test]
    fn numbers_shares_and_dates_are_what_they_are() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        let row =
            vec![Cell::Number(1.5), Cell::Share(0.625), Cell::Day(day), Cell::Time(day.and_hms_opt(14, 5, 0).unwrap())];
        let table = Table::new("all", &["Mark", "Share", "Day", "Time"], [row].into_iter());
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        assert_eq!(text.lines().nth(1), Some("1.5,62.5%,2026-11-29,2026-11-29 14:05"));
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx(&table).unwrap())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let [mark, share, day, time] = [0, 1, 2, 3].map(|column| sheet.get((1, column)).unwrap().clone());
        assert_eq!((mark, share), (Data::Float(1.5), Data::Float(0.625)));
        let number = |cell: Data| match cell {
            Data::DateTime(at) => at.as_f64(),
            other => panic!("{other:?}"),
        };
        assert_eq!([day, time].map(number), [46_355.0, 46_355.0 + 845.0 / 1440.0]);
    }
}
