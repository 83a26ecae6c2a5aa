//! An overview of geometries as a drawing (SVG) with a scale bar: true to scale in the middle, good for a look and for
//! paper; the map application is for more.

use crate::api::language::Language;
use geo::{Coord, Geometry, LineString};
use minijinja::{Value, context};
use std::borrow::Cow;
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const LEAST_HEIGHT: f64 = 240.0;
const MOST_HEIGHT: f64 = 520.0;
const MARGIN: f64 = 28.0;
/// Vertices nearer to the last one than this are left out.
const FINENESS: f64 = 0.6;
/// Past so many bytes a sketch takes no more shapes: a page is to be read, not waited for.
const MOST_BYTES: usize = 1_500_000;
/// A degree of latitude on a sphere of the mean radius.
const METRES_A_DEGREE: f64 = 111_195.0;
/// Least extent that is drawn: a single point has a neighbourhood.
const LEAST_DEGREES: f64 = 0.004;

/// A shape of a sketch.
pub(super) struct Shape<'a> {
    pub geometry: Cow<'a, Geometry>,
    pub href: Option<String>,
    pub title: String,
}

/// Draws shapes within bounds (west, south, east, north); none where there is nothing to draw.
pub(super) fn sketch<'a>(
    language: Language,
    bounds: impl Iterator<Item = [f64; 4]>,
    shapes: impl Iterator<Item = Shape<'a>>,
) -> Option<Value> {
    let frame = Frame::round(bounds)?;
    let (mut drawn, mut bytes, mut left_out) = (Vec::new(), 0, 0_usize);
    for shape in shapes {
        if bytes > MOST_BYTES {
            left_out += 1;
            continue;
        }
        let (kind, path) = frame.path(&shape.geometry);
        bytes += path.len() + 100;
        drawn.push(context! { kind => kind, path => path, href => shape.href, title => shape.title });
    }
    if drawn.is_empty() {
        return None;
    }
    let (bar, label) = frame.scale_bar(language);
    Some(context! {
        width => WIDTH, height => frame.height.round(), shapes => drawn, left_out => left_out,
        bar => bar.round(), label => label, bar_y => frame.height.round() - 14.0, margin => MARGIN,
        extent => frame.extent.map(|degrees| (degrees * 1e4).round() / 1e4).to_vec(),
    })
}

/// From degrees to the sheet.
struct Frame {
    extent: [f64; 4],
    west: f64,
    north: f64,
    /// Sheet units a degree of longitude, of latitude.
    along: f64,
    up: f64,
    height: f64,
}

impl Frame {
    fn round(bounds: impl Iterator<Item = [f64; 4]>) -> Option<Self> {
        let join = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
        let extent = bounds.filter(|bounds| bounds.iter().all(|degrees| degrees.is_finite())).reduce(join)?;
        let [west, south, east, north] = extent;
        let middle = f64::midpoint(south, north);
        // Near a pole a degree of longitude has no length left to draw.
        let narrowing = middle.to_radians().cos().max(0.05);
        let (wide, high) = ((east - west).max(LEAST_DEGREES) * narrowing, (north - south).max(LEAST_DEGREES));
        let room = WIDTH - 2.0 * MARGIN;
        // A single place fills no sheet.
        let most = if east > west || north > south { MOST_HEIGHT } else { LEAST_HEIGHT };
        let height = (high * room / wide + 2.0 * MARGIN).clamp(LEAST_HEIGHT, most);
        let scale = (room / wide).min((height - 2.0 * MARGIN) / high);
        let along = scale * narrowing;
        let centre = f64::midpoint(west, east);
        Some(Self { extent, west: centre - WIDTH / 2.0 / along, north: middle + height / 2.0 / scale, along, up: scale, height })
    }

    fn place(&self, c: Coord) -> (f64, f64) {
        ((c.x - self.west) * self.along, (self.north - c.y) * self.up)
    }

