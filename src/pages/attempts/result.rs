//! The result of an attempt: marks with their reasons, the right answers, and what to revise.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use exam_model::answer::Verdict;
use exam_model::format;
use exam_model::question::{KeySource, Kind, Question, Region};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::attempts::{ReportQuestion, get_attempt_result};
use crate::api::quizzes::AnotherLikeThis as Another;
use crate::components::another::AnotherLikeThis;
use crate::components::badge::{Badge, Tone};
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::mastery::MasteryWords;
use crate::components::question::question_tree;
use crate::components::shown;
use crate::components::strip::{StripLink, strip};
use crate::components::table::Table;
use crate::domain::attempt::{AfterTheEnd, AttemptResult, ClosedBy, TopicResult};
use crate::domain::correction::Reason;
use crate::domain::grade::{Grade, between, grade};
use crate::domain::mastery::TopicState;
use crate::domain::quiz::Mode;
use crate::domain::scoring::{ItemResult, Waiting};
use crate::pages::attempts::unsent::SendUnsent;
use crate::pages::id_param;

#[component]
pub fn ResultPage() -> impl IntoView {
    let id = id_param();
    let report = ServerAction::<ReportQuestion>::new();
    let another = ServerAction::<Another>::new();
    let result = Resource::new(id, |id| async move { get_attempt_result(id?).await });
    view! {
        <Page title="Your marks">
            {move || id().ok().map(|attempt| view! { <SendUnsent attempt/> })}
            <Load
                resource=result
                view=move |result| match result {
                    Ok(result) => show(result, report, another),
                    Err(at) => later(at),
                }
            />
        </Page>
    }
}

/// In the place of marks that the school shows later.
fn later(at: DateTime<Utc>) -> AnyView {
    view! {
        <section class="card">
            <h1>"You have handed it in"</h1>
            <p>{format!("Your answers are saved. Your marks and the right answers are shown here from {}.", format::date_time(at))}</p>
            <p class="actions"><a class="button" href="/">"Go on"</a></p>
        </section>
    }
    .into_any()
}

fn show(result: AttemptResult, report: ServerAction<ReportQuestion>, another: ServerAction<Another>) -> AnyView {
    let document = result.document_id;
    let whose = (!result.mine).then(|| view! { <p class="facts">"Pupil: " {result.pupil.clone()}</p> });
    view! {
        <h1>{result.quiz.title.clone()}</h1>
        {whose}
        <FormError error=error_of(another)/>
        {score(&result)}
        {topics(&result.topics)}
        {result.mine.then(|| next_steps(document))}
        <h2>"Question by question"</h2>
        {result
            .without_pages
            .then(|| {
                view! {
                    <p class="card note">
                        "A paper used here is no longer shared, or was deleted. Questions, answers and marks stay. Its pages are \
                         no longer shown."
                    </p>
                }
            })}
        {questions(&result, report, another)}
    }
    .into_any()
}

/// How many of the wrong questions are open at first; with all of them, the page of a long paper has no end.
const OPEN: usize = 3;

/// How many questions that earned marks are listed at first.
const LISTED: usize = 5;

