//! Deposits as sources of fuel for sites: what they can give a year, and what it costs at each gate.

use super::super::field_stocks::FieldEntry;
use super::super::plant_supply::FARTHEST_PLANT_KM;
use super::super::{PlanningError, Workbench};
use super::places::SitePlace;
use super::query::SitingQuery;
use crate::geostat::Progress;
use crate::model::{DefaultUsed, FeatureId, InputError, supply_parameters};
use crate::reserves::Warning;
use crate::supply::{Haul, HaulMode, HaulNetwork, HaulOrigin, HaulRates, Place, RouteKind, field_harvest, hauls_to};
use crate::units::{Share, Tonnes};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A field with what it gives a year.
#[derive(Debug)]
pub(super) struct FieldFuel<'a> {
    pub entry: &'a FieldEntry,
    pub fuel_mwh_a: f64,
    pub mwh_t: f64,
}

/// A deposit: its fields together.
#[derive(Debug)]
pub(super) struct DepositFuel<'a> {
    /// Name and row, for the case.
    pub id: String,
    pub deposit_id: FeatureId,
    pub fields: Vec<FieldFuel<'a>>,
    pub fuel_mwh_a: f64,
    pub fuel_t_a: f64,
    pub stock_mwh: f64,
}

/// A MWh of a deposit at a gate: the mean of its fields, by what they give.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Delivered {
    pub cost_rub_mwh: f64,
    pub distance_km: f64,
    pub travel_h: f64,
}

/// Fuel for sites.
pub(super) struct FuelSources<'a> {
    pub deposits: Vec<DepositFuel<'a>>,
    network: &'a HaulNetwork,
    rates: HaulRates,
    /// Harvest and handling, RUB/t.
    before_haul_rub_t: f64,
}

/// Which kinds of ways were used.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WaysUsed {
    pub network: bool,
    pub straight: bool,
    pub rail: bool,
}

impl<'a> FuelSources<'a> {
    /// The deposits whose fields count.
    pub(super) fn of(bench: &'a Workbench, query: &SitingQuery, warnings: &mut Vec<Warning>) -> Result<Self, PlanningError> {
        let stocks = bench.field_stocks();
        warnings.extend(stocks.warnings.iter().cloned());
        let share = Share::new(query.supply.reserve_numbers.get("net_area_share")).unwrap_or(Share::ONE);
        let life = query.numbers.get("plant_life_a");
        let mut by_deposit: BTreeMap<FeatureId, DepositFuel<'a>> = BTreeMap::new();
        for entry in stocks.fields.iter().filter(|entry| entry.stock.counts(query.supply.include_undeveloped)) {
            let stock_mwh = entry.stock.energy(entry.stock.stock(share)).0;
            let harvest_mwh_a = entry.stock.energy(field_harvest(&entry.stock, &query.supply)).0;
            let fuel_mwh_a = if query.fuel_for_life { harvest_mwh_a.min(stock_mwh / life) } else { harvest_mwh_a };
            let mwh_t = entry.stock.energy(Tonnes(1.0)).0;
            if fuel_mwh_a <= 0.0 || mwh_t <= 0.0 {
                continue;
            }
            let labels = &entry.labels;
            let deposit = by_deposit.entry(labels.deposit_id).or_insert_with(|| DepositFuel {
                id: format!("{} ({})", labels.deposit_name, labels.deposit_id),
                deposit_id: labels.deposit_id,
                fields: Vec::new(),
                fuel_mwh_a: 0.0,
                fuel_t_a: 0.0,
                stock_mwh: 0.0,
            });
            deposit.fields.push(FieldFuel { entry, fuel_mwh_a, mwh_t });
            deposit.stock_mwh += stock_mwh;
        }
        for deposit in by_deposit.values_mut() {
            // Summed by the fields' numbers: their order changes no bit.
            deposit.fields.sort_by_key(|field| field.entry.stock.field);
            deposit.fuel_mwh_a = deposit.fields.iter().map(|field| field.fuel_mwh_a).sum();
            deposit.fuel_t_a = deposit.fields.iter().map(|field| field.fuel_mwh_a / field.mwh_t).sum();
        }
        if by_deposit.is_empty() {
            return Err(PlanningError::Nothing(
                "no field is prepared or in production and holds peat; import fields, or count undeveloped ones with \
                 include_undeveloped",
            ));
        }
        Ok(Self {
            deposits: by_deposit.into_values().collect(),
            network: bench.haul_network(),
            rates: query.supply.haul_rates(),
            before_haul_rub_t: query.supply.numbers.get("production_cost_rub_t")
                + query.supply.numbers.get("handling_cost_rub_t"),
        })
    }

