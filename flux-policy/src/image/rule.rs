//! The three ways to compare.

use std::cmp::Ordering;
use std::fmt;

use fluxcd_api::image::v1::{ImagePolicyChoice, SortOrder};
use fluxcd_dialect::version::{Range, select};
use fluxcd_dialect::{float, unicode};

use super::error::{NoWinner, PolicyError};

/// What a policy compares values by.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Versions in that range; the highest one is elected.
    SemVer(Range),
    /// Texts by their bytes.
    Alphabetical(Direction),
    /// Numbers, as 64-bit floats.
    Numerical(Direction),
}

/// Which end of the order is elected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `asc`, the default: the greatest value.
    Greatest,
    /// `desc`: the smallest value.
    Smallest,
}

impl Rule {
    /// The rule of a policy. Of several that are set, semver wins over alphabetical, and that over numerical.
    ///
    /// Source: `image-reflector-controller: internal/policy/factory.go (PolicerFromSpec)`.
    pub(super) fn compile(choice: &ImagePolicyChoice) -> Result<Self, PolicyError> {
        if let Some(policy) = &choice.semver {
            Range::parse(&policy.range)
                .map(Self::SemVer)
                .map_err(PolicyError::Range)
        } else if let Some(policy) = &choice.alphabetical {
            Direction::of(policy.order.as_ref()).map(Self::Alphabetical)
        } else if let Some(policy) = &choice.numerical {
            Direction::of(policy.order.as_ref()).map(Self::Numerical)
        } else {
            Err(PolicyError::NoPolicy)
        }
    }

    /// The best of the values, and those that upstream could elect as well if it met them in another order. There is at
    /// least one value.
    ///
    /// Between values of one rank, the one that upstream elects from a list in descending order of bytes: of versions the
    /// greatest text, of numbers the smallest.
    ///
    /// Source: `image-reflector-controller: internal/policy/{semver,alphabetical,numerical}.go (Latest)`.
    pub(super) fn best<'v>(&self, values: &[&'v str]) -> Result<Best<'v>, NoWinner> {
        match self {
            Self::SemVer(range) => highest(range, values).ok_or(NoWinner::NothingInRange),
            Self::Alphabetical(direction) => {
                let values = values.iter().copied();
                let winner = match direction {
                    Direction::Greatest => values.max(),
                    Direction::Smallest => values.min(),
                };
                Ok(Best::only(winner.unwrap_or_default()))
            }
            Self::Numerical(direction) => number(*direction, values),
        }
    }
}

/// `semver ^1.2`, `alphabetical, smallest`.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SemVer(range) => write!(f, "semver {range}"),
            Self::Alphabetical(direction) => write!(f, "alphabetical, {direction}"),
            Self::Numerical(direction) => write!(f, "numerical, {direction}"),
        }
    }
}

impl Direction {
    fn of(order: Option<&SortOrder>) -> Result<Self, PolicyError> {
        let word = order.map_or("", SortOrder::as_str);
        match word.chars().map(unicode::to_upper).collect::<String>() {
            word if word.is_empty() || word == "ASC" => Ok(Self::Greatest),
            word if word == "DESC" => Ok(Self::Smallest),
            word => Err(PolicyError::Order(word)),
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greatest => "greatest",
            Self::Smallest => "smallest",
        })
    }
}

/// The best value, and its equals.
pub(super) struct Best<'v> {
    pub(super) winner: &'v str,
    /// All texts of the same rank, the winner too; some may repeat.
    pub(super) tied: Vec<&'v str>,
}

impl<'v> Best<'v> {
    fn only(winner: &'v str) -> Self {
        Self {
            winner,
            tied: vec![winner],
        }
    }
}

fn highest<'v>(range: &Range, values: &[&'v str]) -> Option<Best<'v>> {
    let selection = select::image(range, values.iter().copied(), |value| value);
    Some(Best {
        winner: selection.winner()?,
        tied: selection.tied().copied().collect(),
    })
}

fn number<'v>(direction: Direction, values: &[&'v str]) -> Result<Best<'v>, NoWinner> {
    let mut best: Option<(f64, Best<'v>)> = None;
    let mut not_a_number: Option<&str> = None;
    let mut comparable = true;
    for value in values {
        let Some(float) = float::parse(value) else {
            not_a_number = not_a_number.max(Some(value));
            continue;
        };
        comparable &= !float.is_nan();
        let order = match (&best, direction) {
            (None, _) => Some(Ordering::Greater),
            (Some((kept, _)), Direction::Greatest) => float.partial_cmp(kept),
            (Some((kept, _)), Direction::Smallest) => kept.partial_cmp(&float),
        };
        match (&mut best, order) {
            (_, Some(Ordering::Less)) => {}
            (Some((_, kept)), Some(Ordering::Equal)) => {
                kept.tied.push(value);
                kept.winner = kept.winner.min(value);
            }
            _ => best = Some((float, Best::only(value))),
        }
    }
    if let Some(value) = not_a_number {
        let value = value.to_owned();
        return Err(NoWinner::NotANumber { value });
    }
    match best {
        Some((_, best)) if comparable => Ok(best),
        _ => Ok(incomparable(direction, values)),
    }
}

/// What is not a number is neither less nor greater: it takes the place of the value before it, and the next value takes
/// its place. So the order decides, and with another one any value could be the last to be kept.
fn incomparable<'v>(direction: Direction, values: &[&'v str]) -> Best<'v> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let mut kept = (f64::NAN, "");
    for value in &sorted {
        let float = float::parse(value).unwrap_or(f64::NAN);
        let skipped = match direction {
            Direction::Greatest => float < kept.0,
            Direction::Smallest => float > kept.0,
        };
        if !skipped {
            kept = (float, value);
        }
    }
    Best {
        winner: kept.1,
        tied: sorted,
    }
}
