//! The pupil's home: one thing to do now, the week's plan, short practice, and how the last one went.

use chrono::{DateTime, Utc};
use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::assignments::StartAssignment;
use crate::api::progress::{SetDailyMinutes, my_home};
use crate::api::quizzes::{PractiseMistakes, StartQuiz};
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::expected_mark::{ExpectedMark, Outlook};
use crate::domain::plan::{CHOICES, Day, Week};
use crate::domain::progress::{Home, NextStep, NextSteps, Progress, SubjectLine};
use crate::domain::quiz::MISTAKES_AT_A_TIME;
use crate::pages::assigned;
use crate::pages::documents::read::AttemptList;

/// How many questions a short practice has, the fewer first.
const COUNTS: [i32; 2] = [5, 10];

#[component]
pub fn PupilHome() -> impl IntoView {
    let home = Resource::new(|| (), |()| my_home());
    let actions = Actions {
        start: ServerAction::new(),
        assigned: ServerAction::new(),
        mistakes: ServerAction::new(),
        plan: ServerAction::new(),
    };
    view! {
        <Page title="Practise">
            <Load resource=home view=move |home| show(&home, actions)/>
        </Page>
    }
}

/// What the page's forms call.
#[derive(Clone, Copy)]
struct Actions {
    start: ServerAction<StartQuiz>,
    assigned: ServerAction<StartAssignment>,
    mistakes: ServerAction<PractiseMistakes>,
    plan: ServerAction<SetDailyMinutes>,
}

fn show(home: &Home, actions: Actions) -> AnyView {
    let Progress { full_name, next, .. } = &home.progress;
    let exam = next.as_ref().map(|NextSteps { exam_on, days_left, .. }| {
        let left = match days_left {
            0 => view! { <b>"Your exam is today."</b> }.into_any(),
            days => {
                let day = format!("Your exam is on {}: ", format::day(*exam_on));
                view! { {day} <b>{format::count(*days, "day")}</b> " to go." }.into_any()
            }
        };
        view! { <p class="lead">{left}</p> }
    });
    let subjects = next.as_ref().map_or(&[][..], |next| &next.subjects);
    let step = home.next_step();
    let plan = plan(&home.week, &step, actions.plan);
    // What is on top is not told again below.
    let others = home.assigned.iter().filter(|work| !matches!(&step, NextStep::Assigned(first) if first.id == work.id));
    let others = assigned::list(home.now, others.cloned().collect(), actions.assigned);
    view! {
        <h1>{format!("Hello, {full_name}")}</h1>
        {exam}
        <FormError error=error_of(actions.start)/>
        <FormError error=error_of(actions.assigned)/>
        <FormError error=error_of(actions.mistakes)/>
        <div class="home">
            <div>{now(step, home.now, actions)} {others}</div>
            <div class="beside-now">{plan} {lately(&home.progress)}</div>
            {short_practice(subjects, actions.start)}
        </div>
    }
    .into_any()
}

/// The one thing to do now.
fn now(step: NextStep, now: DateTime<Utc>, actions: Actions) -> AnyView {
    let (words, button) = match step {
        NextStep::GoOn(practice) => (
            format!("Continue {} where you left off.", practice.title),
            view! { <a class="button" href=format!("/attempts/{}", practice.id)>"Continue"</a> }.into_any(),
        ),
        NextStep::Assigned(work) => (
            format!("{}, set by your school: {}.", work.title, assigned::facts(now, &work)),
            assigned::action(now, &work, actions.assigned).into_any(),
        ),
        NextStep::Mistakes(due) => (
            format!("Try {} again that you got wrong.", format::count(due.min(MISTAKES_AT_A_TIME), "question")),
            view! { <ActionForm action=actions.mistakes><button>"Practise your mistakes"</button></ActionForm> }.into_any(),
        ),
        NextStep::Topic { subject, raise } => (
            format!("{} can raise your mark most. {}.", raise.topic, raise.words()),
            start(actions.start, subject, Some(raise.topic_id), COUNTS[0], format!("Practise {}", raise.topic), None),
        ),
        NextStep::Subject(subject) => (
            format!("Five questions in {}. See at once what was right, and why.", subject.name),
            start(actions.start, subject.id, None, COUNTS[0], "Start".into(), None),
        ),
        NextStep::Nothing => (
            "There are no papers with answers for your level yet. Add a paper of your own, or ask your school for some.".into(),
            view! { <a class="button" href="/documents/new">"Add a paper"</a> }.into_any(),
        ),
    };
    view! {
        <section class="card now" aria-labelledby="now">
            <h2 id="now">"Do this now"</h2>
            <p>{words}</p>
            {button}
        </section>
    }
    .into_any()
}

/// The week's plan: the minutes of each day, and what today's are for.
fn plan(week: &Week, step: &NextStep, action: ServerAction<SetDailyMinutes>) -> AnyView {
    let body = match week.daily {
        None => view! { <p>"How long do you want to practise each day?"</p> {minutes(None, action)} }.into_any(),
        Some(daily) => {
            let done = week.today_minutes();
            let today = if done >= daily.into() {
                format!("{done} minutes today. Well done!")
            } else {
                format!("{done} of {daily} minutes today.")
            };
            let what = step.name().filter(|_| done < daily.into()).map(|name| {
                view! { " Use them for " <a href="#now">{name.to_owned()}</a> "." }
            });
            view! {
                <ol class="week">{week.days().map(day).into_iter().collect_view()}</ol>
                <p>{today} {what}</p>
                {week.words().map(|words| view! { <p><b>{words}</b></p> })}
                <details>
                    <summary>"Change your plan"</summary>
                    {minutes(Some(daily), action)}
                    <p class="hint">"Minutes count while you answer questions, without pauses of more than 10 minutes."</p>
                </details>
            }
            .into_any()
        }
    };
    view! {
        <section class="plan" aria-labelledby="plan">
            <h2 id="plan">"Your week"</h2>
            <FormError error=error_of(action)/>
            {body}
        </section>
    }
    .into_any()
}

