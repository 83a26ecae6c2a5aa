//! The kriging system of one neighbourhood, factored once and asked many times.
//!
//! With C = L Lᵀ the covariance of the samples, c that of samples and target, F and f the drift at the samples and at the
//! target, z the values, and y = L⁻¹c, t = L⁻¹z, G = L⁻¹F (Cressie 1993, section 3.4.5, in factored form):
//!
//! - coefficients of the drift β = (GᵀG)⁻¹Gᵀt,
//! - value = fᵀβ + yᵀ(t − Gβ),
//! - variance = C(target) − yᵀy + rᵀ(GᵀG)⁻¹r with r = f − Gᵀy,
//! - weights λ = L⁻ᵀ(y + G(GᵀG)⁻¹r).
//!
//! A target costs one triangular solve and a few products; a bordered matrix is never built.

use super::Kriged;
use super::target::TargetPoint;
use super::trend::{MOST_TERMS, Normal, Trend};
use faer::linalg::cholesky::llt::factor::{LltRegularization, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{MatMut, MatRef, Par, Spec};

/// From this size on the blocked factorisation of the library pays; below it the plain loops here are faster.
const BLOCKED_FROM: usize = 96;

/// What is added to the diagonal, as a share of it, until the matrix can be factored: as if each sample carried a tiny
/// error of its own.
const RIDGES: [f64; 6] = [0.0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];

/// A pivot that keeps less than this share of the diagonal is rounding.
const LEAST_PIVOT: f64 = 1e-13;

/// A factored system; it can be filled again without new memory.
#[derive(Debug, Default, Clone)]
pub(super) struct System {
    n: usize,
    /// L by columns, `n` numbers each; what stands above the diagonal is not used.
    factor: Vec<f64>,
    inverse_diagonal: Vec<f64>,
    /// G by columns.
    drift: Vec<f64>,
    /// t − Gβ.
    residual: Vec<f64>,
    beta: [f64; MOST_TERMS],
    normal: Normal,
    trend: Option<Trend>,
    fallback: f64,
}

impl System {
    /// Factors the system of some places and values. `fill` writes the lower half of their covariance matrix by columns;
    /// it is asked again where rounding made the matrix singular.
    pub(super) fn prepare(
        &mut self,
        places: impl Iterator<Item = [f64; 2]> + Clone,
        values: impl Iterator<Item = f64>,
        mut trend: Trend,
        mut fill: impl FnMut(&mut [f64]),
    ) {
        self.residual.clear();
        self.residual.extend(values);
        let n = self.residual.len();
        self.n = n;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = n as f64;
        self.fallback = self.residual.iter().sum::<f64>() / count;
        self.factor.resize(n * n, 0.0);
        for ridge in RIDGES {
            fill(&mut self.factor);
            if ridge > 0.0 {
                self.factor.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal *= 1.0 + ridge);
            }
            if cholesky(&mut self.factor, n) {
                break;
            }
        }
        self.inverse_diagonal.clear();
        self.inverse_diagonal.extend(self.factor.iter().step_by(n + 1).map(|diagonal| diagonal.recip()));
        forward(&self.factor, &self.inverse_diagonal, &mut self.residual);

        let terms = trend.terms();
        self.drift.resize(n * terms, 0.0);
        for (row, place) in places.enumerate() {
            for (term, value) in trend.at(place).into_iter().take(terms).enumerate() {
                self.drift[term * n + row] = value;
            }
        }
        self.drift.chunks_exact_mut(n).for_each(|column| forward(&self.factor, &self.inverse_diagonal, column));
        self.normal = loop {
            if let Some(normal) = self.normal_system(trend.terms()) {
                break normal;
            }
            // Too few places for these terms, or in one line: a smoother drift, and with none left no drift at all.
            if !trend.lower() {
                break Normal::default();
            }
        };
        self.drift.truncate(n * trend.terms());
        self.trend = Some(trend);

        self.beta = [0.0; MOST_TERMS];
        for (beta, column) in self.beta.iter_mut().zip(self.drift.chunks_exact(n)) {
            *beta = dot(column, &self.residual);
        }
        self.normal.forward(&mut self.beta);
        self.normal.backward(&mut self.beta);
        for (beta, column) in self.beta.iter().zip(self.drift.chunks_exact(n)) {
            self.residual.iter_mut().zip(column).for_each(|(residual, g)| *residual -= beta * g);
        }
    }

    fn normal_system(&self, terms: usize) -> Option<Normal> {
        let mut matrix = [[0.0; MOST_TERMS]; MOST_TERMS];
        for (row, left) in self.drift.chunks_exact(self.n).take(terms).enumerate() {
            for (column, right) in self.drift.chunks_exact(self.n).take(row + 1).enumerate() {
                matrix[row][column] = dot(left, right);
            }
        }
        Normal::factor(&matrix, terms)
    }

    pub(super) fn len(&self) -> usize {
        self.n
    }

    pub(super) fn drift_at(&self, place: [f64; 2], target: &[TargetPoint]) -> [f64; MOST_TERMS] {
        self.trend.map_or([0.0; MOST_TERMS], |trend| trend.over(place, target))
    }

    /// Turns the covariances of samples and target into y = L⁻¹c.
    pub(super) fn solve(&self, target: &mut [f64]) {
        forward(&self.factor, &self.inverse_diagonal, target);
    }

    /// The same for several targets, one a column.
    pub(super) fn solve_many(&self, targets: &mut [f64]) {
        let columns = targets.len() / self.n;
        let factor = MatRef::from_column_major_slice(&self.factor, self.n, self.n);
        solve_lower_triangular_in_place(factor, MatMut::from_column_major_slice_mut(targets, self.n, columns), Par::Seq);
    }

    /// Value and variance from y, the drift at the target and the target's own covariance.
    pub(super) fn estimate(&self, solved: &[f64], drift: &[f64; MOST_TERMS], own: f64) -> Kriged {
        let value = dot(solved, &self.residual) + trend_value(drift, &self.beta);
        let mut rest = self.rest(solved, drift);
        self.normal.forward(&mut rest);
        let variance = own - dot(solved, solved) + rest.iter().map(|r| r * r).sum::<f64>();
        self.sound(value, variance, own)
    }

    /// f − Gᵀy, with zeros for terms that were given up.
    fn rest(&self, solved: &[f64], drift: &[f64; MOST_TERMS]) -> [f64; MOST_TERMS] {
        let mut rest = [0.0; MOST_TERMS];
        for ((rest, column), drift) in rest.iter_mut().zip(self.drift.chunks_exact(self.n)).zip(drift) {
            *rest = drift - dot(column, solved);
        }
        rest
    }

    /// Far outside the samples a polynomial or its square can leave the numbers; the mean of the samples stands in there.
    fn sound(&self, value: f64, variance: f64, own: f64) -> Kriged {
        Kriged {
            value: if value.is_finite() { value } else { self.fallback },
            variance: if variance.is_finite() { variance.max(0.0) } else { own },
        }
    }

    /// Turns y into the weights of the samples.
    pub(super) fn weights(&self, solved: &mut [f64], drift: &[f64; MOST_TERMS]) {
        let mut rest = self.rest(solved, drift);
        self.normal.forward(&mut rest);
        self.normal.backward(&mut rest);
        for (rest, column) in rest.iter().zip(self.drift.chunks_exact(self.n)) {
            solved.iter_mut().zip(column).for_each(|(y, g)| *y += rest * g);
        }
        self.backward(solved);
        // As for values: where a polynomial leaves the numbers, the mean of the samples stands in.
        if !solved.iter().all(|weight| weight.is_finite()) {
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            solved.fill((self.n as f64).recip());
        }
    }

    /// The weights that the covariances of a target are multiplied with where no variance is asked: C⁻¹(z − Fβ).
    pub(super) fn dual(&self) -> Vec<f64> {
        let mut dual = self.residual.clone();
        self.backward(&mut dual);
        dual
    }

    /// The value at a target from its covariances by the dual weights.
    pub(super) fn dual_value(&self, dual: &[f64], covariances: &[f64], drift: &[f64; MOST_TERMS]) -> f64 {
        self.sound(dot(dual, covariances) + trend_value(drift, &self.beta), 0.0, 0.0).value
    }

    /// The diagonal of C⁻¹ − C⁻¹F(FᵀC⁻¹F)⁻¹FᵀC⁻¹.
    pub(super) fn precision_diagonal(&self) -> Vec<f64> {
        let n = self.n;
        let mut inverse = vec![0.0; n * n];
        inverse.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal = 1.0);
        self.solve_many(&mut inverse);
        let column = |column: &[f64]| {
            let mut shared = [0.0; MOST_TERMS];
            for (shared, drift) in shared.iter_mut().zip(self.drift.chunks_exact(n)) {
                *shared = dot(drift, column);
            }
            self.normal.forward(&mut shared);
            dot(column, column) - shared.iter().map(|s| s * s).sum::<f64>()
        };
        inverse.chunks_exact(n).map(column).collect()
    }

    fn backward(&self, right: &mut [f64]) {
        for row in (0..self.n).rev() {
            let column = &self.factor[row * self.n + row + 1..(row + 1) * self.n];
            right[row] = (right[row] - dot(column, &right[row + 1..])) * self.inverse_diagonal[row];
        }
    }
}

