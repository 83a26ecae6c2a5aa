//! The inputs of the computations with title, meaning and JSON schema, made from the parameter tables: what the
//! `OpenAPI` document and the descriptions of processes show. What an input does to an answer is known elsewhere.

use super::language::Language;
use super::pages::unit;
use crate::model::{Choice, Parameter, Title, reserve_parameters, season_parameters, steam_parameters, supply_parameters};
use crate::planning::SupplyLayer;
use serde_json::{Value, json};

/// An input.
#[derive(Debug, Clone)]
pub(super) struct ComputationInput {
    /// Name in requests.
    pub name: String,
    /// Label.
    pub title: Title,
    /// What it means, with its unit.
    pub meaning: Title,
    /// What it accepts.
    pub schema: Value,
}

impl ComputationInput {
    pub(super) fn new(name: &str, title: (&str, &str), meaning: (&str, &str), schema: Value) -> Self {
        let both = |(en, ru): (&str, &str)| Title { en: en.to_owned(), ru: ru.to_owned() };
        Self { name: name.to_owned(), title: both(title), meaning: both(meaning), schema }
    }

    fn word(choice: &'static Choice) -> Self {
        let mut schema = json!({ "type": "string", "enum": choice.values().collect::<Vec<_>>() });
        if let Some(default) = &choice.default {
            schema["default"] = default.as_str().into();
        }
        Self { name: choice.name.clone(), title: choice.title.clone(), meaning: choice.meaning.clone(), schema }
    }

    fn number(parameter: &Parameter) -> Self {
        let mut schema = json!({ "type": "number", "minimum": parameter.minimum, "maximum": parameter.maximum });
        if let Some(default) = parameter.value {
            schema["default"] = default.into();
        }
        let with_unit = |text: &str, unit: &str| if unit.is_empty() { text.to_owned() } else { format!("{text}, {unit}") };
        let meaning = Title {
            en: with_unit(&parameter.meaning.en, &parameter.unit),
            ru: with_unit(&parameter.meaning.ru, unit(Language::Russian, &parameter.unit)),
        };
        Self { name: parameter.name.clone(), title: parameter.title.clone(), meaning, schema }
    }

    /// As a parameter's schema of the `OpenAPI` document.
    pub(super) fn described_schema(&self) -> (String, Value) {
        let mut schema = self.schema.clone();
        schema["description"] = self.meaning.en.as_str().into();
        (self.name.clone(), schema)
    }
}

/// Inputs of a reserve estimate, but for the deposit and the area: a process and an address take those each in its way.
pub(super) fn reserve_inputs() -> Vec<ComputationInput> {
    let mut inputs: Vec<_> = reserve_parameters().choices().iter().map(ComputationInput::word).collect();
    inputs.push(ComputationInput::new(
        "crs",
        ("Working system", "Рабочая система координат"),
        ("Working system of this estimate, such as EPSG:32637", "Рабочая система координат этой оценки, например EPSG:32637"),
        json!({ "type": "string" }),
    ));
    inputs.extend(reserve_parameters().iter().map(ComputationInput::number));
    inputs
}

/// Inputs of a study of a boiler house's steam.
pub(super) fn steam_inputs() -> Vec<ComputationInput> {
    let mut inputs: Vec<_> = steam_parameters().choices().iter().map(ComputationInput::word).collect();
    inputs.push(ComputationInput::new(
        "load",
        ("Steam over the year", "Пар по году"),
        (
            "Steam over the year: hours:t/h pairs such as 1000:10; 4112:6, or a flow for each of 8,760 hours; made of the nominal flow where it is left out",
            "Пар по году: пары «часы:т/ч», например 1000:10; 4112:6, или расход за каждый из 8760 часов; если не указан — по номинальному расходу",
        ),
        json!({ "type": "string" }),
    ));
    inputs.extend(steam_parameters().iter().map(ComputationInput::number));
    inputs
}

