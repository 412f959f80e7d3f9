//! Exams in progress: who is sitting what, how far they are, and what the school can do.

use exam_model::format;
use leptos::prelude::*;

use crate::api::exams::{GrantExtraTime, TakeMeasure, running_exams};
use crate::components::field::{Field, FormError, Select, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::invigilation::{EXTRA_TIME, RunningLine};
use crate::error::AppError;

#[component]
pub fn ExamsPage() -> impl IntoView {
    let measure = ServerAction::<TakeMeasure>::new();
    let running = Resource::new(move || measure.version().get(), |_| running_exams());
    view! {
        <Page title="Exams in progress">
            <h1>"Exams in progress"</h1>
            <FormError error=error_of(measure) fields=&["minutes"]/>
            <Load resource=running view=move |lines| list(lines, measure)/>
        </Page>
    }
}

fn list(lines: Vec<RunningLine>, measure: ServerAction<TakeMeasure>) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="empty">"Nobody is sitting an exam or a quiz right now."</p> }.into_any();
    }
    let (number, any_paused) = (lines.len() as i64, lines.iter().any(|line| line.paused));
    let rows: Vec<_> = lines.into_iter().map(|line| row(line, measure)).collect();
    view! {
        <Table
            caption=format!("{}, by name", format::count(number, "exam"))
            head=vec!["Pupil", "Paper", "Answered", "Last saved", "Time left", "Actions"]
        >
            {rows}
        </Table>
        <section class="card">
            <h2>"All exams"</h2>
            <div class="actions">
                <ActionForm action=measure attr:class="inline">
                    <Field label="Minutes" name="minutes" kind="number" value="10" range=(-240, 240) error=error_of(measure)/>
                    <button class="plain" name="measure" value="add_time">"Add to all"</button>
                </ActionForm>
                <ActionForm action=measure>
                    <button class="plain" name="measure" value="pause">"Pause all"</button>
                </ActionForm>
                {any_paused
                    .then(|| {
                        view! {
                            <ActionForm action=measure>
                                <button class="plain" name="measure" value="resume">"Resume all"</button>
                            </ActionForm>
                        }
                    })}
            </div>
            <details>
                <summary>"End all now …"</summary>
                <p>"The saved answers are handed in and marked. Nobody can write after that."</p>
                <ActionForm action=measure>
                    <button name="measure" value="end">"End all exams now"</button>
                </ActionForm>
            </details>
        </section>
    }
    .into_any()
}

fn row(line: RunningLine, measure: ServerAction<TakeMeasure>) -> AnyView {
    let id = line.id.to_string();
    let timeline = format!("/attempts/{id}/timeline");
    let saved = line.saved_at.map_or_else(|| "nothing yet".to_owned(), format::time);
    let connection = if line.connected { "connected" } else { "no connection" };
    let left = if line.paused { "paused".to_owned() } else { format::clock(line.seconds_left) };
    let pupil = line.pupil.clone();
    let button = move |value: &'static str, words: &'static str| {
        let label = format!("{words}: {pupil}");
        view! { <button class="plain" name="measure" value=value aria-label=label>{words}</button> }.into_any()
    };
    let clock = if line.paused { button("resume", "Resume") } else { button("pause", "Pause") };
    view! {
        <tr>
            <th scope="row">{line.pupil} " " <small>{line.level}</small></th>
            <td>{line.title}</td>
            <td class="number">{format!("{} of {}", line.answered, line.items)}</td>
            <td>{saved} " " <small>{connection}</small></td>
            <td class="number">{left} " " <small>{format!("until {}", format::time(line.ends_at))}</small></td>
            <td>
                <ActionForm action=measure attr:class="inline">
                    <input type="hidden" name="attempt" value=id/>
                    <input type="hidden" name="minutes" value="5"/>
                    {button("add_time", "+5 min")}
                    {clock}
                    {button("end", "End")}
                </ActionForm>
                <a href=timeline>"Timeline"</a>
            </td>
        </tr>
    }
    .into_any()
}

/// The extra time that a pupil gets in every exam and quiz.
#[component]
pub fn ExtraTime(
    pupil: uuid::Uuid,
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
