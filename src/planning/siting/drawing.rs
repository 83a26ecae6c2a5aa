//! Plants, candidates and flows as GeoJSON, for a map.

use super::answer::{CandidateRow, Known, OpenSite, PlanOfSites};
use crate::supply::siting::CriterionScore;
use serde_json::{Map, Value, json};

/// Points of plants and of the candidates without one; lines of heat, straight, and of fuel along the ways of the deposit's fields.
/// `kind` tells them apart.
pub(super) fn drawing(known: &Known<'_>, plan: &PlanOfSites, candidates: &[CandidateRow]) -> Value {
    let mut features = Vec::new();
    for site in &plan.sites {
        let scored = candidates.iter().find(|candidate| candidate.site_id == site.site_id);
        features.push(plant(site, scored));
        features.extend(heat(known, site));
        features.extend(fuel(known, site));
    }
    features.extend(candidates.iter().filter(|candidate| !candidate.chosen).map(candidate));
    json!({ "type": "FeatureCollection", "features": features })
}

fn feature(id: String, geometry: Value, properties: Value) -> Value {
    let members = [("type", "Feature".into()), ("id", id.into()), ("geometry", geometry), ("properties", properties)];
    Value::Object(members.map(|(name, value): (&str, Value)| (name.to_owned(), value)).into_iter().collect())
}

fn point(coordinates: [f64; 2]) -> Value {
    json!({ "type": "Point", "coordinates": coordinates })
}

fn plant(site: &OpenSite, scored: Option<&CandidateRow>) -> Value {
    let properties = json!({
        "kind": "plant",
        "site_id": site.site_id,
        "name": site.name,
        "name_ru": site.name_ru,
        "heat_capacity_mw": site.heat_capacity_mw,
        "heat_delivered_mwh_a": site.heat_delivered_mwh_a,
        "electricity_mwh_a": site.electricity_mwh_a,
        "fuel_mwh_a": site.fuel_mwh_a,
        "investment_rub": site.investment_rub,
        "total_rub_a": site.cost.total_rub_a,
        "heat_cost_rub_mwh": site.heat_cost_rub_mwh,
        "consumers": site.heats.len(),
        "rank": scored.map(|scored| scored.rank),
        "score": scored.map(|scored| scored.score),
    });
    feature(format!("plant/{}", site.site_id), point(site.coordinates), properties)
}

fn heat<'a>(known: &'a Known<'_>, site: &'a OpenSite) -> impl Iterator<Item = Value> + 'a {
    site.heats.iter().filter_map(|heated| {
        let consumer = known.consumers.iter().find(|consumer| consumer.consumer.id == heated.consumer_id)?;
        let line = json!({ "type": "LineString", "coordinates": [site.coordinates, consumer.place.crs84] });
        let properties = json!({
            "kind": "heat",
            "site_id": site.site_id,
            "consumer_id": heated.consumer_id,
            "name": heated.name,
            "name_ru": heated.name_ru,
            "delivered_mwh_a": heated.delivered_mwh_a,
            "distance_km": heated.distance_km,
            "pipe_rub_a": heated.pipe_rub_a,
        });
        Some(feature(format!("heat/{}/{}", site.site_id, heated.consumer_id.unwrap_or_default()), line, properties))
    })
}

fn fuel(known: &Known<'_>, site: &OpenSite) -> Vec<Value> {
    let Some(gate) = known.site(&site.site_id).map(|place| known.sites[place].place) else { return Vec::new() };
    let hauls = known.fuel.hauls(gate);
    let flow = |fed: &super::answer::FeedingDeposit| {
        let at = known.fuel.deposits.iter().position(|deposit| deposit.deposit_id == fed.deposit_id)?;
        // A line has two places at the least.
        let ways = hauls[at].iter().map(|haul| &haul.line_crs84).filter(|way| way.len() > 1);
        let lines = json!({ "type": "MultiLineString", "coordinates": ways.collect::<Vec<_>>() });
        let properties = json!({
            "kind": "fuel",
            "site_id": site.site_id,
            "deposit_id": fed.deposit_id,
            "name": fed.name,
            "name_ru": fed.name_ru,
            "fuel_mwh_a": fed.fuel_mwh_a,
            "fuel_t_a": fed.fuel_t_a,
            "delivered_cost_rub_mwh": fed.delivered_cost_rub_mwh,
            "distance_km": fed.distance_km,
        });
        Some(feature(format!("fuel/{}/{}", site.site_id, fed.deposit_id), lines, properties))
    };
    site.fed_by.iter().filter_map(flow).collect()
}

fn candidate(row: &CandidateRow) -> Value {
    let mut properties = Map::new();
    for (name, value) in [
        ("kind", json!("candidate")),
        ("site_id", json!(row.site_id)),
        ("name", json!(row.name)),
        ("name_ru", json!(row.name_ru)),
        ("rank", json!(row.rank)),
        ("score", json!(row.score)),
        ("heat_within_reach_mwh_a", json!(row.heat_within_reach_mwh_a)),
    ] {
        properties.insert(name.to_owned(), value);
    }
    let scores = row.criteria.iter().filter_map(|CriterionScore { criterion, value, .. }| {
        let name = serde_json::to_value(criterion).ok()?;
        Some((name.as_str()?.to_owned(), json!(value)))
    });
    properties.extend(scores);
    feature(format!("candidate/{}", row.site_id), point(row.coordinates), properties.into())
}
