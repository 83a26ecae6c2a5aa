//! Sets of tile matrices (OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0): the web's grid, and a grid in the
//! project's working system. Both are quad sets: each zoom halves the tiles of the one before.

use crate::crs::{Crs, CrsError, Reprojection};
use std::f64::consts::PI;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Half the side of the web's square, m: π times the equatorial radius of WGS 84.
const WEB_HALF: f64 = PI * 6_378_137.0;
/// Greatest zoom of vector tiles in the web's grid: a unit of a tile is 15 cm at the equator. Maps draw deeper zooms
/// from these tiles.
const WEB_DEEPEST: u8 = 16;
/// Zooms that the well-known definition of the web's grid has.
const WEB_MATRICES: u8 = 25;
/// The grid of the deepest zoom then has 2^29 units a side, 12 bits of them a tile's: products of two distances fit 64 bits
/// even where features straggle out of the grid.
const DEEPEST: u8 = 17;
/// Points along each side of a box that is brought to another system: sides bulge.
const STEPS: u32 = 16;
/// A pixel of the standard, m (0.28 mm): a scale is the size of a cell over it.
const STANDARD_PIXEL: f64 = 0.000_28;
/// Cells along a side of a tile.
const CELLS: f64 = 256.0;

/// A set of tile matrices.
#[derive(Debug, Clone, PartialEq)]
pub struct TileMatrixSet {
    /// Its name in addresses.
    pub id: &'static str,
    /// Label.
    pub title: String,
    /// Its coordinate system.
    pub crs: Crs,
    /// The registered definition, where there is one.
    pub uri: Option<&'static str>,
    /// Greatest zoom that tiles are made for.
    pub deepest: u8,
    matrices: u8,
    left: f64,
    top: f64,
    side: f64,
}

/// A matrix: all tiles of a zoom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TileMatrix {
    /// Zoom.
    pub zoom: u8,
    /// Side of a cell (a 256th of a tile), m.
    pub cell_size: f64,
    /// Scale denominator by the standard's pixel of 0.28 mm.
    pub scale_denominator: f64,
    /// East and north of the upper left corner, m.
    pub top_left: (f64, f64),
    /// Tiles along a side.
    pub count: u32,
}

/// Address of a tile within a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub struct MatrixAddress {
    pub zoom: u8,
    pub row: u32,
    pub column: u32,
}

/// Tiles of a matrix that have data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct MatrixLimits {
    pub zoom: u8,
    pub min_row: u32,
    pub max_row: u32,
    pub min_column: u32,
    pub max_column: u32,
}

impl MatrixLimits {
    /// Whether a tile lies within.
    #[must_use]
    pub fn hold(&self, address: MatrixAddress) -> bool {
        address.zoom == self.zoom
            && (self.min_row..=self.max_row).contains(&address.row)
            && (self.min_column..=self.max_column).contains(&address.column)
    }
}

impl TileMatrixSet {
    /// The web's grid, `WebMercatorQuad` (17-083r4, annex D.1).
    ///
    /// ```
    /// let web = peatplan::tiles::TileMatrixSet::web_mercator();
    /// let zero = web.matrix(0);
    /// assert!((zero.scale_denominator - 559_082_264.028_717_9).abs() < 1e-4);
    /// assert!((zero.top_left.0 + 20_037_508.342_789_244).abs() < 1e-6);
    /// ```
    #[must_use]
    pub fn web_mercator() -> Self {
        Self {
            id: "WebMercatorQuad",
            title: "Google Maps Compatible for the World".into(),
            crs: Crs::web_mercator(),
            uri: Some("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"),
            deepest: WEB_DEEPEST,
            matrices: WEB_MATRICES,
            left: -WEB_HALF,
            top: WEB_HALF,
            side: 2.0 * WEB_HALF,
        }
    }

