//! How sure a reserve is: volumes of many equally likely deposits, each with its own density, ash, calorific value, moisture
//! and outline; and which of these matters most.

use super::ladder::LadderInputs;
use super::request::ReserveRequest;
use super::thickness::Thickness;
use crate::model::{Parameter, reserve_parameters};
use crate::normal;
use crate::units::LATENT_HEAT_MJ_KG;
use rand::RngExt;
use rand_pcg::Pcg64;
use serde::Serialize;
use std::collections::BTreeMap;

/// Distance of P10 and P90 from the median of a normal distribution, in standard deviations.
const P90_DEVIATIONS: f64 = 1.281_551_565_5;
/// Points of the curve of exceedance.
const CURVE_POINTS: usize = 41;

/// What simulation says of a reserve. P10 is the value that one draw in ten stays below.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UncertaintyReport {
    /// Draws.
    pub realisations: usize,
    /// Start of the random numbers; the same seed gives the same answer on any number of threads.
    pub seed: u64,
    /// Scale in which depths were simulated.
    pub transform: &'static str,
    /// Share of the simulated depths that were below zero and count as zero.
    pub below_zero_share: f64,
    /// By name of the quantity, as in the estimate.
    pub quantities: BTreeMap<&'static str, Quantiles>,
    /// Energy with every factor at its middle: what the bars of the tornado spread around.
    pub energy_mwh_middle: f64,
    /// What each factor alone does to the energy, the largest spread first.
    pub tornado: Vec<TornadoBar>,
    /// Probability that the energy is at least so much.
    pub exceedance: Vec<Exceedance>,
}

/// A quantity as a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Quantiles {
    pub p10: f64,
    pub p50: f64,
    pub p90: f64,
    pub mean: f64,
    pub standard_deviation: f64,
}

/// A factor at its P10 and its P90, all others at their middle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TornadoBar {
    /// The factor.
    pub factor: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Its P10.
    pub low: f64,
    /// Its middle.
    pub middle: f64,
    /// Its P90.
    pub high: f64,
    /// Energy at its P10.
    pub energy_mwh_low: f64,
    /// Energy at its P90.
    pub energy_mwh_high: f64,
}

/// A point of the curve of exceedance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Exceedance {
    pub energy_mwh: f64,
    pub probability: f64,
}

/// Volumes of one deposit, m³.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Volumes {
    pub geological: f64,
    pub balance: f64,
    pub extractable: f64,
    pub delivered: f64,
}

impl Volumes {
    fn plus(self, other: Self, factor: f64) -> Self {
        let sum = |a: f64, b: f64| (a + b * factor).max(0.0);
        Self {
            geological: sum(self.geological, other.geological),
            balance: sum(self.balance, other.balance),
            extractable: sum(self.extractable, other.extractable),
            delivered: sum(self.delivered, other.delivered),
        }
    }
}

/// Takes depths of cells down the ladder.
///
/// What layers do is taken from the estimate: a column whose ash was above the limit gives no balance reserve, and
/// interbeds that were cut out keep their share of the depth.
pub(super) struct DepthsToVolumes<'a> {
    /// Area of a cell, m².
    pub cell_area: f64,
    /// By cell, the share of its depth that is balance reserve where the cell is deep enough; 0 where its ash is above the limit.
    pub kept: &'a [f64],
    /// By cell, the share that no constraint takes.
    pub permitted: &'a [f64],
    /// The ladder.
    pub inputs: LadderInputs,
}

impl DepthsToVolumes<'_> {
    /// Volumes of the whole, m³, from depths by cell, m; a depth below zero counts as zero.
    pub(super) fn volumes(&self, depths: &[f64]) -> Volumes {
        let mut sums = Volumes::default();
        let (least, bottom) = (self.inputs.min_depth.0, self.inputs.bottom_layer.0);
        for ((depth, kept), permitted) in depths.iter().zip(self.kept).zip(self.permitted) {
            let depth = depth.max(0.0);
            sums.geological += depth;
            if depth >= least {
                let allowed = if self.inputs.apply_constraints { *permitted } else { 1.0 };
                sums.balance += depth * kept;
                sums.extractable += (depth - bottom).max(0.0) * kept * allowed;
            }
        }
        let inputs = &self.inputs;
        let net = inputs.stumps.rest().value() * inputs.net_area_share.value();
        let reaching = inputs.loss_extraction.rest().value() * inputs.loss_storage.rest().value();
        let extractable = sums.extractable * self.cell_area * net;
        Volumes {
            geological: sums.geological * self.cell_area,
            balance: sums.balance * self.cell_area,
            extractable,
            delivered: extractable * reaching,
        }
    }

    /// Volumes that a metre more of the outline adds for each metre of its length: the mean column along the edge.
    pub(super) fn along_edge(&self, thickness: &Thickness) -> Volumes {
        let edge = edge_columns(thickness);
        let pick = |of: &[f64]| edge.iter().filter_map(|place| of.get(*place)).copied().collect::<Vec<f64>>();
        let depths: Vec<f64> = edge.iter().map(|place| thickness.columns[*place].depth.0).collect();
        let (kept, permitted) = (pick(self.kept), pick(self.permitted));
        let one = DepthsToVolumes { cell_area: 1.0, kept: &kept, permitted: &permitted, inputs: self.inputs };
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = depths.len().max(1) as f64;
        Volumes::default().plus(one.volumes(&depths), 1.0 / count)
    }
}