    /// Kind and path of a geometry; points are lines of no length with round ends.
    fn path(&self, geometry: &Geometry) -> (&'static str, String) {
        let mut path = String::new();
        let kind = match geometry {
            Geometry::Point(point) => {
                self.dot(&mut path, point.0);
                "point"
            }
            Geometry::MultiPoint(points) => {
                points.iter().for_each(|point| self.dot(&mut path, point.0));
                "point"
            }
            Geometry::LineString(line) => {
                self.line(&mut path, line, "");
                "line"
            }
            Geometry::MultiLineString(lines) => {
                lines.iter().for_each(|line| self.line(&mut path, line, ""));
                "line"
            }
            Geometry::Polygon(polygon) => {
                self.polygon(&mut path, polygon);
                "area"
            }
            Geometry::MultiPolygon(polygons) => {
                polygons.iter().for_each(|polygon| self.polygon(&mut path, polygon));
                "area"
            }
            _ => "none",
        };
        (kind, path)
    }

    fn dot(&self, path: &mut String, c: Coord) {
        let (x, y) = self.place(c);
        // Writing to a String cannot fail.
        let _ = write!(path, "M{x:.1} {y:.1}h0");
    }

    fn polygon(&self, path: &mut String, polygon: &geo::Polygon) {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).for_each(|ring| self.line(path, ring, "Z"));
    }

    fn line(&self, path: &mut String, line: &LineString, end: &str) {
        let mut last: Option<(f64, f64)> = None;
        let count = line.0.len();
        for (place, c) in line.coords().enumerate() {
            let (x, y) = self.place(*c);
            let near = last.is_some_and(|(a, b)| (x - a).abs() + (y - b).abs() < FINENESS);
            if near && place + 1 < count {
                continue;
            }
            // Writing to a String cannot fail.
            let _ = write!(path, "{}{x:.1} {y:.1}", if last.is_none() { 'M' } else { 'L' });
            last = Some((x, y));
        }
        path.push_str(end);
    }

    /// Length of a round distance on the sheet, and its name.
    fn scale_bar(&self, language: Language) -> (f64, String) {
        let metres_a_unit = METRES_A_DEGREE / self.up;
        let most = WIDTH / 4.0 * metres_a_unit;
        let power = 10_f64.powf(most.log10().floor());
        let metres = [5.0, 2.0, 1.0].map(|step| step * power).into_iter().find(|metres| *metres <= most).unwrap_or(power);
        let label = if metres >= 1_000.0 {
            format!("{} {}", metres / 1_000.0, language.pick("km", "км"))
        } else {
            format!("{metres} {}", language.pick("m", "м"))
        };
        (metres / metres_a_unit, label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, polygon};

    #[test]
    fn a_sketch_is_true_to_scale_and_fits_its_sheet() {
        // Ten kilometres square at 60° north: as high as it is wide.
        let (wide, high) = (10_000.0 / (METRES_A_DEGREE * 0.5), 10_000.0 / METRES_A_DEGREE);
        let frame = Frame::round(std::iter::once([30.0, 60.0 - high / 2.0, 30.0 + wide, 60.0 + high / 2.0])).expect("a frame");
        let (left, top) = frame.place(Coord { x: 30.0, y: 60.0 + high / 2.0 });
        let (right, bottom) = frame.place(Coord { x: 30.0 + wide, y: 60.0 - high / 2.0 });
        assert!(((right - left) - (bottom - top)).abs() < 0.5, "{left} {right} {top} {bottom}");
        assert!(left >= 0.0 && right <= WIDTH && (top - MARGIN).abs() < 1e-6 && (bottom - frame.height + MARGIN).abs() < 1e-6);
        let (bar, label) = frame.scale_bar(Language::Russian);
        assert_eq!(label, "5 км");
        assert!((bar - (bottom - top) / 2.0).abs() < 0.5);
    }

    #[test]
    fn points_have_room_round_them_and_holes_are_part_of_their_area() {
        let frame = Frame::round(std::iter::once([30.0, 60.0, 30.0, 60.0])).expect("a frame");
        assert_eq!(frame.path(&Point::new(30.0, 60.0).into()), ("point", "M480.0 120.0h0".to_owned()));
        let ring = polygon!(exterior: [(x: 30.0, y: 60.0), (x: 30.001, y: 60.0), (x: 30.001, y: 60.001), (x: 30.0, y: 60.0)],
            interiors: [[(x: 30.0005, y: 60.0002), (x: 30.0006, y: 60.0002), (x: 30.0006, y: 60.0003), (x: 30.0005, y: 60.0002)]]);
        let (kind, path) = frame.path(&ring.into());
        assert_eq!((kind, path.matches('M').count(), path.matches('Z').count()), ("area", 2, 2));
        assert!(Frame::round(std::iter::empty()).is_none());
    }
}
