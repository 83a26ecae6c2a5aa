//! Claims about the choice of sites.

mod choices;
mod oracle;
mod properties;

use super::case::*;
use super::plan::SitingPlan;
use super::search::{SearchLimits, site_plan};

/// A plan of a case, at the default limits.
fn plan(case: &SitingCase) -> Result<SitingPlan, SitingError> {
    site_plan(case, &SearchLimits::default(), &mut |_| true)
}

fn site(id: impl Into<String>, site_rub_a: f64) -> Site {
    Site { id: id.into(), site_rub_a, ..Site::default() }
}

fn size(id: &str, heat_capacity_mwh_a: f64, fixed_rub_a: f64) -> SizeClass {
    SizeClass {
        id: id.into(),
        heat_capacity_mwh_a,
        investment_rub: 0.0,
        life_a: 25.0,
        fixed_rub_a,
        variable_rub_mwh: 0.0,
        heat_efficiency: 0.8,
        power_to_heat: 0.0,
    }
}

fn consumer(id: impl Into<String>, heat_mwh_a: f64, other_heat_rub_mwh: Option<f64>) -> HeatConsumer {
    HeatConsumer { id: id.into(), heat_mwh_a, other_heat_rub_mwh }
}

fn heat_link(site: impl Into<String>, consumer: impl Into<String>, pipe_rub_mwh: f64) -> HeatLink {
    HeatLink { site: site.into(), consumer: consumer.into(), pipe_rub_mwh, loss_share: 0.0, distance_km: 1.0 }
}

fn fuel_link(deposit: impl Into<String>, site: impl Into<String>, delivered_rub_mwh: f64) -> FuelLink {
    FuelLink { deposit: deposit.into(), site: site.into(), delivered_rub_mwh }
}

/// Agreement to a share.
fn near(value: f64, wanted: f64, share: f64) -> bool {
    (value - wanted).abs() <= share * value.abs().max(wanted.abs()).max(1e-9)
}