/// All questions, as a strip of links and one after the other: those that earned nothing first, then those that lost some marks.
fn questions(
    result: &AttemptResult,
    report: ServerAction<ReportQuestion>,
    another: ServerAction<Another>,
) -> impl IntoView + use<> {
    let items: HashMap<Uuid, &ItemResult> = result.items.iter().map(|item| (item.question_id, item)).collect();
    let all: Vec<_> = result.quiz.questions.iter().map(|question| (question, whole(question, &items))).collect();
    let link = |(question, whole): &(&Question, Whole)| {
        let number = question.path.clone();
        StripLink {
            href: format!("#q-{number}"),
            number,
            class: whole.tone().class(),
            state: whole.name(),
            here: false,
        }
    };
    let numbers = strip(all.iter().map(link).collect::<Vec<_>>());
    let (waiting, told): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, whole)| whole.is_provisional);
    let (right, lost): (Vec<_>, Vec<_>) = told.into_iter().partition(|(_, whole)| whole.verdict == Verdict::Right);
    let (partly, wrong): (Vec<_>, Vec<_>) = lost.into_iter().partition(|(_, whole)| whole.verdict == Verdict::Partly);
    let mut open = 0..if wrong.is_empty() { 1 } else { OPEN };
    let mut fold = |(question, whole): (&Question, Whole)| {
        let reported = question.leaves().iter().any(|leaf| result.reported.contains(&leaf.path));
        let open = whole.verdict != Verdict::Right && !whole.is_provisional && open.next().is_some() || reported;
        let below = |leaf: &Question| match items.get(&leaf.id) {
            Some(item) => marked(result, leaf, item, report, another),
            None => ().into_any(),
        };
        let marks = format!("{} of {}", format::marks(whole.earned), format::marks_long(whole.possible));
        view! {
            <details class="question" open=open>
                <summary>
                    <span class="number">{question.label.clone()}</span>
                    <span class="line">{shown::in_line(&question.text)}</span>
                    <Badge tone=whole.tone() text=whole.name()/>
                    <span class="marks">{marks}</span>
                </summary>
                {question_tree(question, result.document_id, 0, &below)}
            </details>
        }
        .into_any()
    };
    let mut group = |words: &'static str, listed: usize, questions: Vec<_>| {
        let all = questions.len();
        let mut lines: Vec<_> = questions.into_iter().map(&mut fold).collect();
        let more = lines.split_off(listed.min(all));
        let more = (!more.is_empty()).then(|| {
            view! { <details class="rows"><summary>{format!("{} more", more.len())}</summary> {more}</details> }
        });
        (all > 0).then(|| view! { <h3>{format!("{words} ({all})")}</h3> {lines} {more} })
    };
    view! {
        {numbers}
        {group("Look at these again", usize::MAX, wrong)}
        {group("Partly right", LISTED, partly)}
        {group("Your teacher decides", LISTED, waiting)}
        {group("Right", LISTED, right)}
    }
}

/// What a question earned with all its parts.
pub struct Whole {
    pub verdict: Verdict,
    /// Whether some of it waits for a person.
    pub is_provisional: bool,
    pub earned: f64,
    pub possible: f64,
}

impl Whole {
    /// The words on a page.
    pub fn name(&self) -> &'static str {
        if self.is_provisional { self.verdict.suggested() } else { self.verdict.name() }
    }

    pub fn tone(&self) -> Tone {
        Tone::of(self.verdict, self.is_provisional)
    }
}

/// Sums up the items of a question: those that count, or all if none does.
pub fn whole(question: &Question, items: &HashMap<Uuid, &ItemResult>) -> Whole {
    let of: Vec<&ItemResult> = question.leaves().iter().filter_map(|leaf| items.get(&leaf.id).copied()).collect();
    let counting: Vec<&ItemResult> = of.iter().copied().filter(|item| item.counts).collect();
    let of = if counting.is_empty() { of } else { counting };
    let all = |verdict| of.iter().all(|item| item.marked.verdict == verdict);
    let lost = |verdict| matches!(verdict, Verdict::Wrong | Verdict::Blank | Verdict::Unmarked);
    let verdict = match [Verdict::Unmarked, Verdict::Right, Verdict::Blank].into_iter().find(|&verdict| all(verdict)) {
        Some(verdict) => verdict,
        None if of.iter().all(|item| lost(item.marked.verdict)) => Verdict::Wrong,
        None => Verdict::Partly,
    };
    let sum = |of_item: fn(&ItemResult) -> f64| of.iter().map(|item| of_item(item)).sum();
    let is_provisional = of.iter().any(|item| item.marked.is_provisional());
    Whole { verdict, is_provisional, earned: sum(|item| item.marked.marks), possible: sum(|item| item.marked.of) }
}

/// What comes under an item: its marks, more like it, and how to report it.
fn marked(
    result: &AttemptResult,
    leaf: &Question,
    item: &ItemResult,
    report: ServerAction<ReportQuestion>,
    another: ServerAction<Another>,
) -> AnyView {
    let from = source(result, leaf);
    let alike = (result.mine && from.is_some())
        .then(|| view! { <AnotherLikeThis attempt=result.id question=leaf.id action=another/> });
    let by_hand = (!result.mine && from.is_some()).then(|| {
        view! { <p><a href=format!("/admin/marking/{}", leaf.id)>"Mark this question by hand"</a></p> }
    });
    view! { {verdict(leaf, item, from)} {alike} {by_hand} {reporting(result, leaf, report)} }.into_any()
}

