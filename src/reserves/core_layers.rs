//! The layers of cores with their gaps filled, each filling noted.
//!
//! What a laboratory did not measure is derived from what it did, or taken from the mean of the deposit, or is a default;
//! the [`DerivedProperty`] list says which. It knows no columns: [`super::CoreProfiles`] puts the layers into them.

use super::content::PeatContent;
use super::gap_filling::{
    decomposition_of_von_post, dry_density_of_moisture, dry_density_of_von_post, von_post_of_decomposition,
};
use crate::model::{CoreLayer, PeatType};
use crate::units::{CubicMetres, KilogramsPerCubicMetre, MassFraction, MegaJoulesPerKilogram, Share, Tonnes};
use serde::Serialize;
use std::collections::BTreeMap;

/// A core at its place in the metric system of the estimate.
#[derive(Debug, Clone, Copy)]
pub struct CoreAtPlace<'a> {
    /// East, m.
    pub x: f64,
    /// North, m.
    pub y: f64,
    /// Its layers from the surface down.
    pub layers: &'a [CoreLayer],
}

/// What fills gaps, and what a request sets for all layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInputs {
    /// Dry density for every layer, where the request gives one; it overrules the cores.
    pub given_dry_density: Option<KilogramsPerCubicMetre>,
    /// Net calorific value of dry matter for every layer, where the request gives one; it overrules the cores.
    pub given_calorific_value: Option<MegaJoulesPerKilogram>,
    /// Dry density where nothing else is known.
    pub default_dry_density: KilogramsPerCubicMetre,
    /// Net calorific value of dry matter where nothing else is known.
    pub default_calorific_value: MegaJoulesPerKilogram,
    /// Ash that stands in where a density is computed from moisture and no core has an ash; it never becomes the ash of a
    /// layer.
    pub default_ash: MassFraction,
    /// Share of the saturated density that peat in place has.
    pub saturated_share: Share,
    /// Factor on the densities by von Post class.
    pub von_post_density_factor: f64,
}

/// A value that no laboratory measured, and from what it was derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DerivedProperty {
    /// The property, as in `geodata/schema/cores.toml`.
    pub property: &'static str,
    /// `von_post`, `decomposition`, `moisture`, `deposit_mean`, `default`; `given` where the request overrules.
    pub from: &'static str,
    /// In how many cores at least one layer has it so.
    pub cores: usize,
}

/// Peat of one layer, its gaps filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerPeat {
    /// Type, where the core says.
    pub peat_type: Option<PeatType>,
    /// Degree of decomposition R.
    pub decomposition: Option<Share>,
    /// Ash of dry matter.
    pub ash: Option<MassFraction>,
    /// Natural moisture.
    pub moisture: Option<MassFraction>,
    /// Dry density in place.
    pub dry_density: KilogramsPerCubicMetre,
    /// Net calorific value of dry matter.
    pub net_calorific_value_dry: MegaJoulesPerKilogram,
}

impl LayerPeat {
    /// Content of a cubic metre of it.
    #[must_use]
    pub fn per_cubic_metre(&self) -> PeatContent {
        let one = CubicMetres(1.0);
        let known = |there: bool| if there { one } else { CubicMetres::ZERO };
        let dry = one * self.dry_density;
        PeatContent {
            volume: one,
            dry,
            dry_heat_gj: (dry * self.net_calorific_value_dry).0,
            ash: dry * self.ash.map_or(0.0, MassFraction::value),
            dry_with_ash: if self.ash.is_some() { dry } else { Tonnes::ZERO },
            decomposed: one * self.decomposition.map_or(0.0, Share::value),
            volume_with_decomposition: known(self.decomposition.is_some()),
            moist: one * self.moisture.map_or(0.0, MassFraction::value),
            volume_with_moisture: known(self.moisture.is_some()),
        }
    }
}

/// Each layer with the thickness that it stands for: gaps are shared between the layers beside them, overlaps too.
pub(super) fn thicknesses(layers: &[CoreLayer]) -> impl Iterator<Item = (f64, &CoreLayer)> {
    let middle = |above: &CoreLayer, below: &CoreLayer| f64::midpoint(above.to_m, below.from_m);
    layers.iter().enumerate().map(move |(place, layer)| {
        let top = if place == 0 { 0.0 } else { middle(&layers[place - 1], layer) };
        let bottom = layers.get(place + 1).map_or(layer.to_m, |below| middle(layer, below));
        let thickness = bottom - top;
        (if thickness.is_finite() { thickness.max(0.0) } else { 0.0 }, layer)
    })
}

/// Means of what was measured.
pub(super) struct MeasuredMeans {
    dry_density: Option<f64>,
    ash: Option<f64>,
    calorific_value: Option<f64>,
    decomposition: Option<f64>,
    moisture: Option<f64>,
}

impl MeasuredMeans {
    pub(super) fn of(cores: &[CoreAtPlace]) -> Self {
        let dry_matter = |layer: &CoreLayer| layer.dry_density_kg_m3.unwrap_or(90.0);
        let mean = |property: &dyn Fn(&CoreLayer) -> Option<f64>, weight: &dyn Fn(&CoreLayer) -> f64| {
            let core_means = cores.iter().filter_map(|core| {
                let (mut sum, mut total) = (0.0, 0.0);
                for (thickness, layer) in thicknesses(core.layers) {
                    if let Some(value) = property(layer) {
                        sum += value * thickness * weight(layer);
                        total += thickness * weight(layer);
                    }
                }
                (total > 0.0).then(|| sum / total)
            });
            let (count, sum) = core_means.fold((0.0, 0.0), |(count, sum), mean| (count + 1.0, sum + mean));
            (count > 0.0).then(|| sum / count)
        };
        Self {
            dry_density: mean(&|layer| layer.dry_density_kg_m3, &|_| 1.0),
            ash: mean(&|layer| layer.ash, &dry_matter),
            calorific_value: mean(&|layer| layer.net_calorific_value_dry_mj_kg, &dry_matter),
            decomposition: mean(&|layer| layer.decomposition, &|_| 1.0),
            moisture: mean(&|layer| layer.moisture, &|_| 1.0),
        }
    }
}

