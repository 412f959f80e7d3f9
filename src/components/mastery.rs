//! What is known of a topic, in a table cell.

use leptos::prelude::*;

use crate::components::badge::Badge;
use crate::domain::mastery::TopicMastery;

/// The share of the marks that is expected, unless that is not sure; the word for it, between which bounds it lies, and the number
/// of answers.
#[component]
pub fn MasteryWords(standing: TopicMastery) -> impl IntoView {
    let state = standing.state;
    view! {
        {standing.share_words()}
        " "
        <Badge tone=state text=state.name()/>
        <small>{standing.range()}</small>
    }
}
