//! What caches may do with an answer where its handler does not say: data are asked for again each time and cost a 304,
//! parts of the map that are named by their content last, states of the service are kept by nobody.

use crate::config::Config;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

pub(super) const NO_STORE: &str = "no-store";
/// A year, the longest that caches mind.
const LASTING: &str = "public, max-age=31536000, immutable";

/// The settings that caching depends on.
pub(super) struct Caching {
    data: HeaderValue,
    tiles: HeaderValue,
    is_private: bool,
}

impl Caching {
    pub(super) fn new(config: &Config) -> Self {
        let whose = if config.reads_need_a_key { "private" } else { "public" };
        let lasts = match config.tile_max_age_seconds {
            0 => format!("{whose}, no-cache"),
            seconds => format!("{whose}, max-age={seconds}"),
        };
        let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("no-cache"));
        Self { data: value(&format!("{whose}, no-cache")), tiles: value(&lasts), is_private: config.reads_need_a_key }
    }
}

/// Says it, unless the handler has.
pub(super) fn say(caching: &Caching, request: &HttpRequest, head: &mut HttpResponse<()>) {
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    if !reads {
        return;
    }
    if let Some(said) = head.headers().get(CACHE_CONTROL).and_then(|said| said.to_str().ok()) {
        // A handler knows how long, and not whose: what needs a key is for no cache that others share.
        if let Some(rest) = said.strip_prefix("public").filter(|_| caching.is_private)
            && let Ok(private) = HeaderValue::from_str(&format!("private{rest}"))
        {
            head.headers_mut().insert(CACHE_CONTROL, private);
        }
        return;
    }
    let path = request.path();
    let state = ["/jobs", "/ogc/jobs", "/health", "/metrics"]
        .iter()
        .any(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let value = if head.status().is_client_error() || head.status().is_server_error() || state {
        HeaderValue::from_static(NO_STORE)
    } else if path.starts_with("/assets/") {
        // Their names are made of their content.
        HeaderValue::from_static(LASTING)
    } else if is_tile(path) {
        caching.tiles.clone()
    } else {
        caching.data.clone()
    };
    head.headers_mut().insert(CACHE_CONTROL, value);
}

/// Whether an address ends as tiles' do: `…/tiles/{set}/{zoom}/{row}/{column}`, with or without the name of a form.
fn is_tile(path: &str) -> bool {
    let Some((_, place)) = path.rsplit_once("/tiles/") else { return false };
    let numbers = place.split('/').skip(1).map(|part| part.split('.').next().unwrap_or_default());
    let mut count = 0;
    let all_digits = numbers.inspect(|_| count += 1).all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    all_digits && count == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_told_by_their_address() {
        for path in ["/ogc/collections/probes/tiles/WebMercatorQuad/3/2/1", "/ogc/tiles/X/0/0/0.mvt"] {
            assert!(is_tile(path), "{path}");
        }
        for path in ["/ogc/tiles", "/ogc/tiles/X", "/ogc/tiles/X/1/2", "/ogc/tiles/X/a/b/c", "/ogc/tiles/X/1/2/3/4"] {
            assert!(!is_tile(path), "{path}");
        }
    }
}
