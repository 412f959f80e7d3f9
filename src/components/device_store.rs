//! Journal entries that an exam's page keeps in the browser's IndexedDB until the server has them.

use std::cell::OnceCell;
use std::rc::Rc;

use idb::{Database, DatabaseEvent, Error, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use leptos::wasm_bindgen::JsValue;
use uuid::Uuid;

use crate::domain::journal::Entry;

const DATABASE: &str = "exam-prep";
const ENTRIES: &str = "entries";

/// The entries of one attempt. Where the browser cannot store data (a private window, a full disk), it stays empty and
/// its methods say so.
#[derive(Clone)]
pub struct DeviceStore {
    attempt: Uuid,
    database: Rc<OnceCell<Database>>,
}

impl DeviceStore {
    pub fn new(attempt: Uuid) -> Self {
        Self { attempt, database: Rc::default() }
    }

    /// Opens the store and returns the entries that earlier pages left, oldest first; `None` if the browser cannot store data.
    pub async fn open(&self) -> Option<Vec<Entry>> {
        let database = open().await.ok()?;
        let mut left = self.read(&database).await.ok()?;
        left.sort_unstable_by_key(|entry| (entry.written_at, entry.seq));
        let _ = self.database.set(database);
        Some(left)
    }

    /// Stores an entry, replacing one with the same number. Returns whether it is stored.
    pub async fn save(&self, entry: &Entry) -> bool {
        let Some(database) = self.database.get() else { return false };
        self.put(database, entry).await.is_ok()
    }

    /// Removes entries that the server has. Returns whether they are gone; one that stays is sent once more, which changes
    /// nothing.
    pub async fn remove(&self, entries: &[Entry]) -> bool {
        let Some(database) = self.database.get() else { return false };
        self.delete(database, entries).await.is_ok()
    }

    async fn read(&self, database: &Database) -> Result<Vec<Entry>, Error> {
        let transaction = database.transaction(&[ENTRIES], TransactionMode::ReadOnly)?;
        let (first, last) = (format!("{} ", self.attempt), format!("{}!", self.attempt));
        let range = KeyRange::bound(&first.into(), &last.into(), None, None)?;
        let values = transaction.object_store(ENTRIES)?.get_all(Some(Query::from(range)), None)?.await?;
        let entry = |value: &JsValue| serde_json::from_str(&value.as_string()?).ok();
        Ok(values.iter().filter_map(entry).collect())
    }

    async fn put(&self, database: &Database, entry: &Entry) -> Result<(), Error> {
        let transaction = database.transaction(&[ENTRIES], TransactionMode::ReadWrite)?;
        let value = serde_json::to_string(entry).unwrap_or_default();
        transaction.object_store(ENTRIES)?.put(&value.into(), Some(&self.key(entry)))?.await?;
        transaction.commit()?.await?;
        Ok(())
    }

    async fn delete(&self, database: &Database, entries: &[Entry]) -> Result<(), Error> {
        let transaction = database.transaction(&[ENTRIES], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(ENTRIES)?;
        for entry in entries {
            store.delete(Query::from(self.key(entry)))?.await?;
        }
        transaction.commit()?.await?;
        Ok(())
    }

    fn key(&self, entry: &Entry) -> JsValue {
        format!("{} {} {}", self.attempt, entry.writer, entry.seq).into()
    }
}

async fn open() -> Result<Database, Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(1))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // If this fails, opening the object store fails as well, and that error is reported.
            let _ = database.create_object_store(ENTRIES, ObjectStoreParams::new());
        }
    });
    request.await
}
