//! Strong validators (RFC 9110, 8.8): a tag that names exactly what a resource's form holds, known before any work is
//! done, so that a client that has it already is told so at once.

use actix_web::http::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What an answer holds, as a tag without the content coding; the coding is added when the body is coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) struct Validator(String);

impl Validator {
    /// A tag of everything that the body depends on: version of the data, canonical query, form, language.
    pub(in crate::api) fn of(parts: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        Self(format!("{:016x}", hasher.finish()))
    }

    /// A tag that begins with the fingerprint of a thing, whatever form of it this is: an edit asks for that part.
    pub(in crate::api) fn of_content(content: u64, form: impl Hash) -> Self {
        let Self(form) = Self::of(form);
        Self(format!("{content:016x}.{form}"))
    }

    /// The fingerprint that a tag of [`Validator::of_content`] begins with.
    pub(in crate::api) fn content(tag: &str) -> Option<u64> {
        tag.split_once('.').and_then(|(content, _)| u64::from_str_radix(content, 16).ok())
    }

    /// The tag as it stands between quotes.
    pub(in crate::api) fn tag(&self) -> &str {
        &self.0
    }

    /// The 304 for a client that has it already, in whatever coding.
    pub(in crate::api) fn not_modified(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let known = request.headers().get(IF_NONE_MATCH)?.to_str().ok()?;
        let known = known.split(',').map(str::trim).find(|tag| {
            let tag = tag.trim_start_matches("W/").trim_matches('"');
            tag == "*" || tag == self.0 || tag.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('-'))
        })?;
        let tag = if known == "*" { format!("\"{}\"", self.0) } else { known.to_owned() };
        Some(HttpResponse::NotModified().insert_header((ETAG, tag)).finish())
    }

    /// The header of an answer with the body.
    pub(in crate::api) fn header(&self) -> (actix_web::http::header::HeaderName, HeaderValue) {
        (ETAG, HeaderValue::from_str(&format!("\"{}\"", self.0)).unwrap_or(HeaderValue::from_static("\"\"")))
    }
}
