use std::borrow::Cow;

use super::Captures;
use crate::unicode::{decode, is_digit, is_letter};

/// A text with references to groups, read once to be expanded with many matches.
///
/// | in the template | stands for |
/// |---|---|
/// | `$1`, `${1}` | the group of that number, `0` being the whole match |
/// | `$name`, `${name}` | the first group of that name that took part |
/// | `$$` | `$` |
///
/// A name is as long as it can be: letters and digits of any script, and `_`. So `$1x` is the group named `1x`, and
/// `$1_$2` begins with the group named `1_`. A number with a leading zero or beyond 999,999,999 is a name. What does not
/// exist or took no part is empty, without an error. A `$` that begins no reference stays: `$`, `$-`, `${`, `${}`,
/// `${a-b}`.
///
/// Source: Go 1.26: `src/regexp/regexp.go (Regexp.expand, extract)`.
///
/// ```
/// use fluxcd_dialect::regexp::{Regexp, Template};
///
/// let pattern = Regexp::parse(r"^(?P<branch>\w+)-(\d+)$")?;
/// let captures = pattern.captures("main-17").unwrap();
/// let expand = |template| Template::parse(template).expand_text(&captures).into_owned();
/// assert_eq!(expand("$2"), "17");
/// assert_eq!(expand("${branch}1 costs 5$$"), "main1 costs 5$");
/// // The trap: there is no group `branch1`.
/// assert_eq!(expand("$branch1"), "");
/// # Ok::<(), fluxcd_dialect::regexp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    Group(usize),
    Name(Box<str>),
}

impl Template {
    /// Reads a template. Every text is one.
    #[must_use]
    pub fn parse(template: impl AsRef<[u8]>) -> Self {
        let mut rest = template.as_ref();
        let mut pieces = Vec::new();
        let mut text = Vec::new();
        while let Some(at) = memchr::memchr(b'$', rest) {
            let (before, from) = rest.split_at(at);
            text.extend_from_slice(before);
            let after = from.get(1..).unwrap_or_default();
            if let Some(more) = after.strip_prefix(b"$") {
                text.push(b'$');
                rest = more;
            } else if let Some((piece, more)) = reference(after) {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(piece);
                rest = more;
            } else {
                text.push(b'$');
                rest = after;
            }
        }
        text.extend_from_slice(rest);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Self { pieces }
    }

    /// Whether it refers to a group at all. If not, every match expands to the same text.
    #[must_use]
    pub fn has_references(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| !matches!(piece, Piece::Text(_)))
    }

    /// The text with the groups of a match in place of the references. It is borrowed from the text that matched where the
    /// template is one reference and nothing else.
    #[must_use]
    pub fn expand<'t>(&self, captures: &Captures<'_, 't>) -> Cow<'t, [u8]> {
        if let [Piece::Group(_) | Piece::Name(_)] = &*self.pieces {
            let only = self.pieces.first().and_then(|piece| piece.group(captures));
            return Cow::Borrowed(only.unwrap_or_default());
        }
        let mut expanded = Vec::with_capacity(self.expanded_len(captures));
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => expanded.extend_from_slice(text),
                _ => expanded.extend_from_slice(piece.group(captures).unwrap_or_default()),
            }
        }
        Cow::Owned(expanded)
    }

    /// [`Template::expand`] as text. Where template and matched text are UTF-8, so is the result; other bytes become U+FFFD.
    #[must_use]
    pub fn expand_text<'t>(&self, captures: &Captures<'_, 't>) -> Cow<'t, str> {
        match self.expand(captures) {
            Cow::Borrowed(piece) => String::from_utf8_lossy(piece),
            Cow::Owned(text) => Cow::Owned(match String::from_utf8(text) {
                Ok(text) => text,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            }),
        }
    }

    /// How many bytes [`Template::expand`] would give: a short template can repeat a long text many times.
    #[must_use]
    pub fn expanded_len(&self, captures: &Captures<'_, '_>) -> usize {
        let lengths = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.len(),
            _ => piece.group(captures).map_or(0, <[u8]>::len),
        });
        lengths.fold(0, usize::saturating_add)
    }
}

impl Piece {
    fn group<'t>(&self, captures: &Captures<'_, 't>) -> Option<&'t [u8]> {
        match self {
            Self::Text(_) => None,
            Self::Group(group) => captures.piece(*group),
            Self::Name(name) => captures.piece_of(name),
        }
    }
}

/// What a `$` before this refers to, and what follows.
fn reference(after: &[u8]) -> Option<(Piece, &[u8])> {
    let (in_braces, begin) = match after.strip_prefix(b"{") {
        Some(begin) => (true, begin),
        None => (false, after),
    };
    let mut rest = begin;
    loop {
        let (character, length) = decode(rest);
        if !(is_letter(character) || is_digit(character) || character == '_') {
            break;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    let name = begin.get(..begin.len() - rest.len())?;
    if name.is_empty() {
        return None;
    }
    if in_braces {
        rest = rest.strip_prefix(b"}")?;
    }
    let name = std::str::from_utf8(name).ok()?;
    let piece = match number(name) {
        Some(group) => Piece::Group(group),
        None => Piece::Name(name.into()),
    };
    Some((piece, rest))
}

/// Up to nine digits without a leading zero.
fn number(name: &str) -> Option<usize> {
    let is_number = name.len() <= 9 && name.bytes().all(|byte| byte.is_ascii_digit());
    let has_leading_zero = name.len() > 1 && name.starts_with('0');
    name.parse().ok().filter(|_| is_number && !has_leading_zero)
}
