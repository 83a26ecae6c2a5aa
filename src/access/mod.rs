//! Who may do what: roles, and the keys that carry them. A key is known by its SHA-256 alone; what the service keeps
//! can be read by anybody without opening anything. It knows no HTTP: who asks, and what for, is the caller's matter.

mod keys;

pub use keys::{FreshKey, Key, Keys, KeysError};

use serde::{Deserialize, Serialize};

/// What one may do; each role may also do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Read what is served, and have it computed.
    Read,
    /// Change features.
    Edit,
    /// See how the service does.
    Admin,
}

impl Role {
    /// Its word in a keys file and in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "edit",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Read, Self::Edit, Self::Admin]
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| format!("a role is one of read, edit, admin; it was {text:?}"))
    }
}
