//! What is true, false or unknown of each row of a table.

use fixedbitset::{Block, FixedBitSet};

/// Rows of which something is true, and rows of which it is false; of the others it is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) yes: FixedBitSet,
    pub(super) no: FixedBitSet,
}

/// A bit a row.
pub(super) fn bits(rows: usize, holds: impl Fn(usize) -> bool) -> FixedBitSet {
    let width = Block::BITS as usize;
    let blocks = (0..rows.div_ceil(width)).map(|block| {
        let first = block * width;
        let last = rows.min(first + width);
        (first..last).fold(0, |word: Block, row| word | (Block::from(holds(row)) << (row - first)))
    });
    FixedBitSet::with_capacity_and_blocks(rows, blocks)
}

fn all(rows: usize) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(rows);
    all.insert_range(..);
    all
}

impl Truth {
    /// The same of every row.
    pub(super) fn known(rows: usize, value: Option<bool>) -> Self {
        let none = FixedBitSet::with_capacity(rows);
        match value {
            Some(true) => Self { yes: all(rows), no: none },
            Some(false) => Self { yes: none, no: all(rows) },
            None => Self { yes: none.clone(), no: none },
        }
    }

    /// Known of every row.
    pub(super) fn certain(yes: FixedBitSet) -> Self {
        let mut no = all(yes.len());
        no.difference_with(&yes);
        Self { yes, no }
    }

    /// True of some rows, unknown of others, false of the rest.
    pub(super) fn with_unknown(yes: FixedBitSet, unknown: &FixedBitSet) -> Self {
        let mut truth = Self::certain(yes);
        truth.yes.difference_with(unknown);
        truth.no.difference_with(unknown);
        truth
    }

    pub(super) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.yes.intersect_with(&other.yes);
        self.no.union_with(&other.no);
    }

    pub(super) fn or(&mut self, other: &Self) {
        self.yes.union_with(&other.yes);
        self.no.intersect_with(&other.no);
    }

    pub(super) fn get(&self, row: usize) -> Option<bool> {
        if self.yes.contains(row) { Some(true) } else { self.no.contains(row).then_some(false) }
    }
}
