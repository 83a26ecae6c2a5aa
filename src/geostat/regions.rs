//! Sets of cells of a grid: which hang together, and which are too small to stand alone.
//!
//! Cells hang together by their edges; a corner is no connection. It knows nothing of what the sets mean.

use super::grid::Grid;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Sides of a cell in the order of a counterclockwise walk around it: along the south side one walks east, and so on.
pub(super) const SOUTH: u8 = 0;
pub(super) const EAST: u8 = 1;
pub(super) const NORTH: u8 = 2;
pub(super) const WEST: u8 = 3;

/// The cell beyond a side; `None` at the edge of the grid.
pub(super) fn neighbour(grid: &Grid, cell: usize, side: u8) -> Option<usize> {
    let (columns, column) = (grid.columns(), cell % grid.columns());
    match side {
        SOUTH => Some(cell + columns).filter(|below| *below < grid.len()),
        EAST => (column + 1 < columns).then_some(cell + 1),
        NORTH => cell.checked_sub(columns),
        _ => (column > 0).then(|| cell - 1),
    }
}

/// Parts each region into the pieces that hang together: for each cell, in the order given, the number of its piece,
/// counted from the upper left of the grid.
///
/// `regions[i]` is the region of `cells[i]`.
#[must_use]
pub fn connected_cells(grid: &Grid, cells: &[usize], regions: &[usize]) -> Vec<usize> {
    let (pieces, _) = connected_pieces(grid, cells, regions);
    cells.iter().map(|cell| pieces.get(*cell).map_or(0, |piece| *piece as usize)).collect()
}

/// No cell of any region.
pub(super) const NO_PIECE: u32 = u32::MAX;

/// Numbers the pieces that hang together by edges, cell by cell of the grid, and says which region each is of.
pub(super) fn connected_pieces(grid: &Grid, cells: &[usize], regions: &[usize]) -> (Vec<u32>, Vec<usize>) {
    const UNSEEN: u32 = u32::MAX - 1;
    let mut pieces = vec![NO_PIECE; grid.len()];
    let mut region_of_cell = vec![usize::MAX; grid.len()];
    for (cell, region) in cells.iter().zip(regions) {
        if let Some(piece) = pieces.get_mut(*cell) {
            *piece = UNSEEN;
            region_of_cell[*cell] = *region;
        }
    }
    let mut region_of_piece = Vec::new();
    let mut stack = Vec::new();
    for start in 0..pieces.len() {
        if pieces[start] != UNSEEN {
            continue;
        }
        #[expect(clippy::cast_possible_truncation, reason = "fewer pieces than cells, and grids stay far below 2^32 cells")]
        let number = region_of_piece.len() as u32;
        let region = region_of_cell[start];
        region_of_piece.push(region);
        pieces[start] = number;
        stack.push(start);
        while let Some(cell) = stack.pop() {
            for side in [SOUTH, EAST, NORTH, WEST] {
                if let Some(next) = neighbour(grid, cell, side)
                    && pieces[next] == UNSEEN
                    && region_of_cell[next] == region
                {
                    pieces[next] = number;
                    stack.push(next);
                }
            }
        }
    }
    (pieces, region_of_piece)
}

