//! A book of tables out: as a spreadsheet, or its first table as text.

use crate::table_book::{Cell, Column, NumberForm, Row, Sheet, Table, TableBook};
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};
use thiserror::Error;

/// Media type of a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Why a book was not written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum TableError {
    #[error("the table could not be written: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
    #[error("the table has {rows} rows or columns; a spreadsheet has room for {most}")]
    TooLarge { rows: usize, most: usize },
}

/// The book as a spreadsheet (Office Open XML). Numbers are numbers, sums are formulas with their value beside, and each
/// sheet prints on A4 across, as many pages long as it needs.
///
/// # Errors
/// More rows than a sheet has.
pub fn table_book_xlsx(book: &TableBook) -> Result<Vec<u8>, TableError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_title(&book.title).set_comment(&book.made_by));
    for (number, sheet) in book.sheets.iter().enumerate() {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet_name(&sheet.name, number))?;
        write_sheet(worksheet, sheet)?;
        let made_by = format!("&L&8{}&R&8&P / &N", book.made_by.replace('&', "&&"));
        worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer(made_by);
        worksheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    }
    Ok(workbook.save_to_buffer()?)
}

/// The first table of the book as text: a header and its rows, totals among them. With a decimal comma the fields stand
/// apart by semicolons and the text starts with a byte order mark, which is how spreadsheets of such countries read it.
///
/// # Errors
/// None that a user can cause.
pub fn table_book_csv(book: &TableBook) -> Result<Vec<u8>, TableError> {
    let Some(table) = book.sheets.iter().flat_map(|sheet| &sheet.tables).next() else { return Ok(Vec::new()) };
    let start = if book.decimal_comma { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new().delimiter(if book.decimal_comma { b';' } else { b',' }).from_writer(start);
    writer.write_record(table.columns.iter().map(|column| column.header.as_str()))?;
    for row in &table.rows {
        let cell = |place: usize| match row.cells.get(place).unwrap_or(&Cell::Empty) {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(value) | Cell::Sum { value, .. } => number_text(*value, &table.columns[place], book.decimal_comma),
        };
        writer.write_record((0..table.columns.len()).map(cell))?;
    }
    writer.into_inner().map_err(|error| TableError::Csv(error.into_error().into()))
}

fn number_text(value: f64, column: &Column, decimal_comma: bool) -> String {
    let text = match column.form {
        NumberForm::Plain => value.to_string(),
        NumberForm::Decimals(decimals) => format!("{value:.*}", usize::from(decimals)),
    };
    if decimal_comma { text.replace('.', ",") } else { text }
}

/// What a tab may be called: 31 characters, without those that formulas need.
fn sheet_name(name: &str, number: usize) -> String {
    let allowed = |c: char| if "[]:*?/\\'".contains(c) { ' ' } else { c };
    let name: String = name.chars().map(allowed).take(31).collect();
    if name.trim().is_empty() { format!("{}", number + 1) } else { name }
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), TableError> {
    let columns = sheet.tables.iter().map(|table| table.columns.len()).max().unwrap_or(1);
    for column in 0..columns {
        let widths = sheet.tables.iter().filter_map(|table| table.columns.get(column).map(|column| column.width));
        worksheet.set_column_width(place(column)?, widths.fold(8.0, f64::max))?;
    }
    let mut row = 0_u32;
    for (number, line) in sheet.head.iter().enumerate() {
        let format = if number == 0 { Format::new().set_bold().set_font_size(14) } else { Format::new() };
        worksheet.write_string_with_format(row, 0, line, &format)?;
        row += 1;
    }
    for (number, table) in sheet.tables.iter().enumerate() {
        row += u32::from(row > 0);
        row = write_table(worksheet, table, row, number == 0)?;
    }
    row += u32::from(!sheet.notes.is_empty());
    for line in &sheet.notes {
        worksheet.write_string(row, 0, line)?;
        row += 1;
    }
    Ok(())
}

/// Writes a table and gives the row after it. The header of a sheet's first table stays in sight and on every page.
fn write_table(worksheet: &mut Worksheet, table: &Table, start: u32, first: bool) -> Result<u32, TableError> {
    let mut row = start;
    if !table.title.is_empty() {
        worksheet.write_string_with_format(row, 0, &table.title, &Format::new().set_bold())?;
        row += 1;
    }
    let header = boxed().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let header = header.set_background_color(Color::RGB(0x00EF_E6D5));
    for (column, about) in table.columns.iter().enumerate() {
        worksheet.write_string_with_format(row, place(column)?, &about.header, &header)?;
    }
    if first {
        worksheet.set_freeze_panes(row + 1, 0)?;
        worksheet.set_repeat_rows(row, row)?;
    }
    let first_row = row + 1;
    for (number, line) in table.rows.iter().enumerate() {
        row = first_row + u32::try_from(number).unwrap_or(u32::MAX - first_row);
        write_row(worksheet, table, line, row, first_row)?;
    }
    Ok(row + 1)
}

fn write_row(worksheet: &mut Worksheet, table: &Table, line: &Row, row: u32, first_row: u32) -> Result<(), TableError> {
    for (number, about) in table.columns.iter().enumerate() {
        let column = place(number)?;
        let mut format = boxed().set_align(FormatAlign::Top);
        if let NumberForm::Decimals(decimals) = about.form {
            format = format.set_num_format(decimal_form(decimals));
        }
        if about.wraps {
            format = format.set_text_wrap();
        }
        if line.strong {
            format = format.set_bold().set_background_color(Color::RGB(0x00F7_F2E8));
        }
        match line.cells.get(number).unwrap_or(&Cell::Empty) {
            Cell::Empty => worksheet.write_blank(row, column, &format)?,
            Cell::Text(text) => worksheet.write_string_with_format(row, column, text, &format)?,
            Cell::Number(value) => worksheet.write_number_with_format(row, column, *value, &format)?,
            Cell::Sum { rows, value } => {
                let formula = Formula::new(sum_formula(rows, first_row, column)).set_result(value.to_string());
                worksheet.write_formula_with_format(row, column, formula, &format)?
            }
        };
    }
    Ok(())
}

fn boxed() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00B8_AE9C))
}

