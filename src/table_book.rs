//! Tables as values: a book of sheets, each with tables under headings, the columns with the form of their numbers.
//!
//! Who fills a book and who writes it meet here. It knows no file format, and nothing of what the tables say.
//!
//! ```
//! use peatplan::table_book::{Cell, Column, NumberForm, Row, Table};
//! let columns = vec![Column::text("block", 10.0), Column::number("volume, m³", 14.0, NumberForm::Decimals(0))];
//! let mut table = Table::new("", columns);
//! table.rows.push(Row::plain(vec![Cell::text("1"), Cell::Number(40_000.0)]));
//! table.rows.push(Row::plain(vec![Cell::text("2"), Cell::Number(2_500.0)]));
//! let total = table.sum_of(1, &[0, 1]);
//! assert_eq!(total, Cell::Sum { rows: vec![0, 1], value: 42_500.0 });
//! ```

use time::{Date, OffsetDateTime};

/// How the numbers of a column are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// As they are.
    Plain,
    /// With so many decimals, thousands apart.
    Decimals(u8),
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Heading, with the unit.
    pub header: String,
    /// Width in characters.
    pub width: f64,
    /// How its numbers are shown.
    pub form: NumberForm,
    /// Whether long text goes on in a further line.
    pub wraps: bool,
}

impl Column {
    /// A column of texts.
    #[must_use]
    pub fn text(header: impl Into<String>, width: f64) -> Self {
        Self { header: header.into(), width, form: NumberForm::Plain, wraps: true }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(header: impl Into<String>, width: f64, form: NumberForm) -> Self {
        Self { header: header.into(), width, form, wraps: false }
    }
}

/// What stands at a place of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
    /// A day.
    Day(Date),
    /// A moment, UTC, shown to the second.
    Moment(OffsetDateTime),
    /// The sum of some rows of its own column, by their places in the table, with its value.
    Sum {
        /// Places of the rows that are added, from 0.
        rows: Vec<usize>,
        /// What they come to.
        value: f64,
    },
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number; nothing where there is none or it is not finite.
    #[must_use]
    pub fn number(number: Option<f64>) -> Self {
        number.filter(|number| number.is_finite()).map_or(Self::Empty, Self::Number)
    }

    /// The number that stands here, a sum's too.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number(value) | Self::Sum { value, .. } => Some(*value),
            Self::Empty | Self::Text(_) | Self::Truth(_) | Self::Day(_) | Self::Moment(_) => None,
        }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its cells, one a column; missing ones are empty.
    pub cells: Vec<Cell>,
    /// Whether it is set off, as totals are.
    pub strong: bool,
}

impl Row {
    /// An ordinary row.
    #[must_use]
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self { cells, strong: false }
    }

    /// A row that is set off.
    #[must_use]
    pub fn strong(cells: Vec<Cell>) -> Self {
        Self { cells, strong: true }
    }
}

/// A table under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Heading; empty where it needs none.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Whether its header lets a reader choose and sort rows. A sheet has one such table at most.
    pub sifts: bool,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { title: title.into(), columns, rows: Vec::new(), sifts: false }
    }

    /// The sum of a column over some rows; nothing where none of them has a number there.
    #[must_use]
    pub fn sum_of(&self, column: usize, rows: &[usize]) -> Cell {
        let value = |row: &usize| self.rows.get(*row)?.cells.get(column)?.value();
        let values: Vec<f64> = rows.iter().filter_map(value).collect();
        if values.is_empty() { Cell::Empty } else { Cell::Sum { rows: rows.to_vec(), value: values.iter().sum() } }
    }
}

/// A sheet: lines above, tables one below the other, lines below.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name on its tab.
    pub name: String,
    /// Lines above the tables; the first is the title.
    pub head: Vec<String>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Lines below.
    pub notes: Vec<String>,
}

/// A book of sheets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableBook {
    /// Title of the document.
    pub title: String,
    /// Program that made it.
    pub made_by: String,
    /// Whether numbers are written with a decimal comma where text is all there is.
    pub decimal_comma: bool,
    /// Sheets, in order.
    pub sheets: Vec<Sheet>,
}