/// Columns with a neighbour outside the outline.
fn edge_columns(thickness: &Thickness) -> Vec<usize> {
    let columns = thickness.grid.columns();
    let inside = |cell: usize| thickness.cells.binary_search(&cell).is_ok();
    let is_edge = |cell: usize| {
        let column = cell % columns;
        let beside = |there: bool, other: Option<usize>| there && other.is_some_and(inside);
        !(beside(column > 0, cell.checked_sub(1))
            && beside(column + 1 < columns, cell.checked_add(1))
            && beside(true, cell.checked_sub(columns))
            && beside(true, cell.checked_add(columns)))
    };
    thickness.cells.iter().enumerate().filter(|(_, cell)| is_edge(**cell)).map(|(place, _)| place).collect()
}

/// A number that is not surely known: a normal distribution whose two halves may have different widths, held between limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Uncertain {
    pub middle: f64,
    pub deviation_below: f64,
    pub deviation_above: f64,
    pub least: f64,
    pub most: f64,
}

impl Uncertain {
    /// From the mean of several cores: its standard error. With fewer than two of them, from the range of the parameter, whose
    /// low and high ends are taken for P10 and P90 around its default.
    pub(super) fn of(parameter: &str, middle: f64, core_means: &[f64], [least, most]: [f64; 2]) -> Self {
        let (deviation_below, deviation_above) =
            standard_error(core_means).map_or_else(|| range_deviations(parameter), |deviation| (deviation, deviation));
        Self { middle, deviation_below, deviation_above, least, most }
    }

    fn at(self, deviations: f64) -> f64 {
        let deviation = if deviations < 0.0 { self.deviation_below } else { self.deviation_above };
        (self.middle + deviation * deviations).clamp(self.least, self.most)
    }
}

fn standard_error(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some((variance / n).sqrt())
}

fn range_deviations(parameter: &str) -> (f64, f64) {
    let range = |parameter: &'static Parameter| {
        let default = parameter.value?;
        Some(((default - parameter.low?) / P90_DEVIATIONS, (parameter.high? - default) / P90_DEVIATIONS))
    };
    reserve_parameters().get(parameter).and_then(range).unwrap_or((0.0, 0.0))
}

/// Everything but the depths that a draw takes.
#[derive(Debug, Clone)]
pub(super) struct Factors {
    /// Dry matter of the delivered volume, kg/m³.
    pub dry_density: Uncertain,
    /// Net calorific value of dry matter, MJ/kg.
    pub calorific_value: Uncertain,
    /// Ash of dry matter, share.
    pub ash: Uncertain,
    /// Moisture of the delivered fuel, share of wet mass.
    pub moisture: Uncertain,
    /// The outline moved outwards, m.
    pub boundary: Uncertain,
    /// Length of the outline, m.
    pub outline_length: f64,
    /// What a metre of it brings, m³ a metre of length.
    pub along_edge: Volumes,
}

/// Where the five factors stand, in standard deviations.
type Stand = [f64; 5];

impl Factors {
    fn moved(&self, volumes: Volumes, stand: &Stand) -> Volumes {
        volumes.plus(self.along_edge, self.boundary.at(stand[4]) * self.outline_length)
    }

    /// Dry matter (t), mass (t) and energy (MWh) of a delivered volume.
    fn fuel(&self, delivered: f64, stand: &Stand) -> [f64; 3] {
        let dry = delivered * self.dry_density.at(stand[0]) / 1e3;
        // More ash is less of what burns.
        let burning = (1.0 - self.ash.at(stand[2])) / (1.0 - self.ash.middle);
        let calorific = self.calorific_value.at(stand[1]) * burning;
        let moisture = self.moisture.at(stand[3]);
        let mass = dry / (1.0 - moisture);
        [dry, mass, (dry * calorific - mass * moisture * LATENT_HEAT_MJ_KG) / 3.6]
    }
}

