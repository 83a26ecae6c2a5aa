//! Outlines of sets of cells: exact polygons along the edges of a grid.
//!
//! It is pure geometry on the lattice: it neither smooths nor simplifies beyond straight runs, so that the area of an
//! outline is that of its cells.

use super::grid::{Grid, Ring};
use super::regions::{EAST, NO_PIECE, NORTH, SOUTH, WEST, connected_pieces, neighbour};

/// A polygon: its outer ring, counterclockwise, and its holes, clockwise. Rings do not repeat their first corner.
#[derive(Debug, Clone, PartialEq)]
pub struct CellPolygon {
    /// Outer ring.
    pub exterior: Ring,
    /// Holes.
    pub holes: Vec<Ring>,
}

impl CellPolygon {
    /// Its area, holes taken off.
    #[must_use]
    pub fn area(&self) -> f64 {
        // Signed: holes run the other way round and take off by themselves.
        std::iter::once(&self.exterior).chain(&self.holes).map(signed_area).sum()
    }
}

/// Outline of cells of a grid (indices in any order): one polygon for each set of cells that hang together by their edges.
///
/// Cells that touch at a corner only are two polygons; a hole that touches its outer ring at a corner stays a hole. Corners
/// stand where the outline turns, at the exact lines of the grid, so that polygons of neighbouring sets fit without gap
/// and overlap, and no ring touches itself.
///
/// ```
/// use peatplan::geostat::{Bounds, Grid, cell_outline};
/// let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 30.0, max_y: 30.0 }, 10.0, 9).unwrap();
/// // All but the middle one: a square with a square hole.
/// let polygons = cell_outline(&grid, &[0, 1, 2, 3, 5, 6, 7, 8]);
/// assert_eq!((polygons.len(), polygons[0].exterior.len(), polygons[0].holes.len()), (1, 4, 1));
/// assert_eq!(polygons[0].area(), 800.0);
/// ```
#[must_use]
pub fn cell_outline(grid: &Grid, cells: &[usize]) -> Vec<CellPolygon> {
    region_outlines(grid, cells, &vec![0; cells.len()]).into_iter().next().unwrap_or_default()
}

/// Outlines of several sets of cells at once: `regions[i]` is the number of the set that `cells[i]` belongs to. The answer
/// holds the polygons by number; numbers that no cell has, have none.
///
/// Time and memory grow with the cells of the grid and the length of the outlines, not with the count of sets.
#[must_use]
pub fn region_outlines(grid: &Grid, cells: &[usize], regions: &[usize]) -> Vec<Vec<CellPolygon>> {
    let count = regions.iter().max().map_or(0, |greatest| greatest + 1);
    let mut outlines = vec![Vec::new(); count];
    let (pieces, region_of_piece) = connected_pieces(grid, cells, regions);
    let mut rings = vec![Vec::new(); region_of_piece.len()];
    let mut walked = vec![0_u8; grid.len()];
    let lattice = Lattice { grid, pieces: &pieces };
    // In the order of the grid, so that the answer does not depend on the order of the cells.
    for cell in 0..grid.len() {
        let piece = pieces[cell];
        if piece == NO_PIECE {
            continue;
        }
        for side in [SOUTH, EAST, NORTH, WEST] {
            if walked[cell] & (1 << side) == 0 && lattice.piece_beyond(cell, side) != Some(piece) {
                let corners = lattice.walk(cell, side, &mut walked);
                rings[piece as usize].extend(simple_rings(corners));
            }
        }
    }
    for (piece, rings) in rings.into_iter().enumerate() {
        let places: Vec<Ring> = rings.iter().map(|ring| ring.iter().map(|corner| lattice.place(*corner)).collect()).collect();
        let (outer, holes): (Vec<Ring>, Vec<Ring>) = places.into_iter().partition(|ring| signed_area(ring) > 0.0);
        // A connected piece has one outer ring.
        if let Some(exterior) = outer.into_iter().next() {
            outlines[region_of_piece[piece]].push(CellPolygon { exterior, holes });
        }
    }
    outlines
}

