//! Claims about the allocation: against other programs, closed forms, properties, and what is refused.

mod oracles;
mod properties;
mod reach;
mod refusals;

use super::*;

/// A study without sources and plants.
fn bare(years: usize, discount_rate: f64) -> AllocationStudy {
    AllocationStudy {
        first_year: 2026,
        years,
        discount_rate,
        weather: Vec::new(),
        preparation_most_ha_a: None,
        sources: Vec::new(),
        plants: Vec::new(),
        ways: Vec::new(),
        alternatives: Vec::new(),
        numbers: AllocationNumbers::default(),
    }
}

/// A source of fixed area that gives `yearly_mwh` a year and carries nothing over.
fn source(id: &str, stock_mwh: f64, yearly_mwh: f64, harvest_cost_rub_mwh: f64) -> HarvestSource {
    HarvestSource {
        id: id.to_owned(),
        stock_mwh,
        yield_mwh_ha: yearly_mwh,
        prepared_ha: 1.0,
        largest_ha: 1.0,
        harvest_cost_rub_mwh,
        carry_over_most_mwh: Some(0.0),
        ..HarvestSource::default()
    }
}

fn plant(id: &str, need_mwh: Vec<f64>, shortage_rub_mwh: f64) -> FuelPlant {
    FuelPlant { id: id.to_owned(), need_mwh, shortage_rub_mwh: Some(shortage_rub_mwh), ..FuelPlant::default() }
}

fn way(source: &str, plant: &str, cost_rub_mwh: f64) -> DeliveryWay {
    DeliveryWay { source: source.to_owned(), plant: plant.to_owned(), cost_rub_mwh, most_mwh_a: None }
}

fn planned(study: &AllocationStudy) -> Allocation {
    allocation(study, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}
