//! The inputs of an execute request: by value, by qualified value (`{"value": …, "mediaType": …}`), or by reference. A
//! reference is followed only within this service and within itself (`data:`): a service that fetches whatever address
//! a stranger names can be sent to its neighbours.

use super::input_schema::{check, told};
use super::process::ProcessInput;
use crate::api::problem::Problem;
use crate::api::state::State;
use crate::model::Layer;
use serde_json::{Map, Value};

/// Values that are of the kind that their inputs ask for.
#[derive(Debug, Default)]
pub(super) struct Given(Vec<(String, Value)>);

impl Given {
    /// Reads the values of `inputs`.
    ///
    /// # Errors
    /// 400 that names the input: an unknown one, one of a wrong kind, a required one that is missing.
    pub(super) fn read(known: &[ProcessInput], values: &Map<String, Value>, state: &State, base: &str) -> Result<Self, Problem> {
        let mut given = Vec::with_capacity(values.len());
        for (name, value) in values {
            let input = known.iter().find(|input| input.about.name == *name).ok_or_else(|| {
                let names = known.iter().map(|input| input.about.name.as_str()).collect::<Vec<_>>().join(", ");
                Problem::bad_request(name, format!("there is no input {name:?}; the inputs are {names}"))
            })?;
            let schema = &input.about.schema;
            let value = plain(name, schema, value, state, base)?;
            check(name, schema, &value)?;
            given.push((name.clone(), value));
        }
        let missing = known.iter().find(|input| input.required && !values.contains_key(&input.about.name));
        if let Some(missing) = missing {
            let name = &missing.about.name;
            return Err(Problem::bad_request(name, format!("{name} must be given")));
        }
        Ok(Self(given))
    }

    /// The value of an input.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    /// Takes an input out as text.
    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(given, _)| given == name)?;
        Some(text_of(self.0.swap_remove(place).1))
    }

    /// All as the texts that a query string would hold.
    pub(super) fn into_texts(self) -> Vec<(String, String)> {
        self.0.into_iter().map(|(name, value)| (name, text_of(value))).collect()
    }
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The value itself, whichever way it is given.
fn plain(name: &str, schema: &Value, value: &Value, state: &State, base: &str) -> Result<Value, Problem> {
    let Value::Object(object) = value else { return Ok(value.clone()) };
    if let Some(href) = object.get("href") {
        let wrong = || Problem::bad_request(name, format!("{name}: href must be a text; it was {}", told(href)));
        return referred(name, href.as_str().ok_or_else(wrong)?, state, base);
    }
    if let Some(value) = object.get("value") {
        check_media_type(name, schema, object)?;
        return Ok(value.clone());
    }
    // A box is the one object that stands for itself (requirement 25).
    if schema["format"] == "ogc-bbox" {
        return Ok(value.clone());
    }
    let detail = format!("{name}: an object is given as {{\"value\": …}} or {{\"href\": \"…\"}}; there is neither");
    Err(Problem::bad_request(name, detail))
}

/// Refuses a value that says it is of another media type than the input takes.
fn check_media_type(name: &str, schema: &Value, object: &Map<String, Value>) -> Result<(), Problem> {
    let stated = object.get("mediaType").or_else(|| object.get("format").and_then(|format| format.get("mediaType")));
    let Some(stated) = stated else { return Ok(()) };
    let own = |schema: &Value| {
        let kind = schema["contentMediaType"].as_str();
        kind.unwrap_or(if schema["type"] == "string" { "text/plain" } else { "application/json" }).to_owned()
    };
    let mut taken: Vec<String> = match schema["oneOf"].as_array() {
        Some(options) => options.iter().map(own).collect(),
        None => vec![own(schema)],
    };
    // GeoJSON is JSON; who says only that is right.
    if taken.iter().any(|kind| kind.ends_with("+json")) {
        taken.push("application/json".into());
    }
    let stated = stated.as_str().unwrap_or_default();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    if taken.iter().any(|kind| kind.eq_ignore_ascii_case(essence)) {
        return Ok(());
    }
    Err(Problem::bad_request(name, format!("{name} must be of {}; it was said to be of {stated:?}", taken.join(" or "))))
}

/// What a reference holds.
fn referred(name: &str, href: &str, state: &State, base: &str) -> Result<Value, Problem> {
    if let Some(data) = href.strip_prefix("data:") {
        return inline(name, data);
    }
    let items = href.strip_prefix(base).unwrap_or(href).strip_prefix("/ogc/collections/");
    let place = items.and_then(|rest| rest.split('?').next()?.split_once("/items/"));
    let Some((layer, id)) = place else {
        let detail = format!(
            "{name}: href must be a data: address without base64, or a feature of this service ({base}/ogc/collections/…/items/…): \
             it fetches nothing from elsewhere"
        );
        return Err(Problem::bad_request(name, detail));
    };
    let bench = state.bench();
    let table = layer.parse::<Layer>().ok().map(|layer| bench.catalogue().table(layer));
    let found = table.and_then(|table| table.geometry(table.row_of(id.parse().ok()?)?));
    let json = found.and_then(|geometry| serde_json::to_value(geojson::Geometry::from(&*geometry)).ok());
    json.ok_or_else(|| Problem::bad_request(name, format!("{name}: there is no feature {id:?} in a collection {layer:?}")))
}

/// The content of a `data:` address (RFC 2397): JSON where it is, else a text.
fn inline(name: &str, data: &str) -> Result<Value, Problem> {
    let wrong = |detail: &str| Problem::bad_request(name, format!("{name}: {detail}"));
    let (kind, content) = data.split_once(',').ok_or_else(|| wrong("a data: address has a comma before its content"))?;
    if kind.ends_with(";base64") {
        return Err(wrong("a data: address is read with percent-codes, not in base64"));
    }
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let code = digit(rest.next()).zip(digit(rest.next())).and_then(|(high, low)| u8::try_from(16 * high + low).ok());
        bytes.push(code.ok_or_else(|| wrong("a percent sign in a data: address is followed by two hexadecimal digits"))?);
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("a data: address holds UTF-8"))?;
    if kind.contains("json") {
        return serde_json::from_str(&text).map_err(|error| wrong(&format!("its data: address is no JSON: {error}")));
    }
    Ok(Value::String(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_data_address_is_read_as_json_or_text() {
        assert_eq!(inline("x", ",%D1%82%D0%BE%D1%80%D1%84").expect("text"), "торф");
        assert_eq!(inline("x", "application/json,%7B%22a%22:1%7D").expect("json"), json!({ "a": 1 }));
        for wrong in ["no comma", ";base64,AAAA", ",%4", ",%zz", "application/json,{", ",%ff"] {
            assert!(inline("x", wrong).expect_err("refused").to_string().starts_with("x: "), "{wrong}");
        }
    }

    #[test]
    fn a_stated_media_type_must_be_one_that_the_input_takes() {
        let schema = json!({ "oneOf": [{ "type": "object" }, { "type": "string", "contentMediaType": "application/xml" }] });
        let check = |stated: Value| {
            let object = stated.as_object().cloned().unwrap_or_default();
            check_media_type("x", &schema, &object)
        };
        assert!(check(json!({})).is_ok());
        assert!(check(json!({ "mediaType": "application/json" })).is_ok());
        assert!(check(json!({ "format": { "mediaType": "application/XML; charset=utf-8" } })).is_ok());
        let refused = check(json!({ "mediaType": "image/tiff" })).expect_err("refused").to_string();
        assert!(refused.contains("application/json or application/xml"), "{refused}");
    }
}
