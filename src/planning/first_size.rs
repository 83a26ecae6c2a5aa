//! A first size of a plant for the consumers that a pipe can reach, in closed form: fast enough to follow a plant that is dragged.
//! The hours, the machine and the money are [`Workbench::chp_study`]'s to say.

use super::{PlanningError, Workbench};
use crate::crs::{Crs, Reprojection};
use crate::energy::demand::{ClosedFormLoad, DemandError, DemandRequest, Rossander, consumer_demand};
use crate::model::{DefaultUsed, ParameterValues, Plant, plant_parameters, siting_parameters};
use serde::Serialize;

/// What it takes of the pipes.
const PIPES: [&str; 2] = ["greatest_pipe_km", "pipe_tortuosity"];

/// A unit that serves the base of the load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FirstUnit {
    /// Its heat capacity.
    pub heat_mw: f64,
    /// Its share of the peak load.
    pub alpha: f64,
    /// Its share of the heat of the year.
    pub heat_share: f64,
    /// Its heat over its capacity.
    pub full_load_hours: f64,
}

/// What the consumers in reach need, and what a base unit serves of it.
#[derive(Debug, Clone, Serialize)]
pub struct FirstSize {
    /// Consumers in reach.
    pub consumers: usize,
    /// Longest pipe.
    pub greatest_pipe_km: f64,
    /// Heat of the year, losses of the consumers' own networks included.
    pub heat_mwh_a: f64,
    /// Heat load of the coldest hour.
    pub peak_mw: f64,
    /// Heat load of all hours: hot water, process heat and losses.
    pub base_load_mw: f64,
    /// The unit of the usual first guess: `first_alpha` of the peak.
    pub unit: FirstUnit,
    /// The plant as it was asked for, where it has a heat capacity.
    pub of_plant: Option<FirstUnit>,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
}

/// A consumer's heat of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ConsumerHeat {
    /// Place in the working coordinates.
    pub working: [f64; 2],
    /// Space heat, MWh.
    pub space_mwh_a: f64,
    /// All other heat, MWh.
    pub base_mwh_a: f64,
}

/// Heat of all consumers and what it rests on.
#[derive(Debug, Default)]
pub(super) struct TownHeat {
    pub consumers: Vec<ConsumerHeat>,
    pub rests_on: Vec<DefaultUsed>,
}

impl TownHeat {
    /// By the defaults of the demand. Consumers whose rows make no demand are left out: the study of the demand says why.
    pub(super) fn compute(bench: &Workbench) -> Self {
        let request = DemandRequest::default();
        let mut town = Self::default();
        let Ok(weather) = request.synthetic_weather() else { return town };
        let Ok(way) = Reprojection::new(&Crs::crs84(), &bench.catalogue.project.working_crs) else { return town };
        for consumer in bench.catalogue.nouns.consumers.iter() {
            let Ok((x, y)) = way.point(consumer.position_crs84.x(), consumer.position_crs84.y()) else { continue };
            let Ok((demand, _)) = consumer_demand(consumer, &weather, &request) else { continue };
            let base_mwh_a = (demand.heat.energy_mwh_a - demand.space_heat_mwh_a).max(0.0);
            town.consumers.push(ConsumerHeat { working: [x, y], space_mwh_a: demand.space_heat_mwh_a, base_mwh_a });
            for default in demand.rests_on {
                if !town.rests_on.iter().any(|known| known.parameter == default.parameter) {
                    town.rests_on.push(default);
                }
            }
        }
        town
    }
}

impl Workbench {
    /// The first size at a place in the working coordinates; none where no consumer is in reach.
    ///
    /// Pipes are straight lines times `pipe_tortuosity`, at most `greatest_pipe_km`. The load is space heat by Rossander's curve of the
    /// default climate over an even base ([`ClosedFormLoad`]).
    ///
    /// # Errors
    /// [`PlanningError::Demand`]: the climate contradicts itself.
    pub(super) fn first_size(&self, plant: &Plant, [x, y]: [f64; 2]) -> Result<Option<FirstSize>, PlanningError> {
        let (pipes, plants) = (ParameterValues::defaults(siting_parameters()), ParameterValues::defaults(plant_parameters()));
        let [greatest_pipe_km, tortuosity] = PIPES.map(|name| pipes.get(name));
        let town = self.town_heat();
        let in_reach = |consumer: &&ConsumerHeat| {
            let [to_x, to_y] = consumer.working;
            tortuosity * (to_x - x).hypot(to_y - y) / 1_000.0 <= greatest_pipe_km
        };
        let (consumers, space, base) = town
            .consumers
            .iter()
            .filter(in_reach)
            .fold((0, 0.0, 0.0), |(count, space, base), one| (count + 1, space + one.space_mwh_a, base + one.base_mwh_a));
        if space + base <= 0.0 {
            return Ok(None);
        }
        let request = DemandRequest::default();
        let curve = Rossander::new(&request.climate(), request.numbers.get("indoor_temperature_c"))?;
        let load = ClosedFormLoad::new(curve, space, base)?;
        let unit = |heat_mw: f64| -> Result<FirstUnit, DemandError> {
            let covered = load.coverage(heat_mw)?;
            Ok(FirstUnit {
                heat_mw,
                alpha: covered.relative_capacity,
                heat_share: covered.heat_share,
                full_load_hours: covered.unit_full_load_hours,
            })
        };
        let of_plant = plant.heat_capacity_mw.filter(|heat| *heat > 0.0).map(unit).transpose()?;
        let mut rests_on = plants.unsourced_defaults(&["first_alpha"]);
        rests_on.extend(pipes.unsourced_defaults(&PIPES));
        rests_on.extend(town.rests_on.iter().cloned());
        Ok(Some(FirstSize {
            consumers,
            greatest_pipe_km,
            heat_mwh_a: load.energy_mwh_a(),
            peak_mw: load.peak_mw(),
            base_load_mw: load.base_mw(),
            unit: unit(plants.get("first_alpha") * load.peak_mw())?,
            of_plant,
            rests_on,
        }))
    }
}
