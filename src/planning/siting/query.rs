//! What a choice of sites is asked for.

use crate::energy::demand::DemandRequest;
use crate::model::{
    InputError, ParameterValues, demand_parameters, economics_parameters, flag_from, number_from, siting_parameters,
    supply_parameters,
};
use crate::supply::SupplyRequest;
use crate::supply::siting::SiteStatus;
use serde_json::Value;
use std::collections::BTreeMap;

/// Candidates, consumers or sizes that a request may list.
const MOST_LISTED: usize = 10_000;
/// Sizes that a request may list.
const MOST_SIZES: usize = 20;
/// Plants that a request may ask for.
const MOST_PLANTS: f64 = 1_000.0;
/// Sizes where none are given, MW of heat.
const SIZES_MW: [f64; 5] = [5.0, 10.0, 20.0, 40.0, 80.0];
/// What of the economics a choice of sites uses.
pub(super) const ECONOMICS: [&str; 3] = ["discount_rate", "electricity_sale_price_rub_mwh", "heat_price_rub_mwh"];
/// Inputs that stand in no table of parameters.
const OWN: [&str; 11] = [
    "candidates",
    "candidate_source",
    "consumers",
    "sizes_mw",
    "fewest_plants",
    "most_plants",
    "budget_rub",
    "heat_all",
    "fuel_for_life",
    "include_undeveloped",
    "net_area_share",
];
/// What of supply and demand a choice of sites has no use for.
const UNUSED: [&str; 11] = [
    "total_efficiency",
    "full_load_hours",
    "wet_season_factor",
    "dry_season_factor",
    "horizon_years",
    "base_unit_share",
    "longest_gap_h",
    "idle_power_share",
    "pump_base_share",
    "power_daily_swing",
    "power_seasonal_swing",
];

/// A place where a plant could stand, as a request gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenSite {
    /// Longitude, latitude.
    pub crs84: [f64; 2],
    /// Name.
    pub name: Option<String>,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Whether a plant may, must or must not stand there.
    pub status: SiteStatus,
    /// Cost of the place itself, RUB a year.
    pub site_rub_a: f64,
}

/// Where candidates come from.
#[derive(Debug, Clone, PartialEq)]
pub enum CandidateSource {
    /// Nodes of the roads near consumers.
    Network,
    /// The plants of the project.
    Plants,
    /// The request.
    Given(Vec<GivenSite>),
}

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct SitingQuery {
    /// Harvest, haul and what they cost.
    pub supply: SupplyRequest,
    /// Pipes, sizes and weights, by the names of `geodata/reference/siting.toml`.
    pub numbers: ParameterValues,
    /// Interest, and the prices of electricity and heat.
    pub economics: ParameterValues,
    /// Climate, and what consumers that do not state their heat are taken to need.
    pub demand: DemandRequest,
    /// Where candidates come from.
    pub candidates: CandidateSource,
    /// Who is to be heated, by identifier, code or name; all where empty.
    pub consumers: Vec<String>,
    /// Sizes, MW of heat.
    pub sizes_mw: Vec<f64>,
    /// At least so many plants; none: one, unless none is allowed.
    pub fewest_plants: Option<usize>,
    /// At most so many plants; none: as many as pay.
    pub most_plants: Option<usize>,
    /// Investment of all plants together at most, RUB.
    pub budget_rub: Option<f64>,
    /// Whether plants must heat every consumer.
    pub heat_all: bool,
    /// Whether fields give no more a year than their stock over the life of a plant.
    pub fuel_for_life: bool,
}

impl Default for SitingQuery {
    fn default() -> Self {
        Self {
            supply: SupplyRequest { routes: false, ..SupplyRequest::default() },
            numbers: ParameterValues::defaults(siting_parameters()),
            economics: ParameterValues::defaults(economics_parameters()),
            demand: DemandRequest::default(),
            candidates: CandidateSource::Network,
            consumers: Vec::new(),
            sizes_mw: SIZES_MW.to_vec(),
            fewest_plants: None,
            most_plants: None,
            budget_rub: None,
            heat_all: false,
            fuel_for_life: false,
        }
    }
}

