//! The ramp, the end, and what must add up.

use super::FieldYearStatus::{BeingRewetted, InProduction, Rewetted, WorkedOut};
use super::*;
use crate::model::{FieldStatus, season_parameters};
use crate::supply::FieldStock;
use crate::units::{MegaJoulesPerKilogram, MegawattHours, Tonnes, TonnesPerHectare};
use proptest::prelude::*;

fn rules() -> PreparationRules {
    PreparationRules::from_numbers(&ParameterValues::defaults(season_parameters()))
}

/// A field of so many hectares net, 80 % of the gross area, that holds so much on its net area.
fn field(id: FeatureId, status: FieldStatus, net: f64, stock: f64) -> FieldStock {
    FieldStock {
        field: id,
        deposit: 1,
        status,
        technology: None,
        gross_area: Hectares(net / 0.8),
        net_area: Some(Hectares(net)),
        seasonal_yield: None,
        gross_stock: Tonnes(stock / 0.8),
        loss_storage: Share::new(0.05).expect("a share"),
        calorific_value: MegaJoulesPerKilogram(10.8),
    }
}

fn planned(stock: &FieldStock, decision_year: Option<usize>) -> PlannedField<'_> {
    PlannedField { stock, seasonal_yield: TonnesPerHectare(200.0), decision_year }
}

