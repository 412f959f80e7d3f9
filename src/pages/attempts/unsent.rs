//! Answers of a closed attempt that are still on this device, because its page was closed before they were sent.

use exam_model::format;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use uuid::Uuid;

use super::saver::{TRY_AGAIN_AFTER, is_worth_another_try};
use crate::api::attempts::SyncAttempt;
use crate::api::call::call;
use crate::components::device_store::DeviceStore;
use crate::domain::journal::Entry;

/// Sends them, and then loads the result, which says what became of them.
#[island]
pub fn SendUnsent(attempt: Uuid) -> impl IntoView {
    let words = RwSignal::new(String::new());
    Effect::new(move || {
        let store = SendWrapper::new(DeviceStore::new(attempt));
        leptos::task::spawn_local(async move {
            if let Some(entries) = store.open().await.filter(|entries| !entries.is_empty()) {
                send(store, attempt, entries, words);
            }
        });
    });
    move || (!words.read().is_empty()).then(|| view! { <p class="card notice" role="status">{words.get()}</p> })
}

fn send(store: SendWrapper<DeviceStore>, attempt: Uuid, entries: Vec<Entry>, words: RwSignal<String>) {
    let answers = format::count(entries.len() as i64, "answer");
    words.set(format!("This device still has {answers} from this exam. Sending …"));
    leptos::task::spawn_local(async move {
        let writer = entries[0].writer;
        match call(&SyncAttempt { attempt, writer, entries: entries.clone(), hand_in: false, all: false }).await {
            Ok(_) => {
                words.set(format!("This device still had {answers} from this exam. Your school has them now."));
                // With entries that stay, the result would load for ever.
                if store.remove(&entries).await {
                    let _ = window().location().set_href(&format!("/attempts/{attempt}/result"));
                }
            }
            Err(error) if is_worth_another_try(&error) => {
                words.set(format!("This device still has {answers} from this exam. No connection. It tries again."));
                let again = move || send(store.clone(), attempt, entries.clone(), words);
                set_timeout(again, TRY_AGAIN_AFTER);
            }
            Err(error) => words.set(error.to_string()),
        }
    });
}
