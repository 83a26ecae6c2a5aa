//! How an estimate divides: into geological blocks, into products, and into the gases that its use would bring.

use super::blocks::{Block, BlockCell, BlockInputs, blocks, polygons};
use super::carbon::{Carbon, CarbonInputs, CombustionFactors, SiteFactors, WarmingPotentials, carbon};
use super::category::{CategoryLimit, CategoryLimits, PanelError};
use super::choices::ConstraintUse;
use super::content::PeatContent;
use super::depth_model::{Recipe, kriging_options};
use super::funnel::{Exclusion, ExclusionClass, FunnelInputs, FunnelStep, funnel, funnel_steps};
use super::interbeds::{BalanceClass, BalanceReason, LayerLimits};
use super::ladder::{ColumnContent, Ladder, StepName};
use super::land::{cleaned, without};
use super::panels::{Panels, panel_side, panels};
use super::probes::SelectedDepths;
use super::products::{ProductColumn, ProductLimits, ProductSum, product_sums};
use super::quality::PeatQuality;
use super::request::ReserveRequest;
use super::spatial_structure::SpatialStructure;
use super::survey::{ConstraintArea, Survey};
use super::thickness::Thickness;
use crate::geostat::{Kriging, KrigingOptions, Neighbourhood, Sample, Support, cell_outline};
use crate::simplify;
use crate::units::{Hectares, MassFraction, Metres, Share, SquareMetres};
use rayon::prelude::*;

/// Cells that stand for a panel when it is kriged as one block.
const PANEL_PLACES: usize = 36;
/// Depths as far from a panel as its own side help to krige it; at most so many.
const PANEL_SAMPLES: usize = 80;

/// Distance, in cells, within which the stairs of cells are drawn straight.
const STAIRS: f64 = 0.75;

/// The least block is at most this share of the deposit.
const LARGEST_OF_SMALL: f64 = 0.02;

/// What there is to divide.
pub(super) struct Divided<'a> {
    pub request: &'a ReserveRequest,
    pub depths: &'a SelectedDepths,
    pub samples: &'a [Sample],
    pub from_stated_depth: bool,
    pub thickness: &'a Thickness,
    pub contents: &'a [ColumnContent],
    pub quality: &'a PeatQuality,
    pub recipe: &'a Recipe,
    pub structure: &'a SpatialStructure,
    pub limits: &'a LayerLimits,
}

