//! All features of a layer on the grid of one zoom, with an index of their bounds.

use super::clip::meets;
use super::shape::{Bounds, Kind, Place, Shape, bounds_of};
use super::simple_rings::are_simple;
use super::simplified::{Drawn, repaired, simplified, wound};
use super::{BUFFER, EXTENT, EXTENT_BITS, PIXEL, TileFeatures};
use crate::crs::CrsError;
use crate::tiles::matrix_set::{MatrixAddress, Places, TileMatrixSet};
use geo::{Coord, Geometry, LineString, Polygon};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use rayon::prelude::*;
use std::collections::HashSet;

/// A feature as it is drawn.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub row: u32,
    pub kind: Kind,
    pub bounds: Bounds,
    pub drawn: Drawn,
}

/// Features on the grid of a zoom, in the order of their rows.
#[derive(Debug)]
pub struct Level {
    zoom: u8,
    deepest: u8,
    entries: Vec<Entry>,
    index: Option<RTree<i32>>,
    size: usize,
}

impl Level {
    /// Every feature on the grid of the set's deepest zoom. What the set's system cannot hold is left out.
    ///
    /// # Errors
    /// No way to the set's system.
    pub fn deepest(features: &dyn TileFeatures, set: &TileMatrixSet) -> Result<Self, CrsError> {
        // The handles of PROJ stay on their thread, so each piece of the rows makes its own.
        const PIECE: usize = 512;
        let rows: Vec<usize> = (0..features.len()).collect();
        let pieces: Result<Vec<Vec<Entry>>, CrsError> = rows
            .par_chunks(PIECE)
            .map(|rows| {
                let grid = Grid { places: set.places()?, units: f64::from(1_u32 << (set.deepest + EXTENT_BITS)) };
                Ok(rows.iter().filter_map(|row| grid.entry(*row, features.geometry(*row)?.as_ref())).collect())
            })
            .collect();
        Ok(Self::of(set.deepest, set.deepest, pieces?.into_iter().flatten().collect()))
    }

    /// The same features at a coarser zoom.
    #[must_use]
    pub fn coarser(&self, zoom: u8) -> Self {
        let shift = self.deepest.saturating_sub(zoom);
        if shift == 0 {
            return Self::of(self.deepest, self.deepest, self.entries.clone());
        }
        let entries: Vec<Entry> = self.entries.par_iter().map(|entry| entry.coarser(shift)).collect();
        Self::of(zoom, self.deepest, one_a_pixel(entries))
    }