/// The marks of the whole, how it ended, and what came late.
fn score(result: &AttemptResult) -> AnyView {
    let (earned, possible) = (result.earned, result.possible);
    let unmarked = result.items.iter().filter(|item| item.marked.verdict == Verdict::Unmarked).count() as i64;
    let closed = match result.closed_by {
        ClosedBy::Pupil => "Handed in.",
        ClosedBy::Clock => "Time was up. The saved answers were handed in.",
        ClosedBy::School => "Your school ended it. The saved answers were handed in.",
        ClosedBy::Deletion => "Its paper was deleted. The saved answers were handed in.",
    };
    let AfterTheEnd { counted, too_late } = result.after_the_end;
    let counted = (counted > 0).then(|| {
        let answers = format::count(counted, "answer");
        view! { <p>{format!("Written in time, but sent late because there was no connection: {answers}. This counts.")}</p> }
    });
    let too_late = (too_late > 0).then(|| {
        let answers = format::count(too_late, "answer");
        view! { <p>{format!("Too late to count: {answers}. Your school can see when they arrived.")}</p> }
    });
    let waiting = Waiting::of(&result.items);
    let percent = match waiting.answers {
        0 => format::percent(earned, possible).map(|percent| format!("{percent} %")).unwrap_or_default(),
        _ => "so far".to_owned(),
    };
    let grade = national(result, &waiting);
    view! {
        <section class="card score">
            <p class="big">
                <b>{format::marks(earned)}</b>
                {format!(" of {}", format::marks_long(possible))}
                <span>{percent}</span>
            </p>
            {grade.map(|words| view! { <p>{words}</p> })}
            <p>
                {closed} " " {format::date_time(result.submitted_at)} " · "
                <a href=format!("/attempts/{}/timeline", result.id)>"What happened when"</a>
            </p>
            {counted}
            {too_late}
            {(unmarked > 0)
                .then(|| {
                    view! {
                        <p>
                            {format!("Not marked: {}. The reason is below. This does not count for or against you.", format::count(unmarked, "part"))}
                        </p>
                    }
                })}
            {(waiting.answers > 0)
                .then(|| {
                    let answers = format::count(waiting.answers, "answer");
                    view! { <p>{format!("Your teacher still decides on {answers}. Your marks may change.")}</p> }
                })}
            {result.quiz.is_earlier().then(|| view! { <p class="facts">{result.quiz.note.clone()}</p> })}
        </section>
    }
    .into_any()
}

/// How many topics are shown at first.
const TOPICS: usize = 5;

