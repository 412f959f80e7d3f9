//! Exam Prep: pupils practise real past papers, are marked at once and see what to revise; their school sees who needs
//! help. `pages` call `api`, `api` calls `server`, and all use `domain`.

pub mod api;
pub mod app;
pub mod components;
pub mod domain;
pub mod error;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;

/// Wakes the page up in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
