//! Links, and the query parameters that every resource takes.

use crate::api::problem::Problem;
use serde::Serialize;

/// A link (RFC 8288) as OGC API writes it.
#[derive(Debug, Clone, Serialize)]
pub(in crate::api) struct Link {
    href: String,
    rel: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    /// Whether the address has variables to fill in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    templated: bool,
}

pub(in crate::api) const JSON: &str = "application/json";
pub(in crate::api) const GEOJSON: &str = "application/geo+json";
pub(in crate::api) const SCHEMA_JSON: &str = "application/schema+json";
/// Clients look for exactly this type.
pub(in crate::api) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

impl Link {
    pub(in crate::api) fn new(href: impl Into<String>, rel: &'static str, kind: &'static str, title: &str) -> Self {
        Self { href: href.into(), rel, kind, title: title.to_owned(), templated: false }
    }

    /// The same with variables in its address, such as `{tileRow}`.
    pub(in crate::api) fn templated(mut self) -> Self {
        self.templated = true;
        self
    }

    /// Whether it is of a relation.
    pub(in crate::api) fn is(&self, rel: &str) -> bool {
        self.rel == rel
    }

    /// The link as a header (RFC 8288). Titles stay out: a header has no place for most letters.
    pub(in crate::api) fn header(&self) -> String {
        format!("<{}>; rel=\"{}\"; type=\"{}\"", self.href, self.rel, self.kind)
    }
}

/// Refuses query parameters that a resource does not know (OGC API Features, requirement 8); `f` is known everywhere.
pub(in crate::api) fn check_parameters(inputs: &[(String, String)], known: &[&str]) -> Result<(), Problem> {
    for (place, (name, _)) in inputs.iter().enumerate() {
        if inputs[..place].iter().any(|(other, _)| other == name) {
            return Err(Problem::bad_request(name, format!("{name} is given more than once")));
        }
        match name.as_str() {
            // Whether the form is one that the resource has is said where forms are negotiated.
            "f" => {}
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
