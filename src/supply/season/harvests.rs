//! What fields give in a wet, an average and a dry season, by their technology.

use super::{HarvestCycle, SeasonError, SeasonKind, within, yearly_lowering};
use crate::model::{FeatureId, HarvestTechnology, ParameterValues};
use crate::supply::{FieldStock, seasonal_harvest};
use crate::units::{CubicMetres, KilogramsPerCubicMetre, MassFraction, Metres, Share, Tonnes, TonnesPerHectare};
use serde::Serialize;

/// Peat as it lies loose in the stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LooseFuel {
    /// Mass of a loose cubic metre at the moisture of the stack, kg/m³.
    pub density_kg_m3: f64,
    /// Moisture of the stack.
    pub moisture: MassFraction,
}

impl LooseFuel {
    /// Sod peat, or else milled, by the parameters of `geodata/reference/season.toml`.
    #[must_use]
    pub fn of(technology: Option<HarvestTechnology>, numbers: &ParameterValues) -> Self {
        let kind = if technology == Some(HarvestTechnology::Sod) { "sod" } else { "milled" };
        Self {
            density_kg_m3: numbers.get(&format!("{kind}_loose_density_kg_m3")),
            moisture: MassFraction::new(numbers.get(&format!("{kind}_moisture"))).unwrap_or_default(),
        }
    }

    /// Loose volume of a mass at the reference moisture: the dry matter is the same, so
    /// `V = M (1 - W_ref) / (ρ (1 - W_stack))`.
    ///
    /// 90 t at 40 % are 100 t at 46 % and 312.5 m³ at 0.32 t/m³:
    ///
    /// ```
    /// use peatplan::{supply::LooseFuel, units::*};
    /// let fraction = |value| MassFraction::new(value).unwrap();
    /// let milled = LooseFuel { density_kg_m3: 320.0, moisture: fraction(0.46) };
    /// assert!((milled.volume(Tonnes(90.0), fraction(0.40)).0 - 312.5).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn volume(&self, mass: Tonnes, reference_moisture: MassFraction) -> CubicMetres {
        let in_stack = mass.dry_mass(reference_moisture).wet_mass(self.moisture);
        CubicMetres(if self.density_kg_m3 > 0.0 { in_stack.0 * 1_000.0 / self.density_kg_m3 } else { 0.0 })
    }
}

/// What the harvest of a season is computed from.
#[derive(Debug, Clone)]
pub struct SeasonNorms<'a> {
    /// Parameters of `geodata/reference/season.toml`.
    pub numbers: &'a ParameterValues,
    /// Whether yields that fields do not state come from cycles and drying days; else from `seasonal_yield`.
    pub by_cycles: bool,
    /// Yield where neither the field nor its cycles say one.
    pub seasonal_yield: TonnesPerHectare,
    /// Moisture to which tonnes refer.
    pub reference_moisture: MassFraction,
    /// Net share of a field's area, where the field does not say.
    pub net_area_share: Share,
}

/// A field's harvest in a season.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeasonHarvest {
    /// Row in `fields`.
    pub field_id: FeatureId,
    /// Which season.
    pub season: SeasonKind,
    /// Harvest over the average one; of cycles, drying days over the average ones.
    pub weather_factor: f64,
    /// Drying days, where cycles were counted.
    pub dry_days: Option<f64>,
    /// Whole cycles, where they were counted.
    pub cycles: Option<f64>,
    /// Yield at the reference moisture, before the loss in storage.
    pub yield_t_ha: TonnesPerHectare,
    /// Fuel of the season, the loss in storage taken off, bounded by the stock.
    pub harvest_t: Tonnes,
    /// Loose volume of what is brought to the stack.
    pub loose_m3: CubicMetres,
    /// By how much the surface is lowered.
    pub lowering_m: Metres,
}

impl SeasonNorms<'_> {
    /// The yield of a field in a season: as it states, or by cycles, or by the parameter.
    ///
    /// # Errors
    /// [`SeasonError::OutOfRange`] for a weather factor outside 0 to 10 and for parameters of a cycle.
    pub fn season_yield(&self, stock: &FieldStock, weather: f64) -> Result<TonnesPerHectare, SeasonError> {
        Ok(self.of_field(stock, weather)?.0)
    }

    /// The yield, and the drying days and cycles where they were counted.
    fn of_field(&self, stock: &FieldStock, weather: f64) -> Result<(TonnesPerHectare, Option<(f64, f64)>), SeasonError> {
        within("weather_factor", weather, (0.0, 10.0), "")?;
        if let Some(stated) = stock.seasonal_yield {
            return Ok((stated * weather, None));
        }
        // Where a field does not say how its peat is won, it is milled: that is how nearly all fuel peat is.
        let technology = stock.technology.unwrap_or(HarvestTechnology::Milled);
        let cycle = if self.by_cycles { HarvestCycle::by_technology(technology, self.numbers)? } else { None };
        Ok(match cycle {
            Some(cycle) => {
                let days = self.numbers.get("dry_days") * weather;
                (cycle.season_yield(days, self.reference_moisture), Some((days, cycle.cycles(days))))
            }
            None => (self.seasonal_yield * weather, None),
        })
    }
}

