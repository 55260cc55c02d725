use std::collections::BTreeMap;
use std::fmt;

use crate::case::Fault;

/// What a run of the vectors found. `Display` is the text for a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The operations that ran.
    pub run: BTreeMap<String, Tally>,
    /// How many cases were passed over, by operation, because the operation is not in the table.
    pub missing: BTreeMap<String, usize>,
    /// The cases in which the library and upstream differ.
    pub differences: Vec<Difference>,
    /// The rules of the format that are broken.
    pub problems: Vec<Problem>,
}

/// How the cases of one operation went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many ran.
    pub cases: usize,
    /// How many of them differ.
    pub differ: usize,
}

/// A case in which the library and upstream differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The vector file, relative to the directory.
    pub file: String,
    /// The id of the case.
    pub id: String,
    /// The operation.
    pub op: String,
    /// What upstream answered.
    pub want: String,
    /// What the library answered.
    pub got: String,
}

/// A broken rule of the format. A place is a file and a line, counted from one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The directory holds no vector file.
    NoFiles,
    /// A file holds no case.
    EmptyFile(String),
    /// A line is no case.
    Line((String, usize), Fault),
    /// An id stands twice in a file.
    RepeatedId((String, usize), String),
    /// An operation is not in the table.
    UnknownOp(String),
    /// An operation of the table is in no file.
    UnusedOp(String),
}

impl Report {
    /// Whether no case differs and no rule is broken.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.differences.is_empty() && self.problems.is_empty()
    }

    /// How all cases that ran went.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.run
            .values()
            .fold(Tally::default(), |total, tally| Tally {
                cases: total.cases + tally.cases,
                differ: total.differ + tally.differ,
            })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "broken: {problem}")?;
        }
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        for (op, tally) in &self.run {
            writeln!(
                f,
                "{op:<28} {:>6} cases {:>6} differ",
                tally.cases, tally.differ
            )?;
        }
        for (op, cases) in &self.missing {
            writeln!(f, "{op:<28} {cases:>6} cases  not yet in the library")?;
        }
        let (total, missing) = (self.total(), self.missing.values().sum::<usize>());
        let problems = self.problems.len();
        writeln!(
            f,
            "{:<28} {:>6} cases {:>6} differ, {missing} not yet in the library, {problems} rules broken",
            "total", total.cases, total.differ
        )
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} ({})", self.file, self.id, self.op)?;
        writeln!(f, "  want {}", shortened(&self.want))?;
        write!(f, "  got  {}", shortened(&self.got))
    }
}

/// The start of a long text, cut between characters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!(
            "{}... ({} bytes)",
            text.get(..end).unwrap_or_default(),
            text.len()
        ),
        None => text.to_owned(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFiles => f.write_str("no vector file in the directory"),
            Self::EmptyFile(file) => write!(f, "{file}: empty file"),
            Self::Line((file, line), fault) => write!(f, "{file}:{line}: {fault}"),
            Self::RepeatedId((file, line), id) => write!(f, "{file}:{line}: repeated id {id}"),
            Self::UnknownOp(op) => write!(f, "unknown operation {op}"),
            Self::UnusedOp(op) => write!(f, "no file uses the operation {op}"),
        }
    }
}

/// How many characters of a result are shown.
const TEXT_LIMIT: usize = 600;
