//! What a study of a plant found, to read: the share of local fuel, its money with its doubt, its gases.

use super::Visit;
use super::numbers::{number, unit};
use super::outcome::{around, sections, subject, told};
use super::templates::word;
use crate::api::language::Language;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// A figure: where it stands, its unit, what multiplies it, the output of the draws that is its band.
type Figure = (&'static str, &'static str, f64, Option<&'static str>);

/// Figures of a study; their titles are the words `study_` and the last part of the path.
const FIGURES: [Figure; 12] = [
    ("/local_share/heat", "%", 100.0, None),
    ("/economics/measures/npv_rub", "MRUB", 1e-6, Some("net_present_value_rub")),
    ("/economics/levelised_cost_heat_rub_mwh", "RUB/MWh", 1.0, Some("levelised_cost_heat_rub_mwh")),
    ("/economics/levelised_cost_electricity_rub_mwh", "RUB/MWh", 1.0, Some("levelised_cost_electricity_rub_mwh")),
    ("/economics/measures/discounted_payback_years", "a", 1.0, None),
    ("/unit/investment_rub", "MRUB", 1e-6, None),
    ("/heat_demand/energy_mwh_a", "MWh/a", 1.0, None),
    ("/plant/full_load_hours", "h/a", 1.0, None),
    ("/fuel/peat_mwh_a", "MWh/a", 1.0, None),
    ("/fuel/peat_rub_mwh", "RUB/MWh", 1.0, None),
    ("/years_of_full_supply", "a", 1.0, None),
    ("/emissions/change_co2_equivalent_t_a", "t/a", 1.0, None),
];

/// What the page shows.
pub(super) fn study(visit: &Visit, result: &Json) -> Value {
    let language = visit.language;
    let output = |name: &str| {
        let outputs = result["uncertainty"]["outputs"].as_array().into_iter().flatten();
        outputs.into_iter().find(|output| output["output"] == name)
    };
    let mut figures: Vec<Value> = FIGURES
        .iter()
        .filter_map(|(path, of, factor, band)| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let value = result.pointer(path)?.as_f64()? * factor;
            let band = band.and_then(output).and_then(|output| {
                let end = |place: &str| told(visit, output["summary"][place].as_f64().map(|value| value * factor));
                end("p10").zip(end("p90")).map(|(low, high)| format!("{low} … {high}"))
            });
            Some(context! {
                title => word(language, &format!("study_{name}")), value => told(visit, Some(value)),
                unit => if *of == "%" { "%" } else { unit(language, of) }, band => band,
                is_main => matches!(name, "heat" | "npv_rub"),
            })
        })
        .collect();
    let mut add = |at: usize, title: &str, value: Option<String>, unit: &str| {
        if let Some(value) = value {
            figures.insert(at.min(figures.len()), context! { title => word(language, title), value => value, unit => unit });
        }
    };
    let gain = output("net_present_value_rub").and_then(|output| output["above_zero"]["probability"].as_f64());
    add(2, "study_probability", told(visit, gain.map(|share| 100.0 * share)), "%");
    add(3, "study_rate_of_return", rates(visit, result), "%");
    let titles = &result["technology_title"];
    context! {
        subject => subject(visit, &result["plant"], "plants"),
        technology => titles[usize::from(language == Language::Russian)].as_str(),
        price_year => result["price_year"].as_i64(), currency => result["currency"].as_str(),
        figures => figures, sections => sections(visit, "chp-study", result),
        ..around(visit, result)
    }
}

/// The internal rates of return, percent; none and several are told.
fn rates(visit: &Visit, result: &Json) -> Option<String> {
    let rate = &result["economics"]["measures"]["internal_rate_of_return"];
    let shown = |value: f64| number(visit.language, (value * 1_000.0).round() / 10.0, true);
    match rate["outcome"].as_str()? {
        "one" => rate["rate"].as_f64().map(shown),
        "several" => {
            let rates: Vec<String> = rate["rates"].as_array()?.iter().filter_map(Json::as_f64).map(shown).collect();
            Some(rates.join("; "))
        }
        _ => Some("—".to_owned()),
    }
}
