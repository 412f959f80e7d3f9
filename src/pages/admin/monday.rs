//! The Monday page: what to teach a class again, to whom, and with which questions. One sheet of A4 in print.

use chrono::{DateTime, Utc};
use exam_model::format;
use leptos::prelude::*;
use leptos_router::location::Url;
use uuid::Uuid;

use crate::api::analytics::get_monday;
use crate::api::documents::review_query;
use crate::components::badge::Badge;
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::domain::monday::{
    IDLE_DAYS, IdlePupil, Lesson, Monday, MondayPage as Content, NeedsLesson, RisingPupil, WithoutTopic, WrongAnswer,
};
use crate::pages::attempts::result::answered;
use crate::pages::query_words;

pub mod board;

/// The most pupils that are named under a topic; the others are counted.
const MAX_NAMED: usize = 12;

#[component]
pub fn MondayPage() -> impl IntoView {
    let asked = query_words(["class", "subject"]);
    let page = Resource::new(move || asked.get(), |[class, subject]| get_monday(class, subject));
    view! {
        <Page title="What to teach again">
            <Load title="What to teach again" resource=page view=whole/>
        </Page>
    }
}

fn whole(page: Content) -> AnyView {
    let Content { class, classes, subject, subjects, content } = page;
    let Some((class, name)) = class else {
        return view! {
            <p class="empty">"There are no classes yet."</p>
            <p class="actions"><a class="button" href="/admin/classes/import">"Import a list"</a></p>
        }
        .into_any();
    };
    let classes = classes.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let subjects = subjects.into_iter().map(|name| (name.clone(), name)).collect();
    let weak = format!("/admin/weak-topics?class={class}&subject={}", Url::escape(&subject));
    view! {
        <form class="filters" method="get" action="/admin/monday">
            <Select label="Class" name="class" options=classes value=class.to_string()/>
            <Select label="Subject" name="subject" options=subjects value=subject.clone()/>
            <button class="plain">"Show"</button>
        </form>
        <p class="facts">{format!("{name} · {subject}")}</p>
        {content.map(|content| sheet(class, content))}
        <p class="actions">
            <a class="button plain" href=weak>"All weak topics"</a>
            <a class="button plain" href=format!("/admin/students?class={class}")>"All pupils"</a>
        </p>
    }
    .into_any()
}

fn sheet(class: Uuid, monday: Monday) -> AnyView {
    let Monday { lessons, papers, pupils, idle, rising, without_topic } = monday;
    let source = match papers {
        0 => "No past paper says what the topics are worth, so all count alike.".to_owned(),
        papers => format!("What the topics are worth is from {}.", format::count(papers as i64, "past paper")),
    };
    let lessons = match lessons.is_empty() {
        true => view! {
            <p class="empty">"No topic is known to need a lesson: there are too few answers, or the class knows them well."</p>
        }
        .into_any(),
        false => {
            let cards: Vec<_> =
                lessons.into_iter().zip(1..).map(|(lesson, number)| card(class, pupils, lesson, number)).collect();
            view! {
                <ol class="lessons">{cards}</ol>
                <p class="hint">
                    "First comes what costs most marks for sure. All answers of the class count together. " {source}
                </p>
            }
            .into_any()
        }
    };
    view! {
        <div class="monday">
            {lessons}
            <div class="two">{idle_list(idle, pupils)} {rising_list(rising)}</div>
        </div>
        {without_topic_list(without_topic)}
    }
    .into_any()
}

fn card(class: Uuid, pupils: usize, lesson: Lesson, number: usize) -> AnyView {
    let board = format!("/admin/monday/board?class={class}&topic={}", lesson.topic);
    let set = format!("/admin/assignments?class={class}&topic={}", lesson.topic);
    let expected = lesson.class.expected;
    let facts = format!(
        "The class earns about {:.0} % ({:.0}–{:.0} %), by {}.",
        100.0 * expected.share,
        100.0 * expected.low,
        100.0 * expected.high,
        format::count(lesson.class.answers.into(), "answer"),
    );
    let marks = lesson.marks.map(|marks| {
        let [marks, loss, sure] = [marks, lesson.loss(), lesson.sure_loss()].map(|marks| format!("{marks:.1}"));
        format!(" An exam has {marks} marks of it: about {loss} are lost, almost surely {sure} or more.")
    });
    let wrong: Vec<_> = lesson.wrong.iter().map(wrong_answer).collect();
    let wrong = (!wrong.is_empty()).then(|| view! { <ul class="wrong-answers">{wrong}</ul> });
    view! {
        <li class="card">
            <h2>{format!("{number}. {}", lesson.name)} " " <Badge tone=lesson.class.state text=lesson.class.state.name()/></h2>
            <p>{facts} {marks}</p>
            {who(&lesson, pupils)}
            {wrong}
            <p class="actions">
                <a class="button" href=format!("{board}&question=1") aria-label=format!("Project questions: {}", lesson.name)>
                    "Project questions"
                </a>
                <a class="button plain" href=board aria-label=format!("Print them: {}", lesson.name)>"Print them"</a>
                <a class="button plain" href=set aria-label=format!("Set a quiz: {}", lesson.name)>"Set a quiz"</a>
            </p>
        </li>
    }
    .into_any()
}

