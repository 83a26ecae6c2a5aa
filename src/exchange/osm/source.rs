//! An `.osm.pbf` file among the sources of an import: roads and narrow-gauge lines, their properties named as the layer
//! `haul-network` names them.

use super::pbf::{OsmError, OsmSummary, OsmWanted, OsmWay, read_ways};
use super::tags::ClassSpeeds;
use crate::crs::Crs;
use crate::exchange::error::OpenError;
use crate::exchange::import::{ImportRequest, Limits};
use crate::exchange::source::{RawGeometry, RawRow, RawValue, RowTaker, SourceHead};
use crate::model::{Layer, ParameterValues, supply_parameters};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What a file is taken to hold, by name: roads and lines in use; with narrow-gauge lines out of use; with winter roads.
const LAYERS: [(&str, bool, bool); 4] = [
    ("in-use", false, false),
    ("with-disused", true, false),
    ("with-winter", false, true),
    ("with-disused-and-winter", true, true),
];
const FIELDS: [&str; 6] = ["code", "name", "name_ru", "class", "speed_km_h", "source"];
const SOURCE: &str = "OpenStreetMap contributors, ODbL 1.0";

/// An extract of OpenStreetMap.
pub(in crate::exchange) struct OsmSource {
    pub head: SourceHead,
    path: PathBuf,
    wanted: OsmWanted,
}

impl OsmSource {
    pub(in crate::exchange) fn open(path: &Path, request: &ImportRequest, limits: &Limits) -> Result<Self, OpenError> {
        if request.layer != Layer::HaulNetwork {
            let shown = request.file.display();
            return Err(OpenError::Layer(format!(
                "{shown}: of a file of OpenStreetMap only layer haul-network is read, not {}; convert others with ogr2ogr first",
                request.layer
            )));
        }
        let asked = request.source_layer.as_deref().unwrap_or(LAYERS[0].0);
        let (_, disused, winter) = *LAYERS.iter().find(|(name, ..)| *name == asked).ok_or_else(|| {
            let names = LAYERS.map(|(name, ..)| name).join(", ");
            OpenError::Layer(format!("{} has no layer {asked:?}; its layers are {names}", request.file.display()))
        })?;
        let numbers = ParameterValues::defaults(supply_parameters());
        let speeds = ClassSpeeds {
            main_road: numbers.get("main_road_speed_km_h"),
            local_road: numbers.get("local_road_speed_km_h"),
            track: numbers.get("off_road_speed_km_h"),
            narrow_gauge: numbers.get("rail_speed_km_h"),
        };
        let wanted = OsmWanted { within: request.within, disused, winter, speeds, most_vertices: limits.network_vertices };
        let mut remarks = vec![
            "speeds are kept where maxspeed or surface makes a road slower than its class; the others go by class".to_owned(),
        ];
        if let Some([west, south, east, north]) = request.within {
            remarks.push(format!("only ways with a vertex between {west} and {east} east, {south} and {north} north were read"));
        }
        let head = SourceHead {
            fields: FIELDS.map(str::to_owned).to_vec(),
            crs: Some(Crs::crs84()),
            rows: None,
            has_geometry: true,
            coordinate_fields: Vec::new(),
            remarks,
        };
        Ok(Self { head, path: path.to_owned(), wanted })
    }

    /// Gives the ways row by row; what should be known of them afterwards comes back.
    pub(in crate::exchange) fn rows(self, take: &mut RowTaker<'_>) -> Result<Vec<String>, OpenError> {
        let open = || File::open(&self.path).map(BufReader::new);
        let summary = read_ways(open, &self.wanted, &mut |way| take(row(way))).map_err(|error| {
            let text = format!("{}: {error}", self.path.display());
            match error {
                OsmError::TooLarge { .. } => OpenError::Limit(text),
                OsmError::Read(_) => OpenError::Path(text),
                _ => OpenError::Format(text),
            }
        })?;
        Ok(remarks(&summary))
    }
}

fn row(way: OsmWay) -> RawRow {
    let text = |text: Option<String>| text.map_or(RawValue::Null, RawValue::Text);
    let fields = vec![
        RawValue::Text(format!("way/{}", way.id)),
        text(way.tags.name),
        text(way.tags.name_ru),
        RawValue::Text(way.tags.class.to_owned()),
        way.tags.speed_km_h.map_or(RawValue::Null, RawValue::Number),
        RawValue::Text(SOURCE.to_owned()),
    ];
    RawRow { geometry: RawGeometry::Line(way.vertices), fields }
}

fn remarks(summary: &OsmSummary) -> Vec<String> {
    let counted = [
        (summary.winter_left_out, "winter roads were left out; --source-layer with-winter reads them"),
        (summary.disused_left_out, "narrow-gauge lines out of use were left out; --source-layer with-disused reads them"),
        (summary.one_way, "ways are open in one direction only; hauls take them as open in both"),
        (summary.weight_limited, "ways state a limit of weight below that of a loaded truck of 40 t; hauls do not mind it"),
        (summary.cut, "ways were cut where the file lacks their nodes"),
    ];
    counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, text)| format!("{count} {text}")).collect()
}
