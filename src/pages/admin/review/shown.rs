//! The paper as the desk shows it, and when it is loaded again.

use std::time::Duration;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

use crate::api::documents::{Review, get_review};
use crate::error::AppError;

/// How often the desk asks about a reading in progress.
const NEWS_EVERY: Duration = Duration::from_secs(1);

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
        S: ServerFn<Output = (), Error = AppError> + Send + Sync + Clone + 'static,
    {
        Effect::new(move || {
            if action.value().with(|outcome| matches!(outcome, Some(Ok(())))) {
                self.load();
            }
        });
    }

    /// Loads the paper again every second while it is being read.
    pub fn while_read(self) {
        let busy = Memo::new(move |_| self.review.with(|review| review.document.reading.in_progress()));
        Effect::new(move || {
            if !busy.get() {
                return;
            }
            let timer = set_interval_with_handle(move || self.load(), NEWS_EVERY);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
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
