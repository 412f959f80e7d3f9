//! The school's tables as files, with the same figures as on the pages.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use exam_formats::csv::harmless;
use exam_model::format::given;
use rust_xlsxwriter::Workbook;
use serde::Deserialize;

use super::extract::AdminViewer;
use super::files::attachment;
use crate::domain::analytics::DAYS;
use crate::domain::progress::{DISABLED, PupilSort, share};
use crate::error::AppError;
use crate::server::db::estimates::StandingsFilter;
use crate::server::db::progress::PupilFilter;
use crate::server::db::{analytics, unexpected};
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
    accounts: String,
    sort: String,
}

#[derive(Debug, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
    Nothing,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
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
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// The most rows in a file.
const MAX_LINES: i64 = 100_000;

async fn table(
    State(state): State<AppState>,
    AdminViewer(_viewer): AdminViewer,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (table, ending) = name.rsplit_once('.').ok_or(AppError::NotFound)?;
    let made = build(&state, table, &asked).await?;
    let (kind, bytes) = match ending {
        "csv" => ("text/csv; charset=utf-8", csv(&made).map_err(unexpected)?),
        "xlsx" => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx(&made).map_err(unexpected)?)
        }
        _ => return Err(AppError::NotFound),
    };
    Ok(attachment(&name, kind, bytes))
}

async fn build(state: &AppState, table: &str, asked: &Asked) -> Result<Table, AppError> {
    let (search, level, subject) = (given(&asked.search), given(&asked.level), given(&asked.subject));
    let class = asked.class.parse().ok();
    Ok(match table {
        "students" => {
            let sort = PupilSort::parse(&asked.sort).unwrap_or_default();
            let which = PupilFilter { search, level, class, disabled: asked.accounts == DISABLED, first: &[] };
            let pupils = progress::pupils(state, which, sort, (0, MAX_LINES)).await?;
            let row = |pupil: &crate::domain::progress::PupilLine| {
                let share = share(pupil.earned, pupil.possible);
                vec![
                    pupil.full_name.as_str().into(),
                    pupil.email.as_deref().unwrap_or_default().into(),
                    pupil.login_name.as_deref().unwrap_or_default().into(),
                    pupil.level.as_deref().unwrap_or_default().into(),
                    pupil.attempts.into(),
                    share.into(),
                    pupil.weak_topics.into(),
                ]
            };
            let head =
                vec!["Pupil", "E-mail address", "Login name", "Level", "Attempts", "Share of marks", "Weak topics"];
            Table { head, rows: pupils.iter().map(row).collect() }
        }
        "weak-topics" => {
            let days = asked.period.parse().ok();
            let which = StandingsFilter { pupils: None, level, subject, class, days };
            let topics = progress::weak_topics(state, which).await?;
            let mut rows = Vec::new();
            for topic in &topics {
                // A class can be weak although too little is known about each pupil.
                let pupils: Vec<_> = topic.weak.iter().map(Some).chain(topic.weak.is_empty().then_some(None)).collect();
                rows.extend(pupils.into_iter().map(|pupil| {
                    vec![
                        topic.level.as_str().into(),
                        topic.subject.as_str().into(),
                        topic.name.as_str().into(),
                        Some(topic.class.expected.share).into(),
                        pupil.map_or("", |pupil| &pupil.full_name).into(),
                        pupil.map(|pupil| pupil.mastery.expected.share).into(),
                        pupil.map(|pupil| pupil.mastery.answers.into()).into(),
                    ]
                }));
            }
            let head =
                vec!["Level", "Subject", "Topic", "Expected share, class", "Weak pupil", "Expected share", "Answers"];
            Table { head, rows }
        }
        "activity" => {
            let days = analytics::activity(&state.pool, DAYS).await?;
            let row = |day: &crate::domain::analytics::Day| {
                vec![day.day.to_string().as_str().into(), day.attempts.into(), day.pupils.into()]
            };
            Table { head: vec!["Day", "Attempts", "Pupils"], rows: days.iter().map(row).collect() }
        }
        "subjects" => {
            let subjects = analytics::subjects(&state.pool).await?;
            let row = |sum: &crate::domain::analytics::SubjectSum| {
                let share = share(sum.earned, sum.possible);
                vec![sum.level.as_str().into(), sum.subject.as_str().into(), sum.attempts.into(), share.into()]
            };
            let head = vec!["Level", "Subject", "Attempts", "Share of marks"];
            Table { head, rows: subjects.iter().map(row).collect() }
        }
        _ => return Err(AppError::NotFound),
    })
}

fn csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&table.head)?;
    for row in &table.rows {
        out.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Nothing => String::new(),
        }))?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// An Excel file. Text cells stay text, whatever they begin with.
fn xlsx(table: &Table) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(&table.head) {
        sheet.write_string(0, column, *name)?;
    }
    for (line, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                Cell::Number(number) => sheet.write_number(line, column, *number)?,
                Cell::Nothing => continue,
            };
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let table = Table {
            head: vec!["Name", "Number"],
            rows: vec![vec!["=HYPERLINK(\"x\")".into(), 2.into()], vec!["@SUM(A1)".into(), Cell::Nothing]],
        };
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        assert_eq!(text, "Name,Number\n\"'=HYPERLINK(\"\"x\"\")\",2\n'@SUM(A1),\n");
        assert_eq!(&xlsx(&table).unwrap()[..2], b"PK");
    }
}
