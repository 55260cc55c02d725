//! All layers of variables, merged.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::failure::Error;
use super::layer::{Layer, LayerOrigin, Redactable};

/// Variables by name; of several layers the last one wins, and what it hides is still known.
///
/// ```
/// use fluxcd_core::substitute::{Layer, Variables};
///
/// let variables: Variables = [
///     Layer::config_map("defaults", [("region", "eu-1"), ("zone", "a")]),
///     Layer::inline([("region", "us-1")]),
/// ]
/// .into_iter()
/// .collect();
/// let region = variables.iter().next().unwrap();
/// assert_eq!((region.name(), region.value()), ("region", &b"us-1"[..]));
/// let hidden: Vec<_> = region.shadowed().map(|(origin, value)| (origin.to_string(), value)).collect();
/// assert_eq!(hidden, [("ConfigMap/defaults".to_owned(), &b"eu-1"[..])]);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables {
    values: BTreeMap<String, Vec<Entry>>,
}

/// What one layer says.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    origin: Arc<LayerOrigin>,
    value: Vec<u8>,
}

/// One variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable<'a> {
    name: &'a str,
    winner: &'a Entry,
    shadowed: &'a [Entry],
}

impl Variables {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These and those of one more layer, which wins.
    #[must_use]
    pub fn with(mut self, layer: Layer) -> Self {
        let origin = Arc::new(layer.origin);
        for (name, value) in layer.values {
            let origin = Arc::clone(&origin);
            let entries = self.values.entry(name).or_default();
            entries.push(Entry { origin, value });
        }
        self
    }

    /// The value of a variable; nothing if it does not exist.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        let entry = self.values.get(name)?.last()?;
        Some(&entry.value)
    }

    /// The layer that the value of a variable is from.
    #[must_use]
    pub fn layer_of(&self, name: &str) -> Option<&LayerOrigin> {
        let entry = self.values.get(name)?.last()?;
        Some(&entry.origin)
    }

    /// All variables, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = Variable<'_>> {
        self.values.iter().filter_map(|(name, entries)| {
            let (winner, shadowed) = entries.split_last()?;
            Some(Variable {
                name,
                winner,
                shadowed,
            })
        })
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether every name is one that substitution takes: letters and digits of ASCII and `_`, no digit first. A key
    /// like `ca.crt` in a ConfigMap breaks every object, used or not.
    ///
    /// Of several wrong names the first one is reported; upstream reports any of them.
    ///
    /// Source: `fluxcd/pkg: kustomize/kustomize_varsub.go (varSubstitution)`.
    ///
    /// # Errors
    ///
    /// [`Error::VariableName`].
    pub fn check_names(&self) -> Result<(), Error> {
        let wrong = self.iter().find(|variable| !is_name(variable.name));
        match wrong {
            None => Ok(()),
            Some(variable) => Err(Error::VariableName {
                name: variable.name.to_owned(),
                origin: variable.origin().clone(),
            }),
        }
    }
}

impl<'a> Variable<'a> {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.winner.value.as_slice()
    }

    /// The layer that the value is from.
    #[must_use]
    pub fn origin(&self) -> &'a LayerOrigin {
        &self.winner.origin
    }

    /// What earlier layers say, the latest of them first.
    pub fn shadowed(&self) -> impl Iterator<Item = (&'a LayerOrigin, &'a [u8])> {
        let entries = self.shadowed.iter().rev();
        entries.map(|entry| (&*entry.origin, entry.value.as_slice()))
    }
}

impl FromIterator<Layer> for Variables {
    fn from_iter<I: IntoIterator<Item = Layer>>(layers: I) -> Self {
        layers.into_iter().fold(Self::new(), Self::with)
    }
}

/// Values of Secrets are not shown.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Variables ")?;
        f.debug_map().entries(&self.values).finish()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.origin)?;
        fmt::Debug::fmt(&Redactable(self.origin.visibility(), &self.value), f)
    }
}

/// Upstream's `^[_[:alpha:]][_[:alpha:][:digit:]]*$`.
fn is_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{Variables, is_name};
    use crate::substitute::{Error, Layer, LayerOrigin};

    #[test]
    fn names_are_words_of_ascii() {
        for name in ["a", "_", "A1_b", "_9"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "a-b", "a.b", "a b", "é", "a\n", "aé"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn later_layers_win_and_names_keep_their_order() {
        let variables = Variables::new()
            .with(Layer::secret("s", [("b", "1"), ("a", "1")]))
            .with(Layer::config_map("c", [("b", "2")]))
            .with(Layer::inline([("b", "3")]));
        let names: Vec<_> = variables.iter().map(|variable| variable.name()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(variables.value("b"), Some(&b"3"[..]));
        assert_eq!(variables.layer_of("b"), Some(&LayerOrigin::Inline));
        assert_eq!(variables.layer_of("c"), None);
        let b = variables.iter().nth(1).unwrap();
        let hidden: Vec<_> = b.shadowed().map(|(_, value)| value).collect();
        assert_eq!(hidden, [b"2", b"1"]);
    }

    #[test]
    fn the_first_wrong_name_is_told_with_its_layer() {
        let variables = Variables::new()
            .with(Layer::config_map("c", [("ca.crt", ""), ("z-z", "")]))
            .with(Layer::inline([("a", "")]));
        let error = variables.check_names().unwrap_err();
        let origin = LayerOrigin::ConfigMap("c".to_owned());
        let name = "ca.crt".to_owned();
        assert_eq!(error, Error::VariableName { name, origin });
        assert_eq!(Variables::new().check_names(), Ok(()));
    }

    #[test]
    fn values_of_secrets_are_not_shown() {
        let variables = Variables::new()
            .with(Layer::secret("s", [("a", "hunter2")]))
            .with(Layer::inline([("a", "shown")]));
        assert_eq!(
            format!("{variables:?}"),
            r#"Variables {"a": [Secret/s redacted, spec.postBuild.substitute "shown"]}"#
        );
    }
}