/// The report from the volumes of the realisations.
///
/// Each realisation of the depths is joined with one draw of every other factor, independent of each other: `M = V ρ / (1 - W)`,
/// `E = V ρ (q (1 - A) / (1 - A_0) - 2.443 W / (1 - W))`, the outline moved by δ with `ΔV = δ L d_edge`. The same
/// seed gives the same answer on any number of threads.
pub(super) fn uncertainty_report(
    volumes: &[Volumes],
    below_zero_share: f64,
    factors: &Factors,
    request: &ReserveRequest,
) -> UncertaintyReport {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at most 2^32")]
    let seed = request.numbers.get("seed") as u64;
    let mut columns: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for (volumes, stand) in volumes.iter().zip(&stands(volumes.len(), seed)) {
        let moved = factors.moved(*volumes, stand);
        let [dry, mass, energy] = factors.fuel(moved.delivered, stand);
        for (name, value) in [
            ("geological_volume_m3", moved.geological),
            ("balance_volume_m3", moved.balance),
            ("extractable_volume_m3", moved.extractable),
            ("dry_mass_t", dry),
            ("mass_t", mass),
            ("energy_mwh", energy),
        ] {
            columns.entry(name).or_default().push(value);
        }
    }
    for values in columns.values_mut() {
        values.sort_by(f64::total_cmp);
    }
    let exceedance = columns.get("energy_mwh").map(|energies| exceedance(energies)).unwrap_or_default();
    UncertaintyReport {
        realisations: volumes.len(),
        seed,
        transform: request.choices.transform.word(),
        below_zero_share,
        quantities: columns.iter().map(|(name, values)| (*name, quantiles(values))).collect(),
        energy_mwh_middle: middle_energy(volumes, factors),
        tornado: tornado(volumes, factors),
        exceedance,
    }
}

/// Where the factors stand in each draw, by Latin hypercube sampling (`McKay`, Beckman & Conover 1979, doi 10.2307/1268522): each factor
/// takes the middle of every one of `count` equally likely parts of its distribution once, in an order of its own. Means and
/// quantiles then scatter far less from seed to seed than with independent draws.
fn stands(count: usize, seed: u64) -> Vec<Stand> {
    let mut stands = vec![[0.0; 5]; count];
    for factor in 0..5 {
        // The streams of the depths are mixed from the same seed in another way.
        let mut chance = Pcg64::new(u128::from(seed) | (0x5eed_u128 << 64), factor as u128);
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last, chance.random_range(0..=last));
        }
        for (stand, part) in stands.iter_mut().zip(order) {
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            let share = (part as f64 + 0.5) / count as f64;
            stand[factor] = normal::quantile(share);
        }
    }
    stands
}

/// Value below which a share of ascending values lies, between them linearly (Hyndman & Fan 1996, type 7).
///
/// Of 1, 2, 3, 4, 5 the tenth part lies below 1.4.
pub(super) fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let place = share.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last place")]
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    ascending[below] + (ascending[above] - ascending[below]) * place.fract()
}

fn quantiles(ascending: &[f64]) -> Quantiles {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let n = ascending.len().max(1) as f64;
    let mean = ascending.iter().sum::<f64>() / n;
    let squares = ascending.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    Quantiles {
        p10: quantile(ascending, 0.1),
        p50: quantile(ascending, 0.5),
        p90: quantile(ascending, 0.9),
        mean,
        standard_deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
    }
}

fn exceedance(ascending: &[f64]) -> Vec<Exceedance> {
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let share = |point: usize| point as f64 / (CURVE_POINTS - 1) as f64;
    (0..CURVE_POINTS)
        .map(share)
        .map(|share| Exceedance { energy_mwh: quantile(ascending, share), probability: 1.0 - share })
        .collect()
}

fn middle_energy(volumes: &[Volumes], factors: &Factors) -> f64 {
    let mut delivered: Vec<f64> = volumes.iter().map(|volumes| volumes.delivered).collect();
    delivered.sort_by(f64::total_cmp);
    factors.fuel(quantile(&delivered, 0.5), &[0.0; 5])[2]
}

