//! The reserves of a deposit, or of an area drawn on the map.

use super::constraint_areas::area_of;
use super::inputs_hash::InputsHash;
use super::{PlanningError, SOFTWARE_VERSION, Workbench};
use crate::crs::{Crs, Reprojection, ellipsoidal_area};
use crate::geostat::Progress;
use crate::model::{Constraint, Core, Deposit, FeatureId, InputError, Probe, Refusal, ReserveStatement};
use crate::reserves::{
    ComputedReserves, ConstraintArea, ConstraintUse, ProbedDepth, ReserveEstimate, ReserveRequest, Stop, Survey, Warning,
    reserve_estimate,
};
use crate::units::Metres;
use geo::{BooleanOps, BoundingRect, Contains, Intersects, MultiPolygon, Point, Rect};
use serde::Serialize;

/// Probes farther from the outline's bounds than this are not "around" it: a survey line runs past the boundary by a
/// probe or two, not by half a kilometre.
const REACH_M: f64 = 500.0;

/// What is asked for: a deposit, an area, or the part of a deposit in an area.
#[derive(Debug, Clone, Default)]
pub struct ReservesQuery {
    /// Deposit, by identifier, code or name.
    pub deposit: Option<String>,
    /// Area to clip to, CRS84.
    pub area: Option<MultiPolygon>,
    /// Working system of this estimate; the project's where none is given.
    pub crs: Option<Crs>,
    /// Method, cut-offs and the rest.
    pub request: ReserveRequest,
}

impl ReservesQuery {
    /// Sets an input by its name.
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        if name == "crs" {
            let wrong = |error: crate::crs::CrsError| InputError { parameter: "crs".into(), detail: format!("crs: {error}") };
            self.crs = Some(Crs::parse(text).map_err(wrong)?);
            return Ok(());
        }
        self.request.set(name, text)
    }
}

/// How a deposit is called.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names are those of the layer")]
pub struct DepositLabel {
    pub id: FeatureId,
    pub code: Option<String>,
    pub name: String,
    pub name_ru: Option<String>,
    pub synthetic: bool,
}

/// Reserves of a deposit, stated ones beside computed ones.
#[derive(Debug, Clone, Serialize)]
pub struct DepositReserves {
    /// The deposit; none where only an area was asked for.
    pub deposit: Option<DepositLabel>,
    /// The estimate.
    #[serde(flatten)]
    pub estimate: ReserveEstimate,
    /// Reserves as officially stated.
    pub stated: Vec<ReserveStatement>,
    /// Whether anything it was computed from is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}

impl Workbench {
    /// Estimates reserves.
    ///
    /// # Errors
    /// [`PlanningError`]: no such deposit, an area that misses it, nothing known of its depth, a system that is not metric.
    pub fn deposit_reserves(&self, query: &ReservesQuery, progress: &dyn Progress) -> Result<DepositReserves, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let place = query.deposit.as_deref().map(|name| self.deposit_place(name)).transpose()?;
        let survey = self.survey(place, query)?;
        let subject = match (place, &query.area) {
            (Some(place), _) => format!("deposit {}", nouns.deposits[place].name),
            (None, _) => "the area".to_owned(),
        };
        let computed = reserve_estimate(&survey, &query.request, self.most_cells, progress)
            .map_err(|error| PlanningError::Estimate { subject, error })?;
        let mut hash = InputsHash::new();
        hash.survey(&survey, &query.request);
        let deposit = place.map(|place| &nouns.deposits[place]);
        let mut estimate = computed.estimate;
        estimate.warnings.extend(self.strip_warnings(&survey, &query.request));
        if let Some(warning) = self.synthetic_warning(deposit) {
            estimate.warnings.push(warning);
        }
        Ok(DepositReserves {
            deposit: deposit.map(label),
            estimate,
            stated: place.map(|place| nouns.statements_on(place).cloned().collect()).unwrap_or_default(),
            synthetic: deposit.map_or_else(|| self.catalogue.is_synthetic(), |deposit| deposit.synthetic),
            inputs_hash: hash.finish(),
            software_version: SOFTWARE_VERSION,
        })
    }

