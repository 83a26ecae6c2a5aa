//! The peat of a column by depth: which layers it has, from the cores of its deposit.
//!
//! A column takes the layers of the nearest core, stretched in proportion to its own depth (conformal layering: what lies
//! a third of the way down in the core lies a third of the way down in the column). The nearest core and not a blend of
//! several: a mean of a sphagnum layer and a sedge layer is a layer that nobody has seen, and the limits on ash and
//! decomposition are about layers. It knows no grids and no limits; it does not interpolate depth.

use super::content::PeatContent;
use super::core_layers::{CoreAtPlace, DerivedProperty, LayerPeat, MeasuredMeans, ProfileInputs, Tally, filled, thicknesses};
use crate::model::PeatType;
use crate::units::Metres;
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Up to so many cores are looked through one by one; more are found by a tree.
const CORES_LOOKED_THROUGH: usize = 24;

/// A layer of a column: where it lies and what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// Top below the surface.
    pub top: Metres,
    /// Bottom below the surface.
    pub bottom: Metres,
    /// Its peat.
    pub peat: LayerPeat,
    /// Content of a cubic metre of it.
    pub per_cubic_metre: PeatContent,
}

impl Slice {
    /// Thickness.
    #[must_use]
    pub fn thickness(&self) -> Metres {
        self.bottom - self.top
    }

    /// Content of a square metre of the part of it between two depths.
    #[must_use]
    pub fn content_between(&self, from: Metres, to: Metres) -> PeatContent {
        self.per_cubic_metre * (self.bottom.min(to) - self.top.max(from)).max(Metres::ZERO).0
    }
}

/// A layer of a profile by relative depth.
#[derive(Debug, Clone, Copy)]
struct RelativeLayer {
    /// Relative depth of its bottom, 0 to 1.
    bottom: f64,
    peat: LayerPeat,
    per_cubic_metre: PeatContent,
    /// Content of a column of unit depth above this layer, for each m² of it.
    above: PeatContent,
}

/// The layers of one core by relative depth, with running sums.
#[derive(Debug, Clone)]
pub struct CoreProfile {
    layers: Vec<RelativeLayer>,
}

impl CoreProfile {
    /// A profile of layers with their relative thickness; `None` where no layer has any.
    fn new(layers: impl IntoIterator<Item = (f64, LayerPeat)>) -> Option<Self> {
        let layers: Vec<(f64, LayerPeat)> = layers.into_iter().filter(|(thickness, _)| *thickness > 0.0).collect();
        let total: f64 = layers.iter().map(|(thickness, _)| thickness).sum();
        let (mut top, mut above) = (0.0, PeatContent::ZERO);
        let mut relative: Vec<RelativeLayer> = Vec::with_capacity(layers.len());
        for (thickness, peat) in layers {
            let share = thickness / total;
            let per_cubic_metre = peat.per_cubic_metre();
            relative.push(RelativeLayer { bottom: top + share, peat, per_cubic_metre, above });
            top += share;
            above += per_cubic_metre * share;
        }
        // Rounding must not leave a sliver of a column without peat.
        relative.last_mut()?.bottom = 1.0;
        Some(Self { layers: relative })
    }

    /// The layers of a column of this depth, from the surface down; none of no depth.
    pub fn slices(&self, depth: Metres) -> impl Iterator<Item = Slice> + '_ {
        let depth = depth.max(Metres::ZERO);
        let mut top = Metres::ZERO;
        self.layers.iter().filter(move |_| depth > Metres::ZERO).map(move |layer| {
            let bottom = depth * layer.bottom;
            let slice = Slice { top, bottom, peat: layer.peat, per_cubic_metre: layer.per_cubic_metre };
            top = bottom;
            slice
        })
    }

    /// Content of a square metre of a column of this depth, between two depths below the surface (m): the difference of two
    /// running sums, so its cost does not grow with the part.
    #[must_use]
    pub fn content(&self, depth: Metres, from: Metres, to: Metres) -> PeatContent {
        if depth.0.is_nan() || depth <= Metres::ZERO || to <= from {
            return PeatContent::ZERO;
        }
        let relative = |at: Metres| (at / depth).clamp(0.0, 1.0);
        (self.above(relative(to)) - self.above(relative(from))) * depth.0
    }

    /// How many layers it has.
    #[must_use]
    pub fn layer_count(&self) -> usize {
        self.layers.len()
    }

    /// Content of a column of unit depth above a relative depth.
    fn above(&self, relative: f64) -> PeatContent {
        let place = self.layers.partition_point(|layer| layer.bottom < relative).min(self.layers.len() - 1);
        let layer = &self.layers[place];
        let top = if place == 0 { 0.0 } else { self.layers[place - 1].bottom };
        layer.above + layer.per_cubic_metre * (relative - top)
    }

    /// The type that most of its dry matter has; `None` where no layer says.
    #[must_use]
    pub fn main_type(&self) -> Option<PeatType> {
        let types = [PeatType::Raised, PeatType::Transitional, PeatType::Fen];
        let mut dry = [0.0; 3];
        let mut top = 0.0;
        for layer in &self.layers {
            if let Some(place) = layer.peat.peat_type.and_then(|peat_type| types.iter().position(|known| *known == peat_type)) {
                dry[place] += layer.per_cubic_metre.dry.0 * (layer.bottom - top);
            }
            top = layer.bottom;
        }
        let most = types.into_iter().zip(dry).max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (most.1 > 0.0).then_some(most.0)
    }
}

