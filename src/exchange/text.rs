//! Text of other people's files: code pages, decimal commas, dates in two orders, yes and no in two languages.

use crate::model::{Property, PropertyType, Value};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// Text from bytes: in the named encoding, else UTF-8 where the bytes are that, else CP1251, the code page of
/// Russian files without a label. A text of Russian letters in CP1251 is hardly ever valid UTF-8 by chance.
pub(super) fn decode(bytes: &[u8], named: Option<&'static Encoding>) -> String {
    let encoding = named.unwrap_or_else(|| if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1251 });
    encoding.decode(bytes).0.into_owned()
}

/// A number with a decimal point or comma, and spaces of any kind between thousands.
pub(super) fn number(text: &str) -> Option<f64> {
    let mut plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2009}' | '\u{202f}')).collect();
    if plain.contains('.') && plain.contains(',') {
        // With both, the one that stands last is the decimal mark.
        let thousands = if plain.rfind('.') > plain.rfind(',') { ',' } else { '.' };
        plain.retain(|c| c != thousands);
    }
    plain.replace(',', ".").replace('\u{2212}', "-").parse().ok()
}

/// A yes or no.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "да" => Some(true),
        "false" | "f" | "0" | "no" | "n" | "нет" => Some(false),
        _ => None,
    }
}

/// A day as `YYYY-MM-DD`, from that, `YYYY/MM/DD` or `DD.MM.YYYY`; a time after it is dropped.
pub(super) fn date(text: &str) -> Option<String> {
    let day = text.trim().split([' ', 'T']).next()?;
    let iso = format_description!("[year]-[month]-[day]");
    let slashes = format_description!("[year]/[month]/[day]");
    let russian = format_description!("[day].[month].[year]");
    let parsed = Date::parse(day, &iso).or_else(|_| Date::parse(day, &slashes)).or_else(|_| Date::parse(day, &russian));
    parsed.ok()?.format(&iso).ok()
}

/// A property's value from text; words may be those of the schema or its titles in either language. `Err` gives the
/// text back when it is no such value.
pub(super) fn value(property: &Property, text: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() || matches!(text, "NULL" | "null" | "NA" | "n/a" | "-" | "\u{2014}") {
        return Ok(Value::Null);
    }
    let not = || text.to_owned();
    match property.kind {
        PropertyType::Text => Ok(Value::Text(allowed_word(property, text).unwrap_or(text).to_owned())),
        PropertyType::Number => number(text).map(Value::Number).ok_or_else(not),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        PropertyType::Integer => number(text)
            .filter(|number| number.fract() == 0.0 && number.abs() < 1e15)
            .map(|number| Value::Integer(number as i64))
            .ok_or_else(not),
        PropertyType::Boolean => flag(text).map(Value::Boolean).ok_or_else(not),
        PropertyType::Date => date(text).map(Value::Date).ok_or_else(not),
        PropertyType::Moment => {
            OffsetDateTime::parse(text, &Rfc3339).map(|moment| Value::Moment(moment.to_offset(UtcOffset::UTC))).map_err(|_| not())
        }
        PropertyType::Layers => serde_json::from_str(text).map(Value::Layers).map_err(|error| format!("{text}: {error}")),
    }
}

/// The schema's own word for a text that may be a title in either language.
fn allowed_word<'a>(property: &'a Property, text: &str) -> Option<&'a str> {
    let lower = text.to_lowercase();
    let same = |word: &str| word.to_lowercase() == lower;
    let found = property.values.iter().find(|allowed| same(&allowed.value) || same(&allowed.en) || same(&allowed.ru));
    found.map(|allowed| allowed.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_with_points_commas_and_spaces() {
        for (text, expected) in [
            ("1.25", 1.25),
            ("1,25", 1.25),
            ("1 250,5", 1250.5),
            ("1\u{a0}250", 1250.0),
            ("1,250.5", 1250.5),
            ("1.250,5", 1250.5),
            ("\u{2212}3", -3.0),
            ("1e3", 1000.0),
        ] {
            assert_eq!(number(text), Some(expected), "{text}");
        }
        assert_eq!(number("two"), None);
    }

    #[test]
    fn dates_come_in_two_orders_and_impossible_ones_do_not() {
        assert_eq!(date("31.12.1987").as_deref(), Some("1987-12-31"));
        assert_eq!(date("2020-02-29T10:00:00").as_deref(), Some("2020-02-29"));
        assert_eq!(date("2021-02-29"), None);
    }

    #[test]
    fn russian_text_is_read_in_either_code_page() {
        let (cp1251, _, _) = WINDOWS_1251.encode("Торф верховой");
        assert_eq!(decode(&cp1251, None), "Торф верховой");
        assert_eq!(decode("Торф верховой".as_bytes(), None), "Торф верховой");
    }
}
