//! Saves that arrive at the same time are written by one statement, which costs PostgreSQL little more than one save.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::join_all;
use sqlx::PgPool;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::error::AppError;
use crate::server::db::journal::{self, Save, Written};
use crate::server::db::unexpected;
use crate::server::metrics;

/// Concurrent statements: while one waits for the disk, or for an attempt that is being closed, another continues.
const LANES: usize = 2;
/// The most saves in one statement, and in the queue before senders wait.
const MAX: usize = 64;

struct Waiting {
    save: Save,
    answer: oneshot::Sender<Result<Written, AppError>>,
}

/// A handle that accepts saves; it can be cloned.
#[derive(Clone)]
pub struct SaveQueue {
    pool: PgPool,
    queue: mpsc::Sender<Waiting>,
}

impl SaveQueue {
    /// Starts the queue, which runs until the last handle is dropped. `grace`: how long after the end of an attempt answers
    /// that were written before the end still count.
    pub fn start(pool: PgPool, grace: TimeDelta) -> Self {
        let (queue, waiting) = mpsc::channel(MAX);
        tokio::spawn(run(pool.clone(), grace, waiting));
        Self { pool, queue }
    }

    /// The pool that writes the saves.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Saves as [`journal::write`] does.
    pub async fn write(&self, save: Save) -> Result<Written, AppError> {
        let (answer, written) = oneshot::channel();
        self.queue.send(Waiting { save, answer }).await.map_err(unexpected)?;
        written.await.map_err(unexpected)?
    }
}

async fn run(pool: PgPool, grace: TimeDelta, mut queue: mpsc::Receiver<Waiting>) {
    let lanes = Arc::new(Semaphore::new(LANES));
    let mut waiting = Vec::new();
    loop {
        let lane = lanes.clone().acquire_owned().await.expect("it is never closed");
        if waiting.is_empty() {
            let Some(first) = queue.recv().await else { return };
            waiting.push(first);
        }
        while waiting.len() < MAX
            && let Ok(next) = queue.try_recv()
        {
            waiting.push(next);
        }
        // A statement cannot change a row twice, so it takes one save of each attempt; the next one waits.
        let mut attempts = HashSet::new();
        let (batch, later) = waiting.into_iter().partition(|next: &Waiting| attempts.insert(next.save.attempt));
        waiting = later;
        let pool = pool.clone();
        tokio::spawn(async move {
            write(&pool, grace, batch).await;
            drop(lane);
        });
    }
}

/// Writes a batch and replies to each sender. If it fails, each save is tried alone, so that none fails because of another.
async fn write(pool: &PgPool, grace: TimeDelta, batch: Vec<Waiting>) {
    let (saves, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|next| (next.save, next.answer)).unzip();
    metrics::record_saves(saves.len());
    let results = match journal::write(pool, grace, &saves).await {
        Ok(written) => written.into_iter().map(|written| written.ok_or(AppError::NotFound)).collect(),
        Err(error) if saves.len() == 1 => vec![Err(error)],
        Err(_) => join_all(saves.iter().map(|save| journal::write_one(pool, grace, save))).await,
    };
    for (answer, result) in answers.into_iter().zip(results) {
        // A sender that is gone will ask again.
        let _ = answer.send(result);
    }
}
