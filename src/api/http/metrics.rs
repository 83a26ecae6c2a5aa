//! The service's figures, in the text form that Prometheus reads. Labels are routes, methods, states and layers: words that
//! the program knows, never what a stranger sends.

use crate::jobs::{JobState, JobStatus};
use crate::model::Layer;
use crate::planning::{SOFTWARE_VERSION, Workbench};
use actix_web::http::Method;
use prometheus::core::Collector;
use prometheus::{
    Encoder, Gauge, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};
use std::time::Duration;

/// Upper ends of the classes of duration, s: from a 304 to what a request may take at most.
const SECONDS: [f64; 14] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// Counts since the start, and states as they are.
pub(in crate::api) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    bytes: IntCounterVec,
    refused: IntCounterVec,
    lookups: IntCounterVec,
    rows: IntCounter,
    under_way: IntGauge,
    kept_bytes: IntGauge,
    clients: IntGauge,
    jobs: IntGaugeVec,
    catalogue_version: IntGauge,
    catalogue_age: Gauge,
    features: IntGaugeVec,
    resident: IntGauge,
}

impl Metrics {
    pub(super) fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| {
            keep(&registry, IntCounterVec::new(Opts::new(format!("peatplan_{name}"), help), labels)?)
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            keep(&registry, IntGaugeVec::new(Opts::new(format!("peatplan_{name}"), help), labels)?)
        };
        let gauge = |name: &str, help: &str| keep(&registry, IntGauge::new(format!("peatplan_{name}"), help)?);
        let classes = HistogramOpts::new("peatplan_http_request_seconds", "Time until the last byte was handed over, by route");
        let seconds = keep(&registry, HistogramVec::new(classes.buckets(SECONDS.to_vec()), &["route"])?)?;
        let version = gauges("build_info", "The software's version", &["version"])?;
        version.with_label_values(&[SOFTWARE_VERSION]).set(1);
        let metrics = Self {
            requests: counters("http_requests_total", "Requests by route, method and status", &["route", "method", "status"])?,
            seconds,
            bytes: counters("http_answer_bytes_total", "Bytes of bodies sent, coded as they were sent", &["route"])?,
            refused: counters("http_refused_total", "Requests refused before they reached a handler, by reason", &["reason"])?,
            lookups: counters("cache_lookups_total", "Lookups in caches", &["cache", "outcome"])?,
            rows: keep(&registry, IntCounter::new("peatplan_rows_served_total", "Features on the pages served")?)?,
            under_way: gauge("http_requests_under_way", "Requests whose answers have not begun")?,
            kept_bytes: gauge("kept_answers_bytes", "Finished answers that are kept")?,
            clients: gauge("rate_clients", "Clients whose rates are remembered")?,
            jobs: gauges("jobs", "Long computations that are remembered, by state", &["state"])?,
            catalogue_version: gauge("catalogue_version", "Version of the data in force")?,
            catalogue_age: keep(
                &registry,
                Gauge::new("peatplan_catalogue_age_seconds", "Time since the data in force were loaded")?,
            )?,
            features: gauges("layer_features", "Features of a layer", &["layer"])?,
            resident: keep(&registry, IntGauge::new("process_resident_memory_bytes", "Memory of the process that is in RAM")?)?,
            registry,
        };
        Ok(metrics)
    }

    /// An answer that has been sent. `route` is the template of its address.
    pub(super) fn answered(&self, route: &str, method: &Method, status: u16, bytes: u64, time: Duration) {
        self.requests.with_label_values(&[route, method_name(method), status_text(status).as_str()]).inc();
        self.seconds.with_label_values(&[route]).observe(time.as_secs_f64());
        self.bytes.with_label_values(&[route]).inc_by(bytes);
    }

    /// A request that was turned away at the door.
    pub(super) fn refused(&self, reason: &'static str) {
        self.refused.with_label_values(&[reason]).inc();
    }

    /// A lookup in a cache, and whether it found anything.
    pub(in crate::api) fn cache(&self, cache: &'static str, hit: bool) {
        self.lookups.with_label_values(&[cache, if hit { "hit" } else { "miss" }]).inc();
    }

    /// Features that went out.
    pub(super) fn rows_served(&self, rows: u64) {
        self.rows.inc_by(rows);
    }

    pub(super) fn under_way(&self, count: usize) {
        self.under_way.set(whole(count));
    }

    /// Everything as text, with states as they are now.
    pub(in crate::api) fn text(&self, now: &Now<'_>) -> Result<Vec<u8>, prometheus::Error> {
        let catalogue = now.bench.catalogue();
        self.kept_bytes.set(i64::try_from(now.kept_bytes).unwrap_or(i64::MAX));
        self.clients.set(whole(now.rate_clients));
        self.catalogue_version.set(i64::try_from(catalogue.data_version).unwrap_or(i64::MAX));
        self.catalogue_age.set(now.catalogue_age.as_secs_f64());
        for layer in Layer::ALL {
            self.features.with_label_values(&[layer.name()]).set(whole(catalogue.table(*layer).len()));
        }
        for (state, name) in STATES {
            let count = now.jobs.iter().filter(|job| job.state == state).count();
            self.jobs.with_label_values(&[name]).set(whole(count));
        }
        self.resident.set(resident_bytes().unwrap_or(0));
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// What is asked at the moment of the question.
pub(in crate::api) struct Now<'a> {
    pub bench: &'a Workbench,
    pub jobs: &'a [JobStatus],
    pub catalogue_age: Duration,
    pub kept_bytes: u64,
    pub rate_clients: usize,
}

const STATES: [(JobState, &str); 5] = [
    (JobState::Accepted, "accepted"),
    (JobState::Running, "running"),
    (JobState::Successful, "successful"),
    (JobState::Failed, "failed"),
    (JobState::Dismissed, "dismissed"),
];

fn keep<C: Collector + Clone + 'static>(registry: &Registry, collector: C) -> Result<C, prometheus::Error> {
    registry.register(Box::new(collector.clone()))?;
    Ok(collector)
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Its name; those that nobody has heard of share one.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

fn status_text(status: u16) -> String {
    status.to_string()
}

/// As Linux tells it, in kilobytes; other systems do not.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<i64>().ok().map(|kilobytes| kilobytes * 1_024)
}
