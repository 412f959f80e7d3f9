//! How a pupil stands in a topic, in two cells of a table.

use exam_model::format;
use leptos::prelude::*;

use crate::components::badge::Badge;
use crate::domain::progress::TopicMastery;

/// The share of the marks, the answers behind it, and the word for it.
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
