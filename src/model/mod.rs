//! The nouns: what lies in the bog, on the map and in the books.
//!
//! A row of a layer is a [`Feature`]; its columns are described by the layer's [`LayerSchema`], which is
//! read from `geodata/schema/`. What computations need is parsed from features into typed nouns
//! (`Deposit`, `Probe`, …) once, when a catalogue is made. The model knows no files, no HTTP and no maths: [`weather_from_text`] is given
//! the text of a file, since a service gets it without one.

mod choice;
mod climate;
mod constraint;
mod consumer;
mod core;
mod deposit;
mod feature;
mod field;
mod network;
mod parameter;
mod plant;
mod probe;
mod reference;
mod reserve_statement;
mod scenario;
mod schema;
mod sources;
mod stored_weather;
mod surface;
mod technology;
mod weather;
mod weather_file;
mod weather_hours;

pub use self::core::{Core, CoreLayer, PeatType};
pub use choice::{Choice, Word};
pub use climate::{Climate, ClimateError, climate, climates};
pub use constraint::{Constraint, ConstraintEffect, StripRule, river_strip};
pub use consumer::{Consumer, ConsumerKind, OperatingProfile, PresentFuel};
pub use deposit::Deposit;
pub use feature::{Feature, FeatureId, Value};
pub use field::{Field, FieldStatus, HarvestTechnology};
pub use network::{HaulLine, RoadClass};
pub use parameter::{DefaultUsed, EvidenceTag, InputError, Parameter, ParameterValues, Parameters, flag_from, number_from};
pub use plant::Plant;
pub use probe::{Probe, Refusal};
pub use reference::{
    allocation_parameters, blend_parameters, demand_parameters, economics_parameters, emission_parameters, plant_parameters,
    reserve_parameters, season_parameters, siting_parameters, steam_parameters, supply_parameters, uncertainty_parameters,
};
pub use reserve_statement::ReserveStatement;
pub use scenario::Scenario;
pub use schema::{
    AllowedValue, GeometryKind, Layer, LayerSchema, Property, PropertyType, TextFormat, Title, UnknownLayer, ValueError,
};
pub use sources::source_in_russian;
pub use stored_weather::{BETWEEN_REMARKS, StoredWeather};
pub use surface::Surface;
pub use technology::{Currency, Figure, Technology, TechnologyKind, technologies, technology};
pub use weather::{AIR_TEMPERATURES_C, DAYS_OF_YEAR, HOURS_OF_YEAR, WeatherError, WeatherKind, WeatherYear};
pub use weather_file::{StationPlace, WEATHER_FILE_BYTES, WeatherFile, WeatherTextError, weather_from_text};
pub use weather_hours::{HOURS_TEXT_LETTERS, hours_as_text, hours_from_text, to_hundredths};
