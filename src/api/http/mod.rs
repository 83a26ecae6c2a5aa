//! What HTTP asks of every resource alike, so that no handler has to: the form and the coding of an answer, whether the
//! client has it already, what caches may do with it, who may ask, how much and how often, and what is told of it.

mod caching;
mod coded_body;
mod coding;
mod compress;
mod format;
mod gate;
mod kept;
mod metrics;
mod origin;
mod rate;
mod sending;
mod surroundings;
mod validator;
mod watch;

pub(in crate::api) mod access;

pub(in crate::api) use compress::finished;
pub(in crate::api) use format::{Format, negotiate};
pub(in crate::api) use gate::guarded;
pub(in crate::api) use metrics::Now;
pub use surroundings::SetupError;
pub(in crate::api) use surroundings::Surroundings;
pub(in crate::api) use validator::{KnownState, Validator};
pub(in crate::api) use watch::watched;
