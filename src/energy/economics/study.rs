//! A study: outlays, yearly flows and rates in; table, measures and levelised costs out.

use super::cash_flow::Rows;
use super::error::{EconomicsError, cost, number, parameter, within};
use super::profit_tax::Asset;
use super::{CapitalItem, CashFlow, Loan, Measures, MoneyBasis, ProfitTax, Stream, Terms, YearSeries, YearlyFlow};
use super::{levelised_cost, nominal_rate};
use crate::model::{DefaultUsed, ParameterValues};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Parameters that [`EconomicStudy::from_numbers`] reads.
pub const STUDY_PARAMETERS: &[&str] = &[
    "discount_rate",
    "inflation",
    "price_year",
    "first_year",
    "construction_years",
    "operation_years",
    "capital_escalation",
    "loan_share",
    "loan_rate",
    "loan_years",
    "profit_tax_rate",
    "depreciation_years",
    "loss_use_share",
];

/// Most items or flows of a study.
const MOST_ENTRIES: usize = 1_000;

/// A project, as money sees it. Amounts are in money of the price year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EconomicStudy {
    /// Year whose money all amounts and prices are in.
    pub price_year: i32,
    /// Calendar year of year 0, the first of construction.
    pub first_year: i32,
    /// Terms of the table by year.
    pub terms: Terms,
    /// Real discount rate a year; the nominal one follows from inflation.
    pub discount_rate: f64,
    /// Inflation a year.
    pub inflation: f64,
    /// Years of construction, year 0 being the first of them.
    pub construction_years: u32,
    /// Years of operation that are counted.
    pub operation_years: u32,
    /// What is built.
    pub capital: Vec<CapitalItem>,
    /// Growth of the cost of building beyond inflation, a year.
    pub capital_escalation: f64,
    /// Share of the investment in each year of construction; even where it is empty.
    pub investment_shares: Vec<f64>,
    /// Whether what is left of the items' lives at the end counts (straight-line), or nothing does.
    pub residual_value: bool,
    /// Closing down in the last year.
    pub decommissioning_rub: f64,
    /// Money in stocks from the last year of construction to the last of operation, kept in step with inflation.
    pub working_capital_rub: f64,
    /// Costs and incomes of the years of operation.
    pub flows: Vec<YearlyFlow>,
    /// Electricity handed over, over which its levelised cost is spread.
    pub electricity_mwh_a: YearSeries,
    /// Useful heat handed over, over which its levelised cost is spread.
    pub heat_mwh_a: YearSeries,
    /// Loan; none for a project paid from own money.
    pub loan: Option<Loan>,
    /// Tax on profit; none for a study before tax.
    pub profit_tax: Option<ProfitTax>,
}

/// What a study says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EconomicResult {
    /// Currency, price year and terms of all amounts.
    pub money: MoneyBasis,
    /// The project by year as if paid from own money, taxed without regard to interest.
    pub cash_flow: CashFlow,
    /// What it says.
    pub measures: Measures,
    /// Levelised cost of electricity before tax and loan, in money of the price year: all costs less the pay for heat, over the electricity. The constant
    /// real price that, for all electricity, makes the net present value before tax zero. None without electricity.
    pub levelised_cost_electricity_rub_mwh: Option<f64>,
    /// The same of heat, less the pay for electricity.
    pub levelised_cost_heat_rub_mwh: Option<f64>,
    /// The owner's money, where there is a loan.
    pub equity: Option<EquityResult>,
}

/// The owner's money: the project with its loan, taxed after interest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EquityResult {
    /// By year.
    pub cash_flow: CashFlow,
    /// What it says.
    pub measures: Measures,
}

