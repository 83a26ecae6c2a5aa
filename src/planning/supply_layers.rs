//! A plant's supply as layers of a map: the flows from the fields, the roads within reach, and what deposits still hold.

mod catchment;

use super::inputs_hash::InputsHash;
use super::{PlanningError, PlantSupply, SupplyQuery, Workbench};
use crate::crs::{Crs, Reprojection};
use crate::model::{InputError, Plant, number_from};
use crate::supply::{CatchmentMeasure, DepositSupply, FieldDelivery, HaulMode, Source, depletion};
use geo::{LineString, MultiPolygon};
use serde_json::{Map, Value, json};

/// Plants that one catchment is divided between.
const MOST_PLANTS: usize = 50;

/// Which layer of a supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SupplyLayer {
    /// Lines from the fields in use to the plant.
    Flows,
    /// Roads and narrow-gauge lines within reach.
    Catchment,
    /// Deposits or fields with what is left in them.
    Depletion,
}

impl SupplyLayer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Flows, Self::Catchment, Self::Depletion];

    /// Its name in addresses and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Catchment => "catchment",
            Self::Depletion => "depletion",
        }
    }
}

/// What depletion is shown of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum DepletionOf {
    #[default]
    Deposits,
    Fields,
}

/// A supply and which layer of it is wanted.
#[derive(Debug, Clone)]
pub struct SupplyLayerQuery {
    layer: SupplyLayer,
    supply: SupplyQuery,
    measure: CatchmentMeasure,
    most: Option<f64>,
    plants: Vec<String>,
    year: usize,
    of: DepletionOf,
}

impl SupplyLayerQuery {
    /// A layer of the supply of a stored plant, or of one that only the request knows.
    #[must_use]
    pub fn new(layer: SupplyLayer, plant: Option<String>) -> Self {
        Self {
            layer,
            supply: SupplyQuery { plant, ..SupplyQuery::default() },
            measure: CatchmentMeasure::CostRubT,
            most: None,
            plants: Vec::new(),
            year: 0,
            of: DepletionOf::default(),
        }
    }

    /// The layer.
    #[must_use]
    pub fn layer(&self) -> SupplyLayer {
        self.layer
    }

    /// Sets an input by its name: one of the layer's own (`measure`, `most`, `plants` of a catchment; `year`, `of` of a depletion)
    /// or one of the supply.
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match (self.layer, name) {
            (SupplyLayer::Catchment, "measure") => {
                self.measure = match text.trim() {
                    "cost" => CatchmentMeasure::CostRubT,
                    "distance" => CatchmentMeasure::DistanceKm,
                    "time" => CatchmentMeasure::TimeH,
                    _ => return Err(InputError::not_one_of(name, text, &["cost", "distance", "time"])),
                };
            }
            (SupplyLayer::Catchment, "most") => self.most = Some(number_from(name, text)?),
            (SupplyLayer::Catchment, "plants") => {
                self.plants = text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
            }
            (SupplyLayer::Depletion, "year") => {
                let wrong =
                    || input_error(name, format!("year must be a whole number of years from now, 0 or more; it was {text:?}"));
                self.year = text.trim().parse().map_err(|_| wrong())?;
            }
            (SupplyLayer::Depletion, "of") => {
                self.of = match text.trim() {
                    "deposits" => DepletionOf::Deposits,
                    "fields" => DepletionOf::Fields,
                    _ => return Err(InputError::not_one_of(name, text, &["deposits", "fields"])),
                };
            }
            // The lines are what a layer is made of, and it shows no part of the answer that is asked for by name.
            (_, "routes" | "stock_band" | "preparation" | "blend") => self.supply.clone().set(name, text)?,
            _ => self.supply.set(name, text)?,
        }
        Ok(())
    }
}

fn input_error(name: &str, detail: String) -> InputError {
    InputError { parameter: name.to_owned(), detail }
}

/// The shapes of a layer, CRS84, each with its properties.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SupplyShapes {
    Lines(Vec<(LineString, Map<String, Value>)>),
    Areas(Vec<(MultiPolygon, Map<String, Value>)>),
}

/// A layer of a supply.
#[derive(Debug, Clone)]
pub struct SupplyDrawing {
    /// Which one.
    pub layer: SupplyLayer,
    /// Its shapes.
    pub shapes: SupplyShapes,
    /// What holds of all of them: plant, inputs, warnings, defaults, fingerprint.
    pub about: Map<String, Value>,
}

/// An area of a layer with its properties.
type DrawnArea = (MultiPolygon, Map<String, Value>);

