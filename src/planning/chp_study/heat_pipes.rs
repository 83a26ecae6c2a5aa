//! Who is heated, and over which pipe.

use super::ChpQuery;
use crate::crs::{Crs, Reprojection};
use crate::model::{Consumer, FeatureId, InputError, Plant};
use crate::planning::{PlanningError, Workbench};
use serde::Serialize;

/// A consumer with its pipe from the plant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeatPipe {
    /// Row in `consumers`.
    pub consumer_id: Option<FeatureId>,
    /// Code.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Length of the pipe: the straight line times `pipe_tortuosity`.
    pub pipe_km: f64,
    /// Heat of the year at its gate, from the plant and from its boilers.
    pub heat_mwh_a: f64,
}

/// Everybody who is heated.
pub(super) struct HeatedConsumers {
    pub consumers: Vec<Consumer>,
    /// In the order of the consumers; their heat is filled in when it is known.
    pub pipes: Vec<HeatPipe>,
    /// Names of those beyond `greatest_pipe_km` that were asked for all the same.
    pub far: Vec<String>,
}

impl Workbench {
    /// The consumers that are named; where none is, all that a pipe can reach.
    pub(super) fn heated_consumers(&self, plant: &Plant, query: &ChpQuery) -> Result<HeatedConsumers, PlanningError> {
        let way = Reprojection::new(&Crs::crs84(), &self.catalogue.project.working_crs)?;
        let (x, y) = way.point(plant.position_crs84.x(), plant.position_crs84.y())?;
        let (tortuosity, greatest) = (query.pipes.get("pipe_tortuosity"), query.pipes.get("greatest_pipe_km"));
        let mut heated = HeatedConsumers { consumers: Vec::new(), pipes: Vec::new(), far: Vec::new() };
        let mut nearest: Option<(f64, &str)> = None;
        for consumer in self.consumers_named(&query.consumers)? {
            let (to_x, to_y) = way.point(consumer.position_crs84.x(), consumer.position_crs84.y())?;
            let pipe_km = tortuosity * (to_x - x).hypot(to_y - y) / 1_000.0;
            if nearest.is_none_or(|(least, _)| pipe_km < least) {
                nearest = Some((pipe_km, &consumer.name));
            }
            if pipe_km > greatest {
                if query.consumers.is_empty() {
                    continue;
                }
                heated.far.push(consumer.name.clone());
            }
            heated.pipes.push(HeatPipe {
                consumer_id: consumer.id,
                code: consumer.code.clone(),
                name: consumer.name.clone(),
                name_ru: consumer.name_ru.clone(),
                pipe_km,
                heat_mwh_a: 0.0,
            });
            heated.consumers.push(consumer.clone());
        }
        if heated.consumers.is_empty() {
            let (length, name) = nearest.unwrap_or((f64::NAN, ""));
            let detail = format!(
                "no consumer lies within {greatest} km of pipe (greatest_pipe_km) of the plant; the nearest is {name} at {length:.1} km: name consumers, move the plant or raise greatest_pipe_km"
            );
            return Err(InputError { parameter: "consumers".into(), detail }.into());
        }
        Ok(heated)
    }
}

/// Length of pipe, mean by heat.
pub(super) fn mean_pipe_km(pipes: &[HeatPipe]) -> f64 {
    let (length, heat) =
        pipes.iter().fold((0.0, 0.0), |(length, heat), pipe| (length + pipe.pipe_km * pipe.heat_mwh_a, heat + pipe.heat_mwh_a));
    if heat > 0.0 { length / heat } else { 0.0 }
}
