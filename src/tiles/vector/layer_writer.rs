//! The bytes of a layer of a tile (MVT 2.1, clause 4, and its `vector_tile.proto`), written as its features come.
//!
//! A library would do. It finds the number of each value by the value itself, which for the texts of a large tile costs more
//! than all the rest; here a text is found by the number that its column has for it.

use super::EXTENT;
use super::shape::{Kind, Place};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

/// A property of a feature in a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Tag<'a> {
    Text(&'a str),
    /// A text with the number that it alone has among the values of its key.
    Word(u32, &'a str),
    Number(f64),
    Integer(i64),
    Boolean(bool),
}

/// What a value is known by: what kind it is, or of which key, and its bits.
type Known = (u32, u64);
const NUMBER: u32 = u32::MAX;
const INTEGER: u32 = u32::MAX - 1;
const BOOLEAN: u32 = u32::MAX - 2;

/// A layer that is being written.
pub(super) struct LayerWriter {
    features: Vec<u8>,
    values: Vec<u8>,
    count: u32,
    known: HashMap<Known, u32, Folded>,
    texts: HashMap<Box<str>, u32>,
    tags: Vec<u8>,
    geometry: Vec<u8>,
    cursor: Place,
}

impl LayerWriter {
    pub(super) fn new() -> Self {
        Self {
            features: Vec::new(),
            values: Vec::new(),
            count: 0,
            known: HashMap::default(),
            texts: HashMap::new(),
            tags: Vec::new(),
            geometry: Vec::new(),
            cursor: [0; 2],
        }
    }

    /// Points, in the order given.
    pub(super) fn points(&mut self, places: impl ExactSizeIterator<Item = Place>) {
        self.command(1, places.len());
        places.for_each(|place| self.go(place));
    }

    /// A line of two places at least.
    pub(super) fn line(&mut self, mut places: impl ExactSizeIterator<Item = Place>) {
        let Some(first) = places.next() else { return };
        self.command(1, 1);
        self.go(first);
        self.command(2, places.len());
        places.for_each(|place| self.go(place));
    }

    /// An open ring, which is closed; wound as it is to stand.
    pub(super) fn ring(&mut self, places: impl ExactSizeIterator<Item = Place>) {
        self.line(places);
        self.command(7, 1);
    }

    fn command(&mut self, command: u64, count: usize) {
        varint(&mut self.geometry, (count as u64) << 3 | command);
    }

    fn go(&mut self, place: Place) {
        for (to, from) in place.into_iter().zip(self.cursor) {
            let way = to - from;
            // Zigzag: the sign goes to the last bit.
            varint(&mut self.geometry, u64::from((way << 1 ^ way >> 31).cast_unsigned()));
        }
        self.cursor = place;
    }

    /// A property of the feature; `key` is its place among the keys.
    pub(super) fn tag(&mut self, key: usize, tag: Tag<'_>) {
        let key_number = u32::try_from(key).unwrap_or(BOOLEAN - 1);
        let value = match tag {
            Tag::Word(code, text) => self.known((key_number, code.into()), |values| text_value(values, text)),
            Tag::Text(text) => {
                if let Some(number) = self.texts.get(text) {
                    *number
                } else {
                    text_value(&mut self.values, text);
                    self.texts.insert(text.into(), self.count);
                    self.count += 1;
                    self.count - 1
                }
            }
            Tag::Number(number) => self.known((NUMBER, number.to_bits()), |values| {
                values.extend_from_slice(&[4 << 3 | 2, 9, 3 << 3 | 1]);
                values.extend_from_slice(&number.to_le_bytes());
            }),
            Tag::Integer(number) => self.known((INTEGER, number.cast_unsigned()), |values| {
                // `uint`, or `sint` below zero.
                let (field, bits) = match u64::try_from(number) {
                    Ok(number) => (5, number),
                    Err(_) => (6, (number << 1 ^ number >> 63).cast_unsigned()),
                };
                let mut value = vec![field << 3];
                varint(&mut value, bits);
                bytes_field(values, 4, &value);
            }),
            Tag::Boolean(flag) => {
                self.known((BOOLEAN, flag.into()), |values| values.extend_from_slice(&[4 << 3 | 2, 2, 7 << 3, u8::from(flag)]))
            }
        };
        varint(&mut self.tags, key as u64);
        varint(&mut self.tags, value.into());
    }

    /// The number of a value, which is written where it is new.
    fn known(&mut self, known: Known, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        *self.known.entry(known).or_insert_with(|| {
            write(&mut self.values);
            self.count += 1;
            self.count - 1
        })
    }

    /// Ends a feature: its geometry and properties were given before.
    pub(super) fn end_feature(&mut self, kind: Kind, id: Option<u64>) {
        let length = id.map_or(0, |id| 1 + varint_length(id))
            + bytes_field_length(self.tags.len())
            + 2
            + bytes_field_length(self.geometry.len());
        varint(&mut self.features, 2 << 3 | 2);
        varint(&mut self.features, length as u64);
        if let Some(id) = id {
            self.features.push(1 << 3);
            varint(&mut self.features, id);
        }
        if !self.tags.is_empty() {
            bytes_field(&mut self.features, 2, &self.tags);
        }
        let kind = match kind {
            Kind::Point => 1,
            Kind::Line => 2,
            Kind::Polygon => 3,
        };
        self.features.extend_from_slice(&[3 << 3, kind]);
        bytes_field(&mut self.features, 4, &self.geometry);
        self.tags.clear();
        self.geometry.clear();
        self.cursor = [0; 2];
    }

    /// The layer's bytes; none where it has no features.
    pub(super) fn finish(self, name: &str, keys: &[&str]) -> Vec<u8> {
        if self.features.is_empty() {
            return Vec::new();
        }
        let mut head = Vec::with_capacity(64);
        bytes_field(&mut head, 1, name.as_bytes());
        let mut tail = Vec::with_capacity(512);
        for key in keys {
            bytes_field(&mut tail, 3, key.as_bytes());
        }
        let mut end = Vec::with_capacity(8);
        end.push(5 << 3);
        varint(&mut end, EXTENT.unsigned_abs().into());
        end.extend_from_slice(&[15 << 3, 2]);
        let length = head.len() + self.features.len() + tail.len() + self.values.len() + end.len();
        let mut layer = Vec::with_capacity(length + 8);
        varint(&mut layer, 3 << 3 | 2);
        varint(&mut layer, length as u64);
        for part in [&head, &self.features, &tail, &self.values, &end] {
            layer.extend_from_slice(part);
        }
        layer
    }
}

fn text_value(values: &mut Vec<u8>, text: &str) {
    varint(values, 4 << 3 | 2);
    // An empty text is a value too.
    varint(values, bytes_field_length(text.len()).max(2) as u64);
    bytes_field(values, 1, text.as_bytes());
}

fn varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits of it")]
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 0x80")]
    bytes.push(number as u8);
}

