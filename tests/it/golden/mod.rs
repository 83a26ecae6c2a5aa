mod demo;
mod geometry;
mod kriging;
mod properties;
mod tydal;
mod variogram;
