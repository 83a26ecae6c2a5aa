//! Two surfaces of the same ground: what has been taken between them, and what still lies above the bottom.

use crate::units::{CubicMetres, Hectares, Metres, SquareMetres};
use serde::Serialize;

/// Elevations at one cell of a grid; what is not known is missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SurfaceCell {
    /// The surface now.
    pub new_top: Option<Metres>,
    /// The surface before.
    pub old_top: Option<Metres>,
    /// The bottom of the peat.
    pub bottom: Option<Metres>,
}

/// What two surfaces and a bottom say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurfaceDifference {
    /// Taken, where the surface is lower now: extraction, and what the peat has sunk or burnt besides.
    pub extracted_volume_m3: CubicMetres,
    /// Ground of it.
    pub extracted_area_ha: Hectares,
    /// Mean lowering there.
    pub mean_lowering_m: Metres,
    /// Heaped up, where the surface is higher now: stacks, dams, roads.
    pub raised_volume_m3: CubicMetres,
    /// Ground of it.
    pub raised_area_ha: Hectares,
    /// Raised less extracted.
    pub net_change_m3: CubicMetres,
    /// What lies between the surface now and the bottom; none where no bottom is known.
    pub remaining_volume_m3: Option<CubicMetres>,
    /// Ground of it.
    pub remaining_area_ha: Option<Hectares>,
    /// Ground where the surface now lies below the bottom that was probed: one of the two is wrong there, or the bottom was dug.
    pub below_bottom_area_ha: Hectares,
    /// Cells where both surfaces are known.
    pub cells_compared: usize,
    /// Their ground.
    pub compared_area_ha: Hectares,
    /// Cells where one of them is not.
    pub cells_without_data: usize,
    /// Their ground: the volumes say nothing of it.
    pub area_without_data_ha: Hectares,
    /// What a common vertical error `σ` of the surfaces does to the extracted volume: `σ` times its ground.
    pub extracted_error_m3: Option<CubicMetres>,
    /// The same of the remaining volume.
    pub remaining_error_m3: Option<CubicMetres>,
}

/// Compares two surfaces cell by cell. Per cell of area `a`:
///
/// ```text
/// extracted  Σ a max(0, old top - new top)      raised  Σ a max(0, new top - old top)
/// remaining  Σ a max(0, new top - bottom)
/// ```
///
/// A vertical error `σ` that all cells share (another height datum, a shift of the whole flight) does not average out: it
/// moves a volume over the ground `A` by `A σ`. Errors from cell to cell do average out and are left aside.
///
/// A cut of 0.4 m on one of two cells of 100 m², over 2 m of peat:
///
/// ```
/// use peatplan::reserves::{SurfaceCell, surface_difference};
/// use peatplan::units::{CubicMetres, Metres, SquareMetres};
/// let cell = |new: f64| SurfaceCell { new_top: Some(Metres(new)), old_top: Some(Metres(130.0)), bottom: Some(Metres(128.0)) };
/// let found = surface_difference([cell(129.6), cell(130.0)], SquareMetres(100.0), Some(Metres(0.05)));
/// assert!((found.extracted_volume_m3.0 - 40.0).abs() < 1e-9);
/// assert!((found.remaining_volume_m3.unwrap().0 - 360.0).abs() < 1e-9);
/// assert!((found.extracted_error_m3.unwrap().0 - 5.0).abs() < 1e-9);
/// ```
#[must_use]
pub fn surface_difference(
    cells: impl IntoIterator<Item = SurfaceCell>,
    cell_area: SquareMetres,
    surface_error: Option<Metres>,
) -> SurfaceDifference {
    let mut sums = Sums::default();
    for cell in cells {
        sums.add(&cell);
    }
    let area = |cells: usize| {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let cells = cells as f64;
        cell_area * cells
    };
    let volume = |metres: f64| cell_area * Metres(metres);
    let extracted_area = area(sums.lowered_cells);
    let (extracted, raised) = (volume(sums.lowered), volume(sums.raised));
    let remaining_area = area(sums.remaining_cells);
    let bottom_known = sums.cells_over_bottom > 0;
    let error = |area: SquareMetres| surface_error.map(|error| area * error);
    SurfaceDifference {
        extracted_volume_m3: extracted,
        extracted_area_ha: extracted_area.hectares(),
        mean_lowering_m: if extracted_area.0 > 0.0 { Metres(extracted.0 / extracted_area.0) } else { Metres::ZERO },
        raised_volume_m3: raised,
        raised_area_ha: area(sums.raised_cells).hectares(),
        net_change_m3: raised - extracted,
        remaining_volume_m3: bottom_known.then(|| volume(sums.remaining)),
        remaining_area_ha: bottom_known.then(|| remaining_area.hectares()),
        below_bottom_area_ha: area(sums.cells_over_bottom - sums.remaining_cells).hectares(),
        cells_compared: sums.compared,
        compared_area_ha: area(sums.compared).hectares(),
        cells_without_data: sums.unknown,
        area_without_data_ha: area(sums.unknown).hectares(),
        extracted_error_m3: error(extracted_area),
        remaining_error_m3: error(remaining_area).filter(|_| bottom_known),
    }
}

