//! A filter as it is asked of a layer: every name found, every type known, every literal read.

use crate::query::moment::Moment;
use geo::Geometry;
use regex::Regex;

/// What is true, false or unknown of a row. NULL makes a comparison unknown; NOT of unknown is unknown.
#[derive(Debug, Clone)]
pub(super) enum Predicate {
    Known(Option<bool>),
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    /// A column of yes and no.
    Flag(usize),
    Missing(Box<Value>),
    Numbers(Relation, Number, Number),
    /// Sorted numbers.
    NumberAmong(Number, Vec<f64>),
    Texts(Relation, Text, Text),
    /// Sorted texts.
    TextAmong(Text, Vec<String>),
    Like(Text, Regex),
    Instants(Relation, Instant, Instant),
    Truths(Relation, Box<Predicate>, Box<Predicate>),
    Spatial(SpatialRelation, Shape, Shape),
    Temporal(TemporalRelation, Period, Period),
    /// What the layers of a core hold against a list.
    Layers(ArrayRelation, usize, Vec<String>),
}

/// A value of some type.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Truth(Predicate),
    Number(Number),
    Text(Text),
    Instant(Instant),
    Period(Period),
    Shape(Shape),
    List(Vec<Value>),
    Layers(usize),
}

impl Value {
    /// What it is, in an error's words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Truth(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Instant(_) => "a date or moment",
            Self::Period(_) => "an interval",
            Self::Shape(_) => "a geometry",
            Self::List(_) => "a list",
            Self::Layers(_) => "a list of layers",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "=" => Self::Equal,
            "<>" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Holds where this one does not, of values that can be compared.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    /// The same with its sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::Unequal => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Whether it holds; of a NaN nothing holds.
    #[inline]
    #[expect(clippy::double_comparisons, reason = "a NaN is not equal to itself, and not unequal here either")]
    pub(super) fn holds<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left < right || left > right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Number {
    Literal(f64),
    Column(usize),
    Id,
    Arithmetic(Arithmetic, Box<Number>, Box<Number>),
    Rounded(Rounding, Box<Number>),
    /// Characters of a text.
    Length(Text),
    Part(CalendarPart, Instant),
    AreaHectares(Shape),
    LengthMetres(Shape),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Over,
    /// The rest of a division cut towards zero.
    Rest,
    /// A division cut towards zero.
    Whole,
    Power,
}

impl Arithmetic {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "+" => Self::Plus,
            "-" => Self::Minus,
            "*" => Self::Times,
            "/" => Self::Over,
            "%" => Self::Rest,
            "div" => Self::Whole,
            "^" => Self::Power,
            _ => return None,
        })
    }

    /// NaN, which stands for NULL, where there is no finite number.
    #[inline]
    pub(super) fn of(self, left: f64, right: f64) -> f64 {
        let result = match self {
            Self::Plus => left + right,
            Self::Minus => left - right,
            Self::Times => left * right,
            Self::Over => left / right,
            Self::Rest => left % right,
            Self::Whole => (left / right).trunc(),
            // 0^NULL and NULL^0 are NULL, though IEEE 754 says 1 of NaN^0.
            Self::Power if left.is_nan() || right.is_nan() => f64::NAN,
            Self::Power => left.powf(right),
        };
        if result.is_finite() { result } else { f64::NAN }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Rounding {
    Absolute,
    Down,
    Up,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum CalendarPart {
    Year,
    Month,
}

/// A literal or a column, changed by steps: every function of texts has one text.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) source: TextSource,
    pub(super) steps: Vec<TextStep>,
}

#[derive(Debug, Clone)]
pub(super) enum TextSource {
    Literal(String),
    Column(usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum TextStep {
    WithoutCase,
    WithoutAccents,
    Lower,
    Upper,
}

impl TextStep {
    pub(super) fn of(self, text: &str) -> String {
        match self {
            Self::WithoutCase => crate::query::without_case(text),
            Self::WithoutAccents => crate::query::without_accents(text),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
        }
    }
}

impl Text {
    pub(super) fn literal(text: &str) -> Self {
        Self { source: TextSource::Literal(text.to_owned()), steps: Vec::new() }
    }

    /// The text with one more step; that of a literal is taken at once.
    pub(super) fn step(mut self, step: TextStep) -> Self {
        match &mut self.source {
            TextSource::Literal(text) => *text = step.of(text),
            TextSource::Column(_) => self.steps.push(step),
        }
        self
    }

    /// A word of the column, changed by the steps.
    pub(super) fn changed(&self, word: &str) -> String {
        self.steps.iter().fold(word.to_owned(), |text, step| step.of(&text))
    }
}

#[derive(Debug, Clone)]
pub(super) enum Instant {
    Literal(Moment),
    /// A column of dates.
    Days(usize),
    /// A column of moments.
    Moments(usize),
}

impl Instant {
    /// Whether it is a whole day.
    pub(super) fn is_day(&self) -> bool {
        matches!(self, Self::Literal(Moment::Day(_)) | Self::Days(_))
    }
}

/// What has a beginning and an end.
#[derive(Debug, Clone)]
pub(super) enum Period {
    At(Instant),
    /// No bound where it is open.
    Between(Option<Instant>, Option<Instant>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemporalRelation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl TemporalRelation {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "t_after" => Self::After,
            "t_before" => Self::Before,
            "t_contains" => Self::Contains,
            "t_disjoint" => Self::Disjoint,
            "t_during" => Self::During,
            "t_equals" => Self::Equals,
            "t_finishedBy" => Self::FinishedBy,
            "t_finishes" => Self::Finishes,
            "t_intersects" => Self::Intersects,
            "t_meets" => Self::Meets,
            "t_metBy" => Self::MetBy,
            "t_overlappedBy" => Self::OverlappedBy,
            "t_overlaps" => Self::Overlaps,
            "t_startedBy" => Self::StartedBy,
            "t_starts" => Self::Starts,
            _ => return None,
        })
    }

    /// Allen's relations as the standard's table defines them, of intervals that hold both their ends.
    pub(super) fn holds(self, (a, b): (i64, i64), (c, d): (i64, i64)) -> bool {
        match self {
            Self::After => a > d,
            Self::Before => b < c,
            Self::Contains => a < c && b > d,
            Self::Disjoint => a > d || b < c,
            Self::During => a > c && b < d,
            Self::Equals => a == c && b == d,
            Self::FinishedBy => a < c && b == d,
            Self::Finishes => a > c && b == d,
            Self::Intersects => a <= d && b >= c,
            Self::Meets => b == c,
            Self::MetBy => a == d,
            Self::OverlappedBy => a > c && a < d && b > d,
            Self::Overlaps => a < c && b > c && b < d,
            Self::StartedBy => a == c && b > d,
            Self::Starts => a == c && b < d,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpatialRelation {
    Intersects,
    Equals,
    Disjoint,
    Touches,
    Within,
    Overlaps,
    Crosses,
    Contains,
}

impl SpatialRelation {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "s_intersects" => Self::Intersects,
            "s_equals" => Self::Equals,
            "s_disjoint" => Self::Disjoint,
            "s_touches" => Self::Touches,
            "s_within" => Self::Within,
            "s_overlaps" => Self::Overlaps,
            "s_crosses" => Self::Crosses,
            "s_contains" => Self::Contains,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArrayRelation {
    ContainedBy,
    Contains,
    Equals,
    Overlaps,
}

impl ArrayRelation {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "a_containedBy" => Self::ContainedBy,
            "a_contains" => Self::Contains,
            "a_equals" => Self::Equals,
            "a_overlaps" => Self::Overlaps,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// The geometry of the row.
    Own,
    Literal(Box<Figure>),
}

/// A geometry literal, CRS84.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) geometry: Geometry,
    /// Where rows that meet it lie: west, south, east, north each. A box over the antimeridian has two.
    pub(super) bounds: Vec<[f64; 4]>,
    /// Whether the bounds are all there is to it.
    pub(super) is_box: bool,
}
