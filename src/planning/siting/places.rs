//! Candidate sites and consumers as places with numbers.

use super::super::{PlanningError, Workbench};
use super::query::{CandidateSource, GivenSite, SitingQuery};
use crate::crs::Reprojection;
use crate::energy::demand::{TownDemand, town_demand};
use crate::geostat::Progress;
use crate::model::{Consumer, FeatureId, InputError, ParameterValues};
use crate::reserves::{ConstraintArea, Warning};
use crate::supply::Place;
use crate::supply::siting::{CandidateRules, HeatPlace, MOST_PLACES, SiteStatus, candidate_sites};
use geo::{BoundingRect, Contains, Coord, Point, Rect};
use std::collections::BTreeSet;

/// A place where a plant could stand.
#[derive(Debug, Clone)]
pub(super) struct SitePlace {
    /// Longitude, latitude: the same place has the same name in every answer.
    pub id: String,
    pub name: Option<String>,
    pub name_ru: Option<String>,
    pub plant_id: Option<FeatureId>,
    /// `network`, `plant` or `given`.
    pub origin: &'static str,
    pub status: SiteStatus,
    pub site_rub_a: f64,
    pub place: Place,
    pub synthetic: bool,
}

/// Who needs heat.
#[derive(Debug, Clone)]
pub(super) struct ConsumerPlace<'a> {
    /// Name and row, for the case.
    pub id: String,
    pub consumer: &'a Consumer,
    pub place: Place,
    pub heat_mwh_a: f64,
    pub peak_mw: f64,
}

/// The consumers with what they need a year, and the demand it comes from.
pub(super) fn consumers<'a>(
    bench: &'a Workbench,
    query: &SitingQuery,
    way: &Reprojection,
    warnings: &mut Vec<Warning>,
) -> Result<(Vec<ConsumerPlace<'a>>, TownDemand), PlanningError> {
    let chosen = bench.consumers_named(&query.consumers)?;
    let owned: Vec<Consumer> = chosen.iter().map(|consumer| (*consumer).clone()).collect();
    let demand = town_demand(&owned, &query.demand.synthetic_weather()?, &query.demand)?;
    let mut found = Vec::with_capacity(chosen.len());
    let mut without = Vec::new();
    let mut by_steam = Vec::new();
    for consumer in chosen {
        let own = demand.consumers.iter().find(|own| own.consumer == consumer.id);
        let heat_mwh_a = own.map_or(0.0, |own| own.heat.energy_mwh_a);
        if heat_mwh_a <= 0.0 {
            without.push(consumer.name.as_str());
            continue;
        }
        if consumer.steam_pressure_mpa.is_some() || consumer.steam_flow_t_h.is_some() {
            by_steam.push(consumer.name.as_str());
        }
        let crs84 = [consumer.position_crs84.x(), consumer.position_crs84.y()];
        let (x, y) = way.point(crs84[0], crs84[1])?;
        found.push(ConsumerPlace {
            id: format!("{} ({})", consumer.name, consumer.id.unwrap_or_default()),
            consumer,
            place: Place { working: [x, y], crs84 },
            heat_mwh_a,
            peak_mw: own.map_or(0.0, |own| own.heat.peak_mw),
        });
    }
    for own in &demand.consumers {
        warnings.extend(own.warnings.iter().map(|text| Warning::new("consumer_demand", format!("{}: {text}", own.name))));
    }
    if !without.is_empty() {
        let text = format!(
            "{} consumers state neither heat, peak nor floor area and are left out: {}",
            without.len(),
            without.join(", ")
        );
        warnings.push(Warning::new("consumers_without_heat", text));
    }
    if !by_steam.is_empty() {
        let text = format!(
            "{} consumers use steam; their heat is counted as if hot water could carry it: {}",
            by_steam.len(),
            by_steam.join(", ")
        );
        warnings.push(Warning::new("consumers_of_steam", text));
    }
    if found.is_empty() {
        return Err(PlanningError::Nothing("no consumer states a need of heat, a peak or a floor area"));
    }
    Ok((found, demand))
}