/// The profiles of a deposit: one a core, or a single uniform one.
#[derive(Debug, Clone)]
pub struct CoreProfiles {
    profiles: Vec<CoreProfile>,
    places: Vec<[f64; 2]>,
    tree: Option<RTree<GeomWithData<[f64; 2], usize>>>,
    /// What was derived and not measured, by property.
    pub derived: Vec<DerivedProperty>,
}

impl CoreProfiles {
    /// Profiles of cores by their layers; `None` where no core has a layer with a thickness, and [`CoreProfiles::uniform`]
    /// is what remains.
    ///
    /// Where a core has gaps between its layers (samples were taken at 20-50 and 100-130 cm), each layer reaches half way to
    /// its neighbour, the first up to the surface. The end of the last layer is taken for the bottom of the peat. Properties
    /// that were not measured are filled, in this order:
    ///
    /// | property | from |
    /// | --- | --- |
    /// | decomposition R | von Post class; mean of the deposit; else unknown |
    /// | ash, moisture | mean of the deposit; else unknown |
    /// | dry density | natural moisture (saturated density × its share); von Post class, or R as a class; mean of the deposit; default |
    /// | calorific value | mean of the deposit; default (not R: see [`super::calorific_value_of_decomposition`]) |
    ///
    /// The mean of a deposit is the mean of its cores' means, so that a long core counts as one place.
    #[must_use]
    pub fn of_cores(cores: &[CoreAtPlace], inputs: &ProfileInputs) -> Option<Self> {
        let means = MeasuredMeans::of(cores);
        let mut tally = Tally::default();
        let (mut profiles, mut places) = (Vec::new(), Vec::new());
        for core in cores.iter().filter(|core| core.x.is_finite() && core.y.is_finite()) {
            tally.next_core();
            let filled =
                thicknesses(core.layers).map(|(thickness, layer)| (thickness, filled(layer, &means, inputs, &mut tally)));
            if let Some(profile) = CoreProfile::new(filled.collect::<Vec<_>>()) {
                profiles.push(profile);
                places.push([core.x, core.y]);
            }
        }
        if profiles.is_empty() {
            return None;
        }
        let tree = (places.len() > CORES_LOOKED_THROUGH)
            .then(|| RTree::bulk_load(places.iter().enumerate().map(|(place, at)| GeomWithData::new(*at, place)).collect()));
        Some(Self { profiles, places, tree, derived: tally.list() })
    }

    /// One kind of peat from top to bottom, everywhere: the means of all cores, or defaults.
    #[must_use]
    pub fn uniform(peat: LayerPeat) -> Self {
        let profiles = CoreProfile::new([(1.0, peat)]).into_iter().collect();
        Self { profiles, places: vec![[0.0, 0.0]], tree: None, derived: Vec::new() }
    }

    /// The profiles, in the order of the cores that have layers.
    #[must_use]
    pub fn profiles(&self) -> &[CoreProfile] {
        &self.profiles
    }

    /// The place, in [`CoreProfiles::profiles`], of the core nearest to a place; the first of equally near ones.
    #[must_use]
    pub fn nearest(&self, x: f64, y: f64) -> usize {
        if let Some(tree) = &self.tree {
            return tree.nearest_neighbor(&[x, y]).map_or(0, |nearest| nearest.data);
        }
        let mut best = (f64::INFINITY, 0);
        for (place, at) in self.places.iter().enumerate() {
            let squared = (at[0] - x) * (at[0] - x) + (at[1] - y) * (at[1] - y);
            if squared < best.0 {
                best = (squared, place);
            }
        }
        best.1
    }

    /// The profile of the core nearest to a place.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> &CoreProfile {
        &self.profiles[self.nearest(x, y)]
    }
}

