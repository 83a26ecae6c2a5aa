mod demo;
mod geometry;
mod properties;
mod surfaces;
mod tydal;
