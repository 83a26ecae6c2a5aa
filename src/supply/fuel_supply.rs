//! The whole answer: need, fields by delivered cost, a wet season, and the years.

use super::curve::{CurveStep, supply_curve};
use super::depletion::{DepletionYear, Source, depletion};
use super::harvest::{FieldStock, seasonal_harvest};
use super::haul::{Haul, HaulLeg, RouteKind};
use super::need::FuelNeed;
use super::network::HaulMode;
use super::request::SupplyRequest;
use super::season::SeasonNorms;
use super::stock_months::{PossibleHarvest, StockMonths, stock_months};
use crate::model::{DefaultUsed, FeatureId, FieldStatus};
use crate::units::{Hectares, MassFraction, MegawattHours, RoublesPerTonne, Share, Tonnes, TonnesPerHectare};
use serde::Serialize;

/// What a haul over roads rests on beside the trucks.
const ROAD_SPEEDS: [&str; 2] = ["main_road_speed_km_h", "local_road_speed_km_h"];

/// What a haul by narrow gauge rests on.
const RAIL_PARAMETERS: [&str; 11] = [
    "rail_cost_rub_t_km",
    "rail_speed_km_h",
    "rail_loading_rub_t",
    "transfer_cost_rub_t",
    "transfer_time_h",
    "station_reach_m",
    "siding_reach_m",
    "track_capex_rub_km",
    "track_life_a",
    "track_tonnage_t_a",
    "track_discount_rate",
];

/// Names of a field and its deposit, for the reader.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the layers")]
pub struct FieldLabels {
    pub code: Option<String>,
    pub name: String,
    pub name_ru: Option<String>,
    pub deposit_id: FeatureId,
    pub deposit_name: String,
    pub deposit_name_ru: Option<String>,
    pub synthetic: bool,
}

/// A field as a step of the supply curve. Tonnes are at the reference moisture, losses taken off.
#[derive(Debug, Clone, Serialize)]
pub struct FieldDelivery {
    /// Row in `fields`.
    pub field_id: FeatureId,
    /// Names.
    #[serde(flatten)]
    pub labels: FieldLabels,
    /// State.
    pub status: FieldStatus,
    /// Net area.
    pub net_area_ha: Hectares,
    /// Fuel of a season, bounded by the stock.
    pub harvest_t_a: Tonnes,
    /// The same by energy.
    pub harvest_mwh_a: MegawattHours,
    /// Fuel that the field still holds.
    pub stock_t: Tonnes,
    /// The same by energy.
    pub stock_mwh: MegawattHours,
    /// How the distance was found.
    pub route: RouteKind,
    /// One way.
    pub distance_km: f64,
    /// Of it off the roads.
    pub off_road_km: f64,
    /// Time of loaded vehicles.
    pub travel_h: f64,
    /// The haul, leg by leg, by truck or narrow-gauge train.
    pub legs: Vec<HaulLeg>,
    /// How often peat is reloaded between them.
    pub transfers: usize,
    /// What that costs, contained in the cost of the haul.
    pub transfer_cost_rub_t: RoublesPerTonne,
    /// Cost in the field stack.
    pub production_cost_rub_t: RoublesPerTonne,
    /// Loading, stacking, storage.
    pub handling_cost_rub_t: RoublesPerTonne,
    /// Haul.
    pub haul_cost_rub_t: RoublesPerTonne,
    /// All together, at the plant's gate.
    pub delivered_cost_rub_t: RoublesPerTonne,
    /// The same by energy.
    pub delivered_cost_rub_mwh: f64,
    /// What all fields up to this one can give a year.
    pub cumulative_mwh_a: MegawattHours,
    /// What the plant takes of it in the first year.
    pub used_mwh_a: MegawattHours,
    /// The last, dearest field in use.
    pub marginal: bool,
    /// Years that its stock lasts at this use.
    pub years_at_use: Option<f64>,
    /// The way to the plant, CRS84; empty where routes were not asked for.
    pub line: Vec<[f64; 2]>,
}

/// What a season gives that is not the average one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeasonSupply {
    /// Harvest over the average one.
    pub weather_factor: f64,
    /// Fuel of such a season from all fields.
    pub available_mwh_a: MegawattHours,
    /// Its share of the need.
    pub covered_share: f64,
    /// What is short.
    pub short_mwh_a: MegawattHours,
    /// The same at the reference moisture.
    pub short_t_a: Tonnes,
    /// What is left over.
    pub surplus_mwh_a: MegawattHours,
    /// The same at the reference moisture.
    pub surplus_t_a: Tonnes,
}

