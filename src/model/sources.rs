//! What the sources of the reference tables say, in Russian: a paper for Russian readers tells in their language what its figures
//! rest on.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static RUSSIAN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../geodata/reference/sources-ru.toml"))
        .expect("the reference files are part of the program and a test reads them")
});

/// The Russian text of a source; the source itself where there is none.
///
/// ```
/// # use peatplan::model::source_in_russian;
/// assert_eq!(source_in_russian("natural gas"), "природный газ");
/// ```
#[must_use]
pub fn source_in_russian(source: &str) -> &str {
    RUSSIAN.get(source).map_or(source, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::reference::ALL;
    use super::*;
    use crate::model::{Technology, climates, technologies};
    use std::collections::BTreeSet;

    #[test]
    fn every_source_of_the_tables_is_told_in_russian_and_nothing_else_is() {
        let parameters = ALL.iter().flat_map(|table| table().iter()).map(|parameter| &parameter.source);
        let figures = technologies().iter().flat_map(Technology::figures).map(|figure| &figure.source);
        let sources: BTreeSet<&String> =
            parameters.chain(figures).chain(climates().iter().map(|climate| &climate.source)).collect();
        let untold: Vec<_> = sources.iter().filter(|source| !RUSSIAN.contains_key(**source)).collect();
        let idle: Vec<_> = RUSSIAN.keys().filter(|source| !sources.contains(source)).collect();
        assert!(untold.is_empty() && idle.is_empty(), "without Russian: {untold:?}; of no table: {idle:?}");
    }

    #[test]
    fn numbers_survive_the_translation() {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        for (source, russian) in RUSSIAN.iter() {
            assert!(!russian.trim().is_empty(), "{source}");
            // Words for some numbers and for chemical classes differ; what is written in digits in Russian stands in English, too.
            let kept = russian.split(|of: char| !of.is_ascii_digit()).all(|run| digits(source).contains(run));
            assert!(kept, "{source} = {russian}");
        }
    }
}
