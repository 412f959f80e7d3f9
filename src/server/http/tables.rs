//! The school's tables as files, with the same figures as on the pages.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use exam_model::format::{given, in_kigali};
use serde::Deserialize;

use super::extract::StaffViewer;
use super::files::attachment;
use crate::domain::analytics::DAYS;
use crate::domain::mark_list::{Exam, MarkColumn, MarkSort, Which};
use crate::domain::progress::{DISABLED, PupilSort, share};
use crate::error::AppError;
use crate::server::attempts::paper_results;
use crate::server::db::estimates::StandingsFilter;
use crate::server::db::progress::PupilFilter;
use crate::server::db::{analytics, unexpected};
use crate::server::spreadsheet::{Cell, Table, csv, xlsx};
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
    test: String,
    accounts: String,
    sort: String,
    which: String,
}

impl Asked {
    fn exam(&self) -> Result<Exam, AppError> {
        Exam::of(self.document.parse().ok(), self.test.parse().ok()).ok_or(AppError::NotFound)
    }
}

/// The most rows in a file.
const MAX_LINES: i64 = 100_000;

async fn table(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
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
        "students" => students(state, viewer, asked).await,
        "weak-topics" => weak_topics(state, viewer, asked).await,
        "activity" => {
            let days = analytics::activity(&state.pool, &viewer.scope(None)?, DAYS).await?.into_iter();
            let rows = days.map(|day| vec![Cell::Day(day.day), day.attempts.into(), day.pupils.into()]);
            Ok(Table::new(table, &["Day", "Attempts", "Pupils"], rows))
        }
        "subjects" => {
            let subjects = analytics::subjects(&state.pool, &viewer.scope(None)?).await?.into_iter();
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

async fn students(state: &AppState, viewer: &Viewer, asked: &Asked) -> Result<Table, AppError> {
    let (search, level, scope) = (given(&asked.search), given(&asked.level), viewer.scope(asked.class.parse().ok())?);
    let sort = PupilSort::parse(&asked.sort).unwrap_or_default();
    let which = PupilFilter { search, level, disabled: asked.accounts == DISABLED, ..PupilFilter::of(&scope) };
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

async fn weak_topics(state: &AppState, viewer: &Viewer, asked: &Asked) -> Result<Table, AppError> {
    let (level, subject, scope) = (given(&asked.level), given(&asked.subject), viewer.scope(asked.class.parse().ok())?);
    let which = StandingsFilter { level, subject, days: asked.period.parse().ok(), ..StandingsFilter::of(&scope) };
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
    let (class, sort, which) = (asked.class.parse().ok(), MarkSort::parse(&asked.sort), Which::parse(&asked.which));
    let list = paper_results::mark_list(&state.pool, viewer, asked.exam()?, class, sort, which).await?;
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
    Ok(Table { name: format!("Marks {}", list.title), head, rows: rows.collect() })
}

async fn analysis(state: &AppState, viewer: &Viewer, asked: &Asked) -> Result<Table, AppError> {
    let (paper, _, figures) = paper_results::analysis(&state.pool, viewer, asked.exam()?).await?;
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
