//! JSON documents as values of templates, their members in the document's order.

use minijinja::Value;
use minijinja::value::{Enumerator, Object};
use serde_json::Value as Json;
use std::sync::Arc;

/// An object whose members keep their order.
#[derive(Debug)]
struct Members(Vec<(Arc<str>, Value)>);

impl Object for Members {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        self.0.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(Arc::clone(name))).collect())
    }
}

/// A document for a template.
pub(super) fn shown(document: &Json) -> Value {
    match document {
        Json::Null => Value::from(()),
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => number.as_i64().map(Value::from).or_else(|| number.as_f64().map(Value::from)).unwrap_or_default(),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(entries) => entries.iter().map(shown).collect(),
        Json::Object(members) => {
            Value::from_object(Members(members.iter().map(|(name, value)| (name.as_str().into(), shown(value))).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::{Environment, context};
    use serde_json::json;

    #[test]
    fn a_document_keeps_its_order_and_its_kinds() {
        let document = json!({ "z": [1, 2.5], "a": { "b": null, "c": true }, "t": "торф" });
        let text = "{% for name, value in doc|items %}{{ name }}={{ value }};{% endfor %}{{ doc.a.c }} {{ doc.z[1] }} {{ doc.a.b is none }}";
        let shown = Environment::new().render_str(text, context! { doc => shown(&document) }).expect("sound");
        assert!(shown.starts_with("z=[1, 2.5];a=") && shown.ends_with("t=торф;True 2.5 True"), "{shown}");
    }
}
