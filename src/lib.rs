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

/// Hydrates the page and marks it with `<html data-hydrated>`; until then only links and forms work.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // What waits for data wakes up in the tasks that are queued by now.
    leptos::prelude::set_timeout(
        || {
            if let Some(html) = leptos::prelude::document().document_element() {
                let _ = html.set_attribute("data-hydrated", "");
            }
        },
        std::time::Duration::ZERO,
    );
}
