//! What an import did, row by row where something was not as it should be.

use serde::Serialize;

/// Lines that a report keeps of each kind; the totals go on counting.
const LINES_KEPT: usize = 1_000;

/// A row and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowNote {
    /// Row as people count them: the first data row is 1.
    pub row: u64,
    /// What is to be said.
    pub text: String,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows in the file.
    pub rows_read: u64,
    /// Features given to the project.
    pub added: u64,
    /// Rows refused, with the reason.
    pub rejected: Vec<RowNote>,
    /// How many were refused in all.
    pub rejected_total: u64,
    /// Rows whose polygon was repaired, with what was wrong.
    pub repaired: Vec<RowNote>,
    /// How many were repaired in all.
    pub repaired_total: u64,
    /// Rows that repeat an earlier one wholly (left out), or lie at its place (kept).
    pub duplicates: Vec<RowNote>,
    /// How many in all.
    pub duplicates_total: u64,
    /// Rows whose heights were dropped.
    pub heights_dropped: u64,
    /// The coordinate system that the file's coordinates were read in.
    pub source_crs: String,
    /// Which field became which property.
    pub mapped: Vec<(String, String)>,
    /// Fields of the file that no property took.
    pub unused_fields: Vec<String>,
    /// What else should be known.
    pub remarks: Vec<String>,
}

impl ImportReport {
    pub(super) fn reject(&mut self, row: u64, text: String) {
        self.rejected_total += 1;
        note(&mut self.rejected, row, text);
    }

    pub(super) fn repair(&mut self, row: u64, text: String) {
        self.repaired_total += 1;
        note(&mut self.repaired, row, text);
    }

    pub(super) fn duplicate(&mut self, row: u64, text: String) {
        self.duplicates_total += 1;
        note(&mut self.duplicates, row, text);
    }
}

fn note(list: &mut Vec<RowNote>, row: u64, text: String) {
    if list.len() < LINES_KEPT {
        list.push(RowNote { row, text });
    }
}