impl SitingQuery {
    /// Sets an input by its name; lists and GeoJSON as JSON.
    ///
    /// ```
    /// use peatplan::planning::{CandidateSource, SitingQuery};
    /// let mut query = SitingQuery::default();
    /// query.set("candidates", r#"["40.66,55.62", "40.71,55.58"]"#).unwrap();
    /// query.set("most_plants", "1").unwrap();
    /// assert!(matches!(&query.candidates, CandidateSource::Given(sites) if sites[1].crs84 == [40.71, 55.58]));
    /// assert!(query.set("most_plants", "0.5").unwrap_err().to_string().starts_with("most_plants must be a whole number"));
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match name {
            "candidates" => self.candidates = CandidateSource::Given(given_sites(text)?),
            "candidate_source" => {
                // Places that are given go before any source.
                let source = match text.trim() {
                    "network" => CandidateSource::Network,
                    "plants" => CandidateSource::Plants,
                    _ => return Err(InputError::not_one_of(name, text, &["network", "plants"])),
                };
                if !matches!(self.candidates, CandidateSource::Given(_)) {
                    self.candidates = source;
                }
            }
            "consumers" => {
                let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.consumers = listed(name, text, MOST_LISTED)?.iter().map(word).collect();
            }
            "sizes_mw" => self.sizes_mw = sizes(text)?,
            "fewest_plants" => self.fewest_plants = Some(count(name, text)?),
            "most_plants" => self.most_plants = Some(count(name, text)?),
            "budget_rub" => {
                let budget = number_from(name, text)?;
                if !(0.0..=1e15).contains(&budget) {
                    return Err(refused(name, format!("budget_rub must lie between 0 and 1e15 RUB; it was {budget}")));
                }
                self.budget_rub = Some(budget);
            }
            "heat_all" => self.heat_all = flag_from(name, text)?,
            "fuel_for_life" => self.fuel_for_life = flag_from(name, text)?,
            "include_undeveloped" | "narrow_gauge" | "net_area_share" => self.supply.set(name, text)?,
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ if ECONOMICS.contains(&name) => self.economics.set(name, text)?,
            _ if Self::uses(name) && self.supply.numbers.knows(name) => self.supply.numbers.set(name, text)?,
            _ if Self::uses(name) && (self.demand.numbers.knows(name) || is_demand_word(name)) => self.demand.set(name, text)?,
            _ => {
                let (supply, demand) = (supply_parameters(), demand_parameters());
                let words = supply.choices().iter().chain(demand.choices()).map(|choice| choice.name.as_str());
                let numbers = siting_parameters().names().chain(supply.names()).chain(demand.names());
                let tables = words.chain(numbers).filter(|name| Self::uses(name));
                return Err(InputError::unknown(name, OWN.into_iter().chain(ECONOMICS).chain(tables)));
            }
        }
        Ok(())
    }

    /// Whether a number of harvest, haul or demand makes a difference here.
    #[must_use]
    pub fn uses(name: &str) -> bool {
        !UNUSED.contains(&name)
    }

    /// What of the economics it uses.
    #[must_use]
    pub fn economics() -> &'static [&'static str] {
        &ECONOMICS
    }

    /// Plants at the least: one where nothing is said, unless none is allowed.
    #[must_use]
    pub fn fewest(&self) -> usize {
        self.fewest_plants.unwrap_or_else(|| self.most_plants.unwrap_or(1).min(1))
    }

    /// Every input that stands in no list of places with the value used.
    pub(super) fn parameters(&self) -> BTreeMap<&'static str, Value> {
        let mut used: BTreeMap<&'static str, Value> = BTreeMap::new();
        used.extend(siting_parameters().names().map(|name| (name, self.numbers.known(name).into())));
        used.extend(supply_parameters().names().map(|name| (name, self.supply.numbers.known(name).into())));
        used.extend(demand_parameters().names().map(|name| (name, self.demand.numbers.known(name).into())));
        used.extend(ECONOMICS.iter().map(|name| (*name, self.economics.known(name).into())));
        for name in UNUSED {
            used.remove(name);
        }
        used.insert("net_area_share", self.supply.reserve_numbers.known("net_area_share").into());
        used.insert("narrow_gauge", if self.supply.narrow_gauge { "use" } else { "ignore" }.into());
        used.insert("include_undeveloped", self.supply.include_undeveloped.into());
        used.insert("climate", self.demand.climate().id.into());
        used.insert("heat_profile", serde_json::to_value(self.demand.heat_profile).unwrap_or_default());
        used.insert("annual_heat_refers_to", serde_json::to_value(self.demand.annual_reference).unwrap_or_default());
        let source = match self.candidates {
            CandidateSource::Network => "network",
            CandidateSource::Plants => "plants",
            CandidateSource::Given(_) => "given",
        };
        used.insert("candidate_source", source.into());
        used.insert("consumers", if self.consumers.is_empty() { Value::Null } else { self.consumers.clone().into() });
        used.insert("sizes_mw", self.sizes_mw.clone().into());
        used.insert("fewest_plants", self.fewest().into());
        used.insert("most_plants", self.most_plants.into());
        used.insert("budget_rub", self.budget_rub.into());
        used.insert("heat_all", self.heat_all.into());
        used.insert("fuel_for_life", self.fuel_for_life.into());
        used
    }
}

