//! Layers and their properties, as `geodata/schema/` gives them: the one source of field, type, unit,
//! limits and meaning, from which validation, the project file, the API's schema and the map's labels come.

use super::weather::WeatherError;
use super::weather_hours::hours_from_text;
use super::{CoreLayer, Value};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;
use thiserror::Error;
use time::Date;
use time::format_description::well_known::Iso8601;

macro_rules! layers {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A layer of a project; each is a collection at `/ogc/collections/{layer}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the schema files carry the meaning of each")]
        pub enum Layer { $($variant),* }

        impl Layer {
            /// Every layer, in the order in which people think of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in addresses and on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            const fn source(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("../../geodata/schema/", $name, ".toml"))),* }
            }
        }
    };
}

layers! {
    Deposits = "deposits",
    Fields = "fields",
    Probes = "probes",
    Cores = "cores",
    ReserveStatements = "reserve-statements",
    Constraints = "constraints",
    Consumers = "consumers",
    Plants = "plants",
    Scenarios = "scenarios",
    WeatherYears = "weather-years",
    HaulNetwork = "haul-network",
    Settlements = "settlements",
    Districts = "districts",
    Waters = "waters",
}

static SCHEMAS: LazyLock<Vec<LayerSchema>> = LazyLock::new(|| {
    let parse = |layer: &Layer| -> LayerSchema {
        toml::from_str(layer.source()).expect("the schema files are part of the program and a test reads them all")
    };
    Layer::ALL.iter().map(parse).collect()
});

impl Layer {
    /// Its schema.
    #[must_use]
    pub fn schema(self) -> &'static LayerSchema {
        &SCHEMAS[self as usize]
    }

    /// Whether it shows the land of the project. A weather station may stand far away: it is drawn where it is asked for.
    #[must_use]
    pub const fn is_of_the_land(self) -> bool {
        !matches!(self, Self::WeatherYears)
    }

    /// The layers that show the land, in their order.
    #[must_use]
    pub fn of_the_land() -> Vec<Self> {
        Self::ALL.iter().filter(|layer| layer.is_of_the_land()).copied().collect()
    }

    /// Its table in the project file: the name with underscores.
    #[must_use]
    pub fn table(self) -> String {
        self.name().replace('-', "_")
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is no layer.
#[derive(Debug, Error)]
#[error("{name:?} is no layer; the layers are {}", Layer::ALL.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownLayer {
    name: String,
}

impl FromStr for Layer {
    type Err = UnknownLayer;
    fn from_str(name: &str) -> Result<Self, UnknownLayer> {
        let found = Self::ALL.iter().find(|layer| layer.name() == name || layer.table() == name);
        found.copied().ok_or_else(|| UnknownLayer { name: name.to_owned() })
    }
}

/// A text in the two languages of the service.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

/// What geometry a layer holds; the multi-part kind is always allowed with the single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GeometryKind {
    Point,
    Line,
    Polygon,
    /// A table row without geometry.
    None,
}

impl fmt::Display for GeometryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Point => "point",
            Self::Line => "line",
            Self::Polygon => "polygon",
            Self::None => "none",
        })
    }
}

/// The type of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PropertyType {
    Text,
    Number,
    Integer,
    Boolean,
    Date,
    /// A date with its time (RFC 3339), UTC.
    Moment,
    /// The layers of a core.
    Layers,
}

/// One of the values that a text may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedValue {
    /// As stored.
    pub value: String,
    /// As English readers see it.
    pub en: String,
    /// As Russian readers see it.
    pub ru: String,
}

/// What a text must be, where it is no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// The hours of a weather year, as [`hours_as_text`](super::hours_as_text) writes them.
    HourlyTemperatures,
}

/// A column of a layer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// Name, with its unit.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: PropertyType,
    /// Unit, where the number has one.
    pub unit: Option<String>,
    /// Whether a row without it is refused.
    #[serde(default)]
    pub required: bool,
    /// What stands where a row says nothing.
    pub default: Option<bool>,
    /// Least allowed number.
    pub minimum: Option<f64>,
    /// Greatest allowed number.
    pub maximum: Option<f64>,
    /// Allowed texts; empty where any will do.
    #[serde(default)]
    pub values: Vec<AllowedValue>,
    /// What the text must be, where it is no words.
    pub format: Option<TextFormat>,
    /// Whether it is so large that lists, files and tiles leave it out where it is not named.
    #[serde(default)]
    pub on_request: bool,
    /// Label.
    pub title: Title,
    /// What it means.
    pub meaning: String,
    /// The same in Russian.
    pub meaning_ru: String,
}

/// A layer's schema.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerSchema {
    /// Name.
    pub layer: String,
    /// Label.
    pub title: Title,
    /// What it holds.
    pub description: String,
    /// Allowed geometry.
    pub geometry: Vec<GeometryKind>,
    /// Columns, in order.
    #[serde(rename = "property")]
    pub properties: Vec<Property>,
    /// Columns of a layer of a core; only `cores` has them.
    #[serde(rename = "layer_property", default)]
    pub layer_properties: Vec<Property>,
}

impl LayerSchema {
    /// A column's place by its name.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.properties.iter().position(|property| property.name == name)
    }
}

/// Why a value is refused.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ValueError {
    #[error("{property} is missing")]
    Missing { property: String },
    #[error("{property} = {value} is not a finite number")]
    NotFinite { property: String, value: f64 },
    #[error("{property} = {value}{unit} lies outside {allowed}")]
    OutOfRange { property: String, value: f64, unit: String, allowed: String },
    #[error("{property} = {value:?} is none of {allowed}")]
    NotAllowed { property: String, value: String, allowed: String },
    #[error("{property} = {value:?} is no {expected}")]
    WrongType { property: String, value: String, expected: &'static str },
    #[error("layers: {0}")]
    Layers(String),
    #[error("{property} holds the character U+0000, at which other programs take a text to end")]
    Nul { property: String },
    #[error("{property} has {characters} characters; a text has at most {TEXT_CHARACTERS}")]
    LongText { property: String, characters: usize },
    #[error("{property}: {error}")]
    Weather { property: String, error: WeatherError },
}

/// Characters of a text at most: as many as a cell of a spreadsheet holds.
pub const TEXT_CHARACTERS: usize = 32_767;

impl Property {
    /// Checks a value against type, limits and allowed values; an empty one against `required`.
    ///
    /// # Errors
    /// Names the property, the value and what is allowed.
    pub fn check(&self, value: &Value) -> Result<(), ValueError> {
        let wrong = |value: String| ValueError::WrongType { property: self.name.clone(), value, expected: self.expected() };
        match (self.kind, value) {
            (_, Value::Null) if self.required => Err(ValueError::Missing { property: self.name.clone() }),
            (_, Value::Null) | (PropertyType::Boolean, Value::Boolean(_)) | (PropertyType::Moment, Value::Moment(_)) => Ok(()),
            (PropertyType::Date, Value::Date(text)) if Date::parse(text, &Iso8601::DATE).is_ok() => Ok(()),
            (PropertyType::Number, Value::Number(number)) => self.check_range(*number),
            #[expect(clippy::cast_precision_loss, reason = "years and counts are far below 2^53")]
            (PropertyType::Integer, Value::Integer(number)) => self.check_range(*number as f64),
            (PropertyType::Text, Value::Text(text)) => {
                self.check_length(text)?;
                self.check_text(text)?;
                self.check_format(text)
            }
            (PropertyType::Layers, Value::Layers(layers)) => CoreLayer::check_all(layers).map_err(ValueError::Layers),
            (_, other) => Err(wrong(format!("{other:?}"))),
        }
    }

    /// Checks a number against the limits.
    ///
    /// # Errors
    /// Names the property, the number with its unit and the limits.
    pub fn check_range(&self, value: f64) -> Result<(), ValueError> {
        if !value.is_finite() {
            return Err(ValueError::NotFinite { property: self.name.clone(), value });
        }
        let low = self.minimum.is_none_or(|minimum| value >= minimum);
        let high = self.maximum.is_none_or(|maximum| value <= maximum);
        if low && high {
            return Ok(());
        }
        let unit = self.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let allowed = match (self.minimum, self.maximum) {
            (Some(minimum), Some(maximum)) => format!("{minimum} to {maximum}{unit}"),
            (Some(minimum), None) => format!("{minimum}{unit} and more"),
            (None, Some(maximum)) => format!("up to {maximum}{unit}"),
            (None, None) => "any number".to_owned(),
        };
        Err(ValueError::OutOfRange { property: self.name.clone(), value, unit, allowed })
    }

    /// Checks a new text against what other programs can hold: no NUL, at which many take it to end, and no more characters
    /// than a cell of a spreadsheet has.
    fn check_length(&self, text: &str) -> Result<(), ValueError> {
        if text.contains('\0') {
            return Err(ValueError::Nul { property: self.name.clone() });
        }
        // Bytes first: they are counted already.
        if text.len() > TEXT_CHARACTERS && text.chars().count() > TEXT_CHARACTERS {
            return Err(ValueError::LongText { property: self.name.clone(), characters: text.chars().count() });
        }
        Ok(())
    }

    /// Checks a text, new or stored, against the allowed values.
    ///
    /// # Errors
    /// Names the property, the text and what is allowed.
    pub fn check_text(&self, text: &str) -> Result<(), ValueError> {
        if self.values.is_empty() || self.values.iter().any(|allowed| allowed.value == text) {
            return Ok(());
        }
        let allowed = self.values.iter().map(|allowed| allowed.value.as_str()).collect::<Vec<_>>().join(", ");
        Err(ValueError::NotAllowed { property: self.name.clone(), value: text.to_owned(), allowed })
    }

    /// Checks a new text against its format.
    fn check_format(&self, text: &str) -> Result<(), ValueError> {
        match self.format {
            None => Ok(()),
            Some(TextFormat::HourlyTemperatures) => match hours_from_text(text) {
                Ok(_) => Ok(()),
                Err(error) => Err(ValueError::Weather { property: self.name.clone(), error }),
            },
        }
    }

    /// Whether it is a value by itself, to filter, sort and search by and to tag a shape of a tile with.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.kind != PropertyType::Layers && !self.on_request
    }

    /// What a value of this property is, in an error's words.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        match self.kind {
            PropertyType::Text => "text",
            PropertyType::Number => "number",
            PropertyType::Integer => "whole number",
            PropertyType::Boolean => "true or false",
            PropertyType::Date => "date (YYYY-MM-DD)",
            PropertyType::Moment => "date with time (YYYY-MM-DDThh:mm:ssZ)",
            PropertyType::Layers => "list of layers",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_file_is_read_and_bears_its_layers_name() {
        for layer in Layer::ALL {
            assert_eq!(layer.schema().layer, layer.name());
            assert_eq!(layer.name().parse::<Layer>().expect("a layer"), *layer);
        }
    }

    #[test]
    fn names_carry_their_unit() {
        let suffixes = [
            ("m", "_m"),
            ("km", "_km"),
            ("m3", "_m3"),
            ("t", "_t"),
            ("ha", "_ha"),
            ("kg/m3", "_kg_m3"),
            ("MJ/kg", "_mj_kg"),
            ("MW", "_mw"),
            ("MWh/a", "_mwh_a"),
            ("MPa", "_mpa"),
            ("°C", "_c"),
            ("km/h", "_km_h"),
            ("t/ha", "_t_ha"),
            ("t/h", "_t_h"),
            ("m2", "_m2"),
            ("wk/a", "_weeks"),
            ("RUB/(t·km)", "_rub_t_km"),
            ("h/a", "_hours"),
            ("share", ""),
        ];
        for layer in Layer::ALL {
            for property in layer.schema().properties.iter().chain(&layer.schema().layer_properties) {
                if let Some(unit) = &property.unit {
                    let suffix = suffixes.iter().find(|(known, _)| known == unit).map(|(_, suffix)| *suffix);
                    let suffix = suffix.unwrap_or_else(|| panic!("{layer}: unit {unit} is not in the table"));
                    assert!(property.name.ends_with(suffix), "{layer}: {} is in {unit}", property.name);
                }
            }
        }
    }

    #[test]
    fn an_absurd_depth_is_refused_with_its_limits() {
        let schema = Layer::Probes.schema();
        let depth = &schema.properties[schema.index_of("depth_m").expect("probes have a depth")];
        let error = depth.check(&Value::Number(-1.0)).expect_err("negative");
        assert_eq!(error.to_string(), "depth_m = -1 m lies outside 0 to 30 m");
        assert!(depth.check(&Value::Number(f64::NAN)).is_err());
        assert!(depth.check(&Value::Null).is_err(), "a probe without a depth says nothing");
    }

    #[test]
    fn a_day_is_refused_with_the_one_form_that_is_taken() {
        let schema = Layer::Probes.schema();
        let date = &schema.properties[schema.index_of("date").expect("probes have a date")];
        assert_eq!(date.check(&Value::Date("2023-07-12".into())), Ok(()));
        let error = date.check(&Value::Date("12.07.2023".into())).expect_err("another order");
        assert!(error.to_string().ends_with("is no date (YYYY-MM-DD)"), "{error}");
    }
}
