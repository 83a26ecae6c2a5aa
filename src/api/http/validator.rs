//! Strong validators (RFC 9110, 8.8): a tag that names exactly what a resource's form holds, known before any work is
//! done, so that a client that has it already is told so at once. Handlers know tags without content codings: those are
//! taken off a request on its way in and put onto an answer on its way out.

use super::coding::Coding;
use actix_web::http::header::{ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What an answer holds, as a tag without the content coding; the coding is added when the body is coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) struct Validator(String);

impl Validator {
    /// A tag of everything that the body depends on: version of the data, canonical query, form, language.
    pub(in crate::api) fn of(parts: impl Hash) -> Self {
        Self(format!("{:016x}", Self::number_of(parts)))
    }

    /// What such a tag is made of.
    pub(in crate::api) fn number_of(parts: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        hasher.finish()
    }

    /// A tag that begins with the fingerprint of a thing, whatever form of it this is: an edit asks for that part.
    pub(in crate::api) fn of_content(content: u64, form: impl Hash) -> Self {
        let Self(form) = Self::of(form);
        Self(format!("{content:016x}.{form}"))
    }

    /// The tag as it stands between quotes.
    pub(in crate::api) fn tag(&self) -> &str {
        &self.0
    }

    /// The 304 for a client that has it already, in whatever coding.
    pub(in crate::api) fn not_modified(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let known = is_named(request.headers(), IF_NONE_MATCH, &self.0)?;
        known.then(|| HttpResponse::NotModified().insert_header(self.header()).finish())
    }

    /// The header of an answer with the body.
    pub(in crate::api) fn header(&self) -> (HeaderName, HeaderValue) {
        (ETAG, HeaderValue::from_str(&format!("\"{}\"", self.0)).unwrap_or(HeaderValue::from_static("\"\"")))
    }
}

/// Which state of a thing a client says by `If-Match` that it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) enum KnownState {
    /// Nothing said.
    Unsaid,
    /// Any, as long as there is one.
    Any,
    /// One with such a content, as [`Validator::of_content`] puts it at the beginning of its tags.
    Contents(Vec<u64>),
}

impl KnownState {
    /// Reads a request. Weak tags say nothing of content, so they name none (RFC 9110, 13.1.1).
    pub(in crate::api) fn of(request: &HttpRequest) -> Self {
        let mut said = request.headers().get_all(IF_MATCH).filter_map(|value| value.to_str().ok()).peekable();
        if said.peek().is_none() {
            return Self::Unsaid;
        }
        let tags: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
        if tags == ["*"] {
            return Self::Any;
        }
        let content = |tag: &&str| {
            let (content, _) = tag.strip_prefix('"')?.strip_suffix('"')?.split_once('.')?;
            u64::from_str_radix(content, 16).ok()
        };
        Self::Contents(tags.iter().filter_map(content).collect())
    }
}

/// Whether a header of tags names a tag; none where there is no such header.
fn is_named(headers: &HeaderMap, header: HeaderName, tag: &str) -> Option<bool> {
    let mut values = headers.get_all(header).peekable();
    values.peek()?;
    let named = |known: &str| {
        // A weak one does: what is asked is whether the client has as good as it (RFC 9110, 13.1.2). Whether there is anything
        // at all, which `*` asks, is known when the answer is made.
        plain_tag(known.strip_prefix("W/").unwrap_or(known).trim_matches('"')) == tag
    };
    Some(values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).any(|known| named(known.trim())))
}

/// A tag, between quotes or without them, with the word of a coding behind it taken off.
fn plain_tag(tag: &str) -> &str {
    let coding = Coding::ALL.iter().find_map(|coding| tag.strip_suffix(coding.name())?.strip_suffix('-'));
    coding.unwrap_or(tag)
}

/// The tags that a client says it has, as it said them. Those that handlers see have no coding.
#[derive(Debug, Default)]
pub(super) struct KnownTags(Vec<String>);

impl KnownTags {
    /// Takes the codings off the tags of a request's conditions, and remembers what it has in `If-None-Match`.
    pub(super) fn taken_from(headers: &mut HeaderMap) -> Self {
        if let Some(plain) = headers.get_all(IF_MATCH).next().and_then(|_| without_codings(headers, &IF_MATCH)) {
            headers.insert(IF_MATCH, plain);
        }
        let known: Vec<String> = tags(headers, &IF_NONE_MATCH).map(str::to_owned).collect();
        if known.is_empty() {
            return Self::default();
        }
        if let Some(plain) = without_codings(headers, &IF_NONE_MATCH) {
            headers.insert(IF_NONE_MATCH, plain);
        }
        Self(known)
    }