/// A deposit as a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepositSupply {
    /// Row in `deposits`.
    pub deposit_id: FeatureId,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Invented for demonstration.
    pub synthetic: bool,
    /// Fuel that its counted fields hold.
    pub stock_mwh: MegawattHours,
    /// What the plant takes of it in the first year.
    pub used_mwh_a: MegawattHours,
    /// The year in which its counted fields are worked out; none where they outlast the horizon.
    pub worked_out_year: Option<usize>,
}

/// The fuel supply of a plant.
#[derive(Debug, Clone, Serialize)]
pub struct FuelSupply {
    /// Fields by delivered cost.
    pub fields: Vec<FieldDelivery>,
    /// Share of the need that the fields cover in an average season.
    pub covered_share: f64,
    /// The same by energy.
    pub covered_mwh_a: MegawattHours,
    /// What is short in an average season.
    pub short_mwh_a: MegawattHours,
    /// The same at the reference moisture.
    pub short_t_a: Tonnes,
    /// Mean delivered cost of what is used; none where nothing is.
    pub mean_cost_rub_mwh: Option<f64>,
    /// Delivered cost of the dearest field in use.
    pub marginal_cost_rub_mwh: Option<f64>,
    /// A wet season.
    pub wet_season: SeasonSupply,
    /// One season in ten is so dry.
    pub dry_season: SeasonSupply,
    /// The stockpile month by month; none where the inputs do not make a year.
    pub months: Option<StockMonths>,
    /// Why there is none.
    pub months_refused: Option<String>,
    /// Deposits, in the order of their cheapest field.
    pub deposits: Vec<DepositSupply>,
    /// Year by year.
    pub years: Vec<DepletionYear>,
    /// Years in which the whole need is met.
    pub years_of_full_supply: usize,
    /// Years followed.
    pub horizon_years: usize,
    /// How distances were found, over all fields: `network`, `straight_line` or `mixed`.
    pub routes_by: &'static str,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
}

/// A field with what is needed to deliver from it.
#[derive(Debug, Clone)]
pub struct FieldSource<'a> {
    /// Its stock.
    pub stock: &'a FieldStock,
    /// Names.
    pub labels: &'a FieldLabels,
    /// Its haul to the plant.
    pub haul: Haul,
}