fn tornado(volumes: &[Volumes], factors: &Factors) -> Vec<TornadoBar> {
    let mut delivered: Vec<f64> = volumes.iter().map(|volumes| volumes.delivered).collect();
    let mut geological: Vec<f64> = volumes.iter().map(|volumes| volumes.geological).collect();
    delivered.sort_by(f64::total_cmp);
    geological.sort_by(f64::total_cmp);
    let middle: Stand = [0.0; 5];
    let middle_volume = quantile(&delivered, 0.5);
    let energy = |volume: f64, stand: &Stand| {
        let moved = factors.moved(Volumes { delivered: volume, ..Volumes::default() }, stand);
        factors.fuel(moved.delivered, stand)[2]
    };
    let of = |place: usize, factor: &'static str, unit: &'static str, uncertain: Uncertain| {
        let stand = |deviations: f64| {
            let mut stand = middle;
            stand[place] = deviations;
            stand
        };
        let (low, high) = (stand(-P90_DEVIATIONS), stand(P90_DEVIATIONS));
        TornadoBar {
            factor,
            unit,
            low: uncertain.at(-P90_DEVIATIONS),
            middle: uncertain.middle,
            high: uncertain.at(P90_DEVIATIONS),
            energy_mwh_low: energy(middle_volume, &low),
            energy_mwh_high: energy(middle_volume, &high),
        }
    };
    let mut bars = vec![
        TornadoBar {
            factor: "thickness",
            unit: "m3",
            low: quantile(&geological, 0.1),
            middle: quantile(&geological, 0.5),
            high: quantile(&geological, 0.9),
            energy_mwh_low: energy(quantile(&delivered, 0.1), &middle),
            energy_mwh_high: energy(quantile(&delivered, 0.9), &middle),
        },
        of(0, "dry_density", "kg/m3", factors.dry_density),
        of(1, "calorific_value", "MJ/kg", factors.calorific_value),
        of(2, "ash", "share", factors.ash),
        of(3, "moisture", "share", factors.moisture),
        of(4, "boundary", "m", factors.boundary),
    ];
    let spread = |bar: &TornadoBar| (bar.energy_mwh_high - bar.energy_mwh_low).abs();
    bars.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    bars
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what comes out is what went in, or exact in binary")]
mod tests {
    use super::*;

    fn certain(middle: f64) -> Uncertain {
        Uncertain { middle, deviation_below: 0.0, deviation_above: 0.0, least: f64::NEG_INFINITY, most: f64::INFINITY }
    }

    fn factors() -> Factors {
        Factors {
            dry_density: certain(90.0),
            calorific_value: certain(20.9),
            ash: certain(0.05),
            moisture: certain(0.40),
            boundary: certain(0.0),
            outline_length: 1_000.0,
            along_edge: Volumes { geological: 1.0, balance: 1.0, extractable: 0.5, delivered: 0.5 },
        }
    }

    fn report(factors: &Factors) -> UncertaintyReport {
        let draw =
            |delivered: f64| Volumes { geological: 2.0 * delivered, balance: delivered, extractable: delivered, delivered };
        let volumes: Vec<Volumes> = (1..=101).map(|number| draw(f64::from(number) * 100.0)).collect();
        uncertainty_report(&volumes, 0.0, factors, &ReserveRequest::default())
    }

    #[test]
    fn quantiles_lie_between_their_neighbours() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.1), 1.4);
        assert_eq!((quantile(&[7.0], 0.9), quantile(&[], 0.5)), (7.0, 0.0));
    }

    #[test]
    fn with_everything_else_certain_the_depths_alone_spread() {
        let report = report(&factors());
        let geological = report.quantities["geological_volume_m3"];
        assert!((geological.p10 - 2_200.0).abs() < 1e-9 && (geological.p50 - 10_200.0).abs() < 1e-9);
        // 5,100 m³ at 90 kg/m³ are 765 t at 40 %; each tonne has 20.9 · 0.6 - 2.443 · 0.4 GJ.
        assert!((report.quantities["mass_t"].p50 - 765.0).abs() < 1e-9);
        let energy = 765.0 * (20.9 * 0.6 - 2.443 * 0.4) / 3.6;
        assert!((report.quantities["energy_mwh"].p50 - energy).abs() < 1e-6);
        assert_eq!(report.tornado[0].factor, "thickness");
        assert!(report.tornado[1..].iter().all(|bar| bar.energy_mwh_low == bar.energy_mwh_high));
    }

    #[test]
    fn a_factor_spreads_as_its_distribution_says() {
        let density = Uncertain { deviation_below: 9.0, deviation_above: 18.0, ..certain(90.0) };
        let report = report(&Factors { dry_density: density, ..factors() });
        let bar = report.tornado.iter().find(|bar| bar.factor == "dry_density").expect("a bar");
        assert!((bar.low - (90.0 - 9.0 * P90_DEVIATIONS)).abs() < 1e-9);
        assert!((bar.high - (90.0 + 18.0 * P90_DEVIATIONS)).abs() < 1e-9);
        assert!((bar.energy_mwh_high / bar.energy_mwh_low - bar.high / bar.low).abs() < 1e-9);
    }

    #[test]
    fn each_factor_takes_every_part_of_its_distribution_once() {
        let stands = stands(200, 7);
        for factor in 0..5 {
            let mut values: Vec<f64> = stands.iter().map(|stand| stand[factor]).collect();
            assert!(values.iter().sum::<f64>().abs() < 1e-9, "as many below the middle as above it");
            values.sort_by(f64::total_cmp);
            values.dedup();
            assert_eq!(values.len(), 200);
        }
        assert_ne!(stands[0][0], stands[0][1], "each in an order of its own");
        assert_eq!(stands[..5], super::stands(200, 7)[..5]);
    }
}
