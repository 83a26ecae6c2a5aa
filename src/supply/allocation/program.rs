//! The case as a linear program, discounted roubles over MWh.

use super::case::{Case, CaseSource, CaseWay};
use super::study::{BlendLimits, FuelQuality, ShareRange};
use crate::optimisation::{LinearProgram, Row, Variable};

/// What a blend is limited in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    Ash,
    Moisture,
    Sulphur,
}

impl Quality {
    pub(super) const ALL: [Self; 3] = [Self::Ash, Self::Moisture, Self::Sulphur];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ash => "ash",
            Self::Moisture => "water",
            Self::Sulphur => "sulphur",
        }
    }

    pub(super) fn share(self, quality: FuelQuality) -> f64 {
        match self {
            Self::Ash => quality.ash_share,
            Self::Moisture => quality.moisture_share,
            Self::Sulphur => quality.sulphur_share,
        }
    }

    pub(super) fn range(self, limits: BlendLimits) -> ShareRange {
        match self {
            Self::Ash => limits.ash,
            Self::Moisture => limits.moisture,
            Self::Sulphur => limits.sulphur,
        }
    }
}

impl BlendLimits {
    pub(super) fn limits_something(self) -> bool {
        Quality::ALL.iter().any(|quality| quality.range(self) != ShareRange::default())
    }
}

/// What a row of the program limits. Years count from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Label {
    Need { plant: usize, year: usize },
    Harvest { source: usize, year: usize },
    Stock { source: usize },
    Reach { source: usize, year: usize },
    Fuel { fuel: usize, year: usize },
    Preparation { year: usize },
    Blend { plant: usize, year: usize, quality: Quality, most: bool },
    Balance,
}

/// Variables of a source in a year, where it has them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SourceVariables {
    pub(super) harvest: Option<Variable>,
    pub(super) stack: Option<Variable>,
    /// Peat within reach that is left at the year's end.
    ground: Option<Variable>,
    /// The row of the land that can be worked out, in which the harvest stands.
    pub(super) reach_row: Option<Row>,
    /// Areas, in MWh of an average season.
    pub(super) area: Option<Variable>,
    pub(super) prepared: Option<Variable>,
    pub(super) harvest_row: Option<Row>,
}

/// The program, and where in it things are. Lists by way, offer, plant or source hold one entry a year.
pub(super) struct Built {
    pub(super) program: LinearProgram,
    labels: Vec<Label>,
    rows: Vec<Row>,
    pub(super) flows: Vec<Vec<Option<Variable>>>,
    pub(super) bought: Vec<Vec<Option<Variable>>>,
    pub(super) unmet: Vec<Vec<Option<Variable>>>,
    pub(super) needs: Vec<Vec<Option<Row>>>,
    pub(super) sources: Vec<Vec<SourceVariables>>,
    pub(super) stocks: Vec<Option<Row>>,
}

impl Built {
    pub(super) fn of(case: &Case<'_>) -> Self {
        let none = |count: usize| vec![vec![None; case.years]; count];
        let mut built = Self {
            program: LinearProgram::new(),
            labels: Vec::new(),
            rows: Vec::new(),
            flows: none(case.ways.len()),
            bought: none(case.offers.len()),
            unmet: none(case.plants.len()),
            needs: vec![vec![None; case.years]; case.plants.len()],
            sources: vec![vec![SourceVariables::default(); case.years]; case.sources.len()],
            stocks: vec![None; case.sources.len()],
        };
        built.add_purchases(case);
        for source in 0..case.sources.len() {
            built.add_source(case, source);
        }
        built.add_preparation_limits(case);
        built.add_needs(case);
        built.add_blends(case);
        built.add_fuel_limits(case);
        built
    }

    pub(super) fn label(&self, row: Row) -> Option<&Label> {
        self.rows.binary_search(&row).ok().map(|place| &self.labels[place])
    }

