//! Who asks, as far as jobs go. The id of a job is its only lock, so a list of ids is shown to nobody but whom the jobs
//! belong to: a caller is known by the key it brings, and without one only where nobody but the own machine can call.

use super::state::State;
use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, FORWARDED, HeaderName};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The name under which a caller's jobs are kept; none for a stranger, who finds jobs by their ids alone. A key is kept
/// as its hash: what a list is compared with need not be a secret in memory.
pub(super) fn caller(request: &HttpRequest, state: &State) -> Option<String> {
    let header = |name: &HeaderName| request.headers().get(name).map(actix_web::http::header::HeaderValue::as_bytes);
    if let Some(key) = header(&AUTHORIZATION).or_else(|| header(&API_KEY)) {
        let hash = Sha256::digest(key);
        return Some(hash.iter().fold("key:".to_owned(), |mut name, byte| {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        }));
    }
    // Behind a proxy every caller comes from the own machine.
    let proxied = state.config.public_address.is_some() || header(&FORWARDED).is_some() || header(&FORWARDED_FOR).is_some();
    let at_home = request.peer_addr().is_some_and(|peer| peer.ip().is_loopback()) && state.config.listen.ip().is_loopback();
    (at_home && !proxied).then(|| "this machine".to_owned())
}
