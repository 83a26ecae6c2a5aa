//! Real weather files; `tests/fixtures/weather/README.md` says whose they are.

use std::io::Read;

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

/// A typical year of Chicago, EPW.
pub fn chicago() -> String {
    let packed = include_bytes!("../../fixtures/weather/USA_IL_Chicago.OHare.Intl.AP.725300_TMY3.epw.gz");
    String::from_utf8(unpacked(packed)).unwrap()
}

/// A test reference year of the Fichtelberg, TRY of 2010.
pub fn fichtelberg() -> Vec<u8> {
    unpacked(include_bytes!("../../fixtures/weather/TRY2010_11_Jahr.dat.gz"))
}
