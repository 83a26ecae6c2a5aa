//! Saturated steam of existing boiler houses, put to work.
//!
//! A boiler house makes steam at 0.8-1.4 MPa and throttles most of it to the 0.12-0.6 MPa that its heaters need. The
//! pressure that the reducing valve wastes can drive a small generator. The way of a number: a [`SteamState`] by
//! IAPWS-IF97 → an [`Expansion`] of a tonne of steam → a [`PartLoad`] machine → a year of a [`SteamLoad`], its money
//! and the best size, as a [`Retrofit`].

mod expansion;
mod investment;
mod load;
mod part_load;
mod request;
mod retrofit;
mod sizing;
mod state;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use expansion::{Expansion, MachineEfficiency};
pub use investment::{MachineKind, SpecificCosts};
pub use load::{LoadError, LoadStep, SteamLoad};
pub use part_load::{MachineFlow, PartLoad};
pub use request::RetrofitRequest;
pub use retrofit::{DurationPoint, Retrofit, RetrofitError, RetrofitWarning, retrofit, steam_of_heat};
pub use sizing::SizePoint;
pub use state::{SteamError, SteamState, saturation_pressure_mpa, saturation_temperature_c};
