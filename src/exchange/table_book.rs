//! A book of tables out: as a spreadsheet, or its first table as text.

use crate::table_book::{Cell, Column, NumberForm, Row, Sheet, Table, TableBook};
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;
use thiserror::Error;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

/// Media type of a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Rows that a sheet has room for (ECMA-376, as Excel keeps it).
pub const SPREADSHEET_ROWS: usize = 1_048_576;
/// Letters that a cell has room for, in units of UTF-16.
const CELL_LETTERS: usize = 32_767;
/// The day before the first that the calendar of spreadsheets counts rightly, as a Julian day: it has a 29 February 1900.
const BEFORE_DAY_ZERO: i32 = 2_415_019;
const FIRST_RIGHT_DAY: i32 = 61;

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
            Cell::Truth(flag) => flag.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Moment(moment) => moment_text(*moment),
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
    let allowed = |c: char| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c };
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
        worksheet.write_string_with_format(row, 0, cell_text(line), &format)?;
        row += 1;
    }
    for (number, table) in sheet.tables.iter().enumerate() {
        row += u32::from(row > 0);
        row = write_table(worksheet, table, row, number == 0)?;
    }
    row += u32::from(!sheet.notes.is_empty());
    for line in &sheet.notes {
        worksheet.write_string(row, 0, cell_text(line))?;
        row += 1;
    }
    Ok(())
}

/// Writes a table and gives the row after it. The header of a sheet's first table stays in sight and on every page.
fn write_table(worksheet: &mut Worksheet, table: &Table, start: u32, first: bool) -> Result<u32, TableError> {
    let mut row = start;
    if !table.title.is_empty() {
        worksheet.write_string_with_format(row, 0, cell_text(&table.title), &Format::new().set_bold())?;
        row += 1;
    }
    let header = boxed().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let header = header.set_background_color(Color::RGB(0x00EF_E6D5));
    for (column, about) in table.columns.iter().enumerate() {
        worksheet.write_string_with_format(row, place(column)?, cell_text(&about.header), &header)?;
    }
    if first {
        worksheet.set_freeze_panes(row + 1, 0)?;
        worksheet.set_repeat_rows(row, row)?;
    }
    let first_row = row + 1;
    let formats = [false, true].map(|strong| table.columns.iter().map(|column| Formats::of(column, strong)).collect::<Vec<_>>());
    for (number, line) in table.rows.iter().enumerate() {
        row = first_row + u32::try_from(number).unwrap_or(u32::MAX - first_row);
        write_row(worksheet, line, &formats[usize::from(line.strong)], row, first_row)?;
    }
    if let (true, Some(last)) = (table.sifts, table.columns.len().checked_sub(1)) {
        worksheet.autofilter(first_row - 1, 0, row, place(last)?)?;
    }
    Ok(row + 1)
}

/// How the cells of a column look.
struct Formats {
    value: Format,
    day: Format,
    moment: Format,
}

impl Formats {
    fn of(column: &Column, strong: bool) -> Self {
        let mut base = boxed().set_align(FormatAlign::Top);
        if column.wraps {
            base = base.set_text_wrap();
        }
        if strong {
            base = base.set_bold().set_background_color(Color::RGB(0x00F7_F2E8));
        }
        let value = match column.form {
            NumberForm::Decimals(decimals) => base.clone().set_num_format(decimal_form(decimals)),
            NumberForm::Plain => base.clone(),
        };
        Self { value, day: base.clone().set_num_format("yyyy-mm-dd"), moment: base.set_num_format("yyyy-mm-dd hh:mm:ss") }
    }
}

fn write_row(worksheet: &mut Worksheet, line: &Row, formats: &[Formats], row: u32, first_row: u32) -> Result<(), TableError> {
    for (number, formats) in formats.iter().enumerate() {
        let (column, format) = (place(number)?, &formats.value);
        match line.cells.get(number).unwrap_or(&Cell::Empty) {
            Cell::Empty => worksheet.write_blank(row, column, format)?,
            Cell::Text(text) => worksheet.write_string_with_format(row, column, cell_text(text), format)?,
            Cell::Number(value) => worksheet.write_number_with_format(row, column, *value, format)?,
            Cell::Truth(flag) => worksheet.write_boolean_with_format(row, column, *flag, format)?,
            Cell::Day(day) => match day_number(*day) {
                Some(number) => worksheet.write_number_with_format(row, column, f64::from(number), &formats.day)?,
                None => worksheet.write_string_with_format(row, column, day.to_string(), format)?,
            },
            Cell::Moment(moment) => match day_number(moment.date()) {
                Some(number) => {
                    let time = f64::from(moment.to_hms().0) / 24.0
                        + f64::from(moment.to_hms().1) / 1_440.0
                        + f64::from(moment.to_hms().2) / 86_400.0;
                    worksheet.write_number_with_format(row, column, f64::from(number) + time, &formats.moment)?
                }
                None => worksheet.write_string_with_format(row, column, moment_text(*moment), format)?,
            },
            Cell::Sum { rows, value } => {
                let formula = Formula::new(sum_formula(rows, first_row, column)).set_result(value.to_string());
                worksheet.write_formula_with_format(row, column, formula, format)?
            }
        };
    }
    Ok(())
}

