//! What a field can give: a harvest each season, until its stock is gone.

use crate::model::{FeatureId, FieldStatus, HarvestTechnology};
use crate::units::{Hectares, MegaJoulesPerKilogram, MegawattHours, Share, Tonnes, TonnesPerHectare};

/// A field as a source of fuel. Tonnes are at the reference moisture, losses of extraction and storage taken off.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldStock {
    /// Row in `fields`.
    pub field: FeatureId,
    /// Row in `deposits`.
    pub deposit: FeatureId,
    /// State.
    pub status: FieldStatus,
    /// How its peat is won, where it says so.
    pub technology: Option<HarvestTechnology>,
    /// Gross area.
    pub gross_area: Hectares,
    /// Net area as stated; else the gross area times the net share.
    pub net_area: Option<Hectares>,
    /// Seasonal yield as stated; else the parameter.
    pub seasonal_yield: Option<TonnesPerHectare>,
    /// Deliverable fuel on the whole gross area, before the net share.
    pub gross_stock: Tonnes,
    /// Loss in storage, for the harvest.
    pub loss_storage: Share,
    /// Net calorific value at the reference moisture.
    pub calorific_value: MegaJoulesPerKilogram,
}

impl FieldStock {
    /// Net area, by the net share where the field does not say.
    #[must_use]
    pub fn net_area(&self, net_area_share: Share) -> Hectares {
        self.net_area.unwrap_or(self.gross_area * net_area_share.value())
    }

    /// Deliverable fuel on the net area.
    #[must_use]
    pub fn stock(&self, net_area_share: Share) -> Tonnes {
        if self.gross_area.0 > 0.0 {
            self.gross_stock * (self.net_area(net_area_share) / self.gross_area).min(1.0)
        } else {
            Tonnes::ZERO
        }
    }

    /// Energy of a mass of this field's fuel.
    #[must_use]
    pub fn energy(&self, mass: Tonnes) -> MegawattHours {
        (mass * self.calorific_value).megawatt_hours()
    }

    /// Whether the field may be harvested now, or at all.
    #[must_use]
    pub fn counts(&self, include_undeveloped: bool) -> bool {
        match self.status {
            FieldStatus::InProduction | FieldStatus::Prepared => true,
            FieldStatus::Undeveloped => include_undeveloped,
            FieldStatus::WorkedOut | FieldStatus::Rewetted => false,
        }
    }
}

/// Fuel of a season: `H = A_net Y k_weather (1 - L_store)`, t at the reference moisture.
///
/// 434 ha net at 200 t/ha give 86.8 kt in an average season, what a plant of 40 MW fuel burns in 6,000 h:
///
/// ```
/// use peatplan::{supply::seasonal_harvest, units::*};
/// let harvest = seasonal_harvest(Hectares(434.0), TonnesPerHectare(200.0), 1.0, Share::ZERO);
/// assert_eq!(harvest, Tonnes(86_800.0));
/// ```
#[must_use]
pub fn seasonal_harvest(net_area: Hectares, seasonal_yield: TonnesPerHectare, weather: f64, loss_storage: Share) -> Tonnes {
    net_area * seasonal_yield * weather * loss_storage.rest().value()
}
