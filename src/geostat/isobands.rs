//! Bands between levels as polygons, from the cells of a grid.
//!
//! Polygons are those of `geo`, in the grid's own coordinates.

use super::Grid;
use contour::ContourBuilder;
use geo::orient::{Direction, Orient};
use geo::{BooleanOps, MultiPolygon, Polygon};
use std::collections::VecDeque;

/// Where the value lies between two levels.
#[derive(Debug, Clone, PartialEq)]
pub struct Isoband {
    /// The lower level, which belongs to the band.
    pub from: f64,
    /// The upper level, which does not.
    pub to: f64,
    /// The ground of the band in the grid's coordinates: outer rings counter-clockwise, holes clockwise, none overlapping.
    pub polygons: MultiPolygon,
}

/// Bands between each two neighbouring `levels` over the centres of a grid's cells, by marching squares with linear interpolation
/// between neighbouring centres (Lorensen & Cline 1987 in the plane).
///
/// `values` has one value a cell, `None` outside the area of interest. **Cells outside take the value of the nearest cell
/// inside**, also half a cell and more beyond the grid: so bands run on over the edge of the area without a fringe of zeros, and
/// whoever needs the exact outline cuts them with it. Inside the grid's rectangle the bands tile the ground where
/// `levels[0] <= value < levels[last]`: they touch along the levels and do not overlap. To cover everything, let the
/// levels reach below the least and above the greatest value. A band without ground is left out.
///
/// Levels that do not ascend or are not finite, as well as a wrong number of values or none inside, give no bands.
///
/// ```
/// use geo::Area;
/// use peatplan::geostat::{Bounds, Grid, isobands};
/// let bounds = Bounds { min_x: 0.0, min_y: 0.0, max_x: 100.0, max_y: 100.0 };
/// let grid = Grid::covering(bounds, 1.0, 10_000).unwrap();
/// let values: Vec<Option<f64>> = (0..grid.len()).map(|cell| Some(grid.centre(cell).0)).collect();
/// let bands = isobands(&grid, &values, &[0.0, 30.0, 50.0, 200.0]);
/// let middle = geo::Rect::new((0.0, 0.0), (100.0, 100.0)).to_polygon();
/// assert_eq!((bands[1].from, bands[1].to), (30.0, 50.0));
/// assert!((geo::BooleanOps::intersection(&bands[1].polygons, &middle).unsigned_area() - 2_000.0).abs() < 1e-3);
/// ```
#[must_use]
pub fn isobands(grid: &Grid, values: &[Option<f64>], levels: &[f64]) -> Vec<Isoband> {
    let ascending = levels.windows(2).all(|pair| pair[0] < pair[1]) && levels.iter().all(|level| level.is_finite());
    if levels.len() < 2 || !ascending || values.len() != grid.len() {
        return Vec::new();
    }
    let Some(padded) = padded(grid, values) else { return Vec::new() };
    let (columns, rows) = (grid.columns() + 2, grid.rows() + 2);
    // The builder runs in cells, where its tests for whole numbers are exact; places come afterwards.
    let Ok(lines) = ContourBuilder::new(columns, rows, true).lines(&padded, levels) else { return Vec::new() };
    let (left, top) = grid.origin();
    let cell = grid.cell();
    let place = |x: f64, y: f64| (left + (x - 1.0) * cell, top - (y - 1.0) * cell);
    // All rings of a level together enclose, by the even-odd rule, where it is reached.
    let reached: Vec<MultiPolygon> = lines
        .into_iter()
        .map(|line| {
            let rings = line.into_inner().0.0.into_iter();
            rings.map(|ring| Polygon::new(ring.coords().map(|c| place(c.x, c.y)).collect(), Vec::new())).collect()
        })
        .collect();
    let bands = levels.windows(2).zip(reached.windows(2)).map(|(levels, reached)| Isoband {
        from: levels[0],
        to: levels[1],
        polygons: reached[0].difference(&reached[1]).orient(Direction::Default),
    });
    bands.filter(|band| !band.polygons.0.is_empty()).collect()
}

