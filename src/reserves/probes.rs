//! Which probes make an estimate, and as what: by campaign and state of the peat, with those that were stopped before
//! the bottom, and those that share a place.

use super::choices::{CensoredUse, DrainedChoice, Method, ProbeChoice};
use super::request::ReserveRequest;
use super::result::Warning;
use super::survey::{ProbedDepth, Stop, Survey};
use crate::geostat::{Interpolator, InverseDistance, Sample};
use crate::units::Metres;
use serde::Serialize;
use std::collections::BTreeMap;

/// Exponent and neighbours of what raises a stopped probe: those that suit peat best (Kyrkjeeide et al. 2023).
const RAISING: (f64, usize) = (4.0, 20);

/// What the probes of an estimate are.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SurveyReport {
    /// Inside the outline, of those that count.
    pub probes_inside: usize,
    /// Around it, of those that count.
    pub probes_outside: usize,
    /// Averaged with another at the same place.
    pub probes_merged: usize,
    /// Left out: of other years or states, or stopped before the bottom.
    pub probes_left_out: usize,
    /// Stopped by wood.
    pub stopped_by_wood: usize,
    /// Stopped by the end of the rod, or said to be censored.
    pub stopped_by_rod: usize,
    /// Raised to what the others say.
    pub probes_raised: usize,
    /// Taken in drained peat.
    pub drained: usize,
    /// Taken in undrained peat.
    pub undrained: usize,
    /// By year; the probes without a date last.
    pub campaigns: Vec<Campaign>,
}

/// The probes of one year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Campaign {
    /// Year; none where no date is known.
    pub year: Option<i32>,
    /// Probes.
    pub probes: usize,
    /// Their mean depth.
    pub mean_depth_m: Metres,
}

/// Depths ready for interpolation.
#[derive(Debug, Clone, Default)]
pub struct SelectedDepths {
    /// Depths at distinct places, those inside the outline first.
    pub samples: Vec<Sample>,
    /// How many lie inside.
    pub inside: usize,
    /// What they are.
    pub report: SurveyReport,
}

/// Selects the depths of an estimate by `method` and says what the reader should know of them.
///
/// Probes of other years or states than asked for are left out. A probe that wood or the end of the rod stopped counts by
/// `censored`: as measured (a lower bound of the depth), not at all, or raised to the estimate of the unstopped probes by
/// inverse distance weighting where that is more. Depths at one place (to the millimetre) are averaged. The mean uses
/// the probes inside only: a probe outside says nothing of the mean inside.
#[must_use]
pub fn selected_depths(
    survey: &Survey,
    request: &ReserveRequest,
    method: Option<Method>,
    warnings: &mut Vec<Warning>,
) -> SelectedDepths {
    let around = request.choices.probes == ProbeChoice::All && !matches!(method, Some(Method::Mean | Method::DeclusteredMean));
    let outside: &[ProbedDepth] = if around { &survey.probes_outside } else { &[] };
    let (inside, outside): (Vec<ProbedDepth>, Vec<ProbedDepth>) = (
        survey.probes_inside.iter().filter(|probe| counts(probe, request)).copied().collect(),
        outside.iter().filter(|probe| counts(probe, request)).copied().collect(),
    );
    let mut report = report(&inside, &outside);
    let all = survey.probes_inside.len() + if around { survey.probes_outside.len() } else { 0 };
    report.probes_left_out = all - inside.len() - outside.len();
    let stopped = report.stopped_by_wood + report.stopped_by_rod;
    let (inside, outside) = match request.choices.censored {
        CensoredUse::Use => (inside, outside),
        CensoredUse::LeaveOut => {
            report.probes_left_out += stopped;
            (unstopped(inside), unstopped(outside))
        }
        CensoredUse::Raise => {
            let (inside, outside, raised) = raised(inside, outside);
            report.probes_raised = raised;
            (inside, outside)
        }
    };
    warn(&report, request.choices.censored, stopped, warnings);
    let merged_inside = merge_coincident(&inside).len();
    let probes: Vec<ProbedDepth> = inside.into_iter().chain(outside).collect();
    let samples = merge_coincident(&probes);
    report.probes_merged = probes.len() - samples.len();
    if report.probes_merged > 0 {
        let text = format!("{} probes share a place with another; their depths were averaged", report.probes_merged);
        warnings.push(Warning::new("probes_coincide", text));
    }
    SelectedDepths { samples, inside: merged_inside, report }
}