fn is_demand_word(name: &str) -> bool {
    demand_parameters().choice(name).is_some()
}

fn refused(name: &str, detail: String) -> InputError {
    InputError { parameter: name.to_owned(), detail }
}

/// The entries of a list; a text that is no JSON is one entry.
fn listed(name: &str, text: &str, most: usize) -> Result<Vec<Value>, InputError> {
    let list = match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(list)) => list,
        Ok(value @ (Value::Number(_) | Value::String(_))) => vec![value],
        _ => vec![Value::String(text.to_owned())],
    };
    if list.is_empty() && name == "consumers" {
        return Err(refused(name, "consumers must name at least one; leave it out for all".to_owned()));
    }
    if list.is_empty() || list.len() > most {
        return Err(refused(name, format!("{name} must have 1 to {most} entries; there were {}", list.len())));
    }
    Ok(list)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to a thousand")]
fn count(name: &str, text: &str) -> Result<usize, InputError> {
    let number = number_from(name, text)?;
    if number.fract() != 0.0 || !(0.0..=MOST_PLANTS).contains(&number) {
        let detail = format!("{name} must be a whole number between 0 and {MOST_PLANTS}; it was {text:?}");
        return Err(refused(name, detail));
    }
    Ok(number as usize)
}

fn sizes(text: &str) -> Result<Vec<f64>, InputError> {
    let wrong =
        |what: &str| refused("sizes_mw", format!("sizes_mw must be megawatts of heat from 0.01 to 5000, each once; {what}"));
    let mut sizes = Vec::new();
    for entry in listed("sizes_mw", text, MOST_SIZES)? {
        let size =
            entry.as_f64().filter(|size| (0.01..=5_000.0).contains(size)).ok_or_else(|| wrong(&format!("one was {entry}")))?;
        sizes.push(size);
    }
    sizes.sort_by(f64::total_cmp);
    match sizes.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(wrong(&format!("{} was given twice", pair[0]))),
        None => Ok(sizes),
    }
}

/// Places as a list of `longitude,latitude`, or as GeoJSON.
fn given_sites(text: &str) -> Result<Vec<GivenSite>, InputError> {
    let wrong = |what: &str| {
        let accepted = "candidates must be a list of longitude,latitude in degrees, or GeoJSON of points";
        refused("candidates", format!("{accepted}; {what}"))
    };
    let mut sites = Vec::new();
    let json = serde_json::from_str::<Value>(text).ok();
    if let Some(object @ Value::Object(_)) = json {
        read_geojson(&object, None, &mut sites).map_err(|what| wrong(&what))?;
    } else {
        for entry in listed("candidates", text, MOST_LISTED)? {
            let place = entry.as_str().and_then(|text| {
                let (longitude, latitude) = text.split_once(',')?;
                position(longitude.trim().parse().ok()?, latitude.trim().parse().ok()?)
            });
            let crs84 = place.ok_or_else(|| wrong(&format!("one was {entry}")))?;
            sites.push(GivenSite { crs84, name: None, name_ru: None, status: SiteStatus::Optional, site_rub_a: 0.0 });
        }
    }
    if sites.is_empty() || sites.len() > MOST_LISTED {
        return Err(wrong(&format!("1 to {MOST_LISTED} points are read, there were {}", sites.len())));
    }
    Ok(sites)
}

fn position(longitude: f64, latitude: f64) -> Option<[f64; 2]> {
    (longitude.abs() <= 180.0 && latitude.abs() <= 90.0).then_some([longitude, latitude])
}

