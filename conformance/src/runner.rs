//! Directory in, report out.
//!
//! # Contract
//!
//! Every file `*.jsonl` below the directory is read, in the order of the paths; directories named `crds` hold CRD facts
//! and are passed over. Nothing is written.
//!
//! A [`Report`] passes when no case differs and no rule of the format is broken. Two rules hold in the repository's own
//! directory only ([`Scope::Own`]): each operation must be in the table, and each operation of the table must be used. In
//! a foreign directory ([`Scope::Foreign`]) operations that are not in the table are counted.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::{Case, Want};
use crate::compare::agrees;
use crate::ops::{Failure, Op};

pub use self::report::{Difference, Problem, Report, Tally};

mod report;
#[cfg(test)]
mod tests;

/// Whose vectors are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those of this repository: table and files must cover each other.
    Own,
    /// Those of somebody else, perhaps of rooms that the library does not have yet.
    Foreign,
}

/// Holds a table of operations against every vector below a directory.
///
/// # Errors
///
/// Those of reading the directory and its files.
///
/// # Examples
///
/// ```
/// use std::path::Path;
/// use fluxcd_conformance::{ops, runner};
///
/// let own = Path::new(env!("CARGO_MANIFEST_DIR"));
/// let report = runner::run(own, ops::TABLE, runner::Scope::Own)?;
/// assert!(report.passes(), "{report}");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn run(directory: &Path, table: &[Op], scope: Scope) -> io::Result<Report> {
    let mut files = Vec::new();
    vector_files(directory, &mut files)?;
    files.sort();

    let mut report = Report::default();
    if files.is_empty() {
        report.problems.push(Problem::NoFiles);
    }
    for path in files {
        let name = path.strip_prefix(directory).unwrap_or(&path);
        let name = name.to_string_lossy().replace('\\', "/");
        run_file(&name, &fs::read(&path)?, table, &mut report);
    }
    if scope == Scope::Own {
        let unknown = report.missing.keys().cloned().map(Problem::UnknownOp);
        report.problems.extend(unknown);
        let unused = table
            .iter()
            .filter(|op| !report.run.contains_key(op.name()));
        let unused = unused.map(|op| Problem::UnusedOp(op.name().to_owned()));
        report.problems.extend(unused);
    }
    Ok(report)
}

fn vector_files(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if kind.is_dir() {
            if path.file_name().is_some_and(|name| name != "crds") {
                vector_files(&path, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn run_file(file: &str, content: &[u8], table: &[Op], report: &mut Report) {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    if content.is_empty() {
        report.problems.push(Problem::EmptyFile(file.to_owned()));
        return;
    }
    let mut ids = BTreeSet::new();
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let place = || (file.to_owned(), index + 1);
        let case = match Case::parse(line) {
            Ok(case) => case,
            Err(fault) => {
                report.problems.push(Problem::Line(place(), fault));
                continue;
            }
        };
        if !ids.insert(case.id.clone()) {
            report
                .problems
                .push(Problem::RepeatedId(place(), case.id.clone()));
        }
        match table.iter().find(|op| op.name() == case.op) {
            Some(op) => run_case(file, op, case, report),
            None => *report.missing.entry(case.op).or_default() += 1,
        }
    }
}

fn run_case(file: &str, op: &Op, case: Case, report: &mut Report) {
    let tally = report.run.entry(case.op.clone()).or_default();
    tally.cases += 1;
    let got = catch_unwind(AssertUnwindSafe(|| op.run(&case.input)));
    let got = got.unwrap_or_else(|_| Err(Failure::library_panic()));
    let same = catch_unwind(AssertUnwindSafe(|| agrees(op, &case.want, &got)));
    if !same.unwrap_or(false) {
        tally.differ += 1;
        report.differences.push(Difference {
            file: file.to_owned(),
            id: case.id,
            op: case.op,
            want: want_text(&case.want),
            got: got_text(&got),
        });
    }
}

fn want_text(want: &Want) -> String {
    match want {
        Want::Ok(value) => format!("ok {value}"),
        Want::Error {
            kind,
            message,
            document,
        } => error_text(kind, message, *document),
    }
}

fn got_text(got: &Result<Value, Failure>) -> String {
    match got {
        Ok(value) => format!("ok {value}"),
        Err(failure) => error_text(&failure.kind, &failure.message, failure.document),
    }
}

fn error_text(kind: &str, message: &str, document: Option<u64>) -> String {
    match document {
        Some(document) => format!("error {kind} in document {document}: {message}"),
        None => format!("error {kind}: {message}"),
    }
}
