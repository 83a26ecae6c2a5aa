//! Ways of an `.osm.pbf` file with their places, in two passes: first the ways that carry peat, then the nodes they need.
//! Memory grows with the nodes of those ways, not with the file.
//!
//! GDAL has a driver for such files, too. It writes all nodes to a database on disk first, wants a file of settings to
//! give the tags of railways, and hands out all other tags as one text; here a few hundred lines and a small library
//! (`osmpbf`, without foreign code) read only what is wanted, and say where a file is damaged. A file is cut into its blobs
//! here, so that none can ask for more memory than the format allows and no end of a file goes unnoticed.

use super::tags::{ClassSpeeds, WayKind, WayTags, understood};
use osmpbf::{BlobDecode, BlobReader, Element, PrimitiveBlock};
use std::collections::HashMap;
use std::io::{ErrorKind, Read};
use thiserror::Error;

/// The most a header of a blob, and a blob, may hold by the format, bytes.
const HEADER_BYTES: u32 = 64 * 1024;
const BLOB_BYTES: u64 = 32 * 1024 * 1024;
/// What a file may demand of its reader.
const UNDERSTOOD: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];
const NANO: f64 = 1e-9;
/// A place that the second pass has not found.
const UNKNOWN: [i32; 2] = [i32::MAX; 2];

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OsmWanted {
    /// West, south, east, north, degrees: ways with a vertex inside.
    pub within: Option<[f64; 4]>,
    /// Narrow-gauge lines out of use, too.
    pub disused: bool,
    /// Winter roads, too.
    pub winter: bool,
    /// Speeds of the classes.
    pub speeds: ClassSpeeds,
    /// Vertices of all ways together.
    pub most_vertices: usize,
}

