//! Texts without regard to case or accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in which letters that differ only in case are the same: Unicode's full case folding, by way of the small, the
/// capital and again the small letter, so that `ß`, `ẞ`, `SS` and `ss` meet, and `σ` and `ς` do. The dotless `ı` stays
/// itself, as the folding of Unicode has it.
///
/// ```
/// use peatplan::query::without_case;
/// assert_eq!(without_case("STRASSE"), without_case("Straße"));
/// assert_eq!(without_case("ΟΔΟΣ"), without_case("Οδος"));
/// ```
#[must_use]
pub fn without_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            folded.push(letter.to_ascii_lowercase());
        } else if letter == 'ı' {
            folded.push(letter);
        } else {
            // Letter by letter: `str::to_lowercase` would make a sigma depend on what stands beside it.
            folded.extend(letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
        }
    }
    folded
}

/// A text without accents: decomposed, its combining marks left out, composed again. `й` becomes `и`; letters that
/// are no sum of a letter and a mark, such as `ø`, stay.
///
/// ```
/// use peatplan::query::without_accents;
/// assert_eq!(without_accents("débárquér"), "debarquer");
/// ```
#[must_use]
pub fn without_accents(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).nfc().collect()
}
