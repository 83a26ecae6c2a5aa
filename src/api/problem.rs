//! Errors as RFC 9457 problems. Which to use: `bad_request` when an input is wrong (name it), `not_found` when a name
//! finds nothing, `unprocessable` when the inputs are fine and the data do not allow an answer, `busy` when others
//! are first, `no_such_job`, `result_not_ready` and `dismissed` of jobs, `internal` when it is our fault (the reason goes to the log, not to the stranger).

use crate::crs::CrsError;
use crate::model::{ClimateError, InputError};
use crate::planning::{
    AllocationError, DemandError, DispatchError, NeedError, PlanningError, PreparationError, ProgramError, RetrofitError,
    Shortfall, SitingError, SizingError, SteamError, StockpileError, UncertaintyError,
};
use crate::query::BboxError;
use crate::reserves::ThicknessError;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::fmt;

/// A problem, as the client sees it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The input that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Limits that must give way, and by how much.
    #[serde(skip_serializing_if = "<[Shortfall]>::is_empty")]
    shortfalls: Box<[Shortfall]>,
    /// When it is worth trying again; a header, no part of the body.
    #[serde(skip)]
    retry_after_seconds: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>, parameter: Option<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            detail: brief(&detail.into()),
            parameter: parameter.map(|name| brief_text(&name)),
            shortfalls: Box::default(),
            retry_after_seconds: None,
        }
    }

    /// The same problem, with the input that it is about, where it does not name one.
    fn about(self, parameter: &str) -> Self {
        Self { parameter: self.parameter.or_else(|| Some(parameter.to_owned())), ..self }
    }

    /// The same problem, as that of a part of what was asked for.
    pub(super) fn of_part(self, part: &str) -> Self {
        Self { detail: format!("{part}: {}", self.detail), ..self }
    }

    /// Says when it is worth trying again.
    pub(super) fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after_seconds: Some(seconds), ..self }
    }

    pub(super) fn bad_request(parameter: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail, Some(parameter.to_owned()))
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail, None)
    }

    pub(super) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail, None)
    }

    /// Who asks has not said who it is, or not truly.
    pub(super) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail, None)
    }

    /// Who asks may not.
    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail, None)
    }

    pub(super) fn too_many_requests(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail, None)
    }

    pub(super) fn address_too_long(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::URI_TOO_LONG, detail, None)
    }

    pub(super) fn head_too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail, None)
    }

    /// Of an error that the framework found by itself.
    pub(super) fn of_status(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, detail, None)
    }

    pub(super) fn busy(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail, None)
    }

    pub(super) fn not_allowed(allowed: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("this address answers {allowed}"), None)
    }

    pub(super) fn not_acceptable(offered: &str) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, format!("this address answers in the forms {offered}; see f="), None)
    }

    pub(super) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail, None)
    }

    pub(super) fn unsupported_media(given: &str, taken: &str) -> Self {
        let detail = format!("a body of type {given:?} is not read here; send {taken}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail, Some("Content-Type".to_owned()))
    }

    pub(super) fn unsupported_coding(given: &str) -> Self {
        let detail = format!("a body coded as {given:?} is not read here; send it plain, or as gzip or deflate");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail, Some("Content-Encoding".to_owned()))
    }

    pub(super) fn precondition_failed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, detail, Some("If-Match".to_owned()))
    }

    pub(super) fn precondition_required(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_REQUIRED, detail, Some("If-Match".to_owned()))
    }

    pub(super) fn no_such_process(id: &str, known: &str) -> Self {
        let detail = format!("there is no process {id:?}; the processes are {known}");
        let kind = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process";
        Self { kind, title: "no such process", ..Self::not_found(detail) }
    }

    pub(super) fn no_such_job(id: &str) -> Self {
        let detail = format!("there is no job {id:?}; results are kept for a while only, then forgotten");
        let kind = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job";
        Self { kind, title: "no such job", ..Self::not_found(detail) }
    }

    pub(super) fn result_not_ready(percent: u8) -> Self {
        let detail = format!("the job has not ended yet; it is at {percent} %");
        let kind = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready";
        Self { kind, title: "result not ready", ..Self::not_found(detail) }
    }

    pub(super) fn dismissed() -> Self {
        Self::new(StatusCode::GONE, "the job was dismissed; its results are gone", None)
    }

    pub(super) fn internal(reason: &dyn fmt::Display) -> Self {
        tracing::error!(%reason, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server could not answer; its log says why", None)
    }
}

