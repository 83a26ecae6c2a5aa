//! The weather of a demand: a year of the project, the text of a file, or one made from the norm's four numbers.

use super::{PlanningError, Workbench};
use crate::energy::demand::DemandRequest;
use crate::model::{InputError, StoredWeather, WeatherYear, weather_from_text};

/// Bytes of a weather file that a request may carry; a year of hours has one to two MB.
pub const WEATHER_TEXT_BYTES: usize = 1_900_000;

impl Workbench {
    /// The weather year of a request: that of `file`, the text of an EPW or TRY file; else the one of the project that is called `weather`,
    /// by identifier, code or name; else one made from the climate of the demand. Missing hours of a file are filled up to `longest_gap_h` of
    /// the demand.
    ///
    /// # Errors
    /// [`PlanningError::Input`] of `weather` or `weather_file`: both are given, there is no such year, or the text is no weather file;
    /// [`PlanningError::Demand`]: no year can be made of the climate.
    pub fn weather_of(
        &self,
        demand: &DemandRequest,
        weather: Option<&str>,
        file: Option<&str>,
    ) -> Result<WeatherYear, PlanningError> {
        let wrong = |parameter: &str, detail: String| InputError { parameter: parameter.to_owned(), detail };
        match (weather, file) {
            (Some(_), Some(_)) => {
                let detail = "weather names a year of the project, weather_file holds one: give one of the two";
                Err(wrong("weather_file", detail.to_owned()).into())
            }
            (None, Some(text)) => {
                check_weather_text(text)?;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 168 by the table")]
                let longest_gap_h = demand.numbers.get("longest_gap_h") as usize;
                let read = weather_from_text(text, longest_gap_h);
                Ok(read.map_err(|error| wrong("weather_file", format!("weather_file: {error}")))?.year)
            }
            (Some(name), None) => {
                let stored = self.stored_weather(name)?;
                let year = stored.year();
                Ok(year.map_err(|error| wrong("weather", format!("weather year {:?} of the project: {error}", stored.name)))?)
            }
            (None, None) => Ok(demand.synthetic_weather()?),
        }
    }

    /// Whether a request's weather year of the project is invented; one that is made from the norm's numbers is computed, not invented.
    ///
    /// # Errors
    /// As [`Workbench::stored_weather`].
    pub(super) fn weather_is_invented(&self, weather: Option<&str>) -> Result<bool, PlanningError> {
        weather.map_or(Ok(false), |name| Ok(self.stored_weather(name)?.synthetic))
    }

    /// A weather year of the project by its identifier, code or name.
    ///
    /// # Errors
    /// [`PlanningError::Input`] of `weather`, with the names that there are.
    pub fn stored_weather(&self, name: &str) -> Result<&StoredWeather, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let place = super::meant("weather", nouns.weather_meant(name))?.ok_or_else(|| {
            let known: Vec<String> = nouns.weather_years.iter().map(|year| year.name.clone()).collect();
            let shown: String = name.chars().take(80).collect();
            let detail = format!("there is no weather year {shown:?}{}", super::known_names(&known));
            InputError { parameter: "weather".to_owned(), detail }
        })?;
        Ok(&nouns.weather_years[place])
    }
}

/// Refuses a text that is too long for a weather file.
///
/// # Errors
/// Names `weather_file`, its size and the cap.
pub(super) fn check_weather_text(text: &str) -> Result<(), InputError> {
    if text.len() <= WEATHER_TEXT_BYTES {
        return Ok(());
    }
    let detail =
        format!("weather_file has {} bytes; at most {WEATHER_TEXT_BYTES} are read, and a year of hours has less", text.len());
    Err(InputError { parameter: "weather_file".to_owned(), detail })
}
