//! The ladder from geological to delivered reserve: at each step, what is lost and why.

use super::fuel::{Fuel, FuelQuality};
use super::thickness::PeatColumn;
use crate::units::{CubicMetres, Hectares, Metres, Share, SquareMetres};
use serde::Serialize;

/// A step of the ladder, from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// All peat inside the outline.
    Geological,
    /// Where it is at least `min_depth_m` deep and its ash is not above `max_ash`; full depth.
    Balance,
    /// Of that, what no constraint takes. Only where constraints are applied.
    Legal,
    /// Without the protective layer left at the bottom.
    AboveBottomLayer,
    /// Without stumps.
    WithoutStumps,
    /// On the net area: what machines can take.
    Extractable,
    /// What reaches the field stack.
    Extracted,
    /// What is left after a season's storage: the fuel.
    Delivered,
}

/// One step: what is left, as volume in place, area and fuel, and what the step took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LadderStep {
    /// Name.
    pub step: StepName,
    /// Area that still counts.
    pub area_ha: Hectares,
    /// Volume in place.
    pub volume_m3: CubicMetres,
    /// The volume as fuel.
    #[serde(flatten)]
    pub fuel: Fuel,
    /// Volume that this step took from the one before.
    pub lost_volume_m3: CubicMetres,
    /// The input that decides the loss.
    pub parameter: Option<&'static str>,
}

/// Inputs of the ladder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LadderInputs {
    /// Peat shallower than this is not counted.
    pub min_depth: Metres,
    /// Whether the ash lies within its limit; if not, nothing is balance reserve.
    pub ash_within_limit: bool,
    /// Whether constraints take their land.
    pub apply_constraints: bool,
    /// Layer left at the bottom.
    pub bottom_layer: Metres,
    /// Share of stumps.
    pub stumps: Share,
    /// Net over gross area.
    pub net_area_share: Share,
    /// Loss in extraction.
    pub loss_extraction: Share,
    /// Loss in storage.
    pub loss_storage: Share,
}

/// The steps, from geological to delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder(pub Vec<LadderStep>);

impl Ladder {
    /// The volume at a step; nothing where the ladder has no such step.
    #[must_use]
    pub fn volume(&self, step: StepName) -> CubicMetres {
        self.0.iter().find(|s| s.step == step).map_or(CubicMetres::ZERO, |s| s.volume_m3)
    }
}

/// Climbs down the ladder. Per column of area `a`, depth `d` and permitted share `p`:
///
/// ```text
/// geological  Σ a d
/// balance     Σ a d            where d >= d_min and ash is within its limit
/// legal       Σ a d p
/// above the bottom layer  Σ a p max(0, d - h_bottom)
/// without stumps × (1 - P),  extractable × k_net,  extracted × (1 - L_extr),  delivered × (1 - L_store)
/// ```
///
/// A paraboloid bog of radius 100 m and depth 3 m has 47,123.89 m³; with a least depth of 1 m 41,887.90 m³ on
/// 20,943.95 m² count, and leaving 0.5 m takes 10,471.98 m³ more.
#[must_use]
pub fn ladder(columns: &[PeatColumn], inputs: &LadderInputs, quality: &FuelQuality) -> Ladder {
    let mut steps = Steps { quality: *quality, list: Vec::with_capacity(8) };
    let sums = |kept: &dyn Fn(&PeatColumn) -> bool, share: &dyn Fn(&PeatColumn) -> f64, depth: &dyn Fn(&PeatColumn) -> Metres| {
        columns.iter().filter(|column| kept(column)).fold((SquareMetres::ZERO, CubicMetres::ZERO), |(area, volume), column| {
            let part = column.area * share(column);
            (area + part, volume + part * depth(column))
        })
    };
    let whole = |_: &PeatColumn| 1.0;
    let full_depth = |column: &PeatColumn| column.depth;
    let above_bottom = |column: &PeatColumn| (column.depth - inputs.bottom_layer).max(Metres::ZERO);
    let balance =
        |column: &PeatColumn| inputs.ash_within_limit && column.depth >= inputs.min_depth && column.depth > Metres::ZERO;
    let permitted = |column: &PeatColumn| if inputs.apply_constraints { column.permitted } else { 1.0 };

    steps.push(StepName::Geological, sums(&|c| c.depth > Metres::ZERO, &whole, &full_depth), None);
    let reason = if inputs.ash_within_limit { "min_depth_m" } else { "max_ash" };
    steps.push(StepName::Balance, sums(&balance, &whole, &full_depth), Some(reason));
    if inputs.apply_constraints {
        steps.push(StepName::Legal, sums(&balance, &permitted, &full_depth), Some("constraints"));
    }
    let (area, volume) = sums(&balance, &permitted, &above_bottom);
    steps.push(StepName::AboveBottomLayer, (area, volume), Some("bottom_layer_m"));
    let volume = volume * inputs.stumps.rest().value();
    steps.push(StepName::WithoutStumps, (area, volume), Some("stumps"));
    let (area, volume) = (area * inputs.net_area_share.value(), volume * inputs.net_area_share.value());
    steps.push(StepName::Extractable, (area, volume), Some("net_area_share"));
    let volume = volume * inputs.loss_extraction.rest().value();
    steps.push(StepName::Extracted, (area, volume), Some("loss_extraction"));
    let volume = volume * inputs.loss_storage.rest().value();
    steps.push(StepName::Delivered, (area, volume), Some("loss_storage"));
    Ladder(steps.list)
}

struct Steps {
    quality: FuelQuality,
    list: Vec<LadderStep>,
}

impl Steps {
    fn push(&mut self, step: StepName, (area, volume): (SquareMetres, CubicMetres), parameter: Option<&'static str>) {
        let before = self.list.last().map_or(volume, |last| last.volume_m3);
        self.list.push(LadderStep {
            step,
            area_ha: area.hectares(),
            volume_m3: volume,
            fuel: self.quality.fuel(volume),
            lost_volume_m3: before - volume,
            parameter,
        });
    }
}
