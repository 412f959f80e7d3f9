//! Importing a list of classes: the form, and what the list would change.

use exam_model::format::count;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use crate::api::classes::{ImportClassList, ListPreview, get_class_list, get_classes};
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refused};
use crate::components::layout::{Page, is_admin, use_me};
use crate::components::load::Load;
use crate::components::table::Table;
use crate::components::text_area::TextArea;
use crate::domain::class::YEARS;
use crate::domain::class_list::{Candidate, ListProblem, ListRow, PlannedRow, Verdict};
use crate::error::AppError;
use crate::pages::id_param;

/// The most letters of a pasted list: enough for one of the longest, with long names.
pub const LIST_LENGTH: u32 = 1_000_000;

/// File types of lists.
const LISTS: &str = ".csv,.tsv,.txt,.xlsx,text/csv,text/plain,\
                     application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[component]
pub fn ImportPage() -> impl IntoView {
    let me = use_me();
    let classes = Resource::new(
        || (),
        move |()| async move {
            let classes = get_classes().await?;
            if is_admin(me).await { Ok(classes) } else { Err(AppError::NotFound) }
        },
    );
    let problem = use_query_map().with_untracked(|query| query.get("problem").unwrap_or_default());
    let problem = ListProblem::parse(&problem);
    view! {
        <Page title="Import a list">
            <Load
                title="Import a list of classes"
                resource=classes
                view=move |classes| form(problem, classes.this_year, String::new(), String::new())
            />
        </Page>
    }
}

/// The form for a list, filled in with one that could not be read.
fn form(problem: Option<ListProblem>, year: i32, class: String, text: String) -> AnyView {
    let problem = problem.map(|problem| view! { <p class="form-error" role="alert">{problem.message()}</p> });
    view! {
        <form class="card form" method="post" action="/admin/classes/import" enctype="multipart/form-data">
            {problem}
            <p>
                "One pupil in each row, and a first row that says what the columns hold: Name and Class, and if you have them E-mail and Number, in any order. Nothing changes before you have seen what would."
            </p>
            <Field
                label="File"
                name="file"
                kind="file"
                accept=LISTS
                required=false
                hint="Excel, or CSV with commas, semicolons or tabs; at most 2 MB"
            />
            <div class="field">
                <label>
                    <span>"Or paste the list here"</span>
                    <TextArea name="list" value=text label="Or paste the list here" rows=8 maxlength=LIST_LENGTH/>
                </label>
            </div>
            <Field
                label="School year"
                name="year"
                kind="number"
                range=(*YEARS.start(), *YEARS.end())
                value=year.to_string()
            />
            <Field
                label="Class of all these pupils"
                name="class"
                value=class
                required=false
                maxlength=50
                hint="Only if the list has no column for it"
            />
            <button>"Show what changes"</button>
        </form>
        <p><a href="/admin/classes">"All classes"</a></p>
    }
    .into_any()
}

#[component]
pub fn PreviewPage() -> impl IntoView {
    let id = id_param();
    let import = ServerAction::<ImportClassList>::new();
    // What was chosen, if it was refused.
    let refused = StoredValue::new(refused::<ImportClassList>().unwrap_or_default());
    let preview = Resource::new(id, |id| async move {
        let id = id?;
        Ok((id, get_class_list(id).await?))
    });
    view! {
        <Page title="What the list changes">
            <Load
                title="What the list changes"
                resource=preview
                view=move |(id, preview): (Uuid, ListPreview)| match preview.rows {
                    Ok(rows) => {
                        let sorted = Sorted::of(rows, &refused.get_value());
                        planned(id, sorted, preview.new_classes, preview.levels, import)
                    }
                    Err(problem) => form(Some(problem), preview.year, preview.class, preview.text),
                }
            />
        </Page>
    }
}

/// The rows by what becomes of them.
#[derive(Default)]
struct Sorted {
    new: Vec<(ListRow, String)>,
    changed: Vec<(ListRow, String)>,
    same: Vec<(ListRow, String)>,
    /// Doubled and wrong.
    left_out: Vec<(ListRow, String)>,
    unclear: Vec<Question>,
}

/// A row of which a person says who it is.
struct Question {
    row: ListRow,
    why: String,
    candidates: Vec<Candidate>,
    /// The value of the choice.
    chosen: String,
}

impl Sorted {
    /// `refused` are the fields of a form that was refused.
    fn of(rows: Vec<PlannedRow>, refused: &[(String, String)]) -> Self {
        let mut sorted = Self::default();
        for PlannedRow { row, verdict } in rows {
            match verdict {
                Verdict::New => sorted.new.push((row, String::new())),
                Verdict::Same { .. } => sorted.same.push((row, String::new())),
                Verdict::Changed { changes, .. } => sorted.changed.push((row, changes.join(", "))),
                Verdict::Doubled { of } => sorted.left_out.push((row, format!("is the same as row {of}"))),
                Verdict::Wrong { reason } => sorted.left_out.push((row, reason)),
                Verdict::Unclear { why, candidates, likely } => {
                    let name = choice(row.row);
                    let earlier = refused.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
                    let chosen = earlier.or(likely.map(|id| id.to_string())).unwrap_or_default();
                    sorted.unclear.push(Question { row, why, candidates, chosen })
                }
            }
        }
        sorted
    }
}

/// The name of the field that says who a row is.
fn choice(row: u32) -> String {
    format!("choices[{row}]")
}

