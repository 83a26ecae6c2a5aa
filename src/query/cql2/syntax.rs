//! A CQL2 expression as it was written, in text or in JSON: names and literals, nothing known of the layer.

use super::FilterError;
use geo::{CoordsIter, Geometry, LineString, Polygon};
use std::fmt::{self, Display, Formatter};

/// An expression. Both spellings of an expression give the same tree: AND and OR hold a whole chain,
/// `a NOT IN b` is NOT of IN, a minus before a number belongs to the number.
///
/// It is displayed as CQL2 text with every operation in parentheses.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Syntax {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    Property(String),
    /// As it was written, between the quotes.
    Date(String),
    /// As it was written, between the quotes.
    Timestamp(String),
    Interval(Box<Syntax>, Box<Syntax>),
    /// In the system of the filter's coordinates; heights dropped.
    Geometry(Geometry),
    /// West, south, east, north in the system of the filter's coordinates.
    Box([f64; 4]),
    List(Vec<Syntax>),
    /// An operator or a function; those of the standard have the names of its JSON form.
    Operation(String, Vec<Syntax>),
}

/// Operators and functions of the standard, as its JSON form spells them.
const NAMES: &[&str] = &[
    "and",
    "or",
    "not",
    "=",
    "<>",
    "<",
    ">",
    "<=",
    ">=",
    "like",
    "between",
    "in",
    "isNull",
    "casei",
    "accenti",
    "+",
    "-",
    "*",
    "/",
    "%",
    "div",
    "^",
    "s_intersects",
    "s_equals",
    "s_disjoint",
    "s_touches",
    "s_within",
    "s_overlaps",
    "s_crosses",
    "s_contains",
    "t_after",
    "t_before",
    "t_contains",
    "t_disjoint",
    "t_during",
    "t_equals",
    "t_finishedBy",
    "t_finishes",
    "t_intersects",
    "t_meets",
    "t_metBy",
    "t_overlappedBy",
    "t_overlaps",
    "t_startedBy",
    "t_starts",
    "a_containedBy",
    "a_contains",
    "a_equals",
    "a_overlaps",
];

impl Syntax {
    /// An operation, its name brought to the standard's spelling and chains of AND and OR made one.
    pub(super) fn operation(name: &str, arguments: Vec<Self>) -> Self {
        let standard = NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)).copied();
        let name = standard.unwrap_or(name);
        if !matches!(name, "and" | "or") {
            return Self::Operation(name.to_owned(), arguments);
        }
        let mut chain = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match argument {
                Self::Operation(inner, members) if inner == name => chain.extend(members),
                other => chain.push(other),
            }
        }
        Self::Operation(name.to_owned(), chain)
    }

    /// A minus before an expression.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Number(number) => Self::Number(-number),
            other => Self::operation("*", vec![Self::Number(-1.0), other]),
        }
    }

    /// The vertices of a literal.
    pub(super) fn vertices(&self) -> usize {
        if let Self::Geometry(geometry) = self { geometry.coords_count() } else { 0 }
    }

    /// The expression as a message shows it: not all of a long one.
    pub(super) fn shown(&self) -> String {
        let text = self.to_string();
        if text.chars().count() <= 60 { text } else { text.chars().take(57).chain("...".chars()).collect() }
    }

    /// Checks nodes, levels, lists and vertices.
    pub(super) fn check_size(&self, limits: &super::Limits) -> Result<(), FilterError> {
        let mut size = Size::default();
        size.add(self, 1, limits)
    }
}

#[derive(Default)]
struct Size {
    nodes: usize,
    vertices: usize,
}

