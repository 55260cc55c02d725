use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use regex_automata::{Input, meta};

use super::captures::Captures;
use super::error::{Error, ErrorKind, Fault};
use super::machine::{Machine, emit};
use super::mend::Mended;
use super::parse::{MAX_SIZE, compute_height, parse};
use super::slots::{Slot, Slots};
use super::translate::{translate, weight};
use super::tree::{Look, Node};

/// A pattern, compiled.
///
/// Two are equal when their texts are. `Display` is the text.
///
/// ```
/// use fluxcd_dialect::regexp::Regexp;
///
/// let pattern = Regexp::parse(r"^main-(?P<commit>[a-f0-9]+)-(?P<time>\d+)$")?;
/// assert!(pattern.is_match("main-4f2a-1700000000"));
///
/// let captures = pattern.captures("main-4f2a-1700000000").unwrap();
/// assert_eq!(captures.span_of("commit"), Some(5..9));
/// # Ok::<(), fluxcd_dialect::regexp::Error>(())
/// ```
#[derive(Clone)]
pub struct Regexp {
    pattern: Box<[u8]>,
    names: Box<[Box<str>]>,
    program: Program,
}

#[derive(Clone)]
enum Program {
    Crate {
        program: meta::Regex,
        has_no_boundary: bool,
    },
    Own(Machine),
}

/// The crate's compiler calls itself: some kilobytes of the caller's stack a level.
const MAX_CRATE_HEIGHT: u32 = 64;
/// States beyond which the crate's program is not worth the time to build it, some milliseconds, and its memory.
const MAX_CRATE_WEIGHT: u64 = 1 << 17;
/// Places that the crate keeps for every state and every end of a group.
const MAX_CRATE_SLOTS: u64 = 1 << 22;
/// The same for the machine of our own, which keeps them for states that are under way.
const MAX_OWN_SLOTS: u64 = 1 << 25;

impl Regexp {
    /// Reads a pattern of Go's `regexp`, and makes it ready to match many texts.
    ///
    /// Source: Go 1.26: `src/regexp/regexp.go (Compile)`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind`] names the ways to fail, which are Go's. The error prints Go's message, and holds the span of what is
    /// at fault and its name.
    ///
    /// ```
    /// use fluxcd_dialect::regexp::{ErrorKind, Regexp};
    ///
    /// let error = Regexp::parse("^v(?=1)").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidPerlOp);
    /// assert_eq!(error.to_string(), "error parsing regexp: invalid or unsupported Perl syntax: `(?=`");
    /// assert_eq!((error.span(), error.construct()), (2..5, "look-ahead"));
    /// ```
    pub fn parse(pattern: impl AsRef<[u8]>) -> Result<Self, Error> {
        let pattern = pattern.as_ref();
        let refuse = |fault| Error::new(fault, pattern);
        let mut tree = parse(pattern).map_err(refuse)?;
        let program = Program::new(&mut tree.root, tree.names.len()).ok_or_else(|| {
            refuse(Fault {
                kind: ErrorKind::TooLarge,
                span: 0..pattern.len(),
            })
        })?;
        Ok(Self {
            pattern: pattern.into(),
            names: tree.names.into(),
            program,
        })
    }

    /// The text of the pattern.
    #[must_use]
    pub fn pattern(&self) -> &[u8] {
        &self.pattern
    }

    /// The name of each group, in order of the opening parentheses; empty where it has none. A name may stand twice, and
    /// may begin with a digit.
    ///
    /// Source: Go 1.26: `src/regexp/regexp.go (SubexpNames)`, which has the whole match before them.
    ///
    /// ```
    /// use fluxcd_dialect::regexp::Regexp;
    ///
    /// let pattern = Regexp::parse(r"(?P<major>\d+)\.(\d+)")?;
    /// assert_eq!(pattern.groups().collect::<Vec<_>>(), ["major", ""]);
    /// # Ok::<(), fluxcd_dialect::regexp::Error>(())
    /// ```
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Whether the pattern matches anywhere in the text.
    ///
    /// Source: Go 1.26: `src/regexp/regexp.go (MatchString)`.
    pub fn is_match(&self, text: impl AsRef<[u8]>) -> bool {
        let text = Mended::new(text.as_ref());
        self.program.search(text.as_bytes(), &mut [])
    }

