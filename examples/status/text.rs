//! The report for people.
//!
//! Everything is written with colour; whoever owns the output takes it out where it is no terminal.

use std::collections::BTreeSet;
use std::io::{Result, Write};

use anstyle::{AnsiColor, Style};

use crate::report::{Blocked, Link, Report, Row};

const HEADING: Style = Style::new().bold().underline();
const NAME: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const BUSY: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default();

/// Characters of a revision that tell it from others.
const REVISION: usize = 20;

/// Writes the whole report.
pub(crate) fn write(out: &mut dyn Write, report: &Report) -> Result<()> {
    let counts = report.counts.iter();
    let counts: Vec<_> = counts
        .map(|(status, count)| {
            let style = style(status);
            format!("{style}{count} {status}{style:#}")
        })
        .collect();
    writeln!(out, "{}\n", counts.join(", "))?;
    table(out, &report.objects)?;
    if report.blocked.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{HEADING}What keeps them{HEADING:#}")?;
    // What is part of a longer chain is told there.
    let links = report.blocked.iter().flat_map(|blocked| &blocked.chain);
    let told: BTreeSet<_> = links.map(|link| link.object.as_str()).collect();
    let mut chains = report
        .blocked
        .iter()
        .filter(|blocked| !told.contains(blocked.object.as_str()));
    chains.try_for_each(|blocked| self::blocked(out, blocked))
}

fn table(out: &mut dyn Write, rows: &[Row]) -> Result<()> {
    let heads = ["STATUS", "OBJECT", "REASON", "AGE", "REVISION"];
    let cells: Vec<_> = rows.iter().map(cells).collect();
    let widths: Vec<_> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = cells.iter().filter_map(|cells| cells.get(column));
            let widths = cells.map(|cell| cell.chars().count());
            widths.max().unwrap_or_default().max(head.len())
        })
        .collect();
    for (head, width) in heads.iter().zip(&widths) {
        write!(out, "{DIM}{head:width$}{DIM:#}  ")?;
    }
    writeln!(out, "{DIM}MESSAGE{DIM:#}")?;
    for (row, cells) in rows.iter().zip(&cells) {
        let styles = [style(row.status), NAME, Style::new(), Style::new(), DIM];
        for ((cell, width), style) in cells.iter().zip(&widths).zip(styles) {
            write!(out, "{style}{cell:width$}{style:#}  ")?;
        }
        let suspended = if row.suspended { "suspended" } else { "" };
        let between = if row.suspended && !row.message.is_empty() {
            ", "
        } else {
            ""
        };
        writeln!(
            out,
            "{BUSY}{suspended}{BUSY:#}{between}{}",
            one_line(&row.message)
        )?;
    }
    Ok(())
}

fn cells(row: &Row) -> [String; 5] {
    [
        row.status.to_owned(),
        row.object.clone(),
        row.reason.clone().unwrap_or_default(),
        row.age.clone().unwrap_or_default(),
        row.revision.as_deref().map(short).unwrap_or_default(),
    ]
}

/// `main@sha1:4f2a9c1d`: what comes before a digest, and its first characters.
fn short(revision: &str) -> String {
    let (before, digest) = match revision.rsplit_once(':') {
        Some((before, digest)) => (format!("{before}:"), digest),
        None => (String::new(), revision),
    };
    let kept = if before.is_empty() { REVISION } else { 8 };
    before + &digest.chars().take(kept).collect::<String>()
}

/// Messages of Helm have several lines.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn blocked(out: &mut dyn Write, blocked: &Blocked) -> Result<()> {
    writeln!(out, "{NAME}{}{NAME:#}", blocked.object)?;
    for (depth, link) in (1..).zip(&blocked.chain) {
        self::link(out, depth, link)?;
    }
    Ok(())
}

fn link(out: &mut dyn Write, depth: usize, link: &Link) -> Result<()> {
    let indent = "  ".repeat(depth);
    write!(
        out,
        "{indent}{DIM}{}{DIM:#} {NAME}{}{NAME:#} ",
        link.through, link.object
    )?;
    match link.status {
        Some(status) => {
            let style = style(status);
            write!(out, "{style}{status}{style:#}")?;
        }
        None => write!(out, "{BUSY}is not in the input{BUSY:#}")?,
    }
    match link.message.as_str() {
        "" => writeln!(out),
        message => writeln!(out, ": {}", one_line(message)),
    }
}

fn style(status: &str) -> Style {
    match status {
        "Current" => GOOD,
        "Failed" | "NotFound" | "Unknown" => BAD,
        _ => BUSY,
    }
}
