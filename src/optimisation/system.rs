//! Equations of a basis: sparse, and triangular but for a small core where a program is a network.

use std::collections::{BTreeMap, BTreeSet};

/// The largest core that is eliminated.
const LARGEST_CORE: usize = 20_000;

/// A core that fills up to more terms than this is given up.
const MOST_TERMS: usize = 4_000_000;

/// A pivot below this share of the largest coefficient of its equation makes the system singular.
const SMALLEST_PIVOT: f64 = 1e-11;

/// A pivot is taken only if it is at least this share of the largest coefficient of its equation (the usual compromise
/// between stability and filling up; Duff, Erisman and Reid 1986, Direct Methods for Sparse Matrices, ch. 5).
const STABLE_SHARE: f64 = 0.1;

/// Solves `sum_j a_ij y_j = b_i` with as many equations as unknowns. An equation with one unknown left gives it; an
/// unknown that is left in one equation waits for the others of that one; what neither rule touches is
/// eliminated by Gauss's method, each time by the equation with the fewest unknowns and, among its large enough ones, the unknown in
/// the fewest equations. None where the system is singular, or its core too large.
pub(super) fn solution(equations: &[Vec<(usize, f64)>], right: &[f64]) -> Option<Vec<f64>> {
    let size = equations.len();
    let mut system = System::new(equations, right)?;
    let waiting = system.peel();
    let core: Vec<usize> = (0..size).filter(|equation| system.open[*equation]).collect();
    system.eliminate(&core)?;
    for (equation, unknown) in waiting.into_iter().rev() {
        system.give(equation, unknown)?;
    }
    system.values.iter().all(|value| value.is_finite()).then_some(system.values)
}

/// Solves equations that may be more than the unknowns, but agree: as many as are needed are used. None where they leave an unknown
/// open.
pub(super) fn solution_of_many(equations: &[Vec<(usize, f64)>], right: &[f64], unknowns: usize) -> Option<Vec<f64>> {
    let mut core = Core::new(unknowns);
    for (terms, right) in equations.iter().zip(right) {
        core.add(terms.iter().copied().collect(), *right);
    }
    let mut values = vec![0.0; unknowns];
    let order = core.eliminated(true)?;
    if order.len() != unknowns {
        return None;
    }
    core.give(&order, &mut values);
    values.iter().all(|value| value.is_finite()).then_some(values)
}

struct System<'a> {
    equations: &'a [Vec<(usize, f64)>],
    right: &'a [f64],
    /// Equations in which an unknown stands.
    places: Vec<Vec<usize>>,
    open: Vec<bool>,
    /// Whether an unknown is still to be found by the core.
    sought: Vec<bool>,
    values: Vec<f64>,
}

impl<'a> System<'a> {
    fn new(equations: &'a [Vec<(usize, f64)>], right: &'a [f64]) -> Option<Self> {
        let size = equations.len();
        let mut places = vec![Vec::new(); size];
        for (equation, terms) in equations.iter().enumerate() {
            for (unknown, _) in terms {
                places.get_mut(*unknown)?.push(equation);
            }
        }
        Some(Self { equations, right, places, open: vec![true; size], sought: vec![true; size], values: vec![0.0; size] })
    }

