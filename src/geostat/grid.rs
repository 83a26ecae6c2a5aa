//! Regular grids, and which of their cells lie inside a polygon.

use thiserror::Error;

/// A closed ring of a polygon: corners without the repeated last one, or with it; either will do.
pub type Ring = Vec<[f64; 2]>;

/// Least and greatest coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bounds {
    pub min_x: f64,
    pub min_y: f64,
    pub max_x: f64,
    pub max_y: f64,
}

impl Bounds {
    /// The bounds of some rings; `None` of none.
    #[must_use]
    pub fn of(rings: &[Ring]) -> Option<Self> {
        rings.iter().flatten().fold(None, |bounds: Option<Self>, [x, y]| {
            let b = bounds.unwrap_or(Self { min_x: *x, min_y: *y, max_x: *x, max_y: *y });
            Some(Self { min_x: b.min_x.min(*x), min_y: b.min_y.min(*y), max_x: b.max_x.max(*x), max_y: b.max_y.max(*y) })
        })
    }
}

/// Why there is no grid.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum GridError {
    #[error("the cell size must be a positive number")]
    Cell,
    #[error("the outline would need {cells:.0} cells of this size; at most {limit} are computed")]
    TooManyCells { cells: f64, limit: usize },
    #[error(
        "only {cells} cells of this size have their centre inside the outline; at least {least} are needed, so take a smaller one"
    )]
    TooCoarse { cells: usize, least: usize },
}

/// A grid of square cells. Its origin is the upper left corner of what it covers; columns run east, rows
/// south, as in a raster file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    origin_x: f64,
    origin_y: f64,
    cell: f64,
    columns: usize,
    rows: usize,
}

impl Grid {
    /// The grid with its origin at `(min_x, max_y)` that covers the bounds with cells of this edge length.
    ///
    /// # Errors
    /// A cell size that is no positive number, or more than `limit` cells.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked against the limit before")]
    pub fn covering(bounds: Bounds, cell: f64, limit: usize) -> Result<Self, GridError> {
        if !cell.is_finite() || cell <= 0.0 {
            return Err(GridError::Cell);
        }
        let columns = ((bounds.max_x - bounds.min_x) / cell).ceil().max(1.0);
        let rows = ((bounds.max_y - bounds.min_y) / cell).ceil().max(1.0);
        let cells = columns * rows;
        #[expect(clippy::cast_precision_loss, reason = "a limit far below 2^53")]
        if cells.is_nan() || cells > limit as f64 {
            return Err(GridError::TooManyCells { cells, limit });
        }
        let (columns, rows) = (columns as usize, rows as usize);
        Ok(Self { origin_x: bounds.min_x, origin_y: bounds.max_y, cell, columns, rows })
    }

    /// Edge length of a cell.
    #[must_use]
    pub fn cell(&self) -> f64 {
        self.cell
    }

    /// Columns, running east.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows, running south.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The upper left corner: least x, greatest y.
    #[must_use]
    pub fn origin(&self) -> (f64, f64) {
        (self.origin_x, self.origin_y)
    }

    /// Cells in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Whether there is no cell; a grid always has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Centre of a cell by its index, row by row from the upper left.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn centre(&self, index: usize) -> (f64, f64) {
        let (row, column) = (index / self.columns, index % self.columns);
        (self.origin_x + (column as f64 + 0.5) * self.cell, self.origin_y - (row as f64 + 0.5) * self.cell)
    }

    /// Index of the cell that a place lies in; `None` outside the grid.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked not to be negative")]
    pub fn cell_at(&self, x: f64, y: f64) -> Option<usize> {
        let (column, row) = ((x - self.origin_x) / self.cell, (self.origin_y - y) / self.cell);
        if column < 0.0 || row < 0.0 {
            return None;
        }
        let (column, row) = (column as usize, row as usize);
        (column < self.columns && row < self.rows).then_some(row * self.columns + column)
    }

    /// Indices, ascending, of the cells whose centre lies inside the rings by the even-odd rule, so that
    /// holes and several parts need no special care.
    ///
    /// Each row is cut with the edges that reach it: time grows with cells plus edges times the rows that
    /// each edge spans, not with cells times edges.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn cells_inside(&self, rings: &[Ring]) -> Vec<usize> {
        let crossings = self.crossings(rings);
        let mut inside = Vec::new();
        for (row, mut cuts) in crossings.into_iter().enumerate() {
            cuts.sort_by(f64::total_cmp);
            for pair in cuts.chunks_exact(2) {
                // First and last column whose centre lies between the two cuts.
                let first = ((pair[0] - self.origin_x) / self.cell - 0.5).ceil().max(0.0);
                let last = ((pair[1] - self.origin_x) / self.cell - 0.5).ceil().min(self.columns as f64);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the columns")]
                inside.extend((first as usize..last.max(0.0) as usize).map(|column| row * self.columns + column));
            }
        }
        inside
    }

    /// Where the edges of the rings cross the middle line of each row.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the rows"
    )]
    fn crossings(&self, rings: &[Ring]) -> Vec<Vec<f64>> {
        let mut crossings = vec![Vec::new(); self.rows];
        for ring in rings {
            for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (upper, lower) = if from[1] > to[1] { (from, to) } else { (to, from) };
                // Rows whose middle line y satisfies lower < y <= upper: each vertex belongs to one edge only.
                let first = ((self.origin_y - upper[1]) / self.cell - 0.5).ceil().max(0.0);
                let last = ((self.origin_y - lower[1]) / self.cell - 0.5).ceil().min(self.rows as f64);
                let (first, last) = (first as usize, last.max(0.0) as usize);
                for (row, cuts) in crossings.iter_mut().enumerate().take(last).skip(first) {
                    let y = self.origin_y - (row as f64 + 0.5) * self.cell;
                    let share = (upper[1] - y) / (upper[1] - lower[1]);
                    cuts.push(upper[0] + share * (lower[0] - upper[0]));
                }
            }
        }
        crossings
    }
}

