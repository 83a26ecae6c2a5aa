//! How many requests a client may make: a bucket a client (GCRA, by `governor`), so many clients remembered and no more.

use crate::config::RateLimit;
use actix_web::http::header::{HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Counted {
    /// Whoever holds a key, wherever.
    Key(String),
    /// Whoever calls from an address; of IPv6 the network, for a client has all of it.
    Address(IpAddr),
    /// Clients that came when too many were remembered already.
    Others,
}

impl Counted {
    pub(super) fn at(address: Option<IpAddr>) -> Self {
        match address {
            Some(IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
                let [a, b, c, d, ..] = address.segments();
                Self::Address(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
            Some(address) => Self::Address(address.to_canonical()),
            None => Self::Others,
        }
    }
}

/// The buckets.
pub(super) struct Rates {
    limiter: RateLimiter<Counted, DefaultKeyedStateStore<Counted>, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
    limit: RateLimit,
    most_clients: usize,
    /// Clients without a key that have a bucket of their own, and the second since the start in which they came last.
    known: RwLock<HashMap<Counted, AtomicU64>>,
    start: Instant,
}

/// What a client may still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    /// Requests at once from now.
    pub remaining: u32,
    /// Seconds until the next one is taken; 0 where it is now.
    pub wait_seconds: u64,
}

impl Rates {
    pub(super) fn new(limit: RateLimit, most_clients: usize) -> Option<Self> {
        let quota = Quota::per_second(NonZeroU32::new(limit.per_second)?);
        let quota = quota.allow_burst(NonZeroU32::new(limit.burst.max(1))?);
        let clock = DefaultClock::default();
        let limiter: RateLimiter<Counted, DefaultKeyedStateStore<Counted>, DefaultClock> =
            RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone());
        Some(Self {
            limiter: limiter.with_middleware(),
            clock,
            limit,
            most_clients,
            known: RwLock::default(),
            start: Instant::now(),
        })
    }

    /// Counts a request; whether it is taken stands in [`Allowance::wait_seconds`].
    pub(super) fn count(&self, client: &Counted) -> Allowance {
        // There are no more keys than in the file.
        let is_known = matches!(client, Counted::Key(_)) || self.remembers(client);
        let client = if is_known { client } else { &Counted::Others };
        match self.limiter.check_key(client) {
            Ok(left) => Allowance { remaining: left.remaining_burst_capacity(), wait_seconds: 0 },
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.clock.now());
                Allowance { remaining: 0, wait_seconds: wait.as_secs() + 1 }
            }
        }
    }

    /// Whether a client has a bucket of its own. One that has it keeps it, however many others come.
    fn remembers(&self, client: &Counted) -> bool {
        let now = self.start.elapsed().as_secs();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = known.get(client) {
            last.store(now, Ordering::Relaxed);
            return true;
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let has_room = known.len() < self.most_clients;
        if has_room {
            known.insert(client.clone(), AtomicU64::new(now));
        }
        has_room
    }

    /// Forgets clients whose buckets are full again.
    pub(super) fn forget(&self) {
        let full_again = self.start.elapsed().as_secs().saturating_sub(u64::from(self.window()) + 1);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, last| last.load(Ordering::Relaxed) >= full_again);
        known.shrink_to_fit();
        drop(known);
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    pub(super) fn clients(&self) -> usize {
        self.limiter.len()
    }

    /// Seconds in which an empty bucket is full again.
    fn window(&self) -> u32 {
        self.limit.burst.div_ceil(self.limit.per_second.max(1)).max(1)
    }

    /// The limit and what is left of it (draft-ietf-httpapi-ratelimit-headers).
    pub(super) fn headers(&self, allowance: Allowance) -> [(HeaderName, HeaderValue); 2] {
        let (burst, window) = (self.limit.burst, self.window());
        let value = |text: String| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        let (left, wait) = (allowance.remaining, allowance.wait_seconds);
        [
            (HeaderName::from_static("ratelimit-policy"), value(format!("\"client\";q={burst};w={window}"))),
            (HeaderName::from_static("ratelimit"), value(format!("\"client\";r={left};t={wait}"))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(per_second: u32, burst: u32, clients: usize) -> Rates {
        Rates::new(RateLimit { per_second, burst }, clients).unwrap()
    }

    fn client(number: u8) -> Counted {
        Counted::at(Some(IpAddr::from([10, 0, 0, number])))
    }

    #[test]
    fn a_client_has_its_burst_and_waits_then_and_others_do_not() {
        let rates = rates(1, 3, 100);
        let left: Vec<u32> = (0..3).map(|_| rates.count(&client(1)).remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = rates.count(&client(1));
        assert_eq!(refused, Allowance { remaining: 0, wait_seconds: 1 });
        assert_eq!(rates.count(&client(2)).wait_seconds, 0);
        let [(_, policy), (_, state)] = rates.headers(refused);
        assert_eq!((policy.to_str().unwrap(), state.to_str().unwrap()), ("\"client\";q=3;w=3", "\"client\";r=0;t=1"));
    }

    #[test]
    fn more_clients_than_are_remembered_share_a_bucket() {
        let rates = rates(1, 2, 5);
        for number in 0..200 {
            rates.count(&client(number));
        }
        assert_eq!(rates.clients(), 6, "five of their own, one for all others");
        assert_ne!(rates.count(&client(200)).wait_seconds, 0, "the others' bucket is empty");
        assert_eq!(rates.count(&client(3)).wait_seconds, 0, "who came before keeps its own");
        assert_eq!(rates.count(&Counted::Key("editor".into())).wait_seconds, 0, "and so does whoever has a key");
    }

    #[test]
    fn a_network_of_version_six_is_one_client() {
        let at = |text: &str| Counted::at(Some(text.parse().unwrap()));
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:10.0.0.1"), client(1));
        assert!(Rates::new(RateLimit::NONE, 10).is_none());
    }
}
