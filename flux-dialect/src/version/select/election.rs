use std::cmp::Ordering;

use super::selection::{Fate, Selection};
use crate::version::{Range, Version};

/// Which of several candidates wins between which upstream sees no difference.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tie {
    First,
    Last,
    /// By bytes. Of equal texts the first wins.
    GreatestText,
}

/// Finds the winner, and what becomes of each of the others.
///
/// `read` makes a version of a text, or says what becomes of a candidate without one. `compare` is how two candidates of equal
/// versions compare in the eyes of upstream.
pub(super) fn elect<'r, C>(
    range: &'r Range,
    candidates: Vec<C>,
    text: impl Fn(&C) -> &str,
    read: impl Fn(&str) -> Result<Version<'_>, Fate>,
    compare: impl Fn(&C, &C) -> Ordering,
    tie: Tie,
) -> Selection<'r, C> {
    let mut fates = Vec::with_capacity(candidates.len());
    let mut misses = Vec::new();
    // The highest version so far, and all who have it.
    let mut best: Option<Version<'_>> = None;
    let mut peers = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let version = match read(text(candidate)) {
            Ok(version) => version,
            Err(fate) => {
                fates.push(fate);
                continue;
            }
        };
        let first_miss = misses.len();
        if range.admit(&version, &mut misses).is_none() {
            fates.push(Fate::Refused(first_miss));
            continue;
        }
        fates.push(Fate::Outranked);
        match best.map_or(Ordering::Greater, |best| version.cmp(&best)) {
            Ordering::Less => continue,
            Ordering::Equal => {}
            Ordering::Greater => {
                best = Some(version);
                peers.clear();
            }
        }
        peers.push((index, candidate));
    }

    let latest = peers
        .iter()
        .map(|(_, candidate)| *candidate)
        .max_by(|a, b| compare(a, b));
    let (tied, older): (Vec<_>, Vec<_>) = peers.into_iter().partition(|(_, candidate)| {
        latest.is_some_and(|latest| compare(candidate, latest).is_eq())
    });
    let winner = match tie {
        Tie::First => tied.first(),
        Tie::Last => tied.last(),
        // The last of equal ones is taken, so that it is looked for from behind.
        Tie::GreatestText => tied.iter().rev().max_by_key(|(_, one)| text(one)),
    };
    let winner = winner.map(|(index, _)| *index);
    for (peers, fate) in [(tied, Fate::Tied), (older, Fate::Older)] {
        for (index, _) in peers {
            if let Some(old) = fates.get_mut(index) {
                *old = fate;
            }
        }
    }
    Selection {
        candidates,
        fates,
        winner,
        misses,
        groups: range.groups().len(),
    }
}