#[cfg(test)]
mod tests {
    use super::super::core_layers::test_layers::usual_inputs as inputs;
    use super::*;
    use crate::model::CoreLayer;
    use crate::units::{KilogramsPerCubicMetre, MegaJoulesPerKilogram};

    fn bare(from_m: f64, to_m: f64) -> CoreLayer {
        CoreLayer {
            from_m,
            to_m,
            peat_type: None,
            decomposition: None,
            von_post: None,
            moisture: None,
            ash: None,
            dry_density_kg_m3: None,
            net_calorific_value_dry_mj_kg: None,
            sulphur: None,
        }
    }

    fn measured(from_m: f64, to_m: f64, peat_type: PeatType, density: f64, ash: f64) -> CoreLayer {
        CoreLayer {
            peat_type: Some(peat_type),
            decomposition: Some(0.25),
            ash: Some(ash),
            dry_density_kg_m3: Some(density),
            net_calorific_value_dry_mj_kg: Some(21.0),
            ..bare(from_m, to_m)
        }
    }

    fn two_layers() -> Vec<CoreLayer> {
        vec![measured(0.0, 1.0, PeatType::Raised, 60.0, 0.02), measured(1.0, 4.0, PeatType::Fen, 100.0, 0.10)]
    }

    fn profiles(layers: &[CoreLayer]) -> CoreProfiles {
        CoreProfiles::of_cores(&[CoreAtPlace { x: 0.0, y: 0.0, layers }], &inputs()).expect("a core with layers")
    }

    #[test]
    fn a_core_is_stretched_to_the_depth_of_the_column() {
        let layers = two_layers();
        let profiles = profiles(&layers);
        let slices: Vec<Slice> = profiles.at(500.0, 500.0).slices(Metres(2.0)).collect();
        assert_eq!(slices.len(), 2);
        assert_eq!((slices[0].top, slices[0].bottom, slices[1].bottom), (Metres(0.0), Metres(0.5), Metres(2.0)));
        assert_eq!(slices[1].peat.peat_type, Some(PeatType::Fen));
        // 0.5 m at 60 and 1.5 m at 100 kg/m³.
        let whole = profiles.at(0.0, 0.0).content(Metres(2.0), Metres(0.0), Metres(2.0));
        assert!((whole.dry.0 * 1e3 - 180.0).abs() < 1e-9, "{whole:?}");
        assert!((whole.mean_ash().expect("known").value() - (30.0 * 0.02 + 150.0 * 0.10) / 180.0).abs() < 1e-12);
    }

    #[test]
    fn parts_of_a_column_add_up_to_the_whole() {
        let layers = two_layers();
        let profiles = profiles(&layers);
        let (profile, depth) = (profiles.at(0.0, 0.0), Metres(3.3));
        let cuts = [0.0, 0.4, 0.825, 0.9, 2.0, 3.3];
        let parts: PeatContent = cuts.windows(2).map(|cut| profile.content(depth, Metres(cut[0]), Metres(cut[1]))).sum();
        let whole = profile.content(depth, Metres(0.0), depth);
        for (part, whole) in [(parts.dry.0, whole.dry.0), (parts.ash.0, whole.ash.0), (parts.dry_heat_gj, whole.dry_heat_gj)] {
            assert!((part - whole).abs() < 1e-12, "{part} against {whole}");
        }
        let by_slice: PeatContent = profile.slices(depth).map(|slice| slice.content_between(Metres(0.4), Metres(2.0))).sum();
        let direct = profile.content(depth, Metres(0.4), Metres(2.0));
        assert!((by_slice.dry.0 - direct.dry.0).abs() < 1e-12);
    }

    #[test]
    fn gaps_between_samples_are_shared_by_the_layers_beside_them() {
        let layers = vec![measured(0.2, 0.5, PeatType::Raised, 50.0, 0.02), measured(1.0, 1.3, PeatType::Raised, 100.0, 0.02)];
        let slices: Vec<Slice> = profiles(&layers).at(0.0, 0.0).slices(Metres(1.3)).collect();
        assert!((slices[0].bottom.0 - 0.75).abs() < 1e-12, "half way between 0.5 and 1.0: {:?}", slices[0]);
        assert_eq!((slices[0].top, slices[1].bottom), (Metres(0.0), Metres(1.3)));
    }