    fn row(&mut self, label: Label, low: f64, terms: Vec<(Variable, f64)>, high: f64) -> Row {
        let row = self.program.row(format!("{label:?}"), low, terms, high);
        self.rows.push(row);
        self.labels.push(label);
        row
    }

    /// What is bought or missing.
    fn add_purchases(&mut self, case: &Case<'_>) {
        for (offer, stated) in case.offers.iter().enumerate() {
            let plant = &case.plants[stated.plant];
            for year in 0..case.years {
                let most = stated.most_mwh[year].min(plant.need_mwh[year]);
                if most > 0.0 {
                    let cost = case.factors[year] * stated.price_rub_mwh;
                    // The need bounds it already; a second bound at the same place would be a tie.
                    let bound = if stated.most_mwh[year] < plant.need_mwh[year] { most } else { f64::INFINITY };
                    self.bought[offer][year] = Some(self.program.variable(cost, 0.0, bound));
                }
            }
        }
        for (plant, stated) in case.plants.iter().enumerate() {
            let Some(price) = stated.shortage_rub_mwh else { continue };
            for year in 0..case.years {
                if stated.need_mwh[year] > 0.0 {
                    self.unmet[plant][year] = Some(self.program.variable(case.factors[year] * price, 0.0, f64::INFINITY));
                }
            }
        }
    }

    /// Flows, harvests, stacks and areas of a source, and the limits among them.
    fn add_source(&mut self, case: &Case<'_>, index: usize) {
        let source = &case.sources[index];
        let stated = source.source;
        let area_most = if source.grows() { stated.largest_ha } else { stated.prepared_ha };
        let may_carry = source.carries();
        let gives = (stated.stock_mwh > 0.0 && stated.yield_mwh_ha * area_most > 0.0) || stated.carry_over_first_mwh > 0.0;
        let ways: Vec<usize> = (0..case.ways.len()).filter(|way| case.ways[*way].source == index && gives).collect();
        if !ways.iter().any(|way| (0..case.years).any(|year| Self::may_flow(case, &case.ways[*way], year))) {
            return;
        }
        let mut harvested_over_all = Vec::new();
        let mut harvested_by_year = Vec::with_capacity(case.years);
        let new_land: Vec<Vec<f64>> = match stated.reach {
            Some(_) => (0..case.years).map(|year| source.given_by_new_land(&case.weather, year)).collect(),
            None => Vec::new(),
        };
        for year in 0..case.years {
            let capacity_ha = stated.yield_mwh_ha * case.weather[year];
            let harvests = stated.stock_mwh > 0.0 && capacity_ha * area_most > 0.0;
            let factor = case.factors[year];
            let mut flows = Vec::new();
            for way in &ways {
                if !(Self::may_flow(case, &case.ways[*way], year) && (harvests || may_carry)) {
                    continue;
                }
                let at_field = if may_carry { 0.0 } else { stated.harvest_cost_rub_mwh };
                let need = case.plants[case.ways[*way].plant].need_mwh[year];
                let most = case.ways[*way].most_mwh_a;
                let bound = if most < need { most } else { f64::INFINITY };
                let flow = self.program.variable(factor * (at_field + case.ways[*way].cost_rub_mwh), 0.0, bound);
                self.flows[*way][year] = Some(flow);
                flows.push((flow, 1.0));
            }
            let mut harvested = flows.clone();
            if may_carry {
                harvested = Vec::new();
                if harvests {
                    let harvest = self.program.variable(factor * stated.harvest_cost_rub_mwh, 0.0, f64::INFINITY);
                    self.sources[index][year].harvest = Some(harvest);
                    harvested.push((harvest, 1.0));
                }
                self.add_stack(case, index, year, &flows);
            }
            if source.grows() {
                self.add_area(case, index, year);
                if year + 1 == case.years {
                    self.add_largest_area(case, index);
                }
            }
            harvested_by_year.push(harvested.clone());
            self.add_reach(case, index, year, &harvested_by_year, &new_land);
            if harvests && !harvested.is_empty() {
                let mut terms = harvested.clone();
                let mut high = capacity_ha * stated.prepared_ha;
                if let Some(area) = self.sources[index][year].area {
                    terms.push((area, -case.weather[year]));
                    high = 0.0;
                }
                let row = self.row(Label::Harvest { source: index, year }, f64::NEG_INFINITY, terms, high);
                self.sources[index][year].harvest_row = Some(row);
                harvested_over_all.extend(harvested);
            }
        }
        let most: f64 = case.weather.iter().map(|weather| weather * stated.yield_mwh_ha * area_most).sum();
        if most > stated.stock_mwh && !harvested_over_all.is_empty() {
            let row = self.row(Label::Stock { source: index }, f64::NEG_INFINITY, harvested_over_all, stated.stock_mwh);
            self.stocks[index] = Some(row);
        }
    }

