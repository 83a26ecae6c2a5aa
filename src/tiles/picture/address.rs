//! Where a tile of the web's grid lies (OGC 17-083r4, `WebMercatorQuad`).

use std::f64::consts::PI;

/// Greatest zoom that is drawn: pixels of some 15 cm.
pub const MOST_ZOOM: u8 = 20;

/// Address of a tile.
///
/// ```
/// use peatplan::tiles::TileAddress;
/// let tile = TileAddress::new(1, 1, 0).unwrap();
/// let (longitude, latitude) = tile.place(0.0, 256.0, 256.0);
/// assert!(longitude.abs() < 1e-9 && latitude.abs() < 1e-9, "its lower left corner");
/// assert!(TileAddress::new(1, 2, 0).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileAddress {
    zoom: u8,
    column: u32,
    row: u32,
}

impl TileAddress {
    /// A tile of the grid; none where the grid has none.
    #[must_use]
    pub fn new(zoom: u8, column: u32, row: u32) -> Option<Self> {
        let count = 1_u32.checked_shl(zoom.into())?;
        (zoom <= MOST_ZOOM && column < count && row < count).then_some(Self { zoom, column, row })
    }

    /// Longitude and latitude of a place in a tile that is `size` pixels wide.
    #[must_use]
    pub fn place(self, x: f64, y: f64, size: f64) -> (f64, f64) {
        let count = f64::from(1_u32 << self.zoom);
        let across = (f64::from(self.column) + x / size) / count;
        let down = (f64::from(self.row) + y / size) / count;
        let latitude = (PI * (1.0 - 2.0 * down)).sinh().atan().to_degrees();
        (across * 360.0 - 180.0, latitude)
    }

    /// Pixel of a longitude and latitude, counted from the tile's upper left corner; outside of it too.
    #[must_use]
    pub fn pixel(self, longitude: f64, latitude: f64, size: f64) -> (f64, f64) {
        let count = f64::from(1_u32 << self.zoom);
        let across = (longitude + 180.0) / 360.0;
        let down = 0.5 - latitude.to_radians().tan().asinh() / (2.0 * PI);
        ((across * count - f64::from(self.column)) * size, (down * count - f64::from(self.row)) * size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_places_are_each_others_inverse() {
        let tile = TileAddress::new(14, 10_040, 5_120).expect("a tile");
        for (x, y) in [(0.0, 0.0), (12.5, 200.25), (256.0, 256.0), (-300.0, 700.0)] {
            let (longitude, latitude) = tile.place(x, y, 256.0);
            let (back_x, back_y) = tile.pixel(longitude, latitude, 256.0);
            assert!((back_x - x).abs() < 1e-6 && (back_y - y).abs() < 1e-6, "{x} {y}");
        }
    }
}
