//! The templates and their words, part of the program.

use crate::api::language::Language;
use crate::api::ogc::query_text;
use crate::api::problem::Problem;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// The style sheet of all pages.
pub(super) const STYLE: &str = include_str!("templates/pages.css");

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        const TEMPLATES: &[(&str, &str)] = &[$(($name, include_str!(concat!("templates/", $name)))),*];
    };
}

templates! {
    "base.html", "parts.html", "landing.html", "conformance.html", "collections.html", "collection.html", "items.html", "item.html",
    "properties.html", "processes.html", "process.html", "jobs.html", "job.html", "tilesets.html", "tileset.html", "api.html", "tree.html",
    "problem.html", "reserves.html", "study.html", "outcome.html", "compared.html", "functions.html", "session.html",
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // A document without a member is shown without it.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default());
    environment.add_filter("with", with);
    environment.add_filter("figure", figure);
    environment.add_filter("crs", super::tilesets::short_crs);
    environment.add_filter("urlencode", encoded);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text).expect("the templates are part of the program and a test renders each");
    }
    environment
});

/// An address with what a reader chose by hand, before its fragment.
fn with(address: &str, kept: &str) -> String {
    if kept.is_empty() {
        return address.to_owned();
    }
    let (address, fragment) = address.split_once('#').map_or((address, String::new()), |(a, f)| (a, format!("#{f}")));
    // What an address says itself stands: a link to JSON stays one.
    let said = |pair: &&str| !address.contains(&format!("{}=", pair.split('=').next().unwrap_or_default()));
    let kept: Vec<&str> = kept.split('&').filter(said).collect();
    if kept.is_empty() {
        return format!("{address}{fragment}");
    }
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{}{fragment}", kept.join("&"))
}

/// A text as a value of a query string.
fn encoded(text: &str) -> String {
    query_text(&[(String::new(), text.to_owned())]).trim_start_matches('=').to_owned()
}

/// A number as the language of a code writes it, to six places that count.
fn figure(value: f64, code: &str) -> String {
    let language = if code == "ru" { Language::Russian } else { Language::English };
    let places = if value == 0.0 || value.fract() == 0.0 { 0.0 } else { (5.0 - value.abs().log10().floor()).clamp(0.0, 12.0) };
    let scale = 10_f64.powf(places);
    super::numbers::number(language, (value * scale).round() / scale, true)
}

static WORDS: LazyLock<BTreeMap<String, [String; 2]>> = LazyLock::new(|| {
    let read = |text: &str| -> BTreeMap<String, [String; 2]> {
        toml::from_str(text).expect("the words are part of the program and a test reads them")
    };
    let mut words = read(include_str!("templates/words.toml"));
    words.extend(read(include_str!("templates/result_words.toml")));
    words
});

static VALUES: LazyLock<[Value; 2]> = LazyLock::new(|| {
    [0, 1].map(|place| Value::from_pairs(WORDS.iter().map(|(word, texts)| (word.as_str(), texts[place].as_str()))))
});

/// All words of a language, for a template.
pub(super) fn words(language: Language) -> Value {
    VALUES[usize::from(language == Language::Russian)].clone()
}

/// A word in a language; the word itself where the table does not know it.
pub(super) fn word(language: Language, name: &str) -> String {
    known_word(language, name).map_or_else(|| name.to_owned(), str::to_owned)
}

/// A word in a language, where the table knows it.
pub(super) fn known_word(language: Language, name: &str) -> Option<&'static str> {
    WORDS.get(name).map(|[english, russian]| language.pick(english, russian))
}

/// Changes with the look, so that a page of an older program is not taken for one of this.
pub(super) fn fingerprint() -> u64 {
    static FINGERPRINT: LazyLock<u64> = LazyLock::new(|| {
        let mut hasher = DefaultHasher::new();
        (TEMPLATES, STYLE, &*WORDS).hash(&mut hasher);
        hasher.finish()
    });
    *FINGERPRINT
}

/// Renders a template.
pub(super) fn render(name: &str, context: Value) -> Result<String, Problem> {
    let template = ENVIRONMENT.get_template(name).map_err(|error| Problem::internal(&error))?;
    template.render(context).map_err(|error| Problem::internal(&format!("{error:#}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_sound_and_every_word_is_said_in_both_languages() {
        for (name, _) in TEMPLATES {
            assert!(ENVIRONMENT.get_template(name).is_ok(), "{name}");
        }
        for (word, [english, russian]) in &*WORDS {
            assert!(!english.is_empty() && !russian.is_empty(), "{word}");
        }
    }

    #[test]
    fn every_word_that_a_template_says_is_in_the_table() {
        let word = regex::Regex::new(r"\bt\.([a-z_0-9]+)").expect("sound");
        for (name, text) in TEMPLATES {
            for found in word.captures_iter(text) {
                assert!(WORDS.contains_key(&found[1]), "{name}: {}", &found[1]);
            }
        }
    }

    #[test]
    fn figures_have_six_places_that_count() {
        assert_eq!(figure(1.0, "en"), "1");
        assert_eq!(figure(12_345.678_912, "ru"), "12\u{202f}345,7");
        assert_eq!(figure(0.000_123_456_789, "en"), "0.000123457");
    }

    #[test]
    fn an_address_within_an_address_is_one_value() {
        assert_eq!(encoded("/ogc?a=b&c=торф"), "/ogc%3Fa%3Db%26c%3D%D1%82%D0%BE%D1%80%D1%84");
    }

    #[test]
    fn choices_go_with_a_reader_and_before_the_fragment() {
        assert_eq!(with("/ogc", ""), "/ogc");
        assert_eq!(with("/ogc?limit=1#x", "lang=ru&f=html"), "/ogc?limit=1&lang=ru&f=html#x");
        assert_eq!(with("/ogc?f=json", "lang=ru&f=html"), "/ogc?f=json&lang=ru");
    }
}
