//! Labels and annotations by which an object tells Flux to treat it differently.

use std::fmt;

use serde_json::{Map, Value};

/// A label or annotation that was found to say what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch<'o> {
    /// Where it stands.
    pub place: Place,
    /// Its key.
    pub key: &'static str,
    /// Its value as it is written, in whatever case.
    pub value: &'o str,
}

/// A map of the metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// `metadata.labels`.
    Label,
    /// `metadata.annotations`.
    Annotation,
}

impl<'o> Switch<'o> {
    /// Whether the object, in its wire form, has that value under that key as label or, failing that, as annotation.
    ///
    /// Case plays no part, and an empty value says nothing. A map with a value that is neither text nor null counts as
    /// empty.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `utils/meta.go (AnyInMetadata)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::meta::key;
    /// use fluxcd_core::inventory::{Place, Switch};
    /// use serde_json::json;
    ///
    /// let object = json!({"metadata": {"annotations": {key::KUSTOMIZE_PRUNE: "disabled"}}});
    /// let switch = Switch::find(&object, key::KUSTOMIZE_PRUNE, key::DISABLED).unwrap();
    /// assert_eq!((switch.place, switch.value), (Place::Annotation, "disabled"));
    /// assert_eq!(Switch::find(&object, key::KUSTOMIZE_RECONCILE, key::DISABLED), None);
    /// ```
    #[must_use]
    pub fn find(object: &'o Value, key: &'static str, wanted: &str) -> Option<Self> {
        let found = |place| {
            let value = texts(object, place)?.get(key)?.as_str()?;
            let says_so = !value.is_empty() && equal_fold(value, wanted);
            says_so.then_some(Self { place, key, value })
        };
        found(Place::Label).or_else(|| found(Place::Annotation))
    }
}

/// `annotation kustomize.toolkit.fluxcd.io/prune is "disabled"`.
impl fmt::Display for Switch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.place {
            Place::Label => "label",
            Place::Annotation => "annotation",
        };
        write!(f, "{place} {} is {:?}", self.key, self.value)
    }
}

/// The labels or annotations of an object, all of which are text or null; otherwise there are none.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/apis/meta/v1/unstructured/helpers.go (NestedNullCoercingStringMap)`.
pub(crate) fn texts(object: &Value, place: Place) -> Option<&Map<String, Value>> {
    let map = object.get("metadata")?.get(match place {
        Place::Label => "labels",
        Place::Annotation => "annotations",
    })?;
    let texts = map.as_object()?;
    let fit = |value: &Value| value.is_string() || value.is_null();
    texts.values().all(fit).then_some(texts)
}

/// Whether a text is that ASCII word but for the case, as Go's `strings.EqualFold` has it: simple folding knows a long s
/// and the Kelvin sign as well.
fn equal_fold(text: &str, word: &str) -> bool {
    let fold = |character| match character {
        'ſ' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    text.chars().map(fold).eq(word.chars().map(fold))
}
