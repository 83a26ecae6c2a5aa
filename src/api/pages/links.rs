//! The links of a document as a reader wants them: files to take away, and addresses for programs, each once.

use super::Visit;
use super::templates::known_word;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// The short name of a relation, whichever of its spellings a link has.
fn short(rel: &str) -> String {
    rel.rsplit('/').next().unwrap_or(rel).trim_start_matches("[ogc-rel:").trim_end_matches(']').to_ascii_lowercase()
}

/// Links of a document in two lists: `files`, which are the features in other forms, and `programs`. The document itself
/// and its properties have their buttons on the page.
pub(super) fn links(visit: &Visit, document: &Json) -> Value {
    let (mut files, mut programs): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut seen: Vec<(String, String)> = Vec::new();
    for link in document["links"].as_array().into_iter().flatten() {
        let [href, rel, kind] = ["href", "rel", "type"].map(|name| link[name].as_str().unwrap_or_default());
        let rel = short(rel);
        if matches!(rel.as_str(), "self" | "alternate" | "schema") || kind.starts_with("text/html") {
            continue;
        }
        if rel == "items" {
            // Without a word for the form a browser would get the page.
            let href = if href.contains('?') { href.to_owned() } else { format!("{href}?f=geojson") };
            let title = link["title"].as_str().unwrap_or_default();
            let form = title.rsplit_once(", ").map_or(title, |(_, form)| form);
            let named = known_word(visit.language, &format!("form_{form}")).unwrap_or(form);
            files.push(context! { title => named, href => href });
            continue;
        }
        // The same under two spellings of its relation is one link, and the first is for programs that know no better.
        let known = (rel.clone(), kind.to_owned());
        if seen.contains(&known) {
            continue;
        }
        seen.push(known);
        let title = known_word(visit.language, &format!("link_{rel}")).or(link["title"].as_str()).unwrap_or(&rel);
        let is_template = link["templated"] == true || href.contains('{');
        programs.push(context! { title => title, href => href, kind => kind, is_template => is_template });
    }
    context! { files => files, programs => programs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relation_is_known_by_each_of_its_spellings() {
        assert_eq!(short("http://www.opengis.net/def/rel/ogc/1.0/queryables"), "queryables");
        assert_eq!(short("[ogc-rel:queryables]"), "queryables");
        assert_eq!(short("describedBy"), short("describedby"));
    }
}