fn counts(probe: &ProbedDepth, request: &ReserveRequest) -> bool {
    let from = request.numbers.given("surveyed_from_year");
    let to = request.numbers.given("surveyed_to_year");
    let year = probe.year.map(f64::from);
    let in_years = (from.is_none() && to.is_none())
        || year.is_some_and(|year| from.is_none_or(|from| year >= from) && to.is_none_or(|to| year <= to));
    let in_state = match request.choices.drained {
        DrainedChoice::Any => true,
        DrainedChoice::Drained => probe.drained == Some(true),
        DrainedChoice::Undrained => probe.drained == Some(false),
    };
    in_years && in_state
}

fn report(inside: &[ProbedDepth], outside: &[ProbedDepth]) -> SurveyReport {
    let all = || inside.iter().chain(outside);
    let count = |holds: &dyn Fn(&ProbedDepth) -> bool| all().filter(|probe| holds(probe)).count();
    let mut years: BTreeMap<(bool, Option<i32>), (usize, f64)> = BTreeMap::new();
    for probe in all() {
        let (probes, sum) = years.entry((probe.year.is_none(), probe.year)).or_default();
        *probes += 1;
        *sum += probe.depth.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let campaign = |((_, year), (probes, sum)): ((bool, Option<i32>), (usize, f64))| Campaign {
        year,
        probes,
        mean_depth_m: Metres(sum / probes as f64),
    };
    SurveyReport {
        probes_inside: inside.len(),
        probes_outside: outside.len(),
        stopped_by_wood: count(&|probe| probe.stopped == Some(Stop::Wood)),
        stopped_by_rod: count(&|probe| probe.stopped == Some(Stop::Rod)),
        drained: count(&|probe| probe.drained == Some(true)),
        undrained: count(&|probe| probe.drained == Some(false)),
        campaigns: years.into_iter().map(campaign).collect(),
        ..SurveyReport::default()
    }
}

fn unstopped(probes: Vec<ProbedDepth>) -> Vec<ProbedDepth> {
    probes.into_iter().filter(|probe| probe.stopped.is_none()).collect()
}

fn raised(mut inside: Vec<ProbedDepth>, mut outside: Vec<ProbedDepth>) -> (Vec<ProbedDepth>, Vec<ProbedDepth>, usize) {
    let others: Vec<ProbedDepth> = inside.iter().chain(&outside).filter(|probe| probe.stopped.is_none()).copied().collect();
    let mut raised = 0;
    if let Some(depth) = InverseDistance::new(&merge_coincident(&others), RAISING.0, RAISING.1) {
        for probe in inside.iter_mut().chain(&mut outside).filter(|probe| probe.stopped.is_some()) {
            let estimate = Metres(depth.value_at(probe.x, probe.y));
            if estimate > probe.depth {
                probe.depth = estimate;
                raised += 1;
            }
        }
    }
    (inside, outside, raised)
}

fn warn(report: &SurveyReport, censored: CensoredUse, stopped: usize, warnings: &mut Vec<Warning>) {
    let mut warn = |code, text: String| warnings.push(Warning::new(code, text));
    let used = report.probes_inside + report.probes_outside;
    if stopped > 0 {
        let by = format!(
            "{stopped} of {used} probes were stopped, {} by wood and {} by the end of the rod",
            report.stopped_by_wood, report.stopped_by_rod
        );
        match censored {
            CensoredUse::Use => warn("probes_censored", format!("{by}: the true depth may be greater there")),
            CensoredUse::LeaveOut => warn("probes_censored_left_out", format!("{by}; they were left out")),
            CensoredUse::Raise => {
                let raised = report.probes_raised;
                warn("probes_censored_raised", format!("{by}; {raised} were raised to what the other probes say there"));
            }
        }
    }
    let by_choice = report.probes_left_out - if censored == CensoredUse::LeaveOut { stopped } else { 0 };
    if by_choice > 0 {
        warn("probes_left_out", format!("{by_choice} probes of other years or another state of the peat were left out"));
    }
    if report.drained > 0 && report.undrained > 0 {
        let text = format!(
            "{} probes were taken in drained and {} in undrained peat: drained peat has settled, so their depths differ in kind",
            report.drained, report.undrained
        );
        warn("probes_drained_and_not", text);
    }
    let years: Vec<i32> = report.campaigns.iter().filter_map(|campaign| campaign.year).collect();
    if let (Some(first), Some(last)) = (years.first(), years.last())
        && last - first >= 10
    {
        warn(
            "probes_of_many_years",
            format!("the probes were taken from {first} to {last}: peat may have settled or been cut between"),
        );
    }
}

/// Averages depths at one place (to the millimetre), keeping the order of first appearance.
pub(super) fn merge_coincident(probes: &[ProbedDepth]) -> Vec<Sample> {
    #[expect(clippy::cast_possible_truncation, reason = "metres of a metric system times 1000 fit")]
    let key = |probe: &ProbedDepth| ((probe.x * 1e3).round() as i64, (probe.y * 1e3).round() as i64);
    let mut places: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let mut merged: Vec<(Sample, f64)> = Vec::with_capacity(probes.len());
    for probe in probes {
        let index = *places.entry(key(probe)).or_insert(merged.len());
        if let Some((sample, count)) = merged.get_mut(index) {
            sample.value += probe.depth.0;
            *count += 1.0;
        } else {
            merged.push((Sample { x: probe.x, y: probe.y, value: probe.depth.0 }, 1.0));
        }
    }
    merged.into_iter().map(|(sample, count)| Sample { value: sample.value / count, ..sample }).collect()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what comes out is what went in, or exact in binary")]
mod tests {
    use super::*;

    fn survey() -> Survey {
        let probe = |x: f64, depth: f64| ProbedDepth::measured(x, 0.0, Metres(depth));
        Survey {
            probes_inside: vec![
                ProbedDepth { year: Some(1985), drained: Some(false), ..probe(0.0, 2.0) },
                ProbedDepth { year: Some(2020), drained: Some(true), ..probe(10.0, 4.0) },
                ProbedDepth { stopped: Some(Stop::Rod), ..probe(5.0, 1.0) },
                ProbedDepth { stopped: Some(Stop::Wood), ..probe(6.0, 5.0) },
            ],
            ..Survey::default()
        }
    }

    fn selected(inputs: &[(&str, &str)]) -> (SelectedDepths, Vec<&'static str>) {
        let mut request = ReserveRequest::default();
        for (name, text) in inputs {
            request.set(name, text).expect("an input");
        }
        let mut warnings = Vec::new();
        let selected = selected_depths(&survey(), &request, None, &mut warnings);
        (selected, warnings.into_iter().map(|warning| warning.code).collect())
    }

    #[test]
    fn a_stopped_probe_is_used_left_out_or_raised() {
        let (used, warned) = selected(&[]);
        assert_eq!((used.samples.len(), used.report.stopped_by_wood, used.report.stopped_by_rod), (4, 1, 1));
        assert_eq!(warned, ["probes_censored", "probes_drained_and_not", "probes_of_many_years"]);
        assert_eq!(selected(&[("censored", "leave_out")]).0.samples.len(), 2);
        let raised = selected(&[("censored", "raise")]).0;
        // Half way between 2 m and 4 m: 3 m; the one that wood stopped is deeper already.
        assert_eq!(raised.samples.iter().map(|sample| sample.value).collect::<Vec<_>>(), [2.0, 4.0, 3.0, 5.0]);
        assert_eq!(raised.report.probes_raised, 1);
    }

    #[test]
    fn campaigns_and_states_choose_probes() {
        let recent = selected(&[("surveyed_from_year", "2000")]).0;
        assert_eq!((recent.samples.len(), recent.report.probes_left_out), (1, 3));
        assert_eq!(selected(&[("drained", "undrained")]).0.samples[0].value, 2.0);
        let campaigns = selected(&[]).0.report.campaigns;
        assert_eq!(
            campaigns.iter().map(|c| (c.year, c.probes)).collect::<Vec<_>>(),
            [(Some(1985), 1), (Some(2020), 1), (None, 2)]
        );
    }
}
