//! Rows as a sheet of a spreadsheet: properties as columns, and of geometry the places of points.

use super::Rendering;
use super::text::Pen;
use crate::api::problem::Problem;
use crate::catalogue::Column as Values;
use crate::model::{Property, PropertyType};
use crate::planning::SOFTWARE_VERSION;
use crate::table_book::{Cell, Column, NumberForm, Row, Sheet, Table, TableBook};
use geo::Geometry;

/// Widths of columns, in characters.
const NUMBER_WIDTH: f64 = 14.0;
const TEXT_WIDTH: f64 = 24.0;

/// The rows as a book of one sheet.
pub(super) fn book(rendering: &Rendering, rows: &[u32]) -> Result<TableBook, Problem> {
    let schema = rendering.table.schema();
    let with_places = rendering.with_geometry && rendering.has_only_points();
    let mut columns = vec![Column::number("id", NUMBER_WIDTH, NumberForm::Plain)];
    columns.extend(rendering.properties.iter().map(|place| column(&schema.properties[*place])));
    if with_places {
        let names = if rendering.system.in_degrees { ["longitude", "latitude"] } else { ["x", "y"] };
        columns.extend(names.map(|name| Column::number(name, NUMBER_WIDTH, NumberForm::Plain)));
    }
    let mut table = Table::new("", columns);
    let pen = Pen::new(rendering)?;
    for row in rows {
        let row = *row as usize;
        #[expect(clippy::cast_precision_loss, reason = "rows are counted far below 2^53")]
        let id = Cell::Number(rendering.table.id(row) as f64);
        let values = rendering.properties.iter().map(|place| cell(&rendering.table.columns()[*place], row));
        let mut cells: Vec<Cell> = std::iter::once(id).chain(values).collect();
        if with_places {
            let place = match pen.geometry(row)?.as_deref() {
                Some(Geometry::Point(point)) => [Cell::Number(point.x()), Cell::Number(point.y())],
                _ => [Cell::Empty, Cell::Empty],
            };
            cells.extend(place);
        }
        table.rows.push(Row::plain(cells));
    }
    let head = vec![schema.title.en.clone()];
    let sheet = Sheet { name: rendering.layer.name().to_owned(), head, tables: vec![table], notes: Vec::new() };
    let made_by = format!("peatplan {SOFTWARE_VERSION}");
    Ok(TableBook { title: schema.title.en.clone(), made_by, decimal_comma: false, sheets: vec![sheet] })
}

fn column(property: &Property) -> Column {
    match property.kind {
        PropertyType::Number | PropertyType::Integer => Column::number(&property.name, NUMBER_WIDTH, NumberForm::Plain),
        _ => Column::text(&property.name, TEXT_WIDTH),
    }
}

fn cell(values: &Values, row: usize) -> Cell {
    #[expect(clippy::cast_precision_loss, reason = "years and counts are far below 2^53")]
    let whole = |number: i64| number as f64;
    match values {
        Values::Text(words) => words.get(row).map_or(Cell::Empty, Cell::text),
        Values::Number(numbers) => Cell::number(Some(numbers[row])),
        Values::Integer(numbers) => Cell::number(numbers[row].map(whole)),
        Values::Boolean(flags) => flags[row].map_or(Cell::Empty, |flag| Cell::text(flag.to_string())),
        Values::Date(dates) => dates[row].map_or(Cell::Empty, |date| Cell::text(date.to_string())),
        Values::Moment(moments) => moments[row].map_or(Cell::Empty, |moment| Cell::text(moment.to_string())),
        Values::Json(texts) => texts[row].as_deref().map_or(Cell::Empty, Cell::text),
    }
}
