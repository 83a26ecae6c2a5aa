//! Bodies whose volume is known in closed form, and the chain from volume to energy against published rows.

use geo::{LineString, MultiPolygon, Polygon};
use peatplan::geostat::Unwatched;
use peatplan::reserves::{Fuel, PeatContent, ProbedDepth, ReserveEstimate, ReserveRequest, StepName, Survey, reserve_estimate};
use peatplan::units::{CubicMetres, GigaJoules, KilogramsPerCubicMetre, MassFraction, Metres, SquareMetres, Tonnes};
use std::f64::consts::PI;

fn survey(outline: Vec<(f64, f64)>, depths: Vec<(f64, f64, f64)>) -> Survey {
    let probe = |(x, y, depth)| ProbedDepth::measured(x, y, Metres(depth));
    Survey {
        crs: "planar".into(),
        outline: MultiPolygon::new(vec![Polygon::new(LineString::from(outline), vec![])]),
        area_ellipsoidal: SquareMetres(0.0),
        probes_inside: depths.into_iter().map(probe).collect(),
        probes_outside: Vec::new(),
        cores: Vec::new(),
        constraints: Vec::new(),
        stated_mean_depth: None,
    }
}

fn square(edge: f64) -> Vec<(f64, f64)> {
    vec![(0.0, 0.0), (edge, 0.0), (edge, edge), (0.0, edge)]
}

/// A round bog of radius 100 m probed every metre, so that the nearest probe is each cell's own depth.
fn round_bog(depth_at: impl Fn(f64) -> f64) -> Survey {
    let outline = (0..3_600).map(|i| f64::from(i) * PI / 1_800.0).map(|a| (100.0 * a.cos(), 100.0 * a.sin())).collect();
    let middles = (-100..100).flat_map(|i| (-100..100).map(move |j| (f64::from(i) + 0.5, f64::from(j) + 0.5)));
    let inside = middles.filter(|(x, y)| x.hypot(*y) < 100.0);
    survey(outline, inside.map(|(x, y)| (x, y, depth_at(x.hypot(y)))).collect())
}

fn estimate(survey: &Survey, inputs: &[(&str, &str)]) -> ReserveEstimate {
    let mut request = ReserveRequest::default();
    for (name, value) in [("min_depth_m", "0"), ("bottom_layer_m", "0")].iter().chain(inputs) {
        request.set(name, value).unwrap();
    }
    reserve_estimate(survey, &request, 1_000_000, &Unwatched).unwrap().estimate
}

fn near(computed: f64, exact: f64, relative: f64) {
    assert!((computed / exact - 1.0).abs() <= relative, "{computed} against {exact}");
}

#[test]
fn two_metres_on_ten_hectares_are_200_000_cubic_metres_by_any_method() {
    let edge = 100_000.0_f64.sqrt();
    let bog = survey(square(edge), vec![(10.0, 10.0, 2.0), (200.0, 50.0, 2.0), (120.0, 300.0, 2.0)]);
    near(estimate(&bog, &[("method", "mean")]).geological_volume_m3.0, 200_000.0, 1e-12);
    let cell = (edge / 100.0).to_string();
    near(estimate(&bog, &[("method", "idw"), ("cell_m", &cell)]).geological_volume_m3.0, 200_000.0, 1e-9);
}

#[test]
fn a_plane_of_probes_on_a_square_has_its_mean_depth() {
    let middles = (0..100).flat_map(|i| (0..100).map(move |j| (f64::from(i) + 0.5, f64::from(j) + 0.5)));
    let bog = survey(square(100.0), middles.map(|(x, y)| (x, y, 1.0 + 0.01 * x)).collect());
    near(estimate(&bog, &[("method", "mean")]).geological_volume_m3.0, 15_000.0, 1e-9);
    near(estimate(&bog, &[("method", "idw"), ("cell_m", "1")]).geological_volume_m3.0, 15_000.0, 1e-9);
}

