//! What a paper gave: its questions beside their page, to be corrected and published. The chosen one is in the address,
//! so that links choose, with and without scripts.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use crate::api::documents::{
    ChangeQuestion, CorrectQuestion, Publish, ReadAgain, Review, TakeBackCorrection, get_review, review_query,
};
use crate::components::badge::{Badge, Tone};
use crate::components::document::facts;
use crate::components::field::{Field, FieldError, FormError, Select, error_of};
use crate::components::layout::Page;
use crate::components::load::{Load, count_done, refetch_while};
use crate::components::question::crops;
use crate::components::sheet::Sheet;
use crate::components::shortcuts::follow_shortcuts;
use crate::components::text_area::TextArea;
use crate::domain::correction::{self, Made, Report};
use crate::domain::document::{Document, Reading};
use crate::domain::format;
use crate::domain::paper::PageSize;
use crate::domain::question::{Choice, Key, KeySource, Kind, Question, Region};
use crate::error::AppError;
use crate::pages::documents::read::{ReadingNote, id_param};
use crate::pages::quizzes::section_rule;

#[derive(Clone, Copy)]
struct Actions {
    again: ServerAction<ReadAgain>,
    publish: ServerAction<Publish>,
    correct: ServerAction<CorrectQuestion>,
    change: ServerAction<ChangeQuestion>,
    take_back: ServerAction<TakeBackCorrection>,
}

/// What every item of the page needs.
struct Desk {
    document: Uuid,
    /// The marking scheme, which is a document of its own.
    scheme: Option<Uuid>,
    pages: Vec<PageSize>,
    /// Value and name, the first for none.
    topics: Vec<(String, String)>,
    topic_words: HashMap<String, Vec<String>>,
    reports: HashMap<String, Vec<Report>>,
    actions: Actions,
    /// The path of the chosen item.
    chosen: Memo<String>,
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    let id = id_param();
    let actions = Actions {
        again: ServerAction::new(),
        publish: ServerAction::new(),
        correct: ServerAction::new(),
        change: ServerAction::new(),
        take_back: ServerAction::new(),
    };
    let query = use_query_map();
    let chosen = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
    // What was wrong with one item is not wrong with the next.
    Effect::new(move || {
        chosen.track();
        actions.correct.clear();
        actions.change.clear();
    });
    follow_shortcuts();
    let done = RwSignal::new(0);
    count_done(actions.again, done);
    count_done(actions.publish, done);
    count_done(actions.correct, done);
    count_done(actions.change, done);
    count_done(actions.take_back, done);
    let paper = Resource::new(move || (id(), done.get()), |(id, _)| async move { get_review(id?).await });
    refetch_while(paper, |review: &Review| review.document.reading.in_progress());
    view! {
        <Page title="Review">
            <Load resource=paper view=move |review| show(review, actions, chosen)/>
        </Page>
    }
}

fn show(review: Review, actions: Actions, chosen: Memo<String>) -> AnyView {
    let Review {
        document,
        cover,
        sections,
        warnings,
        pages,
        questions,
        corrections,
        reports,
        topics,
        topic_words,
        scheme,
        formats,
    } = review;
    let mut facts = facts(&document, &cover);
    facts.push(format::count(document.question_count, "question"));
    facts.push(format!("{} with an answer key", document.keyed_count));
    facts.extend((document.to_look_at > 0).then(|| format!("{} to look at", document.to_look_at)));
    let sections: Vec<_> = sections
        .iter()
        .map(|section| {
            let marks = section.marks.map(|marks| format!(" ({})", format::marks_long(marks))).unwrap_or_default();
            view! { <li>{section_rule(section)} {marks}</li> }
        })
        .collect();
    let warnings: Vec<_> = warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect();
    let topics: Vec<(String, String)> = std::iter::once((String::new(), "No topic".to_owned()))
        .chain(topics.into_iter().map(|(id, name)| (id.to_string(), name)))
        .collect();
    let desk = Arc::new(Desk {
        document: document.id,
        scheme: scheme.as_ref().map(|scheme| scheme.id),
        pages,
        topics,
        topic_words,
        reports,
        actions,
        chosen,
    });
    let articles: Vec<_> = questions
        .iter()
        .map(|question| view! { <article class="question">{item(question, &desk, 0)}</article> })
        .collect();
    let scheme = match scheme {
        Some(scheme) => {
            view! { <p>"Marking scheme: " <a href=format!("/documents/{}", scheme.id)>{scheme.title}</a></p> }
                .into_any()
        }
        None => view! {
            <form class="card form" method="post" action="/documents/new" enctype="multipart/form-data">
                <input type="hidden" name="scheme_of" value=document.id.to_string()/>
                <Field label="Marking scheme (PDF)" name="file" kind="file"/>
                <button class="plain">"Add the marking scheme"</button>
            </form>
        }
        .into_any(),
    };
    let paths: BTreeSet<String> = questions.iter().flat_map(Question::items).map(|item| item.path.clone()).collect();
    let picked = move || paths.contains(&chosen.get());
    view! {
        <div class="review" class:picked=picked>
            <h1>{document.title.clone()}</h1>
            <p class="facts">{facts.join(" · ")}</p>
            <ul class="sections">{sections}</ul>
            <ReadingNote reading=document.reading.clone() id=document.id may_edit=true again=actions.again/>
            {(!warnings.is_empty()).then(|| view! { <ul class="card warnings">{warnings}</ul> })}
            {publishing(&document, actions.publish)}
            {scheme}
            {made(corrections, document.id, actions.take_back)}
            {(!questions.is_empty()).then(|| exports(document.id, formats))}
            {(!questions.is_empty()).then(|| ways(questions, &desk))}
            {articles}
        </div>
    }
    .into_any()
}

