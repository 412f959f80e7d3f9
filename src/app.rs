//! The HTML document around every page, and the routes. Pages are rendered on the server; only islands wake up in a browser.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::api::attempts::TypesetAnswer;
use crate::components::layout::provide_me;
use crate::pages;

/// The addresses of what browsers load.
pub struct Assets {
    /// Whether they are named by content.
    pub hashed: bool,
    style: String,
    script: String,
}

impl Assets {
    /// By the names in `hash.txt`. `tools/build` makes two bundles of a script and WebAssembly; cargo-leptos, which writes
    /// no such file, makes one with everything.
    pub fn new(hashes: Option<&str>) -> Self {
        let address = |name: &str, kind: &str| {
            let key = if kind == "css" { "css".to_owned() } else { format!("{name}.{kind}") };
            let hash =
                hashes.and_then(|hashes| hashes.lines().find_map(|line| line.strip_prefix(&key)?.strip_prefix(": ")));
            hash.map_or(format!("/pkg/exam-prep.{kind}"), |hash| format!("/pkg/{name}.{hash}.{kind}"))
        };
        let bundle = |name| ["js", "wasm"].map(|kind| address(name, kind));
        let [display, drafts, signs, wake] =
            [include_str!("display.js"), include_str!("drafts.js"), include_str!("signs.js"), include_str!("wake.js")]
                .map(str::trim);
        let [pages, review] = ["exam-prep", "review"].map(bundle);
        let typeset = TypesetAnswer::url();
        Self {
            hashed: hashes.is_some(),
            style: address("exam-prep", "css"),
            script: format!("({display})();\n({drafts})();\n({signs})({typeset:?});\n({wake})({pages:?}, {review:?})"),
        }
    }
}

/// The HTML document, rendered on the server.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let style = assets.style.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content="Practise real past papers. See your marks at once, and what to revise."/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
                <Scripts script=assets.script.clone()/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Shows the page as the device likes it, keeps what is typed into plain forms, offers signs for answers, and wakes the
/// islands of the page. A page without islands loads neither script nor WebAssembly.
#[component]
fn Scripts(script: String) -> impl IntoView {
    if let Some(context) = Owner::current_shared_context() {
        // Outside of islands, no data goes along with the page.
        context.set_is_hydrating(false);
    }
    view! { <script type="module" nonce=leptos::nonce::use_nonce() inner_html=script></script> }
}

/// The router. Each page is rendered completely before its first byte is sent, so that it works without JavaScript and
/// has the right HTTP status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            {provide_me()}
            <Routes fallback=pages::not_found::NotFoundPage>
                <Route path=path!("/") view=pages::home::HomePage ssr=SsrMode::Async/>
                <Route path=path!("/register") view=pages::register::RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=pages::login::LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/reset") view=pages::reset::ResetPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=pages::account::AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/documents") view=pages::documents::DocumentsPage ssr=SsrMode::Async/>
                <Route path=path!("/documents/new") view=pages::documents::new::NewDocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/join") view=pages::documents::join::JoinPage ssr=SsrMode::Async/>
                <Route path=path!("/documents/:id") view=pages::documents::read::DocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/quizzes/new") view=pages::quizzes::NewQuizPage ssr=SsrMode::Async/>
                <Route path=path!("/attempts/:id") view=pages::attempts::sit::AttemptPage ssr=SsrMode::Async/>
                <Route path=path!("/attempts/:id/result") view=pages::attempts::result::ResultPage ssr=SsrMode::Async/>
                <Route path=path!("/attempts/:id/timeline") view=pages::attempts::timeline::TimelinePage ssr=SsrMode::Async/>
                <Route path=path!("/attempts/:id/move") view=pages::attempts::move_to::MovePage ssr=SsrMode::Async/>
                <Route path=path!("/move") view=pages::attempts::move_to::MoveHerePage ssr=SsrMode::Async/>
                <Route path=path!("/mistakes") view=pages::mistakes::MistakesPage ssr=SsrMode::Async/>
                <Route path=path!("/progress") view=pages::progress::ProgressPage ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=pages::admin::AdminPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/students") view=pages::admin::students::StudentsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/students/:id") view=pages::admin::student::StudentPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/students/:id/card") view=pages::admin::classes::cards::PupilCardPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/students/:id/merge") view=pages::admin::student::merge::MergePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/classes") view=pages::admin::classes::ClassesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/classes/import") view=pages::admin::classes::import::ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/classes/import/:id") view=pages::admin::classes::import::PreviewPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/classes/roll-over") view=pages::admin::classes::roll_over::RollOverPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/classes/:id") view=pages::admin::classes::ClassPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/classes/:id/cards") view=pages::admin::classes::cards::ClassCardsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/teachers") view=pages::admin::teachers::TeachersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/teachers/:id") view=pages::admin::teachers::TeacherPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/assignments") view=pages::admin::assignments::AssignmentsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tests") view=pages::admin::class_tests::ClassTestsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tests/:id") view=pages::admin::class_tests::ClassTestPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tests/:id/marks") view=pages::admin::marks::TestMarksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tests/:id/analysis") view=pages::admin::analysis::TestAnalysisPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=pages::admin::audit::AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/schools") view=pages::admin::schools::SchoolsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/schools/:id") view=pages::admin::schools::SchoolPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/system") view=pages::admin::system::SystemPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/weak-topics") view=pages::admin::weak_topics::WeakTopicsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/monday") view=pages::admin::monday::MondayPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/monday/board") view=pages::admin::monday::board::BoardPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/exams") view=pages::admin::exams::ExamsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/marking") view=pages::admin::marking::MarkingQueuePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/marking/:id") view=pages::admin::marking::MarkingPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/topics") view=pages::admin::topics::TopicsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/documents") view=pages::admin::documents::AdminDocumentsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/documents/:id/review") view=pages::admin::review::ReviewPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/documents/:id/analysis") view=pages::admin::analysis::AnalysisPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/documents/:id/marks") view=pages::admin::marks::MarksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/documents/:id/regrade") view=pages::admin::regrade::RegradePage ssr=SsrMode::Async/>
                // The former address of this page.
                <Route path=path!("/admin/documents/:id/remark") view=pages::admin::regrade::RegradePage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
