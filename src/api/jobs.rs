//! Long computations under way and done, as OGC API Processes shows them: list, state, results, cancelling. An id cannot
//! be guessed and is all that a job is asked for by; a list shows a caller its own jobs and nobody else's.

use super::answer_or_job::outcome_response;
use super::http::{Format, access};
use super::inputs::from_query;
use super::language::Language;
use super::ogc::{JSON, Link, answer, check_parameters, in_asked_form, page_of};
use super::pages::{same_origin, see_other};
use super::problem::Problem;
use super::reserves_layers::table_of;
use super::server::{answering, base_address, readable};
use super::state::State;
use crate::deliverables::TableForm;
use crate::jobs::{Job, JobOutcome, JobState, JobStatus};
use crate::planning::TableLanguage;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Relation of a job's results.
const RESULTS: &str = "http://www.opengis.net/def/rel/ogc/1.0/results";

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope
        .service(readable("/jobs", list))
        .service(answering("GET, HEAD, DELETE, OPTIONS", "/jobs/{job}", status).route(web::delete().to(dismiss)))
        .service(readable("/jobs/{job}/results", results))
        .service(web::resource("/jobs/{job}/dismissal").route(web::post().to(dismiss_by_form)));
}

async fn list(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    let known = ["limit", "offset", "type", "processID", "status", "datetime", "minDuration", "maxDuration"];
    check_parameters(&inputs, &known)?;
    let wanted = Wanted::of(&inputs)?;
    let (base, now) = (base_address(&request), OffsetDateTime::now_utc());
    let own = access::of(&request).owner().map(|owner| state.jobs.list(&owner)).unwrap_or_default();
    let jobs: Vec<&JobStatus> = own.iter().filter(|status| wanted.holds(status, now)).collect();
    let (shown, links) = page_of(&jobs, &format!("{base}/ogc/jobs"), &inputs)?;
    let jobs: Vec<Value> = shown.iter().map(|status| status_json(status, &base)).collect();
    answer(&request, &inputs, Format::Json, None, &json!({ "jobs": jobs, "links": links }))
}

async fn status(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let job = found(&state, &id)?;
    answer(&request, &inputs, Format::Json, None, &status_json(&job.status(), &base_address(&request)))
}

async fn results(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let job = found(&state, &id)?;
    let status = job.status();
    let outcome = job.outcome().ok_or_else(|| Problem::result_not_ready(status.percent))?;
    if let JobOutcome::Answer(result) = &outcome
        && let Some(form) = asked_table(&inputs)
        && let Ok(document) = serde_json::from_slice::<Value>(&result.bytes)
    {
        return table(&request, &inputs, &document, form).await;
    }
    in_asked_form(&request, &inputs, outcome_response(outcome)?)
}

/// The reserve table that results are asked for as.
fn asked_table(inputs: &[(String, String)]) -> Option<TableForm> {
    inputs.iter().find(|(name, _)| name == "f").and_then(|(_, form)| match form.as_str() {
        "xlsx" => Some(TableForm::Xlsx),
        "csv" => Some(TableForm::Csv),
        _ => None,
    })
}

/// The reserve table of what a job found: the same figures, not computed again.
async fn table(
    request: &HttpRequest,
    inputs: &[(String, String)],
    document: &Value,
    form: TableForm,
) -> Result<HttpResponse, Problem> {
    let result = [&document["reserves"], document].into_iter().find(|result| result["ladder"].is_array());
    let result =
        result.ok_or_else(|| Problem::bad_request("f", "the forms csv and xlsx are those of a reserve estimate"))?.clone();
    let language = match Language::of(request, inputs) {
        Language::Russian => TableLanguage::Russian,
        Language::English => TableLanguage::English,
    };
    table_of(result, language, form).await
}

/// Cancels; of a job that has ended, throws the results away. What is dismissed already is gone.
async fn dismiss(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let job = found(&state, &id)?;
    if !state.jobs.dismiss(&job) {
        return Err(Problem::dismissed());
    }
    Ok(HttpResponse::Ok().json(status_json(&job.status(), &base_address(&request))))
}

/// The button of a job's page: a page without scripts cannot say DELETE.
async fn dismiss_by_form(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    same_origin(&request)?;
    let job = found(&state, &id)?;
    state.jobs.dismiss(&job);
    Ok(see_other(&request, &format!("/ogc/jobs/{}", job.id())))
}

fn found(state: &State, id: &str) -> Result<Arc<Job<Problem>>, Problem> {
    state.jobs.find(id).ok_or_else(|| Problem::no_such_job(id))
}

/// A job as OGC API Processes writes it (`statusInfo`).
pub(super) fn status_json(status: &JobStatus, base: &str) -> Value {
    let moment = |time: OffsetDateTime| time.format(&Rfc3339).unwrap_or_default();
    let own = format!("{base}/ogc/jobs/{}", status.id);
    let mut links = vec![Link::new(&own, "self", JSON, "This job"), Link::new(&own, "monitor", JSON, "Its state")];
    if status.state == JobState::Successful {
        links.push(Link::new(format!("{own}/results"), RESULTS, JSON, "Its results"));
    }
    let mut info = json!({
        "jobID": status.id,
        "processID": status.process,
        "type": "process",
        "status": status.state,
        "message": status.message,
        "progress": status.percent,
        "created": moment(status.created),
        "updated": moment(status.updated),
    });
    // The standard's moments are no nulls: what has not happened has none.
    for (name, time) in [("started", status.started), ("finished", status.finished)] {
        if let Some(time) = time {
            info[name] = moment(time).into();
        }
    }
    info["links"] = json!(links);
    info
}

