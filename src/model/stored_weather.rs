//! A weather year that a project keeps.

use super::weather_hours::hours_from_text;
use super::{Feature, FeatureId, Layer, Value, WeatherError, WeatherKind, WeatherYear};
use geo::{Centroid, Point};

/// A weather year of the layer `weather-years`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredWeather {
    /// Row in `weather-years`.
    pub id: FeatureId,
    /// Short identifier.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Its hours, or what another program made of them; its place is the name.
    pub year: Result<WeatherYear, WeatherError>,
    /// Where the station stands, CRS84.
    pub station_crs84: Option<Point>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

/// Stands between remarks where a text has several.
pub const BETWEEN_REMARKS: &str = "; ";

impl StoredWeather {
    /// Reads a weather year from its row.
    #[must_use]
    pub fn from_feature(feature: &Feature) -> Option<Self> {
        let layer = Layer::WeatherYears;
        let text = |name| feature.text(layer, name).map(str::to_owned);
        let name = text("name")?;
        let kind = WeatherKind::from_word(feature.text(layer, "kind")?)?;
        let hours = hours_from_text(feature.text(layer, "hourly_c")?);
        let year = hours.and_then(|hours| WeatherYear::new(hours, kind, name.clone())).map(|mut year| {
            if let Value::Integer(hours) = feature.value(layer, "filled_hours") {
                year.filled_hours = usize::try_from(*hours).unwrap_or_default();
            }
            let remarks = feature.text(layer, "remarks").unwrap_or_default();
            year.remarks = remarks.split(BETWEEN_REMARKS).filter(|remark| !remark.is_empty()).map(str::to_owned).collect();
            year
        });
        Some(Self {
            id: feature.id,
            code: text("code"),
            name,
            name_ru: text("name_ru"),
            year,
            station_crs84: feature.geometry.as_ref().and_then(Centroid::centroid),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HOURS_OF_YEAR, hours_as_text};

    #[test]
    fn a_row_is_a_year_and_its_kinds_are_those_of_the_layer() {
        let schema = Layer::WeatherYears.schema();
        let place = |name: &str| schema.index_of(name).expect("a property");
        for allowed in &schema.properties[place("kind")].values {
            let mut row = Feature { id: 7, geometry: None, values: vec![Value::Null; schema.properties.len()] };
            row.values[place("name")] = Value::Text("Vladimir".into());
            row.values[place("kind")] = Value::Text(allowed.value.clone());
            row.values[place("remarks")] = Value::Text("one; another".into());
            row.values[place("hourly_c")] = Value::Text(hours_as_text(&[-3.5; HOURS_OF_YEAR]));
            let stored = StoredWeather::from_feature(&row).expect("a year");
            let year = stored.year.expect("a year");
            assert_eq!((stored.id, year.kind.word(), year.place.as_str()), (7, allowed.value.as_str(), "Vladimir"));
            assert_eq!((year.hourly_c()[0], year.remarks.len()), (-3.5, 2));
            row.values[place("hourly_c")] = Value::Text("AAAA".into());
            let spoilt = StoredWeather::from_feature(&row).expect("its name is known");
            assert_eq!(spoilt.year, Err(WeatherError::Letters(4)));
        }
    }
}
