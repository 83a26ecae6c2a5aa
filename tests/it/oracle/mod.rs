mod gdal_client;
mod geopackage;
mod geostat_peers;
