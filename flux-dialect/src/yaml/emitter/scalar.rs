//! Scalars: which style a text gets, and how each style is written.

use super::{BEST_WIDTH, Emitter, INDENT};
use crate::yaml::resolve::reads_as_text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What a text holds, as far as the styles care.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the findings of one walk over the text"
)]
struct Analysis {
    indicators: bool,
    breaks: bool,
    special: bool,
    leading: bool,
    trailing: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

/// Source: `go.yaml.in/yaml/v2: encode.go (stringv)`, `emitterc.go (yaml_emitter_select_scalar_style)`.
pub(super) fn style(text: &str, simple_key: bool) -> Style {
    let analysis = analyse(text);
    let unquotable = analysis.space_break || analysis.special;
    let single_or_double = if analysis.break_space || unquotable {
        Style::DoubleQuoted
    } else {
        Style::SingleQuoted
    };
    if text.contains('\n') {
        let block = !text.is_empty() && !analysis.trailing_space && !unquotable;
        return if block && !simple_key {
            Style::Literal
        } else {
            Style::DoubleQuoted
        };
    }
    if !reads_as_text(text) || is_base_60(text) || simple_key && analysis.breaks {
        return Style::DoubleQuoted;
    }
    let plain = !(analysis.leading || analysis.trailing || analysis.breaks || analysis.indicators);
    if plain && !analysis.break_space && !unquotable {
        Style::Plain
    } else {
        single_or_double
    }
}

/// Source: `go.yaml.in/yaml/v2: emitterc.go (yaml_emitter_analyze_scalar)`, for text outside of flow collections.
fn analyse(text: &str) -> Analysis {
    let word = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'.' | b'-' | b'+' | b'=')
    };
    if !text.starts_with(['-', '.']) && text.bytes().all(word) {
        // Most keys and values: one word without anything special.
        return Analysis::default();
    }
    let mut found = Analysis {
        indicators: text.starts_with("---") || text.starts_with("..."),
        ..Analysis::default()
    };
    let mut previous_space = false;
    let mut previous_break = false;
    let mut after_blank = true;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let before_blank = matches!(next, None | Some(' ' | '\t'));
        found.indicators |= match character {
            '#' => after_blank,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`' => at == 0,
            '?' | '-' => at == 0 && before_blank,
            ':' => before_blank,
            _ => false,
        };
        found.special |= !is_printable(character);
        if character == ' ' {
            found.leading |= at == 0;
            found.trailing_space |= next.is_none();
            found.break_space |= previous_break;
            (previous_space, previous_break) = (true, false);
        } else if is_break(character) {
            found.breaks = true;
            found.leading |= at == 0;
            found.trailing |= next.is_none();
            found.space_break |= previous_space;
            (previous_space, previous_break) = (false, true);
        } else {
            (previous_space, previous_break) = (false, false);
        }
        after_blank = matches!(character, ' ' | '\t' | '\0') || is_break(character);
    }
    found.trailing |= found.trailing_space;
    found
}

/// Numbers in base 60, which readers of YAML 1.1 would take for numbers.
///
/// Source: `go.yaml.in/yaml/v2: encode.go (base60float)`: `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`.
fn is_base_60(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, fraction) = digits
        .split_once('.')
        .map_or((digits, ""), |(digits, fraction)| (digits, fraction));
    let mut parts = digits.split(':');
    let first = parts.next().unwrap_or_default();
    let mut others = parts.peekable();
    first.starts_with(|character: char| character.is_ascii_digit())
        && first
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
        && others.peek().is_some()
        && others.all(|part| match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => matches!(tens, b'0'..=b'5') && digit.is_ascii_digit(),
            _ => false,
        })
        && fraction
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
}

pub(in crate::yaml) const fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(in crate::yaml) fn has_break(text: &str) -> bool {
    text.chars().any(is_break)
}

/// goyaml escapes everything above U+FFFF.
pub(in crate::yaml) const fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{A0}'..='\u{FFFD}') && character != '\u{FEFF}'
}

impl Emitter {
    pub(super) fn write_plain(&mut self, text: &str, folds: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        self.write_folded(text, folds, Quote::None);
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn write_single_quoted(&mut self, text: &str, folds: bool) {
        self.indicator("'");
        self.write_folded(text, folds, Quote::Single);
        self.put('\'');
        self.whitespace = false;
        self.indention = false;
    }

    fn write_folded(&mut self, text: &str, folds: bool, quote: Quote) {
        let last = text.len().saturating_sub(1);
        let mut spaces = false;
        let mut breaks = false;
        for (at, character) in text.char_indices() {
            if character == ' ' {
                let inside = quote == Quote::None || (at > 0 && at < last);
                let single = text.as_bytes().get(at + 1) != Some(&b' ');
                if folds && !spaces && self.column > BEST_WIDTH && inside && single {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else if is_break(character) {
                self.write_break(character);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if quote == Quote::Single && character == '\'' {
                    self.put('\'');
                }
                self.put(character);
                self.indention = false;
                spaces = false;
                breaks = false;
            }
        }
    }

    pub(super) fn write_double_quoted(&mut self, text: &str, folds: bool) {
        // Upstream looks for a byte order mark at the start of the text instead of at the current place, so that one
        // there has every character escaped.
        let marked = text.starts_with('\u{FEFF}');
        let last = text.len().saturating_sub(1);
        let mut spaces = false;
        self.indicator("\"");
        for (at, character) in text.char_indices() {
            if marked
                || !is_printable(character)
                || is_break(character)
                || matches!(character, '"' | '\\')
            {
                self.write_escape(character);
                spaces = false;
            } else if character == ' ' {
                if folds && !spaces && self.column > BEST_WIDTH && at > 0 && at < last {
                    self.write_indent();
                    if text.as_bytes().get(at + 1) == Some(&b' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(character);
                spaces = false;
            }
        }
        self.put('"');
        self.whitespace = false;
        self.indention = false;
    }

    fn write_escape(&mut self, character: char) {
        let short = match character {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0B' => 'v',
            '\x0C' => 'f',
            '\r' => 'r',
            '\x1B' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(character);
                let escape = match code {
                    0..=0xFF => format!("\\x{code:02X}"),
                    0x100..=0xFFFF => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                self.column += escape.len();
                self.out.push_str(&escape);
                return;
            }
        };
        self.put('\\');
        self.put(short);
    }

    pub(super) fn write_literal(&mut self, text: &str) {
        self.indicator("|");
        if text.starts_with(|character: char| character == ' ' || is_break(character)) {
            self.put(char::from(b'0' + u8::try_from(INDENT).unwrap_or_default()));
        }
        let mut backwards = text.chars().rev();
        let ends_with_break = backwards.next().is_some_and(is_break);
        if !ends_with_break {
            self.put('-');
        } else if backwards.next().is_none_or(is_break) {
            self.put('+');
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for character in text.chars() {
            if is_break(character) {
                self.write_break(character);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                self.put(character);
                self.indention = false;
                breaks = false;
            }
        }
    }

    fn write_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
}