    /// A quad set in a metric system round a box of longitudes and latitudes (west, south, east, north).
    ///
    /// Cells are a power of two in metres, one metre at the deepest zoom. The upper left corner lies on a sixteenth of the side of the whole
    /// and the whole is the smallest that then holds the box: the grid stays where it is while the data grow a little.
    ///
    /// # Errors
    /// A box that the system cannot hold.
    pub fn working(crs: &Crs, extent: [f64; 4]) -> Result<Self, CrsError> {
        let [west, south, east, north] = projected_box(&Reprojection::new(&Crs::crs84(), crs)?, extent)?;
        let fits = |zooms: u8| {
            let side = CELLS * f64::from(1_u32 << zooms);
            let step = side / 16.0;
            let (left, top) = ((west / step).floor() * step, (north / step).ceil() * step);
            (left + side >= east && top - side <= south).then_some((zooms, left, top, side))
        };
        // 2^17 cells of 256 m are 33,000 km: no metric system is true to scale so far.
        let (zooms, left, top, side) =
            (2..=DEEPEST).find_map(fits).ok_or_else(|| CrsError::Outside { x: extent[0], y: extent[1], crs: crs.to_string() })?;
        let title = format!("Quadtree of the project's working system, {crs}");
        Ok(Self { id: "Working", title, crs: crs.clone(), uri: None, deepest: zooms, matrices: zooms + 1, left, top, side })
    }

    /// Every matrix of the definition, from the whole on.
    pub fn matrices(&self) -> impl Iterator<Item = TileMatrix> + '_ {
        (0..self.matrices).map(|zoom| self.matrix(zoom))
    }

    /// The matrix of a zoom.
    #[must_use]
    pub fn matrix(&self, zoom: u8) -> TileMatrix {
        let count = 1_u32 << zoom.min(31);
        let cell_size = self.side / f64::from(count) / CELLS;
        let scale_denominator = cell_size / STANDARD_PIXEL;
        TileMatrix { zoom, cell_size, scale_denominator, top_left: (self.left, self.top), count }
    }

    /// The address of a tile; none where the set has no such tile, or makes none so deep.
    #[must_use]
    pub fn address(&self, zoom: u8, row: u32, column: u32) -> Option<MatrixAddress> {
        let count = 1_u32.checked_shl(zoom.into())?;
        (zoom <= self.deepest && row < count && column < count).then_some(MatrixAddress { zoom, row, column })
    }

    /// Bounds of a tile in the set's system: west, south, east, north.
    #[must_use]
    pub fn bounds(&self, address: MatrixAddress) -> [f64; 4] {
        let side = self.side / f64::from(1_u32 << address.zoom);
        let (west, north) = (self.left + f64::from(address.column) * side, self.top - f64::from(address.row) * side);
        [west, north - side, west + side, north]
    }

    /// Tiles of a zoom that a box of longitudes and latitudes reaches.
    ///
    /// # Errors
    /// A box that the system cannot hold.
    pub fn limits(&self, extent: [f64; 4], zoom: u8) -> Result<MatrixLimits, CrsError> {
        let places = self.places()?;
        let (mut least, mut most) = ([1.0_f64; 2], [0.0_f64; 2]);
        for (longitude, latitude) in along(extent) {
            let Some(share) = places.share(longitude, latitude) else { continue };
            for axis in 0..2 {
                least[axis] = least[axis].min(share[axis].clamp(0.0, 1.0));
                most[axis] = most[axis].max(share[axis].clamp(0.0, 1.0));
            }
        }
        let count = 1_u32 << zoom;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares of the whole lie between 0 and 1")]
        let tile = |share: f64| ((share * f64::from(count)) as u32).min(count - 1);
        let (min_column, max_column) = (tile(least[0]), tile(most[0]));
        Ok(MatrixLimits { zoom, min_row: tile(least[1]), max_row: tile(most[1]), min_column, max_column })
    }

    /// What tells this grid from others: its name, its system and where it lies.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.id, &self.crs, self.left.to_bits(), self.top.to_bits(), self.side.to_bits()).hash(&mut hasher);
        hasher.finish()
    }

    /// The way from longitude and latitude to places in the whole.
    pub(super) fn places(&self) -> Result<Places<'_>, CrsError> {
        let way = if self.uri.is_some() { None } else { Some(Reprojection::new(&Crs::crs84(), &self.crs)?) };
        Ok(Places { set: self, way })
    }
}

