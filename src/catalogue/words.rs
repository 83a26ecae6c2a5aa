//! A column of texts, each distinct text kept once: survey data repeat a few words in thousands of rows, and a
//! question to a text can then be asked once a word instead of once a row.

use super::fingerprint::Fingerprint;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

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
    finder: Finder,
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
        let hash = hash_of(text);
        self.code_with(hash, text).unwrap_or_else(|| self.add(hash, text.into()))
    }

    fn is_sealed(&self) -> bool {
        self.finder.hashes.len() != self.distinct.len()
    }

    fn code_with(&self, hash: u32, text: &str) -> Option<u32> {
        if self.is_sealed() {
            return self.distinct.iter().position(|word| **word == *text).map(code_at);
        }
        self.finder.find(hash, |code| *self.distinct[code as usize] == *text)
    }

    fn add(&mut self, hash: u32, word: Arc<str>) -> u32 {
        let code = code_at(self.distinct.len());
        if !self.is_sealed() {
            self.finder.add(hash);
        }
        Arc::make_mut(&mut self.distinct).push(word);
        code
    }

    /// Gives back what only adding rows needs.
    pub(super) fn seal(&mut self) {
        self.finder = Finder::default();
        if let Some(distinct) = Arc::get_mut(&mut self.distinct) {
            distinct.shrink_to_fit();
        }
    }

    /// Puts other rows in the place of some.
    pub(super) fn splice(&mut self, rows: Range<usize>, with: Self) {
        let new = Arc::unwrap_or_clone(with.distinct);
        let mut hashes = with.finder.hashes;
        if hashes.len() != new.len() {
            hashes = new.iter().map(|word| hash_of(word)).collect();
        }
        if new.len() > FEW && self.is_sealed() {
            self.finder = Finder::default();
            self.distinct.iter().for_each(|word| self.finder.add(hash_of(word)));
        }
        let own = new.into_iter().zip(hashes).map(|(word, hash)| match self.code_with(hash, &word) {
            Some(code) => code,
            None => self.add(hash, word),
        });
        let own: Vec<u32> = own.collect();
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

/// A start that nobody can guess: texts come from strangers, who must not make them collide.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u8));

#[expect(clippy::cast_possible_truncation, reason = "half of the bits are enough to tell words apart")]
fn hash_of(text: &str) -> u32 {
    let mut hasher = Fingerprint::default();
    hasher.word(*SEED);
    hasher.write(text.as_bytes());
    hasher.finish() as u32
}

/// Finds the codes of words by their hashes: open addressing with linear steps, at most half full. The hashes are kept, so
/// that columns are joined and tables grow without reading a text again.
#[derive(Debug, Clone, Default)]
struct Finder {
    /// By code.
    hashes: Vec<u32>,
    /// Codes; [`NONE`] where nothing stands.
    slots: Vec<u32>,
}

impl Finder {
    fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        while self.slots[slot] != NONE {
            let code = self.slots[slot];
            if self.hashes[code as usize] == hash && is_it(code) {
                return Some(code);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// The next code gets this hash.
    fn add(&mut self, hash: u32) {
        self.hashes.push(hash);
        if self.hashes.len() * 2 > self.slots.len() {
            self.slots = vec![NONE; (self.hashes.len() * 4).next_power_of_two()];
            for code in 0..self.hashes.len() {
                self.place(code);
            }
        } else {
            self.place(self.hashes.len() - 1);
        }
    }

    fn place(&mut self, code: usize) {
        let mask = self.slots.len() - 1;
        let mut slot = self.hashes[code] as usize & mask;
        while self.slots[slot] != NONE {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = code_at(code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: impl IntoIterator<Item = Option<String>>) -> Words {
        let mut words = Words::default();
        texts.into_iter().for_each(|text| words.push(text.as_deref()));
        words
    }

    #[test]
    fn every_row_keeps_its_text_and_every_text_is_kept_once() {
        let text = |row: usize| (!row.is_multiple_of(7)).then(|| format!("word {}", row % 1_009));
        let mut joined = words((0..5_000).map(text));
        joined.splice(5_000..5_000, words((5_000..20_000).map(text)));
        for sealed in [false, true] {
            if sealed {
                joined.seal();
                joined.splice(20_000..20_000, words((20_000..30_000).map(text)));
            }
            for row in 0..joined.len() {
                assert_eq!(joined.get(row), text(row).as_deref());
            }
            assert_eq!(joined.distinct().len(), 1_009);
        }
    }

    #[test]
    fn a_changed_row_of_a_sealed_column_finds_its_word_or_brings_it() {
        let mut column = words(["a", "b", "c"].map(|text| Some(text.to_owned())));
        column.seal();
        column.splice(1..2, words([Some("c".to_owned())]));
        assert_eq!((column.get(1), column.distinct().len()), (Some("c"), 3));
        column.splice(0..1, words([Some("new".to_owned())]));
        column.splice(2..3, words([]));
        column.splice(0..0, words([None]));
        assert_eq!([column.get(0), column.get(1), column.get(2), None], [None, Some("new"), Some("c"), None]);
    }
}