impl Workbench {
    /// A layer of a plant's supply.
    ///
    /// * Flows: for every field in use the haul to the plant, with what is brought a year in the first year and what it costs there.
    ///   Energies add up to what the supply covers.
    /// * Catchment: the stretches of roads and narrow-gauge lines from which a tonne reaches the plant within a limit of cost (RUB/t),
    ///   distance (km) or time (h), cut where it lies; the limit is that of the marginal field where none is given. With further plants,
    ///   each stretch goes to the plant that it reaches cheapest, shortest or soonest.
    /// * Depletion: the deposits, or fields, that supply the plant, with what they still hold at the end of a year (year 0: now).
    ///
    /// # Errors
    /// [`PlanningError`]: what a supply refuses; a limit, year or list of plants that is not allowed.
    pub fn supply_layer(&self, query: &SupplyLayerQuery) -> Result<SupplyDrawing, PlanningError> {
        let mut drawing = match query.layer {
            SupplyLayer::Flows => flows(&self.plant_supply(&query.supply)?),
            SupplyLayer::Catchment => self.catchment_layer(query)?,
            SupplyLayer::Depletion => self.depletion_layer(query)?,
        };
        drawing.about.insert("inputs_hash".into(), self.supply_layer_hash(query)?.into());
        Ok(drawing)
    }

    /// The fingerprint of a layer's inputs, known before the layer is computed. That of the flows is the supply's.
    ///
    /// # Errors
    /// [`PlanningError`]: no such plant.
    pub fn supply_layer_hash(&self, query: &SupplyLayerQuery) -> Result<String, PlanningError> {
        let supply = self.supply_hash(&self.plant(&query.supply)?, &query.supply);
        let own = match query.layer {
            SupplyLayer::Flows => return Ok(supply),
            SupplyLayer::Catchment => format!("{:?} {:?} {:?}", query.measure, query.most, self.further_plants(query)?),
            SupplyLayer::Depletion => format!("{} {:?}", query.year, query.of),
        };
        let mut hash = InputsHash::new();
        hash.text(query.layer.name());
        hash.text(&supply);
        hash.text(&own);
        Ok(hash.finish())
    }

    /// The plants beside that of the supply, each once.
    fn further_plants(&self, query: &SupplyLayerQuery) -> Result<Vec<&Plant>, PlanningError> {
        let refused = |detail: String| PlanningError::from(input_error("plants", detail));
        if query.plants.len() > MOST_PLANTS {
            return Err(refused(format!("plants may name {MOST_PLANTS} plants at most; it named {}", query.plants.len())));
        }
        let nouns = &self.catalogue.nouns;
        let own = query.supply.plant.as_ref().and_then(|name| nouns.plant_meant(name).ok().flatten());
        let mut places: Vec<usize> = Vec::new();
        for name in &query.plants {
            let known = || nouns.plants.iter().filter_map(|plant| plant.name.clone()).collect();
            let missing = || refused(PlanningError::NoPlant { name: name.clone(), known: known() }.to_string());
            let place = super::meant("plants", nouns.plant_meant(name))?.ok_or_else(missing)?;
            if own != Some(place) && !places.contains(&place) {
                places.push(place);
            }
        }
        Ok(places.into_iter().map(|place| &nouns.plants[place]).collect())
    }

    fn depletion_layer(&self, query: &SupplyLayerQuery) -> Result<SupplyDrawing, PlanningError> {
        let supply = self.plant_supply(&query.supply)?;
        let (year, horizon) = (query.year, supply.supply.horizon_years);
        if year > horizon {
            let detail = format!("year must lie between 0 and the horizon of {horizon} years (horizon_years); it was {year}");
            return Err(input_error("year", detail).into());
        }
        let areas = match query.of {
            DepletionOf::Deposits => self.deposits_left(&supply, year),
            DepletionOf::Fields => self.fields_left(&supply, year)?,
        };
        let mut about = about_supply(&supply);
        about.insert("year".into(), year.into());
        about.insert("horizon_years".into(), horizon.into());
        about.insert("of".into(), if query.of == DepletionOf::Fields { "fields" } else { "deposits" }.into());
        Ok(SupplyDrawing { layer: query.layer, shapes: SupplyShapes::Areas(areas), about })
    }

    fn deposits_left(&self, supply: &PlantSupply, year: usize) -> Vec<DrawnArea> {
        let nouns = &self.catalogue.nouns;
        let of_year = year.checked_sub(1).and_then(|place| supply.supply.years.get(place));
        let area = |(place, deposit): (usize, &DepositSupply)| {
            let stored = nouns.deposits.iter().find(|stored| stored.id == deposit.deposit_id)?;
            let left = of_year.map_or(deposit.stock_mwh.0, |year| year.remaining_by_deposit[place].0);
            let mut properties = object(json!({
                "deposit_id": deposit.deposit_id,
                "code": stored.code,
                "name": deposit.name,
                "name_ru": deposit.name_ru,
            }));
            let taken = of_year.map_or(0.0, |year| year.by_deposit[place].0);
            properties.extend(stock_left(deposit.stock_mwh.0, left, taken, year, deposit.worked_out_year));
            properties.insert("synthetic".into(), deposit.synthetic.into());
            Some((stored.outline_crs84.clone(), properties))
        };
        supply.supply.deposits.iter().enumerate().filter_map(area).collect()
    }

