//! The nouns: what lies in the bog, on the map and in the books.
//!
//! A row of a layer is a [`Feature`]; its columns are described by the layer's [`LayerSchema`], which is
//! read from `geodata/schema/`. What computations need is parsed from features into typed nouns
//! (`Deposit`, `Probe`, …) once, when a catalogue is made. The model knows no files, no HTTP and no maths.

mod choice;
mod constraint;
mod core;
mod deposit;
mod feature;
mod field;
mod network;
mod parameter;
mod plant;
mod probe;
mod reserve_statement;
mod schema;
mod surface;
mod technology;

pub use self::core::{Core, CoreLayer, PeatType};
pub use choice::{Choice, Word};
pub use constraint::{Constraint, ConstraintEffect, StripRule, river_strip};
pub use deposit::Deposit;
pub use feature::{Feature, FeatureId, Value};
pub use field::{Field, FieldStatus};
pub use network::{HaulLine, RoadClass};
pub use parameter::{
    DefaultUsed, EvidenceTag, InputError, Parameter, ParameterValues, Parameters, flag_from, number_from, plant_parameters,
    reserve_parameters, supply_parameters,
};
pub use plant::Plant;
pub use probe::{Probe, Refusal};
pub use reserve_statement::ReserveStatement;
pub use schema::{AllowedValue, GeometryKind, Layer, LayerSchema, Property, PropertyType, Title, ValueError};
pub use surface::Surface;
pub use technology::{Currency, Figure, Technology, TechnologyKind, technologies, technology};
