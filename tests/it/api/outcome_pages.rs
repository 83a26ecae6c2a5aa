//! The pages of what processes found: figures with their units first, in both languages, then the lists, and all else folded.

use super::pages::unescaped;
use crate::support::server::{Server, demo};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Runs a process as a job; the address of its results.
pub(super) fn results_of(server: &Server, process: &str, body: &Value) -> String {
    let path = format!("/ogc/processes/{process}/execution");
    let asked = server.post_with(&path, &body.to_string(), &[("Prefer", "respond-async")]);
    assert_eq!(asked.status, 201, "{process}: {}", asked.text);
    let location = asked.headers["location"].to_str().unwrap();
    let results = format!("/ogc/jobs/{}/results", location.rsplit('/').next().unwrap());
    let start = Instant::now();
    while server.get(&results).status != 200 {
        assert!(start.elapsed() < Duration::from_secs(60), "{process} does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    results
}

#[test]
fn results_are_read_with_figures_and_units_before_anything_is_folded() {
    let cases: [(&str, Value, &[&str], &[&str]); 5] = [
        (
            "allocate",
            json!({ "plants": ["P-1", "P-2"], "years": 3 }),
            &[
                "Need covered",
                "All costs, discounted",
                "million RUB",
                "Fuel by year: Swift CHP",
                "Whose peat goes where",
                "RUB/MWh",
            ],
            &["Покрытие потребности", "Все затраты, дисконтированные", "млн руб.", "Топливо по годам: ТЭЦ «Стриж»", "Чей торф"],
        ),
        (
            "site-plants",
            json!({ "sizes_mw": [10, 30], "most_plants": 1 }),
            &["Chosen sites", "Plans that cost hardly more", "Candidates by weighted criteria", "Dearer by", "°\u{a0}N, "],
            &["Выбранные площадки", "Варианты, которые почти не дороже", "Место", "°\u{a0}с.\u{a0}ш., ", "млн руб./год"],
        ),
        (
            "steam-retrofit",
            json!({ "consumer": "Boiler house Heron", "outlet_pressure_mpa": 0.12 }),
            &["Boiler house Heron", "Net gain a year", "Simple payback", "back-pressure turbine", "States of the steam", "kJ/kg"],
            &["Котельная «Цапля»", "Чистая выгода за год", "противодавленческая турбина", "Состояния пара", "кДж/кг"],
        ),
        (
            "town-demand",
            json!({}),
            &["Peak heat", "Demand by consumer", "glass works", "All consumers by month", "January", "Degree days"],
            &["Наибольшая тепловая нагрузка", "стекольный завод", "Тепло каждого потребителя по месяцам", "январь", "Владимир"],
        ),
        (
            "fuel-supply",
            json!({ "plant": 1, "routes": false }),
            &["Need that is covered", "Fields that are used", "Store by month", "Need covered in a wet season"],
            &["Потребность покрыта", "Поля, с которых везут торф", "Склад по месяцам", "Неснижаемый запас"],
        ),
    ];
    for (process, inputs, english, russian) in cases {
        let results = results_of(demo(), process, &json!({ "inputs": inputs, "response": "document" }));
        for (language, said) in [("en", english), ("ru", russian)] {
            let page = demo().get(&format!("{results}?f=html&lang={language}"));
            assert_eq!((page.status, page.content_type.as_str()), (200, "text/html; charset=utf-8"), "{process}");
            let raw = page.text.rfind("<details").expect("the whole answer is folded");
            let shown = unescaped(&page.text[..raw]);
            for text in said {
                assert!(shown.contains(text), "{process}, {language}: {text}");
            }
            for missing in ["undefined", "inputs_hash", ">result_", ">value_", ">state_of_", ">month_", "NaN"] {
                assert!(!shown.contains(missing), "{process}, {language}: {missing}");
            }
            let figures = shown.find("class=\"figures\"").expect("figures");
            assert!(figures < shown.find("<table").expect("a table"), "{process}: figures come first");
        }
    }
}

#[test]
fn a_long_list_is_cut_and_says_where_the_rest_is() {
    let results = results_of(demo(), "allocate", &json!({ "inputs": { "plants": [1], "years": 80 } }));
    let page = demo().get(&format!("{results}?f=html&lang=en")).text;
    assert!(page.contains("and more: 20; the rest is in <a href=\""), "80 years, of which 60 are shown");
    assert_eq!(demo().json(&format!("{results}?f=json"))["years"].as_array().map(Vec::len), Some(80));
}

#[test]
fn a_comparison_is_read_by_its_main_figures_with_their_changes() {
    let results = results_of(demo(), "compare-scenarios", &json!({ "inputs": { "scenarios": ["S-1", "S-2"] } }));
    let fall = "(\u{2212}20 %)";
    for (language, said) in [
        ("en", ["Inputs that differ", "Peat alone", "A fifth of wood", "Peat needed, as energy, MWh/a", fall, "need.fuel_mwh_a"]),
        (
            "ru",
            ["Чем различаются входные данные", "Только торф", "Пятая часть", "по энергии, МВт·ч/год", fall, "need.fuel_mwh_a"],
        ),
    ] {
        let page = unescaped(&demo().get(&format!("{results}?f=html&lang={language}")).text);
        let (shown, folded) = page.split_once("<details").expect("all other differences are folded");
        assert!(said.iter().all(|text| shown.contains(text)), "{language}: {shown}");
        assert!(folded.contains("fields[field_id="), "{language}");
    }
}

#[test]
fn several_results_are_one_document_or_one_page_where_that_is_asked_for() {
    let body = json!({ "inputs": { "string": "a\"b", "number": 7.5, "array": [1, 2] } });
    let path = "/ogc/processes/echo/execution";
    let bare = demo().post(path, &body.to_string());
    assert!(
        bare.content_type.starts_with("multipart/related"),
        "as the standard has it where nothing is asked for: {}",
        bare.content_type
    );
    let expected = json!({ "string": "a\"b", "number": 7.5, "array": [1, 2] });
    let at_once = demo().post(&format!("{path}?f=json"), &body.to_string());
    assert_eq!((at_once.content_type.as_str(), at_once.json()), ("application/json", expected.clone()));
    let results = results_of(demo(), "echo", &body);
    assert!(demo().get(&results).content_type.starts_with("multipart/related"));
    assert_eq!(demo().json(&format!("{results}?f=json")), expected);
    for page in [demo().get(&format!("{results}?f=html")), demo().post(&format!("{path}?f=html"), &body.to_string())] {
        assert_eq!((page.status, page.content_type.as_str()), (200, "text/html; charset=utf-8"), "{}", page.text);
        assert!(page.text.contains("a&quot;b") && page.text.contains("7.5"), "{}", page.text);
    }
    let sites = json!({ "inputs": { "sizes_mw": [10], "most_plants": 1 } });
    let sites = demo().post("/ogc/processes/site-plants/execution?f=html&lang=ru", &sites.to_string());
    assert!(
        sites.text.contains("Выбранные площадки") && !sites.text.contains("f=json"),
        "what was sent has no address: {}",
        sites.text
    );
    let refused = demo().post(&format!("{path}?f=csv"), &body.to_string());
    assert_eq!((refused.status, &refused.json()["parameter"]), (400, &json!("f")));
    let one = demo().post(&format!("{path}?f=json"), &json!({ "inputs": { "string": "x" } }).to_string());
    assert_eq!(one.text, "\"x\"", "one text is a text of JSON");
}

#[test]
fn a_warning_says_in_the_readers_language_what_it_is_about() {
    let inputs = json!({ "sizes_mw": [10], "most_plants": 1, "heat_price_rub_mwh": 100 });
    let page = |language: &str| {
        let path = format!("/ogc/processes/site-plants/execution?f=html&lang={language}");
        unescaped(&demo().post(&path, &json!({ "inputs": inputs }).to_string()).text)
    };
    let said = "plants do not pay at these numbers";
    let (russian, english) = (page("ru"), page("en"));
    assert!(russian.contains(&format!("<b>При этих данных станции не окупаются.</b> <span lang=\"en\">{said}")), "{russian}");
    assert!(english.contains(&format!("<p class=\"note\"><span lang=\"en\">{said}")), "{english}");
}
