//! A machine in place of a boiler house's reducing valve, as an answer: the study with its inputs and their fingerprint.

use super::inputs_hash::InputsHash;
use super::{CURRENCY, PlanningError, SOFTWARE_VERSION, Workbench};
use crate::energy::demand::{DemandRequest, consumer_demand};
use crate::energy::steam::{Retrofit, RetrofitRequest, retrofit, steam_of_heat};
use crate::model::{FeatureId, InputError, steam_parameters};
use serde::Serialize;
use std::collections::BTreeMap;

/// Whose steam a study takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the layer")]
pub struct SteamUser {
    pub id: Option<FeatureId>,
    pub code: Option<String>,
    pub name: String,
    pub name_ru: Option<String>,
    pub synthetic: bool,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct SteamStudy {
    /// The year, its money, the curve of sizes.
    #[serde(flatten)]
    pub retrofit: Retrofit,
    /// Whose steam it is; none where nobody was named.
    pub consumer: Option<SteamUser>,
    /// Whether what it was computed from is invented.
    pub synthetic: bool,
    /// Currency of the amounts.
    pub currency: &'static str,
    /// Every input with the value used; null where the program chose, or where none is needed.
    pub parameters: BTreeMap<&'static str, Option<f64>>,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}

impl Workbench {
    /// Takes from a consumer what the request leaves open: the pressure of the steam that its boilers make is that before the reducing
    /// valve, and the steam over the year follows from its heat demand hour by hour, as in
    /// [`town_demand`](crate::energy::demand::town_demand), where neither a load nor a nominal flow is given.
    ///
    /// # Errors
    /// Names the consumers that there are, or says what the row lacks.
    pub fn steam_of_consumer(&self, name: &str, request: &mut RetrofitRequest) -> Result<Option<SteamUser>, PlanningError> {
        let chosen = self.consumers_named(&[name.to_owned()]).map_err(|error| match error {
            PlanningError::Input(error) => InputError { parameter: "consumer".into(), ..error }.into(),
            other => other,
        })?;
        let Some(consumer) = chosen.first() else { return Ok(None) };
        let user = SteamUser {
            id: consumer.id,
            code: consumer.code.clone(),
            name: consumer.name.clone(),
            name_ru: consumer.name_ru.clone(),
            synthetic: consumer.synthetic,
        };
        let lacks = |what: &str| {
            let detail = format!("consumer {:?} {what}", consumer.name);
            PlanningError::from(InputError { parameter: "consumer".into(), detail })
        };
        if request.numbers.given("inlet_pressure_mpa").is_none() {
            let pressure = consumer
                .steam_pressure_mpa
                .ok_or_else(|| lacks("tells of no steam: fill in steam_pressure_mpa of its row, or give inlet_pressure_mpa"))?;
            request.set("inlet_pressure_mpa", &pressure.to_string())?;
        }
        if request.load.is_some() || request.numbers.given("nominal_steam_t_h").is_some() {
            return Ok(Some(user));
        }
        let demand = DemandRequest::default();
        let (_, hours) = consumer_demand(consumer, &demand.synthetic_weather()?, &demand)?;
        if hours.heat.peak_mw() <= 0.0 {
            return Err(lacks("needs no heat: fill in heat_demand_mwh_a of its row, or give load or nominal_steam_t_h"));
        }
        request.load = Some(steam_of_heat(request, hours.heat.hours_mw())?);
        Ok(Some(user))
    }
}

/// Studies the steam of a boiler house; see [`retrofit`].
///
/// # Errors
/// Names the input that is missing or impossible.
pub fn steam_study(request: &RetrofitRequest, consumer: Option<SteamUser>) -> Result<SteamStudy, PlanningError> {
    let retrofit = retrofit(request)?;
    let mut hash = InputsHash::new();
    hash.text(&format!("{request:?}"));
    let parameters = steam_parameters().iter().map(|parameter| (parameter.name.as_str(), request.numbers.known(&parameter.name)));
    Ok(SteamStudy {
        retrofit,
        synthetic: consumer.as_ref().is_some_and(|consumer| consumer.synthetic),
        consumer,
        currency: CURRENCY,
        parameters: parameters.collect(),
        inputs_hash: hash.finish(),
        software_version: SOFTWARE_VERSION,
    })
}
