use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::stages::is_secret;
use super::{Error, object};

/// Hides the values of `data` in the two forms of a Secret that a diff shows: `***` for a value that both have or that
/// one of them lacks, `*** (before)` and `*** (after)` for one that differs. Other kinds are left as they are.
///
/// Source: fluxcd/pkg ssa v0.76.1: `sanitize.go (SanitizeUnstructuredData)`, called for Secrets by
/// `manager_diff.go (Diff)`.
///
/// # Errors
///
/// [`Error::Data`] if `data` is there and is no map; null is none. Then nothing is hidden, and nothing may be shown.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ssa::mask;
/// use serde_json::json;
///
/// let secret = |data| json!({"apiVersion": "v1", "kind": "Secret", "data": data});
/// let (mut before, mut after) = (secret(json!({"a": "MQ==", "b": "Mg=="})), secret(json!({"a": "MQ==", "b": "Mw=="})));
/// mask(&mut before, &mut after)?;
/// assert_eq!(before["data"], json!({"a": "***", "b": "*** (before)"}));
/// assert_eq!(after["data"], json!({"a": "***", "b": "*** (after)"}));
/// # Ok::<(), fluxcd_core::ssa::Error>(())
/// ```
pub fn mask(before: &mut Value, after: &mut Value) -> Result<(), Error> {
    if !is_secret(after) {
        return Ok(());
    }
    let (mut none, mut no_other) = (Map::new(), Map::new());
    let before = data(before)?.unwrap_or(&mut none);
    let after = data(after)?.unwrap_or(&mut no_other);
    for (key, old) in before.iter_mut() {
        let masks = match after.get(key) {
            Some(new) if !object::same(old, new) => (BEFORE, AFTER),
            _ => (DEFAULT, DEFAULT),
        };
        *old = masks.0.into();
        if let Some(new) = after.get_mut(key) {
            *new = masks.1.into();
        }
    }
    for (key, new) in after.iter_mut() {
        if !before.contains_key(key) {
            *new = DEFAULT.into();
        }
    }
    Ok(())
}

/// Hides the values of a Secret in a text that is about it, as an API server writes it when it refuses the Secret: those of
/// `data`, encoded and decoded, and of `stringData`. A value counts where no letter or digit stands before or behind it.
/// About other kinds the text stays as it is.
///
/// # Differences
///
/// The controllers show what the API server says.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ssa::mask_text;
/// use serde_json::json;
///
/// let secret = json!({"apiVersion": "v1", "kind": "Secret", "stringData": {"pin": 1234, "word": "s3same"}});
/// let text = ".stringData.pin: expected string, got &value.valueUnstructured{Value:1234}";
/// assert_eq!(mask_text(&secret, text), ".stringData.pin: expected string, got &value.valueUnstructured{Value:***}");
/// assert_eq!(mask_text(&secret, "\"s3same\" is refused, 12345 is not"), "\"***\" is refused, 12345 is not");
/// ```
#[must_use]
pub fn mask_text(object: &Value, text: &str) -> String {
    let mut masked = text.to_owned();
    if !is_secret(object) {
        return masked;
    }
    let mut values = Vec::new();
    for key in ["data", "stringData"] {
        let map = object.get(key).and_then(Value::as_object);
        for value in map.into_iter().flat_map(Map::values) {
            let text = match value {
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            let decoded = STANDARD.decode(&text).ok();
            values.extend(decoded.and_then(|decoded| String::from_utf8(decoded).ok()));
            values.push(text);
        }
    }
    // The longest first: one can be part of another.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    for value in values.iter().filter(|value| !value.is_empty()) {
        masked = replace_words(&masked, value);
    }
    masked
}

fn replace_words(text: &str, word: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        let inside = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
        masked.push_str(before);
        let is_part = inside(masked.chars().next_back()) || inside(after.chars().next());
        masked.push_str(if is_part { word } else { DEFAULT });
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn data(secret: &mut Value) -> Result<Option<&mut Map<String, Value>>, Error> {
    match secret.get_mut("data") {
        None => Ok(None),
        Some(data) => data.as_object_mut().map(Some).ok_or(Error::Data),
    }
}

const DEFAULT: &str = "***";
const BEFORE: &str = "*** (before)";
const AFTER: &str = "*** (after)";
