//! A style for maps of the web (`MapLibre` style specification, version 8) over the dataset's own tiles.

use super::keeper::{extent, web_mercator};
use super::tilejson::{tilejson, version_tag};
use super::wanted::Wanted;
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::Catalogue;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn style(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["lang"])?;
    let russian = match inputs.iter().find(|(name, _)| name == "lang").map(|(_, lang)| lang.as_str()) {
        None | Some("en") => false,
        Some("ru") => true,
        Some(other) => return Err(Problem::bad_request("lang", format!("lang must be one of en, ru; it was {other:?}"))),
    };
    let (bench, base) = (state.bench(), base_address(&request));
    let catalogue = bench.catalogue();
    let wanted = Wanted::dataset(&[])?;
    let validator = Validator::of(("style", russian, &base, wanted.title(catalogue), version_tag(catalogue, &wanted)));
    answer(&request, &inputs, Format::Json, Some(&validator), &document(catalogue, &wanted, russian, &base))
}

/// How a layer is drawn: the map's own colours, without words and patterns, which would need files beside the style.
struct Look {
    layer: &'static str,
    /// Below this zoom it is left out.
    from_zoom: f64,
    kind: &'static str,
    paint: fn() -> Value,
    filter: Option<fn() -> Value>,
}

fn polygons() -> Value {
    json!(["==", ["geometry-type"], "Polygon"])
}

fn points() -> Value {
    json!(["==", ["geometry-type"], "Point"])
}

/// A colour by the words of a property.
fn by(property: &str, colours: &[(&str, &str)], otherwise: &str) -> Value {
    let words = colours.iter().flat_map(|(word, colour)| [Value::from(*word), Value::from(*colour)]);
    let head = [Value::from("match"), json!(["get", property])];
    head.into_iter().chain(words).chain([Value::from(otherwise)]).collect::<Vec<_>>().into()
}

const CONSTRAINTS: [(&str, &str); 6] = [
    ("protected_area", "#2f7d4f"),
    ("protective_zone", "#6a9a5e"),
    ("water_protection", "#2f7fb0"),
    ("settlement", "#8a5a9c"),
    ("road", "#7b7b7b"),
    ("fire_break", "#c0492f"),
];
const STATUS: [(&str, &str); 5] = [
    ("undeveloped", "#6f9150"),
    ("prepared", "#d1900f"),
    ("in_production", "#b1441f"),
    ("worked_out", "#7c7a80"),
    ("rewetted", "#2a7ea6"),
];

