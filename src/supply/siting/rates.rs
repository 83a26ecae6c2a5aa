//! Links and sizes from a few rates, where nothing better is known.

use super::case::{HeatLink, MOST_LINKS, SitingError, SizeClass};
use crate::model::ParameterValues;

/// What a heat pipe costs and loses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PipeRates {
    /// Length of the pipe over straight line.
    pub tortuosity: f64,
    /// Greatest length of a pipe, km.
    pub greatest_km: f64,
    /// Cost of a MWh for a kilometre, RUB.
    pub cost_rub_mwh_km: f64,
    /// Share of the heat sent out that is lost on a kilometre.
    pub loss_share_km: f64,
}

impl PipeRates {
    /// The rates of a request.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        Self {
            tortuosity: numbers.get("pipe_tortuosity"),
            greatest_km: numbers.get("greatest_pipe_km"),
            cost_rub_mwh_km: numbers.get("pipe_cost_rub_mwh_km"),
            loss_share_km: numbers.get("pipe_loss_share_km"),
        }
    }
}

/// Which site can heat which consumer, from their places in a system of metres: `d = τ · straight line`, cost `c · d` for a MWh,
/// loss `1 - (1 - l)^d` of what is sent out. Pairs farther apart than the greatest length are left out.
///
/// 3 km east and 4 km north at 1.2, 100 RUB/MWh·km and 2 % a kilometre: 6 km, 600 RUB/MWh, 11.4 %:
///
/// ```
/// use peatplan::supply::siting::{PipeRates, heat_links};
/// let rates = PipeRates { tortuosity: 1.2, greatest_km: 8.0, cost_rub_mwh_km: 100.0, loss_share_km: 0.02 };
/// let links = heat_links(&[("A".into(), [0.0, 0.0])], &[("a".into(), [3000.0, 4000.0])], &rates).unwrap();
/// assert!((links[0].pipe_rub_mwh - 600.0).abs() < 1e-9 && (links[0].loss_share - 0.11416).abs() < 1e-5);
/// ```
///
/// # Errors
/// [`SitingError::TooMany`] where more pairs are near enough than a case may have.
pub fn heat_links(
    sites: &[(String, [f64; 2])],
    consumers: &[(String, [f64; 2])],
    rates: &PipeRates,
) -> Result<Vec<HeatLink>, SitingError> {
    let mut links = Vec::new();
    for (site, from) in sites {
        for (consumer, to) in consumers {
            let distance_km = rates.tortuosity * (from[0] - to[0]).hypot(from[1] - to[1]) / 1_000.0;
            if distance_km > rates.greatest_km || !distance_km.is_finite() {
                continue;
            }
            links.push(HeatLink {
                site: site.clone(),
                consumer: consumer.clone(),
                pipe_rub_mwh: rates.cost_rub_mwh_km * distance_km,
                loss_share: 1.0 - (1.0 - rates.loss_share_km).powf(distance_km),
                distance_km,
            });
        }
        if links.len() > MOST_LINKS {
            return Err(SitingError::TooMany { what: "pairs of site and consumer", count: links.len(), most: MOST_LINKS });
        }
    }
    Ok(links)
}

/// What a plant costs and does, by its heat.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the parameters")]
pub struct SizeRates {
    pub reference_heat_mw: f64,
    pub reference_investment_meur: f64,
    pub rub_per_eur: f64,
    pub investment_exponent: f64,
    pub fixed_cost_share: f64,
    pub variable_cost_eur_mwh: f64,
    pub heat_efficiency: f64,
    pub power_to_heat: f64,
    pub life_a: f64,
    pub full_load_hours: f64,
}

impl SizeRates {
    /// The rates of a request.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        let number = |name| numbers.get(name);
        Self {
            reference_heat_mw: number("reference_heat_mw"),
            reference_investment_meur: number("reference_investment_meur"),
            rub_per_eur: number("rub_per_eur"),
            investment_exponent: number("investment_exponent"),
            fixed_cost_share: number("fixed_cost_share"),
            variable_cost_eur_mwh: number("variable_cost_eur_mwh"),
            heat_efficiency: number("heat_efficiency"),
            power_to_heat: number("power_to_heat"),
            life_a: number("plant_life_a"),
            full_load_hours: number("heat_full_load_hours"),
        }
    }
}

/// Sizes by the law of capacity and cost: `I = I_0 (Q / Q_0)^s`, fixed cost a share of it, heat `Q · h` a year.
///
/// Half the reference at an exponent of 0.72 costs 0.607 of it:
///
/// ```
/// use peatplan::model::{ParameterValues, siting_parameters};
/// use peatplan::supply::siting::{SizeRates, size_classes};
/// let rates = SizeRates::from_numbers(&ParameterValues::defaults(siting_parameters()));
/// let sizes = size_classes(&[rates.reference_heat_mw / 2.0, rates.reference_heat_mw], &rates);
/// assert!((sizes[0].investment_rub / sizes[1].investment_rub - 0.6071).abs() < 1e-4);
/// ```
#[must_use]
pub fn size_classes(heat_mw: &[f64], rates: &SizeRates) -> Vec<SizeClass> {
    let class = |heat_mw: &f64| {
        let reference_rub = rates.reference_investment_meur * 1e6 * rates.rub_per_eur;
        let investment_rub = reference_rub * (heat_mw / rates.reference_heat_mw).powf(rates.investment_exponent);
        SizeClass {
            id: format!("{heat_mw} MW"),
            heat_capacity_mwh_a: heat_mw * rates.full_load_hours,
            investment_rub,
            life_a: rates.life_a,
            fixed_rub_a: investment_rub * rates.fixed_cost_share,
            variable_rub_mwh: rates.variable_cost_eur_mwh * rates.rub_per_eur,
            heat_efficiency: rates.heat_efficiency,
            power_to_heat: rates.power_to_heat,
        }
    };
    heat_mw.iter().map(class).collect()
}
