//! `sortby`: the order of rows. Rows without a value come last, whatever the direction; rows that are alike are in the
//! order of their identifiers, so an order is always complete.

use super::moment::{day_of, micros_of};
use crate::catalogue::{Column, LayerTable};
use crate::model::{LayerSchema, PropertyType};
use rayon::prelude::*;
use std::cmp::Ordering;
use thiserror::Error;

/// Keys of an order.
const MOST_KEYS: usize = 8;
/// Texts are put in order by so many of their first bytes, so that a cursor stays short.
const TEXT_BYTES: usize = 128;
/// Rows from which the threads share the work.
const MANY_ROWS: usize = 50_000;

/// Why a text is no order.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SortError {
    #[error("sortby names no property; it is written +name,-name")]
    Empty,
    #[error("there is no property {name:?} to sort by; there are {known}")]
    Unknown { name: String, known: String },
    #[error("sortby names {0:?} twice")]
    Twice(String),
    #[error("sortby takes {MOST_KEYS} properties at most")]
    TooMany,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Column(usize),
    Id,
}

/// A property by which rows are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SortKey {
    source: Source,
    descending: bool,
}

/// The order of rows; that of their identifiers by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Sort {
    keys: Vec<SortKey>,
}

impl Sort {
    /// Reads `name`, `+name` and `-name` between commas. A plus that was not percent-encoded arrives as a space.
    ///
    /// # Errors
    /// Names what cannot be sorted by and says what can.
    ///
    /// ```
    /// use peatplan::{model::Layer, query::Sort};
    /// assert!(Sort::parse("-depth_m,+code", Layer::Probes.schema()).is_ok());
    /// assert!(Sort::parse("depth", Layer::Probes.schema()).is_err());
    /// ```
    pub fn parse(text: &str, schema: &'static LayerSchema) -> Result<Self, SortError> {
        let mut keys: Vec<SortKey> = Vec::new();
        for part in text.split(',') {
            let name = part.trim();
            let descending = name.starts_with('-');
            let name = name.strip_prefix(['+', '-']).unwrap_or(name);
            if name.is_empty() {
                return Err(SortError::Empty);
            }
            let column = schema.index_of(name).filter(|place| schema.properties[*place].is_plain());
            let source = match column {
                Some(column) => Source::Column(column),
                None if name == "id" => Source::Id,
                None => {
                    let known = sortables(schema).join(", ");
                    return Err(SortError::Unknown { name: name.chars().take(80).collect(), known });
                }
            };
            if keys.iter().any(|key| key.source == source) {
                return Err(SortError::Twice(name.to_owned()));
            }
            if keys.len() == MOST_KEYS {
                return Err(SortError::TooMany);
            }
            keys.push(SortKey { source, descending });
        }
        // What stands after the identifier decides nothing.
        if let Some(place) = keys.iter().position(|key| key.source == Source::Id) {
            keys.truncate(place + 1);
        }
        let plain = |keys: &[SortKey]| matches!(keys, [SortKey { source: Source::Id, descending: false }]);
        if plain(&keys) {
            keys.clear();
        }
        Ok(Self { keys })
    }

    /// Whether it is the order of identifiers, in which rows are stored.
    #[must_use]
    pub fn is_by_id(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn canonical(&self) -> String {
        let key = |key: &SortKey| match key.source {
            Source::Column(column) => format!("{}{column}", if key.descending { '-' } else { '+' }),
            Source::Id => "-id".to_owned(),
        };
        self.keys.iter().map(key).collect::<Vec<_>>().join(",")
    }

    /// Puts rows, given in the order of their identifiers, into this order.
    pub(super) fn sort(&self, table: &LayerTable, rows: &mut Vec<u32>) {
        match self.keys.as_slice() {
            [] => {}
            [only] => {
                let ranks = only.ranks(table);
                let mut keyed: Vec<(u64, u32)> = rows.iter().map(|row| (ranks[*row as usize], *row)).collect();
                // Rows are numbered in the order of their identifiers: the number settles what is alike.
                if keyed.len() < MANY_ROWS {
                    keyed.sort_unstable();
                } else {
                    keyed.par_sort_unstable();
                }
                rows.clear();
                rows.extend(keyed.into_iter().map(|(_, row)| row));
            }
            keys => {
                let ranks: Vec<Vec<u64>> = keys.iter().map(|key| key.ranks(table)).collect();
                let order = |a: &u32, b: &u32| {
                    let differ = |ranks: &Vec<u64>| ranks[*a as usize].cmp(&ranks[*b as usize]);
                    ranks.iter().map(differ).find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(b))
                };
                if rows.len() < MANY_ROWS {
                    rows.sort_unstable_by(order);
                } else {
                    rows.par_sort_unstable_by(order);
                }
            }
        }
    }

    /// The values by which a row has its place.
    pub(super) fn values(&self, table: &LayerTable, row: usize) -> Vec<SortValue> {
        self.keys.iter().map(|key| key.value(table, row)).collect()
    }

