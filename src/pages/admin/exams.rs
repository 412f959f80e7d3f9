//! Exams in progress: who is sitting what, how far they are, and what the school can do.

use std::collections::BTreeMap;

use exam_model::format;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::exams::{GrantExtraTime, TakeMeasure, get_taken_papers, running_exams};
use crate::components::field::{Field, FormError, Select, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::invigilation::{EXTRA_TIME, RunningLine, UNDO_MINUTES};
use crate::domain::mark_list::TakenPaper;
use crate::error::AppError;

#[component]
pub fn ExamsPage() -> impl IntoView {
    let measure = ServerAction::<TakeMeasure>::new();
    let running = Resource::new(|| (), |()| running_exams());
    let sat = Resource::new(|| (), |()| get_taken_papers());
    view! {
        <Page title="Exams in progress">
            <h1>"Exams in progress"</h1>
            <FormError error=error_of(measure) fields=&["minutes"]/>
            <Load resource=running view=move |lines| list(lines, measure)/>
            <Load resource=sat view=taken_papers/>
        </Page>
    }
}

/// The papers that were sat lately, with what they came to.
fn taken_papers(papers: Vec<TakenPaper>) -> AnyView {
    if papers.is_empty() {
        return ().into_any();
    }
    let row = |paper: TakenPaper| {
        let to = |page: &str| format!("/admin/documents/{}/{page}", paper.document);
        view! {
            <tr>
                <th scope="row"><a href=to("marks") aria-label=format!("Marks: {}", paper.title)>{paper.title.clone()}</a></th>
                <td class="number">{paper.pupils}</td>
                <td>{format::date_time(paper.last_at)}</td>
                <td><a href=to("analysis") aria-label=format!("Item analysis: {}", paper.title)>"Item analysis"</a></td>
            </tr>
        }
    };
    let rows: Vec<_> = papers.into_iter().map(row).collect();
    view! {
        <h2>"Sat lately"</h2>
        <Table caption="Whole papers, the latest first" head=vec!["Marks of", "Pupils", "Last handed in", "Questions"]>
            {rows}
        </Table>
    }
    .into_any()
}

fn list(lines: Vec<RunningLine>, measure: ServerAction<TakeMeasure>) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="empty">"Nobody is sitting an exam or a quiz right now."</p> }.into_any();
    }
    let groups = groups(&lines);
    let all: Vec<_> = groups.into_iter().map(|group| for_all(group, measure)).collect();
    let number = lines.len() as i64;
    let rows: Vec<_> = lines.into_iter().map(|line| row(line, measure)).collect();
    view! {
        <Table
            caption=format!("{}, by name", format::count(number, "exam"))
            head=vec!["Pupil", "Paper", "Answered", "Last saved", "Time left", "Actions"]
        >
            {rows}
        </Table>
        {all}
    }
    .into_any()
}

/// Exams that can be changed together: those of one paper, or all.
struct Group {
    name: String,
    document: Option<Uuid>,
    running: usize,
    paused: usize,
    ending: usize,
}

impl Group {
    fn of<'a>(name: &str, document: Option<Uuid>, lines: impl Iterator<Item = &'a RunningLine>) -> Self {
        let mut group = Self { name: name.to_owned(), document, running: 0, paused: 0, ending: 0 };
        for line in lines {
            match (line.paused, line.ending_at) {
                (_, Some(_)) => group.ending += 1,
                (true, None) => group.paused += 1,
                (false, None) => group.running += 1,
            }
        }
        group
    }
}

/// Each paper, and all exams if there are others.
fn groups(lines: &[RunningLine]) -> Vec<Group> {
    let papers: BTreeMap<Uuid, &str> =
        lines.iter().filter_map(|line| Some((line.document_id?, &*line.title))).collect();
    let of_paper = |(&id, title): (&Uuid, &&str)| {
        Group::of(title, Some(id), lines.iter().filter(|line| line.document_id == Some(id)))
    };
    let mut groups: Vec<Group> = papers.iter().map(of_paper).collect();
    if groups.len() != 1 || lines.iter().any(|line| line.document_id.is_none()) {
        groups.push(Group::of("all exams", None, lines.iter()));
    }
    groups
}

