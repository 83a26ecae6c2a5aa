//! Content codings (RFC 9110, 8.4): which of them a client takes, and the bytes of a body in one of them, whole or chunk
//! by chunk. It knows no requests and no tags but the words that codings add to them.

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};
use actix_web::web::Bytes;
use std::io::{self, Write};

/// A coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::api) enum Coding {
    Zstd,
    Brotli,
    Gzip,
}

/// How much time is worth spending on a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Effort {
    /// It may be sent once and never again.
    Cheap,
    /// It never changes and is sent to everybody.
    Lasting,
}

impl Coding {
    /// In the order in which they are taken where a client likes them alike: the cheapest first.
    pub(in crate::api) const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// Its word in `Content-Encoding`, and behind the hyphen of a tag.
    pub(in crate::api) const fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    const fn level(self, effort: Effort) -> u32 {
        match (self, effort) {
            (Self::Gzip, Effort::Cheap) => 5,
            (Self::Gzip | Self::Brotli, Effort::Lasting) => 9,
            (Self::Brotli, Effort::Cheap) => 4,
            (Self::Zstd, Effort::Cheap) => 3,
            (Self::Zstd, Effort::Lasting) => 15,
        }
    }

    /// A whole body.
    pub(in crate::api) fn whole(self, body: &[u8], effort: Effort) -> io::Result<Bytes> {
        let mut coder = Coder::new(self, effort, body.len())?;
        coder.write_all(body)?;
        coder.finish()
    }
}

/// What a client says about codings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) struct Accepted {
    /// Thousandths, in the order of [`Coding::ALL`]; none where it says nothing of it.
    qualities: [Option<u16>; 3],
    identity: Option<u16>,
    rest: Option<u16>,
}

impl Accepted {
    /// Reads every `Accept-Encoding` there is; parts that are not understood count as not said.
    pub(in crate::api) fn of(headers: &HeaderMap) -> Self {
        let mut accepted = Self { qualities: [None; 3], identity: None, rest: None };
        for text in headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok()) {
            for part in text.split(',') {
                let mut pieces = part.split(';').map(str::trim);
                let name = pieces.next().unwrap_or_default();
                let Some(quality) = pieces.next().map_or(Some(1_000), quality) else { continue };
                let place = match name.to_ascii_lowercase().as_str() {
                    "zstd" => &mut accepted.qualities[0],
                    "br" => &mut accepted.qualities[1],
                    "gzip" | "x-gzip" => &mut accepted.qualities[2],
                    "identity" => &mut accepted.identity,
                    "*" => &mut accepted.rest,
                    _ => continue,
                };
                *place = Some(quality);
            }
        }
        accepted
    }

    /// The coding to send; none is the plain body, which is also what a client gets that takes nothing at all. Where a
    /// client likes codings alike, what is sent once gets the cheapest and what lasts the one that makes it smallest.
    pub(in crate::api) fn best(&self, effort: Effort) -> Option<Coding> {
        let mut best: Option<(u16, Coding)> = None;
        for (coding, quality) in Coding::ALL.into_iter().zip(self.qualities) {
            let quality = quality.or(self.rest).unwrap_or(0);
            let (most, _) = best.unwrap_or((0, coding));
            let smallest = effort == Effort::Lasting && coding == Coding::Brotli && quality > 0;
            if quality > most || smallest && quality == most {
                best = Some((quality, coding));
            }
        }
        // The plain body is only preferred where a client says so.
        let plain = self.identity.unwrap_or(0);
        best.filter(|(quality, _)| *quality >= plain).map(|(_, coding)| coding)
    }

    /// Whether the plain body is refused.
    pub(in crate::api) fn refuses_plain(&self) -> bool {
        self.identity.or(self.rest) == Some(0)
    }
}

