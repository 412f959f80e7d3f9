//! Charts as SVG: bars and a band over time with tables of their figures, and a band on a scale.

use exam_model::format;
use leptos::prelude::*;

use super::table::Table;

/// One bar: its label and height.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    pub value: i64,
}

/// Size of the drawing, in its own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;

/// Bars side by side, from zero. `unit` names what is counted.
#[component]
pub fn BarChart(caption: &'static str, unit: &'static str, bars: Vec<Bar>) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default();
    let step = WIDTH / bars.len().max(1) as f64;
    let drawn: Vec<_> = bars
        .iter()
        .enumerate()
        .filter(|(_, bar)| bar.value > 0)
        .map(|(n, bar)| {
            let height = HEIGHT * bar.value as f64 / most as f64;
            let number = |value: f64| format!("{value:.1}");
            view! {
                <rect
                    x=number(step * n as f64 + 1.0)
                    y=number(HEIGHT - height)
                    width=number((step - 2.0).max(1.0))
                    height=number(height)
                />
            }
        })
        .collect();
    let ends = [bars.first(), bars.last()].map(|bar| bar.map(|bar| bar.label.clone()));
    let rows = bars.into_iter().map(|bar| (bar.label, vec![bar.value.to_string()])).collect();
    figure(caption.to_owned(), format!("up to {most} {unit}"), drawn, ends, vec!["", unit], rows)
}

/// A drawing between its caption and the labels of its `ends`, with the figures of its rows in a table, the latest first.
fn figure(
    caption: String,
    scale: String,
    drawn: impl IntoView,
    [first, last]: [Option<String>; 2],
    head: Vec<&'static str>,
    rows: Vec<(String, Vec<String>)>,
) -> impl IntoView {
    let row = |(label, figures): (String, Vec<String>)| {
        let cells = figures.into_iter().map(|figure| view! { <td class="number">{figure}</td> }).collect_view();
        view! { <tr><th scope="row">{label}</th> {cells}</tr> }
    };
    let rows = rows.into_iter().rev().map(row).collect_view();
    view! {
        <figure class="chart">
            <figcaption>{caption.clone()} " " <small>{scale}</small></figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                {drawn}
            </svg>
            <p class="ends"><span>{first}</span> <span>{last}</span></p>
            <details>
                <summary>"Show the figures"</summary>
                <Table caption head>
                    {rows}
                </Table>
            </details>
        </figure>
    }
}

/// One step of a band over time: its label, and between which values it lies, with the likeliest in the middle; `None` where
/// that is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub label: String,
    pub band: Option<[f64; 3]>,
}

/// A band over time, on a scale from 0 to `of`. `head` names the columns of its table: the step, from, most likely, to.
#[component]
pub fn BandChart(caption: String, head: [&'static str; 4], steps: Vec<Step>, of: f64) -> impl IntoView {
    let wide = WIDTH / steps.len().max(1) as f64;
    let number = |value: f64| format!("{value:.1}");
    let above = |value: f64| HEIGHT * (1.0 - value / of);
    let drawn: Vec<_> = steps
        .iter()
        .enumerate()
        .filter_map(|(n, step)| {
            let [low, at, high] = step.band?;
            let left = number(wide * n as f64);
            Some(view! {
                <rect x=left.clone() y=number(above(high)) width=number(wide) height=number((above(low) - above(high)).max(3.0))/>
                <rect class="at" x=left y=number(above(at) - 1.0) width=number(wide) height="2"/>
            })
        })
        .collect();
    let ends = [steps.first(), steps.last()].map(|step| step.map(|step| step.label.clone()));
    let figures = |step: Step| {
        let of_band = |n: usize| step.band.map(|band| format::marks(band[n].round())).unwrap_or_default();
        let figures = (0..3).map(of_band).collect();
        (step.label, figures)
    };
    let rows = steps.into_iter().map(figures).collect();
    figure(caption, format!("of {}", format::marks(of)), drawn, ends, head.to_vec(), rows)
}

/// A band on a scale from 0 to `of`, with a line at `at`. The figures must stand beside it, in words or a table.
#[component]
pub fn Band(low: f64, at: f64, high: f64, of: f64) -> impl IntoView {
    let place = |value: f64| format!("{:.1}", WIDTH * value / of);
    view! {
        <svg class="band" viewBox=format!("0 0 {WIDTH} 3") preserveAspectRatio="none" aria-hidden="true">
            <rect class="scale" x="0" y="1" width=WIDTH height="1"/>
            <rect x=place(low) y="0" width=place((high - low).max(of / 100.0)) height="3"/>
            <rect class="at" x=place(at) y="0" width="3" height="3"/>
        </svg>
    }
}
