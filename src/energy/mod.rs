pub mod economics;
pub mod uncertainty;
