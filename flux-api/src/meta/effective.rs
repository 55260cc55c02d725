//! A value together with where it came from.

/// What a field amounts to, and why.
///
/// Accessors such as `KustomizationSpec::effective_timeout` return it, so that a report can say "5m, because the
/// interval is 5m30s" and not only "5m".
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::{Effective, Origin};
///
/// let kept = Effective::spec_or(Some(3), 5);
/// assert_eq!((kept.value, kept.origin), (3, Origin::Spec));
/// let assumed = Effective::spec_or(None, 5);
/// assert_eq!((assumed.value, assumed.origin), (5, Origin::Default));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Effective<T> {
    /// The value that counts.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// The user wrote it in the spec.
    Spec,
    /// Nobody wrote it: the API server or the controller assumes it.
    Default,
    /// A flag of the controller.
    Flag,
    /// An annotation of the object.
    Annotation,
}

impl<T> Effective<T> {
    /// The written value, else the default.
    #[must_use]
    pub fn spec_or(written: Option<T>, default: T) -> Self {
        match written {
            Some(value) => Self {
                value,
                origin: Origin::Spec,
            },
            None => Self::default_value(default),
        }
    }

    /// A value that nobody wrote.
    #[must_use]
    pub const fn default_value(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }

    /// The same origin with another value.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Effective<U> {
        Effective {
            value: f(self.value),
            origin: self.origin,
        }
    }
}