/// Joins regions of fewer than `least` cells to the neighbour with which they share the longest border, smallest first,
/// as long as `may_join(small, neighbour)` allows one; of equal borders the lower number wins. Gives the region of each
/// cell anew, by the numbers of those that were joined to.
///
/// A region without such a neighbour stays, small as it is. No cell is lost or counted twice.
///
/// ```
/// use peatplan::geostat::{Bounds, Grid, join_small_regions};
/// let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 4.0, max_y: 1.0 }, 1.0, 4).unwrap();
/// let joined = join_small_regions(&grid, &[0, 1, 2, 3], &[0, 0, 1, 2], 2.0, |_, _| true);
/// assert_eq!(joined, [0, 0, 0, 0]);
/// ```
#[must_use]
pub fn join_small_regions(
    grid: &Grid,
    cells: &[usize],
    regions: &[usize],
    least: f64,
    may_join: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let count = regions.iter().max().map_or(0, |greatest| greatest + 1);
    let mut sizes = vec![0_usize; count];
    for region in regions {
        sizes[*region] += 1;
    }
    let mut borders = borders(grid, cells, regions, count);
    let mut joined_to: Vec<usize> = (0..count).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let too_small = |size: usize| (size as f64) < least;
    let mut small: BinaryHeap<Reverse<(usize, usize)>> = (0..count)
        .filter(|region| sizes[*region] > 0 && too_small(sizes[*region]))
        .map(|region| Reverse((sizes[region], region)))
        .collect();
    while let Some(Reverse((size, region))) = small.pop() {
        if joined_to[region] != region || sizes[region] != size {
            continue;
        }
        let allowed = borders[region].iter().filter(|(neighbour, _)| may_join(region, **neighbour));
        let Some((&into, _)) = allowed.max_by_key(|(neighbour, length)| (**length, Reverse(**neighbour))) else { continue };
        joined_to[region] = into;
        sizes[into] += size;
        for (neighbour, length) in std::mem::take(&mut borders[region]) {
            borders[neighbour].remove(&region);
            if neighbour != into {
                *borders[neighbour].entry(into).or_insert(0) += length;
                *borders[into].entry(neighbour).or_insert(0) += length;
            }
        }
        if too_small(sizes[into]) {
            small.push(Reverse((sizes[into], into)));
        }
    }
    let joined = |mut region: usize| {
        while joined_to[region] != region {
            region = joined_to[region];
        }
        region
    };
    regions.iter().map(|region| joined(*region)).collect()
}

/// By region, the regions beside it with the count of cell edges between.
fn borders(grid: &Grid, cells: &[usize], regions: &[usize], count: usize) -> Vec<BTreeMap<usize, usize>> {
    let mut region_of_cell = vec![usize::MAX; grid.len()];
    for (cell, region) in cells.iter().zip(regions) {
        if let Some(known) = region_of_cell.get_mut(*cell) {
            *known = *region;
        }
    }
    let mut borders = vec![BTreeMap::new(); count];
    for (cell, region) in region_of_cell.iter().enumerate().filter(|(_, region)| **region != usize::MAX) {
        for side in [EAST, SOUTH] {
            let beyond = neighbour(grid, cell, side).map(|next| region_of_cell[next]);
            if let Some(beyond) = beyond.filter(|beyond| *beyond != usize::MAX && beyond != region) {
                *borders[*region].entry(beyond).or_insert(0) += 1;
                *borders[beyond].entry(*region).or_insert(0) += 1;
            }
        }
    }
    borders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;

    fn grid(columns: f64, rows: f64) -> Grid {
        Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: columns, max_y: rows }, 1.0, 10_000).expect("a grid")
    }

    #[test]
    fn a_corner_is_no_connection() {
        let pieces = connected_cells(&grid(2.0, 2.0), &[0, 1, 2, 3], &[0, 1, 1, 0]);
        assert_eq!(pieces, [0, 1, 2, 3]);
        let pieces = connected_cells(&grid(2.0, 2.0), &[0, 1, 2, 3], &[0, 0, 1, 0]);
        assert_eq!(pieces, [0, 0, 1, 0]);
    }

    #[test]
    fn a_small_region_joins_the_neighbour_of_the_longest_border() {
        // Two columns of region 0, two cells of region 1 in the middle, three columns of region 2.
        let grid = grid(5.0, 3.0);
        let regions = [0, 0, 1, 2, 2, 0, 0, 1, 2, 2, 0, 0, 0, 2, 2];
        let cells: Vec<usize> = (0..15).collect();
        let joined = join_small_regions(&grid, &cells, &regions, 3.0, |_, _| true);
        assert!(joined.iter().all(|region| *region != 1));
        assert_eq!((joined[2], joined[7]), (0, 0), "three edges with region 0, two with region 2");
        let kept_apart = join_small_regions(&grid, &cells, &regions, 3.0, |_, into| into == 2);
        assert_eq!((kept_apart[2], kept_apart[7]), (2, 2));
    }

    #[test]
    fn a_small_region_without_a_fitting_neighbour_stays() {
        let grid = grid(3.0, 1.0);
        assert_eq!(join_small_regions(&grid, &[0, 1, 2], &[0, 1, 0], 9.0, |_, _| false), [0, 1, 0]);
        assert_eq!(join_small_regions(&grid, &[], &[], 9.0, |_, _| true), Vec::<usize>::new());
    }
}
