//! The house rules as data: which room may use which, and what the pure rooms must not do. It reads the `use`
//! lines and paths of `src/` and fails with file, line and reason.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A room: its folder or file under `src/`, the rooms of ours it may use, the outside crates that it alone may name,
/// and why.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    because: &'static str,
}

const ROOMS: &[Room] = &[
    Room { name: "units", may_use: &[], because: "vocabulary is the ground floor" },
    Room { name: "table_book", may_use: &[], because: "who fills a table and who writes it meet in its description" },
    Room { name: "crs", may_use: &["units"], because: "its handles stay on one thread; one place to pin" },
    Room { name: "model", may_use: &["units", "crs"], because: "nouns outlive everything" },
    Room { name: "simplify", may_use: &[], because: "one way to leave out vertices, for whatever is drawn" },
    Room { name: "normal", may_use: &[], because: "depths, seasons and prices are drawn by one distribution" },
    Room {
        name: "geostat",
        may_use: &["normal"],
        because: "checkable against other people's programs; first to leave as a crate",
    },
    Room {
        name: "reserves",
        may_use: &["model", "units", "normal", "geostat", "simplify"],
        because: "the same input gives the same tonnes",
    },
    Room { name: "optimisation", may_use: &[], because: "a program is numbers; checkable against other people's solvers" },
    Room {
        name: "supply",
        may_use: &["model", "units", "normal", "reserves", "simplify", "optimisation"],
        because: "costs need tonnes, not kriging",
    },
    Room {
        name: "energy",
        may_use: &["model", "units", "normal", "reserves", "supply", "simplify", "optimisation"],
        because: "power and heat need fuel and its cost, not where it was dug",
    },
    Room {
        name: "planning",
        may_use: &["catalogue", "optimisation", "reserves", "supply", "energy", "geostat", "table_book", "model", "units", "crs"],
        because: "the one place that knows the order of the steps",
    },
    Room {
        name: "tiles",
        may_use: &["planning", "catalogue", "model", "crs", "simplify"],
        because: "a tile is a function of what it shows and its address",
    },
    Room { name: "catalogue", may_use: &["model", "units", "crs"], because: "a value" },
    Room { name: "query", may_use: &["catalogue", "model"], because: "pure functions of a snapshot" },
    Room { name: "exchange", may_use: &["model", "units", "crs", "table_book"], because: "bad data stops at the door" },
    Room {
        name: "deliverables",
        may_use: &["planning", "catalogue", "tiles", "model", "exchange", "table_book", "crs"],
        because: "what is computed meets how it is written in one place, for service and command line",
    },
    Room { name: "store", may_use: &["model", "catalogue", "crs"], because: "the only room that knows SQL" },
    Room { name: "jobs", may_use: &["planning", "geostat"], because: "a computation outlives the request that asked for it" },
    Room { name: "access", may_use: &["model"], because: "who may do what is told apart from how it was asked" },
    Room { name: "config", may_use: &["exchange", "jobs"], because: "settings carry the caps of the rooms they set" },
    Room { name: "telemetry", may_use: &[], because: "the log knows no data" },
    Room {
        name: "api",
        may_use: &[
            "store",
            "catalogue",
            "query",
            "planning",
            "tiles",
            "table_book",
            "jobs",
            "deliverables",
            "model",
            "units",
            "crs",
            "exchange",
            "config",
            "reserves",
            "access",
            "simplify",
        ],
        because: "a thin skin",
    },
];

/// Outside crates that one room alone may name.
const KEEPERS: &[(&str, &str, &str)] = &[
    ("proj", "crs", "one PROJ, pinned in one place"),
    ("gdal", "exchange", "a dataset is opened, copied out and closed in one folder"),
    ("rusqlite", "store", "the only room that knows SQL"),
    ("actix_web", "api", "HTTP stays in the skin"),
    ("actix_files", "api", "HTTP stays in the skin"),
    ("prometheus", "api", "figures are told at the skin"),
    ("governor", "api", "rates are those of requests"),
    ("minijinja", "api", "what a person reads is made in the skin"),
    ("kiddo", "geostat", "neighbours are geostatistics"),
    ("rust_xlsxwriter", "exchange", "formats of others are written at the door"),
    ("flatgeobuf", "exchange", "formats of others are written at the door"),
    ("osmpbf", "exchange", "formats of others are read at the door"),
    ("png", "tiles", "pictures are drawn in one room"),
    ("pmtiles", "exchange", "formats of others are written at the door"),
    ("spade", "geostat", "triangles are geostatistics"),
    ("contour", "geostat", "bands between levels are geostatistics"),
    ("rustfft", "geostat", "simulated fields are geostatistics"),
    ("faer", "geostat", "large systems are geostatistics"),
    ("seuif97", "energy", "its answers outside of its regions are codes; one place asks it for none"),
    ("microlp", "optimisation", "a solver's word is judged in one room"),
];

