//! The questions read from a paper, beside its pages, to correct and publish. The chosen item is in the address, so that
//! links can choose one, with and without scripts. Where scripts run, the whole desk is one island, which loads the paper
//! again after each change and stays where it is.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use exam_model::format;
use exam_model::paper::section_rule;
use exam_model::paper::{Counting, PageSize, Rule, Section};
use exam_model::question::{Kind, Question, Region};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use crate::api::documents::{
    AddQuestion, ChangeQuestion, CorrectAll, CorrectQuestion, DescribeDocument, DetachScheme, Publish, ReadAgain,
    Review, SetCalculator, SetCounting, UndoCorrection, get_review, review_query,
};
use crate::components::badge::{Badge, Tone};
use crate::components::document::facts;
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::reading::ReadingNote;
use crate::components::shortcuts::follow_shortcuts;
use crate::domain::correction::{self, Made, Report};
use crate::domain::document::{Document, DocumentKind, Reading};
use crate::domain::publishing;
use crate::flash::FlashAnswer;
use crate::pages::id_param;
use address::follow_address;
use bulk::bulk_forms;
use item::item;
use pages::{add_form, page_pane};
use shown::{Shown, forget_error, provide_refusal};
use unsaved::keep_unsaved;

mod address;
mod bulk;
mod editor;
mod item;
mod pages;
mod shown;
mod unsaved;

#[derive(Clone, Copy)]
struct Actions {
    again: ServerAction<ReadAgain>,
    publish: ServerAction<Publish>,
    count: ServerAction<SetCounting>,
    calculator: ServerAction<SetCalculator>,
    correct: ServerAction<CorrectQuestion>,
    correct_all: ServerAction<CorrectAll>,
    change: ServerAction<ChangeQuestion>,
    add: ServerAction<AddQuestion>,
    take_back: ServerAction<UndoCorrection>,
    describe: ServerAction<DescribeDocument>,
    detach: ServerAction<DetachScheme>,
}

/// What every item of the page needs.
struct Desk {
    document: Uuid,
    /// The marking scheme, which is a document of its own.
    scheme: Option<Uuid>,
    pages: Vec<PageSize>,
    /// Value and name; the first stands for no topic.
    topics: Vec<(String, String)>,
    topic_words: HashMap<String, Vec<String>>,
    reports: HashMap<String, Vec<Report>>,
    actions: Actions,
    /// The path of the chosen item.
    chosen: RwSignal<String>,
    /// The boxes of the chosen item, as they are on the page now.
    boxes: RwSignal<Vec<Region>>,
    /// While a new question is drawn: its box, on page 0 before it begins.
    drawing: RwSignal<Option<Region>>,
}

/// The id of the link that chooses an item.
fn link_id(path: &str) -> String {
    format!("choose-{path}")
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    let chosen = use_query_map().with_untracked(|query| query.get("q")).unwrap_or_default();
    let review = Resource::new(id_param(), |id| async move { get_review(id?).await });
    let chosen = StoredValue::new(chosen);
    let desk = move |review: Review| view! { <ReviewDesk review chosen=chosen.get_value()/> }.into_any();
    // Without scripts, what came of a list.
    let told = use_context::<FlashAnswer>().map(|FlashAnswer(told)| view! { <p class="note" role="status">{told}</p> });
    view! {
        <Page title="Review">
            {told}
            <Load resource=review view=desk/>
        </Page>
    }
}

/// The desk of the reviewer: everything on the page. `chosen` is the path of the item in the address.
#[cfg_attr(any(feature = "ssr", feature = "review"), island)]
#[cfg_attr(not(any(feature = "ssr", feature = "review")), component)]
fn ReviewDesk(review: Review, chosen: String) -> impl IntoView {
    if !is_server() {
        provide_refusal();
    }
    let actions = Actions {
        again: ServerAction::new(),
        publish: ServerAction::new(),
        count: ServerAction::new(),
        calculator: ServerAction::new(),
        correct: ServerAction::new(),
        correct_all: ServerAction::new(),
        change: ServerAction::new(),
        add: ServerAction::new(),
        take_back: ServerAction::new(),
        describe: ServerAction::new(),
        detach: ServerAction::new(),
    };
    refill::<DescribeDocument>();
    refill::<CorrectAll>();
    let chosen = RwSignal::new(chosen);
    follow_address(chosen);
    // Clears the errors of one item when another is chosen, but keeps those of a page that was rendered with a refused form.
    Effect::new(move |first: Option<()>| {
        let path = chosen.get();
        if first.is_some() {
            forget_error(actions.correct);
            forget_error(actions.change);
            request_animation_frame(move || show_item(&path));
        }
    });
    follow_shortcuts();
    keep_unsaved(actions.correct, chosen);
    let shown = Shown::new(review);
    shown.after(actions.again);
    shown.after(actions.publish);
    shown.after(actions.count);
    shown.after(actions.calculator);
    shown.after(actions.correct);
    shown.after(actions.correct_all);
    shown.after(actions.change);
    shown.after(actions.add);
    shown.after(actions.take_back);
    shown.after(actions.describe);
    shown.after(actions.detach);
    shown.while_read();
    view! {
        {move || shown.problem.get().map(|problem| view! { <p class="form-error" role="alert">{problem}</p> })}
        {move || show(shown.review.get(), actions, chosen)}
    }
}

