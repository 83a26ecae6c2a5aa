//! Energy: from fuel and steam to power, heat and what they are worth.
//!
//! [`demand`] says who needs heat, steam and power in each hour of a year; [`plant`] makes units of technologies, [`dispatch`] runs
//! them hour by hour, and [`sizing`] chooses how large they should be. [`steam`] follows the steam of a boiler house through a
//! back-pressure turbine or a screw expander that stands where a reducing valve stands now. [`economics`] makes a cash flow and its
//! measures of a project, [`uncertainty`] draws what nobody knows, and [`emissions`] lays the gases of a plant, its haul and its
//! fields beside those of the present fuel.
//!
//! The room knows how water and steam behave (it alone names `seuif97`) and what machines make of them; it knows no maps, no files
//! and no clock, and the same input gives the same bits.

pub mod demand;
pub mod dispatch;
pub mod economics;
pub mod emissions;
pub mod plant;
pub mod sizing;
pub mod steam;
pub mod uncertainty;
