//! Geological blocks: pieces of a deposit that are known equally well and are fit for the same.
//!
//! A block is a set of cells that hang together, on one panel (hence of one category), of one balance class and reason,
//! with or without legal access. Blocks share out the cells of a deposit: each cell is in one block, so that areas and
//! volumes of blocks sum to those of the deposit. It does not estimate depth or its error: it is given both.

use super::category::{Category, CategoryLimits, PanelError};
use super::content::PeatContent;
use super::interbeds::{BalanceClass, BalanceReason};
use super::panels::{Panels, spacing};
use crate::geostat::{CellPolygon, Grid, connected_cells, join_small_regions, region_outlines};
use crate::model::PeatType;
use crate::units::{CubicMetres, Hectares, MassFraction, MegawattHours, Metres, Share, SquareMetres, Tonnes};
use geo::{LineString, MultiPolygon, Polygon};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a cell of the deposit holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockCell {
    /// Why it is balance reserve or not.
    pub reason: BalanceReason,
    /// Whether no constraint takes it.
    pub legal_access: bool,
    /// Main type of its peat.
    pub peat_type: Option<PeatType>,
    /// Content of one square metre of it over the whole depth; its volume is the depth.
    pub content: PeatContent,
}

/// What blocks are made of.
#[derive(Debug, Clone, Copy)]
pub struct BlockInputs<'a> {
    /// The grid.
    pub grid: &'a Grid,
    /// Cells inside the outline, ascending.
    pub cells: &'a [usize],
    /// What each holds, in the same order.
    pub columns: &'a [BlockCell],
    /// The same cells in panels.
    pub panels: &'a Panels,
    /// Mean depth of each panel with its standard deviation, in the order of the panels; `None` where no method gives one.
    pub errors: &'a [Option<PanelError>],
    /// The depth is a stated one and nothing was measured: every block is P1.
    pub from_stated_depth: bool,
    /// What the categories ask for.
    pub limits: &'a CategoryLimits,
    /// Smaller blocks join a neighbour.
    pub min_block: Hectares,
    /// Moisture at which tonnes are counted.
    pub reference_moisture: MassFraction,
}

/// Why a block is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of each stand beside")]
pub enum BlockReason {
    WithinLimits,
    TooShallow,
    InterbedsTakeTooMuch,
    TooMuchAsh,
    /// It would be balance reserve that may be mined, but a constraint takes it.
    NoLegalAccess,
}

/// A block. Amounts are those in place, over the whole depth, without losses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Block {
    /// Number, from the upper left of the deposit.
    pub block: usize,
    /// How well it is known.
    pub category: Category,
    /// Balance or off-balance.
    pub balance_class: BalanceClass,
    /// Whether no constraint takes it.
    pub legal_access: bool,
    /// Why.
    pub reason: BlockReason,
    /// The same in an English sentence.
    pub reason_text: String,
    /// Type of peat of most of its dry matter, where known.
    pub peat_type: Option<PeatType>,
    /// Area.
    pub area_ha: Hectares,
    /// Mean depth.
    pub mean_depth_m: Metres,
    /// Volume in place.
    pub volume_m3: CubicMetres,
    /// Dry matter in place.
    pub dry_mass_t: Tonnes,
    /// The same at the reference moisture.
    pub mass_t: Tonnes,
    /// Energy at the reference moisture.
    pub energy_mwh: MegawattHours,
    /// Mean ash, where known.
    pub ash: Option<MassFraction>,
    /// Mean decomposition, where known.
    pub decomposition: Option<Share>,
    /// Probes on it.
    pub probes: usize,
    /// Probes on a hectare of it.
    pub probes_per_ha: f64,
    /// Mean spacing of its probes, `√(area / probes)`.
    pub spacing_m: Option<Metres>,
    /// Relative error of the mean depth of its panels at 95 %, the mean over its cells.
    pub relative_error_95: Option<f64>,
    /// Class by UNFC-2019.
    pub unfc: String,
    /// Class of resource by CRIRSCO.
    pub crirsco: &'static str,
    /// The sums behind it.
    #[serde(skip)]
    pub content: PeatContent,
    /// Its land: the outline of its cells.
    #[serde(skip)]
    pub land: MultiPolygon,
}

/// What all cells of a block have in common. A block that took up smaller ones keeps its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    category: Category,
    reason: BalanceReason,
    legal_access: bool,
}