/// The candidates, in the order of their identifiers.
pub(super) fn sites(
    bench: &Workbench,
    query: &SitingQuery,
    consumers: &[ConsumerPlace<'_>],
    land: &Land<'_>,
    way: &Reprojection,
    progress: &dyn Progress,
) -> Result<Vec<SitePlace>, PlanningError> {
    let mut sites = match &query.candidates {
        CandidateSource::Network => of_network(bench, &query.numbers, consumers, land, progress)?,
        CandidateSource::Plants => of_plants(bench, way)?,
        CandidateSource::Given(given) => given.iter().map(|site| of_given(site, way)).collect::<Result<_, _>>()?,
    };
    sites.sort_by(|a, b| a.id.cmp(&b.id));
    // Only who gave the places can say which of two is meant; plants at one place are one site.
    if !matches!(query.candidates, CandidateSource::Given(_)) {
        sites.dedup_by(|later, earlier| later.id == earlier.id);
    }
    if let Some(pair) = sites.windows(2).find(|pair| pair[0].id == pair[1].id) {
        let detail = format!("candidates must differ; there are two at {}", pair[0].id);
        return Err(InputError { parameter: "candidates".into(), detail }.into());
    }
    Ok(sites)
}

fn site_id(crs84: [f64; 2]) -> String {
    // A metre, more or less.
    format!("{:.5},{:.5}", crs84[0], crs84[1])
}

fn of_network(
    bench: &Workbench,
    numbers: &ParameterValues,
    consumers: &[ConsumerPlace<'_>],
    land: &Land<'_>,
    progress: &dyn Progress,
) -> Result<Vec<SitePlace>, PlanningError> {
    let nodes: Vec<Place> = bench.haul_network().road_places().collect();
    if nodes.is_empty() {
        return Err(PlanningError::Nothing(
            "the project has no roads to take candidate sites from; import them into the layer haul_network, or give candidates",
        ));
    }
    let heat = |consumer: &ConsumerPlace<'_>| HeatPlace { working: consumer.place.working, heat_mwh_a: consumer.heat_mwh_a };
    let heat: Vec<HeatPlace> = consumers.iter().map(heat).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10,000 by the table")]
    let most = numbers.get("most_candidates").round() as usize;
    let rules = CandidateRules {
        reach_m: numbers.get("candidate_reach_km") * 1_000.0,
        spacing_m: numbers.get("candidate_spacing_m"),
        most,
    };
    let allowed = |place: &Place| !land.holds(place.working);
    let found = candidate_sites(&nodes, &heat, &rules, &allowed, &mut super::going(progress))?;
    if found.is_empty() {
        return Err(PlanningError::Nothing(
            "no node of the roads outside land under a constraint lies within candidate_reach_km of a consumer; raise it, or give \
             candidates",
        ));
    }
    let site = |place: Place| SitePlace {
        id: site_id(place.crs84),
        name: None,
        name_ru: None,
        plant_id: None,
        origin: "network",
        status: SiteStatus::Optional,
        site_rub_a: 0.0,
        place,
        synthetic: false,
    };
    let mut seen = BTreeSet::new();
    let sites = found.iter().map(|candidate| site(nodes[candidate.node]));
    // Nodes a hand apart are one place.
    Ok(sites.filter(|site| seen.insert(site.id.clone())).collect())
}

fn of_plants(bench: &Workbench, way: &Reprojection) -> Result<Vec<SitePlace>, PlanningError> {
    let plants = &bench.catalogue().nouns.plants;
    if plants.is_empty() {
        return Err(PlanningError::Nothing("the project has no plants to take candidate sites from; give candidates"));
    }
    if plants.len() > MOST_PLACES {
        let count = plants.len();
        let detail = format!(
            "candidate_source: at most {MOST_PLACES} plants of the project can be sites, there are {count}; give candidates"
        );
        return Err(InputError { parameter: "candidate_source".into(), detail }.into());
    }
    let site = |plant: &crate::model::Plant| {
        let crs84 = [plant.position_crs84.x(), plant.position_crs84.y()];
        let (x, y) = way.point(crs84[0], crs84[1])?;
        Ok(SitePlace {
            id: site_id(crs84),
            name: plant.name.clone(),
            name_ru: plant.name_ru.clone(),
            plant_id: plant.id,
            origin: "plant",
            status: SiteStatus::Optional,
            site_rub_a: 0.0,
            place: Place { working: [x, y], crs84 },
            synthetic: plant.synthetic,
        })
    };
    plants.iter().map(site).collect()
}

fn of_given(site: &GivenSite, way: &Reprojection) -> Result<SitePlace, PlanningError> {
    let (x, y) = way.point(site.crs84[0], site.crs84[1]).map_err(|error| InputError {
        parameter: "candidates".into(),
        detail: format!("candidates: {} has no place in the working system: {error}", site_id(site.crs84)),
    })?;
    Ok(SitePlace {
        id: site_id(site.crs84),
        name: site.name.clone(),
        name_ru: site.name_ru.clone(),
        plant_id: None,
        origin: "given",
        status: site.status,
        site_rub_a: site.site_rub_a,
        place: Place { working: [x, y], crs84: site.crs84 },
        synthetic: false,
    })
}

/// Land under constraints.
#[derive(Debug)]
pub(super) struct Land<'a>(Vec<(Rect, &'a ConstraintArea)>);

