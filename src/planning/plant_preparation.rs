//! The fields of a plant year by year: what is undeveloped, prepared, harvested, worked out and rewetted, what that costs, and
//! when it must be decided on.

use super::field_stocks::FieldEntry;
use super::plant_supply::FARTHEST_PLANT_KM;
use super::{PlanningError, Workbench};
use crate::geostat::Progress;
use crate::model::{DefaultUsed, FeatureId, FieldStatus};
use crate::supply::{
    FieldDecisions, FieldLabels, FieldSchedule, FieldYear, FieldYearStatus, FuelNeed, HaulOrigin, MOST_DECISIONS, Place,
    PlannedField, PreparationRules, SeasonNorms, SupplyRequest, SupplyWarning, Taken, field_schedules, hauls_to,
    latest_decisions,
};
use crate::units::{Hectares, MassFraction, MegawattHours, Share, Tonnes, TonnesPerHectare};
use serde::Serialize;
use std::collections::BTreeSet;

/// Years of fields that are answered at most; of the dearest fields beyond them only the sums are.
const MOST_FIELD_YEARS: usize = 30_000;
/// Of a need, what rounding may leave short.
const SHORT: f64 = 1e-9;

/// A field in the plan.
#[derive(Debug, Clone, Serialize)]
pub struct PreparedField {
    /// Row in `fields`.
    pub field_id: FeatureId,
    /// Names.
    #[serde(flatten)]
    pub labels: FieldLabels,
    /// State today.
    pub status: FieldStatus,
    /// Net area.
    pub net_area_ha: Hectares,
    /// Gross area, which is rewetted.
    pub gross_area_ha: Hectares,
    /// Fuel that it holds today.
    pub stock_t: Tonnes,
    /// Cost at the plant's gate, preparation and rewetting not contained; none of a field that holds nothing.
    pub delivered_cost_rub_mwh: Option<f64>,
    /// Year in which its preparation must be decided on; none for a developed field, or one that is not needed.
    pub decision_year: Option<usize>,
    /// Year in which it can first be harvested; none within the horizon.
    pub first_harvest_year: Option<usize>,
    /// Year in which its last peat is taken; none within the horizon, 0 where it holds nothing today.
    pub worked_out_year: Option<usize>,
    /// Year at the end of which its rewetting is finished; none within the horizon.
    pub rewetted_year: Option<usize>,
    /// Harvested within the horizon.
    pub harvest_t: Tonnes,
    /// Fuel left at the end of it.
    pub remaining_t: Tonnes,
    /// Preparation.
    pub preparation_cost_rub: f64,
    /// Rewetting.
    pub restoration_cost_rub: f64,
    /// Year by year; empty where fields are too many.
    pub years: Vec<FieldYear>,
}

/// A year of all fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreparationYear {
    /// Counted from one.
    pub year: usize,
    /// Need of the plant.
    pub need_mwh: MegawattHours,
    /// What the fields give of it.
    pub supplied_mwh: MegawattHours,
    /// What is short.
    pub short_mwh: MegawattHours,
    /// Share of the need that is met.
    pub covered_share: f64,
    /// Harvested, at the reference moisture.
    pub harvest_t: Tonnes,
    /// What all ready fields could give.
    pub capacity_t_a: Tonnes,
    /// Area net that is ready and holds peat.
    pub prepared_area_ha: Hectares,
    /// Fields whose preparation is decided on in this year.
    pub decided_field_ids: Vec<FeatureId>,
    /// Fields under preparation.
    pub fields_under_preparation: usize,
    /// Fields in production.
    pub fields_in_production: usize,
    /// Fields being rewetted.
    pub fields_being_rewetted: usize,
    /// Preparation.
    pub preparation_cost_rub: f64,
    /// Rewetting.
    pub restoration_cost_rub: f64,
    /// Area gross whose rewetting is finished.
    pub rewetted_area_ha: Hectares,
}

