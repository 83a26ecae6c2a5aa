//! The keys file: TOML, one `[[key]]` a key, with the SHA-256 of the key and never the key itself.

use super::Role;
use crate::model::Layer;
use rand::TryRng;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Keys that a file may hold; more are a mistake, and each is looked at with every request.
const MOST_KEYS: usize = 1_000;
/// Bytes of chance in a fresh key: nobody guesses 192 bits.
const FRESH_BYTES: usize = 24;
/// What every fresh key begins with, so that one that leaked is recognised for what it is.
const PREFIX: &str = "pp_";

/// A keys file cannot be used.
#[derive(Debug, Error)]
pub enum KeysError {
    /// It cannot be read.
    #[error("the keys file {path} could not be read: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is no such TOML.
    #[error("the keys file is not understood: {0}")]
    Toml(#[from] toml::de::Error),
    /// An entry is wrong.
    #[error("the key {name:?}: {detail}")]
    Entry {
        /// Its name.
        name: String,
        /// What is wrong.
        detail: String,
    },
    /// The system gives no chance.
    #[error("the system gave no chance for a fresh key: {0}")]
    Chance(String),
}

/// A key: whose it is and what it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whose it is; for logs and journals.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Layers that it is limited to; none where it is good for all.
    pub collections: Option<Vec<Layer>>,
    digest: [u8; 32],
}

/// The keys of a service.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Key>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    sha256: String,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collections: Option<Vec<String>>,
}

impl Keys {
    /// Reads a keys file.
    ///
    /// # Errors
    /// It cannot be read or understood; see [`Keys::from_toml`].
    pub fn read(path: &Path) -> Result<Self, KeysError> {
        let text = std::fs::read_to_string(path).map_err(|error| KeysError::Read { path: path.to_owned(), error })?;
        Self::from_toml(&text)
    }

    /// Reads keys.
    ///
    /// # Errors
    /// An unknown field or role, a collection that does not exist, a hash that is none, or a name or a hash that stands twice.
    ///
    /// ```
    /// use peatplan::access::{Keys, Role};
    /// // The SHA-256 of "abc" (FIPS 180-4, example).
    /// let keys = Keys::from_toml(r#"
    ///     [[key]]
    ///     name = "survey"
    ///     sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    ///     role = "edit"
    ///     collections = ["probes"]
    /// "#).unwrap();
    /// assert_eq!(keys.find("abc").unwrap().role, Role::Edit);
    /// assert!(keys.find("abd").is_none());
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, KeysError> {
        let file: File = toml::from_str(text)?;
        let mut keys: Vec<Key> = Vec::with_capacity(file.key.len());
        for entry in file.key {
            let name = entry.name.clone();
            let wrong = |detail: &str| KeysError::Entry { name: name.clone(), detail: detail.to_owned() };
            if keys.len() >= MOST_KEYS {
                return Err(wrong(&format!("a file holds at most {MOST_KEYS} keys")));
            }
            if entry.name.is_empty() || entry.name.len() > 64 || entry.name.chars().any(char::is_control) {
                return Err(wrong("a name has 1 to 64 letters"));
            }
            let digest = digest_of(&entry.sha256).ok_or_else(|| wrong("sha256 must be 64 hexadecimal digits"))?;
            let collections = entry.collections.map(|names| {
                let layer = |name: &String| name.parse::<Layer>().map_err(|_| wrong(&format!("there is no collection {name:?}")));
                names.iter().map(layer).collect::<Result<Vec<Layer>, _>>()
            });
            let collections = collections.transpose()?;
            if keys.iter().any(|key| key.name == entry.name) {
                return Err(wrong("the name stands twice"));
            }
            if keys.iter().any(|key| key.digest == digest) {
                return Err(wrong("the same sha256 stands twice"));
            }
            keys.push(Key { name: entry.name, role: entry.role, collections, digest });
        }
        Ok(Self(keys))
    }

    /// The key that a secret is. All are looked at, and each in full, so that the time taken says nothing.
    #[must_use]
    pub fn find(&self, secret: &str) -> Option<&Key> {
        let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        let mut found = None;
        for key in &self.0 {
            let difference = key.digest.iter().zip(&digest).fold(0, |difference, (one, other)| difference | (one ^ other));
            if std::hint::black_box(difference) == 0 {
                found = Some(key);
            }
        }
        found
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A key that was just made: the secret, which is shown once, and its entry for the keys file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreshKey {
    /// For whoever is to use it.
    pub secret: String,
    /// For the file.
    pub entry: String,
}

impl FreshKey {
    /// Makes a key by chance.
    ///
    /// # Errors
    /// The system gives no chance, or the name cannot be written as TOML.
    pub fn new(name: &str, role: Role, collections: &[Layer]) -> Result<Self, KeysError> {
        let mut bytes = [0; FRESH_BYTES];
        SysRng.try_fill_bytes(&mut bytes).map_err(|error| KeysError::Chance(error.to_string()))?;
        let secret = format!("{PREFIX}{}", hexadecimal(&bytes));
        let entry = Entry {
            name: name.to_owned(),
            sha256: hexadecimal(&Sha256::digest(secret.as_bytes())),
            role,
            collections: (!collections.is_empty()).then(|| collections.iter().map(ToString::to_string).collect()),
        };
        let entry = toml::to_string(&File { key: vec![entry] })
            .map_err(|error| KeysError::Entry { name: name.to_owned(), detail: error.to_string() })?;
        // What is written must be read: a name that is refused later is refused now.
        Keys::from_toml(&entry)?;
        Ok(Self { secret, entry })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn digest_of(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut digest = [0; 32];
    for (place, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_key_is_found_by_its_secret_and_by_nothing_else() {
        let one = FreshKey::new("one", Role::Edit, &[Layer::Probes]).unwrap();
        let two = FreshKey::new("two", Role::Admin, &[]).unwrap();
        let keys = Keys::from_toml(&format!("{}\n{}", one.entry, two.entry)).unwrap();
        assert_eq!(keys.len(), 2);
        assert!(!one.entry.contains(&one.secret) && one.secret.starts_with("pp_") && one.secret.len() == 51);
        let found = keys.find(&one.secret).unwrap();
        assert_eq!(
            (found.name.as_str(), found.role, found.collections.as_deref()),
            ("one", Role::Edit, Some(&[Layer::Probes][..]))
        );
        assert_eq!(keys.find(&two.secret).unwrap().collections, None);
        assert!(keys.find("").is_none() && keys.find(&one.secret[..50]).is_none());
    }

    #[test]
    fn a_keys_file_that_is_not_understood_is_refused_with_the_reason() {
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let entry = |more: &str| format!("[[key]]\nname = \"a\"\nsha256 = \"{hash}\"\nrole = \"edit\"\n{more}\n");
        for (text, says) in [
            ("key = 1".to_owned(), "not understood"),
            (entry("password = \"x\""), "password"),
            (entry("collections = [\"moons\"]"), "no collection \"moons\""),
            (entry("").replace("edit", "owner"), "owner"),
            (entry("").replace("ba78", "xx78"), "64 hexadecimal digits"),
            (entry("").replace(hash, "abc"), "64 hexadecimal digits"),
            (entry("").replace("\"a\"", "\"\""), "1 to 64 letters"),
            (format!("{}{}", entry(""), entry("")), "the name stands twice"),
            (format!("{}{}", entry(""), entry("").replace("\"a\"", "\"b\"")), "sha256 stands twice"),
        ] {
            let error = Keys::from_toml(&text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
