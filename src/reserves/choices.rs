//! Inputs that are words, as types. `geodata/reference/reserve-methods.toml` names the same words for people; a test
//! holds the two together.

use crate::model::{InputError, reserve_parameters};
use serde::Serialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident = $input:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
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

            pub(super) fn parse(text: &str) -> Result<Self, InputError> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(refusal($input, text, Self::WORDS)),
                }
            }
        }
    };
}

fn refusal(input: &str, text: &str, words: &[&str]) -> InputError {
    reserve_parameters().choice(input).map_or_else(|| InputError::not_one_of(input, text, words), |choice| choice.refusal(text))
}

words! {
    /// How depth between the probes is estimated.
    Method = "method" {
        /// The same mean depth everywhere.
        Mean = "mean",
        /// The mean weighted so that clustered probes count less.
        DeclusteredMean = "declustered_mean",
        /// The depth of the nearest probe: Thiessen's polygons.
        Thiessen = "thiessen",
        /// Linear within the triangles of the probes.
        Triangulation = "tin",
        /// Areas above contours of equal depth.
        Isopach = "isopach",
        /// Inverse distance weighting.
        InverseDistance = "idw",
        /// Ordinary or universal kriging.
        Kriging = "kriging",
        /// Conditional Gaussian simulation.
        Simulation = "simulation",
    }
}
words! {
    /// What isopachs are drawn from.
    IsopachSurface = "surface" {
        /// Kriging.
        Kriging = "kriging",
        /// Inverse distance weighting.
        InverseDistance = "idw",
        /// Triangulation.
        Triangulation = "tin",
    }
}
words! {
    /// How the volume between two isopachs is computed.
    IsopachRule = "isopach_rule" {
        /// Half the sum of their areas times the step.
        Trapezoid = "trapezoid",
        /// A frustum of a cone.
        Cone = "cone",
    }
}
words! {
    /// A trend that kriging takes along.
    Drift = "drift" {
        /// None: ordinary kriging.
        None = "none",
        /// A plane.
        Linear = "linear",
        /// A surface of the second order.
        Quadratic = "quadratic",
    }
}
words! {
    /// Where the variogram comes from.
    VariogramChoice = "variogram" {
        /// The model that fits the probes best.
        Fit = "fit",
        /// Spherical model.
        Spherical = "spherical",
        /// Exponential model.
        Exponential = "exponential",
        /// Gaussian model.
        Gaussian = "gaussian",
        /// Matérn model.
        Matern = "matern",
    }
}
words! {
    /// Which probes make one cell's estimate in kriging.
    NeighbourhoodChoice = "neighbourhood" {
        /// The nearest ones.
        Nearest = "nearest",
        /// All of them.
        Global = "global",
    }
}
words! {
    /// What kriging estimates for a cell.
    SupportChoice = "support" {
        /// Depth at its centre.
        Point = "point",
        /// Mean depth over it.
        Block = "block",
    }
}
words! {
    /// In what scale depths are simulated.
    Transform = "transform" {
        /// As they are.
        None = "none",
        /// As normal scores.
        NormalScore = "normal_score",
    }
}
words! {
    /// Which probes are used.
    ProbeChoice = "probes" {
        /// Those inside the outline.
        Inside = "inside",
        /// Those inside, and those around the outline that lie in no other deposit.
        All = "all",
    }
}
words! {
    /// What a probe counts for that wood or the end of the rod stopped.
    CensoredUse = "censored" {
        /// Its depth as measured.
        Use = "use",
        /// Nothing.
        LeaveOut = "leave_out",
        /// Its depth, or what the other probes say there, whichever is more.
        Raise = "raise",
    }
}
words! {
    /// Which probes count by the state of the peat when they were taken.
    DrainedChoice = "drained" {
        /// All.
        Any = "any",
        /// Those taken in drained peat.
        Drained = "drained",
        /// Those taken in undrained peat.
        Undrained = "undrained",
    }
}
words! {
    /// What the outline says about depth.
    BoundaryRule = "boundary" {
        /// Nothing.
        None = "none",
        /// Depth is zero on it, every `boundary_step_m`.
        Zero = "zero",
    }
}
words! {
    /// What constraints do to the estimate.
    ConstraintUse = "constraints" {
        /// They take their land away.
        Apply = "apply",
        /// They are not looked at.
        Ignore = "ignore",
        /// The estimate stays gross; what they would take stands beside it.
        Report = "report",
    }
}
words! {
    /// Where the quality of the peat comes from.
    QualityChoice = "quality" {
        /// The layers of the nearest cores.
        Layers = "layers",
        /// The means of all cores.
        Means = "means",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_file_names_the_same_words() {
        let same = |input: &str, words: &[&str]| {
            let choice = reserve_parameters().choice(input).expect("a choice of the reference file");
            assert_eq!(choice.values().collect::<Vec<_>>(), words, "{input}");
        };
        let methods: Vec<&str> = std::iter::once("auto").chain(Method::WORDS.iter().copied()).collect();
        same("method", &methods);
        same("surface", IsopachSurface::WORDS);
        same("isopach_rule", IsopachRule::WORDS);
        same("drift", Drift::WORDS);
        same("variogram", VariogramChoice::WORDS);
        same("neighbourhood", NeighbourhoodChoice::WORDS);
        same("support", SupportChoice::WORDS);
        same("transform", Transform::WORDS);
        same("probes", ProbeChoice::WORDS);
        same("censored", CensoredUse::WORDS);
        same("drained", DrainedChoice::WORDS);
        same("boundary", BoundaryRule::WORDS);
        same("constraints", ConstraintUse::WORDS);
        same("quality", QualityChoice::WORDS);
    }
}