    pub(super) fn deposit_place(&self, name: &str) -> Result<usize, PlanningError> {
        let place = super::meant("deposit", self.catalogue.nouns.deposit_meant(name))?;
        place.ok_or_else(|| PlanningError::NoDeposit {
            name: name.to_owned(),
            known: self.catalogue.nouns.deposits.iter().map(|deposit| deposit.name.clone()).collect(),
        })
    }

    /// What the reader should know of the strips around what takes land near the deposit.
    fn strip_warnings(&self, survey: &Survey, request: &ReserveRequest) -> Vec<Warning> {
        let near = |constraint: &&Constraint| survey.constraints.iter().any(|area| area.id == constraint.id);
        let looked_at = request.choices.constraints != ConstraintUse::Ignore;
        let constraints = self.catalogue.nouns.constraints.iter().filter(|_| looked_at).filter(near);
        constraints.filter_map(Constraint::strip_warning).map(|(code, text)| Warning::new(code, text)).collect()
    }

    fn synthetic_warning(&self, deposit: Option<&Deposit>) -> Option<Warning> {
        let synthetic = deposit.map_or_else(|| self.catalogue.is_synthetic(), |deposit| deposit.synthetic);
        synthetic.then(|| Warning::new("synthetic", "the data are invented for demonstration"))
    }

    /// The reserves of a whole deposit with what they were computed from, in the project's system.
    pub(super) fn computed_reserves(
        &self,
        place: usize,
        request: &ReserveRequest,
        progress: &dyn Progress,
    ) -> Result<ComputedReserves, PlanningError> {
        let query = ReservesQuery { request: request.clone(), ..ReservesQuery::default() };
        let survey = self.survey(Some(place), &query)?;
        let subject = format!("deposit {}", self.catalogue.nouns.deposits[place].name);
        reserve_estimate(&survey, request, self.most_cells, progress).map_err(|error| PlanningError::Estimate { subject, error })
    }

