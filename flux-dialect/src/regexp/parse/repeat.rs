//! `*`, `+`, `?` and `{2,3}`.

use super::{Fault, Flags, Node, Op, Parser};
use crate::regexp::error::ErrorKind;

const MAX_REPEAT: u32 = 1000;

impl<'p> Parser<'p> {
    /// Reads an operator of repetition; braces that are none stand for themselves. `last` is where the item before began, if
    /// that was a repetition.
    pub(super) fn repetition(
        &mut self,
        rest: &'p [u8],
        last: Option<&'p [u8]>,
    ) -> Result<&'p [u8], Fault> {
        let (op, after) = match rest {
            [b'*', after @ ..] => (Op::Star, after),
            [b'+', after @ ..] => (Op::Plus, after),
            [b'?', after @ ..] => (Op::Question, after),
            _ => match counts(rest) {
                Some((min, max, after)) => (self.counted(min, max, rest, after)?, after),
                None => {
                    self.literal('{'.into())?;
                    return Ok(rest.get(1..).unwrap_or_default());
                }
            },
        };
        let after = self.repeat(op, rest, after, last)?;
        self.repetition = Some(rest);
        Ok(after)
    }

    /// The operator, unless the numbers are beyond the limit; `None` is a number beyond all limits.
    fn counted(&self, min: Option<u32>, max: Max, rest: &[u8], after: &[u8]) -> Result<Op, Fault> {
        let within = |count: &u32| *count <= MAX_REPEAT;
        let min = min.filter(within);
        let max = match max {
            Max::Same => min.map(Some),
            Max::None => Some(None),
            Max::Count(max) => max.filter(within).map(Some),
        };
        match (min, max) {
            (Some(min), Some(max)) if max.is_none_or(|max| min <= max) => Ok(Op::Repeat(min, max)),
            _ => Err(self.fault(ErrorKind::InvalidRepeatSize, rest, after)),
        }
    }

    /// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.repeat)`.
    fn repeat(
        &mut self,
        op: Op,
        rest: &'p [u8],
        mut after: &'p [u8],
        last: Option<&'p [u8]>,
    ) -> Result<&'p [u8], Fault> {
        let mut flags = self.flags;
        if let [b'?', more @ ..] = after {
            after = more;
            flags = flags.toggled(Flags::LAZY);
        }
        if let Some(last) = last {
            return Err(self.fault(ErrorKind::InvalidRepeatOp, last, after));
        }
        let Some(sub) = self.stack.pop_if(|node| !node.is_pseudo()) else {
            return Err(self.fault(ErrorKind::MissingRepeatArgument, rest, after));
        };
        self.limits.allocate();
        let mut node = Node::new(op, flags);
        node.subs.push(sub);
        self.check(&mut node)?;
        let is_many =
            matches!(node.op, Op::Repeat(min, max) if min >= 2 || max.is_some_and(|max| max >= 2));
        if is_many && !is_within(&node, MAX_REPEAT) {
            return Err(self.fault(ErrorKind::InvalidRepeatSize, rest, after));
        }
        self.stack.push(node);
        Ok(after)
    }
}

enum Max {
    Same,
    None,
    Count(Option<u32>),
}

/// `{2}`, `{2,}` or `{2,3}`, and what follows. A number is `None` if it is beyond all limits.
///
/// Source: Go 1.26: `src/regexp/syntax/parse.go (parser.parseRepeat)`.
fn counts(rest: &[u8]) -> Option<(Option<u32>, Max, &[u8])> {
    let (min, rest) = number(rest.strip_prefix(b"{")?)?;
    let (max, rest) = match rest {
        [b',', b'}', ..] => (Max::None, rest.get(1..)?),
        [b',', rest @ ..] => {
            let (max, rest) = number(rest)?;
            (Max::Count(max), rest)
        }
        _ => (Max::Same, rest),
    };
    Some((min, max, rest.strip_prefix(b"}")?))
}

/// Digits without a leading zero.
fn number(rest: &[u8]) -> Option<(Option<u32>, &[u8])> {
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, after) = rest.split_at(count);
    if matches!(digits, [] | [b'0', _, ..]) {
        return None;
    }
    let value = std::str::from_utf8(digits)
        .ok()
        .and_then(|digits| digits.parse().ok());
    Some((value, after))
}

/// Whether repetitions within repetitions come to so many copies at most.
///
/// Source: Go 1.26: `src/regexp/syntax/parse.go (repeatIsValid)`.
fn is_within(node: &Node, mut copies: u32) -> bool {
    if let Op::Repeat(min, max) = node.op {
        match max.unwrap_or(min) {
            0 if max.is_some() => return true,
            0 => {}
            times if times > copies => return false,
            times => copies /= times,
        }
    }
    node.subs.iter().all(|sub| is_within(sub, copies))
}
