//! Numbers and values as a reader of a language writes them.

use super::templates::known_word;
use crate::api::language::Language;
use crate::catalogue::Column;
use crate::model::{Property, PropertyType};

/// A number: groups of three digits in long ones, the language's decimal sign.
pub(super) fn number(language: Language, value: f64, grouped: bool) -> String {
    let text = ryu_js::Buffer::new().format(value).to_owned();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte)) {
        return text;
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("\u{2212}", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut shown = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if grouped && place > 0 && whole.len() > 4 && (whole.len() - place).is_multiple_of(3) {
            shown.push('\u{202f}');
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push_str(language.pick(".", ","));
        shown.push_str(fraction);
    }
    shown
}

/// A unit; a share is a bare number.
pub(in crate::api) fn unit(language: Language, unit: &str) -> &str {
    known_word(language, &format!("unit_{unit}")).unwrap_or(unit)
}

/// A value and its unit as they are read: a share in percent, money in millions where its unit says so.
pub(super) fn readable(language: Language, value: Option<f64>, of: &str) -> (Option<f64>, &str) {
    match of {
        "share" => (value.map(|share| share * 100.0), "%"),
        "MRUB" | "MRUB/a" => (value.map(|amount| amount / 1e6), unit(language, of)),
        _ => (value, unit(language, of)),
    }
}

/// A value of a table as it is read; none where the row has none. Without its unit, which stands in a table's head.
pub(super) fn value(language: Language, property: &Property, column: &Column, row: usize) -> Option<String> {
    match column {
        _ if column.is_null(row) => None,
        Column::Text(words) => words.get(row).map(|text| title_of(language, property, text)),
        Column::Number(values) => Some(number(language, values[row], true)),
        // Years and counts.
        Column::Integer(values) => values[row].map(|number| number.to_string()),
        Column::Boolean(values) => values[row].map(|flag| yes_or_no(language, flag).to_owned()),
        Column::Date(values) => values[row].map(|date| date.to_string()),
        Column::Moment(values) => {
            let minutes = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
            values[row].and_then(|moment| moment.format(minutes).ok())
        }
        Column::Json(values) => values[row].as_deref().map(str::to_owned),
    }
}

pub(super) fn yes_or_no(language: Language, flag: bool) -> &'static str {
    if flag { language.pick("yes", "да") } else { language.pick("no", "нет") }
}

/// The title of a word that the schema knows; else the text itself.
fn title_of(language: Language, property: &Property, text: &str) -> String {
    let known = property.values.iter().find(|allowed| allowed.value == text);
    known.map_or(text, |allowed| language.pick(&allowed.en, &allowed.ru)).to_owned()
}

/// Whether a property stands to the right in its column.
pub(super) fn is_number(property: &Property) -> bool {
    matches!(property.kind, PropertyType::Number | PropertyType::Integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_their_readers_write_them() {
        let russian = |value| number(Language::Russian, value, true);
        assert_eq!(russian(1234.5), "1234,5");
        assert_eq!(russian(-12_345.25), "\u{2212}12\u{202f}345,25");
        assert_eq!(russian(1_234_567.0), "1\u{202f}234\u{202f}567");
        assert_eq!(number(Language::English, 12_345.5, false), "12345.5");
        assert_eq!(number(Language::English, 1e-9, true), "1e-9");
        assert_eq!((unit(Language::Russian, "ha"), unit(Language::English, "ha")), ("га", "ha"));
    }

    #[test]
    fn every_unit_of_an_input_has_its_word_in_both_languages() {
        use crate::model::{
            allocation_parameters, blend_parameters, demand_parameters, economics_parameters, emission_parameters,
            plant_parameters, reserve_parameters, season_parameters, siting_parameters, steam_parameters, supply_parameters,
            uncertainty_parameters,
        };
        let tables = [
            allocation_parameters(),
            blend_parameters(),
            demand_parameters(),
            economics_parameters(),
            emission_parameters(),
            plant_parameters(),
            reserve_parameters(),
            season_parameters(),
            siting_parameters(),
            steam_parameters(),
            supply_parameters(),
            uncertainty_parameters(),
        ];
        for parameter in
            tables.into_iter().flat_map(crate::model::Parameters::iter).filter(|parameter| !parameter.unit.is_empty())
        {
            assert!(known_word(Language::Russian, &format!("unit_{}", parameter.unit)).is_some(), "{}", parameter.unit);
        }
    }
}
