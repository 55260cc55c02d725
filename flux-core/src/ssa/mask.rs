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

fn data(secret: &mut Value) -> Result<Option<&mut Map<String, Value>>, Error> {
    match secret.get_mut("data") {
        None => Ok(None),
        Some(data) => data.as_object_mut().map(Some).ok_or(Error::Data),
    }
}

const DEFAULT: &str = "***";
const BEFORE: &str = "*** (before)";
const AFTER: &str = "*** (after)";