    /// Gathers what is known of the deposit or area in the system asked for.
    pub(super) fn survey(&self, place: Option<usize>, query: &ReservesQuery) -> Result<Survey, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let project_crs = &self.catalogue.project.working_crs;
        let crs = query.crs.as_ref().unwrap_or(project_crs);
        let outline_crs84 = self.outline_crs84(place, query.area.as_ref())?;
        if let Some(middle) = query.crs.as_ref().and(outline_crs84.bounding_rect()).map(Rect::center) {
            crs.check_metric_at(middle.x, middle.y)?;
        }
        let way = Reprojection::new(&Crs::crs84(), crs)?;
        let outline = match place.filter(|_| query.area.is_none() && crs == project_crs) {
            Some(place) => nouns.deposits[place].outline.clone(),
            None => way.shape(&outline_crs84)?,
        };
        let near = outline.bounding_rect().map(|rect| grown(rect, REACH_M));
        let (mut probes_inside, mut probes_outside) = (Vec::new(), Vec::new());
        for (probe, home) in nouns.probes.iter().zip(nouns.deposit_of_probe.iter()) {
            // A probe in another deposit says nothing of this one.
            if place.is_some() && home.is_some() && *home != place {
                continue;
            }
            let probed = probed_depth(probe, &way, crs == project_crs)?;
            let inside = match (place, &query.area) {
                (Some(_), None) => *home == place,
                _ => outline.contains(&Point::new(probed.x, probed.y)),
            };
            if inside {
                probes_inside.push(probed);
            } else if near.is_some_and(|near| near.contains(&Point::new(probed.x, probed.y))) {
                probes_outside.push(probed);
            }
        }
        let in_outline = |position: &Point| outline_crs84.contains(position);
        let own = nouns.cores.iter().zip(nouns.deposit_of_core.iter()).filter(|(core, home)| match place {
            Some(_) => **home == place,
            None => crs84_of(core.position, project_crs).is_some_and(|position| in_outline(&position)),
        });
        let cores = own.map(|(core, _)| moved(core, project_crs, crs)).collect::<Result<Vec<Core>, _>>()?;
        Ok(Survey {
            crs: crs.to_string(),
            area_ellipsoidal: ellipsoidal_area(&outline_crs84),
            probes_inside,
            probes_outside,
            cores,
            constraints: self.constraints_near(&outline, crs, query.request.numbers.given("fire_break_m").map(Metres))?,
            stated_mean_depth: place.and_then(|place| nouns.deposits[place].stated_mean_depth),
            outline,
        })
    }

    fn outline_crs84(&self, place: Option<usize>, area: Option<&MultiPolygon>) -> Result<MultiPolygon, PlanningError> {
        let missing = |detail: &str| InputError { parameter: "area".into(), detail: detail.into() };
        match (place.map(|place| &self.catalogue.nouns.deposits[place]), area) {
            (Some(deposit), None) => Ok(deposit.outline_crs84.clone()),
            (Some(deposit), Some(area)) => {
                let common = deposit.outline_crs84.intersection(area);
                if common.0.is_empty() {
                    return Err(missing(
                        "area lies wholly outside the deposit; draw it over the deposit, or leave the deposit out",
                    )
                    .into());
                }
                Ok(common)
            }
            (None, Some(area)) => Ok(area.clone()),
            (None, None) => Err(missing("give a deposit, or an area as a GeoJSON polygon").into()),
        }
    }

    /// The land of constraints whose bounds touch those of the outline. The strips of all but the fire breaks do not depend
    /// on the request and are made once.
    fn constraints_near(
        &self,
        outline: &MultiPolygon,
        crs: &Crs,
        fire_break: Option<Metres>,
    ) -> Result<Vec<ConstraintArea>, PlanningError> {
        let project_crs = &self.catalogue.project.working_crs;
        let Some(extent) = outline.bounding_rect() else { return Ok(Vec::new()) };
        let way = Reprojection::new(project_crs, crs)?;
        let mut near = Vec::new();
        for (constraint, usual) in self.catalogue.nouns.constraints.iter().zip(self.constraint_areas()) {
            let mut moved = match fire_break {
                Some(_) if constraint.is_fire_break_without_width() => area_of(constraint, fire_break),
                _ => usual.clone(),
            };
            if crs != project_crs {
                moved.area = way.shape(&moved.area)?;
            }
            if moved.area.bounding_rect().is_some_and(|rect| rect.intersects(&extent)) {
                near.push(moved);
            }
        }
        Ok(near)
    }
}

fn grown(rect: Rect, by: f64) -> Rect {
    let (min, max) = (rect.min(), rect.max());
    Rect::new((min.x - by, min.y - by), (max.x + by, max.y + by))
}

pub(super) fn label(deposit: &Deposit) -> DepositLabel {
    DepositLabel {
        id: deposit.id,
        code: deposit.code.clone(),
        name: deposit.name.clone(),
        name_ru: deposit.name_ru.clone(),
        synthetic: deposit.synthetic,
    }
}

fn probed_depth(probe: &Probe, way: &Reprojection, in_project_crs: bool) -> Result<ProbedDepth, PlanningError> {
    let (x, y) = if in_project_crs {
        (probe.position.x(), probe.position.y())
    } else {
        way.point(probe.position_crs84.x(), probe.position_crs84.y())?
    };
    let stopped = probe.censored.then(|| if probe.refusal == Some(Refusal::Wood) { Stop::Wood } else { Stop::Rod });
    Ok(ProbedDepth {
        x,
        y,
        depth: probe.depth,
        stopped,
        year: probe.surveyed_year,
        drained: probe.drained,
        surface_elevation: probe.surface_elevation,
    })
}

/// A core with its place in another system.
fn moved(core: &Core, from: &Crs, to: &Crs) -> Result<Core, PlanningError> {
    if from == to {
        return Ok(core.clone());
    }
    let (x, y) = Reprojection::new(from, to)?.point(core.position.x(), core.position.y())?;
    Ok(Core { position: Point::new(x, y), ..core.clone() })
}

fn crs84_of(position: Point, crs: &Crs) -> Option<Point> {
    let back = Reprojection::new(crs, &Crs::crs84()).ok()?;
    back.point(position.x(), position.y()).ok().map(|(x, y)| Point::new(x, y))
}
