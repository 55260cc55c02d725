//! Expression and data, with a zero byte between: no panic; an error has its place; the same again gives the same.
#![no_main]

use fluxcd_dialect::cel::{Declarations, Options, Program, Variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let [source, data] = [(); 2].map(|()| parts.next().unwrap_or_default());
    let Ok(source) = std::str::from_utf8(source) else {
        return;
    };
    let data = serde_json::from_slice(data).unwrap_or_default();
    let variables = Variables::of(&data);
    let mut options = Options::default();
    options.quoted_fields = true;
    options.limits.steps = 100_000;
    options.limits.size = 1 << 22;
    let program = match Program::parse_with(source, &options) {
        Ok(program) => program,
        Err(error) => {
            assert!(source.get(error.span()).is_some());
            assert!(!error.explain(source).is_empty());
            return;
        }
    };
    if let Err(error) = program.check(&Declarations::objects(["self", "dep"])) {
        assert!(source.get(error.span()).is_some());
    }
    match program.evaluate(&variables) {
        Ok(value) => {
            let again = program.evaluate(&variables).expect("a value again");
            assert_eq!(format!("{value:?}"), format!("{again:?}"));
            let _ = value.to_json();
        }
        Err(error) => assert!(source.get(error.span()).is_some()),
    }
});
