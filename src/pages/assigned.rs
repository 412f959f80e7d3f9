//! What a pupil's school has set.

use chrono::{DateTime, Utc};
use exam_model::format;
use leptos::prelude::*;

use crate::api::assignments::StartAssignment;
use crate::domain::assignment::{PupilAssignment, Stage, Work};

/// What is set, in one list.
pub fn list(now: DateTime<Utc>, work: Vec<PupilAssignment>, start: ServerAction<StartAssignment>) -> AnyView {
    if work.is_empty() {
        return ().into_any();
    }
    let line = |one: PupilAssignment| {
        let (facts, action) = (facts(now, &one), action(now, &one, start));
        view! {
            <li>
                <span><b>{one.title}</b> " " <small>{facts}</small></span>
                {action}
            </li>
        }
    };
    let lines: Vec<_> = work.into_iter().map(line).collect();
    view! {
        <section class="card note" aria-labelledby="assigned">
            <h2 id="assigned">"Your school has set"</h2>
            <ul class="attempts">{lines}</ul>
        </section>
    }
    .into_any()
}

/// What it is and when it is done, in a few words.
pub fn facts(now: DateTime<Utc>, one: &PupilAssignment) -> String {
    let stage = one.stage(now);
    let what = match one.work {
        Work::Paper(_) => "The whole paper".to_owned(),
        Work::Topic { questions, .. } => format::count(questions.into(), "question"),
        Work::Test(_) => "A test".to_owned(),
    };
    let when = match stage {
        Stage::Waits => format!("opens {}", format::date_time(one.opens_at)),
        _ => format!("due {}", format::date_time(one.due_at)),
    };
    let left = match stage {
        Stage::Open { left } if one.attempts > 1 => Some(format!("{} left", format::count(left, "attempt"))),
        Stage::Done => Some("done".to_owned()),
        Stage::Over => Some("over".to_owned()),
        _ => None,
    };
    let marks = one.results_at.map(|at| format!("marks from {}", format::date_time(at)));
    [Some(what), Some(when), left, marks].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The one thing that can be done with it: to start, to go on, or to see the marks.
pub fn action(now: DateTime<Utc>, one: &PupilAssignment, start: ServerAction<StartAssignment>) -> Option<AnyView> {
    let (id, title) = (one.id.to_string(), one.title.clone());
    let code = one.needs_code.then(|| {
        view! {
            <input
                name="code"
                required=true
                maxlength="12"
                size="8"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                placeholder="Code"
                aria-label=format!("Code told in the room: {title}")
            />
        }
    });
    match one.stage(now) {
        Stage::Running(attempt) => {
            Some(view! { <a class="button" href=format!("/attempts/{attempt}") aria-label=format!("Continue: {title}")>"Continue"</a> }.into_any())
        }
        Stage::Open { .. } => Some(
            view! {
                <ActionForm action=start attr:class="inline">
                    <input type="hidden" name="id" value=id/>
                    {code}
                    <button aria-label=format!("Start: {title}")>"Start"</button>
                </ActionForm>
            }
            .into_any(),
        ),
        _ => one.last.filter(|_| one.results_at.is_none()).map(|last| {
            view! { <a href=format!("/attempts/{last}/result") aria-label=format!("Your marks: {title}")>"Your marks"</a> }.into_any()
        }),
    }
}
