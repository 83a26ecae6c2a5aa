//! How much must lie in the stack, and how large the store must be, for a year to be covered with a wanted certainty.

use super::band::{MOST_YEARS, SHORT, share_of};
use super::years::checked;
use super::{DAYS_OF_MONTHS, FuelYear, StockRisk, StockpileError, within};
use crate::supply::SeasonWeather;
use crate::units::Tonnes;
use serde::Serialize;

/// Halvings of the bracket: the safety stock is found to a billionth of the largest one looked at.
const HALVINGS: usize = 30;

/// The store for a wanted certainty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CertainStore {
    /// Share of the draws in which a year must be covered, whichever of the years it is.
    pub certainty: f64,
    /// What must lie in the stack before the first season beyond the stock of an average year, and what the store must hold
    /// beyond that year's greatest stock; none where no such stock is enough.
    pub safety_stock_t: Option<Tonnes>,
    /// The same in days of the month of greatest need.
    pub safety_stock_days: Option<f64>,
    /// Room that the stack needs: the greatest stock of an average year and the safety stock.
    pub store_t: Option<Tonnes>,
    /// Certainty of the worst year with that store; with the largest one looked at, where none is enough.
    pub reached: f64,
    /// Certainty of the worst year without a safety stock.
    pub without: f64,
    /// The largest safety stock looked at: what is burned before peat in the stack is too old.
    pub most_safety_stock_t: Tonnes,
}

/// The least safety stock `B` with which every year of the drawn seasons is covered in a share `certainty` of the draws.
///
/// The store holds `B` beyond the greatest stock of the average year, and begins with `B` beyond that year's stock before the
/// season. More of `B` leaves no month with less in the stack, draw by draw, so that halving finds the least one. Peat older than
/// the age limit heats up by itself: no more is looked at than is burned within that age. `start` and `largest` of `risk` are
/// not used.
///
/// A season that never differs needs no safety stock:
///
/// ```
/// use peatplan::{model::{ParameterValues, season_parameters}, supply::*, units::*};
/// let numbers = ParameterValues::defaults(season_parameters());
/// let need = MonthlyShares::new("need", [1.0; 12]).unwrap();
/// let year = FuelYear::from_numbers(Tonnes(86_700.0), &need, &numbers).unwrap();
/// let cycle = year.steady_cycle();
/// let risk = StockRisk { start: Tonnes(0.0), capacity: cycle.harvest, largest: None, years: 5, draws: 20, seed: 1 };
/// let sure = SeasonWeather::new(1.0, 0.0, (0.5, 1.5)).unwrap();
/// let store = certain_store(&year, &risk, &sure, 0.9, &mut |_| true).unwrap();
/// assert_eq!((store.safety_stock_t, store.store_t), (Some(Tonnes(0.0)), Some(cycle.largest)));
/// ```
///
/// # Errors
/// [`StockpileError`]: a certainty outside 0 to 1, a number outside its limits, no or too many years, or stopped.
pub fn certain_store(
    year: &FuelYear,
    risk: &StockRisk,
    weather: &SeasonWeather,
    certainty: f64,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<CertainStore, StockpileError> {
    let (draws, years) = (risk.draws, risk.years);
    if draws == 0 || years == 0 || draws.saturating_mul(years) > MOST_YEARS {
        return Err(StockpileError::TooMany { draws, years, most: MOST_YEARS });
    }
    within("stock_certainty", certainty, (0.0, 1.0), "")?;
    checked(&[risk.capacity], None)?;
    let cycle = year.steady_cycle();
    let seasons: Vec<Vec<f64>> = (0..draws)
        .map(|draw| weather.draw(years, risk.seed, draw as u64).into_iter().map(|factor| risk.capacity.0 * factor).collect())
        .collect();
    let never = SHORT * year.need_t_a().0;
    let mut looked = 0usize;
    let mut worst_year = |safety: f64| -> Result<f64, StockpileError> {
        let mut short = vec![0usize; years];
        for seasons in &seasons {
            let mut stock = cycle.start.mass().0 + safety;
            for (short, season) in short.iter_mut().zip(seasons) {
                let missing = year.drawn_year(&mut stock, *season, cycle.largest.0 + safety, &mut |_, _, _| {});
                *short += usize::from(missing > never);
            }
        }
        looked += 1;
        if !keep_going(share_of(looked, HALVINGS + 2)) {
            return Err(StockpileError::Cancelled);
        }
        Ok(1.0 - share_of(short.into_iter().max().unwrap_or(0), draws))
    };
    // A share of whole draws: rounding must not ask for one more.
    let enough = |covered: f64| covered >= certainty - 1e-12;
    let most = year.need_t_a().0 * year.age_limit_months / 12.0;
    let without = worst_year(0.0)?;
    let (mut low, mut high, mut reached) = (0.0, most, without);
    let found = if enough(without) {
        Some(0.0)
    } else {
        reached = worst_year(most)?;
        if enough(reached) {
            for _ in 0..HALVINGS {
                let middle = f64::midpoint(low, high);
                let covered = worst_year(middle)?;
                if enough(covered) {
                    (high, reached) = (middle, covered);
                } else {
                    low = middle;
                }
            }
            Some(high)
        } else {
            None
        }
    };
    let daily = year.greatest_daily_need().0;
    Ok(CertainStore {
        certainty,
        safety_stock_t: found.map(Tonnes),
        safety_stock_days: found.filter(|_| daily > 0.0).map(|safety| safety / daily),
        store_t: found.map(|safety| cycle.largest + Tonnes(safety)),
        reached,
        without,
        most_safety_stock_t: Tonnes(most),
    })
}

impl FuelYear {
    /// Need of a day, of the month in which it is greatest.
    fn greatest_daily_need(&self) -> Tonnes {
        let days = |place: usize| DAYS_OF_MONTHS[usize::from(self.calendar_month(place)) - 1];
        let daily = self.needs().iter().enumerate().map(|(place, need)| *need / days(place));
        daily.fold(Tonnes::ZERO, Tonnes::max)
    }
}
