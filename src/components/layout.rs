//! The frame around a page's content.

use exam_model::format;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::api::accounts::{CurrentUser, Logout, me};
use crate::components::load::Problem;
use crate::components::page_title::PageTitle;
use crate::domain::account::Person;
use crate::domain::attempt::InProgress;
use crate::error::AppError;

type CurrentUserResource = Resource<Result<Option<CurrentUser>, AppError>>;

/// Provides the signed-in user to all components below; asks again at every change of page.
pub fn provide_me() {
    let location = use_location();
    provide_context::<CurrentUserResource>(Resource::new(move || location.pathname.get(), |_| me()));
}

/// The signed-in user, with the exam in progress.
pub fn use_me() -> CurrentUserResource {
    expect_context()
}

/// Whether an admin is signed in, for pages that show teachers less.
pub async fn is_admin(me: CurrentUserResource) -> bool {
    me.await.ok().flatten().is_some_and(|me| me.person.is_admin())
}

/// Whether an owner of the installation is signed in.
pub async fn is_owner(me: CurrentUserResource) -> bool {
    me.await.ok().flatten().is_some_and(|me| me.person.is_owner)
}

/// A page with its header: skip link, brand, navigation, and a link to an exam in progress.
#[component]
pub fn Page(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let me = use_me();
    view! {
        <PageTitle text=title/>
        <a class="skip" href="#content">"Skip to the content"</a>
        <header class="top">
            <a class="brand" href="/">"Exam Prep"</a>
            <Suspense>
                {move || Suspend::new(async move { links(me.await.ok().flatten().map(|me| me.person)).into_any() })}
            </Suspense>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                me.await.ok().flatten().and_then(|me| me.in_progress).map(continue_link)
            })}
        </Suspense>
        <main id="content" tabindex="-1">{children()}</main>
    }
}

/// Content for signed-in users only, or with `school` for teachers and admins only. For pages that load no data which would refuse
/// others.
#[component]
pub fn SignedIn(#[prop(optional)] school: bool, children: ChildrenFn) -> impl IntoView {
    let me = use_me();
    view! {
        <Suspense>
            {move || {
                let children = children.clone();
                Suspend::new(async move {
                    let refused = match me.await {
                        Ok(Some(me)) if me.person.is_staff() || !school => return children().into_any(),
                        Ok(Some(_)) => AppError::NotFound,
                        Ok(None) => AppError::SignInRequired,
                        Err(error) => error,
                    };
                    view! { <Problem error=refused/> }.into_any()
                })
            }}
        </Suspense>
    }
}

/// The way back to an exam in progress.
fn continue_link(exam: InProgress) -> AnyView {
    let InProgress { id, title, ends_at, paused } = exam;
    let until = if paused { "paused".to_owned() } else { format!("until {}", format::time(ends_at)) };
    view! {
        <nav class="continue" aria-label="Exam in progress">
            <a href=format!("/attempts/{id}")>{format!("Continue: {title}, {until}")}</a>
        </nav>
    }
    .into_any()
}

fn links(person: Option<Person>) -> impl IntoView {
    // Whose drafts a page may show.
    let viewer = person.as_ref().map(|person| person.id.to_string());
    let items: &[(&str, &str)] = match &person {
        None => &[("/login", "Sign in"), ("/register", "Register")],
        Some(person) if person.is_staff() => &[
            ("/admin", "Overview"),
            ("/admin/monday", "Teach again"),
            ("/admin/documents", "Papers"),
            ("/admin/classes", "Classes"),
            ("/admin/students", "Pupils"),
            ("/account", "Account"),
        ],
        Some(_) => &[("/", "Practise"), ("/documents", "Papers"), ("/progress", "Progress"), ("/account", "Account")],
    };
    let path = use_location().pathname;
    let items: Vec<_> = items
        .iter()
        .map(|&(href, name)| {
            let here = move || (path.get() == href).then_some("page");
            view! {
                <li>
                    <a href=href aria-current=here>{name}</a>
                </li>
            }
        })
        .collect();
    view! {
        <nav aria-label="Main" data-viewer=viewer>
            <ul>{items}</ul>
        </nav>
    }
}

/// Signs out of this device. Loads a new page, so that nothing of the user stays in memory.
#[component]
pub fn SignOut() -> impl IntoView {
    use leptos::server_fn::ServerFn;
    view! {
        <form method="post" action=Logout::url()>
            <button class="plain">"Sign out"</button>
        </form>
    }
}
