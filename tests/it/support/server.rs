//! The real server on a free port, in this process, so that it ends with the test.

use super::projects::demo_folder;
use peatplan::api::{Running, serve};
use peatplan::config::Config;
use peatplan::store::GeoPackageStore;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock, mpsc};
use ureq::Agent;

/// A server that answers.
pub struct Server {
    address: SocketAddr,
    agent: Agent,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// The server of the demo project, shared by all tests that only read.
pub fn demo() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&demo_folder().join("demo.gpkg")))
}

impl Server {
    /// Starts a server on a project.
    pub fn start(project: &Path) -> Self {
        Self::start_with(project, |config| config)
    }

    /// The same with other settings.
    pub fn start_with(project: &Path, settings: impl FnOnce(Config) -> Config + Send + 'static) -> Self {
        let (project, (sender, receiver)) = (project.to_owned(), mpsc::channel());
        std::thread::spawn(move || {
            let config = Config {
                project: project.clone(),
                listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                map_folder: "no-map-here".into(),
                reload_every_milliseconds: 50,
                ..Config::default()
            };
            let config = settings(config);
            let store = Arc::new(GeoPackageStore::open(&project).unwrap());
            actix_web::rt::System::new().block_on(async move {
                let Running { address, server } = serve(config, store).unwrap();
                sender.send(address).unwrap();
                server.await.unwrap();
            });
        });
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { address: receiver.recv().unwrap(), agent }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        answer(self.agent.get(self.url(path)).call().unwrap())
    }

    /// Gets with headers of one's own.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(self.agent.get(self.url(path)), |request, (name, value)| request.header(*name, *value));
        answer(request.call().unwrap())
    }

    /// Gets bytes that are no text, with their type.
    pub fn bytes(&self, path: &str) -> (String, Vec<u8>) {
        let mut response = self.agent.get(self.url(path)).call().unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        (kind, response.body_mut().with_config().limit(100_000_000).read_to_vec().unwrap())
    }

    /// Any method with headers and perhaps a body.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        let request = ureq::http::Request::builder().method(method).uri(self.url(path));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        answer(match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).unwrap()).unwrap(),
            None => self.agent.run(request.body(()).unwrap()).unwrap(),
        })
    }

    /// Posts bytes of a type.
    pub fn post_bytes(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        answer(self.agent.post(self.url(path)).content_type(kind).send(body).unwrap())
    }

    /// Posts JSON with headers of one's own.
    pub fn post_with(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        self.post_as(path, "application/json", body, headers)
    }

    /// Posts a body of a type with headers of one's own; a redirection is not followed.
    pub fn post_as(&self, path: &str, kind: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.agent.post(self.url(path)).config().max_redirects(0).max_redirects_will_error(false).build();
        let request = headers.iter().fold(request.content_type(kind), |request, (name, value)| request.header(*name, *value));
        answer(request.send(body).unwrap())
    }

    pub fn delete(&self, path: &str) -> Answer {
        answer(self.agent.delete(self.url(path)).call().unwrap())
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        answer(self.agent.post(self.url(path)).content_type("application/json").send(body).unwrap())
    }

    /// Gets JSON and expects success.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    /// Gets a problem and gives its detail.
    pub fn problem(&self, path: &str, status: u16) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.content_type, "application/problem+json", "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{path}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{path}: {problem}");
        problem
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let content_type = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    Answer {
        status: response.status().as_u16(),
        content_type,
        headers: response.headers().clone(),
        // Pictures and archives are no text; who wants those asks for `bytes`.
        text: String::from_utf8_lossy(&response.body_mut().with_config().limit(100_000_000).read_to_vec().unwrap()).into_owned(),
    }
}
