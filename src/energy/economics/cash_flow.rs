//! The table of money by year, and what it says of a project.

use super::error::{EconomicsError, finite, number};
use super::present_value::exact_sum;
use super::{RateOfReturn, Stream, capital_recovery_factor, payback_years, rates_of_return};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whose money a table is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// Money of the price year.
    Real,
    /// Money of each year's own day.
    Nominal,
}

/// Currency, year and terms of every amount of a result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MoneyBasis {
    /// Code of the currency (ISO 4217).
    pub currency: &'static str,
    /// Present values and levelised costs are in money of this year.
    pub price_year: i32,
    /// Calendar year of year 0, to which values are discounted.
    pub first_year: i32,
    /// Terms of the table by year, of the rates of return and of the simple payback.
    pub terms: Terms,
    /// Discount rate in these terms, a year.
    pub discount_rate: f64,
    /// The real one, of levelised costs.
    pub real_discount_rate: f64,
    /// Inflation a year.
    pub inflation: f64,
}

impl MoneyBasis {
    /// Prices of a year over those of the price year.
    pub(super) fn price_level(&self, year: usize) -> f64 {
        (1.0 + self.inflation).powf(f64::from(self.first_year - self.price_year) + number(year))
    }

    /// By what an amount of a year, in the terms of the table, is multiplied for its present value in money of the price year.
    pub(super) fn discount_factor(&self, year: usize) -> f64 {
        let real = (1.0 + self.real_discount_rate).powf(-number(year));
        match self.terms {
            Terms::Real => real,
            Terms::Nominal => real / self.price_level(year),
        }
    }
}

/// One stream by year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamRow {
    /// Which.
    pub stream: Stream,
    /// By year; income positive, cost negative.
    pub amounts_rub: Vec<f64>,
    /// Present value of the row.
    pub present_value_rub: f64,
}

/// Money by year: a row a stream, and their sums. All vectors have one number a year, from year 0 to the last of operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CashFlow {
    /// Calendar years.
    pub years: Vec<i32>,
    /// The streams in which something flows, in the order of [`Stream`].
    pub streams: Vec<StreamRow>,
    /// Sum of the streams.
    pub net_rub: Vec<f64>,
    /// Sum of the years so far.
    pub cumulative_rub: Vec<f64>,
    /// By what a year's amount is multiplied for its present value.
    pub discount_factor: Vec<f64>,
    /// Sum of the present values of the years so far; the last one is the net present value.
    pub cumulative_present_value_rub: Vec<f64>,
}

/// What the net flows say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// Net present value, discounted to year 0.
    pub npv_rub: f64,
    /// The same as equal payments over the years from 1 to the last, at the real discount rate.
    pub npv_annuity_rub_a: f64,
    /// All internal rates of return, in the terms of the table.
    pub internal_rate_of_return: RateOfReturn,
    /// Years from year 0 until the money is back for good, in the terms of the table.
    pub simple_payback_years: Option<f64>,
    /// The same of present values.
    pub discounted_payback_years: Option<f64>,
    /// Present value of the investment, without replacements.
    pub investment_present_value_rub: f64,
    /// `1 + NPV / investment`; none without investment.
    pub profitability_index: Option<f64>,
}

/// Amounts by stream and year, in money of the day.
pub(super) type Rows = BTreeMap<Stream, Vec<f64>>;

impl CashFlow {
    /// The table in the terms of `money`.
    pub(super) fn new(rows: &Rows, years: usize, money: &MoneyBasis) -> Result<Self, EconomicsError> {
        let to_terms = |year: usize| match money.terms {
            Terms::Real => 1.0 / money.price_level(year),
            Terms::Nominal => 1.0,
        };
        let to_terms: Vec<f64> = (0..years).map(to_terms).collect();
        let discount_factor: Vec<f64> = (0..years).map(|year| money.discount_factor(year)).collect();
        let row = |(stream, amounts): (&Stream, &Vec<f64>)| {
            let amounts_rub: Vec<f64> = amounts.iter().zip(&to_terms).map(|(amount, factor)| amount * factor).collect();
            let present_value_rub = exact_sum(amounts_rub.iter().zip(&discount_factor).map(|(amount, factor)| amount * factor));
            StreamRow { stream: *stream, amounts_rub, present_value_rub }
        };
        let flows = |amounts: &Vec<f64>| amounts.iter().any(|amount| *amount != 0.0);
        let streams: Vec<StreamRow> = rows.iter().filter(|(_, amounts)| flows(amounts)).map(row).collect();
        let net_rub: Vec<f64> = (0..years).map(|year| exact_sum(streams.iter().map(|stream| stream.amounts_rub[year]))).collect();
        let present = net_rub.iter().zip(&discount_factor).map(|(net, factor)| net * factor);
        let cumulative_present_value_rub = running_sums(present);
        for sum in &cumulative_present_value_rub {
            finite("the present value of the flows", *sum)?;
        }
        let calendar = (money.first_year..).take(years).collect();
        let cumulative_rub = running_sums(net_rub.iter().copied());
        Ok(Self { years: calendar, streams, net_rub, cumulative_rub, discount_factor, cumulative_present_value_rub })
    }

    /// A stream's amounts, where something flows in it.
    #[must_use]
    pub fn stream(&self, stream: Stream) -> Option<&StreamRow> {
        self.streams.iter().find(|row| row.stream == stream)
    }

    /// What the net flows say.
    pub(super) fn measures(&self, money: &MoneyBasis) -> Result<Measures, EconomicsError> {
        let present: Vec<f64> = self.net_rub.iter().zip(&self.discount_factor).map(|(net, factor)| net * factor).collect();
        let npv_rub = finite("the net present value", exact_sum(present.iter().copied()))?;
        let years = u32::try_from(self.net_rub.len().saturating_sub(1)).unwrap_or(u32::MAX).max(1);
        let investment = -self.stream(Stream::Investment).map_or(0.0, |row| row.present_value_rub);
        Ok(Measures {
            npv_rub,
            npv_annuity_rub_a: npv_rub * capital_recovery_factor(money.real_discount_rate, years)?,
            internal_rate_of_return: rates_of_return(&self.net_rub)?,
            simple_payback_years: payback_years(&self.net_rub)?,
            discounted_payback_years: payback_years(&present)?,
            investment_present_value_rub: investment,
            profitability_index: (investment > 0.0).then(|| 1.0 + npv_rub / investment),
        })
    }
}

fn running_sums(amounts: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    amounts
        .map(|amount| {
            sum += amount;
            sum
        })
        .collect()
}
