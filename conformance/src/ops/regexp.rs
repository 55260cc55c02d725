use std::ops::Range;

use fluxcd_dialect::regexp::{Error, ErrorKind, Regexp, Template};
use serde_json::{Value, json};

use super::{Failure, bytes, bytes_result};

pub(super) fn compile(input: &Value) -> Result<Value, Failure> {
    let pattern = parse(input)?;
    Ok(json!({"groups": groups(&pattern)}))
}

pub(super) fn matches(input: &Value) -> Result<Value, Failure> {
    let pattern = parse(input)?;
    let texts = input.get("texts").and_then(Value::as_array);
    let texts = texts.ok_or_else(|| Failure::bad_input("texts: no list"))?;
    let matches = texts.iter().map(|text| {
        // One text is read as a member, so that it may be bytes.
        let text = json!({"text": text});
        let text = bytes(&text, "text")?;
        let captures = pattern.captures(&*text);
        let is_consistent = pattern.is_match(&text) == captures.is_some()
            && pattern.find(&text) == captures.as_ref().and_then(|captures| captures.span(0));
        if !is_consistent {
            return Err(Failure::new(
                "inconsistent",
                "is_match, find and captures differ",
            ));
        }
        let spans = captures.map(|captures| captures.spans().map(span).collect::<Vec<_>>());
        Ok(json!(spans))
    });
    let matches = matches.collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"groups": groups(&pattern), "matches": matches}))
}

pub(super) fn expand(input: &Value) -> Result<Value, Failure> {
    let pattern = parse(input)?;
    let template = Template::parse(bytes(input, "template")?);
    let text = bytes(input, "text")?;
    let captures = pattern.captures(&*text);
    let expanded = captures.map(|captures| bytes_result(&template.expand(&captures)));
    Ok(json!({ "expanded": expanded }))
}

/// Upstream's words and the piece that they quote, unless it is not UTF-8: what stands for such bytes is a matter of JSON.
pub(super) fn contract<'a>(_: &str, message: &'a str) -> &'a str {
    match message.contains(char::REPLACEMENT_CHARACTER) {
        true => "",
        false => message,
    }
}

fn parse(input: &Value) -> Result<Regexp, Failure> {
    Regexp::parse(bytes(input, "pattern")?).map_err(refusal)
}

fn groups(pattern: &Regexp) -> Vec<&str> {
    pattern.groups().collect()
}

fn span(span: Option<Range<usize>>) -> Option<[usize; 2]> {
    span.map(|span| [span.start, span.end])
}

fn refusal(error: Error) -> Failure {
    let kind = match error.kind() {
        ErrorKind::InvalidCharRange => "invalid_char_range",
        ErrorKind::InvalidEscape => "invalid_escape",
        ErrorKind::InvalidNamedCapture => "invalid_named_capture",
        ErrorKind::InvalidPerlOp => "invalid_perl_op",
        ErrorKind::InvalidRepeatOp => "invalid_repeat_op",
        ErrorKind::InvalidRepeatSize => "invalid_repeat_size",
        ErrorKind::InvalidUtf8 => "invalid_utf8",
        ErrorKind::MissingBracket => "missing_bracket",
        ErrorKind::MissingParen => "missing_paren",
        ErrorKind::MissingRepeatArgument => "missing_repeat_argument",
        ErrorKind::NestingDepth => "nesting_depth",
        ErrorKind::TooLarge => "too_large",
        ErrorKind::TrailingBackslash => "trailing_backslash",
        ErrorKind::UnexpectedParen => "unexpected_paren",
        _ => "unnamed",
    };
    Failure::new(kind, error)
}
