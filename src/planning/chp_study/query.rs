//! What a study of a plant is asked for.

use super::super::SupplyQuery;
use super::super::demand_study::names_from;
use super::super::weather_choice::check_weather_text;
use crate::energy::demand::DemandRequest;
use crate::energy::dispatch::DispatchRule;
use crate::energy::uncertainty::{UncertaintyError, default_factors};
use crate::model::{
    InputError, ParameterValues, blend_parameters, demand_parameters, economics_parameters, emission_parameters, flag_from,
    number_from, plant_parameters, siting_parameters, technologies, technology, uncertainty_parameters,
};
use std::collections::BTreeMap;

/// What the computations that it calls take, and what makes no difference to a study: parts of a supply that are answered beside
/// it, prices and shares that it takes from elsewhere, and the hours of the plant, which are its answer.
const UNUSED: [&str; 37] = [
    "routes",
    "stock_band",
    "preparation",
    "blend",
    "decisions",
    "decision_year",
    "wood_chips",
    "wood_chips_most_share",
    "backup",
    "need_by_month",
    "season_draws",
    "season_years",
    "season_seed",
    "stock_certainty",
    "store_capacity_t",
    "stock_loss_month",
    "safety_stock_days",
    "stock_age_limit_months",
    "heating_season_mean_c",
    "milled_moisture",
    "sod_moisture",
    "milled_loose_density_kg_m3",
    "sod_loose_density_kg_m3",
    "wet_season_factor",
    "dry_season_factor",
    "permit_years",
    "works_years",
    "preparation_ha_a",
    "preparation_cost_rub_ha",
    "first_year_yield_share",
    "second_year_yield_share",
    "restoration_delay_years",
    "restoration_years",
    "restoration_cost_rub_ha",
    "full_load_hours",
    "base_unit_share",
    "plant_price_year",
];

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct ChpQuery {
    /// The plant and what feeds it.
    pub supply: SupplyQuery,
    /// Consumers that it heats, by identifier, code or name; all that a pipe can reach where none is named.
    pub consumers: Vec<String>,
    /// Technology, by the names of `technologies.toml`; by the plant's row or its size where none is named.
    pub technology: Option<String>,
    /// By which rule the load of each hour is shared.
    pub dispatch_rule: DispatchRule,
    /// Heat store.
    pub store_mwh: f64,
    /// Whether the project builds the boiler that serves the peaks; else those that stand do.
    pub build_backup: bool,
    /// Whether sizes are compared.
    pub sizing: bool,
    /// Whether the uncertainty is drawn.
    pub uncertainty_drawn: bool,
    /// Weather year of the project, by identifier, code or name.
    pub weather: Option<String>,
    /// Text of a weather file, EPW or TRY.
    pub weather_file: Option<String>,
    /// Climate and shares of the demand.
    pub demand: DemandRequest,
    /// Numbers of the pipes, by [`ChpQuery::PIPES`].
    pub pipes: ParameterValues,
    /// Numbers of plants.
    pub plants: ParameterValues,
    /// Numbers of the money.
    pub economics: ParameterValues,
    /// Numbers of the emissions.
    pub emissions: ParameterValues,
    /// Numbers of what is uncertain.
    pub uncertainty: ParameterValues,
    /// Shapes of the uncertain factors, by factor, where they are not the usual ones.
    pub shapes: BTreeMap<String, String>,
    /// Price, moisture and heat of the fuel that stands in for peat.
    pub blend: ParameterValues,
}

impl Default for ChpQuery {
    fn default() -> Self {
        let mut supply = SupplyQuery::default();
        supply.request.routes = false;
        Self {
            supply,
            consumers: Vec::new(),
            weather: None,
            weather_file: None,
            technology: None,
            dispatch_rule: DispatchRule::default(),
            store_mwh: 0.0,
            build_backup: false,
            sizing: true,
            uncertainty_drawn: true,
            demand: DemandRequest::default(),
            pipes: ParameterValues::defaults(siting_parameters()),
            plants: ParameterValues::defaults(plant_parameters()),
            economics: ParameterValues::defaults(economics_parameters()),
            emissions: ParameterValues::defaults(emission_parameters()),
            uncertainty: ParameterValues::defaults(uncertainty_parameters()),
            shapes: BTreeMap::new(),
            blend: ParameterValues::defaults(blend_parameters()),
        }
    }
}

impl ChpQuery {
    /// Greatest heat store, MWh.
    pub const LARGEST_STORE_MWH: f64 = 100_000.0;
    /// What it takes of a blend: the price of the fuel that stands in for peat, and what its dry mass, and so its sulphur, follows from.
    pub const WOOD: [&str; 3] = ["wood_chips_cost_rub_mwh", "wood_chips_moisture", "wood_chips_net_calorific_value_dry_mj_kg"];
    /// What it takes of the numbers of pipes.
    pub const PIPES: [&str; 4] = ["greatest_pipe_km", "pipe_tortuosity", "pipe_cost_rub_mwh_km", "pipe_loss_share_km"];

