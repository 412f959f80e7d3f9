//! The topics in which pupils are weak, and which pupils.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::location::Url;
use uuid::Uuid;

use super::students::{class_options, level_options};
use super::tables;
use crate::api::accounts::levels;
use crate::api::analytics::get_weak_topics;
use crate::api::classes::get_class_names;
use crate::components::field::Select;
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::mastery::MasteryWords;
use crate::components::table::Table;
use crate::domain::analytics::WeakTopic;
use crate::domain::mastery::ENOUGH_ANSWERS;
use crate::pages::query_words;

#[component]
pub fn WeakTopicsPage() -> impl IntoView {
    let asked = query_words(["level", "subject", "class", "period"]);
    let resource = Resource::new(
        move || asked.get(),
        |[level, subject, class, period]| async move {
            let (topics, subjects) = get_weak_topics(level, subject, class, period).await?;
            Ok((topics, (subjects, levels().await?, get_class_names().await?)))
        },
    );
    view! {
        <Page title="Weak topics">
            <Load
                title="Weak topics"
                resource
                view=move |(topics, choices)| found(topics, choices, asked.get())
            />
        </Page>
    }
}

/// The subjects, levels and classes to choose from.
type Choices = (Vec<String>, Vec<(String, String)>, Vec<(Uuid, String)>);

fn found(
    topics: Vec<WeakTopic>,
    (subjects, levels, classes): Choices,
    [level, subject, class, period]: [String; 4],
) -> AnyView {
    let words = [("level", &level), ("subject", &subject), ("class", &class), ("period", &period)];
    let query = words.map(|(name, word)| format!("{name}={}", Url::escape(word))).join("&");
    let subjects = std::iter::once((String::new(), "All subjects".to_owned()))
        .chain(subjects.into_iter().map(|name| (name.clone(), name)))
        .collect();
    let periods = [("", "Any time"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days")];
    let periods = periods.map(|(days, words)| (days.to_owned(), words.to_owned())).to_vec();
    let none = topics.is_empty();
    let rows: Vec<_> = topics.into_iter().map(row).collect();
    let table = if none {
        view! { <p class="empty">"No pupil and no class is known to be weak in any topic."</p> }.into_any()
    } else {
        view! {
            <Table
                caption="Topics, those with the most weak pupils first"
                head=vec!["Topic", "Weak pupils", "All together"]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <form class="filters" method="get" action="/admin/weak-topics">
            <Select label="Level" name="level" options=level_options(levels) value=level/>
            <Select label="Subject" name="subject" options=subjects value=subject/>
            <Select label="Class" name="class" options=class_options(classes) value=class/>
            <Select label="Answered within" name="period" options=periods value=period/>
            <button class="plain">"Show"</button>
        </form>
        {table}
        <p class="hint">
            {format!("A pupil is weak here if they will very likely earn too few marks. Only pupils with at least {ENOUGH_ANSWERS} answers can be listed. The figure of the class uses all answers. A question left blank counts as wrong.")}
        </p>
        {tables::links("weak-topics", &query)}
    }
    .into_any()
}

fn row(topic: WeakTopic) -> impl IntoView {
    let count = format!("{} of {}", topic.weak.len(), topic.measured);
    let who: Vec<_> = topic
        .weak
        .into_iter()
        .map(|pupil| {
            let percent = format!("{:.0} %", 100.0 * pupil.mastery.expected.share);
            view! {
                <li>
                    <a href=format!("/admin/students/{}", pupil.id)>{pupil.full_name}</a>
                    " "
                    <small>{format!("{percent} in {}", format::count(pupil.mastery.answers.into(), "answer"))}</small>
                </li>
            }
        })
        .collect();
    view! {
        <tr>
            <th scope="row">
                {topic.name} <small>{format!("{} {}", topic.level, topic.subject)}</small>
                <details>
                    <summary>"Who"</summary>
                    <ul>{who}</ul>
                </details>
            </th>
            <td class="number">{count}</td>
            <td>
                <MasteryWords standing=topic.class/>
            </td>
        </tr>
    }
}