    /// Of the features that a tile of some zoom reaches, those that are asked for, at that zoom.
    #[must_use]
    pub fn selected(&self, address: MatrixAddress, is_asked: &(dyn Fn(u32) -> bool + Sync)) -> Self {
        let shift = self.deepest.saturating_sub(address.zoom);
        let window = window(address).map(|limit| i64::from(limit) << shift);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to the numbers of the grid")]
        let window = window.map(|limit| limit.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
        let asked = self.within(window).into_iter().filter(|entry| is_asked(entry.row));
        if shift == 0 {
            return Self::of(address.zoom, self.deepest, asked.cloned().collect());
        }
        let entries = asked.map(|entry| entry.coarser(shift)).collect();
        Self::of(address.zoom, self.deepest, one_a_pixel(entries))
    }

    fn of(zoom: u8, deepest: u8, entries: Vec<Entry>) -> Self {
        let heap = |entry: &Entry| if let Drawn::Whole(shape) = &entry.drawn { shape.size() } else { 0 };
        let shapes = entries.iter().map(heap).sum::<usize>();
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let index = (count > 0).then(|| {
            let mut builder = RTreeBuilder::<i32>::new(count);
            for Entry { bounds, .. } in &entries {
                builder.add(bounds[0], bounds[1], bounds[2], bounds[3]);
            }
            builder.finish::<HilbertSort>()
        });
        // The tree has a box and a number a feature, and some more for its nodes.
        let size = shapes + entries.len() * (size_of::<Entry>() + 24);
        Self { zoom, deepest, entries, index, size }
    }

    /// The zoom.
    #[must_use]
    pub fn zoom(&self) -> u8 {
        self.zoom
    }

    /// Features whose bounds meet a tile: about the work that the tile is.
    #[must_use]
    pub fn features_near(&self, address: MatrixAddress) -> usize {
        let [left, top, right, bottom] = window(address);
        self.index.as_ref().map_or(0, |index| index.search(left, top, right, bottom).len())
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Features whose bounds meet a window, in the order of their rows.
    pub(super) fn within(&self, window: Bounds) -> Vec<&Entry> {
        let Some(index) = &self.index else { return Vec::new() };
        let mut found = index.search(window[0], window[1], window[2], window[3]);
        found.sort_unstable();
        found.into_iter().map(|place| &self.entries[place as usize]).filter(|entry| meets(entry.bounds, window)).collect()
    }
}

impl Entry {
    fn coarser(&self, shift: u8) -> Self {
        let drawn = match &self.drawn {
            Drawn::Whole(shape) => simplified(shape, self.bounds, shift),
            Drawn::Dot(place) => Drawn::Dot(place.map(|number| super::simplified::coarse(number, shift))),
        };
        let bounds = match &drawn {
            Drawn::Whole(shape) => shape.bounds().unwrap_or_default(),
            // The pixel that it is drawn as lies round it.
            Drawn::Dot(place) => pixel_bounds(*place),
        };
        Self { row: self.row, kind: self.kind, bounds, drawn }
    }
}

/// The pixel that a place lies in.
pub(super) fn pixel_bounds(place: Place) -> Bounds {
    let [left, top] = place.map(|number| number.div_euclid(PIXEL) * PIXEL);
    [left, top, left + PIXEL, top + PIXEL]
}

/// The window of a tile, its buffer included.
pub(super) fn window(address: MatrixAddress) -> Bounds {
    let [left, top] = origin(address);
    [left - BUFFER, top - BUFFER, left + EXTENT + BUFFER, top + EXTENT + BUFFER]
}

/// The upper left corner of a tile. At the deepest zooms the grid has 29 bits.
#[expect(clippy::cast_possible_wrap, reason = "columns and rows have 17 bits at most")]
pub(super) fn origin(address: MatrixAddress) -> Place {
    [address.column as i32 * EXTENT, address.row as i32 * EXTENT]
}

/// Leaves the first dot of each kind in a pixel.
fn one_a_pixel(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut taken: HashSet<(u8, Place)> = HashSet::new();
    entries.retain(|entry| match entry.drawn {
        Drawn::Whole(_) => true,
        Drawn::Dot(place) => taken.insert((entry.kind as u8, place.map(|number| number.div_euclid(PIXEL)))),
    });
    entries.shrink_to_fit();
    entries
}

/// The grid of the deepest zoom.
struct Grid<'a> {
    places: Places<'a>,
    units: f64,
}

impl Grid<'_> {
    fn entry(&self, row: usize, geometry: &Geometry) -> Option<Entry> {
        let row = u32::try_from(row).ok()?;
        let shape = match geometry {
            Geometry::Point(point) => {
                let place = self.place(point.0)?;
                let bounds = [place[0], place[1], place[0], place[1]];
                return Some(Entry { row, kind: Kind::Point, bounds, drawn: Drawn::Dot(place) });
            }
            Geometry::MultiPoint(points) => {
                let mut places = points.iter().map(|point| self.place(point.0)).collect::<Option<Vec<Place>>>()?;
                places.sort_unstable();
                places.dedup();
                Shape::Points(places)
            }
            Geometry::LineString(line) => Shape::Lines(vec![self.line(line)?]),
            Geometry::MultiLineString(lines) => {
                Shape::Lines(lines.0.iter().filter(|line| !line.0.is_empty()).map(|line| self.line(line)).collect::<Option<_>>()?)
            }
            Geometry::Polygon(polygon) => Shape::Polygons(self.polygon(polygon)?),
            Geometry::MultiPolygon(polygons) => {
                let parts = polygons.0.iter().map(|polygon| self.polygon(polygon)).collect::<Option<Vec<_>>>()?;
                Shape::Polygons(parts.into_iter().flatten().collect())
            }
            // Layers hold none of these.
            _ => return None,
        };
        let bounds = shape.bounds()?;
        Some(Entry { row, kind: shape.kind(), bounds, drawn: Drawn::Whole(shape) })
    }

    #[expect(clippy::cast_possible_truncation, reason = "the grid has 29 bits at most")]
    fn place(&self, place: Coord) -> Option<Place> {
        let share = self.places.share(place.x, place.y)?;
        Some(share.map(|share| (share * self.units).round() as i32))
    }

    fn line(&self, line: &LineString) -> Option<Vec<Place>> {
        let mut places = line.0.iter().map(|place| self.place(*place)).collect::<Option<Vec<Place>>>()?;
        places.dedup();
        let first = *places.first()?;
        if places.len() == 1 {
            // Shorter than a unit, and yet there.
            places.push([first[0] + 1, first[1]]);
        }
        Some(places)
    }

    fn polygon(&self, polygon: &Polygon) -> Option<Vec<Vec<Vec<Place>>>> {
        let ring = |line: &LineString| line.0.iter().map(|place| self.place(*place)).collect::<Option<Vec<Place>>>();
        let outline = ring(polygon.exterior())?;
        let Some([left, top, ..]) = bounds_of(&outline) else { return Some(Vec::new()) };
        let outer = wound(outline, true).unwrap_or_else(|| {
            // Narrower than a unit, and yet there.
            vec![[left, top], [left + 1, top], [left + 1, top + 1], [left, top + 1]]
        });
        let mut rings = vec![outer];
        for hole in polygon.interiors() {
            rings.extend(wound(ring(hole)?, false));
        }
        Some(if are_simple(&rings) { vec![rings] } else { repaired(rings) })
    }
}
