//! The fuel supply of a plant: what it needs a year, what fields can harvest and still hold, what a tonne
//! costs at its gate, and how many years that lasts.
//!
//! The way of a number: plant → [`fuel_need`]; fields with their stocks → [`seasonal_harvest`]; the
//! [`HaulNetwork`] → a [`Haul`] from each field; all → [`supply_curve`] → [`depletion`]. Costs need tonnes,
//! not the geostatistics that made them: this room knows neither probes nor grids, and reads no files.
//!
//! Over seasons: technology and weather → [`season_harvests`]; harvest and need by month → [`FuelYear`] with its steady
//! cycle and its bad years; decisions → [`field_schedules`], year by year. Beside peat: [`least_cost_blend`].
//!
//! Several plants that share several deposits over years are an [`allocation()`](allocation::allocation); where plants should
//! stand is [`siting`].

mod blend;
mod catchment;
mod curve;
mod depletion;
mod fuel_supply;
mod harvest;
mod haul;
mod need;
mod network;
mod preparation;
mod request;
mod season;
mod stock_months;
mod stock_risk;
mod stockpile;
mod tortuosity;
mod warning;

pub mod allocation;
pub mod siting;

pub use blend::{
    BindingLimit, BlendAnswer, BlendError, BlendFuel, BlendLimits, BlendPart, BlendQuality, BlendRelief, FuelFamily, LimitName,
    LimitRelief, MOST_FUELS, blend_quality, blend_relief, least_cost_blend,
};
pub use catchment::{Catchment, CatchmentError, CatchmentMeasure, CatchmentPlant, ReachedLine, catchment};
pub use curve::{CurveStep, supply_curve};
pub use depletion::{Depletion, DepletionYear, Source, depletion, depletion_by_year};
pub(crate) use fuel_supply::supply_defaults;
pub use fuel_supply::{
    DepositSupply, FieldDelivery, FieldLabels, FieldSource, FuelSupply, SeasonSupply, field_harvest, fuel_supply, haul_parameters,
};
pub use harvest::{FieldStock, seasonal_harvest};
pub use haul::{Haul, HaulLeg, HaulOrigin, HaulRates, Place, RailRates, RouteKind, haul_cost, hauls_to, rail_cost, track_cost};
pub use need::{FuelNeed, NeedError, fuel_need};
pub use network::{
    Access, FARTHEST_ACCESS_M, FARTHEST_SIDING_M, FARTHEST_STATION_M, HaulMode, HaulNetwork, NetworkLine, ShortestPaths, Speeds,
    Start, StretchCost, Way, WayLeg,
};
pub use preparation::{
    FieldSchedule, FieldYear, FieldYearStatus, MOST_DECISIONS, PlannedField, PreparationError, PreparationRules, Taken,
    field_schedules, latest_decisions,
};
pub use request::{FieldDecisions, SupplyParts, SupplyRequest};
pub use season::{
    DAYS_OF_MONTHS, HarvestCycle, HeatProfile, LooseFuel, MonthlyShares, SeasonError, SeasonHarvest, SeasonKind, SeasonNorms,
    SeasonWeather, days_for_dry_run, drying_cycles, need_by_month, season_harvests, yearly_lowering,
};
pub use stock_months::{StockMonths, StockSeason};
pub use stock_risk::{BandDraws, PlantStockBand, plant_stock_band};
pub use stockpile::{
    BandMonth, BandYear, CertainStore, FuelYear, Pile, SteadyCycle, StockBand, StockMonth, StockRisk, StockYear, StockpileError,
    certain_store, stock_band,
};
pub use tortuosity::{NetworkTortuosity, TortuosityError, network_tortuosity};
pub use warning::SupplyWarning;
