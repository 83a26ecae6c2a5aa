//! Selections of a small table of probes: orders, pages, words and times together.

use super::*;
use crate::catalogue::LayerTable;
use crate::model::{Feature, Layer, Value};
use geo::Point;

/// Probes 1 to `count`, those for which `keep` says so: depths with gaps and repeats, codes, dates.
fn probes(count: i64, keep: impl Fn(i64) -> bool) -> LayerTable {
    let schema = Layer::Probes.schema();
    let one = |id: i64| {
        let mut values = vec![Value::Null; schema.properties.len()];
        let mut set = |name: &str, value: Value| values[schema.index_of(name).unwrap()] = value;
        set("code", Value::Text(format!("{} №{}", ["Север", "юг", "Oka"][usize::try_from(id % 3).unwrap()], id % 10)));
        if id % 4 != 0 {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            set("depth_m", Value::Number(((id * 7) % 5) as f64 - 1.0));
        }
        if id % 5 != 0 {
            set("date", Value::Date(format!("2020-01-{:02}", 1 + id % 28)));
        }
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let place = Point::new(40.0 + id as f64 / 1_000.0, 55.0);
        Feature { id, geometry: Some(place.into()), values }
    };
    LayerTable::of_features(schema, (1..=count).filter(|id| keep(*id)).map(one).collect())
}

fn query(filter: &str, sort: &str) -> Query {
    let schema = Layer::Probes.schema();
    let filter = (!filter.is_empty()).then(|| Filter::from_text(filter, schema, &Limits::default(), None).unwrap());
    let sort = if sort.is_empty() { Sort::default() } else { Sort::parse(sort, schema).unwrap() };
    Query { filter, sort, ..Query::default() }
}

fn ids(table: &LayerTable, rows: impl IntoIterator<Item = u32>) -> Vec<i64> {
    rows.into_iter().map(|row| table.id(row as usize)).collect()
}

const SORTS: [&str; 7] = ["", "-id", "depth_m", "-depth_m", "code,-depth_m", "-code,date", "-date,drained"];

#[test]
fn an_order_is_that_of_its_values_with_nothing_last_and_the_identifier_settling() {
    let table = probes(100, |_| true);
    for sort in SORTS {
        let query = query("", sort);
        let found = ids(&table, select(&table, &query).rows());
        let text = |id: i64, name: &str| match table.column(name).unwrap().value(table.row_of(id).unwrap()) {
            Value::Null => None,
            // All of these texts sort as their values do, but numbers; those are small and from −1 on.
            Value::Number(number) => Some(format!("{:04}", number + 1.0)),
            Value::Text(text) | Value::Date(text) => Some(text),
            other => panic!("{other:?}"),
        };
        let mut expected: Vec<i64> = (1..=100).collect();
        for part in sort.split(',').rev().filter(|part| !part.is_empty()) {
            let name = part.trim_start_matches('-');
            if name == "id" {
                expected.sort_unstable_by_key(|id| -id);
                continue;
            }
            // A stable sort by the last key first.
            expected.sort_by(|a, b| match (text(*a, name), text(*b, name)) {
                (None, None) => std::cmp::Ordering::Equal,
                (None, _) => std::cmp::Ordering::Greater,
                (_, None) => std::cmp::Ordering::Less,
                (a, b) => {
                    if part.starts_with('-') {
                        b.cmp(&a)
                    } else {
                        a.cmp(&b)
                    }
                }
            });
        }
        assert_eq!(found, expected, "{sort}");
    }
}

#[test]
fn pages_by_cursor_are_the_selection_cut_in_pieces_forwards_and_backwards() {
    let table = probes(103, |_| true);
    for filter in ["", "depth_m > 0 OR depth_m IS NULL"] {
        for sort in SORTS {
            let selection = select(&table, &query(filter, sort));
            let all: Vec<u32> = selection.rows().collect();
            let (mut forwards, mut position) = (Vec::new(), Position::Start);
            loop {
                let page = selection.page(&table, &position, 7);
                assert_eq!((page.first, page.matched), (forwards.len(), all.len()));
                forwards.extend(page.rows);
                let Some(next) = page.next else { break };
                position = Position::After(next);
            }
            assert_eq!(forwards, all, "{sort}");
            let (mut backwards, mut position) = (Vec::new(), Position::Last);
            loop {
                let page = selection.page(&table, &position, 7);
                backwards.splice(0..0, page.rows);
                let Some(before) = page.prev else { break };
                position = Position::Before(before);
            }
            assert_eq!(backwards, all, "{sort}");
        }
    }
}

