//! Where a page stands: the way to it from the landing page.

use super::Visit;
use super::templates::{known_word, word};
use crate::api::ogc::Process;
use crate::model::Layer;
use minijinja::{Value, context};

/// What a part of a path is called.
fn title_of(visit: &Visit, parts: &[&str], place: usize) -> String {
    let part = parts[place];
    match (place.checked_sub(1).map(|before| parts[before]), part) {
        (Some("collections"), layer) => layer
            .parse::<Layer>()
            .map_or_else(|_| part.to_owned(), |layer| visit.language.title(&layer.schema().title).to_owned()),
        (Some("processes"), id) => Process::named(id).map_or_else(|_| part.to_owned(), |it| it.title(visit.language).to_owned()),
        // An id of a job is long and says nothing.
        (Some("jobs"), id) => format!("{}…", id.chars().take(8).collect::<String>()),
        (Some("tiles" | "tileMatrixSets"), id) => {
            known_word(visit.language, &format!("grid_{id}")).map_or_else(|| id.to_owned(), str::to_owned)
        }
        (Some("items"), id) => format!("№ {id}"),
        _ => known_word(visit.language, &format!("part_{part}")).map_or_else(|| part.to_owned(), str::to_owned),
    }
}

/// The crumbs: title and address of each step, the page itself last.
pub(super) fn crumbs(visit: &Visit) -> Vec<Value> {
    let parts: Vec<&str> = visit.path.trim_matches('/').split('/').collect();
    let mut crumbs = vec![context! { title => word(visit.language, "part_ogc"), href => format!("{}/ogc", visit.base) }];
    if parts.first() == Some(&"ogc") {
        for place in 1..parts.len() {
            let href = format!("{}/{}", visit.base, parts[..=place].join("/"));
            crumbs.push(context! { title => title_of(visit, &parts, place), href => href });
        }
    }
    crumbs
}

/// The title of the page itself.
pub(super) fn own_title(visit: &Visit) -> String {
    let parts: Vec<&str> = visit.path.trim_matches('/').split('/').collect();
    let last = parts.len() - 1;
    match (parts.first(), last) {
        (Some(&"ogc"), 2) if parts[1] == "jobs" => format!("{} {}", word(visit.language, "job"), title_of(visit, &parts, last)),
        (Some(&"ogc"), 1..) => title_of(visit, &parts, last),
        _ => word(visit.language, "landing"),
    }
}
