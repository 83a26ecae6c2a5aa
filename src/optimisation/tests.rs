//! Against `HiGHS`, closed forms, and what must hold for any program.

use super::*;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct StatedRow {
    low: Option<f64>,
    high: Option<f64>,
    terms: Vec<(usize, f64)>,
}

#[derive(Deserialize)]
struct Stated {
    name: String,
    cost: Vec<f64>,
    low: Vec<Option<f64>>,
    high: Vec<Option<f64>>,
    integer: Vec<bool>,
    rows: Vec<StatedRow>,
    status: String,
    objective: Option<f64>,
    prices: Option<Vec<f64>>,
}

fn stated() -> Vec<Stated> {
    serde_json::from_str(include_str!("../../tests/fixtures/optimisation/programs.json")).expect("the fixture is JSON")
}

fn built(case: &Stated) -> (LinearProgram, Vec<Row>) {
    let mut program = LinearProgram::new();
    let variables: Vec<Variable> = (0..case.cost.len())
        .map(|k| {
            let (low, high) = (case.low[k].unwrap_or(f64::NEG_INFINITY), case.high[k].unwrap_or(f64::INFINITY));
            if case.integer[k] { program.binary(case.cost[k]) } else { program.variable(case.cost[k], low, high) }
        })
        .collect();
    let rows = case
        .rows
        .iter()
        .enumerate()
        .map(|(r, row)| {
            let terms = row.terms.iter().map(|(k, a)| (variables[*k], *a));
            program.row(format!("row {r}"), row.low.unwrap_or(f64::NEG_INFINITY), terms, row.high.unwrap_or(f64::INFINITY))
        })
        .collect();
    (program, rows)
}

#[test]
fn objectives_statuses_and_prices_are_those_of_highs() {
    let (mut optimal, mut compared) = (0, 0);
    for case in stated() {
        let (program, rows) = built(&case);
        let answer = program.minimum(&SolveLimits::default());
        let Some(expected) = case.objective else {
            let error = answer.expect_err(&case.name);
            assert_eq!(error == ProgramError::Unbounded, case.status == "unbounded", "{}: {error}", case.name);
            continue;
        };
        let optimum = answer.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let found = optimum.objective();
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{}: {found} {expected}", case.name);
        assert_eq!(optimum.proven_gap().to_bits(), 0, "{}", case.name);
        optimal += 1;
        if program.has_integers() {
            assert_eq!(program.prices(&optimum), Err(ProgramError::HasIntegers));
            continue;
        }
        let prices = program.prices(&optimum).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert!(prices.duality_gap() <= 1e-7);
        let Some(expected) = case.prices else { continue };
        let size = expected.iter().map(|price| price.abs()).fold(1e-9, f64::max);
        for (row, expected) in rows.iter().zip(&expected) {
            let found = prices.row(*row);
            assert!((found - expected).abs() <= 1e-8 * size, "{} {row:?}: {found} {expected}", case.name);
        }
        compared += 1;
    }
    assert_eq!((optimal, compared), (32, 18));
}

#[test]
fn an_impossible_program_names_its_rows_and_the_least_relief() {
    // Two needs of 60 and 50 MWh from one source of 80: 30 are short, and the larger need gives way, for its share is less.
    let mut program = LinearProgram::new();
    let first = program.variable(1.0, 0.0, f64::INFINITY);
    let second = program.variable(1.0, 0.0, f64::INFINITY);
    program.row("need of the first", 60.0, [(first, 1.0)], f64::INFINITY);
    program.row("need of the second", 50.0, [(second, 1.0)], f64::INFINITY);
    let capacity = program.row("capacity", f64::NEG_INFINITY, [(first, 1.0), (second, 1.0)], 80.0);
    assert_eq!(program.minimum(&SolveLimits::default()), Err(ProgramError::Infeasible));
    let relief = program.smallest_relief().expect("an elastic program has a solution");
    assert_eq!(relief.len(), 1);
    assert_eq!((relief[0].row, relief[0].side, relief[0].name.as_str()), (capacity, RowSide::High, "capacity"));
    assert!((relief[0].amount - 30.0).abs() < 1e-9 && (relief[0].bound - 80.0).abs() < 1e-12);
    program.row("more", f64::NEG_INFINITY, [(first, -1.0)], 0.0);
    assert_eq!(program.smallest_relief().map(|relief| relief.len()), Ok(1));
}

#[test]
fn a_possible_program_needs_no_relief() {
    for case in stated() {
        let (program, _) = built(&case);
        if case.status == "optimal" {
            assert_eq!(program.smallest_relief(), Ok(Vec::new()), "{}", case.name);
        }
    }
}

