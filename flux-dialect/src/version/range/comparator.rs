use std::cmp::Ordering;
use std::fmt;
use std::ops::Range as Span;
use std::sync::Arc;

use crate::version::value::Precedence;

/// An operator with its operand: `>=1.2`.
///
/// `Display` writes it without the white space that may stand between the two; the two comparators of `1 - 2` are `>=1` and
/// `<=2`. Comparators are equal if their operators mean the same and their operands are written alike.
#[derive(Clone)]
pub struct Comparator {
    pub(super) operator: Operator,
    pub(super) wildcard: Wildcard,
    pub(super) numbers: [u64; 3],
    /// All comparators of a range share its text, in which hyphen ranges are rewritten, and hold places in it.
    pub(super) source: Arc<str>,
    pub(super) spelling: Place,
    pub(super) operand: Place,
    pub(super) prerelease: Place,
    /// This one is a place in the text as it was given.
    pub(super) origin: Place,
}

/// Where something stands in the text of a range. Rewriting makes it less than three times as long as it may be, so 16 bits are
/// plenty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    start: u16,
    end: u16,
}

/// What a comparator asks of a version. Masterminds' spellings with `=` in front are the same operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// None, or `=`: the operand; with a wildcard what [`Tilde`](Self::Tilde) means.
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`, `=>`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`, `=<`
    LessOrEqual,
    /// `~`, `~>`: at least the operand, within the last number that is given before the patch.
    Tilde,
    /// `^`: at least the operand, within its first number that is not zero.
    Caret,
}

/// Why a comparator refuses a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Why {
    /// The version is below what the comparator admits.
    TooLow,
    /// The version is above what the comparator admits.
    TooHigh,
    /// The version is what `!=` names.
    Excluded,
    /// The version is a prerelease, and no comparator of the group names one.
    Prerelease,
}

/// The first number of an operand that is absent or an `x`. What stands behind it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wildcard {
    None,
    Major,
    Minor,
    Patch,
}

impl Operator {
    /// Reads an operator; the empty text is one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "" | "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" | "=>" => Self::GreaterOrEqual,
            "<" => Self::Less,
            "<=" | "=<" => Self::LessOrEqual,
            "~" | "~>" => Self::Tilde,
            "^" => Self::Caret,
            _ => return None,
        })
    }
}

impl Comparator {
    /// The operand as it was written: `1.2` of `>= 1.2`.
    #[must_use]
    pub fn operand(&self) -> &str {
        self.piece(self.operand)
    }

    /// Which operator it is.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Where it stands in the text of the range, in bytes. In a range with a hyphen this is the operand.
    #[must_use]
    pub fn span(&self) -> Span<usize> {
        self.origin.into()
    }

    pub(super) fn precedence(&self) -> Precedence<'_> {
        Precedence {
            numbers: self.numbers,
            prerelease: self.prerelease(),
        }
    }

    pub(super) fn prerelease(&self) -> &str {
        self.piece(self.prerelease)
    }

    fn piece(&self, place: Place) -> &str {
        self.source.get(Span::from(place)).unwrap_or_default()
    }

    /// Why a version does not pass; prereleases are a matter of the group, not of the comparator.
    ///
    /// Masterminds/semver: `constraints.go (constraintTildeOrEqual, constraintNotEqual, constraintGreaterThan,
    /// constraintGreaterThanEqual, constraintLessThan, constraintLessThanEqual, constraintTilde, constraintCaret)`.
    pub(super) fn refuses(&self, version: &Precedence<'_>) -> Option<Why> {
        let order = version.cmp(&self.precedence());
        let [major, minor, _] = version.numbers;
        let [own_major, own_minor, _] = self.numbers;
        let prefix = (major, minor).cmp(&(own_major, own_minor));
        let (is_too_low, is_too_high) = match (self.operator, self.wildcard) {
            (Operator::Equal, Wildcard::None) => (order.is_lt(), order.is_gt()),
            (Operator::Equal | Operator::Tilde, _) => {
                (order.is_lt(), self.is_past_tilde(prefix, major))
            }
            (Operator::Caret, _) => (order.is_lt(), self.is_past_caret(version.numbers)),
            (Operator::NotEqual, _) => {
                let named = self.names(version, order);
                return named.then_some(Why::Excluded);
            }
            // A wildcard stands for every number, so that only what is beyond all of them is greater.
            (Operator::Greater, Wildcard::Minor) => (major <= own_major, false),
            (Operator::Greater, Wildcard::Patch) => (prefix.is_le(), false),
            (Operator::Greater, _) => (order.is_le(), false),
            (Operator::GreaterOrEqual, _) => (order.is_lt(), false),
            (Operator::Less, _) => (false, order.is_ge()),
            (Operator::LessOrEqual, Wildcard::None) => (false, order.is_gt()),
            (Operator::LessOrEqual, Wildcard::Minor) => (false, major > own_major),
            (Operator::LessOrEqual, _) => (false, prefix.is_gt()),
        };
        match (is_too_low, is_too_high) {
            (true, _) => Some(Why::TooLow),
            (_, true) => Some(Why::TooHigh),
            _ => None,
        }
    }

    /// For a version that is not below the operand.
    fn is_past_tilde(&self, prefix: Ordering, major: u64) -> bool {
        match self.wildcard {
            // `~0.0.0` is everything, as `~*` is.
            Wildcard::None | Wildcard::Major if self.numbers == [0; 3] => false,
            Wildcard::Minor => major > self.numbers[0],
            _ => prefix.is_gt(),
        }
    }

    /// For a version that is not below the operand. `^*` has no branch of its own and is therefore `^0.0.0`.
    fn is_past_caret(&self, [major, minor, patch]: [u64; 3]) -> bool {
        let [own_major, own_minor, own_patch] = self.numbers;
        if own_major > 0 || self.wildcard == Wildcard::Minor {
            major > own_major
        } else if own_minor > 0 || self.wildcard == Wildcard::Patch {
            major > 0 || minor > own_minor
        } else {
            major > 0 || minor > 0 || patch > own_patch
        }
    }

    /// Whether a version is what `!=` leaves out.
    fn names(&self, version: &Precedence<'_>, order: Ordering) -> bool {
        let [major, minor, _] = version.numbers;
        let [own_major, own_minor, _] = self.numbers;
        match self.wildcard {
            Wildcard::None | Wildcard::Major => order.is_eq(),
            Wildcard::Minor => major == own_major,
            Wildcard::Patch => {
                (major, minor) == (own_major, own_minor) && version.prerelease == self.prerelease()
            }
        }
    }
}

impl PartialEq for Comparator {
    fn eq(&self, other: &Self) -> bool {
        self.operator == other.operator && self.operand() == other.operand()
    }
}

impl Eq for Comparator {}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.piece(self.spelling))?;
        f.write_str(self.operand())
    }
}

impl fmt::Debug for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Comparator({self})")
    }
}

impl Place {
    pub(super) const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Span<usize>> for Place {
    fn from(span: Span<usize>) -> Self {
        let end = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
        Self {
            start: end(span.start),
            end: end(span.end),
        }
    }
}

impl From<Place> for Span<usize> {
    fn from(place: Place) -> Self {
        usize::from(place.start)..usize::from(place.end)
    }
}
