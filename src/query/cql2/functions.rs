//! Functions beyond those of the standard: what they are called, take and give.

use super::typed::{CalendarPart, Instant, Number, Rounding, Shape, Text, TextStep, Value};
use super::{FilterError, Syntax};

/// A function, as `/ogc/functions` tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionDescription {
    /// Name.
    pub name: &'static str,
    /// What it gives.
    pub description: &'static str,
    /// Arguments, in order.
    pub arguments: &'static [ArgumentDescription],
    /// Types of the result: `string`, `number`, `integer`.
    pub returns: &'static [&'static str],
}

/// An argument of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgumentDescription {
    /// Title.
    pub title: &'static str,
    /// What it means.
    pub description: &'static str,
    /// Types it may have: `string`, `number`, `integer`, `date`, `datetime`, `geometry`.
    pub types: &'static [&'static str],
}

const GEOMETRY: &[ArgumentDescription] =
    &[ArgumentDescription { title: "geometry", description: "The row's geometry or a literal", types: &["geometry"] }];
const TEXT: &[ArgumentDescription] = &[ArgumentDescription { title: "text", description: "A text", types: &["string"] }];
const NUMBER: &[ArgumentDescription] =
    &[ArgumentDescription { title: "number", description: "A number", types: &["number", "integer"] }];
const MOMENT: &[ArgumentDescription] =
    &[ArgumentDescription { title: "moment", description: "A date or a moment", types: &["date", "datetime"] }];

const FUNCTIONS: &[FunctionDescription] = &[
    FunctionDescription {
        name: "area_ha",
        description: "Area on the ellipsoid WGS 84 in hectares, after Karney (2013); 0 of points and lines",
        arguments: GEOMETRY,
        returns: &["number"],
    },
    FunctionDescription {
        name: "length_m",
        description: "Length of lines, or of the outline of areas, on the ellipsoid WGS 84 in metres, after Karney (2013)",
        arguments: GEOMETRY,
        returns: &["number"],
    },
    FunctionDescription { name: "lower", description: "The text in small letters", arguments: TEXT, returns: &["string"] },
    FunctionDescription { name: "upper", description: "The text in capitals", arguments: TEXT, returns: &["string"] },
    FunctionDescription { name: "length", description: "Characters of the text", arguments: TEXT, returns: &["integer"] },
    FunctionDescription { name: "abs", description: "The number without its sign", arguments: NUMBER, returns: &["number"] },
    FunctionDescription { name: "floor", description: "The next whole number below", arguments: NUMBER, returns: &["integer"] },
    FunctionDescription { name: "ceil", description: "The next whole number above", arguments: NUMBER, returns: &["integer"] },
    FunctionDescription { name: "year", description: "The year, UTC", arguments: MOMENT, returns: &["integer"] },
    FunctionDescription { name: "month", description: "The month, 1 to 12, UTC", arguments: MOMENT, returns: &["integer"] },
];

/// Every function that a filter may call beside those of the standard.
#[must_use]
pub fn functions() -> &'static [FunctionDescription] {
    FUNCTIONS
}

/// The call of a function; its arguments are checked already.
pub(super) fn call(name: &str, syntax: &[Syntax], arguments: Vec<Value>) -> Result<Value, FilterError> {
    let Some(function) = FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name)) else {
        let standard = ["CASEI", "ACCENTI"].into_iter();
        let known = standard.chain(FUNCTIONS.iter().map(|function| function.name)).collect::<Vec<_>>().join(", ");
        return Err(FilterError::UnknownFunction { name: name.to_owned(), known });
    };
    let given = arguments.len();
    let Ok([argument]) = <[Value; 1]>::try_from(arguments) else {
        return Err(FilterError::Arguments { name: function.name.to_owned(), expected: "one argument", given });
    };
    let wrong = |argument: &Value, wanted| FilterError::Kind {
        found: syntax.first().map(Syntax::shown).unwrap_or_default(),
        is: argument.kind(),
        wanted,
        place: format!("in {}", function.name),
    };
    let shape = |argument: Value| -> Result<Shape, FilterError> {
        if let Value::Shape(shape) = argument { Ok(shape) } else { Err(wrong(&argument, "a geometry")) }
    };
    let text = |argument: Value| -> Result<Text, FilterError> {
        if let Value::Text(text) = argument { Ok(text) } else { Err(wrong(&argument, "a text")) }
    };
    let number = |argument: Value| -> Result<Box<Number>, FilterError> {
        if let Value::Number(number) = argument { Ok(Box::new(number)) } else { Err(wrong(&argument, "a number")) }
    };
    let instant = |argument: Value| -> Result<Instant, FilterError> {
        if let Value::Instant(instant) = argument { Ok(instant) } else { Err(wrong(&argument, "a date or moment")) }
    };
    if matches!(argument, Value::Null) {
        return Ok(Value::Null);
    }
    Ok(match function.name {
        "area_ha" => Value::Number(Number::AreaHectares(shape(argument)?)),
        "length_m" => Value::Number(Number::LengthMetres(shape(argument)?)),
        "lower" => Value::Text(text(argument)?.step(TextStep::Lower)),
        "upper" => Value::Text(text(argument)?.step(TextStep::Upper)),
        "length" => Value::Number(Number::Length(text(argument)?)),
        "abs" => Value::Number(Number::Rounded(Rounding::Absolute, number(argument)?)),
        "floor" => Value::Number(Number::Rounded(Rounding::Down, number(argument)?)),
        "ceil" => Value::Number(Number::Rounded(Rounding::Up, number(argument)?)),
        "year" => Value::Number(Number::Part(CalendarPart::Year, instant(argument)?)),
        _ => Value::Number(Number::Part(CalendarPart::Month, instant(argument)?)),
    })
}
