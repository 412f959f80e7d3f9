//! The school's pages.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::location::Url;

use crate::api::analytics::get_overview;
use crate::components::chart::{Bar, BarChart};
use crate::components::layout::{Page, is_owner, use_me};
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::analytics::Overview;
use crate::domain::progress::PupilLine;

pub mod analysis;
pub mod assignments;
pub mod audit;
pub mod class_tests;
pub mod classes;
pub mod documents;
pub mod exams;
pub mod marking;
pub mod marks;
pub mod monday;
pub mod regrade;
pub mod review;
pub mod schools;
pub mod student;
pub mod students;
pub mod system;
mod tables;
pub mod teachers;
pub mod topics;
pub mod weak_topics;

/// Totals, activity, and the pupils who need help first.
#[component]
pub fn AdminPage() -> impl IntoView {
    let me = use_me();
    let resource = Resource::new(|| (), move |()| async move { Ok((get_overview().await?, is_owner(me).await)) });
    view! {
        <Page title="Overview">
            <Load title="Overview" resource view=|((overview, weakest), owner)| whole(overview, weakest, owner)/>
        </Page>
    }
}

fn whole(overview: Overview, weakest: Vec<PupilLine>, owner: bool) -> AnyView {
    let Overview { school, students, documents, questions, attempts, activity, subjects } = overview;
    let bars = activity.iter().map(|day| Bar { label: format::day(day.day), value: day.attempts }).collect();
    let rows: Vec<_> = subjects
        .into_iter()
        .map(|sum| {
            let weak = format!("/admin/weak-topics?level={}&subject={}", sum.level, Url::escape(&sum.subject));
            view! {
                <tr>
                    <th scope="row"><a href=weak>{format!("{} {}", sum.level, sum.subject)}</a></th>
                    <td class="number">{sum.attempts}</td>
                    <td class="number">{share(sum.earned, sum.possible)}</td>
                </tr>
            }
        })
        .collect();
    let by_subject = (!rows.is_empty()).then(|| {
        view! {
            <h2>"By subject"</h2>
            <Table caption="Attempts handed in, by subject" head=vec!["Subject", "Attempts", "Marks"]>
                {rows}
            </Table>
            {tables::links("subjects", "")}
        }
    });
    view! {
        {school.map(|school| view! { <p class="facts">{school}</p> })}
        <ul class="numbers">
            <li><a href="/admin/students"><b>{students}</b> " pupils"</a></li>
            <li><a href="/admin/documents"><b>{documents}</b> " papers"</a></li>
            <li><a href="/admin/documents"><b>{questions}</b> " questions"</a></li>
            <li><a href="/admin/students"><b>{attempts}</b> " attempts handed in"</a></li>
        </ul>
        <BarChart caption="Handed in each day" unit="attempts" bars/>
        {tables::links("activity", "")}
        <h2>"Who needs help first"</h2>
        {students::pupil_table("Pupils with the most weak topics", weakest)}
        <p class="actions">
            <a class="button" href="/admin/monday">"What to teach again"</a>
            <a class="button plain" href="/admin/weak-topics">"Weak topics"</a>
            <a class="button plain" href="/documents/new">"Add a paper"</a>
            <a class="button plain" href="/admin/tests">"Tests"</a>
            <a class="button plain" href="/admin/assignments">"Work that is set"</a>
            <a class="button plain" href="/admin/exams">"Exams in progress"</a>
            <a class="button plain" href="/admin/marking">"Answers to mark"</a>
            {owner.then(|| view! {
                <a class="button plain" href="/admin/topics">"Subjects and topics"</a>
                <a class="button plain" href="/admin/schools">"Schools"</a>
                <a class="button plain" href="/admin/system">"System"</a>
            })}
        </p>
        {by_subject}
    }
    .into_any()
}

/// The share of the marks, such as "62 %", or a dash if there are none.
pub fn share(earned: f64, possible: f64) -> String {
    format::percent(earned, possible).map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}
