//! Fingerprints of content: the same content has the same number in every process, on every machine and after every
//! restart, so they can stand in validators (`ETag`, `If-Match`) and keys of caches. They guard against mistakes, not
//! against malice: who may write the data can make two contents with one fingerprint.

use super::shapes::geometry_word;
use crate::model::{Feature, Value};
use std::hash::Hasher;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime};

/// Odd, with its bits spread evenly: the first 64 bits of the golden ratio's fraction.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
/// What stands for a value that is not there.
pub(super) const NOTHING: u64 = 0xd1b5_4a32_d192_ed03;

/// A hash of 64 bits by multiplication and shift: each word is mixed in by a function that no two states share
/// (`state = (state ^ word) * odd; state ^= state >> 32`), and the finaliser is that of `SplitMix64` (Steele, Lea and
/// Flood 2014, doi 10.1145/2660193.2660195), after which every bit of the input has a say in every bit of the number.
///
/// The algorithm is fixed: numbers that were made with one version of the program hold in the next.
///
/// ```
/// use peatplan::catalogue::Fingerprint;
/// use std::hash::Hasher;
/// let of = |text: &str| {
///     let mut fingerprint = Fingerprint::default();
///     fingerprint.write(text.as_bytes());
///     fingerprint.finish()
/// };
/// assert_eq!(of("peat"), 0xae72_4201_a555_7c5c);
/// assert_ne!(of("peat"), of("heat"));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Mixes a word in.
    pub fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(MULTIPLIER);
        self.0 ^= self.0 >> 32;
    }

    /// Mixes a number in, bit by bit.
    pub fn number(&mut self, number: f64) {
        self.word(number.to_bits());
    }
}

impl Hasher for Fingerprint {
    /// The length, then eight bytes a word.
    fn write(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.word(u64::from(byte));
    }

    fn write_u64(&mut self, word: u64) {
        self.word(word);
    }

    fn finish(&self) -> u64 {
        let mut word = self.0.wrapping_add(MULTIPLIER);
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}

pub(super) fn word_of(parts: impl FnOnce(&mut Fingerprint)) -> u64 {
    let mut fingerprint = Fingerprint::default();
    parts(&mut fingerprint);
    fingerprint.finish()
}

pub(super) fn text_word(text: &str) -> u64 {
    word_of(|fingerprint| fingerprint.write(text.as_bytes()))
}

pub(super) fn integer_word(number: i64) -> u64 {
    word_of(|fingerprint| fingerprint.word(number.cast_unsigned()))
}

/// A number's bits; not a number stands for none.
pub(super) fn number_word(number: f64) -> u64 {
    if number.is_nan() { NOTHING } else { number.to_bits() }
}

pub(super) fn date_word(date: Date) -> u64 {
    integer_word(i64::from(date.to_julian_day()))
}

pub(super) fn moment_word(moment: OffsetDateTime) -> u64 {
    word_of(|fingerprint| fingerprint.write(&moment.unix_timestamp_nanos().to_le_bytes()))
}

/// What a row comes to from its parts: identifier, values in the order of the schema, geometry.
pub(super) fn row_word(id: i64, values: impl Iterator<Item = u64>, geometry: u64) -> u64 {
    word_of(|fingerprint| {
        fingerprint.word(id.cast_unsigned());
        values.for_each(|value| fingerprint.word(value));
        fingerprint.word(geometry);
    })
}

/// The fingerprint of a row in hand: that which [`LayerTable::fingerprint`](super::LayerTable::fingerprint) gives
/// for a row of the same identifier, values and geometry.
#[must_use]
pub fn fingerprint_of(feature: &Feature) -> u64 {
    let values = feature.values.iter().map(|value| match value {
        Value::Null => NOTHING,
        Value::Text(text) => text_word(text),
        Value::Number(number) => number_word(*number),
        Value::Integer(number) => integer_word(*number),
        Value::Boolean(flag) => u64::from(*flag),
        Value::Date(text) => Date::parse(text, &Iso8601::DATE).map_or(NOTHING, date_word),
        Value::Moment(moment) => moment_word(*moment),
        Value::Layers(layers) => serde_json::to_string(layers).map_or(NOTHING, |text| text_word(&text)),
    });
    row_word(feature.id, values, geometry_word(feature.geometry.as_ref()))
}
