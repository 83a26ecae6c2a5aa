//! Heat that a network of pipes loses, and its peak that consumers do not share.

use super::calendar::number;
use super::error::{DemandError, within};
use super::hourly_load::HourlyLoad;
use super::space_heat::SpaceHeatLaw;
use crate::model::{ParameterValues, WeatherYear};

/// Water of the network by the outdoor temperature: the quality control of Russian networks. Supply and return fall in a straight line
/// from their design temperatures to the indoor temperature; the supply stays at the break of the chart for the sake of hot water.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaterTemperatures {
    /// Supply at the design temperature.
    pub supply_c: f64,
    /// Return at the design temperature.
    pub return_c: f64,
    /// Least supply.
    pub least_supply_c: f64,
    /// Ground around the pipes.
    pub ground_c: f64,
}

impl WaterTemperatures {
    /// From the parameters `network_supply_c`, `network_return_c`, `network_least_supply_c` and `ground_temperature_c`.
    ///
    /// # Errors
    /// [`DemandError::OutOfRange`]: a return that is no cooler than the supply, or ground warmer than it.
    pub fn from_numbers(numbers: &ParameterValues) -> Result<Self, DemandError> {
        let supply_c = numbers.get("network_supply_c");
        let ground_c = within("ground_temperature_c", numbers.get("ground_temperature_c"), [-10.0, 25.0], " °C")?;
        let return_c = within("network_return_c", numbers.get("network_return_c"), [ground_c + 1.0, supply_c - 1.0], " °C")?;
        let least_supply_c =
            within("network_least_supply_c", numbers.get("network_least_supply_c"), [ground_c + 1.0, supply_c], " °C")?;
        Ok(Self { supply_c, return_c, least_supply_c, ground_c })
    }

    /// Mean of supply and return over the ground on a day of this mean, K.
    #[must_use]
    pub fn mean_excess_k(&self, law: &SpaceHeatLaw, outdoor_c: f64) -> f64 {
        let ratio = law.load_ratio(outdoor_c);
        let indoor = law.indoor_c();
        let supply = (indoor + (self.supply_c - indoor) * ratio).max(self.least_supply_c);
        let back = (indoor + (self.return_c - indoor) * ratio).min(supply);
        (f64::midpoint(supply, back) - self.ground_c).max(0.0)
    }
}

/// Loss of a network that loses a share `s` of the heat sent: `L = D s / (1 - s)` over the year for the heat delivered `D`, spread over
/// the days by how much warmer than the ground the water is. A pipe loses in summer, too.
///
/// # Errors
/// [`DemandError`]: a share below 0 or above 0.6.
pub fn loss_from_share(
    delivered: &HourlyLoad,
    share_of_sent: f64,
    water: &WaterTemperatures,
    law: &SpaceHeatLaw,
    weather: &WeatherYear,
) -> Result<HourlyLoad, DemandError> {
    let share = within("network_loss_share", share_of_sent, [0.0, 0.6], " of the heat sent")?;
    let excess = weather.daily_means_c().into_iter().map(|mean| water.mean_excess_k(law, mean));
    let by_hour: Vec<f64> = excess.flat_map(|kelvin| std::iter::repeat_n(kelvin, 24)).collect();
    HourlyLoad::from_shape(delivered.energy_mwh() * share / (1.0 - share), &by_hour)
}

/// Share of the heat sent that a network loses, from temperatures measured at its ends at one flow:
/// `s = [(T_s1 - T_s2) + (T_r1 - T_r2)] / (T_s1 - T_r2)`, with the supply leaving the source and reaching the consumer, and the return
/// leaving the consumer and reaching the source.
///
/// Water that leaves with 95 °C, arrives with 92, goes back with 60 and comes back with 58 °C loses 5 of 37 K:
///
/// ```
/// let share = peatplan::energy::demand::share_from_temperatures([95.0, 92.0], [60.0, 58.0]).unwrap();
/// assert!((share - 5.0 / 37.0).abs() < 1e-12);
/// ```
///
/// # Errors
/// [`DemandError::OutOfRange`]: temperatures that rise along the way, or that lose more than 60 %.
pub fn share_from_temperatures([sent, arrives]: [f64; 2], [leaves, back]: [f64; 2]) -> Result<f64, DemandError> {
    within("supply temperature at the source", sent, [0.0, 200.0], " °C")?;
    within("supply temperature at the consumer", arrives, [0.0, sent], " °C")?;
    within("return temperature at the consumer", leaves, [0.0, arrives], " °C")?;
    within("return temperature at the source", back, [0.0, leaves], " °C")?;
    let used = sent - back;
    let share = if used > 0.0 { (sent - arrives + leaves - back) / used } else { 1.0 };
    within("network_loss_share", share, [0.0, 0.6], " of the heat sent")
}

/// Loss of a metre of hot-water pipe, W/m: `dT (0.16807 ln D + 0.85684)` for a bore `D` in metres and water warmer than the ground by
/// `dT`, the fit to pre-insulated pipes that THERMOS publishes (Centre for Sustainable Energy, technical description of the network model).
///
/// A bore of 100 mm and 60 K: 60 (0.85684 - 0.16807 · 2.302585) = 28.2 W/m:
///
/// ```
/// assert!((peatplan::energy::demand::pipe_loss_w_m(0.1, 60.0).unwrap() - 28.1909).abs() < 1e-3);
/// ```
///
/// # Errors
/// [`DemandError::OutOfRange`]: a bore outside 0.02 to 1.5 m, where the fit was not made, or a temperature difference outside 0 to 200 K.
pub fn pipe_loss_w_m(bore_m: f64, excess_k: f64) -> Result<f64, DemandError> {
    within("bore", bore_m, [0.02, 1.5], " m")?;
    within("temperature difference", excess_k, [0.0, 200.0], " K")?;
    Ok(excess_k * (0.168_07 * bore_m.ln() + 0.856_84))
}

/// Share of the sum of the peaks of `n` like consumers that comes at once: `0.62 + 0.38 / n` (THERMOS, technical description).
/// For peaks without hours alone; loads that are summed by the hour have their diversity already.
///
/// ```
/// use peatplan::energy::demand::diversity_factor;
/// assert_eq!((diversity_factor(1), diversity_factor(2)), (1.0, 0.81));
/// ```
#[must_use]
pub fn diversity_factor(consumers: usize) -> f64 {
    0.62 + 0.38 / number(consumers.max(1))
}
