//! The queue: who waits, who is worked on, what is remembered.

use super::JobLimits;
use super::job::{Job, JobAnswer, JobOutcome, JobStatus};
use super::progress::JobProgress;
use rand::TryRng;
use rand::rngs::SysRng;
use std::collections::{HashMap, VecDeque};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use thiserror::Error;

/// A job is refused: too many wait already, or the system gives no chance for its id.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{waiting} computations wait already; try again when some of them are done")]
pub struct QueueFull {
    /// How many may wait.
    pub waiting: usize,
}

type Work<E> = Box<dyn FnOnce(&JobProgress) -> Result<JobAnswer, E> + Send>;

/// The jobs of a server. `E` is why a work fails, in the words of who starts it.
///
/// ```
/// use peatplan::geostat::Progress;
/// use peatplan::jobs::{JobAnswer, JobLimits, JobOutcome, Jobs};
/// let jobs: Jobs<String> = Jobs::new(JobLimits::default()).unwrap();
/// let job = jobs.start(None, "sum", |progress| {
///     progress.go_on(1, 2);
///     Ok(JobAnswer { media_type: "text/plain".into(), bytes: b"4".to_vec() })
/// }).unwrap();
/// while !job.state().has_ended() { std::thread::yield_now(); }
/// let Some(JobOutcome::Answer(answer)) = job.outcome() else { panic!() };
/// assert_eq!(answer.bytes, b"4");
/// ```
#[derive(Debug)]
pub struct Jobs<E: Send + Sync + Clone + Display + 'static> {
    shared: Arc<Shared<E>>,
}

struct Shared<E> {
    limits: JobLimits,
    board: Mutex<Board<E>>,
    /// Rung when there is something to do, or nothing ever again.
    bell: Condvar,
}

struct Board<E> {
    /// All that are remembered, by the time they were accepted.
    jobs: VecDeque<Arc<Job<E>>>,
    waiting: VecDeque<(Arc<Job<E>>, Work<E>)>,
    closed: bool,
}

impl<E> std::fmt::Debug for Shared<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl<E: Send + Sync + Clone + Display + 'static> Jobs<E> {
    /// An empty queue with its threads.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(limits: JobLimits) -> std::io::Result<Self> {
        let threads = limits.running.max(1);
        let board = Board { jobs: VecDeque::new(), waiting: VecDeque::new(), closed: false };
        let jobs = Self { shared: Arc::new(Shared { limits, board: Mutex::new(board), bell: Condvar::new() }) };
        for number in 0..threads {
            let shared = Arc::clone(&jobs.shared);
            std::thread::Builder::new().name(format!("job-{number}")).spawn(move || shared.work_on())?;
        }
        Ok(jobs)
    }

    /// Takes a job in; it starts when its turn comes. A job of nobody is in no list: it is found by its id alone.
    ///
    /// # Errors
    /// [`QueueFull`].
    pub fn start(
        &self,
        owner: Option<String>,
        process: &'static str,
        work: impl FnOnce(&JobProgress) -> Result<JobAnswer, E> + Send + 'static,
    ) -> Result<Arc<Job<E>>, QueueFull> {
        let limits = &self.shared.limits;
        let full = QueueFull { waiting: limits.waiting };
        let id = fresh_id().ok_or_else(|| full.clone())?;
        let mut board = self.shared.board();
        board.forget(limits);
        if board.waiting.len() >= limits.waiting {
            return Err(full);
        }
        let job = Arc::new(Job::new(id, owner, process));
        board.jobs.push_back(Arc::clone(&job));
        board.waiting.push_back((Arc::clone(&job), Box::new(work)));
        drop(board);
        self.shared.bell.notify_one();
        Ok(job)
    }

    /// A job by its id; none where there is no such job, or no longer.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Arc<Job<E>>> {
        let mut board = self.shared.board();
        board.forget(&self.shared.limits);
        board.jobs.iter().find(|job| job.id() == id).cloned()
    }

    /// The jobs of an owner that are remembered, the newest first.
    #[must_use]
    pub fn list(&self, owner: &str) -> Vec<JobStatus> {
        let mut board = self.shared.board();
        board.forget(&self.shared.limits);
        board.jobs.iter().rev().filter(|job| job.is_of(owner)).map(|job| job.status()).collect()
    }

    /// Every job that is remembered, whoever its owner is, the newest first: for figures of the service.
    #[must_use]
    pub fn all(&self) -> Vec<JobStatus> {
        let mut board = self.shared.board();
        board.forget(&self.shared.limits);
        board.jobs.iter().rev().map(|job| job.status()).collect()
    }

    /// Cancels a job: a waiting one never starts, a running one is asked to stop, of an ended one the results go.
    /// `false` where it was dismissed before.
    pub fn dismiss(&self, job: &Job<E>) -> bool {
        let mut board = self.shared.board();
        let waiting = board.waiting.iter().position(|(other, _)| other.id() == job.id());
        let work = waiting.and_then(|place| board.waiting.remove(place));
        let dismissed = job.dismiss();
        drop(board);
        // What the work holds may be large: it goes when nobody waits for the board.
        drop(work);
        dismissed
    }
}

