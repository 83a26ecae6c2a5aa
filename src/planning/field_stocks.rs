//! What each field holds: the deposit's depth over the field's area, taken down the ladder once for all plants.

use super::Workbench;
use crate::crs::{Crs, Reprojection};
use crate::geostat::Unwatched;
use crate::model::{DefaultUsed, Field};
use crate::reserves::is_of_division;
use crate::reserves::{
    ColumnContent, ComputedReserves, ConstraintUse, LadderInputs, PeatColumn, PeatContent, ReserveRequest, StepName, Warning,
    ladder, rings,
};
use crate::supply::{Access, FieldLabels, FieldStock, HaulOrigin, Place};
use crate::units::{MegaJoulesPerKilogram, Share, SquareMetres};
use geo::{Area, BooleanOps, InteriorPoint, MultiPolygon};
use std::collections::{BTreeMap, HashSet};

/// A field ready to supply.
#[derive(Debug)]
pub(super) struct FieldEntry {
    pub stock: FieldStock,
    pub labels: FieldLabels,
    pub place: Place,
    /// What its deliverable fuel is made of.
    pub content: PeatContent,
    /// Sulphur in the dry matter, mean of its deposit's cores; none where none says.
    pub sulphur: Option<f64>,
    /// Whether no core of its deposit has a calorific value.
    pub heat_is_default: bool,
    /// Where trucks reach a road from it.
    access: Option<Access>,
    /// Where wagons are loaded at it.
    siding: Option<Access>,
}

impl FieldEntry {
    /// Where its peat sets out.
    pub(super) fn haul_origin(&self) -> HaulOrigin {
        HaulOrigin { place: self.place, access: self.access, siding: self.siding }
    }
}

/// The fields of a project, whatever their state.
#[derive(Debug)]
pub(super) struct FieldStocks {
    pub fields: Vec<FieldEntry>,
    /// What should be known of them.
    pub warnings: Vec<Warning>,
    /// Defaults that the stocks rest on.
    pub rests_on: Vec<DefaultUsed>,
}

impl FieldStocks {
    /// Computes stocks by the default method of the reserves, with constraints applied.
    pub(super) fn compute(bench: &Workbench) -> Self {
        let nouns = &bench.catalogue.nouns;
        let mut request = ReserveRequest::default();
        request.choices.constraints = ConstraintUse::Apply;
        let mut stocks = Self { fields: Vec::new(), warnings: Vec::new(), rests_on: Vec::new() };
        let mut by_deposit: BTreeMap<usize, Vec<&Field>> = BTreeMap::new();
        for (field, home) in nouns.fields.iter().zip(nouns.deposit_of_field.iter()) {
            if let Some(deposit) = home {
                by_deposit.entry(*deposit).or_default().push(field);
            } else {
                let text = format!("field {} lies in no deposit and names none that is known; it is left out", field.name);
                stocks.warnings.push(Warning::new("field_without_deposit", text));
            }
        }
        for (deposit, mut fields) in by_deposit {
            // Where outlines overlap, the smaller field has the peat.
            fields.sort_by(|a, b| a.outline.unsigned_area().total_cmp(&b.outline.unsigned_area()));
            let mut given = HashSet::new();
            match bench.computed_reserves(deposit, &request, &Unwatched) {
                Ok(computed) => {
                    stocks.add_defaults(&computed.estimate.rests_on);
                    for field in fields {
                        stocks.add(bench, deposit, field, &computed, &mut given);
                    }
                }
                Err(error) => stocks.warnings.push(Warning::new("deposit_without_depth", error.to_string())),
            }
        }
        stocks
    }

