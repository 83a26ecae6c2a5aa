//! Filters in CQL2 (OGC 21-065r2), text and JSON: read, checked against a layer's schema, asked of its columns.
//! It knows neither files nor HTTP, and no coordinate systems: who calls brings coordinates to CRS84 by a closure.

mod check;
mod evaluate;
mod fault;
mod figure;
mod functions;
mod json;
mod literal;
mod numbers;
mod shapes;
mod syntax;
mod temporal;
mod text;
mod texts;
mod tokens;
mod truth;
mod typed;

pub use fault::{FilterError, Limits};
pub use figure::ToCrs84;
pub use functions::{ArgumentDescription, FunctionDescription, functions};
pub use json::parse_json;
pub use syntax::Syntax;
pub use text::parse_text;

use crate::catalogue::LayerTable;
use crate::model::{LayerSchema, PropertyType};
use check::Checker;
use fixedbitset::FixedBitSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use typed::Predicate;

/// A filter for one layer: every name known, every type right.
#[derive(Debug, Clone)]
pub struct Filter {
    predicate: Arc<Predicate>,
    canonical: String,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Filter {
    /// A filter from CQL2 text. Literals of geometry are CRS84, or in the system that `to_crs84` reads.
    ///
    /// # Errors
    /// Names what is wrong and says what is allowed.
    ///
    /// ```
    /// use peatplan::model::Layer;
    /// use peatplan::query::{Filter, Limits};
    /// let read = |text| Filter::from_text(text, Layer::Probes.schema(), &Limits::default(), None);
    /// assert!(read("depth_m > 2 AND S_INTERSECTS(geometry, BBOX(40,55,41,56))").is_ok());
    /// assert!(read("deep > 2").unwrap_err().to_string().contains("no property \"deep\""));
    /// assert!(read("S_INTERSECTS(geometry, POINT(90 180))").is_err());
    /// ```
    pub fn from_text(
        text: &str,
        schema: &'static LayerSchema,
        limits: &Limits,
        to_crs84: Option<ToCrs84<'_>>,
    ) -> Result<Self, FilterError> {
        Self::of(&parse_text(text, limits)?, schema, to_crs84)
    }

    /// A filter from CQL2 JSON.
    ///
    /// # Errors
    /// Names what is wrong and says what is allowed.
    pub fn from_json(
        text: &str,
        schema: &'static LayerSchema,
        limits: &Limits,
        to_crs84: Option<ToCrs84<'_>>,
    ) -> Result<Self, FilterError> {
        Self::of(&parse_json(text, limits)?, schema, to_crs84)
    }

    /// `property=value`, as a query string has it: the value is read by the property's type.
    ///
    /// # Errors
    /// Where there is no such property, or the text is no value of its type.
    pub fn equals(property: &str, value: &str, schema: &'static LayerSchema) -> Result<Self, FilterError> {
        let kind = schema.index_of(property).map(|place| schema.properties[place].kind);
        let wanted = |wanted: &'static str| FilterError::Kind {
            found: format!("{:?}", value.chars().take(60).collect::<String>()),
            is: "a text",
            wanted,
            place: format!("for {property}"),
        };
        let literal = match kind {
            // `id` is a number; the checker names what else is unknown.
            Some(PropertyType::Number | PropertyType::Integer) | None => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Syntax::Number(number),
                _ if property == "id" || kind.is_some() => return Err(wanted("a number")),
                _ => Syntax::Text(value.to_owned()),
            },
            Some(PropertyType::Boolean) => match value {
                "true" => Syntax::Boolean(true),
                "false" => Syntax::Boolean(false),
                _ => return Err(wanted("true or false")),
            },
            Some(PropertyType::Layers) => return Err(FilterError::Layers),
            Some(PropertyType::Text | PropertyType::Date | PropertyType::Moment) => Syntax::Text(value.to_owned()),
        };
        let syntax = Syntax::Operation("=".to_owned(), vec![Syntax::Property(property.to_owned()), literal]);
        Self::of(&syntax, schema, None)
    }

    fn of(syntax: &Syntax, schema: &'static LayerSchema, to_crs84: Option<ToCrs84<'_>>) -> Result<Self, FilterError> {
        let predicate = Arc::new(Checker { schema, to_crs84 }.predicate(syntax)?);
        // The coordinates of a literal in another system mean another place: what they became belongs to the key.
        let canonical = if to_crs84.is_some() { format!("{syntax} {predicate:?}") } else { syntax.to_string() };
        Ok(Self { predicate, canonical })
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let canonical = format!("({} AND {})", self.canonical, other.canonical);
        let both = [self.predicate, other.predicate].map(Arc::unwrap_or_clone);
        Self { predicate: Arc::new(Predicate::All(both.into())), canonical }
    }

    /// The filter as CQL2 text with all parentheses: the same for every spelling of one expression in text and JSON.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// Rows of which it is true, of those that are asked; nothing of worth once `stop` is set.
    pub(in crate::query) fn rows(&self, table: &LayerTable, among: Option<&FixedBitSet>, stop: &AtomicBool) -> FixedBitSet {
        let mut found = evaluate::truth_of(&self.predicate, evaluate::Scope { table, among, stop }).yes;
        if let Some(among) = among {
            found.intersect_with(among);
        }
        found
    }
}
