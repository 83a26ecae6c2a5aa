//! Which rows lie near a box: a packed tree made once, and the few rows that have changed since beside it.

use super::shapes::Shapes;
use geo_index::kdtree::{KDTree, KDTreeBuilder, KDTreeIndex};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use std::sync::Arc;

/// Changed rows that are looked through one by one before the tree is made anew.
const MOST_LOOSE: usize = 1_024;
/// Stands in `rows` for a place of the tree whose row has changed or gone.
const GONE: u32 = u32::MAX;

#[derive(Debug)]
enum Tree {
    /// Points need no boxes: a quarter of the memory.
    Points(KDTree<f64>),
    Boxes(RTree<f64>),
}

/// Rows by their bounds.
#[derive(Debug, Clone, Default)]
pub(super) struct SpatialIndex {
    tree: Option<Arc<Tree>>,
    /// By the tree's number, the row; none where they are the same.
    rows: Option<Vec<u32>>,
    /// Rows that have changed since the tree was made.
    loose: Vec<u32>,
    /// Rows without geometry, ascending.
    without_geometry: Vec<u32>,
}

pub(super) fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(GONE)
}

impl SpatialIndex {
    pub(super) fn new(shapes: &Shapes, count: usize) -> Self {
        let (indexed, without_geometry): (Vec<u32>, Vec<u32>) =
            (0..row_number(count)).partition(|row| shapes.bounds(*row as usize).is_some());
        let tree = (!indexed.is_empty()).then(|| Arc::new(Tree::new(shapes, &indexed)));
        let rows = (!without_geometry.is_empty()).then_some(indexed);
        Self { tree, rows, loose: Vec::new(), without_geometry }
    }

    pub(super) fn rows_near(&self, shapes: &Shapes, [west, south, east, north]: [f64; 4]) -> Vec<u32> {
        let mut found = match self.tree.as_deref() {
            None => Vec::new(),
            Some(Tree::Points(tree)) => tree.range(west, south, east, north),
            Some(Tree::Boxes(tree)) => tree.search(west, south, east, north),
        };
        if let Some(rows) = &self.rows {
            for place in &mut found {
                *place = rows[*place as usize];
            }
            found.retain(|row| *row != GONE);
        }
        let meets = |row: &u32| {
            let bounds = shapes.bounds(*row as usize);
            bounds.is_some_and(|[w, s, e, n]| w <= east && e >= west && s <= north && n >= south)
        };
        found.extend(self.loose.iter().copied().filter(meets));
        found
    }

    pub(super) fn without_geometry(&self) -> &[u32] {
        &self.without_geometry
    }

    /// The index after a row was put in (`before` is false), changed (both true) or taken out (`after` is false); `count` is
    /// how many rows there are now.
    pub(super) fn changed(mut self, shapes: &Shapes, row: usize, before: bool, after: bool, count: usize) -> Self {
        let place = row_number(row);
        if self.loose.len() >= MOST_LOOSE || (!before && row + 1 != count) {
            return Self::new(shapes, count);
        }
        if before {
            self.forget(place);
        }
        if before && !after {
            for number in self.rows.iter_mut().flatten().chain(&mut self.loose).chain(&mut self.without_geometry) {
                if *number != GONE && *number > place {
                    *number -= 1;
                }
            }
        }
        if after {
            if shapes.bounds(row).is_some() {
                self.loose.push(place);
            } else {
                let at = self.without_geometry.partition_point(|number| *number < place);
                self.without_geometry.insert(at, place);
            }
        }
        self
    }

    fn forget(&mut self, row: u32) {
        self.loose.retain(|number| *number != row);
        self.without_geometry.retain(|number| *number != row);
        let in_tree = match self.tree.as_deref() {
            None => 0,
            Some(Tree::Points(tree)) => tree.num_items(),
            Some(Tree::Boxes(tree)) => tree.num_items(),
        };
        let rows = self.rows.get_or_insert_with(|| (0..in_tree).collect());
        if let Some(place) = rows.iter_mut().find(|number| **number == row) {
            *place = GONE;
        }
    }
}

impl Tree {
    fn new(shapes: &Shapes, rows: &[u32]) -> Self {
        let bounds = rows.iter().filter_map(|row| shapes.bounds(*row as usize));
        if shapes.points().is_some() {
            let mut builder = KDTreeBuilder::<f64>::new(row_number(rows.len()));
            bounds.for_each(|[x, y, ..]| {
                builder.add(x, y);
            });
            Self::Points(builder.finish())
        } else {
            let mut builder = RTreeBuilder::<f64>::new(row_number(rows.len()));
            bounds.for_each(|[west, south, east, north]| {
                builder.add(west, south, east, north);
            });
            Self::Boxes(builder.finish::<HilbertSort>())
        }
    }
}