/// From the ground up.
const LOOKS: &[Look] = &[
    Look { layer: "districts", from_zoom: 0.0, kind: "fill", paint: || json!({ "fill-color": "#edf0e2" }), filter: None },
    Look { layer: "waters", from_zoom: 0.0, kind: "fill", paint: || json!({ "fill-color": "#c3d6db" }), filter: Some(polygons) },
    Look {
        layer: "districts",
        from_zoom: 0.0,
        kind: "line",
        paint: || json!({ "line-color": "#b9c0aa", "line-width": 1, "line-dasharray": [5, 2.5] }),
        filter: None,
    },
    Look {
        layer: "waters",
        from_zoom: 0.0,
        kind: "line",
        paint: || json!({ "line-color": "#a3bec6", "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.8, 13, 2.6] }),
        filter: None,
    },
    Look {
        layer: "deposits",
        from_zoom: 0.0,
        kind: "fill",
        paint: || json!({ "fill-color": "#b79a6b", "fill-opacity": 0.4 }),
        filter: None,
    },
    Look {
        layer: "reserve-statements",
        from_zoom: 0.0,
        kind: "line",
        paint: || json!({ "line-color": "#7d6238", "line-width": 0.6, "line-dasharray": [2, 2] }),
        filter: Some(polygons),
    },
    Look {
        layer: "fields",
        from_zoom: 8.0,
        kind: "fill",
        paint: || json!({ "fill-color": by("status", &STATUS, "#888888"), "fill-opacity": 0.25 }),
        filter: None,
    },
    Look {
        layer: "constraints",
        from_zoom: 0.0,
        kind: "fill",
        paint: || json!({ "fill-color": by("kind", &CONSTRAINTS, "#6b6b6b"), "fill-opacity": 0.12 }),
        filter: Some(polygons),
    },
    Look {
        layer: "fields",
        from_zoom: 8.0,
        kind: "line",
        paint: || json!({ "line-color": by("status", &STATUS, "#888888"), "line-width": 1 }),
        filter: None,
    },
    Look {
        layer: "deposits",
        from_zoom: 0.0,
        kind: "line",
        paint: || json!({ "line-color": "#7d6238", "line-width": 1.1 }),
        filter: None,
    },
    Look {
        layer: "constraints",
        from_zoom: 0.0,
        kind: "line",
        paint: || json!({ "line-color": by("kind", &CONSTRAINTS, "#6b6b6b"), "line-width": 1.4, "line-dasharray": [4, 1.5] }),
        filter: None,
    },
    Look {
        layer: "haul-network",
        from_zoom: 0.0,
        kind: "line",
        paint: || {
            json!({
                "line-color": by("class", &[("narrow_gauge", "#4c4a52"), ("track", "#71786a")], "#8f8c82"),
                "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 14, 3],
            })
        },
        filter: None,
    },
    Look {
        layer: "probes",
        from_zoom: 10.0,
        kind: "circle",
        paint: || {
            json!({
                "circle-color": [
                    "interpolate", ["linear"], ["get", "depth_m"],
                    0, "#f4e7c6", 1, "#e3bf89", 2, "#d4935c", 3, "#bc6a4b", 4, "#964a4b", 5, "#673447", 6.5, "#3e1e39",
                ],
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 1.8, 15, 6.5],
                "circle-stroke-color": "#4a3a3f",
                "circle-stroke-width": 0.5,
            })
        },
        filter: None,
    },
    Look { layer: "cores", from_zoom: 9.0, kind: "circle", paint: || dot("#ffffff", 4, "#6d3b74"), filter: None },
    Look { layer: "settlements", from_zoom: 0.0, kind: "circle", paint: || dot("#71786a", 3, "#f7f7f1"), filter: None },
    Look {
        layer: "consumers",
        from_zoom: 8.0,
        kind: "fill",
        paint: || json!({ "fill-color": "#c2410c", "fill-opacity": 0.14 }),
        filter: Some(polygons),
    },
    Look { layer: "consumers", from_zoom: 8.0, kind: "circle", paint: || dot("#c2410c", 5, "#ffffff"), filter: Some(points) },
    Look { layer: "scenarios", from_zoom: 8.0, kind: "circle", paint: || dot("#ffffff", 4, "#2a2730"), filter: Some(points) },
    Look { layer: "weather-years", from_zoom: 0.0, kind: "circle", paint: || dot("#ffffff", 5, "#1d6f8a"), filter: Some(points) },
    Look { layer: "plants", from_zoom: 0.0, kind: "circle", paint: || dot("#2a2730", 6, "#ffffff"), filter: None },
];

fn dot(colour: &str, radius: u8, rim: &str) -> Value {
    json!({ "circle-color": colour, "circle-radius": radius, "circle-stroke-color": rim, "circle-stroke-width": 1.5 })
}

fn document(catalogue: &Catalogue, wanted: &Wanted, russian: bool, base: &str) -> Value {
    let tiles = tilejson(catalogue, wanted, &web_mercator(), base);
    let mut source = json!({ "type": "vector" });
    for part in ["tiles", "bounds", "minzoom", "maxzoom", "scheme", "attribution"] {
        if let Some(value) = tiles.get(part) {
            source[part] = value.clone();
        }
    }
    let ground = json!({ "id": "land", "type": "background", "paint": { "background-color": "#f4f3ed" } });
    let drawn = LOOKS.iter().filter_map(|look| {
        let title = &wanted.layers.iter().find(|layer| layer.name() == look.layer)?.schema().title;
        let mut layer = json!({
            "id": format!("{}-{}", look.layer, look.kind),
            "type": look.kind,
            "source": "peatplan",
            "source-layer": look.layer,
            "paint": (look.paint)(),
            "metadata": { "title": if russian { &title.ru } else { &title.en } },
        });
        if look.from_zoom > 0.0 {
            layer["minzoom"] = look.from_zoom.into();
        }
        if let Some(filter) = look.filter {
            layer["filter"] = filter();
        }
        Some(layer)
    });
    let project = &catalogue.project;
    let title = if russian { project.title_ru.as_deref().unwrap_or(&project.title) } else { &project.title };
    let mut document = json!({ "version": 8, "name": title, "sources": { "peatplan": source } });
    if let Some([west, south, east, north]) = extent(catalogue, &wanted.layers) {
        document["center"] = json!([f64::midpoint(west, east), f64::midpoint(south, north)]);
        // The zoom at which the extent is about a thousand pixels wide, of 512 a tile.
        let zoom = (720.0 / (east - west).max(1e-3)).log2().clamp(0.0, 14.0);
        document["zoom"] = ((zoom * 10.0).round() / 10.0).into();
    }
    document["layers"] = [ground].into_iter().chain(drawn).collect::<Vec<_>>().into();
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layer;

    #[test]
    fn every_layer_has_a_look_in_the_colours_of_the_map() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/static/src/map/palette.ts");
        let palette = std::fs::read_to_string(file).expect("the map's colours");
        for layer in Layer::ALL {
            assert!(LOOKS.iter().any(|look| look.layer == layer.name()), "{layer} is not drawn");
        }
        for (word, colour) in CONSTRAINTS.iter().chain(&STATUS) {
            assert!(palette.contains(&format!("{word}: '{colour}'")), "{word} has another colour on the map than {colour}");
        }
    }
}
