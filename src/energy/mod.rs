//! Energy: from fuel and steam to power, heat and what they are worth.
//!
//! [`steam`] follows the steam of a boiler house through a back-pressure turbine or a screw expander that stands where
//! a reducing valve stands now; [`emissions`] lays the gases of a plant, its haul and its fields beside those of the present
//! fuel; [`economics`] makes a cash flow and its measures of a project, and [`uncertainty`] draws what nobody knows. The room
//! knows how water and steam behave (it alone names `seuif97`) and what machines make of them; it knows no maps, no files and no
//! clock, and the same input gives the same bits.

pub mod economics;
pub mod emissions;
pub mod steam;
pub mod uncertainty;
