//! Secrets in the configuration are references: `env:NAME` or `file:PATH`.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where a secret is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Env(String),
    File(PathBuf),
}

/// A reference to a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Place);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Env(name) => write!(f, "env:{name}"),
            Place::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl Secret {
    pub(super) fn parse(reference: &str, folder: &Path) -> Result<Self, String> {
        match reference.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self(Place::Env(name.to_owned()))),
            Some(("file", path)) if !path.is_empty() => Ok(Self(Place::File(folder.join(path)))),
            _ => Err("must be env:NAME or file:PATH, never the secret itself".to_owned()),
        }
    }

    /// The file, if it is in one.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Place::File(path) => Some(path),
            Place::Env(_) => None,
        }
    }

    /// The secret as text, without the end of its line.
    ///
    /// # Errors
    /// It is not there, or others can read it.
    pub fn read(&self) -> Result<String, String> {
        match &self.0 {
            Place::Env(name) => {
                std::env::var(name).map_err(|_| format!("the variable {name} is not set"))
            }
            Place::File(path) => {
                let fault = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
                let metadata = std::fs::metadata(path).map_err(|error| fault(&error))?;
                if metadata.mode() & 0o077 != 0 {
                    return Err(fault(&"others may read it (chmod 600)"));
                }
                let text = std::fs::read_to_string(path).map_err(|error| fault(&error))?;
                Ok(text.trim_end().to_owned())
            }
        }
    }
}
