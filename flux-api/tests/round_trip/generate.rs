//! Objects made out of the CRD facts: everything that the API server admits by shape, and some words that it does not.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Answers the choices of the generator, one byte each; zero when they have run out.
pub(crate) struct Choices<'a>(pub(crate) &'a [u8]);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % limit
            }
            None => 0,
        }
    }

    fn one<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }
}

/// A schema as a tree, rebuilt from paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    facts: Map<String, Value>,
    members: BTreeMap<String, Self>,
}

impl Node {
    /// The tree of one version of a fact file.
    pub(crate) fn of(fields: &Map<String, Value>) -> Self {
        let mut root = Self::default();
        for (path, facts) in fields.iter().filter(|(path, _)| *path != ".") {
            let spaced = path.replace("[]", ".[]").replace("{}", ".{}");
            let node = spaced.split('.').fold(&mut root, |node, step| {
                node.members.entry(step.to_owned()).or_default()
            });
            node.facts = facts.as_object().unwrap().clone();
        }
        root
    }

    /// An object of that type.
    pub(crate) fn object(&self, api_version: &str, kind: &str, choices: &mut Choices<'_>) -> Value {
        let mut object = Map::new();
        object.insert("apiVersion".to_owned(), json!(api_version));
        object.insert("kind".to_owned(), json!(kind));
        object.insert("metadata".to_owned(), metadata(choices));
        object.insert(
            "spec".to_owned(),
            self.members["spec"].value("spec", choices),
        );
        if let Some(status) = self.members.get("status").filter(|_| choices.below(3) > 0) {
            object.insert("status".to_owned(), status.value("status", choices));
        }
        Value::Object(object)
    }

    fn value(&self, name: &str, choices: &mut Choices<'_>) -> Value {
        let fact = |fact: &str| self.facts.get(fact);
        if fact("preserveUnknownFields").is_some() {
            return anything(choices, 2);
        }
        if let Some(words) = fact("enum").and_then(Value::as_array) {
            let index = choices.below(words.len() + 1);
            return words
                .get(index)
                .cloned()
                .unwrap_or_else(|| json!("a-word-of-tomorrow"));
        }
        match fact("type").and_then(Value::as_str) {
            Some("boolean") => json!(choices.below(2) == 1),
            Some("integer") => json!(*choices.one(&[0, 1, -1, 5, 2_147_483_648_i64])),
            Some("array") => {
                let count = choices.below(3);
                (0..count)
                    .map(|_| self.members["[]"].value(name, choices))
                    .collect()
            }
            Some("object") => self.members_value(choices),
            _ if fact("format").is_some() => {
                json!(*choices.one(&["2026-03-01T12:00:00Z", "1999-12-31T23:59:59Z"]))
            }
            _ if self.is_duration(name) => {
                json!(*choices.one(&["1m0s", "30s", "1h0m0s", "500ms", "0s", "1.5s"]))
            }
            _ => json!(*choices.one(&["", "a", "a/b@c", "*", "ünïcode ✓", "true", "line\nline"])),
        }
    }

    fn members_value(&self, choices: &mut Choices<'_>) -> Value {
        let mut object = Map::new();
        if let Some(node) = self.members.get("{}") {
            for key in ["", "a.b/c", "z"].into_iter().take(choices.below(4)) {
                object.insert(key.to_owned(), node.value(key, choices));
            }
        }
        for (name, node) in self.members.iter().filter(|(name, _)| *name != "{}") {
            if node.facts.contains_key("required") || choices.below(2) == 1 {
                object.insert(name.clone(), node.value(name, choices));
            }
        }
        // A member that is null counts as absent, as it does in Go.
        object.retain(|name, value| !value.is_null() || !self.members.contains_key(name));
        Value::Object(object)
    }

    fn is_duration(&self, name: &str) -> bool {
        let pattern = self
            .facts
            .get("pattern")
            .and_then(Value::as_str)
            .unwrap_or_default();
        pattern.starts_with(r"^([0-9]+(\.[0-9]+)?(ms|s|m") || name.ends_with("Duration")
    }
}

fn metadata(choices: &mut Choices<'_>) -> Value {
    match choices.below(3) {
        0 => json!({ "name": "a" }),
        1 => {
            json!({ "name": "a", "namespace": "b", "labels": { "c": "d" }, "annotations": {}, "generation": 3 })
        }
        _ => {
            json!({ "name": "a", "creationTimestamp": "2026-03-01T12:00:00Z", "finalizers": ["finalizers.fluxcd.io"] })
        }
    }
}

fn anything(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.below(if depth == 0 { 5 } else { 7 }) {
        0 => json!(null),
        1 => json!(true),
        2 => json!(1.5),
        3 => json!(u64::MAX),
        4 => json!("text"),
        5 => json!([anything(choices, depth - 1)]),
        _ => json!({ "a": anything(choices, depth - 1), "": {} }),
    }
}