/// Places that a circle is looked at by, along its diameter.
const RASTER: i32 = 21;

impl<'a> Land<'a> {
    pub(super) fn of(areas: &'a [ConstraintArea]) -> Self {
        Self(areas.iter().filter_map(|area| Some((area.area.bounding_rect()?, area))).collect())
    }

    /// Whether a place lies on it.
    pub(super) fn holds(&self, place: [f64; 2]) -> bool {
        let (at, point) = (Coord::from((place[0], place[1])), Point::new(place[0], place[1]));
        self.0.iter().any(|(rect, area)| rect.contains(&at) && area.area.contains(&point))
    }

    /// Share of a circle that it takes, by the places of a square grid.
    pub(super) fn share_round(&self, middle: [f64; 2], radius_m: f64) -> f64 {
        let near = |rect: &Rect| {
            let [x, y] = middle;
            rect.min().x <= x + radius_m
                && rect.max().x >= x - radius_m
                && rect.min().y <= y + radius_m
                && rect.max().y >= y - radius_m
        };
        let near = Self(self.0.iter().filter(|(rect, _)| near(rect)).copied().collect());
        let (mut all, mut taken) = (0_u32, 0_u32);
        let half = RASTER / 2;
        for (column, row) in (-half..=half).flat_map(|column| (-half..=half).map(move |row| (column, row))) {
            let offset = [f64::from(column), f64::from(row)].map(|step| step * radius_m / f64::from(half));
            if offset[0].hypot(offset[1]) <= radius_m {
                all += 1;
                taken += u32::from(near.holds([middle[0] + offset[0], middle[1] + offset[1]]));
            }
        }
        f64::from(taken) / f64::from(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_circle_on_land_under_a_constraint_is_half_of_it() {
        let square = Rect::new((0.0, -5_000.0), (5_000.0, 5_000.0)).to_polygon();
        let (name, kind) = ("reserve".to_owned(), "protected".to_owned());
        let area = ConstraintArea { id: 1, name, name_ru: None, kind, synthetic: false, area: square.into() };
        let areas = [area];
        let land = Land::of(&areas);
        assert!((land.share_round([0.0, 0.0], 1_000.0) - 0.5).abs() < 0.04);
        assert!((land.share_round([2_500.0, 0.0], 1_000.0) - 1.0).abs() < 1e-12);
        assert!(land.share_round([-2_000.0, 0.0], 1_000.0).abs() < 1e-12);
        assert!(land.holds([10.0, 0.0]) && !land.holds([-10.0, 0.0]));
    }
}
