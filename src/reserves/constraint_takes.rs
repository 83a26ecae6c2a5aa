//! What constraints take from a deposit, each alone and all together, by the cells that they cover.

use super::choices::ConstraintUse;
use super::ladder::{ColumnContent, LadderInputs, StepName, ladder};
use super::request::ReserveRequest;
use super::result::{ConstraintTake, NetOfConstraints};
use super::survey::Survey;
use super::thickness::{PeatColumn, Thickness, rings};
use crate::units::{CubicMetres, Metres, SquareMetres};
use geo::{BoundingRect, Intersects};

/// Land of one constraint: the cells of the grid that it covers.
pub(super) struct Taken {
    take: ConstraintTake,
    /// Places in `thickness.columns`, where columns are cells.
    columns: Vec<usize>,
    /// Share of the deposit's area.
    share: f64,
}

impl Taken {
    /// The take with its balance volume, of the columns' balance contents.
    pub(super) fn with_balance(mut self, thickness: &Thickness, contents: &[ColumnContent]) -> ConstraintTake {
        let volume = |place: usize| thickness.columns[place].area * Metres(contents[place].balance.volume.0);
        self.take.balance_volume_m3 = if thickness.by_cell {
            self.columns.iter().map(|place| volume(*place)).sum()
        } else {
            (0..contents.len()).map(volume).sum::<CubicMetres>() * self.share
        };
        self.take
    }
}

/// Which cells the constraints take, one by one and all together; the latter is written into the columns.
///
/// Cells count by their centre, as for the outline. Columns that are no cells (the mean's) lose the share of
/// the area that all constraints take together.
pub(super) fn constraints_taken(survey: &Survey, request: &ReserveRequest, thickness: &mut Thickness) -> Vec<Taken> {
    let Some(extent) = survey.outline.bounding_rect() else { return Vec::new() };
    if request.choices.constraints == ConstraintUse::Ignore || thickness.cells.is_empty() {
        return Vec::new();
    }
    let mut taken_by_any = vec![false; thickness.cells.len()];
    let mut takes = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let all = thickness.cells.len() as f64;
    let total: SquareMetres = thickness.columns.iter().map(|column| column.area).sum();
    for constraint in &survey.constraints {
        if !constraint.area.bounding_rect().is_some_and(|rect| rect.intersects(&extent)) {
            continue;
        }
        let under = thickness.grid.cells_inside(&rings(&constraint.area));
        let columns: Vec<usize> = under.iter().filter_map(|cell| thickness.cells.binary_search(cell).ok()).collect();
        if columns.is_empty() {
            continue;
        }
        for place in &columns {
            taken_by_any[*place] = true;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let share = columns.len() as f64 / all;
        let volume = if thickness.by_cell {
            columns.iter().map(|place| thickness.columns[*place].area * thickness.columns[*place].depth).sum()
        } else {
            thickness.volume() * share
        };
        takes.push(Taken {
            take: ConstraintTake {
                id: constraint.id,
                name: constraint.name.clone(),
                name_ru: constraint.name_ru.clone(),
                kind: constraint.kind.clone(),
                synthetic: constraint.synthetic,
                area_ha: (total * share).hectares(),
                geological_volume_m3: volume,
                balance_volume_m3: volume,
            },
            columns,
            share,
        });
    }
    thickness.taken.clone_from(&taken_by_any);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let permitted_share = taken_by_any.iter().filter(|taken| !**taken).count() as f64 / all;
    if thickness.by_cell {
        for (column, taken) in thickness.columns.iter_mut().zip(&taken_by_any) {
            column.permitted = if *taken { 0.0 } else { 1.0 };
        }
    } else {
        thickness.columns.iter_mut().for_each(|column| column.permitted = permitted_share);
    }
    takes
}

/// What all constraints together leave.
pub(super) fn net_of_constraints(thickness: &Thickness, contents: &[ColumnContent], inputs: &LadderInputs) -> NetOfConstraints {
    let columns = &thickness.columns;
    let applied = LadderInputs { apply_constraints: true, ..*inputs };
    let steps = ladder(columns.iter().zip(contents), &applied, "min_depth_m");
    let kept = |column: &PeatColumn| column.area * column.permitted;
    NetOfConstraints {
        area_ha: columns.iter().map(kept).sum::<SquareMetres>().hectares(),
        geological_volume_m3: columns.iter().map(|column| kept(column) * column.depth).sum(),
        balance_volume_m3: steps.volume(StepName::Legal),
        extractable_volume_m3: steps.volume(StepName::Extractable),
    }
}
