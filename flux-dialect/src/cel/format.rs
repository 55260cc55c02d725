//! `'%d of %s'.format([1, 'x'])`.
//!
//! cel-go v0.26.1: `ext/formatting_v2.go`.

use std::fmt::Write;

use super::error::Fault;
use super::limit::Meter;
use super::number;
use super::value::{List, Value};

mod broken;

/// The text with its clauses replaced by the arguments, in their order. Arguments that no clause asks for are ignored.
pub(super) fn format(text: &str, arguments: &List<'_>, meter: &mut Meter) -> Result<String, Fault> {
    let mut made = String::new();
    let mut rest = text;
    let mut used = 0;
    while let Some(at) = rest.find('%') {
        let (before, clause) = rest.split_at(at);
        made.push_str(before);
        let clause = clause.get(1..).unwrap_or_default();
        if let Some(after) = clause.strip_prefix('%') {
            made.push('%');
            rest = after;
            continue;
        }
        let argument = arguments
            .at(used)
            .ok_or_else(|| Fault::new(format!("index {used} out of range")))?;
        if clause.is_empty() {
            return Err(Fault::new("unexpected end of string"));
        }
        let (clause, after) = Clause::parse(clause)?;
        meter.step()?;
        clause.write(&argument, &mut made, meter)?;
        rest = after;
        used += 1;
    }
    made.push_str(rest);
    meter.make(made.len())?;
    Ok(made)
}

/// The value as `%s` writes it, for the text of an error.
pub(super) fn shown(value: &Value<'_>, meter: &mut Meter) -> Result<String, Fault> {
    let mut text = String::new();
    write_value(value, &mut text, meter)?;
    Ok(text)
}

/// What stands behind a `%`.
struct Clause {
    verb: char,
    precision: usize,
}

impl Clause {
    fn parse(text: &str) -> Result<(Self, &str), Fault> {
        let wrong = |why: &str| Fault::new(format!("could not parse formatting clause: {why}"));
        let mut precision = 6;
        let mut rest = text;
        if let Some(digits) = text.strip_prefix('.') {
            let end = digits.find(|c: char| !c.is_ascii_digit()).ok_or_else(|| {
                wrong("error while parsing precision: could not find end of precision specifier")
            })?;
            let (digits, after) = digits.split_at(end);
            precision = digits.parse().map_err(|_| {
                wrong(&format!(
                    "error while parsing precision: error while converting precision to integer: \
                     strconv.Atoi: parsing \"{digits}\": invalid syntax"
                ))
            })?;
            rest = after;
        }
        let mut characters = rest.chars();
        let verb = characters.next().unwrap_or_default();
        if !"sdfebxXo".contains(verb) {
            return Err(wrong(&format!("unrecognized formatting clause \"{verb}\"")));
        }
        let clause = Self { verb, precision };
        Ok((clause, characters.as_str()))
    }

    fn write(&self, value: &Value<'_>, made: &mut String, meter: &mut Meter) -> Result<(), Fault> {
        let wanted = match self.verb {
            's' => return write_value(value, made, meter),
            'd' => match decimal(value) {
                Some(text) => return push(&text, made, meter),
                None => "decimal clause can only be used on ints, uints, and doubles",
            },
            'f' => match self.fixed(value, meter)? {
                Some(text) => return push(&text, made, meter),
                None => "fixed-point clause can only be used on ints, uints, and doubles",
            },
            'e' => match self.scientific(value, meter)? {
                Some(text) => return push(&text, made, meter),
                None => "scientific clause can only be used on ints, uints, and doubles",
            },
            'b' => match binary(value) {
                Some(text) => return push(&text, made, meter),
                None => "only ints, uints, and bools can be formatted as binary",
            },
            'o' => match octal(value) {
                Some(text) => return push(&text, made, meter),
                None => "octal clause can only be used on ints and uints",
            },
            upper => match hex(value, upper == 'X', meter)? {
                Some(text) => return push(&text, made, meter),
                None => "only ints, uints, bytes, and strings can be formatted as hex",
            },
        };
        Err(refusal(wanted, value))
    }

    /// The digits that the precision asks for.
    fn afford(&self, meter: &mut Meter) -> Result<(), Fault> {
        match broken::is_too_precise(self.precision) {
            true => Ok(()),
            false => meter.make(self.precision),
        }
    }

    fn fixed(&self, value: &Value<'_>, meter: &mut Meter) -> Result<Option<String>, Fault> {
        self.afford(meter)?;
        Ok(match value {
            Value::Double(double) => Some(match infinite(*double) {
                Some(name) => name.into(),
                None if broken::is_too_precise(self.precision) => broken::no_verb(*double),
                None => number::fixed_with(*double, self.precision),
            }),
            _ => broken::integer(value, 'f', self.precision),
        })
    }

