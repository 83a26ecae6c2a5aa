//! Long computations over HTTP: RFC 7240's preferences, and jobs as OGC API Processes shows them.

use crate::support::projects::demo_folder;
use crate::support::server::{Answer, Server, demo};
use peatplan::jobs::JobLimits;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

const ASYNC: [(&str, &str); 1] = [("Prefer", "respond-async")];
/// Some seconds of work, which a test can cancel or wait behind.
const SLOW: &str = "/reserves/1?method=idw&cell_m=9&neighbours=160";

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.text);
    let location = answer.headers["location"].to_str().unwrap();
    location.split_once("/jobs/").map(|(_, id)| format!("/ogc/jobs/{id}")).unwrap()
}

fn until_ended(server: &Server, job: &str) -> serde_json::Value {
    let start = Instant::now();
    loop {
        let status = server.json(job);
        if !matches!(status["status"].as_str(), Some("accepted" | "running")) {
            return status;
        }
        assert!(start.elapsed() < Duration::from_secs(120), "{status}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A server whose only working thread is taken by a slow job; that job's address.
fn busy(waiting: usize) -> (Server, String) {
    let limits = JobLimits { running: 1, waiting, ..JobLimits::default() };
    let server =
        Server::start_with(&demo_folder().join("demo.gpkg"), |config| peatplan::config::Config { jobs: limits, ..config });
    let slow = location(&server.get_with(SLOW, &ASYNC));
    let start = Instant::now();
    while server.json(&slow)["status"] == "accepted" {
        assert!(start.elapsed() < Duration::from_secs(20));
    }
    (server, slow)
}

#[test]
fn an_estimate_that_need_not_be_waited_for_is_a_job_with_the_same_answer() {
    let answer = demo().get_with("/reserves/1?method=mean", &ASYNC);
    assert_eq!(answer.headers["preference-applied"], "respond-async");
    let job = location(&answer);
    let accepted = answer.json();
    for (name, value) in [("type", "process"), ("processID", "reserve-estimate")] {
        assert_eq!(accepted[name], value);
    }
    assert!(job.ends_with(accepted["jobID"].as_str().unwrap()));
    let ended = until_ended(demo(), &job);
    assert_eq!((&ended["status"], &ended["progress"]), (&"successful".into(), &100.into()));
    for moment in ["created", "started", "finished", "updated"] {
        assert!(ended[moment].as_str().unwrap().ends_with('Z'), "{moment}: {ended}");
    }
    let results = ended["links"].as_array().unwrap().iter().find(|link| link["rel"].as_str().unwrap().ends_with("/results"));
    assert!(results.unwrap()["href"].as_str().unwrap().ends_with(&format!("{job}/results")));
    assert_eq!(demo().json(&format!("{job}/results")), demo().json("/reserves/1?method=mean"));
    let listed = demo().json("/ogc/jobs");
    assert!(listed["jobs"].as_array().unwrap().iter().any(|other| other["jobID"] == ended["jobID"]));
}

#[test]
fn a_client_that_waits_gets_the_answer_itself() {
    let answer = demo().get_with("/reserves/1?method=mean", &[("Prefer", "respond-async, wait=20")]);
    assert_eq!((answer.status, answer.headers["preference-applied"].to_str().unwrap()), (200, "wait=20"), "{}", answer.text);
    assert_eq!(answer.json()["method"], "mean");
}

#[test]
fn a_failed_job_answers_with_its_problem() {
    let job = location(&demo().get_with("/reserves/Atlantis", &ASYNC));
    let ended = until_ended(demo(), &job);
    assert_eq!(ended["status"], "failed");
    let problem = demo().problem(&format!("{job}/results"), 404);
    assert!(problem["detail"].as_str().unwrap().contains("Atlantis"), "{problem}");
    assert_eq!(problem["detail"], ended["message"]);
}

#[test]
fn an_input_that_is_wrong_is_refused_before_there_is_a_job() {
    let answer = demo().get_with("/reserves/1?method=magic", &ASYNC);
    assert_eq!((answer.status, answer.json()["parameter"].as_str()), (400, Some("method")));
}

#[test]
fn a_job_that_nobody_knows_is_a_404() {
    for path in ["/ogc/jobs/0", "/ogc/jobs/0/results"] {
        let problem = demo().problem(path, 404);
        assert!(problem["type"].as_str().unwrap().ends_with("no-such-job"), "{problem}");
    }
    assert_eq!(demo().delete("/ogc/jobs/0").status, 404);
    let refused = demo().post("/ogc/jobs/0", "{}");
    assert_eq!((refused.status, refused.headers["allow"].to_str().unwrap()), (405, "GET, HEAD, DELETE, OPTIONS"));
}

#[test]
fn jobs_wait_their_turn_and_can_be_cancelled_waiting_or_running() {
    let (server, slow) = busy(2);
    let problem = server.problem(&format!("{slow}/results"), 404);
    assert_eq!(problem["title"], "result not ready");
    assert!(problem["type"].as_str().unwrap().ends_with("result-not-ready"));
    let second = location(&server.get_with("/reserves/2?method=mean", &ASYNC));
    let third = location(&server.get_with("/reserves/2?method=mean", &[("Prefer", "wait=0")]));
    assert_eq!(server.json(&second)["status"], "accepted");
    let full = server.get_with("/reserves/2?method=mean", &ASYNC);
    assert_eq!(full.status, 503, "{}", full.text);
    assert!(full.json()["detail"].as_str().unwrap().contains("2 computations wait already"));

    for job in [&second, &slow] {
        let dismissed = server.delete(job);
        assert_eq!((dismissed.status, dismissed.json()["status"].as_str()), (200, Some("dismissed")));
        server.problem(&format!("{job}/results"), 410);
        assert_eq!(server.delete(job).status, 410);
        assert_eq!(server.json(job)["status"], "dismissed");
    }
    assert_eq!(until_ended(&server, &third)["status"], "successful", "the thread goes on to the next");
}

#[test]
fn a_waiting_client_that_hangs_up_cancels_its_job() {
    let (server, slow) = busy(4);
    let mut client = TcpStream::connect(server.address()).unwrap();
    write!(client, "GET /reserves/2?method=mean HTTP/1.1\r\nHost: peat\r\nPrefer: wait=25\r\n\r\n").unwrap();
    let others = || -> Vec<serde_json::Value> {
        let jobs = server.json("/ogc/jobs")["jobs"].as_array().unwrap().clone();
        jobs.into_iter().filter(|job| !slow.ends_with(job["jobID"].as_str().unwrap())).collect()
    };
    let until = |what: &str, holds: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < Duration::from_secs(10), "{what}: {:?}", others());
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    until("the job is accepted", &|| others().len() == 1 && others()[0]["status"] == "accepted");
    drop(client);
    until("the job is dismissed", &|| others()[0]["status"] == "dismissed");
    server.delete(&slow);
}
