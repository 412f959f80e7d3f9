//! Answer controls: plain form controls, so that they work without JavaScript.

use exam_model::answer::Answer;
use exam_model::columns::Entry;
use exam_model::drawing::ON_PAPER;
use exam_model::question::{Choice, Kind, Question};
use exam_model::shown::Show;
use exam_model::text::blanks;
use leptos::prelude::*;
use uuid::Uuid;

use super::text_area::TextArea;
use super::{cloze, question, shown};
use crate::domain::journal::Field;

/// Lines for a question such as "name some …", when the paper does not say how many.
const LIST_LINES: u32 = 3;

/// The controls of one item from this document, holding the answer as last saved.
#[component]
pub fn AnswerControl(item: Question, document: Option<Uuid>, answer: Answer) -> impl IntoView {
    let name = Field::Answer(item.id).control_name();
    let label = format!("Answer to {}", item.path);
    let given = |n: usize| answer.0.get(n).cloned().unwrap_or_default();
    let signs = has_signs(&item);
    let line = |name, label, value, hint| line(name, label, value, hint, signs);
    match item.kind {
        _ if item.asks_for_a_drawing() => drawing(name, label, &answer),
        Kind::Single if !item.options.is_empty() => choices(&item, document, name, "radio", &answer),
        Kind::Multiple if !item.options.is_empty() => choices(&item, document, name, "checkbox", &answer),
        Kind::TrueFalse => {
            let choice = |value: &'static str, words: &'static str| {
                choice(
                    name.clone(),
                    "radio",
                    value.to_owned(),
                    String::new(),
                    words.into_any(),
                    answer.0.iter().any(|a| a == value),
                )
            };
            view! {
                <fieldset class="choices row" aria-label=label>
                    {choice("true", "True")} {choice("false", "False")}
                </fieldset>
            }
            .into_any()
        }
        Kind::Classify => headings(&item, &name, &label, &answer).unwrap_or_else(|| {
            view! {
                {word_bank(&item, document)}
                {line(name, label, answer.0.join("; "), "Under headings, such as roots: carrot, yam; leaves: cabbage")}
            }
            .into_any()
        }),
        Kind::Label if !item.options.is_empty() => {
            let part = |(n, part): (usize, &Choice)| {
                let control = line(name.clone(), format!("{label}, {}", part.label), given(n), "");
                view! { <div class="beside"><b>{part.label.clone()}</b>{control}</div> }
            };
            let parts: Vec<_> = item.options.iter().enumerate().map(part).collect();
            view! { <div class="lines">{parts}</div> }.into_any()
        }
        Kind::Cloze if cloze::is_in_sentence(&item, &answer) => word_bank(&item, document).into_any(),
        Kind::List | Kind::Cloze | Kind::Label => {
            let lines = item.choose.unwrap_or_else(|| lines(&item)).clamp(1, 20) as usize;
            let lines: Vec<_> = (0..lines.max(answer.0.len().min(20)))
                .map(|n| line(name.clone(), format!("{label}, number {}", n + 1), given(n), ""))
                .collect();
            view! {
                {word_bank(&item, document)}
                <div class="lines">{lines}</div>
            }
            .into_any()
        }
        Kind::Long => {
            let rows = (item.marks.unwrap_or(2.0) as u32 + 1).clamp(3, 10);
            view! { <TextArea name=name value=given(0) label=label rows=rows signs=signs/> }.into_any()
        }
        Kind::Match => pairs(&item, &name, &label, &answer)
            .unwrap_or_else(|| line(name, label, answer.0.join("; "), "Pairs, such as 1-C; 2-A; 3-B")),
        Kind::Order => {
            let lettered = item.options.iter().any(|option| !option.label.is_empty());
            let hint = if lettered { "In order, such as B; A; D; C" } else { "In order, such as first; second; third" };
            view! {
                {word_bank(&item, document)}
                {line(name, label, answer.0.join("; "), hint)}
            }
            .into_any()
        }
        Kind::Numeric => line(name, label, given(0), "A number, and its unit"),
        Kind::Single | Kind::Multiple | Kind::Short | Kind::Group => line(name, label, given(0), ""),
    }
}

