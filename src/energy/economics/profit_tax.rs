//! Tax on profit, with straight-line depreciation and losses carried forward.

use super::EconomicsError;
use super::error::{number, parameter};
use serde::{Deserialize, Serialize};

/// A tax on profit. Depreciation is straight; a loss is carried forward without end, and takes at most a share of a later year's
/// profit. Value added, property and land taxes are left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProfitTax {
    /// Share of the profit.
    pub rate: f64,
    /// Years over which an outlay is written off, from the year after it, and not before operation begins.
    pub depreciation_years: u32,
    /// Most of a year's profit that earlier losses may take.
    pub loss_use_share: f64,
}

/// An outlay that is written off.
pub(super) struct Asset {
    /// First year of depreciation.
    pub from: usize,
    /// Cost in money of its day: that is what the tax knows.
    pub cost: f64,
}

impl ProfitTax {
    pub(super) fn check(&self) -> Result<(), EconomicsError> {
        parameter("profit_tax_rate", self.rate)?;
        parameter("depreciation_years", f64::from(self.depreciation_years))?;
        parameter("loss_use_share", self.loss_use_share)?;
        Ok(())
    }

    /// Depreciation by year; what is left when operation ends is written off in the last year.
    pub(super) fn depreciation(&self, assets: &[Asset], years: usize) -> Vec<f64> {
        let mut by_year = vec![0.0; years];
        for asset in assets {
            let yearly = asset.cost / f64::from(self.depreciation_years);
            let end = (asset.from + self.depreciation_years as usize).min(years);
            for slot in by_year.iter_mut().take(end).skip(asset.from) {
                *slot += yearly;
            }
            let written = yearly * number(end.saturating_sub(asset.from));
            if let Some(last) = by_year.last_mut()
                && end == years
            {
                *last += asset.cost - written;
            }
        }
        by_year
    }

    /// Tax by year (not below zero) of profits in money of the day.
    pub(super) fn tax(&self, profits: &[f64]) -> Vec<f64> {
        let mut losses = 0.0;
        let year = |profit: &f64| {
            if *profit <= 0.0 {
                losses -= profit;
                return 0.0;
            }
            let used = f64::min(losses, self.loss_use_share * profit);
            losses -= used;
            self.rate * (profit - used)
        };
        profits.iter().map(year).collect()
    }
}
