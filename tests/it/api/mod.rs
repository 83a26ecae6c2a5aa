mod features;
mod following;
mod jobs;
mod problems;
mod reserves;
mod supply;
