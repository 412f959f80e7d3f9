//! A pupil's marks to expect, topics and attempts.

use exam_model::format;
use leptos::prelude::*;

use crate::api::progress::my_progress;
use crate::api::quizzes::StartQuiz;
use crate::components::badge::Badge;
use crate::components::chart::{Band, BandChart, Step};
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::attempt::AttemptLine;
use crate::domain::expected_mark::weekly::Week;
use crate::domain::expected_mark::{ExpectedMark, Known, Outlook};
use crate::domain::knowledge::Forecast;
use crate::domain::mastery::{ENOUGH_ANSWERS, STRONG_FROM};
use crate::domain::progress::{NextSteps, Progress, TopicProgress};
use crate::pages::documents::read::AttemptList;
use crate::pages::query_words;

#[component]
pub fn ProgressPage() -> impl IntoView {
    let all = all_attempts();
    let progress = Resource::new(move || all.get(), my_progress);
    let start = ServerAction::<StartQuiz>::new();
    view! {
        <Page title="Your progress">
            <Load title="Your progress" resource=progress view=move |progress| own(progress, start)/>
        </Page>
    }
}

fn own(mut progress: Progress, start: ServerAction<StartQuiz>) -> AnyView {
    view! {
        {progress.next.take().map(|next| to_do(next, start))}
        {expected(&progress.expected, true)}
        {topics(&progress, true)}
        {attempts(progress.attempts, progress.more)}
    }
    .into_any()
}

/// What to do next: practice by subject, and the mistakes that are due.
fn to_do(next: NextSteps, start: ServerAction<StartQuiz>) -> AnyView {
    if next.subjects.is_empty() {
        return ().into_any();
    }
    let due = (next.due > 0).then(|| {
        let words = format!("{} to practise again", format::count(next.due, "mistake"));
        view! { <a class="button plain" href="/mistakes">{words}</a> }
    });
    let subjects: Vec<_> = next
        .subjects
        .into_iter()
        .map(|subject| {
            view! {
                <ActionForm action=start>
                    <input type="hidden" name="subject" value=subject.id.to_string()/>
                    <input type="hidden" name="mode" value="adaptive"/>
                    <input type="hidden" name="feedback" value="immediate"/>
                    <input type="hidden" name="count" value="10"/>
                    <button>{subject.name}</button>
                </ActionForm>
            }
        })
        .collect();
    let exam =
        format!("Your exam is on {}: {} to go.", format::day(next.exam_on), format::count(next.days_left, "day"));
    view! {
        <section class="card">
            <h2>"What to do next"</h2>
            <p>{exam} " Practise the ten questions that help you most. Each says why it was chosen."</p>
            <FormError error=error_of(start)/>
            <div class="actions">{subjects} {due}</div>
        </section>
    }
    .into_any()
}

/// The marks to expect, topics and attempts, as the school sees them.
pub fn progress_view(progress: Progress) -> AnyView {
    view! { {expected(&progress.expected, false)} {topics(&progress, false)} {attempts(progress.attempts, progress.more)} }.into_any()
}

/// The marks to expect of the exams, with links to practise what would raise them if `own`.
fn expected(marks: &[ExpectedMark], own: bool) -> Option<AnyView> {
    let known: Vec<_> = marks.iter().filter_map(|mark| subject(mark, own)).collect();
    let none = known.is_empty();
    let rows: Vec<_> = marks.iter().filter_map(figures).collect();
    let (when, whose) = if own { ("If you sat", "your") } else { ("If the pupil sat", "the") };
    let hint = format!(
        "{when} an exam like the past papers today, {whose} mark would lie in between 8 times in 10. \
         This is an estimate, not a promise."
    );
    let table = (!none).then(|| {
        view! {
            <p class="hint">{hint}</p>
            <details>
                <summary>"Show the figures"</summary>
                <Table caption="Marks to expect" head=vec!["Subject", "From", "Most likely", "To", "Of", "Papers"]>
                    {rows}
                </Table>
            </details>
        }
    });
    let waiting: Vec<String> = marks.iter().filter_map(ExpectedMark::missing).collect();
    let waiting = (!waiting.is_empty()).then(|| {
        view! { <p class="hint">{format!("Not known yet: {}.", waiting.join("; "))}</p> }
    });
    (!marks.is_empty()).then(|| {
        view! {
            <section class="expected">
                <h2>"Marks to expect"</h2>
                {known}
                {table}
                {waiting}
            </section>
        }
        .into_any()
    })
}

