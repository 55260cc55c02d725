//! ConfigMaps and Secrets in their wire form.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::Layer;

/// Why an object is no source of variables. Whoever wrote the object repairs it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Neither a ConfigMap nor a Secret of `v1`.
    #[error("only a v1 ConfigMap or Secret holds variables")]
    Kind,
    /// `metadata.name` is missing or no text.
    #[error("the object has no name")]
    Name,
    /// `data` or `stringData` is no map.
    #[error("{field} is no map")]
    NotAMap {
        /// Which of the two.
        field: &'static str,
    },
    /// A value is no text.
    #[error("{key:?} in {field} is no text")]
    NotText {
        /// `data` or `stringData`.
        field: &'static str,
        /// The key of the value.
        key: String,
    },
    /// A value of the `data` of a Secret is no base64.
    #[error("{key:?} in data is no base64")]
    NotBase64 {
        /// The key of the value.
        key: String,
    },
}

/// As Go decodes bytes in JSON: padding is required, bits left over in the last character are not looked at.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

pub(super) fn layer(object: &Value) -> Result<Layer, SourceError> {
    let text = |field: &str| object.get(field).and_then(Value::as_str);
    let name = || {
        let name = object.pointer("/metadata/name").and_then(Value::as_str);
        name.map(str::to_owned).ok_or(SourceError::Name)
    };
    match (text("apiVersion"), text("kind")) {
        (Some("v1"), Some("ConfigMap")) => {
            let data = texts(object, "data")?;
            Ok(Layer::config_map(name()?, data))
        }
        (Some("v1"), Some("Secret")) => {
            let mut data = Vec::new();
            for (key, encoded) in texts(object, "data")? {
                let decoded = decode(encoded).ok_or_else(|| SourceError::NotBase64 {
                    key: key.to_owned(),
                })?;
                data.push((key, decoded));
            }
            for (key, text) in texts(object, "stringData")? {
                data.push((key, text.into()));
            }
            Ok(Layer::secret(name()?, data))
        }
        _ => Err(SourceError::Kind),
    }
}

fn texts<'a>(
    object: &'a Value,
    field: &'static str,
) -> Result<Vec<(&'a str, &'a str)>, SourceError> {
    let entries = match object.get(field) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(entries)) => entries,
        Some(_) => return Err(SourceError::NotAMap { field }),
    };
    let text = |(key, value): (&'a String, &'a Value)| match value {
        Value::String(text) => Ok((key.as_str(), text.as_str())),
        Value::Null => Ok((key.as_str(), "")),
        _ => Err(SourceError::NotText {
            field,
            key: key.clone(),
        }),
    };
    entries.iter().map(text).collect()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    BASE64.decode(bytes.collect::<Vec<_>>()).ok()
}