impl Divided<'_> {
    fn number(&self, name: &str) -> f64 {
        self.request.numbers.get(name)
    }

    fn share(&self, name: &str) -> Share {
        Share::new(self.number(name)).unwrap_or(Share::ZERO)
    }

    fn moisture(&self) -> MassFraction {
        MassFraction::new(self.number("reference_moisture")).unwrap_or_default()
    }

    /// Geological blocks, with categories by the error of kriging each panel as one block. A method that knows no error is
    /// judged by kriging with the variogram of the probes: the category is a matter of the survey, not of the method.
    ///
    /// Where the method gives one mean for all, the deposit is one block with that mean.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let thickness = self.thickness;
        let inside = &self.depths.samples[..self.depths.inside.min(self.depths.samples.len())];
        let probes: Vec<[f64; 2]> =
            if self.from_stated_depth { Vec::new() } else { inside.iter().map(|sample| [sample.x, sample.y]).collect() };
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let area = SquareMetres(thickness.grid.cell() * thickness.grid.cell() * thickness.cells.len() as f64);
        let asked = Metres(self.number("block_panel_m"));
        let side = if thickness.by_cell { panel_side(area, probes.len(), Some(asked)) } else { Metres(f64::INFINITY) };
        let panels = panels(&thickness.grid, &thickness.cells, &probes, side);
        let errors =
            if thickness.by_cell { self.panel_errors(&panels, side) } else { vec![mean_error(inside); panels.list.len()] };
        blocks(&BlockInputs {
            grid: &thickness.grid,
            cells: &thickness.cells,
            columns: &self.block_cells(),
            panels: &panels,
            errors: &errors,
            from_stated_depth: self.from_stated_depth,
            limits: &self.category_limits(),
            // A small deposit has small blocks.
            min_block: Hectares(self.number("min_block_ha").min(area.hectares().0 * LARGEST_OF_SMALL)),
            reference_moisture: self.moisture(),
        })
    }

    fn block_cells(&self) -> Vec<BlockCell> {
        let thickness = self.thickness;
        let taken = |place: usize| thickness.taken.get(place) == Some(&true);
        if thickness.by_cell {
            let cell = |(place, content): (usize, &ColumnContent)| {
                let [x, y] = thickness.places[place];
                BlockCell {
                    reason: content.reason,
                    legal_access: !taken(place),
                    peat_type: self.quality.profiles.at(x, y).main_type(),
                    content: content.geological,
                }
            };
            return self.contents.par_iter().enumerate().map(cell).collect();
        }
        let land: SquareMetres = thickness.columns.iter().map(|column| column.area).sum();
        let whole: PeatContent =
            thickness.columns.iter().zip(self.contents).map(|(column, content)| content.geological * column.area.0).sum();
        let mean = whole * (1.0 / land.0);
        let reason = if Metres(mean.volume.0) >= self.limits.min_depth && mean.volume.0 > 0.0 {
            let ash = mean.mean_ash().map(MassFraction::value);
            if ash.is_some_and(|ash| ash > self.limits.max_ash) { BalanceReason::TooMuchAsh } else { BalanceReason::WithinLimits }
        } else {
            BalanceReason::TooShallow
        };
        let cell = |place| BlockCell { reason, legal_access: !taken(place), peat_type: None, content: mean };
        (0..thickness.cells.len()).map(cell).collect()
    }

    /// Each panel kriged as one block from the depths in and around it.
    fn panel_errors(&self, panels: &Panels, side: Metres) -> Vec<Option<PanelError>> {
        let options = kriging_options(self.recipe, 0.0).map_or_else(
            || KrigingOptions {
                variogram: self.structure.variogram,
                drift: crate::geostat::Drift::Constant,
                neighbourhood: Neighbourhood::Global,
                support: Support::Point,
            },
            |options| KrigingOptions { neighbourhood: Neighbourhood::Global, support: Support::Point, ..options },
        );
        let error = |panel: &super::panels::Panel| {
            let step = panel.places.len().div_ceil(PANEL_PLACES).max(1);
            let places: Vec<[f64; 2]> = panel.places.iter().step_by(step).map(|place| self.thickness.places[*place]).collect();
            let near = near(self.samples, &places, side.0.min(1e9));
            let mean = Kriging::new(&near, options).ok()?.mean_over(&places);
            Some(PanelError { mean: Metres(mean.value), standard_deviation: Metres(mean.variance.max(0.0).sqrt()) })
        };
        if self.from_stated_depth || self.depths.inside < 2 {
            return vec![None; panels.list.len()];
        }
        panels.list.par_iter().map(error).collect()
    }

    fn category_limits(&self) -> CategoryLimits {
        let limit = |category: &str| CategoryLimit {
            error: self.number(&format!("category_{category}_error")),
            spacing: Metres(self.number(&format!("category_{category}_spacing_m"))),
        };
        CategoryLimits { a: limit("a"), b: limit("b"), c1: limit("c1"), c2: limit("c2") }
    }

    /// Products, of what no constraint takes where constraints apply, on the net area without stumps.
    pub(super) fn products(&self, apply_constraints: bool) -> Vec<ProductSum> {
        let column = |(column, place): (&super::PeatColumn, &[f64; 2])| ProductColumn {
            area: if apply_constraints { column.area * column.permitted } else { column.area },
            depth: column.depth,
            profile: self.quality.profiles.nearest(place[0], place[1]),
        };
        let columns: Vec<ProductColumn> = self.thickness.columns.iter().zip(&self.thickness.places).map(column).collect();
        let limits = ProductLimits {
            horticultural_max_decomposition: self.share("horticultural_max_decomposition"),
            horticultural_max_ash: self.number("horticultural_max_ash"),
            chemical_min_decomposition: self.share("chemical_min_decomposition"),
            chemical_max_ash: self.number("chemical_max_ash"),
            fuel_min_decomposition: self.share("fuel_min_decomposition"),
            fuel_max_ash: self.number("fuel_max_ash"),
            min_slice: Metres(self.number("min_slice_m")),
        };
        let mined = self.share("net_area_share").value() * self.share("stumps").rest().value();
        let mined = Share::new(mined).unwrap_or(Share::ZERO);
        product_sums(&columns, &self.quality.profiles, self.limits, &limits, mined, self.moisture())
    }

    /// The funnel of land. What is industrial is the outline without the cells that are off-balance, so that the land
    /// between the outline and the stairs of its cells is not lost.
    pub(super) fn funnel(&self, survey: &Survey) -> Vec<FunnelStep> {
        let thickness = self.thickness;
        let cells = self.block_cells();
        let off: Vec<usize> = thickness
            .cells
            .iter()
            .zip(&cells)
            .filter(|(_, cell)| cell.reason.class() == BalanceClass::OffBalance)
            .map(|(cell, _)| *cell)
            .collect();
        let industrial = if off.is_empty() {
            survey.outline.clone()
        } else {
            // Straight lines for stairs: a tenth of the corners, within a cell of where they were.
            let stairs = polygons(&cell_outline(&thickness.grid, &off));
            without(&cleaned(&survey.outline), &cleaned(&simplify::polygons(&stairs, STAIRS * thickness.grid.cell())))
        };
        let exclusions: Vec<Exclusion> = if self.request.choices.constraints == ConstraintUse::Ignore {
            Vec::new()
        } else {
            survey.constraints.iter().map(exclusion).collect()
        };
        let lands = funnel(&FunnelInputs {
            outline: &survey.outline,
            industrial: &industrial,
            exclusions: &exclusions,
            min_part: Hectares(self.number("min_part_ha")).square_metres(),
            min_width: Metres(self.number("min_part_width_m")),
        });
        let depths: Vec<Metres> = cells.iter().map(|cell| Metres(cell.content.volume.0)).collect();
        let in_balance: Vec<bool> = cells.iter().map(|cell| cell.reason.class() == BalanceClass::Balance).collect();
        funnel_steps(lands, &thickness.grid, &thickness.cells, &depths, &in_balance)
    }

    /// Carbon of the geological reserve, gases of burning the delivered fuel, and of the extraction site in a year.
    pub(super) fn carbon(&self, steps: &Ladder) -> Carbon {
        let site = steps.steps.iter().find(|step| step.step == StepName::Extractable).map_or(Hectares::ZERO, |step| step.area_ha);
        let delivered = steps.content(StepName::Delivered).fuel(self.moisture()).energy_gj;
        let inputs = CarbonInputs {
            carbon_of_organic: self.share("carbon_of_organic"),
            ash_where_unknown: MassFraction::new(self.number("default_ash")).unwrap_or_default(),
            combustion: CombustionFactors {
                co2_t_tj: self.number("combustion_co2_t_tj"),
                ch4_kg_tj: self.number("combustion_ch4_kg_tj"),
                n2o_kg_tj: self.number("combustion_n2o_kg_tj"),
            },
            site: SiteFactors {
                co2_c_t_ha: self.number("site_co2_c_t_ha"),
                doc_t_ha: self.number("site_doc_t_ha"),
                ch4_land_kg_ha: self.number("site_ch4_land_kg_ha"),
                ch4_ditch_kg_ha: self.number("site_ch4_ditch_kg_ha"),
                ditch_share: self.share("ditch_share"),
                n2o_n_kg_ha: self.number("site_n2o_n_kg_ha"),
            },
            warming: WarmingPotentials { ch4: self.number("gwp_ch4"), n2o: self.number("gwp_n2o") },
        };
        carbon(&steps.content(StepName::Geological), delivered, site, &inputs)
    }
}

