mod features;
mod following;
mod jobs;
mod problems;
mod reserve_layers;
mod reserves;
mod supply;
mod tiles;