    /// Whether a flow could ever be part of an optimum: not if going without is cheaper and no blend could want it.
    fn may_flow(case: &Case<'_>, way: &CaseWay, year: usize) -> bool {
        let plant = &case.plants[way.plant];
        if plant.need_mwh[year] <= 0.0 || way.most_mwh_a <= 0.0 {
            return false;
        }
        let source = &case.sources[way.source];
        let at_field = if source.carries() { 0.0 } else { source.source.harvest_cost_rub_mwh };
        let dear = plant.shortage_rub_mwh.is_some_and(|price| at_field + way.cost_rub_mwh > price);
        !dear || plant.plant.blend.limits_something()
    }

    /// `S_y <= (1 - l) S_(y-1) + H_y - sum x`: what is not carried over may rot, and nothing else is lost.
    fn add_stack(&mut self, case: &Case<'_>, index: usize, year: usize, flows: &[(Variable, f64)]) {
        let source = &case.sources[index];
        let kept = 1.0 - source.loss_share;
        let mut terms = flows.to_vec();
        let mut high = 0.0;
        if let Some(harvest) = self.sources[index][year].harvest {
            terms.push((harvest, -1.0));
        }
        if year + 1 < case.years && source.carry_over_most_mwh > 0.0 {
            let stack = self.program.variable(0.0, 0.0, source.carry_over_most_mwh);
            self.sources[index][year].stack = Some(stack);
            terms.push((stack, 1.0));
        }
        if year == 0 {
            high = source.source.carry_over_first_mwh;
        } else if let Some(before) = self.sources[index][year - 1].stack {
            terms.push((before, -kept));
        }
        self.row(Label::Balance, f64::NEG_INFINITY, terms, high);
    }

    /// `A_y = A_(y-1) + sum_k (s_k - s_(k-1)) p_(y-lead-k)`, where `s_k` is the yield of a hectare in its k-th year over the full
    /// one, within the ramp and the largest area. Areas are counted by the MWh that they give in an
    /// average season: beside flows in MWh, hectares would cost the solver digits.
    fn add_area(&mut self, case: &Case<'_>, index: usize, year: usize) {
        let source = &case.sources[index];
        let mwh_ha = source.source.yield_mwh_ha;
        if year >= source.source.permit_years && year + source.preparation_years < case.years {
            let cost = case.factors[year] * source.preparation_rub_ha / mwh_ha;
            self.sources[index][year].prepared = Some(self.program.variable(cost, 0.0, source.ramp_ha_a * mwh_ha));
        }
        let Some(works) = year.checked_sub(source.preparation_years) else { return };
        // Its low end never binds; at what is prepared it would bind together with the ramp.
        let area = self.program.variable(0.0, 0.0, source.source.largest_ha * mwh_ha);
        self.sources[index][year].area = Some(area);
        let mut terms = vec![(area, 1.0)];
        for (age, step) in source.yield_steps().into_iter().enumerate().filter(|(_, step)| step.abs() > 0.0) {
            let begun = works.checked_sub(age).and_then(|begun| self.sources[index][begun].prepared);
            terms.extend(begun.map(|prepared| (prepared, -step)));
        }
        let before = year.checked_sub(1).and_then(|before| self.sources[index][before].area);
        let mut grown = source.source.prepared_ha * mwh_ha;
        if let Some(before) = before {
            terms.push((before, -1.0));
            grown = 0.0;
        }
        self.row(Label::Balance, grown, terms, grown);
    }

