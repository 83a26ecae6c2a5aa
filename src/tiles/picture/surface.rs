//! A tile of a surface as a PNG picture.

use super::address::TileAddress;
use super::ramp::{Ramp, palette};
use crate::crs::{Crs, CrsError, Reprojection};
use crate::planning::{Band, ReserveSurface};
use std::sync::LazyLock;
use thiserror::Error;

/// Points of the control lattice along each side. PROJ is asked at these only; between them places are interpolated,
/// which errs by far less than a pixel: a tile of a deposit spans some kilometres.
const LATTICE: usize = 17;

/// Why there is no tile.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum TileError {
    #[error(transparent)]
    Crs(#[from] CrsError),
    #[error("the picture could not be written: {0}")]
    Png(#[from] png::EncodingError),
}

/// The tile of a band, `size` pixels wide: a value's colour in the ramp, transparent where there is none. A pixel lies in the
/// cell whose ground it shows, and has the value between the cells' centres (bilinear). `None` where nothing of the surface
/// lies in the tile, or it has no such band.
///
/// # Errors
/// A system that PROJ cannot bring to longitude and latitude.
pub fn surface_tile(
    surface: &ReserveSurface,
    band: Band,
    ramp: Ramp,
    address: TileAddress,
    size: u16,
) -> Result<Option<Vec<u8>>, TileError> {
    static PALETTE: LazyLock<Vec<u8>> = LazyLock::new(palette);
    let Some(raster) = surface.raster(band) else { return Ok(None) };
    let Some(window) = window(surface, address, size)? else { return Ok(None) };
    let wide = usize::from(size);
    let mut pixels = vec![0_u8; wide * wide];
    let mut drawn = false;
    let places = Places::new(surface, address, size, window)?;
    for row in window.top..window.bottom {
        let line = &mut pixels[row * wide..(row + 1) * wide];
        for (column, pixel) in line.iter_mut().enumerate().take(window.right).skip(window.left) {
            let (x, y) = places.at(column, row);
            if let Some(value) = value_at(surface, raster, x, y) {
                *pixel = ramp.place(value);
                drawn = true;
            }
        }
    }
    if drawn { Ok(Some(encoded(&pixels, size, &PALETTE, png::Compression::Fast)?)) } else { Ok(None) }
}

/// A tile that shows nothing, 256 pixels wide.
#[must_use]
pub fn empty_tile() -> &'static [u8] {
    static EMPTY: LazyLock<Vec<u8>> =
        LazyLock::new(|| encoded(&vec![0; 256 * 256], 256, &[0; 3], png::Compression::High).unwrap_or_default());
    &EMPTY
}

/// Pixels of a tile that the surface may reach.
#[derive(Debug, Clone, Copy)]
struct Window {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

/// The surface's bounds in the tile. The corners and the middles of the sides of its grid are asked, with a margin for their bulge.
fn window(surface: &ReserveSurface, address: TileAddress, size: u16) -> Result<Option<Window>, CrsError> {
    const STEPS: u32 = 8;
    let way = Reprojection::new(&surface.crs, &Crs::crs84())?;
    let ((left, top), cell) = (surface.grid.origin(), surface.grid.cell());
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let (width, height) = (surface.grid.columns() as f64 * cell, surface.grid.rows() as f64 * cell);
    let (mut least, mut most) = ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        for (across, down) in [(share, 0.0), (share, 1.0), (0.0, share), (1.0, share)] {
            let (longitude, latitude) = way.point(left + across * width, top - down * height)?;
            let (x, y) = address.pixel(longitude, latitude, size.into());
            least = (least.0.min(x), least.1.min(y));
            most = (most.0.max(x), most.1.max(y));
        }
    }
    let margin = |least: f64, most: f64| 1.0 + 0.01 * (most - least);
    let range = |least: f64, most: f64| {
        let margin = margin(least, most);
        let whole = |pixel: f64| pixel.clamp(0.0, f64::from(size));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the tile")]
        let range = (whole((least - margin).floor()) as usize, whole((most + margin).ceil()) as usize);
        range
    };
    let ((left, right), (top, bottom)) = (range(least.0, most.0), range(least.1, most.1));
    Ok((left < right && top < bottom).then_some(Window { left, right, top, bottom }))
}

