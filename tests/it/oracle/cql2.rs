//! Filters, as the standard and another program read them: the predicates of OGC 21-065r2 with the counts that it
//! expects, its examples, and the crate `cql2`, which evaluates an expression feature by feature on JSON.

use geo::Geometry;
use geozero::ToGeo;
use geozero::wkb::GpkgWkb;
use peatplan::catalogue::LayerTable;
use peatplan::model::{Feature, GeometryKind, LayerSchema, Property, PropertyType, Title, Value};
use peatplan::query::{Filter, Limits, Query, Syntax, parse_json, parse_text, select};
use rusqlite::types::ValueRef;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cql2")
}

fn title(text: &str) -> Title {
    Title { en: text.to_owned(), ru: text.to_owned() }
}

/// A schema that lives as long as the tests do.
pub(super) fn schema(layer: &str, properties: &[(&str, PropertyType)]) -> &'static LayerSchema {
    let property = |(name, kind): &(&str, PropertyType)| Property {
        name: (*name).to_owned(),
        kind: *kind,
        unit: None,
        required: false,
        default: None,
        minimum: None,
        maximum: None,
        values: Vec::new(),
        format: None,
        on_request: false,
        title: title(name),
        meaning: String::new(),
        meaning_ru: String::new(),
    };
    Box::leak(Box::new(LayerSchema {
        layer: layer.to_owned(),
        title: title(layer),
        description: String::new(),
        geometry: vec![GeometryKind::Point, GeometryKind::Line, GeometryKind::Polygon],
        properties: properties.iter().map(property).collect(),
        layer_properties: Vec::new(),
    }))
}

fn kind_of(declared: &str) -> PropertyType {
    match declared.split('(').next().unwrap() {
        "TEXT" => PropertyType::Text,
        "REAL" => PropertyType::Number,
        "INTEGER" => PropertyType::Integer,
        "DATE" => PropertyType::Date,
        "DATETIME" => PropertyType::Moment,
        "BOOLEAN" => PropertyType::Boolean,
        other => panic!("a column of type {other}"),
    }
}

fn value_of(kind: PropertyType, value: ValueRef<'_>) -> Value {
    match (kind, value) {
        (_, ValueRef::Null) => Value::Null,
        (PropertyType::Text, text) => Value::Text(text.as_str().unwrap().to_owned()),
        (PropertyType::Number, ValueRef::Real(number)) => Value::Number(number),
        (PropertyType::Integer, ValueRef::Integer(number)) => Value::Integer(number),
        (PropertyType::Boolean, ValueRef::Integer(flag)) => Value::Boolean(flag == 1),
        (PropertyType::Date, text) => Value::Date(text.as_str().unwrap().to_owned()),
        (PropertyType::Moment, text) => {
            let text = text.as_str().unwrap().trim_end_matches('Z').to_owned() + "Z";
            Value::Moment(OffsetDateTime::parse(&text, &Rfc3339).unwrap())
        }
        (kind, value) => panic!("{value:?} in a column of {kind:?}"),
    }
}

/// A table of the standard's GeoPackage.
fn table(name: &str) -> LayerTable {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_URI;
    let file = format!("file:{}?immutable=1", fixtures().join("ne110m4cql2.gpkg").display());
    let connection = rusqlite::Connection::open_with_flags(file, flags).unwrap();
    let mut columns = connection.prepare(&format!("SELECT name, type FROM pragma_table_info('{name}') WHERE cid > 1")).unwrap();
    let columns: Vec<(String, PropertyType)> =
        columns.query_map([], |row| Ok((row.get(0)?, kind_of(&row.get::<_, String>(1)?)))).unwrap().map(Result::unwrap).collect();
    let named: Vec<(&str, PropertyType)> = columns.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
    let list: String = columns.iter().map(|(name, _)| format!(", \"{name}\"")).collect();
    let mut statement = connection.prepare(&format!("SELECT fid, geom{list} FROM {name}")).unwrap();
    let rows = statement.query_map([], |row| {
        let geometry: Vec<u8> = row.get(1)?;
        let values = columns.iter().enumerate().map(|(place, (_, kind))| value_of(*kind, row.get_ref(place + 2).unwrap()));
        let geometry: Geometry = GpkgWkb(geometry).to_geo().unwrap();
        Ok(Feature { id: row.get(0)?, geometry: Some(geometry), values: values.collect() })
    });
    LayerTable::of_features(schema(name, &named), rows.unwrap().map(Result::unwrap).collect())
}

