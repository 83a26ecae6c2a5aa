//! What the tags of a way of OpenStreetMap say of it as a road or line that carries peat.
//!
//! | OpenStreetMap | class |
//! | --- | --- |
//! | `motorway`, `trunk`, and their links | trunk |
//! | `primary`, `secondary`, `tertiary`, and their links | the same |
//! | `unclassified`, `residential`, `road`; `track` of `tracktype=grade1` | unclassified |
//! | `track`; `service` but for parking, driveways and the like | track: yards and ways into works are slow, and no way through |
//! | `railway=narrow_gauge` | `narrow_gauge` |
//!
//! Ways for people, cycles and riding, living streets, areas, what is proposed or under construction, and what is barred to
//! lorries are no roads here. A road carries a speed only where it is slower than its class: `maxspeed` is what the law
//! allows, not what a loaded truck drives.

use std::collections::HashMap;

/// Speeds of the classes, km/h: a way says its own only where it is slower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassSpeeds {
    pub main_road: f64,
    pub local_road: f64,
    pub track: f64,
    pub narrow_gauge: f64,
}

/// What kind of way it is, beside its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayKind {
    /// Open all the year.
    Open,
    /// Passable in winter alone.
    Winter,
    /// A narrow-gauge line that is out of use, taken up or kept for show.
    Disused,
}

/// A way as the tags describe it.
#[derive(Debug, Clone, PartialEq)]
pub struct WayTags {
    /// Class, as the layer has it.
    pub class: &'static str,
    /// Kind.
    pub kind: WayKind,
    /// Name in Latin letters, or the only one.
    pub name: Option<String>,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Speed where it is lower than that of the class, km/h.
    pub speed_km_h: Option<f64>,
    /// Open in one direction only.
    pub one_way: bool,
    /// A weight is stated that is below that of a loaded truck of 40 t.
    pub weight_limited: bool,
}

const LOADED_TRUCK_T: f64 = 40.0;
const SOFT: [&str; 8] = ["dirt", "earth", "ground", "mud", "sand", "grass", "ice", "snow"];
const UNPAVED: [&str; 6] = ["unpaved", "gravel", "fine_gravel", "compacted", "pebblestone", "dirt/sand"];
const NO_SERVICE: [&str; 6] = ["parking_aisle", "driveway", "drive-through", "emergency_access", "alley", "bus"];
/// Gauges below this are narrow, mm.
const NARROW_MM: f64 = 1_100.0;

/// Reads the tags; `None` where the way carries no peat.
#[must_use]
pub fn understood(tags: &HashMap<&str, &str>, speeds: &ClassSpeeds) -> Option<WayTags> {
    let tag = |key: &str| tags.get(key).copied();
    let (class, kind) = narrow_gauge(tags).or_else(|| road(tags))?;
    let of_class = match class {
        "trunk" | "primary" | "secondary" => speeds.main_road,
        "tertiary" | "unclassified" => speeds.local_road,
        "track" => speeds.track,
        _ => speeds.narrow_gauge,
    };
    let by_surface = match tag("surface") {
        Some(surface) if class != "narrow_gauge" && SOFT.contains(&surface) => Some(speeds.track),
        Some(surface) if class != "narrow_gauge" && UNPAVED.contains(&surface) => Some(speeds.local_road),
        _ => None,
    };
    let stated = tag("maxspeed:hgv").or_else(|| tag("maxspeed")).and_then(speed_km_h);
    let slower = stated.into_iter().chain(by_surface).fold(f64::INFINITY, f64::min);
    let (name, name_ru) = names(tags);
    Some(WayTags {
        class,
        kind,
        name,
        name_ru,
        // The layer holds speeds from 1 km/h.
        speed_km_h: (slower < of_class).then_some(slower.max(1.0)),
        one_way: matches!(tag("oneway"), Some("yes" | "1" | "-1" | "true")),
        weight_limited: tag("maxweight").and_then(first_number).is_some_and(|tonnes| tonnes < LOADED_TRUCK_T),
    })
}

fn narrow_gauge(tags: &HashMap<&str, &str>) -> Option<(&'static str, WayKind)> {
    let tag = |key: &str| tags.get(key).copied();
    let narrow = || tag("gauge").and_then(first_number).is_some_and(|millimetres| millimetres < NARROW_MM);
    let was = |key: &str| tag(key) == Some("narrow_gauge");
    let named = || ["disused", "abandoned", "disused:railway", "abandoned:railway", "preserved"].iter().any(|key| was(key));
    let kind = match tag("railway") {
        Some("narrow_gauge") if tag("railway:preserved") == Some("yes") => WayKind::Disused,
        Some("narrow_gauge") => WayKind::Open,
        Some("disused" | "abandoned" | "preserved") if narrow() || named() => WayKind::Disused,
        None if tag("highway").is_none() && (was("disused:railway") || was("abandoned:railway")) => WayKind::Disused,
        _ => return None,
    };
    Some(("narrow_gauge", kind))
}

