//! What a plant, its haul and its peat fields emit in a year, beside what the present fuel does.
//!
//! Carbon dioxide of the stack is told in two accounts, fossil and biogenic, and never netted: peat counts as fossil (as in
//! the inventories under the UNFCCC), wood as biogenic, and a reader who sees it otherwise has both numbers. The chain stands
//! apart: haul, and the drained peatland with its ditches.

mod account;
mod activity;

pub use account::{AirPollutants, EmissionAccount, StackGases, emission_account};
pub use activity::{ActivityError, EmissionFactors, Fuel, FuelBurned, YearlyActivity};