/// Scrolls to an item, unless its beginning is in sight.
fn show_item(path: &str) {
    let Some(item) = document().get_element_by_id(&format!("q-{path}")) else { return };
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
    if !(height / 10.0..height / 2.0).contains(&item.get_bounding_client_rect().top()) {
        item.scroll_into_view();
    }
}

fn show(review: Review, actions: Actions, chosen: RwSignal<String>) -> AnyView {
    let Review {
        document,
        cover,
        sections,
        counting,
        calculator,
        warnings,
        pages,
        questions,
        corrections,
        reports,
        topics,
        topic_words,
        scheme,
        same_file,
        subjects,
        formats,
        total,
    } = review;
    let same_file = (!same_file.is_empty()).then(|| {
        let links: Vec<_> = same_file
            .into_iter()
            .map(|(id, name)| view! { <li><a href=format!("/documents/{id}")>{name}</a></li> })
            .collect();
        view! {
            <div class="card warnings">
                <p>"The same file is in the library more than once. Pupils would see its questions twice:"</p>
                <ul>{links}</ul>
            </div>
        }
    });
    let mut facts = facts(&document, &cover, total);
    facts.push(format::count(document.question_count, "question"));
    facts.push(format!(
        "{} of {} with an answer key",
        document.keyed_count,
        format::count(document.part_count, "part")
    ));
    // A pupil's own document has no subjects to choose from, and no school that decides.
    let of_school = !subjects.is_empty();
    let choice = (of_school && may_choose(&sections)).then(|| counting_form(document.id, counting, actions.count));
    let calculator = of_school.then(|| calculator_form(document.id, calculator, cover.calculator, actions.calculator));
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
    let chosen_boxes =
        chosen.with_untracked(|path| correction::find(&questions, path).map(|item| item.regions.clone()));
    let desk = Arc::new(Desk {
        document: document.id,
        scheme: scheme.as_ref().map(|scheme| scheme.id),
        pages,
        topics,
        topic_words,
        reports,
        actions,
        chosen,
        boxes: RwSignal::new(chosen_boxes.unwrap_or_default()),
        drawing: RwSignal::new(None),
    });
    let bulk = (!questions.is_empty()).then(|| bulk_forms(&questions, document.id, actions.correct_all));
    let progress = progress(&questions, document.to_look_at);
    let missing = publishing::missing(&questions, |path| desk.reports.contains_key(path));
    let pane = page_pane(&questions, &desk);
    let add = add_form(&desk);
    let articles: Vec<_> = questions
        .iter()
        .map(|question| view! { <article class="question">{item(question, &desk, 0)}</article> })
        .collect();
    let scheme = scheme_forms(document.id, scheme, actions.detach);
    let paths: BTreeSet<String> = questions.iter().flat_map(Question::items).map(|item| item.path.clone()).collect();
    let picked = move || paths.contains(&chosen.get());
    view! {
        <div class="review" class:picked=picked>
            <h1>{document.title.clone()}</h1>
            <p class="facts">{facts.join(" · ")}</p>
            {progress}
            <ul class="sections">{sections}</ul>
            <ReadingNote document=document.clone() may_edit=true again=actions.again/>
            {same_file}
            {(!warnings.is_empty()).then(|| view! { <ul class="card warnings">{warnings}</ul> })}
            {publish_form(&document, missing, actions.publish)}
            <div class="tools">
                {scheme}
                {choice}
                {calculator}
                {(!subjects.is_empty()).then(|| description_form(&document, subjects, actions.describe))}
                {bulk}
                {add}
                {made(corrections, document.id, actions.take_back)}
                {(!questions.is_empty()).then(|| exports(document.id, formats))}
            </div>
            <div class="desk">
                {pane}
                <div class="list">{(!questions.is_empty()).then(|| ways(questions, &desk))} {articles}</div>
            </div>
        </div>
    }
    .into_any()
}

