//! Files of hourly weather among the sources of an import: a file is one row of the layer `weather-years`. What stands in them is read by
//! [`weather_from_text`].

use super::error::OpenError;
use super::import::{ImportRequest, Limits};
use super::source::{RawGeometry, RawRow, RawValue, RowTaker, SourceHead, checked_path};
use crate::crs::Crs;
use crate::model::{
    BETWEEN_REMARKS, Layer, ParameterValues, StationPlace, WEATHER_FILE_BYTES, WeatherFile, WeatherTextError, demand_parameters,
    hours_as_text, weather_from_text,
};
use std::path::Path;
use thiserror::Error;

/// Properties of the layer that a file fills.
const FIELDS: [&str; 9] = ["code", "name", "kind", "years", "elevation_m", "filled_hours", "remarks", "source", "hourly_c"];

/// Why a weather file is not read.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum WeatherFileError {
    #[error("{0}")]
    Path(String),
    #[error(transparent)]
    Text(#[from] WeatherTextError),
}

impl From<OpenError> for WeatherFileError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Path(text)
            | OpenError::Format(text)
            | OpenError::Crs(text)
            | OpenError::Layer(text)
            | OpenError::Fields(text)
            | OpenError::Limit(text) => Self::Path(text),
        }
    }
}

/// The text of a user's weather file, as [`weather_from_text`] reads it.
///
/// # Errors
/// [`WeatherFileError::Path`]: no ordinary file, or too large.
pub fn weather_file_text(path: &Path) -> Result<String, WeatherFileError> {
    let file_bytes = u64::try_from(WEATHER_FILE_BYTES).unwrap_or(u64::MAX);
    let limits = Limits { file_bytes, ..Limits::default() };
    let path = checked_path(path, &limits)?;
    let shown = path.display();
    let bytes = std::fs::read(&path).map_err(|error| WeatherFileError::Path(format!("{shown} cannot be read: {error}")))?;
    // German files without a mark are in Latin 1, whose bytes are the first characters of Unicode.
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect()))
}

/// Reads a weather year from a user's file; see [`weather_from_text`].
///
/// # Errors
/// [`WeatherFileError`], with the line where one is wrong.
pub fn weather_from_file(path: &Path, longest_gap_h: usize) -> Result<WeatherFile, WeatherFileError> {
    Ok(weather_from_text(&weather_file_text(path)?, longest_gap_h)?)
}

/// A file of hourly weather as a source of one row.
pub(super) struct WeatherSource {
    pub head: SourceHead,
    row: RawRow,
}

impl WeatherSource {
    pub(super) fn open(request: &ImportRequest) -> Result<Self, OpenError> {
        let shown = request.file.display();
        if request.layer != Layer::WeatherYears {
            let text = "a file of hourly weather (.epw) is read into layer weather-years";
            return Err(OpenError::Layer(format!("{shown}: {text}, not {}", request.layer)));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 168 by the table")]
        let longest_gap_h = ParameterValues::defaults(demand_parameters()).get("longest_gap_h") as usize;
        let file = weather_from_file(&request.file, longest_gap_h).map_err(|error| match error {
            WeatherFileError::Path(text) => OpenError::Path(text),
            WeatherFileError::Text(error) => OpenError::Format(format!("{shown}: {error}")),
        })?;
        let mut remarks = file.year.remarks.clone();
        remarks.push(format!("the year is that of {}", file.year.place));
        if file.station.is_none() {
            remarks.push("the file does not say where its station stands; the year is stored without a place".to_owned());
        }
        let crs = file.station.map(|station| Crs::parse(station.crs)).transpose();
        let head = SourceHead {
            fields: FIELDS.map(str::to_owned).to_vec(),
            crs: crs.map_err(|error| OpenError::Crs(format!("{shown}: {error}")))?,
            rows: Some(1),
            has_geometry: file.station.is_some(),
            coordinate_fields: Vec::new(),
            remarks,
        };
        Ok(Self { head, row: row(&file, request) })
    }

    /// Gives the row.
    pub(super) fn rows(self, take: &mut RowTaker<'_>) {
        take(self.row);
    }
}

fn row(file: &WeatherFile, request: &ImportRequest) -> RawRow {
    let text = |text: &str| if text.is_empty() { RawValue::Null } else { RawValue::Text(text.to_owned()) };
    let year = &file.year;
    let filled = u32::try_from(year.filled_hours).unwrap_or(u32::MAX);
    let fields = [
        text(file.wmo.as_deref().unwrap_or_default()),
        text(&year.place),
        text(year.kind.word()),
        text(file.years.as_deref().unwrap_or_default()),
        file.elevation_m.map_or(RawValue::Null, RawValue::Number),
        RawValue::Number(f64::from(filled)),
        text(&year.remarks.join(BETWEEN_REMARKS)),
        text(&file.source),
        RawValue::Text(hours_as_text(year.hourly_c())),
    ];
    // What the request says of the whole file rules over what the file says of itself.
    let said = |(name, value)| if request.set.contains_key(name) { RawValue::Null } else { value };
    let geometry = match file.station {
        Some(StationPlace { x, y, .. }) => RawGeometry::Point(x, y),
        None => RawGeometry::None,
    };
    RawRow { geometry, fields: FIELDS.into_iter().zip(fields).map(said).collect() }
}
