//! The one place that knows the order of the steps: a deposit's reserves from the survey, a plant's fuel supply
//! from the reserves. It takes everything from a catalogue and never asks where that came from.

mod allocation_answer;
mod allocation_parties;
mod allocation_plan;
mod allocation_reading;
mod allocation_request;
mod chp_study;
mod constraint_areas;
mod consumer_choice;
mod demand_study;
mod deposit_difference;
mod deposit_reserves;
mod field_stocks;
mod first_size;
mod figure_units;
mod inputs_hash;
mod plant_blend;
mod plant_preparation;
mod plant_supply;
mod reserve_areas;
mod reserve_surface;
mod reserve_table;
mod scenario_difference;
mod siting;
mod steam_study;
mod supply_layers;
mod table_words;
mod weather_choice;

pub use allocation_answer::{AllocatedPlant, AllocatedSource, AllocationPlan, AllocationTotals, OtherFuel, PeatFlow};
pub use allocation_request::{AllocationRequest, SourceKind};
pub use chp_study::{ChpQuery, ChpStudy, HeatPipe, ReserveFactor, StudyFuel};
pub use demand_study::{DemandByUse, DemandQuery, DemandStudy, HoursOfDemand, WeatherLabel};
pub use deposit_difference::{DepositDifference, DifferenceQuery, SurfaceSource};
pub use deposit_reserves::{DepositLabel, DepositReserves, ReservesQuery};
pub use first_size::{FirstSize, FirstUnit};
pub use plant_blend::{BlendPrice, BlendRefusal, LimitState, LotQuality, Mixture, OtherLot, PeatLot, PlantBlend, QualityFrom};
pub use plant_preparation::{PlantPreparation, PreparationYear, PreparedField};
pub use plant_supply::{PlantLabel, PlantNeed, PlantSupply, SupplyQuery};
pub use reserve_surface::{Band, ReserveSurface, SurfaceArea};
pub use reserve_table::reserve_table;
pub use scenario_difference::{DifferenceRow, ScenarioDifference, scenario_difference};
pub use siting::{
    AlternativeSites, CandidateRow, CandidateSource, ConsumerRow, DepositRow, FeedingDeposit, GivenSite, HeatedConsumer, Method,
    OpenSite, PlanOfSites, SitingQuery, SitingStudy, SizeRow,
};
pub use steam_study::{SteamStudy, SteamUser, steam_study};
pub use supply_layers::{SupplyDrawing, SupplyLayer, SupplyLayerQuery, SupplyShapes};
pub use table_words::TableLanguage;
pub use weather_choice::WEATHER_TEXT_BYTES;

use crate::catalogue::{Catalogue, Namesakes};
use crate::crs::CrsError;
pub use crate::energy::demand::DemandError;
pub use crate::energy::dispatch::DispatchError;
use crate::energy::economics::EconomicsError;
use crate::energy::emissions::ActivityError;
use crate::energy::plant::PlantError;
pub use crate::energy::sizing::SizingError;
pub use crate::energy::steam::{RetrofitError, RetrofitRequest, SteamError};
pub use crate::energy::uncertainty::UncertaintyError;
use crate::model::InputError;
pub use crate::optimisation::ProgramError;
use crate::reserves::{ConstraintArea, ThicknessError};
pub use crate::supply::NeedError;
pub use crate::supply::allocation::{AllocationError, MOST_YEARS, Shortfall};
pub use crate::supply::siting::SitingError;
use crate::supply::siting::{CandidateError, WeighError};
pub use crate::supply::{BlendError, PreparationError, StockpileError, SupplyRequest};
use crate::supply::{HaulNetwork, NetworkLine};
use field_stocks::FieldStocks;
use first_size::TownHeat;
use reserve_surface::ReserveSurfaces;
use std::sync::{Arc, OnceLock};
use thiserror::Error;

/// The version that results carry.
pub const SOFTWARE_VERSION: &str = env!("CARGO_PKG_VERSION");
/// Money of the placeholders in `geodata/reference/supply.toml`.
pub const CURRENCY: &str = "RUB";
/// Price level of those.
pub const PRICE_YEAR: i32 = 2024;