/// A way, or the part of it whose nodes the file has.
#[derive(Debug, Clone, PartialEq)]
pub struct OsmWay {
    /// Number in OpenStreetMap.
    pub id: i64,
    /// What its tags say.
    pub tags: WayTags,
    /// Longitude, latitude.
    pub vertices: Vec<[f64; 2]>,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OsmSummary {
    /// Parts of ways handed out.
    pub ways: u64,
    /// Winter roads left out.
    pub winter_left_out: u64,
    /// Narrow-gauge lines out of use left out.
    pub disused_left_out: u64,
    /// Open in one direction; taken as open in both.
    pub one_way: u64,
    /// With a limit of weight below that of a loaded truck.
    pub weight_limited: u64,
    /// Cut where the file lacks their nodes.
    pub cut: u64,
}

/// Why a file is not read.
#[derive(Debug, Error)]
pub enum OsmError {
    #[error("it cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("it is no .osm.pbf file: it does not begin with a header of OpenStreetMap")]
    NotOsm,
    #[error("it breaks off at byte {0}")]
    BreaksOff(u64),
    #[error("it is damaged at byte {at}: {reason}")]
    Damaged { at: u64, reason: String },
    #[error("it needs a reader that knows {0:?}; ordinary extracts of OpenStreetMap do not")]
    Feature(String),
    #[error("its roads and lines have more than {most} vertices; give --within WEST,SOUTH,EAST,NORTH, or cut the file first")]
    TooLarge { most: usize },
}

/// Reads the ways that carry peat. `open` opens the file, twice; `take` gets each way in the file's order and stops the
/// reading by `false`.
///
/// # Errors
/// [`OsmError`]: the file cannot be read, is no such file, is damaged, or too large.
pub fn read_ways<R: Read>(
    mut open: impl FnMut() -> std::io::Result<R>,
    wanted: &OsmWanted,
    take: &mut dyn FnMut(OsmWay) -> bool,
) -> Result<OsmSummary, OsmError> {
    let mut summary = OsmSummary::default();
    let mut ways = Vec::new();
    let mut vertices = 0_usize;
    each_block(open()?, |block| collect_ways(block, wanted, &mut ways, &mut vertices, &mut summary))?;

    let mut nodes: Vec<i64> = ways.iter().flat_map(|way: &Wanted| way.nodes.iter().copied()).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let mut places = vec![UNKNOWN; nodes.len()];
    if !nodes.is_empty() {
        each_block(open()?, |block| {
            collect_places(block, &nodes, &mut places);
            Ok(())
        })?;
    }
    for way in ways {
        let found = way.nodes.iter().map(|node| {
            let place = nodes.binary_search(node).map_or(UNKNOWN, |at| places[at]);
            (place != UNKNOWN).then(|| place.map(|units| f64::from(units) / 1e7))
        });
        let found: Vec<Option<[f64; 2]>> = found.collect();
        if !found.iter().flatten().any(|place| inside(wanted.within, *place)) {
            continue;
        }
        summary.one_way += u64::from(way.tags.one_way);
        summary.weight_limited += u64::from(way.tags.weight_limited);
        summary.cut += u64::from(found.iter().any(Option::is_none));
        for part in found.split(Option::is_none).filter(|part| part.len() > 1) {
            let mut vertices: Vec<[f64; 2]> = part.iter().copied().flatten().collect();
            vertices.dedup();
            if vertices.len() < 2 {
                continue;
            }
            summary.ways += 1;
            if !take(OsmWay { id: way.id, tags: way.tags.clone(), vertices }) {
                return Ok(summary);
            }
        }
    }
    Ok(summary)
}

/// A way of the first pass.
struct Wanted {
    id: i64,
    tags: WayTags,
    nodes: Vec<i64>,
}

fn collect_ways(
    block: &PrimitiveBlock,
    wanted: &OsmWanted,
    ways: &mut Vec<Wanted>,
    vertices: &mut usize,
    summary: &mut OsmSummary,
) -> Result<(), OsmError> {
    for way in block.groups().flat_map(|group| group.ways()) {
        let tags: HashMap<&str, &str> = way.tags().collect();
        let Some(tags) = understood(&tags, &wanted.speeds) else { continue };
        match tags.kind {
            WayKind::Winter if !wanted.winter => summary.winter_left_out += 1,
            WayKind::Disused if !wanted.disused => summary.disused_left_out += 1,
            _ => {
                *vertices += way.raw_refs().len();
                if *vertices > wanted.most_vertices {
                    return Err(OsmError::TooLarge { most: wanted.most_vertices });
                }
                ways.push(Wanted { id: way.id(), tags, nodes: way.refs().collect() });
            }
        }
    }
    Ok(())
}

fn collect_places(block: &PrimitiveBlock, nodes: &[i64], places: &mut [[i32; 2]]) {
    for element in block.elements() {
        let (id, longitude, latitude) = match element {
            Element::Node(node) => (node.id(), node.nano_lon(), node.nano_lat()),
            Element::DenseNode(node) => (node.id(), node.nano_lon(), node.nano_lat()),
            _ => continue,
        };
        if let Ok(at) = nodes.binary_search(&id) {
            places[at] = place(longitude, latitude).unwrap_or(UNKNOWN);
        }
    }
}

/// A place in units of 10⁻⁷ degrees, which OpenStreetMap keeps; none where it is not on the Earth.
fn place(nano_longitude: i64, nano_latitude: i64) -> Option<[i32; 2]> {
    #[expect(clippy::cast_precision_loss, reason = "degrees are told from nonsense")]
    let on_earth = (nano_longitude as f64 * NANO).abs() <= 180.0 && (nano_latitude as f64 * NANO).abs() <= 90.0;
    let units = |nano: i64| i32::try_from(nano / 100).ok();
    units(nano_longitude).zip(units(nano_latitude)).filter(|_| on_earth).map(|(longitude, latitude)| [longitude, latitude])
}

fn inside(within: Option<[f64; 4]>, [longitude, latitude]: [f64; 2]) -> bool {
    let in_box = |[west, south, east, north]: [f64; 4]| (west..=east).contains(&longitude) && (south..=north).contains(&latitude);
    within.is_none_or(in_box)
}

/// Gives each block of data of a file; the file must begin with a header and end with a whole blob.
fn each_block<R: Read>(mut file: R, mut take: impl FnMut(&PrimitiveBlock) -> Result<(), OsmError>) -> Result<(), OsmError> {
    let (mut at, mut is_first) = (0_u64, true);
    while let Some(frame) = next_frame(&mut file, at, is_first)? {
        let damaged = |error: osmpbf::Error| OsmError::Damaged { at, reason: error.to_string() };
        let blob = BlobReader::new(frame.as_slice()).next();
        let blob = blob.ok_or_else(|| OsmError::Damaged { at, reason: "a blob is empty".into() })?.map_err(damaged)?;
        match blob.decode() {
            Err(_) if is_first => return Err(OsmError::NotOsm),
            Err(error) => return Err(damaged(error)),
            Ok(BlobDecode::OsmHeader(header)) => {
                let unknown = header.required_features().iter().find(|feature| !UNDERSTOOD.contains(&feature.as_str()));
                if let Some(feature) = unknown {
                    return Err(OsmError::Feature(feature.clone()));
                }
            }
            Ok(_) if is_first => return Err(OsmError::NotOsm),
            Ok(BlobDecode::OsmData(block)) => take(&block)?,
            Ok(BlobDecode::Unknown(_)) => (),
        }
        at += frame.len() as u64;
        is_first = false;
    }
    if is_first { Err(OsmError::NotOsm) } else { Ok(()) }
}

/// The next blob with its header, as it stands in the file; none at the end.
fn next_frame(file: &mut impl Read, at: u64, is_first: bool) -> Result<Option<Vec<u8>>, OsmError> {
    let mut length = [0_u8; 4];
    let got = fill(file, &mut length)?;
    if got == 0 {
        return Ok(None);
    }
    let header = u32::from_be_bytes(length);
    let wrong = |reason: &str| if is_first { OsmError::NotOsm } else { OsmError::Damaged { at, reason: reason.to_owned() } };
    if got == 4 && header >= HEADER_BYTES {
        return Err(wrong("the header of a blob is larger than the format allows"));
    }
    if got < 4 {
        return Err(if is_first { OsmError::NotOsm } else { OsmError::BreaksOff(at) });
    }
    let mut frame = length.to_vec();
    read_on(file, &mut frame, u64::from(header), at)?;
    let size = data_size(&frame[4..]).filter(|size| *size <= BLOB_BYTES);
    let size = size.ok_or_else(|| wrong("the size of a blob is missing or larger than the format allows"))?;
    read_on(file, &mut frame, size, at)?;
    Ok(Some(frame))
}

fn read_on(file: &mut impl Read, frame: &mut Vec<u8>, count: u64, at: u64) -> Result<(), OsmError> {
    let got = file.take(count).read_to_end(frame)?;
    if (got as u64) < count { Err(OsmError::BreaksOff(at)) } else { Ok(()) }
}

/// Fills the bytes as far as the file goes.
fn fill(file: &mut impl Read, bytes: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < bytes.len() {
        match file.read(&mut bytes[got..]) {
            Ok(0) => break,
            Ok(count) => got += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// The size of the blob that follows its header (`datasize`, field 3 of the message `BlobHeader`).
fn data_size(mut header: &[u8]) -> Option<u64> {
    let mut size = None;
    while !header.is_empty() {
        let key = varint(&mut header)?;
        match key & 7 {
            0 => {
                let number = varint(&mut header)?;
                if key >> 3 == 3 {
                    size = Some(number);
                }
            }
            2 => {
                let length = usize::try_from(varint(&mut header)?).ok()?;
                header = header.get(length..)?;
            }
            _ => return None,
        }
    }
    size
}

/// A number of variable length, its lowest seven bits first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests;
