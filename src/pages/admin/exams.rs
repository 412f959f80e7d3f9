//! Exams in progress: who is sitting what, who needs a look, and what the school can do.

use std::collections::BTreeSet;

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use super::students::class_options;
use crate::api::exams::{ExamDayPage, GrantExtraTime, TakeMeasure, get_exam_day, get_taken_exams};
use crate::components::badge::Badge;
use crate::components::exam_day::follow_exams;
use crate::components::field::{Field, FormError, Select, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::account::told_apart;
use crate::domain::invigilation::{
    EXTRA_TIME, ExamDay, ExamRow, LISTED_HOURS, MAX_MESSAGE, RoomCode, SentMessage, Sitting, Target, UNDO_MINUTES,
};
use crate::domain::mark_list::TakenExam;
use crate::error::AppError;
use crate::pages::query_words;

#[component]
pub fn ExamsPage() -> impl IntoView {
    let asked = query_words(["document", "class", "pupil"]);
    let measure = ServerAction::<TakeMeasure>::new();
    let day = Resource::new(move || asked.get(), |[document, class, _]| get_exam_day(document, class));
    let sat = Resource::new(|| (), |()| get_taken_exams());
    view! {
        <Page title="Exams in progress">
            <h1>"Exams in progress"</h1>
            <FormError error=error_of(measure) fields=&["minutes", "message"]/>
            <Load resource=day view=move |page| whole(page, asked.get(), measure)/>
            <Load resource=sat view=taken_exams/>
        </Page>
    }
}

/// The exams that were sat lately, with what they came to.
fn taken_exams(exams: Vec<TakenExam>) -> AnyView {
    if exams.is_empty() {
        return ().into_any();
    }
    let row = |taken: TakenExam| {
        let [marks, analysis] = ["marks", "analysis"].map(|page| taken.exam.page(page));
        view! {
            <tr>
                <th scope="row"><a href=marks aria-label=format!("Marks: {}", taken.title)>{taken.title.clone()}</a></th>
                <td class="number">{taken.pupils}</td>
                <td>{format::date_time(taken.last_at)}</td>
                <td><a href=analysis aria-label=format!("Item analysis: {}", taken.title)>"Item analysis"</a></td>
            </tr>
        }
    };
    let rows: Vec<_> = exams.into_iter().map(row).collect();
    view! {
        <h2>"Sat lately"</h2>
        <Table caption="Whole papers and tests, the latest first" head=vec!["Marks of", "Pupils", "Last handed in", "Questions"]>
            {rows}
        </Table>
    }
    .into_any()
}

/// The query of the page for the exams of a target.
fn query(target: Target) -> String {
    let word = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    format!("document={}&class={}", word(target.document), word(target.class))
}

/// The hidden fields of a form that is for a target.
fn fields(target: Target) -> AnyView {
    let Target { attempt, document, class } = target;
    let fields = [("attempt", attempt), ("document", document), ("class", class)];
    let field = |(name, id): (&'static str, Option<Uuid>)| {
        id.map(|id| view! { <input type="hidden" name=name value=id.to_string()/> })
    };
    fields.map(field).into_any()
}

fn whole(page: ExamDayPage, asked: [String; 3], measure: ServerAction<TakeMeasure>) -> AnyView {
    let ExamDayPage { day, papers, classes, codes, messages } = page;
    let [document, class, pupil] = asked;
    let named = |known: &[(Uuid, String)], id: &str| {
        known.iter().find(|(known, _)| known.to_string() == id).map(|(_, name)| name.clone())
    };
    let names: Vec<String> = [named(&papers, &document), named(&classes, &class)].into_iter().flatten().collect();
    let name = if names.is_empty() { "all exams".to_owned() } else { names.join(", ") };
    let mut options = vec![(String::new(), "All papers, tests and quizzes".to_owned())];
    options.extend(papers.into_iter().map(|(id, title)| (id.to_string(), title)));
    let filter = Target { attempt: None, document: document.parse().ok(), class: class.parse().ok() };
    let one = pupil.parse().ok().map(|pupil| one_pupil(&day, pupil, filter, measure));
    view! {
        <form class="filters" method="get" action="/admin/exams">
            <Select label="Paper or test" name="document" options value=document/>
            <Select label="Class" name="class" options=class_options(classes) value=class/>
            <button class="plain">"Show"</button>
        </form>
        {room_codes(codes)}
        {one}
        {list(&day, filter)}
        {for_all(&day, name, filter, measure)}
        {sent(messages)}
    }
    .into_any()
}

/// The codes to tell in the room, large enough to be read from its last row.
fn room_codes(codes: Vec<RoomCode>) -> Option<AnyView> {
    let code = |one: RoomCode| {
        view! { <li><span>{format!("{}, {}", one.title, one.class)}</span> " " <b>{one.code}</b></li> }
    };
    let codes: Vec<_> = codes.into_iter().map(code).collect();
    (!codes.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="room-codes">
                <h2 id="room-codes">"Code to start"</h2>
                <ul class="room-codes">{codes}</ul>
            </section>
        }
        .into_any()
    })
}

