mod geometry;
mod tydal;
