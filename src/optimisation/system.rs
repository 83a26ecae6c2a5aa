//! Equations of a basis: sparse, and triangular but for a small core where a program is a network.

/// The largest core that is eliminated as a full matrix.
const LARGEST_CORE: usize = 2_000;

/// A pivot below this share of the largest of its column makes the core singular.
const SMALLEST_PIVOT: f64 = 1e-11;

/// Solves `sum_j a_ij y_j = b_i` with as many equations as unknowns. An equation with one unknown left gives it; an
/// unknown that is left in one equation waits for the others of that one; what neither rule touches is eliminated as
/// a full matrix with row exchange. None where the system is singular, or its core has more than 2,000 unknowns.
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
        let mut place = vec![usize::MAX; self.sought.len()];
        for (column, unknown) in unknowns.iter().enumerate() {
            place[*unknown] = column;
        }
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(size);
        for equation in core {
            let mut row = vec![0.0; size + 1];
            row[size] = self.right[*equation];
            for (unknown, coefficient) in &self.equations[*equation] {
                match place[*unknown] {
                    usize::MAX => row[size] -= coefficient * self.values[*unknown],
                    column => row[column] = *coefficient,
                }
            }
            rows.push(row);
        }
        let found = full_solution(rows)?;
        for (unknown, value) in unknowns.into_iter().zip(found) {
            self.values[unknown] = value;
        }
        Some(())
    }
}

/// Gauss elimination with row exchange; the last number of a row is its right side.
fn full_solution(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = rows.len();
    for column in 0..size {
        let largest = rows.iter().map(|row| row[column].abs()).fold(0.0, f64::max);
        let best = (column..size).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[best][column].abs() <= SMALLEST_PIVOT * largest.max(f64::MIN_POSITIVE) {
            return None;
        }
        rows.swap(column, best);
        let (upper, lower) = rows.split_at_mut(column + 1);
        let pivot = &upper[column];
        for row in lower {
            let factor = row[column] / pivot[column];
            if factor != 0.0 {
                for (value, above) in row[column..].iter_mut().zip(&pivot[column..]) {
                    *value -= factor * above;
                }
            }
        }
    }
    let mut values = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| rows[row][column] * values[column]).sum();
        values[row] = (rows[row][size] - known) / rows[row][row];
    }
    Some(values)
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
    fn a_singular_system_has_no_solution() {
        let twice = vec![vec![(0, 1.0), (1, 1.0)], vec![(0, 2.0), (1, 2.0)]];
        assert_eq!(solution(&twice, &[1.0, 2.0]), None);
        assert_eq!(solution(&[vec![(0, 1.0)], vec![(0, 1.0)]], &[1.0, 1.0]), None);
        assert_eq!(solution(&[vec![]], &[0.0]), None);
    }
}
