mod demo;
mod geometry;
mod kriging;
mod properties;
mod surfaces;
mod tydal;
mod variogram;
