//! The palette of an open exam: its questions by number with what is answered, and how the page is shown. `palette.js` keeps it
//! up to date, flags questions, and shows one at a time.

use exam_model::paper::{Rule, section_rule};
use exam_model::question::{Kind, Question};
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::calculator::calculator;
use crate::components::display::DisplaySettings;
use crate::components::strip::{StripLink, strip};
use crate::components::text_area::TextArea;
use crate::domain::attempt::OpenAttempt;

const NOTES: &str = "Notes, only on this phone";

/// The button below a question that marks it to look at again.
pub fn flag(question: &Question) -> impl IntoView + use<> {
    let label = format!("Look again: question {}", question.path);
    view! { <button type="button" class="plain flag" aria-label=label data-scripts hidden>"⚑ Look again"</button> }
}

/// The bar below the questions, with the palette in it.
pub fn palette(attempt: &OpenAttempt) -> impl IntoView + use<> {
    let questions = &attempt.quiz.questions;
    let filled = |question: &Question| {
        let of_leaf = |leaf: &&Question| {
            let answer = attempt.answers.get(&leaf.id).filter(|answer| !answer.is_blank());
            let pieces = answer.map(|answer| answer.0.as_slice()).unwrap_or_default();
            let filled = pieces.iter().filter(|piece| !piece.trim().is_empty()).count();
            // Of choices one is enough; of lines and lists each counts.
            let is_ticked = leaf.kind == Kind::Multiple || leaf.asks_for_a_drawing();
            if is_ticked { (filled.min(1), 1) } else { (filled, pieces.len().max(1)) }
        };
        question.leaves().iter().map(of_leaf).fold((0, 0), |(filled, all), leaf| (filled + leaf.0, all + leaf.1))
    };
    let answered = questions.iter().map(filled).filter(|(filled, of)| filled == of).count();
    let see = |what: &'static str, words: &'static str| {
        view! { <label class="choice"><input type="checkbox" data-see=what autocomplete="off"/> <span>{words}</span></label> }
    };
    view! {
        <div class="exam-nav">
            <button type="button" class="plain" data-go="-1" hidden>"Back"</button>
            <details class="palette">
                <summary class="button plain">
                    <span data-answered>{format!("{answered} of {} answered", questions.len())}</span>
                </summary>
                <div class="card">
                    {numbers(attempt, &filled)}
                    <div data-scripts hidden>{see("one", "One question at a time")}</div>
                    <DisplaySettings/>
                    {see("calm", "Hide the clock until 10 minutes before the end")}
                    <div class="field notes" data-scripts hidden>
                        <span>{NOTES}</span>
                        // Without a name, it is not sent.
                        <TextArea name="" value="" label=NOTES maxlength=5000/>
                    </div>
                </div>
            </details>
            {attempt.quiz.calculator.then(calculator)}
            <button type="button" data-go="1" hidden>"Next"</button>
        </div>
        <script type="module" nonce=use_nonce() inner_html=include_str!("palette.js")></script>
    }
}

/// Links to all questions, each section that asks for only some of them under its rule.
fn numbers(attempt: &OpenAttempt, filled: &dyn Fn(&Question) -> (usize, usize)) -> Vec<AnyView> {
    let link = |question: &Question| {
        let (class, state) = match filled(question) {
            (0, _) => ("badge", "not answered"),
            (filled, of) if filled < of => ("badge fair", "partly answered"),
            _ => ("badge good", "answered"),
        };
        let number = question.path.clone();
        StripLink { href: format!("#q-{number}"), number, class, state, here: false }
    };
    let of_section = |questions: &[Question]| {
        let section = attempt.quiz.sections.iter().find(|section| section.holds(&questions[0]));
        let rule =
            section.filter(|section| section.rule != Rule::All).map(|section| view! { <p>{section_rule(section)}</p> });
        view! { {rule} {strip(questions.iter().map(link))} }.into_any()
    };
    attempt.quiz.questions.chunk_by(|one, other| one.section == other.section).map(of_section).collect()
}
