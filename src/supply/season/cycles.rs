//! Cycles of a season: mill or cut, dry, collect; again while the weather lasts.

use super::{SeasonError, within};
use crate::model::{HarvestTechnology, ParameterValues};
use crate::units::{Hectares, KilogramsPerCubicMetre, MassFraction, Metres, Share, TonnesPerHectare};

/// A whole number of cycles may miss it by this much through rounding.
const WHOLE: f64 = 1e-9;

/// One cycle of a technology.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HarvestCycle {
    /// Dry matter that reaches the stack.
    pub dry_matter: TonnesPerHectare,
    /// Drying days that it takes.
    pub days: f64,
}

impl HarvestCycle {
    /// A cycle of milling: `q = 10 h ρ η / 1000` t of dry matter a hectare, with the depth `h` in mm (a millimetre of
    /// a hectare is 10 m³), dry density `ρ` in kg/m³ and the share `η` of the layer that is collected.
    ///
    /// 11 mm at 120 kg/m³, of which 65 % are collected, are 8.58 t of dry matter or 14.3 t at 40 % moisture:
    ///
    /// ```
    /// use peatplan::{supply::HarvestCycle, units::*};
    /// let cycle = HarvestCycle::milled(11.0, KilogramsPerCubicMetre(120.0), Share::new(0.65).unwrap(), 2.0).unwrap();
    /// assert!((cycle.dry_matter.0 - 8.58).abs() < 1e-12);
    /// let season = cycle.season_yield(28.0, MassFraction::new(0.40).unwrap());
    /// assert!((season.0 - 200.2).abs() < 1e-9, "14 cycles of 14.3 t");
    /// ```
    ///
    /// # Errors
    /// [`SeasonError::OutOfRange`]: depth above 0 to 100 mm, density above 0 to 1,500 kg/m³, 0.1 to 366 days.
    pub fn milled(depth_mm: f64, density: KilogramsPerCubicMetre, collected: Share, days: f64) -> Result<Self, SeasonError> {
        let depth = within("milling_depth_mm", depth_mm, (f64::MIN_POSITIVE, 100.0), " mm")?;
        let density = within("milled_layer_density_kg_m3", density.0, (f64::MIN_POSITIVE, 1_500.0), " kg/m3")?;
        Self::of(TonnesPerHectare(10.0 * depth * density * collected.value() / 1_000.0), days)
    }

    /// A cycle of which the dry matter is known, as for sod peat.
    ///
    /// # Errors
    /// [`SeasonError::OutOfRange`]: 0 to 10,000 t/ha, 0.1 to 366 days.
    pub fn of(dry_matter: TonnesPerHectare, days: f64) -> Result<Self, SeasonError> {
        let dry_matter = TonnesPerHectare(within("dry matter of a cycle", dry_matter.0, (0.0, 10_000.0), " t/ha")?);
        Ok(Self { dry_matter, days: within("days of a cycle", days, (0.1, 366.0), " d")? })
    }

    /// The cycle of a technology by the parameters of `geodata/reference/season.toml`; none for `other`, of which
    /// nothing is known but the yield that the field states.
    ///
    /// # Errors
    /// As [`HarvestCycle::milled`] and [`HarvestCycle::of`].
    pub fn by_technology(technology: HarvestTechnology, numbers: &ParameterValues) -> Result<Option<Self>, SeasonError> {
        let number = |name: &str| numbers.get(name);
        match technology {
            HarvestTechnology::Milled => {
                let density = KilogramsPerCubicMetre(number("milled_layer_density_kg_m3"));
                let collected = Share::new(number("collected_share")).unwrap_or_default();
                Self::milled(number("milling_depth_mm"), density, collected, number("milled_cycle_days")).map(Some)
            }
            HarvestTechnology::Sod => Self::of(TonnesPerHectare(number("sod_cycle_t_ha")), number("sod_cycle_days")).map(Some),
            HarvestTechnology::Other => Ok(None),
        }
    }