/// Harvest of each field in the seasons given with their weather factors, fields and seasons in their order.
///
/// 100 ha of milled peat in a wet season of 0.45 × 28 = 12.6 drying days: six cycles of two days, 14.3 t/ha each.
///
/// ```
/// use peatplan::{model::*, supply::*, units::*};
/// let stock = FieldStock {
///     field: 1, deposit: 1, status: FieldStatus::InProduction, technology: Some(HarvestTechnology::Milled), gross_area: Hectares(125.0),
///     net_area: Some(Hectares(100.0)), seasonal_yield: None, gross_stock: Tonnes(1e6), loss_storage: Share::ZERO,
///     calorific_value: MegaJoulesPerKilogram(10.8),
/// };
/// let numbers = ParameterValues::defaults(season_parameters());
/// let norms = SeasonNorms {
///     numbers: &numbers, by_cycles: true, seasonal_yield: TonnesPerHectare(200.0),
///     reference_moisture: MassFraction::new(0.40).unwrap(), net_area_share: Share::ONE,
/// };
/// let wet = season_harvests(&[&stock], &[(SeasonKind::Wet, 0.45)], &norms).unwrap().remove(0);
/// assert_eq!(wet.cycles, Some(6.0));
/// assert!((wet.harvest_t.0 - 8_580.0).abs() < 1e-6);
/// ```
///
/// # Errors
/// As [`SeasonNorms::season_yield`].
pub fn season_harvests(
    stocks: &[&FieldStock],
    seasons: &[(SeasonKind, f64)],
    norms: &SeasonNorms<'_>,
) -> Result<Vec<SeasonHarvest>, SeasonError> {
    let density = KilogramsPerCubicMetre(norms.numbers.get("milled_layer_density_kg_m3"));
    let mut harvests = Vec::with_capacity(stocks.len() * seasons.len());
    for stock in stocks {
        let area = stock.net_area(norms.net_area_share);
        for (season, weather) in seasons {
            let (season_yield, counted) = norms.of_field(stock, *weather)?;
            let harvest = seasonal_harvest(area, season_yield, 1.0, stock.loss_storage).min(stock.stock(norms.net_area_share));
            let kept = stock.loss_storage.rest().value();
            let stacked = if kept > 0.0 { harvest / kept } else { Tonnes::ZERO };
            harvests.push(SeasonHarvest {
                field_id: stock.field,
                season: *season,
                weather_factor: *weather,
                dry_days: counted.map(|(days, _)| days),
                cycles: counted.map(|(_, cycles)| cycles),
                yield_t_ha: season_yield,
                harvest_t: harvest,
                loose_m3: LooseFuel::of(stock.technology, norms.numbers).volume(stacked, norms.reference_moisture),
                lowering_m: if area.0 > 0.0 {
                    yearly_lowering(TonnesPerHectare(stacked.0 / area.0), norms.reference_moisture, density)
                } else {
                    Metres::ZERO
                },
            });
        }
    }
    Ok(harvests)
}

#[cfg(test)]
pub(in crate::supply) mod tests {
    use super::*;
    use crate::model::{FieldStatus, season_parameters};
    use crate::units::{Hectares, MegaJoulesPerKilogram};
    use proptest::prelude::*;

    /// A field of 100 ha net that holds 400,000 t at 10.84 MJ/kg and loses 5 % in storage.
    pub(in crate::supply) fn field(id: FeatureId) -> FieldStock {
        FieldStock {
            field: id,
            deposit: 1,
            status: FieldStatus::InProduction,
            technology: None,
            gross_area: Hectares(125.0),
            net_area: Some(Hectares(100.0)),
            seasonal_yield: None,
            gross_stock: Tonnes(500_000.0),
            loss_storage: Share::new(0.05).unwrap(),
            calorific_value: MegaJoulesPerKilogram(10.84),
        }
    }

