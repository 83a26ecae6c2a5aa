//! Features out as FlatGeobuf, written here rather than by GDAL: it needs no file, the order of the rows can be kept, and
//! truths and moments have types of their own. Of the crate only the tables of the format and its index are used: its writer
//! leaves out where the only line of a group ends, without which GDAL reads none of it, and knows no feature without geometry.

use super::export::{Export, without_nul};
use crate::model::{Feature, GeometryKind, Property, PropertyType, Value};
use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, calc_extent, hilbert_sort};
use flatgeobuf::{
    Column, ColumnArgs, ColumnType, Crs, CrsArgs, Feature as Row, FeatureArgs, Geometry as Place, GeometryArgs, GeometryType,
    Header, HeaderArgs,
};
use geo::{CoordsIter, Geometry, LineString, Polygon};
use thiserror::Error;
use time::format_description::well_known::Rfc3339;

/// What a file of version 3 begins with.
const SIGNATURE: [u8; 8] = *b"fgb\x03fgb\0";

/// Why features were not written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FlatGeobufError {
    #[error("the features could not be written: {0}")]
    Index(#[from] flatgeobuf::Error),
    #[error("the features could not be written: {0}")]
    Written(#[from] std::io::Error),
}

/// The rows of a layer as FlatGeobuf (version 3), with a first column `id` where numbers are asked for, which clients take
/// for the feature's number. With `indexed` they are sorted along a Hilbert curve and have a spatial index, unless one of
/// them has no geometry, for which the index has no place; else they keep their order.
///
/// # Errors
/// None that a user can cause.
pub fn flatgeobuf(
    export: &Export<'_>,
    features: impl Iterator<Item = Feature>,
    indexed: bool,
) -> Result<Vec<u8>, FlatGeobufError> {
    let declared = geometry_type(&export.layer.schema().geometry);
    let mut rows = Rows { kind: declared, ..Rows::default() };
    for feature in features {
        rows.add(export, &feature, declared);
    }
    let indexed = indexed && !rows.bytes.is_empty() && !rows.one_has_no_place;
    let extent = calc_extent(&rows.nodes);
    let mut file = SIGNATURE.to_vec();
    file.extend(header(export, &rows, &extent, indexed));
    if !indexed {
        file.append(&mut rows.bytes);
        return Ok(file);
    }
    // Until they are sorted, the offset of a node is the number of its row.
    hilbert_sort(&mut rows.nodes, &extent);
    let sorted: Vec<(usize, usize)> = rows.nodes.iter().map(|node| rows.span_of(node.offset)).collect();
    let mut at = 0;
    for (node, (start, end)) in rows.nodes.iter_mut().zip(&sorted) {
        node.offset = at;
        at += (end - start) as u64;
    }
    PackedRTree::build(&rows.nodes, &extent, PackedRTree::DEFAULT_NODE_SIZE)?.stream_write(&mut file)?;
    for (start, end) in sorted {
        file.extend_from_slice(&rows.bytes[start..end]);
    }
    Ok(file)
}

/// Features that are written already.
#[derive(Default)]
struct Rows {
    /// One after the other.
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
    /// What each covers.
    nodes: Vec<NodeItem>,
    /// The kind of all geometry; unknown where each says its own.
    kind: GeometryType,
    one_has_no_place: bool,
}

impl Rows {
    fn add(&mut self, export: &Export<'_>, feature: &Feature, declared: GeometryType) {
        let drawn = feature.geometry.as_ref().filter(|geometry| geometry.coords_count() > 0);
        let shape = drawn.and_then(|geometry| Shape::of(geometry, declared));
        let mut node = NodeItem::create(self.ends.len() as u64);
        if let (Some(shape), Some(geometry)) = (&shape, drawn) {
            geometry.coords_iter().for_each(|c| node.expand_xy(c.x, c.y));
            if shape.kind != self.kind {
                self.kind = GeometryType::Unknown;
            }
        } else {
            self.one_has_no_place = true;
        }
        self.bytes.extend(row(shape.as_ref(), &properties(export, feature)));
        self.ends.push(self.bytes.len());
        self.nodes.push(node);
    }

    /// Where the bytes of a row begin and end.
    fn span_of(&self, row: u64) -> (usize, usize) {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        (row.checked_sub(1).map_or(0, |before| self.ends[before]), self.ends[row])
    }
}

#[expect(clippy::default_trait_access, reason = "the builder is of a crate that flatgeobuf alone names")]
fn header(export: &Export<'_>, rows: &Rows, extent: &NodeItem, indexed: bool) -> Vec<u8> {
    let schema = export.layer.schema();
    let known = export.crs.definition().strip_prefix("EPSG:").and_then(|code| code.parse().ok());
    let code = if export.crs.is_crs84() { 4_326 } else { known.unwrap_or(0) };
    // Its type is told by the first table that is made with it.
    let mut builder = Default::default();
    let crs = Crs::create(&mut builder, &CrsArgs { code, ..CrsArgs::default() });
    let mut columns = Vec::with_capacity(export.properties.len() + 1);
    if export.with_ids {
        let name = Some(builder.create_string("id"));
        let about = ColumnArgs { name, type_: ColumnType::Long, nullable: false, ..ColumnArgs::default() };
        columns.push(Column::create(&mut builder, &about));
    }
    for place in export.properties {
        let property = &schema.properties[*place];
        let name = Some(builder.create_string(&property.name));
        let title = Some(builder.create_string(&property.title.en));
        let description = Some(builder.create_string(&property.meaning));
        let about = ColumnArgs { name, type_: column_type(property), title, description, ..ColumnArgs::default() };
        columns.push(Column::create(&mut builder, &about));
    }
    let placed = extent.min_x <= extent.max_x;
    let about = HeaderArgs {
        name: Some(builder.create_string(export.name)),
        envelope: placed.then(|| builder.create_vector(&[extent.min_x, extent.min_y, extent.max_x, extent.max_y])),
        geometry_type: rows.kind,
        columns: Some(builder.create_vector(&columns)),
        features_count: rows.ends.len() as u64,
        index_node_size: if indexed { PackedRTree::DEFAULT_NODE_SIZE } else { 0 },
        crs: Some(crs),
        title: Some(builder.create_string(&schema.title.en)),
        description: Some(builder.create_string(&schema.description)),
        ..HeaderArgs::default()
    };
    let header = Header::create(&mut builder, &about);
    builder.finish_size_prefixed(header, None);
    builder.finished_data().to_vec()
}

/// A feature with its size before it.
#[expect(clippy::default_trait_access, reason = "the builder is of a crate that flatgeobuf alone names")]
fn row(shape: Option<&Shape>, properties: &[u8]) -> Vec<u8> {
    let mut builder = Default::default();
    // Made and dropped, so that the builder has its type.
    Place::create(&mut builder, &GeometryArgs::default());
    builder.reset();
    let mut place = |shape: &Shape, parts: &[_]| {
        let about = GeometryArgs {
            // A polygon of one ring has no ends.
            ends: (!shape.ends.is_empty()).then(|| builder.create_vector(&shape.ends)),
            xy: (!shape.xy.is_empty()).then(|| builder.create_vector(&shape.xy)),
            parts: (!parts.is_empty()).then(|| builder.create_vector(parts)),
            type_: shape.kind,
            ..GeometryArgs::default()
        };
        Place::create(&mut builder, &about)
    };
    let geometry = shape.map(|shape| {
        let parts: Vec<_> = shape.parts.iter().map(|part| place(part, &[])).collect();
        place(shape, &parts)
    });
    let properties = Some(builder.create_vector(properties));
    let row = Row::create(&mut builder, &FeatureArgs { geometry, properties, ..FeatureArgs::default() });
    builder.finish_size_prefixed(row, None);
    builder.finished_data().to_vec()
}

/// A geometry as the format has it.
#[derive(Debug, PartialEq)]
struct Shape {
    kind: GeometryType,
    /// Coordinates of all lines or rings, one after the other.
    xy: Vec<f64>,
    /// How many places there are up to the end of each line or ring.
    ends: Vec<u32>,
    /// Polygons of a group.
    parts: Vec<Shape>,
}

impl Shape {
    /// A geometry in the kind that the layer declares, where it is one of that kind.
    fn of(geometry: &Geometry, declared: GeometryType) -> Option<Self> {
        let of_lines = |kind, lines: &mut dyn Iterator<Item = &LineString>| {
            let mut shape = Self::new(kind);
            lines.for_each(|line| shape.add(line));
            shape
        };
        Some(match geometry {
            Geometry::Point(point) => Self { xy: vec![point.x(), point.y()], ..Self::new(GeometryType::Point) },
            Geometry::MultiPoint(points) => {
                let xy = points.iter().flat_map(|point| [point.x(), point.y()]).collect();
                Self { xy, ..Self::new(GeometryType::MultiPoint) }
            }
            Geometry::LineString(line) if declared == GeometryType::MultiLineString => {
                of_lines(declared, &mut std::iter::once(line))
            }
            Geometry::LineString(line) => {
                Self { ends: Vec::new(), ..of_lines(GeometryType::LineString, &mut std::iter::once(line)) }
            }
            Geometry::MultiLineString(lines) => of_lines(GeometryType::MultiLineString, &mut lines.iter()),
            Geometry::Polygon(polygon) if declared == GeometryType::MultiPolygon => {
                Self { parts: vec![Self::polygon(polygon)], ..Self::new(declared) }
            }
            Geometry::Polygon(polygon) => Self::polygon(polygon),
            Geometry::MultiPolygon(polygons) => {
                Self { parts: polygons.iter().map(Self::polygon).collect(), ..Self::new(GeometryType::MultiPolygon) }
            }
            // The importer lets none of the other kinds in.
            _ => return None,
        })
    }

    fn new(kind: GeometryType) -> Self {
        Self { kind, xy: Vec::new(), ends: Vec::new(), parts: Vec::new() }
    }

    fn polygon(polygon: &Polygon) -> Self {
        let mut shape = Self::new(GeometryType::Polygon);
        shape.add(polygon.exterior());
        polygon.interiors().iter().for_each(|ring| shape.add(ring));
        if shape.ends.len() == 1 {
            shape.ends.clear();
        }
        shape
    }

    fn add(&mut self, line: &LineString) {
        self.xy.extend(line.coords().flat_map(|c| [c.x, c.y]));
        // A file of more than 2³² places is never asked for.
        self.ends.push(u32::try_from(self.xy.len() / 2).unwrap_or(u32::MAX));
    }
}

/// The values that there are, each after the number of its column, all least byte first.
fn properties(export: &Export<'_>, feature: &Feature) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 * feature.values.len());
    let mut put = |place: usize, value: &[u8]| {
        out.extend(u16::try_from(place).unwrap_or(u16::MAX).to_le_bytes());
        out.extend_from_slice(value);
    };
    let sized = |text: &str| {
        let text = without_nul(text);
        let size = u32::try_from(text.len()).unwrap_or(u32::MAX);
        [&size.to_le_bytes(), text.as_bytes()].concat()
    };
    if export.with_ids {
        put(0, &feature.id.to_le_bytes());
    }
    for (place, value) in feature.values.iter().enumerate() {
        let place = place + usize::from(export.with_ids);
        match value {
            Value::Null => {}
            Value::Text(text) | Value::Date(text) => put(place, &sized(text)),
            Value::Number(number) => put(place, &number.to_le_bytes()),
            Value::Integer(number) => put(place, &number.to_le_bytes()),
            Value::Boolean(flag) => put(place, &[u8::from(*flag)]),
            Value::Moment(moment) => put(place, &sized(&moment.format(&Rfc3339).unwrap_or_default())),
            Value::Layers(layers) => put(place, &sized(&serde_json::to_string(layers).unwrap_or_default())),
        }
    }
    out
}

fn geometry_type(kinds: &[GeometryKind]) -> GeometryType {
    let kinds: Vec<&GeometryKind> = kinds.iter().filter(|kind| **kind != GeometryKind::None).collect();
    match kinds[..] {
        [GeometryKind::Point] => GeometryType::Point,
        [GeometryKind::Line] => GeometryType::MultiLineString,
        [GeometryKind::Polygon] => GeometryType::MultiPolygon,
        _ => GeometryType::Unknown,
    }
}

fn column_type(property: &Property) -> ColumnType {
    match property.kind {
        PropertyType::Text => ColumnType::String,
        PropertyType::Number => ColumnType::Double,
        PropertyType::Integer => ColumnType::Long,
        PropertyType::Boolean => ColumnType::Bool,
        PropertyType::Date | PropertyType::Moment => ColumnType::DateTime,
        PropertyType::Layers => ColumnType::Json,
    }
}