fn planned(
    id: Uuid,
    sorted: Sorted,
    new_classes: Vec<(String, Option<String>)>,
    levels: Vec<(String, String)>,
    import: ServerAction<ImportClassList>,
) -> AnyView {
    let Sorted { new, changed, same, left_out, unclear } = sorted;
    let [new_count, changed_count, same_count] = [&new, &changed, &same].map(|rows| rows.len() as i64);
    let nothing = new.is_empty() && changed.is_empty() && unclear.is_empty();
    let error = error_of(import);
    let asked = !unclear.is_empty();
    let act = (!nothing).then(|| {
        view! {
            <ActionForm action=import attr:class="form">
                <input type="hidden" name="id" value=id.to_string()/>
                {questions(unclear)}
                <FormError error fields=&["level"]/>
                {classes(new_classes, levels)}
                <FieldError name="level" error/>
                <button>{format!("Import: {}", told(new_count, changed_count, asked))}</button>
            </ActionForm>
        }
    });
    let summary = match (nothing, same_count) {
        (false, 0) => "Nothing is changed yet.".to_owned(),
        (true, _) => {
            format!("Nothing is left to change: {} of this list are in their classes.", count(same_count, "pupil"))
        }
        (false, _) => format!("{} are in their classes already.", count(same_count, "pupil")),
    };
    view! {
        <p role="status">{summary}</p>
        {nothing.then(|| view! {
            <p class="actions">
                <a class="button" href="/admin/classes">"Classes and cards"</a>
            </p>
        })}
        {list("Left out", left_out, true)}
        {list("Changed", changed, true)}
        {list("New", new, false)}
        {act}
        {list("As they are", same, false)}
        <p><a href="/admin/classes/import">"Another list"</a></p>
    }
    .into_any()
}

/// What the button does.
fn told(new: i64, changed: i64, asked: bool) -> String {
    let parts = [
        (new > 0).then(|| count(new, "new pupil")),
        (changed > 0).then(|| count(changed, "change")),
        asked.then(|| "what is chosen here".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Rows with what becomes of them, behind a line to open unless they matter.
fn list(title: &'static str, rows: Vec<(ListRow, String)>, open: bool) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let title = format!("{title}: {}", count(rows.len() as i64, "row"));
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(row, what)| {
            view! {
                <tr>
                    <td class="number">{row.row}</td>
                    <th scope="row">{row.name}</th>
                    <td>{row.class}</td>
                    <td>{what}</td>
                </tr>
            }
        })
        .collect();
    Some(
        view! {
            <details class="rows" open=open>
                <summary><h2>{title}</h2></summary>
                <Table caption="By row of the list" head=vec!["Row", "Name", "Class", ""]>
                    {rows}
                </Table>
            </details>
        }
        .into_any(),
    )
}

/// Asks who the unclear rows are.
fn questions(unclear: Vec<Question>) -> Option<AnyView> {
    if unclear.is_empty() {
        return None;
    }
    let title = format!("Who is it? {}", count(unclear.len() as i64, "row"));
    let rows: Vec<_> = unclear
        .into_iter()
        .map(|Question { row, why, candidates, chosen }| {
            let known = candidates.into_iter().map(|one| {
                let class = one.class.unwrap_or_else(|| "no class".to_owned());
                (one.id.to_string(), format!("It is {} ({class})", one.name))
            });
            let known = std::iter::once((String::new(), "Choose …".to_owned())).chain(known);
            let others = [("new", "Somebody new"), ("leave-out", "Leave this row out")];
            let others = others.map(|(value, words)| (value.to_owned(), words.to_owned()));
            let options: Vec<_> = known
                .chain(others)
                .map(|(value, words)| {
                    let selected = value == chosen;
                    view! { <option value=value selected=selected>{words}</option> }
                })
                .collect();
            let label = format!("Who is row {}, {}?", row.row, row.name);
            view! {
                <tr>
                    <td class="number">{row.row}</td>
                    <th scope="row">{row.name} <small>{why}</small></th>
                    <td>{row.class}</td>
                    <td>
                        <select name=choice(row.row) required aria-label=label>
                            {options}
                        </select>
                    </td>
                </tr>
            }
        })
        .collect();
    Some(
        view! {
            <h2>{title}</h2>
            <p>"Where only one pupil can be meant, it is chosen already: look whether it is right."</p>
            <Table caption="Rows that may be pupils whom the school has" head=vec!["Row", "Name", "Class", "Who"]>
                {rows}
            </Table>
        }
        .into_any(),
    )
}

/// The classes that are made, and a question for the level of those whose names do not tell.
fn classes(new: Vec<(String, Option<String>)>, levels: Vec<(String, String)>) -> Option<AnyView> {
    if new.is_empty() {
        return None;
    }
    let words = new.iter().map(|(name, level)| match level {
        Some(level) => format!("{name} ({level})"),
        None => name.clone(),
    });
    let words = words.collect::<Vec<_>>().join(", ");
    let untold: Vec<&str> = new.iter().filter(|(_, level)| level.is_none()).map(|(name, _)| name.as_str()).collect();
    let ask = (!untold.is_empty()).then(|| {
        let hint = format!("The names do not tell the level of {}.", untold.join(", "));
        let options = std::iter::once((String::new(), "Choose …".to_owned()))
            .chain(levels.into_iter().map(|(code, name)| (code.clone(), format!("{code} – {name}"))))
            .collect();
        view! {
            <p>{hint}</p>
            <Select label="Their level" name="level" options required=true/>
        }
    });
    Some(view! { <p>"New classes: " {words} "."</p> {ask} }.into_any())
}