/// Says that what it asks for is drawn on paper, and takes that it was.
fn drawing(name: String, label: String, answer: &Answer) -> AnyView {
    let drawn = !answer.is_blank();
    let words = "I have drawn it on paper".into_any();
    view! {
        <fieldset class="choices" aria-label=label>
            <p class="hint">"Draw it on paper. Your teacher gives the marks."</p>
            // As of choices of which none is ticked.
            <input type="hidden" name=name.clone() value=""/>
            {choice(name, "checkbox", ON_PAPER.to_owned(), String::new(), words, drawn)}
        </fieldset>
    }
    .into_any()
}

/// For each thing, a select with the headings. `None` if the paper does not name both things and headings.
fn headings(item: &Question, name: &str, label: &str, answer: &Answer) -> Option<AnyView> {
    let headings: Vec<&str> = item.options.iter().filter_map(Choice::heading).collect();
    let things: Vec<&Choice> = item.options.iter().filter(|option| option.heading().is_none()).collect();
    let thing = |thing: &&Choice| {
        // As in an answer key.
        let choices = headings.iter().map(|heading| (format!("{heading}: {}", thing.text), (*heading).to_owned()));
        let words = [thing.label.as_str(), &thing.text].join(" ").trim().to_owned();
        select(name, format!("{label}: {}", thing.text), words, choices, answer)
    };
    let things: Vec<_> = things.iter().map(thing).collect();
    (!headings.is_empty() && !things.is_empty()).then(|| view! { <div class="lines">{things}</div> }.into_any())
}

/// For each line of one column, a select with those of the other. `None` if the question does not tell its columns, or the
/// answer was written in another way.
fn pairs(item: &Question, name: &str, label: &str, answer: &Answer) -> Option<AnyView> {
    let columns = question::columns(item)?;
    // As in an answer key.
    let pair = |left: &Entry, right: &Entry| format!("{}-{}", left.label, right.label);
    let known = |piece: &String| {
        piece.is_empty()
            || columns.left.iter().any(|left| columns.right.iter().any(|right| *piece == pair(left, right)))
    };
    if !answer.0.iter().all(known) {
        return None;
    }
    // What is shown as printed may be misread.
    let words = |entry: &Entry| match item.shown.how {
        Show::Text => format!("{} {}", entry.label, entry.text),
        _ => entry.label.clone(),
    };
    let line = |left: &Entry| {
        let choices = columns.right.iter().map(|right| (pair(left, right), words(right)));
        select(name, format!("{label}: {}", words(left)), words(left), choices, answer)
    };
    let lines: Vec<_> = columns.left.iter().map(line).collect();
    Some(view! { <div class="lines">{lines}</div> }.into_any())
}

/// A select beside its words, with the values and words of its choices.
fn select(
    name: &str,
    label: String,
    words: String,
    choices: impl Iterator<Item = (String, String)>,
    answer: &Answer,
) -> AnyView {
    let choice = |(value, words): (String, String)| {
        let selected = answer.0.contains(&value);
        view! { <option value=value selected=selected>{words}</option> }
    };
    let choices: Vec<_> = choices.map(choice).collect();
    view! {
        <label class="beside">
            <span>{words}</span>
            <select name=name.to_owned() aria-label=label>
                <option value="">"–"</option>
                {choices}
            </select>
        </label>
    }
    .into_any()
}

/// Whether an answer may hold signs that a phone's keyboard lacks: `signs.js` offers them.
pub fn has_signs(item: &Question) -> bool {
    let sign = |c: char| c.is_ascii_digit() || "=+×÷√π²³°<>≤≥^→".contains(c);
    item.kind == Kind::Numeric || item.text.chars().any(sign)
}

fn line(name: String, label: String, value: String, hint: &'static str, signs: bool) -> AnyView {
    view! {
        <input
            type="text"
            name=name
            value=value
            aria-label=label
            data-signs=signs
            placeholder=hint
            maxlength="2000"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
        />
    }
    .into_any()
}

