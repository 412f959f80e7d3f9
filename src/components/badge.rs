//! A short word in a coloured frame. The meaning is in the word; the colour only helps.

use exam_model::answer::Verdict;
use leptos::prelude::*;

use crate::domain::mastery::TopicState;

/// What the colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Fair,
    Bad,
    Quiet,
}

impl Tone {
    /// The classes of its badge.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "badge good",
            Tone::Fair => "badge fair",
            Tone::Bad => "badge bad",
            Tone::Quiet => "badge quiet",
        }
    }

    /// Of a verdict; a suggestion has no colour of its own.
    pub fn of(verdict: Verdict, is_provisional: bool) -> Self {
        if is_provisional { Self::Quiet } else { verdict.into() }
    }
}

impl From<TopicState> for Tone {
    fn from(state: TopicState) -> Self {
        match state {
            TopicState::Weak => Tone::Bad,
            TopicState::Fair => Tone::Fair,
            TopicState::Strong => Tone::Good,
            TopicState::Unsure => Tone::Quiet,
        }
    }
}

impl From<Verdict> for Tone {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Right => Tone::Good,
            Verdict::Partly => Tone::Fair,
            Verdict::Wrong => Tone::Bad,
            Verdict::Blank | Verdict::Unmarked => Tone::Quiet,
        }
    }
}

#[component]
pub fn Badge(#[prop(into)] tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=tone.class()>{text}</span> }
}
