//! Each field year by year.

use super::{PreparationError, PreparationRules, within};
use crate::model::{FeatureId, FieldStatus};
use crate::supply::FieldStock;
use crate::units::{Hectares, MegawattHours, Share, Tonnes, TonnesPerHectare};
use serde::Serialize;
use std::collections::BTreeSet;

/// Less than this of a field's stock counts as nothing: rounding, not peat.
const EMPTY_SHARE: f64 = 1e-9;
/// Years of a schedule at most.
const MOST_YEARS: usize = 300;

/// A field with what is decided about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedField<'a> {
    /// Its stock.
    pub stock: &'a FieldStock,
    /// Full yield of an average season, before the loss in storage.
    pub seasonal_yield: TonnesPerHectare,
    /// The year, from one, in which it is decided to develop it; none leaves an undeveloped field as it is. Fields that are
    /// prepared or in production need no decision.
    pub decision_year: Option<usize>,
}

/// State of a field in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldYearStatus {
    Undeveloped,
    UnderPreparation,
    InProduction,
    WorkedOut,
    BeingRewetted,
    Rewetted,
}

/// One year of a field.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FieldYear {
    /// Counted from one.
    pub year: usize,
    /// State.
    pub status: FieldYearStatus,
    /// Area net that is ready and still holds peat.
    pub prepared_area_ha: Hectares,
    /// Most that it gives in the year: area × yield × weather, less in the first years, no more than it holds; the loss in
    /// storage taken off.
    pub capacity_t_a: Tonnes,
    /// The same by energy.
    pub capacity_mwh_a: MegawattHours,
    /// What is taken.
    pub taken_t: Tonnes,
    /// What it holds at the end of the year.
    pub stock_t: Tonnes,
    /// Preparation.
    pub preparation_cost_rub: f64,
    /// Rewetting.
    pub restoration_cost_rub: f64,
    /// Area gross on which rewetting is finished.
    pub rewetted_area_ha: Hectares,
}

/// A field over the years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldSchedule {
    /// Row in `fields`.
    pub field_id: FeatureId,
    /// Row in `deposits`.
    pub deposit_id: FeatureId,
    /// Year in which it can first be harvested; none within the horizon.
    pub first_harvest_year: Option<usize>,
    /// Year in which its last peat is taken; none within the horizon. Zero where it held nothing to begin with.
    pub worked_out_year: Option<usize>,
    /// Year at the end of which its rewetting is finished; none within the horizon.
    pub rewetted_year: Option<usize>,
    /// Year by year.
    pub years: Vec<FieldYear>,
}

