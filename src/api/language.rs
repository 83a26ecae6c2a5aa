//! In which of its two languages the service speaks to a reader: `lang=` says it, else the `Accept-Language` header.

use super::problem::Problem;
use crate::model::Title;
use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;

/// A language of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Language {
    English,
    Russian,
}

impl Language {
    /// Its code (RFC 5646).
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The text of this language.
    pub(super) fn pick<'a>(self, english: &'a str, russian: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Russian => russian,
        }
    }

    /// A title in this language.
    pub(super) fn title(self, title: &Title) -> &str {
        self.pick(&title.en, &title.ru)
    }

    /// The language that a request asks for; English where it asks for none that the service speaks.
    pub(super) fn of(request: &HttpRequest, inputs: &[(String, String)]) -> Self {
        match inputs.iter().find(|(name, _)| name == "lang").map(|(_, word)| word.as_str()) {
            Some("ru") => Self::Russian,
            Some("en") => Self::English,
            _ => Self::accepted(request),
        }
    }

    /// Refuses a word for `lang` that names no language of the service.
    pub(super) fn check(word: &str) -> Result<(), Problem> {
        if matches!(word, "en" | "ru") {
            return Ok(());
        }
        Err(Problem::bad_request("lang", format!("lang must be en or ru; it was {word:?}")))
    }

    /// Of the languages that the browser lists, the one it likes best; of equals the first.
    fn accepted(request: &HttpRequest) -> Self {
        let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).unwrap_or_default();
        let mut best = (0.0, Self::English);
        for part in header.split(',') {
            let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let quality: f64 = quality.trim().parse().unwrap_or(0.0);
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let language = match primary.to_ascii_lowercase().as_str() {
                "ru" => Self::Russian,
                "en" => Self::English,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_language_is_read_from_the_query_then_from_the_browser() {
        let of = |header: &str, lang: Option<&str>| {
            let request = TestRequest::default().insert_header(("Accept-Language", header)).to_http_request();
            let inputs: Vec<_> = lang.map(|word| ("lang".to_owned(), word.to_owned())).into_iter().collect();
            Language::of(&request, &inputs).code()
        };
        assert_eq!(of("ru-RU,ru;q=0.9,en;q=0.8", None), "ru");
        assert_eq!(of("en;q=0.4, RU;q=0.5", None), "ru");
        assert_eq!(of("de, en;q=0.5, ru;q=0.4", None), "en");
        assert_eq!(of("de, fr", None), "en", "neither is spoken here");
        assert_eq!(of("ru", Some("en")), "en");
        assert_eq!(of("", Some("ru")), "ru");
    }
}