/// Rooms that are values and functions: no files, no clock, no printing, no chance.
const PURE: &[&str] = &[
    "units",
    "normal",
    "table_book",
    "crs",
    "model",
    "geostat",
    "optimisation",
    "reserves",
    "supply",
    "energy",
    "planning",
    "catalogue",
    "query",
    "tiles",
];
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "files"),
    ("File::open", "files"),
    ("std::net", "the network"),
    ("std::env::", "the environment"),
    ("SystemTime", "the clock"),
    ("Instant::now", "the clock"),
    ("now_utc", "the clock"),
    ("println!", "printing"),
    ("eprintln!", "printing"),
    ("rand::rng", "chance without a seed"),
    ("rand::random", "chance without a seed"),
    ("SysRng", "chance without a seed"),
];

/// A line of source without its comment and without what stands after `#[cfg(test)]`.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().enumerate().map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default()))
}

/// The rooms of ours that a line names: `crate::room`, in groups `crate::{a::…, b}` too.
fn rooms_named(line: &str) -> Vec<&'static str> {
    let named = |room: &&Room| {
        let path = format!("crate::{}", room.name);
        let ends = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let direct = line.match_indices(&path).any(|(at, _)| ends(&line[at + path.len()..]));
        let grouped = line.split("crate::{").nth(1).is_some_and(|group| {
            group
                .split(',')
                .any(|part| part.trim().split("::").next().map(|word| word.trim_end_matches(['}', ';'])) == Some(room.name))
        });
        direct || grouped
    };
    ROOMS.iter().filter(named).map(|room| room.name).collect()
}

fn names_crate(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    let starts = |at: usize| line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
    line.match_indices(&path).any(|(at, _)| starts(at)) || line.trim() == format!("use {name};")
}

/// What is wrong with one file's text.
fn violations(room: &str, file: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Some(rules) = ROOMS.iter().find(|known| known.name == room) else {
        return vec![format!("{file}: room {room:?} is not in the table; say what it may use, and why")];
    };
    for (number, line) in code_lines(text) {
        for named in rooms_named(line) {
            if named != room && !rules.may_use.contains(&named) {
                found.push(format!("{file}:{number}: {room} must not use {named}, because: {}", rules.because));
            }
        }
        for (name, keeper, because) in KEEPERS {
            if *keeper != room && names_crate(line, name) {
                found.push(format!("{file}:{number}: only {keeper} names {name}, because: {because}"));
            }
        }
        if PURE.contains(&room) {
            for (word, what) in IMPURE {
                if line.contains(word) {
                    found.push(format!("{file}:{number}: {room} is pure and must not touch {what} ({word})"));
                }
            }
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_room_keeps_to_the_table() {
    let sources_root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = String::new();
    let mut read = 0;
    for path in sources(&sources_root) {
        let relative = path.strip_prefix(&sources_root).unwrap();
        let room = relative.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        // The binary wires everything; the table of contents names everything.
        if matches!(room.as_str(), "main" | "lib" | "cli") {
            continue;
        }
        read += 1;
        for line in violations(&room, &format!("src/{}", relative.display()), &std::fs::read_to_string(&path).unwrap()) {
            writeln!(wrong, "{line}").unwrap();
        }
    }
    assert!(read > 50, "the rooms were read: {read} files");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_library_uses_nothing_of_the_binary() {
    let lib = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    assert!(!lib.contains("mod cli"), "commands belong to the binary");
    for room in ROOMS {
        assert!(lib.contains(&format!("pub mod {};", room.name)), "{} stands in the table of contents", room.name);
    }
}

#[test]
fn a_wrong_import_is_found_with_its_line_and_reason() {
    let cases = [
        ("geostat", "use crate::model::Probe;", "geostat must not use model, because: checkable"),
        ("reserves", "let t = crate::catalogue::Catalogue::new();", "reserves must not use catalogue"),
        ("reserves", "use crate::{model::Deposit, store};", "reserves must not use store"),
        ("supply", "use gdal::Dataset;", "only exchange names gdal"),
        ("jobs", "use crate::api::State;", "jobs must not use api, because: a computation outlives"),
        ("jobs", "use actix_web::web;", "only api names actix_web"),
        ("api", "let p = proj::Proj::new();", "only crs names proj"),
        ("planning", "let now = std::time::SystemTime::now();", "pure and must not touch the clock"),
        ("query", "println!(\"{x}\");", "pure and must not touch printing"),
        ("attic", "", "is not in the table"),
    ];
    for (room, line, reason) in cases {
        let text = format!("//! A header.\n\n{line}\n");
        let found = violations(room, "src/x.rs", &text);
        assert!(found.iter().any(|v| v.contains(reason)), "{room}: {line}: {found:?}");
        if !line.is_empty() {
            assert!(found[0].starts_with("src/x.rs:3:"), "{found:?}");
        }
    }
    assert_eq!(
        violations("reserves", "src/x.rs", "use crate::model::Deposit; // crate::store is not used\n"),
        Vec::<String>::new()
    );
}