/// The plan of preparation.
#[derive(Debug, Clone, Serialize)]
pub struct PlantPreparation {
    /// When undeveloped fields are decided on.
    pub decisions: FieldDecisions,
    /// The earliest year of a decision.
    pub earliest_decision_year: usize,
    /// The first decision that must be taken; none where none must within the horizon.
    pub next_decision_year: Option<usize>,
    /// Years in which the whole need is met, from the first on.
    pub years_of_full_supply: usize,
    /// Preparation of all years.
    pub preparation_cost_rub: f64,
    /// Rewetting of all years.
    pub restoration_cost_rub: f64,
    /// Years.
    pub years: Vec<PreparationYear>,
    /// Fields: those that give, by delivered cost, then those of their deposits that hold nothing.
    pub fields: Vec<PreparedField>,
    /// What a reader should know.
    pub warnings: Vec<SupplyWarning>,
    /// Defaults without a read source that it rests on, beside those of the supply.
    pub rests_on: Vec<DefaultUsed>,
}

/// A field with its cost at the gate; infinite where it gives nothing.
struct Candidate<'a> {
    entry: &'a FieldEntry,
    cost_rub_mwh: f64,
}

impl Workbench {
    /// Fields give by delivered cost, each no more than its hectares are ready for, until the need of the year is met. Undeveloped
    /// ones are decided on as the request says.
    pub(super) fn plant_preparation(
        &self,
        need: &FuelNeed,
        gate: Place,
        request: &SupplyRequest,
        progress: &dyn Progress,
    ) -> Result<PlantPreparation, PlanningError> {
        let number = |name: &str| request.numbers.get(name);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 300 years")]
        let whole = |value: f64| value.round() as usize;
        let (horizon, earliest) = (whole(number("horizon_years")), whole(request.season_numbers.get("decision_year")));
        let share = Share::new(request.reserve_numbers.get("net_area_share")).unwrap_or(Share::ONE);
        let candidates = self.candidates(gate, request, share);
        let norms = SeasonNorms {
            numbers: &request.season_numbers,
            by_cycles: request.yield_by_cycles,
            seasonal_yield: TonnesPerHectare(number("seasonal_yield_t_ha")),
            reference_moisture: MassFraction::new(request.reserve_numbers.get("reference_moisture")).unwrap_or_default(),
            net_area_share: share,
        };
        // The weather of the supply is in the yield: the years are average ones, or as dry as the request says.
        let mut fields = Vec::with_capacity(candidates.len());
        for candidate in &candidates {
            let stock = &candidate.entry.stock;
            let seasonal_yield = norms.season_yield(stock, number("weather_factor")).unwrap_or(norms.seasonal_yield);
            fields.push(PlannedField { stock, seasonal_yield, decision_year: None });
        }
        let rules = PreparationRules::from_numbers(&request.season_numbers);
        let average = |_: FeatureId, _: usize| 1.0;
        let needs = vec![need.fuel_mwh_a; horizon];
        let decided: Vec<Option<usize>> = match request.decisions {
            FieldDecisions::None => vec![None; fields.len()],
            FieldDecisions::All => fields.iter().map(|field| is_open(field).then_some(earliest)).collect(),
            FieldDecisions::WhenNeeded => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "thousandths of a share")]
                let mut keep_going = |done: f64| progress.go_on((1_000.0 * done.clamp(0.0, 1.0)) as usize, 1_000);
                latest_decisions(&fields, &rules, share, &average, &needs, earliest, &mut keep_going)?
            }
        };
        for (field, decided) in fields.iter_mut().zip(&decided) {
            field.decision_year = *decided;
        }
        let schedules = field_schedules(&fields, &rules, share, &average, horizon, Taken::InOrder(&needs))?;
        let years: Vec<PreparationYear> = (0..horizon).map(|at| year(at, need.fuel_mwh_a, &fields, &schedules)).collect();
        let mut warnings = warnings(&years, &fields, earliest, request.decisions);
        let with_years = MOST_FIELD_YEARS / horizon.max(1);
        if candidates.len() > with_years {
            let text = format!(
                "there are {} fields; year by year the {with_years} cheapest are told, of the others their sums",
                candidates.len()
            );
            warnings.push(SupplyWarning::new("years_left_out", text));
        }
        let sum = |of: fn(&PreparationYear) -> f64| years.iter().map(of).fold(0.0, |sum, part| sum + part);
        Ok(PlantPreparation {
            decisions: request.decisions,
            earliest_decision_year: earliest,
            next_decision_year: decided.iter().flatten().min().copied(),
            years_of_full_supply: years.iter().take_while(|year| year.covered_share >= 1.0 - SHORT).count(),
            preparation_cost_rub: sum(|year| year.preparation_cost_rub),
            restoration_cost_rub: sum(|year| year.restoration_cost_rub),
            years,
            fields: candidates
                .iter()
                .zip(&decided)
                .zip(schedules)
                .enumerate()
                .map(|(place, ((candidate, decided), schedule))| {
                    prepared(candidate, *decided, schedule, share, place < with_years)
                })
                .collect(),
            warnings,
            rests_on: rests_on(request),
        })
    }

    /// Fields with peat within reach by delivered cost, then those of their deposits that hold nothing.
    fn candidates(&self, gate: Place, request: &SupplyRequest, share: Share) -> Vec<Candidate<'_>> {
        let rates = request.haul_rates();
        let all = &self.field_stocks().fields;
        let near = |field: &&FieldEntry| {
            let [x, y] = field.place.working;
            (x - gate.working[0]).hypot(y - gate.working[1]) / 1_000.0 <= FARTHEST_PLANT_KM
        };
        let giving: Vec<&FieldEntry> = all
            .iter()
            .filter(|field| {
                field.stock.counts(true) && field.stock.stock(share).0 > 0.0 && field.stock.energy(Tonnes(1.0)).0 > 0.0
            })
            .filter(near)
            .collect();
        let origins: Vec<HaulOrigin> = giving.iter().map(|field| field.haul_origin()).collect();
        let at_field = request.numbers.get("production_cost_rub_t") + request.numbers.get("handling_cost_rub_t");
        let mut candidates: Vec<Candidate<'_>> = giving
            .into_iter()
            .zip(hauls_to(gate, &origins, self.haul_network(), &rates))
            .map(|(entry, haul)| Candidate { entry, cost_rub_mwh: (haul.cost.0 + at_field) / entry.stock.energy(Tonnes(1.0)).0 })
            .collect();
        let deposits: BTreeSet<FeatureId> = candidates.iter().map(|candidate| candidate.entry.stock.deposit).collect();
        let given: BTreeSet<FeatureId> = candidates.iter().map(|candidate| candidate.entry.stock.field).collect();
        let empty = all
            .iter()
            .filter(|field| deposits.contains(&field.stock.deposit) && !given.contains(&field.stock.field))
            .map(|entry| Candidate { entry, cost_rub_mwh: f64::INFINITY });
        candidates.extend(empty);
        candidates.sort_by(|a, b| a.cost_rub_mwh.total_cmp(&b.cost_rub_mwh).then(a.entry.stock.field.cmp(&b.entry.stock.field)));
        candidates
    }
}

