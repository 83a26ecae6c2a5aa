//! All layers out of the file at one moment, on as many threads as the machine has where there is much to read.

use super::read::{LeftOut, layer_rows};
use super::{connect, data_version};
use crate::catalogue::{LayerRows, LayerTable};
use crate::model::{FeatureId, Layer};
use crate::store::StoreError;
use rayon::prelude::*;
use rusqlite::Connection;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Identifiers that are read at a time; what has no more in all is read on one thread.
const IDS_AT_ONCE: i64 = 65_536;
/// Parts of a layer at most: another program may have given identifiers with wide gaps.
const MOST_PARTS: i64 = 32;
/// How often several connections are tried to be brought to the same moment before one reads alone.
const TRIES: usize = 5;
/// Threads that read at most: past them the file is what is waited for.
const MOST_READERS: usize = 8;

/// Connections that see the project at the same moment, for as long as they live; the first is there always.
pub(super) struct Snapshot {
    connections: Vec<Connection>,
}

impl Snapshot {
    /// Takes the moment.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let readers = std::thread::available_parallelism().map_or(1, |count| count.get().min(MOST_READERS));
        for _ in 0..TRIES {
            let watcher = connect(path)?;
            let version = data_version(&watcher)?;
            let first = begin(path)?;
            if readers == 1 || !is_large(&first)? {
                return Ok(Self { connections: vec![first] });
            }
            let mut connections = vec![first];
            for _ in 1..readers {
                connections.push(begin(path)?);
            }
            // Nobody has committed since before the first of them began: all see the same.
            if data_version(&watcher)? == version {
                return Ok(Self { connections });
            }
        }
        Ok(Self { connections: vec![begin(path)?] })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connections[0]
    }

    /// Every layer, in the order of [`Layer::ALL`].
    pub(super) fn tables(self) -> Result<Vec<Arc<LayerTable>>, StoreError> {
        let left_out: Vec<LeftOut> = Layer::ALL.iter().map(|layer| LeftOut::new(*layer)).collect();
        let mut parts = Vec::new();
        for layer in Layer::ALL {
            parts.extend(parts_of(self.connection(), *layer)?.into_iter().map(|ids| (*layer, ids)));
        }
        let next = AtomicUsize::new(0);
        let read = |connection: Connection| -> Result<Vec<(usize, LayerRows)>, StoreError> {
            let mut read = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some((layer, ids)) = parts.get(number) else { return Ok(read) };
                read.push((number, layer_rows(&connection, *layer, ids.clone(), &left_out[*layer as usize])?));
            }
        };
        let mut connections = self.connections;
        let own = connections.remove(0);
        let mut rows: Vec<(usize, LayerRows)> = std::thread::scope(|scope| {
            let others: Vec<_> = connections.into_iter().map(|connection| scope.spawn(|| read(connection))).collect();
            let mut rows = read(own)?;
            for other in others {
                // A panic there is a panic here.
                rows.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok::<_, StoreError>(rows)
        })?;
        rows.sort_unstable_by_key(|(number, _)| *number);
        left_out.iter().for_each(LeftOut::summarise);
        let mut by_layer: Vec<(Layer, Vec<LayerRows>)> = Layer::ALL.iter().map(|layer| (*layer, Vec::new())).collect();
        for (number, rows) in rows {
            by_layer[parts[number].0 as usize].1.push(rows);
        }
        let table = |(layer, parts): (Layer, Vec<LayerRows>)| Arc::new(LayerTable::new(layer.schema(), parts));
        Ok(by_layer.into_par_iter().map(table).collect())
    }
}

/// A connection in a read transaction that has begun.
fn begin(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path)?;
    // Only the first reading fixes the moment.
    connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_master")?;
    Ok(connection)
}

fn is_large(connection: &Connection) -> Result<bool, StoreError> {
    for layer in Layer::ALL {
        if parts_of(connection, *layer)?.len() > 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The identifiers of a layer in parts of about the same width.
fn parts_of(connection: &Connection, layer: Layer) -> Result<Vec<RangeInclusive<FeatureId>>, StoreError> {
    let end = |which: &str| -> Result<Option<FeatureId>, rusqlite::Error> {
        connection.query_row(&format!("SELECT {which}(fid) FROM \"{}\"", layer.table()), [], |row| row.get(0))
    };
    let (Some(first), Some(last)) = (end("min")?, end("max")?) else { return Ok(Vec::new()) };
    let span = last.saturating_sub(first);
    let count = (span / IDS_AT_ONCE + 1).min(MOST_PARTS);
    let width = span / count + 1;
    let start = |part: i64| first.saturating_add(part.saturating_mul(width));
    Ok((0..count).map(|part| start(part)..=if part + 1 == count { last } else { start(part + 1) - 1 }).collect())
}