fn all(fields: &[PlannedField<'_>], years: usize) -> Vec<FieldSchedule> {
    field_schedules(fields, &rules(), Share::ONE, &|_, _| 1.0, years, Taken::Capacity).unwrap()
}

#[test]
fn a_field_in_production_lasts_as_long_as_its_stock_and_is_rewetted() {
    // 100 ha give 19,000 t a year: 50,000 t last two years and 12,000 t.
    let stock = field(1, FieldStatus::InProduction, 100.0, 50_000.0);
    let schedule = &all(&[planned(&stock, None)], 8)[0];
    let taken: Vec<f64> = schedule.years.iter().map(|year| year.taken_t.0.round()).collect();
    assert_eq!(taken, [19_000.0, 19_000.0, 12_000.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let states: Vec<FieldYearStatus> = schedule.years.iter().map(|year| year.status).collect();
    let expected = [InProduction, InProduction, InProduction, WorkedOut, BeingRewetted, BeingRewetted, Rewetted, Rewetted];
    assert_eq!(states, expected);
    assert_eq!((schedule.worked_out_year, schedule.rewetted_year), (Some(3), Some(6)));
    let cost: f64 = schedule.years.iter().map(|year| year.restoration_cost_rub).sum();
    assert!((cost - 125.0 * 100_000.0).abs() < 1e-6, "the gross area is rewetted: {cost}");
    assert_eq!(schedule.years[6].rewetted_area_ha, Hectares(125.0));
}

#[test]
fn the_town_plants_field_lasts_twenty_years() {
    // 434 ha with 2 m of 120 kg/m³ hold 1.04 Mt dry, 1.736 Mt at 40 %; 200 t/ha without losses take 86.8 kt a year.
    let stock = FieldStock { loss_storage: Share::ZERO, ..field(1, FieldStatus::InProduction, 434.0, 1_736_000.0) };
    let schedule = &all(&[planned(&stock, None)], 25)[0];
    assert_eq!(schedule.worked_out_year, Some(20));
    assert!((schedule.years[0].capacity_t_a.0 - 86_800.0).abs() < 1e-6);
}

#[test]
fn crews_go_where_it_was_decided_first() {
    let (a, b) = (field(7, FieldStatus::Undeveloped, 120.0, 1e6), field(3, FieldStatus::Undeveloped, 150.0, 1e6));
    let schedules = all(&[planned(&a, Some(1)), planned(&b, Some(1))], 9);
    let area = |place: usize| schedules[place].years.iter().map(|year| year.prepared_area_ha.0).collect::<Vec<_>>();
    // Works from year 3, 100 ha a year, field 3 before field 7; ready two years later.
    assert_eq!(area(1)[4..8], [100.0, 150.0, 150.0, 150.0]);
    assert_eq!(area(0)[4..8], [0.0, 50.0, 120.0, 120.0]);
    // A decision a year earlier goes first whatever the id.
    let later = all(&[planned(&a, Some(1)), planned(&b, Some(2))], 9);
    assert_eq!(later[0].first_harvest_year, Some(5));
    assert_eq!(later[1].first_harvest_year, Some(6));
    let cost: f64 = schedules.iter().flat_map(|schedule| &schedule.years).map(|year| year.preparation_cost_rub).sum();
    assert!((cost - 270.0 * 600_000.0).abs() < 1e-3);
    assert_eq!(schedules[0].years[0].status, FieldYearStatus::UnderPreparation);
}

#[test]
fn fields_that_nobody_decides_on_stay_as_they_are() {
    let stocks = [
        field(1, FieldStatus::Undeveloped, 100.0, 1e5),
        field(2, FieldStatus::Rewetted, 100.0, 1e5),
        field(3, FieldStatus::WorkedOut, 100.0, 1e5),
        field(4, FieldStatus::InProduction, 100.0, 0.0),
    ];
    let fields: Vec<PlannedField<'_>> = stocks.iter().map(|stock| planned(stock, None)).collect();
    let schedules = all(&fields, 6);
    assert!(schedules.iter().flat_map(|schedule| &schedule.years).all(|year| year.capacity_t_a.0.abs() < 1e-12));
    assert!(schedules[0].years.iter().all(|year| year.status == FieldYearStatus::Undeveloped && year.stock_t == Tonnes(1e5)));
    assert_eq!((schedules[1].years[0].status, schedules[1].rewetted_year), (FieldYearStatus::Rewetted, None));
    for left_behind in &schedules[2..] {
        assert_eq!((left_behind.worked_out_year, left_behind.rewetted_year), (Some(0), Some(3)), "{left_behind:?}");
        assert_eq!(left_behind.years[3].status, FieldYearStatus::Rewetted);
    }
}

#[test]
fn wrong_plans_are_refused() {
    let stock = field(1, FieldStatus::InProduction, 100.0, 1e5);
    let one = planned(&stock, None);
    let weather = |_: FeatureId, _: usize| 1.0;
    let ask = |fields: &[PlannedField<'_>], years, taken| field_schedules(fields, &rules(), Share::ONE, &weather, years, taken);
    assert_eq!(ask(&[one, one], 3, Taken::Capacity), Err(PreparationError::FieldTwice { field: 1 }));
    assert!(ask(&[one], 0, Taken::Capacity).unwrap_err().to_string().contains("horizon_years"));
    assert!(ask(&[one], usize::MAX, Taken::Capacity).is_err());
    let short = [vec![Tonnes(1.0); 2]];
    assert_eq!(ask(&[one], 3, Taken::Plan(&short)), Err(PreparationError::TakenMismatch { fields: 1, years: 3 }));
    assert!(ask(&[one], 1, Taken::Plan(&[vec![Tonnes(f64::NAN)]])).is_err());
    let storm = |_: FeatureId, _: usize| f64::NAN;
    assert!(field_schedules(&[one], &rules(), Share::ONE, &storm, 3, Taken::Nothing).is_err());
    let idle = PreparationRules { yearly: Hectares(0.0), ..rules() };
    assert!(field_schedules(&[one], &idle, Share::ONE, &weather, 3, Taken::Nothing).is_err());
}

#[test]
fn fields_in_order_meet_the_need_and_no_more() {
    let stocks = [field(4, FieldStatus::InProduction, 100.0, 60_000.0), field(2, FieldStatus::InProduction, 100.0, 1e6)];
    let fields: Vec<PlannedField<'_>> = stocks.iter().map(|stock| planned(stock, None)).collect();
    let t = |mass: f64| stocks[0].energy(Tonnes(mass));
    let needs = [10_000.0, 25_000.0, 60_000.0, 30_000.0].map(t);
    let ask = |needs: &[MegawattHours], years| {
        field_schedules(&fields, &rules(), Share::ONE, &|_, _| 1.0, years, Taken::InOrder(needs))
    };
    let schedules = ask(&needs, 4).unwrap();
    let taken = |place: usize| schedules[place].years.iter().map(|year| year.taken_t.0.round()).collect::<Vec<_>>();
    // 19,000 t a year each, the first one in the order first, which ends in year 4.
    assert_eq!(taken(0), [10_000.0, 19_000.0, 19_000.0, 12_000.0]);
    assert_eq!(taken(1), [0.0, 6_000.0, 19_000.0, 18_000.0]);
    assert!(ask(&needs[..3], 4).is_err() && ask(&[MegawattHours(f64::NAN); 4], 4).is_err());
}

#[test]
fn nobody_decides_on_what_is_not_needed() {
    let stocks = [
        field(1, FieldStatus::InProduction, 100.0, 1e6),
        field(2, FieldStatus::Undeveloped, 100.0, 1e6),
        field(3, FieldStatus::Undeveloped, 100.0, 1e6),
    ];
    let fields: Vec<PlannedField<'_>> = stocks.iter().map(|stock| planned(stock, None)).collect();
    let decide = |need: f64, earliest: usize, watched: bool| {
        let needs = vec![stocks[0].energy(Tonnes(need)); 20];
        latest_decisions(&fields, &rules(), Share::ONE, &|_, _| 1.0, &needs, earliest, &mut |_| watched)
    };
    assert_eq!(decide(19_000.0, 1, true), Ok(vec![None, None, None]));
    // Half as much again: field 2 at once, field 3 never.
    assert_eq!(decide(28_000.0, 1, true), Ok(vec![None, Some(1), None]));
    // More than all can give: at once, and a year later where crews are not free sooner.
    assert_eq!(decide(90_000.0, 3, true), Ok(vec![None, Some(3), Some(4)]));
    assert_eq!(decide(90_000.0, 3, false), Err(PreparationError::Cancelled));
}

/// Equal but for a billionth of the stock, which is left to rounding.
fn assert_conserved(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-7 * (1.0 + other), "{one} {other}");
}

fn statuses() -> impl Strategy<Value = FieldStatus> {
    prop::sample::select(vec![FieldStatus::Undeveloped, FieldStatus::Prepared, FieldStatus::InProduction, FieldStatus::WorkedOut])
}

proptest! {
    #[test]
    fn peat_is_conserved_and_the_order_of_fields_changes_nothing(
        given in prop::collection::vec((statuses(), 1.0..400.0f64, 0.0..2e6f64, prop::option::of(1usize..8)), 1..6),
        share_taken in 0.0..1.2f64, factors in prop::collection::vec(0.2..1.4f64, 25),
    ) {
        let stocks: Vec<FieldStock> =
            (1..).zip(&given).map(|(id, (status, net, stock, _))| field(id, *status, *net, *stock)).collect();
        let fields: Vec<PlannedField<'_>> =
            stocks.iter().zip(&given).map(|(stock, (.., decision))| planned(stock, *decision)).collect();
        let weather = |_: FeatureId, year: usize| factors[year - 1];
        let ask = |fields: &[PlannedField<'_>], taken: Taken<'_>| {
            field_schedules(fields, &rules(), Share::ONE, &weather, 25, taken).unwrap()
        };
        let most = ask(&fields, Taken::Nothing);
        let plan: Vec<Vec<Tonnes>> = most
            .iter()
            .map(|schedule| schedule.years.iter().map(|year| year.capacity_t_a * share_taken).collect())
            .collect();
        let schedules = ask(&fields, Taken::Plan(&plan));
        for (schedule, stock) in schedules.iter().zip(&stocks) {
            let mut left = if stock.status == FieldStatus::WorkedOut { 0.0 } else { stock.stock(Share::ONE).0 };
            for year in &schedule.years {
                prop_assert!(year.taken_t <= year.capacity_t_a && year.capacity_t_a.0 <= left * (1.0 + 1e-9) + 1e-9);
                left -= year.taken_t.0;
                // A billionth of the stock is left to rounding.
                prop_assert!((year.stock_t.0 - left).abs() <= 1e-8 * (1.0 + stock.gross_stock.0));
                prop_assert!(year.prepared_area_ha.0 <= stock.net_area(Share::ONE).0 + 1e-9);
            }
            let area: f64 = schedule.years.iter().map(|year| year.preparation_cost_rub).sum::<f64>() / 600_000.0;
            prop_assert!(area <= stock.net_area(Share::ONE).0 + 1e-6, "no hectare is paid for twice");
        }
        let begun: Vec<f64> = (0..25)
            .map(|year| schedules.iter().map(|schedule| schedule.years[year].preparation_cost_rub).sum::<f64>())
            .collect();
        prop_assert!(begun.iter().all(|cost| *cost <= 100.0 * 600_000.0 + 1e-3), "crews have a pace: two halves a year");
        let back: Vec<PlannedField<'_>> = fields.iter().rev().copied().collect();
        let mut reversed = ask(&back, Taken::Capacity);
        reversed.reverse();
        prop_assert_eq!(reversed, ask(&fields, Taken::Capacity));
    }

    #[test]
    fn decisions_that_are_put_off_lose_nothing(
        given in prop::collection::vec((statuses(), 20.0..300.0f64, 1e4..1e6f64), 1..6), need in 5_000.0..80_000.0f64, earliest in 1usize..5,
    ) {
        let stocks: Vec<FieldStock> = (1..).zip(&given).map(|(id, (status, net, stock))| field(id, *status, *net, *stock)).collect();
        let mut fields: Vec<PlannedField<'_>> = stocks.iter().map(|stock| planned(stock, None)).collect();
        let needs = vec![stocks[0].energy(Tonnes(need)); 25];
        let late = latest_decisions(&fields, &rules(), Share::ONE, &|_, _| 1.0, &needs, earliest, &mut |_| true).unwrap();
        let mut supplied = |decisions: &[Option<usize>]| -> Vec<f64> {
            for (field, decision) in fields.iter_mut().zip(decisions) {
                field.decision_year = *decision;
            }
            let schedules = field_schedules(&fields, &rules(), Share::ONE, &|_, _| 1.0, 25, Taken::InOrder(&needs)).unwrap();
            for schedule in &schedules {
                let stock = stocks.iter().find(|stock| stock.field == schedule.field_id).unwrap();
                let taken: f64 = schedule.years.iter().map(|year| year.taken_t.0).sum();
                let held = if stock.status == FieldStatus::WorkedOut { 0.0 } else { stock.stock(Share::ONE).0 };
                assert_conserved(taken + schedule.years[24].stock_t.0, held);
            }
            (0..25).map(|year| schedules.iter().map(|schedule| schedule.years[year].taken_t.0).sum()).collect()
        };
        let early: Vec<Option<usize>> =
            stocks.iter().map(|stock| (stock.status == FieldStatus::Undeveloped).then_some(earliest)).collect();
        let (late_t, early_t) = (supplied(&late), supplied(&early));
        for (late, early) in late_t.iter().zip(&early_t) {
            prop_assert!(*late >= early - 1e-6 * (1.0 + need), "{late} {early}");
        }
        for (late, early) in late.iter().zip(&early) {
            prop_assert!(late.is_none() || *late >= *early);
        }
    }

    #[test]
    fn a_wetter_year_never_gives_more_and_a_later_decision_never_sooner(
        net in 1.0..400.0f64, stock in 1e4..2e6f64, wet in 0.2..1.4f64, dry in 0.2..1.4f64, decision in 1usize..10, later in 0usize..5,
    ) {
        let of = |decision, factor: f64| {
            let stock = field(1, FieldStatus::Undeveloped, net, stock);
            let fields = [planned(&stock, Some(decision))];
            field_schedules(&fields, &rules(), Share::ONE, &|_, _| factor, 30, Taken::Nothing).unwrap().remove(0)
        };
        let (wetter, drier) = (of(decision, wet.min(dry)), of(decision, wet.max(dry)));
        prop_assert!(wetter.years.iter().zip(&drier.years).all(|(a, b)| a.capacity_t_a <= b.capacity_t_a));
        let delayed = of(decision + later, wet.min(dry));
        prop_assert!(delayed.years.iter().zip(&wetter.years).all(|(a, b)| a.capacity_t_a <= b.capacity_t_a));
    }
}
