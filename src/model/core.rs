//! A core: what the peat is made of, layer by layer from the surface down.

use super::{Feature, FeatureId, Layer, Value};
use crate::units::{KilogramsPerCubicMetre, MassFraction, MegaJoulesPerKilogram, Metres};
use geo::{Geometry, Point};
use serde::{Deserialize, Serialize};

/// Layers of a core that a file may have: 0.05 m slices of the deepest peat known.
const MOST_LAYERS: usize = 600;
/// Layers may overlap by so much before they are refused: the rounding of field notes.
const TOLERANCE_M: f64 = 0.05;

/// Type of peat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PeatType {
    Raised,
    Transitional,
    Fen,
}

/// One layer of a core; the names are those of `geodata/schema/cores.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoreLayer {
    /// Top below the surface, m.
    pub from_m: f64,
    /// Bottom below the surface, m.
    pub to_m: f64,
    /// Type of the peat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peat_type: Option<PeatType>,
    /// Degree of decomposition R, share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decomposition: Option<f64>,
    /// von Post H, 1 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub von_post: Option<f64>,
    /// Natural moisture, share of wet mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moisture: Option<f64>,
    /// Ash, share of dry mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ash: Option<f64>,
    /// Dry matter in place, kg/m³.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_density_kg_m3: Option<f64>,
    /// Net calorific value of dry matter, MJ/kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_calorific_value_dry_mj_kg: Option<f64>,
    /// Total sulphur, share of dry mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sulphur: Option<f64>,
}

impl CoreLayer {
    /// Thickness.
    #[must_use]
    pub fn thickness(&self) -> Metres {
        Metres(self.to_m - self.from_m)
    }

    /// Checks the layers of one core: limits of the schema, from above to below, none over another.
    ///
    /// # Errors
    /// Says which layer is wrong and how.
    pub fn check_all(layers: &[Self]) -> Result<(), String> {
        if layers.len() > MOST_LAYERS {
            return Err(format!("{} layers; at most {MOST_LAYERS} are accepted", layers.len()));
        }
        let mut bottom = f64::NEG_INFINITY;
        for (index, layer) in layers.iter().enumerate() {
            let at = |problem: String| format!("layer {}: {problem}", index + 1);
            for property in &Layer::Cores.schema().layer_properties {
                if let Some(number) = layer.number(&property.name) {
                    property.check_range(number).map_err(|error| at(error.to_string()))?;
                }
            }
            if layer.to_m <= layer.from_m {
                return Err(at(format!("to_m = {} m is not below from_m = {} m", layer.to_m, layer.from_m)));
            }
            if layer.from_m < bottom - TOLERANCE_M {
                return Err(at(format!("from_m = {} m lies above the bottom of the layer before, {bottom} m", layer.from_m)));
            }
            bottom = layer.to_m;
        }
        Ok(())
    }

    fn number(&self, name: &str) -> Option<f64> {
        match name {
            "from_m" => Some(self.from_m),
            "to_m" => Some(self.to_m),
            "decomposition" => self.decomposition,
            "von_post" => self.von_post,
            "moisture" => self.moisture,
            "ash" => self.ash,
            "dry_density_kg_m3" => self.dry_density_kg_m3,
            "net_calorific_value_dry_mj_kg" => self.net_calorific_value_dry_mj_kg,
            "sulphur" => self.sulphur,
            _ => None,
        }
    }
}

/// A core at its place in the working system.
#[derive(Debug, Clone)]
pub struct Core {
    /// Row in `cores`.
    pub id: FeatureId,
    /// Place, working system.
    pub position: Point,
    /// Layers from the surface down.
    pub layers: Vec<CoreLayer>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Core {
    /// Reads a core from its row and its geometry in the working system.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let Some(Geometry::Point(position)) = working else { return None };
        let Value::Layers(layers) = feature.value(Layer::Cores, "layers") else { return None };
        Some(Self {
            id: feature.id,
            position: *position,
            layers: layers.clone(),
            synthetic: feature.flag(Layer::Cores, "synthetic"),
        })
    }

