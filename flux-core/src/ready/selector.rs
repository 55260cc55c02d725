//! Label selectors of workloads.

use std::fmt;

use serde_json::{Map, Value};

use super::Error;
use super::object::find;

/// The Pods that a workload selects, as the query of a list takes it (`labelSelector`), in the order of the keys; empty for
/// all of them.
///
/// # Errors
///
/// [`Error::Selector`]
///
/// # Examples
///
/// ```
/// use fluxcd_core::ready::pod_selector;
/// use serde_json::json;
///
/// let set = json!({"spec": {"selector": {
///     "matchLabels": {"app": "db"},
///     "matchExpressions": [
///         {"key": "tier", "operator": "NotIn", "values": ["test", "dev"]},
///         {"key": "canary", "operator": "DoesNotExist"},
///     ],
/// }}});
/// assert_eq!(pod_selector(&set)?, "app=db,!canary,tier notin (dev,test)");
/// # Ok::<(), fluxcd_core::ready::Error>(())
/// ```
pub fn pod_selector(workload: &Value) -> Result<String, Error> {
    Selector::of(workload).map(|selector| selector.to_string())
}

/// What a workload selects its Pods by.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector)`,
/// `pkg/labels/selector.go (NewRequirement, Requirement.Matches)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selector<'o>(Vec<Requirement<'o>>);

#[derive(Debug, Clone, PartialEq)]
struct Requirement<'o> {
    key: &'o str,
    operator: Operator,
    values: Vec<&'o str>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl<'o> Selector<'o> {
    /// The `spec.selector` of a workload.
    ///
    /// # Errors
    ///
    /// [`Error::Selector`] where there is none, and where its shape, keys, operators or values are none that Kubernetes
    /// takes. The API server lets no such object in.
    pub(super) fn of(workload: &'o Value) -> Result<Self, Error> {
        match find(workload, &["spec", "selector"]) {
            Ok(None) => Err(Error::Selector("no selector found".to_owned())),
            Ok(Some(Value::Object(selector))) => Self::parse(selector).map_err(Error::Selector),
            _ => Err(Error::Selector("spec.selector is no map".to_owned())),
        }
    }

    fn parse(selector: &'o Map<String, Value>) -> Result<Self, String> {
        let mut requirements = Vec::new();
        // Go takes the names of these fields without regard to case.
        for (name, value) in selector {
            if name.eq_ignore_ascii_case("matchLabels") {
                for (key, value) in members(value).ok_or("matchLabels is no map")? {
                    let value = text(value).ok_or("a value of matchLabels is no text")?;
                    requirements.push(Requirement::new(key, Operator::In, vec![value])?);
                }
            } else if name.eq_ignore_ascii_case("matchExpressions") {
                for expression in items(value).ok_or("matchExpressions is no list")? {
                    requirements.push(Requirement::parse(expression)?);
                }
            }
        }
        Ok(Self(requirements))
    }

    /// Whether an object has the labels. Labels of another shape than a map of texts are none at all.
    pub(super) fn matches(&self, object: &Value) -> bool {
        let labels = object
            .get("metadata")
            .and_then(|metadata| metadata.get("labels"));
        let labels = labels.and_then(members).filter(|labels| {
            let mut values = labels.clone();
            values.all(|(_, value)| text(value).is_some())
        });
        let label = |key: &str| {
            let mut labels = labels.clone().into_iter().flatten();
            labels
                .find(|(name, _)| *name == key)
                .and_then(|(_, value)| text(value))
        };
        self.0
            .iter()
            .all(|one| match (one.operator, label(one.key)) {
                (Operator::In, Some(value)) => one.values.contains(&value),
                (Operator::NotIn, Some(value)) => !one.values.contains(&value),
                (Operator::Exists, value) => value.is_some(),
                (Operator::DoesNotExist, value) => value.is_none(),
                (Operator::In, None) => false,
                (Operator::NotIn, None) => true,
            })
    }
}

impl<'o> Requirement<'o> {
    fn parse(expression: &'o Value) -> Result<Self, String> {
        let (mut key, mut operator, mut values) = ("", "", Vec::new());
        for (name, value) in members(expression).ok_or("an expression is no map")? {
            if name.eq_ignore_ascii_case("key") {
                key = text(value).ok_or("a key is no text")?;
            } else if name.eq_ignore_ascii_case("operator") {
                operator = text(value).ok_or("an operator is no text")?;
            } else if name.eq_ignore_ascii_case("values") {
                let texts = items(value).ok_or("values are no list")?.map(text);
                values = texts.collect::<Option<_>>().ok_or("a value is no text")?;
            }
        }
        let operator = match operator {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            other => return Err(format!("{other:?} is not a valid label selector operator")),
        };
        Self::new(key, operator, values)
    }

    fn new(key: &'o str, operator: Operator, values: Vec<&'o str>) -> Result<Self, String> {
        if !is_label_key(key) {
            return Err(format!("{key:?} is not a valid label key"));
        }
        match (operator, values.is_empty()) {
            (Operator::In | Operator::NotIn, true) => {
                return Err("'in' and 'notin' need a value".to_owned());
            }
            (Operator::Exists | Operator::DoesNotExist, false) => {
                return Err("'exists' takes no value".to_owned());
            }
            _ => {}
        }
        match values.iter().find(|value| !is_label_value(value)) {
            Some(value) => Err(format!("{value:?} is not a valid label value")),
            None => Ok(Self {
                key,
                operator,
                values,
            }),
        }
    }
}

impl fmt::Display for Selector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut requirements: Vec<_> = self.0.iter().collect();
        requirements.sort_by_key(|requirement| requirement.key);
        for (index, requirement) in requirements.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{requirement}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values = self.values.clone();
        values.sort_unstable();
        let (key, values) = (self.key, values.join(","));
        match (self.operator, self.values.len()) {
            (Operator::In, 1) => write!(f, "{key}={values}"),
            (Operator::In, _) => write!(f, "{key} in ({values})"),
            (Operator::NotIn, _) => write!(f, "{key} notin ({values})"),
            (Operator::Exists, _) => f.write_str(key),
            (Operator::DoesNotExist, _) => write!(f, "!{key}"),
        }
    }
}

/// The members of a map. Null is an empty one, as it is for Go.
fn members(value: &Value) -> Option<impl Iterator<Item = (&str, &Value)> + Clone> {
    let map = match value {
        Value::Null => None,
        value => Some(value.as_object()?),
    };
    Some(
        map.into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value)),
    )
}

/// The items of a list. Null is an empty one.
fn items(value: &Value) -> Option<impl Iterator<Item = &Value>> {
    let list = match value {
        Value::Null => &[],
        value => value.as_array()?.as_slice(),
    };
    Some(list.iter())
}

/// A text. Null is an empty one.
fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Null => Some(""),
        value => value.as_str(),
    }
}

/// Source: k8s.io/apimachinery v0.36.2: `pkg/api/validate/content/kube.go (IsLabelKey)`.
fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        None => is_name(key),
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
    }
}

fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_name(value)
}

fn is_name(name: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    name.len() <= 63 && has_form(name, inner, |c| c.is_ascii_alphanumeric())
}

fn is_subdomain(name: &str) -> bool {
    let end = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 253
        && name
            .split('.')
            .all(|label| has_form(label, |c| end(c) || c == b'-', end))
}

fn has_form(text: &str, inner: impl Fn(u8) -> bool, end: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let ends = bytes.first().copied().zip(bytes.last().copied());
    ends.is_some_and(|(first, last)| end(first) && end(last)) && bytes.iter().all(|c| inner(*c))
}