impl EconomicStudy {
    /// An empty study with the rates and years of `numbers`: nothing is built and nothing flows yet. Loan and tax are there
    /// where their share or rate is above zero.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        let years = |name| whole(numbers.get(name));
        let price_year = calendar(numbers.get("price_year"));
        let loan = Loan { share: numbers.get("loan_share"), rate: numbers.get("loan_rate"), years: years("loan_years") };
        let tax = ProfitTax {
            rate: numbers.get("profit_tax_rate"),
            depreciation_years: years("depreciation_years"),
            loss_use_share: numbers.get("loss_use_share"),
        };
        Self {
            price_year,
            first_year: numbers.known("first_year").map_or(price_year, calendar),
            terms: Terms::Real,
            discount_rate: numbers.get("discount_rate"),
            inflation: numbers.get("inflation"),
            construction_years: years("construction_years"),
            operation_years: years("operation_years"),
            capital: Vec::new(),
            capital_escalation: numbers.get("capital_escalation"),
            investment_shares: Vec::new(),
            residual_value: true,
            decommissioning_rub: 0.0,
            working_capital_rub: 0.0,
            flows: Vec::new(),
            electricity_mwh_a: YearSeries::Level(0.0),
            heat_mwh_a: YearSeries::Level(0.0),
            loan: (loan.share > 0.0).then_some(loan),
            profit_tax: (tax.rate > 0.0).then_some(tax),
        }
    }

    /// The defaults without a read source on which a study from these numbers rests; those of a loan and a tax only where there is one.
    #[must_use]
    pub fn rests_on(numbers: &ParameterValues) -> Vec<DefaultUsed> {
        let study = Self::from_numbers(numbers);
        let of_loan = |name: &str| name.starts_with("loan_");
        let of_tax = |name: &str| matches!(name, "profit_tax_rate" | "depreciation_years" | "loss_use_share");
        let counts = |name: &&&str| (study.loan.is_some() || !of_loan(name)) && (study.profit_tax.is_some() || !of_tax(name));
        numbers.unsourced_defaults(&STUDY_PARAMETERS.iter().filter(counts).copied().collect::<Vec<_>>())
    }

    /// The table by year, what it says, and the levelised costs.
    ///
    /// All is reckoned in money of the day first, since a loan and a tax know no other, and brought to the terms asked for then. So a study in
    /// real and in nominal terms has the same net present value, and its rates of return differ by inflation alone.
    ///
    /// 1,000 RUB for 100 MWh a year over 20 years at 8 %, and 1 RUB/MWh for operation: 1,000 times 0.1018522 over 100 and 1 are 2.0185 RUB/MWh.
    ///
    /// ```
    /// use peatplan::energy::economics::{CapitalItem, EconomicStudy, Stream, YearSeries, YearlyFlow};
    /// use peatplan::model::{ParameterValues, economics_parameters};
    /// let mut study = EconomicStudy::from_numbers(&ParameterValues::defaults(economics_parameters()));
    /// (study.discount_rate, study.construction_years, study.operation_years) = (0.08, 1, 20);
    /// study.capital.push(CapitalItem { name: "plant".into(), cost_rub: 1_000.0, life_years: 20 });
    /// study.electricity_mwh_a = YearSeries::Level(100.0);
    /// study.flows.push(YearlyFlow {
    ///     stream: Stream::VariableOperation,
    ///     name: "operation".into(),
    ///     quantity: YearSeries::Level(100.0),
    ///     price_rub: 1.0,
    ///     escalation: 0.0,
    /// });
    /// let result = study.result().unwrap();
    /// assert!((result.levelised_cost_electricity_rub_mwh.unwrap() - 2.018_522).abs() < 1e-6);
    /// ```
    ///
    /// # Errors
    /// [`EconomicsError`]: a rate, a life, a price or a quantity outside its limits, shares that do not add up to one, more
    /// electricity or heat sold than is produced.
    pub fn result(&self) -> Result<EconomicResult, EconomicsError> {
        self.check()?;
        let money = self.money()?;
        let years = (self.construction_years + self.operation_years) as usize;
        let (mut rows, assets) = self.rows_before_tax_and_loan(&money, years);
        let outlays: Vec<f64> = rows[&Stream::Investment][..self.construction_years as usize].iter().map(|row| -row).collect();
        let electricity = self.levelised(&rows, &money, years, Stream::is_of_electricity, &self.electricity_mwh_a)?;
        let heat = self.levelised(&rows, &money, years, Stream::is_of_heat, &self.heat_mwh_a)?;
        let mut owner = self.loan.map(|_| rows.clone());
        self.add_tax(&mut rows, &assets, &vec![0.0; years]);
        let cash_flow = CashFlow::new(&rows, years, &money)?;
        let measures = cash_flow.measures(&money)?;
        let equity = match (&self.loan, &mut owner) {
            (Some(loan), Some(rows)) => {
                let schedule = loan.schedule(&outlays, years)?;
                self.add_tax(rows, &assets, &schedule.interest);
                rows.insert(Stream::LoanDrawn, schedule.drawn);
                rows.insert(Stream::LoanInterest, schedule.paid_interest.iter().map(|paid| -paid).collect());
                rows.insert(Stream::LoanRepaid, schedule.repaid.iter().map(|paid| -paid).collect());
                let cash_flow = CashFlow::new(rows, years, &money)?;
                let measures = cash_flow.measures(&money)?;
                Some(EquityResult { cash_flow, measures })
            }
            _ => None,
        };
        Ok(EconomicResult {
            money,
            cash_flow,
            measures,
            levelised_cost_electricity_rub_mwh: electricity,
            levelised_cost_heat_rub_mwh: heat,
            equity,
        })
    }

    /// What operation and fuel cost in the first year of operation, in money of the price year and before prices grow.
    #[must_use]
    pub fn operation_and_fuel_rub(&self) -> f64 {
        let counts = |flow: &&YearlyFlow| flow.stream.yearly_sign() == Some(-1.0) && flow.stream != Stream::Carbon;
        self.flows.iter().filter(counts).map(|flow| flow.quantity.at(0) * flow.price_rub).sum()
    }

    fn money(&self) -> Result<MoneyBasis, EconomicsError> {
        let discount_rate = match self.terms {
            Terms::Real => self.discount_rate,
            Terms::Nominal => nominal_rate(self.discount_rate, self.inflation)?,
        };
        Ok(MoneyBasis {
            currency: "RUB",
            price_year: self.price_year,
            first_year: self.first_year,
            terms: self.terms,
            discount_rate,
            real_discount_rate: self.discount_rate,
            inflation: self.inflation,
        })
    }

    fn check(&self) -> Result<(), EconomicsError> {
        parameter("discount_rate", self.discount_rate)?;
        parameter("inflation", self.inflation)?;
        parameter("price_year", f64::from(self.price_year))?;
        parameter("first_year", f64::from(self.first_year))?;
        parameter("construction_years", f64::from(self.construction_years))?;
        parameter("operation_years", f64::from(self.operation_years))?;
        parameter("capital_escalation", self.capital_escalation)?;
        cost("decommissioning_rub", self.decommissioning_rub)?;
        cost("working_capital_rub", self.working_capital_rub)?;
        within(
            "the number of capital items and yearly flows",
            number(self.capital.len() + self.flows.len()),
            [0.0, number(MOST_ENTRIES)],
            "",
        )?;
        for item in &self.capital {
            cost(format!("the cost of {:?}", item.name), item.cost_rub)?;
            within(format!("the life of {:?}", item.name), f64::from(item.life_years), [1.0, 100.0], " years")?;
        }
        self.check_investment_shares()?;
        self.electricity_mwh_a.check("electricity_mwh_a", self.operation_years, [0.0, 1e12], " MWh")?;
        self.heat_mwh_a.check("heat_mwh_a", self.operation_years, [0.0, 1e12], " MWh")?;
        self.flows.iter().try_for_each(|flow| flow.check(self.operation_years))?;
        self.check_sales("electricity", Stream::is_of_electricity, &self.electricity_mwh_a)?;
        self.check_sales("heat", |stream| stream == Stream::HeatSales, &self.heat_mwh_a)?;
        self.loan.map_or(Ok(()), |loan| loan.check(self.operation_years))?;
        self.profit_tax.map_or(Ok(()), |tax| tax.check())
    }

    fn check_investment_shares(&self) -> Result<(), EconomicsError> {
        let (name, given, expected) = ("investment_shares", self.investment_shares.len(), self.construction_years as usize);
        if given == 0 {
            return Ok(());
        }
        if given != expected {
            let each = "years of construction";
            return Err(EconomicsError::WrongLength { name: name.to_owned(), expected, given, each });
        }
        for share in &self.investment_shares {
            within(name, *share, [0.0, 1.0], ", as shares")?;
        }
        let sum: f64 = self.investment_shares.iter().sum();
        if (sum - 1.0).abs() > 1e-6 { Err(EconomicsError::NotWhole { name, sum }) } else { Ok(()) }
    }

    /// What is sold, or no longer bought, must have been produced.
    fn check_sales(
        &self,
        name: &'static str,
        is_of: impl Fn(Stream) -> bool,
        produced: &YearSeries,
    ) -> Result<(), EconomicsError> {
        for year in 0..self.operation_years as usize {
            let sold_mwh: f64 = self.flows.iter().filter(|flow| is_of(flow.stream)).map(|flow| flow.quantity.at(year)).sum();
            let produced_mwh = produced.at(year);
            if sold_mwh > produced_mwh * (1.0 + 1e-9) + 1e-9 {
                return Err(EconomicsError::SoldBeyondProduction { name, year: year + 1, sold_mwh, produced_mwh });
            }
        }
        Ok(())
    }

    /// The project's own streams in money of the day, and what the tax may write off.
    fn rows_before_tax_and_loan(&self, money: &MoneyBasis, years: usize) -> (Rows, Vec<Asset>) {
        let first = self.construction_years as usize;
        let level: Vec<f64> = (0..years).map(|year| money.price_level(year)).collect();
        let since_price_year = |year: usize| f64::from(self.first_year - self.price_year) + number(year);
        let grown = |rate: f64| move |year: usize| (1.0 + rate).powf(since_price_year(year));
        let mut rows: Rows = BTreeMap::new();
        let mut assets = Vec::new();
        self.add_capital(&mut rows, &mut assets, &level, grown(self.capital_escalation));
        if let Some(last) = row(&mut rows, Stream::Decommissioning, years).last_mut() {
            *last -= self.decommissioning_rub * level[years - 1];
        }
        let stocks = row(&mut rows, Stream::WorkingCapital, years);
        let held =
            |year: usize| if (first - 1..years - 1).contains(&year) { self.working_capital_rub * level[year] } else { 0.0 };
        for (year, slot) in stocks.iter_mut().enumerate() {
            *slot = if year == 0 { 0.0 } else { held(year - 1) } - held(year);
        }
        // Sums do not depend on the order in which flows were given.
        let mut flows: Vec<&YearlyFlow> = self.flows.iter().collect();
        flows.sort_by(|a, b| {
            let by_price = a.price_rub.total_cmp(&b.price_rub).then(a.escalation.total_cmp(&b.escalation));
            let mut by_year = (0..years - first).map(|year| a.quantity.at(year).total_cmp(&b.quantity.at(year)));
            let by_quantity = || by_year.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
            a.stream.cmp(&b.stream).then_with(|| a.name.cmp(&b.name)).then(by_price).then_with(by_quantity)
        });
        for flow in flows {
            let (sign, growth) = (flow.stream.yearly_sign().unwrap_or(0.0), grown(flow.escalation));
            let amounts = row(&mut rows, flow.stream, years);
            for year in first..years {
                amounts[year] += sign * flow.quantity.at(year - first) * flow.price_rub * growth(year) * level[year];
            }
        }
        (rows, assets)
    }

    /// Building, renewal and what is left at the end.
    fn add_capital(&self, rows: &mut Rows, assets: &mut Vec<Asset>, level: &[f64], grown: impl Fn(usize) -> f64) {
        let (first, operation, years) = (self.construction_years as usize, self.operation_years as usize, level.len());
        let mut items: Vec<&CapitalItem> = self.capital.iter().collect();
        items.sort_by(|a, b| a.name.cmp(&b.name).then(a.cost_rub.total_cmp(&b.cost_rub)).then(a.life_years.cmp(&b.life_years)));
        let whole: f64 = items.iter().map(|item| item.cost_rub).sum();
        let even = 1.0 / number(first);
        let mut invested = 0.0;
        let investment = row(rows, Stream::Investment, years);
        for year in 0..first {
            let outlay = whole * self.investment_shares.get(year).copied().unwrap_or(even) * grown(year) * level[year];
            investment[year] -= outlay;
            invested += outlay;
        }
        assets.push(Asset { from: first, cost: invested });
        for item in items {
            let life = item.life_years as usize;
            for age in (life..operation).step_by(life) {
                let year = first - 1 + age;
                let outlay = item.cost_rub * grown(year) * level[year];
                row(rows, Stream::Replacement, years)[year] -= outlay;
                assets.push(Asset { from: year + 1, cost: outlay });
            }
            let used = operation - (operation - 1) / life * life;
            if self.residual_value {
                let left = item.cost_rub * number(life - used) / number(life);
                row(rows, Stream::ResidualValue, years)[years - 1] += left * grown(years - 1) * level[years - 1];
            }
        }
    }

    /// Tax on the profit of operation after depreciation and interest.
    fn add_tax(&self, rows: &mut Rows, assets: &[Asset], interest: &[f64]) {
        let Some(tax) = self.profit_tax else { return };
        let years = interest.len();
        let written_off = tax.depreciation(assets, years);
        let is_profit =
            |stream: Stream| stream.yearly_sign().is_some() || matches!(stream, Stream::ResidualValue | Stream::Decommissioning);
        let profit = |year: usize| {
            let operating: f64 = rows.iter().filter(|(stream, _)| is_profit(**stream)).map(|(_, row)| row[year]).sum();
            operating - written_off[year] - interest[year]
        };
        let profits: Vec<f64> = (0..years).map(profit).collect();
        rows.insert(Stream::ProfitTax, tax.tax(&profits).into_iter().map(|tax| -tax).collect());
    }

    /// Costs less the pay for the other product, over a product; none where none of it is produced.
    fn levelised(
        &self,
        rows: &Rows,
        money: &MoneyBasis,
        years: usize,
        is_pay: impl Fn(Stream) -> bool,
        produced: &YearSeries,
    ) -> Result<Option<f64>, EconomicsError> {
        let first = self.construction_years as usize;
        let energy: Vec<f64> = (0..years).map(|year| if year < first { 0.0 } else { produced.at(year - first) }).collect();
        if energy.iter().all(|energy| *energy <= 0.0) {
            return Ok(None);
        }
        let counts = |stream: Stream| stream.is_before_tax_and_loan() && !is_pay(stream);
        let cost = |year: usize| {
            let net: f64 = rows.iter().filter(|(stream, _)| counts(**stream)).map(|(_, row)| row[year]).sum();
            -net / money.price_level(year)
        };
        let costs: Vec<f64> = (0..years).map(cost).collect();
        levelised_cost(self.discount_rate, &costs, &energy).map(Some)
    }
}

/// The row of a stream, made where it is not there yet.
fn row(rows: &mut Rows, stream: Stream, years: usize) -> &mut Vec<f64> {
    rows.entry(stream).or_insert_with(|| vec![0.0; years])
}

/// A number of years; whatever lies beyond the limits stays beyond them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped and rounded; limits are checked later")]
fn whole(years: f64) -> u32 {
    years.clamp(0.0, 1e6).round() as u32
}

/// A calendar year.
#[expect(clippy::cast_possible_truncation, reason = "clamped and rounded; limits are checked later")]
fn calendar(year: f64) -> i32 {
    year.clamp(-1e6, 1e6).round() as i32
}
