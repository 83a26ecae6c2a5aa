//! Pages of other sites (the Fetch standard's CORS): they may read, and write only where they are named. Browsers say where
//! a page comes from; a page that has made its own name point to this machine is told by `Host`.

use super::access::is_safe;
use super::compress::vary_by;
use crate::api::problem::Problem;
use crate::config::{Config, host_of, is_loopback_host};
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
};

/// Headers that a script of another site may read.
const EXPOSED: &str = "ETag, Link, Location, Content-Crs, Content-Disposition, OGC-NumberMatched, OGC-NumberReturned, \
     Prefer-Applied, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id";
/// Headers that a script of another site may send.
const TAKEN: &str = "Accept, Accept-Crs, Accept-Language, Authorization, Content-Crs, Content-Type, If-Match, If-None-Match, \
     Prefer, X-API-Key, X-Request-Id";
/// How long a browser remembers a preflight; two hours are the most that one takes.
const REMEMBERED_SECONDS: u32 = 7_200;
const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Whose pages may do what.
pub(super) struct Origins {
    allowed: Vec<String>,
    public_host: Option<String>,
    listens_at_loopback: bool,
    reads_from_anywhere: bool,
}

impl Origins {
    pub(super) fn new(config: &Config) -> Self {
        let plain = |origin: &String| origin.trim_end_matches('/').to_ascii_lowercase();
        Self {
            allowed: config.allowed_origins.iter().map(plain).collect(),
            public_host: config.public_address.as_deref().map(|address| host_of(address).to_ascii_lowercase()),
            listens_at_loopback: config.listen.ip().is_loopback(),
            reads_from_anywhere: config.reads_from_anywhere,
        }
    }

    /// Whether pages of an origin may do all that the service's own may: it is the service, or it is named in the settings.
    fn is_trusted(&self, origin: &str, host: Option<&str>) -> bool {
        let origin = origin.to_ascii_lowercase();
        let own = |host: &str| origin.contains("://") && host_of(&origin).eq_ignore_ascii_case(host);
        self.allowed.contains(&origin) || host.is_some_and(own) || self.public_host.as_deref().is_some_and(own)
    }

    /// Refuses what a page of another site sends by a method that may change something.
    pub(super) fn check(&self, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
        if is_safe(method) {
            return Ok(());
        }
        let host = text(headers, &HOST);
        let known_host = |host: &str| {
            is_loopback_host(host) || self.public_host.as_deref().is_some_and(|public| public.eq_ignore_ascii_case(host))
        };
        if self.listens_at_loopback && !host.is_some_and(known_host) {
            return Err(Problem::forbidden(format!(
                "the service listens for this machine and takes {method} only under a name of it, not as {:?}; start it with \
                 --public-address to give it another",
                host.unwrap_or_default()
            )));
        }
        match headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or("null")) {
            Some(origin) if !self.is_trusted(origin, host) => Err(Problem::forbidden(format!(
                "pages of {origin:?} may read here and send nothing; start the service with --allow-origin to let them"
            ))),
            _ => Ok(()),
        }
    }

    /// The answer to a browser that asks before it sends; none where the request is not such a question.
    pub(super) fn preflight(&self, method: &Method, headers: &HeaderMap) -> Option<HttpResponse> {
        let origin = text(headers, &ORIGIN)?;
        if method != Method::OPTIONS || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
            return None;
        }
        let trusted = self.is_trusted(origin, text(headers, &HOST));
        let mut response = HttpResponse::NoContent();
        for name in ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"] {
            response.append_header(("Vary", name));
        }
        if trusted || self.reads_from_anywhere {
            let methods = if trusted { "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE" } else { "GET, HEAD, OPTIONS" };
            response
                .insert_header((ACCESS_CONTROL_ALLOW_METHODS, methods))
                .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, TAKEN))
                .insert_header((ACCESS_CONTROL_MAX_AGE, REMEMBERED_SECONDS));
        }
        if trusted && headers.contains_key(REQUEST_PRIVATE_NETWORK) {
            response.insert_header((ALLOW_PRIVATE_NETWORK, "true"));
        }
        Some(response.finish())
    }

    /// Whether an answer's readers depend on who asked.
    pub(super) fn depends_on_origin(&self) -> bool {
        !self.reads_from_anywhere
    }

    /// Says on an answer who may read it.
    pub(super) fn say(&self, origin: Option<&str>, host: Option<&str>, headers: &mut HeaderMap) {
        let value = match origin {
            _ if self.reads_from_anywhere => Some(HeaderValue::from_static("*")),
            Some(origin) if self.is_trusted(origin, host) => HeaderValue::from_str(origin).ok(),
            _ => None,
        };
        if let Some(value) = value {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
        if self.depends_on_origin() {
            vary_by(headers, "Origin");
        }
    }
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(settings: impl FnOnce(&mut Config)) -> Origins {
        let mut config = Config::default();
        settings(&mut config);
        Origins::new(&config)
    }

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_page_of_another_site_sends_nothing_unless_it_is_named() {
        let plain = origins(|_| {});
        let named = origins(|config| config.allowed_origins = vec!["https://Maps.example/".into()]);
        let public = origins(|config| config.public_address = Some("https://peat.example".into()));
        let takes = |origins: &Origins, host: &str, origin: Option<&str>| {
            let mut pairs = vec![(HOST, host)];
            pairs.extend(origin.map(|origin| (ORIGIN, origin)));
            origins.check(&Method::POST, &headers(&pairs)).is_ok()
        };
        assert!(takes(&plain, "127.0.0.1:8080", None), "no browser");
        assert!(takes(&plain, "localhost:8080", Some("http://localhost:8080")));
        assert!(!takes(&plain, "localhost:8080", Some("http://localhost:3000")), "another port is another site");
        assert!(!takes(&plain, "localhost:8080", Some("https://maps.example")));
        assert!(!takes(&plain, "localhost:8080", Some("null")));
        assert!(!takes(&plain, "rebound.example:8080", Some("http://rebound.example:8080")), "its own name points here");
        assert!(!takes(&plain, "rebound.example", None));
        assert!(takes(&named, "localhost:8080", Some("https://maps.example")));
        assert!(takes(&public, "peat.example", Some("https://peat.example")));
        assert!(takes(&public, "127.0.0.1:8080", Some("https://peat.example")), "a proxy that gives its own host");
        assert!(!takes(&public, "peat.example", Some("https://peat.example.evil.example")));
        let elsewhere = origins(|config| config.listen = ([0, 0, 0, 0], 80).into());
        assert!(takes(&elsewhere, "peat.example", Some("http://peat.example")));
        assert!(plain.check(&Method::GET, &headers(&[(HOST, "rebound.example")])).is_ok());
    }
}