/// A day of the week, in words and as a picture.
fn day(day: Day) -> AnyView {
    let Day { weekday, minutes, kept, is_today, ahead } = day;
    let words = match (ahead, kept) {
        (true, _) => format!("{weekday}"),
        (false, true) => format!("{weekday}: {}, done.", format::count(minutes, "minute")),
        (false, false) => format!("{weekday}: {}.", format::count(minutes, "minute")),
    };
    let figure = match (ahead, minutes) {
        (true, _) => String::new(),
        (false, 0) => "–".to_owned(),
        (false, minutes) => minutes.to_string(),
    };
    view! {
        <li class:kept=kept class:ahead=ahead aria-current=is_today.then_some("date")>
            <span class="unseen">{words}</span>
            <small aria-hidden="true">{weekday.to_string()}</small>
            <b aria-hidden="true">{figure}</b>
            <small aria-hidden="true">{kept.then_some("✓")}</small>
        </li>
    }
    .into_any()
}

/// The minutes a day to choose from, without those that are chosen.
fn minutes(chosen: Option<i16>, action: ServerAction<SetDailyMinutes>) -> AnyView {
    let choice = |choice: i16| {
        view! { <button class="plain" name="minutes" value=choice.to_string()>{format!("{choice} minutes")}</button> }
    };
    let choices: Vec<_> = CHOICES.into_iter().filter(|&choice| Some(choice) != chosen).map(choice).collect();
    let none = chosen.map(|_| view! { <button class="plain">"No plan"</button> });
    view! { <ActionForm action><p class="actions">{choices} {none}</p></ActionForm> }.into_any()
}

/// Starts a practice of a topic, or of what helps most in a subject.
fn start(
    action: ServerAction<StartQuiz>,
    subject: Uuid,
    topic: Option<Uuid>,
    count: i32,
    words: String,
    // What it is of, where other buttons have the same words.
    of: Option<String>,
) -> AnyView {
    let mode = if topic.is_some() { "topic-focused" } else { "adaptive" };
    let topic = topic.map(|topic| view! { <input type="hidden" name="topics[]" value=topic.to_string()/> });
    view! {
        <ActionForm action>
            <input type="hidden" name="subject" value=subject.to_string()/>
            <input type="hidden" name="mode" value=mode/>
            <input type="hidden" name="feedback" value="immediate"/>
            {topic}
            <input type="hidden" name="count" value=count/>
            <button class=of.is_some().then_some("plain") aria-label=of.map(|of| format!("{words}, {of}"))>{words.clone()}</button>
        </ActionForm>
    }
    .into_any()
}

/// A few questions of each subject, without a clock.
fn short_practice(subjects: &[SubjectLine], action: ServerAction<StartQuiz>) -> Option<AnyView> {
    let lines: Vec<_> = subjects
        .iter()
        .map(|subject| {
            let buttons = COUNTS.map(|count| {
                let of = Some(format!("{} {}", subject.name, subject.level));
                start(action, subject.id, None, count, format::count(count.into(), "question"), of)
            });
            let href = format!("/quizzes/new?subject={}", subject.id);
            view! {
                <li>
                    <h3>{subject.name.clone()} " " <small>{subject.level.clone()}</small></h3>
                    <div class="actions">
                        {buttons.into_iter().collect_view()}
                        <a href=href aria-label=format!("Choose topics in {}", subject.name)>"Choose topics"</a>
                    </div>
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <section aria-labelledby="short">
                <h2 id="short">"Short practice"</h2>
                <p>"Without a clock. After each question you see your marks and the reason."</p>
                <ul class="lined">{lines}</ul>
                <p class="actions">
                    <a href="/documents">"Sit a whole paper"</a>
                    <a href="/mistakes">"Your mistakes"</a>
                </p>
            </section>
        }
        .into_any()
    })
}

/// The latest attempt, and the marks to expect.
fn lately(progress: &Progress) -> Option<AnyView> {
    let expected = |mark: &ExpectedMark| match &mark.outlook {
        Outlook::Known(known) => {
            Some(view! { <li>{mark.subject.clone()} ": you may get " <b>{known.range()}</b></li> })
        }
        _ => None,
    };
    let expected: Vec<_> = progress.expected.iter().filter_map(expected).collect();
    let expected = (!expected.is_empty()).then(|| view! { <ul>{expected}</ul> });
    let last = progress.attempts.iter().find(|attempt| attempt.submitted_at.is_some())?;
    Some(
        view! {
            <section aria-labelledby="lately">
                <h2 id="lately">"How you are doing"</h2>
                <AttemptList attempts=vec![last.clone()]/>
                {expected}
                <p><a href="/progress">"All your progress"</a></p>
            </section>
        }
        .into_any(),
    )
}
