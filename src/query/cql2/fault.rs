//! Caps on a filter and what is wrong with one.

use thiserror::Error;

/// Caps on a filter that a stranger sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of its text.
    pub bytes: usize,
    /// Levels of its tree: parentheses, functions, NOTs, operators of one chain.
    pub depth: usize,
    /// Operators, functions, properties and literals.
    pub nodes: usize,
    /// Members of a list.
    pub list: usize,
    /// Vertices of its geometries.
    pub vertices: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 100_000, depth: 50, nodes: 5_000, list: 2_000, vertices: 5_000 }
    }
}

/// Why a filter is refused. The message names what is wrong and says what is allowed.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FilterError {
    #[error("at character {at}: {found} stands where {expected} was expected")]
    Unexpected { at: usize, found: String, expected: String },
    #[error("the JSON cannot be read: {0}")]
    Json(String),
    #[error("{found} is no CQL2 expression; {expected}")]
    Shape { found: String, expected: &'static str },
    #[error("the filter has more than {most} {what}")]
    TooMuch { what: &'static str, most: usize },
    #[error("there is no property {name:?}; the properties are {known}")]
    UnknownProperty { name: String, known: String },
    #[error("there is no function {name:?}; the functions are {known}")]
    UnknownFunction { name: String, known: String },
    #[error("{name} takes {expected}, not {given} arguments")]
    Arguments { name: String, expected: &'static str, given: usize },
    #[error("{found} is {is}; {wanted} is needed {place}")]
    Kind { found: String, is: &'static str, wanted: &'static str, place: String },
    #[error("{left} is {left_is} and {right} is {right_is}; only values of one kind can be compared")]
    Unlike { left: String, left_is: &'static str, right: String, right_is: &'static str },
    #[error("the layers can only be asked IS NULL and, against a list, A_CONTAINS, A_CONTAINEDBY, A_EQUALS and A_OVERLAPS")]
    Layers,
    #[error("{text:?} is no {wanted}")]
    Time { text: String, wanted: &'static str },
    #[error("the interval {0} ends before it begins")]
    Backwards(String),
    #[error("the coordinate {x} {y} {problem}")]
    Coordinate { x: f64, y: f64, problem: String },
    #[error("{found} is no {what}: {problem}")]
    Geometry { found: &'static str, what: &'static str, problem: &'static str },
    #[error("a geometry is not valid: {0}")]
    Unsound(String),
    #[error("BBOX: {0}")]
    Box(&'static str),
    #[error("the pattern of LIKE is too long")]
    Pattern,
}