    /// Whole cycles in this many drying days; a cycle that the rain cuts short gives nothing.
    #[must_use]
    pub fn cycles(&self, dry_days: f64) -> f64 {
        (dry_days.clamp(0.0, 366.0) / self.days + WHOLE).floor()
    }

    /// Yield of a season at a reference moisture: dry matter of a cycle × whole cycles, over `1 - W`.
    #[must_use]
    pub fn season_yield(&self, dry_days: f64, reference_moisture: MassFraction) -> TonnesPerHectare {
        self.dry_matter * (self.cycles(dry_days) / (1.0 - reference_moisture.value()))
    }
}

/// By how much a season lowers the surface of a field: `Y (1 - W) / ρ`. What a cycle loosens and does not collect stays on
/// the field and is counted with a later one.
///
/// 200 t/ha at 40 % moisture from peat of 120 kg/m³ are 10 cm:
///
/// ```
/// use peatplan::{supply::yearly_lowering, units::*};
/// let lowering = yearly_lowering(TonnesPerHectare(200.0), MassFraction::new(0.40).unwrap(), KilogramsPerCubicMetre(120.0));
/// assert!((lowering.0 - 0.10).abs() < 1e-12);
/// ```
#[must_use]
pub fn yearly_lowering(
    seasonal_yield: TonnesPerHectare,
    reference_moisture: MassFraction,
    density: KilogramsPerCubicMetre,
) -> Metres {
    if density.0 <= 0.0 {
        return Metres::ZERO;
    }
    let dry = (Hectares(1.0) * seasonal_yield).dry_mass(reference_moisture);
    Metres(dry.0 * 1_000.0 / density.0 / Hectares(1.0).square_metres().0)
}

/// Cycles that a season's daily rain allows: each takes `cycle_days` days in a row with less than `wet_from_mm` of rain,
/// and the next begins the day after. Rain in a cycle spoils it.
///
/// ```
/// use peatplan::supply::drying_cycles;
/// assert_eq!(drying_cycles(&[0.0, 0.2, 5.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0], 1.0, 2), 3);
/// ```
#[must_use]
pub fn drying_cycles(rain_mm: &[f64], wet_from_mm: f64, cycle_days: usize) -> usize {
    let length = cycle_days.max(1);
    // A day of which nothing is known is not counted on.
    rain_mm.split(|rain| rain.is_nan() || *rain >= wet_from_mm).map(|dry_spell| dry_spell.len() / length).sum()
}

