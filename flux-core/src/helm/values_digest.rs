//! The digest of composed values, by which helm-controller sees that they changed.
//!
//! # Contract
//!
//! Values go in; out comes `<algorithm>:<hex>` over their canonical YAML, or whether a stored digest is theirs. Empty
//! values, and what is no object, have no bytes at all.
//!
//! # Traps
//!
//! - Every number is a double, as in the values of a HelmRelease: `1.0` and `1` are written alike, and whole numbers
//!   beyond 2^53 lose their last digits.
//! - The keys stand in the order of their bytes, not in that of `kubectl` and `flux export`.
//!
//! # Sources
//!
//! fluxcd/pkg chartutil v1.27.1: `digest.go (DigestValues, VerifyValues)`, `encode.go`, `sort.go`; sigs.k8s.io/yaml
//! v1.6.0: `yaml.go (JSONObjectToYAMLObject)`.

use std::fmt::Write;

use fluxcd_dialect::yaml::{self, to_string_by_bytes};
use serde_json::{Map, Number, Value};
use sha2::Digest;

/// A way to make a digest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `sha1`, of old releases.
    Sha1,
    /// `sha256`, the default of `--snapshot-digest-algo`.
    #[default]
    Sha256,
    /// `sha384`.
    Sha384,
    /// `sha512`.
    Sha512,
    /// `blake3`.
    Blake3,
}

impl Algorithm {
    /// The algorithm of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            "blake3" => Self::Blake3,
            _ => return None,
        })
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Blake3 => "blake3",
        }
    }
}

/// The values as helm-controller reads `spec.values`: the JSON of the object, taken for YAML. So a text with a character that
/// YAML refuses, such as DEL, leaves no values at all, and so does what is no object; line breaks that JSON does not
/// escape (NEL, U+2028, U+2029) are folded.
///
/// Source: helm-controller v1.6.3: `api/v2/helmrelease_types.go (GetValues)`.
#[must_use]
pub fn read_spec(values: &Value) -> Value {
    let read = yaml::Loader::v2().load(values.to_string().as_bytes());
    read.ok()
        .filter(Value::is_object)
        .unwrap_or_else(|| Value::Object(Map::new()))
}

/// The text that is hashed.
///
/// # Errors
///
/// A value that is nested too deep.
pub fn canonical(values: &Value) -> Result<String, yaml::Error> {
    match values {
        Value::Object(entries) if !entries.is_empty() => to_string_by_bytes(&doubles(values)),
        _ => Ok(String::new()),
    }
}

/// The digest of values.
///
/// # Errors
///
/// A value that is nested too deep.
///
/// # Examples
///
/// ```
/// use fluxcd_core::helm::values_digest::{Algorithm, digest, verify};
/// use serde_json::json;
///
/// let values = json!({"foo": "bar"});
/// let stored = "sha256:1dabc4e3cbbd6a0818bd460f3a6c9855bfe95d506c74726bc0f2edb0aecb1f4e";
/// assert_eq!(digest(&values, Algorithm::Sha256)?, stored);
/// assert!(verify(stored, &values));
/// assert!(!verify(stored, &json!({"foo": "baz"})));
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
pub fn digest(values: &Value, algorithm: Algorithm) -> Result<String, yaml::Error> {
    let text = canonical(values)?;
    let text = text.as_bytes();
    let hex = match algorithm {
        Algorithm::Sha1 => hex(&sha1::Sha1::digest(text)),
        Algorithm::Sha256 => hex(&sha2::Sha256::digest(text)),
        Algorithm::Sha384 => hex(&sha2::Sha384::digest(text)),
        Algorithm::Sha512 => hex(&sha2::Sha512::digest(text)),
        Algorithm::Blake3 => hex(blake3::hash(text).as_bytes()),
    };
    Ok(format!("{}:{hex}", algorithm.as_str()))
}

/// Whether a digest is that of the values, by the algorithm that it names. A text that is no digest is not.
#[must_use]
pub fn verify(stored: &str, values: &Value) -> bool {
    let algorithm = stored.split_once(':').map(|(name, _)| name);
    let algorithm = algorithm.and_then(Algorithm::parse);
    algorithm.is_some_and(|algorithm| digest(values, algorithm).is_ok_and(|own| own == stored))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The values with every number as the double that upstream reads; a whole one is written without a fraction.
fn doubles(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(double(number)),
        Value::Array(items) => items.iter().map(doubles).collect(),
        Value::Object(entries) => {
            let entries = entries.iter();
            entries
                .map(|(key, value)| (key.clone(), doubles(value)))
                .collect()
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "a number is whole if it comes back from the cast as it was"
)]
fn double(number: &Number) -> Number {
    let Some(float) = number.as_f64() else {
        return number.clone();
    };
    let (signed, unsigned) = (float as i64, float as u64);
    if signed as f64 == float && signed != i64::MAX {
        signed.into()
    } else if unsigned as f64 == float && unsigned != u64::MAX {
        unsigned.into()
    } else {
        Number::from_f64(float).unwrap_or_else(|| number.clone())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_hashed_as_yaml_with_the_keys_in_the_order_of_their_bytes() {
        for (values, text) in [
            (json!({}), ""),
            (json!(null), ""),
            (json!([1]), ""),
            (json!({"b": 2, "a": 1}), "a: 1\nb: 2\n"),
            (json!({"a2": 1, "a10": 2, "B": 3}), "B: 3\na10: 2\na2: 1\n"),
            (json!({"l": [{"z": 1, "y": 2}]}), "l:\n- \"y\": 2\n  z: 1\n"),
            (
                json!({"a": 1.0, "b": 1e6, "c": 1.5e20}),
                "a: 1\nb: 1000000\nc: 1.5e+20\n",
            ),
            (
                json!({"a": 9_007_199_254_740_993_u64}),
                "a: 9007199254740992\n",
            ),
            (
                json!({"a": 1.8e19, "b": 1.9e19}),
                "a: 18000000000000000000\nb: 1.9e+19\n",
            ),
            (json!({"a": -0.0, "b": -1.0}), "a: 0\nb: -1\n"),
            (json!({"a": "\u{7f}\u{85}"}), "a: \"\\x7F\\N\"\n"),
            (
                json!({"a": [[], {}, null, [[1]]]}),
                "a:\n- []\n- {}\n- null\n- - - 1\n",
            ),
        ] {
            assert_eq!(canonical(&values).unwrap(), text);
        }
    }

    #[test]
    fn a_digest_names_its_algorithm() {
        let values = json!({"a": 1});
        for (algorithm, digits) in [
            (Algorithm::Sha1, 40),
            (Algorithm::Sha256, 64),
            (Algorithm::Sha384, 96),
            (Algorithm::Sha512, 128),
            (Algorithm::Blake3, 64),
        ] {
            let stored = digest(&values, algorithm).unwrap();
            let (name, hex) = stored.split_once(':').unwrap();
            assert_eq!(
                (Algorithm::parse(name), hex.len()),
                (Some(algorithm), digits)
            );
            assert!(verify(&stored, &values));
            assert!(!verify(&stored.to_uppercase(), &values));
            assert!(!verify(hex, &values));
        }
    }

    #[test]
    fn a_character_that_yaml_refuses_leaves_no_values() {
        assert_eq!(read_spec(&json!({"a": "\u{7f}"})), json!({}));
        assert_eq!(read_spec(&json!({"a": "x \u{85} y"})), json!({"a": "x y"}));
        assert_eq!(
            read_spec(&json!({"a": [1, "yes"]})),
            json!({"a": [1, "yes"]})
        );
    }
}
