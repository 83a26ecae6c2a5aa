//! What a column is good for, slice by slice from above: the order in which machines will meet it.
//!
//! Each balance layer goes to the most demanding product whose limits it keeps. It knows no prices, no plants and no
//! markets; bitumen, pH and botany, which buyers also ask for, are in no core, so an allotment says what may be offered.

use super::content::PeatContent;
use super::fuel::Fuel;
use super::interbeds::{BalanceClass, LayerLimits, balance_column};
use super::profile::{CoreProfile, CoreProfiles};
use crate::model::PeatType;
use crate::units::{CubicMetres, Hectares, MassFraction, MegawattHours, Metres, Share, SquareMetres, Tonnes};
use rayon::prelude::*;
use serde::Serialize;

/// Columns that one thread takes at a time. Fixed, so that sums are added in one order on any number of threads.
const COLUMNS_AT_ONCE: usize = 4_096;

/// A product, the most demanding first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// White horticultural peat and litter: raised, little decomposed, little ash.
    Horticultural,
    /// Raw material of wax: raised, well decomposed, little ash.
    Chemical,
    /// Fuel.
    Fuel,
    /// Left, or put aside: within no limits, cut out, or too thin.
    Reject,
}

impl Product {
    /// Every product, the most demanding first.
    pub const ALL: [Self; 4] = [Self::Horticultural, Self::Chemical, Self::Fuel, Self::Reject];
}

/// The limits of the products.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductLimits {
    /// Raised peat up to this decomposition is horticultural.
    pub horticultural_max_decomposition: Share,
    /// Horticultural peat has no more ash.
    pub horticultural_max_ash: f64,
    /// Raised peat from this decomposition on is raw material of wax.
    pub chemical_min_decomposition: Share,
    /// Raw material of wax has no more ash.
    pub chemical_max_ash: f64,
    /// Fuel is at least so decomposed.
    pub fuel_min_decomposition: Share,
    /// Fuel has no more ash.
    pub fuel_max_ash: f64,
    /// A thinner slice is not mined apart.
    pub min_slice: Metres,
}

impl ProductLimits {
    /// The most demanding product that peat of this type, decomposition and ash may be.
    ///
    /// For horticulture and chemistry all three must be known; for fuel, what is unknown is not held against it, as in the
    /// rest of the estimate.
    #[must_use]
    pub fn product(&self, peat_type: Option<PeatType>, decomposition: Option<Share>, ash: Option<MassFraction>) -> Product {
        let ash_within = |limit: f64, unknown: bool| ash.map_or(unknown, |ash| ash.value() <= limit);
        let raised = peat_type == Some(PeatType::Raised);
        let decomposed = |least: Share, unknown: bool| decomposition.map_or(unknown, |share| share >= least);
        if raised
            && decomposition.is_some_and(|share| share <= self.horticultural_max_decomposition)
            && ash_within(self.horticultural_max_ash, false)
        {
            Product::Horticultural
        } else if raised && decomposed(self.chemical_min_decomposition, false) && ash_within(self.chemical_max_ash, false) {
            Product::Chemical
        } else if decomposed(self.fuel_min_decomposition, true) && ash_within(self.fuel_max_ash, true) {
            Product::Fuel
        } else {
            Product::Reject
        }
    }
}

/// A column to be allotted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductColumn {
    /// Its area, as far as it may be mined: without what constraints take.
    pub area: SquareMetres,
    /// Depth of its peat.
    pub depth: Metres,
    /// Place of its profile in [`CoreProfiles::profiles`].
    pub profile: usize,
}

/// What one product amounts to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductSum {
    /// The product.
    pub product: Product,
    /// Area of the columns that have some of it.
    pub area_ha: Hectares,
    /// Its mean thickness in place over that area.
    pub mean_thickness_m: Metres,
    /// Volume in place.
    pub volume_m3: CubicMetres,
    /// Dry matter.
    pub dry_mass_t: Tonnes,
    /// Mass at the reference moisture.
    pub mass_t: Tonnes,
    /// Mean ash, where known.
    pub ash: Option<MassFraction>,
    /// Mean decomposition, where known.
    pub decomposition: Option<Share>,
    /// Energy at the reference moisture; of fuel only.
    pub energy_mwh: Option<MegawattHours>,
    /// The sums behind it.
    #[serde(skip)]
    pub content: PeatContent,
}

/// A run of a column that is mined as one.
#[derive(Debug, Clone, Copy)]
struct Run {
    product: Product,
    /// Cut out as an interbed: left where it is, so nothing is mined together with it.
    cut_out: bool,
    peat_type: Option<PeatType>,
    content: PeatContent,
}

impl Run {
    fn thickness(&self) -> f64 {
        self.content.volume.0
    }

