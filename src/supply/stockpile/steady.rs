//! The cycle of an average year, which ends with the stock it began with.

use super::pile::Pile;
use super::years::StockYear;
use super::{FuelYear, StockpileError, within};
use crate::units::Tonnes;

/// After this many years every lot of a first-in-first-out stack has been replaced, or never will be.
const YEARS_TO_SETTLE: usize = 60;

/// A year that ends as it began.
#[derive(Debug, Clone, PartialEq)]
pub struct SteadyCycle {
    /// Brought to the stack in a year: the need and the losses.
    pub harvest: Tonnes,
    /// Stock before the season, with its ages.
    pub start: Pile,
    /// Greatest stock at the end of a month: the size that the stack needs.
    pub largest: Tonnes,
    /// Calendar month of the greatest stock, 1 to 12.
    pub largest_month: u8,
    /// Least stock at the end of a month: the safety stock.
    pub least: Tonnes,
    /// Calendar month of the least stock, 1 to 12.
    pub least_month: u8,
    /// The year.
    pub year: StockYear,
}

impl FuelYear {
    /// The least harvest with which every month ends with the safety stock or more and the year ends as it began, and the
    /// stock of that cycle; solved in closed form.
    ///
    /// From the end of month `k` at the safety stock `B`, twelve months of `S ← r S + H h_m - F_m` (`r` = 1 - loss) must
    /// lead back to `B`: `H_k = (B (1 - r¹²) + Σ_j r^(12-j) F_(k+j)) / Σ_j r^(12-j) h_(k+j)`, `j` = 1..12. The month that
    /// binds is the one whose cycle never falls below `B`; it is found by trying all twelve, which holds with a loss of
    /// nothing too, where all `H_k` are the need.
    ///
    /// All harvested in July, 10 t burned each month, no loss: 110 t at the end of July, nothing at the end of June.
    ///
    /// ```
    /// use peatplan::{supply::{FuelYear, MonthlyShares}, units::*};
    /// let mut july = [0.0; 12];
    /// july[6] = 1.0;
    /// let harvest = MonthlyShares::new("harvest", july).unwrap();
    /// let cycle = FuelYear::new(&harvest, [Tonnes(10.0); 12], Share::ZERO, 0.0, 13.0).unwrap().steady_cycle();
    /// assert_eq!((cycle.harvest.0, cycle.largest.0, cycle.largest_month, cycle.least_month), (120.0, 110.0, 7, 6));
    /// ```
    #[must_use]
    pub fn steady_cycle(&self) -> SteadyCycle {
        let (mut best, mut best_least) = ((Tonnes::ZERO, Tonnes::ZERO), f64::NEG_INFINITY);
        for binding in 0..12 {
            let (harvest, stocks) = self.cycle_through(binding);
            let least = stocks.iter().copied().fold(f64::INFINITY, f64::min);
            if least > best_least {
                (best, best_least) = ((harvest, Tonnes(stocks[11].max(0.0))), least);
            }
        }
        let (harvest, before) = best;
        let mut start = Pile::of(before, 0);
        let mut year = self.year(1, &mut start.clone(), harvest, None);
        for _ in 0..YEARS_TO_SETTLE {
            let mut end = start.clone();
            year = self.year(1, &mut end, harvest, None);
            let settled = end.is_like(&start);
            start = end;
            if settled {
                break;
            }
        }
        let by_stock = |better: fn(f64, f64) -> bool| {
            let first = &year.months[0];
            year.months.iter().fold((first.stock_t, first.month), |best, month| {
                if better(month.stock_t.0, best.0.0) { (month.stock_t, month.month) } else { best }
            })
        };
        let (largest, largest_month) = by_stock(|one, two| one > two);
        let (least, least_month) = by_stock(|one, two| one < two);
        SteadyCycle { harvest, start, largest, largest_month, least, least_month, year }
    }

    /// Harvest and stocks by place in the fuel year of the cycle that meets the safety stock at the end of one month.
    fn cycle_through(&self, binding: usize) -> (Tonnes, [f64; 12]) {
        let safety = self.safety.0;
        let (mut needed, mut brought, mut kept) = (0.0, 0.0, 1.0);
        // Backwards from the binding month: what is burned or brought later loses less.
        for back in 0..12 {
            let place = (binding + 12 - back) % 12;
            needed += kept * self.need[place].0;
            brought += kept * self.harvest[place];
            kept *= self.kept;
        }
        let harvest = if brought > 0.0 { ((needed + safety * (1.0 - kept)) / brought).max(0.0) } else { 0.0 };
        let mut stocks = [safety; 12];
        let mut stock = safety;
        for ahead in 1..12 {
            let place = (binding + ahead) % 12;
            stock = stock * self.kept + harvest * self.harvest[place] - self.need[place].0;
            stocks[place] = stock;
        }
        (Tonnes(harvest), stocks)
    }

    /// What must lie in the stack before the season, beyond the steady cycle's stock, so that a season of this harvest
    /// leaves nobody short until the next one: `max_m (-S_m) / r^m` over the stocks `S_m` that would be, were debts
    /// allowed; the safety stock may be used up.
    ///
    /// A year of 120 t with a season of 90 t lacks 30 t:
    ///
    /// ```
    /// use peatplan::{supply::{FuelYear, MonthlyShares}, units::*};
    /// let mut july = [0.0; 12];
    /// july[6] = 1.0;
    /// let harvest = MonthlyShares::new("harvest", july).unwrap();
    /// let year = FuelYear::new(&harvest, [Tonnes(10.0); 12], Share::ZERO, 0.0, 13.0).unwrap();
    /// let cycle = year.steady_cycle();
    /// assert_eq!(year.carry_over(&cycle, Tonnes(90.0)).unwrap(), Tonnes(30.0));
    /// ```
    ///
    /// # Errors
    /// [`StockpileError::OutOfRange`]: a harvest below nothing or above 1e12 t.
    pub fn carry_over(&self, cycle: &SteadyCycle, harvest: Tonnes) -> Result<Tonnes, StockpileError> {
        within("the harvest of a season", harvest.0, (0.0, super::MOST_T), " t")?;
        let (mut stock, mut kept, mut more) = (cycle.start.mass().0, 1.0, 0.0f64);
        for place in 0..12 {
            stock = stock * self.kept + harvest.0 * self.harvest[place] - self.need[place].0;
            kept *= self.kept;
            more = more.max(-stock / kept);
        }
        // What rounding alone leaves short is not short.
        Ok(Tonnes(if more <= 1e-9 * self.need_t_a().0 { 0.0 } else { more }))
    }
}
