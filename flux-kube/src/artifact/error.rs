//! Why there is no artifact.

use std::io;
use std::time::Duration;

use kube::core::Status;
use thiserror::Error;

use super::{Digest, DigestError, ExtractError};
use crate::error::{Class, Error, Verb, classify_status};

/// Why an artifact was not fetched.
///
/// The texts are those of fluxcd/pkg where it has such an error: they are what users of Flux read in conditions.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address cannot be fetched from, or the host that takes the place of its own is none.
    #[error("failed to create a new request: {url:?} is no address")]
    Address {
        /// The address.
        url: String,
    },
    /// The artifact is gone, and its source will offer another: a reason to wait, not to complain.
    #[error("file not found")]
    NotFound,
    /// The server answered something else than 200 or 404.
    #[error("failed to download archive from {url} (status: {})", status_text(*.code))]
    Status {
        /// The address.
        url: String,
        /// The status code.
        code: u16,
        /// How long the server asks to wait.
        after: Option<Duration>,
    },
    /// There was no connection, it broke, nothing came for too long, or a redirection cannot be followed.
    #[error("failed to download archive: {source}")]
    Connection {
        /// What happened.
        source: Error,
    },
    /// It failed each time.
    #[error(
        "failed to download archive: GET {url} giving up after {attempts} attempt(s){}",
        cause(last)
    )]
    GaveUp {
        /// The address.
        url: String,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        #[source]
        last: Box<Self>,
    },
    /// It took longer than [`FetchOptions::deadline`](super::FetchOptions::deadline).
    #[error("failed to download archive: GET {url}: not done within {deadline:?}")]
    Deadline {
        /// The address.
        url: String,
        /// How long it may take.
        deadline: Duration,
    },
    /// The file has more bytes than [`FetchOptions::max_bytes`](super::FetchOptions::max_bytes).
    #[error("artifact is greater than the max download size of {limit} bytes")]
    TooLarge {
        /// How many it may have.
        limit: u64,
    },
    /// The source does not say which digest the artifact has.
    #[error("failed to verify archive: empty digest")]
    NoDigest,
    /// What the source calls a digest is none.
    #[error("failed to verify archive: failed to parse digest '{digest}': {source}")]
    InvalidDigest {
        /// What it says.
        digest: String,
        /// Why it is none.
        source: DigestError,
    },
    /// The file is not the one of which the source speaks. Either the source has changed since it was read, so that one
    /// should read it again, or somebody tampered with the file.
    #[error(
        "failed to verify archive: computed digest doesn't match provided '{expected}' \
         (check whether file size exceeds max download size)"
    )]
    Mismatch {
        /// What the source says.
        expected: Digest,
        /// What was fetched.
        found: Digest,
    },
    /// The archive was fetched and is the right one, but was not extracted.
    #[error("failed to extract archive (check whether file size exceeds max download size): {0}")]
    Extract(#[from] ExtractError),
    /// The file could not be written.
    #[error("failed to create temp file: {0}")]
    File(#[source] io::Error),
}

impl FetchError {
    /// What it means for whoever has to go on.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::NotFound => Class::NotFound,
            Self::Status { code, after, .. } => {
                match classify_status(&Status::failure("", "").with_code(*code)) {
                    Class::Throttled { .. } => Class::Throttled { after: *after },
                    class => class,
                }
            }
            Self::Connection { source } => source.class(),
            Self::GaveUp { last, .. } => last.class(),
            Self::Deadline { .. } => Class::Timeout,
            // As with an object, somebody else changed it.
            Self::Mismatch { .. } => Class::Conflict,
            Self::Address { .. }
            | Self::TooLarge { .. }
            | Self::NoDigest
            | Self::InvalidDigest { .. } => Class::Invalid,
            Self::Extract(ExtractError::Io { .. } | ExtractError::NotADirectory(_))
            | Self::File(_) => Class::Other,
            Self::Extract(ExtractError::Cancelled) => Class::Cancelled,
            Self::Extract(_) => Class::Invalid,
        }
    }

    /// Whether the same request may have an answer in a moment.
    ///
    /// Source: hashicorp/go-retryablehttp v0.7.8: `client.go (baseRetryPolicy)`.
    pub(super) fn is_repeated(&self) -> bool {
        match self {
            Self::Status { code, .. } => matches!(code, 429 | 500 | 502..=599),
            Self::Connection { source } => source.is_retryable(),
            _ => false,
        }
    }
}

impl From<FetchError> for Error {
    fn from(error: FetchError) -> Self {
        let class = error.class();
        Self::other(Verb::Fetch, "artifact", class, error)
    }
}

fn status_text(code: u16) -> String {
    let status = http::StatusCode::from_u16(code);
    status.map_or_else(|_| code.to_string(), |status| status.to_string())
}

/// Upstream names the last error only if there was no answer at all.
fn cause(last: &FetchError) -> String {
    match last {
        FetchError::Connection { source } => format!(": {source}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_as_it_is_is_not_repeated() {
        let broken = |kind| {
            let error = kube::Error::Service(io::Error::from(kind).into());
            let source = Error::new(Verb::Fetch, "http://a/b", error);
            FetchError::Connection { source }.is_repeated()
        };
        assert!(broken(io::ErrorKind::ConnectionReset));
        assert!(broken(io::ErrorKind::TimedOut));
        assert!(!broken(io::ErrorKind::InvalidData));
        let answered = |code| {
            let url = String::new();
            let after = None;
            FetchError::Status { url, code, after }.is_repeated()
        };
        for (code, repeated) in [
            (301, false),
            (400, false),
            (429, true),
            (500, true),
            (501, false),
            (599, true),
        ] {
            assert_eq!(answered(code), repeated, "{code}");
        }
    }
}
