//! Units for the solver: its tolerances are absolute (1e-10), so a program in MWh and roubles is solved in units in which
//! its typical number is near one. All factors are powers of two: no digit is lost.

use super::program::LinearProgram;

/// Divide the quantities of a program by `quantity` and its costs by `cost` to have the solver's numbers. Yes-or-no
/// variables keep their unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scaling {
    pub(super) quantity: f64,
    pub(super) cost: f64,
}

impl Scaling {
    pub(super) fn of(program: &LinearProgram) -> Self {
        let bounds = program.columns.iter().filter(|column| !column.integer).flat_map(|column| [column.low, column.high]);
        let sides = program.limits.iter().flat_map(|limit| [limit.low, limit.high]);
        let quantity = typical(bounds.chain(sides));
        let costs = program.columns.iter().map(|column| if column.integer { column.cost / quantity } else { column.cost });
        Self { quantity, cost: typical(costs) }
    }
}

/// The power of two nearest to the geometric mean of the finite numbers other than zero; one where there is none.
fn typical(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for number in numbers {
        if number.is_finite() && number != 0.0 {
            sum += number.abs().log2();
            count += 1.0;
        }
    }
    if count > 0.0 { (sum / count).round().clamp(-300.0, 300.0).exp2() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::typical;

    #[test]
    fn the_typical_number_is_a_power_of_two_near_the_geometric_mean() {
        assert_eq!(typical([100.0, 1e4, 0.0, f64::INFINITY].into_iter()).to_bits(), 1024.0_f64.to_bits());
        assert_eq!(typical([0.0, f64::INFINITY].into_iter()).to_bits(), 1.0_f64.to_bits());
    }
}