/// The forms that change all exams of a group.
fn for_all(group: Group, measure: ServerAction<TakeMeasure>) -> AnyView {
    let Group { name, document, running, paused, ending } = group;
    let exams = |number: usize| format::count(number as i64, "exam");
    let target = move || document.map(|id| view! { <input type="hidden" name="document" value=id.to_string()/> });
    let button = |number: usize, value: &'static str, words: &'static str| {
        (number > 0).then(|| {
            view! {
                <ActionForm action=measure>
                    {target()}
                    <button class="plain" name="measure" value=value>{format!("{words} {}", exams(number))}</button>
                </ActionForm>
            }
        })
    };
    let open = running + paused;
    let end = (open > 0).then(|| {
        view! {
            <details>
                <summary>{format!("End {} of {name} …", exams(open))}</summary>
                <p>{format!("Nobody can write after that. The saved answers are handed in and marked {UNDO_MINUTES} minutes later. Until then you can undo it.")}</p>
                <ActionForm action=measure>
                    {target()}
                    <button name="measure" value="end">{format!("End {} now", exams(open))}</button>
                </ActionForm>
            </details>
        }
    });
    view! {
        <section class="card">
            <h2>{format!("For {name}: {}", exams(open + ending))}</h2>
            <div class="actions">
                <ActionForm action=measure attr:class="inline">
                    {target()}
                    <Field label="Minutes" name="minutes" kind="number" value="10" range=(-240, 240) error=error_of(measure)/>
                    <button class="plain" name="measure" value="add_time">{format!("Add to {}", exams(open + ending))}</button>
                </ActionForm>
                {button(running, "pause", "Pause")}
                {button(paused + ending, "resume", "Resume")}
                {button(ending, "hand_in", "Hand in now:")}
            </div>
            {end}
        </section>
    }
    .into_any()
}

fn row(line: RunningLine, measure: ServerAction<TakeMeasure>) -> AnyView {
    let id = line.id.to_string();
    let timeline = format!("/attempts/{id}/timeline");
    let saved = line.saved_at.map_or_else(|| "nothing yet".to_owned(), format::time);
    let connection = if line.connected { "connected" } else { "no connection" };
    let (left, until) = match (line.ending_at, line.paused) {
        (Some(at), _) => ("ended".to_owned(), format!("handed in at {}", format::time(at))),
        (None, true) => ("paused".to_owned(), format!("{} left", format::clock(line.seconds_left))),
        (None, false) => (format::clock(line.seconds_left), format!("until {}", format::time(line.ends_at))),
    };
    let pupil = line.pupil.clone();
    let button = move |value: &'static str, words: &'static str| {
        let label = format!("{words}: {pupil}");
        view! { <button class="plain" name="measure" value=value aria-label=label>{words}</button> }.into_any()
    };
    let buttons = match (line.ending_at, line.paused) {
        (Some(_), _) => view! { {button("resume", "Undo the end")} {button("hand_in", "Hand in now")} }.into_any(),
        (None, true) => button("resume", "Resume"),
        (None, false) => button("pause", "Pause"),
    };
    let attempt = id.clone();
    let end = line.ending_at.is_none().then(|| {
        view! {
            <details>
                <summary aria-label=format!("End: {}", line.pupil)>"End …"</summary>
                <ActionForm action=measure>
                    <input type="hidden" name="attempt" value=attempt/>
                    <button name="measure" value="end">"End it now"</button>
                </ActionForm>
            </details>
        }
    });
    view! {
        <tr>
            <th scope="row">{line.pupil} " " <small>{line.level}</small></th>
            <td>{line.title}</td>
            <td class="number">{format!("{} of {}", line.answered, line.items)}</td>
            <td>{saved} " " <small>{connection}</small></td>
            <td class="number">{left} " " <small>{until}</small></td>
            <td>
                <ActionForm action=measure attr:class="inline">
                    <input type="hidden" name="attempt" value=id.clone()/>
                    <input type="hidden" name="minutes" value="5"/>
                    {button("add_time", "+5 min")}
                    {buttons}
                </ActionForm>
                {end}
                <a href=timeline>"Timeline"</a>
            </td>
        </tr>
    }
    .into_any()
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