/// Why there is no answer. Which to use: `NoDeposit` and `NoPlant` when a name finds nothing; `Input` when an input
/// is not allowed; `Nothing` when the project lacks what a plan is made of; the others pass on what a room says.
#[derive(Debug, Error, Clone)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum PlanningError {
    #[error("there is no deposit {name:?}{}", known_names(.known))]
    NoDeposit { name: String, known: Vec<String> },
    #[error("there is no plant {name:?}{}", known_names(.known))]
    NoPlant { name: String, known: Vec<String> },
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{subject}: {error}")]
    Estimate { subject: String, error: ThicknessError },
    #[error(transparent)]
    Need(#[from] NeedError),
    #[error(transparent)]
    Stockpile(#[from] StockpileError),
    #[error(transparent)]
    Preparation(#[from] PreparationError),
    #[error(transparent)]
    Blend(#[from] BlendError),
    #[error(transparent)]
    Steam(#[from] RetrofitError),
    #[error(transparent)]
    Allocation(#[from] AllocationError),
    #[error(transparent)]
    Demand(#[from] DemandError),
    #[error("plant: {0}")]
    Unit(#[from] PlantError),
    #[error("size: {0}")]
    Sizing(#[from] SizingError),
    #[error("dispatch: {0}")]
    Dispatch(#[from] DispatchError),
    #[error(transparent)]
    Economics(#[from] EconomicsError),
    #[error(transparent)]
    Uncertainty(#[from] UncertaintyError),
    #[error(transparent)]
    Emissions(#[from] ActivityError),
    #[error(transparent)]
    Candidates(#[from] CandidateError),
    #[error(transparent)]
    Siting(#[from] SitingError),
    #[error(transparent)]
    Weighing(#[from] WeighError),
    #[error("{0}")]
    Nothing(&'static str),
    #[error("the computation was stopped before its end")]
    Cancelled,
    #[error(transparent)]
    Crs(#[from] CrsError),
    #[error(
        "the plant at {longitude}, {latitude} lies {distance_km:.0} km from the nearest field; at most {limit_km:.0} km can be hauled by truck"
    )]
    TooFar { longitude: f64, latitude: f64, distance_km: f64, limit_km: f64 },
}

/// What an input named, where no other row has that name.
///
/// # Errors
/// Names the input and the rows that share the name.
fn meant(parameter: &str, found: Result<Option<usize>, Namesakes>) -> Result<Option<usize>, InputError> {
    found.map_err(|namesakes| InputError { parameter: parameter.to_owned(), detail: format!("{parameter}: {namesakes}") })
}

/// Names that would have been found, as far as they fit a sentence.
fn known_names(known: &[String]) -> String {
    const SHOWN: usize = 12;
    match known.len() {
        0 => "; the project has none".to_owned(),
        count if count > SHOWN => format!("; there are {count}, among them {}", known[..SHOWN].join(", ")),
        _ => format!("; there are {}", known.join(", ")),
    }
}

fn kept<T>(derived: &Arc<OnceLock<T>>, holds: bool) -> Arc<OnceLock<T>> {
    if holds { Arc::clone(derived) } else { Arc::default() }
}

/// A catalogue with what is derived from it once and used by every answer.
#[derive(Debug)]
pub struct Workbench {
    catalogue: Catalogue,
    most_cells: usize,
    constraint_areas: Arc<OnceLock<Vec<ConstraintArea>>>,
    haul_network: Arc<OnceLock<HaulNetwork>>,
    field_stocks: Arc<OnceLock<FieldStocks>>,
    supply_data_hash: Arc<OnceLock<String>>,
    town_heat: Arc<OnceLock<TownHeat>>,
    surfaces: ReserveSurfaces,
}

impl Workbench {
    /// A workbench over a catalogue; `most_cells` caps the grid of an estimate.
    #[must_use]
    pub fn new(catalogue: Catalogue, most_cells: usize) -> Self {
        Self {
            catalogue,
            most_cells,
            constraint_areas: Arc::default(),
            haul_network: Arc::default(),
            field_stocks: Arc::default(),
            supply_data_hash: Arc::default(),
            town_heat: Arc::default(),
            surfaces: ReserveSurfaces::default(),
        }
    }

    /// A workbench over the catalogue that comes after this one's. What was derived from nouns that are the same in both is
    /// shared: whichever of the two derives it first, it is there for both.
    #[must_use]
    pub fn renewed(&self, catalogue: Catalogue) -> Self {
        let (old, new) = (&self.catalogue.nouns, &catalogue.nouns);
        let constraints = Arc::ptr_eq(&old.constraints, &new.constraints);
        let roads = Arc::ptr_eq(&old.haul_lines, &new.haul_lines);
        let survey = constraints
            && Arc::ptr_eq(&old.deposits, &new.deposits)
            && Arc::ptr_eq(&old.probes, &new.probes)
            && Arc::ptr_eq(&old.cores, &new.cores)
            && self.catalogue.project.working_crs == catalogue.project.working_crs
            // Surfaces of an area say whether anything at all is invented.
            && self.catalogue.is_synthetic() == catalogue.is_synthetic();
        let consumers =
            Arc::ptr_eq(&old.consumers, &new.consumers) && self.catalogue.project.working_crs == catalogue.project.working_crs;
        let fields = survey && roads && Arc::ptr_eq(&old.fields, &new.fields);
        Self {
            constraint_areas: kept(&self.constraint_areas, constraints),
            haul_network: kept(&self.haul_network, roads),
            field_stocks: kept(&self.field_stocks, fields),
            supply_data_hash: kept(&self.supply_data_hash, fields),
            town_heat: kept(&self.town_heat, consumers),
            surfaces: if survey { self.surfaces.clone() } else { ReserveSurfaces::default() },
            most_cells: self.most_cells,
            catalogue,
        }
    }

    /// The catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Derives now what answers will need, so that the first one need not wait.
    pub fn prepare(&self) {
        self.field_stocks();
        self.haul_network();
        self.town_heat();
    }

    fn constraint_areas(&self) -> &[ConstraintArea] {
        self.constraint_areas.get_or_init(|| constraint_areas::areas_of(&self.catalogue.nouns.constraints))
    }

    fn haul_network(&self) -> &HaulNetwork {
        self.haul_network.get_or_init(|| {
            let vertices = |line: &geo::LineString| line.coords().map(|c| [c.x, c.y]).collect();
            let lines = self.catalogue.nouns.haul_lines.iter().flat_map(|(line, stored)| {
                line.lines.iter().zip(stored).map(|(working, stored)| NetworkLine {
                    class: line.class,
                    speed_km_h: line.speed_km_h,
                    cost_rub_t_km: line.cost_rub_t_km,
                    vertices: vertices(working),
                    vertices_crs84: vertices(stored),
                })
            });
            HaulNetwork::new(&lines.collect::<Vec<_>>())
        })
    }

    fn town_heat(&self) -> &TownHeat {
        self.town_heat.get_or_init(|| TownHeat::compute(self))
    }

    fn field_stocks(&self) -> &FieldStocks {
        self.field_stocks.get_or_init(|| FieldStocks::compute(self))
    }
}