    /// The client's own tag of what a plain tag, with its quotes, names: what a 304 must answer with.
    pub(super) fn name_of(&self, plain: &str) -> Option<&str> {
        let wanted = opaque(plain);
        self.0.iter().map(String::as_str).find(|known| plain_tag(opaque(known)) == wanted)
    }

    /// Whether the client has it, or anything (`*`).
    pub(super) fn has(&self, plain: &str) -> bool {
        self.name_of(plain).is_some() || self.0.iter().any(|known| known == "*")
    }
}

/// What stands between the quotes of a tag.
fn opaque(tag: &str) -> &str {
    tag.trim_start_matches("W/").trim_matches('"')
}

fn tags<'a>(headers: &'a HeaderMap, header: &HeaderName) -> impl Iterator<Item = &'a str> {
    let texts = headers.get_all(header).filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim).filter(|tag| !tag.is_empty())
}

fn without_codings(headers: &HeaderMap, header: &HeaderName) -> Option<HeaderValue> {
    let plain = tags(headers, header).map(|tag| match tag.strip_suffix('"') {
        Some(rest) => format!("{}\"", plain_tag(rest)),
        None => tag.to_owned(),
    });
    HeaderValue::from_str(&plain.collect::<Vec<_>>().join(", ")).ok()
}

/// A strong tag with the word of a coding; a weak one is of every coding anyway.
pub(super) fn tag_of_coding(tag: &HeaderValue, coding: Coding) -> Option<HeaderValue> {
    let rest = tag.to_str().ok().filter(|tag| !tag.starts_with("W/"))?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{rest}-{}\"", coding.name())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn request(header: HeaderName, text: &str) -> HttpRequest {
        TestRequest::default().insert_header((header, text)).to_http_request()
    }

    #[test]
    fn a_tag_is_known_again_in_every_coding() {
        let validator = Validator::of("content");
        let tag = validator.tag().to_owned();
        let known = |text: String| validator.not_modified(&request(IF_NONE_MATCH, &text)).is_some();
        for text in [format!("\"{tag}\""), format!("W/\"{tag}\""), format!("\"x\", \"{tag}-br\""), format!("\"{tag}-zstd\"")] {
            assert!(known(text.clone()), "{text}");
        }
        // Whether there is anything is not known before the work.
        for text in ["*".to_owned(), "\"x\"".to_owned(), format!("\"{tag}0\""), format!("\"{tag}-deflate\""), String::new()] {
            assert!(!known(text.clone()), "{text}");
        }
        assert!(validator.not_modified(&TestRequest::default().to_http_request()).is_none());
    }

    #[test]
    fn a_condition_on_a_write_takes_strong_tags_alone() {
        let validator = Validator::of_content(0xfeed, "form");
        let tag = validator.tag().to_owned();
        let known = |text: String| KnownState::of(&request(IF_MATCH, &text));
        assert_eq!(known(format!("\"{tag}\"")), KnownState::Contents(vec![0xfeed]));
        assert_eq!(known(format!("\"{tag}-gzip\", \"x\"")), KnownState::Contents(vec![0xfeed]));
        assert_eq!(known("*".into()), KnownState::Any);
        assert_eq!(known(format!("W/\"{tag}\"")), KnownState::Contents(vec![]));
        assert_eq!(known("\"x\"".into()), KnownState::Contents(vec![]));
        assert_eq!(KnownState::of(&TestRequest::default().to_http_request()), KnownState::Unsaid);
    }

    #[test]
    fn handlers_see_tags_without_codings_and_clients_get_their_own_back() {
        let mut headers = HeaderMap::new();
        headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"a-br\", W/\"b-gzip\""));
        headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"c-depth-256\""));
        headers.append(IF_MATCH, HeaderValue::from_static("\"d-zstd\""));
        let known = KnownTags::taken_from(&mut headers);
        assert_eq!(headers.get(IF_NONE_MATCH).unwrap(), "\"a\", W/\"b\", \"c-depth-256\"");
        assert_eq!(headers.get(IF_MATCH).unwrap(), "\"d\"");
        assert_eq!(known.name_of("\"a\""), Some("\"a-br\""));
        assert_eq!(known.name_of("\"b\""), Some("W/\"b-gzip\""));
        assert_eq!(known.name_of("\"d\""), None);
        assert!(known.has("\"c-depth-256\"") && !known.has("\"x\""));
    }
}
