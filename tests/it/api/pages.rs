//! The pages: every resource to read, in both languages, and nothing in the data is markup.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server, demo};

const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8");

fn page(path: &str, language: &str) -> Answer {
    let answer = demo().get_with(path, &[BROWSER, ("Accept-Language", language)]);
    assert_eq!(answer.content_type, "text/html; charset=utf-8", "{path}: {}", answer.text);
    answer
}

#[test]
fn every_resource_is_a_page_in_both_languages() {
    let pages = [
        ("/ogc", "Торф: слои", "Peat: layers"),
        ("/ogc/conformance", "ogcapi-processes-1", "ogcapi-features-1"),
        ("/ogc/api", "Слои и объекты", "Layers and features"),
        ("/ogc/collections", "Торфяные месторождения", "Peat deposits"),
        ("/ogc/collections/waters", "Реки и озёра", "Rivers and lakes"),
        ("/ogc/collections/deposits/schema", "верховой", "required"),
        ("/ogc/collections/probes/queryables", "Номер объекта", "Number of the feature"),
        ("/ogc/collections/probes/items/1", "до минерального дна", "to the mineral bottom"),
        ("/ogc/functions", "по Карни", "after Karney"),
        ("/ogc/collections/deposits/feature-schema", "Название", "Name in Russian"),
        ("/ogc/collections/deposits/items", "Показано", "Shown"),
        ("/ogc/collections/cores/items/1", "Слои керна", "Layers of the core"),
        ("/ogc/processes", "Оценка запасов", "Reserve estimate"),
        ("/ogc/processes/fuel-supply", "Выполнить", "Run"),
        ("/ogc/jobs", "Задания", "Jobs"),
    ];
    for (path, russian, english) in pages {
        for (language, said) in [("ru", russian), ("en", english)] {
            let answer = page(path, language);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert_eq!(answer.headers["content-language"], language, "{path}");
            assert!(
                answer.headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("Accept-Language")),
                "{path}"
            );
            assert!(answer.text.contains(&format!("<html lang=\"{language}\">")) && answer.text.contains(said), "{path}: {said}");
            let invented = if language == "ru" { "вымышлены" } else { "invented" };
            assert!(answer.text.contains(invented), "{path} says that the data are invented");
            assert!(!answer.text.contains("<script"), "{path} holds no script");
        }
    }
}

#[test]
fn json_stays_the_answer_for_programs_and_f_decides_for_all() {
    for path in ["/ogc", "/ogc/collections", "/ogc/processes", "/ogc/jobs"] {
        assert_eq!(demo().get(path).content_type, "application/json", "{path}");
        assert_eq!(demo().get_with(&format!("{path}?f=json"), &[BROWSER]).content_type, "application/json");
        assert_eq!(demo().get(&format!("{path}?f=html")).content_type, "text/html; charset=utf-8");
        let links = demo().json(path)["links"].as_array().unwrap().clone();
        let html = links.iter().find(|link| link["rel"] == "alternate" && link["type"] == "text/html").unwrap();
        assert!(html["href"].as_str().unwrap().ends_with(&format!("{path}?f=html")), "{html}");
    }
    let api = demo().get_with("/ogc/api", &[("Accept", "application/json")]);
    assert_eq!((api.status, api.content_type.as_str()), (200, "application/json"));
    assert_eq!(demo().problem("/ogc?lang=de", 400)["parameter"], "lang");
    assert!(demo().get_with("/ogc?lang=ru", &[BROWSER, ("Accept-Language", "en")]).text.contains("Служба"));
}

#[test]
fn a_kept_page_is_known_again_by_language() {
    let tag = |language: &str| {
        let answer = page("/ogc/conformance", language);
        answer.headers["etag"].to_str().unwrap().to_owned()
    };
    let (russian, english) = (tag("ru"), tag("en"));
    assert_ne!(russian, english);
    let ask =
        |tag: &str| demo().get_with("/ogc/conformance", &[BROWSER, ("Accept-Language", "ru"), ("If-None-Match", tag)]).status;
    assert_eq!((ask(&russian), ask(&english)), (304, 200));
}

#[test]
fn a_browser_reads_a_problem_as_a_page() {
    for (path, status, said) in [
        ("/ogc/collections/moors", 404, "Здесь ничего нет"),
        ("/reserves/1?method=magic", 400, "Запрос неверен"),
        ("/nowhere", 404, "there is nothing at"),
    ] {
        let answer = page(path, "ru");
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text.contains(said), "{path}: {}", answer.text);
    }
    let refused = demo().post_as("/ogc/jobs", "text/plain", "", &[BROWSER]);
    assert_eq!((refused.status, refused.headers["allow"].to_str().unwrap()), (405, "GET, HEAD, OPTIONS"), "headers stay");
}

