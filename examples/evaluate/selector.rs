//! Which objects a patch hits.

use serde_json::Value;

use crate::store::text;

/// Whether something applies. What is not understood, or depends on more than the object, is `Maybe`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Match {
    /// It does not.
    No,
    /// It may.
    Maybe,
    /// It does.
    Yes,
}

/// Whether a strategic merge patch is for the object, by what it names. Overlays may have moved the object to another
/// namespace, and kustomize knows it by the former one too.
pub(crate) fn names(patch: &Value, object: &Value) -> Match {
    let same = |pointer| text(patch, pointer) == text(object, pointer);
    let api_version = text(patch, "/apiVersion");
    let group = api_version.is_empty() || group(api_version) == group(text(object, "/apiVersion"));
    let namespace = text(patch, "/metadata/namespace");
    if !group || !same("/kind") || !same("/metadata/name") {
        Match::No
    } else if namespace.is_empty() || same("/metadata/namespace") {
        Match::Yes
    } else {
        Match::Maybe
    }
}

/// Whether the selector of an entry of `patches` selects the object.
pub(crate) fn matches(selector: &Value, object: &Value) -> Match {
    let api_version = text(object, "/apiVersion");
    let version = api_version.rsplit('/').next().unwrap_or_default();
    let namespace = match pattern(
        text(selector, "/namespace"),
        text(object, "/metadata/namespace"),
    ) {
        Match::No => Match::Maybe,
        other => other,
    };
    let answers = [
        pattern(text(selector, "/group"), group(api_version)),
        pattern(text(selector, "/version"), version),
        pattern(text(selector, "/kind"), text(object, "/kind")),
        pattern(text(selector, "/name"), text(object, "/metadata/name")),
        namespace,
        requirements(text(selector, "/labelSelector"), object, "labels"),
        requirements(text(selector, "/annotationSelector"), object, "annotations"),
    ];
    answers.into_iter().min().unwrap_or(Match::Yes)
}

fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A regular expression that has to match the whole text. Words and alternatives of words are understood; an empty
/// pattern selects everything.
fn pattern(pattern: &str, text: &str) -> Match {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let is_word = |word: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        word.bytes().all(plain) && !word.contains("..")
    };
    if pattern.is_empty() || pattern == ".*" || pattern.split('|').any(|word| word == text) {
        Match::Yes
    } else if pattern.split('|').all(is_word) {
        Match::No
    } else {
        Match::Maybe
    }
}

/// A selector for labels or annotations: `a=b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a` and `!a`, with commas between
/// them.
fn requirements(selector: &str, object: &Value, field: &str) -> Match {
    let metadata = object.get("metadata");
    let entries = metadata.and_then(|metadata| metadata.get(field));
    let value = |key: &str| entries?.get(key.trim())?.as_str();
    let mut answer = Match::Yes;
    let mut depth = 0;
    let split = |character: char| {
        depth += i32::from(character == '(') - i32::from(character == ')');
        character == ',' && depth == 0
    };
    for part in selector.split(split).map(str::trim) {
        let set = part.strip_suffix(')').and_then(|part| part.split_once('('));
        let holds = if part.is_empty() {
            true
        } else if let Some((key, values)) = set {
            let mut values = values.split(',').map(str::trim);
            if let Some(key) = key.trim().strip_suffix(" notin") {
                !values.any(|wanted| value(key) == Some(wanted))
            } else if let Some(key) = key.trim().strip_suffix(" in") {
                values.any(|wanted| value(key) == Some(wanted))
            } else {
                return Match::Maybe;
            }
        } else if part.contains(['<', '>', '(', ')']) {
            return Match::Maybe;
        } else if let Some((key, wanted)) = part.split_once("!=") {
            value(key) != Some(wanted.trim())
        } else if let Some((key, wanted)) = part.split_once('=') {
            value(key) == Some(wanted.trim_start_matches('=').trim())
        } else if let Some(key) = part.strip_prefix('!') {
            value(key).is_none()
        } else {
            value(part).is_some()
        };
        if !holds {
            answer = Match::No;
        }
    }
    answer
}
