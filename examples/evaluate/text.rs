//! The report for people.
//!
//! Everything is written with colour; whoever owns the output takes it out where it is no terminal.

use std::io::{Result, Write};

use anstyle::{AnsiColor, Style};

use crate::images;
use crate::report::{Failure, Kind, NamespaceFrom, Order, Place, Release, Report, Sourced, Step};
use crate::transition;
use crate::variables;

const HEADING: Style = Style::new().bold().underline();
pub(crate) const NAME: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
const SPEC: Style = AnsiColor::Cyan.on_default();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();

/// Writes the whole report.
pub(crate) fn write(out: &mut dyn Write, report: &Report) -> Result<()> {
    let found: usize = report.kinds.iter().map(|kind| kind.complete).sum();
    writeln!(
        out,
        "{NAME}{}{NAME:#}: {}, {}, {}, {}",
        report.directory,
        count(report.files, "file"),
        count(found, "complete object"),
        count(report.fragments.len(), "fragment"),
        count(report.problems.len(), "problem"),
    )?;
    kinds(out, &report.kinds)?;
    for order in &report.orders {
        let alone = report
            .orders
            .iter()
            .filter(|other| other.kind == order.kind)
            .count()
            == 1;
        self::order(
            out,
            order,
            if alone {
                ""
            } else {
                " in the rest of the repository"
            },
        )?;
    }
    releases(out, &report.releases)?;
    variables::write(out, &report.substitutions)?;
    images::write(out, &report.elections, &report.ranges)?;
    transition::write(out, report)?;
    fragments(out, report)?;
    problems(out, report)
}

pub(crate) fn heading(out: &mut dyn Write, text: &str) -> Result<()> {
    writeln!(out, "\n{HEADING}{text}{HEADING:#}")
}

