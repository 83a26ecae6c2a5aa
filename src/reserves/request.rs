//! What a reserve estimate is asked for: the same names in the JSON body, the query string and on the
//! command line.

use super::choices::{
    BoundaryRule, CensoredUse, ConstraintUse, DrainedChoice, Drift, IsopachRule, IsopachSurface, Method, NeighbourhoodChoice,
    ProbeChoice, QualityChoice, SupportChoice, Transform, VariogramChoice,
};
use crate::model::{InputError, ParameterValues, reserve_parameters};
use serde::Serialize;

/// The method as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AskedMethod {
    /// Not at all: chosen by the number of probes.
    #[default]
    Open,
    /// The one that misses left-out probes least.
    Auto,
    /// This one.
    Given(Method),
}

/// The inputs that are words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is documented at its type")]
pub struct Choices {
    pub surface: IsopachSurface,
    pub isopach_rule: IsopachRule,
    pub drift: Drift,
    pub variogram: VariogramChoice,
    pub neighbourhood: NeighbourhoodChoice,
    pub support: SupportChoice,
    pub transform: Transform,
    pub probes: ProbeChoice,
    pub censored: CensoredUse,
    pub drained: DrainedChoice,
    pub boundary: BoundaryRule,
    pub constraints: ConstraintUse,
    pub quality: QualityChoice,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            surface: IsopachSurface::Kriging,
            isopach_rule: IsopachRule::Trapezoid,
            drift: Drift::None,
            variogram: VariogramChoice::Fit,
            neighbourhood: NeighbourhoodChoice::Nearest,
            support: SupportChoice::Point,
            transform: Transform::None,
            probes: ProbeChoice::All,
            censored: CensoredUse::Use,
            drained: DrainedChoice::Any,
            boundary: BoundaryRule::None,
            constraints: ConstraintUse::Report,
            quality: QualityChoice::Layers,
        }
    }
}

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct ReserveRequest {
    /// Method.
    pub method: AskedMethod,
    /// The other words.
    pub choices: Choices,
    /// Numbers, by the names of `geodata/reference/reserve-methods.toml` and `reserves.toml`.
    pub numbers: ParameterValues,
}

impl Default for ReserveRequest {
    fn default() -> Self {
        let numbers = ParameterValues::defaults(reserve_parameters());
        Self { method: AskedMethod::Open, choices: Choices::default(), numbers }
    }
}

impl ReserveRequest {
    /// Sets an input by its name.
    ///
    /// ```
    /// use peatplan::reserves::{AskedMethod, Method, ReserveRequest};
    /// let mut request = ReserveRequest::default();
    /// request.set("method", "idw").unwrap();
    /// request.set("power", "3").unwrap();
    /// assert_eq!(request.method, AskedMethod::Given(Method::InverseDistance));
    /// assert_eq!(request.numbers.get("power"), 3.0);
    /// let error = request.set("power", "-1").unwrap_err();
    /// assert_eq!(error.detail, "power must lie between 0 and 10; it was -1");
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let choices = &mut self.choices;
        match name {
            "method" if text == "auto" => self.method = AskedMethod::Auto,
            "method" => self.method = AskedMethod::Given(Method::parse(text)?),
            "surface" => choices.surface = IsopachSurface::parse(text)?,
            "isopach_rule" => choices.isopach_rule = IsopachRule::parse(text)?,
            "drift" => choices.drift = Drift::parse(text)?,
            "variogram" => choices.variogram = VariogramChoice::parse(text)?,
            "neighbourhood" => choices.neighbourhood = NeighbourhoodChoice::parse(text)?,
            "support" => choices.support = SupportChoice::parse(text)?,
            "transform" => choices.transform = Transform::parse(text)?,
            "probes" => choices.probes = ProbeChoice::parse(text)?,
            "censored" => choices.censored = CensoredUse::parse(text)?,
            "drained" => choices.drained = DrainedChoice::parse(text)?,
            "boundary" => choices.boundary = BoundaryRule::parse(text)?,
            "constraints" => choices.constraints = ConstraintUse::parse(text)?,
            "quality" => choices.quality = QualityChoice::parse(text)?,
            _ if self.numbers.knows(name) => self.set_number(name, text)?,
            _ => {
                let words = reserve_parameters().choices().iter().map(|choice| choice.name.as_str());
                return Err(InputError::unknown(name, words.chain(reserve_parameters().names()).chain(["crs", "area"])));
            }
        }
        Ok(())
    }

    fn set_number(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let wrong = |detail: String| InputError { parameter: name.to_owned(), detail };
        self.numbers.set(name, text)?;
        let number = self.numbers.get(name);
        if name == "smoothness" && ![0.5, 1.5, 2.5].contains(&number) {
            return Err(wrong(format!("smoothness must be 0.5, 1.5 or 2.5; it was {text:?}")));
        }
        Ok(())
    }

    /// Whether the answer takes long enough to be watched: the method is compared with others, or simulated, or all probes make
    /// every cell.
    #[must_use]
    pub fn is_long(&self) -> bool {
        matches!(self.method, AskedMethod::Auto | AskedMethod::Given(Method::Simulation))
            || self.choices.neighbourhood == NeighbourhoodChoice::Global
    }
}
