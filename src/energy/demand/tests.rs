//! What holds of demand: closed forms first, then what must be true of any town.

#![expect(clippy::float_cmp, clippy::cast_precision_loss, reason = "claims of equal bits, and counts of days")]

use super::*;
use crate::model::{
    Climate, Consumer, ConsumerKind, HOURS_OF_YEAR, OperatingProfile, ParameterValues, PresentFuel, WeatherKind, WeatherYear,
    climate, climates, demand_parameters,
};
use geo::Point;
use proptest::prelude::*;

mod claims;
mod closed_forms;
mod consumers;

fn vladimir() -> &'static Climate {
    climate("vladimir-1999").unwrap()
}

fn numbers() -> ParameterValues {
    ParameterValues::defaults(demand_parameters())
}

fn norm_year() -> WeatherYear {
    synthetic_weather(vladimir(), &numbers()).unwrap()
}

fn consumer(kind: ConsumerKind) -> Consumer {
    Consumer::new("test", kind, Point::new(40.7, 55.6))
}

/// The same year warmer by so many kelvin.
fn warmer(year: &WeatherYear, kelvin: f64) -> WeatherYear {
    let hours = year.hourly_c().iter().map(|hour| hour + kelvin).collect();
    WeatherYear::new(hours, WeatherKind::Synthetic, "warmer").unwrap()
}

fn close(left: f64, right: f64, relative: f64) -> bool {
    (left - right).abs() <= relative * left.abs().max(right.abs()).max(1e-12)
}
