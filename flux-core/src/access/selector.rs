//! Selectors of `accessFrom`, and what the API machinery says about labels that are none.

use std::collections::BTreeMap;
use std::fmt;

use fluxcd_api::meta::AccessFrom;
use fluxcd_dialect::quote::Quoted;

/// A selector with a label that cannot be one. `Display` is the text of the API machinery.
///
/// Where several labels of a selector are wrong, upstream names any one of them; here it is the first by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSelector {
    /// Key of the label.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// The first selector that fits, counted from 0; an error if one before it is invalid.
///
/// Source: fluxcd/pkg runtime v0.110.3: `acl/acl.go (HasAccessToRef)`.
pub(super) fn admitted(
    access_from: &AccessFrom,
    labels: &BTreeMap<String, String>,
) -> Result<Option<usize>, InvalidSelector> {
    for (index, selector) in access_from.namespace_selectors.iter().enumerate() {
        let wanted = || selector.match_labels.iter().flatten();
        let is_wrong = |(key, value): &(&String, &String)| {
            !key_faults(key).is_empty() || !value_faults(value).is_empty()
        };
        if let Some((key, value)) = wanted().find(is_wrong) {
            let (key, value) = (key.clone(), value.clone());
            return Err(InvalidSelector { key, value });
        }
        if wanted().all(|(key, value)| labels.get(key) == Some(value)) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Source: k8s.io/apimachinery v0.36.2: `pkg/labels/selector.go (NewRequirement)`.
impl fmt::Display for InvalidSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value } = self;
        let part = |path: String, text: &str, faults: Vec<String>| {
            let invalid = !faults.is_empty();
            invalid.then(|| {
                let faults = faults.join("; ");
                format!("{path}: Invalid value: {}: {faults}", Quoted(text))
            })
        };
        let key_part = part("key".to_owned(), key, key_faults(key));
        let value_part = part(format!("values[0][{key}]"), value, value_faults(value));
        match (key_part, value_part) {
            (Some(key), Some(value)) => write!(f, "[{key}, {value}]"),
            (key, value) => f.write_str(&key.or(value).unwrap_or_default()),
        }
    }
}

impl std::error::Error for InvalidSelector {}

/// Source: k8s.io/apimachinery v0.36.2: `pkg/api/validate/content/kube.go (IsLabelKey)`.
fn key_faults(key: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let name = match key.split_once('/') {
        None => key,
        Some((_, name)) if name.contains('/') => {
            return vec![format!(
                "a valid label key {NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
        Some(("", name)) => {
            faults.push("prefix part must be non-empty".to_owned());
            name
        }
        Some((prefix, name)) => {
            if prefix.len() > 253 {
                faults.push("prefix part must be no more than 253 bytes".to_owned());
            }
            if !is_subdomain(prefix) {
                faults.push(format!("prefix part {SUBDOMAIN}"));
            }
            name
        }
    };
    if name.is_empty() {
        faults.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        faults.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_name(name) {
        faults.push(format!("name part {NAME}"));
    }
    faults
}

/// Source: k8s.io/apimachinery v0.36.2: `pkg/api/validate/content/kube.go (IsLabelValue)`.
fn value_faults(value: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if value.len() > 63 {
        faults.push("must be no more than 63 bytes".to_owned());
    }
    if !value.is_empty() && !is_name(value) {
        faults.push(VALUE.to_owned());
    }
    faults
}

/// Letters and digits at both ends, `-`, `_` and `.` between them.
fn is_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let ends = [text.bytes().next(), text.bytes().next_back()];
    text.bytes().all(inner)
        && ends
            .iter()
            .all(|end| end.is_some_and(|byte| byte.is_ascii_alphanumeric()))
}

fn is_subdomain(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty()
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.split('.').all(is_label)
}

const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric \
    character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and \
    must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
    validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
    must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
