//! What a reserve estimate is asked for: the same names in the JSON body, the query string and on the
//! command line.

use crate::model::{InputError, ParameterValues, number_from, reserve_parameters};
use serde::Serialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// The accepted words.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word of this choice.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            fn parse(name: &str, text: &str) -> Result<Self, InputError> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(InputError::not_one_of(name, text, Self::WORDS)),
                }
            }
        }
    };
}

words! {
    /// How depth between the probes is estimated.
    Method {
        /// The same mean depth everywhere.
        Mean = "mean",
        /// Inverse distance weighting.
        InverseDistance = "idw",
    }
}
words! {
    /// Which probes are used.
    ProbeChoice {
        /// Those inside the outline.
        Inside = "inside",
        /// Those inside, and those around the outline that lie in no other deposit.
        All = "all",
    }
}
words! {
    /// What the outline says about depth.
    BoundaryRule {
        /// Nothing.
        None = "none",
        /// Depth is zero on it, every `boundary_step_m`.
        Zero = "zero",
    }
}
words! {
    /// What constraints do to the estimate.
    ConstraintUse {
        /// They take their land away.
        Apply = "apply",
        /// They are not looked at.
        Ignore = "ignore",
        /// The estimate stays gross; what they would take stands beside it.
        Report = "report",
    }
}

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct ReserveRequest {
    /// Method; chosen by the number of probes where none is asked for.
    pub method: Option<Method>,
    /// Which probes.
    pub probes: ProbeChoice,
    /// Boundary rule.
    pub boundary: BoundaryRule,
    /// What constraints do.
    pub constraints: ConstraintUse,
    /// Edge of a grid cell, m; chosen from probe spacing where none is asked for.
    pub cell_m: Option<f64>,
    /// Numbers, by the names of `geodata/reference/reserves.toml`.
    pub numbers: ParameterValues,
}

/// Least and greatest cell, m.
const CELL_RANGE_M: std::ops::RangeInclusive<f64> = 0.1..=10_000.0;

impl Default for ReserveRequest {
    fn default() -> Self {
        Self {
            method: None,
            probes: ProbeChoice::All,
            boundary: BoundaryRule::None,
            constraints: ConstraintUse::Report,
            cell_m: None,
            numbers: ParameterValues::defaults(reserve_parameters()),
        }
    }
}

impl ReserveRequest {
    /// The names it understands beside those of the reference file.
    pub const CHOICES: &'static [&'static str] = &["method", "probes", "boundary", "constraints", "cell_m"];

    /// Sets an input by its name.
    ///
    /// ```
    /// use peatplan::reserves::{Method, ReserveRequest};
    /// let mut request = ReserveRequest::default();
    /// request.set("method", "idw").unwrap();
    /// request.set("power", "3").unwrap();
    /// assert_eq!(request.method, Some(Method::InverseDistance));
    /// assert_eq!(request.numbers.get("power"), 3.0);
    /// let error = request.set("power", "-1").unwrap_err();
    /// assert_eq!(error.detail, "power must lie between 0 and 10; it was -1");
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match name {
            "method" => self.method = Some(Method::parse(name, text)?),
            "probes" => self.probes = ProbeChoice::parse(name, text)?,
            "boundary" => self.boundary = BoundaryRule::parse(name, text)?,
            "constraints" => self.constraints = ConstraintUse::parse(name, text)?,
            "cell_m" => self.cell_m = Some(cell(text)?),
            "neighbours" => {
                self.numbers.set(name, text)?;
                if self.numbers.get(name).fract() != 0.0 {
                    let detail = format!("neighbours must be a whole number; it was {text:?}");
                    return Err(InputError { parameter: name.into(), detail });
                }
            }
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ => {
                let known = Self::CHOICES.iter().copied().chain(reserve_parameters().names());
                return Err(InputError::unknown(name, known.chain(["crs", "area"])));
            }
        }
        Ok(())
    }
}

fn cell(text: &str) -> Result<f64, InputError> {
    let cell = number_from("cell_m", text)?;
    if CELL_RANGE_M.contains(&cell) {
        return Ok(cell);
    }
    let detail = format!("cell_m must lie between {} and {} m; it was {cell}", CELL_RANGE_M.start(), CELL_RANGE_M.end());
    Err(InputError { parameter: "cell_m".into(), detail })
}
