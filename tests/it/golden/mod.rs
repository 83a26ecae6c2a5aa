mod geometry;
mod properties;
mod tydal;
