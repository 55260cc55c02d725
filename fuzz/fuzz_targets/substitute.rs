//! Any text with any values: no panic, places within the text, strict success means the same in lax mode.
#![no_main]

use fluxcd_core::substitute::{Layer, Mode, Template, Variables};
use libfuzzer_sys::fuzz_target;

// The first line holds values of the variables a, b, c and so on, separated by commas; the rest is the text.
fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (values, text) = input.split_at(end);
    let values = values.split(|byte| *byte == b',').zip('a'..='z');
    let layer = Layer::verbatim(values.map(|(value, name)| (name, value)));
    let variables = Variables::from_iter([layer]);
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(error) => {
            let span = error.span();
            assert!(span.start < span.end && span.end <= text.len());
            return;
        }
    };
    for reference in template.references() {
        let expression = &text[reference.span().clone()];
        assert!(expression.starts_with(b"${") && expression.ends_with(b"}"));
    }
    let strict = template.render(&variables, Mode::Strict);
    let lax = template.render(&variables, Mode::Lax);
    match (strict, lax) {
        (Ok(strict), lax) => assert_eq!(Ok(strict), lax),
        (Err(error), Ok(_)) => assert!(!error.undefined().is_empty()),
        (Err(_), Err(_)) => {}
    }
    if !text.contains(&b'$') && !text.contains(&0) {
        assert_eq!(template.render(&variables, Mode::Lax).as_deref(), Ok(text));
    }
    if let Ok(trace) = template.trace(&variables, Mode::Lax) {
        let mut end = 0;
        for traced in trace.expressions {
            assert!(end <= traced.result.start && traced.result.end <= trace.text.len());
            end = traced.result.end;
        }
    }
});
