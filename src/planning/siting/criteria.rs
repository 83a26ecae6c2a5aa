//! What each candidate is judged by, beside the cheapest plan: the same plant at every site, so that sites are compared and not sizes.

use super::super::PlanningError;
use super::fuel::{Delivered, FuelSources};
use super::places::{ConsumerPlace, Land, SitePlace};
use super::query::SitingQuery;
use crate::energy::emissions::{EmissionFactors, Fuel, FuelBurned, YearlyActivity, emission_account};
use crate::geostat::Progress;
use crate::model::{DefaultUsed, ParameterValues, emission_parameters};
use crate::reserves::Warning;
use crate::supply::HaulNetwork;
use crate::supply::siting::{Criterion, SiteCriteria, WeighError, Weighing, WeightSpread, Weights, weigh_sites};
use crate::units::{MegawattHours, Tonnes};

/// Start of the random numbers by which weights are drawn.
const SEED: u64 = 1;

/// What the criteria are made from.
pub(super) struct Judged<'a> {
    pub query: &'a SitingQuery,
    pub sites: &'a [SitePlace],
    pub consumers: &'a [ConsumerPlace<'a>],
    pub fuel: &'a FuelSources<'a>,
    /// By site and deposit.
    pub delivered: &'a [Vec<Delivered>],
    pub land: &'a Land<'a>,
    pub network: &'a HaulNetwork,
}

impl Judged<'_> {
    /// The candidates in order. The plant of every site is the reference plant: its fuel comes from the cheapest deposits there.
    pub(super) fn weighing(&self, warnings: &mut Vec<Warning>, progress: &dyn Progress) -> Result<Weighing, PlanningError> {
        let numbers = &self.query.numbers;
        let mut weights = Weights::from_numbers(numbers);
        let criteria: Vec<SiteCriteria> = self
            .sites
            .iter()
            .zip(self.delivered)
            .map(|(site, delivered)| self.of_site(site, delivered))
            .collect::<Result<_, _>>()?;
        for (place, criterion) in Criterion::ALL.iter().enumerate() {
            if weights.0[place] > 0.0 && criteria.iter().any(|site| site.values[place].is_none()) {
                weights.0[place] = 0.0;
                let text =
                    format!("nothing is known for the criterion {criterion:?}: the project has no roads; it does not count");
                warnings.push(Warning::new("criterion_unknown", text));
            }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100,000 by the table")]
        let draws = numbers.get("weight_draws").round() as usize;
        let spread = WeightSpread { share: numbers.get("weight_spread"), draws, seed: SEED };
        match weigh_sites(&criteria, &weights, &spread, &mut super::going(progress)) {
            Err(WeighError::Cancelled) => Err(PlanningError::Cancelled),
            other => Ok(other?),
        }
    }

    fn of_site(&self, site: &SitePlace, delivered: &[Delivered]) -> Result<SiteCriteria, PlanningError> {
        let numbers = &self.query.numbers;
        let parts = self.cheapest(delivered);
        let energy: f64 = parts.iter().map(|(_, energy)| energy).sum();
        let tonnes = |deposit: usize, energy: f64| {
            let deposit = &self.fuel.deposits[deposit];
            energy * deposit.fuel_t_a / deposit.fuel_mwh_a
        };
        let (mut cost, mut mass, mut haul_t_km, mut truck_hours) = (0.0, 0.0, 0.0, 0.0);
        for (deposit, energy) in &parts {
            let (way, part) = (&delivered[*deposit], tonnes(*deposit, *energy));
            cost += energy * way.cost_rub_mwh;
            mass += part;
            haul_t_km += part * way.distance_km;
            truck_hours += part * self.fuel.truck_hours_t(way);
        }
        let account = emission_account(&activity(energy, haul_t_km), &self.factors())?;
        let jobs = numbers.get("reference_heat_mw") * numbers.get("plant_jobs_mw")
            + mass / 1_000.0 * numbers.get("harvest_jobs_kt")
            + truck_hours / numbers.get("driver_hours_a");
        let road = self.network.access(site.place.working).map(|access| access.off_road_m / 1_000.0);
        Ok(SiteCriteria {
            site: site.id.clone(),
            values: [
                Some(cost / energy),
                Some(self.heat_distance_km(site)),
                Some(self.land.share_round(site.place.working, numbers.get("constraint_radius_m"))),
                road,
                Some(account.total_co2_equivalent_t_a.0),
                Some(jobs),
            ],
        })
    }

    /// Fuel of the reference plant from the cheapest deposits; all there is where that is less.
    fn cheapest(&self, delivered: &[Delivered]) -> Vec<(usize, f64)> {
        let numbers = &self.query.numbers;
        let heat = numbers.get("reference_heat_mw") * numbers.get("heat_full_load_hours");
        let mut need = heat / numbers.get("heat_efficiency");
        let mut order: Vec<usize> = (0..delivered.len()).collect();
        order.sort_by(|a, b| delivered[*a].cost_rub_mwh.total_cmp(&delivered[*b].cost_rub_mwh).then(a.cmp(b)));
        let mut parts = Vec::new();
        for deposit in order {
            let part = need.min(self.fuel.deposits[deposit].fuel_mwh_a);
            if part > 0.0 {
                parts.push((deposit, part));
                need -= part;
            }
        }
        parts
    }

    /// Length of pipe to the consumers that the site can heat, mean by need; to the nearest one where it can heat none.
    fn heat_distance_km(&self, site: &SitePlace) -> f64 {
        let numbers = &self.query.numbers;
        let (tortuosity, greatest) = (numbers.get("pipe_tortuosity"), numbers.get("greatest_pipe_km"));
        let [x, y] = site.place.working;
        let length = |consumer: &ConsumerPlace<'_>| {
            let [to_x, to_y] = consumer.place.working;
            tortuosity * (to_x - x).hypot(to_y - y) / 1_000.0
        };
        let (mut heat, mut weighted, mut nearest) = (0.0, 0.0, f64::INFINITY);
        for consumer in self.consumers {
            let length = length(consumer);
            nearest = nearest.min(length);
            if length <= greatest {
                heat += consumer.heat_mwh_a;
                weighted += consumer.heat_mwh_a * length;
            }
        }
        if heat > 0.0 { weighted / heat } else { nearest }
    }

    fn factors(&self) -> EmissionFactors {
        EmissionFactors::of(&ParameterValues::defaults(emission_parameters()), &self.query.supply.reserve_numbers)
    }

    /// Defaults of the emissions without a read source.
    pub(super) fn rests_on(&self) -> Vec<DefaultUsed> {
        let emissions = ParameterValues::defaults(emission_parameters());
        EmissionFactors::rests_on(&activity(1.0, 1.0), &emissions, &self.query.supply.reserve_numbers)
    }
}

/// Burning and haul; the drained land is the same wherever the plant stands.
fn activity(fuel_mwh: f64, haul_t_km: f64) -> YearlyActivity {
    let peat = FuelBurned { fuel: Fuel::Peat, energy: MegawattHours(fuel_mwh), dry_matter: Tonnes::ZERO };
    YearlyActivity { burned: vec![peat], haul_t_km, ..YearlyActivity::default() }
}
