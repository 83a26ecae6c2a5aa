//! Blocks and steps of the funnel as areas: which cells they are of, cut with the exact outline.

use super::reserve_surface::{SurfaceArea, depths};
use crate::geostat::{Grid, cell_areas};
use crate::reserves::{ComputedReserves, Ladder, LadderInputs, LadderStep, StepName, ladder};
use crate::units::Hectares;
use geo::{BooleanOps, MultiPolygon};
use serde_json::{Map, Value, json};

/// The ground of labelled cells within an outline: labels by cell (in the order of `cells`) to areas, ascending by label.
/// At the outline the areas follow the outline, not the stairs of the cells.
#[must_use]
pub fn labelled_areas(
    grid: &Grid,
    cells: &[usize],
    labels: &[Option<usize>],
    outline: &MultiPolygon,
) -> Vec<(usize, MultiPolygon)> {
    // Cells without a label of their own have one too while areas run over the edge, so that none runs into them.
    const NONE: usize = usize::MAX;
    let mut by_cell = vec![None; grid.len()];
    for (cell, label) in cells.iter().zip(labels) {
        by_cell[*cell] = Some(label.unwrap_or(NONE));
    }
    let areas = cell_areas(grid, &by_cell).into_iter().filter(|(label, _)| *label != NONE);
    areas.map(|(label, area)| (label, area.intersection(outline))).filter(|(_, area)| !area.0.is_empty()).collect()
}

/// Which cells the balance counts.
fn in_balance(computed: &ComputedReserves) -> Vec<bool> {
    let inputs = &computed.ladder_inputs;
    let counts = |depth: f32| inputs.ash_within_limit && depth > 0.0 && f64::from(depth) >= inputs.min_depth.0;
    depths(computed).into_iter().map(counts).collect()
}

/// Two blocks: what the cut-offs leave, and what they do not.
pub(super) fn block_areas(computed: &ComputedReserves, outline: &MultiPolygon) -> Vec<SurfaceArea> {
    let thickness = &computed.thickness;
    let labels: Vec<Option<usize>> = in_balance(computed).iter().map(|counts| Some(usize::from(!counts))).collect();
    let inputs = &computed.ladder_inputs;
    let reason = if inputs.ash_within_limit { "min_depth_m" } else { "max_ash" };
    let (mut area, mut volume) = ([0.0; 2], [0.0; 2]);
    for column in &thickness.columns {
        let counts = inputs.ash_within_limit && column.depth >= inputs.min_depth && column.depth.0 > 0.0;
        area[usize::from(!counts)] += column.area.0;
        volume[usize::from(!counts)] += (column.area * column.depth).0;
    }
    let areas = labelled_areas(&thickness.grid, &thickness.cells, &labels, outline).into_iter();
    let block = |(number, (label, shape)): (usize, (usize, MultiPolygon))| {
        let volume_in_place = crate::units::CubicMetres(volume[label]);
        let fuel = computed.quality.fuel(volume_in_place);
        let properties = json!({
            "block": number + 1,
            "balance_class": if label == 0 { "balance" } else { "off_balance" },
            "reason": if label == 0 { Value::Null } else { reason.into() },
            "area_ha": area[label] / 10_000.0,
            "mean_depth_m": if area[label] > 0.0 { volume[label] / area[label] } else { 0.0 },
            "volume_m3": volume[label],
            "dry_mass_t": fuel.dry_mass_t,
            "mass_t": fuel.mass_t,
            "energy_mwh": fuel.energy_mwh,
        });
        SurfaceArea { shape, properties: object(properties) }
    };
    areas.enumerate().map(block).collect()
}

/// The funnel: all ground, what is deep enough, what no constraint takes, what machines can take, what is got out.
pub(super) fn funnel_areas(computed: &ComputedReserves, outline: &MultiPolygon) -> Vec<SurfaceArea> {
    let thickness = &computed.thickness;
    let inputs = LadderInputs { apply_constraints: true, ..computed.ladder_inputs };
    let steps = ladder(&thickness.columns, &inputs, &computed.quality);
    let balance = in_balance(computed);
    let permitted = |place: usize| !thickness.taken.get(place).copied().unwrap_or(false);
    let ground = |holds: &dyn Fn(usize) -> bool| {
        let labels: Vec<Option<usize>> = (0..thickness.cells.len()).map(|place| holds(place).then_some(0)).collect();
        let areas = labelled_areas(&thickness.grid, &thickness.cells, &labels, outline);
        areas.into_iter().next().map_or_else(|| MultiPolygon::new(Vec::new()), |(_, area)| area)
    };
    let industrial = ground(&|place| balance[place]);
    let legal = ground(&|place| balance[place] && permitted(place));
    let shapes = [
        ("gross", StepName::Geological, outline.clone()),
        ("industrial", StepName::Balance, industrial),
        ("legal", StepName::Legal, legal.clone()),
        ("technical", StepName::Extractable, legal.clone()),
        ("recoverable", StepName::Extracted, legal),
    ];
    let mut before: Option<&LadderStep> = None;
    let mut areas = Vec::with_capacity(shapes.len());
    for (name, step, shape) in shapes {
        let Some(now) = step_of(&steps, step) else { continue };
        let lost = |lost: fn(&LadderStep) -> f64| before.map_or(0.0, |before| lost(before) - lost(now));
        let properties = json!({
            "step": name,
            "area_ha": now.area_ha,
            "volume_m3": now.volume_m3,
            "lost_area_ha": Hectares(lost(|step| step.area_ha.0)),
            "lost_volume_m3": lost(|step| step.volume_m3.0),
        });
        areas.push(SurfaceArea { shape, properties: object(properties) });
        before = Some(now);
    }
    areas
}

fn step_of(steps: &Ladder, name: StepName) -> Option<&LadderStep> {
    steps.0.iter().find(|step| step.step == name)
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