/// Points of a geometry, a feature or a collection of features.
fn read_geojson(object: &Value, properties: Option<&Value>, sites: &mut Vec<GivenSite>) -> Result<(), String> {
    let mut add = |coordinates: &Value| {
        let part = |place: usize| coordinates[place].as_f64();
        let crs84 = part(0).zip(part(1)).and_then(|(longitude, latitude)| position(longitude, latitude));
        let crs84 = crs84.ok_or_else(|| format!("one point has the coordinates {coordinates}"))?;
        sites.push(GivenSite {
            crs84,
            name: word(properties, "name"),
            name_ru: word(properties, "name_ru"),
            status: status(properties)?,
            site_rub_a: site_cost(properties)?,
        });
        Ok(())
    };
    match object["type"].as_str().unwrap_or_default() {
        "Point" => add(&object["coordinates"]),
        "MultiPoint" => object["coordinates"].as_array().into_iter().flatten().try_for_each(add),
        "Feature" => read_geojson(&object["geometry"], Some(&object["properties"]), sites),
        "FeatureCollection" => {
            let features = object["features"].as_array().into_iter().flatten();
            features.filter(|feature| feature["type"] == "Feature").try_for_each(|feature| read_geojson(feature, None, sites))
        }
        other => Err(format!("there was a {other:?}")),
    }
}

fn word(properties: Option<&Value>, name: &str) -> Option<String> {
    properties?[name].as_str().map(str::to_owned)
}

fn status(properties: Option<&Value>) -> Result<SiteStatus, String> {
    match word(properties, "status").as_deref() {
        None | Some("optional") => Ok(SiteStatus::Optional),
        Some("required") => Ok(SiteStatus::Required),
        Some("forbidden") => Ok(SiteStatus::Forbidden),
        Some(other) => Err(format!("the status of a point is optional, required or forbidden, it was {other:?}")),
    }
}

fn site_cost(properties: Option<&Value>) -> Result<f64, String> {
    match properties.map(|properties| &properties["site_rub_a"]) {
        None | Some(Value::Null) => Ok(0.0),
        Some(value) => {
            let cost = value.as_f64().filter(|cost| (0.0..=1e15).contains(cost));
            cost.ok_or_else(|| format!("site_rub_a of a point is a number from 0 to 1e15 RUB a year, it was {value}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, text: &str) -> Result<SitingQuery, InputError> {
        let mut query = SitingQuery::default();
        query.set(name, text).map(|()| query)
    }

    #[test]
    fn geojson_gives_places_with_their_properties() {
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [40.7, 55.6]},
             "properties": {"name": "North yard", "status": "required", "site_rub_a": 1e6}},
            {"type": "Feature", "geometry": {"type": "MultiPoint", "coordinates": [[40.8, 55.5], [40.9, 55.4]]}, "properties": null}
        ]}"#;
        let CandidateSource::Given(sites) = set("candidates", text).unwrap().candidates else { panic!("given") };
        assert_eq!(sites.len(), 3);
        assert_eq!(
            (sites[0].name.as_deref(), sites[0].status, sites[0].site_rub_a),
            (Some("North yard"), SiteStatus::Required, 1e6)
        );
        assert_eq!((sites[2].crs84, sites[2].status), ([40.9, 55.4], SiteStatus::Optional));
    }

    #[test]
    fn a_wrong_input_is_named_with_what_it_accepts() {
        for (name, text, said) in [
            ("candidates", "[\"north\"]", "longitude,latitude"),
            ("candidates", "[\"200,10\"]", "200,10"),
            ("candidates", r#"{"type": "Polygon", "coordinates": []}"#, "Polygon"),
            ("candidates", r#"{"type": "MultiPoint", "coordinates": []}"#, "there were 0"),
            ("candidate_source", "moon", "network, plants"),
            ("sizes_mw", "[10, -5]", "-5"),
            ("sizes_mw", "[10, 10]", "twice"),
            ("fewest_plants", "-1", "whole number"),
            ("budget_rub", "-1", "between 0"),
            ("heat_price_rub_mwh", "-5", "heat_price_rub_mwh must lie between"),
            ("inflation", "0.1", "the inputs are"),
        ] {
            let error = set(name, text).expect_err(name);
            assert_eq!(error.parameter, name);
            assert!(error.detail.contains(said), "{}", error.detail);
        }
    }
}