/// Counts, by property and by what it was derived from, the cores with such a layer.
#[derive(Default)]
pub(super) struct Tally {
    core: usize,
    found: BTreeMap<(&'static str, &'static str), (usize, usize)>,
}

impl Tally {
    pub(super) fn next_core(&mut self) {
        self.core += 1;
    }

    fn note(&mut self, property: &'static str, from: &'static str) {
        let (cores, last) = self.found.entry((property, from)).or_insert((0, 0));
        if *last != self.core {
            *cores += 1;
            *last = self.core;
        }
    }

    pub(super) fn list(self) -> Vec<DerivedProperty> {
        self.found.into_iter().map(|((property, from), (cores, _))| DerivedProperty { property, from, cores }).collect()
    }
}

/// Takes the first value there is, and notes from what it comes unless it was measured.
fn first(property: &'static str, ways: &[(&'static str, Option<f64>)], tally: &mut Tally) -> Option<f64> {
    let (from, value) = ways.iter().find_map(|(from, value)| value.map(|value| (*from, value)))?;
    if from != MEASURED {
        tally.note(property, from);
    }
    Some(value)
}

const MEASURED: &str = "measured";

pub(super) fn filled(layer: &CoreLayer, means: &MeasuredMeans, inputs: &ProfileInputs, tally: &mut Tally) -> LayerPeat {
    let by_class = layer.von_post.map(|class| decomposition_of_von_post(class).value());
    let ways = [(MEASURED, layer.decomposition), ("von_post", by_class), ("deposit_mean", means.decomposition)];
    let decomposition = first("decomposition", &ways, tally).and_then(Share::new);
    let ash = first("ash", &[(MEASURED, layer.ash), ("deposit_mean", means.ash)], tally).and_then(MassFraction::new);
    let moisture = first("moisture", &[(MEASURED, layer.moisture), ("deposit_mean", means.moisture)], tally);

    let of_moisture = layer
        .moisture
        .and_then(MassFraction::new)
        .and_then(|moisture| dry_density_of_moisture(moisture, ash.unwrap_or(inputs.default_ash), inputs.saturated_share));
    let of_class = |class| dry_density_of_von_post(class, inputs.von_post_density_factor).0;
    let of_decomposition = layer.decomposition.and_then(Share::new).map(von_post_of_decomposition);
    let ways = [
        ("given", inputs.given_dry_density.map(|density| density.0)),
        (MEASURED, layer.dry_density_kg_m3),
        ("moisture", of_moisture.map(|density| density.0)),
        ("von_post", layer.von_post.map(of_class)),
        ("decomposition", of_decomposition.map(of_class)),
        ("deposit_mean", means.dry_density),
        ("default", Some(inputs.default_dry_density.0)),
    ];
    let dry_density = first("dry_density_kg_m3", &ways, tally).unwrap_or(inputs.default_dry_density.0);
    let ways = [
        ("given", inputs.given_calorific_value.map(|value| value.0)),
        (MEASURED, layer.net_calorific_value_dry_mj_kg),
        ("deposit_mean", means.calorific_value),
        ("default", Some(inputs.default_calorific_value.0)),
    ];
    let calorific_value = first("net_calorific_value_dry_mj_kg", &ways, tally).unwrap_or(inputs.default_calorific_value.0);
    LayerPeat {
        peat_type: layer.peat_type,
        decomposition,
        ash,
        moisture: moisture.and_then(MassFraction::new),
        dry_density: KilogramsPerCubicMetre(dry_density),
        net_calorific_value_dry: MegaJoulesPerKilogram(calorific_value),
    }
}

#[cfg(test)]
pub(super) mod test_layers {
    //! Layers and profiles for the tests of this room.

    use super::super::profile::CoreProfiles;
    use super::*;

    /// Usual stand-ins.
    pub(in super::super) fn usual_inputs() -> ProfileInputs {
        ProfileInputs {
            given_dry_density: None,
            given_calorific_value: None,
            default_dry_density: KilogramsPerCubicMetre(90.0),
            default_calorific_value: MegaJoulesPerKilogram(20.9),
            default_ash: MassFraction::new(0.06).expect("a fraction"),
            saturated_share: Share::new(0.94).expect("a share"),
            von_post_density_factor: 0.75,
        }
    }

    /// A fully measured layer of 21 MJ/kg.
    pub(in super::super) fn layer(
        from_m: f64,
        to_m: f64,
        kind: PeatType,
        decomposition: f64,
        ash: f64,
        density: f64,
    ) -> CoreLayer {
        CoreLayer {
            from_m,
            to_m,
            peat_type: Some(kind),
            decomposition: Some(decomposition),
            von_post: None,
            moisture: None,
            ash: Some(ash),
            dry_density_kg_m3: Some(density),
            net_calorific_value_dry_mj_kg: Some(21.0),
            sulphur: None,
        }
    }

    /// The profile of one core.
    pub(in super::super) fn profile_of(layers: &[CoreLayer]) -> CoreProfiles {
        CoreProfiles::of_cores(&[CoreAtPlace { x: 0.0, y: 0.0, layers }], &usual_inputs()).expect("a core with layers")
    }
}