fn decimal_form(decimals: u8) -> String {
    if decimals == 0 { "#,##0".into() } else { format!("#,##0.{}", "0".repeat(usize::from(decimals))) }
}

/// `=SUM(C5:C7,C9)`: rows that follow each other are one range.
fn sum_formula(rows: &[usize], first_row: u32, column: u16) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => ranges.push((*row, *row)),
        }
    }
    let letters = rust_xlsxwriter::column_number_to_name(column);
    let line = |row: usize| first_row as usize + row + 1;
    let range = |(from, to): &(usize, usize)| {
        let (first, last) = (format!("{letters}{}", line(*from)), format!("{letters}{}", line(*to)));
        if from == to { first } else { format!("{first}:{last}") }
    };
    format!("=SUM({})", ranges.iter().map(range).collect::<Vec<_>>().join(","))
}

fn place(column: usize) -> Result<u16, TableError> {
    u16::try_from(column).map_err(|_| TableError::TooLarge { rows: column, most: usize::from(u16::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn book() -> TableBook {
        let columns = vec![Column::text("Блок", 10.0), Column::number("Объём, тыс. м³", 14.0, NumberForm::Decimals(1))];
        let mut table = Table::new("", columns);
        for (name, volume) in [("1", 40.25), ("2", 2.5), ("3", 1_000.0)] {
            table.rows.push(Row::plain(vec![Cell::text(name), Cell::Number(volume)]));
        }
        table.rows.push(Row::strong(vec![Cell::text("Итого A; <B>"), table.sum_of(1, &[0, 1])]));
        table.rows.push(Row::strong(vec![Cell::text("Всего"), table.sum_of(1, &[0, 2])]));
        let sheet =
            Sheet {
                name: "Блоки: [1]".into(), head: vec!["Подсчёт".into()], tables: vec![table], notes: vec!["x".into()]
            };
        TableBook { title: "Подсчёт".into(), made_by: "peatplan".into(), decimal_comma: true, sheets: vec![sheet] }
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a spreadsheet is an archive");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
        text
    }

    #[test]
    fn a_spreadsheet_holds_numbers_as_numbers_and_sums_as_formulas_with_their_value() {
        let bytes = table_book_xlsx(&book()).expect("a book");
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<v>40.25</v>"), "{sheet}");
        assert!(sheet.contains("<f>SUM(B4:B5)</f><v>42.75</v>"), "{sheet}");
        assert!(sheet.contains("<f>SUM(B4,B6)</f><v>1040.25</v>"), "{sheet}");
        assert!(sheet.contains(r#"paperSize="9""#) && sheet.contains(r#"orientation="landscape""#), "{sheet}");
        assert!(part(&bytes, "xl/workbook.xml").contains("Блоки"));
        assert!(part(&bytes, "xl/styles.xml").contains("#,##0.0"));
    }

    #[test]
    fn text_has_semicolons_and_commas_where_decimals_have_commas() {
        let text = String::from_utf8(table_book_csv(&book()).expect("a table")).expect("UTF-8");
        assert_eq!(text, "\u{feff}Блок;Объём, тыс. м³\n1;40,2\n2;2,5\n3;1000,0\n\"Итого A; <B>\";42,8\nВсего;1040,2\n");
        let english = table_book_csv(&TableBook { decimal_comma: false, ..book() }).expect("a table");
        assert!(String::from_utf8(english).expect("UTF-8").starts_with("Блок,\"Объём, тыс. м³\"\n1,40.2\n"));
    }

    #[test]
    fn a_book_without_sheets_is_no_reason_to_fail() {
        assert!(table_book_csv(&TableBook::default()).expect("nothing").is_empty());
        assert!(table_book_xlsx(&TableBook::default()).is_ok());
    }
}