#[test]
fn changes_between_two_pages_neither_lose_nor_repeat_another_row() {
    // Rows 4 and 8 of each ten are deleted, those that end in 5 are added while a client reads.
    let before = probes(200, |id| id % 10 != 5);
    let after = probes(200, |id| !matches!(id % 10, 4 | 8));
    for sort in SORTS {
        let query = query("", sort);
        let (old, new) = (select(&before, &query), select(&after, &query));
        let all = ids(&after, new.rows());
        for cut in [1, 10, 57, 100] {
            let first = old.page(&before, &Position::Start, cut);
            let cursor = first.next.unwrap();
            let rest = ids(&after, new.page(&after, &Position::After(cursor.clone()), 1_000).rows);
            let mut read = ids(&before, first.rows);
            read.extend(rest);
            for id in 1..=200 {
                let times = read.iter().filter(|other| **other == id).count();
                let lasting = !matches!(id % 10, 4 | 5 | 8);
                assert!(times <= 1, "{sort}, {cut}: {id} came {times} times");
                assert!(!lasting || times == 1, "{sort}, {cut}: {id} was lost");
            }
            // What stands before the cursor and what stands after it is everything.
            let back = ids(&after, new.page(&after, &Position::Before(cursor.clone()), 1_000).rows);
            let on = ids(&after, new.page(&after, &Position::After(cursor), 1_000).rows);
            assert!(back.len() + on.len() >= all.len() - 1, "{sort}, {cut}");
            assert!(all.starts_with(&back) && all.ends_with(&on), "{sort}, {cut}");
        }
    }
}

#[test]
fn a_page_that_ends_early_goes_on_from_its_last_row() {
    let table = probes(50, |_| true);
    let selection = select(&table, &query("", "-depth_m"));
    let page = selection.page(&table, &Position::Start, 20);
    let cursor = selection.cursor(&table, page.rows[4]);
    assert_eq!(selection.page(&table, &Position::After(cursor.clone()), 3).rows, page.rows[5..8]);
    assert_eq!(selection.page(&table, &Position::Before(cursor), 3).rows, page.rows[1..4]);
}

#[test]
fn a_cursor_comes_back_from_its_text_and_belongs_to_its_query() {
    let table = probes(50, |_| true);
    for sort in SORTS {
        let query = query("depth_m > 0", sort);
        let cursor = select(&table, &query).page(&table, &Position::Start, 3).next.unwrap();
        let text = cursor.to_string();
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        assert_eq!(Cursor::parse(&text, table.schema(), &query), Ok(cursor));
        let other = Query { datetime: Some(Datetime::parse("2020-01-01/..").unwrap()), ..query.clone() };
        assert_eq!(Cursor::parse(&text, table.schema(), &other), Err(CursorError::OtherQuery));
        assert_eq!(Cursor::parse(&text, Layer::Cores.schema(), &query), Err(CursorError::OtherQuery));
        for place in 0..text.len() {
            let mut damaged = text.clone().into_bytes();
            damaged[place] = if damaged[place] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).unwrap();
            // The last letter may carry bits that no byte needs.
            assert!(place + 1 == text.len() || Cursor::parse(&damaged, table.schema(), &query).is_err(), "{damaged}");
        }
    }
    let long = "A".repeat(100_000);
    for text in ["", "A", "?", long.as_str()] {
        assert_eq!(Cursor::parse(text, table.schema(), &Query::default()), Err(CursorError::Unreadable));
    }
}

#[test]
fn places_past_the_end_are_empty_pages() {
    let table = probes(10, |_| true);
    let selection = select(&table, &Query::default());
    let past = selection.page(&table, &Position::Offset(usize::MAX), usize::MAX);
    assert_eq!((past.rows.len(), past.first, past.matched, past.next), (0, 10, 10, None));
    assert_eq!(selection.page(&table, &Position::Last, 4).rows, [8, 9]);
    assert_eq!(selection.page(&table, &Position::Last, 5).rows, [5, 6, 7, 8, 9]);
    let none = probes(0, |_| true);
    assert!(select(&none, &query("depth_m > 1", "code")).page(&none, &Position::Last, 4).rows.is_empty());
}

