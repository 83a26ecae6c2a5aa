//! Links, and the query parameters that every resource takes.

use crate::api::language::Language;
use crate::api::problem::Problem;
use serde::Serialize;
use std::fmt::Write;

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
pub(in crate::api) const HTML: &str = "text/html";
pub(in crate::api) const SCHEMA_JSON: &str = "application/schema+json";
/// Clients look for exactly this type.
pub(in crate::api) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

impl Link {
    pub(in crate::api) fn new(href: impl Into<String>, rel: &'static str, kind: &'static str, title: &str) -> Self {
        // Clients compare the type alone; in which letters a text is written, its own header says.
        let kind = kind.strip_suffix("; charset=utf-8").unwrap_or(kind);
        Self { href: href.into(), rel, kind, title: title.to_owned(), templated: false }
    }

    /// The same with variables in its address, such as `{tileRow}`.
    pub(in crate::api) fn templated(mut self) -> Self {
        self.templated = true;
        self
    }

    /// The link as a header (RFC 8288). Titles stay out: a header has no place for most letters.
    pub(in crate::api) fn header(&self) -> String {
        format!("<{}>; rel=\"{}\"; type=\"{}\"", self.href, self.rel, self.kind)
    }

    pub(in crate::api) fn rel(&self) -> &'static str {
        self.rel
    }

    pub(in crate::api) fn href(&self) -> &str {
        &self.href
    }

    pub(in crate::api) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(in crate::api) fn title(&self) -> &str {
        &self.title
    }
}

/// Refuses query parameters that a resource does not know (OGC API Features, requirement 8); `f` and `lang` are known
/// everywhere.
pub(in crate::api) fn check_parameters(inputs: &[(String, String)], known: &[&str]) -> Result<(), Problem> {
    for (place, (name, _)) in inputs.iter().enumerate() {
        if inputs[..place].iter().any(|(other, _)| other == name) {
            return Err(Problem::bad_request(name, format!("{name} is given more than once")));
        }
        match name.as_str() {
            // Whether the form is one that the resource has is said where forms are negotiated.
            "f" => {}
            "lang" => Language::check(&inputs[place].1)?,
            name if known.contains(&name) => {}
            name => {
                let known = if known.is_empty() { "none but f and lang".to_owned() } else { known.join(", ") };
                return Err(Problem::bad_request(
                    name,
                    format!("there is no parameter {name:?} here; the parameters are {known}"),
                ));
            }
        }
    }
    Ok(())
}

/// Names and texts as a query string; letters that mean something in one are written as their codes.
pub(in crate::api) fn query_text<'a>(pairs: impl IntoIterator<Item = &'a (String, String)>) -> String {
    let mut query = String::new();
    for (name, text) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        for (part, end) in [(name, "="), (text, "")] {
            for byte in part.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~,/:".contains(&byte) {
                    query.push(char::from(byte));
                } else {
                    // Writing to a String cannot fail.
                    let _ = write!(query, "%{byte:02X}");
                }
            }
            query.push_str(end);
        }
    }
    query
}
