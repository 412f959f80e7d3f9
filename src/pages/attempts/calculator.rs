//! A calculator on the page of an exam that allows one. What it does is in `calculator.js`: without scripts there is none.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// The keys, row by row, each with what a screen reader says if the sign does not say it.
const KEYS: [(&str, &str); 25] = [
    ("7", ""),
    ("8", ""),
    ("9", ""),
    ("÷", "divided by"),
    ("⌫", "delete the last sign"),
    ("4", ""),
    ("5", ""),
    ("6", ""),
    ("×", "times"),
    ("C", "clear"),
    ("1", ""),
    ("2", ""),
    ("3", ""),
    ("−", "minus"),
    ("√", "square root of"),
    ("0", ""),
    (".", "point"),
    ("π", "pi"),
    ("+", "plus"),
    ("²", "squared"),
    ("(", "open bracket"),
    (")", "close bracket"),
    ("%", "per cent"),
    ("=", "equals"),
    ("", "Close the calculator"),
];

/// The button that opens the calculator, and the calculator.
pub fn calculator() -> AnyView {
    let key = |(sign, name): (&'static str, &'static str)| {
        let name = (!name.is_empty()).then_some(name);
        let shown = if sign.is_empty() { "Close" } else { sign };
        view! { <button type="button" class="plain" value=sign aria-label=name>{shown}</button> }
    };
    view! {
        <button type="button" class="plain" data-calculator hidden aria-label="Calculator">
            <svg viewBox="0 0 20 24" width="20" height="24" aria-hidden="true">
                <path d="M2 1h16v22H2zM5 5h10v4H5zM5 13h2M9 13h2M13 13h2M5 18h2M9 18h2M13 18h2" fill="none" stroke="currentColor" stroke-width="2"/>
            </svg>
        </button>
        <dialog class="calculator card" aria-label="Calculator">
            // Without a name, it is not sent; a phone needs no keyboard for it.
            <input type="text" aria-label="Calculation" inputmode="none" maxlength="100" autocomplete="off" spellcheck="false"/>
            <output></output>
            <div>{KEYS.map(key).into_iter().collect_view()}</div>
        </dialog>
        <script type="module" nonce=use_nonce() inner_html=include_str!("calculator.js")></script>
    }
    .into_any()
}
