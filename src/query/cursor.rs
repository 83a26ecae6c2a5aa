//! A place in the order of a query's rows that outlives changes of the data: the values by which a row has its place,
//! and its identifier.

use super::selection::Query;
use super::sort::SortValue;
use crate::model::{FeatureId, LayerSchema};
use std::fmt::{self, Display, Formatter};
use thiserror::Error;

/// Characters of a cursor.
const MOST_CHARACTERS: usize = 4_000;

/// Why a text is no cursor.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CursorError {
    #[error("the cursor is no text that this service has made; take one from a link of a page")]
    Unreadable,
    #[error("the cursor was made for another query; a cursor goes on with the query that it came with")]
    OtherQuery,
}

/// A place in the order of a query's rows. It is displayed as a text that needs no escaping in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(super) values: Vec<SortValue>,
    pub(super) id: FeatureId,
    /// Of the query.
    pub(super) checksum: u64,
}

impl Cursor {
    /// Reads the text of a cursor.
    ///
    /// # Errors
    /// Where it is no cursor, or one of another query.
    pub fn parse(text: &str, schema: &LayerSchema, query: &Query) -> Result<Self, CursorError> {
        if text.len() > MOST_CHARACTERS {
            return Err(CursorError::Unreadable);
        }
        let bytes = decoded(text).ok_or(CursorError::Unreadable)?;
        let cursor = Self::from_bytes(&bytes).ok_or(CursorError::Unreadable)?;
        if cursor.checksum != checksum(schema, query) || !query.sort.fits(schema, &cursor.values) {
            return Err(CursorError::OtherQuery);
        }
        Ok(cursor)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, seal) = bytes.split_at_checked(bytes.len().checked_sub(4)?)?;
        if seal != &hashed(body).to_be_bytes()[..4] {
            return None;
        }
        let mut rest = body;
        let checksum = u64::from_be_bytes(take(&mut rest)?);
        let id = i64::from_be_bytes(take(&mut rest)?);
        let mut values = Vec::new();
        while !rest.is_empty() {
            let [kind] = take(&mut rest)?;
            values.push(match kind {
                0 => SortValue::None,
                1 => SortValue::Number(u64::from_be_bytes(take(&mut rest)?)),
                2 => {
                    let [length] = take(&mut rest)?;
                    let (text, after) = rest.split_at_checked(usize::from(length))?;
                    rest = after;
                    SortValue::Text(String::from_utf8(text.to_vec()).ok()?)
                }
                _ => return None,
            });
        }
        Some(Self { values, id, checksum })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.checksum.to_be_bytes().to_vec();
        bytes.extend(self.id.to_be_bytes());
        for value in &self.values {
            match value {
                SortValue::None => bytes.push(0),
                SortValue::Number(number) => {
                    bytes.push(1);
                    bytes.extend(number.to_be_bytes());
                }
                SortValue::Text(text) => {
                    // The texts of an order are cut to fewer bytes than this.
                    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
                    bytes.extend([2, length]);
                    bytes.extend(&text.as_bytes()[..usize::from(length)]);
                }
            }
        }
        let seal = hashed(&bytes).to_be_bytes();
        bytes.extend(&seal[..4]);
        bytes
    }
}

impl Display for Cursor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&encoded(&self.bytes()))
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

/// The checksum of a query to a layer: the same in every run of the program.
pub(super) fn checksum(schema: &LayerSchema, query: &Query) -> u64 {
    hashed(format!("{}\n{}", schema.layer, query.canonical()).as_bytes())
}

/// FNV-1a, 64 bits. It finds slips, not forgers: a forged cursor reads what anyone may read.
fn hashed(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 for addresses (RFC 4648, section 5), without padding.
fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 2);
    for chunk in bytes.chunks(3) {
        let packed =
            chunk.iter().enumerate().fold(0_usize, |packed, (place, byte)| packed | usize::from(*byte) << (16 - 8 * place));
        text.extend((0..=chunk.len()).map(|place| char::from(LETTERS[(packed >> (18 - 6 * place)) & 63])));
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut packed = 0_u32;
        for (place, letter) in chunk.iter().enumerate() {
            let value = LETTERS.iter().position(|known| known == letter)?;
            packed |= u32::try_from(value).ok()? << (18 - 6 * place);
        }
        // Two letters carry one byte, three two, four three; one alone carries none.
        let count = chunk.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend(&packed.to_be_bytes()[1..=count]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_their_letters() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            assert_eq!(decoded(&encoded(&bytes)), Some(bytes), "{length}");
        }
        assert_eq!(encoded(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw");
        assert_eq!(decoded("a"), None);
        assert_eq!(decoded("a+/="), None);
    }
}