/// Characters of a stranger's text that an answer repeats.
const MOST_REPEATED: usize = 80;

/// A text, cut where it is long.
fn brief_text(text: &str) -> String {
    let end = text.char_indices().nth(MOST_REPEATED).map(|(end, _)| end);
    end.map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]))
}

/// A sentence whose quoted texts, as `{:?}` writes them, are cut where they are long: they are what a stranger sent.
fn brief(detail: &str) -> String {
    let mut told = String::with_capacity(detail.len().min(1_024));
    let mut rest = detail;
    while let Some(start) = rest.find('"') {
        let quoted = &rest[start + 1..];
        let mut escaped = false;
        let end = quoted.char_indices().find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else { break };
        told.push_str(&rest[..=start]);
        let cut = brief_text(&quoted[..end]);
        // No half of an escape is left.
        told.push_str(if cut.len() < end { cut.trim_end_matches(['\\', '…']) } else { &quoted[..end] });
        told.push_str(if cut.len() < end { "…\"" } else { "\"" });
        rest = &quoted[end + 1..];
    }
    told.push_str(rest);
    told
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let body = serde_json::to_string(self).unwrap_or_default();
        let kind = ContentType("application/problem+json".parse().unwrap_or(actix_web::mime::APPLICATION_JSON));
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header(kind);
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"peatplan\""));
        }
        let mut response = response.body(body);
        // For whoever answers it in another form.
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<InputError> for Problem {
    fn from(error: InputError) -> Self {
        Self::bad_request(&error.parameter, error.detail)
    }
}

impl From<BboxError> for Problem {
    fn from(error: BboxError) -> Self {
        Self::bad_request("bbox", error.to_string())
    }
}

impl From<AllocationError> for Problem {
    fn from(error: AllocationError) -> Self {
        let detail = error.to_string();
        match error {
            AllocationError::OutOfRange { name, .. } | AllocationError::WrongLength { name, .. } => {
                Self::bad_request(&name, detail)
            }
            AllocationError::TooLarge { .. } => Self::bad_request("years", detail),
            AllocationError::Infeasible(shortfalls) => Self { shortfalls: shortfalls.into(), ..Self::unprocessable(detail) },
            AllocationError::Cancelled => Self::dismissed(),
            AllocationError::Program(ProgramError::TooLarge { .. }) => Self::unprocessable(detail),
            AllocationError::NamedTwice { .. }
            | AllocationError::Unknown { .. }
            | AllocationError::NoQuality { .. }
            | AllocationError::Unproven { .. }
            | AllocationError::Program(_) => Self::internal(&detail),
        }
    }
}

impl From<DemandError> for Problem {
    fn from(error: DemandError) -> Self {
        let detail = error.to_string();
        match error {
            DemandError::OutOfRange { name, .. } | DemandError::Climate(ClimateError::OutOfRange { name, .. }) => {
                Self::bad_request(name, detail)
            }
            DemandError::Climate(ClimateError::Order { .. }) | DemandError::NoSuchYear { .. } => {
                Self::bad_request("design_temperature_c", detail)
            }
            DemandError::Indoor { .. } => Self::bad_request("indoor_temperature_c", detail),
            DemandError::TooMany { .. } => Self::bad_request("consumers", detail),
            DemandError::Weather(_) | DemandError::Load(_) | DemandError::Consumer { .. } => Self::unprocessable(detail),
        }
    }
}

