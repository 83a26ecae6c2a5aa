//! The steam that a boiler house throttles through a year.

use crate::model::number_from;
use serde::Serialize;
use thiserror::Error;

/// Hours of the longest year.
const HOURS_MAX: f64 = 8_784.0;
/// Most steps of a load, the hours of the longest year.
const STEPS_MAX: usize = 8_784;
/// Greatest steam flow, t/h.
const STEAM_MAX_T_H: f64 = 2_000.0;
/// Steps of a curve that is made of three numbers.
const CURVE_STEPS: u16 = 48;

/// Hours with one steam flow.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoadStep {
    /// Hours a year.
    pub hours_h_a: f64,
    /// Steam through the reducing valve.
    pub steam_t_h: f64,
}

/// Steam flow over the year as a duration curve: the largest first, each flow once.
///
/// ```
/// use peatplan::energy::steam::SteamLoad;
/// let load = SteamLoad::parse("1000:10; 2500:7,5; 1612:3").unwrap();
/// assert_eq!(load.hours_h_a(), 5112.0);
/// assert_eq!(load.steam_t_a(), 10_000.0 + 18_750.0 + 4_836.0);
/// assert_eq!(SteamLoad::parse("4 10 4 4").unwrap().steps().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SteamLoad {
    steps: Vec<LoadStep>,
}

/// Why a load is none.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum LoadError {
    #[error(
        "load must be steps such as \"1000:10; 4112:6\" (hours:t/h) or a flow for each hour such as \"10 9.5 9\" (t/h); {detail}"
    )]
    Text { detail: String },
    #[error("load may have at most {STEPS_MAX} steps; it had {steps}")]
    TooLong { steps: usize },
    #[error("load: the hours of a step must lie between 0 and {HOURS_MAX} h/a; they were {value}")]
    Hours { value: f64 },
    #[error("load: the steps may last {HOURS_MAX} h/a together; they last {hours} h/a")]
    YearTooLong { hours: f64 },
    #[error("load: steam must lie between 0 and {STEAM_MAX_T_H} t/h; it was {value}")]
    Steam { value: f64 },
    #[error("load: there must be an hour with steam")]
    Nothing,
    #[error("mean_load_share must lie above least_load_share and below 1 ({least} < share < 1); it was {mean}")]
    Shares { least: f64, mean: f64 },
}

impl SteamLoad {
    /// A load of steps, in any order.
    ///
    /// # Errors
    /// [`LoadError`]: too many steps, hours or flows outside their limits, a year that is too long, or no steam at all.
    pub fn from_steps(steps: impl IntoIterator<Item = LoadStep>) -> Result<Self, LoadError> {
        let mut steps: Vec<LoadStep> = steps.into_iter().take(STEPS_MAX + 1).collect();
        if steps.len() > STEPS_MAX {
            return Err(LoadError::TooLong { steps: steps.len() });
        }
        for step in &steps {
            if !(0.0..=HOURS_MAX).contains(&step.hours_h_a) {
                return Err(LoadError::Hours { value: step.hours_h_a });
            }
            if !(0.0..=STEAM_MAX_T_H).contains(&step.steam_t_h) {
                return Err(LoadError::Steam { value: step.steam_t_h });
            }
        }
        steps.retain(|step| step.hours_h_a > 0.0 && step.steam_t_h > 0.0);
        // By flow, and hours of one flow in an order of their own: the sum does not depend on the order given.
        steps.sort_by(|a, b| b.steam_t_h.total_cmp(&a.steam_t_h).then(b.hours_h_a.total_cmp(&a.hours_h_a)));
        steps.dedup_by(|next, kept| {
            let same = next.steam_t_h.total_cmp(&kept.steam_t_h).is_eq();
            if same {
                kept.hours_h_a += next.hours_h_a;
            }
            same
        });
        let load = Self { steps };
        let hours = load.hours_h_a();
        if load.steps.is_empty() {
            Err(LoadError::Nothing)
        } else if hours > HOURS_MAX * (1.0 + 1e-9) {
            Err(LoadError::YearTooLong { hours })
        } else {
            Ok(load)
        }
    }

    /// A load that gives the flow of each hour, t/h.
    ///
    /// # Errors
    /// As [`SteamLoad::from_steps`].
    pub fn hourly(steam_t_h: &[f64]) -> Result<Self, LoadError> {
        Self::from_steps(steam_t_h.iter().map(|steam| LoadStep { hours_h_a: 1.0, steam_t_h: *steam }))
    }

    /// A heating boiler house of which no more is known than its peak: `D/D_peak = 1 - (1-q0) x^k` with
    /// `k = (qm-q0)/(1-qm)`, which falls from the peak to the share `q0` over the hours of operation and has the mean `qm`
    /// (the curve that is known in Russia by the name of Rossander). Each of its 48 steps, short ones at the peak, has the exact mean of its part.
    ///
    /// # Errors
    /// [`LoadError`]: a mean that does not lie between the least share and 1, or numbers outside their limits.
    pub fn duration_curve(peak_t_h: f64, hours_h_a: f64, mean_share: f64, least_share: f64) -> Result<Self, LoadError> {
        if !(least_share >= 0.0 && mean_share > least_share && mean_share < 1.0) {
            return Err(LoadError::Shares { least: least_share, mean: mean_share });
        }
        let exponent = (mean_share - least_share) / (1.0 - mean_share);
        // Integral of the curve from 0 to x.
        let area = |x: f64| x - (1.0 - least_share) * x.powf(exponent + 1.0) / (exponent + 1.0);
        // Short steps where the curve is steep, at the peak.
        let end = |step: u16| (f64::from(step) / f64::from(CURVE_STEPS)).powi(2);
        Self::from_steps((0..CURVE_STEPS).map(|step| {
            let (from, to) = (end(step), end(step + 1));
            LoadStep { hours_h_a: hours_h_a * (to - from), steam_t_h: peak_t_h * (area(to) - area(from)) / (to - from) }
        }))
    }

    /// A load from text: `hours:t/h` steps, or a flow for each hour, parted by `;` or spaces.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        let number = |name: &str, text: &str| number_from(name, text).map_err(|error| LoadError::Text { detail: error.detail });
        let mut steps = Vec::new();
        for part in text.split(|sign: char| sign == ';' || sign.is_whitespace()).filter(|part| !part.is_empty()) {
            if steps.len() == STEPS_MAX {
                return Err(LoadError::TooLong { steps: STEPS_MAX + 1 });
            }
            steps.push(match part.split_once(':') {
                Some((hours, steam)) => {
                    LoadStep { hours_h_a: number("the hours", hours)?, steam_t_h: number("the steam flow", steam)? }
                }
                None => LoadStep { hours_h_a: 1.0, steam_t_h: number("the steam flow", part)? },
            });
        }
        Self::from_steps(steps)
    }

    /// The steps, the largest flow first.
    #[must_use]
    pub fn steps(&self) -> &[LoadStep] {
        &self.steps
    }

    /// Hours a year with steam.
    #[must_use]
    pub fn hours_h_a(&self) -> f64 {
        self.steps.iter().map(|step| step.hours_h_a).sum()
    }

    /// Steam of a year in tonnes.
    #[must_use]
    pub fn steam_t_a(&self) -> f64 {
        self.steps.iter().map(|step| step.hours_h_a * step.steam_t_h).sum()
    }

    /// Largest flow, t/h.
    #[must_use]
    pub fn peak_t_h(&self) -> f64 {
        self.steps.first().map_or(0.0, |step| step.steam_t_h)
    }
}
