//! Blocks and steps of the funnel as areas with their properties, cut with the exact outline.

use super::reserve_surface::SurfaceArea;
use crate::reserves::ReserveEstimate;
use geo::{BooleanOps, MultiPolygon};
use serde::Serialize;
use serde_json::{Map, Value};

/// The geological blocks. At the outline their land follows the outline, not the stairs of the cells; their figures are those of
/// the cells.
pub(super) fn block_areas(estimate: &ReserveEstimate, outline: &MultiPolygon) -> Vec<SurfaceArea> {
    let block =
        |block: &crate::reserves::Block| SurfaceArea { shape: block.land.intersection(outline), properties: object(block) };
    estimate.blocks.iter().map(block).filter(|area| !area.shape.0.is_empty()).collect()
}

/// The land of each step of the funnel.
pub(super) fn funnel_areas(estimate: &ReserveEstimate) -> Vec<SurfaceArea> {
    let step = |step: &crate::reserves::FunnelStep| SurfaceArea { shape: step.land.clone(), properties: object(step) };
    estimate.funnel.iter().map(step).collect()
}

fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}
