//! Data from the server: loading, shown, or an error.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;

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
        // The old content stays while it is loaded again.
        <Transition fallback=|| {
            view! { <p class="loading" role="status">"Loading…"</p> }
        }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(value) => view! { {title.map(|title| view! { <h1>{title}</h1> })} {view(value)} }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// An error, in the place of the content that could not be shown.
#[component]
pub fn Problem(error: AppError) -> impl IntoView {
    if let Some(SetStatus(set)) = use_context::<SetStatus>() {
        set(error.status());
    }
    let sign_in = (error == AppError::SignInRequired).then(|| {
        let path = leptos_router::hooks::use_location().pathname.get_untracked();
        let search = leptos_router::hooks::use_location().search.get_untracked();
        let back = if search.is_empty() { path } else { format!("{path}?{search}") };
        let href = format!("/login?next={}", leptos_router::location::Url::escape(&back));
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

/// Counts an action's successes in `done`. A resource that depends on `done` is not loaded again when a form is refused,
/// so that what was typed stays.
pub fn count_done<S>(action: ServerAction<S>, done: RwSignal<usize>)
where
    S: ServerFn<Output = (), Error = AppError> + Send + Sync + Clone + 'static,
{
    Effect::new(move || {
        if action.value().with(|outcome| matches!(outcome, Some(Ok(())))) {
            done.update(|done| *done += 1);
        }
    });
}

/// How often a page asks about work in progress.
const NEWS_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// Loads the resource again every second while `going_on` is true of its value.
pub fn refetch_while<T>(resource: Resource<Result<T, AppError>>, going_on: impl Fn(&T) -> bool + Send + Sync + 'static)
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let busy = Memo::new(move |_| resource.with(|value| matches!(value, Some(Ok(value)) if going_on(value))));
    Effect::new(move || {
        if !busy.get() {
            return;
        }
        let timer = set_interval_with_handle(move || resource.refetch(), NEWS_EVERY);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}