/// What is taken of the fields.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Taken<'a> {
    /// Nothing: capacities as the ramp allows, while the stock lasts whole. For a plan that decides what to take.
    Nothing,
    /// All that they can give each year.
    Capacity,
    /// By field, in the order of the input, and year; no more than the capacity.
    Plan(&'a [Vec<Tonnes>]),
    /// A need a year, by energy: fields give in the order of the input, each no more than its capacity, until it is met.
    InOrder(&'a [MegawattHours]),
}

/// Hectares whose works began in one year.
#[derive(Debug, Clone, Copy)]
struct Lot {
    area: Hectares,
    /// Year of the first harvest; none where it was in full production from the beginning.
    ready: Option<usize>,
    left: Tonnes,
}

/// The schedule of each field in the order of the input.
///
/// `weather` gives the factor of a field in a year (from one). Crews begin with the fields decided on first, of the same year with the
/// least id: the order of the input changes nothing. Of a field, the hectares prepared first are harvested first.
/// Rewetting begins when a field is worked out, after the delay; fields that are worked out already are rewetted too.
///
/// 250 ha at 100 ha a year, decided on in year 1, are harvested from years 5, 6 and 7 on:
///
/// ```
/// use peatplan::{model::*, supply::*, units::*};
/// let stock = FieldStock {
///     field: 1, deposit: 1, status: FieldStatus::Undeveloped, technology: None, gross_area: Hectares(300.0),
///     net_area: Some(Hectares(250.0)), seasonal_yield: None, gross_stock: Tonnes(6e6), loss_storage: Share::ZERO,
///     calorific_value: MegaJoulesPerKilogram(10.8),
/// };
/// let field = PlannedField { stock: &stock, seasonal_yield: TonnesPerHectare(200.0), decision_year: Some(1) };
/// let rules = PreparationRules::from_numbers(&ParameterValues::defaults(season_parameters()));
/// let schedule = field_schedules(&[field], &rules, Share::ONE, &|_, _| 1.0, 10, Taken::Capacity).unwrap().remove(0);
/// let areas: Vec<f64> = schedule.years.iter().map(|year| year.prepared_area_ha.0).collect();
/// assert_eq!(areas[3..7], [0.0, 100.0, 200.0, 250.0]);
/// assert_eq!(schedule.years[4].capacity_t_a, Tonnes(10_000.0), "100 ha give half of 200 t/ha in their first year");
/// assert_eq!(schedule.years[9].capacity_t_a, Tonnes(50_000.0));
/// ```
///
/// # Errors
/// [`PreparationError`]: a number outside its limits, a field given twice, a plan that does not fit.
pub fn field_schedules(
    fields: &[PlannedField<'_>],
    rules: &PreparationRules,
    net_area_share: Share,
    weather: &dyn Fn(FeatureId, usize) -> f64,
    horizon_years: usize,
    taken: Taken<'_>,
) -> Result<Vec<FieldSchedule>, PreparationError> {
    rules.check()?;
    let years = horizon_years;
    #[expect(clippy::cast_precision_loss, reason = "only for the message")]
    within("horizon_years", years.min(usize::from(u16::MAX)) as f64, (1.0, MOST_YEARS as f64), " a")?;
    let mut seen = BTreeSet::new();
    for field in fields {
        if !seen.insert(field.stock.field) {
            return Err(PreparationError::FieldTwice { field: field.stock.field });
        }
        within("seasonal_yield_t_ha", field.seasonal_yield.0, (0.0, 1e5), " t/ha")?;
    }
    if let Taken::Plan(plan) = taken {
        let fits = |list: &Vec<Tonnes>| list.len() == years && list.iter().all(|mass| mass.0 >= 0.0 && mass.0.is_finite());
        if plan.len() != fields.len() || !plan.iter().all(fits) {
            return Err(PreparationError::TakenMismatch { fields: fields.len(), years });
        }
    }
    if let Taken::InOrder(needs) = taken
        && (needs.len() != years || !needs.iter().all(|need| need.0 >= 0.0 && need.0.is_finite()))
    {
        return Err(PreparationError::TakenMismatch { fields: fields.len(), years });
    }
    let works = works_by_year(fields, rules, net_area_share, years);
    let mut courses: Vec<FieldCourse<'_>> =
        fields.iter().zip(&works).map(|(field, works)| FieldCourse::new(field, rules, net_area_share, works)).collect();
    let mut passed: Vec<Vec<FieldYear>> = vec![Vec::with_capacity(years); fields.len()];
    for year in 1..=years {
        let mut missing = match taken {
            Taken::InOrder(needs) => needs[year - 1],
            _ => MegawattHours::ZERO,
        };
        for (place, (course, passed)) in courses.iter_mut().zip(&mut passed).enumerate() {
            let stock = course.field.stock;
            let factor = within("weather_factor", weather(stock.field, year), (0.0, 10.0), "")?;
            let capacity = course.capacity(year, factor);
            let wanted = match taken {
                Taken::Nothing => Tonnes::ZERO,
                Taken::Capacity => capacity,
                Taken::Plan(plan) => plan[place][year - 1].min(capacity),
                Taken::InOrder(_) => {
                    let (of_a_tonne, most) = (stock.energy(Tonnes(1.0)), stock.energy(capacity));
                    let wanted = if most <= missing { capacity } else { Tonnes(missing / of_a_tonne) };
                    missing = (missing - most).max(MegawattHours::ZERO);
                    wanted
                }
            };
            passed.push(course.pass(year, factor, wanted));
        }
    }
    Ok(courses.iter().zip(passed).map(|(course, passed)| course.schedule(passed)).collect())
}

/// Hectares of each field on which works begin, by year: crews go by year of decision, then by id.
fn works_by_year(
    fields: &[PlannedField<'_>],
    rules: &PreparationRules,
    net_area_share: Share,
    years: usize,
) -> Vec<Vec<Hectares>> {
    let mut queue: Vec<(usize, usize)> = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.stock.status == FieldStatus::Undeveloped && field.stock.stock(net_area_share).0 > 0.0)
        .filter_map(|(place, field)| Some((field.decision_year?.max(1), place)))
        .collect();
    queue.sort_by_key(|(decision, place)| (*decision, fields[*place].stock.field));
    let mut works = vec![vec![Hectares::ZERO; years]; fields.len()];
    let mut left: Vec<Hectares> = fields.iter().map(|field| field.stock.net_area(net_area_share)).collect();
    for year in 1..=years {
        let mut free = rules.yearly;
        for (decision, place) in &queue {
            if decision.saturating_add(rules.permit_years) > year {
                continue;
            }
            let begun = free.min(left[*place]);
            works[*place][year - 1] = begun;
            left[*place] -= begun;
            free -= begun;
        }
    }
    works
}

/// A field on its way through the years.
struct FieldCourse<'a> {
    field: &'a PlannedField<'a>,
    rules: &'a PreparationRules,
    works: &'a [Hectares],
    /// Stock before the first year.
    whole: Tonnes,
    lots: Vec<Lot>,
    left: Tonnes,
    /// Year in which its last peat was taken.
    out: Option<usize>,
    may_end: bool,
}

impl<'a> FieldCourse<'a> {
    fn new(field: &'a PlannedField<'a>, rules: &'a PreparationRules, net_area_share: Share, works: &'a [Hectares]) -> Self {
        let stock = field.stock;
        let (net, whole) = (stock.net_area(net_area_share), stock.stock(net_area_share));
        let lots = lots(field, rules, net, whole, works);
        let developed = matches!(stock.status, FieldStatus::Prepared | FieldStatus::InProduction);
        let already_out = stock.status == FieldStatus::WorkedOut || (developed && whole.0 <= 0.0);
        let gone = matches!(stock.status, FieldStatus::WorkedOut | FieldStatus::Rewetted);
        Self {
            field,
            rules,
            works,
            whole,
            // A field that nobody decides on keeps its peat, and is not worked out.
            may_end: developed || !lots.is_empty(),
            lots,
            left: if gone { Tonnes::ZERO } else { whole },
            out: already_out.then_some(0),
        }
    }

    fn gives(&self, lot: &Lot, year: usize, factor: f64) -> Tonnes {
        let full = self.field.seasonal_yield * factor * self.field.stock.loss_storage.rest().value();
        match lot.ready {
            Some(ready) if ready > year => Tonnes::ZERO,
            Some(ready) => (lot.area * full * self.rules.yield_share(year - ready)).min(lot.left),
            None => (lot.area * full).min(lot.left),
        }
    }

    fn capacity(&self, year: usize, factor: f64) -> Tonnes {
        self.lots.iter().map(|lot| self.gives(lot, year, factor)).fold(Tonnes::ZERO, |sum, part| sum + part)
    }

    /// Takes what is wanted, and says what the year was.
    fn pass(&mut self, year: usize, factor: f64, wanted: Tonnes) -> FieldYear {
        let (stock, rules) = (self.field.stock, self.rules);
        let capacity = self.capacity(year, factor);
        let ready = |lot: &&Lot| lot.left.0 > 0.0 && lot.ready.is_none_or(|ready| ready <= year);
        let area = self.lots.iter().filter(ready).fold(Hectares::ZERO, |sum, lot| sum + lot.area);
        let taken = wanted.min(capacity).max(Tonnes::ZERO);
        let mut missing = taken;
        for place in 0..self.lots.len() {
            let part = self.gives(&self.lots[place], year, factor).min(missing);
            let lot = &mut self.lots[place];
            lot.left -= part;
            missing -= part;
            if lot.left.0 <= self.whole.0 * EMPTY_SHARE {
                lot.left = Tonnes::ZERO;
            }
        }
        self.left = (self.left - taken).max(Tonnes::ZERO);
        if self.may_end && self.out.is_none() && self.left.0 <= self.whole.0 * EMPTY_SHARE {
            (self.out, self.left) = (Some(year), Tonnes::ZERO);
        }
        let restoration = restoration(rules, self.out, year);
        FieldYear {
            year,
            status: status(stock.status, self.field.decision_year, area, self.out, restoration, year),
            prepared_area_ha: area,
            capacity_t_a: capacity,
            capacity_mwh_a: stock.energy(capacity),
            taken_t: taken,
            stock_t: self.left,
            preparation_cost_rub: preparation_cost(rules, self.works, year),
            restoration_cost_rub: if restoration == Restoration::Under {
                rules.restoration_cost_rub_ha * stock.gross_area.0 / count(rules.restoration_years.max(1))
            } else {
                0.0
            },
            rewetted_area_ha: if restoration == Restoration::Done || stock.status == FieldStatus::Rewetted {
                stock.gross_area
            } else {
                Hectares::ZERO
            },
        }
    }

    fn schedule(&self, years: Vec<FieldYear>) -> FieldSchedule {
        FieldSchedule {
            field_id: self.field.stock.field,
            deposit_id: self.field.stock.deposit,
            first_harvest_year: years.iter().find(|year| year.prepared_area_ha.0 > 0.0).map(|year| year.year),
            worked_out_year: self.out,
            rewetted_year: self.out.and_then(|out| rewetted(self.rules, out)).filter(|year| *year <= years.len()),
            years,
        }
    }
}

fn lots(field: &PlannedField<'_>, rules: &PreparationRules, net: Hectares, whole: Tonnes, works: &[Hectares]) -> Vec<Lot> {
    let of_area = |area: Hectares| if net.0 > 0.0 { whole * (area / net) } else { Tonnes::ZERO };
    match field.stock.status {
        FieldStatus::InProduction => vec![Lot { area: net, ready: None, left: whole }],
        FieldStatus::Prepared => vec![Lot { area: net, ready: Some(1), left: whole }],
        FieldStatus::Undeveloped => (1..)
            .zip(works)
            .filter(|(_, area)| area.0 > 0.0)
            .map(|(year, area)| Lot { area: *area, ready: Some(year + rules.works_years.max(1)), left: of_area(*area) })
            .collect(),
        FieldStatus::WorkedOut | FieldStatus::Rewetted => Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Restoration {
    None,
    Under,
    Done,
}

fn restoration(rules: &PreparationRules, worked_out: Option<usize>, year: usize) -> Restoration {
    let Some(end) = worked_out.and_then(|out| rewetted(rules, out)) else { return Restoration::None };
    let begin = end + 1 - rules.restoration_years.max(1);
    match year {
        _ if year < begin => Restoration::None,
        _ if year <= end => Restoration::Under,
        _ => Restoration::Done,
    }
}

/// The last year of rewetting of a field worked out in this one.
fn rewetted(rules: &PreparationRules, out: usize) -> Option<usize> {
    out.checked_add(rules.restoration_delay_years)?.checked_add(rules.restoration_years.max(1))
}

fn status(
    first: FieldStatus,
    decision: Option<usize>,
    area: Hectares,
    worked_out: Option<usize>,
    restoration: Restoration,
    year: usize,
) -> FieldYearStatus {
    if first == FieldStatus::Rewetted || restoration == Restoration::Done {
        FieldYearStatus::Rewetted
    } else if restoration == Restoration::Under {
        FieldYearStatus::BeingRewetted
    } else if area.0 > 0.0 {
        // The year in which the last peat is taken is one of production.
        FieldYearStatus::InProduction
    } else if worked_out.is_some_and(|out| out < year) {
        FieldYearStatus::WorkedOut
    } else if first == FieldStatus::Undeveloped && decision.is_some_and(|decision| decision <= year) {
        FieldYearStatus::UnderPreparation
    } else {
        FieldYearStatus::Undeveloped
    }
}

/// Works that began in one of the last `works_years` years are paid for in equal parts.
fn preparation_cost(rules: &PreparationRules, works: &[Hectares], year: usize) -> f64 {
    let length = rules.works_years.max(1);
    let under: f64 = (1..).zip(works).filter(|(begun, _)| *begun <= year && year < begun + length).map(|(_, area)| area.0).sum();
    rules.cost_rub_ha * under / count(length)
}

#[expect(clippy::cast_precision_loss, reason = "a few years")]
fn count(years: usize) -> f64 {
    years as f64
}
