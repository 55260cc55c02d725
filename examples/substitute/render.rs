//! Findings as compilers show them: the place, the line of the file, and a mark under the expression.
//!
//! Everything is written with colour; whoever owns the output takes it out where it is no terminal.

use std::io::{Result, Write};

use anstyle::{AnsiColor, Style};
use fluxcd::core::manifest::Place;

const PLACE: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// How bad it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Severity {
    /// The object fails.
    Error,
    /// It does not, but not everybody expects what becomes of it.
    Warning,
}

/// Writes findings.
pub(crate) struct Render<'a> {
    /// Where to.
    pub(crate) out: &'a mut dyn Write,
}

impl Render<'_> {
    /// Something that has no place.
    pub(crate) fn line(&mut self, severity: Severity, message: &str) -> Result<()> {
        let (style, word) = severity.label();
        writeln!(self.out, "{style}{word}{style:#}: {message}")
    }

    /// Something about a place in a file.
    pub(crate) fn place(
        &mut self,
        severity: Severity,
        name: &str,
        file: &[u8],
        place: &Place,
        message: &str,
    ) -> Result<()> {
        let (style, word) = severity.label();
        writeln!(
            self.out,
            "{PLACE}{name}:{place}{PLACE:#}: {style}{word}{style:#}: {message}"
        )?;
        let Some(line) = file.split(|byte| *byte == b'\n').nth(place.line - 1) else {
            return Ok(());
        };
        let line = String::from_utf8_lossy(line);
        let number = place.line.to_string();
        let gutter = " ".repeat(number.len());
        // A tab stays a tab in the line of the mark, so that both are as wide.
        let before: String = line
            .chars()
            .take(place.column - 1)
            .map(|character| if character == '\t' { '\t' } else { ' ' })
            .collect();
        let marked = file.get(place.span.clone()).unwrap_or_default();
        let marked = marked.split(|byte| *byte == b'\n').next();
        let width = String::from_utf8_lossy(marked.unwrap_or_default())
            .trim_end()
            .chars()
            .count();
        let mark = "^".repeat(width.max(1));
        writeln!(self.out, "{DIM}{number} |{DIM:#} {}", line.trim_end())?;
        writeln!(
            self.out,
            "{DIM}{gutter} |{DIM:#} {before}{style}{mark}{style:#}"
        )
    }
}

impl Severity {
    const fn label(self) -> (Style, &'static str) {
        match self {
            Self::Error => (BAD, "error"),
            Self::Warning => (WARN, "warning"),
        }
    }
}
