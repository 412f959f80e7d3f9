//! What is known of a topic, in a table cell.

use leptos::prelude::*;

use crate::components::badge::Badge;
use crate::domain::mastery::TopicMastery;

/// The share of the marks that is expected, between which bounds, the word for it, and the number of answers.
#[component]
pub fn MasteryWords(standing: TopicMastery) -> impl IntoView {
    let TopicMastery { expected, state, .. } = standing;
    view! {
        {format!("{:.0} %", 100.0 * expected.share)}
        " "
        <Badge tone=state text=state.name()/>
        <small>{standing.range()}</small>
    }
}