    /// Where a row stands to a place that values and an identifier name.
    pub(super) fn compare(&self, table: &LayerTable, row: usize, values: &[SortValue], id: i64) -> Ordering {
        for (key, value) in self.keys.iter().zip(values) {
            let order = key.value(table, row).compare(value, key.descending);
            if order.is_ne() {
                return order;
            }
        }
        table.id(row).cmp(&id)
    }

    /// Whether values can be those of a row by this order: a cursor comes from a stranger.
    pub(super) fn fits(&self, schema: &LayerSchema, values: &[SortValue]) -> bool {
        let fits = |(key, value): (&SortKey, &SortValue)| {
            let is_text = matches!(key.source, Source::Column(column) if schema.properties.get(column).is_some_and(|p| p.kind == PropertyType::Text));
            match value {
                SortValue::None => true,
                SortValue::Number(_) => !is_text,
                SortValue::Text(_) => is_text,
            }
        };
        values.len() == self.keys.len() && self.keys.iter().zip(values).all(fits)
    }
}

/// The value of a row by which it has its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SortValue {
    None,
    /// A number, date, moment or yes and no as a whole number of the same order.
    Number(u64),
    /// The beginning of a text.
    Text(String),
}

impl SortValue {
    /// Nothing comes last, whatever the direction.
    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let directed = |order: Ordering| if descending { order.reverse() } else { order };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => directed(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => directed(a.cmp(b)),
            (Self::None, Self::None) => Ordering::Equal,
            // A key has numbers or texts, never both; a cursor that says otherwise is refused before.
            (Self::None, _) | (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (_, Self::None) | (Self::Number(_), Self::Text(_)) => Ordering::Less,
        }
    }
}

/// The rank of what has no value.
const LAST: u64 = u64::MAX;

impl SortKey {
    fn value(self, table: &LayerTable, row: usize) -> SortValue {
        let column = match self.source {
            Source::Id => return SortValue::Number(of_integer(table.id(row))),
            Source::Column(column) => &table.columns()[column],
        };
        let number = match column {
            Column::Text(words) => {
                return words.get(row).map_or(SortValue::None, |text| SortValue::Text(beginning(text).to_owned()));
            }
            Column::Number(values) => of_number(values[row]),
            Column::Integer(values) => values[row].map(of_integer),
            Column::Boolean(values) => values[row].map(u64::from),
            Column::Date(values) => values[row].map(|date| of_integer(day_of(date))),
            Column::Moment(values) => values[row].map(|moment| of_integer(micros_of(moment))),
            Column::Json(_) => None,
        };
        number.map_or(SortValue::None, SortValue::Number)
    }

    /// A number a row that has the row's place in this key's order.
    fn ranks(self, table: &LayerTable) -> Vec<u64> {
        // Ranks of values are below `LAST`, and so are their complements: what is missing is last either way.
        let directed = |rank: Option<u64>| rank.map_or(LAST, |rank| (if self.descending { !rank } else { rank }).min(LAST - 1));
        let each = |rank: &dyn Fn(usize) -> Option<u64>| (0..table.len()).map(|row| directed(rank(row))).collect();
        let column = match self.source {
            Source::Id => return each(&|row| Some(of_integer(table.id(row)))),
            Source::Column(column) => &table.columns()[column],
        };
        match column {
            Column::Text(words) => {
                let mut sorted: Vec<&str> = words.distinct().iter().map(|word| beginning(word)).collect();
                sorted.sort_unstable();
                sorted.dedup();
                let rank = |word: &str| sorted.partition_point(|other| *other < beginning(word)) as u64;
                let mut ranks: Vec<u64> = words.distinct().iter().map(|word| directed(Some(rank(word)))).collect();
                ranks.push(LAST);
                let last = ranks.len() - 1;
                words.codes().iter().map(|code| ranks[(*code as usize).min(last)]).collect()
            }
            Column::Number(values) => values.iter().map(|value| directed(of_number(*value))).collect(),
            Column::Integer(values) => values.iter().map(|value| directed(value.map(of_integer))).collect(),
            Column::Boolean(values) => values.iter().map(|value| directed(value.map(u64::from))).collect(),
            Column::Date(values) => values.iter().map(|date| directed(date.map(|date| of_integer(day_of(date))))).collect(),
            Column::Moment(values) => {
                values.iter().map(|moment| directed(moment.map(|moment| of_integer(micros_of(moment))))).collect()
            }
            Column::Json(_) => vec![LAST; table.len()],
        }
    }
}

/// The first bytes of a text, whole characters.
fn beginning(text: &str) -> &str {
    if text.len() <= TEXT_BYTES {
        return text;
    }
    let end = (0..=TEXT_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

/// A whole number as one without a sign, in the same order.
fn of_integer(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

/// A number as a whole one in the same order; −0 is 0, NaN is none.
fn of_number(number: f64) -> Option<u64> {
    if number.is_nan() {
        return None;
    }
    let bits = (number + 0.0).to_bits();
    Some(if bits >> 63 == 1 { !bits } else { bits ^ (1 << 63) })
}

/// Names of properties that `sortby` takes.
#[must_use]
pub fn sortables(schema: &LayerSchema) -> Vec<&str> {
    let sortable = schema.properties.iter().filter(|property| property.is_plain());
    ["id"].into_iter().chain(sortable.map(|property| property.name.as_str())).collect()
}
