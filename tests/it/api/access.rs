//! Keys and roles: who may change what, and how a service without keys behaves.

use crate::support::files::file;
use crate::support::projects::{copy_of, demo_folder, fresh_key, refuses};
use crate::support::server::Server;
use crate::support::wire::{Exchange, exchange};
use peatplan::config::Config;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn public(config: Config) -> Config {
    Config { public_address: Some("http://peat.example".into()), ..config }
}

fn start(settings: impl FnOnce(Config) -> Config + Send + 'static) -> Server {
    Server::start_with(&demo_folder().join("demo.gpkg"), settings)
}

fn write(server: &Server, layer: &str, headers: &[(&str, &str)]) -> Exchange {
    exchange(server.address(), "DELETE", &format!("/ogc/collections/{layer}/items/999999"), headers, "")
}

/// Whether the gate let it through; what the resource says then is another matter.
fn passes(answer: &Exchange) -> bool {
    !matches!(answer.status, 401 | 403)
}

#[test]
fn a_key_opens_what_its_role_and_its_collections_say() {
    let (reader, read) = fresh_key("reader", "read", &[]);
    let (editor, edit) = fresh_key("editor", "edit", &["probes", "cores"]);
    let (admin, all) = fresh_key("admin", "admin", &[]);
    let keys = file("keys.toml", format!("{read}\n{edit}\n{all}"));
    let server = start(move |config| public(Config { keys_file: Some(keys), ..config }));
    let get = |path: &str, headers: &[(&str, &str)]| exchange(server.address(), "GET", path, headers, "");

    assert_eq!(get("/ogc/collections/probes/items?limit=1", &[]).status, 200, "reading is for everybody");
    let nobody = write(&server, "probes", &[]);
    assert!(nobody.problem(401)["detail"].as_str().unwrap().contains("role edit for the collection probes"));
    assert_eq!(nobody.header("WWW-Authenticate").as_deref(), Some("Bearer realm=\"peatplan\""));
    assert_eq!(nobody.header("Cache-Control").as_deref(), Some("no-store"));

    for headers in [[("X-API-Key", editor.clone())], [("Authorization", format!("Bearer {editor}"))]] {
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert!(passes(&write(&server, "probes", &headers)) && passes(&write(&server, "cores", &headers)));
        let other = write(&server, "deposits", &headers).problem(403);
        assert!(other["detail"].as_str().unwrap().contains("has the role edit for probes, cores"), "{other}");
        assert_eq!(write(&server, "moons", &headers).status, 403, "nor what does not exist");
        assert_eq!(write(&server, "dep%6Fsits", &headers).status, 403, "however it is written");
    }
    assert_eq!(write(&server, "probes", &[("X-API-Key", &reader)]).status, 403);
    assert!(passes(&write(&server, "deposits", &[("X-API-Key", &admin)])));

    for wrong in ["pp_0", "", &editor[..editor.len() - 1], &"x".repeat(5_000)] {
        let answer = get("/ogc", &[("X-API-Key", wrong)]);
        assert!(answer.problem(401)["detail"].as_str().unwrap().contains("not one that the service knows"), "{wrong}");
    }
    assert_eq!(get("/metrics", &[]).status, 401);
    assert_eq!(get("/metrics", &[("X-API-Key", &editor)]).status, 403);
    assert_eq!(get("/metrics", &[("X-API-Key", &admin)]).status, 200);
}

#[test]
fn options_offers_editing_to_whoever_may_edit() {
    let (editor, edit) = fresh_key("editor", "edit", &["probes"]);
    let keys = file("keys.toml", edit);
    let server = start(move |config| public(Config { keys_file: Some(keys), ..config }));
    let allowed =
        |path: &str, headers: &[(&str, &str)]| exchange(server.address(), "OPTIONS", path, headers, "").header("Allow").unwrap();
    let writes = |allowed: &str| ["POST", "PUT", "PATCH", "DELETE"].iter().any(|method| allowed.contains(method));
    for path in ["/ogc/collections/probes/items", "/ogc/collections/probes/items/1"] {
        assert!(!writes(&allowed(path, &[])), "{path}");
        assert!(!writes(&allowed(&path.replace("probes", "cores"), &[("X-API-Key", &editor)])), "{path}");
    }
    assert!(writes(&allowed("/reserves/1", &[])), "a computation changes nothing");
}

