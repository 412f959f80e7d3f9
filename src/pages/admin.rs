//! The school's pages.

use leptos::prelude::*;

use crate::api::documents::get_shelf;
use crate::api::progress::pupils;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::format;

pub mod documents;
pub mod exams;
pub mod remark;
pub mod review;
pub mod student;
pub mod students;
pub mod topics;

/// What there is, and who needs help first.
#[component]
pub fn AdminPage() -> impl IntoView {
    let overview = Resource::new(
        || (),
        |()| async {
            Ok((pupils(String::new()).await?, get_shelf(String::new(), String::new(), String::new()).await?))
        },
    );
    view! {
        <Page title="Overview">
            <Load
                title="Overview"
                resource=overview
                view=|(pupils, shelf)| {
                    let attempts: i64 = pupils.iter().map(|pupil| pupil.attempts).sum();
                    let questions: i64 = shelf.documents.iter().map(|document| document.question_count).sum();
                    let count = pupils.len() as i64;
                    let mut weakest: Vec<_> = pupils.into_iter().filter(|pupil| pupil.weak_topics > 0).collect();
                    weakest.sort_by_key(|pupil| std::cmp::Reverse(pupil.weak_topics));
                    weakest.truncate(10);
                    view! {
                        <ul class="numbers">
                            <li><a href="/admin/students"><b>{count}</b> " pupils"</a></li>
                            <li><a href="/admin/documents"><b>{shelf.documents.len()}</b> " papers"</a></li>
                            <li><a href="/admin/documents"><b>{questions}</b> " questions"</a></li>
                            <li><a href="/admin/students"><b>{attempts}</b> " attempts handed in"</a></li>
                        </ul>
                        <h2>"Who needs help first"</h2>
                        {students::pupil_table("Pupils with the most weak topics", weakest)}
                        <p class="actions">
                            <a class="button" href="/documents/new">"Add a paper"</a>
                            <a class="button plain" href="/admin/exams">"Exams now"</a>
                            <a class="button plain" href="/admin/topics">"Subjects and topics"</a>
                        </p>
                    }
                        .into_any()
                }
            />
        </Page>
    }
}

/// "62 %" of marks, or a dash before there are any.
pub fn share(earned: f64, possible: f64) -> String {
    format::percent(earned, possible).map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}