    /// Sets an input by its name. A number that several computations share is set for all of them.
    ///
    /// ```
    /// use peatplan::planning::ChpQuery;
    /// let mut query = ChpQuery::default();
    /// query.set("technology", "organic_rankine").unwrap();
    /// query.set("heat_price_rub_mwh", "2100").unwrap();
    /// assert_eq!(query.economics.get("heat_price_rub_mwh"), 2_100.0);
    /// assert!(query.set("heat_price_rub_mwh", "-5").unwrap_err().detail.contains("must lie between"));
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match name {
            "plant" => self.supply.plant = Some(text.to_owned()),
            "consumers" => self.consumers = names_from(name, text)?,
            "weather" => self.weather = Some(text.to_owned()),
            "weather_file" => {
                check_weather_text(text)?;
                self.weather_file = Some(text.to_owned());
            }
            "technology" => {
                let known: Vec<&str> = technologies().iter().map(|technology| technology.name.as_str()).collect();
                technology(text).ok_or_else(|| InputError::not_one_of(name, text, &known))?;
                self.technology = Some(text.to_owned());
            }
            "store_mwh" => {
                let value = number_from(name, text)?;
                if !(0.0..=Self::LARGEST_STORE_MWH).contains(&value) {
                    let detail = format!("store_mwh must lie between 0 and {} MWh; it was {value}", Self::LARGEST_STORE_MWH);
                    return Err(InputError { parameter: name.into(), detail });
                }
                self.store_mwh = value;
            }
            "build_backup" => self.build_backup = flag_from(name, text)?,
            "sizing" => self.sizing = flag_from(name, text)?,
            "uncertainty_drawn" => self.uncertainty_drawn = flag_from(name, text)?,
            _ if !Self::uses(name) => return Err(Self::unknown(name)),
            _ => return self.set_number(name, text),
        }
        Ok(())
    }

    /// Whether an input of the computations that a study calls makes a difference to it.
    #[must_use]
    pub fn uses(name: &str) -> bool {
        let of_blend = blend_parameters().get(name).is_some() && !Self::WOOD.contains(&name);
        !UNUSED.contains(&name) && !of_blend && !name.starts_with("harvest_weight_")
    }

    /// Whether the numbers make a study; what is drawn is looked at before anything is computed.
    ///
    /// # Errors
    /// Names a number of a factor that makes no distribution.
    pub fn check(&self) -> Result<(), InputError> {
        if !self.uncertainty_drawn {
            return Ok(());
        }
        default_factors(&self.uncertainty, &self.shapes).map(drop).map_err(|error| match error {
            UncertaintyError::Input(error) => error,
            UncertaintyError::BadDistribution { name, what, .. } => {
                let given = |suffix: &str| self.uncertainty.known(&format!("{name}{suffix}")).unwrap_or(f64::NAN);
                let detail = format!(
                    "{name}: {what} must hold; {name} was {}, {name}_low {}, {name}_high {}, {name}_deviation {}",
                    given(""),
                    given("_low"),
                    given("_high"),
                    given("_deviation")
                );
                InputError { parameter: name, detail }
            }
            other => InputError { parameter: "uncertainty_drawn".into(), detail: other.to_string() },
        })
    }

    fn set_number(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        if Self::PIPES.contains(&name) {
            return self.pipes.set(name, text);
        }
        let mut known = false;
        if let Some(choice) = plant_parameters().choice(name) {
            self.dispatch_rule = DispatchRule::from_word(text).ok_or_else(|| choice.refusal(text))?;
            return Ok(());
        }
        if let Some(choice) = uncertainty_parameters().choice(name) {
            choice.values().find(|word| *word == text).ok_or_else(|| choice.refusal(text))?;
            self.shapes.insert(name.trim_end_matches("_distribution").to_owned(), text.to_owned());
            return Ok(());
        }
        for table in [&mut self.plants, &mut self.economics, &mut self.emissions, &mut self.uncertainty, &mut self.blend] {
            if table.knows(name) {
                table.set(name, text)?;
                known = true;
            }
        }
        if demand_parameters().get(name).is_some() || demand_parameters().choice(name).is_some() {
            self.demand.set(name, text)?;
            known = true;
        }
        match self.supply.set(name, text) {
            Err(error) if !error.is_unknown() => Err(error),
            Err(_) if !known => Err(Self::unknown(name)),
            _ => Ok(()),
        }
    }

    fn unknown(name: &str) -> InputError {
        let own = [
            "plant",
            "at",
            "consumers",
            "technology",
            "dispatch_rule",
            "store_mwh",
            "build_backup",
            "sizing",
            "uncertainty_drawn",
            "electric_capacity_mw",
        ];
        let own = own.into_iter().chain(["heat_capacity_mw", "fuel_power_mw", "total_efficiency", "peat_share"]);
        let tables = [plant_parameters(), economics_parameters(), demand_parameters(), emission_parameters()];
        let numbers = tables.into_iter().flat_map(crate::model::Parameters::names).filter(|name| Self::uses(name));
        InputError::unknown(name, own.chain(Self::PIPES).chain(numbers).chain(uncertainty_parameters().names()).chain(Self::WOOD))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{allocation_parameters, season_parameters, supply_parameters};

    #[test]
    fn what_makes_no_difference_is_an_input_of_something_else() {
        let tables = [
            plant_parameters(),
            economics_parameters(),
            demand_parameters(),
            blend_parameters(),
            season_parameters(),
            supply_parameters(),
            allocation_parameters(),
        ];
        for name in UNUSED {
            let known = tables.iter().any(|table| table.get(name).is_some() || table.choice(name).is_some());
            assert!(known || !SupplyQuery::default().set(name, "x").is_err_and(|error| error.is_unknown()), "{name}");
            let refused = ChpQuery::default().set(name, "1").unwrap_err();
            assert!(refused.is_unknown(), "{name}: {refused}");
        }
    }
}