/// The blocks of a deposit; none where `cells`, `columns` and panels do not belong together.
///
/// Neighbouring panels of one category are one block; what they have in common is the quality of the survey. The category of a panel
/// follows from `1.96 s / m` of its mean depth and from the mean spacing of its probes, by
/// [`CategoryLimits::category`]. Blocks below `min_block` join the neighbour with the longest common border that has the
/// same balance class and the same legal access, and take over its category; those without such a neighbour, pockets within
/// blocks of the other class, are one scattered block of several parts for each reason.
///
/// A deposit of one panel, one quality and no constraint is one block:
/// its area, volume and mass are those of the deposit.
#[must_use]
pub fn blocks(inputs: &BlockInputs) -> Vec<Block> {
    if inputs.columns.len() != inputs.cells.len() || inputs.panels.of_cell.len() != inputs.cells.len() {
        return Vec::new();
    }
    let categories: Vec<Category> = (0..inputs.panels.list.len()).map(|panel| category(inputs, panel)).collect();
    let kinds: Vec<Kind> = inputs
        .columns
        .iter()
        .zip(&inputs.panels.of_cell)
        .map(|(cell, panel)| Kind { category: categories[*panel], reason: cell.reason, legal_access: cell.legal_access })
        .collect();
    let (block_of_cell, kind_of_block) = share_out(inputs, &kinds);
    let mut sums = vec![Summed::default(); kind_of_block.len()];
    for ((column, panel), block) in inputs.columns.iter().zip(&inputs.panels.of_cell).zip(&block_of_cell) {
        sums[*block].add(column, relative_error(inputs, *panel));
    }
    for place in inputs.panels.cell_of_probe.iter().flatten() {
        sums[block_of_cell[*place]].probes += 1;
    }
    let mut land = region_outlines(inputs.grid, inputs.cells, &block_of_cell);
    land.resize(kind_of_block.len(), Vec::new());
    let numbered = kind_of_block.into_iter().zip(sums).zip(land).enumerate();
    numbered.map(|(place, ((kind, sum), land))| block(place + 1, kind, &sum, &land, inputs)).collect()
}

fn relative_error(inputs: &BlockInputs, panel: usize) -> Option<f64> {
    let error = inputs.errors.get(panel).copied().flatten();
    error.filter(|_| !inputs.from_stated_depth).and_then(|error| error.relative_95())
}

fn category(inputs: &BlockInputs, panel: usize) -> Category {
    if inputs.from_stated_depth {
        return Category::P1;
    }
    let spacing = inputs.panels.list.get(panel).and_then(super::panels::Panel::spacing);
    inputs.limits.category(relative_error(inputs, panel), spacing)
}

/// The block of each cell, counted from the upper left, and what each block has in common.
fn share_out(inputs: &BlockInputs, kinds: &[Kind]) -> (Vec<usize>, Vec<Kind>) {
    let numbers: BTreeMap<Kind, usize> = kinds.iter().map(|kind| (*kind, 0)).collect();
    let numbers: BTreeMap<Kind, usize> = numbers.into_keys().enumerate().map(|(number, kind)| (kind, number)).collect();
    let regions: Vec<usize> = kinds.iter().map(|kind| numbers[kind]).collect();
    let pieces = connected_cells(inputs.grid, inputs.cells, &regions);
    let kind_of_piece: BTreeMap<usize, Kind> = pieces.iter().copied().zip(kinds.iter().copied()).collect();
    let least = inputs.min_block.square_metres().0 / (inputs.grid.cell() * inputs.grid.cell());
    let alike = |small: usize, neighbour: usize| {
        let (small, neighbour) = (kind_of_piece[&small], kind_of_piece[&neighbour]);
        small.reason.class() == neighbour.reason.class() && small.legal_access == neighbour.legal_access
    };
    let joined = join_small_regions(inputs.grid, inputs.cells, &pieces, least, alike);
    // What is still small, pockets within blocks of the other class, is one scattered block of each kind.
    let mut cells_of_piece: BTreeMap<usize, usize> = BTreeMap::new();
    for piece in &joined {
        *cells_of_piece.entry(*piece).or_default() += 1;
    }
    let mut number_of_piece = BTreeMap::new();
    let mut number_of_pockets = BTreeMap::new();
    let mut kind_of_block = Vec::new();
    let of_cell = joined.into_iter().map(|piece| {
        *number_of_piece.entry(piece).or_insert_with(|| {
            let kind = kind_of_piece[&piece];
            let mut new_block = || {
                kind_of_block.push(kind);
                kind_of_block.len() - 1
            };
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            let is_small = (cells_of_piece[&piece] as f64) < least;
            if is_small {
                // Pockets of all categories together: each is smaller than what a category is about.
                *number_of_pockets.entry((kind.reason, kind.legal_access)).or_insert_with(new_block)
            } else {
                new_block()
            }
        })
    });
    (of_cell.collect(), kind_of_block)
}