    fn joined(self, other: Self, limits: &ProductLimits) -> Self {
        let content = self.content + other.content;
        let peat_type = if other.thickness() > self.thickness() { other.peat_type } else { self.peat_type };
        let product = limits.product(peat_type, content.mean_decomposition(), content.mean_ash());
        Self { product, cut_out: false, peat_type, content }
    }
}

/// Cuts columns into products. `share` is what is mined of the volume in place: net area share, without stumps, as the
/// caller counts; area and thickness stay those in place.
///
/// Per column, from above down to the layer left at the bottom:
///
/// 1. a column that is off-balance by [`balance_column`], and interbeds that are cut out, are rejected;
/// 2. each other layer goes to the first product of [`Product::ALL`] whose limits it keeps;
/// 3. neighbours of one product are one slice. The thinnest slice below `min_slice` is mined with the thicker of its
///    neighbours (the lower one of equals), never across an interbed that stays; the two together go to what their mean
///    decomposition and ash and the type of the thicker allow. This is repeated until every slice can be mined apart. A
///    column thinner than `min_slice` in all is rejected.
///
/// The products of a column add up to what lies above its bottom layer. A column of 3 m with 0.3 m left, one third raised
/// peat (R 10 %) over fen peat (R 35 %), gives 1.0 m horticultural and 1.7 m fuel.
///
/// Sums are the same on any number of threads.
#[must_use]
pub fn product_sums(
    columns: &[ProductColumn],
    profiles: &CoreProfiles,
    balance: &LayerLimits,
    limits: &ProductLimits,
    share: Share,
    reference_moisture: MassFraction,
) -> Vec<ProductSum> {
    let add = |sums: &mut [Tallied; 4], other: &[Tallied; 4]| {
        for (sum, other) in sums.iter_mut().zip(other) {
            sum.area += other.area;
            sum.content += other.content;
        }
    };
    let chunk = |columns: &[ProductColumn]| {
        let mut runs = Vec::new();
        let mut sums = [Tallied::default(); 4];
        for column in columns {
            let Some(profile) = profiles.profiles().get(column.profile) else { continue };
            cut(profile, column.depth, balance, limits, &mut runs);
            let mut seen = [false; 4];
            for run in &runs {
                let place = run.product as usize;
                if !std::mem::replace(&mut seen[place], true) {
                    sums[place].area += column.area;
                }
                sums[place].content += run.content * column.area.0;
            }
        }
        sums
    };
    let parts: Vec<[Tallied; 4]> = columns.par_chunks(COLUMNS_AT_ONCE).map(chunk).collect();
    let mut sums = [Tallied::default(); 4];
    for part in &parts {
        add(&mut sums, part);
    }
    Product::ALL.into_iter().zip(sums).map(|(product, sum)| sum.summed(product, share, reference_moisture)).collect()
}

/// Area and content of a product while it is added up.
#[derive(Debug, Clone, Copy, Default)]
struct Tallied {
    area: SquareMetres,
    content: PeatContent,
}

impl Tallied {
    fn summed(self, product: Product, share: Share, moisture: MassFraction) -> ProductSum {
        let content = self.content * share.value();
        let Fuel { dry_mass_t, mass_t, energy_mwh, .. } = content.fuel(moisture);
        ProductSum {
            product,
            area_ha: self.area.hectares(),
            mean_thickness_m: if self.area.0 > 0.0 { Metres(self.content.volume.0 / self.area.0) } else { Metres::ZERO },
            volume_m3: content.volume,
            dry_mass_t,
            mass_t,
            ash: content.mean_ash(),
            decomposition: content.mean_decomposition(),
            energy_mwh: (product == Product::Fuel).then_some(energy_mwh),
            content,
        }
    }
}

/// Cuts one column into runs, into a buffer that is used again for the next.
fn cut(profile: &CoreProfile, depth: Metres, balance: &LayerLimits, limits: &ProductLimits, runs: &mut Vec<Run>) {
    runs.clear();
    let floor = (depth - balance.bottom_layer).max(Metres::ZERO);
    if balance_column(profile, depth, balance).class() == BalanceClass::OffBalance {
        let content = profile.content(depth, Metres::ZERO, floor);
        if content.volume > CubicMetres::ZERO {
            runs.push(Run { product: Product::Reject, cut_out: true, peat_type: None, content });
        }
        return;
    }
    layers_as_runs(profile, depth, floor, balance, limits, runs);
    merge_equal(runs);
    while let Some((thin, into)) = next_to_join(runs, limits) {
        let (upper, lower) = (thin.min(into), thin.max(into));
        runs[upper] = runs[upper].joined(runs[lower], limits);
        runs.remove(lower);
        merge_equal(runs);
    }
    for run in runs.iter_mut().filter(|run| !run.cut_out && run.thickness() < limits.min_slice.0) {
        run.product = Product::Reject;
    }
}