impl Size {
    /// Stops at the first cap, so that it goes no deeper than it may.
    fn add(&mut self, syntax: &Syntax, depth: usize, limits: &super::Limits) -> Result<(), FilterError> {
        self.nodes += 1;
        self.vertices += syntax.vertices();
        let too_much = |what, most| Err(FilterError::TooMuch { what, most });
        if depth > limits.depth {
            return too_much("levels", limits.depth);
        }
        if self.nodes > limits.nodes {
            return too_much("operators, properties and literals", limits.nodes);
        }
        if self.vertices > limits.vertices {
            return too_much("vertices", limits.vertices);
        }
        match syntax {
            Syntax::Interval(from, to) => {
                self.add(from, depth + 1, limits)?;
                self.add(to, depth + 1, limits)
            }
            Syntax::List(members) if members.len() > limits.list => too_much("members of a list", limits.list),
            Syntax::List(members) | Syntax::Operation(_, members) => {
                members.iter().try_for_each(|member| self.add(member, depth + 1, limits))
            }
            _ => Ok(()),
        }
    }
}

impl Display for Syntax {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Boolean(true) => f.write_str("TRUE"),
            Self::Boolean(false) => f.write_str("FALSE"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Property(name) => write!(f, "\"{name}\""),
            Self::Date(text) => write!(f, "DATE('{text}')"),
            Self::Timestamp(text) => write!(f, "TIMESTAMP('{text}')"),
            Self::Interval(from, to) => write!(f, "INTERVAL({from},{to})"),
            Self::Geometry(geometry) => write_geometry(f, geometry),
            Self::Box([west, south, east, north]) => write!(f, "BBOX({west},{south},{east},{north})"),
            Self::List(members) => {
                f.write_str("(")?;
                write_list(f, members, ",")?;
                f.write_str(")")
            }
            Self::Operation(name, arguments) => write_operation(f, name, arguments),
        }
    }
}

fn write_operation(f: &mut Formatter<'_>, name: &str, arguments: &[Syntax]) -> fmt::Result {
    match (name, arguments) {
        ("not", [argument]) => write!(f, "(NOT {argument})"),
        ("isNull", [argument]) => write!(f, "({argument} IS NULL)"),
        ("between", [value, low, high]) => write!(f, "({value} BETWEEN {low} AND {high})"),
        ("and" | "or" | "=" | "<>" | "<" | ">" | "<=" | ">=" | "like" | "in" | "+" | "-" | "*" | "/" | "%" | "div" | "^", _) => {
            f.write_str("(")?;
            write_list(f, arguments, &format!(" {} ", name.to_uppercase()))?;
            f.write_str(")")
        }
        _ => {
            write!(f, "{name}(")?;
            write_list(f, arguments, ",")?;
            f.write_str(")")
        }
    }
}

fn write_list<T: Display>(f: &mut Formatter<'_>, members: impl IntoIterator<Item = T>, between: &str) -> fmt::Result {
    for (place, member) in members.into_iter().enumerate() {
        if place > 0 {
            f.write_str(between)?;
        }
        write!(f, "{member}")?;
    }
    Ok(())
}

fn write_geometry(f: &mut Formatter<'_>, geometry: &Geometry) -> fmt::Result {
    let line =
        |line: &LineString| format!("({})", line.coords().map(|c| format!("{} {}", c.x, c.y)).collect::<Vec<_>>().join(","));
    let polygon = |polygon: &Polygon| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        format!("({})", rings.map(line).collect::<Vec<_>>().join(","))
    };
    let (name, parts): (_, Vec<String>) = match geometry {
        Geometry::Point(point) => ("POINT", vec![format!("{} {}", point.x(), point.y())]),
        Geometry::LineString(one) => return write!(f, "LINESTRING{}", line(one)),
        Geometry::Polygon(one) => return write!(f, "POLYGON{}", polygon(one)),
        Geometry::MultiPoint(many) => ("MULTIPOINT", many.iter().map(|point| format!("({} {})", point.x(), point.y())).collect()),
        Geometry::MultiLineString(many) => ("MULTILINESTRING", many.iter().map(line).collect()),
        Geometry::MultiPolygon(many) => ("MULTIPOLYGON", many.iter().map(polygon).collect()),
        Geometry::GeometryCollection(many) => {
            ("GEOMETRYCOLLECTION", many.iter().map(|member| Syntax::Geometry(member.clone()).to_string()).collect())
        }
        // The readers make none of these.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => return Err(fmt::Error),
    };
    write!(f, "{name}(")?;
    write_list(f, parts, ",")?;
    f.write_str(")")
}
