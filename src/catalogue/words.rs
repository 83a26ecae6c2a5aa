//! A column of texts, each distinct text kept once: survey data repeat a few words in thousands of rows, and a
//! question to a text can then be asked once a word instead of once a row.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The code of a row without a text.
const NONE: u32 = u32::MAX;
/// So many new words are looked for one by one in a column that is only read.
const FEW: usize = 8;

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
    distinct: Arc<Vec<Arc<str>>>,
    /// Only while rows are added: a table that is only read does not need it.
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
        let code = text.map_or(NONE, |text| self.code(text));
        self.codes.push(code);
    }

    fn code(&mut self, text: &str) -> u32 {
        // Rows in a row often say the same.
        if let Some(last) =
            self.codes.last().filter(|last| self.distinct.get(**last as usize).is_some_and(|word| **word == *text))
        {
            return *last;
        }
        let sealed = self.code_of.len() != self.distinct.len();
        let known = if sealed {
            self.distinct.iter().position(|word| **word == *text).map(code_at)
        } else {
            self.code_of.get(text).copied()
        };
        known.unwrap_or_else(|| {
            let code = code_at(self.distinct.len());
            let word: Arc<str> = text.into();
            if !sealed {
                self.code_of.insert(Arc::clone(&word), code);
            }
            Arc::make_mut(&mut self.distinct).push(word);
            code
        })
    }

    /// Gives back what only adding rows needs.
    pub(super) fn seal(&mut self) {
        self.code_of = HashMap::new();
        if let Some(distinct) = Arc::get_mut(&mut self.distinct) {
            distinct.shrink_to_fit();
        }
    }

    /// Puts other rows in the place of some.
    pub(super) fn splice(&mut self, rows: Range<usize>, with: &Self) {
        if with.distinct.len() > FEW && self.code_of.len() != self.distinct.len() {
            let known = self.distinct.iter().enumerate();
            self.code_of = known.map(|(code, word)| (Arc::clone(word), code_at(code))).collect();
        }
        let own: Vec<u32> = with.distinct.iter().map(|word| self.code(word)).collect();
        let codes = with.codes.iter().map(|code| own.get(*code as usize).copied().unwrap_or(NONE));
        drop(self.codes.splice(rows, codes));
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

    /// Every distinct text, by its code, in the order in which they were first met; after changes there may be some that no
    /// row has any more.
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

fn code_at(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}
