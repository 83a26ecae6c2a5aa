//! HTTP as it goes over the wire: nothing is added to a request, nothing taken off an answer.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer, its body as it was sent but for chunks.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Exchange {
    /// All lines of a header in one.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let values: Vec<&str> = lines.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body without its coding.
    pub fn plain(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        match self.header("Content-Encoding").as_deref() {
            None => plain.clone_from(&self.body),
            Some("gzip") => {
                flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut plain).unwrap();
            }
            Some("br") => {
                brotli::Decompressor::new(&self.body[..], 4_096).read_to_end(&mut plain).unwrap();
            }
            Some("zstd") => plain = zstd::decode_all(&self.body[..]).unwrap(),
            Some(other) => panic!("nobody asked for {other}"),
        }
        plain
    }

    /// The problem that it is.
    pub fn problem(&self, status: u16) -> serde_json::Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("Content-Type").as_deref(), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], status);
        problem
    }
}

/// One request on a connection of its own.
pub fn exchange(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Exchange {
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        write!(head, "Host: {address}\r\n").unwrap();
    }
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
        write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    raw(address, format!("{head}\r\n{body}").as_bytes(), method == "HEAD")
}

/// Bytes as they are, and the answer to them.
pub fn raw(address: SocketAddr, request: &[u8], is_head: bool) -> Exchange {
    let mut connection = opened(address, request);
    read(&mut connection, is_head)
}

/// A connection on which something was sent, and perhaps not all.
pub fn opened(address: SocketAddr, request: &[u8]) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    connection.write_all(request).unwrap();
    connection
}

/// Reads an answer until the server closes, or until it is whole.
pub fn read(connection: &mut TcpStream, is_head: bool) -> Exchange {
    let mut bytes = Vec::new();
    // A server that closes with something unread on its side resets the connection after its answer.
    let _ = connection.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {bytes:?}"));
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> =
        lines.map(|line| line.split_once(':').unwrap()).map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let mut answer = Exchange { status, headers, body: bytes[end + 4..].to_vec() };
    if answer.header("Transfer-Encoding").as_deref() == Some("chunked") && !is_head {
        answer.body = unchunked(&answer.body);
    } else if let Some(length) = answer.header("Content-Length").filter(|_| !is_head) {
        assert_eq!(answer.body.len(), length.parse::<usize>().unwrap(), "Content-Length is right");
    }
    assert!(!is_head || answer.body.is_empty(), "HEAD has no body");
    answer
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
}
