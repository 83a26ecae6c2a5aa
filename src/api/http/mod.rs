//! What HTTP asks of every resource alike: which form of it a client wants, and whether the client has it already.

mod format;
mod validator;

pub(in crate::api) use format::{Format, negotiate};
pub(in crate::api) use validator::Validator;
