//! The part of the report for people that is about substitution.

use std::io::{Result, Write};

use crate::report::{Finding, Substitution};
use crate::text::{BAD, DIM, NAME, WARN, at, count, heading};

/// Writes it; nothing if no Kustomization has variables.
pub(crate) fn write(out: &mut dyn Write, substitutions: &[Substitution]) -> Result<()> {
    if substitutions.is_empty() {
        return Ok(());
    }
    heading(
        out,
        "Variables: what fails in strict mode, and what changes its type",
    )?;
    for one in substitutions {
        write!(out, "  {NAME}{}{NAME:#} {DIM}{}", one.object, at(&one.at))?;
        writeln!(out, " in {}{DIM:#}", one.clusters.join(", "))?;
        for reason in &one.undecided {
            writeln!(out, "    {WARN}undecided{WARN:#}: {reason}")?;
        }
        for source in &one.encrypted {
            writeln!(
                out,
                "    {WARN}encrypted{WARN:#}: {source}; only its names are known"
            )?;
        }
        for missing in &one.missing {
            writeln!(
                out,
                "    {WARN}not looked at{WARN:#}: {missing}, which is not here"
            )?;
        }
        if !one.expects.is_empty() {
            writeln!(
                out,
                "    not here and without default: {}",
                one.expects.join(", ")
            )?;
        }
        findings(out, &one.failures, &format!("{BAD}fails{BAD:#}"))?;
        findings(out, &one.retyped, &format!("{WARN}changes type{WARN:#}"))?;
        if one.undecided.is_empty() && one.failures.is_empty() {
            let variables = count(one.variables, "variable");
            writeln!(out, "    {DIM}nothing fails with {variables}{DIM:#}")?;
        }
    }
    Ok(())
}

/// The findings; those of one text that say the same are one line.
fn findings(out: &mut dyn Write, findings: &[Finding], verb: &str) -> Result<()> {
    let same = |one: &Finding, other: &Finding| {
        let key = |finding: &Finding| {
            let Finding { path, message, .. } = finding;
            (finding.at.file.clone(), path.clone(), message.clone())
        };
        key(one) == key(other) && one.objects == other.objects
    };
    for alike in findings.chunk_by(same) {
        let Some((first, others)) = alike.split_first() else {
            continue;
        };
        write!(out, "    {verb} {}: ", at(&first.at))?;
        match first.objects.as_slice() {
            [] => {}
            [object] => write!(out, "{object}: ")?,
            [object, others @ ..] => {
                write!(
                    out,
                    "{object} and {}: ",
                    count(others.len(), "other object")
                )?;
            }
        }
        if !first.path.is_empty() {
            write!(out, "{}: ", first.path)?;
        }
        write!(out, "{}", first.message)?;
        let places = others.iter().map(|other| &other.at);
        let places: Vec<_> = places
            .map(|at| format!("{}:{}", at.line, at.column))
            .collect();
        if !places.is_empty() {
            write!(out, ", also at {}", places.join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