/// The values with a border of one cell, all empty cells filled from the nearest full one, counted in steps to the side.
/// `None` where no cell has a finite value.
fn padded(grid: &Grid, values: &[Option<f64>]) -> Option<Vec<f64>> {
    let (columns, rows) = (grid.columns() + 2, grid.rows() + 2);
    let mut filled: Vec<Option<f64>> = vec![None; columns * rows];
    for (row, line) in values.chunks(grid.columns()).enumerate() {
        let start = (row + 1) * columns + 1;
        filled[start..start + line.len()].copy_from_slice(line);
    }
    for value in &mut filled {
        *value = value.filter(|value| value.is_finite());
    }
    let mut front: VecDeque<usize> = (0..filled.len()).filter(|index| filled[*index].is_some()).collect();
    while let Some(index) = front.pop_front() {
        let (row, column) = (index / columns, index % columns);
        let beside = [
            (column > 0).then(|| index - 1),
            (column + 1 < columns).then_some(index + 1),
            (row > 0).then(|| index - columns),
            (row + 1 < rows).then_some(index + columns),
        ];
        for next in beside.into_iter().flatten() {
            if filled[next].is_none() {
                filled[next] = filled[index];
                front.push_back(next);
            }
        }
    }
    filled.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;
    use geo::{Area, Rect, Validation};

    fn grid(edge: f64) -> Grid {
        Grid::covering(
            Bounds { min_x: 500_000.0, min_y: 6_000_000.0, max_x: 500_000.0 + edge, max_y: 6_000_000.0 + edge },
            2.0,
            100_000,
        )
        .expect("a grid")
    }

    fn ground(edge: f64) -> Polygon {
        Rect::new((500_000.0, 6_000_000.0), (500_000.0 + edge, 6_000_000.0 + edge)).to_polygon()
    }

    /// Hills and hollows, so that bands have holes and islands in the holes.
    fn hilly(grid: &Grid) -> Vec<Option<f64>> {
        let value = |cell| {
            let (x, y) = grid.centre(cell);
            let (x, y) = (x - 500_000.0, y - 6_000_000.0);
            2.0 + (x * 0.11).sin() * (y * 0.07).cos() + 0.5 * (x * 0.5).sin() * (y * 0.4).sin()
        };
        (0..grid.len()).map(|cell| Some(value(cell))).collect()
    }

    #[test]
    fn bands_tile_the_ground_and_are_valid() {
        let grid = grid(200.0);
        let bands = isobands(&grid, &hilly(&grid), &[0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]);
        let cut: Vec<MultiPolygon> = bands.iter().map(|band| band.polygons.intersection(&ground(200.0))).collect();
        let area: f64 = cut.iter().map(Area::unsigned_area).sum();
        assert!((area - 40_000.0).abs() < 0.5, "{area}");
        for (i, a) in bands.iter().enumerate() {
            assert!(a.polygons.is_valid(), "{:?}", a.polygons.validation_errors());
            for b in &bands[i + 1..] {
                assert!(a.polygons.intersection(&b.polygons).unsigned_area() < 0.05);
            }
        }
    }

    #[test]
    fn a_band_of_a_cone_is_a_ring_of_its_area() {
        let grid = grid(200.0);
        let cone = |cell| {
            let (x, y) = grid.centre(cell);
            3.0 - (x - 500_100.0).hypot(y - 6_000_100.0) * 0.03
        };
        let values: Vec<Option<f64>> = (0..grid.len()).map(|cell| Some(cone(cell))).collect();
        let bands = isobands(&grid, &values, &[1.0, 2.0, 9.0]);
        let disc = |radius: f64| std::f64::consts::PI * radius * radius;
        assert_eq!(bands[0].polygons.0[0].interiors().len(), 1);
        assert!((bands[0].polygons.unsigned_area() / (disc(200.0 / 3.0) - disc(100.0 / 3.0)) - 1.0).abs() < 2e-3);
        assert!((bands[1].polygons.unsigned_area() / disc(100.0 / 3.0) - 1.0).abs() < 2e-3);
    }

    #[test]
    fn outside_the_mask_the_nearest_inside_goes_on() {
        let grid = grid(100.0);
        let values: Vec<Option<f64>> =
            hilly(&grid).into_iter().enumerate().map(|(cell, v)| v.filter(|_| cell % 50 > 30)).collect();
        let bands = isobands(&grid, &values, &[-10.0, 10.0]);
        assert!((bands[0].polygons.intersection(&ground(100.0)).unsigned_area() - 10_000.0).abs() < 1e-2);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let grid = grid(10.0);
        assert!(isobands(&grid, &vec![None; grid.len()], &[0.0, 1.0]).is_empty());
        assert!(isobands(&grid, &[Some(1.0)], &[0.0, 1.0]).is_empty());
        let flat = vec![Some(1.0); grid.len()];
        assert!(isobands(&grid, &flat, &[2.0, 1.0]).is_empty());
        assert!(isobands(&grid, &flat, &[0.0, f64::NAN]).is_empty());
        assert!(isobands(&grid, &flat, &[2.0, 3.0]).is_empty());
        assert_eq!(isobands(&grid, &flat, &[0.0, 1.0, 2.0, 3.0]).len(), 1);
    }
}
