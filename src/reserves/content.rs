//! What an amount of peat holds, as sums that can be added up and divided again.
//!
//! Means of peat are weighted means: ash by dry matter, decomposition by volume, heat by dry matter. Adding the sums and
//! dividing at the end gives the right mean whichever way the pieces were cut. It knows no columns and no cells.

use super::fuel::Fuel;
use crate::units::{
    CubicMetres, GigaJoules, KilogramsPerCubicMetre, LATENT_HEAT_MJ_KG, MassFraction, MegaJoulesPerKilogram, Share, Tonnes,
};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

/// Sums over an amount of peat in place.
///
/// A column's content is that of one square metre of it; times the area it is that of the land.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PeatContent {
    /// Volume in place.
    pub volume: CubicMetres,
    /// Dry matter.
    pub dry: Tonnes,
    /// Heat of the dry matter, `Σ DM q_d`, GJ; no fuel is ever that dry, see [`PeatContent::fuel`].
    pub dry_heat_gj: f64,
    /// Ash in the dry matter whose ash is known.
    pub ash: Tonnes,
    /// Dry matter whose ash is known.
    pub dry_with_ash: Tonnes,
    /// `Σ V R` over the volume whose decomposition is known, m³.
    pub decomposed: CubicMetres,
    /// Volume whose decomposition is known.
    pub volume_with_decomposition: CubicMetres,
    /// `Σ V W` over the volume whose natural moisture is known, m³.
    pub moist: CubicMetres,
    /// Volume whose natural moisture is known.
    pub volume_with_moisture: CubicMetres,
}

impl PeatContent {
    /// Nothing.
    pub const ZERO: Self = Self {
        volume: CubicMetres::ZERO,
        dry: Tonnes::ZERO,
        dry_heat_gj: 0.0,
        ash: Tonnes::ZERO,
        dry_with_ash: Tonnes::ZERO,
        decomposed: CubicMetres::ZERO,
        volume_with_decomposition: CubicMetres::ZERO,
        moist: CubicMetres::ZERO,
        volume_with_moisture: CubicMetres::ZERO,
    };

    /// Mean ash of the dry matter whose ash is known, weighted by dry matter; `None` where none is.
    #[must_use]
    pub fn mean_ash(&self) -> Option<MassFraction> {
        (self.dry_with_ash.0 > 0.0).then(|| self.ash / self.dry_with_ash).and_then(fraction)
    }

    /// Mean decomposition `R` over the volume whose decomposition is known; `None` where none is.
    #[must_use]
    pub fn mean_decomposition(&self) -> Option<Share> {
        let mean = (self.volume_with_decomposition.0 > 0.0).then(|| self.decomposed / self.volume_with_decomposition)?;
        Share::new(mean.clamp(0.0, 1.0))
    }

    /// Mean natural moisture over the volume whose moisture is known; `None` where none is.
    #[must_use]
    pub fn mean_moisture(&self) -> Option<MassFraction> {
        (self.volume_with_moisture.0 > 0.0).then(|| self.moist / self.volume_with_moisture).and_then(fraction)
    }

    /// Dry matter over volume; `None` of nothing.
    #[must_use]
    pub fn dry_density(&self) -> Option<KilogramsPerCubicMetre> {
        (self.volume.0 > 0.0).then(|| KilogramsPerCubicMetre(self.dry.0 * 1e3 / self.volume.0))
    }

    /// Net calorific value of dry matter, weighted by dry matter; `None` of nothing.
    #[must_use]
    pub fn net_calorific_value_dry(&self) -> Option<MegaJoulesPerKilogram> {
        (self.dry.0 > 0.0).then(|| MegaJoulesPerKilogram(self.dry_heat_gj / self.dry.0))
    }

