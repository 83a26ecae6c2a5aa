//! Which method an estimate uses, and why: as asked, by the number of probes, or the one that misses left-out probes least.

use super::choices::{Drift, Method};
use super::depth_model::{DepthModel, Recipe, neighbours};
use super::request::{AskedMethod, ReserveRequest};
use super::spatial_structure::SpatialStructure;
use super::thickness::ThicknessError;
use crate::geostat::{Cancelled, CrossValidation, Progress, Sample};
use serde::Serialize;

/// Fewer probes than this inside the outline, and the mean is taken where no method is asked for.
pub(super) const PROBES_FOR_INTERPOLATION: usize = 10;
/// A method must answer for this share of the left-out probes to be compared with the others.
const LEAST_ANSWERED: f64 = 0.8;

/// Why the method is the one it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodChoice {
    /// What was asked for: `auto`, or none.
    pub asked: Option<&'static str>,
    /// A fixed word for programs and translations: `probes_enough`, `probes_few`, `stated_depth` or `least_error`.
    pub reason_code: &'static str,
    /// An English sentence.
    pub reason: String,
    /// What was compared, the best first; empty where nothing was.
    pub candidates: Vec<Candidate>,
}

/// A method with its errors at probes that it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Method.
    pub method: Method,
    /// Exponent of inverse distance weighting.
    pub power: Option<f64>,
    /// Trend of kriging.
    pub drift: Option<Drift>,
    /// Mean absolute error.
    pub mae_m: f64,
    /// Root of the mean squared error.
    pub rmse_m: f64,
    /// Mean of estimate minus probe.
    pub bias_m: f64,
    /// Probes left out, each in turn.
    pub probes: usize,
}

/// Leaves probes out in turn for each method (Isaaks & Srivastava 1989, chapter 15) and takes the one with the least root
/// mean squared error, since large misses are what spoils a volume.
///
/// Isopachs and simulation are not compared: they rest on one of the surfaces that are. A method that has no answer for a
/// fifth of the probes (triangles at the hull) is not either.
pub(super) fn least_error(
    samples: &[Sample],
    inside: usize,
    structure: &SpatialStructure,
    request: &ReserveRequest,
    progress: &dyn Progress,
) -> Result<(Recipe, MethodChoice), ThicknessError> {
    let recipes = recipes(structure, request);
    let mut compared: Vec<(Recipe, Candidate)> = Vec::with_capacity(recipes.len());
    for (done, recipe) in recipes.iter().enumerate() {
        if !progress.go_on(done, recipes.len() + 1) {
            return Err(Cancelled.into());
        }
        // The mean has no business with probes outside the outline.
        let of_mean = matches!(recipe, Recipe::Mean | Recipe::DeclusteredMean);
        let used = if of_mean { &samples[..inside.min(samples.len())] } else { samples };
        let Ok(model) = DepthModel::new(recipe, used, 0.0) else { continue };
        if let Some(errors) = model.leave_one_out(used, inside) {
            compared.push((recipe.clone(), candidate(recipe, &errors)));
        }
    }
    let most = compared.iter().map(|(_, candidate)| candidate.probes).max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    compared.retain(|(_, candidate)| candidate.probes as f64 >= LEAST_ANSWERED * most as f64);
    compared.sort_by(|(_, a), (_, b)| a.rmse_m.total_cmp(&b.rmse_m));
    let (recipe, best) = compared.first().cloned().ok_or(ThicknessError::NoDepth)?;
    let how = match (best.power, best.drift) {
        (Some(power), _) => format!(" with power {power}"),
        (_, Some(drift)) if drift != Drift::None => format!(" with {} drift", drift.word()),
        _ => String::new(),
    };
    let next = compared.iter().map(|(_, candidate)| candidate).find(|candidate| candidate.method != best.method);
    let behind = next.map_or_else(String::new, |next| format!("; the next is {} with {:.3} m", next.method.word(), next.rmse_m));
    let reason = format!(
        "of {} compared, {}{how} misses the {} probes left out in turn least: {:.3} m (root mean square){behind}",
        compared.len(),
        best.method.word(),
        best.probes,
        best.rmse_m
    );
    let candidates = compared.into_iter().map(|(_, candidate)| candidate).collect();
    Ok((recipe, MethodChoice { asked: Some("auto"), reason_code: "least_error", reason, candidates }))
}

fn recipes(structure: &SpatialStructure, request: &ReserveRequest) -> Vec<Recipe> {
    let neighbours = neighbours(request);
    let given = request.numbers.get("power");
    let mut powers = vec![2.0, 3.0, 4.0, 5.0];
    if !powers.contains(&given) {
        powers.push(given);
    }
    let idw = powers.into_iter().map(|power| Recipe::InverseDistance { power, neighbours });
    let kriging = [Drift::None, Drift::Linear].map(|drift| kriging(structure, request, drift));
    [Recipe::Mean, Recipe::DeclusteredMean, Recipe::Nearest, Recipe::Triangulation]
        .into_iter()
        .chain(idw)
        .chain(kriging)
        .collect()
}

/// Kriging as the request says, but for the drift.
pub(super) fn kriging(structure: &SpatialStructure, request: &ReserveRequest, drift: Drift) -> Recipe {
    let choices = &request.choices;
    Recipe::Kriging {
        variogram: structure.variogram,
        drift,
        neighbourhood: choices.neighbourhood,
        support: choices.support,
        neighbours: neighbours(request),
    }
}

fn candidate(recipe: &Recipe, errors: &CrossValidation) -> Candidate {
    let (method, power, drift) = match recipe {
        Recipe::Mean => (Method::Mean, None, None),
        Recipe::DeclusteredMean => (Method::DeclusteredMean, None, None),
        Recipe::Nearest => (Method::Thiessen, None, None),
        Recipe::Triangulation => (Method::Triangulation, None, None),
        Recipe::InverseDistance { power, .. } => (Method::InverseDistance, Some(*power), None),
        Recipe::Kriging { drift, .. } => (Method::Kriging, None, Some(*drift)),
    };
    Candidate {
        method,
        power,
        drift,
        mae_m: errors.mean_absolute_error,
        rmse_m: errors.root_mean_squared_error,
        bias_m: errors.mean_error,
        probes: errors.samples,
    }
}

/// The method of a recipe.
pub(super) fn method_of(recipe: &Recipe) -> Method {
    match recipe {
        Recipe::Mean => Method::Mean,
        Recipe::DeclusteredMean => Method::DeclusteredMean,
        Recipe::Nearest => Method::Thiessen,
        Recipe::Triangulation => Method::Triangulation,
        Recipe::InverseDistance { .. } => Method::InverseDistance,
        Recipe::Kriging { .. } => Method::Kriging,
    }
}

/// The method where the number of probes decides: kriging from ten probes inside on, else their mean.
pub(super) fn by_number(asked: AskedMethod, inside: usize) -> Option<(Method, MethodChoice)> {
    let asked = (asked == AskedMethod::Auto).then_some("auto");
    let choice = |reason_code, reason| MethodChoice { asked, reason_code, reason, candidates: Vec::new() };
    match inside {
        0 => None,
        few if few < PROBES_FOR_INTERPOLATION => {
            let reason = format!("{few} probes inside the outline are too few to interpolate between: their mean is taken");
            Some((Method::Mean, choice("probes_few", reason)))
        }
        enough => {
            let reason = format!("{enough} probes inside the outline are enough for kriging");
            Some((Method::Kriging, choice("probes_enough", reason)))
        }
    }
}
