//! Quantities with their units in the type, and only the arithmetic that makes sense.
//!
//! It is the ground floor: it knows nothing of peat, files or maps. A bare `f64` crosses a room's
//! boundary only where a number has no unit (a count, an exponent) or its name carries one.
//!
//! ```
//! use peatplan::units::*;
//! let volume = Metres(2.0) * Hectares(10.0).square_metres();
//! assert_eq!(volume, CubicMetres(200_000.0));
//! let dry = volume * KilogramsPerCubicMetre(90.0);
//! assert_eq!(dry, Tonnes(18_000.0));
//! assert_eq!(dry.wet_mass(MassFraction::new(0.40).unwrap()), Tonnes(30_000.0));
//! ```

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

/// Latent heat of water at 25 °C in MJ/kg, as ISO 1928 and ISO 18125 use it for net calorific values.
pub const LATENT_HEAT_MJ_KG: f64 = 2.443;

/// Energy of a tonne of coal equivalent in GJ (7,000 Mcal of 4.1868 J/cal).
pub const GIGAJOULES_PER_TONNE_COAL_EQUIVALENT: f64 = 29.3076;

/// GJ in a MWh, exact.
pub const GIGAJOULES_PER_MEGAWATT_HOUR: f64 = 3.6;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);
            /// The larger of the two; a NaN loses.
            #[must_use]
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }
            /// The smaller of the two; a NaN loses.
            #[must_use]
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }
        }
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }
        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }
        /// The ratio of two of a kind is a plain number.
        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
                Self(parts.map(|part| part.0).sum())
            }
        }
    };
}

quantity!(
    /// Length or depth in metres.
    Metres
);
quantity!(
    /// Area in square metres.
    SquareMetres
);
quantity!(
    /// Area in hectares (10,000 m²).
    Hectares
);
quantity!(
    /// Volume in cubic metres; of peat it is the volume in place unless the name says otherwise.
    CubicMetres
);
quantity!(
    /// Dry matter in a cubic metre of peat in place, kg/m³.
    KilogramsPerCubicMetre
);
quantity!(
    /// Mass in tonnes; which moisture it has stands in the name that carries it.
    Tonnes
);
quantity!(
    /// Mass on an area in t/ha.
    TonnesPerHectare
);
quantity!(
    /// Energy in gigajoules, net calorific value.
    GigaJoules
);
quantity!(
    /// Energy in megawatt hours.
    MegawattHours
);
quantity!(
    /// Power in megawatts.
    Megawatts
);
quantity!(
    /// Time in hours.
    Hours
);
quantity!(
    /// Calorific value in MJ/kg, the same number in GJ/t.
    MegaJoulesPerKilogram
);
quantity!(
    /// Energy in tonnes of coal equivalent (29.3076 GJ).
    TonnesCoalEquivalent
);
quantity!(
    /// Cost in roubles a tonne.
    RoublesPerTonne
);

macro_rules! product {
    ($left:ident * $right:ident = $result:ident, $factor:expr) => {
        impl Mul<$right> for $left {
            type Output = $result;
            fn mul(self, other: $right) -> $result {
                $result(self.0 * other.0 * $factor)
            }
        }
    };
}

product!(Metres * Metres = SquareMetres, 1.0);
product!(Metres * SquareMetres = CubicMetres, 1.0);
product!(SquareMetres * Metres = CubicMetres, 1.0);
product!(CubicMetres * KilogramsPerCubicMetre = Tonnes, 1e-3);
product!(Tonnes * MegaJoulesPerKilogram = GigaJoules, 1.0);
product!(Hectares * TonnesPerHectare = Tonnes, 1.0);
product!(Megawatts * Hours = MegawattHours, 1.0);

impl Hectares {
    /// The same area in m².
    #[must_use]
    pub fn square_metres(self) -> SquareMetres {
        SquareMetres(self.0 * 10_000.0)
    }
}

impl SquareMetres {
    /// The same area in ha.
    #[must_use]
    pub fn hectares(self) -> Hectares {
        Hectares(self.0 / 10_000.0)
    }
}

impl GigaJoules {
    /// The same energy in MWh: 3.6 GJ make one.
    #[must_use]
    pub fn megawatt_hours(self) -> MegawattHours {
        MegawattHours(self.0 / GIGAJOULES_PER_MEGAWATT_HOUR)
    }
    /// The same energy in tonnes of coal equivalent: 29.3076 GJ make one.
    #[must_use]
    pub fn coal_equivalent(self) -> TonnesCoalEquivalent {
        TonnesCoalEquivalent(self.0 / GIGAJOULES_PER_TONNE_COAL_EQUIVALENT)
    }
}

impl MegawattHours {
    /// The same energy in GJ.
    #[must_use]
    pub fn gigajoules(self) -> GigaJoules {
        GigaJoules(self.0 * GIGAJOULES_PER_MEGAWATT_HOUR)
    }
}

impl TonnesCoalEquivalent {
    /// The same energy in GJ. `TonnesCoalEquivalent(0.34)` is 9.965 GJ.
    #[must_use]
    pub fn gigajoules(self) -> GigaJoules {
        GigaJoules(self.0 * GIGAJOULES_PER_TONNE_COAL_EQUIVALENT)
    }
}

