//! Panels: squares of a deposit, each surveyed well or badly as a whole.
//!
//! The category of a reserve is about a piece of land, not a point: the error of its mean depth and the spacing of the
//! probes on it. It knows no peat and no limits.

use crate::geostat::{Grid, join_small_regions};
use crate::units::{Metres, SquareMetres};

/// Panels are so many spacings of probes wide: about 25 probes each.
const SPACINGS_PER_PANEL: f64 = 5.0;
/// Panels at the edge of a deposit that hold less than this share of a whole square join a neighbour.
const LEAST_SHARE: f64 = 0.5;

/// A panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its cells, as places in the list of cells that the panels were made of.
    pub places: Vec<usize>,
    /// Its area.
    pub area: SquareMetres,
    /// Probes on it.
    pub probes: usize,
}

impl Panel {
    /// Mean spacing of its probes, `√(area / probes)`; `None` without probes.
    #[must_use]
    pub fn spacing(&self) -> Option<Metres> {
        spacing(self.area, self.probes)
    }
}

/// Mean spacing of probes, `√(area / probes)`; `None` without probes.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn spacing(area: SquareMetres, probes: usize) -> Option<Metres> {
    (probes > 0).then(|| Metres((area.0 / probes as f64).sqrt()))
}

/// The cells of a deposit in panels.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// The panels, from the upper left.
    pub list: Vec<Panel>,
    /// The panel of each cell.
    pub of_cell: Vec<usize>,
    /// The cell of each probe, as a place in the list of cells; `None` of a probe that lies on no cell.
    pub cell_of_probe: Vec<Option<usize>>,
}

/// Edge of the panels: the one asked for, or five mean spacings of probes; the whole deposit where there are no probes.
///
/// 104 probes on 3.79 ha stand 19.1 m apart on average; their panels are 95.5 m wide.
#[must_use]
pub fn panel_side(area: SquareMetres, probes: usize, asked: Option<Metres>) -> Metres {
    let chosen = || spacing(area, probes).map_or(Metres(f64::INFINITY), |spacing| spacing * SPACINGS_PER_PANEL);
    asked.filter(|side| side.0 > 0.0).unwrap_or_else(chosen)
}

/// Cuts the cells of a deposit (ascending indices) into square panels that fit the grid, from its upper left corner, and
/// counts the probes on each. A panel that holds less than half a square joins the neighbour of its longest border.
///
/// The side is rounded to whole cells, one at least.
#[must_use]
pub fn panels(grid: &Grid, cells: &[usize], probes: &[[f64; 2]], side: Metres) -> Panels {
    let widest = grid.columns().max(grid.rows()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let wanted = (side.0 / grid.cell()).round().clamp(1.0, widest as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and the width of the grid")]
    let width = if wanted.is_nan() { widest } else { wanted as usize };
    let panels_across = grid.columns().div_ceil(width);
    let square = |cell: &usize| (cell / grid.columns() / width) * panels_across + (cell % grid.columns()) / width;
    let squares: Vec<usize> = cells.iter().map(square).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let least = LEAST_SHARE * (width * width) as f64;
    let joined = join_small_regions(grid, cells, &squares, least, |_, _| true);

    let mut number_of_square = std::collections::BTreeMap::new();
    let mut list: Vec<Panel> = Vec::new();
    let cell_area = grid.cell() * grid.cell();
    let mut of_cell = Vec::with_capacity(cells.len());
    for (place, square) in joined.into_iter().enumerate() {
        let number = *number_of_square.entry(square).or_insert(list.len());
        if number == list.len() {
            list.push(Panel { places: Vec::new(), area: SquareMetres::ZERO, probes: 0 });
        }
        list[number].places.push(place);
        list[number].area += SquareMetres(cell_area);
        of_cell.push(number);
    }
    let cell_of_probe: Vec<Option<usize>> = probes.iter().map(|at| place_of(grid, cells, *at)).collect();
    for place in cell_of_probe.iter().flatten() {
        list[of_cell[*place]].probes += 1;
    }
    Panels { list, of_cell, cell_of_probe }
}

/// The cell a probe lies on. A probe inside the outline may lie on a cell whose centre is outside: then the nearest of the
/// cells around.
fn place_of(grid: &Grid, cells: &[usize], [x, y]: [f64; 2]) -> Option<usize> {
    let near = |step_x: f64, step_y: f64| {
        let cell = grid.cell_at(x + step_x * grid.cell(), y + step_y * grid.cell())?;
        let place = cells.binary_search(&cell).ok()?;
        let (centre_x, centre_y) = grid.centre(cell);
        Some(((centre_x - x).hypot(centre_y - y), place))
    };
    let own = near(0.0, 0.0).map(|(_, place)| place);
    let around = || {
        let steps = [-1.0, 0.0, 1.0];
        let found = steps.iter().flat_map(|step_x| steps.iter().filter_map(|step_y| near(*step_x, *step_y)));
        found.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
    };
    own.or_else(around)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;

    fn grid(columns: f64, rows: f64) -> Grid {
        Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: columns, max_y: rows }, 1.0, 1_000_000).expect("a grid")
    }

    #[test]
    fn panels_hold_every_cell_once_and_count_their_probes() {
        let grid = grid(100.0, 60.0);
        let cells: Vec<usize> = (0..grid.len()).collect();
        let probes = [[10.0, 50.0], [60.0, 50.0], [60.5, 51.0], [1e4, 0.0]];
        let panels = panels(&grid, &cells, &probes, Metres(50.0));
        assert_eq!(panels.list.len(), 2, "the lower row of panels is ten cells high and joins the upper one");
        assert_eq!(panels.list.iter().map(|panel| panel.probes).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(panels.cell_of_probe[3], None);
        let area: SquareMetres = panels.list.iter().map(|panel| panel.area).sum();
        assert!((area.0 - 6_000.0).abs() < 1e-9);
        assert_eq!(panels.list[0].spacing(), Some(Metres(3_000_f64.sqrt())));
    }

    #[test]
    fn without_probes_there_is_one_panel() {
        let grid = grid(30.0, 10.0);
        let cells: Vec<usize> = (0..grid.len()).collect();
        let panels = panels(&grid, &cells, &[], panel_side(SquareMetres(300.0), 0, None));
        assert_eq!((panels.list.len(), panels.list[0].spacing()), (1, None));
    }

    #[test]
    fn a_probe_at_the_edge_counts_for_the_cell_beside_it() {
        let grid = grid(10.0, 10.0);
        let cells: Vec<usize> = (0..50).collect();
        let panels = panels(&grid, &cells, &[[5.4, 4.9]], Metres(10.0));
        assert_eq!(panels.cell_of_probe, [Some(45)]);
        assert!((panel_side(SquareMetres(37_922.82), 104, None).0 - 95.48).abs() < 0.01);
    }
}