/// A block while it is added up; contents are sums over square metres of cells, still to be multiplied by a cell's area.
#[derive(Debug, Clone, Default)]
struct Summed {
    cells: usize,
    probes: usize,
    content: PeatContent,
    /// Relative errors of the panels of its cells, summed, and of how many cells.
    errors: (f64, usize),
    /// Dry matter by raised, transitional, fen.
    by_type: [f64; 3],
}

const TYPES: [PeatType; 3] = [PeatType::Raised, PeatType::Transitional, PeatType::Fen];

impl Summed {
    fn add(&mut self, cell: &BlockCell, relative_error: Option<f64>) {
        self.cells += 1;
        if let Some(error) = relative_error {
            self.errors.0 += error;
            self.errors.1 += 1;
        }
        self.content += cell.content;
        if let Some(place) = cell.peat_type.and_then(|of_cell| TYPES.iter().position(|known| *known == of_cell)) {
            self.by_type[place] += cell.content.dry.0;
        }
    }

    fn main_type(&self) -> Option<PeatType> {
        let most = TYPES.into_iter().zip(self.by_type).max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (most.1 > 0.0).then_some(most.0)
    }
}

fn block(number: usize, kind: Kind, sum: &Summed, land: &[CellPolygon], inputs: &BlockInputs) -> Block {
    let cell_area = inputs.grid.cell() * inputs.grid.cell();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let area = SquareMetres(sum.cells as f64 * cell_area);
    let content = sum.content * cell_area;
    let fuel = content.fuel(inputs.reference_moisture);
    // What the law or a strip takes is no balance reserve, however good the peat.
    let class = if kind.legal_access { kind.reason.class() } else { BalanceClass::OffBalance };
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let relative_error = (sum.errors.1 > 0).then(|| sum.errors.0 / sum.errors.1 as f64);
    let (category, spacing) = (kind.category, spacing(area, sum.probes));
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let probes_per_ha = sum.probes as f64 / area.hectares().0;
    Block {
        block: number,
        category,
        balance_class: class,
        legal_access: kind.legal_access,
        reason: reason(kind),
        reason_text: reason_text(kind, inputs, relative_error, spacing),
        peat_type: sum.main_type(),
        area_ha: area.hectares(),
        mean_depth_m: Metres(content.volume.0 / area.0),
        volume_m3: content.volume,
        dry_mass_t: fuel.dry_mass_t,
        mass_t: fuel.mass_t,
        energy_mwh: fuel.energy_mwh,
        ash: content.mean_ash(),
        decomposition: content.mean_decomposition(),
        probes: sum.probes,
        probes_per_ha,
        spacing_m: spacing,
        relative_error_95: relative_error,
        unfc: category.unfc(class, kind.legal_access),
        crirsco: category.crirsco(class, kind.legal_access),
        content,
        land: polygons(land),
    }
}

fn reason(kind: Kind) -> BlockReason {
    match (kind.reason, kind.legal_access) {
        (BalanceReason::WithinLimits, true) => BlockReason::WithinLimits,
        (BalanceReason::WithinLimits, false) => BlockReason::NoLegalAccess,
        (BalanceReason::TooShallow, _) => BlockReason::TooShallow,
        (BalanceReason::InterbedsTakeTooMuch, _) => BlockReason::InterbedsTakeTooMuch,
        (BalanceReason::TooMuchAsh, _) => BlockReason::TooMuchAsh,
    }
}

fn reason_text(kind: Kind, inputs: &BlockInputs, error: Option<f64>, spacing: Option<Metres>) -> String {
    let access = if kind.legal_access { "" } else { "; a constraint takes the land" };
    let known = match (inputs.from_stated_depth, spacing, error) {
        (true, ..) => "only a stated depth is known".to_owned(),
        (_, None, _) => "no probe lies on it".to_owned(),
        (_, Some(spacing), None) => format!("probes {:.0} m apart, of unknown error", spacing.0),
        (_, Some(spacing), Some(error)) => {
            format!("probes {:.0} m apart, mean depth of a panel known to {:.0} % at 95 %", spacing.0, error * 100.0)
        }
    };
    format!("{}{access}; {:?}: {known}", kind.reason.words(), kind.category)
}