    fn scientific(&self, value: &Value<'_>, meter: &mut Meter) -> Result<Option<String>, Fault> {
        self.afford(meter)?;
        Ok(match value {
            Value::Double(double) => Some(match infinite(*double) {
                Some(name) => name.into(),
                None if broken::is_too_precise(self.precision) => broken::no_verb(*double),
                None => number::scientific_with(*double, self.precision),
            }),
            _ => broken::integer(value, 'e', self.precision),
        })
    }
}

fn refusal(wanted: &str, value: &Value<'_>) -> Fault {
    let kind = value.kind().name();
    Fault::new(format!(
        "error during formatting: {wanted}, was given {kind}"
    ))
}

fn push(text: &str, made: &mut String, meter: &mut Meter) -> Result<(), Fault> {
    meter.make(text.len())?;
    made.push_str(text);
    Ok(())
}

fn infinite(double: f64) -> Option<&'static str> {
    if double.is_nan() {
        Some("NaN")
    } else if double.is_infinite() {
        Some(if double < 0.0 {
            "-Infinity"
        } else {
            "Infinity"
        })
    } else {
        None
    }
}

fn decimal(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Int(int) => Some(int.to_string()),
        Value::Uint(uint) => Some(uint.to_string()),
        Value::Double(double) => Some(match infinite(*double) {
            Some(name) => name.into(),
            None => number::decimal(*double),
        }),
        _ => None,
    }
}

fn binary(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Bool(value) => Some(u8::from(*value).to_string()),
        Value::Int(int) => Some(signed(*int, &format!("{:b}", int.unsigned_abs()))),
        Value::Uint(uint) => Some(format!("{uint:b}")),
        _ => None,
    }
}

fn octal(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Int(int) => Some(signed(*int, &format!("{:o}", int.unsigned_abs()))),
        Value::Uint(uint) => Some(format!("{uint:o}")),
        _ => None,
    }
}

fn hex(value: &Value<'_>, upper: bool, meter: &mut Meter) -> Result<Option<String>, Fault> {
    let bytes = |bytes: &[u8], meter: &mut Meter| {
        meter.make(bytes.len() * 2)?;
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    };
    let text = match value {
        Value::Int(int) => signed(*int, &format!("{:x}", int.unsigned_abs())),
        Value::Uint(uint) => format!("{uint:x}"),
        Value::String(text) => bytes(text.as_bytes(), meter)?,
        Value::Bytes(found) => bytes(found, meter)?,
        _ => return Ok(None),
    };
    Ok(Some(if upper {
        text.to_ascii_uppercase()
    } else {
        text
    }))
}

fn signed(int: i64, digits: &str) -> String {
    let sign = if int < 0 { "-" } else { "" };
    format!("{sign}{digits}")
}

/// `%s`: lists and maps with all they hold, maps in the order of the texts of their keys.
fn write_value(value: &Value<'_>, made: &mut String, meter: &mut Meter) -> Result<(), Fault> {
    meter.step()?;
    match value {
        Value::Null => push("null", made, meter),
        Value::Bool(value) => push(&value.to_string(), made, meter),
        Value::Int(_) | Value::Uint(_) | Value::Double(_) => {
            push(&decimal(value).unwrap_or_default(), made, meter)
        }
        Value::String(text) => push(text, made, meter),
        // Upstream writes the bytes as they are; what is not UTF-8 cannot be part of a text here.
        Value::Bytes(bytes) => push(&String::from_utf8_lossy(bytes), made, meter),
        Value::Duration(duration) => push(&super::function::seconds_text(*duration), made, meter),
        Value::Timestamp(timestamp) => push(&timestamp.utc().to_string(), made, meter),
        Value::Type(kind) => push(kind.name(), made, meter),
        Value::List(list) => {
            made.push('[');
            for (place, element) in list.iter().enumerate() {
                if place > 0 {
                    push(", ", made, meter)?;
                }
                write_value(&element, made, meter)?;
            }
            push("]", made, meter)
        }
        Value::Map(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map.iter() {
                entries.push((shown(&key, meter)?, shown(&value, meter)?));
            }
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            made.push('{');
            for (place, (key, value)) in entries.iter().enumerate() {
                let comma = if place > 0 { ", " } else { "" };
                push(&format!("{comma}{key}: {value}"), made, meter)?;
            }
            push("}", made, meter)
        }
        Value::Optional(_) => Err(refusal(
            "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, \
             types, durations, and timestamps",
            value,
        )),
    }
}
