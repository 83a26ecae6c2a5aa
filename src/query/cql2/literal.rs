//! Geometries in a filter, as WKT and as GeoJSON. Heights are read and dropped.

use super::text::Parser;
use super::tokens::Token;
use super::{FilterError, Syntax};
use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::Value;

type Parsed<T> = Result<T, FilterError>;

const KINDS: &[&str] = &["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

fn line_of(coordinates: Vec<Coord>) -> Parsed<LineString> {
    if coordinates.len() < 2 {
        return Err(FilterError::Geometry { found: "a line of one point", what: "line", problem: "it needs two or more" });
    }
    Ok(LineString::new(coordinates))
}

fn ring_of(coordinates: Vec<Coord>) -> Parsed<LineString> {
    let wrong = |problem| Err(FilterError::Geometry { found: "a ring", what: "ring of a polygon", problem });
    if coordinates.len() < 4 {
        return wrong("it needs four or more points");
    }
    if coordinates.first() != coordinates.last() {
        return wrong("it does not end at the point where it begins");
    }
    Ok(LineString::new(coordinates))
}

fn polygon_of(rings: Vec<LineString>) -> Polygon {
    let mut rings = rings.into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(exterior, rings.collect())
}

impl Parser<'_> {
    /// Whether a name stands before the coordinates of a geometry.
    pub(super) fn begins_a_geometry(&self, name: &str) -> bool {
        KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(name)) && self.goes_on_as_geometry()
    }

    /// A geometry from its name on.
    pub(super) fn geometry(&mut self) -> Parsed<Syntax> {
        self.tagged_geometry(true).map(Syntax::Geometry)
    }

    fn tagged_geometry(&mut self, collection_allowed: bool) -> Parsed<Geometry> {
        let kind = match self.peek() {
            Token::Name { name, .. } => name.to_ascii_uppercase(),
            _ => return Err(self.unexpected("a geometry")),
        };
        if !KINDS.contains(&kind.as_str()) || (kind == "GEOMETRYCOLLECTION" && !collection_allowed) {
            return Err(self.unexpected("a geometry other than a collection"));
        }
        self.skip_geometry_name();
        Ok(match kind.as_str() {
            "POINT" => Geometry::Point(self.point_in_parentheses()?),
            "LINESTRING" => Geometry::LineString(self.line()?),
            "POLYGON" => Geometry::Polygon(self.polygon()?),
            "MULTIPOINT" => Geometry::MultiPoint(MultiPoint::new(self.listed(Self::point_perhaps_in_parentheses)?)),
            "MULTILINESTRING" => Geometry::MultiLineString(MultiLineString::new(self.listed(Self::line)?)),
            "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon::new(self.listed(Self::polygon)?)),
            _ => {
                let members = self.listed(|parser| parser.tagged_geometry(false))?;
                Geometry::GeometryCollection(GeometryCollection::new_from(members))
            }
        })
    }

    fn listed<T>(&mut self, read: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.need_symbol("(")?;
        let mut members = vec![read(self)?];
        while self.take_symbol(",") {
            members.push(read(self)?);
        }
        self.need_symbol(")")?;
        Ok(members)
    }

    /// Two numbers, or more of which only two count.
    fn coordinate(&mut self) -> Parsed<Coord> {
        let (x, y) = (self.take_number()?, self.take_number()?);
        for _ in 0..2 {
            if matches!(self.peek(), Token::Number(_) | Token::Symbol("-" | "+")) {
                self.take_number()?;
            }
        }
        Ok(Coord { x, y })
    }

    fn point_in_parentheses(&mut self) -> Parsed<Point> {
        self.need_symbol("(")?;
        let point = self.coordinate()?;
        self.need_symbol(")")?;
        Ok(point.into())
    }

    /// Older writers leave the parentheses of the members of a MULTIPOINT out.
    fn point_perhaps_in_parentheses(&mut self) -> Parsed<Point> {
        if *self.peek() == Token::Symbol("(") { self.point_in_parentheses() } else { self.coordinate().map(Point::from) }
    }

    fn line(&mut self) -> Parsed<LineString> {
        line_of(self.listed(Self::coordinate)?)
    }

    fn polygon(&mut self) -> Parsed<Polygon> {
        let rings = self.listed(|parser| ring_of(parser.listed(Self::coordinate)?))?;
        Ok(polygon_of(rings))
    }
}

/// A GeoJSON geometry.
pub(super) fn from_geojson(value: &Value) -> Parsed<Geometry> {
    geojson(value, true)
}

fn geojson(value: &Value, collection_allowed: bool) -> Parsed<Geometry> {
    let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
    let coordinates = &value["coordinates"];
    Ok(match kind {
        "Point" => Geometry::Point(position(coordinates)?.into()),
        "LineString" => Geometry::LineString(line_of(array_of(coordinates, position)?)?),
        "Polygon" => Geometry::Polygon(json_polygon(coordinates)?),
        "MultiPoint" => {
            let points = array_of(coordinates, position)?;
            Geometry::MultiPoint(MultiPoint::new(points.into_iter().map(Point::from).collect()))
        }
        "MultiLineString" => {
            let lines = array_of(coordinates, |line| line_of(array_of(line, position)?))?;
            Geometry::MultiLineString(MultiLineString::new(lines))
        }
        "MultiPolygon" => Geometry::MultiPolygon(MultiPolygon::new(array_of(coordinates, json_polygon)?)),
        "GeometryCollection" if collection_allowed => {
            let members = array_of(&value["geometries"], |member| geojson(member, false))?;
            Geometry::GeometryCollection(GeometryCollection::new_from(members))
        }
        _ => {
            let found = format!("the geometry {:?}", kind.chars().take(40).collect::<String>());
            let expected = "a geometry is one of the seven types of GeoJSON, a collection not within a collection";
            return Err(FilterError::Shape { found, expected });
        }
    })
}

fn array_of<T>(value: &Value, read: impl Fn(&Value) -> Parsed<T>) -> Parsed<Vec<T>> {
    match value.as_array() {
        Some(members) if !members.is_empty() => members.iter().map(read).collect(),
        _ => Err(FilterError::Geometry {
            found: "what stands there",
            what: "list of coordinates",
            problem: "it is empty or no array",
        }),
    }
}

fn position(value: &Value) -> Parsed<Coord> {
    let numbers: Option<Vec<f64>> = value.as_array().and_then(|array| array.iter().map(Value::as_f64).collect());
    match numbers.as_deref() {
        Some([x, y, rest @ ..]) if rest.len() <= 2 => Ok(Coord { x: *x, y: *y }),
        _ => Err(FilterError::Geometry {
            found: "what stands there",
            what: "position",
            problem: "it needs two numbers, or more with a height",
        }),
    }
}

fn json_polygon(value: &Value) -> Parsed<Polygon> {
    Ok(polygon_of(array_of(value, |ring| ring_of(array_of(ring, position)?))?))
}
