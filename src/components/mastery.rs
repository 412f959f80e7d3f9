//! A pupil's mastery of a topic, in a table cell.

use exam_model::format;
use leptos::prelude::*;

use crate::components::badge::Badge;
use crate::domain::progress::TopicMastery;

/// The share of the marks, the word for it, and the number of answers.
#[component]
pub fn MasteryWords(standing: TopicMastery) -> impl IntoView {
    let TopicMastery { evidence, state } = standing;
    let percent = evidence.share().map_or("–".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    view! {
        {percent}
        " "
        <Badge tone=state text=state.name()/>
        <small>{format::count(evidence.answers, "answer")}</small>
    }
}
