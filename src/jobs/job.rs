//! One job: what it is called, where it stands, and what came of it.

use super::progress::JobProgress;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use time::OffsetDateTime;
use tokio::sync::watch;

/// Where a job stands, in the words of OGC API Processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its turn.
    Accepted,
    /// It is worked on.
    Running,
    /// It has an answer.
    Successful,
    /// It has none, and says why.
    Failed,
    /// Somebody cancelled it.
    Dismissed,
}

impl JobState {
    /// Whether nothing more will come.
    #[must_use]
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Accepted | Self::Running)
    }
}

/// What a job answers: bytes of a media type, ready to be sent.
#[derive(Debug)]
pub struct JobAnswer {
    /// Media type of the bytes.
    pub media_type: Cow<'static, str>,
    /// The answer.
    pub bytes: Vec<u8>,
}

/// What came of a job.
#[derive(Debug, Clone)]
pub enum JobOutcome<E> {
    /// An answer.
    Answer(Arc<JobAnswer>),
    /// Why there is none, as the work says.
    Failed(E),
    /// The work broke off; the log says where.
    Panicked,
    /// Somebody cancelled it.
    Dismissed,
}

/// A look at a job.
#[derive(Debug, Clone)]
pub struct JobStatus {
    /// Its id.
    pub id: String,
    /// What it computes.
    pub process: &'static str,
    /// Where it stands.
    pub state: JobState,
    /// 0 to 100.
    pub percent: u8,
    /// What is done now, or why it failed; may be empty.
    pub message: String,
    /// When it was accepted.
    pub created: OffsetDateTime,
    /// When the work began.
    pub started: Option<OffsetDateTime>,
    /// When it ended.
    pub finished: Option<OffsetDateTime>,
    /// When its state last changed.
    pub updated: OffsetDateTime,
}

/// A job. Who holds one sees its outcome even when the queue has forgotten it.
#[derive(Debug)]
pub struct Job<E> {
    id: String,
    owner: Option<String>,
    process: &'static str,
    created: OffsetDateTime,
    pub(super) progress: JobProgress,
    record: Mutex<Record<E>>,
    ended: watch::Sender<bool>,
}

#[derive(Debug)]
struct Record<E> {
    state: JobState,
    started: Option<OffsetDateTime>,
    finished: Option<OffsetDateTime>,
    outcome: Option<JobOutcome<E>>,
    /// For the queue, which must not depend on somebody setting the wall clock.
    ended_at: Option<Instant>,
}

impl<E: Clone + std::fmt::Display> Job<E> {
    pub(super) fn new(id: String, owner: Option<String>, process: &'static str) -> Self {
        let record = Record { state: JobState::Accepted, started: None, finished: None, outcome: None, ended_at: None };
        Self {
            id,
            owner,
            process,
            created: OffsetDateTime::now_utc(),
            progress: JobProgress::default(),
            record: Mutex::new(record),
            ended: watch::Sender::new(false),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose it is; none where it is nobody's.
    pub(super) fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Whether it belongs to this owner.
    pub(super) fn is_of(&self, owner: &str) -> bool {
        self.owner.as_deref() == Some(owner)
    }

    /// Where it stands.
    pub fn state(&self) -> JobState {
        self.record().state
    }

    /// A look at it.
    pub fn status(&self) -> JobStatus {
        let record = self.record();
        let message = match &record.outcome {
            Some(JobOutcome::Failed(reason)) => reason.to_string(),
            Some(JobOutcome::Panicked) => "the computation broke off; the server's log says why".into(),
            _ => self.progress.message(),
        };
        JobStatus {
            id: self.id.clone(),
            process: self.process,
            state: record.state,
            percent: self.progress.percent(),
            message,
            created: self.created,
            started: record.started,
            finished: record.finished,
            updated: record.finished.or(record.started).unwrap_or(self.created),
        }
    }

    /// What came of it; none while it has not ended.
    pub fn outcome(&self) -> Option<JobOutcome<E>> {
        self.record().outcome.clone()
    }

    /// Waits until it has ended.
    pub async fn ended(&self) {
        // The sender lives in this job, so the wait cannot fail.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    /// Marks it as worked on; `false` where it was dismissed before.
    pub(super) fn begin(&self) -> bool {
        let mut record = self.record();
        if record.state != JobState::Accepted {
            return false;
        }
        record.state = JobState::Running;
        record.started = Some(OffsetDateTime::now_utc());
        true
    }

    /// Notes the outcome, unless it has one: who cancelled a job is not told later that it succeeded.
    pub(super) fn end(&self, outcome: JobOutcome<E>) {
        let mut record = self.record();
        if record.state.has_ended() {
            return;
        }
        record.state = match &outcome {
            JobOutcome::Answer(_) => JobState::Successful,
            JobOutcome::Failed(_) | JobOutcome::Panicked => JobState::Failed,
            JobOutcome::Dismissed => JobState::Dismissed,
        };
        if record.state == JobState::Successful {
            self.progress.complete();
        }
        self.close(&mut record, outcome);
    }

    /// Cancels it, or throws its results away where it has ended. `false` where that was done before.
    pub(super) fn dismiss(&self) -> bool {
        self.progress.cancel();
        let mut record = self.record();
        if record.state == JobState::Dismissed {
            return false;
        }
        record.state = JobState::Dismissed;
        self.close(&mut record, JobOutcome::Dismissed);
        true
    }

    fn close(&self, record: &mut Record<E>, outcome: JobOutcome<E>) {
        record.finished = Some(OffsetDateTime::now_utc());
        record.ended_at = Some(Instant::now());
        record.outcome = Some(outcome);
        self.ended.send_replace(true);
    }

    pub(super) fn ended_at(&self) -> Option<Instant> {
        self.record().ended_at
    }

    /// Size of its answer.
    pub(super) fn bytes(&self) -> usize {
        match &self.record().outcome {
            Some(JobOutcome::Answer(answer)) => answer.bytes.len(),
            _ => 0,
        }
    }

    fn record(&self) -> MutexGuard<'_, Record<E>> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
