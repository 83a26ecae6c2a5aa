//! Finding a noun by what people call it: identifier, code or name. A name that several rows share finds none of them.

use super::nouns::Nouns;
use crate::model::FeatureId;
use thiserror::Error;

/// Identifiers that a sentence tells.
const MOST_TOLD: usize = 8;

/// A code or a name that several rows share.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name:?} is what {} rows are called, with the identifiers {}; give the identifier of the one that is meant", ids.len(), told(ids))]
pub struct Namesakes {
    /// The code or name.
    pub name: String,
    /// Identifiers of the rows.
    pub ids: Vec<FeatureId>,
}

fn told(ids: &[FeatureId]) -> String {
    let told: Vec<String> = ids.iter().take(MOST_TOLD).map(ToString::to_string).collect();
    let more = if ids.len() > MOST_TOLD { " and others" } else { "" };
    format!("{}{more}", told.join(", "))
}

/// Identifier, code, name and Russian name.
type Names<'a> = (Option<FeatureId>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// The places of the rows that a name means: that of the identifier, else those of the code, else those of a name.
fn places<'a, T>(nouns: &'a [T], wanted: &str, names: impl Fn(&'a T) -> Names<'a>) -> Vec<usize> {
    let wanted = wanted.trim();
    let lower = wanted.to_lowercase();
    let same = |name: Option<&str>| name.is_some_and(|name| name.to_lowercase() == lower);
    let all = |holds: &dyn Fn(Names<'a>) -> bool| -> Vec<usize> {
        nouns.iter().enumerate().filter(|(_, noun)| holds(names(noun))).map(|(place, _)| place).collect()
    };
    let id = wanted.parse::<FeatureId>().ok();
    if let Some(place) = id.and_then(|id| nouns.iter().position(|noun| names(noun).0 == Some(id))) {
        return vec![place];
    }
    let by_code = all(&|(_, code, ..)| same(code));
    if by_code.is_empty() { all(&|(_, _, name, name_ru)| same(name) || same(name_ru)) } else { by_code }
}

fn meant<'a, T>(nouns: &'a [T], wanted: &str, names: impl Fn(&'a T) -> Names<'a> + Copy) -> Result<Option<usize>, Namesakes> {
    let places = places(nouns, wanted, names);
    if places.len() < 2 {
        return Ok(places.first().copied());
    }
    let ids = places.into_iter().filter_map(|place| names(&nouns[place]).0).collect();
    Err(Namesakes { name: wanted.trim().to_owned(), ids })
}

/// How each kind of noun is called.
macro_rules! naming {
    ($($meant:ident, $list:ident, $what:literal, |$noun:ident| $names:expr;)*) => {
        impl Nouns {
            $(
                #[doc = concat!("The place of ", $what, " by its identifier, its code or one of its names, in this order.")]
                ///
                /// # Errors
                /// [`Namesakes`]: several rows have that code or name.
                pub fn $meant(&self, name: &str) -> Result<Option<usize>, Namesakes> {
                    meant(&self.$list, name, |$noun| $names)
                }
            )*
        }
    };
}

naming! {
    deposit_meant, deposits, "a deposit", |d| (Some(d.id), d.code.as_deref(), Some(d.name.as_str()), d.name_ru.as_deref());
    plant_meant, plants, "a plant", |p| (p.id, p.code.as_deref(), p.name.as_deref(), p.name_ru.as_deref());
    consumer_meant, consumers, "a consumer", |c| (c.id, c.code.as_deref(), Some(c.name.as_str()), c.name_ru.as_deref());
    scenario_meant, scenarios, "a scenario", |s| (Some(s.id), s.code.as_deref(), Some(s.name.as_str()), s.name_ru.as_deref());
    weather_meant, weather_years, "a weather year", |w| (Some(w.id), w.code.as_deref(), Some(w.name.as_str()), w.name_ru.as_deref());
}

fn of_namesakes(places: &[usize], around: impl FnOnce() -> Option<usize>) -> Option<usize> {
    let first = places.first().copied();
    if places.len() < 2 { first } else { around().filter(|place| places.contains(place)).or(first) }
}

impl Nouns {
    /// The place of the deposit that a row of another layer names: of several with this name the one that the row lies in, else
    /// the first.
    #[must_use]
    pub fn deposit_named(&self, name: &str, around: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let places = places(&self.deposits, name, |d| (Some(d.id), d.code.as_deref(), Some(&d.name), d.name_ru.as_deref()));
        of_namesakes(&places, around)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (FeatureId, &'static str, &'static str);

    fn found(wanted: &str) -> Result<Option<usize>, Namesakes> {
        let rows: &'static [Row] = &[(1, "A", "Heron"), (2, "B", "heron"), (3, "C", "Teal"), (4, "C", "A")];
        meant(rows, wanted, |row| (Some(row.0), Some(row.1), Some(row.2), None))
    }

    #[test]
    fn a_name_that_rows_share_finds_none_of_them_and_an_identifier_each() {
        assert_eq!((found("2"), found(" teal "), found("swift")), (Ok(Some(1)), Ok(Some(2)), Ok(None)));
        assert_eq!(found("a"), Ok(Some(0)), "a code goes before a name");
        let refused = found("HERON").expect_err("two herons");
        assert_eq!(refused.ids, [1, 2]);
        assert!(refused.to_string().contains("identifiers 1, 2;"), "{refused}");
        assert!(found("c").is_err(), "a code that two rows share");
    }

    #[test]
    fn of_deposits_with_one_name_a_field_belongs_to_the_one_around_it() {
        assert_eq!(of_namesakes(&[1, 4], || Some(4)), Some(4));
        assert_eq!(of_namesakes(&[1, 4], || Some(2)), Some(1), "it lies in a third, which it does not name");
        assert_eq!(of_namesakes(&[1, 4], || None), Some(1));
        assert_eq!(of_namesakes(&[3], || panic!("one name, one deposit")), Some(3));
        assert_eq!(of_namesakes(&[], || panic!("there is none")), None);
    }
}