    /// `G_y <= G_(y-1) + r_y + sum_p d_(p,y) n_p - H_y`: what comes into reach and is not cut stays there, and no more is cut than there
    /// is; `d_(p,y)` is what a hectare prepared in year p can give in year y at most before it is worked out.
    /// It begins with the first year in which any land can be worked out; the years before stand in its row.
    fn add_reach(
        &mut self,
        case: &Case<'_>,
        index: usize,
        year: usize,
        harvested: &[Vec<(Variable, f64)>],
        new_land: &[Vec<f64>],
    ) {
        let source = &case.sources[index];
        let Some(reach) = &source.source.reach else { return };
        let Some(first) = first_worked_out(case, source).filter(|first| *first <= year) else { return };
        let counted = if year == first { 0..year + 1 } else { year..year + 1 };
        let mut terms: Vec<(Variable, f64)> = harvested[counted.clone()].iter().flatten().copied().collect();
        let high = reach.prepared_mwh[counted.clone()].iter().sum();
        for (variables, given) in self.sources[index].iter().zip(new_land).take(year + 1) {
            let Some(prepared) = variables.prepared else { continue };
            let before = counted.start.checked_sub(1).map_or(0.0, |before| given[before]);
            // Areas are counted by what they give in an average season.
            let more = (given[year] - before) / source.source.yield_mwh_ha;
            if more > 0.0 {
                terms.push((prepared, -more));
            }
        }
        terms.extend(year.checked_sub(1).and_then(|before| self.sources[index][before].ground).map(|before| (before, -1.0)));
        if year + 1 < case.years {
            let ground = self.program.variable(0.0, 0.0, f64::INFINITY);
            self.sources[index][year].ground = Some(ground);
            terms.push((ground, 1.0));
        }
        let row = self.row(Label::Reach { source: index, year }, f64::NEG_INFINITY, terms, high);
        for counted in counted {
            self.sources[index][counted].reach_row = Some(row);
        }
    }

    /// While hectares give less than their full yield, their yield says nothing of how many they are.
    fn add_largest_area(&mut self, case: &Case<'_>, index: usize) {
        let stated = case.sources[index].source;
        let terms: Vec<(Variable, f64)> = self.sources[index].iter().filter_map(|year| Some((year.prepared?, 1.0))).collect();
        if !stated.first_yields.is_empty() && !terms.is_empty() {
            let new_mwh = (stated.largest_ha - stated.prepared_ha) * stated.yield_mwh_ha;
            self.row(Label::Balance, f64::NEG_INFINITY, terms, new_mwh);
        }
    }

    /// Crews are shared: the hectares on which works begin in a year, over all sources. Counted by the MWh of a mean hectare.
    fn add_preparation_limits(&mut self, case: &Case<'_>) {
        let Some(most) = case.preparation_most_ha_a else { return };
        let growing = || case.sources.iter().filter(|source| source.grows()).map(|source| source.source.yield_mwh_ha);
        let mean = growing().sum::<f64>() / growing().fold(0.0, |count, _| count + 1.0);
        for year in 0..case.years {
            let prepared = case.sources.iter().zip(&self.sources);
            let terms: Vec<(Variable, f64)> =
                prepared.filter_map(|(source, years)| Some((years[year].prepared?, mean / source.source.yield_mwh_ha))).collect();
            if !terms.is_empty() {
                self.row(Label::Preparation { year }, f64::NEG_INFINITY, terms, most * mean);
            }
        }
    }

