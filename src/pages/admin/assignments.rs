//! Work that is set to classes: a list, and the form to set a paper, a topic or a test, or to change what is set.

use exam_model::format;
use exam_model::format::form_time;
use leptos::prelude::*;

use crate::api::assignments::{
    AssignmentForm, ChangeAssignment, NEEDS_CODE, RESULTS_WHEN_DUE, SHUFFLED, SetAssignment, WithdrawAssignment,
    get_assignment_form, get_assignments,
};
use crate::components::field::{Field, FieldError, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::pager::pager;
use crate::components::table::Table;
use crate::domain::account::told_apart;
use crate::domain::assignment::{ATTEMPTS, AssignmentLine, MINUTES, Terms, UNDO_DAYS, Work};
use crate::domain::mark_list::Exam;
use crate::domain::quiz::MAX_QUESTIONS;
use crate::error::AppError;
use crate::pages::query_words;

#[component]
pub fn AssignmentsPage() -> impl IntoView {
    let asked = query_words(["document", "topic", "test", "class", "change", "page"]);
    let (set, change) = (ServerAction::<SetAssignment>::new(), ServerAction::<ChangeAssignment>::new());
    let withdraw = ServerAction::<WithdrawAssignment>::new();
    refill::<SetAssignment>();
    refill::<ChangeAssignment>();
    let content = Resource::new(
        move || asked.get(),
        |[document, topic, test, _, change, page]| async move {
            let [change, document, topic, test] = [change, document, topic, test].map(|id| id.parse().ok());
            let form = get_assignment_form(change, document, topic, test).await?;
            Ok((form, get_assignments(page).await?))
        },
    );
    view! {
        <Page title="Work that is set">
            <Load
                title="Work that is set"
                resource=content
                view=move |(form, (lines, more))| {
                    let [document, topic, test, class, changed, page] = asked.get_untracked();
                    let form = form.map(|form| match changed.is_empty() {
                        true => new_form(form, [document, topic, test, class], set),
                        false => change_form(form, changed, change),
                    });
                    view! {
                        {form}
                        <FormError error=error_of(withdraw)/>
                        {list(lines, withdraw)}
                        {pager("/admin/assignments?".to_owned(), &page, more, ["Later", "Earlier"])}
                    }
                        .into_any()
                }
            />
        </Page>
    }
}

fn new_form(
    form: AssignmentForm,
    [document, topic, test, class]: [String; 4],
    set: ServerAction<SetAssignment>,
) -> AnyView {
    let error = error_of(set);
    if form.classes.is_empty() {
        return view! { <p class="empty">"There is no class of this level yet."</p> }.into_any();
    }
    let classes = form.classes.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let named = [("document", document), ("topic", topic), ("test", test)];
    let (name, id) = named.into_iter().find(|(_, id)| !id.is_empty()).unwrap_or_default();
    let questions = (name == "topic").then(|| {
        view! { <Field label="Questions" name="questions" kind="number" value="10" range=(1, MAX_QUESTIONS) error/> }
    });
    view! {
        <h2>{format!("Set to a class: {}", form.title)}</h2>
        <ActionForm action=set attr:class="card form">
            <FormError error fields=&["opens", "due", "minutes", "attempts", "shuffled", "questions"]/>
            <input type="hidden" name=name value=id/>
            <Select label="Class" name="class" options=classes value=class required=true/>
            {questions}
            {terms_fields(&form.terms, form.can_shuffle, error)}
            <button>"Set it"</button>
        </ActionForm>
    }
    .into_any()
}

fn change_form(form: AssignmentForm, id: String, change: ServerAction<ChangeAssignment>) -> AnyView {
    let error = error_of(change);
    let sitting = (form.sitting > 0).then(|| {
        let pupils = format::count(form.sitting as i64, "pupil");
        let words = format!("Being done by {pupils} now: they keep their time. Give them more from ");
        view! { <p class="hint">{words} <a href="/admin/exams">"Exams in progress"</a> "."</p> }
    });
    view! {
        <h2>{format!("Change: {}", form.title)}</h2>
        <ActionForm action=change attr:class="card form">
            <FormError error fields=&["opens", "due", "minutes", "attempts", "shuffled"]/>
            <input type="hidden" name="id" value=id/>
            {terms_fields(&form.terms, form.can_shuffle, error)}
            {sitting}
            <p class="actions">
                <button>"Save"</button>
                <a class="button plain" href="/admin/assignments">"Cancel"</a>
            </p>
        </ActionForm>
    }
    .into_any()
}

fn terms_fields(terms: &Terms, can_shuffle: bool, error: Signal<Option<AppError>>) -> AnyView {
    let minutes = terms.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
    view! {
        <Field label="Opens" name="opens" kind="datetime-local" value=form_time(terms.opens_at) error/>
        <Field
            label="Due"
            name="due"
            kind="datetime-local"
            value=form_time(terms.due_at)
            hint="Times of Rwanda. An attempt that starts before ends then at the latest."
            error
        />
        <Field
            label="Minutes for an attempt"
            name="minutes"
            kind="number"
            value=minutes
            range=(*MINUTES.start(), *MINUTES.end())
            required=false
            hint="Leave it empty for the time that the paper or its marks give."
            error
        />
        <Field
            label="Attempts allowed"
            name="attempts"
            kind="number"
            value=terms.attempts.to_string()
            range=(*ATTEMPTS.start(), *ATTEMPTS.end())
            error
        />
        <fieldset class="choices">
            <legend>"Also"</legend>
            {can_shuffle.then(|| ticked(SHUFFLED, terms.shuffled, "Each pupil gets the questions in another order"))}
            {ticked(RESULTS_WHEN_DUE, terms.results_when_due, "Show marks and answers only when it is due")}
            {ticked(NEEDS_CODE, terms.needs_code, "To start, pupils need a code that you tell in the room")}
            <FieldError name="shuffled" error/>
        </fieldset>
    }
    .into_any()
}

fn ticked(value: &'static str, is_ticked: bool, words: &'static str) -> AnyView {
    view! {
        <label class="choice">
            <input type="checkbox" name="also[]" value=value checked=is_ticked/>
            <span>{words}</span>
        </label>
    }
    .into_any()
}

fn list(lines: Vec<AssignmentLine>, withdraw: ServerAction<WithdrawAssignment>) -> AnyView {
    let hint = view! { <p class="hint">"Set a paper from its page, a topic from “Teach again”, and a " <a href="/admin/tests">"test made by hand"</a> " from its own."</p> };
    if lines.is_empty() {
        return view! { <p class="empty">"No work is set."</p> {hint} }.into_any();
    }
    let rows: Vec<_> = lines.into_iter().map(|line| row(line, withdraw)).collect();
    view! {
        <Table caption="Latest due first" head=vec!["Work", "Class", "Opens", "Due", "Handed in", ""]>
            {rows}
        </Table>
        {hint}
    }
    .into_any()
}

fn row(line: AssignmentLine, withdraw: ServerAction<WithdrawAssignment>) -> AnyView {
    let marks = |exam: Exam| format!("{}?class={}", exam.page("marks"), line.class_id);
    let name = match line.work {
        Work::Paper(id) => view! { <a href=marks(Exam::Paper(id))>{line.title.clone()}</a> }.into_any(),
        Work::Test(id) => {
            view! { <a href=marks(Exam::Test(id))>{line.title.clone()}</a> " " <small>"test"</small> }.into_any()
        }
        Work::Topic { questions, .. } => {
            let count = format::count(questions.into(), "question");
            view! { {line.title.clone()} " " <small>{count}</small> }.into_any()
        }
    };
    let Terms { attempts, minutes, shuffled, results_when_due, .. } = line.terms;
    let limits = [
        minutes.map(|minutes| format!("{minutes} min")),
        (attempts > 1).then(|| format!("{attempts} attempts")),
        shuffled.then(|| "shuffled".to_owned()),
        results_when_due.then(|| "marks when due".to_owned()),
        line.room_code.as_ref().map(|code| format!("code {code}")),
    ];
    let limits = limits.into_iter().flatten().collect::<Vec<_>>().join(", ");
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{line.class.clone()}</td>
            <td>{format::date_time(line.terms.opens_at)}</td>
            <td>{format::date_time(line.terms.due_at)} " " <small>{limits}</small></td>
            <td>{done(&line)}</td>
            <td>{actions(&line, withdraw)}</td>
        </tr>
    }
    .into_any()
}

