//! What a limit is worth: the dual values of a program, found from its optimum and proven by strong duality.

use super::optimum::{Optimum, RELATIVE_TOLERANCE};
use super::program::{Limit, LinearProgram, Row, Variable};
use super::scaling::Scaling;
use super::{ProgramError, SolveLimits, system};
use rand::RngExt;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

/// A value this near to an end (a share of the typical quantity) lies on it: twice the solver's own tolerance.
const ON_THE_END: f64 = 2e-10;

/// Ends are moved outwards by about this share of the typical quantity, where an optimum lies on more ends than it has
/// variables, so that it lies on just as many.
const SHIFT: f64 = 1e-6;

/// How often other shifts are tried before the dual program is solved.
const SHIFTS: u64 = 3;

/// What one more unit of each limit would change in the least cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    rows: Vec<f64>,
    variables: Vec<f64>,
    gap: f64,
}

impl Prices {
    /// Change of the least cost by a unit of a row's end: above zero where its low end binds, below zero where its high
    /// end does, zero where neither does.
    #[must_use]
    pub fn row(&self, row: Row) -> f64 {
        self.rows.get(row.0).copied().unwrap_or(0.0)
    }

    /// The same of the end of a variable's own range (its reduced cost).
    #[must_use]
    pub fn variable(&self, variable: Variable) -> f64 {
        self.variables.get(variable.0).copied().unwrap_or(0.0)
    }

    /// By how much the two objectives differ, as a share: the proof's own precision.
    #[must_use]
    pub fn duality_gap(&self) -> f64 {
        self.gap
    }
}

impl LinearProgram {
    /// Prices of all limits at an optimum of a program without yes-or-no variables.
    ///
    /// With `y_r` the prices of rows and `d_k = c_k - sum a_rk y_r`, a variable between its ends has `d_k = 0`, and a row
    /// between its ends has `y_r = 0`: as many equations as prices where the optimum lies on just as many ends as it has
    /// variables. Where it lies on more, the program is solved with its ends moved outwards by a millionth, which leaves its
    /// prices as they are; and at last the dual program itself is solved. In each case the prices are given only if
    /// `sum y_r b_r + sum d_k e_k` equals the objective to 1e-7 (of it, or of a thousandth of all that is added up where
    /// gains and costs cancel), which proves both optimal (strong duality).
    ///
    /// At a kink of the cost, where one more unit costs other than one less saves, the price lies between the two.
    ///
    /// # Errors
    /// [`ProgramError::HasIntegers`], or [`ProgramError::Unproven`] where no prices passed the proof.
    pub fn prices(&self, optimum: &Optimum) -> Result<Prices, ProgramError> {
        self.check()?;
        if self.has_integers() {
            return Err(ProgramError::HasIntegers);
        }
        if optimum.values.len() != self.columns.len() {
            return Err(ProgramError::Unproven { what: "an optimum of another program".to_owned(), by: 1.0 });
        }
        let scaling = Scaling::of(self);
        let mut best = ProgramError::Unproven { what: "the objective, by prices".to_owned(), by: 1.0 };
        let mut judge = |rows: Option<Vec<f64>>| -> Option<Prices> {
            match self.proven(rows?, optimum, scaling) {
                Ok(prices) => Some(prices),
                Err(error) => {
                    best = error;
                    None
                }
            }
        };
        if let Some(prices) = judge(self.prices_of_corner(&optimum.values, scaling)) {
            return Ok(prices);
        }
        for seed in 0..SHIFTS {
            let shifted = self.shifted(scaling, seed);
            let corner = shifted.simplex(&SolveLimits::default(), None, &mut |_| true).ok();
            let rows = corner.and_then(|corner| shifted.prices_of_corner(&corner.values, scaling));
            if let Some(prices) = judge(rows) {
                return Ok(prices);
            }
        }
        if let Some(prices) = judge(self.prices_of_dual(&optimum.values, scaling)) {
            return Ok(prices);
        }
        Err(best)
    }

