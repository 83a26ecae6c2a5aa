//! One integration binary: claims about the whole program, checked from outside.
#![expect(missing_docs, reason = "tests are named as the claims they check")]

mod api;
mod architecture;
mod exchange;
mod golden;
mod oracle;
mod support;