fn exclusion(constraint: &ConstraintArea) -> Exclusion<'_> {
    Exclusion { class: ExclusionClass::of_kind(&constraint.kind), area: &constraint.area }
}

/// Error of the plain mean of all depths: `s / √n`.
fn mean_error(samples: &[Sample]) -> Option<PanelError> {
    if samples.len() < 2 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let n = samples.len() as f64;
    let mean = samples.iter().map(|sample| sample.value).sum::<f64>() / n;
    let variance = samples.iter().map(|sample| (sample.value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some(PanelError { mean: Metres(mean), standard_deviation: Metres((variance / n).sqrt()) })
}

/// The samples within a reach of the box round some places; the nearest to its middle where they are many, or none are.
fn near(samples: &[Sample], places: &[[f64; 2]], reach: f64) -> Vec<Sample> {
    let low = |axis: usize| places.iter().map(|place| place[axis]).fold(f64::INFINITY, f64::min);
    let high = |axis: usize| places.iter().map(|place| place[axis]).fold(f64::NEG_INFINITY, f64::max);
    let (west, east, south, north) = (low(0), high(0), low(1), high(1));
    let within = |sample: &&Sample| {
        (west - reach..=east + reach).contains(&sample.x) && (south - reach..=north + reach).contains(&sample.y)
    };
    let mut near: Vec<Sample> = samples.iter().filter(within).copied().collect();
    if near.is_empty() {
        near = samples.to_vec();
    }
    if near.len() > PANEL_SAMPLES {
        let middle = (f64::midpoint(west, east), f64::midpoint(south, north));
        let distance = |sample: &Sample| (sample.x - middle.0).powi(2) + (sample.y - middle.1).powi(2);
        near.select_nth_unstable_by(PANEL_SAMPLES - 1, |a, b| distance(a).total_cmp(&distance(b)));
        near.truncate(PANEL_SAMPLES);
    }
    near
}