fn varint_length(number: u64) -> usize {
    (70 - (number | 1).leading_zeros() as usize) / 7
}

fn bytes_field(into: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(into, field << 3 | 2);
    varint(into, bytes.len() as u64);
    into.extend_from_slice(bytes);
}

/// Length of a field of bytes with a number below 16; of none where it is empty and left out.
fn bytes_field_length(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { 1 + varint_length(bytes as u64) + bytes }
}

/// A hasher of small keys: a folded multiplication, from a start that nobody outside can know.
#[derive(Debug, Clone, Copy)]
struct Folded(u64);

impl Default for Folded {
    fn default() -> Self {
        static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u8));
        Self(*START)
    }
}

impl BuildHasher for Folded {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        *self
    }
}

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    #[expect(clippy::cast_possible_truncation, reason = "both halves of the product are taken")]
    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        self.0 = (product as u64 ^ (product >> 64) as u64).rotate_left(23);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometry_is_written_as_the_examples_of_the_specification() {
        let mut layer = LayerWriter::new();
        layer.points([[25, 17]].into_iter());
        assert_eq!(layer.geometry, [9, 50, 34]);
        let mut layer = LayerWriter::new();
        layer.line([[2, 2], [2, 10], [10, 10]].into_iter());
        assert_eq!(layer.geometry, [9, 4, 4, 18, 0, 16, 16, 0]);
        let mut layer = LayerWriter::new();
        layer.ring([[3, 6], [8, 12], [20, 34]].into_iter());
        assert_eq!(layer.geometry, [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }

    #[test]
    fn lengths_of_numbers_are_those_that_are_written() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            varint(&mut bytes, number);
            assert_eq!(bytes.len(), varint_length(number), "{number}");
        }
    }
}
