//! The pupil's mistakes: questions answered wrong or only partly, until they are remembered well.

use exam_model::format;
use leptos::prelude::*;

use crate::api::progress::my_mistakes;
use crate::api::quizzes::PractiseMistakes;
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::page_viewer::anchor;
use crate::domain::progress::{Mistake, Mistakes};
use crate::domain::quiz::MISTAKES_AT_A_TIME;

#[component]
pub fn MistakesPage() -> impl IntoView {
    let mistakes = Resource::new(|| (), |()| my_mistakes());
    let start = ServerAction::<PractiseMistakes>::new();
    view! {
        <Page title="Mistakes">
            <Load title="Mistakes" resource=mistakes view=move |mistakes| notebook(mistakes, start)/>
        </Page>
    }
}

fn notebook(mistakes: Mistakes, start: ServerAction<PractiseMistakes>) -> AnyView {
    if mistakes.subjects.is_empty() {
        return view! {
            <p class="empty">"No mistakes yet. Questions that you get wrong, or only partly right, come here. They stay until you know them well."</p>
        }
        .into_any();
    }
    let button = if mistakes.due > 0 {
        view! {
            <ActionForm action=start>
                <button>{format!("Practise what is due ({})", mistakes.due.min(MISTAKES_AT_A_TIME))}</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! { <p>"Nothing is due now. Come back at the times below."</p> }.into_any()
    };
    let subjects: Vec<_> = mistakes
        .subjects
        .into_iter()
        .map(|(subject, mistakes)| {
            let mut lines: Vec<_> = mistakes.into_iter().map(line).collect();
            let later = lines.split_off(lines.len().min(MISTAKES_AT_A_TIME as usize));
            let later = (!later.is_empty()).then(|| {
                view! {
                    <details>
                        <summary>{format!("{} more", later.len())}</summary>
                        <ul class="attempts">{later}</ul>
                    </details>
                }
            });
            view! {
                <section>
                    <h2>{subject.unwrap_or_else(|| "Your own papers".to_owned())}</h2>
                    <ul class="attempts">{lines}</ul>
                    {later}
                </section>
            }
        })
        .collect();
    view! {
        <p>
            "A mistake comes back on another day, until you know it well. Get it right a few times, and it leaves this list."
        </p>
        <FormError error=error_of(start)/>
        {button}
        {subjects}
    }
    .into_any()
}

fn line(mistake: Mistake) -> impl IntoView {
    let due = if mistake.is_due { "Due now".to_owned() } else { format!("Due {}", format::date_time(mistake.due_at)) };
    let marks = format!("{} of {}", format::marks(mistake.earned), format::marks_long(mistake.possible));
    let text = mistake.text.replace('\n', " ");
    let href = format!("/documents/{}{}", mistake.document_id, anchor(&mistake.path));
    let question = format!("Question {} of {}", mistake.path, mistake.paper);
    // Some questions are only drawn.
    let (name, place) = match text.trim() {
        "" => (question, None),
        text => (format::shortened(text, 90), Some(question)),
    };
    let place = [place, mistake.topic, Some(marks)];
    view! {
        <li>
            <a href=href>{name}</a>
            <b>{due}</b>
            <small class="wide">{place.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</small>
        </li>
    }
}
