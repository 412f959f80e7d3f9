//! What the pupil should know before handing in.

use std::collections::HashSet;

use exam_model::paper::{self, Rule, section_rule};
use exam_model::question::Question;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::attempt::OpenAttempt;
use crate::domain::journal::Field;
use crate::domain::scoring::{QuestionStatus, left_out};

/// What an overview needs to know of a quiz.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outline {
    /// The sections that ask for only some of their questions: label, rule, and the rule in words.
    choices: Vec<(String, Rule, String)>,
    questions: Vec<Entry>,
    /// The fields that were not empty when the page was rendered.
    filled: HashSet<Field>,
}

/// An outermost question.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    id: Uuid,
    path: String,
    /// The label of its section.
    section: Option<String>,
    /// Id and path of each item that can be answered.
    leaves: Vec<(Uuid, String)>,
}

impl Outline {
    pub fn of(attempt: &OpenAttempt) -> Self {
        let answered = attempt.answers.iter().filter(|(_, answer)| !answer.is_blank());
        let answered = answered.map(|(&id, _)| Field::Answer(id));
        let choices = attempt.quiz.sections.iter().filter(|section| section.rule != Rule::All);
        let entry = |question: &Question| Entry {
            id: question.id,
            path: question.path.clone(),
            section: question.section.clone(),
            leaves: question.leaves().iter().map(|leaf| (leaf.id, leaf.path.clone())).collect(),
        };
        Self {
            choices: choices.map(|it| (it.label.clone(), it.rule, section_rule(it))).collect(),
            questions: attempt.quiz.questions.iter().map(entry).collect(),
            filled: answered.chain(attempt.chosen.iter().map(|&id| Field::Choice(id))).collect(),
        }
    }

    /// Every control of the quiz.
    pub fn fields(&self) -> Vec<Field> {
        let choices = self.questions.iter().map(|question| Field::Choice(question.id));
        let leaves = self.questions.iter().flat_map(|question| &question.leaves);
        choices.chain(leaves.map(|(id, _)| Field::Answer(*id))).collect()
    }

    /// How many items had an answer when the page was rendered.
    pub fn answered(&self) -> usize {
        self.filled.iter().filter(|field| matches!(field, Field::Answer(_))).count()
    }
}

/// What is open, and what counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Paths of the items without an answer.
    open: Vec<String>,
    /// For each section with a choice: its rule, the paths of the started or chosen questions that count, and how many are
    /// started.
    counting: Vec<(String, Vec<String>, usize)>,
}

impl Overview {
    /// The overview while these fields are not empty; without them, as the page was rendered.
    pub fn of(outline: &Outline, filled: Option<&HashSet<Field>>) -> Self {
        let filled = filled.unwrap_or(&outline.filled);
        let questions = &outline.questions;
        let has = |id: Uuid| filled.contains(&Field::Answer(id));
        let begun = |question: &Entry| question.leaves.iter().any(|&(id, _)| has(id));
        let status = |question: &Entry| QuestionStatus {
            chosen: filled.contains(&Field::Choice(question.id)),
            begun: begun(question),
            marks: 0.0,
        };
        let rules = outline.choices.iter().map(|(label, rule, _)| (label.as_str(), *rule));
        let labels = questions.iter().map(|question| question.section.as_deref());
        let out = left_out(rules, labels, |place| status(&questions[place]));
        let counts = questions.iter().enumerate().filter(|(place, _)| !out.contains(place));
        let counts: Vec<&Entry> = counts.map(|(_, question)| question).collect();
        let open = counts.iter().flat_map(|question| &question.leaves).filter(|&&(id, _)| !has(id));
        let counting = outline.choices.iter().map(|(label, _, rule)| {
            let holds = |question: &&Entry| paper::holds(label, question.section.as_deref());
            let these = counts.iter().copied().filter(holds);
            let these = these.filter(|question| begun(question) || status(question).chosen);
            let paths = these.map(|question| question.path.clone()).collect();
            let started = questions.iter().filter(holds).filter(|question| begun(question)).count();
            (rule.clone(), paths, started)
        });
        Self { open: open.map(|(_, path)| path.clone()).collect(), counting: counting.collect() }
    }

    pub fn view(self) -> AnyView {
        let sections: Vec<_> = self
            .counting
            .into_iter()
            .map(|(rule, paths, begun)| {
                let counting = match paths.len() {
                    0 => "none is started".to_owned(),
                    1 => format!("question {} counts", paths[0]),
                    _ => format!("questions {} count", paths.join(", ")),
                };
                let more = (begun > paths.len())
                    .then_some(" You have answered more than it asks for. Tick “Count question …” to choose others.");
                view! { <p>{format!("{}. Now {counting}.", rule)} {more}</p> }
            })
            .collect();
        let links: Vec<_> =
            self.open.iter().map(|path| view! { <a href=format!("#q-{path}")>{path.clone()}</a> " " }).collect();
        let open = (!links.is_empty()).then(|| view! { <p class="open-items">"Not answered yet: " {links}</p> });
        view! { {sections} {open} }.into_any()
    }
}
