pub mod plant;
pub mod dispatch;
pub mod sizing;
