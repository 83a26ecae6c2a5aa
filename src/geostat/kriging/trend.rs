//! The drift of universal kriging: low polynomials of the place, and the small system that their coefficients obey.

use super::Drift;
use super::target::TargetPoint;

/// Terms of the largest drift: 1, x, y, x², xy, y².
pub(super) const MOST_TERMS: usize = 6;

/// A pivot below this share of its column counts as no new direction: the places cannot tell this term from the ones before.
const LEAST_PIVOT: f64 = 1e-9;

/// Polynomial terms around a neighbourhood's middle, in units of its extent, so that their numbers are of one size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trend {
    terms: usize,
    centre: [f64; 2],
    scale: f64,
}

impl Trend {
    pub(super) fn around(drift: Drift, places: impl Iterator<Item = [f64; 2]> + Clone) -> Self {
        if drift == Drift::Constant {
            return Self { terms: 1, centre: [0.0, 0.0], scale: 1.0 };
        }
        let (mut sum, mut count) = ([0.0, 0.0], 0.0_f64);
        for [x, y] in places.clone() {
            sum = [sum[0] + x, sum[1] + y];
            count += 1.0;
        }
        let centre = [sum[0] / count.max(1.0), sum[1] / count.max(1.0)];
        let extent = places.fold(0.0_f64, |most, [x, y]| most.max((x - centre[0]).hypot(y - centre[1])));
        let terms = match drift {
            Drift::Constant => 1,
            Drift::Linear => 3,
            Drift::Quadratic => 6,
        };
        Self { terms, centre, scale: if extent > 0.0 { extent.recip() } else { 1.0 } }
    }

    pub(super) fn terms(&self) -> usize {
        self.terms
    }

    /// A drift with fewer terms: quadratic, linear, constant, and none below that.
    pub(super) fn lower(&mut self) -> bool {
        let lower = match self.terms {
            6 => 3,
            3 => 1,
            _ => return false,
        };
        self.terms = lower;
        true
    }

    /// The terms at a place; zeros after the last.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> [f64; MOST_TERMS] {
        if self.terms == 1 {
            return [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        }
        let (u, v) = ((x - self.centre[0]) * self.scale, (y - self.centre[1]) * self.scale);
        if self.terms == 3 { [1.0, u, v, 0.0, 0.0, 0.0] } else { [1.0, u, v, u * u, u * v, v * v] }
    }

    /// The mean of the terms over a target with its middle at a place.
    pub(super) fn over(&self, [x, y]: [f64; 2], points: &[TargetPoint]) -> [f64; MOST_TERMS] {
        if self.terms == 1 {
            return self.at([x, y]);
        }
        let mut mean = [0.0; MOST_TERMS];
        for TargetPoint { offset: [dx, dy], share } in points {
            for (sum, term) in mean.iter_mut().zip(self.at([x + dx, y + dy])) {
                *sum += term * share;
            }
        }
        mean
    }
}

/// The Cholesky factor of FᵀC⁻¹F, at most six by six.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normal {
    terms: usize,
    lower: [[f64; MOST_TERMS]; MOST_TERMS],
}

impl Default for Normal {
    fn default() -> Self {
        Self { terms: 0, lower: [[0.0; MOST_TERMS]; MOST_TERMS] }
    }
}

impl Normal {
    /// Factors a symmetric matrix of which the first `terms` rows and columns count; `None` where it is singular to working
    /// precision, or not made of numbers.
    pub(super) fn factor(matrix: &[[f64; MOST_TERMS]; MOST_TERMS], terms: usize) -> Option<Self> {
        let mut lower = [[0.0; MOST_TERMS]; MOST_TERMS];
        for row in 0..terms {
            for column in 0..=row {
                let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
                let rest = matrix[row][column] - known;
                if row == column {
                    if rest.is_nan() || rest <= LEAST_PIVOT * matrix[row][row] {
                        return None;
                    }
                    lower[row][row] = rest.sqrt();
                } else {
                    lower[row][column] = rest / lower[column][column];
                }
            }
        }
        lower[0][0].is_finite().then_some(Self { terms, lower })
    }

    /// L⁻¹ of a right-hand side, in place.
    pub(super) fn forward(&self, right: &mut [f64; MOST_TERMS]) {
        for row in 0..self.terms {
            let known: f64 = (0..row).map(|k| self.lower[row][k] * right[k]).sum();
            right[row] = (right[row] - known) / self.lower[row][row];
        }
    }

    /// L⁻ᵀ of a right-hand side, in place.
    pub(super) fn backward(&self, right: &mut [f64; MOST_TERMS]) {
        for row in (0..self.terms).rev() {
            let known: f64 = (row + 1..self.terms).map(|k| self.lower[k][row] * right[k]).sum();
            right[row] = (right[row] - known) / self.lower[row][row];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_normal_system_is_solved() {
        let mut matrix = [[0.0; MOST_TERMS]; MOST_TERMS];
        matrix[0][0] = 4.0;
        matrix[1][0] = 2.0;
        matrix[1][1] = 3.0;
        let normal = Normal::factor(&matrix, 2).expect("regular");
        let mut right = [8.0, 8.0, 0.0, 0.0, 0.0, 0.0];
        normal.forward(&mut right);
        normal.backward(&mut right);
        // 4 a + 2 b = 8 and 2 a + 3 b = 8.
        assert!((right[0] - 1.0).abs() < 1e-12 && (right[1] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn places_on_one_line_carry_no_plane() {
        let places = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [5.0, 5.0]];
        let trend = Trend::around(Drift::Linear, places.into_iter());
        let mut matrix = [[0.0; MOST_TERMS]; MOST_TERMS];
        for place in places {
            let terms = trend.at(place);
            for row in 0..3 {
                for column in 0..=row {
                    matrix[row][column] += terms[row] * terms[column];
                }
            }
        }
        assert!(Normal::factor(&matrix, 3).is_none());
        assert!(Normal::factor(&matrix, 1).is_some());
    }
}
