//! The texts that a duration field lets through.

use std::fmt;

/// The texts that a duration field of a Flux CRD lets through, before any controller reads them.
///
/// The two patterns are narrower than Go's grammar: no sign, no lone `0`, no `us` or `ns`, a digit on either side of a
/// point. They are wider in one way: they know no range, so the API server stores `99999999999h`, and the controllers
/// then fail to decode the object. And they know no canonical form: `0.001ms` matches, is written back as `1µs`, and that
/// does not match.
///
/// Source: the CRDs of Flux 2.9 and 2.10. Vectors: `conformance/duration/duration.jsonl`, operation `duration.pattern`.
///
/// # Examples
///
/// ```
/// use fluxcd_api::meta::DurationPattern;
///
/// assert!(DurationPattern::Interval.matches("1h30m"));
/// assert!(!DurationPattern::TimeoutNoHours.matches("1h30m"));
/// assert!(DurationPattern::TimeoutNoHours.matches("90m"));
/// assert!(!DurationPattern::Interval.matches("-1m"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DurationPattern {
    /// `ms`, `s`, `m` and `h`: every interval and retry interval, and the timeouts of Kustomization and HelmRelease.
    Interval,
    /// `ms`, `s` and `m`, no hours: the timeouts of sources, ImageRepository and Provider.
    TimeoutNoHours,
}

impl DurationPattern {
    /// The regular expression, as it stands in the CRDs.
    #[must_use]
    pub const fn regex(self) -> &'static str {
        match self {
            Self::Interval => r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
            Self::TimeoutNoHours => r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$",
        }
    }

    /// Whether the API server accepts the text in such a field.
    #[must_use]
    pub fn matches(self, text: &str) -> bool {
        let mut rest = text;
        while let Some(after) = self.term(rest) {
            if after.is_empty() {
                return true;
            }
            rest = after;
        }
        false
    }

    /// What follows one term, a number and its unit.
    fn term(self, text: &str) -> Option<&str> {
        let whole = digits(text)?;
        let number = match whole.strip_prefix('.') {
            Some(fraction) => digits(fraction)?,
            None => whole,
        };
        let after = number
            .strip_prefix("ms")
            .or_else(|| number.strip_prefix(['s', 'm']));
        match self {
            Self::Interval => after.or_else(|| number.strip_prefix('h')),
            Self::TimeoutNoHours => after,
        }
    }
}

/// What follows the digits, of which there must be one at least.
fn digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

/// The regular expression.
impl fmt::Display for DurationPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.regex())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DurationPattern::{Interval, TimeoutNoHours};
    use crate::meta::Duration;

    #[test]
    fn terms_repeat_in_any_order() {
        for text in [
            "1s",
            "0s",
            "01m",
            "1.5m",
            "1m1m",
            "1s1ms",
            "1ms1s",
            "1m2s3ms",
            "99999999999m",
        ] {
            assert!(Interval.matches(text), "{text}");
            assert!(TimeoutNoHours.matches(text), "{text}");
        }
        for text in ["1h", "30m1h", "1h1h", "99999999999h"] {
            assert!(Interval.matches(text), "{text}");
            assert!(!TimeoutNoHours.matches(text), "{text}");
        }
    }

    #[test]
    fn what_only_go_reads_is_refused() {
        let texts = ["0", "-1m", "+1m", ".5s", "5.s", "1us", "1µs", "1ns", "-0s"];
        for text in texts {
            assert!(Duration::parse(text).is_ok(), "{text}");
            assert!(!Interval.matches(text), "{text}");
        }
    }

    #[test]
    fn what_nobody_reads_is_refused() {
        for text in [
            "", " ", "1", "m", "1d", "1 m", "1m ", "1m\n", "1mm", "1M", "1.m", "1..5m", "1m5",
            "１m",
        ] {
            assert!(!Interval.matches(text), "{text}");
            assert!(!TimeoutNoHours.matches(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn texts_built_from_the_pattern_match(text in "([0-9]+(\\.[0-9]+)?(ms|s|m|h)){1,4}") {
            prop_assert!(Interval.matches(&text));
            prop_assert_eq!(TimeoutNoHours.matches(&text), !text.contains('h'));
        }

        #[test]
        fn the_parser_refuses_a_matching_text_only_for_its_range(text in "[0-9.ms]{0,9}") {
            if Interval.matches(&text) {
                prop_assert!(Duration::parse(&text).is_ok());
            }
        }

        #[test]
        fn a_timeout_is_an_interval(text in any::<String>()) {
            prop_assert!(!TimeoutNoHours.matches(&text) || Interval.matches(&text));
        }
    }
}