/// How many of the items that are answered a person has approved, and how many of all still need a look.
fn progress(questions: &[Question], to_look_at: i64) -> AnyView {
    let asked = questions.iter().flat_map(Question::leaves).filter(|item| item.kind != Kind::Group);
    let asked: Vec<&Question> = asked.collect();
    let (checked, all) = (asked.iter().filter(|item| item.approved).count(), asked.len());
    let words = format!("{checked} of {} checked, {to_look_at} to look at", format::count(all as i64, "part"));
    view! {
        <p class="checked">
            <progress value=checked.to_string() max=all.max(1).to_string() aria-label="Checked"></progress>
            {words}
        </p>
    }
    .into_any()
}

/// The marking scheme, with forms to replace or remove it; or a form to add one.
fn scheme_forms(paper: Uuid, scheme: Option<Document>, detach: ServerAction<DetachScheme>) -> AnyView {
    let upload = |words: &'static str| {
        view! {
            <form class="card form" method="post" action="/documents/new" enctype="multipart/form-data">
                <input type="hidden" name="scheme_of" value=paper.to_string()/>
                <Field label="Marking scheme" name="file" kind="file" multiple=true hint="A PDF, or photos of it"/>
                <button class="plain">{words}</button>
            </form>
        }
    };
    let Some(scheme) = scheme else { return upload("Add the marking scheme").into_any() };
    view! {
        <details class="made">
            <summary>"Replace or remove the marking scheme"</summary>
            <p>"Marking scheme: " <a href=format!("/documents/{}", scheme.id)>{scheme.title}</a></p>
            {upload("Replace it")}
            <ActionForm action=detach attr:class="card form">
                <input type="hidden" name="id" value=paper.to_string()/>
                <p>"Its answer keys go with it. What was corrected by hand stays."</p>
                <button class="plain">"Remove it"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// The form for title, kind, year, level and subject of a paper.
fn description_form(
    document: &Document,
    subjects: Vec<(String, String)>,
    action: ServerAction<DescribeDocument>,
) -> AnyView {
    let error = error_of(action);
    let kinds = DocumentKind::ALL.into_iter().filter(|kind| *kind != DocumentKind::MarkingScheme);
    let kinds = kinds.map(|kind| (kind.as_str().to_owned(), kind.name().to_owned())).collect();
    let subject = |level: &str, name: &str| format!("{level}/{name}");
    let options = subjects.iter().map(|(level, name)| (subject(level, name), format!("{level} – {name}"))).collect();
    let chosen =
        subject(document.level.as_deref().unwrap_or_default(), document.subject.as_deref().unwrap_or_default());
    let year = document.year.map(|year| year.to_string()).unwrap_or_default();
    let (id, title, kind) = (document.id.to_string(), document.title.clone(), document.kind.as_str());
    view! {
        <details class="made">
            <summary>"Change title, kind, year or subject"</summary>
            <ActionForm action attr:class="card form">
                <FormError error fields=&["title", "kind", "year", "subject"]/>
                <input type="hidden" name="id" value=id/>
                <Field label="Title" name="title" value=title error/>
                <Select label="Kind" name="kind" options=kinds value=kind/>
                <Field label="Year" name="year" kind="number" range=(1950, 2100) required=false value=year error/>
                <Select label="Level and subject" name="subject" options value=chosen/>
                <p>"If you change the subject, the paper is read again. What was corrected by hand stays."</p>
                <button class="plain">"Save"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Links to the next item that needs a look, and to the items before and after the chosen one.
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
            {link(before.map(|n| items[n]), "k", "Previous item", "button plain")}
            {link(items.get(after).copied(), "j", "Next item", "button plain")}
        }
        .into_any()
    };
    view! {
        <nav class="ways" aria-label="Items">{links}</nav>
        <details class="made keys">
            <summary>"Keys"</summary>
            <kbd>"n"</kbd> " next to look at, " <kbd>"j"</kbd> <kbd>"k"</kbd> " next and previous item, " <kbd>"1"</kbd>
            " to " <kbd>"9"</kbd> " choose the answer, " <kbd>"r"</kbd> " write the answer, " <kbd>"a"</kbd> " or " <kbd>"Ctrl"</kbd>
            <kbd>"Enter"</kbd> " approve and go on, " <kbd>"e"</kbd> " edit the text, " <kbd>"s"</kbd>
            " split, " <kbd>"m"</kbd> " join, " <kbd>"x"</kbd> " drop, " <kbd>"u"</kbd> " undo the last change, "
            <kbd>"Esc"</kbd> " leave the field."
        </details>
    }
    .into_any()
}