#[test]
fn words_times_and_places_narrow_one_another() {
    let table = probes(100, |_| true);
    let schema = table.schema();
    let found = |query: &Query| ids(&table, select(&table, query).rows());
    let search = Query { search: Some(Search::parse("СЕВЕР 3,oka").unwrap()), ..Query::default() };
    assert_eq!(found(&search), (1..=100).filter(|id| id % 3 == 2 || (id % 3 == 0 && id % 10 == 3)).collect::<Vec<_>>());
    let timed = Query { datetime: Some(Datetime::parse("2020-01-03/2020-01-04T00:00:00Z").unwrap()), ..search.clone() };
    // Rows without a date are of every time.
    let in_time = |id: i64| id % 5 == 0 || matches!(1 + id % 28, 3 | 4);
    let expected: Vec<i64> = found(&search).into_iter().filter(|id| in_time(*id)).collect();
    assert_eq!(found(&timed), expected);
    let place = Some(Place::Box(Bbox::parse("40.0005,54,40.0505,56").unwrap()));
    let placed = Query { place, ..timed };
    let expected: Vec<i64> = expected.into_iter().filter(|id| *id <= 50).collect();
    assert_eq!(found(&placed), expected);
    let filter = Filter::from_text("depth_m >= 0", schema, &Limits::default(), None).unwrap();
    let filtered = Query { filter: Some(filter), ..placed };
    assert_eq!(found(&filtered), expected.into_iter().filter(|id| id % 4 != 0 && (id * 7) % 5 >= 1).collect::<Vec<_>>());
    assert!(!found(&filtered).is_empty());
}

#[test]
fn an_area_and_boxes_find_what_the_same_box_finds() {
    let table = probes(100, |_| true);
    let corners = [[40.0105, 54.0], [40.0205, 54.0], [40.0205, 56.0], [40.0105, 56.0], [40.0105, 54.0]];
    let ring = geo::LineString::from(corners.map(geo::Coord::from).to_vec());
    let area = geo::MultiPolygon::new(vec![geo::Polygon::new(ring, vec![])]);
    let places = [Place::Area(area), Place::Boxes(vec![[40.0105, 54.0, 40.0155, 56.0], [40.015, 54.0, 40.0205, 56.0]])];
    for place in places {
        let query = Query { place: Some(place), ..Query::default() };
        assert_eq!(ids(&table, select(&table, &query).rows()), (11..=20).collect::<Vec<_>>());
    }
}

#[test]
fn a_property_is_asked_as_in_a_query_string_by_its_type() {
    let table = probes(100, |_| true);
    let schema = table.schema();
    let count = |name: &str, value: &str| {
        let filter = Some(Filter::equals(name, value, schema).unwrap());
        select(&table, &Query { filter, ..Query::default() }).len()
    };
    assert_eq!(count("id", "7"), 1);
    assert_eq!(count("code", "Oka №2"), (1..=100).filter(|id| id % 3 == 2 && id % 10 == 2).count());
    assert_eq!(count("date", "2020-01-02"), (1..=100).filter(|id| id % 28 == 1 && id % 5 != 0).count());
    assert_eq!(count("depth_m", "0"), (1..=100).filter(|id| id % 4 != 0 && id * 7 % 5 == 1).count());
    for (name, value) in
        [("id", "x"), ("depth_m", "deep"), ("drained", "yes"), ("date", "2020"), ("deep", "1"), ("geometry", "1")]
    {
        assert!(Filter::equals(name, value, schema).is_err(), "{name}={value}");
    }
}

#[test]
fn one_meaning_has_one_key() {
    let schema = Layer::Probes.schema();
    let key = |text: &str| {
        let filter = Filter::from_text(text, schema, &Limits::default(), None).unwrap();
        Query { filter: Some(filter), ..Query::default() }.canonical()
    };
    assert_eq!(
        key("depth_m>2 and (code like 'a%' AND drained=TRUE)"),
        key("\"depth_m\" > 2.0 AND code LIKE 'a%' AND drained = true")
    );
    assert_ne!(key("depth_m > 2"), key("depth_m >= 2"));
    assert_eq!(Query::default().canonical(), Query { sort: Sort::parse("+id", schema).unwrap(), ..Query::default() }.canonical());
    // A text cannot pose as another part of the query.
    assert_ne!(key("code = 'x\nsort +1'"), key("code = 'x'"));
}
