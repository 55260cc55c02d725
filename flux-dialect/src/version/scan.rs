//! The letters of the language: what upstream has as regular expressions, read by hand.

use std::ops::Range;

/// Where the parts of a version stand in a text. A part that is absent is empty.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Major, minor and patch, without their points.
    pub(super) numbers: [Range<usize>; 3],
    pub(super) prerelease: Range<usize>,
    pub(super) metadata: Range<usize>,
    pub(super) end: usize,
}

/// The longest version that begins at a place: `v? N (. N)? (. N)? (- I (. I)*)? (+ I (. I)*)?`, where `N` is one or more of
/// the bytes that `is_digit` accepts and `I` one or more letters, digits and hyphens.
///
/// No part can begin with what the part before it could have taken, so the longest match is the only one that can end at a
/// place where no part goes on. This is why nothing here ever steps back, as a regular expression would.
pub(super) fn shape(
    bytes: &[u8],
    start: usize,
    is_digit: impl Fn(u8) -> bool,
    is_plus: impl Fn(u8) -> bool,
) -> Option<Shape> {
    let mut shape = Shape::default();
    let mut begin = start + usize::from(bytes.get(start) == Some(&b'v'));
    for number in &mut shape.numbers {
        let end = run(bytes, begin, &is_digit);
        if end == begin {
            break;
        }
        *number = begin..end;
        shape.end = end;
        if bytes.get(end) != Some(&b'.') {
            break;
        }
        begin = end + 1;
    }
    if shape.end == 0 {
        return None;
    }
    if bytes.get(shape.end) == Some(&b'-') {
        shape.prerelease = identifiers(bytes, shape.end + 1);
        shape.end = shape.end.max(shape.prerelease.end);
    }
    if bytes.get(shape.end).is_some_and(|byte| is_plus(*byte)) {
        shape.metadata = identifiers(bytes, shape.end + 1);
        shape.end = shape.end.max(shape.metadata.end);
    }
    Some(shape)
}

/// `I (. I)*`, empty where there is none.
fn identifiers(bytes: &[u8], begin: usize) -> Range<usize> {
    let mut end = run(bytes, begin, is_identifier);
    if end == begin {
        return 0..0;
    }
    while bytes.get(end) == Some(&b'.') {
        let next = run(bytes, end + 1, is_identifier);
        if next == end + 1 {
            break;
        }
        end = next;
    }
    begin..end
}

/// The first place from `begin` on whose byte is not accepted.
pub(super) fn run(bytes: &[u8], begin: usize, accepts: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(begin..).unwrap_or_default();
    let end = rest.iter().position(|byte| !accepts(*byte));
    begin + end.unwrap_or(rest.len())
}

/// A letter, a digit or a hyphen.
pub(super) const fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// What `\s` is in Go: neither the vertical tab nor anything beyond ASCII.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// What counts as a digit in the operand of a range. The pipe is upstream's slip of the pen, and this is where it shows:
/// `1 - 2||4 - 5` is read as the range from `1` to `2||4`.
pub(super) const fn is_wild_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'|' | b'x' | b'X' | b'*')
}

pub(super) const fn is_plus(byte: u8) -> bool {
    byte == b'+'
}

/// A number in decimal, leading zeros and all. `None` where there is another byte or more than 64 bits.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// The first numeric identifier with a zero too many in front, as a place in the text of the prerelease.
pub(super) fn padded_identifier(prerelease: &str) -> Option<Range<usize>> {
    let mut begin = 0;
    prerelease.split('.').find_map(|identifier| {
        let span = begin..begin + identifier.len();
        begin = span.end + 1;
        let padded = identifier.len() > 1
            && identifier.starts_with('0')
            && identifier.bytes().all(|byte| byte.is_ascii_digit());
        padded.then_some(span)
    })
}
