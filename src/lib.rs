//! Exam Prep: pupils practise real past papers, are marked at once and see what to revise; their school sees who needs
//! help. `pages` call `api`, `api` calls `server`, and all use `domain`.

pub mod api;
pub mod app;
pub mod components;
pub mod domain;
pub mod error;
pub mod flash;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;

/// Starts the browser's half; the script in `app` then wakes each island of the page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // The texts of panics are for developers; in a school's browser they would only be weight.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