/// Links to the questions with their answers, as files for other programs.
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
            <summary>"Export the questions"</summary>
            <ul class="sections">{links}</ul>
        </details>
    }
    .into_any()
}

/// The changes made by people, each with a button to undo it.
fn made(corrections: Vec<Made>, document: Uuid, take_back: ServerAction<UndoCorrection>) -> Option<AnyView> {
    if corrections.is_empty() {
        return None;
    }
    let unfit = corrections.iter().any(|made| made.unfit.is_some());
    let count = format::count(corrections.len() as i64, "change");
    let lines: Vec<_> = corrections
        .into_iter()
        .enumerate()
        .map(|(n, made)| {
            let unfit =
                made.unfit.map(|why| view! { <strong class="field-error">{why} " It is kept, but not used."</strong> });
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
                            "Undo"
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

/// Whether a section asks for only some of its questions.
fn may_choose(sections: &[Section]) -> bool {
    sections.iter().any(|section| section.rule != Rule::All)
}

/// Chooses what counts when a pupil answers more than a section asks for.
fn counting_form(id: Uuid, counting: Option<Counting>, action: ServerAction<SetCounting>) -> AnyView {
    let value = match counting {
        None => "",
        Some(Counting::First) => "first",
        Some(Counting::Best) => "best",
    };
    let options = [
        ("", "As the paper says"),
        ("first", "The first ones, or those the pupil ticks"),
        ("best", "Those with the most marks"),
    ];
    let options = options.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    view! {
        <details class="made">
            <summary>"Choose what counts if a pupil answers too many"</summary>
            <ActionForm action attr:class="card form">
                <input type="hidden" name="id" value=id.to_string()/>
                <Select label="If a pupil answers too many, these count" name="counting" options value/>
                <button class="plain">"Save"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Chooses whether calculators are allowed.
fn calculator_form(
    id: Uuid,
    decided: Option<bool>,
    printed: Option<bool>,
    action: ServerAction<SetCalculator>,
) -> AnyView {
    let word = |allowed| if allowed { "yes" } else { "no" };
    let value = decided.map_or("", word);
    let as_printed = format!("As the cover says: {}", word(printed.unwrap_or(false)));
    let options = [("", as_printed.as_str()), ("yes", "Yes"), ("no", "No")];
    let options = options.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    view! {
        <details class="made">
            <summary>"Calculator"</summary>
            <ActionForm action attr:class="card form">
                <input type="hidden" name="id" value=id.to_string()/>
                <Select label="May pupils use a calculator?" name="calculator" options value/>
                <small class="hint">"In exams that start from now on, the page then has one."</small>
                <button class="plain">"Save"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Publishes the paper or hides it. Where pupils would miss something, that is told, and asked once.
fn publish_form(document: &Document, missing: Option<String>, publish: ServerAction<Publish>) -> Option<AnyView> {
    if document.is_personal || document.reading != Reading::Ready {
        return None;
    }
    let id = document.id;
    let form = move |value: &'static str, words: &'static str, class: &'static str| {
        view! {
            <ActionForm action=publish>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="published" value=value/>
                <button class=class>{words}</button>
            </ActionForm>
        }
        .into_any()
    };
    let told = |words: String| view! { <p class="warnings">{words}</p> };
    let publishing = match (document.published, missing.clone()) {
        (true, _) => form("no", "Hide it from pupils", "plain"),
        (false, _) if document.kind == DocumentKind::ExamPaper && document.question_count == 0 => {
            view! { <p class="warnings">"It has no questions, so it cannot be published yet."</p> }.into_any()
        }
        (false, None) => form("yes", "Publish it for pupils", ""),
        (false, Some(words)) => view! {
            <details>
                <summary class="button">"Publish it for pupils …"</summary>
                <div class="card">{told(words)} {form("yes", "Publish it as it is", "")}</div>
            </details>
        }
        .into_any(),
    };
    let told = missing.filter(|_| document.published).map(told);
    let state = document.published.then(|| view! { <Badge tone=Tone::Good text="Published"/> });
    Some(
        view! {
            <FormError error=error_of(publish)/>
            <div class="actions">
                {publishing}
                <a class="button plain" href=format!("/documents/{id}")>"See the paper"</a>
                <a class="button plain" href=format!("/admin/documents/{id}/regrade")>"Mark attempts again"</a>
                {state}
            </div>
            {told}
        }
        .into_any(),
    )
}
