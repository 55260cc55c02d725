//! Any bytes, in every dialect: no panic; every place lies in the text and cuts no character.
#![no_main]

use std::ops::Range;

use fluxcd_dialect::yaml::{self, Error, Loader, Segment, Spans};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &[u8]| {
    for loader in [Loader::v2(), Loader::v2().strict(), Loader::v3()] {
        let loaded = loader.load_with_spans(text);
        assert_eq!(
            loaded.as_ref().map(|(value, _)| value),
            loader.load(text).as_ref(),
            "spans change the answer"
        );
        match loaded {
            // The places in a text of two bytes a character are those in another text.
            Ok((value, spans)) => {
                if let Ok(text) = std::str::from_utf8(text) {
                    check(text, &value, &spans, &mut Vec::new());
                }
            }
            Err(error) => check_error(text, &error),
        }
    }
    let outcomes = [
        yaml::read(text, &Loader::v2()).map(drop),
        yaml::read_v3(text, &Loader::v3()).map(drop),
        yaml::split(text).try_for_each(|piece| piece.map(drop)),
    ];
    for outcome in outcomes {
        if let Err(error) = outcome {
            check_error(text, &error);
        }
    }
});

fn check(text: &str, value: &Value, spans: &Spans, path: &mut Vec<Segment>) {
    let (nearest, known) = spans.nearest(path);
    assert!(known <= path.len());
    for span in [Some(nearest), spans.value(path), spans.key(path)]
        .into_iter()
        .flatten()
    {
        assert!(
            text.get(span.clone()).is_some(),
            "{path:?}: {span:?} cuts a character or lies outside"
        );
    }
    // Aliases repeat parts of a text; there is nothing new to see in the depths of a bomb.
    if path.len() > 8 {
        return;
    }
    let steps: Vec<(Segment, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .take(32)
            .map(|(index, item)| (index.into(), item))
            .collect(),
        Value::Object(members) => members
            .iter()
            .take(32)
            .map(|(key, item)| (key.as_str().into(), item))
            .collect(),
        _ => return,
    };
    for (step, item) in steps {
        path.push(step);
        check(text, item, spans, path);
        path.pop();
    }
}

fn check_error(text: &[u8], error: &Error) {
    let Range { start, end } = *error.span();
    assert!(
        start <= end && (end <= text.len() || is_wide(text)),
        "{error}: {start}..{end} of {}",
        text.len()
    );
    assert!(error.line() >= 1 && error.column() >= 1, "{error}");
}

/// A text in UTF-16, or one document of a stream in it, may be longer in UTF-8, which its places count in.
fn is_wide(text: &[u8]) -> bool {
    text.windows(2)
        .any(|pair| matches!(pair, [0xFF, 0xFE] | [0xFE, 0xFF]))
}
