//! Whether a value is one that an input's JSON schema allows: of JSON Schema the words that our inputs use, no more.

use crate::api::problem::Problem;
use serde_json::Value;

/// Checks a value; says which input is wrong, what it must be and what it was.
///
/// # Errors
/// 400 that names the input.
pub(super) fn check(input: &str, schema: &Value, value: &Value) -> Result<(), Problem> {
    fault(schema, value)
        .map_or(Ok(()), |fault| Err(Problem::bad_request(input, format!("{input} must be {fault}; it was {}", told(value)))))
}

/// Characters of a value that a sentence repeats.
const TOLD_CHARACTERS: usize = 80;

/// A value as a sentence repeats it: a long one is cut.
pub(super) fn told(value: &Value) -> String {
    let text = value.to_string();
    let end = text.char_indices().nth(TOLD_CHARACTERS).map(|(end, _)| end);
    end.map_or_else(|| text.clone(), |end| format!("{}…", &text[..end]))
}

/// What a value must be and is not.
fn fault(schema: &Value, value: &Value) -> Option<String> {
    if let Some(options) = schema["oneOf"].as_array() {
        let faults: Vec<String> = options.iter().filter_map(|option| fault(option, value)).collect();
        return (faults.len() == options.len()).then(|| faults.join(", or "));
    }
    let kind = schema["type"].as_str().unwrap_or_default();
    let (fits, name) = match kind {
        "string" => (value.is_string(), "a text"),
        "number" => (value.is_number(), "a number"),
        "integer" => (value.is_i64() || value.is_u64(), "a whole number"),
        "boolean" => (value.is_boolean(), "true or false"),
        "array" => (value.is_array(), "a list"),
        "object" => (value.is_object(), "an object"),
        _ => (true, "anything"),
    };
    if !fits {
        return Some(name.to_owned());
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        let words: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        return Some(format!("one of {}", words.join(", ")));
    }
    match value {
        Value::Number(number) => {
            let number = number.as_f64()?;
            let (low, high) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
            // As OpenAPI 3.0 has it: a flag beside the minimum.
            let above = schema["exclusiveMinimum"] == true;
            let too_low = |low: f64| if above { number <= low } else { number < low };
            let outside = low.is_some_and(too_low) || high.is_some_and(|high| number > high);
            if !outside && schema["multipleOf"] == 1 && number.fract() != 0.0 {
                return Some("a whole number".to_owned());
            }
            outside.then(|| match (low, high) {
                (Some(low), Some(high)) if above => format!("above {low} and at most {high}"),
                (Some(low), None) if above => format!("above {low}"),
                (Some(low), Some(high)) => format!("between {low} and {high}"),
                (Some(low), None) => format!("{low} or more"),
                (_, high) => format!("at most {}", high.unwrap_or_default()),
            })
        }
        Value::Array(list) => {
            let count = list.len() as u64;
            let (least, most) = (schema["minItems"].as_u64().unwrap_or(0), schema["maxItems"].as_u64().unwrap_or(u64::MAX));
            if !(least..=most).contains(&count) {
                let allowed = match (least, most) {
                    (0, most) => format!("a list of at most {most} entries"),
                    (least, u64::MAX) => format!("a list of {least} or more entries"),
                    (least, most) => format!("a list of {least} to {most} entries"),
                };
                return Some(if count == 0 { format!("{allowed}, or left out") } else { allowed });
            }
            list.iter().find_map(|entry| fault(&schema["items"], entry)).map(|fault| format!("a list whose entries are {fault}"))
        }
        Value::Object(object) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if let Some(missing) = required.into_iter().find(|name| !object.contains_key(*name)) {
                return Some(format!("an object with {missing}"));
            }
            let properties = schema["properties"].as_object()?;
            object.iter().find_map(|(name, member)| {
                fault(properties.get(name)?, member).map(|fault| format!("an object whose {name} is {fault}"))
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_wrong_value_is_told_what_it_must_be() {
        let bbox = json!({ "type": "object", "required": ["bbox"], "properties": {
            "bbox": { "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } }, "crs": { "type": "string" } } });
        let either = json!({ "oneOf": [{ "type": "string" }, { "type": "integer", "minimum": 1 }] });
        let cases = [
            (json!({ "type": "number", "minimum": 0, "maximum": 3 }), json!(4), "x must be between 0 and 3; it was 4"),
            (json!({ "type": "string", "enum": ["a", "b"] }), json!("c"), "x must be one of a, b; it was \"c\""),
            (json!({ "type": "integer" }), json!(1.5), "x must be a whole number; it was 1.5"),
            (json!({ "type": "number", "multipleOf": 1 }), json!(1.5), "x must be a whole number; it was 1.5"),
            (
                json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 9 }),
                json!(0),
                "x must be above 0 and at most 9; it was 0",
            ),
            (bbox.clone(), json!({ "crs": "x" }), "x must be an object with bbox; it was {\"crs\":\"x\"}"),
            (
                bbox.clone(),
                json!({ "bbox": [1, 2] }),
                "x must be an object whose bbox is a list of 4 to 6 entries; it was {\"bbox\":[1,2]}",
            ),
            (either.clone(), json!(true), "x must be a text, or a whole number; it was true"),
        ];
        for (schema, value, said) in cases {
            assert_eq!(check("x", &schema, &value).expect_err("refused").to_string(), said);
        }
        for (schema, value) in [(either, json!(7)), (bbox, json!({ "bbox": [1, 2, 3, 4.5] })), (json!({}), json!(null))] {
            assert!(check("x", &schema, &value).is_ok(), "{value}");
        }
    }
}
