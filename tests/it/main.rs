//! One integration binary: claims about the whole program, checked from outside.
#![expect(clippy::unwrap_used, reason = "what a test unwraps is part of its claim")]

mod api;
mod architecture;
mod exchange;
mod golden;
mod oracle;
mod store;
mod support;