fn trend_value(drift: &[f64; MOST_TERMS], beta: &[f64; MOST_TERMS]) -> f64 {
    drift.iter().zip(beta).map(|(f, b)| f * b).sum()
}

/// Four running sums: the processor adds them side by side, which one sum forbids.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let (lefts, rights) = (left.chunks_exact(4), right.chunks_exact(4));
    let rest: f64 = lefts.remainder().iter().zip(rights.remainder()).map(|(l, r)| l * r).sum();
    let mut sums = [0.0; 4];
    for (l, r) in lefts.zip(rights) {
        for lane in 0..4 {
            sums[lane] += l[lane] * r[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

/// Subtracts four columns, each times its factor, from a vector: four at once, so that each number is loaded and stored once.
fn subtract_four(from: &mut [f64], columns: [&[f64]; 4], factors: [f64; 4]) {
    let [a, b, c, d] = columns;
    for ((((value, a), b), c), d) in from.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *value -= (factors[0] * a + factors[1] * b) + (factors[2] * c + factors[3] * d);
    }
}

/// L⁻¹ of a right-hand side, four columns at a time.
fn forward(factor: &[f64], inverse_diagonal: &[f64], right: &mut [f64]) {
    let n = right.len();
    let blocked = n - n % 4;
    for (block, first) in factor.chunks_exact(4 * n.max(1)).zip((0..blocked).step_by(4)) {
        let column = |k: usize| &block[k * n + first..(k + 1) * n];
        let columns = [column(0), column(1), column(2), column(3)];
        let (head, rest) = right[first..].split_at_mut(4);
        let mut solved = [0.0; 4];
        for k in 0..4 {
            let known: f64 = (0..k).map(|before| solved[before] * columns[before][k]).sum();
            solved[k] = (head[k] - known) * inverse_diagonal[first + k];
        }
        head.copy_from_slice(&solved);
        subtract_four(rest, columns.map(|column| &column[4..]), solved);
    }
    for index in blocked..n {
        let solved = right[index] * inverse_diagonal[index];
        right[index] = solved;
        let column = &factor[index * n + index + 1..(index + 1) * n];
        right[index + 1..].iter_mut().zip(column).for_each(|(right, l)| *right -= solved * l);
    }
}

/// Factors the lower half of a matrix in place; `false` where it is not positive definite beyond rounding.
fn cholesky(matrix: &mut [f64], n: usize) -> bool {
    let largest = matrix.iter().step_by(n + 1).fold(0.0_f64, |most, diagonal| most.max(*diagonal));
    if n >= BLOCKED_FROM {
        let mut memory = faer::dyn_stack::MemBuffer::new(cholesky_in_place_scratch::<f64>(n, Par::Seq, Spec::default()));
        let stack = faer::dyn_stack::MemStack::new(&mut memory);
        let lower = MatMut::from_column_major_slice_mut(matrix, n, n);
        if cholesky_in_place(lower, LltRegularization::default(), Par::Seq, stack, Spec::default()).is_err() {
            return false;
        }
        return matrix.iter().step_by(n + 1).all(|pivot| pivot * pivot > LEAST_PIVOT * largest);
    }
    for index in 0..n {
        let (before, rest) = matrix.split_at_mut(index * n);
        let column = &mut rest[index..n];
        let blocks = before.chunks_exact(4 * n);
        let few = blocks.remainder().chunks_exact(n);
        for block in blocks {
            let earlier = |k: usize| &block[k * n + index..(k + 1) * n];
            let columns = [earlier(0), earlier(1), earlier(2), earlier(3)];
            subtract_four(column, columns, columns.map(|column| column[0]));
        }
        for earlier in few {
            let earlier = &earlier[index..];
            let factor = earlier[0];
            column.iter_mut().zip(earlier).for_each(|(value, l)| *value -= factor * l);
        }
        let pivot = column[0];
        if pivot.is_nan() || pivot <= LEAST_PIVOT * largest {
            return false;
        }
        let inverse = pivot.sqrt().recip();
        for value in column {
            *value *= inverse;
        }
    }
    true
}