    fn add(&mut self, bench: &Workbench, deposit: usize, field: &Field, computed: &ComputedReserves, given: &mut HashSet<usize>) {
        let back = Reprojection::new(&bench.catalogue.project.working_crs, &Crs::crs84());
        let Some(point) = field.outline.interior_point() else { return };
        let Some((longitude, latitude)) = back.and_then(|back| back.point(point.x(), point.y())).ok() else { return };
        let place = Place { working: [point.x(), point.y()], crs84: [longitude, latitude] };
        let thickness = &computed.thickness;
        let mut under = thickness.grid.cells_inside(&rings(&field.outline));
        under.retain(|cell| thickness.cells.binary_search(cell).is_ok());
        let all = under.len();
        under.retain(|cell| given.insert(*cell));
        let mut overlaps = under.len() < all;
        let cells = if all > 0 {
            FieldCells::Own { under, all }
        } else {
            // No centre of a cell lies in a narrow field: it takes the depth of the cell that its middle lies in.
            let around = thickness.grid.cell_at(point.x(), point.y());
            let around = around.filter(|cell| thickness.cells.binary_search(cell).is_ok());
            overlaps = around.is_some_and(|cell| given.contains(&cell));
            around.filter(|_| !overlaps).map_or(FieldCells::None, FieldCells::Around)
        };
        if overlaps {
            let text = format!("field {} overlaps another one; peat under both is counted for the smaller", field.name);
            self.warnings.push(Warning::new("fields_overlap", text));
        }
        let columns = columns_of(field, &bench.catalogue.nouns.deposits[deposit].outline, computed, &cells);
        if columns.is_empty() && !overlaps {
            let text = format!("field {} lies outside its deposit; it holds nothing", field.name);
            self.warnings.push(Warning::new("field_outside_deposit", text));
        }
        // The net share is the field's own matter, applied when a plant asks.
        let inputs = LadderInputs { net_area_share: Share::ONE, ..computed.ladder_inputs };
        let steps = ladder(columns.iter().map(|(column, content)| (column, content)), &inputs, "min_depth_m");
        let content = steps.content(StepName::Delivered);
        let delivered = content.fuel(inputs.reference_moisture);
        // Where a field holds nothing, any value will do: there is nothing to multiply it with.
        let heat = if delivered.mass_t.0 > 0.0 { delivered.energy_gj.0 / delivered.mass_t.0 } else { 0.0 };
        let home = &bench.catalogue.nouns.deposits[deposit];
        self.fields.push(FieldEntry {
            stock: FieldStock {
                field: field.id,
                deposit: home.id,
                status: field.status,
                technology: field.technology,
                gross_area: field.gross_area.unwrap_or(SquareMetres(field.outline.unsigned_area()).hectares()),
                net_area: field.net_area,
                seasonal_yield: field.seasonal_yield,
                gross_stock: delivered.mass_t,
                loss_storage: inputs.loss_storage,
                calorific_value: MegaJoulesPerKilogram(heat),
            },
            labels: FieldLabels {
                code: field.code.clone(),
                name: field.name.clone(),
                name_ru: field.name_ru.clone(),
                deposit_id: home.id,
                deposit_name: home.name.clone(),
                deposit_name_ru: home.name_ru.clone(),
                synthetic: field.synthetic,
            },
            place,
            content,
            sulphur: sulphur_of(bench, deposit),
            heat_is_default: computed.estimate.warnings.iter().any(|warning| warning.code == "default_calorific_value"),
            access: bench.haul_network().access(place.working),
            siding: bench.haul_network().siding_of(&field.outline, place.working),
        });
    }

    fn add_defaults(&mut self, defaults: &[DefaultUsed]) {
        for default in defaults {
            let known = self.rests_on.iter().any(|used| used.parameter == default.parameter);
            // The net share is listed by the supply, where a field does not say it.
            if !known && default.parameter != "net_area_share" && !is_of_division(default.parameter) {
                self.rests_on.push(default.clone());
            }
        }
    }
}

/// Mean of the cores of a deposit that say their sulphur.
fn sulphur_of(bench: &Workbench, deposit: usize) -> Option<f64> {
    let nouns = &bench.catalogue.nouns;
    let own = nouns.cores.iter().zip(nouns.deposit_of_core.iter()).filter(|(_, home)| **home == Some(deposit));
    let (sum, count) =
        own.filter_map(|(core, _)| core.sulphur()).fold((0.0, 0.0), |(sum, count), sulphur| (sum + sulphur.value(), count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The cells of a deposit that a field has.
enum FieldCells {
    /// Those whose centre it holds, but for those that a smaller field has: what is left of all.
    Own { under: Vec<usize>, all: usize },
    /// The one that it lies in.
    Around(usize),
    /// It lies outside of the deposit, or within another field.
    None,
}

/// The pieces of the deposit that make the field: its cells, or where the depth is a mean, the share of the deposit's area that
/// the field has inside it and for itself.
fn columns_of(
    field: &Field,
    deposit: &MultiPolygon,
    computed: &ComputedReserves,
    cells: &FieldCells,
) -> Vec<(PeatColumn, ColumnContent)> {
    let thickness = &computed.thickness;
    let (own, kept) = match cells {
        FieldCells::Own { under, all } => (under.as_slice(), share(under.len(), *all)),
        FieldCells::Around(cell) => (std::slice::from_ref(cell), 1.0),
        FieldCells::None => return Vec::new(),
    };
    if own.is_empty() {
        return Vec::new();
    }
    let inside = || SquareMetres(field.outline.intersection(deposit).unsigned_area());
    if !thickness.by_cell {
        let all: SquareMetres = thickness.columns.iter().map(|column| column.area).sum();
        let (share, permitted) = (inside() / all * kept, permitted_share(computed, own));
        let part = |column: &PeatColumn| PeatColumn { area: column.area * share, permitted, ..*column };
        return thickness.columns.iter().zip(&computed.contents).map(|(column, content)| (part(column), *content)).collect();
    }
    let column_of = |cell: &usize| {
        let place = thickness.cells.binary_search(cell).ok()?;
        Some((*thickness.columns.get(place)?, *computed.contents.get(place)?))
    };
    let columns = own.iter().filter_map(column_of);
    match cells {
        FieldCells::Around(_) => columns.map(|(column, content)| (PeatColumn { area: inside(), ..column }, content)).collect(),
        _ => columns.collect(),
    }
}

/// Share of a field's own cells that no constraint takes.
fn permitted_share(computed: &ComputedReserves, own: &[usize]) -> f64 {
    let thickness = &computed.thickness;
    let places = own.iter().filter_map(|cell| thickness.cells.binary_search(cell).ok());
    let taken = places.filter(|place| thickness.taken.get(*place) == Some(&true)).count();
    1.0 - share(taken, own.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