fn who(lesson: &Lesson, pupils: usize) -> AnyView {
    let name = |pupil: &NeedsLesson| {
        let share = format!("{:.0} %", 100.0 * pupil.mastery.expected.share);
        view! { <li><a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name.clone()}</a> " " <small>{share}</small></li> }
    };
    let names: Vec<_> = lesson.pupils.iter().take(MAX_NAMED).map(name).collect();
    let more = more_than(lesson.pupils.len());
    let unasked = pupils.saturating_sub(lesson.answered);
    let unasked =
        (unasked > 0).then(|| format!("Without an answer to it: {}.", format::count(unasked as i64, "pupil")));
    let count = format!("{} of {} need it.", lesson.pupils.len(), lesson.answered);
    view! {
        <p>{count} " " {unasked}</p>
        <ul class="names">{names} {more}</ul>
    }
    .into_any()
}

/// How many pupils are not named.
fn more_than(pupils: usize) -> Option<AnyView> {
    let more = pupils.saturating_sub(MAX_NAMED);
    (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> }.into_any())
}

fn wrong_answer(wrong: &WrongAnswer) -> AnyView {
    let WrongAnswer { document, question, answer, pupils } = wrong;
    let right = question.key.as_ref().map(|key| {
        let words = answered(question, &key.options, Some(*document)).unwrap_or_else(|| key.text.clone().into_any());
        view! { ", not “" {words} "”" }
    });
    let stem = format::shortened(&question.text.replace('\n', " "), 140);
    view! {
        <li>
            {format!("{} wrote “", format::count(*pupils, "pupil"))} {answered(question, &answer.0, Some(*document))} "”"
            {right} ": " <small>{stem}</small>
        </li>
    }
    .into_any()
}

fn idle_list(idle: Vec<IdlePupil>, pupils: usize) -> AnyView {
    let since = |at: Option<DateTime<Utc>>| at.map_or_else(|| "never".to_owned(), format::date);
    let row = |pupil: IdlePupil| {
        view! { <li><a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a> " " <small>{since(pupil.last_at)}</small></li> }
    };
    let title = format!("Have not worked for {IDLE_DAYS} days");
    let count = format!("{} of {}", idle.len(), format::count(pupils as i64, "pupil"));
    let names: Vec<_> = idle.into_iter().map(row).collect();
    let names = match names.is_empty() {
        true => view! { <p>"All have worked."</p> }.into_any(),
        false => view! { <p>{count} ", with the last day"</p> <ul class="names">{names}</ul> }.into_any(),
    };
    view! { <section><h2>{title}</h2> {names}</section> }.into_any()
}

fn rising_list(rising: Vec<RisingPupil>) -> AnyView {
    let row = |pupil: RisingPupil| {
        let topics = pupil.topics.join(", ");
        view! { <li><a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a> " " <small>{topics}</small></li> }
    };
    let more = more_than(rising.len());
    let names: Vec<_> = rising.into_iter().take(MAX_NAMED).map(row).collect();
    let names = match names.is_empty() {
        true => {
            view! { <p>"Nobody is known to rise: their last answers are about as good as expected."</p> }.into_any()
        }
        false => view! { <p>"Their last answers are better than expected"</p> <ul class="names">{names} {more}</ul> }
            .into_any(),
    };
    view! { <section><h2>"Rising"</h2> {names}</section> }.into_any()
}

fn without_topic_list(questions: Vec<WithoutTopic>) -> Option<AnyView> {
    let row = |line: WithoutTopic| {
        let place = format!("{}, question {}", line.paper, line.path);
        let href = format!("/admin/documents/{}/review?{}", line.document, review_query(&line.path));
        view! { <li><a href=href>{place}</a> " " <small>{format::shortened(&line.text, 100)}</small></li> }
    };
    let count = questions.len();
    let rows: Vec<_> = questions.into_iter().map(row).collect();
    (count > 0).then(|| {
        view! {
            <section class="not-printed">
                <h2>"Questions without a topic"</h2>
                <p>"Their answers count for no topic. Give them one:"</p>
                <ul>{rows}</ul>
            </section>
        }
        .into_any()
    })
}