/// Length of a closed ring.
#[must_use]
pub fn ring_length(ring: &Ring) -> f64 {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(from, to)| (to[0] - from[0]).hypot(to[1] - from[1])).sum()
}

/// Points along a closed ring, every `step` of its length from its first corner on. Who lets strangers choose the
/// step checks [`ring_length`] over it first.
///
/// A square of 10 m edge at a step of 5 m gives eight points.
#[must_use]
pub fn points_along(ring: &Ring, step: f64) -> Vec<[f64; 2]> {
    let mut points = Vec::new();
    let mut until_next = 0.0;
    for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let length = (to[0] - from[0]).hypot(to[1] - from[1]);
        let mut along = until_next;
        while along < length {
            let share = along / length;
            points.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
            along += step;
        }
        until_next = along - length;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(min: f64, max: f64) -> Ring {
        vec![[min, min], [max, min], [max, max], [min, max]]
    }

    #[test]
    fn a_square_with_a_hole_counts_its_cells() {
        let rings = vec![square(0.0, 100.0), square(40.0, 60.0)];
        let grid = Grid::covering(Bounds::of(&rings).expect("rings"), 1.0, 1_000_000).expect("a grid");
        assert_eq!(grid.cells_inside(&rings).len(), 10_000 - 400);
    }

    #[test]
    fn a_closed_ring_may_repeat_its_first_corner() {
        let mut ring = square(0.0, 10.0);
        let grid = Grid::covering(Bounds::of(&[ring.clone()]).expect("ring"), 1.0, 1_000).expect("a grid");
        let open = grid.cells_inside(&[ring.clone()]);
        ring.push(ring[0]);
        assert_eq!(grid.cells_inside(&[ring.clone()]), open);
        assert_eq!(points_along(&ring, 5.0).len(), 8);
    }

    #[test]
    fn the_origin_is_the_upper_left_corner() {
        let bounds = Bounds { min_x: 100.0, min_y: 200.0, max_x: 110.0, max_y: 220.0 };
        let grid = Grid::covering(bounds, 2.0, 1_000).expect("a grid");
        assert_eq!((grid.len(), grid.centre(0), grid.centre(5)), (50, (101.0, 219.0), (101.0, 217.0)));
    }

    #[test]
    fn too_many_cells_are_refused_before_memory_is_taken() {
        let bounds = Bounds { min_x: 0.0, min_y: 0.0, max_x: 1e9, max_y: 1e9 };
        assert!(matches!(Grid::covering(bounds, 0.1, 1_000_000), Err(GridError::TooManyCells { .. })));
        assert_eq!(Grid::covering(bounds, f64::NAN, 10), Err(GridError::Cell));
    }

    #[test]
    fn cells_of_a_disc_fill_its_area() {
        let disc: Ring = (0..720).map(|i| f64::from(i).to_radians() / 2.0).map(|a| [100.0 * a.cos(), 100.0 * a.sin()]).collect();
        let grid = Grid::covering(Bounds::of(std::slice::from_ref(&disc)).expect("ring"), 1.0, 100_000).expect("a grid");
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let area = grid.cells_inside(&[disc]).len() as f64;
        assert!((area / (std::f64::consts::PI * 1e4) - 1.0).abs() < 1e-3, "{area}");
    }
}