fn list(day: &ExamDay, filter: Target) -> AnyView {
    let people: Vec<(&str, &str)> =
        day.rows.iter().map(|row| (row.full_name.as_str(), row.sign_in_name.as_str())).collect();
    let rows = day.keys().into_iter().zip(told_apart(&people)).zip(&day.rows);
    let rows: Vec<_> = rows.map(|((key, name), row)| line(day, row, [key, name, about(day, row)], filter)).collect();
    let sitting = day.rows.iter().filter(|row| row.sitting.is_some()).count();
    let missing = day.rows.len() - sitting;
    let empty = day.rows.is_empty().then(|| {
        view! { <p class="empty">"Nobody is sitting an exam or a quiz right now."</p> }
    });
    let mut count = format::count(sitting as i64, "exam");
    if missing > 0 {
        count += &format!(", {missing} not started");
    }
    let titles: BTreeSet<&str> = day.rows.iter().map(|row| row.title.as_str()).collect();
    if let (1, Some(title)) = (titles.len(), titles.first()) {
        count = format!("{title}: {count}");
    }
    view! {
        {follow_exams(format!("/admin/exams/events?{}", query(filter)))}
        <p class="facts">
            {count} ". As of " <b id="as-of">{day.clock()}</b> " by the server’s clock. Choose a name to grant time, pause or end."
        </p>
        {empty}
        <div class="exam-day">
            <table>
                <caption class="unseen">"Who needs a look first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Pupil"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Answered, saved"</th>
                        <th scope="col">"Left, until"</th>
                    </tr>
                </thead>
                <tbody id="exam-rows">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The class and the title of a row, each if not all rows have the same.
fn about(day: &ExamDay, row: &ExamRow) -> String {
    let title = day.rows.iter().any(|other| other.title != row.title).then(|| row.title.clone());
    let class = day.rows.iter().any(|other| other.class != row.class).then(|| row.class.clone()).flatten();
    [class, title].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn line(day: &ExamDay, row: &ExamRow, [key, name, about]: [String; 3], filter: Target) -> AnyView {
    let look = row.look(day.as_of);
    let [far, left] = row.figures();
    let href = format!("/admin/exams?{}&pupil={}#pupil", query(filter), row.pupil);
    view! {
        <tr id=key>
            <th scope="row"><a href=href>{name}</a> " " <small>{about}</small></th>
            <td><Badge tone=look text=look.words()/></td>
            <td class="far">{far}</td>
            <td class="left">{left}</td>
        </tr>
    }
    .into_any()
}

/// A pupil of the list, with what the school can do to each of the pupil's exams.
fn one_pupil(day: &ExamDay, pupil: Uuid, filter: Target, measure: ServerAction<TakeMeasure>) -> AnyView {
    let rows: Vec<&ExamRow> = day.rows.iter().filter(|row| row.pupil == pupil).collect();
    let close = format!("/admin/exams?{}", query(filter));
    let Some(first) = rows.first() else {
        return view! { <p class="card note" id="pupil">"This pupil sits nothing now. " <a href=close>"Close"</a></p> }
            .into_any();
    };
    let about = format!(
        "{} ({}){}",
        first.full_name,
        first.sign_in_name,
        first.class.as_ref().map(|class| format!(", {class}")).unwrap_or_default()
    );
    let exams: Vec<_> = rows.into_iter().map(|row| one_exam(day, row, measure)).collect();
    view! {
        <section class="card note" id="pupil">
            <h2>{about}</h2>
            {exams}
            <p class="actions">
                <a class="button plain" href=format!("/admin/students/{pupil}")>"The pupil’s page"</a>
                <a class="button plain" href=close>"Close"</a>
            </p>
        </section>
    }
    .into_any()
}

fn one_exam(day: &ExamDay, row: &ExamRow, measure: ServerAction<TakeMeasure>) -> AnyView {
    let [far, left] = row.figures();
    let facts: Vec<&str> = [row.title.as_str(), row.look(day.as_of).words(), &far, &left]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    let facts = facts.join(" · ");
    let Some(sitting) = &row.sitting else { return view! { <p>{facts}</p> }.into_any() };
    let target = Target { attempt: Some(sitting.attempt), ..Target::default() };
    let end = sitting.ending_at.is_none().then(|| {
        view! {
            <details>
                <summary aria-label=format!("End: {}", row.full_name)>"End …"</summary>
                <ActionForm action=measure>
                    {fields(target)}
                    <button name="measure" value="end">"End it now"</button>
                </ActionForm>
            </details>
        }
    });
    let buttons = match sitting {
        Sitting { ending_at: Some(_), .. } => vec![("resume", "Undo the end"), ("hand_in", "Hand in now")],
        Sitting { paused: true, .. } => vec![("resume", "Resume")],
        _ => vec![("pause", "Pause")],
    };
    let buttons: Vec<_> = buttons
        .into_iter()
        .map(|(value, words)| {
            view! { <ActionForm action=measure>{fields(target)} <button class="plain" name="measure" value=value>{words}</button></ActionForm> }
        })
        .collect();
    view! {
        <p>{facts}</p>
        <div class="actions">
            {add_time(target, "Add time".to_owned(), format!("minutes-{}", sitting.attempt), 5, measure)}
            {buttons}
            {end}
            <a href=format!("/attempts/{}/timeline", sitting.attempt)>"Timeline"</a>
        </div>
        {tell(target, "Tell this pupil".to_owned(), format!("message-{}", sitting.attempt), measure)}
    }
    .into_any()
}

/// The form that adds minutes to what `target` names.
fn add_time(target: Target, words: String, id: String, minutes: i32, measure: ServerAction<TakeMeasure>) -> AnyView {
    view! {
        <ActionForm action=measure attr:class="inline">
            {fields(target)}
            <Field id label="Minutes" name="minutes" kind="number" value=minutes.to_string() range=(-240, 240) error=error_of(measure)/>
            <button class="plain" name="measure" value="add_time">{words}</button>
        </ActionForm>
    }
    .into_any()
}

/// The form that tells those whom `target` names something.
fn tell(target: Target, words: String, id: String, measure: ServerAction<TakeMeasure>) -> AnyView {
    view! {
        <ActionForm action=measure attr:class="inline">
            {fields(target)}
            <Field id label="Message" name="message" maxlength={MAX_MESSAGE as u32} error=error_of(measure)/>
            <button class="plain" name="measure" value="message">{words}</button>
        </ActionForm>
    }
    .into_any()
}

/// The forms that change all exams of the filter.
fn for_all(day: &ExamDay, name: String, filter: Target, measure: ServerAction<TakeMeasure>) -> Option<AnyView> {
    let (mut running, mut paused, mut ending) = (0, 0, 0);
    for sitting in day.rows.iter().filter_map(|row| row.sitting.as_ref()) {
        match (sitting.paused, sitting.ending_at) {
            (_, Some(_)) => ending += 1,
            (true, None) => paused += 1,
            (false, None) => running += 1,
        }
    }
    let (open, all) = (running + paused, running + paused + ending);
    if all == 0 {
        return None;
    }
    let exams = |number: i64| format::count(number, "exam");
    let button = |number: i64, value: &'static str, words: &'static str| {
        (number > 0).then(|| {
            view! {
                <ActionForm action=measure>
                    {fields(filter)}
                    <button class="plain" name="measure" value=value>{format!("{words} {}", exams(number))}</button>
                </ActionForm>
            }
        })
    };
    let end = (open > 0).then(|| {
        view! {
            <details>
                <summary>{format!("End {} of {name} …", exams(open))}</summary>
                <p>{format!("Nobody can write after that. The saved answers are handed in and marked {UNDO_MINUTES} minutes later. Until then you can undo it.")}</p>
                <ActionForm action=measure>
                    {fields(filter)}
                    <button name="measure" value="end">{format!("End {} now", exams(open))}</button>
                </ActionForm>
            </details>
        }
    });
    let section = view! {
        <section class="card">
            <h2>{format!("For {name}: {}", exams(all))}</h2>
            <div class="actions">
                {add_time(filter, format!("Add to {}", exams(all)), "minutes".to_owned(), 10, measure)}
                {button(running, "pause", "Pause")}
                {button(paused + ending, "resume", "Resume")}
                {button(ending, "hand_in", "Hand in now:")}
            </div>
            {tell(filter, format!("Tell {}", exams(all)), "message".to_owned(), measure)}
            {end}
        </section>
    };
    Some(section.into_any())
}

/// What was sent lately, to whom, and whose page has not shown it.
fn sent(messages: Vec<SentMessage>) -> Option<AnyView> {
    let line = |message: SentMessage| {
        let SentMessage { at, text, by, titles, told, not_shown } = message;
        let by = by.unwrap_or_else(|| "somebody who left".into());
        let to = format!("{}, {} by {by}", titles.join(", "), format::count(told, "exam"));
        let shown = match not_shown.len() as i64 {
            0 => "Shown on all pages".to_owned(),
            missing => format!("Shown on {} of {told} pages. Not shown yet: {}", told - missing, not_shown.join(", ")),
        };
        view! {
            <li>
                <p>{format::date_time(at)} ": " <b>{text}</b></p>
                <p class="facts">{to} " · " {shown}</p>
            </li>
        }
    };
    let lines: Vec<_> = messages.into_iter().map(line).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="sent">
                <h2 id="sent">"Messages sent"</h2>
                <p class="hint">
                    {format!("In the last {LISTED_HOURS} hours. A page shows a message while it has a connection, or when it is opened next. Nobody can tell whether it was read.")}
                </p>
                <ul class="sent-messages">{lines}</ul>
            </section>
        }
        .into_any()
    })
}

/// The extra time that a pupil gets in every exam and quiz.
#[component]
pub fn ExtraTime(
    pupil: Uuid,
    /// What the pupil has now, in percent.
    now: Resource<Result<i16, AppError>>,
    grant: ServerAction<GrantExtraTime>,
) -> impl IntoView {
    view! {
        <h2>"Extra time"</h2>
        <Load
            resource=now
            view=move |now: i16| {
                let words = |percent: i16| match percent {
                    0 => "None".to_owned(),
                    percent => format!("{percent} % more"),
                };
                let options = EXTRA_TIME.into_iter().map(|percent| (percent.to_string(), words(percent))).collect();
                view! {
                    <ActionForm action=grant attr:class="filters">
                        <input type="hidden" name="pupil" value=pupil.to_string()/>
                        <Select label="For every exam and quiz" name="percent" options value=now.to_string() error=error_of(grant)/>
                        <button class="plain">"Grant"</button>
                    </ActionForm>
                }
                    .into_any()
            }
        />
    }
}
