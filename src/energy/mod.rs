//! Energy: who needs heat, steam and power.

pub mod demand;
