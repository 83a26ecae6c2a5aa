mod demo;
mod geometry;
mod properties;
mod tydal;
