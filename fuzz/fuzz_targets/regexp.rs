//! Pattern, template and text, with a zero byte between: no panic; an error has its place; groups lie within the match and
//! cut no character; an expansion is as long as it says.
#![no_main]

use fluxcd_dialect::regexp::{Regexp, Template};
use libfuzzer_sys::fuzz_target;

/// Bytes of text: a pattern of a few bytes can have millions of instructions, and each is tried at each of them.
const LONG: usize = 32;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(3, |byte| *byte == 0);
    let [pattern, template, text] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let text = &text[..text.len().min(LONG)];
    let template = Template::parse(template);
    let read = match Regexp::parse(pattern) {
        Ok(read) => read,
        Err(error) => {
            assert_eq!(pattern.get(error.span()), Some(error.piece()));
            assert!(!error.to_string().is_empty() && !error.construct().is_empty());
            return;
        }
    };
    let found = read.find(text);
    assert_eq!(found.is_some(), read.is_match(text));
    let Some(captures) = read.captures(text) else {
        assert_eq!(found, None);
        return;
    };
    assert_eq!(captures.span(0), found);
    let whole = found.expect("a match has a span");
    for span in captures.spans().flatten() {
        assert!(whole.start <= span.start && span.start <= span.end && span.end <= whole.end);
        if let Ok(text) = std::str::from_utf8(text) {
            assert!(text.get(span).is_some(), "a character is cut");
        }
    }
    assert_eq!(template.expand(&captures).len(), template.expanded_len(&captures));
});