fn layers_as_runs(
    profile: &CoreProfile,
    depth: Metres,
    floor: Metres,
    balance: &LayerLimits,
    limits: &ProductLimits,
    runs: &mut Vec<Run>,
) {
    // Whether a stretch outside the limits is thick enough to be cut out is known only at its end.
    let mut outside = (runs.len(), Metres::ZERO);
    let settle = |runs: &mut Vec<Run>, outside: &mut (usize, Metres)| {
        if outside.1 > Metres::ZERO && outside.1 >= balance.min_interbed {
            for run in &mut runs[outside.0..] {
                (run.product, run.cut_out) = (Product::Reject, true);
            }
        }
        outside.1 = Metres::ZERO;
    };
    for slice in profile.slices(depth) {
        let content = slice.content_between(Metres::ZERO, floor);
        let allowed = balance.allow(&slice);
        if allowed {
            settle(runs, &mut outside);
        } else if outside.1 <= Metres::ZERO {
            outside.0 = runs.len();
        }
        if content.volume > CubicMetres::ZERO {
            let product = limits.product(slice.peat.peat_type, slice.peat.decomposition, slice.peat.ash);
            runs.push(Run { product, cut_out: false, peat_type: slice.peat.peat_type, content });
        }
        if !allowed {
            outside.1 += slice.thickness();
        }
    }
    settle(runs, &mut outside);
}

/// Neighbours of one product become one; of two types, the thicker one's.
fn merge_equal(runs: &mut Vec<Run>) {
    runs.dedup_by(|lower, upper| {
        let same = lower.product == upper.product && lower.cut_out == upper.cut_out;
        if same {
            if lower.thickness() > upper.thickness() {
                upper.peat_type = lower.peat_type;
            }
            upper.content += lower.content;
        }
        same
    });
}

/// The thinnest run that cannot be mined apart, and the neighbour it is mined with; `None` where all can, or where the
/// thin ones have no neighbour.
fn next_to_join(runs: &[Run], limits: &ProductLimits) -> Option<(usize, usize)> {
    let minable =
        |place: Option<usize>| place.and_then(|place| runs.get(place).filter(|run| !run.cut_out).map(|run| (place, run)));
    let thin = runs.iter().enumerate().filter(|(_, run)| !run.cut_out && run.thickness() < limits.min_slice.0);
    let joins = thin.filter_map(|(place, run)| {
        let above = minable(place.checked_sub(1));
        let below = minable(Some(place + 1));
        let into = match (above, below) {
            (Some((above, upper)), Some((_, lower))) if upper.thickness() > lower.thickness() => above,
            (_, Some((below, _))) => below,
            (Some((above, _)), None) => above,
            (None, None) => return None,
        };
        Some((run.thickness(), place, into))
    });
    joins.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place, into)| (place, into))
}

#[cfg(test)]
mod tests {
    use super::super::core_layers::test_layers::{layer, profile_of};
    use super::*;
    use crate::model::CoreLayer;
    use crate::model::PeatType::{Fen, Raised};

    fn share(value: f64) -> Share {
        Share::new(value).expect("a share")
    }

    fn limits() -> ProductLimits {
        ProductLimits {
            horticultural_max_decomposition: share(0.20),
            horticultural_max_ash: 0.05,
            chemical_min_decomposition: share(0.35),
            chemical_max_ash: 0.10,
            fuel_min_decomposition: share(0.15),
            fuel_max_ash: 0.23,
            min_slice: Metres(0.3),
        }
    }

    fn balance() -> LayerLimits {
        LayerLimits {
            min_depth: Metres(0.7),
            max_ash: 0.35,
            min_decomposition: Share::ZERO,
            min_interbed: Metres(0.5),
            bottom_layer: Metres(0.3),
        }
    }

    /// Thickness of each product, mm, in a column of 1 m².
    fn thicknesses(layers: &[CoreLayer], depth: f64) -> [i64; 4] {
        let column = ProductColumn { area: SquareMetres(1.0), depth: Metres(depth), profile: 0 };
        let moisture = MassFraction::new(0.40).expect("a fraction");
        let sums = product_sums(&[column], &profile_of(layers), &balance(), &limits(), Share::ONE, moisture);
        #[expect(clippy::cast_possible_truncation, reason = "metres of peat in millimetres")]
        [0, 1, 2, 3].map(|place| (sums[place].volume_m3.0 * 1e3).round() as i64)
    }

    #[test]
    fn horticultural_peat_lies_above_the_fuel() {
        let layers = [layer(0.0, 1.0, Raised, 0.10, 0.03, 60.0), layer(1.0, 3.0, Fen, 0.35, 0.08, 110.0)];
        assert_eq!(thicknesses(&layers, 3.0), [1000, 0, 1700, 0]);
    }