/// What to revise, and how the attempt changed each topic.
fn topics(topics: &[TopicResult]) -> Option<AnyView> {
    let mut rows: Vec<_> = topics
        .iter()
        .map(|topic| {
            view! {
                <tr>
                    <th scope="row">{topic.name.clone()}</th>
                    <td class="number">
                        {format!("{} of {}", format::marks(topic.earned), format::marks(topic.possible))}
                    </td>
                    <td>
                        {topic.change.map(|(_, after)| view! { <MasteryWords standing=after/> })}
                        {topic
                            .change
                            .filter(|(before, _)| before.state != TopicState::Unsure)
                            .map(|(before, _)| view! { <small>{format!("before: {:.0} %", 100.0 * before.expected.share)}</small> })}
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let lost = topics.iter().any(|topic| topic.earned < topic.possible);
    let others = rows.split_off(TOPICS.min(rows.len()));
    let table = |caption: &'static str, rows: Vec<AnyView>| {
        view! { <Table caption head=vec!["Topic", "Marks", "To expect now"]>{rows}</Table> }
    };
    let more = (!others.is_empty()).then(|| {
        view! {
            <details class="rows">
                <summary>{format!("{} more topics", others.len())}</summary>
                {table("The other topics", others)}
            </details>
        }
    });
    (!rows.is_empty()).then(|| {
        view! {
            <h2>{if lost { "What to revise" } else { "Topics" }}</h2>
            {table("Topics, most marks lost first", rows)}
            {more}
        }
        .into_any()
    })
}

/// The grade of a whole paper, by the rules of its year's national examination.
fn national(result: &AttemptResult, waiting: &Waiting) -> Option<String> {
    let whole = result.quiz.mode == Mode::RealExam && !result.quiz.is_earlier();
    let level = result.level.as_deref().filter(|_| whole && result.possible > 0.0)?;
    let percent = |earned: f64| 100.0 * earned / result.possible;
    let as_marked = format!("as {level} papers of {} are marked", result.year);
    if waiting.answers > 0 {
        let [low, high] = [result.earned - waiting.earned, result.earned + waiting.open].map(percent);
        return Some(format!("When all is marked: {}, {as_marked}.", between(level, result.year, low, high)));
    }
    let Grade { letter, passed } = grade(level, result.year, percent(result.earned));
    let letter = letter.map(|letter| format!("Grade {letter}, ")).unwrap_or_default();
    let passed = if passed { "a pass" } else { "not a pass yet" };
    Some(format!("{letter}{passed}, {as_marked}."))
}

/// The document that an item is from, if the viewer may still see it.
fn source(result: &AttemptResult, leaf: &Question) -> Option<Uuid> {
    result.quiz.origin(&leaf.path, result.document_id).map(|(document, _)| document)
}

/// Reports an item in two taps: that something is wrong, and what.
fn reporting(result: &AttemptResult, leaf: &Question, report: ServerAction<ReportQuestion>) -> Option<AnyView> {
    source(result, leaf)?;
    if result.reported.contains(&leaf.path) {
        return Some(
            view! { <p class="facts">"You reported this. Thank you. Somebody will look at it."</p> }.into_any(),
        );
    }
    let reasons: Vec<_> = Reason::ALL
        .into_iter()
        .map(|reason| view! { <button class="plain" name="reason" value=reason.as_str()>{reason.name()}</button> })
        .collect();
    let (attempt, path) = (result.id.to_string(), leaf.path.clone());
    let label = format!("What is wrong with {path} (optional)");
    Some(
        view! {
            <details class="report">
                <summary>"Report a problem"</summary>
                <ActionForm action=report>
                    <input type="hidden" name="attempt" value=attempt/>
                    <input type="hidden" name="path" value=path/>
                    <input name="note" maxlength="500" aria-label=label placeholder="Say more, if you like" autocomplete="off"/>
                    <div class="actions">{reasons}</div>
                </ActionForm>
            </details>
        }
        .into_any(),
    )
}

fn next_steps(document: Option<Uuid>) -> AnyView {
    let again =
        document.map(|id| view! { <a class="button" href=format!("/quizzes/new?document={id}")>"Practise again"</a> });
    view! {
        <p class="actions">
            {again}
            <a class="button plain" href="/progress">"Your progress"</a>
        </p>
    }
    .into_any()
}

/// What an answer to an item from this document earned, and why.
pub fn verdict(leaf: &Question, item: &ItemResult, document: Option<Uuid>) -> AnyView {
    let given = answered(leaf, &item.answer.0, document);
    let marks = format!("{} of {}", format::marks(item.marked.marks), format::marks_long(item.marked.of));
    let left_out = (!item.counts && item.marked.verdict != Verdict::Unmarked)
        .then(|| view! { <p>"Not among the questions that count in this section."</p> });
    let regraded = item.regraded.as_ref().map(|before| {
        let old = format!("{} of {}", format::marks(before.earned), format::marks_long(before.possible));
        let old = if before.counted { old } else { format!("{old}, which did not count") };
        let because = before.because.iter().map(|cause| cause.words()).collect::<Vec<_>>().join(" and ");
        let words = format!("Marked again on {}, because {because}. Before: {old}.", format::date(before.at));
        view! { <p class="regraded">{words}</p> }
    });
    let is_provisional = item.marked.is_provisional();
    let told = if is_provisional { item.marked.verdict.suggested() } else { item.marked.verdict.name() };
    let key = leaf.key.as_ref().map(|key| {
        let right = answered(leaf, &key.options, document).unwrap_or_else(|| shown::in_line(&key.text));
        let source = match key.source {
            // What came from a file of questions is on no page.
            KeySource::Scheme(Region { page: 0, .. }) => "marking scheme".to_owned(),
            KeySource::Paper(Region { page: 0, .. }) => "the paper".to_owned(),
            KeySource::Scheme(Region { page, .. }) => format!("marking scheme, page {page}"),
            KeySource::Paper(Region { page, .. }) => format!("the paper, page {page}"),
            KeySource::Person => "your school".to_owned(),
            KeySource::WorkedOut => "worked out from its numbers".to_owned(),
            KeySource::Earlier => "the earlier system".to_owned(),
        };
        view! {
            <dt>"Right answer"</dt>
            <dd>{right} " " <small>{format!("({source})")}</small></dd>
        }
    });
    let place = leaf.regions.first().map(|region| format!("Page {} of the paper", region.page));
    view! {
        <div class="verdict">
            <p>
                <Badge tone=Tone::of(item.marked.verdict, is_provisional) text=told/>
                " "
                <b class="number">{marks}</b>
            </p>
            {left_out}
            {regraded}
            <dl>
                <dt>"Your answer"</dt>
                <dd>{given.unwrap_or_else(|| "–".into_any())}</dd>
                {key}
            </dl>
            <p class="reason">{shown::in_line(&item.marked.reason)}</p>
            {place.map(|place| view! { <p class="facts">{place}</p> })}
        </div>
    }
    .into_any()
}

/// An answer as a person reads it: options by their text, not their id. `None` if it is empty.
pub fn answered(leaf: &Question, answer: &[String], document: Option<Uuid>) -> Option<AnyView> {
    let word = |piece: &String| match leaf.options.iter().find(|option| option.id == *piece) {
        Some(option) => {
            let label = (!option.label.is_empty()).then(|| format!("{}. ", option.label));
            Some(view! { {label} {shown::option(option, document)} }.into_any())
        }
        None if leaf.kind == Kind::TrueFalse && piece == "true" => Some("True".into_any()),
        None if leaf.kind == Kind::TrueFalse && piece == "false" => Some("False".into_any()),
        None => Some(piece.trim()).filter(|piece| !piece.is_empty()).map(shown::in_line),
    };
    let words = answer.iter().filter_map(word).enumerate();
    let words: Vec<_> = words.map(|(n, word)| view! { {(n > 0).then_some("; ")} {word} }).collect();
    (!words.is_empty()).then(|| words.into_any())
}

#[cfg(test)]
mod tests {
    use exam_model::answer::{Answer, Certainty, Marked};

    use super::*;

    #[test]
    fn a_question_is_as_right_as_its_parts() {
        let told = |verdicts: &[(Verdict, bool)]| {
            let part = |n: usize| Question {
                id: Uuid::from_u128(n as u128 + 1),
                path: format!("1.{n}"),
                ..Question::default()
            };
            let question = Question { parts: (0..verdicts.len()).map(part).collect(), ..Question::default() };
            let result = |(part, &(verdict, counts)): (&Question, &(Verdict, bool))| ItemResult {
                question_id: part.id,
                topic_id: None,
                answer: Answer::default(),
                marked: Marked {
                    marks: f64::from(u8::from(verdict == Verdict::Right)),
                    of: 1.0,
                    verdict,
                    certainty: Certainty::Exact,
                    reason: String::new(),
                },
                counts,
                regraded: None,
            };
            let results: Vec<ItemResult> = question.parts.iter().zip(verdicts).map(result).collect();
            let whole = whole(&question, &results.iter().map(|item| (item.question_id, item)).collect());
            (whole.verdict, whole.earned, whole.possible)
        };
        use Verdict::{Blank, Partly, Right, Unmarked, Wrong};
        let suggested = Whole { verdict: Wrong, is_provisional: true, earned: 0.0, possible: 1.0 };
        assert_eq!((suggested.name(), suggested.tone()), ("We think wrong: your teacher decides", Tone::Quiet));
        assert_eq!(Whole { is_provisional: false, ..suggested }.tone(), Tone::Bad);
        assert_eq!(told(&[(Right, true), (Right, true)]), (Right, 2.0, 2.0));
        assert_eq!(told(&[(Right, true), (Wrong, true)]), (Partly, 1.0, 2.0));
        assert_eq!(told(&[(Blank, true), (Wrong, true), (Unmarked, false)]), (Wrong, 0.0, 2.0));
        assert_eq!(told(&[(Blank, true), (Blank, true)]), (Blank, 0.0, 2.0));
        assert_eq!(told(&[(Right, true), (Wrong, false)]), (Right, 1.0, 1.0), "what does not count says nothing");
        assert_eq!(told(&[(Wrong, false)]), (Wrong, 0.0, 1.0));
    }
}
