//! The scripted server beside a real one: the same requests, the same answers.
//!
//! What cannot be the same is made the same before it is compared: uids, times, and versions, of which only the order counts.

use std::collections::BTreeMap;

use fluxcd_kube::testing::FakeApi;
use http::Request;
use http_body_util::BodyExt as _;
use kube::Client;
use kube::client::Body;
use serde_json::{Value, json};

use crate::{namespace, server};

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const PATCH: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

/// Namespaces that begin empty, and requests to each.
const ROUNDS: usize = 12;
const STEPS: usize = 40;

/// A request, without the namespace.
#[derive(Debug, Clone)]
struct Step {
    method: &'static str,
    path: String,
    content_type: &'static str,
    body: Value,
}

/// One of the two servers, and what it said.
struct Side {
    client: Client,
    namespace: String,
    /// What stands for the uids that it gave: the first one is `uid-0`.
    uids: BTreeMap<String, String>,
    versions: BTreeMap<String, String>,
}

impl Side {
    fn new(client: Client, namespace: String) -> Self {
        Self {
            client,
            namespace,
            uids: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    async fn send(&mut self, step: &Step) -> (u16, Value) {
        let path = step.path.replace("NAMESPACE", &self.namespace);
        let mut text = match &step.body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        // The other way round: what a request names is what this server gave.
        for (own, common) in &self.uids {
            text = text.replace(common, own);
        }
        let versions: Vec<_> = self.versions.iter().collect();
        for (object, version) in versions {
            text = text.replace(&format!("version-{object}"), version);
        }
        let request = Request::builder().method(step.method).uri(path);
        let request = request.header("content-type", step.content_type);
        let request = request.header("user-agent", "unknown");
        let body = match text.is_empty() {
            true => Body::empty(),
            false => Body::from(text.into_bytes()),
        };
        let response = self.client.send(request.body(body).unwrap()).await.unwrap();
        let code = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let text = text.replace(&self.namespace, "NAMESPACE");
        let mut body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        self.mask(&mut body);
        (code, body)
    }

    /// Makes an answer comparable.
    fn mask(&mut self, body: &mut Value) {
        if let Some(items) = body.get_mut("items").and_then(Value::as_array_mut) {
            items.iter_mut().for_each(|item| self.mask(item));
            body["metadata"] = Value::Null;
            return;
        }
        let uid = body
            .pointer("/metadata/uid")
            .or(body.pointer("/details/uid"));
        if let Some(uid) = uid.and_then(Value::as_str).map(str::to_owned) {
            let number = self.uids.len();
            self.uids
                .entry(uid)
                .or_insert_with(|| format!("uid-{number:04}"));
        }
        let name = body.pointer("/metadata/name").and_then(Value::as_str);
        let name = format!("{}/{}", body["kind"], name.unwrap_or_default());
        let version = body
            .pointer("/metadata/resourceVersion")
            .and_then(Value::as_str);
        if let Some(version) = version.map(str::to_owned) {
            let before = self.versions.insert(name.replace('"', ""), version.clone());
            let changed = before.as_ref() != Some(&version);
            // An apply that changes nothing still makes a new version if it changes the order of several managers, and
            // that depends on the second in which it comes.
            let managers = body
                .pointer("/metadata/managedFields")
                .and_then(Value::as_array);
            let is_clear = managers.is_none_or(|managers| managers.len() < 2);
            let word = if changed { "another" } else { "same" };
            body["metadata"]["resourceVersion"] = json!(if is_clear { word } else { "any" });
        }
        let metadata = body.get_mut("metadata").and_then(Value::as_object_mut);
        if let Some(metadata) = metadata {
            for field in ["creationTimestamp", "deletionTimestamp"] {
                metadata
                    .entry(field)
                    .and_modify(|time| *time = json!("then"));
            }
            let managers = metadata
                .get_mut("managedFields")
                .and_then(Value::as_array_mut);
            if let Some(managers) = managers {
                for manager in managers.iter_mut() {
                    manager["time"] = json!("then");
                }
                // The order depends on the second in which they wrote.
                managers.sort_by_key(Value::to_string);
            }
        }
        // That of conflicts with several managers depends on chance. Some problems are found twice.
        let causes = body
            .pointer_mut("/details/causes")
            .and_then(Value::as_array_mut);
        if let Some(causes) = causes {
            causes.sort_by_key(Value::to_string);
            causes.dedup();
        }
        let mut text = body.to_string();
        for (own, common) in &self.uids {
            text = text.replace(own, common);
        }
        // Messages name versions.
        for version in self.versions.values() {
            text = text.replace(&format!("in record ({version})"), "in record (version)");
        }
        *body = serde_json::from_str(&text).unwrap();
    }
}

fn definition() -> Value {
    let text = json!({"type": "string"});
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.fake.example.com"},
        "spec": {
            "group": "fake.example.com",
            "scope": "Namespaced",
            "names": {"kind": "Thing", "plural": "things", "singular": "thing", "listKind": "ThingList"},
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                    "status": open,
                    "spec": {"type": "object", "properties": {
                        "open": open,
                        "part": {"type": "object", "properties": {"x": text, "y": text}},
                        "pairs": {"type": "object", "additionalProperties": text},
                        "rules": {
                            "type": "array",
                            "x-kubernetes-list-type": "map",
                            "x-kubernetes-list-map-keys": ["name"],
                            "items": {"type": "object", "required": ["name"], "properties": {"name": text, "v": text}},
                        },
                        "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": text},
                        "names": {"type": "array", "items": text},
                    }},
                }}},
            }],
        },
    })
}

