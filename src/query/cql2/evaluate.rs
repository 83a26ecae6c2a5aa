//! [`Predicate`] → rows, column by column. What is cheap is asked first, and what is dear only of the rows that it
//! can still change.

use super::truth::{Truth, bits};
use super::typed::{ArrayRelation, Instant, Number, Period, Predicate, Relation, Shape, Text, TextSource, Value};
use super::{numbers, shapes, temporal, texts};
use crate::catalogue::{Column, LayerTable};
use fixedbitset::FixedBitSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// Of what a predicate is asked, and until when.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub table: &'a LayerTable,
    /// The rows that the answer matters of; of others it may be anything.
    pub among: Option<&'a FixedBitSet>,
    /// Set when nobody wants the answer any longer: it may then be anything for every row.
    pub stop: &'a AtomicBool,
}

impl Scope<'_> {
    /// Whether somebody wants to know it of a row.
    pub(super) fn asks(&self, row: usize) -> bool {
        self.among.is_none_or(|among| among.contains(row)) && !self.is_stopped()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The truth of a predicate, row by row.
pub(super) fn truth_of(predicate: &Predicate, scope: Scope<'_>) -> Truth {
    let table = scope.table;
    let rows = table.len();
    match predicate {
        Predicate::Known(value) => Truth::known(rows, *value),
        Predicate::All(members) => chain(members, scope, true),
        Predicate::Any(members) => chain(members, scope, false),
        Predicate::Not(inner) => truth_of(inner, scope).not(),
        Predicate::Flag(column) => flags(&table.columns()[*column], rows),
        Predicate::Missing(value) => missing(value, scope),
        Predicate::Numbers(relation, left, right) => numbers::compare(*relation, left, right, scope),
        Predicate::NumberAmong(number, wanted) => numbers::among(number, wanted, scope),
        Predicate::Texts(relation, left, right) => texts::compare(*relation, left, right, table),
        Predicate::TextAmong(text, wanted) => {
            texts::ask(text, table, |word| wanted.binary_search_by(|one| one.as_str().cmp(word)).is_ok())
        }
        Predicate::Like(text, pattern) => texts::ask(text, table, |word| pattern.is_match(word)),
        Predicate::Instants(relation, left, right) => temporal::compare(*relation, left, right, table),
        Predicate::Truths(relation, left, right) => truths(*relation, left, right, scope),
        Predicate::Spatial(relation, left, right) => shapes::relate(*relation, left, right, scope),
        Predicate::Temporal(relation, left, right) => temporal::relate(*relation, left, right, table),
        Predicate::Layers(relation, column, wanted) => layers(*relation, *column, wanted, scope),
    }
}

/// AND (`all`) or OR of many.
fn chain(members: &[Predicate], scope: Scope<'_>, all: bool) -> Truth {
    let rows = scope.table.len();
    let mut truth = Truth::known(rows, Some(all));
    let mut open = scope.among.cloned().unwrap_or_else(|| Truth::known(rows, Some(true)).yes);
    let mut order: Vec<&Predicate> = members.iter().collect();
    order.sort_by_key(|member| cost(member));
    for member in order {
        if open.is_clear() || scope.is_stopped() {
            break;
        }
        let next = truth_of(member, Scope { among: Some(&open), ..scope });
        if all {
            truth.and(&next);
            open.difference_with(&truth.no);
        } else {
            truth.or(&next);
            open.difference_with(&truth.yes);
        }
    }
    truth
}

/// How dear a predicate is, roughly.
fn cost(predicate: &Predicate) -> u8 {
    match predicate {
        Predicate::Known(_) | Predicate::Flag(_) => 0,
        Predicate::Numbers(_, left, right) => number_cost(left).max(number_cost(right)),
        Predicate::NumberAmong(number, _) => number_cost(number),
        Predicate::Instants(..) | Predicate::Temporal(..) => 2,
        Predicate::Texts(..) | Predicate::TextAmong(..) | Predicate::Like(..) => 3,
        Predicate::Layers(..) => 5,
        Predicate::Spatial(..) => 7,
        Predicate::All(members) | Predicate::Any(members) => members.iter().map(cost).max().unwrap_or(0),
        Predicate::Not(inner) => cost(inner),
        Predicate::Truths(_, left, right) => cost(left).max(cost(right)),
        Predicate::Missing(value) => match &**value {
            Value::Truth(inner) => cost(inner),
            Value::Number(number) => number_cost(number),
            _ => 1,
        },
    }
}

fn number_cost(number: &Number) -> u8 {
    match number {
        Number::Literal(_) | Number::Column(_) | Number::Id => 1,
        Number::Arithmetic(_, left, right) => number_cost(left).max(number_cost(right)).max(2),
        Number::Rounded(_, inner) => number_cost(inner),
        Number::Length(_) | Number::Part(..) => 3,
        Number::AreaHectares(_) | Number::LengthMetres(_) => 6,
    }
}

fn flags(column: &Column, rows: usize) -> Truth {
    match column {
        Column::Boolean(flags) => {
            Truth { yes: bits(rows, |row| flags[row] == Some(true)), no: bits(rows, |row| flags[row] == Some(false)) }
        }
        // The checker takes flags from columns of yes and no only.
        _ => Truth::known(rows, None),
    }
}

fn truths(relation: Relation, left: &Predicate, right: &Predicate, scope: Scope<'_>) -> Truth {
    let (left, right) = (truth_of(left, scope), truth_of(right, scope));
    let rows = scope.table.len();
    let ask = |relation: Relation| {
        bits(rows, |row| match (left.get(row), right.get(row)) {
            (Some(left), Some(right)) => relation.holds(&left, &right),
            _ => false,
        })
    };
    Truth { yes: ask(relation), no: ask(relation.opposite()) }
}

/// IS NULL.
fn missing(value: &Value, scope: Scope<'_>) -> Truth {
    let table = scope.table;
    let rows = table.len();
    let column_is_null = |column: usize| Truth::certain(bits(rows, |row| table.columns()[column].is_null(row)));
    let no = || Truth::known(rows, Some(false));
    match value {
        Value::Null => Truth::known(rows, Some(true)),
        Value::Truth(Predicate::Flag(column))
        | Value::Number(Number::Column(column))
        | Value::Text(Text { source: TextSource::Column(column), .. })
        | Value::Instant(Instant::Days(column) | Instant::Moments(column))
        | Value::Layers(column) => column_is_null(*column),
        Value::Truth(predicate) => {
            let truth = truth_of(predicate, scope);
            let mut known = truth.yes;
            known.union_with(&truth.no);
            Truth::certain(known).not()
        }
        Value::Number(number) => {
            let values = numbers::values(number, scope);
            Truth::certain(bits(rows, |row| values.at(row).is_nan()))
        }
        Value::Period(Period::Between(from, to)) => {
            let mut any = no();
            for bound in [from, to].into_iter().flatten() {
                any.or(&missing(&Value::Instant(bound.clone()), scope));
            }
            any
        }
        Value::Shape(Shape::Own) => Truth::certain(bits(rows, |row| table.geometry(row).is_none())),
        Value::Text(_) | Value::Instant(_) | Value::Period(_) | Value::Shape(_) | Value::List(_) => no(),
    }
}

/// What the layers of a core hold, each text and number of them once, against a list.
fn layers(relation: ArrayRelation, column: usize, wanted: &[String], scope: Scope<'_>) -> Truth {
    let rows = scope.table.len();
    let Column::Json(values) = &scope.table.columns()[column] else { return Truth::known(rows, None) };
    let holds = |json: &str| {
        let held = scalars(json);
        let wanted_in_held = |one: &String| held.binary_search(one).is_ok();
        let held_in_wanted = |one: &String| wanted.binary_search(one).is_ok();
        match relation {
            ArrayRelation::Contains => wanted.iter().all(wanted_in_held),
            ArrayRelation::ContainedBy => held.iter().all(held_in_wanted),
            ArrayRelation::Equals => held == wanted,
            ArrayRelation::Overlaps => wanted.iter().any(wanted_in_held),
        }
    };
    let yes = bits(rows, |row| scope.asks(row) && values[row].as_deref().is_some_and(holds));
    Truth::with_unknown(yes, &bits(rows, |row| values[row].is_none()))
}

/// The texts and numbers of the layers, sorted, each once.
fn scalars(json: &str) -> Vec<String> {
    let layers: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(json).unwrap_or_default();
    let members = layers.iter().flat_map(serde_json::Map::values);
    let mut found: Vec<String> = members
        .filter_map(|value| match value {
            serde_json::Value::String(text) => Some(text.clone()),
            // Written as the literals of a filter are.
            serde_json::Value::Number(number) => number.as_f64().map(|number| number.to_string()),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
