use super::*;
use proptest::prelude::*;

/// Written by libosmium, see tests/fixtures/osm.
const EXTRACT: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/osm/extract.osm.pbf"));

fn wanted() -> OsmWanted {
    let speeds = ClassSpeeds { main_road: 50.0, local_road: 30.0, track: 12.0, narrow_gauge: 14.5 };
    OsmWanted { within: None, disused: false, winter: false, speeds, most_vertices: 1_000 }
}

fn read(bytes: &[u8], wanted: &OsmWanted) -> Result<(Vec<OsmWay>, OsmSummary), OsmError> {
    let mut ways = Vec::new();
    let summary = read_ways(|| Ok(bytes), wanted, &mut |way| {
        ways.push(way);
        true
    })?;
    Ok((ways, summary))
}

fn ids(wanted: &OsmWanted) -> Vec<i64> {
    read(EXTRACT, wanted).unwrap().0.iter().map(|way| way.id).collect()
}

#[test]
fn the_ways_of_an_extract_of_libosmium_are_read_with_their_places_and_names() {
    let (ways, summary) = read(EXTRACT, &wanted()).unwrap();
    assert_eq!(ways.iter().map(|way| way.id).collect::<Vec<_>>(), [101, 102, 103, 107, 108]);
    let road = &ways[0];
    assert_eq!(road.vertices, [[40.6, 55.6], [40.61, 55.602], [40.62, 55.605], [40.63, 55.61]]);
    assert_eq!((road.tags.class, road.tags.speed_km_h), ("secondary", Some(40.0)));
    assert_eq!(road.tags.name.as_deref(), Some("Invented road"));
    assert_eq!(road.tags.name_ru.as_deref(), Some("Вымышленная дорога"));
    assert_eq!((ways[1].tags.class, ways[1].tags.speed_km_h), ("track", None), "sand is as slow as a track");
    assert_eq!((ways[2].tags.class, ways[2].vertices.len()), ("narrow_gauge", 4));
    assert_eq!(ways[2].vertices[..1], road.vertices[1..2], "where they meet they share a vertex");
    // Way 108 lacks its second node: what is left of it is cut there. Way 109 goes nowhere.
    assert_eq!(ways[4].vertices, [[40.64, 55.6], [40.63, 55.61]]);
    let expected = OsmSummary { ways: 5, winter_left_out: 1, disused_left_out: 1, one_way: 1, weight_limited: 1, cut: 1 };
    assert_eq!(summary, expected);
}

#[test]
fn lines_out_of_use_and_winter_roads_are_read_when_asked() {
    assert_eq!(ids(&OsmWanted { disused: true, ..wanted() }), [101, 102, 103, 104, 107, 108]);
    assert_eq!(ids(&OsmWanted { winter: true, ..wanted() }), [101, 102, 103, 105, 107, 108]);
}

#[test]
fn only_ways_that_come_into_the_box_are_read_and_those_whole() {
    let near_the_road = OsmWanted { within: Some([40.615, 55.0, 40.625, 56.0]), ..wanted() };
    assert_eq!(ids(&near_the_road), [101, 102]);
    let (ways, _) = read(EXTRACT, &near_the_road).unwrap();
    assert_eq!(ways[0].vertices.len(), 4);
    assert!(ids(&OsmWanted { within: Some([0.0, 0.0, 1.0, 1.0]), ..wanted() }).is_empty());
}

#[test]
fn reading_stops_when_it_is_told_to() {
    let mut count = 0;
    let summary = read_ways(|| Ok(EXTRACT), &wanted(), &mut |_| {
        count += 1;
        count < 2
    });
    assert_eq!((count, summary.unwrap().ways), (2, 2));
}

#[test]
fn what_is_no_extract_is_said_to_be_none() {
    for bytes in [&b""[..], b"abc", b"{\"type\": \"FeatureCollection\"}", b"SQLite format 3\0", &[0, 0, 0, 0], &[0, 0, 0, 2, 24]]
    {
        let error = read(bytes, &wanted()).unwrap_err();
        assert!(matches!(error, OsmError::NotOsm | OsmError::BreaksOff(0)), "{bytes:?}: {error}");
    }
}

#[test]
fn a_file_that_breaks_off_is_refused_wherever_it_does() {
    // At the border of two blobs the file is whole as far as its format tells.
    let mut borders = vec![];
    let mut at = 0;
    while let Some(frame) = next_frame(&mut &EXTRACT[at..], 0, false).unwrap() {
        at += frame.len();
        borders.push(at);
    }
    assert_eq!(borders.last(), Some(&EXTRACT.len()));
    for end in 1..EXTRACT.len() {
        let outcome = read(&EXTRACT[..end], &wanted());
        assert_eq!(outcome.is_ok(), borders.contains(&end), "{end}");
    }
}

#[test]
fn sizes_that_the_format_does_not_allow_are_refused_before_memory_is_taken() {
    // A header that promises a blob of 4 GB.
    let header = [0x0a, 9, b'O', b'S', b'M', b'H', b'e', b'a', b'd', b'e', b'r', 0x18, 0xff, 0xff, 0xff, 0xff, 0x0f];
    let mut bytes = u32::try_from(header.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(header);
    assert!(matches!(read(&bytes, &wanted()), Err(OsmError::NotOsm)));
    let mut after = EXTRACT.to_vec();
    after.extend(&bytes);
    assert!(matches!(read(&after, &wanted()), Err(OsmError::Damaged { at, .. }) if at == EXTRACT.len() as u64));
    assert!(matches!(read(EXTRACT, &OsmWanted { most_vertices: 5, ..wanted() }), Err(OsmError::TooLarge { most: 5 })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever a file holds, it is read or refused, and no place lies off the Earth.
    #[test]
    fn damaged_bytes_are_read_or_refused(changes in proptest::collection::vec((0..640_usize, any::<u8>()), 1..4)) {
        let mut bytes = EXTRACT.to_vec();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Ok((ways, _)) = read(&bytes, &wanted()) {
            for place in ways.iter().flat_map(|way| &way.vertices) {
                prop_assert!(place[0].abs() <= 180.0 && place[1].abs() <= 90.0);
            }
        }
    }
}
