//! The results of an execution: a document that names them, or the bare value of one, or several as parts.

use super::process::Outputs;
use crate::api::problem::Problem;
use crate::jobs::JobAnswer;
use serde::Serialize;

/// How results are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `response: raw`, the standard's default.
    Raw,
    /// `response: document`.
    Document,
}

/// Stands between parts. All parts are JSON on one line, so that none can hold it at a line's beginning.
const PARTS: &str = "multipart/related; boundary=peatplan-result; type=\"application/json\"";
const BOUNDARY: &str = "peatplan-result";

pub(super) fn json_bytes(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::internal(&error))
}

/// Of all outputs the wanted ones, in the shape that is wanted; without a selection all.
pub(super) fn render(mut outputs: Outputs, selected: &[String], shape: Shape) -> JobAnswer {
    outputs.retain(|(id, _)| selected.is_empty() || selected.iter().any(|wanted| wanted == id));
    match (shape, outputs.len()) {
        (Shape::Raw, 1) => JobAnswer { media_type: "application/json", bytes: outputs.swap_remove(0).1 },
        (Shape::Raw, 2..) => JobAnswer { media_type: PARTS, bytes: parts(&outputs) },
        _ => JobAnswer { media_type: "application/json", bytes: document(&outputs) },
    }
}

/// `{"id": value, …}`, the values as they were written.
fn document(outputs: &Outputs) -> Vec<u8> {
    let mut bytes = vec![b'{'];
    for (place, (id, value)) in outputs.iter().enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(format!("\"{id}\":").as_bytes());
        bytes.extend_from_slice(value);
    }
    bytes.push(b'}');
    bytes
}

/// Parts as RFC 2387 has them, each under its output's name.
fn parts(outputs: &Outputs) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (id, value) in outputs {
        let head = format!("--{BOUNDARY}\r\nContent-Type: application/json\r\nContent-ID: <{id}>\r\n\r\n");
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_a_document_a_value_or_parts() {
        let outputs = || vec![("a", b"1".to_vec()), ("b", b"\"x\"".to_vec())];
        let text = |selected: &[&str], shape| {
            let selected: Vec<String> = selected.iter().map(|id| (*id).to_owned()).collect();
            let answer = render(outputs(), &selected, shape);
            (answer.media_type, String::from_utf8(answer.bytes).expect("text"))
        };
        assert_eq!(text(&[], Shape::Document), ("application/json", "{\"a\":1,\"b\":\"x\"}".to_owned()));
        assert_eq!(text(&["b"], Shape::Document).1, "{\"b\":\"x\"}");
        assert_eq!(text(&["b"], Shape::Raw), ("application/json", "\"x\"".to_owned()));
        let (kind, parts) = text(&[], Shape::Raw);
        assert!(kind.starts_with("multipart/related; boundary="));
        assert_eq!(parts.matches("--peatplan-result\r\n").count(), 2);
        assert!(parts.contains("Content-ID: <b>\r\n\r\n\"x\"\r\n") && parts.ends_with("--peatplan-result--\r\n"));
    }
}