struct Chance(fastrand::Rng);

impl Chance {
    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.0.usize(..choices.len())].clone()
    }

    fn maybe(&mut self, value: Value) -> Option<Value> {
        self.0.bool().then_some(value)
    }

    /// Some members, never none.
    fn members(&mut self, all: Vec<(&str, Value)>) -> Value {
        let keep = self.0.usize(..all.len());
        let chosen = all
            .into_iter()
            .enumerate()
            .filter(|(index, _)| *index == keep || self.0.bool());
        chosen
            .map(|(_, (name, value))| (name.to_owned(), value))
            .collect()
    }

    fn text(&mut self) -> Value {
        self.pick(&[json!("1"), json!("2")])
    }

    fn metadata(&mut self, name: &str) -> Value {
        let mut metadata = json!({"name": name});
        let labels = [("a", self.text()), ("b", self.text())];
        if let Some(labels) = Some(self.members(labels.into())).filter(|_| self.0.u8(..3) == 0) {
            metadata["labels"] = labels;
        }
        if self.0.u8(..8) == 0 {
            metadata["finalizers"] = json!([self.pick(&["e.com/a", "e.com/b"])]);
        }
        metadata
    }

    fn map(&mut self, name: &str) -> Value {
        let data = [("x", self.text()), ("y", self.text()), ("z", self.text())];
        let mut object =
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": self.metadata(name)});
        if self.0.u8(..6) > 0 {
            object["data"] = self.members(data.into());
        }
        object
    }

    fn thing(&mut self, name: &str) -> Value {
        let rule = |chance: &mut Self, name: &str| match chance.maybe(json!("1")) {
            Some(_) => json!({"name": name, "v": chance.text()}),
            None => json!({"name": name}),
        };
        let rules = [rule(self, "r"), rule(self, "s"), rule(self, "t")];
        let rules: Vec<_> = rules.into_iter().filter(|_| self.0.bool()).collect();
        let tags: Vec<_> = ["p", "q"].into_iter().filter(|_| self.0.bool()).collect();
        let mut all = vec![
            ("open", json!({"a": {"b": self.text()}})),
            ("part", json!({"x": self.text()})),
            ("pairs", json!({"k": self.text()})),
            ("names", json!([self.text()])),
        ];
        if !rules.is_empty() {
            all.push(("rules", json!(rules)));
        }
        if !tags.is_empty() {
            all.push(("tags", json!(tags)));
        }
        let mut object = json!({"apiVersion": "fake.example.com/v1", "kind": "Thing", "metadata": self.metadata(name)});
        if self.0.u8(..6) > 0 {
            object["spec"] = self.members(all);
        }
        object["status"] = json!({"seen": self.text()});
        object
    }

    fn step(&mut self) -> Step {
        let name = self.pick(&["a", "b"]);
        let is_map = self.0.bool();
        let (all, mut body, key) = match is_map {
            true => (
                "/api/v1/namespaces/NAMESPACE/configmaps",
                self.map(name),
                "ConfigMap",
            ),
            false => {
                let all = "/apis/fake.example.com/v1/namespaces/NAMESPACE/things";
                (all, self.thing(name), "Thing")
            }
        };
        let manager = self.pick(&["one", "two"]);
        let dry = if self.0.u8(..6) == 0 {
            "&dryRun=All"
        } else {
            ""
        };
        let one = format!("{all}/{name}");
        let sub = if !is_map && self.0.u8(..4) == 0 {
            "/status"
        } else {
            ""
        };
        let step = |method, path, content_type, body| Step {
            method,
            path,
            content_type,
            body,
        };
        match self.0.u8(..14) {
            0 => step("GET", one, "", Value::Null),
            1 => step("GET", all.to_owned(), "", Value::Null),
            2 => step(
                "POST",
                format!("{all}?fieldManager={manager}{dry}"),
                JSON,
                body,
            ),
            3 | 4 => {
                match self.0.u8(..4) {
                    0 => {}
                    1 => body["metadata"]["resourceVersion"] = json!("1"),
                    _ => {
                        body["metadata"]["resourceVersion"] = json!(format!("version-{key}/{name}"))
                    }
                }
                step(
                    "PUT",
                    format!("{one}{sub}?fieldManager={manager}{dry}"),
                    JSON,
                    body,
                )
            }
            5 | 6 => {
                for field in ["apiVersion", "kind"] {
                    body.as_object_mut().unwrap().remove(field);
                }
                if self.0.u8(..3) == 0 {
                    body["metadata"]["finalizers"] = Value::Null;
                }
                if self.0.u8(..4) == 0 {
                    body[if is_map { "data" } else { "spec" }] = Value::Null;
                }
                step(
                    "PATCH",
                    format!("{one}{sub}?fieldManager={manager}{dry}"),
                    MERGE,
                    body,
                )
            }
            7 => {
                let field = if is_map { "data" } else { "spec" };
                let patch = self.pick(&[
                    json!([{"op": "remove", "path": "/metadata/finalizers"}]),
                    json!([{"op": "test", "path": "/metadata/name", "value": "a"}, {"op": "add", "path": "/metadata/labels", "value": {"c": "1"}}]),
                    json!([{"op": "remove", "path": format!("/{field}")}]),
                    json!([{"op": "add", "path": format!("/{field}"), "value": {}}, {"op": "remove", "path": "/metadata/managedFields"}]),
                    json!([{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]),
                ]);
                step(
                    "PATCH",
                    format!("{one}?fieldManager={manager}{dry}"),
                    PATCH,
                    patch,
                )
            }
            8 => {
                let options = match self.0.u8(..4) {
                    0 => json!({"preconditions": {"uid": "no"}}),
                    1 => json!({"preconditions": {"resourceVersion": "1"}}),
                    _ => Value::Null,
                };
                step("DELETE", one, JSON, options)
            }
            _ => {
                if sub == "/status" {
                    body["metadata"] = json!({"name": name});
                }
                let force = self.pick(&["", "&force=true"]);
                step(
                    "PATCH",
                    format!("{one}{sub}?fieldManager={manager}{force}{dry}"),
                    APPLY,
                    body,
                )
            }
        }
    }
}

