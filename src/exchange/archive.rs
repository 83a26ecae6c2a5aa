//! A zipped shapefile: its members, and only those, unpacked into a folder that goes when the import is done.

use super::error::OpenError;
use super::import::Limits;
use std::fs::File;
use std::io::{Read, copy};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Members of a shapefile that are read.
const MEMBERS: [&str; 6] = ["shp", "shx", "dbf", "prj", "cpg", "qix"];

/// An unpacked shapefile; the folder goes with it.
pub(super) struct Unpacked {
    pub shapefile: PathBuf,
    folder: TempDir,
}

/// Unpacks the one shapefile of an archive. Names inside are never used as paths, and sizes are counted while
/// unpacking, not believed.
pub(super) fn unpack_shapefile(path: &Path, limits: &Limits) -> Result<Unpacked, OpenError> {
    let shown = path.display();
    let no_zip = |error: &dyn std::fmt::Display| OpenError::Format(format!("{shown} is no readable zip archive: {error}"));
    let file = File::open(path).map_err(|error| no_zip(&error))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| no_zip(&error))?;
    if archive.len() > limits.archive_entries {
        let count = archive.len();
        return Err(OpenError::Limit(format!("{shown} has {count} entries; at most {} are read", limits.archive_entries)));
    }
    let members = members(&archive);
    let shapes: Vec<&Member> = members.iter().filter(|member| member.extension == "shp").collect();
    let stem = match shapes[..] {
        [only] => only.stem.clone(),
        [] => {
            let inside = members.iter().map(|member| member.name.clone()).collect::<Vec<_>>().join(", ");
            return Err(OpenError::Format(format!("{shown} holds no .shp file; inside: {inside}")));
        }
        _ => {
            let names = shapes.iter().map(|member| member.name.clone()).collect::<Vec<_>>().join(", ");
            return Err(OpenError::Format(format!("{shown} holds several shapefiles ({names}); import them one by one")));
        }
    };
    let folder = TempDir::with_prefix("peatplan-").map_err(|error| OpenError::Path(format!("no temporary folder: {error}")))?;
    let unpacked = Unpacked { shapefile: folder.path().join("layer.shp"), folder };
    let mut left = limits.unpacked_bytes;
    for member in members.iter().filter(|m| m.stem == stem && MEMBERS.contains(&m.extension.as_str())) {
        let entry = archive.by_index(member.index).map_err(|error| no_zip(&error))?;
        let mut target =
            File::create(unpacked.folder.path().join(format!("layer.{}", member.extension))).map_err(|e| no_zip(&e))?;
        let written = copy(&mut entry.take(left + 1), &mut target).map_err(|error| no_zip(&error))?;
        if written > left {
            let allowed = limits.unpacked_bytes / 1_000_000;
            return Err(OpenError::Limit(format!("{shown} unpacks to more than {allowed} MB")));
        }
        left -= written;
    }
    let size = std::fs::metadata(&unpacked.shapefile).map(|about| about.len()).unwrap_or_default();
    if size < 100 {
        return Err(OpenError::Format(format!("the .shp file in {shown} has {size} bytes: it holds no shapes")));
    }
    Ok(unpacked)
}

struct Member {
    index: usize,
    name: String,
    /// Folder and name without extension, small letters, to tell which files belong together.
    stem: String,
    extension: String,
}

fn members(archive: &zip::ZipArchive<File>) -> Vec<Member> {
    let member = |index: usize| -> Option<Member> {
        let name = archive.name_for_index(index)?.to_owned();
        let lower = name.to_lowercase();
        // Folders, and the shadows that macOS adds, are nobody's data.
        if lower.ends_with('/') || lower.contains("__macosx") {
            return None;
        }
        let (stem, extension) = lower.rsplit_once('.')?;
        Some(Member { index, name, stem: stem.to_owned(), extension: extension.to_owned() })
    };
    (0..archive.len()).filter_map(member).collect()
}