    #[test]
    fn what_was_not_measured_is_filled_and_said() {
        let moist = CoreLayer { moisture: Some(0.91), ash: Some(0.027), ..bare(0.0, 1.0) };
        let classed = CoreLayer { von_post: Some(5.0), ..bare(1.0, 2.0) };
        let degree = CoreLayer { decomposition: Some(0.28), ..bare(2.0, 3.0) };
        let layers = vec![moist, classed, degree, bare(3.0, 4.0)];
        let profiles = profiles(&layers);
        let slices: Vec<Slice> = profiles.at(0.0, 0.0).slices(Metres(4.0)).collect();
        let density = |place: usize| slices[place].peat.dry_density.0;
        assert!((density(0) - 87.28).abs() < 0.01 && (density(1) - 82.5).abs() < 1e-9 && (density(2) - 82.5).abs() < 1e-9);
        assert!((density(3) - 90.0).abs() < 1e-12, "no layer has a measured density: the default");
        assert!(slices.iter().all(|slice| slice.peat.net_calorific_value_dry == MegaJoulesPerKilogram(20.9)));
        let found: Vec<(&str, &str)> = profiles.derived.iter().map(|derived| (derived.property, derived.from)).collect();
        for expected in [
            ("dry_density_kg_m3", "moisture"),
            ("dry_density_kg_m3", "von_post"),
            ("dry_density_kg_m3", "decomposition"),
            ("dry_density_kg_m3", "default"),
            ("decomposition", "von_post"),
            ("ash", "deposit_mean"),
            ("net_calorific_value_dry_mj_kg", "default"),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
        assert!(profiles.derived.iter().all(|derived| derived.cores == 1));
    }

    #[test]
    fn a_fully_measured_core_derives_nothing_but_its_moisture() {
        let layers = two_layers();
        assert_eq!(profiles(&layers).derived, Vec::new(), "moisture is unknown everywhere, and stays so");
    }

    #[test]
    fn a_given_density_overrules_the_cores() {
        let layers = two_layers();
        let given = ProfileInputs { given_dry_density: Some(KilogramsPerCubicMetre(123.0)), ..inputs() };
        let profiles = CoreProfiles::of_cores(&[CoreAtPlace { x: 0.0, y: 0.0, layers: &layers }], &given).expect("a core");
        let column = profiles.at(0.0, 0.0).content(Metres(2.0), Metres(0.0), Metres(2.0));
        assert!((column.dry_density().expect("peat").0 - 123.0).abs() < 1e-9);
    }

    #[test]
    fn the_nearest_core_is_found_with_and_without_the_tree() {
        let layers = two_layers();
        let cores: Vec<CoreAtPlace> = (0..100)
            .map(|i| CoreAtPlace { x: f64::from(i * 37 % 100) * 10.0, y: f64::from(i * 61 % 100) * 10.0, layers: &layers })
            .collect();
        let many = CoreProfiles::of_cores(&cores, &inputs()).expect("cores");
        assert!(many.tree.is_some());
        for (x, y) in [(3.0, 991.0), (512.0, 444.0), (-80.0, 12.0), (777.0, 3.0)] {
            let distance = |core: &CoreAtPlace| (core.x - x).hypot(core.y - y);
            let nearest = cores.iter().map(distance).fold(f64::INFINITY, f64::min);
            assert!((distance(&cores[many.nearest(x, y)]) - nearest).abs() < 1e-9);
        }
    }

    #[test]
    fn uniform_peat_is_the_same_at_every_depth() {
        let layers = two_layers();
        let peat = profiles(&layers).at(0.0, 0.0).slices(Metres(4.0)).next().expect("a slice").peat;
        let uniform = CoreProfiles::uniform(peat);
        let part = uniform.at(1e6, -1e6).content(Metres(5.0), Metres(1.0), Metres(2.0));
        assert!((part.volume.0 - 1.0).abs() < 1e-12 && (part.dry.0 - 0.060).abs() < 1e-12);
    }

    #[test]
    fn no_depth_no_layers_and_odd_numbers_hold_nothing() {
        assert!(CoreProfiles::of_cores(&[], &inputs()).is_none());
        assert!(CoreProfiles::of_cores(&[CoreAtPlace { x: 0.0, y: 0.0, layers: &[] }], &inputs()).is_none());
        let layers = two_layers();
        let profiles = profiles(&layers);
        let profile = profiles.at(0.0, 0.0);
        for depth in [0.0, -1.0, f64::NAN] {
            assert_eq!(profile.content(Metres(depth), Metres(0.0), Metres(1.0)), PeatContent::ZERO);
            assert_eq!(profile.slices(Metres(depth)).count(), 0);
        }
        assert_eq!(profile.main_type(), Some(PeatType::Fen), "three metres of four, and denser");
    }
}
