//! The named streams of money, and what flows in them every year.

use super::EconomicsError;
use super::error::{finite, number, parameter, within};
use serde::{Deserialize, Serialize};

/// A stream of money; the order is that of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Building.
    Investment,
    /// Renewal of what has worn out.
    Replacement,
    /// What is left of it at the end.
    ResidualValue,
    /// Closing down at the end.
    Decommissioning,
    /// Fuel in the stack and other stocks: put in, and given back.
    WorkingCapital,
    /// Fixed operation and maintenance.
    FixedOperation,
    /// Operation and maintenance by output.
    VariableOperation,
    /// Fuel of the plant.
    Fuel,
    /// Fuel of boilers beside the plant, bought at the price of the present fuel.
    BoilerFuel,
    /// Electricity that the plant itself uses and buys.
    ElectricityPurchase,
    /// Price of carbon dioxide; income where emissions are saved.
    Carbon,
    /// Electricity sold.
    ElectricitySales,
    /// Electricity that is no longer bought.
    AvoidedElectricity,
    /// Heat sold.
    HeatSales,
    /// Present fuel that is no longer bought.
    AvoidedFuel,
    /// Other income, such as the pay for a service.
    OtherIncome,
    /// Borrowed.
    LoanDrawn,
    /// Interest paid.
    LoanInterest,
    /// Debt paid back.
    LoanRepaid,
    /// Tax on profit.
    ProfitTax,
}

impl Stream {
    /// -1 for a cost and 1 for an income, of the streams that flow every year; none for the others, which the study makes itself.
    #[must_use]
    pub fn yearly_sign(self) -> Option<f64> {
        match self {
            Self::FixedOperation
            | Self::VariableOperation
            | Self::Fuel
            | Self::BoilerFuel
            | Self::ElectricityPurchase
            | Self::Carbon => Some(-1.0),
            Self::ElectricitySales | Self::AvoidedElectricity | Self::HeatSales | Self::AvoidedFuel | Self::OtherIncome => {
                Some(1.0)
            }
            _ => None,
        }
    }

    /// Whether it is pay for electricity.
    pub(super) fn is_of_electricity(self) -> bool {
        matches!(self, Self::ElectricitySales | Self::AvoidedElectricity)
    }

    /// Whether it is pay for heat.
    pub(super) fn is_of_heat(self) -> bool {
        matches!(self, Self::HeatSales | Self::AvoidedFuel)
    }

    /// Whether it belongs to the project whoever pays for it and however it is taxed.
    pub(super) fn is_before_tax_and_loan(self) -> bool {
        !matches!(self, Self::LoanDrawn | Self::LoanInterest | Self::LoanRepaid | Self::ProfitTax)
    }
}

/// A quantity in the years of operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum YearSeries {
    /// The same every year.
    Level(f64),
    /// By year of operation.
    ByYear(Vec<f64>),
}

impl YearSeries {
    /// In the year of operation, counted from nothing.
    #[must_use]
    pub fn at(&self, operation_year: usize) -> f64 {
        match self {
            Self::Level(level) => *level,
            Self::ByYear(years) => years.get(operation_year).copied().unwrap_or(0.0),
        }
    }

    pub(super) fn scaled(&self, factor: f64) -> Self {
        match self {
            Self::Level(level) => Self::Level(level * factor),
            Self::ByYear(years) => Self::ByYear(years.iter().map(|year| year * factor).collect()),
        }
    }

    pub(super) fn check(&self, name: &str, years: u32, limits: [f64; 2], unit: &'static str) -> Result<(), EconomicsError> {
        match self {
            Self::Level(level) => within(name, *level, limits, unit).map(|_| ()),
            Self::ByYear(by_year) if by_year.len() == years as usize => {
                let check = |(year, value): (usize, &f64)| within(format!("{name} of year {}", year + 1), *value, limits, unit);
                by_year.iter().enumerate().try_for_each(|entry| check(entry).map(|_| ()))
            }
            Self::ByYear(by_year) => {
                let (expected, given) = (years as usize, by_year.len());
                Err(EconomicsError::WrongLength { name: name.to_owned(), expected, given, each: "years of operation" })
            }
        }
    }
}

/// Something that is paid for every year of operation: quantity times price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct YearlyFlow {
    /// Which stream it is part of; the stream says whether it is a cost or an income.
    pub stream: Stream,
    /// What it is, for people: `milled peat`, `wood chips`.
    pub name: String,
    /// How much: MWh of fuel, electricity or heat, tonnes of carbon dioxide, or 1 for a sum by the year.
    pub quantity: YearSeries,
    /// Price of a unit in money of the price year.
    pub price_rub: f64,
    /// Growth of the price beyond inflation, a year.
    pub escalation: f64,
}

impl YearlyFlow {
    pub(super) fn check(&self, years: u32) -> Result<(), EconomicsError> {
        let Some(_) = self.stream.yearly_sign() else {
            let allowed = "give costs of operation, fuel, carbon, sales, avoided purchases or other income as yearly flows, \
                           and investment, loan and tax in their own inputs";
            return Err(EconomicsError::Missing { what: "yearly flow in this stream", allowed });
        };
        // Saved emissions are a quantity below zero; waste that is paid for is a fuel with a price below zero.
        let least = |may_be_negative: bool, size: f64| if may_be_negative { -size } else { 0.0 };
        let quantities = [least(self.stream == Stream::Carbon, 1e12), 1e12];
        self.quantity.check(&format!("the quantity of {:?}", self.name), years, quantities, " units")?;
        let prices = [least(self.stream == Stream::Fuel, 1e5), 1e15];
        within(format!("the price of {:?}", self.name), self.price_rub, prices, " RUB")?;
        parameter("price_escalation", self.escalation)?;
        finite("the growth of a price", (1.0 + self.escalation).powf(2.0 * number(years as usize))).map(|_| ())
    }
}