fn is_open(field: &PlannedField<'_>) -> bool {
    field.stock.status == FieldStatus::Undeveloped
}

fn year(at: usize, need: MegawattHours, fields: &[PlannedField<'_>], schedules: &[FieldSchedule]) -> PreparationYear {
    let of_year = || schedules.iter().map(|schedule| &schedule.years[at]);
    let sum = |of: fn(&FieldYear) -> f64| of_year().map(of).fold(0.0, |sum, part| sum + part);
    let count = |status: FieldYearStatus| of_year().filter(|year| year.status == status).count();
    let energy =
        fields.iter().zip(of_year()).fold(MegawattHours::ZERO, |sum, (field, year)| sum + field.stock.energy(year.taken_t));
    // What is missing by rounding alone is not short.
    let supplied = if (energy.0 / need.0 - 1.0).abs() < SHORT { need } else { energy };
    let decided = fields.iter().filter(|field| is_open(field) && field.decision_year == Some(at + 1));
    PreparationYear {
        year: at + 1,
        need_mwh: need,
        supplied_mwh: supplied,
        short_mwh: (need - supplied).max(MegawattHours::ZERO),
        covered_share: if need.0 > 0.0 { (supplied / need).min(1.0) } else { 1.0 },
        harvest_t: Tonnes(sum(|year| year.taken_t.0)),
        capacity_t_a: Tonnes(sum(|year| year.capacity_t_a.0)),
        prepared_area_ha: Hectares(sum(|year| year.prepared_area_ha.0)),
        decided_field_ids: decided.map(|field| field.stock.field).collect(),
        fields_under_preparation: count(FieldYearStatus::UnderPreparation),
        fields_in_production: count(FieldYearStatus::InProduction),
        fields_being_rewetted: count(FieldYearStatus::BeingRewetted),
        preparation_cost_rub: sum(|year| year.preparation_cost_rub),
        restoration_cost_rub: sum(|year| year.restoration_cost_rub),
        rewetted_area_ha: Hectares(sum(|year| year.rewetted_area_ha.0)),
    }
}

fn prepared(
    candidate: &Candidate<'_>,
    decided: Option<usize>,
    schedule: FieldSchedule,
    share: Share,
    with_years: bool,
) -> PreparedField {
    let stock = &candidate.entry.stock;
    let sum = |of: fn(&FieldYear) -> f64| schedule.years.iter().map(of).fold(0.0, |sum, part| sum + part);
    let gone = matches!(stock.status, FieldStatus::WorkedOut | FieldStatus::Rewetted);
    PreparedField {
        field_id: stock.field,
        labels: candidate.entry.labels.clone(),
        status: stock.status,
        net_area_ha: stock.net_area(share),
        gross_area_ha: stock.gross_area,
        stock_t: if gone { Tonnes::ZERO } else { stock.stock(share) },
        delivered_cost_rub_mwh: Some(candidate.cost_rub_mwh).filter(|cost| cost.is_finite()),
        decision_year: decided,
        first_harvest_year: schedule.first_harvest_year,
        worked_out_year: schedule.worked_out_year,
        rewetted_year: schedule.rewetted_year,
        harvest_t: Tonnes(sum(|year| year.taken_t.0)),
        remaining_t: schedule.years.last().map_or(Tonnes::ZERO, |year| year.stock_t),
        preparation_cost_rub: sum(|year| year.preparation_cost_rub),
        restoration_cost_rub: sum(|year| year.restoration_cost_rub),
        years: if with_years { schedule.years } else { Vec::new() },
    }
}

fn warnings(
    years: &[PreparationYear],
    fields: &[PlannedField<'_>],
    earliest: usize,
    decisions: FieldDecisions,
) -> Vec<SupplyWarning> {
    let mut warnings = Vec::new();
    let short: Vec<&PreparationYear> = years.iter().filter(|year| year.covered_share < 1.0 - SHORT).collect();
    let at_once = fields.iter().any(|field| is_open(field) && field.decision_year == Some(earliest));
    if let (Some(first), true) = (short.first(), at_once) {
        let text = format!(
            "{} of {} years are short, the first of them year {}, even with decisions in year {earliest}: permits, works, the pace \
             of crews or the peat that is there allow no more",
            short.len(),
            years.len(),
            first.year
        );
        warnings.push(SupplyWarning::new("short_in_spite_of_decisions", text));
    }
    let open = fields.iter().filter(|field| is_open(field)).count();
    if decisions == FieldDecisions::WhenNeeded && open > MOST_DECISIONS {
        let text = format!(
            "there are {open} undeveloped fields; decisions are put off for the {MOST_DECISIONS} cheapest, the others are decided on \
             in year {earliest}"
        );
        warnings.push(SupplyWarning::new("decisions_not_sought", text));
    }
    warnings
}

fn rests_on(request: &SupplyRequest) -> Vec<DefaultUsed> {
    request.season_numbers.unsourced_defaults(&[
        "permit_years",
        "works_years",
        "preparation_ha_a",
        "preparation_cost_rub_ha",
        "first_year_yield_share",
        "second_year_yield_share",
        "restoration_delay_years",
        "restoration_years",
        "restoration_cost_rub_ha",
    ])
}
