mod features;
mod following;
mod problems;
mod reserves;
mod supply;
