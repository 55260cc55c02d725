//! Go's limits on a pattern: levels, instructions, numbers in classes.

use super::{Fault, Node, Op, Parser};
use crate::regexp::error::ErrorKind;

const MAX_HEIGHT: u32 = 1000;
/// Instructions in 128 MiB, at 40 bytes each.
pub(in crate::regexp) const MAX_SIZE: u64 = (128 << 20) / 40;
/// Numbers in 128 MiB, at 4 bytes each.
const MAX_RUNES: u64 = (128 << 20) / 4;

/// What was spent so far. Go computes sizes only when the number of nodes times all the repetitions exceeds the limit.
#[derive(Debug, Default)]
pub(super) struct Limits {
    nodes: u64,
    unused: u64,
    runes: u64,
    /// The product of all repetitions; 0 is 1.
    repeats: u64,
    tracks_size: bool,
}

impl Limits {
    pub(super) fn allocate(&mut self) {
        match self.unused.checked_sub(1) {
            Some(unused) => self.unused = unused,
            None => self.nodes += 1,
        }
    }

    pub(super) fn free(&mut self) {
        self.unused += 1;
    }

    pub(super) fn count_runes(&mut self, count: usize) {
        self.runes += count as u64;
    }

    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.checkSize)`.
    fn must_track(&mut self, node: &Node) -> bool {
        let product = self.repeats.max(1);
        self.repeats = product;
        if let Op::Repeat(min, max) = node.op {
            let times = u64::from(max.unwrap_or(min).max(1));
            self.repeats = match times > MAX_SIZE / product {
                true => MAX_SIZE,
                false => product * times,
            };
        }
        self.nodes >= MAX_SIZE / self.repeats
    }
}

impl Parser<'_> {
    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.checkLimits)`.
    pub(super) fn check(&mut self, node: &mut Node) -> Result<(), Fault> {
        if self.limits.runes > MAX_RUNES {
            return Err(self.whole(ErrorKind::TooLarge));
        }
        if !self.limits.tracks_size && self.limits.must_track(node) {
            self.limits.tracks_size = true;
            for node in &mut self.stack {
                if compute_size(node) > MAX_SIZE {
                    return Err(self.whole(ErrorKind::TooLarge));
                }
            }
        }
        if self.limits.tracks_size && compute_size(node) > MAX_SIZE {
            return Err(self.whole(ErrorKind::TooLarge));
        }
        if compute_height(node) > MAX_HEIGHT {
            return Err(self.whole(ErrorKind::NestingDepth));
        }
        Ok(())
    }

    pub(super) fn too_deep(&self, depth: u32) -> Result<(), Fault> {
        match depth > MAX_HEIGHT {
            true => Err(self.whole(ErrorKind::NestingDepth)),
            false => Ok(()),
        }
    }
}

/// Computes the height from those of the nodes below, which are computed where they are not known.
pub(in crate::regexp) fn compute_height(node: &mut Node) -> u32 {
    // A plain loop: what the stack holds for each level is small.
    let mut height = 1;
    for sub in &mut node.subs {
        if sub.height == 0 {
            compute_height(sub);
        }
        height = height.max(sub.height + 1);
    }
    node.height = height;
    height
}

/// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.calcSize)`.
fn compute_size(node: &mut Node) -> u64 {
    let below: u64 = node.subs.iter_mut().map(known_size).sum();
    let size = match &node.op {
        Op::Literal(runes) => runes.len() as u64,
        Op::Capture(_) | Op::Star => 2 + below,
        Op::Plus | Op::Question => 1 + below,
        Op::Concat => below,
        Op::Alternate => below + (node.subs.len() as u64).saturating_sub(1),
        Op::Repeat(0, None) => 2 + below,
        Op::Repeat(min, None) => 1 + u64::from(*min) * below,
        Op::Repeat(min, Some(max)) => u64::from(*max) * below + u64::from(max.saturating_sub(*min)),
        _ => 0,
    };
    node.size = size.max(1);
    node.size
}

fn known_size(node: &mut Node) -> u64 {
    match node.size {
        0 => compute_size(node),
        known => known,
    }
}
