//! Prices of foreign sources in roubles of the price year.

use super::EconomicsError;
use super::error::{amount, finite, within};
use serde::{Deserialize, Serialize};

/// How a price of a foreign source becomes one in roubles of the price year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignPrice {
    /// Code of the currency (ISO 4217): `EUR`.
    pub currency: String,
    /// Year whose money the source states.
    pub source_year: i32,
    /// Growth of prices abroad from that year to the price year, as a factor.
    pub price_index: f64,
    /// Roubles for one unit of the currency in the price year.
    pub roubles_per_unit: f64,
    /// Where index and rate come from.
    pub source: String,
}

impl ForeignPrice {
    /// The amount in roubles of the price year: `amount * index * rate`. Prices grow abroad first and are exchanged then.
    ///
    /// 3.54 million EUR of 2015 with an index of 1.30 at 100 RUB are 460 million RUB.
    ///
    /// ```
    /// use peatplan::energy::economics::ForeignPrice;
    /// let price = ForeignPrice { currency: "EUR".into(), source_year: 2015, price_index: 1.30, roubles_per_unit: 100.0, source: "example".into() };
    /// assert!((price.roubles(3.54e6).unwrap() - 460.2e6).abs() < 1.0);
    /// ```
    ///
    /// # Errors
    /// An index outside 0.1 to 100, a rate outside 0.0001 to 1,000,000, or an amount that is not a number.
    pub fn roubles(&self, foreign_amount: f64) -> Result<f64, EconomicsError> {
        let index = within("the price index", self.price_index, [0.1, 100.0], "")?;
        let rate = within("the exchange rate", self.roubles_per_unit, [1e-4, 1e6], " RUB")?;
        finite("the amount in roubles", amount("the foreign amount", foreign_amount)? * index * rate)
    }
}