/// Which jobs of a list are wanted (OGC API Processes, requirements class job-list). Lists name any of their members.
#[derive(Debug, Default)]
struct Wanted {
    kinds: Vec<String>,
    processes: Vec<String>,
    states: Vec<String>,
    from: Option<OffsetDateTime>,
    to: Option<OffsetDateTime>,
    least_seconds: Option<u64>,
    most_seconds: Option<u64>,
}

impl Wanted {
    fn of(inputs: &[(String, String)]) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        for (name, text) in inputs {
            let words = || text.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
            let seconds = || {
                let whole = text.parse().ok();
                let wrong = || format!("{name} must be a whole number of seconds from 0 on; it was {text:?}");
                whole.map(Some).ok_or_else(|| Problem::bad_request(name, wrong()))
            };
            match name.as_str() {
                "type" => wanted.kinds = words(),
                "processID" => wanted.processes = words(),
                "status" => {
                    wanted.states = words();
                    let states = ["accepted", "running", "successful", "failed", "dismissed"];
                    if let Some(word) = wanted.states.iter().find(|word| !states.contains(&word.as_str())) {
                        let detail = format!("status must be of {}; it was {word:?}", states.join(", "));
                        return Err(Problem::bad_request("status", detail));
                    }
                }
                "datetime" => (wanted.from, wanted.to) = interval(text)?,
                "minDuration" => wanted.least_seconds = seconds()?,
                "maxDuration" => wanted.most_seconds = seconds()?,
                _ => {}
            }
        }
        Ok(wanted)
    }

    fn holds(&self, status: &JobStatus, now: OffsetDateTime) -> bool {
        let names = |list: &[String], word: &str| list.is_empty() || list.iter().any(|listed| listed == word);
        let state = serde_json::to_value(status.state).unwrap_or_default();
        // How long it took, or has taken so far; one that has not begun has taken nothing yet, and matches no duration.
        let taken = status.started.map(|started| (status.finished.unwrap_or(now) - started).as_seconds_f64());
        let lasted = |holds: &dyn Fn(f64) -> bool| taken.is_some_and(holds);
        #[expect(clippy::cast_precision_loss, reason = "seconds that a job may take are far below 2^53")]
        let bounds = self.least_seconds.is_none_or(|least| lasted(&|seconds| seconds >= least as f64))
            && self.most_seconds.is_none_or(|most| lasted(&|seconds| seconds <= most as f64));
        names(&self.kinds, "process")
            && names(&self.processes, status.process)
            && names(&self.states, state.as_str().unwrap_or_default())
            && self.from.is_none_or(|from| status.created >= from)
            && self.to.is_none_or(|to| status.created <= to)
            && bounds
    }
}

/// The ends of a moment or interval (RFC 3339), open ones as none.
fn interval(text: &str) -> Result<(Option<OffsetDateTime>, Option<OffsetDateTime>), Problem> {
    let wrong = || {
        let detail = format!("datetime must be a moment or an interval of moments (RFC 3339), open ends as ..; it was {text:?}");
        Problem::bad_request("datetime", detail)
    };
    let end = |part: &str| match part {
        "" | ".." => Ok(None),
        moment => OffsetDateTime::parse(moment, &Rfc3339).map(Some).map_err(|_| wrong()),
    };
    match text.split_once('/') {
        Some((from, to)) => {
            let (from, to) = (end(from)?, end(to)?);
            if from.zip(to).is_some_and(|(from, to)| from > to) { Err(wrong()) } else { Ok((from, to)) }
        }
        None if matches!(text, "" | "..") => Err(wrong()),
        None => end(text).map(|moment| (moment, moment)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn wanted(pairs: &[(&str, &str)]) -> Result<Wanted, Problem> {
        Wanted::of(&pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn a_list_is_asked_by_state_process_time_and_duration() {
        let status = JobStatus {
            id: "a".into(),
            process: "echo",
            state: JobState::Successful,
            percent: 100,
            message: String::new(),
            created: datetime!(2024-05-01 10:00 UTC),
            started: Some(datetime!(2024-05-01 10:00:10 UTC)),
            finished: Some(datetime!(2024-05-01 10:00:15 UTC)),
            updated: datetime!(2024-05-01 10:00:15 UTC),
        };
        let holds = |pairs: &[(&str, &str)]| wanted(pairs).expect("sound").holds(&status, datetime!(2024-05-01 11:00 UTC));
        assert!(holds(&[]) && holds(&[("status", "failed,successful"), ("type", "process"), ("processID", "echo")]));
        assert!(!holds(&[("status", "running")]) && !holds(&[("processID", "other")]) && !holds(&[("type", "wps")]));
        assert!(holds(&[("minDuration", "5"), ("maxDuration", "5")]));
        assert!(!holds(&[("minDuration", "6")]) && !holds(&[("maxDuration", "4")]));
        assert!(holds(&[("datetime", "2024-05-01T00:00:00Z/..")]) && holds(&[("datetime", "../2024-05-01T12:00:00+01:00")]));
        assert!(!holds(&[("datetime", "2024-05-01T10:00:01Z/..")]) && holds(&[("datetime", "2024-05-01T10:00:00Z")]));
    }

    #[test]
    fn what_no_list_is_asked_by_is_refused_by_name() {
        for (name, text) in
            [("status", "done"), ("minDuration", "-1"), ("maxDuration", "soon"), ("datetime", "2024"), ("datetime", "..")]
        {
            let problem = wanted(&[(name, text)]).expect_err("refused");
            assert!(problem.to_string().contains(name), "{problem}");
        }
        assert!(wanted(&[("datetime", "2024-05-02T00:00:00Z/2024-05-01T00:00:00Z")]).is_err(), "ends before it begins");
    }
}
