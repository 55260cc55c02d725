//! `spec.filterTags`: which tags take part, and with which value.

use std::borrow::Cow;

use fluxcd_api::image::v1;
use fluxcd_dialect::regexp::{Regexp, Template};

use super::error::PolicyError;

/// A pattern that tags must match, and what of them is compared.
///
/// Source: `image-reflector-controller: internal/policy/filter.go`.
///
/// ```
/// use fluxcd_api::image::v1;
/// use fluxcd_policy::image::TagFilter;
///
/// let filter = TagFilter::compile(&v1::TagFilter {
///     pattern: Some("^main-[a-f0-9]+-(?P<time>[0-9]+)$".to_owned()),
///     extract: Some("$time".to_owned()),
/// })?;
/// assert_eq!(filter.value("main-4f2a-1700000000").as_deref(), Some("1700000000"));
/// assert_eq!(filter.value("main-4f2a"), None);
/// # Ok::<(), fluxcd_policy::image::PolicyError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TagFilter {
    pattern: Regexp,
    /// Nothing where the tag itself is compared.
    extract: Option<Template>,
}

impl TagFilter {
    /// Compiles the filter. An absent pattern matches every tag.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Pattern`].
    pub fn compile(filter: &v1::TagFilter) -> Result<Self, PolicyError> {
        let text = filter.pattern.as_deref().unwrap_or_default();
        let pattern = Regexp::parse(text).map_err(|error| PolicyError::Pattern {
            pattern: text.to_owned(),
            error,
        })?;
        let extract = filter.extract.as_deref().filter(|text| !text.is_empty());
        Ok(Self {
            pattern,
            extract: extract.map(Template::parse),
        })
    }

    /// What is compared of a tag: the extract, or the tag. Nothing where the pattern does not match anywhere in it.
    ///
    /// A name in `extract` that the pattern does not have stands for the empty text.
    #[must_use]
    pub fn value<'t>(&self, tag: &'t str) -> Option<Cow<'t, str>> {
        match &self.extract {
            None => self.pattern.is_match(tag).then_some(Cow::Borrowed(tag)),
            Some(extract) => Some(extract.expand_text(&self.pattern.captures(tag)?)),
        }
    }
}
