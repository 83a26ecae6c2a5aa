//! A surface as a raster has it: elevations at the centres of pixels, with holes.

use crate::crs::Crs;

/// Elevations (m) on a regular raster. Its origin is the upper left corner; columns run east, rows south.
#[derive(Debug, Clone)]
pub struct Surface {
    crs: Crs,
    origin_x: f64,
    origin_y: f64,
    pixel_width: f64,
    pixel_height: f64,
    columns: usize,
    rows: usize,
    /// Row by row; not a number where nothing is known.
    values: Vec<f32>,
}

impl Surface {
    /// A surface from its values, row by row from the upper left; `None` stands where a value is not finite. Gives
    /// nothing where the numbers do not fit together: no pixel, a size that is not positive, another count of values.
    #[must_use]
    pub fn new(
        crs: Crs,
        (origin_x, origin_y): (f64, f64),
        (pixel_width, pixel_height): (f64, f64),
        (columns, rows): (usize, usize),
        values: Vec<f32>,
    ) -> Option<Self> {
        let sized = [pixel_width, pixel_height].iter().all(|size| size.is_finite() && *size > 0.0);
        let placed = origin_x.is_finite() && origin_y.is_finite();
        let counted = columns.checked_mul(rows) == Some(values.len()) && !values.is_empty();
        (sized && placed && counted).then_some(Self { crs, origin_x, origin_y, pixel_width, pixel_height, columns, rows, values })
    }

    /// Its coordinate system.
    #[must_use]
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Width and height of a pixel, in the unit of the system.
    #[must_use]
    pub fn pixel(&self) -> (f64, f64) {
        (self.pixel_width, self.pixel_height)
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// Upper left corner.
    #[must_use]
    pub fn origin(&self) -> (f64, f64) {
        (self.origin_x, self.origin_y)
    }

    /// Value of a pixel; none outside, and where nothing is known.
    #[must_use]
    pub fn pixel_value(&self, column: usize, row: usize) -> Option<f64> {
        let inside = column < self.columns && row < self.rows;
        let value = inside.then(|| self.values[row * self.columns + column])?;
        value.is_finite().then_some(f64::from(value))
    }

    /// Value at a place of its own system, between the four nearest pixel centres (bilinear). Of those that have none,
    /// the weight goes to the others; in a pixel that has none there is none.
    ///
    /// ```
    /// use peatplan::crs::Crs;
    /// use peatplan::model::Surface;
    /// let utm = Crs::utm_at(40.0, 55.0);
    /// let slope = Surface::new(utm, (0.0, 20.0), (10.0, 10.0), (2, 2), vec![1.0, 3.0, 2.0, f32::NAN]).unwrap();
    /// assert_eq!(slope.value_at(5.0, 15.0), Some(1.0), "at a centre, its own");
    /// assert_eq!(slope.value_at(9.9999999, 15.0).map(f64::round), Some(2.0), "half way, the mean");
    /// assert_eq!(slope.value_at(15.0, 5.0), None);
    /// assert_eq!(slope.value_at(25.0, 15.0), None);
    /// ```
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked not to be negative")]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn value_at(&self, x: f64, y: f64) -> Option<f64> {
        let (across, down) = ((x - self.origin_x) / self.pixel_width, (self.origin_y - y) / self.pixel_height);
        if !(across >= 0.0 && down >= 0.0 && across < self.columns as f64 && down < self.rows as f64) {
            return None;
        }
        self.pixel_value(across as usize, down as usize)?;
        let (left, top) = ((across - 0.5).floor(), (down - 0.5).floor());
        let (right_share, lower_share) = (across - 0.5 - left, down - 0.5 - top);
        let (mut sum, mut weights) = (0.0, 0.0);
        for (row, row_share) in [(top, 1.0 - lower_share), (top + 1.0, lower_share)] {
            for (column, column_share) in [(left, 1.0 - right_share), (left + 1.0, right_share)] {
                let weight = row_share * column_share;
                if weight > 0.0 && row >= 0.0 && column >= 0.0 {
                    let Some(value) = self.pixel_value(column as usize, row as usize) else { continue };
                    sum += weight * value;
                    weights += weight;
                }
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_again_between_the_centres() {
        let plane = |x: f64, y: f64| 100.0 + 0.5 * x - 0.25 * y;
        let (columns, rows) = (40, 30);
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let centre = |place: usize| ((place % columns) as f64 + 0.5, 30.0 - ((place / columns) as f64 + 0.5));
        #[expect(clippy::cast_possible_truncation, reason = "a test's values")]
        let values = (0..columns * rows).map(|place| plane(centre(place).0, centre(place).1) as f32).collect();
        let surface = Surface::new(Crs::utm_at(40.0, 55.0), (0.0, 30.0), (1.0, 1.0), (columns, rows), values).expect("it fits");
        for (x, y) in [(0.5, 0.5), (3.3, 17.77), (39.4, 29.4), (20.0, 10.0)] {
            assert!((surface.value_at(x, y).expect("inside") - plane(x, y)).abs() < 1e-4, "{x} {y}");
        }
        assert!(surface.value_at(0.01, 29.99).is_some(), "the outermost half pixel has the value of its centre");
        for (x, y) in [(-0.1, 5.0), (40.0, 5.0), (5.0, 30.1), (5.0, -0.1), (f64::NAN, 1.0), (f64::INFINITY, 1.0)] {
            assert_eq!(surface.value_at(x, y), None, "{x} {y}");
        }
    }

    #[test]
    fn numbers_that_do_not_fit_together_make_no_surface() {
        let make = |pixel, size, values: Vec<f32>| Surface::new(Crs::crs84(), (0.0, 0.0), pixel, size, values);
        assert!(make((1.0, 1.0), (2, 2), vec![0.0; 3]).is_none());
        assert!(make((0.0, 1.0), (1, 1), vec![0.0]).is_none());
        assert!(make((1.0, f64::NAN), (1, 1), vec![0.0]).is_none());
        assert!(make((1.0, 1.0), (0, 0), vec![]).is_none());
        assert!(make((1.0, 1.0), (usize::MAX, 2), vec![]).is_none());
    }
}
