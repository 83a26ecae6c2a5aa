//! The typed nouns of a project and how they hang together. Each list is shared by all pictures in which its layer is
//! the same.

use super::relations::DepositFinder;
use super::{Catalogue, Changed, LayerTable};
use crate::crs::{Crs, CrsError, Reprojection};
use crate::model::{
    Constraint, Consumer, Core, Deposit, Feature, FeatureId, Field, HaulLine, Layer, Plant, Probe, ReserveStatement, Scenario,
    StoredWeather,
};
use geo::{Geometry, InteriorPoint, Point};
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows that one thread takes at a time.
const ROWS_AT_ONCE: usize = 8_192;
/// Rows without a place in the working system that the log names one by one.
const NAMED_IN_LOG: usize = 10;

/// Which deposit each of a list belongs to, by its place.
pub type Homes = Arc<Vec<Option<usize>>>;

/// What computations work with; geometry is in the working system.
#[derive(Debug, Default, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Nouns {
    pub deposits: Arc<Vec<Deposit>>,
    pub fields: Arc<Vec<Field>>,
    pub probes: Arc<Vec<Probe>>,
    pub cores: Arc<Vec<Core>>,
    pub reserve_statements: Arc<Vec<ReserveStatement>>,
    pub constraints: Arc<Vec<Constraint>>,
    pub plants: Arc<Vec<Plant>>,
    pub consumers: Arc<Vec<Consumer>>,
    pub scenarios: Arc<Vec<Scenario>>,
    pub weather_years: Arc<Vec<StoredWeather>>,
    /// Lines with their vertices in CRS84 beside.
    pub haul_lines: Arc<Vec<HaulLineAsStored>>,
    /// By probe, the place of the deposit it lies in.
    pub deposit_of_probe: Homes,
    /// By core, the place of the deposit it lies in.
    pub deposit_of_core: Homes,
    /// By field, the place of the deposit it belongs to.
    pub deposit_of_field: Homes,
}

/// A line in the working system, and its parts in CRS84.
pub type HaulLineAsStored = (HaulLine, Vec<geo::LineString>);

fn haul_line(feature: &Feature, working: Option<&Geometry>) -> Option<HaulLineAsStored> {
    let line = HaulLine::from_feature(feature, working)?;
    let stored = HaulLine::from_feature(feature, feature.geometry.as_ref())?;
    Some((line, stored.lines))
}

impl Nouns {
    /// The nouns after some layers have changed; the others are shared.
    pub(super) fn renewed(&self, tables: &[Arc<LayerTable>], changed: &[Layer], crs: &Crs) -> Result<Self, CrsError> {
        let mut nouns = self.clone();
        for layer in changed {
            let table = &tables[*layer as usize];
            match layer {
                Layer::Deposits => nouns.deposits = all(*layer, table, crs, Deposit::from_feature)?,
                Layer::Fields => nouns.fields = all(*layer, table, crs, Field::from_feature)?,
                Layer::Probes => nouns.probes = all(*layer, table, crs, Probe::from_feature)?,
                Layer::Cores => nouns.cores = all(*layer, table, crs, Core::from_feature)?,
                Layer::ReserveStatements => {
                    nouns.reserve_statements = all(*layer, table, crs, |row, _| ReserveStatement::from_feature(row))?;
                }
                Layer::Constraints => nouns.constraints = all(*layer, table, crs, Constraint::from_feature)?,
                Layer::Plants => nouns.plants = all(*layer, table, crs, |row, _| Plant::from_feature(row))?,
                Layer::Scenarios => nouns.scenarios = all(*layer, table, crs, |row, _| Scenario::from_feature(row))?,
                Layer::WeatherYears => {
                    nouns.weather_years = all(*layer, table, crs, |row, _| StoredWeather::from_feature(row))?;
                }
                Layer::HaulNetwork => nouns.haul_lines = all(*layer, table, crs, haul_line)?,
                Layer::Consumers => nouns.consumers = all(*layer, table, crs, |row, _| Consumer::from_feature(row))?,
                Layer::Settlements | Layer::Districts | Layer::Waters => {}
            }
        }
        nouns.relate(changed);
        Ok(nouns)
    }