#[test]
fn a_cone_and_a_paraboloid_have_their_volumes() {
    let inputs = [("method", "idw"), ("cell_m", "1")];
    let cone = round_bog(|r| 3.0 * (1.0 - r / 100.0));
    near(estimate(&cone, &inputs).geological_volume_m3.0, 31_415.93, 5e-4);
    let paraboloid = round_bog(|r| 3.0 * (1.0 - (r / 100.0).powi(2)));
    near(estimate(&paraboloid, &inputs).geological_volume_m3.0, 47_123.89, 5e-4);
}

#[test]
fn cut_offs_on_a_paraboloid_are_those_of_the_integral() {
    let paraboloid = round_bog(|r| 3.0 * (1.0 - (r / 100.0).powi(2)));
    let estimate = estimate(&paraboloid, &[("method", "idw"), ("cell_m", "1"), ("min_depth_m", "1"), ("bottom_layer_m", "0.5")]);
    let step = |name| estimate.ladder.iter().find(|step| step.step == name).unwrap();
    near(step(StepName::Balance).area_ha.square_metres().0, 20_943.95, 1e-3);
    near(step(StepName::Balance).volume_m3.0, 41_887.90, 1e-3);
    near(step(StepName::AboveBottomLayer).volume_m3.0, 31_415.93, 1e-3);
}

/// A volume of peat of this density and dry calorific value, as fuel at a moisture.
fn fuel(volume: f64, density: f64, moisture: f64, calorific: f64) -> Fuel {
    let volume = CubicMetres(volume);
    let dry = volume * KilogramsPerCubicMetre(density);
    let content = PeatContent { volume, dry, dry_heat_gj: dry.0 * calorific, ..PeatContent::ZERO };
    content.fuel(MassFraction::new(moisture).unwrap())
}

#[test]
fn ahtari_gives_its_published_energy() {
    // GTK report 225: 28.2 million m³ of fuel peat, 82 kg/m³, 21.4 MJ/kg; 12.1 million MWh at 50 % moisture.
    let energy = fuel(28.2e6, 82.0, 0.50, 21.4).energy_mwh.0;
    near(energy, 12.18e6, 1e-3);
    near(energy, 12.1e6, 1e-2);
}

#[test]
fn lestijarvi_gives_its_three_energies_from_one_calorific_value() {
    // GTK report 223: 2.31, 2.16 and 2.04 million MWh at 0, 35 and 50 % moisture; 20.90 MJ/kg follows.
    let dry: f64 = 2.443 / (1.0 - 2.04 / 2.31);
    near(dry, 20.90, 1e-3);
    let mass = Tonnes(2.31e6 * 3.6 / dry);
    for (moisture, published) in [(0.0, 2.31e6), (0.35, 2.16e6), (0.50, 2.04e6)] {
        let fuel = fuel(mass.0, 1_000.0, moisture, dry);
        near(fuel.energy_mwh.0, published, 3e-3);
    }
}

#[test]
fn tervola_and_the_nation_agree_between_their_units() {
    near(GigaJoules(16.39e6).megawatt_hours().0, 4.55e6, 1e-3);
    // Finland: 12,800 TWh in 29.6e9 m³ are 0.432 MWh/m³, what 86 kg/m³ at 20.5 MJ/kg gives at 50 %.
    near(fuel(1.0, 86.0, 0.50, 20.5).energy_mwh.0, 12_800.0 / 29_600.0, 1e-2);
}

#[test]
fn the_towns_500_million_cubic_metres_are_75_million_tonnes_before_any_loss() {
    let fuel = fuel(500e6, 90.0, 0.40, 20.9);
    near(fuel.mass_t.0, 75.0e6, 1e-12);
    // 0.34 t.c.e. a tonne of the statistics: 25.5 Mt.c.e., 747 PJ, 207.5 TWh.
    let statistical = peatplan::units::TonnesCoalEquivalent(fuel.mass_t.0 * 0.34);
    near(statistical.0, 25.5e6, 1e-12);
    near(statistical.gigajoules().0, 747e6, 1e-3);
    near(statistical.gigajoules().megawatt_hours().0, 207.5e6, 1e-3);
}