/// The input that a study of steam cannot be made of.
fn steam_input(error: &RetrofitError) -> &'static str {
    match error {
        RetrofitError::Missing { name, .. }
        | RetrofitError::Steam(SteamError::Efficiency { name, .. } | SteamError::Machine { name, .. }) => name,
        RetrofitError::Load(_) => "load",
        RetrofitError::InletTwice
        | RetrofitError::NotSuperheated { .. }
        | RetrofitError::Steam(SteamError::Temperature { .. } | SteamError::SaturatedTemperature { .. }) => "inlet_temperature_c",
        RetrofitError::NoMachine { .. } => "nominal_steam_t_h",
        RetrofitError::Steam(SteamError::NoDrop { .. }) => "outlet_pressure_mpa",
        RetrofitError::Steam(SteamError::Dryness { .. }) => "inlet_dryness",
        RetrofitError::Steam(_) => "inlet_pressure_mpa",
    }
}

impl From<PlanningError> for Problem {
    fn from(error: PlanningError) -> Self {
        let detail = error.to_string();
        match error {
            PlanningError::NoDeposit { .. } => Self::not_found(detail).about("deposit"),
            PlanningError::NoPlant { .. } => Self::not_found(detail).about("plant"),
            PlanningError::Input(error) | PlanningError::Uncertainty(UncertaintyError::Input(error)) => error.into(),
            PlanningError::Estimate { error, .. } => match error {
                ThicknessError::Grid(_) | ThicknessError::TooMuchWork { .. } => Self::bad_request("cell_m", detail),
                ThicknessError::BoundaryTooFine { .. } => Self::bad_request("boundary_step_m", detail),
                ThicknessError::Input(error) => error.into(),
                _ => Self::unprocessable(detail),
            },
            PlanningError::Steam(error) => Self::bad_request(steam_input(&error), detail),
            PlanningError::Need(NeedError::OutOfRange { name, .. }) => Self::bad_request(name, detail),
            PlanningError::Need(NeedError::NoSize) => Self::bad_request("fuel_power_mw", detail),
            PlanningError::Allocation(error) => error.into(),
            PlanningError::Siting(SitingError::FewestAboveMost { .. }) => Self::bad_request("fewest_plants", detail),
            PlanningError::Siting(SitingError::TooEfficient { .. }) => Self::bad_request("power_to_heat", detail),
            PlanningError::Siting(SitingError::BudgetTooSmall { .. }) => Self::unprocessable(detail).about("budget_rub"),
            PlanningError::Siting(SitingError::TooFewSites { .. }) => Self::unprocessable(detail).about("fewest_plants"),
            PlanningError::Siting(SitingError::TooManyRequired { .. }) => Self::unprocessable(detail).about("most_plants"),
            PlanningError::Cancelled
            | PlanningError::Dispatch(DispatchError::Cancelled)
            | PlanningError::Sizing(SizingError::Cancelled)
            | PlanningError::Stockpile(StockpileError::Cancelled)
            | PlanningError::Preparation(PreparationError::Cancelled)
            | PlanningError::Uncertainty(UncertaintyError::Cancelled) => Self::dismissed(),
            PlanningError::Stockpile(StockpileError::TooMany { .. }) => Self::bad_request("season_draws", detail),
            PlanningError::Demand(error) => error.into(),
            PlanningError::Nothing(_)
            | PlanningError::Unit(_)
            | PlanningError::Dispatch(_)
            | PlanningError::Economics(_)
            | PlanningError::Sizing(_)
            | PlanningError::Uncertainty(_)
            | PlanningError::Stockpile(_)
            | PlanningError::Preparation(_)
            | PlanningError::Blend(_)
            | PlanningError::Emissions(_)
            | PlanningError::Candidates(_)
            | PlanningError::Siting(_)
            | PlanningError::Weighing(_) => Self::unprocessable(detail),
            PlanningError::TooFar { .. } | PlanningError::Crs(CrsError::Outside { .. }) => Self::bad_request("at", detail),
            PlanningError::Crs(_) => Self::bad_request("crs", detail),
        }
    }
}
