//! Long computations behind an ordinary request: a client that can wait gets the answer, another the place where it will
//! be (RFC 7240 `Prefer: respond-async` and `wait`).

use super::http::access;
use super::jobs::status_json;
use super::problem::Problem;
use super::server::base_address;
use super::state::State;
use super::written_json::json_bytes;
use crate::jobs::{Job, JobAnswer, JobOutcome, JobProgress, Jobs};
use actix_web::http::header::{HeaderName, HeaderValue, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

const PREFER: &str = "prefer";
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What a client says about waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Preference {
    /// It does not want to wait longer than it must.
    pub respond_async: bool,
    /// Seconds that it will wait.
    pub wait: Option<u64>,
}

impl Preference {
    /// Reads the `Prefer` headers; of a preference that is given twice, the first one counts (RFC 7240, section 2).
    pub(super) fn of(request: &HttpRequest) -> Self {
        let mut preference = Self::default();
        for text in request.headers().get_all(PREFER).filter_map(|value| value.to_str().ok()) {
            for part in text.split(',') {
                let token = part.split(';').next().unwrap_or_default();
                let (name, value) = token.split_once('=').unwrap_or((token, ""));
                match name.trim().to_ascii_lowercase().as_str() {
                    "respond-async" => preference.respond_async = true,
                    "wait" if preference.wait.is_none() => preference.wait = value.trim().trim_matches('"').parse().ok(),
                    _ => {}
                }
            }
        }
        preference
    }

    /// Whether the client says anything about waiting.
    pub(super) fn is_stated(self) -> bool {
        self.respond_async || self.wait.is_some()
    }

    /// How long this client waits, where the service lets nobody wait longer than `most`.
    fn patience(self, most: u64) -> u64 {
        match (self.wait, self.respond_async) {
            (Some(seconds), _) => seconds.min(most),
            (None, true) => 0,
            (None, false) => most,
        }
    }
}

/// An answer as the bytes of its JSON.
pub(super) fn json_answer(answer: &impl Serialize) -> Result<JobAnswer, Problem> {
    Ok(JobAnswer { media_type: "application/json".into(), bytes: json_bytes(answer)? })
}

/// How a long computation is answered where its client says nothing of waiting, or does not wait to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Clients wait as long as the service lets them; late ones get a 202.
    Ordinary,
    /// As OGC API Processes has it: who says nothing waits to the end, and who gets a job gets a 201.
    Execution,
}

/// Runs work as a job. A client that waits gets 200 and the answer when it is there in time; else, and at once where
/// it asks for that, the job's address. A client that hangs up while it waits, and has not said that it will come back,
/// cancels the job.
pub(super) async fn answer_or_job(
    state: &State,
    request: &HttpRequest,
    manner: Manner,
    process: &'static str,
    work: impl FnOnce(&JobProgress) -> Result<JobAnswer, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let preference = Preference::of(request);
    let to_the_end = manner == Manner::Execution && !preference.is_stated();
    // What is waited for to its end is nothing that anybody comes back to: it stands in no list.
    let owner = if to_the_end { None } else { access::of(request).owner() };
    let job = state.jobs.start(owner, process, work).map_err(|full| Problem::busy(full.to_string()).retry_after(5))?;
    let seconds = preference.patience(state.config.job_wait_seconds);
    let mut hanging_up = HangingUp { jobs: &state.jobs, job: &job, cancels: !preference.respond_async };
    if to_the_end {
        job.ended().await;
    } else if seconds > 0 {
        // Either it has ended then, or it has not: both are told below.
        let _ = tokio::time::timeout(Duration::from_secs(seconds), job.ended()).await;
    }
    hanging_up.cancels = false;
    // Who does not want to wait gets the job even where it has ended in a blink: one question, one answer.
    let outcome = if to_the_end || seconds > 0 { job.outcome() } else { None };
    let asynchronous = outcome.is_none();
    let mut response = match outcome {
        Some(outcome) => outcome_response(outcome)?,
        None => job_response(request, &job, manner),
    };
    if to_the_end {
        // Its result has been sent; nobody asks for it again.
        state.jobs.dismiss(&job);
    }
    let applied = [
        (preference.respond_async && asynchronous).then(|| "respond-async".to_owned()),
        preference.wait.filter(|asked| *asked == seconds).map(|seconds| format!("wait={seconds}")),
    ];
    let applied = applied.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(value) = HeaderValue::from_str(&applied).ok().filter(|value| !value.is_empty()) {
        response.headers_mut().insert(PREFERENCE_APPLIED, value);
    }
    Ok(response)
}

/// An answer that is sent from where it is kept.
struct Kept(Arc<JobAnswer>);

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        &self.0.bytes
    }
}

/// What came of a job, as an answer.
pub(super) fn outcome_response(outcome: JobOutcome<Problem>) -> Result<HttpResponse, Problem> {
    match outcome {
        JobOutcome::Answer(answer) => {
            let mut response = HttpResponse::Ok();
            response.content_type(&*answer.media_type);
            Ok(response.body(Bytes::from_owner(Kept(answer))))
        }
        JobOutcome::Failed(problem) => Err(problem),
        JobOutcome::Panicked => Err(Problem::internal(&"a job panicked")),
        JobOutcome::Dismissed => Err(Problem::dismissed()),
    }
}

fn job_response(request: &HttpRequest, job: &Job<Problem>, manner: Manner) -> HttpResponse {
    let base = base_address(request);
    let location = format!("{base}/ogc/jobs/{}", job.id());
    let mut response = if manner == Manner::Execution { HttpResponse::Created() } else { HttpResponse::Accepted() };
    response.insert_header((LOCATION, location)).json(status_json(&job.status(), &base))
}

/// Dropped with the request. The framework drops a request whose client has gone.
struct HangingUp<'a> {
    jobs: &'a Jobs<Problem>,
    job: &'a Arc<Job<Problem>>,
    cancels: bool,
}

impl Drop for HangingUp<'_> {
    fn drop(&mut self) {
        if self.cancels {
            self.jobs.dismiss(self.job);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn preferences_are_read_as_rfc_7240_writes_them() {
        let of = |headers: &[&str]| {
            let request = headers.iter().fold(TestRequest::default(), |request, text| request.append_header(("Prefer", *text)));
            Preference::of(&request.to_http_request())
        };
        let is = |respond_async, wait| Preference { respond_async, wait };
        assert_eq!(of(&[]), is(false, None));
        assert_eq!(of(&["respond-async"]), is(true, None));
        assert_eq!(of(&["Respond-Async, Wait=10"]), is(true, Some(10)));
        assert_eq!(of(&["wait=\"5\"; x=y", "respond-async"]), is(true, Some(5)));
        assert_eq!(of(&["wait=5, wait=9"]), is(false, Some(5)), "the first one counts");
        assert_eq!(of(&["wait=soon, handling=lenient, return=minimal"]), is(false, None));
    }

    #[test]
    fn nobody_waits_longer_than_the_service_lets_them() {
        let patience = |respond_async, wait| Preference { respond_async, wait }.patience(30);
        assert_eq!(
            [patience(false, None), patience(true, None), patience(true, Some(5)), patience(false, Some(600))],
            [30, 0, 5, 30]
        );
    }
}