impl Tonnes {
    /// Mass with water of this much dry matter at moisture `W`: `M = DM / (1 - W)`.
    ///
    /// 60 t of dry matter at 40 % moisture are 100 t.
    #[must_use]
    pub fn wet_mass(self, moisture: MassFraction) -> Self {
        Self(self.0 / (1.0 - moisture.value()))
    }
    /// Dry matter in this much wet mass at moisture `W`: `DM = M (1 - W)`.
    #[must_use]
    pub fn dry_mass(self, moisture: MassFraction) -> Self {
        Self(self.0 * (1.0 - moisture.value()))
    }
}

impl MegaJoulesPerKilogram {
    /// Net calorific value as received from the net calorific value of dry matter (ISO 18125):
    /// `q_ar = q_d (1 - W) - 2.443 W`.
    ///
    /// 20.6 MJ/kg dry gives 9.08 MJ/kg at 50 % moisture. Below zero (more water than the fuel can
    /// evaporate) it stays negative, so that nobody mistakes wet peat for fuel.
    #[must_use]
    pub fn as_received(self, moisture: MassFraction) -> Self {
        Self(self.0 * (1.0 - moisture.value()) - LATENT_HEAT_MJ_KG * moisture.value())
    }
}

/// A share between nothing and everything, `0 <= x <= 1`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct Share(f64);

impl Share {
    /// Everything.
    pub const ONE: Self = Self(1.0);
    /// Nothing.
    pub const ZERO: Self = Self(0.0);

    /// A share, unless the number lies outside `0..=1` or is not a number.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }
    /// The plain number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
    /// What is left: `1 - x`.
    #[must_use]
    pub fn rest(self) -> Self {
        Self(1.0 - self.0)
    }
}

/// Water in a wet mass, or ash in a dry mass: `0 <= x < 1`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct MassFraction(f64);

impl MassFraction {
    /// A mass fraction, unless the number lies outside `0..1` or is not a number.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..1.0).contains(&value).then_some(Self(value))
    }
    /// The plain number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

/// Dry density of water-saturated peat, from its natural moisture `W` (share of wet mass) and its
/// ash `A` (share of dry mass): `rho_s = 1 / ((1 - A)/1.5 + A/2.6)` t/m³ of solids (general
/// knowledge: 1.5 organic, 2.6 mineral) and `rho_sat = 1000 (1 - W) / ((1 - W)/rho_s + W)` kg/m³.
///
/// `W` = 91 %, `A` = 2.7 % gives 92.8 kg/m³. Peat cannot be denser than this, dry matter per volume;
/// measured peat in place has about 0.94 of it.
#[must_use]
pub fn saturated_dry_density(moisture: MassFraction, ash: MassFraction) -> KilogramsPerCubicMetre {
    let (water, ash) = (moisture.value(), ash.value());
    let solids = 1.0 / ((1.0 - ash) / 1.5 + ash / 2.6);
    KilogramsPerCubicMetre(1_000.0 * (1.0 - water) / ((1.0 - water) / solids + water))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(value: f64) -> MassFraction {
        MassFraction::new(value).expect("a fraction below one")
    }

    #[test]
    fn a_hundred_tonnes_keep_their_dry_matter_when_the_moisture_changes() {
        let dry = Tonnes(100.0).dry_mass(fraction(0.40));
        assert_eq!(dry, Tonnes(60.0));
        assert!((dry.wet_mass(fraction(0.50)).0 - 120.0).abs() < 1e-9);
        assert!((dry.wet_mass(fraction(0.16)).0 - 71.43).abs() < 0.005);
    }

    #[test]
    fn net_calorific_values_agree_with_the_finnish_laboratory_pairs() {
        // Dry and at 50 % moisture, reports on Iitti, Keuruu and Isokyrö (GTK 217, 221, 228).
        for (dry, published) in [(20.6, 9.1), (21.1, 9.4), (19.8, 8.7)] {
            let wet = MegaJoulesPerKilogram(dry).as_received(fraction(0.50)).0;
            assert!((wet - published).abs() < 0.08, "{dry}: {wet} against {published}");
        }
    }

    #[test]
    fn coal_equivalents_are_those_of_the_russian_statistics() {
        assert!((TonnesCoalEquivalent(0.34).gigajoules().0 - 9.965).abs() < 5e-4);
        assert!((TonnesCoalEquivalent(0.60).gigajoules().0 - 17.585).abs() < 5e-4);
    }

    #[test]
    fn saturated_peat_at_91_percent_moisture_holds_92_8_kilograms_dry() {
        let density = saturated_dry_density(fraction(0.91), fraction(0.027));
        assert!((density.0 - 92.8).abs() < 0.05, "{density:?}");
    }

    #[test]
    fn ninety_kilograms_dry_are_0_15_tonnes_at_40_percent() {
        let mass = (CubicMetres(1.0) * KilogramsPerCubicMetre(90.0)).wet_mass(fraction(0.40));
        assert!((mass.0 - 0.150).abs() < 1e-12);
    }

    #[test]
    fn shares_and_fractions_refuse_what_they_are_not() {
        assert!(Share::new(1.0).is_some() && Share::new(-0.1).is_none() && Share::new(f64::NAN).is_none());
        assert!(MassFraction::new(1.0).is_none() && MassFraction::new(f64::INFINITY).is_none());
    }
}