#[test]
fn infeasible_and_unbounded_are_told_apart() {
    let mut unbounded = LinearProgram::new();
    let gain = unbounded.variable(-1.0, 0.0, f64::INFINITY);
    let other = unbounded.variable(0.0, 0.0, f64::INFINITY);
    unbounded.row("difference", f64::NEG_INFINITY, [(gain, 1.0), (other, -1.0)], 5.0);
    assert_eq!(unbounded.minimum(&SolveLimits::default()), Err(ProgramError::Unbounded));
    // With a row that nothing satisfies it is infeasible, gain or not.
    unbounded.row("never", 3.0, [(gain, 1.0), (gain, -1.0)], f64::INFINITY);
    assert_eq!(unbounded.minimum(&SolveLimits::default()), Err(ProgramError::Infeasible));
    let mut whole = LinearProgram::new();
    let yes = whole.binary(1.0);
    whole.row("half", 0.4, [(yes, 1.0)], 0.6);
    assert_eq!(whole.minimum(&SolveLimits::default()), Err(ProgramError::Infeasible));
}

#[test]
fn what_is_wrong_with_a_program_is_said() {
    let limits = SolveLimits::default();
    let message = |program: &LinearProgram| program.minimum(&limits).expect_err("it is wrong").to_string();
    let mut program = LinearProgram::new();
    program.variable(f64::NAN, 0.0, 1.0);
    assert_eq!(message(&program), "the cost of variable 0 must be a number; it was NaN");
    let mut program = LinearProgram::new();
    program.variable(1.0, 2.0, 1.0);
    assert_eq!(message(&program), "variable 0 must not have a low end above its high end; they were 2 and 1");
    let mut program = LinearProgram::new();
    let x = program.variable(1.0, 0.0, 1.0);
    program.row("need", f64::NAN, [(x, 1.0)], 1.0);
    assert_eq!(message(&program), "the low end of row \"need\" must be a number; it was NaN");
    let mut other = LinearProgram::new();
    other.row("need", 0.0, [(x, 1.0)], 1.0);
    assert_eq!(message(&other), "row \"need\" names a variable that this program does not have");
    let mut program = LinearProgram::new();
    let x = program.variable(1.0, 0.0, 1.0);
    program.row("need", 0.0, [(x, f64::INFINITY)], 1.0);
    assert_eq!(message(&program), "a coefficient of row \"need\" must be a number; it was inf");
    let small = SolveLimits { variables: 0, ..SolveLimits::default() };
    let mut program = LinearProgram::new();
    program.variable(1.0, 0.0, 1.0);
    assert_eq!(program.minimum(&small), Err(ProgramError::TooLarge { what: "variables", count: 1, most: 0 }));
}

#[test]
fn an_empty_program_costs_nothing_and_a_watcher_can_stop() {
    let empty = LinearProgram::new();
    assert_eq!(empty.minimum(&SolveLimits::default()).map(|optimum| optimum.objective().to_bits()), Ok(0));
    assert_eq!(empty.minimum_watched(&SolveLimits::default(), &mut |_| false), Err(ProgramError::Interrupted));
    let mut impossible = LinearProgram::new();
    impossible.row("never", 1.0, [], f64::INFINITY);
    assert_eq!(impossible.minimum(&SolveLimits::default()), Err(ProgramError::Infeasible));
}

#[test]
fn a_long_search_can_be_stopped_and_ends_at_its_nodes() {
    // A knapsack of many things of nearly the same worth takes many nodes.
    let mut program = LinearProgram::new();
    let things: Vec<Variable> =
        (0..40_u32).map(|k| program.binary(-(100.0 + f64::from(k * k % 37) + 0.1 * f64::from(k * 7 % 11)))).collect();
    let weights = things.iter().zip(0_u32..).map(|(thing, k)| (*thing, 97.0 + f64::from(k * 29 % 41)));
    program.row("weight", f64::NEG_INFINITY, weights, 1_500.5);
    let optimum = program.minimum(&SolveLimits::default()).expect("it has an optimum");
    let near = program.minimum(&SolveLimits { gap: 0.05, ..SolveLimits::default() }).expect("it has a solution");
    assert!(near.proven_gap() <= 0.05 && near.objective() >= optimum.objective() - 1e-9);
    assert!(near.objective() <= optimum.objective() * (1.0 - 0.05) + 1e-9, "costs are below zero");
    if optimum.nodes() > 64 {
        let mut looks = 0;
        let stopped = program.minimum_watched(&SolveLimits::default(), &mut |_| {
            looks += 1;
            looks < 2
        });
        assert_eq!(stopped, Err(ProgramError::Interrupted));
    }
}

