//! The paper as the desk shows it, and when it is loaded again.

use std::time::Duration;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use web_sys::UrlSearchParams;

use crate::api::documents::{Review, get_review};
use crate::error::AppError;

/// How often the desk asks about a reading in progress.
const NEWS_EVERY: Duration = Duration::from_secs(1);

/// Gives the actions of a desk that wakes up the error that its page was rendered with, which is in the address.
pub fn provide_refusal() {
    let words = window().location().search().and_then(|query| UrlSearchParams::new_with_str(&query));
    if let Ok(words) = words
        && let (Some(path), Some(error)) = (words.get("__path"), words.get("__err"))
    {
        provide_context(ServerActionError::new(&path, &error));
    }
}

/// Takes back the error of an action, but not a success that the desk has not seen yet.
pub fn forget_error<S>(action: ServerAction<S>)
where
    S: ServerFn<Output = (), Error = AppError> + Send + Sync + Clone + 'static,
{
    if action.value().with_untracked(|outcome| matches!(outcome, Some(Err(_)))) {
        action.clear();
    }
}

/// The paper, and why it could not be loaded again.
#[derive(Clone, Copy)]
pub struct Shown {
    pub review: RwSignal<Review>,
    pub problem: RwSignal<Option<String>>,
    /// Counts the requests, so that an answer that was overtaken changes nothing.
    asked: StoredValue<usize>,
}

impl Shown {
    pub fn new(review: Review) -> Self {
        Self { review: RwSignal::new(review), problem: RwSignal::new(None), asked: StoredValue::new(0) }
    }

    /// Loads the paper again after each success of this action. After a refusal, what was typed stays.
    pub fn after<S>(self, action: ServerAction<S>)
    where
        S: ServerFn<Error = AppError> + Send + Sync + Clone + 'static,
        S::Output: Send + Sync + 'static,
    {
        Effect::new(move || {
            if action.value().with(|outcome| matches!(outcome, Some(Ok(_)))) {
                self.load();
            }
        });
    }

    /// Loads the paper again, a second after each answer, while it is being read or the last answer was an error.
    pub fn while_read(self) {
        Effect::new(move || {
            // Each answer is a change, after which it is asked again.
            if self.review.with(|review| review.document.reading.in_progress()) || self.problem.with(Option::is_some) {
                set_timeout(move || self.load(), NEWS_EVERY);
            }
        });
    }

    fn load(self) {
        let document = self.review.with_untracked(|review| review.document.id);
        self.asked.update_value(|asked| *asked += 1);
        let asked = self.asked.get_value();
        spawn_local(async move {
            let answer = get_review(document).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(review) => {
                    self.problem.set(None);
                    self.review.set(review);
                }
                Err(error) => self.problem.set(Some(error.to_string())),
            }
        });
    }
}