    /// Where the pattern matches first, in bytes of the text. Of several matches that begin there, the preferred one, as
    /// Perl would find it.
    ///
    /// Source: Go 1.26: `src/regexp/regexp.go (FindStringIndex)`.
    ///
    /// ```
    /// use fluxcd_dialect::regexp::Regexp;
    ///
    /// let pattern = Regexp::parse("[0-9]+|é")?;
    /// assert_eq!(pattern.find("déjà 42"), Some(1..3));
    /// assert_eq!(pattern.find("abc"), None);
    /// # Ok::<(), fluxcd_dialect::regexp::Error>(())
    /// ```
    pub fn find(&self, text: impl AsRef<[u8]>) -> Option<Range<usize>> {
        let text = Mended::new(text.as_ref());
        let mut slots = [None; 2];
        self.program.search(text.as_bytes(), &mut slots);
        let [begin, end] = slots.map(|slot| slot.map(|at| text.original(at.get())));
        Some(begin?..end?)
    }

    /// Where the pattern matches first, and where its groups do.
    ///
    /// Source: Go 1.26: `src/regexp/regexp.go (FindStringSubmatchIndex)`.
    pub fn captures<'t, T: AsRef<[u8]> + ?Sized>(&self, text: &'t T) -> Option<Captures<'_, 't>> {
        let original = text.as_ref();
        let text = Mended::new(original);
        let mut slots = Slots::new(self.names.len());
        if !self.program.search(text.as_bytes(), slots.as_mut_slice()) {
            return None;
        }
        text.originals(slots.as_mut_slice());
        Some(Captures::new(&self.names, original, slots))
    }
}

impl Program {
    fn new(root: &mut Node, groups: usize) -> Option<Self> {
        let slots = 2 * (groups as u64 + 1);
        let weight = weight(root);
        let suits_crate = weight <= MAX_CRATE_WEIGHT
            && weight.saturating_mul(slots) <= MAX_CRATE_SLOTS
            && compute_height(root) <= MAX_CRATE_HEIGHT;
        if suits_crate && let Some(program) = translate(root) {
            return Some(Self::Crate {
                program,
                has_no_boundary: root.has(Look::NoWordBoundary),
            });
        }
        let limit = MAX_SIZE.min(MAX_OWN_SLOTS / slots);
        emit(root, usize::try_from(limit).ok()?).map(Self::Own)
    }

    /// The text is UTF-8. None, two or all slots are wanted.
    fn search(&self, text: &[u8], slots: &mut [Slot]) -> bool {
        match self {
            Self::Own(machine) => machine.search(text, slots),
            Self::Crate {
                program,
                has_no_boundary,
            } => {
                let input = Input::new(text);
                match (slots, has_no_boundary) {
                    ([], false) => program.is_match(input),
                    // To the crate there is a `\B` within each character. It passes over such matches, and where any match
                    // will do, over one that began before.
                    ([], true) => program.search_half(&input).is_some(),
                    (slots, _) => program.search_slots(&input, slots).is_some(),
                }
            }
        }
    }
}

impl fmt::Debug for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regexp").field(&self.text()).finish()
    }
}

impl fmt::Display for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Regexp {
    /// A pattern that compiled is UTF-8.
    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.pattern)
    }
}

impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Eq for Regexp {}

impl FromStr for Regexp {
    type Err = Error;

    fn from_str(pattern: &str) -> Result<Self, Error> {
        Self::parse(pattern)
    }
}

impl TryFrom<&str> for Regexp {
    type Error = Error;

    fn try_from(pattern: &str) -> Result<Self, Error> {
        Self::parse(pattern)
    }
}