fn kinds(out: &mut dyn Write, kinds: &[Kind]) -> Result<()> {
    heading(out, "Kinds")?;
    if kinds.is_empty() {
        return writeln!(out, "  none");
    }
    let width = kinds
        .iter()
        .map(|kind| kind.kind.chars().count())
        .max()
        .unwrap_or_default();
    for kind in kinds {
        let style = if kind.known { NAME } else { Style::new() };
        write!(
            out,
            "  {:5} {style}{:width$}{style:#} {DIM}{}{DIM:#}",
            kind.complete, kind.kind, kind.api_version
        )?;
        if kind.fragments > 0 {
            write!(out, ", {}", count(kind.fragments, "fragment"))?;
        }
        if kind.broken > 0 {
            write!(out, ", {BAD}{} not decoded{BAD:#}", kind.broken)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn order(out: &mut dyn Write, order: &Order, rest: &str) -> Result<()> {
    let place = if order.part.is_empty() {
        rest.to_owned()
    } else {
        format!(" in {}", order.part)
    };
    match &order.cycle {
        None => heading(out, &format!("Order of {}s{place}", order.kind))?,
        Some(cycle) => {
            heading(out, &format!("{}s{place}, which have no order", order.kind))?;
            writeln!(out, "  {BAD}{cycle}{BAD:#}")?;
        }
    }
    for (number, step) in (1..).zip(&order.steps) {
        match order.cycle {
            None => write!(out, "  {number:4} ")?,
            Some(_) => write!(out, "     - ")?,
        }
        self::step(out, step)?;
    }
    Ok(())
}

fn step(out: &mut dyn Write, step: &Step) -> Result<()> {
    write!(out, "{NAME}{}{NAME:#} {DIM}{}", step.object, at(&step.at))?;
    match step.namespace_from {
        NamespaceFrom::File => {}
        NamespaceFrom::Overlay => write!(out, ", namespace from an overlay")?,
        NamespaceFrom::Unknown => write!(out, ", namespace not known")?,
    }
    for place in &step.also_at {
        write!(out, ", also {}", at(place))?;
    }
    writeln!(out, "{DIM:#}")?;
    for edge in &step.waits_for {
        let style = if edge.found { Style::new() } else { WARN };
        write!(out, "         waits for {style}{}{style:#}", edge.object)?;
        if !edge.found {
            write!(out, ", {WARN}which is not in this repository{WARN:#}")?;
        }
        writeln!(out, " {DIM}{} at {}{DIM:#}", edge.path, at(&edge.at))?;
        if let Some(expression) = &edge.ready_expr {
            writeln!(
                out,
                "           {DIM}until{DIM:#} {}",
                expression.split_whitespace().collect::<Vec<_>>().join(" ")
            )?;
        }
    }
    Ok(())
}

fn releases(out: &mut dyn Write, releases: &[Release]) -> Result<()> {
    if releases.is_empty() {
        return Ok(());
    }
    heading(out, "Helm releases")?;
    for release in releases {
        writeln!(
            out,
            "  {NAME}{}{NAME:#} {DIM}{}{DIM:#}",
            release.object,
            at(&release.at)
        )?;
        write!(
            out,
            "    release  {} {DIM}({}){DIM:#}",
            release.name, release.name_from
        )?;
        if let Some(raw) = &release.shortened_from {
            write!(out, " {WARN}shortened{WARN:#} from {raw}")?;
        }
        if let Some(fault) = &release.name_fault {
            write!(out, ", {BAD}which {fault}{BAD:#}")?;
        }
        write!(out, " in {}", sourced(&release.namespace))?;
        writeln!(out, ", records in {}", sourced(&release.storage_namespace))?;
        if let Some(chart) = &release.chart {
            writeln!(out, "    chart    {chart}")?;
        }
        failure(out, "install", &release.install)?;
        failure(out, "upgrade", &release.upgrade)?;
    }
    Ok(())
}

fn failure(out: &mut dyn Write, action: &str, failure: &Failure) -> Result<()> {
    write!(out, "    {action}  {}", sourced(&failure.strategy))?;
    if let Some(interval) = &failure.retry_interval {
        write!(out, " every {}, nothing is undone", sourced(interval))?;
    } else {
        let retries = match failure.retries.value {
            ..0 => "without end".to_owned(),
            number => number.to_string(),
        };
        write!(
            out,
            ", retries {}",
            sourced(&Sourced {
                value: retries,
                origin: failure.retries.origin
            })
        )?;
        write!(out, ", remediation {}", sourced(&failure.remediation))?;
        write!(
            out,
            ", remediateLastFailure {}",
            sourced(&failure.remediate_last_failure)
        )?;
    }
    writeln!(
        out,
        ", ignoreTestFailures {}",
        sourced(&failure.ignore_test_failures)
    )
}

fn fragments(out: &mut dyn Write, report: &Report) -> Result<()> {
    if report.fragments.is_empty() {
        return Ok(());
    }
    heading(
        out,
        "Fragments: pieces of objects, to be merged into a complete one",
    )?;
    for fragment in &report.fragments {
        let name = fragment.name.as_deref().unwrap_or("(no name)");
        let facts = [("lacks", &fragment.lacks), ("holds", &fragment.directives)];
        let facts = facts.iter().filter(|(_, fields)| !fields.is_empty());
        let facts: Vec<_> = facts
            .map(|(verb, fields)| format!("{verb} {}", fields.join(", ")))
            .collect();
        writeln!(
            out,
            "  {NAME}{} {name}{NAME:#} {DIM}{}{DIM:#} {}",
            fragment.kind,
            at(&fragment.at),
            facts.join(", "),
        )?;
    }
    Ok(())
}

fn problems(out: &mut dyn Write, report: &Report) -> Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    heading(out, "Problems")?;
    for problem in &report.problems {
        let place = if problem.at.line == 0 {
            problem.at.file.clone()
        } else {
            at(&problem.at)
        };
        write!(out, "  {BAD}{place}{BAD:#}: ")?;
        for part in [&problem.object, &problem.path] {
            if !part.is_empty() {
                write!(out, "{part}: ")?;
            }
        }
        writeln!(out, "{}", problem.message)?;
    }
    Ok(())
}

pub(crate) fn at(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// What a user wrote stands out; a default stays in the background. Each says which it is.
fn sourced<T: std::fmt::Display>(value: &Sourced<T>) -> String {
    let style = if value.origin == "default" { DIM } else { SPEC };
    format!("{style}{} ({}){style:#}", value.value, value.origin)
}

pub(crate) fn count(number: usize, noun: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{end}")
}