fn choices(item: &Question, document: Option<Uuid>, name: String, kind: &'static str, answer: &Answer) -> AnyView {
    let choices: Vec<_> = item
        .options
        .iter()
        .map(|option| {
            let chosen = answer.0.contains(&option.id);
            let words = shown::option(option, document);
            choice(name.clone(), kind, option.id.clone(), option.label.clone(), words, chosen)
        })
        .collect();
    let asked = item.choose.map(|n| {
        let too_many = format!("These are more than {n}. Take one away.");
        view! {
            <p class="hint">{format!("Choose exactly {n}.")}</p>
            <p class="field-error too-many" role="alert" data-says=too_many></p>
        }
    });
    // An empty value stands for "none ticked", which a form would not send.
    let none = (kind == "checkbox").then(|| view! { <input type="hidden" name=name.clone() value=""/> });
    view! {
        <fieldset class="choices" aria-label=format!("Answer to {}", item.path) data-choose=item.choose>
            {asked} {none} {choices}
        </fieldset>
    }
    .into_any()
}

fn choice(name: String, kind: &'static str, value: String, label: String, words: AnyView, chosen: bool) -> AnyView {
    let label = (!label.is_empty()).then(|| view! { <b>{label}</b> });
    view! {
        <label class="choice">
            <input type=kind name=name value=value checked=chosen/>
            {label}
            <span>{words}</span>
        </label>
    }
    .into_any()
}

/// The words to use, which `signs.js` puts into the answer when they are tapped.
fn word_bank(item: &Question, document: Option<Uuid>) -> Option<AnyView> {
    // What is put in order stands in one line, by its letters if it has them.
    let in_order = item.kind == Kind::Order;
    let words: Vec<_> = item
        .options
        .iter()
        .map(|option| {
            let label = if option.label.is_empty() { String::new() } else { format!("{}. ", option.label) };
            let word = if in_order && !option.label.is_empty() { &option.label } else { &option.text };
            let word = (item.kind != Kind::Classify).then(|| word.clone());
            view! { <li data-word=word>{label} {shown::option(option, document)}</li> }
        })
        .collect();
    let bank = || {
        view! { <ul class="word-bank" aria-label="Words to use" data-between=in_order.then_some("; ")>{words}</ul> }
    };
    (!item.options.is_empty()).then(|| bank().into_any())
}

/// How many lines an answer needs: the blanks in the text, else one for each mark.
fn lines(item: &Question) -> u32 {
    match blanks(&item.text).len() {
        _ if item.kind == Kind::List => LIST_LINES,
        0 => item.marks.map_or(LIST_LINES, |marks| marks as u32),
        blanks => blanks as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "ssr")]
    #[test]
    fn pairs_are_chosen_where_the_columns_are_known() {
        let text = "Match.\n1. Saw   A. Digging\n2. Hoe   B. Cutting";
        let item = Question { kind: Kind::Match, text: text.into(), ..Question::default() };
        let html = |pieces: &[&str]| {
            let answer = Answer(pieces.iter().map(|&piece| piece.to_owned()).collect());
            Owner::new().with(|| view! { <AnswerControl item=item.clone() document=None answer/> }.to_html())
        };
        let chosen = html(&["", "2-A"]);
        assert_eq!((chosen.matches("<select").count(), chosen.matches("<option").count()), (2, 6), "{chosen}");
        assert!(chosen.contains("value=\"2-A\" selected") && !chosen.contains("value=\"1-B\" selected"), "{chosen}");
        // What was written otherwise is not lost.
        let written = html(&["1 B and 2 A"]);
        assert!(written.contains("value=\"1 B and 2 A\"") && !written.contains("<select"), "{written}");
    }

    #[test]
    fn lines_are_counted() {
        let item =
            |text: &str| Question { kind: Kind::Cloze, text: text.into(), marks: Some(4.0), ..Question::default() };
        assert_eq!(lines(&item("The ……… pumps _____ to the lungs. So it is.")), 2);
        assert_eq!(lines(&item("Complete it.")), 4);
        assert_eq!(lines(&Question { kind: Kind::Label, ..item("Label the figure.") }), 4);
    }
}
