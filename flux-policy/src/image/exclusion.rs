//! `spec.exclusionList` of an ImageRepository.

use fluxcd_dialect::regexp::{self, Regexp};

/// Patterns of tags that a scan leaves out, compiled once.
///
/// A tag is left out when any pattern matches anywhere in it: `1.0.2` also leaves out `11032`.
///
/// Source: `image-reflector-controller: internal/controller/imagerepository_controller.go (filterOutTags)` v1.2.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusions(Vec<(String, Matcher)>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Matcher {
    /// [`DEFAULT`]: nearly every repository has it and no other, and every tag is asked.
    Signature,
    Pattern(Regexp),
}

/// A pattern that Go cannot read. The scan fails with this text, and stores nothing; whoever wrote the list can repair it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to compile regex {pattern}: {source}")]
pub struct ExclusionError {
    /// The pattern; the first of the list that is at fault.
    pub pattern: String,
    /// What is wrong with it, and where.
    pub source: regexp::Error,
}

/// What is left out where no pattern is written: signatures of cosign.
const DEFAULT: &str = r"^.*\.sig$";

impl Exclusions {
    /// Reads the patterns of a list. One without items is the default, `^.*\.sig$`: to leave nothing out, write a pattern
    /// that matches no tag, such as `^$`.
    ///
    /// # Errors
    ///
    /// The first pattern that Go's `regexp` refuses.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_policy::image::Exclusions;
    ///
    /// let default = Exclusions::compile(&[])?;
    /// assert_eq!(default.matched_by("sha256-4f2a.sig"), Some(r"^.*\.sig$"));
    /// assert_eq!(default.matched_by("1.0.0"), None);
    ///
    /// let error = Exclusions::compile(&["rc".into(), "(".into()]).unwrap_err();
    /// assert_eq!(error.to_string(), "failed to compile regex (: error parsing regexp: missing closing ): `(`");
    /// # Ok::<(), fluxcd_policy::image::ExclusionError>(())
    /// ```
    pub fn compile(list: &[String]) -> Result<Self, ExclusionError> {
        if list.is_empty() {
            return Ok(Self::default());
        }
        let compile = |pattern: &String| {
            let matcher = Matcher::compile(pattern).map_err(|source| ExclusionError {
                pattern: pattern.clone(),
                source,
            });
            Ok((pattern.clone(), matcher?))
        };
        list.iter().map(compile).collect::<Result<_, _>>().map(Self)
    }

    /// No pattern: nothing is left out. For tags that went through a scan already.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The first pattern of the list that matches the tag; `None` keeps it.
    #[must_use]
    pub fn matched_by(&self, tag: &str) -> Option<&str> {
        let matches = |(_, matcher): &&(String, Matcher)| matcher.matches(tag);
        self.0.iter().find(matches).map(|(text, _)| text.as_str())
    }

    /// The patterns, in their order.
    pub fn patterns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(text, _)| text.as_str())
    }
}

/// What is left out where no list is written: signatures.
impl Default for Exclusions {
    fn default() -> Self {
        Self(vec![(DEFAULT.to_owned(), Matcher::Signature)])
    }
}

impl Matcher {
    fn compile(pattern: &str) -> Result<Self, regexp::Error> {
        if pattern == DEFAULT {
            return Ok(Self::Signature);
        }
        Regexp::parse(pattern).map(Self::Pattern)
    }

    fn matches(&self, tag: &str) -> bool {
        match self {
            // `.` is no line break.
            Self::Signature => tag.ends_with(".sig") && !tag.contains('\n'),
            Self::Pattern(pattern) => pattern.is_match(tag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(|&pattern| pattern.to_owned()).collect()
    }

    #[test]
    fn the_shortcut_for_signatures_is_the_pattern() {
        let pattern = Regexp::parse(DEFAULT).unwrap();
        for tag in [
            ".sig", "a.sig", "a.sig\n", "\n.sig", "a\nb.sig", "asig", "sig", "", "a.sig.b",
            "é.sig", "\r.sig",
        ] {
            assert_eq!(
                Matcher::Signature.matches(tag),
                pattern.is_match(tag),
                "{tag:?}"
            );
        }
    }

    #[test]
    fn a_pattern_matches_anywhere_and_the_first_that_does_is_told() {
        let exclusions = Exclusions::compile(&list(&["^v", "1.0.2", "2$"])).unwrap();
        for (tag, pattern) in [
            ("v1.0.2", Some("^v")),
            ("11032", Some("1.0.2")),
            ("2", Some("2$")),
            ("1.0.3-v", None),
        ] {
            assert_eq!(exclusions.matched_by(tag), pattern, "{tag}");
        }
        assert_eq!(
            exclusions.patterns().collect::<Vec<_>>(),
            ["^v", "1.0.2", "2$"]
        );
    }

    #[test]
    fn an_empty_list_is_the_default_and_an_empty_pattern_is_not() {
        let default = Exclusions::compile(&[]).unwrap();
        assert_eq!(default, Exclusions::compile(&list(&[DEFAULT])).unwrap());
        assert_eq!(default.matched_by("x.sig.y"), None);
        assert_eq!(Exclusions::default(), default);
        let all = Exclusions::compile(&list(&[""])).unwrap();
        assert_eq!(all.matched_by("1.0.0"), Some(""));
        let none = Exclusions::compile(&list(&["^$"])).unwrap();
        assert_eq!(none.matched_by("x.sig"), None);
    }
}
