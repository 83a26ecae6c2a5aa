mod bad_input;
mod formats;
mod raster;
mod text_tables;
mod transaction;
