//! What differs between two texts, line by line.

use std::io::{Result, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style};

const HEADING: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

/// Equal lines shown around a difference.
const CONTEXT: usize = 3;

/// Beyond so many pairs of lines, one big difference is shown instead of the smallest ones.
const PAIRS: usize = 16_000_000;

/// A piece of both texts, by lines: equal, or one taken out and the other put in.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Difference {
    old: Range<usize>,
    new: Range<usize>,
}

/// Writes a unified diff; nothing if the texts are equal.
pub(crate) fn write(out: &mut dyn Write, title: &str, old: &str, new: &str) -> Result<()> {
    let old: Vec<_> = old.lines().collect();
    let new: Vec<_> = new.lines().collect();
    let differences = differences(&old, &new);
    if differences.is_empty() {
        return Ok(());
    }
    writeln!(out, "{HEADING}--- {title}{HEADING:#}")?;
    writeln!(out, "{HEADING}+++ {title}, substituted{HEADING:#}")?;
    let mut rest = differences.as_slice();
    while let Some(first) = rest.first() {
        // Differences whose context touches are shown together.
        let together = rest
            .windows(2)
            .take_while(|pair| match pair {
                [one, next] => next.old.start - one.old.end <= 2 * CONTEXT,
                _ => false,
            })
            .count();
        let (hunk, others) = rest.split_at(together + 1);
        let last = hunk.last().unwrap_or(first);
        rest = others;
        let before = first.old.start.min(CONTEXT);
        let after = (old.len() - last.old.end).min(CONTEXT);
        let (old_start, new_start) = (first.old.start - before, first.new.start - before);
        writeln!(
            out,
            "{HUNK}@@ -{},{} +{},{} @@{HUNK:#}",
            old_start + 1,
            last.old.end + after - old_start,
            new_start + 1,
            last.new.end + after - new_start,
        )?;
        let mut at = old_start;
        for difference in hunk {
            lines(out, Style::new(), ' ', &old, at..difference.old.start)?;
            lines(out, OLD, '-', &old, difference.old.clone())?;
            lines(out, NEW, '+', &new, difference.new.clone())?;
            at = difference.old.end;
        }
        lines(out, Style::new(), ' ', &old, at..at + after)?;
    }
    Ok(())
}

fn lines(
    out: &mut dyn Write,
    style: Style,
    sign: char,
    lines: &[&str],
    range: Range<usize>,
) -> Result<()> {
    for line in lines.get(range).unwrap_or_default() {
        writeln!(out, "{style}{sign}{line}{style:#}")?;
    }
    Ok(())
}

/// Where the texts differ, from their longest common subsequence.
fn differences(old: &[&str], new: &[&str]) -> Vec<Difference> {
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let start = old.iter().zip(new).take_while(same).count();
    let shorter = old.len().min(new.len());
    let end = old.iter().rev().zip(new.iter().rev());
    let end = end.take(shorter - start).take_while(same).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let whole = Difference {
        old: start..old_end,
        new: start..new_end,
    };
    let middle_old = old.get(whole.old.clone()).unwrap_or_default();
    let middle_new = new.get(whole.new.clone()).unwrap_or_default();
    if middle_old.is_empty() && middle_new.is_empty() {
        return Vec::new();
    }
    let width = middle_new.len() + 1;
    if (middle_old.len() + 1).saturating_mul(width) > PAIRS {
        return vec![whole];
    }
    // Length of the longest common subsequence of what is left from each pair of lines on.
    let mut table = vec![0_u32; (middle_old.len() + 1) * width];
    let length = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied();
    for (i, one) in middle_old.iter().enumerate().rev() {
        for (j, other) in middle_new.iter().enumerate().rev() {
            let longest = if one == other {
                length(&table, i + 1, j + 1).map(|length| length + 1)
            } else {
                length(&table, i + 1, j).max(length(&table, i, j + 1))
            };
            if let Some(cell) = table.get_mut(i * width + j) {
                *cell = longest.unwrap_or_default();
            }
        }
    }
    let mut differences: Vec<Difference> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < middle_old.len() || j < middle_new.len() {
        if i < middle_old.len() && middle_old.get(i) == middle_new.get(j) {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let here = (start + i, start + j);
        if j == middle_new.len()
            || i < middle_old.len() && length(&table, i + 1, j) >= length(&table, i, j + 1)
        {
            i += 1;
        } else {
            j += 1;
        }
        let (old_end, new_end) = (start + i, start + j);
        match differences.last_mut() {
            Some(last) if (last.old.end, last.new.end) == here => {
                last.old.end = old_end;
                last.new.end = new_end;
            }
            _ => differences.push(Difference {
                old: here.0..old_end,
                new: here.1..new_end,
            }),
        }
    }
    differences
}
