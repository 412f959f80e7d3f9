//! Item analysis of a paper or a test: what the answers to its questions say of the questions.

use exam_model::format;
use exam_model::question::Question;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::documents::review_query;
use crate::api::exams::get_item_analysis;
use crate::components::badge::{Badge, Tone};
use crate::components::chart::{Bar, BarChart};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::question::source;
use crate::components::shown;
use crate::components::table::Table;
use crate::domain::item_analysis::{AnswerFigures, BANDS, ENOUGH_ATTEMPTS, PaperFigures, QuestionFigures};
use crate::domain::mark_list::Exam;
use crate::pages::admin::tables;
use crate::pages::attempts::result::answered;
use crate::pages::id_param;

/// Of a paper.
#[component]
pub fn AnalysisPage() -> impl IntoView {
    analysis(Exam::Paper)
}

/// Of a test.
#[component]
pub fn TestAnalysisPage() -> impl IntoView {
    analysis(Exam::Test)
}

fn analysis(of: fn(Uuid) -> Exam) -> impl IntoView {
    let id = id_param();
    let analysis = Resource::new(id, move |id| async move {
        let exam = of(id?);
        let (document, test) = exam.ids();
        Ok((exam, get_item_analysis(document, test).await?))
    });
    view! {
        <Page title="Item analysis">
            <Load resource=analysis view=|(exam, (title, items, figures))| {
                let (itself, words) = exam.link();
                let content = match figures {
                    Ok(figures) => whole(exam, &items, figures),
                    Err(missing) => too_few(missing),
                };
                view! {
                    <h1>{format!("Item analysis: {title}")}</h1>
                    {content}
                    <p class="actions">
                        <a class="button plain" href=exam.page("marks")>"Marks"</a>
                        <a class="button plain" href=itself>{words}</a>
                    </p>
                }
                    .into_any()
            }/>
        </Page>
    }
}

fn too_few(missing: usize) -> AnyView {
    let pupils = format::count(missing as i64, "pupil");
    view! {
        <p class="empty">
            {format!("Figures are told when {ENOUGH_ATTEMPTS} pupils have sat the whole of it. {pupils} to go: with fewer, each pupil more or less would change everything.")}
        </p>
    }
    .into_any()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

fn or_dash(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| "–".to_owned())
}

/// A correlation, with the minus sign of print.
fn correlation(value: f64) -> String {
    format!("{value:.2}").replace('-', "−")
}

fn whole(exam: Exam, items: &[Question], figures: PaperFigures) -> AnyView {
    let (document, _) = exam.ids();
    let bars = figures.distribution.iter().enumerate();
    let bars =
        bars.map(|(band, &value)| Bar { label: format!("{}–{} %", band * BANDS, (band + 1) * BANDS), value }).collect();
    let pairs: Vec<(&QuestionFigures, &Question)> = figures.questions.iter().zip(items).collect();
    let suspects: Vec<_> = pairs
        .iter()
        .filter(|(question, _)| question.suspect.is_some())
        .map(|(question, item)| suspect(document, question, item))
        .collect();
    let suspects = (!suspects.is_empty()).then(|| {
        view! {
            <section class="card note">
                <h2>"Good pupils get this wrong: check the key"</h2>
                <ul>{suspects}</ul>
            </section>
        }
    });
    let rows: Vec<_> = pairs.iter().map(|(question, item)| row(question, item)).collect();
    let cards: Vec<_> = pairs.iter().map(|(question, item)| card(document, question, item)).collect();
    view! {
        <p class="facts">
            {format!("{}, the first whole attempt of each", format::count(figures.attempts as i64, "pupil"))}
        </p>
        {suspects}
        {paper(&figures)}
        <BarChart caption="Pupils by their marks" unit="pupils" bars/>
        <Table caption="Questions, in order" head=vec!["Question", "Facility", "Discrimination"]>
            {rows}
        </Table>
        <p class="hint">
            "Facility is the share of the marks that pupils earn. Discrimination is from −1 to 1: high where pupils who are good in the rest of the paper are good here, about 0 where chance decides, below 0 where weaker pupils do better."
        </p>
        {tables::links("analysis", &exam.query())}
        <h2>"Answers"</h2>
        {cards}
    }
    .into_any()
}