#[derive(Default)]
struct Sums {
    lowered: f64,
    lowered_cells: usize,
    raised: f64,
    raised_cells: usize,
    remaining: f64,
    remaining_cells: usize,
    cells_over_bottom: usize,
    compared: usize,
    unknown: usize,
}

impl Sums {
    fn add(&mut self, cell: &SurfaceCell) {
        let known = |elevation: Option<Metres>| elevation.map(|metres| metres.0).filter(|metres| metres.is_finite());
        let (new_top, old_top, bottom) = (known(cell.new_top), known(cell.old_top), known(cell.bottom));
        match new_top.zip(old_top) {
            None => self.unknown += 1,
            Some((new, old)) => {
                self.compared += 1;
                if new < old {
                    self.lowered += old - new;
                    self.lowered_cells += 1;
                } else if new > old {
                    self.raised += new - old;
                    self.raised_cells += 1;
                }
            }
        }
        if let Some((new, bottom)) = new_top.zip(bottom) {
            self.cells_over_bottom += 1;
            if new > bottom {
                self.remaining += new - bottom;
                self.remaining_cells += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(new: impl Into<Option<f64>>, old: impl Into<Option<f64>>, bottom: impl Into<Option<f64>>) -> SurfaceCell {
        SurfaceCell { new_top: new.into().map(Metres), old_top: old.into().map(Metres), bottom: bottom.into().map(Metres) }
    }

    #[test]
    fn cuts_and_heaps_are_kept_apart_and_holes_counted() {
        let cells = [
            cell(9.0, 10.0, 8.0),
            cell(10.5, 10.0, 8.0),
            cell(10.0, 10.0, None),
            cell(None, 10.0, 8.0),
            cell(9.0, None, 8.0),
            cell(7.5, 10.0, 8.0),
            cell(f64::NAN, 10.0, 8.0),
        ];
        let found = surface_difference(cells, SquareMetres(10_000.0), None);
        assert_eq!((found.extracted_volume_m3.0, found.extracted_area_ha.0), (35_000.0, 2.0));
        assert_eq!((found.raised_volume_m3.0, found.raised_area_ha.0, found.net_change_m3.0), (5_000.0, 1.0, -30_000.0));
        assert_eq!(found.remaining_volume_m3, Some(CubicMetres(45_000.0)), "1 + 2.5 + 1 m; below the bottom there is nothing");
        assert_eq!((found.remaining_area_ha, found.below_bottom_area_ha.0), (Some(Hectares(3.0)), 1.0));
        assert_eq!((found.cells_compared, found.cells_without_data, found.area_without_data_ha.0), (4, 3, 3.0));
        assert_eq!((found.mean_lowering_m.0, found.extracted_error_m3), (1.75, None));
    }

    #[test]
    fn without_a_bottom_nothing_is_said_of_what_remains() {
        let found = surface_difference([cell(1.0, 2.0, None)], SquareMetres(1.0), Some(Metres(0.1)));
        assert_eq!((found.remaining_volume_m3, found.remaining_error_m3), (None, None));
        assert_eq!(found.extracted_error_m3, Some(CubicMetres(0.1)));
        assert_eq!(surface_difference([], SquareMetres(1.0), None).cells_compared, 0);
    }

    #[test]
    fn swapping_the_surfaces_swaps_cut_and_heap() {
        let cells: Vec<SurfaceCell> = (0..50).map(|i| cell(f64::from(i * 7 % 13), f64::from(i * 5 % 11), None)).collect();
        let swapped = cells.iter().map(|c| SurfaceCell { new_top: c.old_top, old_top: c.new_top, ..*c });
        let (one, other) =
            (surface_difference(cells.clone(), SquareMetres(4.0), None), surface_difference(swapped, SquareMetres(4.0), None));
        assert_eq!((one.extracted_volume_m3, one.raised_volume_m3), (other.raised_volume_m3, other.extracted_volume_m3));
        assert!((one.net_change_m3.0 + other.net_change_m3.0).abs() < 1e-9);
    }
}