/// `q=0.8` in thousandths.
fn quality(text: &str) -> Option<u16> {
    let (name, value) = text.split_once('=')?;
    let value: f32 = value.trim().parse().ok()?;
    if !name.trim().eq_ignore_ascii_case("q") || !(0.0..=1.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    Some((value * 1_000.0).round() as u16)
}

/// Codes a body piece by piece.
pub(in crate::api) struct Coder(Inner);

enum Inner {
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Coder {
    /// Begins; `size` is how much is likely to come.
    pub(in crate::api) fn new(coding: Coding, effort: Effort, size: usize) -> io::Result<Self> {
        let out = Vec::with_capacity((size / 4).clamp(512, 1_000_000));
        let level = coding.level(effort);
        Ok(Self(match coding {
            Coding::Gzip => Inner::Gzip(flate2::write::GzEncoder::new(out, flate2::Compression::new(level))),
            Coding::Brotli => {
                // A window no larger than the body: setting up four megabytes for a page of forty kilobytes takes longer than coding it.
                let window = size.max(1).ilog2().saturating_add(1).clamp(16, 22);
                Inner::Brotli(Box::new(brotli::CompressorWriter::new(out, 4_096, level, window)))
            }
            Coding::Zstd => {
                let level = i32::try_from(level).unwrap_or(zstd::DEFAULT_COMPRESSION_LEVEL);
                Inner::Zstd(zstd::stream::write::Encoder::new(out, level)?)
            }
        }))
    }

    fn write_all(&mut self, chunk: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Inner::Gzip(coder) => coder.write_all(chunk),
            Inner::Brotli(coder) => coder.write_all(chunk),
            Inner::Zstd(coder) => coder.write_all(chunk),
        }
    }

    /// A chunk, flushed: the client can read all of it as soon as it has these bytes.
    pub(in crate::api) fn chunk(&mut self, chunk: &[u8]) -> io::Result<Bytes> {
        self.write_all(chunk)?;
        let out = match &mut self.0 {
            Inner::Gzip(coder) => {
                coder.flush()?;
                coder.get_mut()
            }
            Inner::Brotli(coder) => {
                coder.flush()?;
                coder.get_mut()
            }
            Inner::Zstd(coder) => {
                coder.flush()?;
                coder.get_mut()
            }
        };
        Ok(Bytes::from(std::mem::take(out)))
    }

    /// What is left.
    pub(in crate::api) fn finish(self) -> io::Result<Bytes> {
        let out = match self.0 {
            Inner::Gzip(coder) => coder.finish()?,
            Inner::Brotli(coder) => coder.into_inner(),
            Inner::Zstd(coder) => coder.finish()?,
        };
        Ok(Bytes::from(out))
    }
}

/// Whether bodies of a type become smaller by coding: text in every form, and binary forms that are not packed already.
pub(in crate::api) fn is_compressible(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = essence.starts_with("text/")
        || ["+json", "+xml", "+json-seq", "/json", "/xml", "json-seq"].iter().any(|end| essence.ends_with(end));
    text || matches!(
        essence.as_str(),
        "application/javascript"
            | "application/x-javascript"
            | "application/wasm"
            | "application/manifest+json"
            | "application/vnd.mapbox-vector-tile"
            | "application/x-protobuf"
            | "application/flatgeobuf"
            | "application/openmetrics-text"
            | "font/ttf"
            | "font/otf"
            | "image/svg+xml"
            | "image/bmp"
            | "image/x-icon"
            | "image/vnd.microsoft.icon"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use std::io::Read;

    fn accepted(text: &str) -> Accepted {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_ENCODING, HeaderValue::from_str(text).unwrap());
        Accepted::of(&headers)
    }

    fn decoded(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        match coding {
            Coding::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).map(|_| ()).unwrap(),
            Coding::Brotli => brotli::Decompressor::new(bytes, 4_096).read_to_end(&mut plain).map(|_| ()).unwrap(),
            Coding::Zstd => plain = zstd::decode_all(bytes).unwrap(),
        }
        plain
    }

    #[test]
    fn the_coding_that_a_client_likes_most_is_chosen() {
        use Coding::{Brotli, Gzip, Zstd};
        for (text, best) in [
            ("", None),
            ("gzip", Some(Gzip)),
            ("x-gzip", Some(Gzip)),
            ("GZIP;Q=1", Some(Gzip)),
            ("gzip, deflate, br, zstd", Some(Zstd)),
            ("gzip, deflate, br", Some(Brotli)),
            ("br;q=0.9, gzip;q=1.0, zstd;q=0.1", Some(Gzip)),
            ("gzip;q=0.5, identity", None),
            ("gzip;q=0.5, identity;q=0.5", Some(Gzip)),
            ("gzip;q=0", None),
            ("*", Some(Zstd)),
            ("*;q=0", None),
            ("*;q=0, br", Some(Brotli)),
            ("zstd;q=0, *", Some(Brotli)),
            ("identity;q=0", None),
            ("identity;q=0, gzip;q=0.1", Some(Gzip)),
            ("deflate, compress", None),
            ("gzip;q=2, br;q=x, zstd;level=3", None),
            (",,;;, gzip ;q=0.5", Some(Gzip)),
        ] {
            assert_eq!(accepted(text).best(Effort::Cheap), best, "{text:?}");
        }
        assert_eq!(accepted("gzip, deflate, br, zstd").best(Effort::Lasting), Some(Brotli));
        assert_eq!(accepted("gzip, br;q=0.5").best(Effort::Lasting), Some(Gzip));
        assert!(accepted("identity;q=0").refuses_plain() && accepted("gzip, *;q=0").refuses_plain());
        assert!(!accepted("*;q=0, identity").refuses_plain() && !accepted("gzip").refuses_plain());
    }

    #[test]
    fn what_is_coded_whole_or_in_chunks_is_what_comes_out() {
        let body: Vec<u8> = (0..40_000_u32).flat_map(|number| format!("{number},").into_bytes()).collect();
        for coding in Coding::ALL {
            for effort in [Effort::Cheap, Effort::Lasting] {
                let whole = coding.whole(&body, effort).unwrap();
                assert!(whole.len() < body.len() / 2, "{coding:?}: {}", whole.len());
                assert_eq!(decoded(coding, &whole), body, "{coding:?}");
            }
            assert_eq!(decoded(coding, &coding.whole(b"", Effort::Cheap).unwrap()), b"");
            let mut encoder = Coder::new(coding, Effort::Cheap, 0).unwrap();
            let mut sent = Vec::new();
            for chunk in body.chunks(10_000) {
                let coded = encoder.chunk(chunk).unwrap();
                assert!(!coded.is_empty(), "{coding:?}: a chunk is not kept back");
                sent.extend_from_slice(&coded);
            }
            sent.extend_from_slice(&encoder.finish().unwrap());
            assert_eq!(decoded(coding, &sent), body, "{coding:?}");
        }
    }

    #[test]
    fn pictures_and_archives_are_left_as_they_are() {
        for kind in [
            "application/geo+json",
            "text/csv; charset=utf-8",
            "application/problem+json",
            "image/svg+xml",
            "application/vnd.mapbox-vector-tile",
            "application/flatgeobuf",
            "application/vnd.oai.openapi+json;version=3.0",
            "application/geo+json-seq",
            "text/javascript",
        ] {
            assert!(is_compressible(kind), "{kind}");
        }
        for kind in [
            "image/png",
            "application/zip",
            "image/tiff",
            "application/geopackage+sqlite3",
            "",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "font/woff2",
        ] {
            assert!(!is_compressible(kind), "{kind}");
        }
    }
}
