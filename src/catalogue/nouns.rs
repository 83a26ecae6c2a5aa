//! The typed nouns of a project and how they hang together.

use super::LoadedFeature;
use crate::model::{Constraint, Core, Deposit, FeatureId, Field, HaulLine, Layer, Plant, Probe, ReserveStatement};
use geo::{Area, BoundingRect, Contains, InteriorPoint, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// What computations work with; geometry is in the working system.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Nouns {
    pub deposits: Vec<Deposit>,
    pub fields: Vec<Field>,
    pub probes: Vec<Probe>,
    pub cores: Vec<Core>,
    pub reserve_statements: Vec<ReserveStatement>,
    pub constraints: Vec<Constraint>,
    pub plants: Vec<Plant>,
    /// Lines with their vertices in CRS84 beside.
    pub haul_lines: Vec<(HaulLine, Vec<geo::LineString>)>,
    /// By probe, the place of the deposit it lies in.
    pub deposit_of_probe: Vec<Option<usize>>,
    /// By core, the place of the deposit it lies in.
    pub deposit_of_core: Vec<Option<usize>>,
    /// By field, the place of the deposit it belongs to.
    pub deposit_of_field: Vec<Option<usize>>,
}

impl Nouns {
    pub(super) fn read(&mut self, layer: Layer, rows: &[LoadedFeature]) {
        fn all<T>(rows: &[LoadedFeature], read: impl Fn(&LoadedFeature) -> Option<T>) -> Vec<T> {
            rows.iter().filter_map(read).collect()
        }
        match layer {
            Layer::Deposits => self.deposits = all(rows, |r| Deposit::from_feature(&r.feature, r.working.as_ref())),
            Layer::Fields => self.fields = all(rows, |r| Field::from_feature(&r.feature, r.working.as_ref())),
            Layer::Probes => self.probes = all(rows, |r| Probe::from_feature(&r.feature, r.working.as_ref())),
            Layer::Cores => self.cores = all(rows, |r| Core::from_feature(&r.feature, r.working.as_ref())),
            Layer::ReserveStatements => self.reserve_statements = all(rows, |r| ReserveStatement::from_feature(&r.feature)),
            Layer::Constraints => self.constraints = all(rows, |r| Constraint::from_feature(&r.feature, r.working.as_ref())),
            Layer::Plants => self.plants = all(rows, |r| Plant::from_feature(&r.feature)),
            Layer::HaulNetwork => {
                let lines = |r: &LoadedFeature| {
                    let line = HaulLine::from_feature(&r.feature, r.working.as_ref())?;
                    let stored = HaulLine::from_feature(&r.feature, r.feature.geometry.as_ref())?;
                    Some((line, stored.lines))
                };
                self.haul_lines = all(rows, lines);
            }
            Layer::Consumers | Layer::Settlements | Layer::Districts | Layer::Waters => {}
        }
    }

    /// Finds which deposit each probe, core and field belongs to.
    pub(super) fn relate(&mut self) {
        let finder = DepositFinder::new(&self.deposits);
        self.deposit_of_probe = self.probes.iter().map(|probe| finder.at(probe.position)).collect();
        self.deposit_of_core = self.cores.iter().map(|core| finder.at(core.position)).collect();
        self.deposit_of_field = self
            .fields
            .iter()
            .map(|field| match &field.deposit {
                Some(name) => self.deposit_named(name),
                None => field.outline.interior_point().and_then(|point| finder.at(point)),
            })
            .collect();
    }

    /// The place of a deposit by its identifier, its code or one of its names, in this order.
    #[must_use]
    pub fn deposit_named(&self, name: &str) -> Option<usize> {
        named(&self.deposits, name, |d| (Some(d.id), d.code.as_deref(), Some(&d.name), d.name_ru.as_deref()))
    }

    /// The place of a plant by its identifier, its code or one of its names, in this order.
    #[must_use]
    pub fn plant_named(&self, name: &str) -> Option<usize> {
        named(&self.plants, name, |p| (p.id, p.code.as_deref(), p.name.as_deref(), p.name_ru.as_deref()))
    }

    /// Statements on a deposit.
    pub fn statements_on(&self, deposit: usize) -> impl Iterator<Item = &ReserveStatement> {
        self.reserve_statements.iter().filter(move |statement| self.deposit_named(&statement.deposit) == Some(deposit))
    }
}

type Names<'a> = (Option<FeatureId>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn named<'a, T>(nouns: &'a [T], wanted: &str, names: impl Fn(&'a T) -> Names<'a>) -> Option<usize> {
    let wanted = wanted.trim();
    let same = |name: Option<&str>| name.is_some_and(|name| name.to_lowercase() == wanted.to_lowercase());
    let by_id = wanted.parse::<FeatureId>().ok().and_then(|id| nouns.iter().position(|noun| names(noun).0 == Some(id)));
    by_id
        .or_else(|| nouns.iter().position(|noun| same(names(noun).1)))
        .or_else(|| nouns.iter().position(|noun| same(names(noun).2) || same(names(noun).3)))
}

/// Finds the deposit at a place; the smallest where outlines overlap.
struct DepositFinder<'a> {
    deposits: &'a [Deposit],
    areas: Vec<f64>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl<'a> DepositFinder<'a> {
    fn new(deposits: &'a [Deposit]) -> Self {
        let bounds = deposits.iter().enumerate().filter_map(|(place, deposit)| {
            let rect = deposit.outline.bounding_rect()?;
            let corners = Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
            Some(GeomWithData::new(corners, place))
        });
        let areas = deposits.iter().map(|deposit| deposit.outline.unsigned_area()).collect();
        Self { deposits, areas, tree: RTree::bulk_load(bounds.collect()) }
    }

    fn at(&self, point: Point) -> Option<usize> {
        let here = AABB::from_point([point.x(), point.y()]);
        let found = self.tree.locate_in_envelope_intersecting(&here).map(|bounds| bounds.data);
        found
            .filter(|place| self.deposits[*place].outline.contains(&point))
            .min_by(|a, b| self.areas[*a].total_cmp(&self.areas[*b]))
    }
}
