//! A page of exams in progress that keeps itself up to date.

use std::collections::BTreeMap;

use leptos::prelude::AnyView;
use serde_json::{Value, json};

use super::badge::Tone;
use super::script::{NEWS, script};
use crate::domain::invigilation::Look;

impl From<Look> for Tone {
    fn from(look: Look) -> Self {
        match look {
            Look::NoConnection => Tone::Bad,
            Look::NotStarted | Look::Idle => Tone::Fair,
            Look::Paused | Look::Ended => Tone::Quiet,
            Look::Works => Tone::Good,
        }
    }
}

/// Shows the news of exams in progress, in the lines of [`Told::news`](crate::domain::invigilation::Told::news), as the server
/// sends them to this address.
pub fn follow_exams(address: String) -> AnyView {
    let badges: BTreeMap<_, _> = Look::ALL.into_iter().map(|(look, words)| (words, Tone::from(look).class())).collect();
    script(NEWS, &[Value::Null, address.into(), json!(badges)])
}
