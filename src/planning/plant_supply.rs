//! The fuel supply of a plant, stored or only asked about.

use super::field_stocks::FieldEntry;
use super::first_size::FirstSize;
use super::inputs_hash::InputsHash;
use super::plant_blend::PlantBlend;
use super::plant_preparation::PlantPreparation;
use super::{CURRENCY, PRICE_YEAR, PlanningError, SOFTWARE_VERSION, Workbench};
use crate::crs::{Crs, Reprojection};
use crate::geostat::{Progress, Stretch, Unwatched};
use crate::model::{FeatureId, InputError, Plant, number_from, reserve_parameters, season_parameters, supply_parameters};
use crate::reserves::Warning;
use crate::supply::{
    FieldSource, FuelNeed, FuelSupply, HaulOrigin, Place, PlantStockBand, RouteKind, SupplyRequest, fuel_need, fuel_supply,
    hauls_to, plant_stock_band,
};
use crate::units::{GigaJoules, MassFraction, MegaJoulesPerKilogram, MegawattHours, Tonnes};
use geo::{LineString, Point};
use serde::Serialize;
use std::collections::BTreeMap;

/// Farther than this from every field nobody hauls peat by truck; a plant there is a slip of the hand.
pub(super) const FARTHEST_PLANT_KM: f64 = 300.0;

/// What is asked for: a stored plant, perhaps moved or changed, or one that only the request knows.
#[derive(Debug, Clone, Default)]
pub struct SupplyQuery {
    /// Plant, by identifier, code or name.
    pub plant: Option<String>,
    /// Where it is moved to: longitude, latitude.
    pub at: Option<(f64, f64)>,
    /// What is changed of it.
    pub changes: Plant,
    /// Rates, yields and the rest.
    pub request: SupplyRequest,
}

impl SupplyQuery {
    /// Sets an input by its name.
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let number = || {
            let value = number_from(name, text)?;
            Plant::check(name, value).map(|()| Some(value))
        };
        match name {
            "at" => self.at = Some(position(text)?),
            "electric_capacity_mw" => self.changes.electric_capacity_mw = number()?,
            "heat_capacity_mw" => self.changes.heat_capacity_mw = number()?,
            "fuel_power_mw" => self.changes.fuel_power_mw = number()?,
            "peat_share" => self.changes.peat_share = number()?,
            "total_efficiency" => self.changes.total_efficiency = number()?,
            "full_load_hours" => self.changes.full_load_hours = number()?,
            _ => self.request.set(name, text)?,
        }
        Ok(())
    }
}

fn position(text: &str) -> Result<(f64, f64), InputError> {
    let wrong = || InputError {
        parameter: "at".into(),
        detail: format!("at must be longitude,latitude in degrees, such as 40.66,55.62; it was {text:?}"),
    };
    let (longitude, latitude) = text.split_once(',').ok_or_else(wrong)?;
    let parse = |text: &str, limit: f64| text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= limit);
    parse(longitude, 180.0).zip(parse(latitude, 90.0)).ok_or_else(wrong)
}

/// A plant as it was computed.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names are those of the layer")]
pub struct PlantLabel {
    pub id: Option<FeatureId>,
    pub code: Option<String>,
    pub name: Option<String>,
    pub name_ru: Option<String>,
    /// Longitude, latitude.
    pub coordinates: [f64; 2],
    pub electric_capacity_mw: Option<f64>,
    pub heat_capacity_mw: Option<f64>,
    pub fuel_power_mw: f64,
    pub total_efficiency: f64,
    pub full_load_hours: f64,
    pub peat_share: f64,
    pub synthetic: bool,
}

/// What the plant needs a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PlantNeed {
    /// Peat by energy.
    pub fuel_mwh_a: MegawattHours,
    /// The same in GJ.
    pub fuel_gj_a: GigaJoules,
    /// The same as mass at the reference moisture, by the mean calorific value of the fields.
    pub mass_t_a: Tonnes,
    /// Reference moisture.
    pub reference_moisture: f64,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct PlantSupply {
    /// The plant as it was computed.
    pub plant: PlantLabel,
    /// Its need.
    pub need: PlantNeed,
    /// Every input with the value used.
    pub parameters: BTreeMap<&'static str, serde_json::Value>,
    /// Fields, a wet season, the years.
    #[serde(flatten)]
    pub supply: FuelSupply,
    /// The consumers in reach and a first size for them; none where a pipe reaches nobody.
    pub first_size: Option<FirstSize>,
    /// The stack over drawn seasons, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock_band: Option<PlantStockBand>,
    /// Fields year by year with their preparation and rewetting, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preparation: Option<PlantPreparation>,
    /// The cheapest blend, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blend: Option<PlantBlend>,
    /// Currency of the costs.
    pub currency: &'static str,
    /// Price level of the costs.
    pub price_year: i32,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Whether anything it was computed from is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}

