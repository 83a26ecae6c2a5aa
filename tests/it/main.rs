//! One integration binary: claims about the whole program, checked from outside.
#![expect(missing_docs, reason = "tests are named as the claims they check")]

mod golden;
mod support;
