//! A machine in place of a boiler house's reducing valve, as an answer: the study with its inputs and their fingerprint.

use super::inputs_hash::InputsHash;
use super::{CURRENCY, PlanningError, SOFTWARE_VERSION};
use crate::energy::steam::{Retrofit, RetrofitRequest, retrofit};
use crate::model::steam_parameters;
use serde::Serialize;
use std::collections::BTreeMap;

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct SteamStudy {
    /// The year, its money, the curve of sizes.
    #[serde(flatten)]
    pub retrofit: Retrofit,
    /// Currency of the amounts.
    pub currency: &'static str,
    /// Every input with the value used; null where the program chose, or where none is needed.
    pub parameters: BTreeMap<&'static str, Option<f64>>,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}

/// Studies the steam of a boiler house; see [`retrofit`].
///
/// # Errors
/// Names the input that is missing or impossible.
pub fn steam_study(request: &RetrofitRequest) -> Result<SteamStudy, PlanningError> {
    let retrofit = retrofit(request)?;
    let mut hash = InputsHash::new();
    hash.text(&format!("{request:?}"));
    let parameters = steam_parameters().iter().map(|parameter| (parameter.name.as_str(), request.numbers.known(&parameter.name)));
    Ok(SteamStudy {
        retrofit,
        currency: CURRENCY,
        parameters: parameters.collect(),
        inputs_hash: hash.finish(),
        software_version: SOFTWARE_VERSION,
    })
}
