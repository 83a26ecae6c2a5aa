//! The demo town's plan from end to end: the proposed plant Swift heats all consumers of the town over pipes of up to 25 km. Each
//! figure is worked out again here, by hand's arithmetic from the figures before it, and held to a recorded value within half a
//! percent, so that whoever changes a default or a method sees what it does to the plan.

use crate::support::server::demo;
use serde_json::{Value, json};

/// A recorded figure may move by so much.
const RECORDED: f64 = 5e-3;
/// Arithmetic from other figures may differ by so much.
const EXACT: f64 = 1e-6;

fn number(value: &Value, path: &str) -> f64 {
    value.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no number {path}"))
}

fn within(name: &str, value: f64, wanted: f64, tolerance: f64) {
    assert!((value / wanted - 1.0).abs() <= tolerance, "{name}: {value}, not {wanted}");
}

#[test]
fn the_town_of_the_demo_heated_from_swift() {
    let inputs = json!({ "plant": "P-1", "greatest_pipe_km": 25, "sizing": false, "uncertainty_draws": 200 });
    let answer = demo().post("/ogc/processes/chp-study/execution", &json!({ "inputs": inputs }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let plan = answer.json();
    let of = |path: &str| number(&plan, path);
    let flow = |stream: &str, name: &str| {
        let flows = plan["project"]["flows"].as_array().expect("flows");
        flows.iter().find(|flow| flow["stream"] == stream && flow["name"] == name).expect("the flow").clone()
    };

    // Heat: ten consumers whose rows state 606 GWh a year.
    within("heat demand", of("/heat_demand/energy_mwh_a"), 606_000.0, EXACT);
    // The colder the hour, the higher the load: 217 MW in the coldest one of the norm's climate.
    within("peak", of("/heat_demand/peak_mw"), 217.3, RECORDED);

    // Pipes: straight lines times 1.3, mean by heat; 2 % of the heat is lost on a kilometre.
    within("mean pipe", of("/mean_pipe_km"), 7.92, RECORDED);
    within("pipe loss", of("/pipe_loss_share"), 0.02 * of("/mean_pipe_km"), EXACT);

    // The plant runs whenever it can: 8,760 h less two weeks planned and 7.85 % unplanned, 7,763 h at most; heat of some
    // summer hours is less than it gives.
    let hours = of("/plant/full_load_hours");
    assert!(hours <= (8_760.0 - 336.0) * (1.0 - 0.078_5) * (1.0 + EXACT), "{hours}");
    within("full-load hours", hours, 7_730.0, RECORDED);
    let heat = of("/dispatch/units/0/heat_mwh");
    // 12.5 MW less the pipes' loss, for those hours; a little less at part load.
    within("heat of the plant", heat, 12.5 * (1.0 - of("/pipe_loss_share")) * hours, 2e-3);
    within("electricity of the plant", of("/dispatch/units/0/electric_mwh"), 3.0 * hours, 2e-3);
    within("share of local fuel", of("/local_share/heat"), heat / of("/dispatch/heat_load_mwh"), EXACT);
    within("share of local fuel, recorded", of("/local_share/heat"), 0.134, RECORDED);

    // Fuel: 18.7 MW at full load, four fifths of it peat by the plant's row.
    let fuel = of("/fuel/plant_fuel_mwh_a");
    within("fuel", fuel, 18.7 * hours, EXACT);
    within("peat wanted", of("/fuel/peat_need_mwh_a"), 0.8 * fuel, EXACT);
    within("peat supplied", of("/fuel/peat_mwh_a"), of("/fuel/peat_need_mwh_a"), EXACT);
    // 900 RUB/t production, 120 handling and the haul, over about 3.25 MWh in a tonne.
    within("price of peat", of("/fuel/peat_rub_mwh"), 525.0, RECORDED);
    assert_eq!(plan["years_of_full_supply"], 50, "the nearest deposits outlast the horizon");

    // Investment: 8,540 EUR/kW at 1 MW, exponent 0.72, prices of 2015 raised by 3 % a year to 2024, 100 RUB/EUR.
    let investment = 8_540.0 * 1_000.0 * 3.0_f64.powf(0.72) * 1.03_f64.powi(9) * 100.0;
    within("investment", of("/unit/investment_rub"), investment, EXACT);

    // A year's money, of 2024.
    let peat_rub = of("/fuel/peat_mwh_a") * of("/fuel/peat_rub_mwh");
    let wood_rub = of("/fuel/wood_mwh_a") * 900.0;
    let pipes_rub = heat * of("/mean_pipe_km") * 110.0;
    within("pipes", number(&flow("variable_operation", "heat pipes"), "/quantity") * 110.0, pipes_rub, EXACT);
    let starts_rub = of("/dispatch/units/0/starts") * of("/unit/start_cost_rub");
    let operation_rub = of("/unit/fixed_cost_rub_a") + of("/dispatch/units/0/operation_rub") + starts_rub;
    let income = 1_900.0 * heat + 2_500.0 * of("/dispatch/units/0/electric_mwh");
    // A tenth of a year's fuel and operation is bound in stocks all the while; to keep it in step with inflation of 4 % costs its
    // real loss.
    let stock = 0.1 * (peat_rub + wood_rub + pipes_rub + operation_rub);
    let yearly = income - peat_rub - wood_rub - pipes_rub - operation_rub - stock * 0.04 / 1.04;
    within("a year's surplus", number(&plan, "/economics/cash_flow/net_rub/5"), yearly, 1e-5);
    // Two years of building, the first of them undiscounted, 25 of operation at 10 %; the plant lives 20 years and is renewed
    // in the last of them for five more, after which three quarters of its worth are left.
    let rate = 1.1_f64;
    let discounted = |year: i32| rate.powi(-year);
    let operation: f64 = (2..27).map(discounted).sum();
    let building = investment / 2.0 * (1.0 + discounted(1)) + investment * discounted(21) - 0.75 * investment * discounted(26);
    let worth = yearly * operation - building - stock * (discounted(1) - discounted(26));
    within("net present value", of("/economics/measures/npv_rub"), worth, 2e-3);
    within("net present value, recorded", of("/economics/measures/npv_rub"), -3.002e9, RECORDED);
    // What heat would have to cost for nothing to be lost: the gap over the heat of all years.
    let levelised = 1_900.0 - worth / (heat * operation);
    within("levelised cost of heat", of("/economics/levelised_cost_heat_rub_mwh"), levelised, 2e-3);

    // Gases: peat is fossil by the inventories, 106 t/TJ; wood is told apart.
    let peat_t = of("/fuel/peat_mwh_a") * 3.6e-3 * 106.0;
    within("fossil carbon dioxide", of("/emissions/stack/fossil_co2_t_a"), peat_t, 1e-2);
    within("biogenic carbon dioxide", of("/emissions/stack/biogenic_co2_t_a"), of("/fuel/wood_mwh_a") * 3.6e-3 * 112.0, 1e-2);
    let change = of("/emissions/total_co2_equivalent_t_a") - of("/emissions/present_co2_equivalent_t_a");
    within("change of gases", of("/emissions/change_co2_equivalent_t_a"), change, EXACT);
    assert!(change > 0.0, "peat in place of gas emits more; the plan says so");

    // How sure: the two deposits that feed it are surveyed well, so prices and the investment decide.
    let factors = plan["reserve_factors"].as_array().expect("factors");
    assert_eq!(factors.len(), 2);
    for factor in factors {
        assert!(number(factor, "/p10") > 0.9 && number(factor, "/p90") < 1.1, "{factor}");
    }
    // Half of the draws lie below the plan: investments exceed their estimate more often than not, measured plants stay below theirs.
    within("median net present value", of("/uncertainty/outputs/0/summary/p50"), -3.27e9, 2e-2);
    assert!(of("/uncertainty/outputs/0/above_zero/probability") < 1e-12, "it pays in no draw at these prices");
}
