mod cql2;
mod cql2_peer;
mod demand;
mod forms;
mod gdal_client;
mod geopackage;
mod geostat_peers;
mod siting;