    fn add_needs(&mut self, case: &Case<'_>) {
        for (plant, stated) in case.plants.iter().enumerate() {
            for year in 0..case.years {
                let need = stated.need_mwh[year];
                if need > 0.0 {
                    let mut terms =
                        self.burnt(case, plant, year).into_iter().map(|(variable, _)| (variable, 1.0)).collect::<Vec<_>>();
                    terms.extend(self.unmet[plant][year].map(|unmet| (unmet, 1.0)));
                    self.needs[plant][year] = Some(self.row(Label::Need { plant, year }, need, terms, need));
                }
            }
        }
    }

    /// What a plant can burn in a year, with its quality.
    fn burnt(&self, case: &Case<'_>, plant: usize, year: usize) -> Vec<(Variable, Option<FuelQuality>)> {
        let peat = case.ways.iter().zip(&self.flows).filter(|(way, _)| way.plant == plant);
        let peat = peat.filter_map(|(way, flows)| Some((flows[year]?, case.way_quality(way))));
        let other = case.offers.iter().zip(&self.bought).filter(|(offer, _)| offer.plant == plant);
        let other = other.filter_map(|(offer, bought)| Some((bought[year]?, case.offer_quality(offer))));
        peat.chain(other).collect()
    }

    /// `sum (q_i - limit) m_i <= 0` with the mass `m_i = x_i / NCV_i`, in t.
    fn add_blends(&mut self, case: &Case<'_>) {
        for (plant, stated) in case.plants.iter().enumerate().filter(|(_, plant)| plant.plant.blend.limits_something()) {
            for year in 0..case.years {
                let burnt = self.burnt(case, plant, year);
                for quality in Quality::ALL {
                    let range = quality.range(stated.plant.blend);
                    for (limit, most) in [(range.least, false), (range.most, true)] {
                        let Some(limit) = limit else { continue };
                        let sign = if most { 1.0 } else { -1.0 };
                        let above = |fuel: FuelQuality| sign * (quality.share(fuel) - limit) / fuel.net_calorific_value_mwh_t;
                        let terms: Vec<(Variable, f64)> =
                            burnt.iter().filter_map(|(variable, fuel)| Some((*variable, above((*fuel)?)))).collect();
                        if terms.iter().any(|(_, above)| *above > 0.0) {
                            self.row(Label::Blend { plant, year, quality, most }, f64::NEG_INFINITY, terms, 0.0);
                        }
                    }
                }
            }
        }
    }

    fn add_fuel_limits(&mut self, case: &Case<'_>) {
        for (fuel, stated) in case.fuels.iter().enumerate() {
            let Some(most) = stated.most_mwh_a else { continue };
            for year in 0..case.years {
                let bought = case.offers.iter().zip(&self.bought).filter(|(offer, _)| offer.fuel == fuel);
                let terms: Vec<(Variable, f64)> = bought.filter_map(|(_, bought)| Some((bought[year]?, 1.0))).collect();
                if !terms.is_empty() {
                    self.row(Label::Fuel { fuel, year }, f64::NEG_INFINITY, terms, most);
                }
            }
        }
    }
}

/// The first year in which land of a source can be worked out: the prepared land has less than its capacity by then, or the first new
/// hectare has given what it holds.
fn first_worked_out(case: &Case<'_>, source: &CaseSource<'_>) -> Option<usize> {
    let (stated, reach) = (source.source, source.source.reach.as_ref()?);
    let begins = stated.permit_years + source.preparation_years;
    let (mut reached_mwh, mut capacity_mwh, mut hectare_mwh) = (0.0, 0.0, 0.0);
    (0..case.years).find(|year| {
        let season_mwh_ha = stated.yield_mwh_ha * case.weather[*year];
        reached_mwh += reach.prepared_mwh.get(*year).copied().unwrap_or(0.0);
        capacity_mwh += season_mwh_ha * stated.prepared_ha;
        if *year >= begins {
            hectare_mwh += season_mwh_ha;
        }
        // What differs by rounding alone is no limit.
        reached_mwh < capacity_mwh * (1.0 - 1e-9) || (source.grows() && reach.new_mwh_ha < hectare_mwh)
    })
}
