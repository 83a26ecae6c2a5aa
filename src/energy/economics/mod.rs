//! What a project costs and brings: money year by year, and what follows from it.
//!
//! The way of a number: [`EconomicStudy`] (outlays, yearly flows, rates) → [`CashFlow`], a table of named streams by year →
//! [`Measures`] (net present value, rate of return, payback) and the levelised costs of electricity and heat. The same
//! functions stand alone: [`net_present_value`], [`rates_of_return`], [`payback_years`], [`levelised_cost`]. Beside them
//! [`allocate_fuel`] shares the fuel of a combined plant between electricity and heat.
//!
//! Conventions, the same everywhere:
//!
//! - Year 0 is the year of the first outlay (the first year of construction). A flow falls at the end of its year and is
//!   discounted by `(1 + r)^t`; year 0 is not discounted. Operation begins in the year after the construction.
//! - Prices are those of the price year. They escalate from that year on: in the year `t` after it a price is
//!   `p (1 + e)^t` in money of the price year, and `p (1 + e)^t (1 + i)^t` in money of its own day. The first year after the price year
//!   has grown once.
//! - Rates are shares a year (0.08 is 8 %). Nominal and real rates are tied by Fisher's `(1 + R) = (1 + r)(1 + i)`.
//! - Income is positive, cost negative. Amounts are in roubles; value added tax is left out.
//!
//! It knows no plant, no fuel and no place: who asks brings quantities and prices.

mod allocation;
mod annuity;
mod capital;
mod cash_flow;
mod error;
mod foreign_price;
mod levelised;
mod loan;
mod multipliers;
mod payback;
mod present_value;
mod profit_tax;
mod rate_of_return;
mod streams;
mod study;
#[cfg(test)]
mod tests;

pub use allocation::{AllocationMethod, FuelAllocation, JointProduction, allocate_fuel, carnot_factor};
pub use annuity::{EscalationStart, annuity_factor, capital_recovery_factor, nominal_rate, real_rate};
pub use capital::{CapitalItem, SizeExponents, scaled_cost};
pub use cash_flow::{CashFlow, Measures, MoneyBasis, StreamRow, Terms};
pub use error::EconomicsError;
pub use foreign_price::ForeignPrice;
pub use levelised::levelised_cost;
pub use loan::Loan;
pub use multipliers::Multipliers;
pub use payback::{discounted_payback_years, payback_years};
pub use present_value::net_present_value;
pub use profit_tax::ProfitTax;
pub use rate_of_return::{RateOfReturn, rates_of_return};
pub use streams::{Stream, YearSeries, YearlyFlow};
pub use study::{EconomicResult, EconomicStudy, EquityResult, STUDY_PARAMETERS};