/// Links to the item before and after the chosen one, and to the next that needs a look.
fn ways(questions: Vec<Question>, desk: &Arc<Desk>) -> AnyView {
    let desk = desk.clone();
    let links = move || {
        let items: Vec<&Question> = questions.iter().flat_map(Question::items).collect();
        let at = desk.chosen.with(|chosen| items.iter().position(|item| item.path == *chosen));
        let before = at.and_then(|at| at.checked_sub(1));
        let after = at.map_or(0, |at| at + 1);
        let next = desk.chosen.with(|chosen| correction::to_look_at(&questions, &desk.reports, chosen).next());
        let link = |to: Option<&Question>, letter: &'static str, words: &'static str, class: &'static str| {
            to.map(|to| {
                view! {
                    <a class=class href=format!("?{}", review_query(&to.path)) aria-keyshortcuts=letter>
                        {words}
                    </a>
                }
            })
        };
        view! {
            {link(next, "n", "Next to look at", "button")}
            {link(before.map(|n| items[n]), "k", "Item before", "button plain")}
            {link(items.get(after).copied(), "j", "Item after", "button plain")}
        }
        .into_any()
    };
    view! {
        <nav class="ways" aria-label="Items">{links}</nav>
        <p class="keys">
            "Keys: " <kbd>"n"</kbd> " next to look at, " <kbd>"j"</kbd> <kbd>"k"</kbd> " item after and before, " <kbd>"a"</kbd>
            " approve, " <kbd>"e"</kbd> " edit, " <kbd>"Ctrl"</kbd> <kbd>"Enter"</kbd> " save, " <kbd>"s"</kbd>
            " split, " <kbd>"m"</kbd> " join, " <kbd>"x"</kbd> " drop, " <kbd>"u"</kbd> " take the last change back, "
            <kbd>"Esc"</kbd> " leave the field."
        </p>
    }
    .into_any()
}

/// The questions with their answers as files for other programs.
fn exports(document: Uuid, formats: Vec<(String, String)>) -> AnyView {
    let links: Vec<_> = formats
        .into_iter()
        .map(|(format, name)| {
            view! {
                <li>
                    <a href=format!("/documents/{document}/questions/{format}") rel="external" download="">{name}</a>
                </li>
            }
        })
        .collect();
    view! {
        <details class="made">
            <summary>"Take the questions with you"</summary>
            <ul class="sections">{links}</ul>
        </details>
    }
    .into_any()
}

