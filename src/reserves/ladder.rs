//! The ladder from geological to delivered reserve: at each step, what is lost and why.

use super::content::PeatContent;
use super::fuel::Fuel;
use super::interbeds::BalanceReason;
use super::thickness::PeatColumn;
use crate::units::{CubicMetres, Hectares, MassFraction, Metres, Share, SquareMetres};
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
    /// Moisture at which tonnes are counted and burned.
    pub reference_moisture: MassFraction,
}

/// What a square metre of a column holds at the steps that look into its layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColumnContent {
    /// All of it.
    pub geological: PeatContent,
    /// What the cut-offs leave; nothing where the column is off-balance.
    pub balance: PeatContent,
    /// Of that, what lies above the layer left at the bottom.
    pub above_bottom: PeatContent,
    /// Why it is balance reserve, or is not.
    pub reason: BalanceReason,
}

/// The steps, from geological to delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// The steps.
    pub steps: Vec<LadderStep>,
    /// Their contents, in the same order.
    pub contents: Vec<PeatContent>,
}

impl Ladder {
    /// The volume at a step; nothing where the ladder has no such step.
    #[must_use]
    pub fn volume(&self, step: StepName) -> CubicMetres {
        self.content(step).volume
    }

    /// The content at a step; nothing where the ladder has no such step.
    #[must_use]
    pub fn content(&self, step: StepName) -> PeatContent {
        let place = self.steps.iter().position(|s| s.step == step);
        place.and_then(|place| self.contents.get(place)).copied().unwrap_or_default()
    }
}

/// Climbs down the ladder. Per column of area `a`, permitted share `p` and contents a square metre:
///
/// ```text
/// geological  Σ a c_geological
/// balance     Σ a c_balance            what is deep enough and within the limits of its layers
/// legal       Σ a p c_balance
/// above the bottom layer  Σ a p c_above_bottom
/// without stumps × (1 - P),  extractable × k_net,  extracted × (1 - L_extr),  delivered × (1 - L_store)
/// ```
///
/// A paraboloid bog of radius 100 m and depth 3 m has 47,123.89 m³; with a least depth of 1 m 41,887.90 m³ on
/// 20,943.95 m² count, and leaving 0.5 m takes 10,471.98 m³ more. `balance_parameter` names the input that takes most from
/// the balance reserve.
#[must_use]
pub fn ladder<'a>(
    columns: impl IntoIterator<Item = (&'a PeatColumn, &'a ColumnContent)>,
    inputs: &LadderInputs,
    balance_parameter: &'static str,
) -> Ladder {
    let mut sums = [(SquareMetres::ZERO, PeatContent::ZERO); 4];
    for (column, content) in columns {
        let permitted = if inputs.apply_constraints { column.permitted } else { 1.0 };
        // The area of the balance reserve stays, however little of it lies above the bottom layer.
        let parts = [
            (1.0, &content.geological, &content.geological),
            (1.0, &content.balance, &content.balance),
            (permitted, &content.balance, &content.balance),
            (permitted, &content.balance, &content.above_bottom),
        ];
        for ((area, sum), (share, counts, part)) in sums.iter_mut().zip(parts) {
            if counts.volume > CubicMetres::ZERO {
                let land = column.area * share;
                *area += land;
                *sum += *part * land.0;
            }
        }
    }
    let [geological, balance, legal, above_bottom] = sums;
    let mut steps = Steps { moisture: inputs.reference_moisture, ladder: Ladder { steps: Vec::new(), contents: Vec::new() } };
    steps.push(StepName::Geological, geological, None);
    steps.push(StepName::Balance, balance, Some(balance_parameter));
    if inputs.apply_constraints {
        steps.push(StepName::Legal, legal, Some("constraints"));
    }
    steps.push(StepName::AboveBottomLayer, above_bottom, Some("bottom_layer_m"));
    let (area, content) = above_bottom;
    let content = content * inputs.stumps.rest().value();
    steps.push(StepName::WithoutStumps, (area, content), Some("stumps"));
    let (area, content) = (area * inputs.net_area_share.value(), content * inputs.net_area_share.value());
    steps.push(StepName::Extractable, (area, content), Some("net_area_share"));
    let content = content * inputs.loss_extraction.rest().value();
    steps.push(StepName::Extracted, (area, content), Some("loss_extraction"));
    let content = content * inputs.loss_storage.rest().value();
    steps.push(StepName::Delivered, (area, content), Some("loss_storage"));
    steps.ladder
}

struct Steps {
    moisture: MassFraction,
    ladder: Ladder,
}

impl Steps {
    fn push(&mut self, step: StepName, (area, content): (SquareMetres, PeatContent), parameter: Option<&'static str>) {
        let before = self.ladder.contents.last().map_or(content.volume, |last| last.volume);
        self.ladder.steps.push(LadderStep {
            step,
            area_ha: area.hectares(),
            volume_m3: content.volume,
            fuel: content.fuel(self.moisture),
            lost_volume_m3: before - content.volume,
            parameter,
        });
        self.ladder.contents.push(content);
    }
}
