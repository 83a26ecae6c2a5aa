//! Texts of all rows at once: each distinct text is asked once.

use super::truth::{Truth, bits};
use super::typed::{Relation, Text, TextSource};
use crate::catalogue::{Column, LayerTable, Words};
use fixedbitset::FixedBitSet;

/// The words of a column of texts.
fn words(table: &LayerTable, column: usize) -> Option<&Words> {
    match &table.columns()[column] {
        Column::Text(words) => Some(words),
        // The checker takes texts from columns of texts only.
        _ => None,
    }
}

/// A question to the text of each row.
pub(super) fn ask(text: &Text, table: &LayerTable, holds: impl Fn(&str) -> bool) -> Truth {
    let rows = table.len();
    match &text.source {
        TextSource::Literal(text) => Truth::known(rows, Some(holds(text))),
        TextSource::Column(column) => {
            let Some(words) = words(table, *column) else { return Truth::known(rows, None) };
            // The last answer is that of the code that stands for no text.
            let mut answers: Vec<(bool, bool)> = words
                .distinct()
                .iter()
                .map(|word| if text.steps.is_empty() { holds(word) } else { holds(&text.changed(word)) })
                .map(|yes| (yes, !yes))
                .collect();
            answers.push((false, false));
            let none = answers.len() - 1;
            let answer = |row: usize| answers[(words.codes()[row] as usize).min(none)];
            Truth { yes: bits(rows, |row| answer(row).0), no: bits(rows, |row| answer(row).1) }
        }
    }
}

/// A value of each row's text.
pub(super) fn map<T: Copy>(text: &Text, table: &LayerTable, value: impl Fn(&str) -> T, none: T) -> Vec<T> {
    let rows = table.len();
    match &text.source {
        TextSource::Literal(text) => vec![value(text); rows],
        TextSource::Column(column) => {
            let Some(words) = words(table, *column) else { return vec![none; rows] };
            let mut values: Vec<T> = words.distinct().iter().map(|word| value(&text.changed(word))).collect();
            values.push(none);
            let last = values.len() - 1;
            words.codes().iter().map(|code| values[(*code as usize).min(last)]).collect()
        }
    }
}

/// A comparison of two texts, code point by code point.
pub(super) fn compare(relation: Relation, left: &Text, right: &Text, table: &LayerTable) -> Truth {
    match (&left.source, &right.source) {
        (_, TextSource::Literal(right)) => ask(left, table, |left| relation.holds(left, right.as_str())),
        (TextSource::Literal(left), _) => ask(right, table, |right| relation.holds(left.as_str(), right)),
        (TextSource::Column(left_column), TextSource::Column(right_column)) => {
            let rows = table.len();
            let (Some(left_words), Some(right_words)) = (words(table, *left_column), words(table, *right_column)) else {
                return Truth::known(rows, None);
            };
            let changed =
                |text: &Text, words: &Words| -> Vec<String> { words.distinct().iter().map(|word| text.changed(word)).collect() };
            let (lefts, rights) = (changed(left, left_words), changed(right, right_words));
            let ask = |relation: Relation| -> FixedBitSet {
                bits(rows, |row| {
                    let left = lefts.get(left_words.codes()[row] as usize);
                    let right = rights.get(right_words.codes()[row] as usize);
                    matches!((left, right), (Some(left), Some(right)) if relation.holds(left.as_str(), right.as_str()))
                })
            };
            Truth { yes: ask(relation), no: ask(relation.opposite()) }
        }
    }
}
