//! Which deposit a place lies in.

use crate::model::Deposit;
use geo::{Area, BoundingRect, Contains, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Finds the deposit at a place; the smallest where outlines overlap.
pub(super) struct DepositFinder<'a> {
    deposits: &'a [Deposit],
    areas: Vec<f64>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl<'a> DepositFinder<'a> {
    pub(super) fn new(deposits: &'a [Deposit]) -> Self {
        let bounds = deposits.iter().enumerate().filter_map(|(place, deposit)| {
            let rect = deposit.outline.bounding_rect()?;
            let corners = Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
            Some(GeomWithData::new(corners, place))
        });
        let areas = deposits.iter().map(|deposit| deposit.outline.unsigned_area()).collect();
        Self { deposits, areas, tree: RTree::bulk_load(bounds.collect()) }
    }

    pub(super) fn at(&self, point: Point) -> Option<usize> {
        let here = AABB::from_point([point.x(), point.y()]);
        let found = self.tree.locate_in_envelope_intersecting(&here).map(|bounds| bounds.data);
        found
            .filter(|place| self.deposits[*place].outline.contains(&point))
            .min_by(|a, b| self.areas[*a].total_cmp(&self.areas[*b]))
    }
}