impl<E: Send + Sync + Clone + Display + 'static> Drop for Jobs<E> {
    /// The threads end when their work does; it is asked to stop.
    fn drop(&mut self) {
        let mut board = self.shared.board();
        board.closed = true;
        board.waiting.clear();
        for job in board.jobs.iter().filter(|job| !job.state().has_ended()) {
            job.dismiss();
        }
        drop(board);
        self.shared.bell.notify_all();
    }
}

impl<E: Send + Sync + Clone + Display + 'static> Shared<E> {
    fn board(&self) -> MutexGuard<'_, Board<E>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work_on(&self) {
        while let Some((job, work)) = self.next() {
            if !job.begin() {
                continue;
            }
            // What the work has touched is its own; a panic leaves nothing of ours half done.
            let outcome = match catch_unwind(AssertUnwindSafe(|| work(&job.progress))) {
                Ok(Ok(answer)) => JobOutcome::Answer(Arc::new(answer)),
                Ok(Err(reason)) => JobOutcome::Failed(reason),
                Err(_) => {
                    tracing::error!(job = job.id(), "a job panicked");
                    JobOutcome::Panicked
                }
            };
            job.end(outcome);
        }
    }

    fn next(&self) -> Option<(Arc<Job<E>>, Work<E>)> {
        let mut board = self.board();
        loop {
            if board.closed {
                return None;
            }
            if let Some(next) = board.waiting.pop_front() {
                return Some(next);
            }
            board = self.bell.wait(board).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<E: Clone + Display> Board<E> {
    /// Forgets ended jobs: those whose time is over, then the oldest while there are too many or they are too large.
    fn forget(&mut self, limits: &JobLimits) {
        self.jobs.retain(|job| job.ended_at().is_none_or(|at| at.elapsed() < limits.kept_for));
        let mut ended: Vec<_> = self.jobs.iter().filter_map(|job| job.ended_at().map(|at| (at, Arc::clone(job)))).collect();
        ended.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        // One owner's many results push out none of another's; of the bytes, which are all the same, strangers give theirs first.
        let mut kept: HashMap<Option<String>, usize> = HashMap::new();
        let mut bytes = 0_usize;
        ended.sort_by_key(|(_, job)| job.owner().is_none());
        for (place, (_, job)) in ended.iter().enumerate() {
            bytes = bytes.saturating_add(job.bytes());
            let own = kept.entry(job.owner().map(str::to_owned)).or_default();
            *own += 1;
            if place > 0 && (*own > limits.kept || bytes > limits.kept_bytes) {
                self.jobs.retain(|other| other.id() != job.id());
            }
        }
    }
}

/// 128 bits of the system's chance as 32 hexadecimal digits; none where it has none.
fn fresh_id() -> Option<String> {
    let mut bytes = [0_u8; 16];
    SysRng.try_fill_bytes(&mut bytes).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Progress;
    use crate::jobs::JobState;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    #[expect(clippy::unnecessary_wraps, reason = "what a job's work returns")]
    fn answer(text: &str) -> Result<JobAnswer, String> {
        Ok(JobAnswer { media_type: "text/plain".into(), bytes: text.as_bytes().to_vec() })
    }

    #[expect(clippy::unnecessary_wraps, reason = "what a job is started with")]
    fn mine() -> Option<String> {
        Some("me".to_owned())
    }

    fn queue(limits: JobLimits) -> Jobs<String> {
        Jobs::new(limits).expect("threads")
    }

    fn one_at_once() -> JobLimits {
        JobLimits { running: 1, waiting: 2, ..JobLimits::default() }
    }

    fn until(what: &str, holds: impl Fn() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// A job that is worked on until the sender lets it go; when this returns, it runs.
    fn held(jobs: &Jobs<String>) -> (Arc<Job<String>>, mpsc::Sender<()>) {
        let (release, released) = mpsc::channel::<()>();
        let work = move |_: &JobProgress| {
            let _ = released.recv();
            answer("done")
        };
        let job = jobs.start(mine(), "held", work).expect("room");
        until("it runs", || job.state() == JobState::Running);
        (job, release)
    }

    #[test]
    fn a_job_tells_how_far_it_is_and_keeps_its_answer() {
        let jobs = queue(one_at_once());
        let (step, steps) = mpsc::channel::<usize>();
        let job = jobs
            .start(mine(), "steps", move |progress| {
                for done in steps {
                    progress.say(format!("step {done}"));
                    progress.go_on(done, 4);
                }
                answer("four")
            })
            .expect("room");
        for done in 1..=3_u8 {
            step.send(done.into()).expect("the job listens");
            until("the step shows", || job.status().percent == 25 * done);
        }
        let status = job.status();
        assert_eq!((status.state, status.process, status.message.as_str()), (JobState::Running, "steps", "step 3"));
        assert!(job.outcome().is_none() && status.finished.is_none());
        drop(step);
        until("it ends", || job.state() == JobState::Successful);
        let found = jobs.find(job.id()).expect("remembered");
        assert_eq!(found.status().percent, 100);
        assert!(found.status().finished >= found.status().started && found.status().started >= Some(found.status().created));
        assert!(matches!(found.outcome(), Some(JobOutcome::Answer(answer)) if answer.bytes == b"four"));
    }

    #[test]
    fn a_running_job_that_is_cancelled_stops_and_stays_dismissed() {
        let jobs = queue(one_at_once());
        let (said, heard) = mpsc::channel();
        let work = move |progress: &JobProgress| {
            while progress.go_on(1, 1_000) {
                std::thread::sleep(Duration::from_millis(1));
            }
            said.send(()).expect("the test listens");
            answer("too late")
        };
        let job = jobs.start(mine(), "endless", work).expect("room");
        until("it runs", || job.state() == JobState::Running);
        assert!(jobs.dismiss(&job) && !jobs.dismiss(&job), "the second time there is nothing to dismiss");
        heard.recv_timeout(Duration::from_secs(20)).expect("the work was told to stop");
        let next = jobs.start(mine(), "next", |_| answer("next")).expect("room");
        until("the thread goes on to the next", || next.state() == JobState::Successful);
        assert_eq!(job.state(), JobState::Dismissed);
        assert!(matches!(job.outcome(), Some(JobOutcome::Dismissed)));
    }

    #[test]
    fn a_waiting_job_that_is_cancelled_never_starts() {
        let jobs = queue(one_at_once());
        let (first, release) = held(&jobs);
        let (said, heard) = mpsc::channel::<()>();
        let work = move |_: &JobProgress| {
            let _ = said.send(());
            answer("never")
        };
        let second = jobs.start(mine(), "second", work).expect("room");
        assert_eq!(second.state(), JobState::Accepted);
        assert!(jobs.dismiss(&second));
        assert_eq!(heard.recv(), Err(mpsc::RecvError), "its work was thrown away unworked");
        drop(release);
        until("the first ends", || first.state() == JobState::Successful);
        assert_eq!((second.state(), second.status().started), (JobState::Dismissed, None));
    }

    #[test]
    fn more_than_may_wait_are_refused_and_a_cancelled_one_makes_room() {
        let jobs = queue(one_at_once());
        let (_first, _release) = held(&jobs);
        let waiting: Vec<_> = (0..2).map(|_| jobs.start(mine(), "waiting", |_| answer("")).expect("room")).collect();
        assert_eq!(jobs.start(mine(), "one more", |_| answer("")).err(), Some(QueueFull { waiting: 2 }));
        assert!(jobs.dismiss(&waiting[0]));
        assert!(jobs.start(mine(), "one more", |_| answer("")).is_ok());
    }

    #[test]
    fn so_many_run_at_once_as_the_cap_says() {
        let jobs = queue(JobLimits { running: 2, ..JobLimits::default() });
        let (_a, release_a) = held(&jobs);
        let (_b, _release_b) = held(&jobs);
        let third = jobs.start(mine(), "third", |_| answer("")).expect("room");
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(third.state(), JobState::Accepted);
        drop(release_a);
        until("a free thread takes it", || third.state() == JobState::Successful);
    }

    #[test]
    fn a_panic_is_a_failed_job_and_the_thread_lives_on() {
        let jobs = queue(one_at_once());
        let job = jobs.start(mine(), "broken", |_| -> Result<JobAnswer, String> { panic!("a bug") }).expect("room");
        until("it failed", || job.state() == JobState::Failed);
        assert!(matches!(job.outcome(), Some(JobOutcome::Panicked)));
        let refused = jobs.start(mine(), "refused", |_| Err("no probes".to_owned())).expect("room");
        until("it failed", || refused.state() == JobState::Failed);
        assert_eq!(refused.status().message, "no probes");
    }

    #[test]
    fn results_are_forgotten_after_their_time_and_past_their_number_and_size() {
        let done = |jobs: &Jobs<String>, text: &'static str| {
            let job = jobs.start(mine(), "done", move |_| answer(text)).expect("room");
            until("it ends", || job.state() == JobState::Successful);
            job.id().to_owned()
        };
        let jobs = queue(JobLimits { kept_for: Duration::from_millis(200), ..JobLimits::default() });
        let id = done(&jobs, "brief");
        assert!(jobs.find(&id).is_some());
        std::thread::sleep(Duration::from_millis(250));
        assert!(jobs.find(&id).is_none() && jobs.list("me").is_empty());

        let jobs = queue(JobLimits { kept: 2, ..JobLimits::default() });
        let ids: Vec<String> = (0..3).map(|_| done(&jobs, "x")).collect();
        let known: Vec<String> = jobs.list("me").into_iter().map(|status| status.id).collect();
        assert_eq!(known, [ids[2].clone(), ids[1].clone()], "the newest first");

        let jobs = queue(JobLimits { kept_bytes: 5, ..JobLimits::default() });
        let ids: Vec<String> = ["four", "eighteen"].map(|text| done(&jobs, text)).into();
        assert!(jobs.find(&ids[0]).is_none());
        assert!(jobs.find(&ids[1]).is_some(), "the last one is kept whatever its size");
    }

    #[test]
    fn a_list_holds_the_jobs_of_its_owner_and_nobody_elses() {
        let jobs = queue(one_at_once());
        let start = |owner: Option<&str>| {
            let job = jobs.start(owner.map(str::to_owned), "done", |_| answer("")).expect("room");
            until("it ends", || job.state().has_ended());
            job.id().to_owned()
        };
        let (mine, theirs, nobodys) = (start(Some("me")), start(Some("you")), start(None));
        let ids = |owner: &str| jobs.list(owner).into_iter().map(|status| status.id).collect::<Vec<_>>();
        assert_eq!((ids("me"), ids("you"), ids("")), (vec![mine], vec![theirs], Vec::new()));
        assert!(jobs.find(&nobodys).is_some(), "who has the id finds it");
    }

    #[test]
    fn ids_are_long_and_never_the_same() {
        let ids: std::collections::HashSet<String> = (0..1_000).filter_map(|_| fresh_id()).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit())));
    }

    #[test]
    fn a_queue_that_goes_asks_its_work_to_stop() {
        let jobs = queue(one_at_once());
        let (said, heard) = mpsc::channel();
        let work = move |progress: &JobProgress| {
            while progress.go_on(0, 1) {
                std::thread::sleep(Duration::from_millis(1));
            }
            said.send(()).expect("the test listens");
            answer("")
        };
        let job = jobs.start(mine(), "endless", work).expect("room");
        until("it runs", || job.state() == JobState::Running);
        drop(jobs);
        heard.recv_timeout(Duration::from_secs(20)).expect("the work was told to stop");
    }
}