    /// Applies both rules until neither applies; answers the equations that wait, with the unknown each will give.
    fn peel(&mut self) -> Vec<(usize, usize)> {
        let mut unknowns_left: Vec<usize> = self.equations.iter().map(Vec::len).collect();
        let mut equations_left: Vec<usize> = self.places.iter().map(Vec::len).collect();
        let mut equations: Vec<usize> = (0..self.open.len()).filter(|equation| unknowns_left[*equation] == 1).collect();
        let mut unknowns: Vec<usize> = (0..self.open.len()).filter(|unknown| equations_left[*unknown] == 1).collect();
        let mut waiting = Vec::new();
        loop {
            if let Some(equation) = equations.pop() {
                if !self.open[equation] || unknowns_left[equation] != 1 {
                    continue;
                }
                let unknown = self.equations[equation].iter().map(|term| term.0).find(|unknown| self.sought[*unknown]);
                let Some(unknown) = unknown else { continue };
                if self.give(equation, unknown).is_none() {
                    continue;
                }
                self.open[equation] = false;
                self.sought[unknown] = false;
                for place in &self.places[unknown] {
                    unknowns_left[*place] -= 1;
                    if self.open[*place] && unknowns_left[*place] == 1 {
                        equations.push(*place);
                    }
                }
            } else if let Some(unknown) = unknowns.pop() {
                if !self.sought[unknown] || equations_left[unknown] != 1 {
                    continue;
                }
                let Some(equation) = self.places[unknown].iter().copied().find(|place| self.open[*place]) else { continue };
                self.open[equation] = false;
                self.sought[unknown] = false;
                waiting.push((equation, unknown));
                for (other, _) in &self.equations[equation] {
                    equations_left[*other] -= 1;
                    if self.sought[*other] && equations_left[*other] == 1 {
                        unknowns.push(*other);
                    }
                }
            } else {
                return waiting;
            }
        }
    }

    /// An unknown from its equation, all others of which are known.
    fn give(&mut self, equation: usize, unknown: usize) -> Option<()> {
        let (mut rest, mut pivot, mut largest) = (self.right[equation], 0.0_f64, 0.0_f64);
        for (other, coefficient) in &self.equations[equation] {
            largest = largest.max(coefficient.abs());
            if *other == unknown {
                pivot = *coefficient;
            } else {
                rest -= coefficient * self.values[*other];
            }
        }
        if pivot.abs() <= SMALLEST_PIVOT * largest {
            return None;
        }
        self.values[unknown] = rest / pivot;
        Some(())
    }

    fn eliminate(&mut self, core: &[usize]) -> Option<()> {
        let unknowns: Vec<usize> = (0..self.sought.len()).filter(|unknown| self.sought[*unknown]).collect();
        let size = core.len();
        if size != unknowns.len() || size > LARGEST_CORE {
            return None;
        }
        let mut left = Core::new(self.sought.len());
        for equation in core {
            let mut right = self.right[*equation];
            let mut terms = BTreeMap::new();
            for (unknown, coefficient) in &self.equations[*equation] {
                if self.sought[*unknown] {
                    terms.insert(*unknown, *coefficient);
                } else {
                    right -= coefficient * self.values[*unknown];
                }
            }
            left.add(terms, right);
        }
        let order = left.eliminated(false)?;
        left.give(&order, &mut self.values);
        Some(())
    }
}

/// What neither rule touches.
struct Core {
    equations: Vec<BTreeMap<usize, f64>>,
    right: Vec<f64>,
    /// Open equations in which an unknown stands.
    places: Vec<BTreeSet<usize>>,
    /// Open equations by the number of their unknowns.
    open: BTreeSet<(usize, usize)>,
    terms: usize,
}

impl Core {
    fn new(unknowns: usize) -> Self {
        let places = vec![BTreeSet::new(); unknowns];
        Self { equations: Vec::new(), right: Vec::new(), places, open: BTreeSet::new(), terms: 0 }
    }

    fn add(&mut self, terms: BTreeMap<usize, f64>, right: f64) {
        let equation = self.equations.len();
        for unknown in terms.keys() {
            self.places[*unknown].insert(equation);
        }
        self.open.insert((terms.len(), equation));
        self.terms += terms.len();
        self.equations.push(terms);
        self.right.push(right);
    }

    /// Triangular now: the equations in their order, with the unknown that each gives once the later ones are known.
    /// Equations that say nothing new are left out, or else mean that the system is singular.
    fn eliminated(&mut self, may_repeat: bool) -> Option<Vec<(usize, usize)>> {
        let mut order = Vec::with_capacity(self.equations.len());
        while let Some((_, equation)) = self.open.pop_first() {
            if may_repeat && self.equations[equation].is_empty() {
                continue;
            }
            let (unknown, pivot) = self.pivot(equation)?;
            for other in self.equations[equation].keys() {
                self.places[*other].remove(&equation);
            }
            for target in std::mem::take(&mut self.places[unknown]) {
                self.subtract(equation, unknown, pivot, target);
            }
            if self.terms > MOST_TERMS {
                return None;
            }
            order.push((equation, unknown));
        }
        Some(order)
    }

