//! The server follows the project: a change swaps the whole picture in.

use crate::support::projects::{copy_of, succeeds};
use crate::support::server::Server;
use std::time::{Duration, Instant};

#[test]
fn an_import_beside_the_running_server_is_served_soon_after() {
    let project = copy_of("demo.gpkg");
    let server = Server::start(&project);
    assert_eq!(server.json("/ogc/collections/plants/items")["numberMatched"], 3);
    let plant = crate::support::files::file("plant.csv", "name,lon,lat,fuel_power_mw\nNew plant,40.7,55.6,12\n");
    succeeds(["import", "plants", plant.to_str().unwrap(), "--project", project.to_str().unwrap()]);
    let deadline = Instant::now() + Duration::from_secs(60);
    while server.json("/ogc/collections/plants/items")["numberMatched"] != 4 {
        assert!(Instant::now() < deadline, "the server has not seen the import");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.json("/supply/New%20plant")["plant"]["name"], "New plant");
    assert!(server.json("/project")["data_version"].as_u64().unwrap() >= 2);
}

#[test]
fn a_project_without_anything_answers_and_says_what_is_missing() {
    let folder = crate::support::files::fresh_folder("empty");
    let project = folder.join("empty.gpkg");
    succeeds(["project", "--title", "Empty", "--project", project.to_str().unwrap()]);
    let server = Server::start(&project);
    assert_eq!(server.json("/ogc/collections/deposits/items")["numberMatched"], 0);
    assert!(server.json("/project")["bbox"].is_null());
    assert!(server.problem("/reserves/1", 404)["detail"].as_str().unwrap().contains("the project has none"));
    let supply = server.json("/supply?at=40.66,55.62&fuel_power_mw=10");
    assert_eq!(supply["covered_share"], 0.0);
    assert_eq!(supply["warnings"][0]["code"], "no_fields");
}
