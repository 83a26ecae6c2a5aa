//! Demand for heat, steam and power, hour by hour over a year.
//!
//! The way of a number: a norm's [`Climate`](crate::model::Climate) or a file gives a
//! [`WeatherYear`](crate::model::WeatherYear) → each [`Consumer`](crate::model::Consumer) becomes a [`ConsumerDemand`] with
//! its hours; what its row does not say is derived, and said → all together are a [`TownDemand`] → [`LoadSummary`],
//! [`hourly_coverage`] and [`local_share`] tell what a planner asks of it. The [`Rossander`] curve is the closed form
//! beside the hours. The module knows no plants, no fuel and no prices.

mod bdew;
mod calendar;
mod closed_form;
mod consumer_demand;
mod consumer_split;
mod coverage;
mod degree_days;
mod error;
mod hot_water;
mod hourly_load;
mod load_summary;
mod local_share;
mod network_loss;
mod operating_time;
mod power;
mod request;
mod rossander;
mod space_heat;
mod synthetic_weather;
mod town;

pub use bdew::{bdew_daily_factor, bdew_shape};
pub use calendar::month_of_day;
pub use closed_form::ClosedFormLoad;
pub use consumer_demand::{ConsumerDemand, DemandHours, Derived, consumer_demand};
pub use coverage::{BaseCoverage, hourly_coverage};
pub use degree_days::{DegreeDays, degree_days_of_climate, degree_days_of_weather};
pub use error::DemandError;
pub use hot_water::{HotWater, hot_water_hours};
pub use hourly_load::HourlyLoad;
pub use load_summary::{DURATION_STEPS, DurationStep, LoadSummary, duration_steps, load_summary};
pub use local_share::{LocalShare, local_share};
pub use network_loss::{WaterTemperatures, diversity_factor, loss_from_share, pipe_loss_w_m, share_from_temperatures};
pub use operating_time::OperatingTime;
pub use power::{following_power, town_power_shape};
pub use request::{AnnualReference, DemandRequest, HeatProfile};
pub use rossander::Rossander;
pub use space_heat::SpaceHeatLaw;
pub use synthetic_weather::{SeasonalSinusoid, synthetic_weather};
pub use town::{MOST_CONSUMERS, TownDemand, WeatherUsed, town_demand};

#[cfg(test)]
mod tests;
