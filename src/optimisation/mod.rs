//! Linear programs, with and without yes-or-no variables: the least cost under rows of limits, what a limit is worth,
//! and by how little an impossible program must be relaxed.
//!
//! It knows nothing of peat, plants or money: numbers go in, numbers come out. It alone names `microlp`, a simplex and
//! branch-and-bound solver in Rust. No answer leaves the room on the solver's word: every optimum is put into the rows
//! again, prices are given only with a proof by strong duality, an impossible program is shown to need relief, and an
//! unbounded one to have a ray. There is no clock in the results: limits count variables, steps and nodes.

mod error;
mod optimum;
mod prices;
mod program;
mod relief;
mod scaling;
mod solve;
mod system;

#[cfg(test)]
mod tests;

pub use error::ProgramError;
pub use optimum::Optimum;
pub use prices::Prices;
pub use program::{LinearProgram, Row, Variable};
pub use relief::{Relief, RowSide};
pub use solve::SolveLimits;
