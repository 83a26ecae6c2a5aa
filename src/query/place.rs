//! Where rows are wanted: boxes, or an area that a box of another system covers.

use super::bbox::{Bbox, meets};
use crate::catalogue::{LayerTable, bounds_of};
use fixedbitset::FixedBitSet;
use geo::{Geometry, Intersects, MultiPolygon};
use std::fmt::{self, Display, Formatter};

/// Where rows are wanted, CRS84. Rows without geometry match every place (OGC API Features, requirement 25).
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// A box of longitudes and latitudes.
    Box(Bbox),
    /// West, south, east, north each, none over the antimeridian.
    Boxes(Vec<[f64; 4]>),
    /// What a box of another system covers, its edges with points enough to follow their curves.
    Area(MultiPolygon),
}

impl Place {
    /// Rows in the place.
    pub(super) fn rows(&self, table: &LayerTable) -> FixedBitSet {
        let mut found = FixedBitSet::with_capacity(table.len());
        for row in table.rows_without_geometry() {
            found.insert(*row as usize);
        }
        let mut add = |near: [f64; 4], inside: &dyn Fn([f64; 4], &Geometry) -> bool| {
            for row in table.rows_near(near) {
                let row = row as usize;
                if let (false, Some(bounds), Some(own)) = (found.contains(row), table.bounds(row), table.geometry(row))
                    && inside(bounds, &own)
                {
                    found.insert(row);
                }
            }
        };
        match self {
            Self::Box(bbox) => bbox.parts().into_iter().for_each(|part| add(part, &|bounds, own| meets(part, bounds, own))),
            Self::Boxes(parts) => parts.iter().for_each(|part| add(*part, &|bounds, own| meets(*part, bounds, own))),
            Self::Area(area) => {
                if let Some(near) = bounds_of(&Geometry::MultiPolygon(area.clone())) {
                    add(near, &|_, own| area.intersects(own));
                }
            }
        }
        found
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // As two boxes where it spans the antimeridian.
            Self::Box(bbox) => write!(f, "{:?}", bbox.parts()),
            Self::Boxes(parts) => write!(f, "{parts:?}"),
            Self::Area(area) => write!(f, "{}", super::Syntax::Geometry(Geometry::MultiPolygon(area.clone()))),
        }
    }
}