    #[test]
    fn each_limit_decides() {
        let of = |kind, decomposition, ash| thicknesses(&[layer(0.0, 1.3, kind, decomposition, ash, 90.0)], 1.3);
        assert_eq!(of(Raised, 0.20, 0.05), [1000, 0, 0, 0]);
        assert_eq!(of(Raised, 0.21, 0.05), [0, 0, 1000, 0]);
        assert_eq!(of(Raised, 0.20, 0.06), [0, 0, 1000, 0]);
        assert_eq!(of(Fen, 0.20, 0.05), [0, 0, 1000, 0]);
        assert_eq!(of(Raised, 0.35, 0.10), [0, 1000, 0, 0]);
        assert_eq!(of(Fen, 0.35, 0.10), [0, 0, 1000, 0]);
        assert_eq!(of(Fen, 0.14, 0.10), [0, 0, 0, 1000]);
        assert_eq!(of(Fen, 0.30, 0.24), [0, 0, 0, 1000], "balance reserve, but no fuel");
        assert_eq!(of(Fen, 0.30, 0.36), [0, 0, 0, 1000], "off-balance");
    }

    #[test]
    fn a_slice_too_thin_to_be_mined_apart_goes_with_its_thicker_neighbour() {
        let layers = [
            layer(0.0, 0.2, Raised, 0.25, 0.03, 80.0),
            layer(0.2, 2.0, Raised, 0.12, 0.03, 60.0),
            layer(2.0, 3.0, Fen, 0.35, 0.08, 110.0),
        ];
        assert_eq!(thicknesses(&layers, 3.0), [2000, 0, 700, 0], "the mean of the upper two is still horticultural");
        let layers = [layer(0.0, 0.25, Raised, 0.10, 0.03, 60.0), layer(0.25, 2.0, Fen, 0.35, 0.08, 110.0)];
        assert_eq!(thicknesses(&layers, 2.0), [0, 0, 1700, 0]);
    }

    #[test]
    fn nothing_is_mined_through_an_interbed_that_stays() {
        let layers = [
            layer(0.0, 0.2, Raised, 0.10, 0.03, 60.0),
            layer(0.2, 1.0, Fen, 0.35, 0.60, 200.0),
            layer(1.0, 3.0, Fen, 0.35, 0.08, 110.0),
        ];
        assert_eq!(thicknesses(&layers, 3.0), [0, 0, 1700, 1000], "the thin top has no neighbour to go with");
    }

    #[test]
    fn what_the_laboratory_did_not_say_is_offered_as_fuel_only() {
        let unknown = CoreLayer { decomposition: None, ash: None, ..layer(0.0, 2.3, Raised, 0.1, 0.02, 60.0) };
        assert_eq!(thicknesses(&[unknown], 2.3), [0, 0, 2000, 0]);
    }

    #[test]
    fn the_products_add_up_to_all_above_the_bottom_layer() {
        let layers = [
            layer(0.0, 0.2, Raised, 0.05, 0.02, 40.0),
            layer(0.2, 0.9, Raised, 0.15, 0.03, 60.0),
            layer(0.9, 1.1, Fen, 0.30, 0.50, 150.0),
            layer(1.1, 1.9, Raised, 0.45, 0.06, 110.0),
            layer(1.9, 2.6, Fen, 0.40, 0.60, 180.0),
            layer(2.6, 4.0, Fen, 0.35, 0.12, 120.0),
        ];
        let profiles = profile_of(&layers);
        let columns: Vec<ProductColumn> = (0..10_000)
            .map(|i| ProductColumn { area: SquareMetres(25.0), depth: Metres(f64::from(i) * 6e-4), profile: 0 })
            .collect();
        let moisture = MassFraction::new(0.40).expect("a fraction");
        let sums = product_sums(&columns, &profiles, &balance(), &limits(), share(0.792), moisture);
        let together: PeatContent = sums.iter().map(|sum| sum.content).sum();
        let all: PeatContent = columns
            .iter()
            .map(|column| {
                let floor = column.depth - Metres(0.3);
                profiles.profiles()[0].content(column.depth, Metres::ZERO, floor) * (column.area.0 * 0.792)
            })
            .sum();
        for (sum, all) in [
            (together.volume.0, all.volume.0),
            (together.dry.0, all.dry.0),
            (together.ash.0, all.ash.0),
            (together.dry_heat_gj, all.dry_heat_gj),
        ] {
            assert!((sum / all - 1.0).abs() < 1e-9, "{sum} against {all}");
        }
        assert!(sums.iter().filter(|sum| sum.volume_m3.0 > 0.0).count() >= 3, "{sums:?}");
        assert!(sums.iter().all(|sum| sum.energy_mwh.is_some() == (sum.product == Product::Fuel)));
    }
}