impl Workbench {
    /// The fuel supply of a plant: one search of the haul network from it, fields by delivered cost, the years.
    ///
    /// # Errors
    /// [`PlanningError`]: no such plant, no size, a place far from every field, a number outside its limits.
    pub fn plant_supply(&self, query: &SupplyQuery) -> Result<PlantSupply, PlanningError> {
        self.plant_supply_watched(query, &Unwatched)
    }

    /// The same, watched: the parts that are asked for by name take their time.
    ///
    /// # Errors
    /// As [`Workbench::plant_supply`]; what is wrong with the inputs of a part, or [`PlanningError::Cancelled`].
    pub fn plant_supply_watched(&self, query: &SupplyQuery, progress: &dyn Progress) -> Result<PlantSupply, PlanningError> {
        let plant = self.plant(query)?;
        let need = fuel_need(&plant, &query.request.numbers)?;
        let (longitude, latitude) = (plant.position_crs84.x(), plant.position_crs84.y());
        let way = Reprojection::new(&Crs::crs84(), &self.catalogue.project.working_crs)?;
        let (x, y) = way.point(longitude, latitude)?;
        let gate = Place { working: [x, y], crs84: [longitude, latitude] };

        let stocks = self.field_stocks();
        let (counted, empty): (Vec<&FieldEntry>, Vec<&FieldEntry>) = stocks
            .fields
            .iter()
            .filter(|field| field.stock.counts(query.request.include_undeveloped))
            .partition(|field| field.stock.gross_stock.0 > 0.0);
        check_distance(gate, counted.iter().map(|field| field.place))?;
        let rates = query.request.haul_rates();
        let origins: Vec<HaulOrigin> = counted.iter().map(|field| field.haul_origin()).collect();
        let hauls = hauls_to(gate, &origins, self.haul_network(), &rates);
        let sources: Vec<FieldSource<'_>> = counted
            .iter()
            .zip(hauls)
            .map(|(field, haul)| FieldSource { stock: &field.stock, labels: &field.labels, haul })
            .collect();
        let mwh_per_tonne = mean_energy_of_a_tonne(&sources, &query.request);
        let mut supply = fuel_supply(&need, &sources, &query.request, mwh_per_tonne);
        for default in &stocks.rests_on {
            if !supply.rests_on.iter().any(|used| used.parameter == default.parameter) {
                supply.rests_on.push(default.clone());
            }
        }
        let parts = query.request.parts;
        let stock_band = if parts.stock_band {
            Some(stock_band(&need, &sources, &supply, &query.request, mwh_per_tonne, &Stretch::new(progress, 0, 50))?)
        } else {
            None
        };
        let preparation = if parts.preparation {
            Some(self.plant_preparation(&need, gate, &query.request, &Stretch::new(progress, 50, 95))?)
        } else {
            None
        };
        let blend = if parts.blend { Some(self.plant_blend(&plant, &need, &supply, &query.request)?) } else { None };
        let synthetic = plant.synthetic || counted.iter().any(|field| field.labels.synthetic);
        Ok(PlantSupply {
            plant: label(&plant, &need),
            need: PlantNeed {
                fuel_mwh_a: need.fuel_mwh_a,
                fuel_gj_a: need.fuel_gj_a,
                mass_t_a: Tonnes(need.fuel_mwh_a.0 / mwh_per_tonne),
                reference_moisture: query.request.reserve_numbers.get("reference_moisture"),
            },
            parameters: parameters(&query.request),
            warnings: warnings(&stocks.warnings, &sources, &empty, synthetic),
            supply,
            first_size: self.first_size(&plant, gate.working)?,
            stock_band,
            preparation,
            blend,
            currency: CURRENCY,
            price_year: PRICE_YEAR,
            synthetic,
            inputs_hash: self.supply_hash(&plant, query),
            software_version: SOFTWARE_VERSION,
        })
    }