#[tokio::test]
async fn the_scripted_server_answers_as_the_real_one() {
    let Some(real) = server().await else { return };
    let client = real.client();
    let fake = FakeApi::new();
    let create = |body: Value| Step {
        method: "POST",
        path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions".to_owned(),
        content_type: JSON,
        body,
    };
    let list = Step {
        method: "GET",
        path: "/apis/fake.example.com/v1/namespaces/NAMESPACE/things".to_owned(),
        content_type: "",
        body: Value::Null,
    };
    let mut chance = Chance(fastrand::Rng::with_seed(7));
    let mut made = false;
    let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
    for round in 0..ROUNDS {
        let name = namespace(&client, "fake").await;
        fake.put(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
        let mut sides = [
            Side::new(client.clone(), name.clone()),
            Side::new(fake.raw_client(), name),
        ];
        if !made {
            for side in &mut sides {
                assert_eq!(side.send(&create(definition())).await.0, 201);
                while side.send(&list).await.0 != 200 {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            }
            made = true;
        }
        let mut past = Vec::new();
        for _ in 0..STEPS {
            let step = chance.step();
            past.push(format!("{} {} {}", step.method, step.path, step.body));
            let [real, fake] = &mut sides;
            let (wanted, found) = (real.send(&step).await, fake.send(&step).await);
            *answers.entry(wanted.0).or_default() += 1;
            assert_eq!(
                found,
                wanted,
                "round {round}, scripted and real, after\n{}",
                past.join("\n")
            );
        }
    }
    for code in [200, 201, 404, 409, 422] {
        assert!(
            answers.contains_key(&code),
            "no request was answered with {code}"
        );
    }
}
