//! Filters against the crate `cql2` (development seed, MIT), which evaluates an expression on the JSON of a feature.
//!
//! Left out, because the two mean different things: a division by zero (there an infinity, here unknown), days in
//! `T_MEETS` and its like (there a day ends shortly before the next, here days are whole numbers), texts beyond the two
//! cases of a letter (there lower case, here full case folding), boxes over the antimeridian (unknown there). What that crate cannot
//! reduce, such as an interval with a bound that is NULL, counts as unknown, as it is here.

use super::cql2::{rows, schema};
use ::cql2::Expr;
use geo::{Geometry, LineString, Point, Polygon};
use peatplan::catalogue::LayerTable;
use peatplan::model::{Feature, PropertyType, Value};
use peatplan::query::{Filter, Limits};
use proptest::prelude::*;
use serde_json::json;
use std::sync::LazyLock;
use time::OffsetDateTime;

struct Both {
    table: LayerTable,
    items: Vec<serde_json::Value>,
}

/// Forty rows with every mixture of values and nothing, as a table and as JSON.
static BOTH: LazyLock<Both> = LazyLock::new(|| {
    let properties = [
        ("n", PropertyType::Number),
        ("m", PropertyType::Integer),
        ("t", PropertyType::Text),
        ("b", PropertyType::Boolean),
        ("d", PropertyType::Date),
        ("s", PropertyType::Moment),
        ("e", PropertyType::Moment),
    ];
    let mut rows = Vec::new();
    let mut items = Vec::new();
    for row in 0..40_i32 {
        let some = |every: i32| row % every != 0;
        let number = f64::from(row % 7) - 2.5;
        let text = ["bog", "Bog", "fen", "болото", "f%n", ""][usize::try_from(row % 6).unwrap()];
        let date = format!("2020-0{}-1{}", 1 + row % 3, row % 5);
        let moment = |hours: i32| OffsetDateTime::from_unix_timestamp(1_577_836_800 + 3_600 * i64::from(hours)).unwrap();
        let (start, end) = (moment(row % 4), moment(row % 4 + row % 3 + 1));
        let (x, y) = (f64::from(row % 8), f64::from(row / 8));
        let (geometry, geojson): (Geometry, _) = match row % 4 {
            0 => (Point::new(x, y).into(), json!({"type": "Point", "coordinates": [x, y]})),
            1 => (
                LineString::from(vec![(x, y), (x + 2.0, y + 1.0)]).into(),
                json!({"type": "LineString", "coordinates": [[x, y], [x + 2.0, y + 1.0]]}),
            ),
            _ => {
                let ring = vec![(x, y), (x + 2.0, y), (x + 2.0, y + 2.0), (x, y + 2.0), (x, y)];
                (Polygon::new(LineString::from(ring.clone()), vec![]).into(), json!({"type": "Polygon", "coordinates": [ring]}))
            }
        };
        let time = |moment: OffsetDateTime| moment.format(&time::format_description::well_known::Rfc3339).unwrap();
        let value = |every: i32, value: Value| if some(every) { value } else { Value::Null };
        let json_value = |every: i32, value: serde_json::Value| if some(every) { value } else { serde_json::Value::Null };
        rows.push(Feature {
            id: i64::from(row) + 1,
            geometry: some(9).then_some(geometry),
            values: vec![
                value(4, Value::Number(number)),
                value(5, Value::Integer(i64::from(row % 3))),
                value(7, Value::Text(text.to_owned())),
                value(3, Value::Boolean(row % 2 == 0)),
                value(6, Value::Date(date.clone())),
                value(8, Value::Moment(start)),
                value(11, Value::Moment(end)),
            ],
        });
        items.push(json!({
            "id": row + 1,
            "geometry": json_value(9, geojson),
            "properties": {
                "n": json_value(4, json!(number)),
                "m": json_value(5, json!(row % 3)),
                "t": json_value(7, json!(text)),
                "b": json_value(3, json!(row % 2 == 0)),
                "d": json_value(6, json!(date)),
                "s": json_value(8, json!(time(start))),
                "e": json_value(11, json!(time(end))),
            },
        }));
    }
    Both { table: LayerTable::of_features(schema("both", &properties), rows), items }
});

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("n".to_owned()),
        Just("m".to_owned()),
        Just("id".to_owned()),
        (-30..30_i32).prop_map(|tenths| format!("({:.1})", f64::from(tenths) / 2.0)),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*"]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), prop::sample::select(vec!["/", "%", "div"]), 1..9).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.prop_map(|a| format!("({a} ^ 2)")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec!["t", "'bog'", "'FEN'", "'болото'", "'a'", "''"]);
    (words, any::<bool>()).prop_map(|(word, folded)| if folded { format!("CASEI({word})") } else { word.to_owned() })
}

fn shape() -> impl Strategy<Value = String> {
    (0..9_i32, 0..6_i32, 1..4_i32, 0..4).prop_map(|(x, y, size, kind)| match kind {
        0 => format!("POINT({x} {y})"),
        1 => format!("LINESTRING({x} {y},{} {})", x + size, y + 1),
        2 => format!("BBOX({x},{y},{},{})", x + size, y + size),
        _ => format!("POLYGON(({x} {y},{0} {y},{0} {1},{x} {y}))", x + size, y + size),
    })
}