    /// The stored plant with the changes, or the one that the request describes.
    pub(super) fn plant(&self, query: &SupplyQuery) -> Result<Plant, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let mut plant = match &query.plant {
            Some(name) => {
                let known = || nouns.plants.iter().filter_map(|plant| plant.name.clone()).collect();
                let place = super::meant("plant", nouns.plant_meant(name))?;
                let place = place.ok_or_else(|| PlanningError::NoPlant { name: name.clone(), known: known() })?;
                nouns.plants[place].clone()
            }
            None if query.at.is_none() => {
                let detail = "give a plant by its name, or a place as at=longitude,latitude".into();
                return Err(InputError { parameter: "at".into(), detail }.into());
            }
            None => Plant::default(),
        };
        if let Some((longitude, latitude)) = query.at {
            plant.position_crs84 = Point::new(longitude, latitude);
        }
        let changes = &query.changes;
        let resized = changes.electric_capacity_mw.or(changes.heat_capacity_mw).or(changes.total_efficiency).is_some();
        let has_capacities = plant.electric_capacity_mw.or(plant.heat_capacity_mw).is_some();
        if resized && (has_capacities || changes.electric_capacity_mw.or(changes.heat_capacity_mw).is_some()) {
            // A stored fuel power belongs to the capacities it was stored with.
            plant.fuel_power_mw = None;
        }
        plant.electric_capacity_mw = changes.electric_capacity_mw.or(plant.electric_capacity_mw);
        plant.heat_capacity_mw = changes.heat_capacity_mw.or(plant.heat_capacity_mw);
        plant.fuel_power_mw = changes.fuel_power_mw.or(plant.fuel_power_mw);
        plant.total_efficiency = changes.total_efficiency.or(plant.total_efficiency);
        plant.full_load_hours = changes.full_load_hours.or(plant.full_load_hours);
        plant.peat_share = changes.peat_share.or(plant.peat_share);
        Ok(plant)
    }

    pub(super) fn supply_hash(&self, plant: &Plant, query: &SupplyQuery) -> String {
        let mut hash = InputsHash::new();
        hash.text(&format!("{plant:?} {:?}", query.request));
        hash.text(self.supply_data_hash());
        for consumer in &self.town_heat().consumers {
            for number in consumer.working.into_iter().chain([consumer.space_mwh_a, consumer.base_mwh_a]) {
                hash.number(number);
            }
        }
        hash.finish()
    }

    /// What fields and roads contribute to the fingerprint: the same for every plant, so a drag does not read them anew.
    pub(super) fn supply_data_hash(&self) -> &str {
        self.supply_data_hash.get_or_init(|| {
            let mut hash = InputsHash::new();
            for field in &self.field_stocks().fields {
                hash.text(&format!("{:?} {:?} {:?} {:?}", field.stock, field.place, field.content, field.sulphur));
            }
            for (line, _) in self.catalogue.nouns.haul_lines.iter() {
                hash.text(&format!("{:?} {:?} {:?}", line.class, line.speed_km_h, line.cost_rub_t_km));
                for c in line.lines.iter().flat_map(LineString::coords) {
                    hash.number(c.x);
                    hash.number(c.y);
                }
            }
            hash.finish()
        })
    }
}

fn check_distance(plant: Place, fields: impl Iterator<Item = Place>) -> Result<(), PlanningError> {
    let distance = |field: Place| (field.working[0] - plant.working[0]).hypot(field.working[1] - plant.working[1]) / 1_000.0;
    match fields.map(distance).reduce(f64::min) {
        Some(nearest) if nearest > FARTHEST_PLANT_KM => Err(PlanningError::TooFar {
            longitude: plant.crs84[0],
            latitude: plant.crs84[1],
            distance_km: nearest,
            limit_km: FARTHEST_PLANT_KM,
        }),
        _ => Ok(()),
    }
}

fn stock_band(
    need: &FuelNeed,
    sources: &[FieldSource<'_>],
    supply: &FuelSupply,
    request: &SupplyRequest,
    mwh_per_tonne: f64,
    progress: &dyn Progress,
) -> Result<PlantStockBand, PlanningError> {
    let by_field: BTreeMap<FeatureId, MegawattHours> =
        supply.fields.iter().map(|field| (field.field_id, field.used_mwh_a)).collect();
    let of_source = |source: &FieldSource<'_>| by_field.get(&source.stock.field).copied().unwrap_or_default();
    let used: Vec<MegawattHours> = sources.iter().map(of_source).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "thousandths of a share")]
    let mut keep_going = |done: f64| progress.go_on((1_000.0 * done.clamp(0.0, 1.0)) as usize, 1_000);
    plant_stock_band(need, sources, &used, request, mwh_per_tonne, &mut keep_going).map_err(PlanningError::from)
}