fn road(tags: &HashMap<&str, &str>) -> Option<(&'static str, WayKind)> {
    let tag = |key: &str| tags.get(key).copied();
    let class = match tag("highway")? {
        "motorway" | "motorway_link" | "trunk" | "trunk_link" => "trunk",
        "primary" | "primary_link" => "primary",
        "secondary" | "secondary_link" => "secondary",
        "tertiary" | "tertiary_link" => "tertiary",
        "unclassified" | "residential" | "road" => "unclassified",
        "track" if tag("tracktype") == Some("grade1") => "unclassified",
        "track" | "ice_road" => "track",
        "service" if tag("service").is_none_or(|service| !NO_SERVICE.contains(&service)) => "track",
        _ => return None,
    };
    // The narrowest of these words rules: a road closed to motors may be open to lorries of works.
    let barred = ["hgv", "motor_vehicle", "vehicle", "access"].iter().find_map(|key| tag(key));
    if tag("area") == Some("yes") || matches!(barred, Some("no" | "emergency" | "military" | "bus" | "psv")) {
        return None;
    }
    let winter = tag("winter_road") == Some("yes") || tag("ice_road") == Some("yes");
    let winter = winter || tag("seasonal") == Some("winter") || tag("highway") == Some("ice_road");
    Some((class, if winter { WayKind::Winter } else { WayKind::Open }))
}

fn names(tags: &HashMap<&str, &str>) -> (Option<String>, Option<String>) {
    let tag = |key: &str| tags.get(key).map(|text| text.trim()).filter(|text| !text.is_empty());
    let name = tag("name");
    let cyrillic = |text: &&str| text.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
    let russian = tag("name:ru").or_else(|| name.filter(cyrillic));
    let latin = tag("name:en").or_else(|| tag("int_name")).or(name).or_else(|| tag("ref"));
    (latin.map(str::to_owned), russian.map(str::to_owned))
}

/// Kilometres an hour of a `maxspeed`: a number, one of miles, or a word for the law of a place.
fn speed_km_h(text: &str) -> Option<f64> {
    let by_law = match text.rsplit(':').next()? {
        "urban" => Some(60.0),
        "rural" => Some(90.0),
        "living_street" => Some(20.0),
        "walk" => Some(5.0),
        _ => None,
    };
    let number = || first_number(text).map(|number| if text.contains("mph") { number * 1.609_344 } else { number });
    by_law.or_else(number).filter(|speed| *speed > 0.0)
}

