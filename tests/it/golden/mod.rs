mod demo;
mod geometry;
mod kriging;
mod plan;
mod properties;
mod surfaces;
mod tydal;
mod variogram;
