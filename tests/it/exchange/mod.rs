mod bad_input;
mod formats;
mod osm;
mod raster;
mod text_tables;
mod transaction;
mod weather;
