//! Heat, steam and power.

pub mod emissions;