    /// The prices of rows at a corner; none where it is not a corner of just as many ends as variables.
    fn prices_of_corner(&self, values: &[f64], scaling: Scaling) -> Option<Vec<f64>> {
        let close = ON_THE_END * scaling.quantity;
        let inside = |value: f64, low: f64, high: f64| value > low + close && value < high - close;
        let between: Vec<usize> = (0..self.columns.len())
            .filter(|index| inside(values[*index], self.columns[*index].low, self.columns[*index].high))
            .collect();
        let mut unknown = vec![usize::MAX; self.limits.len()];
        let mut tight = Vec::new();
        for (row, limit) in self.limits.iter().enumerate() {
            // What a row adds up is known to its coefficients' size.
            let size = limit.terms.iter().map(|term| term.1.abs()).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
            let activity = limit.activity(values);
            if !inside(activity / size, limit.low / size, limit.high / size) {
                unknown[row] = tight.len();
                tight.push(row);
            }
        }
        if tight.len() != between.len() {
            return None;
        }
        let by_column = self.terms_by_column();
        let equations: Vec<Vec<(usize, f64)>> = between
            .iter()
            .map(|column| {
                let terms = by_column[*column].iter().filter(|(row, _)| unknown[*row] != usize::MAX);
                terms.map(|(row, coefficient)| (unknown[*row], *coefficient)).collect()
            })
            .collect();
        let costs: Vec<f64> = between.iter().map(|column| self.columns[*column].cost).collect();
        let found = system::solution(&equations, &costs)?;
        let mut rows = vec![0.0; self.limits.len()];
        for (row, price) in tight.into_iter().zip(found) {
            rows[row] = price;
        }
        Some(rows)
    }

    /// The same program with every end moved outwards by a little, each by another.
    fn shifted(&self, scaling: Scaling, seed: u64) -> Self {
        let mut chance = Pcg64::seed_from_u64(seed);
        let mut shifted = self.clone();
        let mut step = || SHIFT * scaling.quantity * (0.5 + chance.random::<f64>());
        for column in &mut shifted.columns {
            column.low -= step();
            column.high += step();
        }
        for limit in &mut shifted.limits {
            let (below, above) = (step(), step());
            if limit.low.total_cmp(&limit.high).is_eq() {
                // An equation moves as a whole.
                limit.low += above - below;
                limit.high = limit.low;
            } else {
                limit.low -= below;
                limit.high += above;
            }
        }
        shifted
    }

    /// The prices of rows by the dual program, cut down by complementary slackness to rows on an end of theirs. Columns
    /// come in as they are seen to be violated.
    fn prices_of_dual(&self, values: &[f64], scaling: Scaling) -> Option<Vec<f64>> {
        let close = RELATIVE_TOLERANCE * 1e-2 * scaling.quantity;
        let mut dual = LinearProgram::new();
        let variables: Vec<Option<Variable>> = self
            .limits
            .iter()
            .map(|limit| {
                let (low, high) = signs(limit, values, close);
                (low < high).then(|| dual.variable(0.0, low, high))
            })
            .collect();
        let by_column = self.terms_by_column();
        let ranges: Vec<(f64, f64)> = self
            .columns
            .iter()
            .zip(values)
            .map(|(column, value)| {
                let (at_low, at_high) = (*value <= column.low + close, *value >= column.high - close);
                // What the rows price a variable at is its cost; at most that on its low end, at least that on its high end.
                (if at_low { f64::NEG_INFINITY } else { column.cost }, if at_high { f64::INFINITY } else { column.cost })
            })
            .collect();
        let mut asked = vec![false; self.columns.len()];
        let mut wanted: Vec<usize> =
            (0..self.columns.len()).filter(|column| ranges[*column].0.total_cmp(&ranges[*column].1).is_eq()).collect();
        loop {
            for column in &wanted {
                asked[*column] = true;
                let terms = by_column[*column].iter().filter_map(|(row, a)| variables[*row].map(|variable| (variable, *a)));
                dual.row("", ranges[*column].0, terms.collect::<Vec<_>>(), ranges[*column].1);
            }
            let found = dual.simplex(&SolveLimits::default(), None, &mut |_| true).ok()?;
            let rows: Vec<f64> =
                variables.iter().map(|variable| variable.map_or(0.0, |variable| found.value(variable))).collect();
            wanted = (0..self.columns.len())
                .filter(|column| !asked[*column])
                .filter(|column| {
                    let priced: f64 = by_column[*column].iter().map(|(row, a)| a * rows[*row]).sum();
                    let loose = 1e-9 * scaling.cost;
                    priced < ranges[*column].0 - loose || priced > ranges[*column].1 + loose
                })
                .collect();
            if wanted.is_empty() {
                return Some(rows);
            }
        }
    }

