//! The tables of a project file, made from the layers' schemas.

use super::APPLICATION_ID;
use super::binary::{SRS_ID, register_functions};
use crate::model::{GeometryKind, Layer, Property, PropertyType};
use rusqlite::{Connection, Result, Transaction};

/// GeoPackage 1.3, as `PRAGMA user_version` says it; GDAL 3.6 and QGIS 3.22 know no newer one.
const GEOPACKAGE_VERSION: i32 = 10_300;

/// Makes the tables of an empty project.
pub(super) fn create(connection: &mut Connection) -> Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", GEOPACKAGE_VERSION)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    register_functions(connection)?;
    let tables = connection.transaction()?;
    tables.execute_batch(CORE_TABLES)?;
    tables.execute_batch(CHANGES_TABLE)?;
    for layer in Layer::ALL {
        create_layer(&tables, *layer)?;
    }
    tables.commit()
}

const CORE_TABLES: &str = r#"
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write');
CREATE TABLE peatplan_project (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE TABLE peatplan_imports (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, layer TEXT NOT NULL, file TEXT NOT NULL, source_crs TEXT NOT NULL,
  added INTEGER NOT NULL, rejected INTEGER NOT NULL,
  at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), software_version TEXT NOT NULL
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('peatplan_project', 'attributes', 'peatplan_project', 'settings of the project'),
  ('peatplan_imports', 'attributes', 'peatplan_imports', 'journal of imports');
"#;

/// The journal of changed rows; older files do not have it.
pub(super) const CHANGES_TABLE: &str = r"
CREATE TABLE peatplan_changes (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, layer TEXT NOT NULL, row_id INTEGER NOT NULL, what TEXT NOT NULL,
  at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), software_version TEXT NOT NULL
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('peatplan_changes', 'attributes', 'peatplan_changes', 'journal of changed rows');
";

/// Layers that projects made by earlier versions do not have.
pub(super) const LATER_LAYERS: [Layer; 2] = [Layer::Scenarios, Layer::WeatherYears];

/// Adds the empty table of a layer.
pub(super) fn add_layer(connection: &mut Connection, layer: Layer) -> Result<()> {
    register_functions(connection)?;
    let tables = connection.transaction()?;
    create_layer(&tables, layer)?;
    tables.commit()
}

fn create_layer(tables: &Transaction<'_>, layer: Layer) -> Result<()> {
    let (table, schema) = (layer.table(), layer.schema());
    let columns: String = schema.properties.iter().map(|p| format!(", \"{}\" {}", p.name, sql_type(p))).collect();
    tables.execute_batch(&format!(
        "CREATE TABLE \"{table}\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {}{columns});",
        geometry_type(&schema.geometry)
    ))?;
    tables.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?1, 'features', ?2, ?3, ?4)",
        (&table, &table, &schema.description, SRS_ID),
    )?;
    tables.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
        (&table, geometry_type(&schema.geometry), SRS_ID),
    )?;
    for property in &schema.properties {
        describe(tables, &table, property)?;
    }
    tables.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        [&table],
    )?;
    tables.execute_batch(&SPATIAL_INDEX.replace("{t}", &table))
}

/// What a column means, for programs that read the schema extension.
fn describe(connection: &Connection, table: &str, property: &Property) -> Result<()> {
    let meaning = property.unit.as_ref().map_or_else(|| property.meaning.clone(), |unit| format!("{}, {unit}", property.meaning));
    connection.execute(
        "INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?1, ?2, ?3, ?4, ?5)",
        (table, &property.name, &property.name, &property.title.en, meaning),
    )?;
    Ok(())
}

/// The properties of a layer that the file has no column for: it was made before the schema had them.
pub(super) fn lacking(connection: &Connection, layer: Layer) -> Result<Vec<&'static Property>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let there: Vec<String> = statement.query_map([layer.table()], |row| row.get(0))?.collect::<Result<_>>()?;
    Ok(layer.schema().properties.iter().filter(|property| !there.contains(&property.name)).collect())
}

/// Adds the columns that the file lacks, empty in every row.
pub(super) fn add_lacking_columns(connection: &Connection, layer: Layer) -> Result<()> {
    for property in lacking(connection, layer)? {
        let table = layer.table();
        connection.execute_batch(&format!("ALTER TABLE \"{table}\" ADD COLUMN \"{}\" {}", property.name, sql_type(property)))?;
        describe(connection, &table, property)?;
    }
    Ok(())
}

/// Several single kinds need the common type; one kind is stored as its multi-part type, so that a table has one.
pub(super) fn geometry_type(kinds: &[GeometryKind]) -> &'static str {
    match kinds {
        [GeometryKind::Point] => "POINT",
        [GeometryKind::Line] => "MULTILINESTRING",
        [GeometryKind::Polygon] => "MULTIPOLYGON",
        _ => "GEOMETRY",
    }
}

fn sql_type(property: &Property) -> &'static str {
    match property.kind {
        PropertyType::Text | PropertyType::Layers => "TEXT",
        PropertyType::Number => "DOUBLE",
        PropertyType::Integer => "INTEGER",
        PropertyType::Boolean => "BOOLEAN",
        PropertyType::Date => "DATE",
        PropertyType::Moment => "DATETIME",
    }
}

/// The spatial index and its triggers, as GeoPackage 1.3 prescribes them (annex F.3).
const SPATIAL_INDEX: &str = r#"
CREATE VIRTUAL TABLE "rtree_{t}_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE TRIGGER "rtree_{t}_geom_insert" AFTER INSERT ON "{t}"
  WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (
    NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER "rtree_{t}_geom_update1" AFTER UPDATE OF "geom" ON "{t}"
  WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (
    NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER "rtree_{t}_geom_update2" AFTER UPDATE OF "geom" ON "{t}"
  WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
END;
CREATE TRIGGER "rtree_{t}_geom_update3" AFTER UPDATE ON "{t}"
  WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (
    NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER "rtree_{t}_geom_update4" AFTER UPDATE ON "{t}"
  WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id IN (OLD."fid", NEW."fid");
END;
CREATE TRIGGER "rtree_{t}_geom_delete" AFTER DELETE ON "{t}"
  WHEN OLD."geom" NOT NULL
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
END;
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_made_before_a_property_gets_its_column_with_the_next_import() {
        let mut connection = Connection::open_in_memory().expect("a database");
        create(&mut connection).expect("the tables");
        connection.execute_batch("ALTER TABLE constraints DROP COLUMN river_length_km").expect("an older file");
        let names = |connection: &Connection| -> Vec<&str> {
            lacking(connection, Layer::Constraints).expect("the columns").iter().map(|property| property.name.as_str()).collect()
        };
        assert_eq!(names(&connection), ["river_length_km"]);
        add_lacking_columns(&connection, Layer::Constraints).expect("added");
        assert_eq!(names(&connection), Vec::<&str>::new());
        assert_eq!(lacking(&connection, Layer::Probes).expect("the columns").len(), 0);
    }
}