/// What persons changed, each to be taken back.
fn made(corrections: Vec<Made>, document: Uuid, take_back: ServerAction<TakeBackCorrection>) -> Option<AnyView> {
    if corrections.is_empty() {
        return None;
    }
    let unfit = corrections.iter().any(|made| made.unfit.is_some());
    let count = format::count(corrections.len() as i64, "change");
    let lines: Vec<_> = corrections
        .into_iter()
        .enumerate()
        .map(|(n, made)| {
            let unfit = made.unfit.map(|why| view! { <strong class="field-error">{why} " It waits, unused."</strong> });
            view! {
                <li>
                    <span>
                        <b>{made.path}</b> " " {made.what}
                        <small>" " {made.by} ", " {format::date_time(made.at)}</small>
                        {unfit}
                    </span>
                    <ActionForm action=take_back>
                        <input type="hidden" name="document" value=document.to_string()/>
                        <input type="hidden" name="correction" value=made.id.to_string()/>
                        <button class="plain" aria-keyshortcuts=(n == 0).then_some("u")>
                            "Take back"
                        </button>
                    </ActionForm>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <details class="made" open=unfit>
                <summary>{count} " by hand"</summary>
                <ul>{lines}</ul>
            </details>
        }
        .into_any(),
    )
}

fn publishing(document: &Document, publish: ServerAction<Publish>) -> Option<AnyView> {
    if document.is_personal || document.reading != Reading::Ready {
        return None;
    }
    let (value, words, class) = if document.published {
        ("no", "Hide it from pupils", "plain")
    } else {
        ("yes", "Publish it for the pupils", "")
    };
    let id = document.id;
    let without = document.question_count - document.keyed_count;
    let unmarked = (without > 0).then(|| {
        let words = format!("{} no answer key: nobody gets or loses marks there.", count_have(without));
        view! { <p class="warnings">{words}</p> }
    });
    let state = document.published.then(|| view! { <Badge tone=Tone::Good text="Published"/> });
    Some(
        view! {
            <div class="actions">
                <ActionForm action=publish>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="published" value=value/>
                    <button class=class>{words}</button>
                </ActionForm>
                <a class="button plain" href=format!("/documents/{id}")>"See the paper"</a>
                {state}
            </div>
            {unmarked}
        }
        .into_any(),
    )
}

fn count_have(questions: i64) -> String {
    format!("{} {}", format::count(questions, "question"), if questions == 1 { "has" } else { "have" })
}

fn item(question: &Question, desk: &Arc<Desk>, level: u8) -> AnyView {
    let reports = desk.reports.get(&question.path).cloned().unwrap_or_default();
    let doubts: Vec<_> = question.doubts.iter().map(|doubt| view! { <li>{doubt.clone()}</li> }).collect();
    let complaints: Vec<_> = reports
        .iter()
        .map(|report| {
            let note = if report.note.is_empty() { String::new() } else { format!(": “{}”", report.note) };
            view! { <li>{report.by.clone()} " reports: " {report.reason.name()} {note}</li> }
        })
        .collect();
    let state = if !reports.is_empty() {
        Some((Tone::Bad, "Reported"))
    } else if question.approved {
        Some((Tone::Good, "Looked at"))
    } else if !question.needs_look() {
        None
    } else if question.key.is_none() && question.kind != Kind::Group {
        Some((Tone::Bad, "No answer key"))
    } else {
        Some((Tone::Fair, "Look at this one"))
    };
    let key = question.key.as_ref().map(|key| {
        let words = view! { <p class="key">"Answer: " <b>{key.text.clone()}</b></p> };
        let key = key.clone();
        let printed = {
            let (desk, path) = (desk.clone(), question.path.clone());
            move || printed_key(&key, &path, &desk)
        };
        view! { {words} {printed} }
    });
    let options: Vec<_> = question
        .options
        .iter()
        .map(|option| view! { <li><b>{option.label.clone()}</b> " " {option.text.clone()}</li> })
        .collect();
    let topic = question.topic.and_then(|id| desk.topics.iter().find(|(topic, _)| *topic == id.to_string())).map(
        |(_, name)| {
            let words = desk.topic_words.get(&question.path).map(|words| format!(" (by: {})", words.join(", ")));
            view! { <p class="facts">{name.clone()} <small>{words}</small></p> }
        },
    );
    let parts: Vec<_> = question.parts.iter().map(|part| item(part, desk, level + 1)).collect();
    let own = Arc::new(correction::alone(question));
    let desk = desk.clone();
    let (is_chosen, path) = (desk.chosen, question.path.clone());
    let is_chosen = Memo::new(move |_| is_chosen.with(|chosen| *chosen == path));
    let crop = {
        let own = own.clone();
        let document = desk.document;
        move || {
            let images = if level > 0 || is_chosen.get() {
                Vec::new()
            } else {
                crops(&own.regions, document, &format!("Question {}", own.path))
            };
            (!images.is_empty()).then(
                || view! { <details class="in-paper"><summary>"As printed in the paper"</summary> {images}</details> },
            )
        }
    };
    let href = format!("?{}", review_query(&question.path));
    let label = format!("Correct {}", question.path);
    let editing = move || match is_chosen.get() {
        true => editor(&own, &desk),
        false => {
            view! { <p class="correct"><a href=href.clone() aria-label=label.clone()>"Correct this"</a></p> }.into_any()
        }
    };
    view! {
        <div class="item" class:chosen=is_chosen id=format!("q-{}", question.path)>
            <div class="stem">
                <span class="number">{question.label.clone()}</span>
                <p class="text">{question.text.clone()}</p>
                {question.marks.map(|marks| view! { <span class="marks">{format::marks_long(marks)}</span> })}
            </div>
            {crop}
            {(!options.is_empty()).then(|| view! { <ul class="options">{options}</ul> })}
            {key}
            {topic}
            {state.map(|(tone, text)| view! { <Badge tone=tone text=text/> })}
            {(!doubts.is_empty()).then(|| view! { <ul class="doubts">{doubts}</ul> })}
            {(!complaints.is_empty()).then(|| view! { <ul class="doubts">{complaints}</ul> })}
            {editing}
            <div class="parts">{parts}</div>
        </div>
    }
    .into_any()
}

/// Where an answer key stands, in the marking scheme or the paper: open beside the chosen item, else one tap away.
fn printed_key(key: &Key, path: &str, desk: &Desk) -> Option<AnyView> {
    let (document, region, place) = match key.source {
        KeySource::Scheme(region) => (desk.scheme?, region, "the marking scheme"),
        KeySource::Paper(region) => (desk.document, region, "the paper"),
        KeySource::Person => return None,
    };
    let images = crops(&[region], document, &format!("The answer to {path}"));
    let open = desk.chosen.with(|chosen| *chosen == path);
    (!images.is_empty()).then(|| {
        view! {
            <details class="in-paper" open=open>
                <summary>{format!("As printed in {place}, page {}", region.page)}</summary>
                {images}
            </details>
        }
        .into_any()
    })
}

/// The page with the item's boxes, and everything that can be done with the item.
fn editor(question: &Question, desk: &Desk) -> AnyView {
    let boxes = RwSignal::new(question.regions.clone());
    let pages: BTreeSet<u32> = question.regions.iter().map(|region| region.page).collect();
    let sheets: Vec<_> = pages
        .into_iter()
        .filter_map(|page| {
            let size = *desk.pages.get(page.checked_sub(1)? as usize)?;
            Some(view! { <Sheet document=desk.document page size boxes/> })
        })
        .collect();
    let change = desk.actions.change;
    let hidden = |what: &'static str| {
        view! {
            <input type="hidden" name="document" value=desk.document.to_string()/>
            <input type="hidden" name="path" value=question.path.clone()/>
            <input type="hidden" name="what" value=what/>
        }
    };
    let button = |what: &'static str, letter: &'static str, words: &'static str| {
        let hidden = hidden(what);
        view! {
            <ActionForm action=change>
                {hidden}
                <button class="plain" aria-keyshortcuts=letter>{words}</button>
            </ActionForm>
        }
    };
    let (id, hidden_split) = (question.path.clone(), hidden("split"));
    view! {
        <section class="pane" tabindex="0" aria-label="The page, with the boxes of the item">{sheets}</section>
        <div class="editor">
            <FormError error=error_of(desk.actions.correct) fields=&["text", "marks", "choose", "key", "topic", "boxes"]/>
            <FormError error=error_of(change) fields=&["from"]/>
            <div class="actions">
                {button("approve", "a", "It is right")}
                {button("join", "m", "Join to the one before")}
                {button("drop", "x", "Drop it")}
            </div>
            {form(question, desk, boxes)}
            <details>
                <summary aria-keyshortcuts="s">"Split it in two"</summary>
                <ActionForm action=change attr:class="form">
                    {hidden_split}
                    <Field
                        label="The new item begins with the words"
                        name="from"
                        id=format!("from-{id}")
                        maxlength=500
                        error=error_of(change)
                    />
                    <Field label="Its number, if it is not printed" name="label" id=format!("label-{id}") required=false maxlength=20/>
                    <button class="plain">"Split"</button>
                </ActionForm>
            </details>
        </div>
    }
    .into_any()
}