    /// The amount as fuel at a moisture `W`: `M = DM / (1 - W)` and, by ISO 18125 summed over unlike layers,
    /// `E = Σ DM q_d - DM 2.443 W / (1 - W)` in GJ where masses are in t and values in MJ/kg.
    ///
    /// 1,000 m³ at 90 kg/m³ and 20.9 MJ/kg are 150 t at 40 % moisture with 1,734.42 GJ:
    ///
    /// ```
    /// use peatplan::{reserves::PeatContent, units::*};
    /// let dry = CubicMetres(1_000.0) * KilogramsPerCubicMetre(90.0);
    /// let content = PeatContent { volume: CubicMetres(1_000.0), dry, dry_heat_gj: dry.0 * 20.9, ..PeatContent::ZERO };
    /// let fuel = content.fuel(MassFraction::new(0.40).unwrap());
    /// assert!((fuel.mass_t.0 - 150.0).abs() < 1e-9);
    /// assert!((fuel.energy_gj.0 - (90.0 * 20.9 - 150.0 * 2.443 * 0.40)).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn fuel(&self, moisture: MassFraction) -> Fuel {
        let mass = self.dry.wet_mass(moisture);
        let energy = GigaJoules(self.dry_heat_gj - mass.0 * moisture.value() * LATENT_HEAT_MJ_KG);
        Fuel {
            dry_mass_t: self.dry,
            mass_t: mass,
            energy_gj: energy,
            energy_mwh: energy.megawatt_hours(),
            tonnes_coal_equivalent: energy.coal_equivalent(),
        }
    }
}

/// A mean as a fraction; a rounding above or below what is possible is taken back.
fn fraction(mean: f64) -> Option<MassFraction> {
    MassFraction::new(mean.clamp(0.0, 1.0 - f64::EPSILON))
}

impl Add for PeatContent {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            volume: self.volume + other.volume,
            dry: self.dry + other.dry,
            dry_heat_gj: self.dry_heat_gj + other.dry_heat_gj,
            ash: self.ash + other.ash,
            dry_with_ash: self.dry_with_ash + other.dry_with_ash,
            decomposed: self.decomposed + other.decomposed,
            volume_with_decomposition: self.volume_with_decomposition + other.volume_with_decomposition,
            moist: self.moist + other.moist,
            volume_with_moisture: self.volume_with_moisture + other.volume_with_moisture,
        }
    }
}

impl Mul<f64> for PeatContent {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self {
            volume: self.volume * factor,
            dry: self.dry * factor,
            dry_heat_gj: self.dry_heat_gj * factor,
            ash: self.ash * factor,
            dry_with_ash: self.dry_with_ash * factor,
            decomposed: self.decomposed * factor,
            volume_with_decomposition: self.volume_with_decomposition * factor,
            moist: self.moist * factor,
            volume_with_moisture: self.volume_with_moisture * factor,
        }
    }
}

impl Sub for PeatContent {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + other * -1.0
    }
}

impl AddAssign for PeatContent {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for PeatContent {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 m³ of peat of this density, ash and decomposition.
    fn cubic_metre(density: f64, ash: Option<f64>, decomposition: Option<f64>) -> PeatContent {
        let dry = Tonnes(density / 1e3);
        PeatContent {
            volume: CubicMetres(1.0),
            dry,
            dry_heat_gj: dry.0 * 21.0,
            ash: Tonnes(dry.0 * ash.unwrap_or(0.0)),
            dry_with_ash: if ash.is_some() { dry } else { Tonnes::ZERO },
            decomposed: CubicMetres(decomposition.unwrap_or(0.0)),
            volume_with_decomposition: CubicMetres(if decomposition.is_some() { 1.0 } else { 0.0 }),
            ..PeatContent::ZERO
        }
    }

    #[test]
    fn means_are_weighted_by_what_they_belong_to() {
        let both = cubic_metre(60.0, Some(0.02), Some(0.10)) + cubic_metre(120.0, Some(0.08), Some(0.40));
        let ash = both.mean_ash().expect("known").value();
        assert!((ash - (60.0 * 0.02 + 120.0 * 0.08) / 180.0).abs() < 1e-12, "by dry matter: {ash}");
        let decomposition = both.mean_decomposition().expect("known").value();
        assert!((decomposition - 0.25).abs() < 1e-12, "by volume: {decomposition}");
        assert_eq!(both.dry_density(), Some(KilogramsPerCubicMetre(90.0)));
    }

    #[test]
    fn what_is_unknown_does_not_dilute_a_mean() {
        let both = cubic_metre(60.0, Some(0.02), None) + cubic_metre(120.0, None, None);
        assert!((both.mean_ash().expect("one is known").value() - 0.02).abs() < 1e-12);
        assert_eq!((both.mean_decomposition(), both.mean_moisture()), (None, None));
    }

    #[test]
    fn nothing_has_no_means_and_no_energy() {
        let nothing = PeatContent::ZERO;
        assert_eq!((nothing.mean_ash(), nothing.dry_density(), nothing.net_calorific_value_dry()), (None, None, None));
        assert_eq!(nothing.fuel(MassFraction::new(0.4).expect("a fraction")).energy_gj, GigaJoules::ZERO);
    }
}
