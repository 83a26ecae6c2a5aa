//! Sets of cells as polygons.

use super::Grid;
use geo::orient::{Direction, Orient};
use geo::{Area, LineString, MultiPolygon, Polygon};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Steps to the side by which the cells at the edge of an area are continued outwards.
const CONTINUED: usize = 2;

/// The ground of the cells of each label, as polygons along the edges of the cells.
///
/// `labels` has one entry a cell of the grid, `None` outside the area of interest. Cells outside, up to two
/// steps from one inside, take the label of the nearest one: so the areas run over the edge, and whoever cuts them with
/// the exact outline gets areas that tile it, without the stairs of the cells. Polygons of different labels do not
/// overlap. Parts that touch at a corner only are polygons of their own; holes are holes.
///
/// Labels come in ascending order; a wrong number of labels gives no areas.
///
/// ```
/// use geo::Area;
/// use peatplan::geostat::{Bounds, Grid, cell_areas};
/// let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 30.0, max_y: 20.0 }, 10.0, 100).unwrap();
/// let areas = cell_areas(&grid, &[Some(1), Some(1), Some(2), Some(1), Some(2), Some(2)]);
/// let sizes: Vec<(usize, f64)> = areas.iter().map(|(label, area)| (*label, area.unsigned_area())).collect();
/// assert_eq!(sizes, [(1, 300.0), (2, 300.0)]);
/// ```
#[must_use]
pub fn cell_areas(grid: &Grid, labels: &[Option<usize>]) -> Vec<(usize, MultiPolygon)> {
    if labels.len() != grid.len() {
        return Vec::new();
    }
    let labels = continued(grid, labels);
    let mut edges: BTreeMap<usize, Edges> = BTreeMap::new();
    let (columns, rows) = (grid.columns(), grid.rows());
    let label_at = |column: usize, row: usize| if column < columns && row < rows { labels[row * columns + column] } else { None };
    for row in 0..rows {
        for column in 0..columns {
            let Some(label) = labels[row * columns + column] else { continue };
            let edges = edges.entry(label).or_default();
            let differs = |column: usize, row: usize| label_at(column, row) != Some(label);
            let (left, right, top, bottom) = (column, column + 1, row, row + 1);
            // Round the cell with its ground on the left: down its left side, along the bottom, up, and back.
            if differs(column.wrapping_sub(1), row) {
                edges.add((left, top), (left, bottom));
            }
            if differs(column, row + 1) {
                edges.add((left, bottom), (right, bottom));
            }
            if differs(column + 1, row) {
                edges.add((right, bottom), (right, top));
            }
            if differs(column, row.wrapping_sub(1)) {
                edges.add((right, top), (left, top));
            }
        }
    }
    edges.into_iter().map(|(label, edges)| (label, polygons(grid, edges.rings()))).collect()
}

/// A corner of the cells, counted in columns and rows.
type Corner = (usize, usize);

/// The sides of a set of cells, by the corner they start at; at most two start at one.
#[derive(Default)]
struct Edges(HashMap<Corner, Vec<Corner>>);

impl Edges {
    fn add(&mut self, from: Corner, to: Corner) {
        self.0.entry(from).or_default().push(to);
    }

    /// Closed rings, none of which meets itself: where a walk comes back to a corner, the loop since then is a ring.
    fn rings(mut self) -> Vec<Vec<Corner>> {
        let mut starts: Vec<Corner> = self.0.keys().copied().collect();
        starts.sort_unstable();
        let mut rings = Vec::new();
        for start in starts {
            let mut walk: Vec<Corner> = vec![start];
            let mut places = HashMap::from([(start, 0)]);
            while let Some(here) = walk.last().copied() {
                let Some(next) = self.take(here, walk.len().checked_sub(2).map(|place| walk[place])) else { break };
                if let Some(place) = places.get(&next).copied() {
                    let ring = walk.split_off(place);
                    for corner in &ring {
                        places.remove(corner);
                    }
                    rings.push(ring);
                }
                // The first corner of a loop is where the walk goes on from.
                places.insert(next, walk.len());
                walk.push(next);
            }
        }
        rings
    }

    /// The side to follow from a corner. Where two start, the one that turns left keeps to the same cell.
    fn take(&mut self, here: Corner, before: Option<Corner>) -> Option<Corner> {
        let next = self.0.get_mut(&here)?;
        let left = before.and_then(|before| next.iter().position(|next| turns_left(before, here, *next)));
        let taken = match left {
            Some(place) => next.swap_remove(place),
            None => next.pop()?,
        };
        if next.is_empty() {
            self.0.remove(&here);
        }
        Some(taken)
    }
}

