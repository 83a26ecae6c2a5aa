//! A column of texts, each distinct text kept once: survey data repeat a few words in thousands of rows, and a
//! question to a text can then be asked once a word instead of once a row.

use std::collections::HashMap;
use std::sync::Arc;

/// The code of a row without a text.
const NONE: u32 = u32::MAX;

/// Texts by row.
///
/// ```
/// use peatplan::catalogue::Words;
/// let mut words = Words::with_capacity(3);
/// for text in [Some("auger"), None, Some("auger")] {
///     words.push(text);
/// }
/// assert_eq!(words.get(2), Some("auger"));
/// assert_eq!(words.distinct().len(), 1);
/// assert_eq!(words.codes()[0], words.codes()[2]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Words {
    codes: Vec<u32>,
    distinct: Vec<Arc<str>>,
    code_of: HashMap<Arc<str>, u32>,
}

impl Words {
    /// An empty column with room for so many rows.
    #[must_use]
    pub fn with_capacity(rows: usize) -> Self {
        Self { codes: Vec::with_capacity(rows), ..Self::default() }
    }

    /// Adds a row.
    pub fn push(&mut self, text: Option<&str>) {
        let code = text.map_or(NONE, |text| match self.code_of.get(text) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.distinct.len()).unwrap_or(NONE);
                let word: Arc<str> = text.into();
                self.distinct.push(Arc::clone(&word));
                self.code_of.insert(word, code);
                code
            }
        });
        self.codes.push(code);
    }

    /// A row's text.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        self.distinct.get(self.codes[row] as usize).map(|word| &**word)
    }

    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Every distinct text, by its code, in the order in which they were first met.
    #[must_use]
    pub fn distinct(&self) -> &[Arc<str>] {
        &self.distinct
    }

    /// The code of each row's text; a code past [`Words::distinct`] stands for none.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }
}
