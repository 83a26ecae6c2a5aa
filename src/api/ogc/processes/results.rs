//! The results of an execution: a document that names them, or the bare value of one, or several as parts.

use super::process::Outputs;
use crate::api::problem::Problem;
use crate::jobs::JobAnswer;

/// How results are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `response: raw`, the standard's default.
    Raw,
    /// `response: document`.
    Document,
}

/// Stands between parts, made longer where a text holds it.
const BOUNDARY: &str = "peatplan-result";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// Of all outputs the wanted ones, in the shape that is wanted; without a selection all.
pub(super) fn render(mut outputs: Outputs, selected: &[String], shape: Shape) -> JobAnswer {
    outputs.retain(|(id, _)| selected.is_empty() || selected.iter().any(|wanted| wanted == id));
    match (shape, outputs.len()) {
        (Shape::Raw, 1) => {
            let (media_type, bytes) = bare(&outputs.swap_remove(0).1);
            JobAnswer { media_type: media_type.into(), bytes }
        }
        (Shape::Raw, 2..) => parts(&outputs),
        _ => JobAnswer { media_type: JSON.into(), bytes: document(&outputs) },
    }
}

/// A value as it is when nothing stands round it: a text bare, all else as JSON.
fn bare(json: &[u8]) -> (&'static str, Vec<u8>) {
    match serde_json::from_slice::<String>(json) {
        Ok(text) => (TEXT, text.into_bytes()),
        Err(_) => (JSON, json.to_vec()),
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
fn parts(outputs: &Outputs) -> JobAnswer {
    let parts: Vec<_> = outputs.iter().map(|(id, value)| (id, bare(value))).collect();
    let mut boundary = BOUNDARY.to_owned();
    while parts.iter().any(|(_, (_, value))| value.windows(boundary.len()).any(|window| window == boundary.as_bytes())) {
        boundary.push('0');
    }
    let mut bytes = Vec::new();
    for (id, (media_type, value)) in parts {
        let head = format!("--{boundary}\r\nContent-Type: {media_type}\r\nContent-ID: <{id}>\r\n\r\n");
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(&value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    JobAnswer { media_type: format!("multipart/related; boundary={boundary}; type=\"{JSON}\"").into(), bytes }
}

/// Results as one JSON document, whichever way they were rendered: parts under their names, a text as a text of JSON.
///
/// # Errors
/// 500, where the parts are not as they are rendered here.
pub(super) fn json_of(media_type: &str, bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    if media_type.starts_with("text/") {
        return quoted(bytes);
    }
    let boundary = media_type.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary="));
    let Some(boundary) = boundary.filter(|_| media_type.starts_with("multipart/")) else { return Ok(bytes.to_vec()) };
    let broken = || Problem::internal(&"the parts of a result cannot be told apart");
    let mut document = b"{".to_vec();
    let mut rest = bytes;
    let opening = format!("--{boundary}\r\n");
    let closing = format!("\r\n--{boundary}");
    while let Some(part) = rest.strip_prefix(opening.as_bytes()) {
        let (head, content) = split(part, b"\r\n\r\n").ok_or_else(broken)?;
        let (value, _) = split(content, closing.as_bytes()).ok_or_else(broken)?;
        // The next part begins with the boundary that ends this one.
        rest = &content[value.len() + 2..];
        let head = std::str::from_utf8(head).map_err(|_| broken())?;
        let id = head.split("Content-ID: <").nth(1).and_then(|id| id.split('>').next()).ok_or_else(broken)?;
        if document.len() > 1 {
            document.push(b',');
        }
        document.extend(quoted(id.as_bytes())?);
        document.push(b':');
        let is_text = head.contains("Content-Type: text/");
        document.extend(if is_text { quoted(value)? } else { value.to_vec() });
    }
    document.push(b'}');
    Ok(document)
}

/// What stands before and behind the first place of a mark.
fn split<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(mark.len()).position(|window| window == mark)?;
    Some((&bytes[..place], &bytes[place + mark.len()..]))
}

/// A text as JSON writes it.
fn quoted(text: &[u8]) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(&String::from_utf8_lossy(text)).map_err(|error| Problem::internal(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_a_document_a_value_or_parts() {
        let text = |selected: &[&str], shape| {
            let outputs = vec![("a", b"1".to_vec()), ("b", b"\"x\"".to_vec())];
            let selected: Vec<String> = selected.iter().map(|id| (*id).to_owned()).collect();
            let answer = render(outputs, &selected, shape);
            (answer.media_type.into_owned(), String::from_utf8(answer.bytes).expect("text"))
        };
        assert_eq!(text(&[], Shape::Document), (JSON.to_owned(), "{\"a\":1,\"b\":\"x\"}".to_owned()));
        assert_eq!(text(&["b"], Shape::Document).1, "{\"b\":\"x\"}");
        assert_eq!(text(&["b"], Shape::Raw), (TEXT.to_owned(), "x".to_owned()));
        let (kind, parts) = text(&[], Shape::Raw);
        assert!(kind.starts_with("multipart/related; boundary="));
        assert_eq!(parts.matches("--peatplan-result\r\n").count(), 2);
        assert!(parts.contains("Content-ID: <b>\r\n\r\nx\r\n") && parts.ends_with("--peatplan-result--\r\n"));
    }

    #[test]
    fn parts_are_one_document_again_where_that_is_asked_for() {
        let outputs =
            || vec![("a", b"{\"x\":1}".to_vec()), ("b", b"\"--peatplan-result\\r\\n\"".to_vec()), ("c", b"[]".to_vec())];
        let (parts, document) = (render(outputs(), &[], Shape::Raw), render(outputs(), &[], Shape::Document));
        let again = json_of(&parts.media_type, &parts.bytes).expect("its own parts");
        assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&document.bytes));
        assert_eq!(json_of(TEXT, b"x\"y").expect("a text"), b"\"x\\\"y\"");
        assert_eq!(json_of(JSON, b"[1]").expect("as it is"), b"[1]");
    }

    #[test]
    fn no_part_can_hold_its_own_end() {
        let answer = render(vec![("a", b"\"\\r\\n--peatplan-result--\"".to_vec()), ("b", b"2".to_vec())], &[], Shape::Raw);
        assert!(answer.media_type.contains("boundary=peatplan-result0;"), "{}", answer.media_type);
        assert!(answer.bytes.ends_with(b"--peatplan-result0--\r\n"));
    }
}
