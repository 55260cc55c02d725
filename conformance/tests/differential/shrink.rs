//! Makes a differing input smaller while it still differs.

use std::time::{Duration, Instant};

use fluxcd_conformance::ops::{bytes, bytes_result};
use serde_json::{Value, json};

/// More time for one input makes a report nicer and a broken build slower.
const TIME: Duration = Duration::from_secs(3);
/// Texts, which are shortened line by line and then byte by byte.
const TEXTS: &[&str] = &["expression", "pattern", "template", "text", "manifest"];
/// Values that lose their parts but keep their shape.
const SETTINGS: &[&str] = &[
    "data",
    "vars",
    "sources",
    "postBuild",
    "strict",
    "dryRun",
    "object",
    "spec",
    "exclusionList",
    "filterTags",
    "tags",
    "args",
    "object",
    "related",
    "healthChecks",
];

/// The smallest input that was found to differ; the given one at worst.
pub(crate) fn shrink(input: &Value, mut differs: impl FnMut(&Value) -> bool) -> Value {
    let end = Instant::now() + TIME;
    let mut still = |candidate: &Value| Instant::now() < end && differs(candidate);
    let mut smallest = input.clone();
    for key in SETTINGS {
        shrink_value(&mut smallest, key, &mut still);
    }
    for key in TEXTS {
        shrink_text(&mut smallest, key, &mut still);
    }
    for key in SETTINGS {
        shrink_value(&mut smallest, key, &mut still);
    }
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

fn shrink_text(smallest: &mut Value, key: &str, mut still: impl FnMut(&Value) -> bool) {
    let Ok(text) = bytes(smallest, key) else {
        return;
    };
    let with = |parts: &[Vec<u8>]| {
        let mut input = smallest.clone();
        input[key] = bytes_result(&parts.concat());
        input
    };
    let lines = text
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let lines = without_parts(lines, |lines| still(&with(lines)));
    let bytes = lines.concat().chunks(1).map(<[u8]>::to_vec).collect();
    *smallest = with(&without_parts(bytes, |bytes| still(&with(bytes))));
}

fn shrink_value(smallest: &mut Value, key: &str, mut still: impl FnMut(&Value) -> bool) {
    while let Some(value) = smallest.get(key) {
        let mut without = smallest.clone();
        without.as_object_mut().unwrap().remove(key);
        let thinner = thinner_values(value).into_iter().map(|value| {
            let mut candidate = smallest.clone();
            candidate[key] = value;
            candidate
        });
        let found = std::iter::once(without)
            .chain(thinner)
            .find(|candidate| still(candidate));
        match found {
            Some(candidate) => *smallest = candidate,
            None => break,
        }
    }
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
    let mut found: Vec<Value> = match value {
        Value::Array(items) => items.clone(),
        Value::Object(members) => members.values().cloned().collect(),
        _ => Vec::new(),
    };
    found.extend(changed_parts(value, smaller_values));
    found
}

/// The value without one of its parts.
fn thinner_values(value: &Value) -> Vec<Value> {
    changed_parts(value, thinner_values)
}

/// The value without one of its parts, and with each part changed in every way.
fn changed_parts(value: &Value, change: impl Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Array(items) => {
            for index in 0..items.len() {
                let mut rest = items.clone();
                rest.remove(index);
                found.push(Value::Array(rest));
            }
            for index in 0..items.len() {
                for candidate in change(&items[index]) {
                    let mut changed = items.clone();
                    changed[index] = candidate;
                    found.push(Value::Array(changed));
                }
            }
        }
        Value::Object(members) => {
            for key in members.keys() {
                let mut rest = members.clone();
                rest.remove(key);
                found.push(Value::Object(rest));
            }
            for (key, item) in members {
                for candidate in change(item) {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), candidate);
                    found.push(Value::Object(changed));
                }
            }
        }
        Value::String(text) => {
            let middle = text.char_indices().nth(text.chars().count() / 2);
            if let Some((half, _)) = middle.filter(|(half, _)| *half > 0) {
                found.extend([json!(text[..half]), json!(text[half..])]);
            }
            found
                .extend(text.char_indices().map(|(at, char)| {
                    json!(text[..at].to_owned() + &text[at + char.len_utf8()..])
                }));
        }
        _ => {}
    }
    found
}
