//! The inputs of a study of the demand with title, meaning and JSON schema.

use super::computation_inputs::ComputationInput;
use crate::model::demand_parameters;
use crate::planning::WEATHER_TEXT_BYTES;
use serde_json::json;

/// Inputs that choose the weather, of whatever is computed from it.
pub(super) fn weather_inputs() -> Vec<ComputationInput> {
    vec![
        ComputationInput::new(
            "weather",
            ("Weather year", "Год погоды"),
            (
                "A weather year of the project by identifier, code or name; a year made from the climate where neither this nor weather_file is given",
                "Год погоды проекта: идентификатор, код или название; если не задан ни он, ни weather_file — искусственный год по климату",
            ),
            json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
        ),
        ComputationInput::new(
            "weather_file",
            ("Weather file", "Файл погоды"),
            (
                "The text of a file of hourly weather, EPW (EnergyPlus) or TRY (test reference year), in place of a year of the project",
                "Текст файла почасовой погоды, EPW (EnergyPlus) или TRY (типовой год немецкой метеослужбы), вместо года погоды проекта",
            ),
            json!({ "type": "string", "contentMediaType": "text/plain", "maxLength": WEATHER_TEXT_BYTES }),
        ),
    ]
}

/// Inputs of a study of the demand.
pub(super) fn demand_inputs() -> Vec<ComputationInput> {
    let names = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    let mut inputs = vec![ComputationInput::new(
        "consumers",
        ("Consumers", "Потребители"),
        (
            "Whose demand, each by identifier, code or name; all of the project where left out",
            "Чья нагрузка: идентификатор, код или название каждого; если не заданы — все потребители проекта",
        ),
        json!({ "type": "array", "minItems": 1, "maxItems": 10_000, "items": names }),
    )];
    inputs.extend(weather_inputs());
    inputs.push(ComputationInput::new(
        "hourly",
        ("Hours", "Почасовые данные"),
        (
            "Whether the hours of all consumers together are answered, too",
            "Нужны ли в ответе почасовые нагрузки всех потребителей вместе",
        ),
        json!({ "type": "boolean", "default": false }),
    ));
    inputs.extend(demand_parameters().choices().iter().map(ComputationInput::word));
    inputs.extend(demand_parameters().iter().map(ComputationInput::number));
    inputs
}