/// Inputs of a fuel supply, but for the plant.
pub(super) fn supply_inputs() -> Vec<ComputationInput> {
    let size =
        |name: &str, title, meaning| ComputationInput::new(name, title, meaning, json!({ "type": "number", "minimum": 0 }));
    let flag = |name: &str, title, meaning| ComputationInput::new(name, title, meaning, json!({ "type": "boolean" }));
    let mut inputs = vec![
        ComputationInput::new(
            "at",
            ("Place of the plant", "Место станции"),
            (
                "Place of the plant: longitude,latitude; a stored plant is moved there",
                "Место станции: долгота,широта; станция проекта переносится туда",
            ),
            json!({ "type": "string" }),
        ),
        size(
            "electric_capacity_mw",
            ("Electric capacity", "Электрическая мощность"),
            ("Net electric capacity, MW", "Электрическая мощность нетто, МВт"),
        ),
        size(
            "heat_capacity_mw",
            ("Heat capacity", "Тепловая мощность"),
            ("Useful heat capacity, MW", "Полезная тепловая мощность, МВт"),
        ),
        size(
            "fuel_power_mw",
            ("Fuel input", "Мощность по топливу"),
            ("Fuel input at full load, MW", "Расход топлива при полной нагрузке, МВт"),
        ),
        size(
            "peat_share",
            ("Share of peat", "Доля торфа"),
            ("Share of peat in the fuel by energy", "Доля торфа в топливе по энергии"),
        ),
        flag(
            "include_undeveloped",
            ("Undeveloped fields count", "Учитывать неосвоенные поля"),
            ("Whether fields that are not prepared yet count", "Учитываются ли поля, которые ещё не подготовлены"),
        ),
        flag(
            "yield_by_cycles",
            ("Yield by cycles", "Сбор по циклам"),
            (
                "Whether the yield of a season follows from technology, cycles and dry days, where the field does not state it",
                "Считать ли сбор за сезон по технологии, числу циклов и сухих дней, если он у поля не указан",
            ),
        ),
        ComputationInput::new(
            "need_by_month",
            ("Need by month", "Потребность по месяцам"),
            (
                "Twelve numbers, January first, in whose proportion the fuel is burned; by degree days and hot water where left out",
                "Двенадцать чисел с января, в пропорции которых сжигается топливо; если не указаны — по отоплению и горячей воде",
            ),
            json!({ "type": "string" }),
        ),
        flag("routes", ("Routes", "Маршруты"), ("Whether routes are answered as lines", "Нужны ли в ответе маршруты линиями")),
    ];
    inputs.extend(reserve_parameters().get("net_area_share").map(ComputationInput::number));
    inputs.extend(supply_parameters().choices().iter().map(ComputationInput::word));
    inputs.extend(supply_parameters().iter().map(ComputationInput::number));
    inputs.extend(season_parameters().choices().iter().map(ComputationInput::word));
    inputs.extend(season_parameters().iter().map(ComputationInput::number));
    inputs
}

/// Inputs that a layer of a supply has beside those of the supply.
pub(super) fn supply_layer_inputs(layer: SupplyLayer) -> Vec<ComputationInput> {
    match layer {
        SupplyLayer::Flows => Vec::new(),
        SupplyLayer::Catchment => vec![
            ComputationInput::new(
                "measure",
                ("Measure", "Мера"),
                (
                    "What limits the catchment: cost of the haul, its length or its time",
                    "Чем ограничена зона: стоимостью перевозки, её длиной или временем",
                ),
                json!({ "type": "string", "enum": ["cost", "distance", "time"], "default": "cost" }),
            ),
            ComputationInput::new(
                "most",
                ("Limit", "Предел"),
                (
                    "Limit of the catchment by its measure, above 0, in RUB/t, km or h; the haul of the dearest field in use where it is left out",
                    "Предел зоны по её мере, больше 0: руб./т, км или ч; если не задан — перевозка с самого дорогого из используемых полей",
                ),
                json!({ "type": "number", "minimum": 0, "maximum": 100_000 }),
            ),
            ComputationInput::new(
                "plants",
                ("Other plants", "Другие станции"),
                (
                    "Further plants by identifier, code or name, with commas between them: each stretch goes to the plant that is best by the measure",
                    "Другие станции через запятую: идентификаторы, коды или названия; каждый участок отходит к станции, лучшей по мере",
                ),
                json!({ "type": "string" }),
            ),
        ],
        SupplyLayer::Depletion => vec![
            ComputationInput::new(
                "year",
                ("Year", "Год"),
                (
                    "Year at whose end stocks are shown, counted from now and up to the horizon; 0 is now",
                    "Год, на конец которого показаны запасы, считая от нынешнего и до горизонта; 0 — сейчас",
                ),
                json!({ "type": "integer", "minimum": 0, "maximum": 300, "default": 0 }),
            ),
            ComputationInput::new(
                "of",
                ("Shown", "Что показать"),
                ("Whether deposits or fields are shown", "Показать месторождения или поля"),
                json!({ "type": "string", "enum": ["deposits", "fields"], "default": "deposits" }),
            ),
        ],
    }
}
