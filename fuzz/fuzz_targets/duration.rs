//! Any text: no panic; what is read prints to a text that reads as the same.
#![no_main]

use fluxcd_dialect::duration::Duration;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Duration::parse(text) {
        Ok(duration) => {
            let printed = duration.to_string();
            let again = Duration::parse(&printed).expect("the canonical text reads");
            assert_eq!(duration, again, "{text:?} printed as {printed:?}");
            assert_eq!(printed, again.to_string());
        }
        Err(error) => {
            let span = error.span();
            assert!(
                text.get(span.start..span.end).is_some(),
                "{text:?}: {span:?} cuts a character or lies outside"
            );
            assert!(!error.to_string().is_empty());
        }
    }
});
