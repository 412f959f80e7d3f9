//! The mark list of a paper or a test: what each pupil earned for each question.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::location::Url;
use uuid::Uuid;

use super::students::class_options;
use super::{share, tables};
use crate::api::classes::get_class_names;
use crate::api::exams::get_mark_list;
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::mark_list::{Exam, MarkColumn, MarkLine, MarkList, MarkSort, Which};
use crate::pages::{id_param, query_words};

/// Of a paper.
#[component]
pub fn MarksPage() -> impl IntoView {
    marks(Exam::Paper)
}

/// Of a test.
#[component]
pub fn TestMarksPage() -> impl IntoView {
    marks(Exam::Test)
}

fn marks(of: fn(Uuid) -> Exam) -> impl IntoView {
    let (id, asked) = (id_param(), query_words(["class", "sort", "which"]));
    let list = Resource::new(
        move || (id(), asked.get()),
        move |(id, [class, sort, which])| async move {
            let exam = of(id?);
            let (document, test) = exam.ids();
            Ok((exam, get_mark_list(document, test, class, sort, which).await?, get_class_names().await?))
        },
    );
    view! {
        <Page title="Marks">
            <Load resource=list view=move |(exam, list, classes)| found(exam, list, classes, asked.get())/>
        </Page>
    }
}

fn found(exam: Exam, list: MarkList, classes: Vec<(Uuid, String)>, [class, sort, which]: [String; 3]) -> AnyView {
    let which = Which::parse(&which);
    let filters = format!("class={}&sort={}", Url::escape(&class), Url::escape(&sort));
    let query = format!("{}&{filters}&which={}", exam.query(), which.word());
    let counts = Which::ALL.map(|(one, word, words)| {
        let href = format!("{}?{filters}&which={word}", exam.page("marks"));
        match one == which {
            true => view! { " " <b>{words}</b> }.into_any(),
            false => view! { " " <a href=href>{words}</a> }.into_any(),
        }
    });
    let (names, absent_names) = list.names();
    let sorts = MarkSort::ALL.map(|(_, word, words)| (word.to_owned(), words.to_owned())).to_vec();
    let absent: Vec<_> = list
        .absent
        .iter()
        .zip(absent_names)
        .map(|(pupil, name)| view! { <li><a href=format!("/admin/students/{}", pupil.id)>{name}</a></li> })
        .collect();
    let absent = (!absent.is_empty()).then(|| view! { <h2>"Have not sat it"</h2> <ul>{absent}</ul> });
    let title = format!("Marks: {}", list.title);
    let (itself, words) = exam.link();
    view! {
        <h1>{title}</h1>
        <form class="filters" method="get" action=exam.page("marks")>
            <Select label="Class" name="class" options=class_options(classes) value=class/>
            <Select label="Order" name="sort" options=sorts value=sort/>
            <input type="hidden" name="which" value=which.word()/>
            <button class="plain">"Show"</button>
        </form>
        <p class="facts">"Of each pupil counts:" {counts}</p>
        {marks_table(&list, names)}
        {absent}
        <p class="hint">
            "An attempt at the whole paper in which nothing was answered counts only if there is no other. A dash is a question that does not count: its section asks for fewer, or it cannot be marked."
        </p>
        {tables::links("marks", &query)}
        <p class="actions">
            <a class="button plain" href=exam.page("analysis")>"Item analysis"</a>
            <a class="button plain" href=itself>{words}</a>
        </p>
    }
    .into_any()
}

fn marks_table(list: &MarkList, names: Vec<String>) -> AnyView {
    if list.lines.is_empty() {
        return view! { <p class="empty">"Nobody has handed in the whole paper yet."</p> }.into_any();
    }
    let mut head = ["Pupil", "Class", "Total", "%", "Time"].map(str::to_owned).to_vec();
    head.extend(list.items.iter().map(MarkColumn::heading));
    let rows: Vec<_> = list.lines.iter().zip(names).map(|(line, name)| row(line, name, &list.items)).collect();
    let caption = format!("{}: marks by question", format::count(list.lines.len() as i64, "pupil"));
    view! { <div class="mark-list"><Table caption head>{rows}</Table></div> }.into_any()
}

fn row(line: &MarkLine, name: String, columns: &[MarkColumn]) -> AnyView {
    let number = (line.attempts > 1).then(|| format!("attempt {} of {}", line.number, line.attempts));
    let marks = line.marks.iter().zip(columns).map(|(mark, column)| match mark {
        Some(mark) if Some(mark.possible) == column.possible => format::marks(mark.earned),
        Some(mark) => format!("{} of {}", format::marks(mark.earned), format::marks(mark.possible)),
        None => "–".to_owned(),
    });
    let marks: Vec<_> = marks.map(|words| view! { <td class="number">{words}</td> }).collect();
    view! {
        <tr>
            <th scope="row"><a href=format!("/attempts/{}/result", line.attempt)>{name}</a> " " <small>{number}</small></th>
            <td>{line.class.clone()}</td>
            <td class="number">{format!("{} of {}", format::marks(line.earned), format::marks(line.possible))}</td>
            <td class="number">{share(line.earned, line.possible)}</td>
            <td class="number">{format::minutes(line.seconds / 60)}</td>
            {marks}
        </tr>
    }
    .into_any()
}
