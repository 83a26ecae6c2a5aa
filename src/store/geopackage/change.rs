//! A change of one row: read, decided and written in one transaction, with a line in the journal.

use super::extent;
use super::read;
use super::schema::{CHANGES_TABLE, add_lacking_columns};
use super::write::{cells, in_column_type, insert_into};
use crate::catalogue::{Changed, bounds_of, fingerprint_of};
use crate::model::{Feature, FeatureId, Layer};
use crate::store::{Change, StoreError};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params_from_iter};

/// Begins; from here on nobody else writes. Dropped without commit it rolls back.
pub(super) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Does what `decide` says to the row as it is now; none where it says nothing. What is told is read back from the file.
pub(super) fn apply(
    change: &Transaction<'_>,
    layer: Layer,
    id: Option<FeatureId>,
    decide: &mut dyn FnMut(Option<&Feature>) -> Option<Change>,
) -> Result<Option<Changed>, StoreError> {
    let now = id.map(|id| read::feature(change, layer, id)).transpose()?.flatten();
    let Some(wanted) = decide(now.as_ref()) else { return Ok(None) };
    add_lacking_columns(change, layer)?;
    let bounds = |feature: Option<&Feature>| feature.and_then(|feature| feature.geometry.as_ref()).and_then(bounds_of);
    let gone = bounds(now.as_ref());
    let old = now.map(|feature| feature.id).ok_or(StoreError::NoRow { layer, id: id.unwrap_or_default() });
    let (changed, what) = match wanted {
        Change::Insert(feature) => {
            change.prepare_cached(&insert_into(layer))?.execute(params_from_iter(cells(&feature, layer)?))?;
            (Changed::Inserted(kept(change, layer, change.last_insert_rowid(), feature)?), "inserted")
        }
        Change::Replace(feature) => {
            let id = old?;
            let columns = layer.schema().properties.iter().enumerate();
            let columns: String = columns.map(|(place, property)| format!(", \"{}\" = ?{}", property.name, place + 2)).collect();
            let last = layer.schema().properties.len() + 2;
            let sql = format!("UPDATE \"{}\" SET geom = ?1{columns} WHERE fid = ?{last}", layer.table());
            let values = cells(&feature, layer)?.chain(std::iter::once(SqlValue::Integer(id)));
            change.prepare_cached(&sql)?.execute(params_from_iter(values))?;
            (Changed::Replaced(kept(change, layer, id, feature)?), "replaced")
        }
        Change::Delete => {
            let id = old?;
            change.execute(&format!("DELETE FROM \"{}\" WHERE fid = ?1", layer.table()), [id])?;
            (Changed::Deleted(id), "deleted")
        }
    };
    let gone = gone.filter(|_| !matches!(changed, Changed::Inserted(_)));
    extent::follow(change, layer, gone, bounds(changed.feature()))?;
    journal(change, layer, changed.id(), what)?;
    Ok(Some(changed))
}

/// The row as it can be read back; one that is not what was given is refused, and the transaction with it.
fn kept(change: &Transaction<'_>, layer: Layer, id: FeatureId, given: Feature) -> Result<Feature, StoreError> {
    let geometry = given.geometry.map(|geometry| in_column_type(geometry, layer));
    let given = Feature { id, geometry, values: given.values };
    let read = read::feature(change, layer, id)?;
    read.filter(|read| fingerprint_of(read) == fingerprint_of(&given)).ok_or(StoreError::NotKept { layer })
}

fn journal(change: &Transaction<'_>, layer: Layer, id: FeatureId, what: &str) -> Result<(), StoreError> {
    // A file that was made before there was this journal gets it with its first change.
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'peatplan_changes'";
    if change.query_row(sql, [], |_| Ok(())).optional()?.is_none() {
        change.execute_batch(CHANGES_TABLE)?;
    }
    let sql = "INSERT INTO peatplan_changes (layer, row_id, what, software_version) VALUES (?1, ?2, ?3, ?4)";
    change.prepare_cached(sql)?.execute((layer.name(), id, what, env!("CARGO_PKG_VERSION")))?;
    Ok(())
}