fn comparison() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="])
}

fn condition() -> impl Strategy<Value = String> {
    let spatial = ["S_INTERSECTS", "S_EQUALS", "S_DISJOINT", "S_TOUCHES", "S_WITHIN", "S_OVERLAPS", "S_CROSSES", "S_CONTAINS"];
    let temporal = [
        "T_AFTER",
        "T_BEFORE",
        "T_CONTAINS",
        "T_DISJOINT",
        "T_DURING",
        "T_EQUALS",
        "T_FINISHEDBY",
        "T_FINISHES",
        "T_INTERSECTS",
        "T_MEETS",
        "T_METBY",
        "T_OVERLAPPEDBY",
        "T_OVERLAPS",
        "T_STARTEDBY",
        "T_STARTS",
    ];
    let hour = |hour: i32| if hour < 0 { "..".to_owned() } else { format!("2020-01-01T0{hour}:00:00Z") };
    let leaf = prop_oneof![
        (number(), comparison(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text(), comparison(), text()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (number(), -3..3, 0..4).prop_map(|(a, low, width)| format!("{a} BETWEEN {low} AND {}", low + width)),
        (prop::collection::vec(-3..4_i32, 1..4), any::<bool>()).prop_map(|(list, not)| {
            let list = list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            format!("m {}IN ({list})", if not { "NOT " } else { "" })
        }),
        Just("t IN ('bog','fen',NULL)".to_owned()),
        prop::sample::select(vec!["b", "b = TRUE", "b <> FALSE", "n IS NULL", "t IS NOT NULL", "NULL", "TRUE"])
            .prop_map(str::to_owned),
        prop::sample::select(vec!["b%", "%o%", "_en", "%", "", "ф%"]).prop_map(|pattern| format!("t LIKE '{pattern}'")),
        (comparison(), 1..4, 0..5).prop_map(|(op, month, day)| format!("d {op} DATE('2020-0{month}-1{day}')")),
        (prop::sample::select(spatial.to_vec()), shape(), any::<bool>()).prop_map(|(op, shape, first)| if first {
            format!("{op}(geometry,{shape})")
        } else {
            format!("{op}({shape},geometry)")
        }),
        (prop::sample::select(temporal.to_vec()), -1..5_i32, 1..4_i32).prop_map(move |(op, from, hours)| {
            format!("{op}(INTERVAL(s,e),INTERVAL('{}','{}'))", hour(from), hour(from.max(0) + hours))
        }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|members| format!("({})", members.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|members| format!("({})", members.join(" OR "))),
            inner.prop_map(|inner| format!("NOT ({inner})")),
        ]
    })
}

/// Rows that the other program finds.
fn found_by_the_other(text: &str) -> Vec<u32> {
    let expression: Expr = ::cql2::parse_text(text).unwrap();
    let matches = |(_, item): &(usize, &serde_json::Value)| expression.clone().matches(Some(item)).unwrap_or(false);
    BOTH.items.iter().enumerate().filter(matches).map(|(row, _)| u32::try_from(row).unwrap()).collect()
}

fn found(text: &str) -> Vec<u32> {
    let filter = Filter::from_text(text, BOTH.table.schema(), &Limits::default(), None);
    rows(&BOTH.table, filter.unwrap_or_else(|error| panic!("{text}: {error}")))
}

#[test]
fn both_programs_find_some_rows_and_not_all_by_every_kind_of_condition() {
    for text in [
        "n > 1",
        "n * 2 + m = 5",
        "m div 2 = 1",
        "t = 'bog'",
        "CASEI(t) = CASEI('BOG')",
        "t LIKE 'b%'",
        "n BETWEEN 0 AND 2",
        "m NOT IN (1,2)",
        "b",
        "d >= DATE('2020-02-12')",
        "n IS NULL",
        "S_INTERSECTS(geometry,BBOX(1,1,3,3))",
        "S_WITHIN(geometry,BBOX(0,0,4,4))",
        "S_TOUCHES(geometry,POINT(2 0))",
        "S_OVERLAPS(geometry,POLYGON((1 1,4 1,4 4,1 4,1 1)))",
        "S_CROSSES(geometry,BBOX(1,0,2,4))",
        "S_CONTAINS(geometry,POINT(3 1))",
        "S_EQUALS(geometry,POINT(0 1))",
        "T_DURING(INTERVAL(s,e),INTERVAL('..','2020-01-01T05:00:00Z'))",
        "T_OVERLAPS(INTERVAL(s,e),INTERVAL('2020-01-01T02:00:00Z','2020-01-01T06:00:00Z'))",
        "T_MEETS(INTERVAL(s,e),INTERVAL('2020-01-01T03:00:00Z','2020-01-01T06:00:00Z'))",
        "NOT (n > 1 OR b)",
    ] {
        let other = found_by_the_other(text);
        assert!(!other.is_empty() && other.len() < 40, "{text}: {other:?}");
        assert_eq!(found(text), other, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_finds_the_rows_that_another_program_finds(text in condition()) {
        prop_assert_eq!(found(&text), found_by_the_other(&text), "{}", text);
    }
}