#[test]
fn reading_can_need_a_key_too() {
    let (probes, limited) = fresh_key("probes", "read", &["probes"]);
    let (all, whole) = fresh_key("all", "read", &[]);
    let keys = file("keys.toml", format!("{limited}\n{whole}"));
    let server = start(move |config| Config { keys_file: Some(keys), reads_need_a_key: true, ..config });
    let status = |path: &str, key: Option<&str>| {
        let headers: Vec<(&str, &str)> = key.map(|key| ("X-API-Key", key)).into_iter().collect();
        exchange(server.address(), "GET", path, &headers, "").status
    };
    for (path, nobody, limited, whole) in [
        ("/health/ready", 200, 200, 200),
        ("/", 200, 200, 200),
        ("/ogc", 401, 200, 200),
        ("/project", 401, 200, 200),
        ("/ogc/collections/probes/items?limit=1", 401, 200, 200),
        ("/ogc/collections/cores/items?limit=1", 401, 403, 200),
        ("/ogc/collections/moons", 401, 403, 404),
        ("/reserves/1?method=mean", 401, 403, 200),
        ("/supply/1", 401, 403, 200),
        ("/supply/1/flows", 401, 403, 200),
        ("/ogc/jobs", 401, 403, 200),
        ("/nowhere", 401, 403, 404),
    ] {
        let found = [status(path, None), status(path, Some(&probes)), status(path, Some(&all))];
        assert_eq!(found, [nobody, limited, whole], "{path}");
    }
    let caching = exchange(server.address(), "GET", "/project", &[("X-API-Key", &all)], "").header("Cache-Control");
    assert_eq!(caching.as_deref(), Some("private, no-cache"), "no shared cache keeps it for others");
}

const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A service whose readers need a key, and one that may edit everything.
fn locked() -> (Server, String) {
    let (editor, entry) = fresh_key("editor", "edit", &[]);
    let keys = file("keys.toml", entry);
    let server = start(move |config| Config { keys_file: Some(keys), reads_need_a_key: true, ..config });
    (server, editor)
}

#[test]
fn a_browser_is_asked_for_a_key_by_a_page_that_tells_nothing_of_the_project() {
    let (server, _) = locked();
    let get = |path: &str, language| exchange(server.address(), "GET", path, &[BROWSER, ("Accept-Language", language)], "");
    for (language, said, enter) in [("ru", "Нужен ключ", "Войти"), ("en", "A key is needed", "Enter")] {
        for path in ["/ogc", "/ogc/collections/deposits/items?limit=5", "/reserves/1", "/nowhere"] {
            let page = get(path, language);
            assert_eq!(page.status, 401, "{path}");
            assert_eq!(page.header("Content-Type").as_deref(), Some("text/html; charset=utf-8"));
            assert_eq!(page.header("Cache-Control").as_deref(), Some("no-store"));
            assert!(page.header("WWW-Authenticate").is_some());
            assert!(page.text().contains(said) && page.text().contains(enter), "{path}: {}", page.text());
            assert!(page.text().contains("type=\"password\"") && page.text().contains("/session?to="), "{path}");
            assert!(!page.text().contains("Khrustal") && !page.text().contains("Хрустал"), "{path}: {}", page.text());
        }
    }
    assert_eq!(get("/ogc/pages.css", "en").status, 200, "the page has its looks");
}