/// Outlines of cells as polygons of the map.
#[must_use]
pub fn polygons(outlines: &[CellPolygon]) -> MultiPolygon {
    let ring = |corners: &crate::geostat::Ring| LineString::from(corners.clone());
    // Polygon::new closes the rings.
    MultiPolygon::new(
        outlines.iter().map(|one| Polygon::new(ring(&one.exterior), one.holes.iter().map(ring).collect())).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::category::CategoryLimit;
    use super::super::panels::panels;
    use super::*;
    use crate::geostat::Bounds;
    use geo::Area;

    fn grid() -> Grid {
        let bounds = Bounds { min_x: 500_000.0, min_y: 6e6, max_x: 501_000.0, max_y: 6_000_600.0 };
        Grid::covering(bounds, 10.0, 100_000).expect("a grid")
    }

    fn limits() -> CategoryLimits {
        let limit = |error, spacing| CategoryLimit { error, spacing: Metres(spacing) };
        CategoryLimits { a: limit(0.05, 140.0), b: limit(0.10, 170.0), c1: limit(0.20, 220.0), c2: limit(0.40, 630.0) }
    }

    /// Peat of 2 m at 90 kg/m³.
    fn cell(reason: BalanceReason, legal_access: bool) -> BlockCell {
        let content = PeatContent {
            volume: CubicMetres(2.0),
            dry: Tonnes(0.18),
            dry_heat_gj: 0.18 * 21.0,
            ash: Tonnes(0.009),
            dry_with_ash: Tonnes(0.18),
            ..PeatContent::ZERO
        };
        BlockCell { reason, legal_access, peat_type: Some(PeatType::Fen), content }
    }

    /// A disc-like deposit with probes every 100 m in its western half and every 400 m in its eastern half.
    fn deposit() -> (Grid, Vec<usize>, Vec<[f64; 2]>) {
        let grid = grid();
        let inside = |cell: &usize| {
            let (x, y) = grid.centre(*cell);
            ((x - 500_500.0) / 500.0).powi(2) + ((y - 6_000_300.0) / 300.0).powi(2) <= 1.0
        };
        let cells: Vec<usize> = (0..grid.len()).filter(inside).collect();
        let probes = (0..10).flat_map(|i| (0..6).map(move |j| (i, j)));
        let probes = probes.filter(|(i, j)| *i < 5 || (*i, *j) == (7, 3));
        (grid, cells, probes.map(|(i, j)| [500_050.0 + f64::from(i) * 100.0, 6_000_050.0 + f64::from(j) * 100.0]).collect())
    }

    fn made(columns: impl Fn(usize, f64, f64) -> BlockCell, error: f64, from_stated_depth: bool) -> (Vec<Block>, f64) {
        let (grid, cells, probes) = deposit();
        let panels = panels(&grid, &cells, &probes, Metres(500.0));
        let errors: Vec<Option<PanelError>> = panels
            .list
            .iter()
            .map(|_| Some(PanelError { mean: Metres(2.0), standard_deviation: Metres(2.0 * error / 1.96) }))
            .collect();
        let columns: Vec<BlockCell> = cells
            .iter()
            .map(|cell| {
                let (x, y) = grid.centre(*cell);
                columns(*cell, x - 500_000.0, y - 6e6)
            })
            .collect();
        let inputs = BlockInputs {
            grid: &grid,
            cells: &cells,
            columns: &columns,
            panels: &panels,
            errors: &errors,
            from_stated_depth,
            limits: &limits(),
            min_block: Hectares(1.0),
            reference_moisture: MassFraction::new(0.40).expect("a fraction"),
        };
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let area = cells.len() as f64 * 100.0;
        (blocks(&inputs), area)
    }

    #[test]
    fn close_probes_make_a_better_category_than_sparse_ones() {
        let (blocks, _) = made(|_, _, _| cell(BalanceReason::WithinLimits, true), 0.04, false);
        assert_eq!(blocks.len(), 2, "{blocks:#?}");
        assert_eq!((blocks[0].category, blocks[1].category), (Category::A, Category::C2));
        assert_eq!((blocks[0].unfc.as_str(), blocks[1].crirsco), ("E2 F2 G1", "inferred resource"));
        assert_eq!(blocks[1].probes, 1);
        assert!((blocks[0].relative_error_95.expect("known") - 0.04).abs() < 1e-12);
        assert!(blocks[0].reason_text.contains("known to 4 % at 95 %"), "{}", blocks[0].reason_text);
    }

    #[test]
    fn the_error_decides_too_and_a_stated_depth_is_p1() {
        let category = |error, stated| made(|_, _, _| cell(BalanceReason::WithinLimits, true), error, stated).0[0].category;
        assert_eq!(category(0.12, false), Category::C1);
        assert_eq!(category(0.50, false), Category::P1);
        assert_eq!(category(0.01, true), Category::P1);
    }

    #[test]
    fn areas_volumes_and_polygons_of_blocks_sum_to_the_deposit() {
        let stripes = |cell_index: usize, x: f64, y: f64| {
            let reason = if (x / 90.0 + y / 70.0).sin() > 0.3 { BalanceReason::TooShallow } else { BalanceReason::WithinLimits };
            let reason = if cell_index.is_multiple_of(7) { BalanceReason::TooMuchAsh } else { reason };
            cell(reason, (x / 130.0).cos() > -0.6)
        };
        let (blocks, area) = made(stripes, 0.08, false);
        assert!(blocks.len() > 5, "{}", blocks.len());
        let sum = |of: &dyn Fn(&Block) -> f64| blocks.iter().map(of).sum::<f64>();
        assert!((sum(&|block| block.area_ha.0) * 1e4 - area).abs() < 1e-6);
        assert!((sum(&|block| block.land.unsigned_area()) - area).abs() < 1e-3);
        assert!((sum(&|block| block.volume_m3.0) - 2.0 * area).abs() < 1e-6);
        assert!((sum(&|block| block.mass_t.0) - 0.3 * area).abs() < 1e-6);
        for block in &blocks {
            assert!((block.land.unsigned_area() / 1e4 - block.area_ha.0).abs() < 1e-7);
            assert!((block.mean_depth_m.0 - 2.0).abs() < 1e-9);
        }
        let numbers: Vec<usize> = blocks.iter().map(|block| block.block).collect();
        assert_eq!(numbers, (1..=blocks.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_small_patch_joins_its_class_but_never_the_other() {
        let lake = |_: usize, x: f64, y: f64| {
            let reason =
                if (x - 250.0).hypot(y - 300.0) < 30.0 { BalanceReason::TooShallow } else { BalanceReason::WithinLimits };
            cell(reason, true)
        };
        let (blocks, _) = made(lake, 0.04, false);
        let shallow: Vec<&Block> = blocks.iter().filter(|block| block.balance_class == BalanceClass::OffBalance).collect();
        assert_eq!(shallow.len(), 1, "small as it is, it has no neighbour of its class");
        assert_eq!((shallow[0].crirsco, shallow[0].reason), ("none", BlockReason::TooShallow));
        assert_eq!(blocks[0].land.0[0].interiors().len(), 1, "it is a hole in the block around it");
    }

    #[test]
    fn land_that_a_constraint_takes_is_a_block_of_its_own() {
        let (blocks, _) = made(|_, x, _| cell(BalanceReason::WithinLimits, x < 700.0), 0.04, false);
        let taken: Vec<&Block> = blocks.iter().filter(|block| !block.legal_access).collect();
        assert_eq!((taken.len(), taken[0].reason, taken[0].unfc.as_str()), (1, BlockReason::NoLegalAccess, "E3 F4 G3"));
    }

    #[test]
    fn blocks_of_nothing_are_none() {
        let (grid, cells, _) = deposit();
        let panels = panels(&grid, &[], &[], Metres(500.0));
        let moisture = MassFraction::new(0.4).expect("a fraction");
        let limits = limits();
        let inputs = BlockInputs {
            grid: &grid,
            cells: &[],
            columns: &[],
            panels: &panels,
            errors: &[],
            from_stated_depth: false,
            limits: &limits,
            min_block: Hectares(1.0),
            reference_moisture: moisture,
        };
        assert_eq!(blocks(&inputs), Vec::new());
        assert_eq!(blocks(&BlockInputs { cells: &cells, ..inputs }), Vec::new(), "lists that do not belong together");
    }
}