/// Rows run down, so a turn to the left has a negative cross product.
fn turns_left(before: Corner, here: Corner, next: Corner) -> bool {
    let step = |from: Corner, to: Corner| (signed(to.0) - signed(from.0), signed(to.1) - signed(from.1));
    let (a, b) = (step(before, here), step(here, next));
    a.0 * b.1 - a.1 * b.0 < 0
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Rings that run counter-clockwise are grounds, the others holes in the smallest ground around them.
fn polygons(grid: &Grid, rings: Vec<Vec<Corner>>) -> MultiPolygon {
    let (left, top) = grid.origin();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let place = |corner: &Corner| (left + corner.0 as f64 * grid.cell(), top - corner.1 as f64 * grid.cell());
    let mut grounds: Vec<(i64, Vec<Corner>, Vec<Vec<Corner>>)> = Vec::new();
    let mut holes = Vec::new();
    for ring in rings {
        let size = doubled_area(&ring);
        if size > 0 { grounds.push((size, ring, Vec::new())) } else { holes.push(ring) }
    }
    grounds.sort_by_key(|(size, ring, _)| (*size, ring[0]));
    let boxes: Vec<_> = grounds.iter().map(|(_, ring, _)| extent(ring)).collect();
    for hole in holes {
        // A cell of the hole lies left above its first corner or beside it: the ring's own inner cell is asked.
        let cell = inner_cell(&hole);
        let home = (0..grounds.len()).find(|ground| within(boxes[*ground], cell) && encloses(&grounds[*ground].1, cell));
        if let Some(home) = home {
            grounds[home].2.push(hole);
        }
    }
    let line = |ring: &Vec<Corner>| LineString::from(straightened(ring).iter().map(place).collect::<Vec<_>>());
    let polygon =
        |(_, ring, holes): &(i64, Vec<Corner>, Vec<Vec<Corner>>)| Polygon::new(line(ring), holes.iter().map(line).collect());
    let polygons = MultiPolygon::new(grounds.iter().map(polygon).filter(|polygon| polygon.unsigned_area() > 0.0).collect());
    polygons.orient(Direction::Default)
}

/// Twice the area, positive where the ground is on the left.
fn doubled_area(ring: &[Corner]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    // Rows run down: the sign of the shoelace formula turns round.
    ring.iter().zip(next).map(|(a, b)| signed(b.0) * signed(a.1) - signed(a.0) * signed(b.1)).sum()
}

fn extent(ring: &[Corner]) -> (Corner, Corner) {
    let least = ring.iter().fold((usize::MAX, usize::MAX), |m, c| (m.0.min(c.0), m.1.min(c.1)));
    let most = ring.iter().fold((0, 0), |m: Corner, c| (m.0.max(c.0), m.1.max(c.1)));
    (least, most)
}

fn within((least, most): (Corner, Corner), cell: Corner) -> bool {
    (least.0..most.0).contains(&cell.0) && (least.1..most.1).contains(&cell.1)
}

/// A cell inside a ring: below its uppermost, leftmost corner.
fn inner_cell(ring: &[Corner]) -> Corner {
    ring.iter().copied().min_by_key(|corner| (corner.1, corner.0)).unwrap_or_default()
}

/// Whether the centre of a cell lies inside a ring: an odd number of the ring's upright sides lies to the left of it.
fn encloses(ring: &[Corner], cell: Corner) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crosses = |(a, b): &(&Corner, &Corner)| a.0 == b.0 && a.0 <= cell.0 && (a.1.min(b.1)..a.1.max(b.1)).contains(&cell.1);
    ring.iter().zip(next).filter(crosses).count() % 2 == 1
}

/// Without the corners that lie on a straight line.
fn straightened(ring: &[Corner]) -> Vec<Corner> {
    let count = ring.len();
    let kept = |place: &usize| {
        let (before, here, next) = (ring[(place + count - 1) % count], ring[*place], ring[(place + 1) % count]);
        !((before.0 == here.0 && here.0 == next.0) || (before.1 == here.1 && here.1 == next.1))
    };
    (0..count).filter(kept).map(|place| ring[place]).collect()
}

