//! Makes a differing input smaller while it still differs.

use std::time::{Duration, Instant};

use fluxcd_conformance::ops::{bytes, bytes_result};
use serde_json::{Value, json};

/// More time for one input makes a report nicer and a broken build slower.
const TIME: Duration = Duration::from_secs(3);

/// The smallest input that was found to differ; the given one at worst.
pub(crate) fn shrink(input: &Value, mut differs: impl FnMut(&Value) -> bool) -> Value {
    let end = Instant::now() + TIME;
    let mut still = |candidate: &Value| Instant::now() < end && differs(candidate);
    if let Ok(text) = bytes(input, "text") {
        let with = |parts: &[Vec<u8>]| {
            let mut input = input.clone();
            input["text"] = bytes_result(&parts.concat());
            input
        };
        let lines = text
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        let lines = without_parts(lines, |lines| still(&with(lines)));
        let bytes = lines.concat().chunks(1).map(<[u8]>::to_vec).collect();
        return with(&without_parts(bytes, |bytes| still(&with(bytes))));
    }
    let mut smallest = input.clone();
    while let Some(value) = smallest["json"]
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
    {
        let mut candidates = smaller_values(&value)
            .into_iter()
            .map(|value| json!({ "json": value.to_string() }));
        match candidates.find(&mut still) {
            Some(candidate) => smallest = candidate,
            None => break,
        }
    }
    smallest
}

/// Leaves out runs of parts, long ones first, for as long as the rest still differs.
fn without_parts(
    mut parts: Vec<Vec<u8>>,
    mut still: impl FnMut(&[Vec<u8>]) -> bool,
) -> Vec<Vec<u8>> {
    let mut width = parts.len();
    while width > 0 {
        let mut start = 0;
        while start < parts.len() {
            let end = (start + width).min(parts.len());
            let rest = [&parts[..start], &parts[end..]].concat();
            if still(&rest) {
                parts = rest;
            } else {
                start = end;
            }
        }
        width /= 2;
    }
    parts
}

/// Any part of the value alone, or the value without one of its parts.
fn smaller_values(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Array(items) => {
            found.extend(items.iter().cloned());
            for index in 0..items.len() {
                let mut rest = items.clone();
                rest.remove(index);
                found.push(Value::Array(rest));
                for candidate in smaller_values(&items[index]) {
                    let mut changed = items.clone();
                    changed[index] = candidate;
                    found.push(Value::Array(changed));
                }
            }
        }
        Value::Object(members) => {
            found.extend(members.values().cloned());
            for (key, item) in members {
                let mut rest = members.clone();
                rest.remove(key);
                found.push(Value::Object(rest));
                for candidate in smaller_values(item) {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), candidate);
                    found.push(Value::Object(changed));
                }
            }
        }
        Value::String(text) => {
            found
                .extend(text.char_indices().map(|(at, char)| {
                    json!(text[..at].to_owned() + &text[at + char.len_utf8()..])
                }));
        }
        _ => {}
    }
    found
}