#[test]
fn text_of_the_data_and_of_the_address_is_never_markup() {
    let project = copy_of("demo.gpkg");
    let evil = "<script>alert(1)</script>\"'&";
    let connection = rusqlite::Connection::open(&project).unwrap();
    // The triggers of the spatial index call functions that only a GeoPackage program has.
    let triggers = "SELECT group_concat(name, ' ') FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'plants'";
    let triggers: String = connection.query_row(triggers, [], |row| row.get(0)).unwrap();
    for trigger in triggers.split(' ') {
        connection.execute_batch(&format!("DROP TRIGGER \"{trigger}\"")).unwrap();
    }
    let changed = connection.execute("UPDATE plants SET name = ?1, name_ru = ?1 WHERE rowid = 1", [evil]);
    drop(connection);
    assert_eq!(changed, Ok(1));
    let server = Server::start(&project);
    for path in ["/ogc/collections/plants/items", "/ogc/collections/plants/items/1"] {
        let answer = server.get_with(path, &[BROWSER]);
        assert!(answer.text.contains("&lt;script&gt;"), "{path} shows it");
        assert!(!answer.text.contains("<script"), "{path}: {}", answer.text);
    }
    let query = "%3Cscript%3Ealert(1)%3C/script%3E%22";
    for path in
        [format!("/ogc/collections/deposits/items?{query}=1"), format!("/ogc?lang={query}"), format!("/ogc/collections/{query}")]
    {
        let answer = server.get_with(&path, &[BROWSER]);
        assert!(answer.status >= 400 && !answer.text.contains("<script"), "{path}: {}", answer.text);
    }
}

#[test]
fn a_page_of_features_pages_sorts_and_leads_to_the_map() {
    let answer = page("/ogc/collections/probes/items?limit=10", "ru");
    assert!(answer.text.contains("Показано 1–10 из"), "{}", answer.text);
    assert!(answer.text.contains("rel=\"next\"") && answer.text.contains("sortby=depth_m"), "{}", answer.text);
    assert_eq!(answer.text.matches("class=\"point\"").count(), 10, "each is on the sketch");
    let first = page("/ogc/collections/probes/items/1", "ru");
    assert!(
        first.text.contains("/#sel=probes.1&amp;lang=ru") || first.text.contains("&#x2f;#sel=probes.1&amp;lang=ru"),
        "{}",
        first.text
    );
    let unit = page("/ogc/collections/fields/items/1", "ru");
    assert!(unit.text.contains("<span class=\"unit\">га</span>") && unit.text.contains("89,1"), "{}", unit.text);
}

#[test]
fn the_page_of_a_job_under_way_looks_again_by_itself() {
    let body = "{\"inputs\":{\"string\":\"x\",\"pause\":3}}";
    let started = demo().post_with("/ogc/processes/echo/execution", body, &[("Prefer", "respond-async")]);
    let job = started.headers["location"].to_str().unwrap().split_once("/ogc/").map(|(_, rest)| format!("/ogc/{rest}")).unwrap();
    assert!(page(&job, "en").text.contains("http-equiv=\"refresh\""));
    assert_eq!(demo().delete(&job).status, 200);
    let ended = page(&job, "en");
    assert!(!ended.text.contains("http-equiv=\"refresh\"") && ended.text.contains("dismissed"), "{}", ended.text);
}

