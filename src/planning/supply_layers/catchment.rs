//! The roads and lines that plants reach, as a layer.

use super::{SupplyDrawing, SupplyLayerQuery, SupplyShapes, input_error, mode, object};
use crate::crs::{Crs, Reprojection};
use crate::model::{FeatureId, Plant, RoadClass};
use crate::planning::plant_supply::parameters;
use crate::planning::{CURRENCY, PRICE_YEAR, PlanningError, PlantSupply, SOFTWARE_VERSION, Workbench};
use crate::reserves::Warning;
use crate::supply::{Catchment, CatchmentError, CatchmentMeasure, HaulMode, Place, ReachedLine, catchment, haul_parameters};
use geo::LineString;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Stretches within reach are drawn to some 2 m: the ground itself is not known better.
const LINE_TOLERANCE_DEGREES: f64 = 2e-5;

/// Stretches in one answer; a screen shows no more, and the file would be some 150 MB.
const MOST_LINES: usize = 200_000;

/// A plant of a catchment, as it is answered.
#[derive(Debug, Serialize)]
struct ReachingPlant<'a> {
    id: Option<FeatureId>,
    code: Option<&'a str>,
    name: Option<&'a str>,
    name_ru: Option<&'a str>,
    coordinates: [f64; 2],
    reaches_network: bool,
    roads_km: f64,
    narrow_gauge_km: f64,
}

/// The row of the haul network that a line of the network came from.
#[derive(Clone, Copy)]
struct StoredLine {
    id: FeatureId,
    class: RoadClass,
    synthetic: bool,
}

impl Workbench {
    pub(super) fn catchment_layer(&self, query: &SupplyLayerQuery) -> Result<SupplyDrawing, PlanningError> {
        let own = self.plant(&query.supply)?;
        let plants: Vec<&Plant> = std::iter::once(&own).chain(self.further_plants(query)?).collect();
        let most = match query.most {
            Some(most) => most,
            None => marginal_measure(&self.plant_supply(&query.supply)?, query.measure)?,
        };
        let farthest = farthest(query.measure);
        if !(most > 0.0 && most <= farthest) {
            let unit = query.measure.unit();
            return Err(input_error("most", format!("most must be above 0 and at most {farthest} {unit}; it was {most}")).into());
        }
        let way = Reprojection::new(&Crs::crs84(), &self.catalogue.project.working_crs)?;
        let place = |plant: &&Plant| -> Result<Place, PlanningError> {
            let (longitude, latitude) = (plant.position_crs84.x(), plant.position_crs84.y());
            let (x, y) = way.point(longitude, latitude)?;
            Ok(Place { working: [x, y], crs84: [longitude, latitude] })
        };
        let places = plants.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let rates = query.supply.request.haul_rates();
        let reached = catchment(self.haul_network(), &places, &rates, query.measure, most, LINE_TOLERANCE_DEGREES);
        let reached = reached.map_err(|error| catchment_refused(&error))?;
        let count = reached.lines.len();
        if count > MOST_LINES {
            let detail = format!("{count} stretches lie within most={most}, and {MOST_LINES} are answered; ask for less");
            return Err(input_error("most", detail).into());
        }
        let stored = self.stored_lines();
        let lines = reached.lines.iter().map(|line| reached_line(line, &plants, &stored, query.measure)).collect();
        Ok(SupplyDrawing {
            layer: query.layer,
            about: about_catchment(query, &plants, &reached, &stored, self.haul_network().is_empty()),
            shapes: SupplyShapes::Lines(lines),
        })
    }

    /// The rows that the lines of the network came from, in its order.
    fn stored_lines(&self) -> Vec<StoredLine> {
        let rows = self.catalogue.nouns.haul_lines.iter();
        let parts = rows.flat_map(|(line, stored)| line.lines.iter().zip(stored).map(move |_| line));
        parts.map(|line| StoredLine { id: line.id, class: line.class, synthetic: line.synthetic }).collect()
    }
}

/// Farther than this nobody hauls peat; a limit there is a slip of the hand.
fn farthest(measure: CatchmentMeasure) -> f64 {
    match measure {
        CatchmentMeasure::CostRubT => 100_000.0,
        CatchmentMeasure::DistanceKm => 1_000.0,
        CatchmentMeasure::TimeH => 100.0,
    }
}

