//! What trucks, trains and reloading cost.

use crate::model::ParameterValues;
use crate::supply::network::{HaulMode, Speeds, StretchCost};
use crate::units::RoublesPerTonne;

/// Rates of trucks, and of narrow-gauge trains where they carry.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the parameters")]
pub struct HaulRates {
    pub payload_t: f64,
    pub cost_rub_h: f64,
    pub cost_rub_km: f64,
    pub turnaround_h: f64,
    pub tortuosity: f64,
    pub off_road_speed_km_h: f64,
    pub straight_line_speed_km_h: f64,
    pub speeds: Speeds,
    /// None where narrow-gauge lines are left out of account.
    pub rail: Option<RailRates>,
}

/// Rates of narrow-gauge trains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RailRates {
    /// Of every trip by rail: loading and unloading of wagons, RUB/t.
    pub loading_rub_t: f64,
    /// Trains on lines that state no cost, RUB/(t·km).
    pub haul_rub_t_km: f64,
    /// Track of such lines, RUB/(t·km); see [`track_cost`].
    pub track_rub_t_km: f64,
    /// Reloading between wagons and trucks, RUB/t.
    pub transfer_rub_t: f64,
    /// Time of it, h.
    pub transfer_h: f64,
    /// How far from a road the end of a line may be for peat to be reloaded there, m.
    pub station_reach_m: f64,
    /// How far from a line a field or plant may be that loads or unloads wagons itself, m.
    pub siding_reach_m: f64,
}

impl HaulRates {
    /// The rates of a request, narrow-gauge lines in use.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        let number = |name| numbers.get(name);
        Self {
            payload_t: number("truck_payload_t"),
            cost_rub_h: number("truck_cost_rub_h"),
            cost_rub_km: number("truck_cost_rub_km"),
            turnaround_h: number("turnaround_h"),
            tortuosity: number("tortuosity"),
            off_road_speed_km_h: number("off_road_speed_km_h"),
            straight_line_speed_km_h: number("straight_line_speed_km_h"),
            speeds: Speeds {
                main_road: number("main_road_speed_km_h"),
                local_road: number("local_road_speed_km_h"),
                track: number("off_road_speed_km_h"),
                narrow_gauge: number("rail_speed_km_h"),
            },
            rail: Some(RailRates::from_numbers(numbers)),
        }
    }

    /// The same without narrow-gauge lines.
    #[must_use]
    pub fn without_narrow_gauge(self) -> Self {
        Self { rail: None, ..self }
    }

    /// Kilometres off the roads for a straight distance, and the hours of a truck on them.
    pub(in crate::supply) fn off_road(&self, straight_m: f64) -> (f64, f64) {
        let kilometres = self.tortuosity * straight_m / 1_000.0;
        (kilometres, kilometres / self.off_road_speed_km_h)
    }

    /// What a trip costs before it goes anywhere, RUB/t.
    pub(in crate::supply) fn begin(&self, mode: HaulMode) -> f64 {
        match (mode, self.rail) {
            (HaulMode::Truck, _) => self.turnaround_h * self.cost_rub_h / self.payload_t,
            (HaulMode::NarrowGauge, Some(rail)) => rail.loading_rub_t,
            (HaulMode::NarrowGauge, None) => f64::INFINITY,
        }
    }

    /// Cost of a truck off the roads, RUB/t.
    pub(in crate::supply) fn off_road_rub_t(&self, straight_m: f64) -> f64 {
        let (kilometres, hours) = self.off_road(straight_m);
        2.0 * (hours * self.cost_rub_h + kilometres * self.cost_rub_km) / self.payload_t
    }
}

impl RailRates {
    fn from_numbers(numbers: &ParameterValues) -> Self {
        let number = |name| numbers.get(name);
        Self {
            loading_rub_t: number("rail_loading_rub_t"),
            haul_rub_t_km: number("rail_cost_rub_t_km"),
            track_rub_t_km: track_cost(
                number("track_capex_rub_km"),
                number("track_discount_rate"),
                number("track_life_a"),
                number("track_tonnage_t_a"),
            ),
            transfer_rub_t: number("transfer_cost_rub_t"),
            transfer_h: number("transfer_time_h"),
            station_reach_m: number("station_reach_m"),
            siding_reach_m: number("siding_reach_m"),
        }
    }
}