/// The mark to expect in a subject, and what would raise it; `None` while it is not known.
fn subject(mark: &ExpectedMark, own: bool) -> Option<AnyView> {
    let Outlook::Known(known) = &mark.outlook else { return None };
    let Forecast { expected, low, high, marks } = known.forecast;
    let raises: Vec<_> = known
        .raises
        .iter()
        .map(|raise| {
            let href = format!("/quizzes/new?subject={}&topic={}", mark.subject_id, raise.topic_id);
            let topic = raise.topic.clone();
            let topic = if own { view! { <a href=href>{topic}</a> }.into_any() } else { topic.into_any() };
            view! { <li>{topic} ", " {raise.words()}</li> }
        })
        .collect();
    let raises = (!raises.is_empty()).then(|| view! { <p>"This would raise it most:"</p> <ul>{raises}</ul> });
    let gaps = Some(known.gaps()).filter(|gaps| !gaps.is_empty()).map(|gaps| view! { <p class="hint">{gaps}</p> });
    let grade = mark.grade().map(|grade| format!("That would be {grade}."));
    Some(
        view! {
            <h3>{mark.subject.clone()}</h3>
            <p class="big">"Expected mark: " <b>{known.range()}</b> " " <small>{grade}</small></p>
            <Band low at=expected high of=marks/>
            {by_weeks(&mark.weeks, &mark.subject, marks)}
            {raises}
            {gaps}
        }
        .into_any(),
    )
}

/// The chart of the mark to expect over the weeks, as far as that was known.
fn by_weeks(weeks: &[Week], subject: &str, of: f64) -> Option<AnyView> {
    let step = |week: &Week| Step {
        label: format::day(week.ends),
        band: week.forecast.map(|Forecast { low, expected, high, .. }| [low, expected, high]),
    };
    let steps: Vec<Step> = weeks.iter().map(step).collect();
    let caption = format!("Expected mark in {subject}, week by week");
    (!steps.is_empty()).then(|| {
        view! {
            <BandChart caption head=["Up to", "From", "Most likely", "To"] steps of/>
            <p class="hint">"What the answers up to each week told, for an exam like the past papers."</p>
        }
        .into_any()
    })
}

/// The row of a subject whose mark is known.
fn figures(mark: &ExpectedMark) -> Option<AnyView> {
    let Outlook::Known(Known { forecast: Forecast { expected, low, high, marks }, .. }) = &mark.outlook else {
        return None;
    };
    let numbers = [*low, expected.round(), *high, *marks, mark.papers as f64];
    let cells = numbers.map(|number| view! { <td class="number">{format::marks(number)}</td> });
    Some(view! { <tr><th scope="row">{mark.subject.clone()}</th> {cells.into_iter().collect_view()}</tr> }.into_any())
}

/// The topics; with links to practise them if `own`.
fn topics(progress: &Progress, own: bool) -> AnyView {
    let legend = format!(
        "Weak: less than {:.0} %. Strong: {:.0} % or more. Not sure yet: fewer than {ENOUGH_ANSWERS} answers, or some right and some \
         wrong. New answers count most. No answer counts as wrong. The arrow says if the last answers were better.",
        100.0 * progress.weak_below,
        100.0 * STRONG_FROM,
    );
    if progress.topics.is_empty() {
        return view! { <p class="empty">"Nothing yet. Topics appear here once a quiz is handed in."</p> }.into_any();
    }
    let mut subjects: Vec<(&str, Vec<AnyView>)> = Vec::new();
    for topic in &progress.topics {
        let line = topic_line(topic, own);
        match subjects.iter_mut().find(|(subject, _)| *subject == topic.subject) {
            Some((_, lines)) => lines.push(line),
            None => subjects.push((&topic.subject, vec![line])),
        }
    }
    let subjects: Vec<_> = subjects
        .into_iter()
        .map(|(subject, lines)| view! { <h3>{subject.to_owned()}</h3> <ul class="accordion">{lines}</ul> })
        .collect();
    view! {
        <section>
            <h2>"Topics, the weakest first"</h2>
            <p class="hint">"How much is likely to be right in new questions."</p>
            {subjects}
            <p class="hint">{legend}</p>
        </section>
    }
    .into_any()
}

/// A topic with what is known of it; why, and the link to practise it if `own`, are folded.
fn topic_line(topic: &TopicProgress, own: bool) -> AnyView {
    let practise = own.then(|| {
        let href = format!("/quizzes/new?subject={}&topic={}", topic.subject_id, topic.topic_id);
        view! { <p><a class="button plain" href=href>{format!("Practise {}", topic.topic)}</a></p> }
    });
    let state = topic.standing.state;
    let share = topic.standing.share_words().map(|share| {
        view! { <span class="unseen">"expected: "</span> <b class="number">{share}</b> }
    });
    view! {
        <li>
            <details>
                <summary>
                    <span>{topic.topic.clone()}</span>
                    <Badge tone=state text=state.name()/>
                    {share}
                </summary>
                <p>
                    {topic.standing.range()} "." {topic.trend.map(|trend| format!(" {}.", trend.name()))}
                    " " {topic.evidence.why(&topic.topic, own)}
                </p>
                {practise}
            </details>
        </li>
    }
    .into_any()
}

/// Whether the address asks for all attempts.
pub fn all_attempts() -> Memo<bool> {
    let words = query_words(["attempts"]);
    Memo::new(move |_| words.get() == ["all"])
}

fn attempts(attempts: Vec<AttemptLine>, more: bool) -> Option<AnyView> {
    let more = more.then(|| {
        view! {
            <p class="actions">
                <a class="button plain" href="?attempts=all">"All attempts"</a>
            </p>
        }
    });
    (!attempts.is_empty()).then(|| view! { <h2>"Attempts"</h2> <AttemptList attempts/> {more} }.into_any())
}
