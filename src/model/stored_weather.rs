//! A weather year that a project keeps.

use super::weather_hours::hours_from_text;
use super::{Feature, FeatureId, Layer, Value, WeatherError, WeatherKind, WeatherYear};
use geo::{Centroid, Point};

/// A weather year of the layer `weather-years`. Its hours are read when they are asked for: a project may keep many years and use one.
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
    /// Where the station stands, CRS84.
    pub station_crs84: Option<Point>,
    /// Invented for demonstration.
    pub synthetic: bool,
    kind: WeatherKind,
    hourly: String,
    filled_hours: usize,
    remarks: Vec<String>,
}

/// Stands between remarks where a text has several.
pub const BETWEEN_REMARKS: &str = "; ";

impl StoredWeather {
    /// Reads a weather year from its row.
    #[must_use]
    pub fn from_feature(feature: &Feature) -> Option<Self> {
        let layer = Layer::WeatherYears;
        let text = |name| feature.text(layer, name).map(str::to_owned);
        let filled_hours = match feature.value(layer, "filled_hours") {
            Value::Integer(hours) => usize::try_from(*hours).unwrap_or_default(),
            _ => 0,
        };
        let remarks = feature.text(layer, "remarks").unwrap_or_default().split(BETWEEN_REMARKS);
        Some(Self {
            id: feature.id,
            code: text("code"),
            name: text("name")?,
            name_ru: text("name_ru"),
            station_crs84: feature.geometry.as_ref().and_then(Centroid::centroid),
            synthetic: feature.flag(layer, "synthetic"),
            kind: WeatherKind::from_word(feature.text(layer, "kind")?)?,
            hourly: text("hourly_c")?,
            filled_hours,
            remarks: remarks.filter(|remark| !remark.is_empty()).map(str::to_owned).collect(),
        })
    }

    /// Its hours; its place is the name.
    ///
    /// # Errors
    /// [`WeatherError`]: another program made something else of the hours.
    pub fn year(&self) -> Result<WeatherYear, WeatherError> {
        let mut year = WeatherYear::new(hours_from_text(&self.hourly)?, self.kind, self.name.clone())?;
        year.filled_hours = self.filled_hours;
        year.remarks.clone_from(&self.remarks);
        Ok(year)
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
            row.values[place("hourly_c")] = Value::Text(hours_as_text(&vec![-3.5; HOURS_OF_YEAR]));
            let stored = StoredWeather::from_feature(&row).expect("a year");
            let year = stored.year().expect("a year");
            assert_eq!((stored.id, year.kind.word(), year.place.as_str()), (7, allowed.value.as_str(), "Vladimir"));
            assert_eq!((year.hourly_c()[0], year.remarks.len()), (-3.5, 2));
            row.values[place("hourly_c")] = Value::Text("AAAA".into());
            let spoilt = StoredWeather::from_feature(&row).expect("its name is known");
            assert_eq!(spoilt.year(), Err(WeatherError::Letters(4)));
        }
    }
}