    fn terms_by_column(&self) -> Vec<Vec<(usize, f64)>> {
        let mut by_column = vec![Vec::new(); self.columns.len()];
        for (row, limit) in self.limits.iter().enumerate() {
            for (variable, coefficient) in &limit.terms {
                by_column[*variable].push((row, *coefficient));
            }
        }
        by_column
    }

    /// Prices for which the dual objective equals the primal one.
    fn proven(&self, mut rows: Vec<f64>, optimum: &Optimum, scaling: Scaling) -> Result<Prices, ProgramError> {
        let mut variables: Vec<f64> = self.columns.iter().map(|column| column.cost).collect();
        let mut sizes: Vec<f64> = variables.iter().map(|cost| cost.abs()).collect();
        let (mut dual, mut moved) = (0.0, 0.0);
        for (limit, price) in self.limits.iter().zip(&mut rows) {
            let end = if *price > 0.0 { limit.low } else { limit.high };
            if *price == 0.0 || !end.is_finite() {
                // A price on an open end is rounding, or the proof fails by what it leaves uncovered.
                *price = 0.0;
                continue;
            }
            dual += *price * end;
            moved += (*price * end).abs();
            for (variable, coefficient) in &limit.terms {
                variables[*variable] -= coefficient * *price;
                sizes[*variable] += (coefficient * *price).abs();
            }
        }
        for (((column, price), size), value) in self.columns.iter().zip(&mut variables).zip(&sizes).zip(&optimum.values) {
            if price.abs() <= 1e-12 * size {
                *price = 0.0;
            }
            let end = if *price > 0.0 { column.low } else { column.high };
            if end.is_finite() {
                dual += *price * end;
            } else if price.abs() > RELATIVE_TOLERANCE * size.max(scaling.cost) {
                return Err(ProgramError::Unproven { what: "the sign of a price".to_owned(), by: price.abs() / size });
            } else {
                // Rounding below what an open end allows: counted against the gap at the variable's own value.
                dual += *price * value;
                *price = 0.0;
            }
            moved += (column.cost * value).abs();
        }
        let size = optimum.objective.abs().max(moved * 1e-3).max(1e-9 * scaling.cost * scaling.quantity);
        let gap = (optimum.objective - dual).abs() / size;
        if gap <= RELATIVE_TOLERANCE {
            Ok(Prices { rows, variables, gap })
        } else {
            Err(ProgramError::Unproven { what: "the objective, by prices".to_owned(), by: gap })
        }
    }
}

/// The range in which the price of a row may lie, by the ends it lies on.
fn signs(limit: &Limit, values: &[f64], close: f64) -> (f64, f64) {
    let size = limit.terms.iter().map(|term| term.1.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let activity = limit.activity(values);
    let low = if activity >= limit.high - close * size { f64::NEG_INFINITY } else { 0.0 };
    let high = if activity <= limit.low + close * size { f64::INFINITY } else { 0.0 };
    (low, high)
}
