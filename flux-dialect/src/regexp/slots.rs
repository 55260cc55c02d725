//! Where groups begin and end.

use std::fmt;

use regex_automata::util::primitives::NonMaxUsize;

/// Begins and ends alternate, the whole match first.
pub(super) type Slot = Option<NonMaxUsize>;

/// Slots of the whole match and of three groups fit without a place on the heap, which would cost as much as finding them.
const FEW: usize = 8;

#[derive(Clone)]
pub(super) enum Slots {
    Few([Slot; FEW], usize),
    Many(Vec<Slot>),
}

impl Slots {
    /// For the whole match and so many groups.
    pub(super) fn new(groups: usize) -> Self {
        let count = 2 * (groups + 1);
        if count <= FEW {
            Self::Few([None; FEW], count)
        } else {
            Self::Many(vec![None; count])
        }
    }

    pub(super) fn as_slice(&self) -> &[Slot] {
        match self {
            Self::Few(slots, count) => slots.get(..*count).unwrap_or_default(),
            Self::Many(slots) => slots,
        }
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [Slot] {
        match self {
            Self::Few(slots, count) => slots.get_mut(..*count).unwrap_or_default(),
            Self::Many(slots) => slots,
        }
    }
}

impl PartialEq for Slots {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Slots {}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
