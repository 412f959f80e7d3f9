//! Whether the program, its machine and its database have what they need, and what to do if not.

use leptos::prelude::*;

use crate::api::system::{System, get_system};
use crate::components::badge::{Badge, Tone};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::table::Table;
use crate::domain::health::{Finding, Health};

#[component]
pub fn SystemPage() -> impl IntoView {
    let system = Resource::new(|| (), |()| get_system());
    view! {
        <Page title="System">
            <Load title="System" resource=system view=whole/>
        </Page>
    }
}

fn whole(System { version, findings }: System) -> AnyView {
    let row = |Finding { subject, health, words }: Finding| {
        let tone = match health {
            Health::Good => Tone::Good,
            Health::Doubtful => Tone::Fair,
            Health::Bad => Tone::Bad,
        };
        view! {
            <tr>
                <th scope="row">{subject}</th>
                <td><Badge tone text=health.word()/></td>
                <td>{words}</td>
            </tr>
        }
    };
    let rows: Vec<_> = findings.into_iter().map(row).collect();
    view! {
        <p class="facts">{format!("Exam Prep {version}. The command exam-prep doctor says the same.")}</p>
        <Table caption="What was checked now" head=vec!["What", "State", "Why, and what to do"]>
            {rows}
        </Table>
    }
    .into_any()
}
