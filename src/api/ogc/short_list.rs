//! Pages of a list that is short enough to be held in memory: processes, jobs.

use super::link::{JSON, Link, query_text};
use crate::api::problem::Problem;

/// Entries on a page where the client does not say.
const DEFAULT: usize = 100;
/// Most entries on a page.
const MOST: usize = 1_000;

/// The entries that `limit` and `offset` ask for, and links to this page, the next and the one before.
pub(in crate::api) fn page_of<'a, T>(
    list: &'a [T],
    address: &str,
    inputs: &[(String, String)],
) -> Result<(&'a [T], Vec<Link>), Problem> {
    let limit = number(inputs, "limit", 1)?.map_or(DEFAULT, |limit| limit.min(MOST));
    let offset = number(inputs, "offset", 0)?.unwrap_or(0);
    let start = offset.min(list.len());
    let shown = &list[start..start.saturating_add(limit).min(list.len())];
    let page = |offset: usize| {
        let own = [("limit".to_owned(), limit.to_string()), ("offset".to_owned(), offset.to_string())];
        let kept = inputs.iter().filter(|(name, _)| !matches!(name.as_str(), "limit" | "offset" | "f" | "lang"));
        format!("{address}?{}", query_text(own.iter().chain(kept)))
    };
    let here = if inputs.iter().any(|(name, _)| name == "limit" || name == "offset") { page(offset) } else { address.to_owned() };
    let mut links = vec![Link::new(here, "self", JSON, "This document")];
    if start + shown.len() < list.len() {
        links.push(Link::new(page(start + shown.len()), "next", JSON, "Next page"));
    }
    if start > 0 {
        links.push(Link::new(page(start.saturating_sub(limit)), "prev", JSON, "Page before"));
    }
    Ok((shown, links))
}

fn number(inputs: &[(String, String)], name: &str, least: usize) -> Result<Option<usize>, Problem> {
    let Some((_, text)) = inputs.iter().find(|(given, _)| given == name) else { return Ok(None) };
    // More digits than a number holds are a large number, not an error.
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().or(digits.then_some(usize::MAX)).filter(|number| *number >= least);
    let wrong = || Problem::bad_request(name, format!("{name} must be a whole number from {least} on; it was {text:?}"));
    number.map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_list_are_linked_both_ways_and_keep_what_was_asked() {
        let list: Vec<usize> = (0..5).collect();
        let ask = |pairs: &[(&str, &str)]| {
            let inputs: Vec<_> = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            let (shown, links) = page_of(&list, "http://x/jobs", &inputs).expect("sound");
            let links = serde_json::to_value(links).expect("links");
            let links: Vec<_> = links.as_array().into_iter().flatten().map(|l| format!("{} {}", l["rel"], l["href"])).collect();
            (shown.to_vec(), links.join(" | ").replace('"', ""))
        };
        assert_eq!(ask(&[]), (vec![0, 1, 2, 3, 4], "self http://x/jobs".to_owned()));
        let (shown, links) = ask(&[("limit", "2"), ("offset", "2"), ("status", "running,failed"), ("f", "html")]);
        assert_eq!(shown, [2, 3]);
        assert_eq!(
            links,
            "self http://x/jobs?limit=2&offset=2&status=running,failed | next http://x/jobs?limit=2&offset=4&status=running,failed \
             | prev http://x/jobs?limit=2&offset=0&status=running,failed"
        );
        assert_eq!(ask(&[("offset", "99999999999999999999999")]).0, Vec::<usize>::new());
        assert!(page_of(&list, "", &[("limit".to_owned(), "0".to_owned())]).is_err());
    }
}
