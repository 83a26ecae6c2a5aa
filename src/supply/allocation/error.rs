//! Why there is no plan, in words with units.

use super::case::Case;
use super::program::{Built, Label};
use crate::optimisation::{ProgramError, RowSide, SolveLimits};
use serde::Serialize;
use thiserror::Error;

/// What falls short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortfallKind {
    /// Need of a plant.
    Need,
    /// Yearly harvest of a source.
    Harvest,
    /// Stock of a source; with a year, that of its prepared land.
    Stock,
    /// What all plants can buy of an alternative fuel.
    AlternativeFuel,
    /// Area prepared a year over all sources.
    Preparation,
    /// Ash, moisture or sulphur of a plant's blend.
    Blend,
}

/// A limit that must give way, and by how much.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortfall {
    /// What it limits.
    pub kind: ShortfallKind,
    /// Id of the plant, source or fuel.
    pub id: String,
    /// The year; none where it holds for all together.
    pub year: Option<i32>,
    /// By how much it must give way, in `unit`.
    pub amount: f64,
    /// MWh, or t of what a blend has too much or too little of.
    pub unit: &'static str,
    /// The same as a sentence.
    pub sentence: String,
}

/// Why there is no plan.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum AllocationError {
    #[error("{name} must lie between {low} and {high} {unit}; it was {value}")]
    OutOfRange { name: String, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("a study may have at most {most} {what}; it has {count}")]
    TooLarge { what: &'static str, count: usize, most: usize },
    #[error("{name} must have one number for each of the {years} years{or}; it has {count}")]
    WrongLength { name: String, years: usize, or: &'static str, count: usize },
    #[error("{what} {id:?} is named twice")]
    NamedTwice { what: &'static str, id: String },
    #[error("{what} names {kind} {id:?}, which the study does not have")]
    Unknown { what: String, kind: &'static str, id: String },
    #[error("plant {plant:?} limits its blend; {fuel:?} needs its quality for that")]
    NoQuality { plant: String, fuel: String },
    #[error("the needs cannot be met. The least that must give way: {}", sentences(.0))]
    Infeasible(Vec<Shortfall>),
    #[error("the computation was stopped before its end")]
    Cancelled,
    #[error("the plan does not hold: {what} misses by {by:e}, relative")]
    Unproven { what: String, by: f64 },
    #[error(transparent)]
    Program(ProgramError),
}

impl From<ProgramError> for AllocationError {
    fn from(error: ProgramError) -> Self {
        match error {
            ProgramError::Interrupted => Self::Cancelled,
            other => Self::Program(other),
        }
    }
}

fn sentences(shortfalls: &[Shortfall]) -> String {
    shortfalls.iter().map(|shortfall| shortfall.sentence.as_str()).collect::<Vec<_>>().join("; ")
}

/// Names the limits in the way. Balances of matter do not give way.
pub(super) fn infeasible(
    case: &Case<'_>,
    built: &Built,
    limits: &SolveLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> AllocationError {
    let may_give_way = |row| built.label(row).is_some_and(|label| !matches!(label, Label::Balance));
    match built.program.smallest_relief_of(&may_give_way, limits, keep_going) {
        Ok(relief) => AllocationError::Infeasible(
            relief
                .iter()
                .filter_map(|relief| Some(shortfall(case, built.label(relief.row)?, relief.side, relief.amount)))
                .collect(),
        ),
        Err(error) => error.into(),
    }
}

fn shortfall(case: &Case<'_>, label: &Label, side: RowSide, amount: f64) -> Shortfall {
    let (kind, id, year, unit) = match label {
        Label::Need { plant, year } => (ShortfallKind::Need, case.plants[*plant].plant.id.clone(), Some(*year), "MWh"),
        Label::Harvest { source, year } => (ShortfallKind::Harvest, case.sources[*source].source.id.clone(), Some(*year), "MWh"),
        Label::Stock { source } => (ShortfallKind::Stock, case.sources[*source].source.id.clone(), None, "MWh"),
        Label::Reach { source, year } => (ShortfallKind::Stock, case.sources[*source].source.id.clone(), Some(*year), "MWh"),
        Label::Fuel { fuel, year } => (ShortfallKind::AlternativeFuel, case.fuels[*fuel].id.clone(), Some(*year), "MWh"),
        // Areas are counted by what they give in an average season.
        Label::Preparation { year } => (ShortfallKind::Preparation, String::new(), Some(*year), "MWh"),
        Label::Blend { plant, year, .. } => (ShortfallKind::Blend, case.plants[*plant].plant.id.clone(), Some(*year), "t"),
        Label::Balance => (ShortfallKind::Need, String::new(), None, "MWh"),
    };
    let year = year.and_then(|year| i32::try_from(year).ok()).map(|year| case.first_year + year);
    let when = year.map_or_else(String::new, |year| format!(" in {year}"));
    let sentence = match label {
        Label::Need { .. } if side == RowSide::High => {
            format!("plant {id:?} takes {amount:.1} MWh less than must be delivered{when}")
        }
        Label::Need { .. } => format!("plant {id:?} lacks {amount:.1} MWh{when}"),
        Label::Harvest { .. } => format!("the harvest of {id:?} is {amount:.1} MWh too small{when}"),
        Label::Stock { .. } => format!("the stock of {id:?} is {amount:.1} MWh too small"),
        Label::Reach { .. } => format!("the prepared land of {id:?} holds {amount:.1} MWh too little{when}"),
        Label::Preparation { .. } => format!("fields that give {amount:.1} MWh a year more must be prepared{when}"),
        Label::Fuel { .. } => format!("{amount:.1} MWh more of {id:?} must be had{when}"),
        Label::Blend { quality, most, .. } => {
            let much = if *most { "more" } else { "less" };
            format!("the blend of plant {id:?} must be allowed {amount:.1} t {much} {}{when}", quality.word())
        }
        Label::Balance => "a balance of fuel does not close".to_owned(),
    };
    Shortfall { kind, id, year, amount, unit, sentence }
}