    /// The unknowns, from the last equation to the first.
    fn give(&self, order: &[(usize, usize)], values: &mut [f64]) {
        for (equation, unknown) in order.iter().rev() {
            let terms = &self.equations[*equation];
            let known: f64 = terms.iter().filter(|term| term.0 != unknown).map(|(other, a)| a * values[*other]).sum();
            values[*unknown] = (self.right[*equation] - known) / terms[unknown];
        }
    }

    fn pivot(&self, equation: usize) -> Option<(usize, f64)> {
        let terms = &self.equations[equation];
        let largest = terms.values().map(|coefficient| coefficient.abs()).fold(0.0, f64::max);
        let enough = terms.iter().filter(|(_, coefficient)| coefficient.abs() >= STABLE_SHARE * largest && largest > 0.0);
        enough.min_by_key(|(unknown, _)| self.places[**unknown].len()).map(|(unknown, coefficient)| (*unknown, *coefficient))
    }

    /// Takes `unknown` out of the equation `target`.
    fn subtract(&mut self, equation: usize, unknown: usize, pivot: f64, target: usize) {
        let mut terms = std::mem::take(&mut self.equations[target]);
        self.open.remove(&(terms.len(), target));
        self.terms -= terms.len();
        let factor = terms.remove(&unknown).unwrap_or(0.0) / pivot;
        for (other, coefficient) in self.equations[equation].iter().filter(|term| *term.0 != unknown) {
            let change = factor * coefficient;
            let value = terms.entry(*other).or_insert(0.0);
            let before = value.abs();
            *value -= change;
            // What cancels but for rounding is gone.
            if value.abs() <= 1e-13 * before.max(change.abs()) {
                terms.remove(other);
                self.places[*other].remove(&target);
            } else {
                self.places[*other].insert(target);
            }
        }
        self.right[target] -= factor * self.right[equation];
        self.open.insert((terms.len(), target));
        self.terms += terms.len();
        self.equations[target] = terms;
    }
}

#[cfg(test)]
mod tests {
    use super::solution;

    #[test]
    fn triangles_and_a_core_are_solved_together() {
        // y0 = 2; y1 + y2 = 5; y1 - y2 = 1; y3 stands only beside y1.
        let equations =
            vec![vec![(0, 1.0)], vec![(1, 1.0), (2, 1.0)], vec![(0, 1.0), (1, 1.0), (2, -1.0)], vec![(1, 2.0), (3, 4.0)]];
        let values = solution(&equations, &[2.0, 5.0, 3.0, 10.0]).expect("regular");
        for (value, expected) in values.iter().zip([2.0, 3.0, 2.0, 1.0]) {
            assert!((value - expected).abs() < 1e-14, "{values:?}");
        }
    }

    #[test]
    fn a_full_system_without_structure_is_solved() {
        let size = 40;
        let mut number = 1_u32;
        let mut next = || {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(number >> 8) / f64::from(1_u32 << 24) - 0.5
        };
        let expected: Vec<f64> = (0..size).map(|_| next()).collect();
        let equations: Vec<Vec<(usize, f64)>> = (0..size).map(|_| (0..size).map(|unknown| (unknown, next())).collect()).collect();
        let right: Vec<f64> =
            equations.iter().map(|terms| terms.iter().map(|(unknown, a)| a * expected[*unknown]).sum()).collect();
        let values = solution(&equations, &right).expect("regular");
        assert!(values.iter().zip(&expected).all(|(value, expected)| (value - expected).abs() < 1e-10));
    }

    #[test]
    fn a_singular_system_has_no_solution() {
        let twice = vec![vec![(0, 1.0), (1, 1.0)], vec![(0, 2.0), (1, 2.0)]];
        assert_eq!(solution(&twice, &[1.0, 2.0]), None);
        assert_eq!(solution(&[vec![(0, 1.0)], vec![(0, 1.0)]], &[1.0, 1.0]), None);
        assert_eq!(solution(&[vec![]], &[0.0]), None);
    }
}