/// The number that a text begins with.
fn first_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEEDS: ClassSpeeds = ClassSpeeds { main_road: 50.0, local_road: 30.0, track: 12.0, narrow_gauge: 14.5 };

    fn of(tags: &[(&str, &str)]) -> Option<WayTags> {
        understood(&tags.iter().copied().collect(), &SPEEDS)
    }

    fn class(tags: &[(&str, &str)]) -> Option<&'static str> {
        of(tags).map(|way| way.class)
    }

    #[test]
    fn classes_are_those_of_the_layer() {
        assert_eq!(class(&[("highway", "motorway_link")]), Some("trunk"));
        assert_eq!(class(&[("highway", "residential")]), Some("unclassified"));
        assert_eq!(class(&[("highway", "track"), ("tracktype", "grade1")]), Some("unclassified"));
        assert_eq!(class(&[("highway", "track"), ("tracktype", "grade4")]), Some("track"));
        assert_eq!(class(&[("highway", "service")]), Some("track"));
        assert_eq!(class(&[("highway", "service"), ("service", "driveway")]), None);
        for none in ["footway", "path", "cycleway", "living_street", "construction", "proposed", "steps"] {
            assert_eq!(class(&[("highway", none)]), None, "{none}");
        }
        assert_eq!(class(&[("building", "yes")]), None);
        assert_eq!(class(&[("highway", "service"), ("area", "yes")]), None);
    }

    #[test]
    fn what_is_barred_to_lorries_is_left_out_and_the_narrower_word_rules() {
        assert_eq!(class(&[("highway", "track"), ("access", "no")]), None);
        assert_eq!(class(&[("highway", "track"), ("access", "no"), ("hgv", "yes")]), Some("track"));
        assert_eq!(class(&[("highway", "primary"), ("hgv", "no")]), None);
        assert_eq!(class(&[("highway", "track"), ("access", "private")]), Some("track"), "roads of works are private");
    }

    #[test]
    fn narrow_gauge_lines_are_known_in_and_out_of_use() {
        let kind = |tags: &[(&str, &str)]| of(tags).map(|way| (way.class, way.kind));
        assert_eq!(kind(&[("railway", "narrow_gauge"), ("gauge", "750")]), Some(("narrow_gauge", WayKind::Open)));
        assert_eq!(kind(&[("railway", "abandoned"), ("gauge", "750")]), Some(("narrow_gauge", WayKind::Disused)));
        assert_eq!(
            kind(&[("railway", "disused"), ("disused:railway", "narrow_gauge")]),
            Some(("narrow_gauge", WayKind::Disused))
        );
        assert_eq!(kind(&[("abandoned:railway", "narrow_gauge")]), Some(("narrow_gauge", WayKind::Disused)));
        assert_eq!(kind(&[("railway", "abandoned"), ("gauge", "1520")]), None);
        assert_eq!(kind(&[("railway", "abandoned")]), None, "of which gauge nobody knows");
        assert_eq!(kind(&[("railway", "rail"), ("gauge", "1520")]), None);
        // A road on the bed of a line is a road.
        assert_eq!(kind(&[("highway", "track"), ("abandoned:railway", "narrow_gauge")]), Some(("track", WayKind::Open)));
    }

    #[test]
    fn a_speed_is_kept_where_it_is_below_that_of_the_class() {
        let speed = |tags: &[(&str, &str)]| of(tags).and_then(|way| way.speed_km_h);
        assert_eq!(speed(&[("highway", "primary"), ("maxspeed", "90")]), None);
        assert_eq!(speed(&[("highway", "primary"), ("maxspeed", "40")]), Some(40.0));
        assert_eq!(speed(&[("highway", "primary"), ("maxspeed", "90"), ("maxspeed:hgv", "30")]), Some(30.0));
        assert_eq!(speed(&[("highway", "primary"), ("maxspeed", "RU:urban")]), None);
        assert_eq!(speed(&[("highway", "secondary"), ("maxspeed", "RU:living_street")]), Some(20.0));
        assert!((speed(&[("highway", "primary"), ("maxspeed", "20 mph")]).unwrap() - 32.187).abs() < 1e-3);
        assert_eq!(speed(&[("highway", "primary"), ("maxspeed", "none")]), None);
        assert_eq!(speed(&[("highway", "primary"), ("maxspeed", "0")]), None);
        assert_eq!(speed(&[("highway", "tertiary"), ("surface", "sand")]), Some(12.0));
        assert_eq!(speed(&[("highway", "secondary"), ("surface", "gravel")]), Some(30.0));
        assert_eq!(speed(&[("railway", "narrow_gauge"), ("maxspeed", "10")]), Some(10.0));
        assert_eq!(speed(&[("railway", "narrow_gauge"), ("maxspeed", "40")]), None);
    }

    #[test]
    fn names_go_to_the_letters_they_are_written_in() {
        let names = |tags: &[(&str, &str)]| of(tags).map(|way| (way.name, way.name_ru)).unwrap();
        let text = |text: &str| Some(text.to_owned());
        let road = ("highway", "primary");
        assert_eq!(names(&[road, ("name", "Лесная"), ("name:en", "Lesnaya")]), (text("Lesnaya"), text("Лесная")));
        assert_eq!(names(&[road, ("name", "Лесная")]), (text("Лесная"), text("Лесная")));
        assert_eq!(names(&[road, ("name", "Bog road")]), (text("Bog road"), None));
        assert_eq!(names(&[road, ("ref", "17К-1")]), (text("17К-1"), None));
    }

    #[test]
    fn winter_roads_directions_and_weights_are_told() {
        assert_eq!(of(&[("highway", "track"), ("winter_road", "yes")]).unwrap().kind, WayKind::Winter);
        assert_eq!(of(&[("highway", "ice_road")]).unwrap().kind, WayKind::Winter);
        assert!(of(&[("highway", "primary"), ("oneway", "-1")]).unwrap().one_way);
        assert!(of(&[("highway", "primary"), ("maxweight", "10 t")]).unwrap().weight_limited);
        assert!(!of(&[("highway", "primary"), ("maxweight", "60")]).unwrap().weight_limited);
    }
}
