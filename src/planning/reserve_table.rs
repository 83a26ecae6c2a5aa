//! The reserve table in its customary form: by block, with totals by category and balance class; the method with all it
//! rests on; the way from the geological reserve to the fuel.
//!
//! It reads a result under its public names, so that what stands in the table is what the answer says.

use super::table_words::{TableLanguage, word};
use super::{PlanningError, ReservesQuery, Workbench};
use crate::geostat::Progress;
use crate::model::reserve_parameters;
use crate::table_book::{Cell, Column, NumberForm, Row, Sheet, Table, TableBook};
use serde_json::Value;

/// Places of the columns of the table of blocks.
mod place {
    pub(super) const AREA: usize = 4;
    pub(super) const DEPTH: usize = 5;
    pub(super) const VOLUME: usize = 6;
    pub(super) const DENSITY: usize = 7;
    pub(super) const DRY: usize = 8;
    pub(super) const MASS: usize = 9;
    pub(super) const ASH: usize = 10;
    pub(super) const DECOMPOSITION: usize = 11;
    pub(super) const CALORIFIC: usize = 12;
    pub(super) const ENERGY: usize = 13;
    /// Columns that are added up.
    pub(super) const SUMS: [usize; 5] = [AREA, VOLUME, DRY, MASS, ENERGY];
}

impl Workbench {
    /// The reserve table of a query.
    ///
    /// # Errors
    /// As [`Workbench::deposit_reserves`].
    pub fn reserve_table(
        &self,
        query: &ReservesQuery,
        language: TableLanguage,
        progress: &dyn Progress,
    ) -> Result<TableBook, PlanningError> {
        let reserves = self.deposit_reserves(query, progress)?;
        let result = serde_json::to_value(&reserves).unwrap_or_default();
        Ok(reserve_table(&result, language))
    }
}

