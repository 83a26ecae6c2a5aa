//! `q`: words to be found in the texts of a row (OGC API Features, part 9).

use super::fold::without_case;
use crate::catalogue::{Column, LayerTable};
use fixedbitset::FixedBitSet;
use thiserror::Error;

/// Bytes of a search.
const BYTES: usize = 1_000;
/// Terms of a search.
const TERMS: usize = 20;

/// Why a text is no search.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SearchError {
    #[error("q must name one word or more")]
    Empty,
    #[error("q may have {BYTES} bytes and {TERMS} terms at most")]
    TooLong,
}

/// Terms between commas, any of which is to be found; a term's words are all to be found in one text, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    terms: Vec<Vec<String>>,
}

impl Search {
    /// Reads a search. Case does not matter; parts of words are found.
    ///
    /// # Errors
    /// Where nothing or too much is asked for.
    pub fn parse(text: &str) -> Result<Self, SearchError> {
        if text.len() > BYTES {
            return Err(SearchError::TooLong);
        }
        let words = |term: &str| term.split_whitespace().map(without_case).collect::<Vec<_>>();
        let mut terms: Vec<Vec<String>> = text.split(',').map(words).filter(|words| !words.is_empty()).collect();
        terms.sort_unstable();
        terms.dedup();
        match terms.len() {
            0 => Err(SearchError::Empty),
            1..=TERMS => Ok(Self { terms }),
            _ => Err(SearchError::TooLong),
        }
    }

    /// Whether a text has it.
    fn finds(&self, text: &str) -> bool {
        let text = without_case(text);
        let has = |words: &[String]| {
            let mut rest = text.as_str();
            words.iter().all(|word| match rest.find(word.as_str()) {
                Some(place) => {
                    rest = &rest[place + word.len()..];
                    true
                }
                None => false,
            })
        };
        self.terms.iter().any(|words| has(words))
    }

    /// Rows with a text that has it; each distinct text is looked at once.
    pub(super) fn rows(&self, table: &LayerTable) -> FixedBitSet {
        let mut found = FixedBitSet::with_capacity(table.len());
        for (property, column) in table.schema().properties.iter().zip(table.columns()) {
            let Column::Text(words) = column else { continue };
            if !property.is_plain() {
                continue;
            }
            let hits: Vec<bool> = words.distinct().iter().map(|word| self.finds(word)).collect();
            if !hits.contains(&true) {
                continue;
            }
            for (row, code) in words.codes().iter().enumerate() {
                if hits.get(*code as usize) == Some(&true) {
                    found.insert(row);
                }
            }
        }
        found
    }

    pub(super) fn canonical(&self) -> String {
        format!("{:?}", self.terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_term_is_enough_and_the_words_of_one_stand_in_their_order() {
        let search = Search::parse("большое болото, Fen").unwrap();
        for text in ["Большое Щучье болото", "reed FEN", "fens"] {
            assert!(search.finds(text), "{text}");
        }
        for text in ["Болото Большое", "большое", ""] {
            assert!(!search.finds(text), "{text}");
        }
    }

    #[test]
    fn an_empty_or_endless_search_is_refused() {
        assert_eq!(Search::parse(" , "), Err(SearchError::Empty));
        assert_eq!(Search::parse(&"a".repeat(2_000)), Err(SearchError::TooLong));
        assert_eq!(Search::parse(&(0..30).map(|i| format!("{i},")).collect::<String>()), Err(SearchError::TooLong));
    }
}