static TABLES: LazyLock<Vec<LayerTable>> = LazyLock::new(|| {
    ["ne_110m_admin_0_countries", "ne_110m_populated_places_simple", "ne_110m_rivers_lake_centerlines"].map(table).into()
});

fn table_named(name: &str) -> &'static LayerTable {
    TABLES.iter().find(|table| table.schema().layer == name).unwrap()
}

pub(super) fn rows(table: &LayerTable, filter: Filter) -> Vec<u32> {
    select(table, &Query { filter: Some(filter), ..Query::default() }).rows().collect()
}

fn from_text(table: &LayerTable, text: &str) -> Filter {
    Filter::from_text(text, table.schema(), &Limits::default(), None).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Layer, predicate, rows that the standard expects.
fn predicates() -> Vec<(String, String, usize)> {
    let mut reader = csv::Reader::from_path(fixtures().join("predicates_expected_counts.csv")).unwrap();
    let record = |record: csv::Result<csv::StringRecord>| {
        let record = record.unwrap();
        (record[1].to_owned(), record[2].replace("\\(", "("), record[3].parse().unwrap())
    };
    reader.records().map(record).collect()
}

fn examples() -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = std::fs::read_dir(fixtures().join("examples_text"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect();
    examples.sort();
    assert_eq!(examples.len(), 120);
    examples
}

#[test]
fn a_filter_finds_what_the_standard_counts() {
    let predicates = predicates();
    assert_eq!(predicates.len(), 70);
    let found = |(layer, text, expected): &(String, String, usize)| {
        let table = table_named(layer);
        let found = rows(table, from_text(table, text)).len();
        (found != *expected).then(|| format!("{layer}: {text}: {found}, the standard counts {expected}"))
    };
    let wrong: Vec<String> = predicates.iter().filter_map(found).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_json_of_a_predicate_finds_the_same_rows_as_its_text() {
    for (layer, text, _) in predicates() {
        let table = table_named(&layer);
        let json = cql2::parse_text(&text).unwrap().to_json().unwrap();
        let filter = Filter::from_json(&json, table.schema(), &Limits::default(), None);
        let filter = filter.unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(rows(table, filter), rows(table, from_text(table, &text)), "{text}");
    }
}

#[test]
fn every_example_of_the_standard_is_read_as_another_program_reads_it() {
    for (name, text) in examples() {
        let read = parse_text(&text, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
        let json = cql2::parse_text(&text).unwrap_or_else(|error| panic!("{name}: {error}")).to_json().unwrap();
        let other = parse_json(&json, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}: {json}"));
        // The other program writes the moment 05:30:00.000000 as 05:30:00.
        let same_moment = |text: String| text.replace(":00.000000Z", ":00Z");
        assert_eq!(same_moment(read.to_string()), same_moment(other.to_string()), "{name}");
    }
}

#[test]
fn what_is_written_is_read_back_as_it_was() {
    for (name, text) in examples() {
        let read = parse_text(&text, &Limits::default()).unwrap();
        assert_eq!(parse_text(&read.to_string(), &Limits::default()), Ok(read), "{name}");
    }
}

#[test]
fn what_is_not_found_is_found_by_the_opposite_or_unknown() {
    for (layer, text, _) in predicates() {
        let table = table_named(&layer);
        let found = rows(table, from_text(table, &text));
        let opposite = rows(table, from_text(table, &format!("NOT ({text})")));
        let unknown = rows(table, from_text(table, &format!("({text}) IS NULL")));
        assert!(found.iter().all(|row| !opposite.contains(row)), "{text}");
        let mut all = [found.clone(), opposite, unknown].concat();
        all.sort_unstable();
        assert_eq!(all, (0..u32::try_from(table.len()).unwrap()).collect::<Vec<_>>(), "{text}");
        assert_eq!(rows(table, from_text(table, &format!("NOT (NOT ({text}))"))), found, "{text}");
    }
}

#[test]
fn predicates_obey_de_morgan() {
    let predicates = predicates();
    for (layer, left, _) in predicates.iter().step_by(3) {
        for (_, right, _) in predicates.iter().filter(|(other, ..)| other == layer).step_by(4) {
            let table = table_named(layer);
            let found = |text: String| rows(table, from_text(table, &text));
            let both = found(format!("NOT (({left}) AND ({right}))"));
            assert_eq!(both, found(format!("NOT ({left}) OR NOT ({right})")), "{left}; {right}");
            let either = found(format!("NOT (({left}) OR ({right}))"));
            assert_eq!(either, found(format!("NOT ({left}) AND NOT ({right})")), "{left}; {right}");
        }
    }
}

#[test]
fn relations_of_geometry_are_each_others_converse() {
    let table = table_named("ne_110m_admin_0_countries");
    let found = |text: &str| rows(table, from_text(table, text));
    let area = "POLYGON((0 40,10 40,10 50,0 50,0 40))";
    for (relation, converse) in
        [("S_WITHIN", "S_CONTAINS"), ("S_CONTAINS", "S_WITHIN"), ("S_TOUCHES", "S_TOUCHES"), ("S_CROSSES", "S_CROSSES")]
    {
        assert_eq!(found(&format!("{relation}(geom,{area})")), found(&format!("{converse}({area},geometry)")), "{relation}");
    }
    assert_eq!(found(&format!("S_DISJOINT(geom,{area})")), found(&format!("NOT S_INTERSECTS({area},geom)")));
    assert_eq!(found("S_EQUALS(geom,geom)").len(), 177);
}

#[test]
fn case_and_accents_can_be_left_out_of_a_comparison() {
    let table = table_named("ne_110m_populated_places_simple");
    let found = |text: &str| rows(table, from_text(table, text)).len();
    assert_eq!(found("name = 'KØBENHAVN'"), 0);
    assert_eq!(found("CASEI(name) = CASEI('KØBENHAVN')"), 1);
    assert_eq!(found("CASEI(name) IN (CASEI('kiev'), CASEI('KØBENHAVN'), CASEI('BERLIN'), CASEI('athens'), CASEI('foo'))"), 4);
    assert_eq!(found("name LIKE 'Sao%'"), 0);
    assert_eq!(found("ACCENTI(name) LIKE 'Sao%'"), 2);
    assert_eq!(found("CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('SÂO%'))"), 2);
    // The letter ø is no o with a mark.
    assert_eq!(found("ACCENTI(name) = nameascii") + found("name = 'København'"), 243);
}

#[test]
fn properties_functions_and_arithmetic_are_compared_with_each_other() {
    let table = table_named("ne_110m_populated_places_simple");
    let found = |text: &str| rows(table, from_text(table, text)).len();
    assert_eq!(found("pop_max >= pop_min"), 243);
    assert_eq!(found("pop_max = pop_min") + found("pop_max > pop_min"), 243);
    assert_eq!(found("pop_max - pop_min = 0"), found("pop_max = pop_min"));
    assert_eq!(found("pop_other * 2 > 2 * 1038288"), 122);
    assert_eq!(found("length(name) = 6") + found("length(name) <> 6"), 243);
    assert_eq!(found("year(\"date\") = 2022"), 1);
    assert_eq!(found("lower(name) = 'berlin'"), 1);
    assert_eq!(found("name = nameascii") + found("name <> nameascii"), 243);
    // Division by zero is unknown, and so is what follows from it.
    assert_eq!(found("pop_max / 0 > 1") + found("NOT (pop_max / 0 > 1)"), 0);
    let countries = table_named("ne_110m_admin_0_countries");
    let luxembourg = rows(countries, from_text(countries, "area_ha(geometry) < 300000 AND NAME = 'Luxembourg'"));
    assert_eq!(luxembourg.len(), 1, "Luxembourg has 2,586 square kilometres");
}

#[test]
fn lists_are_sets() {
    let table = table_named("ne_110m_rivers_lake_centerlines");
    let found = |text: &str| rows(table, from_text(table, text)).len();
    for (text, holds) in [
        ("A_CONTAINS(('a','b','c'),('c','a'))", true),
        ("A_CONTAINS(('a','b'),('a','d'))", false),
        ("A_CONTAINEDBY(('a'),('a','d'))", true),
        ("A_EQUALS(('a','b'),('b','a'))", true),
        ("A_EQUALS((1,2),(1,2,3))", false),
        ("A_OVERLAPS((TRUE,'x',8),('y',8))", true),
        ("A_OVERLAPS((TRUE,'x',8),('y','8'))", false),
        ("A_OVERLAPS((DATE('2020-01-01')),(TIMESTAMP('2020-01-01T00:00:00Z'),DATE('2020-01-01')))", true),
    ] {
        assert_eq!(found(text), if holds { 13 } else { 0 }, "{text}");
    }
    assert_eq!(
        found("A_OVERLAPS((name, name_en), ('Amazonas', 'Nile'))"),
        found("name IN ('Amazonas','Nile') OR name_en IN ('Amazonas','Nile')")
    );
}

#[test]
fn a_wrong_filter_is_refused_with_its_words_and_what_is_allowed() {
    let table = table_named("ne_110m_populated_places_simple");
    for (text, words) in [
        ("nam = 'x'", "there is no property \"nam\"; the properties are id, geometry, featurecla"),
        ("Foo(geom) = TRUE", "there is no function \"Foo\""),
        ("S_INTERSECTS(geom,POINT(90 180))", "the coordinate 90 180 lies outside"),
        ("S_INTERSECTS(geom,BBOX(0,50,10,40))", "south side lies north"),
        ("S_INTERSECTS(geom,BBOX(0,50,10))", "BBOX takes four or six numbers, not 3"),
        ("S_INTERSECTS(geom,POLYGON((0 0,1 0,1 1,0 1)))", "does not end at the point where it begins"),
        ("S_INTERSECTS(geom)", "S_INTERSECTS takes two, not 1 arguments"),
        ("S_INTERSECTS(geom,name)", "\"name\" is a text; a geometry is needed in S_INTERSECTS"),
        ("pop_max = 'many'", "\"pop_max\" is a number and 'many' is a text"),
        ("pop_max + name > 1", "\"name\" is a text; a number is needed"),
        ("pop_max LIKE '1%'", "\"pop_max\" is a number; a text is needed in LIKE"),
        ("name LIKE namealt", "a pattern in quotes"),
        ("\"date\" > DATE('2020-02-30')", "\"2020-02-30\" is no DATE"),
        ("start > TIMESTAMP('2020-02-03')", "\"2020-02-03\" is no TIMESTAMP"),
        ("T_DURING(start,INTERVAL('2021-01-01','2020-01-01'))", "ends before it begins"),
        ("\"date\" > 'soon'", "\"soon\" is no date"),
        ("name", "\"name\" is a text; true or false is needed"),
        ("boolean AND", "at character 12: the end stands where a property, a literal or a function"),
        ("name = 'x", "a ' that nothing closes"),
        ("name = 'x' name", "at character 12: \"name\" stands where AND, OR"),
        ("name ? 'x'", "at character 6: '?'"),
        ("(pop_max > 1", "an operator, a comma or \")\""),
        ("", "the end stands where"),
    ] {
        let error = Filter::from_text(text, table.schema(), &Limits::default(), None).expect_err(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    for json in [
        "",
        "[",
        "{}",
        "{\"op\":\"=\"}",
        "{\"op\":\"and\",\"args\":[]}",
        "{\"type\":\"Point\",\"coordinates\":[]}",
        "7",
        "{\"bbox\":[1]}",
    ] {
        assert!(Filter::from_json(json, table.schema(), &Limits::default(), None).is_err(), "{json}");
    }
}

#[test]
fn coordinates_of_another_system_are_brought_to_longitude_and_latitude() {
    let table = table_named("ne_110m_admin_0_countries");
    // As a client with latitude first, in hundredths of degrees, would write them.
    let swapped = |x: f64, y: f64| if x.abs() <= 9_000.0 { Ok((y / 100.0, x / 100.0)) } else { Err("is no place".to_owned()) };
    for (own, other) in [
        ("S_INTERSECTS(geom,POINT(7.02 49.92))", "S_INTERSECTS(geom,POINT(4992 702))"),
        ("S_INTERSECTS(geom,BBOX(0,40,10,50))", "S_INTERSECTS(geom,BBOX(4000,0,5000,1000))"),
    ] {
        let filter = Filter::from_text(other, table.schema(), &Limits::default(), Some(&swapped)).unwrap();
        assert_eq!(rows(table, filter), rows(table, from_text(table, own)), "{own}");
    }
    let error = Filter::from_text("S_INTERSECTS(geom,POINT(9999 1))", table.schema(), &Limits::default(), Some(&swapped));
    assert!(error.unwrap_err().to_string().contains("9999 1 is no place"));
}

#[test]
fn no_text_of_a_stranger_takes_the_parser_long_or_deep() {
    let limits = Limits::default();
    let many = 50_000;
    for text in [
        "(".repeat(many),
        format!("{}1 1{}", "(".repeat(40), ")".repeat(40)),
        format!("{}1{}", "(".repeat(many), ")".repeat(many)),
        "NOT ".repeat(20_000),
        "-".repeat(many),
        format!("1{}", "+1".repeat(many / 2)),
        format!("1{}", "^1".repeat(many / 2)),
        format!("a IN (1{})", ",1".repeat(many / 2 - 10)),
        format!("TRUE{}", " AND TRUE".repeat(10_000)),
        "f(".repeat(many / 2),
        "((1,1),".repeat(10_000),
        format!("S_INTERSECTS(geom,MULTIPOINT(0 0{}))", ",0 0".repeat(20_000)),
        "'".repeat(many + 1),
        "x".repeat(1_000_000),
    ] {
        assert!(parse_text(&text, &limits).is_err(), "{}", &text[..30]);
    }
    let deep = format!("{}1{}", "[".repeat(many), "]".repeat(many));
    let nested = format!("{}true{}", "{\"op\":\"not\",\"args\":[".repeat(2_000), "]}".repeat(2_000));
    for json in [deep, nested] {
        assert!(parse_json(&json, &limits).is_err());
    }
    // What people write stays well within.
    let members = (0..1_000).map(|i| format!("({i})")).collect::<Vec<_>>().join(",");
    assert!(parse_text(&format!("a IN ({members})"), &limits).is_ok());
    assert!(parse_text(&format!("a=0{}", " OR a=1".repeat(1_000)), &limits).is_ok());
    assert!(parse_text(&format!("{}a=1{}", "(".repeat(40), ")".repeat(40)), &limits).is_ok());
}

#[test]
fn points_within_an_area_are_those_of_the_whole_matrix() {
    let table = table_named("ne_110m_populated_places_simple");
    let found = |text: &str| rows(table, from_text(table, text));
    for area in [
        "POLYGON((0 40,10 40,10 50,0 50,0 40),(2 42,8 42,8 48,2 48,2 42))",
        "MULTIPOLYGON(((0 40,10 40,10 50,0 50,0 40)),((12.4533865 0,30 0,30 60,12.4533865 60,12.4533865 0)))",
        "BBOX(150,-90,-150,90)",
    ] {
        // The other way round goes by the matrix.
        assert_eq!(found(&format!("S_WITHIN(geom,{area})")), found(&format!("S_CONTAINS({area},geom)")), "{area}");
        assert!(!found(&format!("S_WITHIN(geom,{area})")).is_empty(), "{area}");
    }
}

const RELATIONS: [&str; 8] = ["INTERSECTS", "EQUALS", "DISJOINT", "TOUCHES", "WITHIN", "OVERLAPS", "CROSSES", "CONTAINS"];

#[test]
fn an_area_that_crosses_itself_is_refused_and_a_flat_box_is_answered() {
    let table = table_named("ne_110m_admin_0_countries");
    let read = |relation: &str, area: &str| {
        Filter::from_text(&format!("S_{relation}(geom,{area})"), table.schema(), &Limits::default(), None)
    };
    for area in [
        "POLYGON((0 40,10 50,10 40,0 50,0 40))",
        "POLYGON((0 0,0 0,0 0,0 0))",
        "POLYGON((0 0,10 10,0 0,10 10,0 0))",
        "MULTIPOLYGON(((0 0,20 0,20 20,0 20,0 0)),((10 10,30 10,30 30,10 30,10 10)))",
        "POLYGON((0 40,10 40,10 50,0 50,0 40),(-5 45,15 45,15 46,-5 46,-5 45))",
        "GEOMETRYCOLLECTION(POLYGON((0 0,20 0,20 20,0 20,0 0)),POLYGON((10 10,30 10,30 30,10 30,10 10)),POINT(5 5))",
        "LINESTRING(0 0,0 0)",
    ] {
        let error = read("WITHIN", area).expect_err(area).to_string();
        assert!(error.contains("not valid"), "{area}: {error}");
    }
    for area in [
        "GEOMETRYCOLLECTION(POLYGON((0 0,20 0,20 20,0 20,0 0)),LINESTRING(10 10,30 30),POINT(5 5))",
        "MULTIPOINT((0 0),(0 0))",
        "LINESTRING(0 40,10 50,10 40,0 50)",
        "BBOX(10,40,10,50)",
        "BBOX(180,-90,-180,90)",
    ] {
        for relation in RELATIONS {
            let found = rows(table, read(relation, area).unwrap_or_else(|error| panic!("{area}: {error}"))).len();
            let all = if relation == "DISJOINT" { 177 } else { 60 };
            assert!(found <= all, "{relation} {area}: {found}");
        }
    }
}

#[test]
fn a_row_whose_outline_crosses_itself_is_unknown_and_does_not_stop_the_others() {
    let outlines = [
        "POLYGON((0 0,10 10,10 0,0 10,0 0))",
        "POLYGON((0 0,10 0,10 10,0 10,0 0))",
        "POLYGON((0 0,10 0,10 10,0 10,0 0),(-5 5,15 5,15 6,-5 6,-5 5))",
        "MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0)),((4 4,12 4,12 12,4 12,4 4)))",
    ];
    let row = |(id, text): (i64, &str)| {
        let Ok(Syntax::Geometry(geometry)) = parse_text(text, &Limits::default()) else { panic!("{text}") };
        Feature { id, geometry: Some(geometry), values: Vec::new() }
    };
    let table = LayerTable::of_features(schema("outlines", &[]), (1..).zip(outlines).map(row).collect());
    for relation in RELATIONS {
        for area in ["BBOX(0,0,10,10)", "LINESTRING(0 5,10 5)", "POLYGON((5 5,20 5,20 20,5 20,5 5))", "geometry"] {
            let text = format!("(S_{relation}(geometry,{area})) IS NOT NULL");
            let known = rows(&table, from_text(&table, &text));
            let all = matches!(relation, "INTERSECTS" | "DISJOINT");
            assert_eq!(known, if all { vec![0, 1, 2, 3] } else { vec![1] }, "{text}");
        }
    }
    assert_eq!(rows(&table, from_text(&table, "S_EQUALS(geometry,BBOX(0,0,10,10))")), [1]);
    assert_eq!(rows(&table, from_text(&table, "S_INTERSECTS(geometry,POINT(9 1))")), [0, 1, 2]);
}
