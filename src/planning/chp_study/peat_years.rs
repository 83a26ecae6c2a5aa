//! Peat of a plant over the years of its operation: what the fields give as they are worked out one after the other, in seasons
//! that differ, from stocks that are not sure.

use crate::model::InputError;
use crate::planning::{PlanningError, PlantSupply};
use crate::supply::{Source, depletion_by_year};
use crate::units::MegawattHours;

/// The fields that feed a plant, the cheapest first.
#[derive(Debug, Clone)]
pub(super) struct PeatSources {
    /// Yearly harvest in a season of weather factor one, stock, and place of the deposit among `deposits`.
    sources: Vec<Source>,
    /// Place of each field's deposit.
    deposits: Vec<usize>,
    /// Delivered cost of each field, RUB/MWh.
    costs: Vec<f64>,
    /// Weather factor that the harvests were computed for.
    weather_factor: f64,
    /// Peat that the plant wants a year, MWh.
    pub need_mwh: f64,
}

/// Peat of a year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct PeatYear {
    /// What the fields give, MWh.
    pub supplied_mwh: f64,
    /// What it costs at the gate, RUB.
    pub cost_rub: f64,
}

impl PeatSources {
    /// The fields of a supply, for a need of a year.
    pub(super) fn of(supply: &PlantSupply, need_mwh: f64, weather_factor: f64) -> Self {
        let fields = &supply.supply.fields;
        let deposit = |id| supply.supply.deposits.iter().position(|deposit| deposit.deposit_id == id).unwrap_or_default();
        let source = |(place, field): (usize, &crate::supply::FieldDelivery)| Source {
            // Each field is followed by itself: its cost is its own.
            group: place,
            yearly: field.harvest_mwh_a,
            stock: field.stock_mwh,
        };
        Self {
            sources: fields.iter().enumerate().map(source).collect(),
            deposits: fields.iter().map(|field| deposit(field.labels.deposit_id)).collect(),
            costs: fields.iter().map(|field| field.delivered_cost_rub_mwh).collect(),
            weather_factor,
            need_mwh,
        }
    }

    /// Weather factor of an average season.
    pub(super) fn weather_factor(&self) -> f64 {
        self.weather_factor
    }

    /// Places of the deposits whose fields give the plant anything in any of so many average years.
    pub(super) fn deposits_used(&self, years: usize) -> Vec<usize> {
        let followed = self.followed(&vec![self.weather_factor; years], &[], self.need_mwh);
        let gives = |place: &usize| followed.iter().any(|year| year[*place].0 > 0.0);
        let mut used: Vec<usize> = (0..self.sources.len()).filter(gives).map(|place| self.deposits[place]).collect();
        used.sort_unstable();
        used.dedup();
        used
    }

    /// Years of average seasons.
    pub(super) fn average(&self, years: usize) -> Vec<PeatYear> {
        self.years(&vec![self.weather_factor; years], &[], self.need_mwh)
    }

    /// The years with a weather factor each, the stock of each deposit multiplied by its factor (one where the list does not
    /// reach it), and what the plant wants of them. A field gives no more than it still holds; dearer fields step in where cheap ones fail. Nothing is carried over from
    /// a good season to a bad one.
    pub(super) fn years(&self, weather: &[f64], stock_factors: &[f64], need_mwh: f64) -> Vec<PeatYear> {
        let sum = |year: Vec<MegawattHours>| PeatYear {
            supplied_mwh: year.iter().map(|energy| energy.0).sum(),
            cost_rub: year.iter().zip(&self.costs).map(|(energy, cost)| energy.0 * cost).sum(),
        };
        self.followed(weather, stock_factors, need_mwh).into_iter().map(sum).collect()
    }

    /// What each field gives in each year.
    fn followed(&self, weather: &[f64], stock_factors: &[f64], need_mwh: f64) -> Vec<Vec<MegawattHours>> {
        let of_deposit = |place: usize| stock_factors.get(self.deposits[place]).copied().unwrap_or(1.0);
        let held: Vec<Source> = self
            .sources
            .iter()
            .enumerate()
            .map(|(place, source)| Source { stock: MegawattHours(source.stock.0 * of_deposit(place)), ..*source })
            .collect();
        let season = |source: &Source| {
            // In a season of factor nothing there is nothing to scale.
            let of = |factor: &f64| {
                MegawattHours(if self.weather_factor > 0.0 { source.yearly.0 * factor / self.weather_factor } else { 0.0 })
            };
            weather.iter().map(of).collect()
        };
        let yearly: Vec<Vec<MegawattHours>> = self.sources.iter().map(season).collect();
        let needs = vec![MegawattHours(need_mwh); weather.len()];
        depletion_by_year(&held, held.len(), &yearly, &needs).years.into_iter().map(|year| year.by_deposit).collect()
    }
}

/// Delivered cost of peat in the first year.
///
/// # Errors
/// No field gives any, or the plant wants none.
pub(super) fn price_of_peat(supply: &PlantSupply) -> Result<f64, PlanningError> {
    if supply.need.fuel_mwh_a.0 <= 0.0 {
        return Err(PlanningError::Nothing(
            "the plant burns no peat in this year: its heat costs more than that of the boilers that stand, or the consumers need less than it can give at its minimum load; look at technology, present_fuel_price_rub_mwh, electricity_sale_price_rub_mwh, unserved_heat_cost_rub_mwh, the consumers, peat_share and the size of the plant",
        ));
    }
    supply.supply.mean_cost_rub_mwh.ok_or_else(|| {
        let detail =
            "no field gives this plant any peat: prepare fields, or count undeveloped ones with include_undeveloped=true";
        InputError { parameter: "include_undeveloped".into(), detail: detail.into() }.into()
    })
}

/// Price of the peat that the plant wants, wood chips standing in at theirs for what the fields do not give.
///
/// # Errors
/// As [`price_of_peat`].
pub(super) fn price_of_peat_and_stand_in(supply: &PlantSupply, wood_rub_mwh: f64) -> Result<f64, PlanningError> {
    let covered = supply.supply.covered_share;
    Ok(covered * price_of_peat(supply)? + (1.0 - covered) * wood_rub_mwh)
}