/// The reserve table of a result, as it is answered.
#[must_use]
pub fn reserve_table(result: &Value, language: TableLanguage) -> TableBook {
    let deposit = &result["deposit"];
    let names = if language == TableLanguage::Russian { ["name_ru", "name"] } else { ["name", "name_ru"] };
    let name = names.iter().find_map(|name| deposit[*name].as_str()).unwrap_or(language.pick("Участок", "Area"));
    let title = format!("{}: {name}", language.pick("Подсчёт запасов торфа", "Peat reserve count"));
    TableBook {
        made_by: format!("peatplan {} · {}", text(&result["software_version"]), text(&result["inputs_hash"])),
        decimal_comma: language == TableLanguage::Russian,
        sheets: vec![blocks_sheet(result, language, &title), method_sheet(result, language), steps_sheet(result, language)],
        title,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A number, as so many of a larger unit.
fn scaled(value: &Value, factor: f64) -> Cell {
    Cell::number(value.as_f64().map(|number| number * factor))
}

fn invented_note(result: &Value, language: TableLanguage) -> Option<String> {
    let note = language.pick("Данные вымышлены для демонстрации.", "The data are invented for demonstration.");
    (result["synthetic"] == true).then(|| note.to_owned())
}

fn blocks_sheet(result: &Value, language: TableLanguage, title: &str) -> Sheet {
    let pick = |ru, en| language.pick(ru, en);
    let moisture = result["reference_moisture"].as_f64().unwrap_or(0.0) * 100.0;
    let at_moisture = |ru: &str, en: &str| format!("{} {moisture:.0} %", language.pick(ru, en));
    let number = |header: String, decimals| Column::number(header, 11.0, NumberForm::Decimals(decimals));
    let columns = vec![
        Column::text(pick("Блок", "Block"), 16.0),
        Column::text(pick("Категория", "Category"), 11.0),
        Column::text(pick("Балансовая принадлежность", "Balance class"), 16.0),
        Column::text(pick("Тип торфа", "Peat type"), 12.0),
        number(pick("Площадь, га", "Area, ha").into(), 2),
        number(pick("Средняя глубина, м", "Mean depth, m").into(), 2),
        number(pick("Объём, тыс. м³", "Volume, 1000 m³").into(), 2),
        number(pick("Плотность сухого вещества, кг/м³", "Dry density, kg/m³").into(), 1),
        number(pick("Сухое вещество, тыс. т", "Dry matter, 1000 t").into(), 3),
        number(at_moisture("Запас, тыс. т при влажности", "Reserve, 1000 t at moisture"), 3),
        number(pick("Зольность, %", "Ash, %").into(), 1),
        number(pick("Степень разложения, %", "Decomposition, %").into(), 1),
        number(at_moisture("Низшая теплота сгорания, МДж/кг при влажности", "Net calorific value, MJ/kg at moisture"), 2),
        number(pick("Энергия, МВт·ч", "Energy, MWh").into(), 0),
        Column::text(pick("Основание", "Reason"), 30.0),
    ];
    let mut table = Table::new("", columns);
    let blocks: Vec<&Value> = items(&result["blocks"]).collect();
    table.rows = blocks.iter().map(|block| block_row(block, language)).collect();
    totals(&mut table, &blocks, language);
    let mut head = vec![title.to_owned()];
    head.extend(invented_note(result, language));
    let method = format!(
        "{}: {}; {}: {}; {}: {}",
        pick("Метод", "Method"),
        word(&text(&result["method"]), language),
        pick("пунктов зондирования", "probes"),
        text(&result["probes_used"]),
        pick("система координат", "coordinate system"),
        text(&result["parameters"]["crs"])
    );
    head.push(method);
    let notes = vec![
        pick(
            "Объём — в залежи; энергия — по низшей теплоте сгорания рабочего состояния.",
            "Volume is in place; energy is by net calorific value as received.",
        )
        .to_owned(),
    ];
    Sheet { name: pick("Блоки", "Blocks").into(), head, tables: vec![table], notes }
}

fn block_row(block: &Value, language: TableLanguage) -> Row {
    let reason = match block["reason_text"].as_str() {
        Some(sentence) if language == TableLanguage::English => sentence.to_owned(),
        _ => word(&text(&block["reason"]), language),
    };
    let mut cells = vec![
        Cell::text(text(&block["block"])),
        Cell::text(text(&block["category"])),
        Cell::text(word(&text(&block["balance_class"]), language)),
        Cell::text(word(&text(&block["peat_type"]), language)),
        scaled(&block["area_ha"], 1.0),
        scaled(&block["mean_depth_m"], 1.0),
        scaled(&block["volume_m3"], 1e-3),
        Cell::Empty,
        scaled(&block["dry_mass_t"], 1e-3),
        scaled(&block["mass_t"], 1e-3),
        scaled(&block["ash"], 100.0),
        scaled(&block["decomposition"], 100.0),
        Cell::Empty,
        scaled(&block["energy_mwh"], 1.0),
        Cell::text(reason),
    ];
    derive_ratios(&mut cells);
    Row::plain(cells)
}

/// Depth, density and calorific value from what they are ratios of, where a row has no value of its own.
fn derive_ratios(cells: &mut [Cell]) {
    let ratio = |over: usize, under: usize, factor: f64| {
        let (over, under) = (cells[over].value()?, cells[under].value()?);
        (under > 0.0).then(|| over / under * factor)
    };
    // Thousands of cubic metres over hectares are tenths of metres; MWh over thousands of tonnes are 3.6 kJ/kg.
    let derived = [
        (place::DEPTH, ratio(place::VOLUME, place::AREA, 0.1)),
        (place::DENSITY, ratio(place::DRY, place::VOLUME, 1e3)),
        (place::CALORIFIC, ratio(place::ENERGY, place::MASS, 3.6e-3)),
    ];
    for (place, value) in derived {
        if cells[place] == Cell::Empty {
            cells[place] = Cell::number(value);
        }
    }
}

/// Totals by category, by balance class, and of all.
fn totals(table: &mut Table, blocks: &[&Value], language: TableLanguage) {
    let total = language.pick("Итого", "Total");
    let groups = |property: &str| {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (row, block) in blocks.iter().enumerate() {
            let Some(name) = block[property].as_str() else { continue };
            match groups.iter_mut().find(|(known, _)| known == name) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((name.to_owned(), vec![row])),
            }
        }
        groups.sort();
        groups
    };
    for (category, rows) in groups("category") {
        let cells = [Cell::text(total), Cell::text(category), Cell::Empty];
        push_total(table, cells, &rows);
    }
    for (class, rows) in groups("balance_class") {
        let cells = [Cell::text(total), Cell::Empty, Cell::text(word(&class, language))];
        push_total(table, cells, &rows);
    }
    if !blocks.is_empty() {
        let cells = [Cell::text(language.pick("Всего", "All")), Cell::Empty, Cell::Empty];
        push_total(table, cells, &(0..blocks.len()).collect::<Vec<_>>());
    }
}

fn push_total(table: &mut Table, names: [Cell; 3], rows: &[usize]) {
    let mut cells = vec![Cell::Empty; table.columns.len()];
    for (cell, name) in cells.iter_mut().zip(names) {
        *cell = name;
    }
    for column in place::SUMS {
        cells[column] = table.sum_of(column, rows);
    }
    for column in [place::ASH, place::DECOMPOSITION] {
        cells[column] = Cell::number(mean_by_dry_mass(table, column, rows));
    }
    derive_ratios(&mut cells);
    table.rows.push(Row::strong(cells));
}

/// Mean of a share by dry matter, over the rows that know it.
fn mean_by_dry_mass(table: &Table, column: usize, rows: &[usize]) -> Option<f64> {
    let pair = |row: &usize| {
        let cells = &table.rows.get(*row)?.cells;
        Some((cells.get(column)?.value()?, cells.get(place::DRY)?.value()?))
    };
    let (sum, mass) = rows.iter().filter_map(pair).fold((0.0, 0.0), |(sum, mass), (value, dry)| (sum + value * dry, mass + dry));
    (mass > 0.0).then(|| sum / mass)
}

fn method_sheet(result: &Value, language: TableLanguage) -> Sheet {
    let pick = |ru, en| language.pick(ru, en);
    let pair = || vec![Column::text(pick("Показатель", "What"), 44.0), Column::text(pick("Значение", "Value"), 24.0)];
    let mut facts = Table::new(pick("Способ подсчёта", "Method"), pair());
    let mut fact = |ru, en, value: Cell| facts.rows.push(Row::plain(vec![Cell::text(language.pick(ru, en)), value]));
    fact("Метод", "Method", Cell::text(word(&text(&result["method"]), language)));
    if let Some(reason) = result["method_choice"]["reason"].as_str() {
        fact("Почему он", "Why this one", Cell::text(reason));
    }
    fact("Площадь, га", "Area, ha", scaled(&result["area_ha"], 1.0));
    fact("Площадь на эллипсоиде, га", "Area on the ellipsoid, ha", scaled(&result["area_ellipsoidal_ha"], 1.0));
    fact("Пунктов зондирования", "Probes used", scaled(&result["probes_used"], 1.0));
    fact("Пунктов отбора проб", "Cores used", scaled(&result["cores_used"], 1.0));
    fact("Средняя глубина, м", "Mean depth, m", scaled(&result["mean_depth_m"], 1.0));
    fact("Наибольшая глубина, м", "Greatest depth, m", scaled(&result["max_depth_m"], 1.0));
    fact("Геологические запасы, м³", "Geological reserve, m³", scaled(&result["geological_volume_m3"], 1.0));
    fact("Балансовые запасы, м³", "Balance reserve, m³", scaled(&result["balance_volume_m3"], 1.0));
    fact("Ошибка объёма (СКО), м³", "Standard error of the volume, m³", scaled(&result["volume_error_m3"], 1.0));
    let check = &result["cross_validation"];
    fact("Перекрёстная проверка: средняя ошибка, м", "Cross-validation: mean error, m", scaled(&check["mae_m"], 1.0));
    fact("То же, среднеквадратичная, м", "The same, root mean square, m", scaled(&check["rmse_m"], 1.0));
    fact("Отпечаток исходных данных", "Fingerprint of the inputs", Cell::text(text(&result["inputs_hash"])));
    fact("Версия программы", "Version of the program", Cell::text(text(&result["software_version"])));
    facts.rows.retain(|row| !matches!(row.cells[1], Cell::Empty));

    let mut inputs = Table::new(pick("Исходные параметры", "Parameters"), pair());
    inputs.columns.push(Column::text(pick("Единица", "Unit"), 12.0));
    for (name, value) in result["parameters"].as_object().into_iter().flatten() {
        let known = reserve_parameters().get(name);
        let title = known.map_or_else(|| word(name, language), |known| language.of(&known.title).to_owned());
        let value = value.as_f64().map_or_else(|| Cell::text(word(&text(value), language)), Cell::Number);
        let unit = known.map_or("", |known| known.unit.as_str());
        inputs.rows.push(Row::plain(vec![Cell::text(title), value, Cell::text(unit)]));
    }

    let columns = vec![
        Column::text(pick("Параметр по умолчанию", "Default"), 44.0),
        Column::number(pick("Значение", "Value"), 24.0, NumberForm::Plain),
        Column::text(pick("Единица", "Unit"), 12.0),
        Column::text(pick("Источник", "Source"), 60.0),
    ];
    let mut rests =
        Table::new(pick("Опирается на значения без прочитанного источника", "Rests on defaults without a read source"), columns);
    for used in items(&result["rests_on"]) {
        let name = text(&used["parameter"]);
        let title = reserve_parameters().get(&name).map_or(name, |known| language.of(&known.title).to_owned());
        let cells = vec![
            Cell::text(title),
            scaled(&used["value"], 1.0),
            Cell::text(text(&used["unit"])),
            Cell::text(text(&used[pick("source_ru", "source")])),
        ];
        rests.rows.push(Row::plain(cells));
    }
    let mut notes: Vec<String> = invented_note(result, language).into_iter().collect();
    notes.extend(items(&result["warnings"]).map(|warning| text(&warning["message"])));
    let head = vec![pick("Метод, параметры, предупреждения", "Method, parameters, warnings").to_owned()];
    Sheet { name: pick("Метод", "Method").into(), head, tables: vec![facts, inputs, rests], notes }
}

/// A table of rows by name: heading, and the property with its factor.
type Figures<'a> = &'a [(&'a str, &'a str, &'a str, f64, u8)];

fn steps_sheet(result: &Value, language: TableLanguage) -> Sheet {
    let pick = |ru, en| language.pick(ru, en);
    let area = ("Площадь, га", "Area, ha", "area_ha", 1.0, 2);
    let volume = ("Объём, тыс. м³", "Volume, 1000 m³", "volume_m3", 1e-3, 2);
    let lost = ("Потеря, тыс. м³", "Lost, 1000 m³", "lost_volume_m3", 1e-3, 2);
    let dry = ("Сухое вещество, т", "Dry matter, t", "dry_mass_t", 1.0, 0);
    let mass = ("Масса, т", "Mass, t", "mass_t", 1.0, 0);
    let energy = ("Энергия, МВт·ч", "Energy, MWh", "energy_mwh", 1.0, 0);
    let table = |title: &str, list: &Value, name: &str, figures: Figures<'_>| {
        let mut columns = vec![Column::text(language.pick("Шаг", "Step"), 34.0)];
        columns.extend(
            figures
                .iter()
                .map(|(ru, en, _, _, decimals)| Column::number(language.pick(ru, en), 16.0, NumberForm::Decimals(*decimals))),
        );
        let mut table = Table::new(title, columns);
        for item in items(list) {
            let mut cells = vec![Cell::text(word(&text(&item[name]), language))];
            cells.extend(figures.iter().map(|(_, _, property, factor, _)| scaled(&item[*property], *factor)));
            table.rows.push(Row::plain(cells));
        }
        table
    };
    let ladder = pick("Лестница запасов", "Ladder of reserves");
    let funnel = pick("Воронка", "Funnel");
    let products = pick("Продукция", "Products");
    let stated = pick("Запасы по документам", "Reserves as stated");
    let thickness = ("Средняя мощность, м", "Mean thickness, m", "mean_thickness_m", 1.0, 2);
    let year = ("Год", "Year", "year", 1.0, 0);
    let lost_area = ("Потеря площади, га", "Lost area, ha", "lost_area_ha", 1.0, 2);
    let tables = vec![
        table(ladder, &result["ladder"], "step", &[area, volume, lost, dry, mass, energy]),
        table(funnel, &result["funnel"], "step", &[area, volume, lost, lost_area]),
        table(products, &result["products"], "product", &[area, volume, thickness, dry, mass, energy]),
        table(stated, &result["stated"], "category", &[volume, mass, year]),
    ];
    let tables = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    let title = pick("От геологических запасов до топлива", "From the geological reserve to the fuel").to_owned();
    let head = std::iter::once(title).chain(invented_note(result, language)).collect();
    Sheet { name: pick("Лестница", "Ladder").into(), head, tables, notes: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn result() -> Value {
        let block = |number: u32, category: &str, class: &str, area: f64, depth: f64| {
            let volume = area * 1e4 * depth;
            json!({
                "block": number, "category": category, "balance_class": class, "reason": "dense_probes", "reason_text": "dense",
                "peat_type": "fen", "area_ha": area, "mean_depth_m": depth, "volume_m3": volume, "dry_mass_t": volume * 0.1,
                "mass_t": volume * 0.1 / 0.6, "energy_mwh": volume * 0.1 / 0.6 * 11.5 / 3.6, "ash": 0.05 * f64::from(number),
                "decomposition": null,
            })
        };
        json!({
            "deposit": { "name": "Bog", "name_ru": "Болото" }, "method": "kriging", "reference_moisture": 0.4, "synthetic": true,
            "parameters": { "crs": "EPSG:32637", "cell_m": 10.0, "power": 4.0, "boundary": "none" }, "probes_used": 55,
            "blocks": [block(1, "A", "balance", 10.0, 2.0), block(2, "B", "balance", 5.0, 4.0), block(3, "A", "off_balance", 1.0, 0.5)],
            "warnings": [{ "code": "x", "message": "ash is unknown" }], "inputs_hash": "0123456789abcdef", "software_version": "9.9.9",
            "rests_on": [{ "parameter": "stumps", "value": 0.01, "unit": "share", "tag": "general knowledge", "source": "none read", "source_ru": "не прочитан" }],
            "ladder": [{ "step": "geological", "area_ha": 16.0, "volume_m3": 405_000.0, "lost_volume_m3": 0.0 }],
        })
    }

    #[test]
    fn blocks_are_added_up_by_category_by_class_and_all_together() {
        let book = reserve_table(&result(), TableLanguage::Russian);
        assert_eq!(book.title, "Подсчёт запасов торфа: Болото");
        let table = &book.sheets[0].tables[0];
        let named = |row: usize, cell: usize| match &table.rows[row].cells[cell] {
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        let volumes: Vec<f64> = table.rows.iter().map(|row| row.cells[place::VOLUME].value().expect("a volume")).collect();
        // Two totals by category, two by class, one of all.
        assert_eq!(volumes, [200.0, 200.0, 5.0, 205.0, 200.0, 400.0, 5.0, 405.0]);
        assert_eq!(table.rows[3].cells[place::VOLUME], Cell::Sum { rows: vec![0, 2], value: 205.0 });
        assert_eq!((named(3, 1), named(5, 2), named(7, 0)), ("A".into(), "балансовые".into(), "Всего".into()));
        let near = |row: usize, place: usize, value: f64| {
            let found = table.rows[row].cells[place].value().expect("a number");
            assert!((found - value).abs() < 1e-9, "{row} {place}: {found}");
        };
        near(7, place::DEPTH, 405.0 / 16.0 / 10.0);
        near(7, place::DENSITY, 100.0);
        near(7, place::CALORIFIC, 11.5);
        near(5, place::ASH, 7.5);
        assert_eq!(table.rows[7].cells[place::DECOMPOSITION], Cell::Empty, "what no block knows stays open");
        assert!(table.rows[3].strong && !table.rows[2].strong);
    }

    #[test]
    fn what_the_count_rests_on_stands_in_the_book_in_both_languages() {
        for (language, says, source) in [
            (TableLanguage::Russian, "Данные вымышлены", "не прочитан"),
            (TableLanguage::English, "The data are invented", "none read"),
        ] {
            let book = reserve_table(&result(), language);
            let everything = format!("{book:?}");
            for part in [says, "ash is unknown", "0123456789abcdef", "9.9.9", source, "EPSG:32637"] {
                assert!(everything.contains(part), "{part}");
            }
            assert_eq!(book.sheets.len(), 3);
            assert!(book.sheets[0].tables[0].columns[9].header.contains("40 %"));
        }
    }

    #[test]
    fn a_result_without_blocks_or_anything_else_is_no_reason_to_fail() {
        let book = reserve_table(&json!({}), TableLanguage::English);
        assert!(book.sheets[0].tables[0].rows.is_empty());
    }
}
