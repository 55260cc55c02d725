//! Texts such as `sha256:9f86…`, and what they say about bytes.

use std::fmt::{self, Write};

use sha2::Digest as _;
use thiserror::Error;

/// The checksum of a file, with the algorithm that made it: `sha256:9f86…`.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::artifact::Digest;
///
/// let digest = Digest::parse("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")?;
/// assert_eq!(digest, Digest::of(b"test"));
/// # Ok::<(), fluxcd_kube::artifact::DigestError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    checksum: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
    Blake3,
}

/// Why a text is no digest by which a consumer checks a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DigestError {
    /// It is not of the form `algorithm:hexadecimal`, in lower case.
    #[error("invalid checksum digest format")]
    Format,
    /// The checksum has not the length of its algorithm.
    #[error("invalid checksum digest length")]
    Length,
    /// No consumer knows that algorithm. `sha1` is one of those, although a source may be told to use it.
    #[error("unsupported digest algorithm")]
    Unsupported,
}

impl Digest {
    /// Reads `sha256:…`, `sha384:…`, `sha512:…` or `blake3:…`; a checksum without an algorithm is taken as SHA-256.
    ///
    /// Source: fluxcd/pkg http/fetch v0.25.0: `archive_fetcher.go (verifyDigest)`; opencontainers/go-digest: `digest.go
    /// (Validate)`, `algorithm.go (Validate)`.
    ///
    /// # Errors
    ///
    /// See [`DigestError`].
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let (name, checksum) = text.split_once(':').unwrap_or(("sha256", text));
        if name.is_empty() || checksum.is_empty() {
            return Err(DigestError::Format);
        }
        let Some(algorithm) = Algorithm::parse(name) else {
            return Err(match is_well_formed(name, checksum) {
                true => DigestError::Unsupported,
                false => DigestError::Format,
            });
        };
        if checksum.len() != algorithm.digits() {
            return Err(DigestError::Length);
        }
        if !checksum
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        {
            return Err(DigestError::Format);
        }
        Ok(Self {
            algorithm,
            checksum: checksum.to_owned(),
        })
    }

    /// The SHA-256 digest of bytes, which is what sources make unless they are told otherwise.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(bytes);
        hasher.finish()
    }

    /// A hasher that makes digests of the same algorithm.
    pub(super) fn hasher(&self) -> Hasher {
        Hasher::new(self.algorithm)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.as_str(), self.checksum)
    }
}

/// Whether it is a digest by the pattern `[a-z0-9]+([.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+`.
fn is_well_formed(name: &str, checksum: &str) -> bool {
    let word = |word: &str| {
        let mut bytes = word.bytes();
        !word.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'_' | b'-');
    name.split(['.', '+', '_', '-']).all(word) && checksum.bytes().all(digit)
}

impl Algorithm {
    fn parse(name: &str) -> Option<Self> {
        let all = [Self::Sha256, Self::Sha384, Self::Sha512, Self::Blake3];
        all.into_iter().find(|algorithm| algorithm.as_str() == name)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Blake3 => "blake3",
        }
    }

    const fn digits(self) -> usize {
        match self {
            Self::Sha256 | Self::Blake3 => 64,
            Self::Sha384 => 96,
            Self::Sha512 => 128,
        }
    }
}

/// Makes a digest of bytes that arrive one after the other.
pub(super) enum Hasher {
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            Algorithm::Blake3 => Self::Blake3(Box::default()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
            Self::Blake3(hasher) => {
                hasher.update(bytes);
            }
        }
    }

    pub(super) fn finish(self) -> Digest {
        let (algorithm, checksum) = match self {
            Self::Sha256(hasher) => (Algorithm::Sha256, hex(&hasher.finalize())),
            Self::Sha384(hasher) => (Algorithm::Sha384, hex(&hasher.finalize())),
            Self::Sha512(hasher) => (Algorithm::Sha512, hex(&hasher.finalize())),
            Self::Blake3(hasher) => (Algorithm::Blake3, hex(hasher.finalize().as_bytes())),
        };
        Digest {
            algorithm,
            checksum,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_upstream_accepts_is_read_and_printed_alike() {
        for (name, digits) in [
            ("sha256", 64),
            ("sha384", 96),
            ("sha512", 128),
            ("blake3", 64),
        ] {
            let text = format!("{name}:{}", "0a".repeat(digits / 2));
            assert_eq!(Digest::parse(&text).unwrap().to_string(), text);
        }
        let bare = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
        assert_eq!(Digest::parse(bare), Ok(Digest::of(b"hello world")));
    }

    #[test]
    fn what_upstream_refuses_is_refused_for_the_same_reason() {
        let digits = "0a".repeat(32);
        for (text, error) in [
            ("invalid".into(), DigestError::Length),
            (":".into(), DigestError::Format),
            ("sha256:".into(), DigestError::Format),
            (format!(":{digits}"), DigestError::Format),
            (
                format!("sha256:{}", digits.to_uppercase()),
                DigestError::Format,
            ),
            (format!("sha256:{digits}0"), DigestError::Length),
            (format!("sha512:{digits}"), DigestError::Length),
            (
                format!("sha1:{}", "0a".repeat(20)),
                DigestError::Unsupported,
            ),
            (format!("SHA256:{digits}"), DigestError::Format),
            ("a..b:0".into(), DigestError::Format),
            ("md5:ZZ==".into(), DigestError::Unsupported),
            ("md5:a b".into(), DigestError::Format),
        ] {
            assert_eq!(Digest::parse(&text), Err(error), "{text}");
        }
    }

    #[test]
    fn every_algorithm_makes_the_checksum_of_its_name() {
        for text in [
            "sha384:768412320f7b0aa5812fce428dc4706b3cae50e02a64caa16a782249bfe8efc4b7ef1ccb126255d196047dfedf17a0a9",
            "sha512:ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db27ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff",
            "blake3:4878ca0425c739fa427f7eda20fe845f6b2e46ba5fe2a14df5b1e32f50603215",
        ] {
            let expected = Digest::parse(text).unwrap();
            let mut hasher = expected.hasher();
            hasher.update(b"te");
            hasher.update(b"st");
            assert_eq!(hasher.finish(), expected);
        }
    }
}