    /// Mean dry density over the measured thickness; `None` where no layer has one.
    #[must_use]
    pub fn dry_density(&self) -> Option<KilogramsPerCubicMetre> {
        self.mean(|layer| layer.dry_density_kg_m3, |_| 1.0).map(KilogramsPerCubicMetre)
    }

    /// Mean ash, weighted by dry matter where density is known (else by thickness).
    #[must_use]
    pub fn ash(&self) -> Option<MassFraction> {
        self.mean(|layer| layer.ash, dry_matter).and_then(MassFraction::new)
    }

    /// Mean net calorific value of dry matter, weighted as ash is.
    #[must_use]
    pub fn net_calorific_value_dry(&self) -> Option<MegaJoulesPerKilogram> {
        self.mean(|layer| layer.net_calorific_value_dry_mj_kg, dry_matter).map(MegaJoulesPerKilogram)
    }

    /// Mean sulphur, weighted as ash is.
    #[must_use]
    pub fn sulphur(&self) -> Option<MassFraction> {
        self.mean(|layer| layer.sulphur, dry_matter).and_then(MassFraction::new)
    }

    /// Mean of a property over the layers that have it, by thickness times `weight`.
    fn mean(&self, property: impl Fn(&CoreLayer) -> Option<f64>, weight: impl Fn(&CoreLayer) -> f64) -> Option<f64> {
        let (mut sum, mut total) = (0.0, 0.0);
        for layer in &self.layers {
            if let Some(value) = property(layer) {
                let share = layer.thickness().0 * weight(layer);
                sum += value * share;
                total += share;
            }
        }
        (total > 0.0).then(|| sum / total)
    }
}

/// Weight of a layer in a mean over dry matter; 90 kg/m³ stands in where density was not measured, so
/// that such a layer neither vanishes nor rules.
fn dry_matter(layer: &CoreLayer) -> f64 {
    layer.dry_density_kg_m3.unwrap_or(90.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(from_m: f64, to_m: f64, density: f64, ash: f64) -> CoreLayer {
        CoreLayer {
            from_m,
            to_m,
            peat_type: None,
            decomposition: None,
            von_post: None,
            moisture: None,
            ash: Some(ash),
            dry_density_kg_m3: Some(density),
            net_calorific_value_dry_mj_kg: None,
            sulphur: None,
        }
    }

    #[test]
    fn ash_is_weighted_by_dry_matter() {
        let layers = vec![layer(0.0, 1.0, 60.0, 0.02), layer(1.0, 2.0, 120.0, 0.08)];
        let core = Core { id: 1, position: Point::new(0.0, 0.0), layers, synthetic: false };
        assert_eq!(core.dry_density(), Some(KilogramsPerCubicMetre(90.0)));
        let ash = core.ash().expect("both layers have ash").value();
        assert!((ash - (60.0 * 0.02 + 120.0 * 0.08) / 180.0).abs() < 1e-12);
    }

    #[test]
    fn sulphur_is_that_of_the_layers_that_have_it() {
        let with = |sulphur, from_m| CoreLayer { sulphur, ..layer(from_m, from_m + 1.0, 100.0, 0.05) };
        let layers = vec![with(Some(0.002), 0.0), with(None, 1.0), with(Some(0.004), 2.0)];
        assert!(CoreLayer::check_all(&layers).is_ok() && CoreLayer::check_all(&[with(Some(0.2), 0.0)]).is_err());
        let core = Core { id: 1, position: Point::new(0.0, 0.0), layers, synthetic: false };
        assert!((core.sulphur().expect("two layers have it").value() - 0.003).abs() < 1e-12);
    }

    #[test]
    fn layers_that_overlap_or_stand_on_their_head_are_refused() {
        assert!(CoreLayer::check_all(&[layer(0.0, 1.0, 80.0, 0.02), layer(0.5, 2.0, 80.0, 0.02)]).is_err());
        assert!(CoreLayer::check_all(&[layer(1.0, 0.5, 80.0, 0.02)]).is_err());
        assert!(CoreLayer::check_all(&[layer(0.0, 1.0, -80.0, 0.02)]).is_err());
        assert!(CoreLayer::check_all(&[layer(0.0, 1.0, 80.0, 0.02), layer(1.0, 2.0, 80.0, 0.02)]).is_ok());
    }
}