    /// The same years as the supply's, counted field by field.
    fn fields_left(&self, supply: &PlantSupply, year: usize) -> Result<Vec<DrawnArea>, PlanningError> {
        let fields = &supply.supply.fields;
        let source =
            |(group, field): (usize, &FieldDelivery)| Source { group, yearly: field.harvest_mwh_a, stock: field.stock_mwh };
        let sources: Vec<Source> = fields.iter().enumerate().map(source).collect();
        let followed = depletion(&sources, sources.len(), supply.need.fuel_mwh_a, supply.supply.horizon_years);
        let of_year = year.checked_sub(1).and_then(|place| followed.years.get(place));
        let way = Reprojection::new(&self.catalogue.project.working_crs, &Crs::crs84())?;
        let mut areas = Vec::with_capacity(fields.len());
        for (place, field) in fields.iter().enumerate() {
            let Some(stored) = self.catalogue.nouns.fields.iter().find(|stored| stored.id == field.field_id) else { continue };
            let left = of_year.map_or(field.stock_mwh.0, |year| year.remaining_by_deposit[place].0);
            let mut properties = names_of(field);
            properties.insert("status".into(), json!(field.status));
            let taken = of_year.map_or(0.0, |year| year.by_deposit[place].0);
            properties.extend(stock_left(field.stock_mwh.0, left, taken, year, followed.worked_out_year[place]));
            properties.insert("synthetic".into(), field.labels.synthetic.into());
            areas.push((way.shape(&stored.outline)?, properties));
        }
        Ok(areas)
    }
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(object) = value { object } else { Map::new() }
}

fn names_of(field: &FieldDelivery) -> Map<String, Value> {
    object(json!({
        "field_id": field.field_id,
        "code": field.labels.code,
        "name": field.labels.name,
        "name_ru": field.labels.name_ru,
        "deposit_id": field.labels.deposit_id,
        "deposit_name": field.labels.deposit_name,
        "deposit_name_ru": field.labels.deposit_name_ru,
    }))
}

fn stock_left(stock: f64, left: f64, taken: f64, year: usize, worked_out: Option<usize>) -> Map<String, Value> {
    object(json!({
        "year": year,
        "stock_mwh": stock,
        "taken_mwh_a": taken,
        "remaining_mwh": left,
        "remaining_share": if stock > 0.0 { left / stock } else { 0.0 },
        "worked_out_year": worked_out,
    }))
}

/// What holds of all that is drawn of a supply.
fn about_supply(supply: &PlantSupply) -> Map<String, Value> {
    object(json!({
        "plant": supply.plant,
        "need": supply.need,
        "covered_mwh_a": supply.supply.covered_mwh_a,
        "covered_share": supply.supply.covered_share,
        "parameters": supply.parameters,
        "rests_on": supply.supply.rests_on,
        "warnings": supply.warnings,
        "currency": supply.currency,
        "price_year": supply.price_year,
        "synthetic": supply.synthetic,
        "software_version": supply.software_version,
    }))
}

fn flows(supply: &PlantSupply) -> SupplyDrawing {
    let in_use = supply.supply.fields.iter().filter(|field| field.used_mwh_a.0 > 0.0);
    let flow = |field: &FieldDelivery| {
        let mut properties = names_of(field);
        let modes: Vec<&str> = field.legs.iter().map(|leg| mode(leg.mode)).collect();
        properties.extend(object(json!({
            "mwh_a": field.used_mwh_a,
            "t_a": field.harvest_t_a.0 * (field.used_mwh_a / field.harvest_mwh_a),
            "cost_rub_mwh": field.delivered_cost_rub_mwh,
            "cost_rub_t": field.delivered_cost_rub_t,
            "haul_cost_rub_t": field.haul_cost_rub_t,
            "route": field.route,
            "modes": modes.join(", "),
            "transfers": field.transfers,
            "distance_km": field.distance_km,
            "off_road_km": field.off_road_km,
            "travel_h": field.travel_h,
            "marginal": field.marginal,
            "synthetic": field.labels.synthetic,
        })));
        (field.line.iter().copied().collect(), properties)
    };
    let shapes = SupplyShapes::Lines(in_use.map(flow).collect());
    SupplyDrawing { layer: SupplyLayer::Flows, shapes, about: about_supply(supply) }
}

fn mode(mode: HaulMode) -> &'static str {
    match mode {
        HaulMode::Truck => "truck",
        HaulMode::NarrowGauge => "narrow_gauge",
    }
}
