//! A tile's bytes.

use super::clip::{cut_line, cut_polygon, is_within};
use super::level::{Entry, origin, pixel_bounds, window};
use super::shape::{Bounds, Kind, Place, Shape};
use super::simplified::Drawn;
use super::{EXTENT, Level};
use crate::catalogue::{Column, LayerTable};
use crate::crs::CrsError;
use crate::tiles::MatrixAddress;
use fast_mvt::{MvtCoord, MvtError, MvtFeatureBuilder, MvtGeomType, MvtLayerBuilder, MvtValueRef};
use geo::Geometry;
use std::borrow::Cow;
use std::num::NonZeroU32;
use thiserror::Error;
use time::format_description::well_known::Rfc3339;

/// The extent as the format's own type.
const MVT_EXTENT: NonZeroU32 = NonZeroU32::new(EXTENT.unsigned_abs()).expect("it is not zero");

/// Why there is no tile.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum VectorTileError {
    #[error(transparent)]
    Crs(#[from] CrsError),
    #[error("the tile could not be written: {0}")]
    Written(#[from] MvtError),
}

/// A property of a feature in a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Tag<'a> {
    Text(&'a str),
    Number(f64),
    Integer(i64),
    Boolean(bool),
}

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
    /// Hands a feature's properties over, one by one; those without a value are left out.
    fn tags(&self, row: usize, take: &mut dyn FnMut(&str, Tag<'_>));
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

    fn tags(&self, row: usize, take: &mut dyn FnMut(&str, Tag<'_>)) {
        for (property, column) in self.schema().properties.iter().zip(self.columns()) {
            let name = property.name.as_str();
            match column {
                Column::Text(words) => {
                    if let Some(text) = words.get(row) {
                        take(name, Tag::Text(text));
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
///
/// # Errors
/// More than a tile can number.
pub fn vector_tile(features: &dyn TileFeatures, level: &Level, address: MatrixAddress) -> Result<Vec<u8>, VectorTileError> {
    let (window, origin) = (window(address), origin(address));
    let mut layer = MvtLayerBuilder::new(features.source())?;
    layer.extent(MVT_EXTENT);
    for entry in level.within(window) {
        let Some(cut) = cut(entry, window) else { continue };
        let mut feature = layer.feature_of(match entry.kind {
            Kind::Point => MvtGeomType::Point,
            Kind::Line => MvtGeomType::LineString,
            Kind::Polygon => MvtGeomType::Polygon,
        });
        draw(&cut, origin, &mut feature)?;
        let row = entry.row as usize;
        feature.id(features.id(row));
        let mut written = Ok(());
        features.tags(row, &mut |name, tag| {
            if written.is_ok() {
                written = feature.tag_ref(name, value(tag)).map(|_| ());
            }
        });
        written?;
        layer = feature.end();
    }
    Ok(if layer.num_features() == 0 { Vec::new() } else { layer.encode() })
}

fn value(tag: Tag<'_>) -> MvtValueRef<'_> {
    match tag {
        Tag::Text(text) => MvtValueRef::String(text),
        Tag::Number(number) => MvtValueRef::Double(number),
        Tag::Integer(number) => u64::try_from(number).map_or(MvtValueRef::SInt(number), MvtValueRef::UInt),
        Tag::Boolean(flag) => MvtValueRef::Bool(flag),
    }
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

fn draw(cut: &Cut<'_>, origin: Place, feature: &mut MvtFeatureBuilder) -> Result<(), MvtError> {
    let shifted = |place: &Place| MvtCoord { x: place[0] - origin[0], y: place[1] - origin[1] };
    match cut {
        Cut::Whole(shape) => draw_shape(shape, origin, feature)?,
        Cut::Parts(shape) => draw_shape(shape, origin, feature)?,
        Cut::Point(place) => {
            feature.points([shifted(place)])?;
        }
        Cut::Dash(from, to) => {
            feature.line([shifted(from), shifted(to)])?;
        }
        Cut::Pixel(ring) => {
            feature.ring(ring.iter().map(shifted), true)?;
        }
    }
    Ok(())
}

fn draw_shape(shape: &Shape, origin: Place, feature: &mut MvtFeatureBuilder) -> Result<(), MvtError> {
    let shifted = |place: &Place| MvtCoord { x: place[0] - origin[0], y: place[1] - origin[1] };
    match shape {
        Shape::Points(places) => {
            feature.points(places.iter().map(shifted))?;
        }
        Shape::Lines(lines) => {
            for line in lines {
                feature.line(line.iter().map(shifted))?;
            }
        }
        Shape::Polygons(polygons) => {
            for rings in polygons {
                for (number, ring) in rings.iter().enumerate() {
                    feature.ring(ring.iter().map(shifted), number == 0)?;
                }
            }
        }
    }
    Ok(())
}
