mod gdal_client;
mod geopackage;