    /// The nouns after one row has changed.
    pub(super) fn with(&self, layer: Layer, changed: &Changed, crs: &Crs) -> Result<Self, CrsError> {
        let mut nouns = self.clone();
        let way = Reprojection::new(&Crs::crs84(), crs)?;
        let working = changed.feature().and_then(|row| working_geometry(layer, row, &way, &AtomicUsize::new(0)));
        let row = changed.feature().map(|row| (row, working.as_ref()));
        let id = changed.id();
        match layer {
            Layer::Deposits => {
                put(&mut nouns.deposits, id, |noun| noun.id, row.and_then(|(row, at)| Deposit::from_feature(row, at)));
            }
            Layer::Fields => {
                put(&mut nouns.fields, id, |noun| noun.id, row.and_then(|(row, at)| Field::from_feature(row, at)));
            }
            Layer::Probes => {
                let probe = row.and_then(|(row, at)| Probe::from_feature(row, at));
                let home = probe.as_ref().map(|probe| DepositFinder::new(&nouns.deposits).at(probe.position));
                let place = nouns.probes.binary_search_by_key(&id, |noun| noun.id);
                put_at(&mut nouns.probes, place, probe);
                put_at(&mut nouns.deposit_of_probe, place, home);
                // A million probes need not be asked again where they lie.
                return Ok(nouns);
            }
            Layer::Cores => {
                put(&mut nouns.cores, id, |noun| noun.id, row.and_then(|(row, at)| Core::from_feature(row, at)));
            }
            Layer::ReserveStatements => {
                let statement = row.and_then(|(row, _)| ReserveStatement::from_feature(row));
                put(&mut nouns.reserve_statements, id, |noun| noun.id, statement);
            }
            Layer::Constraints => {
                put(&mut nouns.constraints, id, |noun| noun.id, row.and_then(|(row, at)| Constraint::from_feature(row, at)));
            }
            Layer::Plants => {
                let plant = row.and_then(|(row, _)| Plant::from_feature(row));
                put(&mut nouns.plants, id, |noun| noun.id.unwrap_or_default(), plant);
            }
            Layer::Scenarios => {
                put(&mut nouns.scenarios, id, |noun| noun.id, row.and_then(|(row, _)| Scenario::from_feature(row)));
            }
            Layer::WeatherYears => {
                put(&mut nouns.weather_years, id, |noun| noun.id, row.and_then(|(row, _)| StoredWeather::from_feature(row)));
            }
            Layer::HaulNetwork => {
                put(&mut nouns.haul_lines, id, |(line, _)| line.id, row.and_then(|(row, at)| haul_line(row, at)));
            }
            Layer::Consumers => {
                let consumer = row.and_then(|(row, _)| Consumer::from_feature(row));
                put(&mut nouns.consumers, id, |noun| noun.id.unwrap_or_default(), consumer);
            }
            Layer::Settlements | Layer::Districts | Layer::Waters => {}
        }
        nouns.relate(&[layer]);
        Ok(nouns)
    }

    /// Finds which deposit each probe, core and field belongs to, as far as a change of these layers can have moved it.
    fn relate(&mut self, changed: &[Layer]) {
        let all = changed.contains(&Layer::Deposits);
        let touched = |layer: Layer| all || changed.contains(&layer);
        let finder = DepositFinder::new(&self.deposits);
        if touched(Layer::Probes) {
            let homes = self.probes.par_iter().with_min_len(ROWS_AT_ONCE).map(|probe| finder.at(probe.position));
            self.deposit_of_probe = Arc::new(homes.collect());
        }
        if touched(Layer::Cores) {
            self.deposit_of_core = Arc::new(self.cores.iter().map(|core| finder.at(core.position)).collect());
        }
        if touched(Layer::Fields) {
            let home = |field: &Field| {
                let around = || field.outline.interior_point().and_then(|point: Point| finder.at(point));
                field.deposit.as_ref().map_or_else(around, |name| self.deposit_named(name, around))
            };
            self.deposit_of_field = Arc::new(self.fields.iter().map(home).collect());
        }
    }