impl StretchCost for HaulRates {
    fn cost(&self, mode: HaulMode, length_m: f64, speed_km_h: f64, stated_rub_t_km: Option<f64>) -> f64 {
        let kilometres = length_m / 1_000.0;
        match (stated_rub_t_km, mode, self.rail) {
            (Some(stated), ..) => stated * kilometres,
            (None, HaulMode::Truck, _) => 2.0 * kilometres * (self.cost_rub_h / speed_km_h + self.cost_rub_km) / self.payload_t,
            (None, HaulMode::NarrowGauge, Some(rail)) => kilometres * (rail.haul_rub_t_km + rail.track_rub_t_km),
            (None, HaulMode::NarrowGauge, None) => f64::INFINITY,
        }
    }

    fn transfer(&self, to: HaulMode, off_road_m: f64) -> f64 {
        match self.rail {
            Some(rail) if off_road_m <= rail.station_reach_m => {
                rail.transfer_rub_t + self.begin(to) + self.off_road_rub_t(off_road_m)
            }
            _ => f64::INFINITY,
        }
    }
}

/// Cost of a tonne by truck, bottom-up: `c = [(2 t + t_turn) C_h + 2 d C_km] / payload`, with `t` the hours and
/// `d` the kilometres of one way; the truck returns empty.
///
/// 20 km at 50 km/h with 2,500 RUB/h, 40 RUB/km, 25 t and 0.9 h of turnaround cost 234 RUB/t:
///
/// ```
/// use peatplan::model::{ParameterValues, supply_parameters};
/// use peatplan::supply::{HaulRates, haul_cost};
/// let rates = HaulRates::from_numbers(&ParameterValues::defaults(supply_parameters()));
/// assert!((haul_cost(&rates, 20.0, 0.4).0 - 234.0).abs() < 1e-9);
/// ```
#[must_use]
pub fn haul_cost(rates: &HaulRates, distance_km: f64, travel_h: f64) -> RoublesPerTonne {
    let hours = 2.0 * travel_h + rates.turnaround_h;
    RoublesPerTonne((hours * rates.cost_rub_h + 2.0 * distance_km * rates.cost_rub_km) / rates.payload_t)
}

/// Cost of a tonne on a narrow-gauge line, `c = c_load + (c_haul + c_track) d`, with `d` the kilometres of one way: what the
/// train costs is taken by the tonne-kilometre, its way back included.
///
/// 30 km at 4 RUB/(t·km) with 60 RUB/t of loading and a track of 3 million RUB/km spread over 150,000 t/a cost 246 RUB/t:
///
/// ```
/// use peatplan::model::{ParameterValues, supply_parameters};
/// use peatplan::supply::{HaulRates, rail_cost};
/// let rates = HaulRates::from_numbers(&ParameterValues::defaults(supply_parameters()));
/// let rail = rates.rail.expect("in use unless left out");
/// assert!((rail_cost(&rail, 30.0).0 - 246.1).abs() < 0.01);
/// ```
#[must_use]
pub fn rail_cost(rates: &RailRates, distance_km: f64) -> RoublesPerTonne {
    RoublesPerTonne(rates.loading_rub_t + (rates.haul_rub_t_km + rates.track_rub_t_km) * distance_km)
}

/// What a track costs a tonne-kilometre: its capital cost as equal yearly payments, spread over the tonnes of a year,
/// `c = K CRF / Q` with `CRF = i / (1 - (1 + i)⁻ⁿ)`, `1 / n` without interest. `K` in RUB/km, `Q` in t/a, `n` in years.
///
/// 3 million RUB/km at 10 % over 25 years are 330,504 RUB/(km·a), with 150,000 t/a 2.203 RUB/(t·km):
///
/// ```
/// let cost = peatplan::supply::track_cost(3e6, 0.10, 25.0, 150_000.0);
/// assert!((cost - 2.203_361_4).abs() < 1e-6);
/// ```
#[must_use]
pub fn track_cost(capex_rub_km: f64, discount_rate: f64, life_a: f64, tonnage_t_a: f64) -> f64 {
    // By way of the logarithm, so that a rate near nothing does not cancel.
    let discounted = -(-life_a * discount_rate.ln_1p()).exp_m1();
    let recovery = if discounted > 0.0 { discount_rate / discounted } else { 1.0 / life_a };
    capex_rub_km * recovery / tonnage_t_a
}
