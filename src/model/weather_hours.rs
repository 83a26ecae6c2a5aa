//! The hours of a weather year as a text: what a cell of a table holds.
//!
//! Base64 (RFC 4648) of 8,760 whole numbers of two bytes, the lower one first: hundredths of a degree, 23,360 letters in all.
//! In Python, `numpy.frombuffer(base64.b64decode(text), "<i2") / 100` reads it.

use super::weather::{HOURS_OF_YEAR, WeatherError, check_hours};

/// Letters of the text of a year.
pub const HOURS_TEXT_LETTERS: usize = HOURS_OF_YEAR * 2 * 4 / 3;
/// Parts of a degree that the text keeps.
const PARTS_OF_DEGREE: f64 = 100.0;
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Temperatures as the text keeps them: to a hundredth of a degree, finer than a weather station measures.
///
/// ```
/// assert_eq!(peatplan::model::to_hundredths(-12.3456), -12.35);
/// ```
#[must_use]
pub fn to_hundredths(temperature_c: f64) -> f64 {
    (temperature_c * PARTS_OF_DEGREE).round() / PARTS_OF_DEGREE
}

/// The text of the hours of a year, °C.
///
/// ```
/// use peatplan::model::{hours_as_text, hours_from_text};
/// let text = hours_as_text(&vec![-12.35; 8_760]);
/// assert_eq!(text.len(), 23_360);
/// assert_eq!(hours_from_text(&text).unwrap(), vec![-12.35; 8_760]);
/// ```
#[must_use]
pub fn hours_as_text(hourly_c: &[f64]) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "air is within 90 degrees of nothing: hundredths fit two bytes")]
    let part = |temperature: &f64| (temperature * PARTS_OF_DEGREE).round() as i16;
    let bytes: Vec<u8> = hourly_c.iter().flat_map(|temperature| part(temperature).to_le_bytes()).collect();
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[((word >> (18 - 6 * place)) & 63) as usize];
            text.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// The hours of a text, °C.
///
/// # Errors
/// [`WeatherError`]: a letter that is none of base64, not 8,760 hours, or one that is no air temperature.
pub fn hours_from_text(text: &str) -> Result<Vec<f64>, WeatherError> {
    let text = text.trim();
    if let Some((place, letter)) = text.chars().enumerate().find(|(_, letter)| six_bits(*letter).is_none()) {
        return Err(WeatherError::Letter { place: place + 1, letter });
    }
    if text.len() != HOURS_TEXT_LETTERS {
        return Err(WeatherError::Letters(text.len()));
    }
    let mut bytes = Vec::with_capacity(2 * HOURS_OF_YEAR);
    let sixes: Vec<u32> = text.chars().filter_map(six_bits).collect();
    for four in sixes.chunks_exact(4) {
        let word = four.iter().fold(0, |word, six| (word << 6) | six);
        bytes.extend_from_slice(&word.to_be_bytes()[1..]);
    }
    let hour = |pair: &[u8]| f64::from(i16::from_le_bytes([pair[0], pair[1]])) / PARTS_OF_DEGREE;
    let hours: Vec<f64> = bytes.chunks_exact(2).map(hour).collect();
    check_hours(&hours)?;
    Ok(hours)
}

/// The six bits of a letter.
fn six_bits(letter: char) -> Option<u32> {
    LETTERS.iter().position(|known| char::from(*known) == letter).and_then(|place| u32::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_text_is_that_of_other_programs() {
        // Python: base64.b64encode(numpy.array([-1235, 0, 1, 2999], "<i2")) and its beginnings.
        assert_eq!(hours_as_text(&[-12.35, 0.0, 0.01, 29.99]), "LfsAAAEAtws=");
        assert_eq!(hours_as_text(&[-12.35]), "Lfs=");
        assert_eq!(hours_as_text(&[-12.35, 0.0]), "LfsAAA==");
        assert_eq!(hours_as_text(&vec![4.0; HOURS_OF_YEAR]).len(), HOURS_TEXT_LETTERS);
    }

    #[test]
    fn a_text_that_holds_no_year_is_refused_with_what_is_wrong() {
        let good = hours_as_text(&vec![4.0; HOURS_OF_YEAR]);
        let said = |text: &str| hours_from_text(text).unwrap_err().to_string();
        assert_eq!(said(""), "the text of 8760 hours has 23360 letters; this one has 0");
        assert_eq!(said(&good[..good.len() - 8]), "the text of 8760 hours has 23360 letters; this one has 23352");
        assert!(said(&format!("{}!", &good[1..])).starts_with("letter 23360 ('!') is none of base64"));
        assert!(said(&format!("кот{}", &good[6..])).starts_with("letter 1 ('к') "));
        assert!(said(&format!("{}=", &good[1..])).starts_with("letter 23360 ('=') "), "a year fills its letters");
        // 200 °C is 20,000 hundredths, 0x4E20.
        assert!(said(&hours_as_text(&vec![200.0; HOURS_OF_YEAR])).starts_with("hour 1 of the year: 200 is no air temperature"));
    }

    proptest! {
        #[test]
        fn any_year_comes_back_to_the_hundredth(coldest in -90.0_f64..0.0, step in 0.0_f64..0.017) {
            let hours: Vec<f64> = (0..HOURS_OF_YEAR).map(|hour| {
                let hour = f64::from(u16::try_from(hour).unwrap());
                to_hundredths((coldest + step * hour).min(60.0))
            }).collect();
            prop_assert_eq!(hours_from_text(&hours_as_text(&hours)).unwrap(), hours);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,300}") {
            prop_assert!(hours_from_text(&text).is_err());
        }
    }
}
