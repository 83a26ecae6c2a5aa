//! Figures as JSON, a zero without its sign: a difference of nothing is 0, whichever way round it was taken.

use super::problem::Problem;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter};
use std::io::{Result, Write};

struct UnsignedZero;

impl Formatter for UnsignedZero {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        // Takes the sign from a zero and changes no other number.
        CompactFormatter.write_f64(writer, value + 0.0)
    }
}

/// An answer as the bytes of its JSON.
///
/// # Errors
/// 500, where it is no JSON.
pub(super) fn json_bytes(value: &impl Serialize) -> std::result::Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut writer = Serializer::with_formatter(&mut bytes, UnsignedZero);
    value.serialize(&mut writer).map_err(|error| Problem::internal(&error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_zero_has_no_sign_and_every_other_number_keeps_its_own() {
        let written = json_bytes(&json!([-0.0, 0.0, -1e-300, -2.5, 25e6])).expect("sound");
        assert_eq!(written, b"[0.0,0.0,-1e-300,-2.5,25000000.0]");
    }
}