    fn norms(numbers: &ParameterValues, by_cycles: bool) -> SeasonNorms<'_> {
        SeasonNorms {
            numbers,
            by_cycles,
            seasonal_yield: TonnesPerHectare(200.0),
            reference_moisture: MassFraction::new(0.40).unwrap(),
            net_area_share: Share::new(0.8).unwrap(),
        }
    }

    const SEASONS: [(SeasonKind, f64); 3] = [(SeasonKind::Wet, 0.45), (SeasonKind::Mean, 1.0), (SeasonKind::Dry, 1.25)];

    #[test]
    fn milled_sod_and_other_fields_give_what_their_cycles_do() {
        let numbers = ParameterValues::defaults(season_parameters());
        let sod = FieldStock { technology: Some(HarvestTechnology::Sod), ..field(2) };
        let other = FieldStock { technology: Some(HarvestTechnology::Other), ..field(3) };
        let all = season_harvests(&[&field(1), &sod, &other], &SEASONS, &norms(&numbers, true)).unwrap();
        // 28 days: 14 cycles of 14.3 t; 12.6 days: 6 cycles; 35 days: 17 cycles.
        let cycles: Vec<f64> = all[..3].iter().filter_map(|harvest| harvest.cycles).collect();
        assert_eq!(cycles, [6.0, 14.0, 17.0]);
        assert!((all[1].harvest_t.0 - 100.0 * 200.2 * 0.95).abs() < 1e-6);
        assert!((all[1].lowering_m.0 - 0.1001).abs() < 1e-9);
        // Sod of 33.5 t dry a cycle: one, three and three cycles.
        assert_eq!(all[3..6].iter().filter_map(|harvest| harvest.cycles).collect::<Vec<_>>(), [1.0, 3.0, 3.0]);
        assert!((all[4].yield_t_ha.0 - 3.0 * 33.5 / 0.6).abs() < 1e-9);
        assert!(all[4].loose_m3.0 / all[4].harvest_t.0 < all[1].loose_m3.0 / all[1].harvest_t.0, "sod lies denser");
        assert_eq!((all[7].cycles, all[7].yield_t_ha), (None, TonnesPerHectare(200.0)));
    }

    #[test]
    fn without_cycles_the_harvest_is_that_of_the_supply() {
        let numbers = ParameterValues::defaults(season_parameters());
        let stated = FieldStock { seasonal_yield: Some(TonnesPerHectare(310.0)), ..field(2) };
        let all = season_harvests(&[&field(1), &stated], &SEASONS, &norms(&numbers, false)).unwrap();
        for (harvest, expected) in all.iter().zip([8_550.0, 19_000.0, 23_750.0, 13_252.5, 29_450.0, 36_812.5]) {
            assert!((harvest.harvest_t.0 - expected).abs() < 1e-6, "{harvest:?}");
        }
        assert!(season_harvests(&[&field(1)], &[(SeasonKind::Dry, f64::NAN)], &norms(&numbers, true)).is_err());
    }

    #[test]
    fn a_loose_cubic_metre_holds_the_energy_that_is_published() {
        // VTT by hake.fi: 0.90 MWh in a loose m³ of milled peat, 1.40 of sod peat.
        let numbers = ParameterValues::defaults(season_parameters());
        for (technology, mwh) in [(HarvestTechnology::Milled, 0.90), (HarvestTechnology::Sod, 1.40)] {
            let loose = LooseFuel::of(Some(technology), &numbers);
            let heat = MegaJoulesPerKilogram(20.9).as_received(loose.moisture).0 / 3.6;
            let per_cubic_metre = heat * loose.density_kg_m3 / 1_000.0;
            assert!((per_cubic_metre - mwh).abs() < 0.01, "{technology:?}: {per_cubic_metre}");
        }
    }

    proptest! {
        #[test]
        fn a_wetter_season_never_gives_more(
            wetter in 0.0..1.4f64, drier in 0.0..1.4f64, by_cycles: bool, stock in 0.0..1e6f64, sod: bool,
        ) {
            let numbers = ParameterValues::defaults(season_parameters());
            let technology = Some(if sod { HarvestTechnology::Sod } else { HarvestTechnology::Milled });
            let field = FieldStock { technology, gross_stock: Tonnes(stock), ..field(1) };
            let seasons = [(SeasonKind::Wet, wetter.min(drier)), (SeasonKind::Dry, wetter.max(drier))];
            let all = season_harvests(&[&field], &seasons, &norms(&numbers, by_cycles)).unwrap();
            prop_assert!(all[0].harvest_t <= all[1].harvest_t);
            prop_assert!(all[1].harvest_t <= field.stock(Share::ONE), "nothing beyond the stock");
        }
    }
}
