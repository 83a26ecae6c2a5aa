//! The fuel supply of a plant: what it needs a year, what fields can harvest and still hold, what a tonne
//! costs at its gate, and how many years that lasts.
//!
//! The way of a number: plant → [`fuel_need`]; fields with their stocks → [`seasonal_harvest`]; the
//! [`HaulNetwork`] → a [`Haul`] from each field; all → [`supply_curve`] → [`depletion`]. Several plants that share several
//! deposits over years are an [`allocation`]. Costs need tonnes, not the geostatistics that made them: this room knows
//! neither probes nor grids, and reads no files.

mod allocation;
mod curve;
mod depletion;
mod fuel_supply;
mod graph;
mod harvest;
mod haul;
mod need;
mod network;
mod request;

pub use allocation::{
    Allocation, AllocationCost, AllocationError, AllocationStudy, AlternativeFuel, AlternativeOffer, AlternativeUse, BlendLimits,
    Delivery, DeliveryWay, FuelPlant, FuelQuality, HarvestSource, MOST_FLOWS, MOST_PLACES, MOST_YEARS, PlantSupply, PlantYear,
    ShareRange, Shortfall, ShortfallKind, SourceUse, SourceYear, allocation,
};
pub use curve::{CurveStep, supply_curve};
pub use depletion::{Depletion, DepletionYear, Source, depletion};
pub use fuel_supply::{DepositSupply, FieldDelivery, FieldLabels, FieldSource, FuelSupply, WetSeason, fuel_supply};
pub use harvest::{FieldStock, seasonal_harvest};
pub use haul::{Haul, HaulRates, Place, RouteKind, haul_cost, hauls_to};
pub use need::{FuelNeed, NeedError, fuel_need};
pub use network::{Access, HaulNetwork, NetworkLine, ShortestPaths, Speeds, StretchCost, Way};
pub use request::SupplyRequest;
