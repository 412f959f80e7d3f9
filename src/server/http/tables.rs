//! The school's tables as files, with the same figures as on the pages.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use exam_formats::csv::harmless;
use exam_model::format::{given, in_kigali};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use serde::Deserialize;

use super::extract::AdminViewer;
use super::files::attachment;
use crate::domain::analytics::DAYS;
use crate::domain::mark_list::{MarkColumn, MarkSort, Which};
use crate::domain::progress::{DISABLED, PupilSort, share};
use crate::error::AppError;
use crate::server::attempts::paper_results;
use crate::server::db::estimates::StandingsFilter;
use crate::server::db::progress::PupilFilter;
use crate::server::db::{analytics, unexpected};
use crate::server::viewer::Viewer;
use crate::server::{AppState, progress};

/// `/admin/tables/{table}.{csv|xlsx}`.
pub fn router() -> Router<AppState> {
    Router::new().route("/admin/tables/{name}", get(table))
}

/// The query of the table's page; empty values do not filter.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    search: String,
    level: String,
    subject: String,
    period: String,
    class: String,
    document: String,
    accounts: String,
    sort: String,
    which: String,
}

#[derive(Debug, PartialEq)]
enum Cell {
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
    fn share(share: Option<f64>) -> Self {
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
struct Table {
    /// The name of the file, without its ending.
    name: String,
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    fn new(name: impl Into<String>, head: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Self {
        Self { name: name.into(), head: head.iter().map(|&name| name.to_owned()).collect(), rows: rows.collect() }
    }
}

/// The most rows in a file.
const MAX_LINES: i64 = 100_000;

async fn table(
    State(state): State<AppState>,
    AdminViewer(viewer): AdminViewer,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (table, ending) = name.rsplit_once('.').ok_or(AppError::NotFound)?;
    let made = build(&state, &viewer, table, &asked).await?;
    let (kind, bytes) = match ending {
        "csv" => ("text/csv; charset=utf-8", csv(&made).map_err(unexpected)?),
        "xlsx" => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx(&made).map_err(unexpected)?)
        }
        _ => return Err(AppError::NotFound),
    };
    Ok(attachment(&format!("{}.{ending}", made.name), kind, bytes))
}

async fn build(state: &AppState, viewer: &Viewer, table: &str, asked: &Asked) -> Result<Table, AppError> {
    match table {
        "students" => students(state, asked).await,
        "weak-topics" => weak_topics(state, asked).await,
        "activity" => {
            let days = analytics::activity(&state.pool, DAYS).await?.into_iter();
            let rows = days.map(|day| vec![Cell::Day(day.day), day.attempts.into(), day.pupils.into()]);
            Ok(Table::new(table, &["Day", "Attempts", "Pupils"], rows))
        }
        "subjects" => {
            let subjects = analytics::subjects(&state.pool).await?.into_iter();
            let rows = subjects.map(|sum| {
                let share = Cell::share(share(sum.earned, sum.possible));
                vec![sum.level.as_str().into(), sum.subject.as_str().into(), sum.attempts.into(), share]
            });
            Ok(Table::new(table, &["Level", "Subject", "Attempts", "Share of marks"], rows))
        }
        "marks" => marks(state, viewer, asked).await,
        "analysis" => analysis(state, viewer, asked).await,
        _ => Err(AppError::NotFound),
    }
}

async fn students(state: &AppState, asked: &Asked) -> Result<Table, AppError> {
    let (search, level, class) = (given(&asked.search), given(&asked.level), asked.class.parse().ok());
    let sort = PupilSort::parse(&asked.sort).unwrap_or_default();
    let which = PupilFilter { search, level, class, disabled: asked.accounts == DISABLED, first: &[] };
    let pupils = progress::pupils(state, which, sort, (0, MAX_LINES)).await?.into_iter();
    let rows = pupils.map(|pupil| {
        vec![
            pupil.full_name.as_str().into(),
            pupil.email.as_deref().into(),
            pupil.login_name.as_deref().into(),
            pupil.level.as_deref().into(),
            pupil.attempts.into(),
            Cell::share(share(pupil.earned, pupil.possible)),
            pupil.weak_topics.into(),
        ]
    });
    let head = ["Pupil", "E-mail address", "Login name", "Level", "Attempts", "Share of marks", "Weak topics"];
    Ok(Table::new("students", &head, rows))
}

async fn weak_topics(state: &AppState, asked: &Asked) -> Result<Table, AppError> {
    let (level, subject, class) = (given(&asked.level), given(&asked.subject), asked.class.parse().ok());
    let which = StandingsFilter { pupils: None, level, subject, class, days: asked.period.parse().ok() };
    let topics = progress::weak_topics(state, which).await?;
    let rows = topics.iter().flat_map(|topic| {
        // A class can be weak although too little is known about each pupil.
        let pupils = topic.weak.iter().map(Some).chain(topic.weak.is_empty().then_some(None));
        pupils.map(|pupil| {
            vec![
                topic.level.as_str().into(),
                topic.subject.as_str().into(),
                topic.name.as_str().into(),
                Cell::Share(topic.class.expected.share),
                pupil.map(|pupil| pupil.full_name.as_str()).into(),
                Cell::share(pupil.map(|pupil| pupil.mastery.expected.share)),
                pupil.map(|pupil| f64::from(pupil.mastery.answers)).into(),
            ]
        })
    });
    let head = ["Level", "Subject", "Topic", "Expected share, class", "Weak pupil", "Expected share", "Answers"];
    Ok(Table::new("weak-topics", &head, rows))
}

async fn marks(state: &AppState, viewer: &Viewer, asked: &Asked) -> Result<Table, AppError> {
    let document = asked.document.parse().map_err(|_| AppError::NotFound)?;
    let (class, sort, which) = (asked.class.parse().ok(), MarkSort::parse(&asked.sort), Which::parse(&asked.which));
    let list = paper_results::mark_list(&state.pool, viewer, document, class, sort, which).await?;
    let mut head =
        ["Pupil", "Signs in as", "Class", "Attempt", "Handed in", "Minutes", "Total", "Out of", "Share of marks"]
            .map(str::to_owned)
            .to_vec();
    head.extend(list.items.iter().map(MarkColumn::heading));
    let rows = list.lines.iter().map(|line| {
        let mut row = vec![
            line.full_name.as_str().into(),
            line.sign_in_name.as_str().into(),
            line.class.as_deref().into(),
            line.number.into(),
            Cell::Time(in_kigali(line.submitted_at).naive_local()),
            (line.seconds / 60).into(),
            Cell::Number(line.earned),
            Cell::Number(line.possible),
            Cell::share(line.share()),
        ];
        row.extend(line.marks.iter().map(|mark| mark.map(|mark| mark.earned).into()));
        row
    });
    Ok(Table { name: format!("Marks {}", list.paper), head, rows: rows.collect() })
}

async fn analysis(state: &AppState, viewer: &Viewer, asked: &Asked) -> Result<Table, AppError> {
    let document = asked.document.parse().map_err(|_| AppError::NotFound)?;
    let (paper, _, figures) = paper_results::analysis(&state.pool, viewer, document).await?;
    let questions = figures.map(|figures| figures.questions).unwrap_or_default().into_iter();
    let rows = questions.map(|question| {
        let check = question.suspect.is_some().then_some("yes");
        vec![
            question.path.as_str().into(),
            (question.attempts as i64).into(),
            Cell::share(question.facility),
            question.discrimination.into(),
            check.into(),
        ]
    });
    let head = ["Question", "Pupils", "Facility index", "Discrimination index", "Check the key"];
    Ok(Table::new(format!("Item analysis {paper}"), &head, rows))
}

/// With the mark before it that makes a spreadsheet read UTF-8.
fn csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
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
fn xlsx(table: &Table) -> Result<Vec<u8>, XlsxError> {
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
