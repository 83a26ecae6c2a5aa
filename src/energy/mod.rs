//! Energy: from fuel and steam to power, heat and what they are worth.
//!
//! [`steam`] follows the steam of a boiler house through a back-pressure turbine or a screw expander that stands where
//! a reducing valve stands now; [`emissions`] lays the gases of a plant, its haul and its fields beside those of the present
//! fuel. The room knows how water and steam behave (it alone names `seuif97`) and what machines make of them; it knows no maps,
//! no files and no clock, and the same input gives the same bits.

pub mod emissions;
pub mod steam;
