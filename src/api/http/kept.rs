//! Finished answers that are kept for the next client: the body in its coding and the headers that go with it, by what
//! they hold, where they were asked for and in which coding. What is kept is bounded in bytes.

use super::coding::{Accepted, Coding, Effort};
use super::surroundings::Surroundings;
use super::validator::Validator;
use crate::api::server::base_address;
use actix_web::http::header::{ETAG, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use moka::sync::Cache;
use std::sync::Arc;

/// What an entry takes beside its body, its headers and its name.
const ENTRY_BYTES: usize = 256;
/// What a header takes beside its name and its value.
const HEADER_BYTES: usize = 96;

/// An answer with status 200.
pub(super) struct KeptAnswer {
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// Plain, and not to be had in a coding: too small, or packed already.
    pub is_plain_for_all: bool,
}

/// The answers.
#[derive(Clone)]
pub(in crate::api) struct KeptAnswers(Cache<String, Arc<KeptAnswer>>);

impl KeptAnswers {
    pub(super) fn new(most_bytes: u64) -> Self {
        let weight = |name: &String, answer: &Arc<KeptAnswer>| {
            let head: usize = answer.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + HEADER_BYTES).sum();
            u32::try_from(name.len() + head + answer.body.len() + ENTRY_BYTES).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(most_bytes).build())
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<KeptAnswer>> {
        self.0.get(name)
    }

    pub(super) fn insert(&self, name: String, answer: KeptAnswer) {
        self.0.insert(name, Arc::new(answer));
    }

    /// Bytes that are kept, about.
    pub(super) fn bytes(&self) -> u64 {
        self.0.weighted_size()
    }
}

/// Under which name an answer is kept. The address by which the client calls the service is part of it: links in the body
/// are built from that, and one client's address is not for another's eyes.
pub(super) fn name_of(request: &HttpRequest, tag: &str, coding: Option<Coding>) -> String {
    let place = request.uri().path_and_query().map_or("", |place| place.as_str());
    format!("{} {tag} {}{place}", coding.map_or("", Coding::name), base_address(request))
}

/// Left at a request whose handler asks for kept answers: its answer is worth keeping in every form.
pub(super) struct WorthKeeping;

impl Validator {
    /// The finished answer of this validator at the same address in the coding that the client likes most, where it was made
    /// lately. Where it was not, the answer that the handler makes will be kept.
    pub(in crate::api) fn kept(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let surroundings = request.app_data::<web::Data<Surroundings>>()?;
        let (_, tag) = self.header();
        let tag = tag.to_str().unwrap_or_default();
        let coding = Accepted::of(request.headers()).best(Effort::Cheap);
        let coded = coding.and_then(|coding| surroundings.kept.get(&name_of(request, tag, Some(coding))));
        let plain = || surroundings.kept.get(&name_of(request, tag, None));
        let kept = coded.or_else(|| plain().filter(|kept| coding.is_none() || kept.is_plain_for_all));
        surroundings.metrics.cache("answers", kept.is_some());
        let Some(kept) = kept else {
            request.extensions_mut().insert(WorthKeeping);
            return None;
        };
        let mut response = HttpResponse::Ok();
        for (name, value) in &kept.headers {
            response.append_header((name.clone(), value.clone()));
        }
        Some(response.body(kept.body.clone()))
    }
}

/// The headers of an answer, to be kept.
pub(super) fn headers_of(headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The tag of an answer, where it is a strong one.
pub(super) fn strong_tag(headers: &HeaderMap) -> Option<String> {
    let tag = headers.get(ETAG)?.to_str().ok()?;
    tag.starts_with('"').then(|| tag.to_owned())
}