/// Puts fields in the order of their delivered cost and takes what the plant needs.
///
/// A field gives a season's harvest (net area × seasonal yield × weather factor, less the loss in storage), but
/// no more than it holds. The wet season changes the harvest alone; stock from better years is not counted on.
/// `mwh_per_tonne` turns what is short into tonnes.
#[must_use]
pub fn fuel_supply(need: &FuelNeed, sources: &[FieldSource<'_>], request: &SupplyRequest, mwh_per_tonne: f64) -> FuelSupply {
    let number = |name: &str| request.numbers.get(name);
    let share = Share::new(request.reserve_numbers.get("net_area_share")).unwrap_or(Share::ONE);
    let harvests: Vec<Tonnes> =
        sources.iter().map(|source| harvest(source.stock, share, number("weather_factor"), request)).collect();
    let costs: Vec<RoublesPerTonne> = sources
        .iter()
        .map(|source| source.haul.cost + RoublesPerTonne(number("production_cost_rub_t") + number("handling_cost_rub_t")))
        .collect();
    let priced: Vec<(f64, MegawattHours)> = sources
        .iter()
        .zip(&harvests)
        .zip(&costs)
        .map(|((source, harvest), cost)| (cost.0 / source.stock.energy(Tonnes(1.0)).0, source.stock.energy(*harvest)))
        .collect();
    let curve = supply_curve(&priced, need.fuel_mwh_a);
    let fields: Vec<FieldDelivery> = curve
        .iter()
        .map(|step| field_delivery(step, &sources[step.source], harvests[step.source], costs[step.source], share, request))
        .collect();

    let taken: MegawattHours = fields.iter().map(|field| field.used_mwh_a).sum();
    // What is missing by rounding alone is not short.
    let covered = if (taken.0 / need.fuel_mwh_a.0 - 1.0).abs() < 1e-9 { need.fuel_mwh_a } else { taken };
    let short = (need.fuel_mwh_a - covered).max(MegawattHours::ZERO);
    let spent: f64 = fields.iter().map(|field| field.used_mwh_a.0 * field.delivered_cost_rub_mwh).sum();
    let [wet, dry] = ["wet_season_factor", "dry_season_factor"]
        .map(|factor| season_supply(need, sources, share, number(factor), request, mwh_per_tonne));
    let mut used = vec![MegawattHours::ZERO; sources.len()];
    for step in &curve {
        used[step.source] = step.used;
    }
    let possible = |name| possible_harvest(sources, share, number(name), request);
    let seasons = (possible("weather_factor"), possible("wet_season_factor"));
    let months = stock_months(need, sources, &used, seasons, request, mwh_per_tonne);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 300 years")]
    let horizon = number("horizon_years").round() as usize;
    let (deposits, years, years_of_full_supply) = over_the_years(&fields, need.fuel_mwh_a, horizon);
    FuelSupply {
        covered_share: if need.fuel_mwh_a.0 > 0.0 { covered / need.fuel_mwh_a } else { 1.0 },
        covered_mwh_a: covered,
        short_mwh_a: short,
        short_t_a: Tonnes(short.0 / mwh_per_tonne),
        mean_cost_rub_mwh: (covered.0 > 0.0).then(|| spent / covered.0),
        marginal_cost_rub_mwh: fields.iter().find(|field| field.marginal).map(|field| field.delivered_cost_rub_mwh),
        wet_season: wet,
        dry_season: dry,
        months_refused: months.as_ref().err().map(ToString::to_string),
        months: months.ok(),
        deposits,
        years,
        years_of_full_supply,
        horizon_years: horizon,
        routes_by: routes_by(&fields),
        rests_on: supply_defaults(request, sources),
        fields,
    }
}

/// Fuel that a field gives in a season of the request's weather: what [`fuel_supply`] takes for it.
#[must_use]
pub fn field_harvest(stock: &FieldStock, request: &SupplyRequest) -> Tonnes {
    let share = Share::new(request.reserve_numbers.get("net_area_share")).unwrap_or(Share::ONE);
    harvest(stock, share, request.numbers.get("weather_factor"), request)
}

fn harvest(stock: &FieldStock, net_area_share: Share, weather: f64, request: &SupplyRequest) -> Tonnes {
    let default = TonnesPerHectare(request.numbers.get("seasonal_yield_t_ha"));
    let area = stock.net_area(net_area_share);
    let season = if request.yield_by_cycles {
        let norms = SeasonNorms {
            numbers: &request.season_numbers,
            by_cycles: true,
            seasonal_yield: default,
            reference_moisture: MassFraction::new(request.reserve_numbers.get("reference_moisture")).unwrap_or_default(),
            net_area_share,
        };
        // The parameters' own limits are narrower than those of a cycle: there is always a yield.
        let of_season = norms.season_yield(stock, weather).unwrap_or(default * weather);
        seasonal_harvest(area, of_season, 1.0, stock.loss_storage)
    } else {
        seasonal_harvest(area, stock.seasonal_yield.unwrap_or(default), weather, stock.loss_storage)
    };
    season.min(stock.stock(net_area_share))
}

/// What all fields can bring to the stack in a season, before it loses anything there.
pub(super) fn possible_harvest(
    sources: &[FieldSource<'_>],
    net_area_share: Share,
    weather: f64,
    request: &SupplyRequest,
) -> PossibleHarvest {
    let whole = |source: &FieldSource<'_>| {
        let kept = source.stock.loss_storage.rest().value();
        let harvest = harvest(source.stock, net_area_share, weather, request);
        if kept > 0.0 { source.stock.energy(harvest / kept) } else { MegawattHours::ZERO }
    };
    // Summed by the fields' numbers: their order changes no bit.
    let mut by_field: Vec<(FeatureId, MegawattHours)> =
        sources.iter().map(|source| (source.stock.field, whole(source))).collect();
    by_field.sort_by_key(|(field, _)| *field);
    let energy = by_field.into_iter().fold(MegawattHours::ZERO, |sum, (_, part)| sum + part);
    PossibleHarvest { weather_factor: weather, energy }
}

fn field_delivery(
    step: &CurveStep,
    source: &FieldSource<'_>,
    harvest: Tonnes,
    cost: RoublesPerTonne,
    net_area_share: Share,
    request: &SupplyRequest,
) -> FieldDelivery {
    let stock = source.stock.stock(net_area_share);
    let stock_energy = source.stock.energy(stock);
    FieldDelivery {
        field_id: source.stock.field,
        labels: source.labels.clone(),
        status: source.stock.status,
        net_area_ha: source.stock.net_area(net_area_share),
        harvest_t_a: harvest,
        harvest_mwh_a: step.available,
        stock_t: stock,
        stock_mwh: stock_energy,
        route: source.haul.route,
        distance_km: source.haul.distance_km,
        off_road_km: source.haul.off_road_km,
        travel_h: source.haul.travel_h,
        legs: source.haul.legs.clone(),
        transfers: source.haul.transfers,
        transfer_cost_rub_t: source.haul.transfer_cost,
        production_cost_rub_t: RoublesPerTonne(request.numbers.get("production_cost_rub_t")),
        handling_cost_rub_t: RoublesPerTonne(request.numbers.get("handling_cost_rub_t")),
        haul_cost_rub_t: source.haul.cost,
        delivered_cost_rub_t: cost,
        delivered_cost_rub_mwh: step.cost,
        cumulative_mwh_a: step.cumulative,
        used_mwh_a: step.used,
        marginal: step.marginal,
        years_at_use: (step.used.0 > 0.0).then(|| stock_energy / step.used),
        line: if request.routes { source.haul.line_crs84.clone() } else { Vec::new() },
    }
}

fn season_supply(
    need: &FuelNeed,
    sources: &[FieldSource<'_>],
    net_area_share: Share,
    factor: f64,
    request: &SupplyRequest,
    mwh_per_tonne: f64,
) -> SeasonSupply {
    let available: MegawattHours =
        sources.iter().map(|source| source.stock.energy(harvest(source.stock, net_area_share, factor, request))).sum();
    let short = (need.fuel_mwh_a - available).max(MegawattHours::ZERO);
    let surplus = (available - need.fuel_mwh_a).max(MegawattHours::ZERO);
    SeasonSupply {
        weather_factor: factor,
        available_mwh_a: available,
        covered_share: if need.fuel_mwh_a.0 > 0.0 { (available / need.fuel_mwh_a).min(1.0) } else { 1.0 },
        short_mwh_a: short,
        short_t_a: Tonnes(short.0 / mwh_per_tonne),
        surplus_mwh_a: surplus,
        surplus_t_a: Tonnes(surplus.0 / mwh_per_tonne),
    }
}

fn over_the_years(
    fields: &[FieldDelivery],
    need: MegawattHours,
    horizon: usize,
) -> (Vec<DepositSupply>, Vec<DepletionYear>, usize) {
    let mut deposits: Vec<DepositSupply> = Vec::new();
    let mut sources = Vec::with_capacity(fields.len());
    for field in fields {
        let labels = &field.labels;
        let group = deposits.iter().position(|deposit| deposit.deposit_id == labels.deposit_id).unwrap_or_else(|| {
            deposits.push(DepositSupply {
                deposit_id: labels.deposit_id,
                name: labels.deposit_name.clone(),
                name_ru: labels.deposit_name_ru.clone(),
                synthetic: labels.synthetic,
                stock_mwh: MegawattHours::ZERO,
                used_mwh_a: MegawattHours::ZERO,
                worked_out_year: None,
            });
            deposits.len() - 1
        });
        deposits[group].stock_mwh += field.stock_mwh;
        deposits[group].used_mwh_a += field.used_mwh_a;
        sources.push(Source { group, yearly: field.harvest_mwh_a, stock: field.stock_mwh });
    }
    let followed = depletion(&sources, deposits.len(), need, horizon);
    for (deposit, year) in deposits.iter_mut().zip(&followed.worked_out_year) {
        deposit.worked_out_year = *year;
    }
    (deposits, followed.years, followed.years_of_full_supply)
}

fn routes_by(fields: &[FieldDelivery]) -> &'static str {
    let by_network = fields.iter().filter(|field| field.route == RouteKind::Network).count();
    match by_network {
        0 => "straight_line",
        all if all == fields.len() => "network",
        _ => "mixed",
    }
}

/// Names of the parameters that a haul over the network rests on, by truck, and by narrow gauge too.
#[must_use]
pub fn haul_parameters(by_rail: bool) -> Vec<&'static str> {
    let by_truck =
        ["tortuosity", "off_road_speed_km_h", "truck_payload_t", "truck_cost_rub_h", "truck_cost_rub_km", "turnaround_h"];
    let rail: &[&str] = if by_rail { &RAIL_PARAMETERS } else { &[] };
    by_truck.iter().chain(&ROAD_SPEEDS).chain(rail).copied().collect()
}

/// Defaults without a read source that deliveries from these fields rest on.
pub(crate) fn supply_defaults(request: &SupplyRequest, sources: &[FieldSource<'_>]) -> Vec<DefaultUsed> {
    let by_network = sources.iter().any(|source| source.haul.route == RouteKind::Network);
    let by_rail = |source: &FieldSource<'_>| source.haul.legs.iter().any(|leg| leg.mode == HaulMode::NarrowGauge);
    let mut names = haul_parameters(sources.iter().any(by_rail));
    names.retain(|name| by_network || !ROAD_SPEEDS.contains(name));
    names.extend(["weather_factor", "wet_season_factor", "dry_season_factor", "handling_cost_rub_t", "production_cost_rub_t"]);
    if sources.iter().any(|source| source.stock.seasonal_yield.is_none()) {
        names.push("seasonal_yield_t_ha");
    }
    if sources.iter().any(|source| source.haul.route == RouteKind::StraightLine) {
        names.push("straight_line_speed_km_h");
    }
    let mut used = request.numbers.unsourced_defaults(&names);
    if sources.iter().any(|source| source.stock.net_area.is_none()) {
        used.extend(request.reserve_numbers.unsourced_defaults(&["net_area_share"]));
    }
    used
}