/// Mean number of days that a cycle takes when each day is dry with probability `p`, whatever the day before was:
/// `(1 - pᵗ) / ((1 - p) pᵗ)`, the mean recurrence time of a run of `t` successes (Feller, An Introduction to Probability
/// Theory and Its Applications 1, XIII.7). Infinite where it never is dry.
///
/// With two days in three dry, a cycle of two days takes 3.75 days:
///
/// ```
/// assert!((peatplan::supply::days_for_dry_run(2.0 / 3.0, 2) - 3.75).abs() < 1e-12);
/// ```
#[must_use]
pub fn days_for_dry_run(dry_share: f64, cycle_days: u32) -> f64 {
    let days = cycle_days.max(1);
    let p = if dry_share.is_nan() { 0.0 } else { dry_share.clamp(0.0, 1.0) };
    // Σ p⁻ᵏ for k = 1..t: the same sum, and defined at p = 1.
    (1..=days).map(|run| p.powf(-f64::from(run))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::season_parameters;
    use proptest::prelude::*;
    use rand_distr::{Bernoulli, Distribution};
    use rand_pcg::{Pcg64, rand_core::SeedableRng};

    fn moisture() -> MassFraction {
        MassFraction::new(0.40).expect("a fraction below one")
    }

    #[test]
    fn the_default_cycles_give_the_yields_that_are_published() {
        let numbers = ParameterValues::defaults(season_parameters());
        let cycle = |technology| HarvestCycle::by_technology(technology, &numbers).unwrap().unwrap();
        // The seasonal yield of the supply, 200 t/ha at 40 %, and 12-18 t/ha a cycle of the norms for the Central region.
        let milled = cycle(HarvestTechnology::Milled);
        assert!((milled.season_yield(numbers.get("dry_days"), moisture()).0 - 200.0).abs() < 1.0);
        assert!((12.0..18.0).contains(&milled.season_yield(milled.days, moisture()).0));
        // Sod: 100-200 t/ha at 33 % in two or three cycles.
        let sod = cycle(HarvestTechnology::Sod);
        let wet = MassFraction::new(0.33).unwrap();
        assert!((100.0..=200.0).contains(&sod.season_yield(numbers.get("dry_days"), wet).0));
        assert!((2.0..=3.0).contains(&sod.cycles(numbers.get("dry_days"))));
        assert_eq!(HarvestCycle::by_technology(HarvestTechnology::Other, &numbers), Ok(None));
    }

    #[test]
    fn lowering_is_that_of_the_table() {
        // Yields at 40 % against dry densities, in cm a year.
        for (yields, density, cm) in [(100.0, 90.0, 6.7), (200.0, 120.0, 10.0), (300.0, 150.0, 12.0), (500.0, 90.0, 33.3)] {
            let lowering = yearly_lowering(TonnesPerHectare(yields), moisture(), KilogramsPerCubicMetre(density));
            assert!((lowering.0 * 100.0 - cm).abs() < 0.05, "{yields} {density}: {lowering:?}");
        }
    }

    #[test]
    fn a_long_season_has_as_many_cycles_as_renewal_theory_says() {
        let mut chance = Pcg64::seed_from_u64(7);
        for (dry, length) in [(0.5, 2), (0.65, 2), (0.7, 3), (0.8, 9)] {
            let wet = Bernoulli::new(1.0 - dry).unwrap();
            let rain: Vec<f64> = (0..400_000).map(|_| if wet.sample(&mut chance) { 4.0 } else { 0.0 }).collect();
            let cycles = drying_cycles(&rain, 1.0, length);
            let expected = 400_000.0 / days_for_dry_run(dry, u32::try_from(length).unwrap());
            #[expect(clippy::cast_precision_loss, reason = "a count below 400,000")]
            let share = cycles as f64 / expected;
            // Three deviations of the least frequent case.
            assert!((share - 1.0).abs() < 0.02, "{dry} {length}: {cycles} against {expected}");
        }
    }

    #[test]
    fn wrong_cycles_are_refused_by_name_and_unit() {
        let error = HarvestCycle::milled(0.0, KilogramsPerCubicMetre(120.0), Share::ONE, 2.0).unwrap_err();
        assert!(error.to_string().contains("milling_depth_mm") && error.to_string().contains("mm"), "{error}");
        assert!(HarvestCycle::of(TonnesPerHectare(f64::NAN), 2.0).is_err());
        assert!(HarvestCycle::of(TonnesPerHectare(1.0), 0.0).is_err());
    }

    proptest! {
        #[test]
        fn a_wetter_season_never_has_more_cycles(days in 0.1..30.0f64, dry in 0.0..180.0f64, less in 0.0..180.0f64) {
            let cycle = HarvestCycle::of(TonnesPerHectare(8.0), days).unwrap();
            prop_assert!(cycle.cycles(dry.min(less)) <= cycle.cycles(dry.max(less)));
            prop_assert!(cycle.cycles(dry) * days <= dry + 1e-6, "no cycle without its days");
        }

        #[test]
        fn more_rain_never_allows_more_cycles(rain in prop::collection::vec(0.0..6.0f64, 0..120), more in 0.0..3.0f64, length in 1usize..6) {
            let wetter: Vec<f64> = rain.iter().map(|rain| rain + more).collect();
            prop_assert!(drying_cycles(&wetter, 3.0, length) <= drying_cycles(&rain, 3.0, length));
        }
    }
}
