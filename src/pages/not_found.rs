//! The page for unknown addresses.

use leptos::prelude::*;

use crate::components::layout::Page;
use crate::components::load::Problem;
use crate::error::AppError;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Page title="Not found">
            <Problem error=AppError::NotFound/>
        </Page>
    }
}
