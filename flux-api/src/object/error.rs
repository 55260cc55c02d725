//! Why a value is no object.

use crate::registry::Registration;

/// A value that could not be decoded, or an object that could not be encoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The value does not say what it is. The author of the document can repair it.
    #[error("{member} is missing or no text")]
    Untyped {
        /// The member that is missing.
        member: &'static str,
    },
    /// A field of a known kind is missing or has the wrong type. The author of the document can repair it.
    #[error("{} in {}: {path}: {source}", registration.kind, registration.api_version())]
    Decode {
        /// What the value says it is.
        registration: &'static Registration,
        /// Where: `spec.dependsOn[0].name`. A missing field is named in the text, and the path is that of its parent.
        path: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// A value of a known kind is nested deeper than 128 levels, which is as deep as `serde_json` reads. The author of the
    /// document can repair it.
    #[error("{} in {}: nested deeper than 128 levels", registration.kind, registration.api_version())]
    TooDeep {
        /// What the value says it is.
        registration: &'static Registration,
    },
    /// The object holds something that JSON cannot. The program that made it can repair it.
    #[error("object cannot be written: {0}")]
    Encode(#[source] serde_json::Error),
}

impl Error {
    /// Where in the object it went wrong, if that is known.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Decode { path, .. } => Some(path),
            Self::Untyped { .. } | Self::TooDeep { .. } | Self::Encode(_) => None,
        }
    }
}
