//! OGC API Processes over HTTP: descriptions, executions in each way, and whose jobs a list shows.

use crate::support::files::file;
use crate::support::projects::{demo_folder, fresh_key};
use crate::support::server::{Answer, Server, demo};
use peatplan::config::Config;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ECHO: &str = "/ogc/processes/echo/execution";
const ESTIMATE: &str = "/ogc/processes/reserve-estimate/execution";

fn execute(path: &str, body: &Value) -> Answer {
    demo().post(path, &body.to_string())
}

fn job_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    let location = answer.headers["location"].to_str().unwrap();
    location.split_once("/ogc/jobs/").map(|(_, id)| format!("/ogc/jobs/{id}")).unwrap()
}

fn until_ended(server: &Server, job: &str) -> Value {
    let start = Instant::now();
    loop {
        let status = server.json(job);
        if !matches!(status["status"].as_str(), Some("accepted" | "running")) {
            return status;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{status}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn ids(list: &Value) -> Vec<String> {
    list["jobs"].as_array().unwrap().iter().map(|job| job["jobID"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn processes_are_listed_page_by_page_and_describe_themselves_in_both_languages() {
    let (mut next, mut seen) = (Some("/ogc/processes?limit=2".to_owned()), Vec::new());
    while let Some(address) = next {
        let page = demo().json(&address);
        let processes = page["processes"].as_array().unwrap();
        assert!(processes.len() == 2 || (processes.len() == 1 && !seen.is_empty()), "{page}");
        seen.extend(processes.iter().map(|process| process["id"].as_str().unwrap().to_owned()));
        let link = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next");
        next = link.and_then(|link| link["href"].as_str()?.split_once("/ogc").map(|(_, path)| format!("/ogc{path}")));
    }
    assert_eq!((seen.first().unwrap().as_str(), seen.last().unwrap().as_str()), ("reserve-estimate", "echo"));

    let english = demo().json("/ogc/processes/reserve-estimate");
    assert_eq!(english["jobControlOptions"], json!(["sync-execute", "async-execute", "dismiss"]));
    let depth = &english["inputs"]["min_depth_m"];
    let parameters = demo().json("/parameters");
    let parameter = parameters["reserves"].as_array().unwrap().iter().find(|p| p["name"] == "min_depth_m").unwrap();
    assert_eq!((&depth["schema"]["default"], &depth["title"]), (&parameter["value"], &parameter["title"]["en"]));
    let russian = demo().get_with("/ogc/processes/reserve-estimate", &[("Accept-Language", "ru")]);
    assert_eq!(russian.headers["content-language"], "ru");
    assert_eq!(russian.json()["inputs"]["min_depth_m"]["title"], parameter["title"]["ru"]);
    assert_eq!(demo().json("/ogc/processes/echo?lang=ru")["title"], "Эхо");
}

#[test]
fn an_unknown_process_is_a_404_of_its_own_kind() {
    for answer in [demo().get("/ogc/processes/oracle"), execute("/ogc/processes/oracle/execution", &json!({}))] {
        assert_eq!(answer.status, 404);
        let kind = answer.json()["type"].clone();
        assert_eq!(kind, "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process");
    }
}

#[test]
fn results_are_a_document_or_bare_or_in_parts() {
    let inputs = json!({ "string": "торф", "array": [1, 2], "bbox": { "bbox": [40, 55, 41, 56] },
        "complex": { "value": { "a": 1 }, "mediaType": "application/json" } });
    let document = execute(ECHO, &json!({ "inputs": inputs, "response": "document" }));
    let expected = json!({ "string": "торф", "array": [1, 2], "complex": { "a": 1 }, "bbox": { "bbox": [40, 55, 41, 56] } });
    assert_eq!(document.json(), expected);
    let one = execute(ECHO, &json!({ "inputs": inputs, "outputs": { "string": { "transmissionMode": "value" } } }));
    assert_eq!((one.content_type.as_str(), one.text.as_str()), ("text/plain; charset=utf-8", "торф"));
    let parts = execute(ECHO, &json!({ "inputs": inputs, "outputs": { "string": {}, "array": {} } }));
    assert!(parts.content_type.starts_with("multipart/related; boundary="), "{}", parts.content_type);
    assert!(parts.text.contains("Content-ID: <array>\r\n\r\n[1,2]\r\n"), "{}", parts.text);
    assert!(!parts.text.contains("Content-ID: <bbox>"), "it was not asked for");
}

#[test]
fn an_estimate_is_the_same_by_process_and_by_address() {
    let by_process = execute(ESTIMATE, &json!({ "inputs": { "deposit": 1, "method": "mean", "min_depth_m": 0.9 } }));
    assert_eq!(by_process.json(), demo().json("/reserves/1?method=mean&min_depth_m=0.9"));
    let supply = execute("/ogc/processes/fuel-supply/execution", &json!({ "inputs": { "plant": "1" } }));
    assert_eq!(supply.json(), demo().json("/supply/1"));
}

#[test]
fn an_area_is_given_by_value_or_by_reference_within_the_service_and_never_fetched_from_elsewhere() {
    let feature = demo().json("/ogc/collections/deposits/items/2");
    let ask = |area: Value| execute(ESTIMATE, &json!({ "inputs": { "area": area, "method": "mean" } }));
    let by_value = ask(json!({ "value": feature["geometry"] }));
    let by_reference = ask(json!({ "href": demo().url("/ogc/collections/deposits/items/2"), "type": "application/geo+json" }));
    assert_eq!((by_value.status, by_reference.status), (200, 200), "{} {}", by_value.text, by_reference.text);
    assert_eq!(by_value.json()["areas"], by_reference.json()["areas"]);
    for elsewhere in ["http://127.0.0.1:9/x", "file:///etc/passwd", "/etc/passwd"] {
        let refused = ask(json!({ "href": elsewhere }));
        assert_eq!((refused.status, refused.json()["parameter"].as_str()), (400, Some("area")), "{elsewhere}");
    }
}

#[test]
fn a_wrong_request_names_the_input_and_what_it_accepts() {
    let cases = [
        (ECHO, json!({ "inputs": { "string": 5 } }), "string", "a text"),
        (ECHO, json!({ "inputs": { "array": "x" } }), "array", "a list"),
        (ECHO, json!({ "inputs": { "complex": { "type": "wrong" } } }), "complex", "\"value\""),
        (ECHO, json!({ "inputs": { "complex": { "value": {}, "mediaType": "image/tiff" } } }), "complex", "application/xml"),
        (ECHO, json!({ "inputs": { "string": "x", "pause": 1e9 } }), "pause", "between 0 and 10"),
        (ECHO, json!({ "inputs": { "smell": 1 } }), "smell", "string, number"),
        (ECHO, json!({ "inputs": {} }), "inputs", "string"),
        (ECHO, json!({ "inputs": { "string": "x" }, "outputs": { "y": {} } }), "outputs", "bbox"),
        (
            ECHO,
            json!({ "inputs": { "string": "x" }, "outputs": { "string": { "transmissionMode": "reference" } } }),
            "outputs",
            "value",
        ),
        (ECHO, json!({ "inputs": { "string": "x" }, "response": "cooked" }), "response", "raw or document"),
        (ECHO, json!({ "inputs": { "string": "x" }, "subscriber": {} }), "subscriber", "calls nobody back"),
        (ECHO, json!({ "puts": 1 }), "puts", "inputs, outputs and response"),
        (ESTIMATE, json!({ "inputs": {} }), "deposit", "area"),
        (ESTIMATE, json!({ "inputs": { "deposit": 1, "min_depth_m": 99 } }), "min_depth_m", "between"),
        (ESTIMATE, json!({ "inputs": { "deposit": 1, "method": "magic" } }), "method", "kriging"),
    ];
    for (path, body, name, said) in cases {
        let answer = execute(path, &body);
        let problem = answer.json();
        assert_eq!((answer.status, problem["parameter"].as_str()), (400, Some(name)), "{body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(said), "{body}: {problem}");
    }
    assert_eq!(demo().post(ECHO, "{").status, 400);
}

#[test]
fn who_reads_only_plain_json_gets_a_problem_as_that() {
    let problem = demo().get_with("/ogc/processes/oracle", &[("Accept", "application/json")]);
    assert_eq!((problem.status, problem.content_type.as_str()), (404, "application/json"));
    assert_eq!(demo().get("/ogc/processes/oracle").content_type, "application/problem+json");
}

#[test]
fn who_does_not_wait_gets_a_job_that_can_be_dismissed() {
    let server = demo();
    let start = |pause: u32| {
        let body = json!({ "inputs": { "string": "later", "pause": pause }, "response": "document" });
        server.post_with(ECHO, &body.to_string(), &[("Prefer", "respond-async")])
    };
    let slow = start(9);
    assert_eq!(slow.headers["preference-applied"], "respond-async");
    let (slow, quick) = (job_of(&slow), job_of(&start(0)));
    let not_yet = server.problem(&format!("{slow}/results"), 404);
    assert!(not_yet["type"].as_str().unwrap().ends_with("/result-not-ready"));
    let status = until_ended(server, &quick);
    assert_eq!((status["status"].as_str(), status["processID"].as_str()), (Some("successful"), Some("echo")));
    assert_eq!(server.json(&format!("{quick}/results")), json!({ "string": "later" }));

    let (slow_id, quick_id) = (slow.rsplit('/').next().unwrap(), quick.rsplit('/').next().unwrap());
    let listed = |query: &str| ids(&server.json(&format!("/ogc/jobs?limit=1000&{query}")));
    let has = |list: &[String], id: &str| list.iter().any(|listed| listed == id);
    assert!(has(&listed("processID=echo"), slow_id) && has(&listed("status=successful"), quick_id));
    assert!(!has(&listed("status=successful"), slow_id) && !has(&listed("processID=fuel-supply"), quick_id));
    assert!(listed("datetime=../2001-01-01T00:00:00Z").is_empty());
    for (query, name) in
        [("status=lost", "status"), ("minDuration=x", "minDuration"), ("datetime=soon", "datetime"), ("limit=0", "limit")]
    {
        assert_eq!(server.problem(&format!("/ogc/jobs?{query}"), 400)["parameter"], name);
    }

    assert_eq!(server.delete(&slow).json()["status"], "dismissed");
    assert_eq!(server.json(&slow)["status"], "dismissed");
    server.problem(&format!("{slow}/results"), 410);
}

#[test]
fn a_list_shows_a_caller_its_own_jobs_and_no_stranger_any() {
    let ((one, first), (other, second)) = (fresh_key("one", "read", &[]), fresh_key("other", "read", &[]));
    let keys = file("keys.toml", format!("{first}\n{second}"));
    let keyed = Server::start_with(&demo_folder().join("demo.gpkg"), move |config| Config { keys_file: Some(keys), ..config });
    let body = json!({ "inputs": { "string": "mine" } }).to_string();
    let start = |server: &Server, headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([("Prefer", "respond-async")]).collect();
        job_of(&server.post_with(ECHO, &body, &headers)).rsplit('/').next().unwrap().to_owned()
    };
    let list = |server: &Server, headers: &[(&str, &str)]| ids(&server.get_with("/ogc/jobs?limit=1000", headers).json());
    let by_key = start(&keyed, &[("X-Api-Key", &one)]);
    let bearer = format!("Bearer {one}");
    assert_eq!(list(&keyed, &[("Authorization", &bearer)]), std::slice::from_ref(&by_key));
    assert!(list(&keyed, &[("X-Api-Key", &other)]).is_empty() && list(&keyed, &[]).is_empty());
    assert_eq!(keyed.get(&format!("/ogc/jobs/{by_key}")).status, 200, "who has the id finds it");

    let ours = start(demo(), &[]);
    assert!(list(demo(), &[]).contains(&ours));
    assert!(
        list(demo(), &[("X-Forwarded-For", "203.0.113.9")]).is_empty(),
        "behind a proxy everybody comes from the own machine"
    );
    let waited = demo().post(ECHO, &json!({ "inputs": { "string": "x", "pause": 0.05 } }).to_string());
    assert_eq!((waited.status, waited.text.as_str()), (200, "x"), "who waits gets the answer itself");
}

#[test]
fn the_form_of_a_page_starts_a_job_and_a_form_of_another_site_does_not() {
    let form = "application/x-www-form-urlencoded";
    let body = "string=%D1%82%D0%BE%D1%80%D1%84&number=2,5&array=1%0D%0A2&boolean=&pause=";
    let sent = demo().post_as(ECHO, form, body, &[]);
    assert_eq!(sent.status, 303, "{}", sent.text);
    let job = sent.headers["location"].to_str().unwrap().split_once("/ogc/").map(|(_, rest)| format!("/ogc/{rest}")).unwrap();
    until_ended(demo(), &job);
    assert_eq!(demo().json(&format!("{job}/results")), json!({ "string": "торф", "number": 2.5, "array": [1, 2] }));
    for foreign in [("Origin", "http://elsewhere.example"), ("Sec-Fetch-Site", "cross-site")] {
        assert_eq!(demo().post_as(ECHO, form, body, &[foreign]).status, 403, "{foreign:?}");
    }
    let own = demo().url("");
    assert_eq!(demo().post_as(&format!("{job}/dismissal"), form, "", &[("Origin", &own)]).status, 303);
    assert_eq!(demo().json(&job)["status"], "dismissed");
}