    /// By site, in the order of the sites, and by deposit.
    pub(super) fn delivered(
        &self,
        sites: &[SitePlace],
        progress: &dyn Progress,
    ) -> Result<(Vec<Vec<Delivered>>, WaysUsed), PlanningError> {
        let done = AtomicUsize::new(0);
        let of_site = |site: &SitePlace| -> Result<(Vec<Delivered>, WaysUsed), PlanningError> {
            self.check_distance(site)?;
            if !progress.go_on(done.fetch_add(1, Ordering::Relaxed), sites.len()) {
                return Err(PlanningError::Cancelled);
            }
            let mut ways = WaysUsed::default();
            let hauls = self.hauls(site.place);
            for haul in hauls.iter().flatten() {
                ways.network |= haul.route == RouteKind::Network;
                ways.straight |= haul.route == RouteKind::StraightLine;
                ways.rail |= haul.legs.iter().any(|leg| leg.mode == HaulMode::NarrowGauge);
            }
            Ok((self.deposits.iter().zip(&hauls).map(|(deposit, hauls)| self.mean(deposit, hauls)).collect(), ways))
        };
        let found: Vec<(Vec<Delivered>, WaysUsed)> = sites.par_iter().map(of_site).collect::<Result<_, _>>()?;
        let ways = found.iter().fold(WaysUsed::default(), |all, (_, ways)| WaysUsed {
            network: all.network || ways.network,
            straight: all.straight || ways.straight,
            rail: all.rail || ways.rail,
        });
        Ok((found.into_iter().map(|(delivered, _)| delivered).collect(), ways))
    }

    /// Hauls to a gate, by deposit and field.
    pub(super) fn hauls(&self, gate: Place) -> Vec<Vec<Haul>> {
        let fields = self.deposits.iter().flat_map(|deposit| &deposit.fields);
        let origins: Vec<HaulOrigin> = fields.map(|field| field.entry.haul_origin()).collect();
        let mut hauls = hauls_to(gate, &origins, self.network, &self.rates).into_iter();
        self.deposits.iter().map(|deposit| hauls.by_ref().take(deposit.fields.len()).collect()).collect()
    }

    fn mean(&self, deposit: &DepositFuel<'_>, hauls: &[Haul]) -> Delivered {
        let mut mean = Delivered::default();
        for (field, haul) in deposit.fields.iter().zip(hauls) {
            let share = field.fuel_mwh_a / deposit.fuel_mwh_a;
            mean.cost_rub_mwh += share * (haul.cost.0 + self.before_haul_rub_t) / field.mwh_t;
            mean.distance_km += share * haul.distance_km;
            mean.travel_h += share * haul.travel_h;
        }
        mean
    }

    fn check_distance(&self, site: &SitePlace) -> Result<(), PlanningError> {
        let away = |place: Place| {
            let [x, y] = site.place.working;
            (place.working[0] - x).hypot(place.working[1] - y) / 1_000.0
        };
        let fields = self.deposits.iter().flat_map(|deposit| &deposit.fields);
        match fields.map(|field| away(field.entry.place)).reduce(f64::min) {
            Some(nearest) if nearest > FARTHEST_PLANT_KM => {
                let detail = format!(
                    "candidates: {} lies {nearest:.0} km from the nearest field; at most {FARTHEST_PLANT_KM:.0} km can be hauled by truck",
                    site.id
                );
                Err(InputError { parameter: "candidates".into(), detail }.into())
            }
            _ => Ok(()),
        }
    }

    /// Hours of a truck for a tonne: there, back and at both ends.
    pub(super) fn truck_hours_t(&self, delivered: &Delivered) -> f64 {
        (2.0 * delivered.travel_h + self.rates.turnaround_h) / self.rates.payload_t
    }

    /// Whether anything it rests on is invented.
    pub(super) fn synthetic(&self) -> bool {
        self.deposits.iter().flat_map(|deposit| &deposit.fields).any(|field| field.entry.labels.synthetic)
    }

    /// Defaults of harvest and haul without a read source.
    pub(super) fn rests_on(&self, query: &SitingQuery, ways: WaysUsed) -> Vec<DefaultUsed> {
        let mut names = vec![
            "weather_factor",
            "tortuosity",
            "off_road_speed_km_h",
            "truck_payload_t",
            "truck_cost_rub_h",
            "truck_cost_rub_km",
            "turnaround_h",
            "handling_cost_rub_t",
            "production_cost_rub_t",
        ];
        let fields = || self.deposits.iter().flat_map(|deposit| &deposit.fields);
        if fields().any(|field| field.entry.stock.seasonal_yield.is_none()) {
            names.push("seasonal_yield_t_ha");
        }
        if ways.network {
            names.extend(["main_road_speed_km_h", "local_road_speed_km_h"]);
        }
        if ways.straight {
            names.push("straight_line_speed_km_h");
        }
        if ways.rail {
            let of_rail =
                |name: &&str| ["rail_", "transfer_", "station_", "siding_", "track_"].iter().any(|part| name.starts_with(part));
            names.extend(supply_parameters().names().filter(of_rail));
        }
        let mut used = query.supply.numbers.unsourced_defaults(&names);
        if fields().any(|field| field.entry.stock.net_area.is_none()) {
            used.extend(query.supply.reserve_numbers.unsourced_defaults(&["net_area_share"]));
        }
        used
    }
}