/// A transport program with whole numbers: supplies, demands with a dear way out, costs.
fn transport(supplies: &[u8], demands: &[u8], costs: &[u8]) -> LinearProgram {
    let mut program = LinearProgram::new();
    let unmet: Vec<Variable> = demands.iter().map(|_| program.variable(500.0, 0.0, f64::INFINITY)).collect();
    let arcs: Vec<Vec<Variable>> = (0..supplies.len())
        .map(|i| {
            let of = |j: usize| f64::from(costs[(i * demands.len() + j) % costs.len()]);
            (0..demands.len()).map(|j| program.variable(of(j), 0.0, f64::INFINITY)).collect()
        })
        .collect();
    for (i, supply) in supplies.iter().enumerate() {
        let terms = arcs[i].iter().map(|arc| (*arc, 1.0)).collect::<Vec<_>>();
        program.row(format!("supply {i}"), f64::NEG_INFINITY, terms, f64::from(*supply));
    }
    for (j, demand) in demands.iter().enumerate() {
        let terms = arcs.iter().map(|arcs| (arcs[j], 1.0)).chain([(unmet[j], 1.0)]).collect::<Vec<_>>();
        program.row(format!("demand {j}"), f64::from(*demand), terms, f64::from(*demand));
    }
    program
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ties_everywhere_neither_stall_the_simplex_nor_the_proof(
        supplies in prop::collection::vec(0_u8..6, 1..9),
        demands in prop::collection::vec(0_u8..6, 1..9),
        costs in prop::collection::vec(0_u8..4, 1..40),
    ) {
        let program = transport(&supplies, &demands, &costs);
        let optimum = program.minimum(&SolveLimits::default()).expect("what is unmet is paid for");
        let prices = program.prices(&optimum).expect("strong duality holds");
        prop_assert!(prices.duality_gap() <= 1e-7);
        for r in 0..supplies.len() {
            prop_assert!(prices.row(Row(r)) <= 1e-9, "more supply never costs");
        }
        let supply: u32 = supplies.iter().map(|s| u32::from(*s)).sum();
        let demand: u32 = demands.iter().map(|d| u32::from(*d)).sum();
        let unmet: f64 = (0..demands.len()).map(|j| optimum.value(Variable(j))).sum();
        prop_assert!((unmet - f64::from(demand.saturating_sub(supply))).abs() < 1e-9);
    }

    #[test]
    fn units_change_nothing_but_the_units(
        supplies in prop::collection::vec(1_u8..60, 2..7),
        demands in prop::collection::vec(1_u8..60, 2..7),
        costs in prop::collection::vec(1_u8..200, 4..40),
        quantity in -6_i32..7,
        money in -6_i32..7,
    ) {
        let program = transport(&supplies, &demands, &costs);
        let mut other = program.clone();
        let (quantity, money) = (10_f64.powi(quantity), 10_f64.powi(money));
        for column in &mut other.columns {
            column.cost *= money;
        }
        for limit in &mut other.limits {
            limit.low *= quantity;
            limit.high *= quantity;
        }
        let here = program.minimum(&SolveLimits::default()).expect("possible").objective();
        let there = other.minimum(&SolveLimits::default()).expect("possible");
        let back = there.objective() / quantity / money;
        prop_assert!((back - here).abs() <= 1e-9 * here.abs().max(1.0), "{here} {back}");
        prop_assert!(other.prices(&there).is_ok());
    }

    #[test]
    fn the_relief_of_a_program_makes_it_possible_and_less_does_not(
        needs in prop::collection::vec(1_u8..50, 1..6),
        most in 0_u8..60,
    ) {
        let mut program = LinearProgram::new();
        let parts: Vec<Variable> = needs.iter().map(|_| program.variable(1.0, 0.0, f64::INFINITY)).collect();
        for (part, need) in parts.iter().zip(&needs) {
            program.row("need", f64::from(*need), [(*part, 1.0)], f64::INFINITY);
        }
        program.row("most", f64::NEG_INFINITY, parts.iter().map(|part| (*part, 1.0)).collect::<Vec<_>>(), f64::from(most));
        let total: f64 = needs.iter().map(|need| f64::from(*need)).sum();
        let relief = program.smallest_relief().expect("solved");
        let sum: f64 = relief.iter().map(|relief| relief.amount).sum();
        prop_assert!((sum - (total - f64::from(most)).max(0.0)).abs() < 1e-6);
        for relief in &relief {
            let limit = &mut program.limits[relief.row.0];
            match relief.side {
                RowSide::Low => limit.low -= relief.amount,
                RowSide::High => limit.high += relief.amount,
            }
        }
        prop_assert!(program.minimum(&SolveLimits::default()).is_ok());
    }
}