#[test]
fn the_style_sheet_is_kept_for_good_and_comes_from_here() {
    let landing = page("/ogc", "en").text;
    let link = landing.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let path = link.replace("&#x2f;", "/");
    let path = path.split_once("/ogc/").map(|(_, rest)| format!("/ogc/{rest}")).unwrap();
    let style = demo().get(&path);
    assert_eq!((style.status, style.content_type.as_str()), (200, "text/css; charset=utf-8"));
    assert!(style.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(!style.text.contains("url(") && !style.text.contains("@import"), "a page loads nothing from elsewhere");
}

/// A page with the letters that its markup writes as codes.
pub(super) fn unescaped(page: &str) -> String {
    page.replace("&#x2f;", "/").replace("&#x7b;", "{").replace("&#x7d;", "}").replace("&amp;", "&")
}

#[test]
fn a_filter_that_fails_keeps_its_form_and_what_was_typed() {
    let answer = page("/ogc/collections/deposits/items?filter=peat_type%20%3E%3E%20%27fen%27&limit=20&sortby=name", "en");
    assert_eq!(answer.status, 400);
    let (message, form) = answer.text.split_once("<form class=\"filter\"").expect("the form is there");
    assert!(message.contains("at character"), "the message stands above it: {message}");
    assert!(form.contains("value=\"peat_type &gt;&gt; &#x27;fen&#x27;\""), "{form}");
    assert!(form.contains("<option selected>20</option>") && form.contains("name=\"sortby\" value=\"name\""), "{form}");
    assert!(page("/ogc/collections/deposits/items?limit=20", "en").text.contains("<option selected>20</option>"));
    assert!(page("/ogc/collections/deposits/items", "en").text.contains("<option selected>50</option>"));
}

#[test]
fn a_template_of_an_address_is_no_link_and_no_link_stands_twice() {
    let href = regex::Regex::new("href=\"([^\"]*)\"").unwrap();
    for path in [
        "/ogc/tiles",
        "/ogc/tiles/WebMercatorQuad",
        "/ogc/collections/probes",
        "/ogc/collections/probes/tiles",
        "/ogc/tileMatrixSets",
    ] {
        let text = unescaped(&page(path, "ru").text);
        let content = text.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        let mut links: Vec<&str> = href.captures_iter(content).map(|found| found.get(1).unwrap().as_str()).collect();
        assert!(links.iter().all(|link| !link.contains('{')), "{path}: {links:?}");
        let count = links.len();
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), count, "{path}: {links:?}");
    }
}

#[test]
fn a_tileset_says_how_it_is_used_and_folds_what_is_long() {
    for (path, layers) in [("/ogc/tiles/WebMercatorQuad", 13), ("/ogc/collections/probes/tiles/WebMercatorQuad", 1)] {
        let text = unescaped(&page(path, "ru").text);
        assert!(text.contains("f=tilejson") && text.contains("f=pmtiles") && text.contains("{z}/{y}/{x}"), "{text}");
        assert_eq!(text.matches("<th scope=\"row\">").count(), layers, "{path}");
        assert!(text.contains("0 … 16") && text.contains("Пункты зондирования"), "{path}");
        let folded = text.matches("<details").count();
        assert_eq!(folded, layers + 1, "{path}: properties and limits are folded, and no more");
        assert!(!text.contains("<details open"), "{path}");
    }
}

#[test]
fn results_begin_with_their_figures_and_are_taken_away_as_a_table() {
    let body = "{\"inputs\":{\"deposit\":\"D7\",\"method\":\"mean\"},\"response\":\"document\"}";
    let started = demo().post_with("/ogc/processes/reserve-estimate/execution", body, &[("Prefer", "respond-async")]);
    let job = started.headers["location"].to_str().unwrap().split_once("/ogc/").map(|(_, rest)| format!("/ogc/{rest}")).unwrap();
    let results = format!("{job}/results");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while demo().get(&results).status != 200 {
        assert!(std::time::Instant::now() < deadline, "the job does not end");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let text = page(&results, "ru").text;
    let (summary, raw) = text.split_once("<details").expect("the whole answer is folded");
    for said in ["Кривогоголевое", "Извлекаемый торф", "м³", "МВт·ч", "средняя глубина", "f=xlsx"]
    {
        assert!(summary.contains(said), "{said}: {summary}");
    }
    assert!(!summary.contains("inputs_hash") && raw.contains("inputs_hash"));
    let table = demo().get(&format!("{results}?f=csv&lang=ru"));
    assert_eq!((table.status, table.content_type.as_str()), (200, "text/csv; charset=utf-8"));
    assert!(table.text.contains("Балансовая принадлежность"), "{}", table.text);
    let straight = demo().get("/reserves/D7/table.csv?method=mean&lang=ru");
    assert_eq!(table.text, straight.text, "the same table as that of the estimate");
}

#[test]
fn defaults_are_written_as_json_writes_them() {
    let text = page("/ogc/api", "ru").text;
    assert!(!text.contains("False") && !text.contains("True"), "the words of another language");
    assert!(text.contains("<code>false</code>") && text.contains("Запасы месторождения"), "{text}");
}

#[test]
fn what_has_no_place_is_not_offered_on_the_map() {
    let leads = |path: &str| page(path, "en").text.contains("Show on the map");
    assert!(leads("/ogc/collections/cores/items/1") && !leads("/ogc/collections/reserve-statements/items/1"));
}