fn form(question: &Question, desk: &Desk, boxes: RwSignal<Vec<Region>>) -> AnyView {
    let correct = desk.actions.correct;
    let error = error_of(correct);
    let word = |kind: Kind| {
        serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let kinds: Vec<_> = Kind::ALL.iter().map(|&kind| (word(kind), kind.name().to_owned())).collect();
    let choose = question.choose.map(|number| number.to_string()).unwrap_or_default();
    let topic = question.topic.map(|id| id.to_string()).unwrap_or_default();
    let marks = question.marks.map(format::marks).unwrap_or_default();
    let id = &question.path;
    let fields = view! {
            <input type="hidden" name="document" value=desk.document.to_string()/>
            <input type="hidden" name="path" value=id.clone()/>
            <div class="field">
                <span>"Question"</span>
                <TextArea name="text" value=question.text.clone() label="Question" rows=4 shortcut="e"/>
                <FieldError name="text" error/>
            </div>
            <Select label="Kind" name="kind" options=kinds value=word(question.kind)/>
            <Field label="Marks" name="marks" id=format!("marks-{id}") value=marks required=false error/>
            {answers(question, error)}
            <FieldError name="key" error/>
            <Field label="How many are asked for" name="choose" id=format!("choose-{id}") value=choose required=false error/>
            <Select label="Topic" name="topic" options=desk.topics.clone() value=topic error/>
            {places(question, boxes)}
            <FieldError name="boxes" error/>
            <button>"Save the correction"</button>
    }
    .into_any();
    view! { <ActionForm action=correct attr:class="form">{fields}</ActionForm> }.into_any()
}

/// The options with which of them are right, and the answer in words where it is not one of them.
fn answers(question: &Question, error: Signal<Option<AppError>>) -> AnyView {
    let right = |id: &str| question.key.as_ref().is_some_and(|key| key.options.iter().any(|option| option == id));
    let control = if question.kind == Kind::Multiple { "checkbox" } else { "radio" };
    let is_choice = matches!(question.kind, Kind::Single | Kind::Multiple);
    let truth = (question.kind == Kind::TrueFalse).then(|| {
        let one = |id: &'static str, words: &'static str| {
            view! {
                <label class="choice">
                    <input type="radio" name="right_options[]" value=id checked=right(id)/>
                    <span>{words}</span>
                </label>
            }
        };
        view! {
            <fieldset class="choices">
                <legend>"Right answer"</legend>
                {one("true", "True")}
                {one("false", "False")}
            </fieldset>
        }
    });
    let known = question.options.len();
    let rows: Vec<_> = question
        .options
        .iter()
        .cloned()
        .chain((known..known + 2).map(Choice::nth))
        .map(|option| {
            let name = if option.label.is_empty() { option.id.clone() } else { option.label.clone() };
            let right = is_choice.then(|| {
                view! {
                    <input
                        type=control
                        name="right_options[]"
                        value=option.id.clone()
                        checked=right(&option.id)
                        aria-label=format!("{name} is right")
                    />
                }
            });
            view! {
                <div class="option-row">
                    {right}
                    <span>{name.clone()}</span>
                    <input name="options[]" value=option.text aria-label=format!("Option {name}") maxlength="2000" autocomplete="off"/>
                </div>
            }
        })
        .collect();
    let open = is_choice || known > 0;
    let options = (question.kind != Kind::TrueFalse).then(|| {
        view! {
            <details open=open>
                <summary>{if is_choice { "Options, and which are right" } else { "Options" }}</summary>
                {(question.kind == Kind::Classify)
                    .then(|| view! { <p class="hint">"The things, and the headings, each with a colon at its end."</p> })}
                {rows}
            </details>
        }
    });
    let text = question.key.as_ref().map(|key| key.text.clone()).unwrap_or_default();
    let words = (!is_choice && question.kind != Kind::TrueFalse).then(|| {
        view! {
            <Field
                label="Answer, as a marking scheme prints it"
                name="key"
                id=format!("key-{}", question.path)
                value=text
                hint="heat; light – any 2: heat; light; sound – 12.5 cm (± 0.1) – 0.5 / 1/2 – roots: carrot, yam; leaves: cabbage"
                required=false
                maxlength=2000
                error
            />
        }
    });
    view! { {truth} {options} {words} }.into_any()
}

/// The boxes in numbers, which follow what is dragged and are followed by it.
fn places(question: &Question, boxes: RwSignal<Vec<Region>>) -> AnyView {
    let known = question.regions.len();
    let rows: Vec<_> = (0..=known)
        .map(|at| {
            let words = move || boxes.with(|boxes| boxes.get(at).map(Region::words)).unwrap_or_default();
            let initial = question.regions.get(at).map(Region::words).unwrap_or_default();
            let label = if at < known { format!("Box {}", at + 1) } else { "Another box".to_owned() };
            view! {
                <input
                    name="boxes[]"
                    value=initial
                    prop:value=words
                    aria-label=label
                    maxlength="60"
                    autocomplete="off"
                    on:change=move |event| {
                        let region = Region::parse(&event_target_value(&event));
                        boxes.update(|boxes| match (region, boxes.get_mut(at)) {
                            (Some(region), Some(known)) => *known = region,
                            (Some(region), None) => boxes.push(region),
                            (None, _) => {}
                        });
                    }
                />
            }
        })
        .collect();
    view! {
        <details class="field">
            <summary>"Where it stands: page, left, top, width, height"</summary>
            <p class="hint">"Drag the box on the page, or write its numbers, in points. An empty line is no box."</p>
            {rows}
        </details>
    }
    .into_any()
}