#[test]
fn a_key_given_in_a_browser_reads_and_computes_until_it_is_taken_back() {
    let (server, editor) = locked();
    let ask =
        |method: &str, path: &str, headers: &[(&str, &str)], body: &str| exchange(server.address(), method, path, headers, body);
    let begun = ask("POST", "/session?to=%2Fogc%3Flang%3Dru", &[BROWSER, FORM], &format!("key={editor}"));
    assert_eq!(begun.status, 303, "{}", begun.text());
    assert!(begun.header("Location").unwrap().ends_with("/ogc?lang=ru"));
    let cookie = begun.header("Set-Cookie").unwrap();
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Max-Age"), "of the session, and of plain http: {cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with = ("Cookie", cookie.as_str());

    let page = ask("GET", "/ogc", &[BROWSER, with], "");
    assert!(page.status == 200 && page.text().contains("session&#x2f;end"), "it offers to sign out");
    assert_eq!(ask("GET", "/ogc/collections/probes/items?limit=1", &[with], "").status, 200);
    assert_eq!(ask("GET", "/session", &[with], "").json()["key"], "editor");
    let json = ("Content-Type", "application/json");
    assert_eq!(ask("POST", "/reserves/1", &[with, json], "{\"method\":\"mean\"}").status, 200, "a computation is a reading");
    let edit = ask("DELETE", "/ogc/collections/probes/items/999999", &[with], "").problem(403);
    assert!(edit["detail"].as_str().unwrap().contains("X-API-Key"), "{edit}");
    let headers = [with, ("X-API-Key", editor.as_str())];
    assert!(passes(&ask("DELETE", "/ogc/collections/probes/items/999999", &headers, "")), "a header stands above the cookie");
    let other_site = [with, json, ("Origin", "https://other.example")];
    assert_eq!(ask("POST", "/reserves/1", &other_site, "{\"method\":\"mean\"}").status, 403);

    let ended = ask("DELETE", "/session", &[with], "");
    assert!(ended.status == 204 && ended.header("Set-Cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(ask("GET", "/session", &[], "").json()["key"], serde_json::Value::Null);
}

#[test]
fn a_session_begins_with_a_key_that_is_known_and_a_form_of_the_service() {
    let (server, editor) = locked();
    let begin = |path: &str, headers: &[(&str, &str)], body: &str| exchange(server.address(), "POST", path, headers, body);
    for wrong in ["key=pp_0", "key=", &format!("key={}", "x".repeat(5_000))] {
        let refused = begin("/session", &[FORM], wrong);
        assert!(refused.status == 401 && refused.header("Set-Cookie").is_none(), "{wrong}: {}", refused.status);
    }
    assert_eq!(begin("/session", &[FORM], "").problem(400)["parameter"], "key");
    let page = begin("/session?to=/ogc/jobs&lang=ru", &[BROWSER, FORM], "key=pp_0");
    assert!(page.status == 401 && page.text().contains("to=&#x2f;ogc&#x2f;jobs"), "{}", page.text());
    let key = format!("key={editor}");
    assert_eq!(begin("/session", &[FORM, ("Origin", "https://other.example")], &key).status, 403);
    assert_eq!(begin("/session", &[FORM, ("Sec-Fetch-Site", "cross-site")], &key).status, 403);
    for elsewhere in ["https://evil.example", "//evil.example", "%2F%5Cevil.example"] {
        let sent_on = begin(&format!("/session?to={elsewhere}"), &[BROWSER, FORM], &key);
        assert_eq!(sent_on.header("Location").as_deref(), Some(format!("http://{}/", server.address()).as_str()), "{elsewhere}");
    }
    // A key that is nobody's in a cookie is no key.
    assert_eq!(exchange(server.address(), "GET", "/", &[("Cookie", "peatplan_key=pp_0")], "").status, 200);
    assert_eq!(exchange(server.address(), "GET", "/ogc", &[("Cookie", "peatplan_key=pp_0")], "").status, 401);
}

#[test]
fn a_service_for_others_without_keys_is_read_only_and_says_so() {
    let server = start(public);
    let problem = write(&server, "probes", &[]).problem(403);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("read-only") && detail.contains("--keys"), "{problem}");
    let address = server.address();
    assert_eq!(exchange(address, "GET", "/reserves/1?method=mean", &[], "").status, 200);
    let headers = [("Content-Type", "application/json")];
    assert_eq!(
        exchange(address, "POST", "/reserves/1", &headers, "{\"method\":\"mean\"}").status,
        200,
        "a computation is a reading"
    );
    assert_eq!(exchange(address, "GET", "/metrics", &[], "").status, 403);
}

#[test]
fn for_this_machine_everything_is_open_but_not_through_a_proxy() {
    let server = start(|config| config);
    assert!(passes(&write(&server, "probes", &[])));
    for (name, value) in [("X-Forwarded-For", "203.0.113.5"), ("Forwarded", "for=203.0.113.5"), ("Via", "1.1 proxy")] {
        assert_eq!(write(&server, "probes", &[(name, value)]).status, 403, "{name}");
    }
    assert_eq!(exchange(server.address(), "GET", "/metrics", &[], "").status, 200);
}

#[test]
fn a_key_that_is_taken_out_of_the_file_opens_nothing_any_more() {
    let (secret, entry) = fresh_key("editor", "edit", &[]);
    let (_, other) = fresh_key("other", "edit", &[]);
    let keys = file("keys.toml", &entry);
    let path: PathBuf = keys.clone();
    let server = start(move |config| Config { keys_file: Some(keys), ..config });
    assert!(passes(&write(&server, "probes", &[("X-API-Key", &secret)])));
    let waits_for = |wanted: u16| {
        let deadline = Instant::now() + Duration::from_secs(30);
        while exchange(server.address(), "GET", "/ogc", &[("X-API-Key", &secret)], "").status != wanted {
            assert!(Instant::now() < deadline, "the keys were not read again");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    std::fs::write(&path, format!("# Another one.\n{other}")).unwrap();
    waits_for(401);
    std::fs::write(&path, format!("{entry}\n{other}")).unwrap();
    waits_for(200);
    // Half a file: what was known before stays.
    std::fs::write(&path, "[[key]]\nname = ").unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    waits_for(200);
}

#[test]
fn the_description_of_the_service_says_how_a_key_is_sent() {
    let (_, entry) = fresh_key("editor", "edit", &[]);
    let keys = file("keys.toml", entry);
    let server = start(move |config| Config { keys_file: Some(keys), ..config });
    let document = server.json("/ogc/api");
    assert_eq!(document["components"]["securitySchemes"]["apiKey"]["name"], "X-API-Key");
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    assert!(document.get("security").is_none(), "reading needs none");
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in
            operations.as_object().unwrap().iter().filter(|(method, _)| !matches!(method.as_str(), "parameters" | "servers"))
        {
            let needs = path.starts_with("/collections/") && method != "get";
            assert_eq!(operation.get("security").is_some(), needs, "{method} {path}");
        }
    }
}

#[test]
fn keys_that_are_none_stop_the_service_at_its_start() {
    let project = copy_of("demo.gpkg");
    let arguments = |keys: PathBuf| {
        let (project, keys) = (project.to_str().unwrap().to_owned(), keys.to_str().unwrap().to_owned());
        ["serve".into(), "--listen".into(), "127.0.0.1:0".into(), "--project".into(), project, "--keys".into(), keys]
    };
    let said = refuses(arguments(file("keys.toml", "[[key]]\nname = \"a\"\nsecret = \"plain\"\n")));
    assert!(said.contains("secret"), "{said}");
    assert!(refuses(arguments("no-such-file.toml".into())).contains("no-such-file.toml"));
}

#[test]
fn what_needs_a_key_is_for_no_shared_cache() {
    let (reader, entry) = fresh_key("reader", "read", &[]);
    let keys = file("keys.toml", entry);
    let server = start(move |config| Config { keys_file: Some(keys), reads_need_a_key: true, ..config });
    let get = |path: &str| exchange(server.address(), "GET", path, &[("X-API-Key", &reader)], "");
    let tilejson: serde_json::Value = serde_json::from_str(&get("/ogc/tiles/WebMercatorQuad?f=tilejson").text()).unwrap();
    let version = tilejson["tiles"][0].as_str().unwrap().rsplit_once("v=").unwrap().1.to_owned();
    let tile = get(&format!("/ogc/tiles/WebMercatorQuad/8/80/156?v={version}"));
    assert_eq!(tile.header("Cache-Control").as_deref(), Some("private, max-age=31536000, immutable"));
    assert_eq!(get("/ogc/collections").header("Cache-Control").as_deref(), Some("private, no-cache"));
}
