//! When the decision on an undeveloped field must be taken at the latest, so that the plant lacks nothing for it.

use super::{FieldSchedule, PlannedField, PreparationError, PreparationRules, Taken, field_schedules};
use crate::model::{FeatureId, FieldStatus};
use crate::units::{MegawattHours, Share};

/// Of a year's need, what rounding may leave short.
const SHORT: f64 = 1e-9;

/// Undeveloped fields whose decisions are looked for; those after them in the order are decided on as early as can be.
pub const MOST_DECISIONS: usize = 200;

/// For each field the latest year of its decision with which no year is covered less than if all undeveloped fields were
/// decided on in year `earliest`; none for a field that is not needed within the horizon, and for developed ones.
///
/// Fields give in their order, the cheapest first, see [`Taken::InOrder`]. From the last one to the first each is left out if
/// nothing is short for it, or else decided on as late as can be, the others standing as they were found. Crews that one field
/// leaves free go to the next. Every plan that is kept was followed through all years; that no other plan waits longer in sum is
/// not proven.
///
/// A field of 100 ha is worked out after year 7. The next one takes two years of permits and two of works, and gives half and
/// three quarters of its harvest in its first two years: to give all of it in year 8 it must be decided on in year 2.
///
/// ```
/// use peatplan::{model::*, supply::*, units::*};
/// let stock = |field, status, tonnes| FieldStock {
///     field, deposit: 1, status, technology: None, gross_area: Hectares(100.0), net_area: Some(Hectares(100.0)), seasonal_yield: None,
///     gross_stock: Tonnes(tonnes), loss_storage: Share::ZERO, calorific_value: MegaJoulesPerKilogram(10.8),
/// };
/// let (now, next) = (stock(1, FieldStatus::InProduction, 140_000.0), stock(2, FieldStatus::Undeveloped, 1e6));
/// let fields = [&now, &next].map(|stock| PlannedField { stock, seasonal_yield: TonnesPerHectare(200.0), decision_year: None });
/// let rules = PreparationRules::from_numbers(&ParameterValues::defaults(season_parameters()));
/// // 20,000 t at 10.8 MJ/kg are 60,000 MWh.
/// let needs = [MegawattHours(60_000.0); 12];
/// let decisions = latest_decisions(&fields, &rules, Share::ONE, &|_, _| 1.0, &needs, 1, &mut |_| true).unwrap();
/// assert_eq!(decisions, [None, Some(2)]);
/// ```
///
/// # Errors
/// As [`field_schedules`]; [`PreparationError::Cancelled`] where `keep_going` said so.
pub fn latest_decisions(
    fields: &[PlannedField<'_>],
    rules: &PreparationRules,
    net_area_share: Share,
    weather: &dyn Fn(FeatureId, usize) -> f64,
    needs: &[MegawattHours],
    earliest: usize,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Vec<Option<usize>>, PreparationError> {
    let open: Vec<usize> = (0..fields.len()).filter(|place| fields[*place].stock.status == FieldStatus::Undeveloped).collect();
    let mut plan: Vec<PlannedField<'_>> = fields.to_vec();
    for field in &mut plan {
        let undeveloped = field.stock.status == FieldStatus::Undeveloped;
        field.decision_year = undeveloped.then_some(earliest);
    }
    let supplied = |plan: &[PlannedField<'_>]| -> Result<Vec<f64>, PreparationError> {
        let schedules = field_schedules(plan, rules, net_area_share, weather, needs.len(), Taken::InOrder(needs))?;
        Ok((0..needs.len()).map(|year| of_year(plan, &schedules, year)).collect())
    };
    let early = supplied(&plan)?;
    let nothing_lost = |plan: &[PlannedField<'_>]| -> Result<bool, PreparationError> {
        let now = supplied(plan)?;
        Ok(now.iter().zip(&early).zip(needs).all(|((now, early), need)| *now >= early - SHORT * (1.0 + need.0)))
    };
    let looked_at = &open[..open.len().min(MOST_DECISIONS)];
    for (done, place) in (0u32..).zip(looked_at.iter().rev()) {
        let share = f64::from(done) / f64::from(u32::try_from(looked_at.len()).unwrap_or(u32::MAX));
        if !keep_going(share) {
            return Err(PreparationError::Cancelled);
        }
        plan[*place].decision_year = None;
        if nothing_lost(&plan)? {
            continue;
        }
        let (mut good, mut late) = (earliest, needs.len() + 1);
        while late - good > 1 {
            let middle = usize::midpoint(good, late);
            plan[*place].decision_year = Some(middle);
            if nothing_lost(&plan)? { good = middle } else { late = middle }
        }
        plan[*place].decision_year = Some(good);
    }
    Ok(plan.iter().map(|field| field.decision_year).collect())
}

/// Energy that all fields give in a year, counted from nought.
fn of_year(plan: &[PlannedField<'_>], schedules: &[FieldSchedule], year: usize) -> f64 {
    plan.iter().zip(schedules).map(|(field, schedule)| field.stock.energy(schedule.years[year].taken_t).0).sum()
}