/// How many have handed it in, and who has, is doing it or has not started.
fn done(line: &AssignmentLine) -> AnyView {
    let people: Vec<(&str, &str)> =
        line.pupils.iter().map(|pupil| (pupil.full_name.as_str(), pupil.sign_in_name.as_str())).collect();
    let (mut handed_in, mut sitting, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (pupil, name) in line.pupils.iter().zip(told_apart(&people)) {
        let link = |address: String| view! { <li><a href=address>{name.clone()}</a></li> }.into_any();
        // Who does it again is in both lists.
        sitting.extend(pupil.running.map(|running| link(format!("/attempts/{running}/timeline"))));
        handed_in.extend(pupil.last.map(|last| link(format!("/attempts/{last}/result"))));
        if pupil.running.is_none() && pupil.last.is_none() {
            missing.push(view! { <li>{name}</li> }.into_any());
        }
    }
    let group = |words: &'static str, pupils: Vec<AnyView>| {
        let number = pupils.len();
        (number > 0).then(|| view! { <p>{format!("{words}: {number}")}</p> <ul class="names">{pupils}</ul> })
    };
    let label = format!("Who has handed in: {}, {}", line.title, line.class);
    view! {
        <details>
            <summary aria-label=label>{format!("{} of {}", line.handed_in(), line.pupils.len())}</summary>
            {group("Not started", missing)}
            {group("Doing it now", sitting)}
            {group("Handed in", handed_in)}
        </details>
    }
    .into_any()
}

fn actions(line: &AssignmentLine, withdraw: ServerAction<WithdrawAssignment>) -> AnyView {
    let (id, name) = (line.id, format!("{}, {}", line.title, line.class));
    if let Some(at) = line.withdrawn_at {
        return view! {
            <p>{format!("Withdrawn {}. It is deleted after {UNDO_DAYS} days.", format::date_time(at))}</p>
            <ActionForm action=withdraw>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="withdrawn" value="false"/>
                <button class="plain" aria-label=format!("Undo: {name}")>"Undo"</button>
            </ActionForm>
        }
        .into_any();
    }
    view! {
        <a href=format!("/admin/assignments?change={id}") aria-label=format!("Change: {name}")>"Change"</a>
        <details>
            <summary aria-label=format!("Withdraw: {name} …")>"Withdraw …"</summary>
            <p>"Pupils see it no more, and cannot start it. Who is doing it may finish. You can undo this."</p>
            <ActionForm action=withdraw>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="withdrawn" value="true"/>
                <button class="plain" aria-label=format!("Withdraw: {name}")>"Withdraw it"</button>
            </ActionForm>
        </details>
    }
    .into_any()
}
