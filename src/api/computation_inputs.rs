//! The inputs of the computations with title, meaning and JSON schema, made from the parameter tables: what the
//! `OpenAPI` document and the descriptions of processes show. What an input does to an answer is known elsewhere.

use super::language::Language;
use super::pages::unit;
use crate::model::{
    Choice, Parameter, Plant, Title, allocation_parameters, blend_parameters, demand_parameters, economics_parameters,
    reserve_parameters, season_parameters, siting_parameters, steam_parameters, supply_parameters,
};
use crate::planning::{AllocationRequest, MOST_YEARS, SitingQuery, SourceKind, SupplyLayer, SupplyRequest};
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

    pub(super) fn word(choice: &'static Choice) -> Self {
        let mut schema = json!({ "type": "string", "enum": choice.values().collect::<Vec<_>>() });
        if let Some(default) = &choice.default {
            schema["default"] = default.as_str().into();
        }
        Self { name: choice.name.clone(), title: choice.title.clone(), meaning: choice.meaning.clone(), schema }
    }

    pub(super) fn number(parameter: &Parameter) -> Self {
        let mut schema = json!({ "type": "number", "minimum": parameter.minimum, "maximum": parameter.maximum });
        if parameter.whole {
            schema["multipleOf"] = 1.into();
        }
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

/// Inputs of an allocation of peat to plants.
pub(super) fn allocation_inputs() -> Vec<ComputationInput> {
    let entry = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    let mut inputs = vec![
        ComputationInput::new(
            "plants",
            ("Plants", "Станции"),
            (
                "Plants by identifier, code or name; all of the project where left out",
                "Станции: идентификатор, код или название каждой; если не заданы — все станции проекта",
            ),
            json!({ "type": "array", "minItems": 1, "items": entry }),
        ),
        ComputationInput::new(
            "by",
            ("Sources", "Источники"),
            (
                "What a source is, a field or all counted fields of a deposit; deposits where more than 60 fields count and nothing is said",
                "Что считать источником: поле (field) или все учитываемые поля месторождения (deposit); если не задано и полей больше 60 — месторождение",
            ),
            json!({ "type": "string", "enum": SourceKind::WORDS }),
        ),
        ComputationInput::new(
            "years",
            ("Years", "Число лет"),
            ("Years of the plan, a", "Число лет плана"),
            json!({ "type": "integer", "minimum": 1, "maximum": MOST_YEARS, "default": 30 }),
        ),
        ComputationInput::new(
            "first_year",
            ("First year", "Первый год"),
            (
                "Calendar year of the first season; years are counted from 1 where it is left out",
                "Календарный год первого сезона; если не указан, годы считаются с 1",
            ),
            json!({ "type": "integer", "minimum": 1, "maximum": 9_000, "default": 1 }),
        ),
        ComputationInput::new(
            "wet_years",
            ("Wet years", "Дождливые годы"),
            (
                "Years of the plan whose season is wet: its harvest is that of wet_season_factor, else of weather_factor",
                "Годы плана с дождливым сезоном: сбор по wet_season_factor, в остальные годы — по weather_factor",
            ),
            json!({ "type": "array", "items": { "type": "integer" } }),
        ),
        ComputationInput::new(
            "dry_years",
            ("Dry years", "Сухие годы"),
            (
                "Years of the plan whose season is dry: its harvest is that of dry_season_factor",
                "Годы плана с сухим сезоном: сбор по dry_season_factor",
            ),
            json!({ "type": "array", "items": { "type": "integer" } }),
        ),
    ];
    inputs.extend(allocation_flags());
    inputs.extend(reserve_parameters().get("net_area_share").map(ComputationInput::number));
    inputs.extend(supply_parameters().choices().iter().map(ComputationInput::word));
    let tables = [supply_parameters(), season_parameters(), allocation_parameters(), blend_parameters(), economics_parameters()];
    let numbers = AllocationRequest::number_names().filter_map(|name| tables.into_iter().find_map(|table| table.get(name)));
    inputs.extend(numbers.map(ComputationInput::number));
    inputs
}

/// What an allocation takes as yes or no.
fn allocation_flags() -> Vec<ComputationInput> {
    let flag = |name: &str, default: bool, title, meaning| {
        ComputationInput::new(name, title, meaning, json!({ "type": "boolean", "default": default }))
    };
    vec![
        flag(
            "include_undeveloped",
            false,
            ("Undeveloped fields count", "Учитывать неосвоенные поля"),
            (
                "Whether undeveloped fields may be prepared; the plan decides which and when",
                "Можно ли осваивать неподготовленные поля; какие и когда, определяет план",
            ),
        ),
        flag(
            "carry_over",
            true,
            ("Stacks are carried over", "Переходящий запас"),
            ("Whether peat may lie in the stacks over the end of a year", "Может ли торф оставаться в штабелях на следующий год"),
        ),
        flag(
            "wood_chips",
            true,
            ("Wood chips", "Щепа"),
            (
                "Whether plants can buy wood chips, up to wood_chips_most_share of their need",
                "Могут ли станции покупать щепу, до доли wood_chips_most_share своей потребности",
            ),
        ),
        flag(
            "backup",
            false,
            ("Backup fuel", "Резервное топливо"),
            (
                "Whether plants can burn the backup fuel, as much as they want",
                "Могут ли станции сжигать резервное топливо без ограничения",
            ),
        ),
        flag(
            "must_be_met",
            false,
            ("Needs must be met", "Потребность обязательна"),
            (
                "Whether nothing may be missing at any price; what stands in the way is then told, else what is missing costs the penalty of shortage",
                "Недопустима ли недопоставка при любой цене: тогда сообщается, что ей мешает; иначе за недопоставку начисляется штраф",
            ),
        ),
        flag(
            "routes",
            true,
            ("Routes", "Маршруты"),
            ("Whether flows are answered as lines, too", "Нужны ли в ответе маршруты линиями"),
        ),
    ]
}

/// Inputs of a fuel supply, but for the plant.
pub(super) fn supply_inputs() -> Vec<ComputationInput> {
    let size = |name: &str, title, meaning| {
        let (low, high, _) = Plant::range(name);
        let mut schema = json!({ "type": "number", "minimum": low, "maximum": high });
        // As `Plant::check` has it.
        if name == "fuel_power_mw" {
            schema["exclusiveMinimum"] = true.into();
        }
        ComputationInput::new(name, title, meaning, schema)
    };
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
    inputs.extend(supply_part_inputs());
    inputs.extend(reserve_parameters().get("net_area_share").map(ComputationInput::number));
    inputs.extend(supply_parameters().choices().iter().map(ComputationInput::word));
    inputs.extend(supply_parameters().iter().map(ComputationInput::number));
    inputs.extend(season_parameters().choices().iter().map(ComputationInput::word));
    inputs.extend(season_parameters().iter().map(ComputationInput::number));
    let of_blend = SupplyRequest::blend_names().filter_map(|name| blend_parameters().get(name));
    inputs.extend(of_blend.chain(allocation_parameters().get(SupplyRequest::wood_name())).map(ComputationInput::number));
    inputs
}

/// Whether an input asks for a part of a supply that takes its time.
pub(super) fn is_supply_part(name: &str) -> bool {
    SupplyRequest::part_names().contains(&name)
}

/// What asks for the parts of a supply that take their time, and what their blend may have.
fn supply_part_inputs() -> Vec<ComputationInput> {
    let flag = |name: &str, default: bool, title, meaning| {
        ComputationInput::new(name, title, meaning, json!({ "type": "boolean", "default": default }))
    };
    vec![
        flag(
            "stock_band",
            false,
            ("Stack over drawn seasons", "Запас при разных сезонах"),
            (
                "Whether the stack is followed over drawn seasons: its band month by month, the chance of a year that is not covered, the store for a wanted certainty",
                "Проследить ли запас при разыгранных сезонах: пределы по месяцам, вероятность необеспеченного года, склад и страховой запас для заданной обеспеченности",
            ),
        ),
        flag(
            "preparation",
            false,
            ("Fields year by year", "Поля по годам"),
            (
                "Whether preparation, harvest and rewetting of the fields are answered year by year, with their cost and the latest decisions",
                "Нужны ли по годам подготовка, добыча и обводнение полей, затраты и крайние сроки решений",
            ),
        ),
        flag(
            "blend",
            false,
            ("Cheapest blend", "Самая дешёвая смесь"),
            (
                "Whether the cheapest blend of peat, wood chips and backup fuel is sought under limits of ash, moisture, sulphur and chlorine",
                "Подобрать ли самую дешёвую смесь торфа, щепы и резервного топлива при пределах зольности, влажности, серы и хлора",
            ),
        ),
        flag(
            "wood_chips",
            true,
            ("Wood chips", "Щепа"),
            (
                "Whether the blend can have wood chips, up to wood_chips_most_share of the need",
                "Может ли в смеси быть щепа, до доли wood_chips_most_share потребности",
            ),
        ),
        flag(
            "backup",
            true,
            ("Backup fuel", "Резервное топливо"),
            (
                "Whether the backup fuel can be burned beside the mixture, as much as is wanted",
                "Можно ли сжигать рядом со смесью резервное топливо без ограничения",
            ),
        ),
    ]
}

/// Inputs of a choice of sites.
#[expect(clippy::too_many_lines, reason = "a list of inputs")]
pub(super) fn siting_inputs() -> Vec<ComputationInput> {
    let own = ComputationInput::new;
    let count = json!({ "type": "integer", "minimum": 0, "maximum": 1000 });
    let names = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    let mut sizes = json!({ "type": "array", "minItems": 1, "maxItems": 20, "items": { "type": "number", "minimum": 0.01, "maximum": 5000 } });
    sizes["default"] = SitingQuery::default().sizes_mw.into();
    let mut inputs = vec![
        own(
            "candidates",
            ("Candidate sites", "Возможные площадки"),
            (
                "Where plants could stand: places as longitude,latitude, or GeoJSON of points whose features may have name, status (optional, required, forbidden) and site_rub_a, the cost of the place a year",
                "Где могут стоять станции: места как «долгота,широта» или точки GeoJSON; у объектов могут быть name, status (optional, required, forbidden) и site_rub_a — стоимость площадки в год",
            ),
            json!({ "oneOf": [
                { "type": "array", "minItems": 1, "maxItems": 10_000, "items": { "type": "string" } },
                { "type": "object", "contentMediaType": "application/geo+json" },
            ] }),
        ),
        own(
            "candidate_source",
            ("Source of sites", "Откуда площадки"),
            (
                "Where none are given: nodes of the roads near consumers, outside land under a constraint (network), or the plants of the project (plants)",
                "Если площадки не заданы: узлы дорог у потребителей вне ограничений (network) или станции проекта (plants)",
            ),
            json!({ "type": "string", "enum": ["network", "plants"], "default": "network" }),
        ),
        own(
            "consumers",
            ("Consumers", "Потребители"),
            (
                "Who is to be heated, each by identifier, code or name; all of the project where left out",
                "Кого снабжать теплом: идентификатор, код или название каждого; если не заданы — все потребители проекта",
            ),
            json!({ "type": "array", "minItems": 1, "maxItems": 10_000, "items": names }),
        ),
        own(
            "sizes_mw",
            ("Sizes", "Мощности"),
            ("Sizes in which plants can be built, MW of heat", "Мощности, в которых строят станции, МВт тепла"),
            sizes,
        ),
        own(
            "fewest_plants",
            ("Fewest plants", "Наименьшее число станций"),
            (
                "At least so many plants; one where left out, unless none is allowed",
                "Не меньше стольких станций; если не задано — одна, если станции не запрещены",
            ),
            count.clone(),
        ),
        own(
            "most_plants",
            ("Most plants", "Наибольшее число станций"),
            (
                "At most so many plants; as many as pay where left out",
                "Не больше стольких станций; если не задано — сколько окупается",
            ),
            count,
        ),
        own(
            "budget_rub",
            ("Budget", "Бюджет"),
            ("Investment of all plants together at most, RUB", "Вложения во все станции вместе не больше этого, руб."),
            json!({ "type": "number", "minimum": 0, "maximum": 1e15 }),
        ),
        own(
            "heat_all",
            ("Heat all", "Снабжать всех"),
            (
                "Whether plants must heat every consumer; else heat from elsewhere costs heat_price_rub_mwh",
                "Должны ли станции снабжать всех; иначе тепло из других источников стоит heat_price_rub_mwh",
            ),
            json!({ "type": "boolean", "default": false }),
        ),
        own(
            "fuel_for_life",
            ("Fuel for life", "Топлива на весь срок"),
            (
                "Whether fields give no more a year than their stock over the life of a plant",
                "Дают ли поля в год не больше своего запаса, делённого на срок службы станции",
            ),
            json!({ "type": "boolean", "default": false }),
        ),
        own(
            "include_undeveloped",
            ("Undeveloped fields count", "Учитывать неосвоенные поля"),
            ("Whether fields that are not prepared yet count", "Учитываются ли поля, которые ещё не подготовлены"),
            json!({ "type": "boolean", "default": false }),
        ),
    ];
    inputs.extend(siting_parameters().iter().map(ComputationInput::number));
    inputs.extend(
        SitingQuery::economics().iter().filter_map(|name| economics_parameters().get(name)).map(ComputationInput::number),
    );
    inputs.extend(reserve_parameters().get("net_area_share").map(ComputationInput::number));
    let (supply, demand) = (supply_parameters(), demand_parameters());
    inputs.extend(supply.choices().iter().chain(demand.choices()).map(ComputationInput::word));
    let numbers = supply.iter().chain(demand.iter()).filter(|parameter| SitingQuery::uses(&parameter.name));
    inputs.extend(numbers.map(ComputationInput::number));
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