/// MWh in a tonne at the reference moisture: the mean of the fields by stock, or that of the default quality.
fn mean_energy_of_a_tonne(sources: &[FieldSource<'_>], request: &SupplyRequest) -> f64 {
    let stock: Tonnes = sources.iter().map(|source| source.stock.gross_stock).sum();
    let energy: MegawattHours = sources.iter().map(|source| source.stock.energy(source.stock.gross_stock)).sum();
    if stock.0 > 0.0 && energy.0 > 0.0 {
        return energy.0 / stock.0;
    }
    let numbers = &request.reserve_numbers;
    let moisture = MassFraction::new(numbers.get("reference_moisture")).unwrap_or_default();
    let dry = MegaJoulesPerKilogram(numbers.get("net_calorific_value_dry_mj_kg"));
    (Tonnes(1.0) * dry.as_received(moisture)).megawatt_hours().0
}

fn warnings(of_stocks: &[Warning], sources: &[FieldSource<'_>], empty: &[&FieldEntry], synthetic: bool) -> Vec<Warning> {
    let mut warnings = of_stocks.to_vec();
    if !empty.is_empty() {
        let names = empty.iter().map(|field| field.labels.name.as_str()).collect::<Vec<_>>().join(", ");
        let text = format!(
            "{} fields hold nothing that may be taken (constraints, depth or ash) and are left out: {names}",
            empty.len()
        );
        warnings.push(Warning::new("fields_without_stock", text));
    }
    if sources.is_empty() {
        let text =
            "no field is prepared or in production; import fields, or count undeveloped ones with include_undeveloped=true";
        warnings.push(Warning::new("no_fields", text));
    }
    if !sources.is_empty() && sources.iter().all(|source| source.haul.route == RouteKind::StraightLine) {
        let text =
            "no road leads from any field to the plant: distances are straight lines times tortuosity; import the haul network";
        warnings.push(Warning::new("no_roads", text));
    }
    if synthetic {
        warnings.push(Warning::new("synthetic", "the data are invented for demonstration"));
    }
    warnings
}

pub(super) fn label(plant: &Plant, need: &FuelNeed) -> PlantLabel {
    PlantLabel {
        id: plant.id,
        code: plant.code.clone(),
        name: plant.name.clone(),
        name_ru: plant.name_ru.clone(),
        coordinates: [plant.position_crs84.x(), plant.position_crs84.y()],
        electric_capacity_mw: plant.electric_capacity_mw,
        heat_capacity_mw: plant.heat_capacity_mw,
        fuel_power_mw: need.fuel_power_mw.0,
        total_efficiency: need.total_efficiency,
        full_load_hours: need.full_load_hours.0,
        peat_share: need.peat_share,
        synthetic: plant.synthetic,
    }
}

/// Every input of a supply with the value used.
pub(super) fn parameters(request: &SupplyRequest) -> BTreeMap<&'static str, serde_json::Value> {
    let mut used: BTreeMap<&'static str, serde_json::Value> = supply_parameters()
        .names()
        // These two are the plant's, and stand with it.
        .filter(|name| !matches!(*name, "total_efficiency" | "full_load_hours"))
        .map(|name| (name, request.numbers.get(name).into()))
        .collect();
    if let Some(share) = reserve_parameters().get("net_area_share") {
        used.insert(&share.name, request.reserve_numbers.get("net_area_share").into());
    }
    let of_season = season_parameters().names().filter(|name| request.tells_season(name));
    used.extend(of_season.map(|name| (name, request.season_numbers.known(name).into())));
    if request.parts.preparation {
        used.insert("decisions", request.decisions.word().into());
    }
    if request.parts.blend {
        used.extend(SupplyRequest::blend_names().map(|name| (name, request.blend_numbers.known(name).into())));
        let wood = SupplyRequest::wood_name();
        used.insert(wood, request.wood_numbers.known(wood).into());
        used.insert("wood_chips", request.wood_chips.into());
        used.insert("backup", request.backup.into());
    }
    used.insert("yield_by_cycles", request.yield_by_cycles.into());
    used.insert("include_undeveloped", request.include_undeveloped.into());
    used.insert("routes", request.routes.into());
    used.insert("narrow_gauge", if request.narrow_gauge { "use" } else { "ignore" }.into());
    used
}