/// Places of pixels in the working system, from a lattice over the window.
struct Places {
    lattice: Vec<(f64, f64)>,
    left: f64,
    top: f64,
    step_x: f64,
    step_y: f64,
}

impl Places {
    #[expect(clippy::cast_precision_loss, reason = "pixels of a tile")]
    fn new(surface: &ReserveSurface, address: TileAddress, size: u16, window: Window) -> Result<Self, CrsError> {
        let way = Reprojection::new(&Crs::crs84(), &surface.crs)?;
        let steps = (LATTICE - 1) as f64;
        let (left, top) = (window.left as f64, window.top as f64);
        let (step_x, step_y) = ((window.right as f64 - left) / steps, (window.bottom as f64 - top) / steps);
        let mut lattice = Vec::with_capacity(LATTICE * LATTICE);
        for row in 0..LATTICE {
            for column in 0..LATTICE {
                let (x, y) = (left + column as f64 * step_x, top + row as f64 * step_y);
                let (longitude, latitude) = address.place(x, y, size.into());
                lattice.push(way.point(longitude, latitude)?);
            }
        }
        Ok(Self { lattice, left, top, step_x, step_y })
    }

    /// Place of the middle of a pixel.
    #[expect(clippy::cast_precision_loss, reason = "pixels of a tile")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the window, so not negative")]
    fn at(&self, column: usize, row: usize) -> (f64, f64) {
        let (across, down) = ((column as f64 + 0.5 - self.left) / self.step_x, (row as f64 + 0.5 - self.top) / self.step_y);
        let (i, j) = ((across as usize).min(LATTICE - 2), (down as usize).min(LATTICE - 2));
        let (u, v) = (across - i as f64, down - j as f64);
        let corner = |i: usize, j: usize| self.lattice[j * LATTICE + i];
        let mix = |of: fn((f64, f64)) -> f64| {
            let upper = of(corner(i, j)) * (1.0 - u) + of(corner(i + 1, j)) * u;
            let lower = of(corner(i, j + 1)) * (1.0 - u) + of(corner(i + 1, j + 1)) * u;
            upper * (1.0 - v) + lower * v
        };
        (mix(|place| place.0), mix(|place| place.1))
    }
}

/// Value at a place: none outside the cells of the surface, else between the centres of those around it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked not to be negative")]
fn value_at(surface: &ReserveSurface, raster: &[f32], x: f64, y: f64) -> Option<f64> {
    let ((left, top), cell) = (surface.grid.origin(), surface.grid.cell());
    let (columns, rows) = (surface.grid.columns(), surface.grid.rows());
    let (across, down) = ((x - left) / cell, (top - y) / cell);
    if !(across >= 0.0 && down >= 0.0 && across < columns as f64 && down < rows as f64) {
        return None;
    }
    let own = raster[down as usize * columns + across as usize];
    if !own.is_finite() {
        return None;
    }
    let (west, north) = ((across - 0.5).floor(), (down - 0.5).floor());
    let (east_share, south_share) = (across - 0.5 - west, down - 0.5 - north);
    let (mut sum, mut weights) = (0.0, 0.0);
    for (row, row_share) in [(north, 1.0 - south_share), (north + 1.0, south_share)] {
        for (column, column_share) in [(west, 1.0 - east_share), (west + 1.0, east_share)] {
            if row < 0.0 || column < 0.0 || row >= rows as f64 || column >= columns as f64 {
                continue;
            }
            let value = raster[row as usize * columns + column as usize];
            if value.is_finite() {
                sum += row_share * column_share * f64::from(value);
                weights += row_share * column_share;
            }
        }
    }
    Some(if weights > 0.0 { sum / weights } else { f64::from(own) })
}

fn encoded(pixels: &[u8], size: u16, palette: &[u8], compression: png::Compression) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(8_192);
    let mut encoder = png::Encoder::new(&mut bytes, size.into(), size.into());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    // Only the first colour, which stands for nothing, lets the ground through.
    encoder.set_trns(&[0][..]);
    encoder.set_compression(compression);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
