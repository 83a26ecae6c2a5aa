//! Links, and the query parameters that every resource takes.

use crate::api::problem::Problem;
use serde::Serialize;

/// A link (RFC 8288) as OGC API writes it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    href: String,
    rel: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
}

pub(super) const JSON: &str = "application/json";
pub(super) const GEOJSON: &str = "application/geo+json";
pub(super) const SCHEMA_JSON: &str = "application/schema+json";
/// Clients look for exactly this type.
pub(super) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

impl Link {
    pub(super) fn new(href: impl Into<String>, rel: &'static str, kind: &'static str, title: &str) -> Self {
        Self { href: href.into(), rel, kind, title: title.to_owned() }
    }
}

/// Refuses query parameters that a resource does not know (OGC API Features, requirement 8). `f` may ask for the one
/// format there is.
pub(super) fn check_parameters(inputs: &[(String, String)], known: &[&str]) -> Result<(), Problem> {
    for (place, (name, text)) in inputs.iter().enumerate() {
        if inputs[..place].iter().any(|(other, _)| other == name) {
            return Err(Problem::bad_request(name, format!("{name} is given more than once")));
        }
        match name.as_str() {
            "f" if matches!(text.as_str(), "json" | "geojson") => {}
            "f" => return Err(Problem::bad_request("f", format!("f must be json; it was {text:?}"))),
            name if known.contains(&name) => {}
            name => {
                let known = if known.is_empty() { "none but f".to_owned() } else { known.join(", ") };
                return Err(Problem::bad_request(
                    name,
                    format!("there is no parameter {name:?} here; the parameters are {known}"),
                ));
            }
        }
    }
    Ok(())
}
