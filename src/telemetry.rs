//! The log: to standard error, one line an event, its level by `RUST_LOG` (`info` where that is not set).

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts the log; a second call does nothing.
pub fn start(default_level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default_level));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    // Tests start it many times over; the first one holds.
    let _ = log.try_init();
}
