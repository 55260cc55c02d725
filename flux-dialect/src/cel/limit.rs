use super::error::Fault;

/// How long, how deep and how much work an expression may be.
///
/// The first two are upstream's; upstream has no others, and runs until its caller gives up.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::cel::{ErrorKind, Options, Program, Variables};
///
/// let mut options = Options::default();
/// options.limits.steps = 1_000;
/// let list = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
/// let program = Program::parse_with(&format!("{list}.all(a, {list}.all(b, {list}.all(c, true)))"), &options)?;
/// let error = program.evaluate(&Variables::new()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Limit);
/// # Ok::<(), fluxcd_dialect::cel::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Characters of the source; 100,000. The number of its expressions follows from it.
    pub length: usize,
    /// Expressions in brackets, arguments or elements of one another, and operators, selections and calls in a chain;
    /// 250 of each. `&&` and `||` in a chain do not count. More than 250 are never allowed.
    pub nesting: u32,
    /// Operations of one evaluation, those over long texts and lists counted by their length; 5,000,000.
    pub steps: u64,
    /// Bytes of the texts and lists that one evaluation makes, intermediate ones included; 64 MiB.
    pub size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            length: 100_000,
            nesting: MAX_NESTING,
            steps: 5_000_000,
            size: 64 << 20,
        }
    }
}

/// What the stack of a thread is known to bear; see the tests of this room.
pub(super) const MAX_NESTING: u32 = 250;

/// The depth of an expression after its macros are expanded and its chains of `&&` and `||` are trees; likewise.
pub(super) const MAX_DEPTH: u32 = 1_000;

/// What an evaluation may still spend.
#[derive(Debug, Clone)]
pub(super) struct Meter {
    steps: u64,
    size: u64,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            steps: limits.steps,
            size: limits.size,
        }
    }

    /// For work that is bounded by other means.
    pub(super) fn unlimited() -> Self {
        Self {
            steps: u64::MAX,
            size: u64::MAX,
        }
    }

    pub(super) fn step(&mut self) -> Result<(), Fault> {
        self.steps(1)
    }

    pub(super) fn steps(&mut self, count: usize) -> Result<(), Fault> {
        let left = self.steps.checked_sub(count as u64);
        self.steps = left.ok_or_else(|| Fault::limit("evaluation takes too many steps"))?;
        Ok(())
    }

    /// Work over so many bytes or characters of text.
    pub(super) fn scan(&mut self, length: usize) -> Result<(), Fault> {
        self.steps(length / 64)
    }

    /// So many bytes that are about to be made.
    pub(super) fn make(&mut self, length: usize) -> Result<(), Fault> {
        let left = self.size.checked_sub(length as u64);
        self.size = left.ok_or_else(|| Fault::limit("evaluation makes too large values"))?;
        self.scan(length)
    }
}
