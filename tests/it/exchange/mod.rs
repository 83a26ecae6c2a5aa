mod bad_input;
mod formats;
mod text_tables;
mod transaction;