/// The figures of the paper as a whole.
fn paper(figures: &PaperFigures) -> AnyView {
    let rows = [
        ("Mean", percent(figures.mean), "of the marks"),
        ("Standard deviation", percent(figures.standard_deviation), "how far marks are spread around the mean"),
        (
            "Internal consistency",
            or_dash(figures.internal_consistency.map(correlation)),
            "Cronbach's alpha: 0.8 and more tells pupils apart well, less than 0.6 hardly",
        ),
        (
            "Standard error",
            or_dash(figures.standard_error.map(percent)),
            "how much of a pupil's mark is chance: two pupils closer than this are about as good",
        ),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, value, words)| {
            view! {
                <tr>
                    <th scope="row">{name} <small>{words}</small></th>
                    <td class="number">{value}</td>
                </tr>
            }
        })
        .collect();
    view! { <Table caption="The paper" head=vec!["Figure", "Value"]>{rows}</Table> }.into_any()
}

/// The address of an item's key: of this document, or of the one that it was drawn from.
fn review(item: &Question, document: Option<Uuid>) -> Option<String> {
    let path = item.drawn.as_ref().map_or(&item.path, |drawn| &drawn.path);
    source(item, document).map(|document| format!("/admin/documents/{document}/review?{}", review_query(path)))
}

fn suspect(document: Option<Uuid>, question: &QuestionFigures, item: &Question) -> AnyView {
    let given = question.suspect.as_ref().and_then(|answer| answered(item, answer, source(item, document)));
    view! {
        <li>
            <a href=review(item, document)>{format!("Question {}", question.path)}</a>
            ": more of the best third answer “" {given} "” than what the key has."
        </li>
    }
    .into_any()
}

fn row(question: &QuestionFigures, item: &Question) -> AnyView {
    let unused = question.unused_options().count() as i64;
    let note = match question.suspect {
        Some(_) => view! { <Badge tone=Tone::Bad text="Check the key"/> }.into_any(),
        None if unused > 0 => {
            let words = format!("Nobody takes {}", format::count(unused, "option"));
            view! { <Badge tone=Tone::Quiet text=words/> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <a href=format!("#q-{}", question.path)>{question.path.clone()}</a>
                " "
                {note}
                <small>{format::shortened(&item.text, 60)}</small>
            </th>
            <td class="number">{or_dash(question.facility.map(percent))}</td>
            <td class="number">{or_dash(question.discrimination.map(correlation))}</td>
        </tr>
    }
    .into_any()
}

/// A question with what the best and the weakest third answered.
fn card(document: Option<Uuid>, question: &QuestionFigures, item: &Question) -> AnyView {
    let [best, weakest] = question.blank.map(percent);
    let blank = question.blank.iter().any(|share| *share > 0.0).then(|| {
        view! {
            <tr>
                <th scope="row">"Left blank"</th>
                <td></td>
                <td class="number">{best}</td>
                <td class="number">{weakest}</td>
            </tr>
        }
    });
    let from = source(item, document);
    let rows: Vec<_> = question.answers.iter().map(|figures| answer_row(from, item, figures)).collect();
    let table = match rows.is_empty() && blank.is_none() {
        true => view! { <p class="empty">"It is part of nobody's total."</p> }.into_any(),
        false => view! {
            <Table
                caption=format!("Answers to {}", question.path)
                head=vec!["Answer", "Pupils", "Best third", "Weakest third"]
            >
                {rows}
                {blank}
            </Table>
        }
        .into_any(),
    };
    view! {
        <section class="card" id=format!("q-{}", question.path)>
            <p class="text">
                <b>{question.path.clone()}</b> " " {shown::stem(item, from)}
            </p>
            {table}
            <p>
                <a href=review(item, document) aria-label=format!("See question {} and its key", question.path)>
                    "See it and its key"
                </a>
            </p>
        </section>
    }
    .into_any()
}

fn answer_row(document: Option<Uuid>, item: &Question, figures: &AnswerFigures) -> AnyView {
    let badge = match figures {
        AnswerFigures { is_right: true, .. } => Some(view! { <Badge tone=Tone::Good text="Right"/> }),
        AnswerFigures { is_option: true, pupils: 0, .. } => Some(view! { <Badge tone=Tone::Quiet text="Nobody"/> }),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row">{answered(item, &figures.answer, document)} " " {badge}</th>
            <td class="number">{figures.pupils}</td>
            <td class="number">{percent(figures.best)}</td>
            <td class="number">{percent(figures.weakest)}</td>
        </tr>
    }
    .into_any()
}
