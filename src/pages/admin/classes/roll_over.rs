//! The end of a school year: what becomes of each class, before it is done.

use exam_model::format;
use leptos::prelude::*;

use crate::api::classes::{RollOver, get_roll_over};
use crate::components::field::{FormError, error_of};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::roll_over::{Fate, PlannedClass};

#[component]
pub fn RollOverPage() -> impl IntoView {
    let roll_over = ServerAction::<RollOver>::new();
    let planned = Resource::new(|| (), |()| get_roll_over());
    view! {
        <Page title="A new school year">
            <Load title="A new school year" resource=planned view=move |(planned, levels)| whole(planned, levels, roll_over)/>
        </Page>
    }
}

fn whole(planned: Vec<PlannedClass>, levels: Vec<String>, roll_over: ServerAction<RollOver>) -> AnyView {
    let Some(year) = planned.first().map(|planned| planned.class.year) else {
        return view! { <p class="empty">"There is no class with pupils of this year or before."</p> }.into_any();
    };
    let sum = |fits: fn(&Fate) -> bool| {
        let fitting = planned.iter().filter(|planned| fits(&planned.fate));
        format::count(fitting.map(|planned| planned.class.active).sum(), "pupil")
    };
    let move_up = sum(|fate| matches!(fate, Fate::MovesUp { .. }));
    let leave = sum(|fate| *fate == Fate::Leaves);
    let rows: Vec<_> = planned.into_iter().map(|planned| row(planned, &levels)).collect();
    view! {
        <p>
            {format!(
                "The year {year} ends. This is proposed by the names of its classes. Moving up to {}: {move_up}; leaving: {leave}. Nothing is changed before you press the button below.",
                year + 1,
            )}
        </p>
        <ActionForm action=roll_over attr:class="year-plan">
            <FormError error=error_of(roll_over)/>
            <Table caption="What becomes of each class" head=vec!["Class", "Pupils", "Becomes", "Class next year", "Level"]>
                {rows}
            </Table>
            <p class="hint">
                "Who leaves cannot sign in any more, and is left out of lists. Their work stays, and their accounts can be switched on again one by one. A class of next year that is there already is used."
            </p>
            <button>{format!("Begin the year {}", year + 1)}</button>
        </ActionForm>
    }
    .into_any()
}

fn row(planned: PlannedClass, levels: &[String]) -> AnyView {
    let PlannedClass { class, fate } = planned;
    let name = class.full_name();
    let (chosen, next, level) = match fate {
        Fate::MovesUp { name, level } => ("up", name, level),
        Fate::Leaves => ("leaves", class.name, class.level),
        Fate::Stays => ("stays", class.name, class.level),
    };
    let fates = [("up", "moves up"), ("leaves", "leaves the school"), ("stays", "stays as it is")];
    let option = |value: String, words: String, selected: bool| {
        view! { <option value=value selected=selected>{words}</option> }
    };
    let fates: Vec<_> =
        fates.into_iter().map(|(value, words)| option(value.to_owned(), words.to_owned(), value == chosen)).collect();
    let levels: Vec<_> = levels.iter().map(|code| option(code.clone(), code.clone(), *code == level)).collect();
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            <td class="number">{class.active} <input type="hidden" name="classes[]" value=class.id.to_string()/></td>
            <td><select name="fates[]" aria-label=format!("What becomes of {name}")>{fates}</select></td>
            <td>
                <input
                    name="names[]"
                    value=next
                    maxlength="50"
                    autocomplete="off"
                    aria-label=format!("Next year’s class of {name}")
                />
            </td>
            <td><select name="levels[]" aria-label=format!("Next year’s level of {name}")>{levels}</select></td>
        </tr>
    }
    .into_any()
}
