//! Data of a page: shown, or an error.

use leptos::prelude::*;
use leptos_router::location::Url;

use crate::error::AppError;
use crate::flash::SetStatus;

/// Renders a resource's value with `view`, under the heading `title` if given, or its error.
#[component]
pub fn Load<T>(
    resource: Resource<Result<T, AppError>>,
    #[prop(optional)] title: Option<&'static str>,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(value) => view! { {title.map(|title| view! { <h1>{title}</h1> })} {view(value)} }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Path and query of the page, without the error of the form that brought here: after signing in it is none.
fn here() -> String {
    let location = leptos_router::hooks::use_location();
    let query = location.query.get_untracked();
    let words = query.into_iter().filter(|(name, _)| !name.starts_with("__"));
    let words: Vec<String> = words.map(|(name, value)| format!("{name}={}", Url::escape(&value))).collect();
    let path = location.pathname.get_untracked();
    if words.is_empty() { path } else { format!("{path}?{}", words.join("&")) }
}

/// An error, in the place of the content that could not be shown.
#[component]
pub fn Problem(error: AppError) -> impl IntoView {
    if let Some(SetStatus(set)) = use_context::<SetStatus>() {
        set(error.status());
    }
    let sign_in = (error == AppError::SignInRequired).then(|| {
        let href = format!("/login?next={}", Url::escape(&here()));
        view! {
            <p>
                <a class="button" href=href>"Sign in"</a>
            </p>
        }
    });
    view! {
        <section class="card problem">
            <h1>
                {match error {
                    AppError::NotFound => "Not found",
                    AppError::SignInRequired => "Sign in",
                    _ => "This did not work",
                }}
            </h1>
            <p role="alert">{error.to_string()}</p>
            {sign_in}
        </section>
    }
}
