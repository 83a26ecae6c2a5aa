//! A tile's bytes.

use super::Level;
use super::clip::{cut_line, cut_polygon, is_within};
use super::layer_writer::{LayerWriter, Tag};
use super::level::{Entry, origin, pixel_bounds, window};
use super::shape::{Bounds, Kind, Place, Shape};
use super::simplified::Drawn;
use crate::catalogue::{Column, LayerTable};
use crate::tiles::MatrixAddress;
use geo::Geometry;
use std::borrow::Cow;
use time::format_description::well_known::Rfc3339;

/// What a layer of a tile is made from.
pub trait TileFeatures: Sync {
    /// Its name, in the tile and among the levels that are kept.
    fn source(&self) -> &str;
    /// Features.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// A feature's geometry, CRS84.
    fn geometry(&self, row: usize) -> Option<Cow<'_, Geometry>>;
    /// A feature's number; a tile knows none below zero.
    fn id(&self, row: usize) -> Option<u64>;
    /// The names of its properties.
    fn keys(&self) -> Vec<&str>;
    /// Hands a feature's properties over, each with the place of its name among the keys; those without a value are left out.
    fn tags(&self, row: usize, take: &mut dyn FnMut(usize, Tag<'_>));
}

impl TileFeatures for LayerTable {
    fn source(&self) -> &str {
        &self.schema().layer
    }

    fn len(&self) -> usize {
        LayerTable::len(self)
    }

    fn geometry(&self, row: usize) -> Option<Cow<'_, Geometry>> {
        LayerTable::geometry(self, row)
    }

    fn id(&self, row: usize) -> Option<u64> {
        u64::try_from(LayerTable::id(self, row)).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.schema().properties.iter().map(|property| property.name.as_str()).collect()
    }

    fn tags(&self, row: usize, take: &mut dyn FnMut(usize, Tag<'_>)) {
        for (name, (property, column)) in self.schema().properties.iter().zip(self.columns()).enumerate() {
            match column {
                _ if property.on_request => {}
                Column::Text(words) => {
                    if let Some(text) = words.get(row) {
                        take(name, Tag::Word(words.codes()[row], text));
                    }
                }
                Column::Number(numbers) if numbers[row].is_nan() => {}
                Column::Number(numbers) => take(name, Tag::Number(numbers[row])),
                Column::Integer(numbers) => {
                    if let Some(number) = numbers[row] {
                        take(name, Tag::Integer(number));
                    }
                }
                Column::Boolean(flags) => {
                    if let Some(flag) = flags[row] {
                        take(name, Tag::Boolean(flag));
                    }
                }
                Column::Date(dates) => {
                    if let Some(date) = dates[row] {
                        take(name, Tag::Text(&date.to_string()));
                    }
                }
                Column::Moment(moments) => {
                    if let Some(text) = moments[row].and_then(|moment| moment.format(&Rfc3339).ok()) {
                        take(name, Tag::Text(&text));
                    }
                }
                // Lists have no place in a tile; the collection has them.
                Column::Json(_) => {}
            }
        }
    }
}

/// A layer of a tile; nothing where none of its features lies in the tile. The bytes of several layers, one after the other,
/// are a tile of them all.
#[must_use]
pub fn vector_tile(features: &dyn TileFeatures, level: &Level, address: MatrixAddress) -> Vec<u8> {
    let (window, origin) = (window(address), origin(address));
    let mut layer = LayerWriter::new();
    for entry in level.within(window) {
        let Some(cut) = cut(entry, window) else { continue };
        draw(&cut, origin, &mut layer);
        let row = entry.row as usize;
        features.tags(row, &mut |key, tag| layer.tag(key, tag));
        layer.end_feature(entry.kind, features.id(row));
    }
    layer.finish(features.source(), &features.keys())
}

/// What of a feature lies in a tile.
enum Cut<'a> {
    Whole(&'a Shape),
    Parts(Shape),
    Point(Place),
    /// A line below a pixel: a pixel long.
    Dash(Place, Place),
    /// A polygon below a pixel: a pixel.
    Pixel([Place; 4]),
}

/// A feature within the window; only one that crosses its edge is cut.
fn cut(entry: &Entry, window: Bounds) -> Option<Cut<'_>> {
    match &entry.drawn {
        Drawn::Whole(shape) if is_within(entry.bounds, window) => Some(Cut::Whole(shape)),
        Drawn::Whole(shape) => {
            let parts = match shape {
                Shape::Points(places) => {
                    let within = |place: &&Place| is_within([place[0], place[1], place[0], place[1]], window);
                    Shape::Points(places.iter().filter(within).copied().collect())
                }
                Shape::Lines(lines) => Shape::Lines(lines.iter().flat_map(|line| cut_line(line, window)).collect()),
                Shape::Polygons(polygons) => {
                    Shape::Polygons(polygons.iter().flat_map(|rings| cut_polygon(rings, window)).collect())
                }
            };
            parts.bounds().is_some().then_some(Cut::Parts(parts))
        }
        Drawn::Dot(place) => {
            let [left, top, right, bottom] = pixel_bounds(*place);
            // Pixels do not lie across the window, whose edges are edges of pixels; but their edges may lie on it.
            let at = [place[0], place[1], place[0], place[1]];
            let is_here =
                if entry.kind == Kind::Point { is_within(at, window) } else { is_within([left, top, right, bottom], window) };
            is_here.then_some(match entry.kind {
                Kind::Point => Cut::Point(*place),
                Kind::Line => Cut::Dash([left, place[1]], [right, place[1]]),
                Kind::Polygon => Cut::Pixel([[left, top], [right, top], [right, bottom], [left, bottom]]),
            })
        }
    }
}

fn draw(cut: &Cut<'_>, origin: Place, layer: &mut LayerWriter) {
    let shifted = |place: &Place| [place[0] - origin[0], place[1] - origin[1]];
    match cut {
        Cut::Whole(shape) => draw_shape(shape, origin, layer),
        Cut::Parts(shape) => draw_shape(shape, origin, layer),
        Cut::Point(place) => layer.points([shifted(place)].into_iter()),
        Cut::Dash(from, to) => layer.line([shifted(from), shifted(to)].into_iter()),
        Cut::Pixel(ring) => layer.ring(ring.iter().map(shifted)),
    }
}

fn draw_shape(shape: &Shape, origin: Place, layer: &mut LayerWriter) {
    let shifted = |place: &Place| [place[0] - origin[0], place[1] - origin[1]];
    match shape {
        Shape::Points(places) => layer.points(places.iter().map(shifted)),
        Shape::Lines(lines) => lines.iter().for_each(|line| layer.line(line.iter().map(shifted))),
        Shape::Polygons(polygons) => polygons.iter().flatten().for_each(|ring| layer.ring(ring.iter().map(shifted))),
    }
}