/// The haul of the dearest field in use, by the measure.
fn marginal_measure(supply: &PlantSupply, measure: CatchmentMeasure) -> Result<f64, PlanningError> {
    let marginal = supply.supply.fields.iter().find(|field| field.marginal);
    let of_haul = marginal.map(|field| match measure {
        CatchmentMeasure::CostRubT => field.haul_cost_rub_t.0,
        CatchmentMeasure::DistanceKm => field.distance_km,
        CatchmentMeasure::TimeH => field.travel_h,
    });
    of_haul.filter(|most| *most > 0.0).ok_or_else(|| {
        let unit = measure.unit();
        input_error("most", format!("no field supplies the plant from afar, whose haul would be the limit; give most in {unit}"))
            .into()
    })
}

fn catchment_refused(error: &CatchmentError) -> PlanningError {
    let name = match error {
        CatchmentError::NoPlant => "plants",
        CatchmentError::Place { .. } => "at",
        CatchmentError::Limit { .. } | CatchmentError::Tolerance(_) => "most",
    };
    input_error(name, error.to_string()).into()
}

fn reached_line(
    reached: &ReachedLine,
    plants: &[&Plant],
    stored: &[StoredLine],
    measure: CatchmentMeasure,
) -> (LineString, Map<String, Value>) {
    let (row, plant) = (stored[reached.line as usize], plants[reached.plant as usize]);
    let suffix = match measure {
        CatchmentMeasure::CostRubT => "rub_t",
        CatchmentMeasure::DistanceKm => "km",
        CatchmentMeasure::TimeH => "h",
    };
    let mut properties = object(json!({
        "plant": reached.plant + 1,
        "plant_id": plant.id,
        "plant_name": plant.name,
        "plant_name_ru": plant.name_ru,
        "line_id": row.id,
        "class": row.class,
        "mode": mode(reached.mode),
        "length_km": reached.length_km,
    }));
    let [from, to] = reached.values;
    properties.insert(format!("from_{suffix}"), from.into());
    properties.insert(format!("to_{suffix}"), to.into());
    properties.insert("synthetic".into(), (row.synthetic || plant.synthetic).into());
    (reached.vertices_crs84.iter().copied().collect(), properties)
}

fn about_catchment(
    query: &SupplyLayerQuery,
    plants: &[&Plant],
    reached: &Catchment,
    stored: &[StoredLine],
    no_network: bool,
) -> Map<String, Value> {
    let mut warnings = Vec::new();
    if no_network {
        let text = "the project has no roads or narrow-gauge lines; import some as haul-network";
        warnings.push(Warning::new("no_network", text));
    }
    let mut reaching = Vec::with_capacity(plants.len());
    for (plant, found) in plants.iter().zip(&reached.plants) {
        if !found.reaches_network && !no_network {
            let name = plant.name.as_deref().unwrap_or("at the place given");
            let text = format!("no road or line lies near enough to the plant {name}; nothing is within its reach");
            warnings.push(Warning::new("plant_off_network", text));
        }
        reaching.push(ReachingPlant {
            id: plant.id,
            code: plant.code.as_deref(),
            name: plant.name.as_deref(),
            name_ru: plant.name_ru.as_deref(),
            coordinates: [plant.position_crs84.x(), plant.position_crs84.y()],
            reaches_network: found.reaches_network,
            roads_km: found.roads_km,
            narrow_gauge_km: found.narrow_gauge_km,
        });
    }
    let used = reached.lines.iter().map(|line| stored[line.line as usize]);
    let synthetic = plants.iter().any(|plant| plant.synthetic) || used.into_iter().any(|row| row.synthetic);
    if synthetic {
        warnings.push(Warning::new("synthetic", "the data are invented for demonstration"));
    }
    let by_rail = reached.lines.iter().any(|line| line.mode == HaulMode::NarrowGauge);
    object(json!({
        "plants": reaching,
        "measure": match query.measure {
            CatchmentMeasure::CostRubT => "cost",
            CatchmentMeasure::DistanceKm => "distance",
            CatchmentMeasure::TimeH => "time",
        },
        "most": reached.most,
        "unit": query.measure.unit(),
        "parameters": parameters(&query.supply.request),
        "rests_on": query.supply.request.numbers.unsourced_defaults(&haul_parameters(by_rail)),
        "warnings": warnings,
        "currency": CURRENCY,
        "price_year": PRICE_YEAR,
        "synthetic": synthetic,
        "software_version": SOFTWARE_VERSION,
    }))
}