fn continued(grid: &Grid, labels: &[Option<usize>]) -> Vec<Option<usize>> {
    let (columns, rows) = (grid.columns(), grid.rows());
    let mut filled = labels.to_vec();
    let mut front: VecDeque<(usize, usize)> =
        (0..filled.len()).filter(|cell| filled[*cell].is_some()).map(|cell| (cell, 0)).collect();
    while let Some((cell, steps)) = front.pop_front() {
        if steps == CONTINUED {
            continue;
        }
        let (row, column) = (cell / columns, cell % columns);
        let beside = [
            (column > 0).then(|| cell - 1),
            (column + 1 < columns).then_some(cell + 1),
            (row > 0).then(|| cell - columns),
            (row + 1 < rows).then_some(cell + columns),
        ];
        for next in beside.into_iter().flatten() {
            if filled[next].is_none() {
                filled[next] = filled[cell];
                front.push_back((next, steps + 1));
            }
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;
    use geo::{BooleanOps, Validation};
    use proptest::prelude::*;

    fn grid(columns: u32, rows: u32) -> Grid {
        let bounds = Bounds { min_x: 600_000.0, min_y: 0.0, max_x: 600_000.0 + f64::from(columns), max_y: f64::from(rows) };
        Grid::covering(bounds, 1.0, 1_000_000).expect("a grid")
    }

    /// A picture in letters; a full stop stands for no label.
    fn areas(rows: &[&str]) -> Vec<(usize, MultiPolygon)> {
        let columns = u32::try_from(rows[0].len()).expect("few");
        let labels: Vec<Option<usize>> =
            rows.iter().flat_map(|row| row.bytes()).map(|letter| (letter != b'.').then(|| usize::from(letter - b'A'))).collect();
        cell_areas(&grid(columns, u32::try_from(rows.len()).expect("few")), &labels)
    }

    #[test]
    fn a_ring_of_cells_has_a_hole_and_an_island_in_it() {
        let areas = areas(&["AAAAA", "ABBBA", "ABABA", "ABBBA", "AAAAA"]);
        let (a, b) = (&areas[0].1, &areas[1].1);
        assert_eq!((a.0.len(), a.unsigned_area()), (2, 17.0), "a frame and an island");
        assert_eq!((b.0.len(), b.0[0].interiors().len(), b.unsigned_area()), (1, 1, 8.0));
        assert!(a.is_valid() && b.is_valid());
        assert_eq!(b.0[0].exterior().0.len(), 5, "corners on a line are left out");
    }

    #[test]
    fn cells_that_touch_at_a_corner_are_parts_of_their_own_and_so_are_holes() {
        let checked = areas(&["ABAB", "BABA", "ABAB", "BABA"]);
        assert!(checked.iter().all(|(_, area)| area.0.len() == 8 && area.is_valid()));
        let holes = areas(&["AAAA", "ABAA", "AABA", "AAAA"]);
        assert_eq!((holes[0].1.0.len(), holes[0].1.0[0].interiors().len()), (1, 2));
        assert!(holes[0].1.is_valid(), "{:?}", holes[0].1.validation_errors());
    }

    #[test]
    fn areas_run_over_the_edge_of_what_has_labels() {
        let areas = areas(&[".....", ".....", "..A..", ".....", "....."]);
        // Two steps to the side of one cell: a diamond of 13.
        assert_eq!(areas[0].1.unsigned_area(), 13.0);
        assert!(cell_areas(&grid(2, 2), &[Some(1)]).is_empty(), "too few labels");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn areas_of_any_picture_are_valid_tile_it_and_do_not_overlap(cells in prop::collection::vec(0_usize..3, 8 * 9)) {
            let labels: Vec<Option<usize>> = cells.iter().map(|label| Some(*label)).collect();
            let areas = cell_areas(&grid(8, 9), &labels);
            for (label, area) in &areas {
                prop_assert!(area.is_valid(), "{label}: {:?}", area.validation_errors());
                #[expect(clippy::cast_precision_loss, reason = "a small count")]
                let count = cells.iter().filter(|cell| *cell == label).count() as f64;
                prop_assert!((area.unsigned_area() - count).abs() < 1e-6, "{label}: {} {count}", area.unsigned_area());
            }
            for (place, (_, one)) in areas.iter().enumerate() {
                for (_, other) in &areas[place + 1..] {
                    prop_assert!(one.intersection(other).unsigned_area() < 1e-6);
                }
            }
        }
    }
}