/// A day as spreadsheets count them; none for those that they do not know.
fn day_number(day: Date) -> Option<i32> {
    Some(day.to_julian_day() - BEFORE_DAY_ZERO).filter(|number| *number >= FIRST_RIGHT_DAY && day.year() <= 9_999)
}

fn moment_text(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
}

/// What a cell can hold of a text: so many letters, none of them a sign for machines that XML has no place for.
fn cell_text(text: &str) -> Cow<'_, str> {
    let stands = |c: char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    // No text has more units of UTF-16 than bytes.
    if text.len() <= CELL_LETTERS && text.chars().all(stands) {
        return Cow::Borrowed(text);
    }
    let text: String = text.chars().filter(|c| stands(*c)).collect();
    if text.encode_utf16().count() <= CELL_LETTERS {
        return Cow::Owned(text);
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < CELL_LETTERS
    };
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
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
    use time::macros::{date, datetime};

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
    fn days_moments_and_truths_are_what_a_spreadsheet_calls_so() {
        let columns = vec![Column::text("what", 10.0)];
        let mut table = Table { sifts: true, ..Table::new("", columns) };
        let cells = [
            Cell::Day(date!(2024 - 02 - 29)),
            Cell::Day(date!(1812 - 09 - 07)),
            Cell::Moment(datetime!(2024-02-29 12:00 UTC)),
            Cell::Truth(true),
        ];
        table.rows.extend(cells.map(|cell| Row::plain(vec![cell])));
        let sheet = Sheet { name: "rows".into(), tables: vec![table], ..Sheet::default() };
        let book = TableBook { sheets: vec![sheet], ..TableBook::default() };
        let bytes = table_book_xlsx(&book).expect("a book");
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        // 29 February 2024 is day 45351 of LibreOffice and Excel.
        assert!(sheet.contains("<v>45351</v>") && sheet.contains("<v>45351.5</v>"), "{sheet}");
        assert!(sheet.contains(r#"t="b"><v>1</v>"#) && sheet.contains(r#"<autoFilter ref="A1:A5"/>"#), "{sheet}");
        assert!(part(&bytes, "xl/sharedStrings.xml").contains("1812-09-07"));
        let text = String::from_utf8(table_book_csv(&book).expect("a table")).expect("UTF-8");
        assert_eq!(text, "what\n2024-02-29\n1812-09-07\n2024-02-29T12:00:00Z\ntrue\n");
    }

    #[test]
    fn a_text_that_no_cell_holds_is_cut_and_signs_for_machines_are_left_out() {
        assert_eq!(cell_text("a\0b\u{1b}\tc\n"), "ab\tc\n");
        assert!(matches!(cell_text("торф"), Cow::Borrowed(_)));
        let fits = "я".repeat(CELL_LETTERS);
        assert_eq!(cell_text(&fits), fits);
        for long in ["я".repeat(CELL_LETTERS + 1), "😀".repeat(CELL_LETTERS), format!("{}😀", "a".repeat(CELL_LETTERS - 1))]
        {
            let cut = cell_text(&long);
            let letters = cut.encode_utf16().count();
            assert!(cut.ends_with('…') && (CELL_LETTERS - 1..=CELL_LETTERS).contains(&letters), "{letters}");
        }
        let mut table = Table::new("", vec![Column::text("text\0", 10.0)]);
        table.rows.push(Row::plain(vec![Cell::text("я".repeat(1_000_000))]));
        let sheet = Sheet { name: "a\0b".into(), tables: vec![table], ..Sheet::default() };
        assert!(table_book_xlsx(&TableBook { sheets: vec![sheet], ..TableBook::default() }).is_ok());
    }

    #[test]
    fn a_book_without_sheets_is_no_reason_to_fail() {
        assert!(table_book_csv(&TableBook::default()).expect("nothing").is_empty());
        assert!(table_book_xlsx(&TableBook::default()).is_ok());
    }
}