/// A corner of the lattice: column and row of its lines, from the upper left.
type Corner = (usize, usize);

struct Lattice<'a> {
    grid: &'a Grid,
    pieces: &'a [u32],
}

impl Lattice<'_> {
    fn piece_beyond(&self, cell: usize, side: u8) -> Option<u32> {
        neighbour(self.grid, cell, side).map(|next| self.pieces[next])
    }

    /// The corner at the end of a side, walking counterclockwise.
    fn end_of(&self, cell: usize, side: u8) -> Corner {
        let (column, row) = (cell % self.grid.columns(), cell / self.grid.columns());
        match side {
            SOUTH => (column + 1, row + 1),
            EAST => (column + 1, row),
            NORTH => (column, row),
            _ => (column, row + 1),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn place(&self, (column, row): Corner) -> [f64; 2] {
        let (x, y) = self.grid.origin();
        [x + column as f64 * self.grid.cell(), y - row as f64 * self.grid.cell()]
    }

    /// Walks along the border with the piece on the left, from a side until it comes back; gives the corners where it turns.
    fn walk(&self, cell: usize, side: u8, walked: &mut [u8]) -> Vec<Corner> {
        let piece = self.pieces[cell];
        let (mut at, mut along) = (cell, side);
        let mut corners = Vec::new();
        loop {
            walked[at] |= 1 << along;
            let corner = self.end_of(at, along);
            let (left, right) = ((along + 1) % 4, (along + 3) % 4);
            // Going east along a south side, the cell ahead is the one beyond the east side, which is the side on the left.
            let ahead = neighbour(self.grid, at, left).filter(|next| self.pieces[*next] == piece);
            match ahead {
                None => {
                    corners.push(corner);
                    along = left;
                }
                Some(ahead) => match neighbour(self.grid, ahead, along).filter(|next| self.pieces[*next] == piece) {
                    None => at = ahead,
                    Some(beyond) => {
                        corners.push(corner);
                        (at, along) = (beyond, right);
                    }
                },
            }
            if at == cell && along == side {
                return corners;
            }
        }
    }
}

/// Cuts a closed walk where it comes to a corner twice, so that each ring passes each corner once.
fn simple_rings(corners: Vec<Corner>) -> Vec<Vec<Corner>> {
    let mut rings = Vec::new();
    let mut open: Vec<Corner> = Vec::with_capacity(corners.len());
    let mut place_of = std::collections::HashMap::new();
    for corner in corners {
        if let Some(place) = place_of.get(&corner).copied() {
            let ring = open.split_off(place);
            for passed in &ring {
                place_of.remove(passed);
            }
            rings.push(ring);
        }
        place_of.insert(corner, open.len());
        open.push(corner);
    }
    rings.push(open);
    rings
}

/// Area by the shoelace formula, positive where the ring runs counterclockwise; taken from its first corner, since
/// coordinates of millions of metres would cost digits.
fn signed_area(ring: &Ring) -> f64 {
    let Some([x0, y0]) = ring.first().copied() else { return 0.0 };
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    pairs.map(|(from, to)| (from[0] - x0) * (to[1] - y0) - (to[0] - x0) * (from[1] - y0)).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;

    fn grid(columns: f64, rows: f64) -> Grid {
        Grid::covering(
            Bounds { min_x: 500_000.0, min_y: 6e6, max_x: 500_000.0 + columns * 5.0, max_y: 6e6 + rows * 5.0 },
            5.0,
            100_000,
        )
        .expect("a grid")
    }

    /// Cells of a picture: everything but dots.
    fn cells(picture: &[&str]) -> (Grid, Vec<usize>) {
        #[expect(clippy::cast_precision_loss, reason = "a small picture")]
        let grid = grid(picture[0].len() as f64, picture.len() as f64);
        let cells = picture.concat().char_indices().filter(|(_, c)| *c != '.').map(|(cell, _)| cell).collect();
        (grid, cells)
    }

    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    fn area_of(cells: &[usize]) -> f64 {
        cells.len() as f64 * 25.0
    }

    #[test]
    fn cells_that_touch_at_a_corner_are_two_polygons() {
        let (grid, cells) = cells(&["#.", ".#"]);
        let polygons = cell_outline(&grid, &cells);
        assert_eq!(polygons.len(), 2);
        assert!(polygons.iter().all(|polygon| polygon.exterior.len() == 4 && polygon.holes.is_empty()));
    }

    #[test]
    fn a_hole_that_touches_the_border_at_a_corner_stays_a_hole() {
        let (grid, cells) = cells(&["###.", "#.##", "####"]);
        let polygons = cell_outline(&grid, &cells);
        assert_eq!((polygons.len(), polygons[0].holes.len()), (1, 1), "{polygons:?}");
        let (grid, cells) = self::cells(&[".###", "#.##", "####"]);
        // The cell missing in the upper left and the hole meet at a corner where two cells of the piece meet too.
        let polygons = cell_outline(&grid, &cells);
        assert_eq!((polygons.len(), polygons[0].holes.len()), (1, 1), "{polygons:?}");
        assert!((polygons[0].area() - area_of(&cells)).abs() < 1e-9);
    }

    #[test]
    fn two_holes_that_touch_are_two_holes() {
        let (grid, cells) = cells(&["####", "#.##", "##.#", "####"]);
        let polygons = cell_outline(&grid, &cells);
        assert_eq!((polygons.len(), polygons[0].holes.len()), (1, 2));
    }

    #[test]
    fn an_island_in_a_hole_is_a_polygon_of_its_own() {
        let (grid, cells) = cells(&["#####", "#...#", "#.#.#", "#...#", "#####"]);
        let polygons = cell_outline(&grid, &cells);
        assert_eq!(polygons.iter().map(|polygon| polygon.holes.len()).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn areas_of_random_regions_sum_to_their_cells_and_no_ring_passes_a_corner_twice() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for _ in 0..40 {
            let grid = grid(23.0, 17.0);
            let cells: Vec<usize> = (0..grid.len()).filter(|_| next() % 10 < 8).collect();
            let regions: Vec<usize> = cells.iter().map(|_| usize::from(next() % 3 == 0)).collect();
            let outlines = region_outlines(&grid, &cells, &regions);
            for (region, polygons) in outlines.iter().enumerate() {
                let own: Vec<usize> =
                    cells.iter().zip(&regions).filter(|(_, of)| **of == region).map(|(cell, _)| *cell).collect();
                let area: f64 = polygons.iter().map(CellPolygon::area).sum();
                assert!((area - area_of(&own)).abs() < 1e-6, "{area} against {}", area_of(&own));
                let rings: Vec<Ring> =
                    polygons.iter().flat_map(|p| std::iter::once(&p.exterior).chain(&p.holes).cloned()).collect();
                assert_eq!(grid.cells_inside(&rings), own, "the outline holds its own cells and no other");
                for ring in &rings {
                    let mut corners: Vec<(i64, i64)> = ring.iter().map(rounded).collect();
                    corners.sort_unstable();
                    corners.dedup();
                    assert_eq!(corners.len(), ring.len(), "a corner twice in {ring:?}");
                }
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "coordinates in millimetres")]
    fn rounded(place: &[f64; 2]) -> (i64, i64) {
        ((place[0] * 1e3).round() as i64, (place[1] * 1e3).round() as i64)
    }

    #[test]
    fn no_cells_have_no_outline_and_strange_indices_are_passed_over() {
        let grid = grid(3.0, 3.0);
        assert_eq!(cell_outline(&grid, &[]), Vec::new());
        assert_eq!(cell_outline(&grid, &[99]), Vec::new());
        assert_eq!(cell_outline(&grid, &[4, 99])[0].exterior.len(), 4);
    }
}
