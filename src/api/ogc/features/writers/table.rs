//! Rows as a sheet of a spreadsheet: properties as columns, and of geometry the places of points. The header is the first row,
//! as programs want it; what people want to know beside stands on a second sheet.

use super::Rendering;
use super::files::FilePart;
use super::text::Pen;
use crate::api::language::Language;
use crate::api::problem::Problem;
use crate::catalogue::Column as Values;
use crate::model::{Property, PropertyType};
use crate::planning::SOFTWARE_VERSION;
use crate::table_book::{Cell, Column, NumberForm, Row, Sheet, Table, TableBook};
use geo::Geometry;

/// Widths of columns, in characters.
const NUMBER_WIDTH: f64 = 14.0;
const TEXT_WIDTH: f64 = 24.0;
const MEANING_WIDTH: f64 = 70.0;

/// The rows as a book: they, and what they are.
pub(super) fn book(rendering: &Rendering, rows: &[u32], part: &FilePart) -> Result<TableBook, Problem> {
    let schema = rendering.table.schema();
    let places = places(rendering);
    let mut columns = vec![Column::number("id", NUMBER_WIDTH, NumberForm::Plain)];
    columns.extend(rendering.properties.iter().map(|place| column(&schema.properties[*place])));
    columns.extend(places.iter().flatten().map(|name| Column::number(*name, NUMBER_WIDTH, NumberForm::Plain)));
    let mut table = Table { sifts: true, ..Table::new("", columns) };
    let pen = Pen::new(rendering)?;
    for row in rows {
        let row = *row as usize;
        #[expect(clippy::cast_precision_loss, reason = "rows are counted far below 2^53")]
        let id = Cell::Number(rendering.table.id(row) as f64);
        let values = rendering.properties.iter().map(|place| cell(&rendering.table.columns()[*place], row));
        let mut cells: Vec<Cell> = std::iter::once(id).chain(values).collect();
        if places.is_some() {
            let place = match pen.geometry(row)?.as_deref() {
                Some(Geometry::Point(point)) => [Cell::Number(point.x()), Cell::Number(point.y())],
                _ => [Cell::Empty, Cell::Empty],
            };
            cells.extend(place);
        }
        table.rows.push(Row::plain(cells));
    }
    let sheet = Sheet { name: rendering.layer.name().to_owned(), tables: vec![table], ..Sheet::default() };
    let title = part.language.title(&schema.title).to_owned();
    let made_by = format!("peatplan {SOFTWARE_VERSION}");
    Ok(TableBook { title, made_by, decimal_comma: false, sheets: vec![sheet, about(rendering, rows.len(), part)] })
}

/// Names of the columns that hold the places of points.
fn places(rendering: &Rendering) -> Option<[&'static str; 2]> {
    let names = if rendering.system.in_degrees { ["longitude", "latitude"] } else { ["x", "y"] };
    (rendering.with_geometry && rendering.has_only_points()).then_some(names)
}

/// The sheet that says what the columns are, where the rows come from and whether they are all that was found.
fn about(rendering: &Rendering, rows: usize, part: &FilePart) -> Sheet {
    let (schema, language) = (rendering.table.schema(), part.language);
    let pick = |english: &'static str, russian: &'static str| language.pick(english, russian);
    let columns = vec![
        Column::text(pick("column", "столбец"), TEXT_WIDTH),
        Column::text(pick("title", "название"), TEXT_WIDTH),
        Column::text(pick("unit", "единица"), NUMBER_WIDTH),
        Column::text(pick("meaning", "значение"), MEANING_WIDTH),
    ];
    let mut table = Table::new("", columns);
    let mut say = |texts: [&str; 4]| table.rows.push(Row::plain(texts.map(Cell::text).to_vec()));
    say(["id", pick("Number", "Номер"), "", pick("Number of the feature in the layer", "Номер объекта в слое")]);
    for place in &rendering.properties {
        let property = &schema.properties[*place];
        let unit = property.unit.as_deref().unwrap_or_default();
        say([&property.name, language.title(&property.title), unit, &property.meaning]);
    }
    let system = format!("{} {}", pick("Place in", "Место в системе"), rendering.system.name);
    for name in places(rendering).iter().flatten() {
        say([name, pick("Place", "Место"), if rendering.system.in_degrees { "°" } else { "m" }, &system]);
    }
    let mut head = vec![language.title(&schema.title).to_owned(), schema.description.clone()];
    let (first, last, matched) = (part.first + rows.min(1), part.first + rows, part.matched);
    head.push(match language {
        Language::English => format!("Rows {first} to {last} of {matched} that were found."),
        Language::Russian => format!("Строки с {first} по {last} из {matched} найденных."),
    });
    if let Some(next) = &part.next {
        let rest = pick("The table ends early; the rest is at", "Таблица неполная; продолжение —");
        head.push(format!("{rest} {next}"));
    }
    let mut notes = Vec::new();
    if rendering.table.has_synthetic() {
        let invented = pick(
            "Rows with synthetic = true are invented for demonstration.",
            "Строки с synthetic = true вымышлены для примера.",
        );
        notes.push(invented.to_owned());
    }
    notes.push(format!("peatplan {SOFTWARE_VERSION}"));
    Sheet { name: pick("about", "о таблице").to_owned(), head, tables: vec![table], notes }
}

fn column(property: &Property) -> Column {
    match property.kind {
        PropertyType::Number | PropertyType::Integer | PropertyType::Boolean | PropertyType::Date => {
            Column::number(&property.name, NUMBER_WIDTH, NumberForm::Plain)
        }
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
        Values::Boolean(flags) => flags[row].map_or(Cell::Empty, Cell::Truth),
        Values::Date(days) => days[row].map_or(Cell::Empty, Cell::Day),
        Values::Moment(moments) => moments[row].map_or(Cell::Empty, Cell::Moment),
        Values::Json(texts) => texts[row].as_deref().map_or(Cell::Empty, Cell::text),
    }
}
