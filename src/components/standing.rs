//! How a pupil stands in a topic, in two cells of a table.

use leptos::prelude::*;

use super::badge::Badge;
use crate::domain::format;
use crate::domain::progress::Standing;

/// The share of the marks, the answers behind it, and the word for it.
#[component]
pub fn StandingWords(standing: Standing) -> impl IntoView {
    let Standing { evidence, state } = standing;
    let percent = evidence.share().map_or("–".to_owned(), |share| format!("{:.0} %", 100.0 * share));
    view! {
        {percent}
        " "
        <Badge tone=state text=state.name()/>
        <small>{format::count(evidence.answers, "answer")}</small>
    }
}