    /// Statements on a deposit.
    pub fn statements_on(&self, deposit: usize) -> impl Iterator<Item = &ReserveStatement> {
        self.reserve_statements.iter().filter(move |statement| self.deposit_named(&statement.deposit, || None) == Some(deposit))
    }
}

/// Reads every row of a table that makes a noun, in the order of the rows.
fn all<T: Send>(
    layer: Layer,
    table: &LayerTable,
    crs: &Crs,
    read: impl Fn(&Feature, Option<&Geometry>) -> Option<T> + Sync,
) -> Result<Arc<Vec<T>>, CrsError> {
    let lost = AtomicUsize::new(0);
    let is_read = |name: &str| layer != Layer::Probes || Probe::PROPERTIES.contains(&name);
    let properties = layer.schema().properties.iter().enumerate();
    let columns: Vec<usize> = properties.filter(|(_, property)| is_read(&property.name)).map(|(place, _)| place).collect();
    let some = |rows: std::ops::Range<usize>| -> Result<Vec<T>, CrsError> {
        let way = Reprojection::new(&Crs::crs84(), crs)?;
        Ok(table.read_rows(rows, &columns, |feature| read(feature, working_geometry(layer, feature, &way, &lost).as_ref())))
    };
    let nouns = if table.len() <= ROWS_AT_ONCE {
        // PROJ's handles are made once a thread: a small layer is read before another thread has its own.
        some(0..table.len())?
    } else {
        let starts: Vec<usize> = (0..table.len()).step_by(ROWS_AT_ONCE).collect();
        let parts = starts.into_par_iter().map(|start| some(start..table.len().min(start + ROWS_AT_ONCE)));
        let parts: Vec<Vec<T>> = parts.collect::<Result<_, _>>()?;
        let mut nouns = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for part in parts {
            nouns.extend(part);
        }
        nouns
    };
    let lost = lost.into_inner();
    if lost > NAMED_IN_LOG {
        tracing::warn!(%layer, rows = lost, "rows have no place in the working system");
    }
    Ok(Arc::new(nouns))
}

fn working_geometry(layer: Layer, row: &Feature, way: &Reprojection, lost: &AtomicUsize) -> Option<Geometry> {
    let geometry = row.geometry.as_ref().filter(|_| Catalogue::needs_working_geometry(layer))?;
    let moved = way.geometry(geometry);
    if let Err(error) = &moved
        && lost.fetch_add(1, Ordering::Relaxed) < NAMED_IN_LOG
    {
        tracing::warn!(%layer, id = row.id, %error, "row has no place in the working system");
    }
    moved.ok()
}

/// Puts the noun of a row in, in the place of the one that was there; none takes that out. Lists are in the order of
/// their identifiers.
fn put<T: Clone>(nouns: &mut Arc<Vec<T>>, id: FeatureId, id_of: impl Fn(&T) -> FeatureId, new: Option<T>) {
    let place = nouns.binary_search_by_key(&id, id_of);
    put_at(nouns, place, new);
}

/// The same at a place, where the noun is or where it would be.
fn put_at<T: Clone>(list: &mut Arc<Vec<T>>, place: Result<usize, usize>, new: Option<T>) {
    let range = match place {
        Ok(there) => there..there + 1,
        Err(_) if new.is_none() => return,
        Err(here) => here..here,
    };
    drop(Arc::make_mut(list).splice(range, new));
}
