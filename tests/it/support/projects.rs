//! The demo projects, made once a run by the same script that a newcomer runs, with the program under test.

use super::files::fresh_folder;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The folder with `demo.gpkg` and `tydal.gpkg`. They are shared: who writes takes a copy.
pub fn demo_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = fresh_folder("demo");
        let made = Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/demo.sh"))
            .arg(&folder)
            .env("PEATPLAN_BIN", env!("CARGO_BIN_EXE_peatplan"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        folder
    })
}

/// A copy of a demo project to write to.
pub fn copy_of(project: &str) -> PathBuf {
    let copy = fresh_folder("copy").join(project);
    std::fs::copy(demo_folder().join(project), &copy).unwrap();
    copy
}

/// Runs the program.
pub fn peatplan<I, S>(arguments: I) -> Output
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    Command::new(env!("CARGO_BIN_EXE_peatplan")).args(arguments).env_remove("PEATPLAN_PROJECT").output().unwrap()
}

/// Runs the program and expects success; gives what it said.
pub fn succeeds<I, S>(arguments: I) -> String
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let output = peatplan(arguments);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    said
}

/// Runs the program and expects it to refuse with a word that a person can read; gives that.
pub fn refuses<I, S>(arguments: I) -> String
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let output = peatplan(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// A key as the program makes it: the secret, and its entry.
pub fn fresh_key(name: &str, role: &str, collections: &[&str]) -> (String, String) {
    let limits = collections.iter().flat_map(|name| ["--collection", name]);
    let made = peatplan(["key", "new", name, "--role", role].into_iter().chain(limits));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (entry, said) = (String::from_utf8(made.stdout).unwrap(), String::from_utf8(made.stderr).unwrap());
    let secret = said.lines().find(|line| line.starts_with("pp_")).unwrap().to_owned();
    assert!(!entry.contains(&secret), "the file holds no key");
    (secret, entry)
}
