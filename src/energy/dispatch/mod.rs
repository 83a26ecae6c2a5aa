//! Which unit makes how much heat in each hour of a year, with a heat store, and what that costs.
//!
//! A [`System`] is what must be served and what can serve it. Five ways lead to a [`Schedule`]:
//!
//! | way | what it is | minimum loads and starts |
//! | --- | --- | --- |
//! | [`least_cost`] | the optimum, exact, in milliseconds: the value of stored heat backwards through the hours | left out |
//! | [`least_cost_by_program`] | the same optimum as a linear program, in seconds | left out |
//! | [`committed`] | without a store the optimum, exact; else yes-or-no variables week by week, the end of a week valued by [`least_cost`] | kept |
//! | [`on_off`] | a shortest path over the sets of running units, with a store the cost to the end straight between levels of it | kept |
//! | [`heat_led`] | what an operator does: cheapest unit first, the store takes what it must not make | kept |
//!
//! Without minimum loads a unit's fuel is in proportion to its output, so the first two are lower bounds of the cost. Every
//! schedule is put into the balance of each hour again, by [`Schedule::check`], before it is given out.

mod commitment;
mod heat_led;
mod hour;
mod least_cost;
mod merit;
mod on_off;
mod outage;
mod program;
mod rule;
mod schedule;
mod system;
mod two_prices;
mod year;

#[cfg(test)]
mod tests;

pub use commitment::{CommitmentLimits, committed};
pub use heat_led::heat_led;
pub use least_cost::least_cost;
pub use on_off::on_off;
pub use outage::availability_by_hour;
pub use program::least_cost_by_program;
pub use rule::DispatchRule;
pub use schedule::{LoadModel, Schedule, ScheduleCost, Violation};
pub use system::{DispatchError, DispatchUnit, HeatDump, HeatStore, OwnPower, StoreEnd, System};
pub use year::{DispatchMonth, DispatchYear, DurationPoint, StoreYear, UnitYear};