/// Where a longitude and latitude lie in the whole of a set: its shares across and down.
pub(super) struct Places<'a> {
    set: &'a TileMatrixSet,
    /// None in the web's grid, whose formula is plain.
    way: Option<Reprojection>,
}

impl Places<'_> {
    /// Shares of the whole; none where the system cannot hold the place. What lies north or south of the web's square
    /// comes to lie on its edge.
    pub(super) fn share(&self, longitude: f64, latitude: f64) -> Option<[f64; 2]> {
        let share = match &self.way {
            None => {
                let down = 0.5 - latitude.to_radians().tan().asinh() / (2.0 * PI);
                [((longitude + 180.0) / 360.0).clamp(0.0, 1.0), down.clamp(0.0, 1.0)]
            }
            Some(way) => {
                let (east, north) = way.point(longitude, latitude).ok()?;
                [(east - self.set.left) / self.set.side, (self.set.top - north) / self.set.side]
            }
        };
        // Features that straggle out of the grid are cut by its tiles; what is absurdly far would not fit its numbers.
        share.iter().all(|share| (-0.5..=1.5).contains(share)).then_some(share)
    }
}

/// Places along the sides of a box and its middle.
fn along([west, south, east, north]: [f64; 4]) -> impl Iterator<Item = (f64, f64)> {
    let middle = (f64::midpoint(west, east), f64::midpoint(south, north));
    let sides = (0..=STEPS).flat_map(move |step| {
        let share = f64::from(step) / f64::from(STEPS);
        let (x, y) = (west + share * (east - west), south + share * (north - south));
        [(x, south), (x, north), (west, y), (east, y)]
    });
    sides.chain([middle])
}

fn projected_box(way: &Reprojection, extent: [f64; 4]) -> Result<[f64; 4], CrsError> {
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for (longitude, latitude) in along(extent) {
        let (x, y) = way.point(longitude, latitude)?;
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }
    Ok(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_working_grid_holds_its_box_with_cells_of_a_power_of_two_metres() {
        let crs = Crs::utm_at(40.0, 55.0);
        let extent = [39.6, 55.2, 41.1, 55.9];
        let set = TileMatrixSet::working(&crs, extent).expect("a grid");
        let whole = set.bounds(set.address(0, 0, 0).expect("the whole"));
        let held = projected_box(&Reprojection::new(&Crs::crs84(), &crs).expect("a way"), extent).expect("inside");
        assert!(whole[0] <= held[0] && whole[1] <= held[1] && whole[2] >= held[2] && whole[3] >= held[3], "{whole:?} {held:?}");
        assert!((set.matrix(set.deepest).cell_size - 1.0).abs() < 1e-12);
        assert!((set.matrix(3).cell_size / set.matrix(4).cell_size - 2.0).abs() < 1e-12);
        let grown = TileMatrixSet::working(&crs, [39.601, 55.2, 41.1, 55.899]).expect("a grid");
        assert_eq!(set, grown, "a little more or less data leaves the grid where it is");
    }

    #[test]
    fn limits_hold_the_tiles_of_the_box_and_no_others() {
        let web = TileMatrixSet::web_mercator();
        // The tile 14/5120/10040 of the web, a little inside.
        let limits = web.limits([40.605_5, 55.578_4, 40.626, 55.59], 14).expect("limits");
        assert_eq!((limits.min_column, limits.max_column), (10_040, 10_040));
        assert!(limits.hold(web.address(14, limits.min_row, 10_040).expect("a tile")));
        assert!(!limits.hold(web.address(14, limits.min_row, 10_041).expect("a tile")));
        assert!(web.address(17, 0, 0).is_none() && web.address(3, 8, 0).is_none() && web.address(200, 0, 0).is_none());
    }
}
