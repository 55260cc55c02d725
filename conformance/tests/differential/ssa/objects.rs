//! Objects with labels, annotations, specs and managed fields.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

const KINDS: &[(&str, &str)] = &[
    ("apps/v1", "Deployment"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "Pod"),
    ("v1", "Namespace"),
    ("v2", "Namespace"),
    ("v1", "namespace"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apiextensions.k8s.io/v1beta1", "customResourceDefinition"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "CLUSTERROLE"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("example.com/v1", "WidgetClass"),
    ("example.com/v1", "Widgetclass"),
    ("example.com/v1", "Class"),
    ("example.com/v1", "Widget"),
    ("example.com/v1", "Deployment"),
    (
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
    ),
    (
        "admissionregistration.k8s.io/v1",
        "MutatingWebhookConfiguration",
    ),
    ("a/b/c", "Widget"),
    ("/", "Widget"),
    ("/v1", "Pod"),
    ("apps/", "Deployment"),
    ("", "Widget"),
    ("v1", "Cluſterrole"),
];

pub(super) fn many(rng: &mut Rng) -> Vec<Value> {
    (0..rng.between(0, 8)).map(|_| object(rng)).collect()
}

fn object(rng: &mut Rng) -> Value {
    let (api_version, kind) = rng.pick(KINDS);
    let mut object = json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": rng.word("a b web system:view x_ a__b"), "namespace": rng.word("default shop b")},
    });
    match rng.below(20) {
        0 => drop(
            object["metadata"]
                .as_object_mut()
                .unwrap()
                .remove("namespace"),
        ),
        1 => object["metadata"]["namespace"] = json!(""),
        2 => object["metadata"]["name"] = json!(1),
        3 if rng.percent(30) => {
            object["metadata"] = rng
                .pick(&[json!(null), json!([]), json!("x")].each_ref())
                .clone()
        }
        4 if rng.percent(30) => object["kind"] = json!(null),
        _ => {}
    }
    object
}

/// An object with labels and annotations, among them those that steer how it is applied.
pub(super) fn marked(rng: &mut Rng) -> Value {
    let mut object = object(rng);
    for map in ["labels", "annotations"] {
        if rng.percent(60) && object["metadata"].is_object() {
            object["metadata"][map] = texts(rng);
        }
    }
    object
}

/// The same with what only the cluster adds.
pub(super) fn live(rng: &mut Rng) -> Value {
    let mut object = marked(rng);
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    if rng.percent(85) {
        object["metadata"]["uid"] = rng.pick(&["u-1", "u-1", ""]).into();
    }
    object["metadata"]["resourceVersion"] = json!("7");
    object
}

fn texts(rng: &mut Rng) -> Value {
    if rng.percent(3) {
        return rng
            .pick(&[json!(null), json!([]), json!("x"), json!({"a": 1})].each_ref())
            .clone();
    }
    let mut texts = Map::new();
    for _ in 0..rng.between(0, 3) {
        let key = rng.pick(&[
            "kustomize.toolkit.fluxcd.io/reconcile",
            "kustomize.toolkit.fluxcd.io/ssa",
            "kustomize.toolkit.fluxcd.io/ssa",
            "kustomize.toolkit.fluxcd.io/prune",
            "kustomize.toolkit.fluxcd.io/force",
            "kustomize.toolkit.fluxcd.io/substitute",
            "app",
            "tier",
            "n",
            "x.y/z",
        ]);
        let value = rng.pick(&[
            "disabled",
            "Disabled",
            "diſabled",
            "ignore",
            "Ignore",
            "IfNotPresent",
            "ifnotpresent",
            "Merge",
            "enabled",
            "ENABLED",
            "",
            " disabled",
            "web",
            "front",
            "5",
            "-5",
            "+5",
            "a b",
        ]);
        texts.insert(key.to_owned(), json!(value));
    }
    match rng.below(40) {
        0 => drop(texts.insert("app".to_owned(), json!(null))),
        1 => drop(texts.insert("app".to_owned(), json!(1))),
        _ => {}
    }
    Value::Object(texts)
}

/// A live object and the result of its dry run, which differ in little or nothing.
pub(super) fn pair(rng: &mut Rng) -> (Value, Value) {
    let (api_version, kind) = rng.pick(&[
        ("apps/v1", "Deployment"),
        ("apps/v1", "Deployment"),
        ("v1", "ConfigMap"),
        ("example.com/v1", "Widget"),
        ("a/b/c", "Widget"),
    ]);
    let mut live = json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": "d", "namespace": "ns", "resourceVersion": "5"},
        "spec": {
            "replicas": number(rng),
            "template": {"spec": {"containers": containers(rng)}},
            "a/b": value(rng, 0),
            "m~n": value(rng, 0),
            "0": value(rng, 0),
            "lists": [[1, 2], [{"name": "x"}]],
        },
        "data": {"a": value(rng, 0), "b": value(rng, 0), "-1": "x"},
    });
    for map in ["labels", "annotations"] {
        if rng.percent(60) {
            live["metadata"][map] = texts(rng);
        }
    }
    if rng.percent(15) {
        live["apiVersion"] = rng
            .word("autoscaling/v2 autoscaling/v2 autoscaling/v1 example.com/v1")
            .into();
        live["kind"] = json!("HorizontalPodAutoscaler");
        live["spec"] = autoscaler(rng);
    }
    if rng.percent(10) {
        live[rng.word("status x items")] = value(rng, 0);
    }
    let mut dry_run = live.clone();
    for _ in 0..rng.pick(&[0, 0, 1, 1, 2, 3]) {
        change(rng, &mut dry_run);
    }
    match rng.below(30) {
        0 => drop(
            dry_run["metadata"]
                .as_object_mut()
                .unwrap()
                .remove("resourceVersion"),
        ),
        1 => dry_run["metadata"]["resourceVersion"] = json!("6"),
        2 => dry_run["metadata"]["finalizers"] = json!(["x"]),
        3 => dry_run["status"] = json!({"x": 1}),
        _ => {}
    }
    (live, dry_run)
}

fn containers(rng: &mut Rng) -> Value {
    let container = |rng: &mut Rng, name: &str| {
        let mut container = json!({"name": name, "image": rng.word("i:1 i:2")});
        if rng.percent(50) {
            container["ports"] = json!([{"containerPort": rng.pick(&[80, 443]), "protocol": "TCP"}, {"containerPort": 80.5}]);
        }
        if rng.percent(30) {
            container["args"] = json!(["a", "b", "c"]);
        }
        container
    };
    let names = ["x", "y", "a<b"];
    (0..rng.between(0, 3))
        .map(|place| container(rng, names[place]))
        .collect()
}

fn autoscaler(rng: &mut Rng) -> Value {
    let metric = |rng: &mut Rng| {
        let target = match rng.percent(70) {
            true => json!({"type": "AverageValue", "averageValue": rng.pick(&["1", "1000m", "2"])}),
            false => json!({"type": "Utilization", "averageUtilization": rng.pick(&[50, 60])}),
        };
        match rng.below(8) {
            0 => json!({"type": ""}),
            1 => json!({}),
            2 => json!({"type": "Pods", "unknown": 1}),
            3 => value(rng, 1),
            _ => json!({"type": "Resource", "resource": {"name": "cpu", "target": target}}),
        }
    };
    let mut spec = json!({"maxReplicas": rng.pick(&[3, 3, 4]), "scaleTargetRef": {"kind": "Deployment", "name": "d"}});
    if rng.percent(50) {
        spec["minReplicas"] = rng
            .pick(&[json!(1), json!(1.0), json!(null), json!(1.5)].each_ref())
            .clone();
    }
    if rng.percent(80) {
        let count = rng.between(0, 3);
        spec["metrics"] = (0..count).map(|_| metric(rng)).collect();
    }
    spec
}

fn number(rng: &mut Rng) -> Value {
    match rng.below(10) {
        0 => json!(2.0),
        1 => json!(2.5),
        2 => json!(9_223_372_036_854_776_000_u64),
        3 => json!(1e30),
        4 => json!(1e18),
        5 => json!("2"),
        6 => json!(3),
        _ => json!(2),
    }
}

fn value(rng: &mut Rng, depth: usize) -> Value {
    match rng.below(if depth < 3 { 9 } else { 6 }) {
        0 => json!(null),
        1 => json!(rng.percent(50)),
        2 => json!(rng.word("a b c")),
        3 => json!([]),
        4 => json!({}),
        5 => number(rng),
        6 => (0..rng.between(1, 3))
            .map(|_| value(rng, depth + 1))
            .collect(),
        _ => {
            let keys =
                (0..rng.between(1, 3)).map(|_| rng.pick(&["a", "b", "0", "x/y", "~", "", "-"]));
            let keys: Vec<_> = keys.collect();
            let members = keys
                .into_iter()
                .map(|key| (key.to_owned(), value(rng, depth + 1)));
            Value::Object(members.collect())
        }
    }
}

/// Changes one thing somewhere.
pub(super) fn change(rng: &mut Rng, object: &mut Value) {
    let paths = paths(object);
    let path = &paths[rng.below(paths.len())];
    if path.is_empty() || path == "/metadata" || path == "/kind" || path == "/apiVersion" {
        return;
    }
    let (parent, key) = path.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    let parent = object.pointer_mut(parent).unwrap();
    match (rng.below(3), parent) {
        (0, Value::Object(map)) => drop(map.remove(&key)),
        (0, Value::Array(items)) => drop(items.remove(key.parse().unwrap())),
        (1, Value::Object(map)) => {
            drop(map.insert(rng.word("new a b app").to_owned(), json!("new")))
        }
        (_, Value::Object(map)) => drop(map.insert(key, value(rng, 1))),
        (1, Value::Array(items)) => items.push(value(rng, 1)),
        (_, Value::Array(items)) => items[key.parse::<usize>().unwrap()] = value(rng, 1),
        _ => {}
    }
}

/// Every JSON pointer into a value.
pub(super) fn paths(value: &Value) -> Vec<String> {
    let mut paths = vec![String::new()];
    let below: Vec<(String, &Value)> = match value {
        Value::Object(map) => {
            let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
            map.iter()
                .map(|(key, value)| (escape(key), value))
                .collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(place, item)| (place.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (segment, value) in below {
        let deeper = self::paths(value);
        paths.extend(deeper.into_iter().map(|path| format!("/{segment}{path}")));
    }
    paths
}

/// Entries of `managedFields`, most of which own something that the object has.
pub(super) fn managed_fields(rng: &mut Rng, object: &Value) -> Value {
    if rng.percent(2) {
        return rng
            .pick(
                &[
                    json!(null),
                    json!("x"),
                    json!({}),
                    json!([null]),
                    json!([1]),
                ]
                .each_ref(),
            )
            .clone();
    }
    (0..rng.between(0, 5)).map(|_| entry(rng, object)).collect()
}

fn entry(rng: &mut Rng, object: &Value) -> Value {
    let managers = "kustomize-controller kustomize-controller kubectl kubectl-edit kubectl-client-side-apply before-first-apply helm hpa \
        flux-client-side-apply my-kubectl kustomize-controller-2";
    let mut entry = json!({
        "manager": rng.word(managers),
        "operation": rng.word("Apply Apply Update Update apply"),
        "apiVersion": rng.word("apps/v1 apps/v1beta1"),
        "time": rng.pick(&["2024-01-01T00:00:00Z", "2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00.5Z", "0001-01-01T00:00:00Z"]),
        "fieldsType": "FieldsV1",
        "fieldsV1": fields(rng, object),
    });
    let map = entry.as_object_mut().unwrap();
    match rng.below(16) {
        0 => drop(map.insert("subresource".to_owned(), rng.word("status scale").into())),
        1 => drop(map.remove("fieldsV1")),
        2 => drop(map.remove("time")),
        3 => map.retain(|key, _| key == "manager" || key == "operation"),
        4 => map.clear(),
        5 => drop(map.insert("time".to_owned(), json!(null))),
        6 if rng.percent(30) => drop(
            map.insert(
                "time".to_owned(),
                rng.pick(
                    &[
                        json!("x"),
                        json!(1),
                        json!(""),
                        json!("2024-01-01T7:00:00Z"),
                        json!("2024-01-01t00:00:00Z"),
                        json!("2024-01-01T00:00:00,5Z"),
                        json!("2024-01-01T00:00:60Z"),
                        json!("2024-02-30T00:00:00Z"),
                        json!("2024-01-01T00:00:00+24:00"),
                    ]
                    .each_ref(),
                )
                .clone(),
            ),
        ),
        7 if rng.percent(30) => drop(map.insert(
            "manager".to_owned(),
            rng.pick(&[json!(1), json!(null)].each_ref()).clone(),
        )),
        8 if rng.percent(50) => {
            let odd = [
                json!(null),
                json!("x"),
                json!([]),
                json!({"f:a": 1}),
                json!({"fx": {}}),
                json!({"x:y": {}, "f:b": {}}),
            ];
            drop(map.insert("fieldsV1".to_owned(), rng.pick(&odd.each_ref()).clone()));
        }
        9 => drop(map.insert("unknown".to_owned(), json!(1))),
        _ => {}
    }
    entry
}

/// A set of fields as the API server would write it for some paths of the object.
fn fields(rng: &mut Rng, object: &Value) -> Value {
    let paths = paths(object);
    let mut fields = json!({});
    for _ in 0..rng.between(0, 5) {
        let path = paths[rng.below(paths.len())].clone();
        let mut at = &mut fields;
        let mut value = object;
        for segment in path.split('/').skip(1) {
            let key = segment.replace("~1", "/").replace("~0", "~");
            let (element, below) = match value {
                Value::Array(items) => {
                    let index: usize = key.parse().unwrap();
                    (item(rng, index, &items[index]), &items[index])
                }
                _ => (format!("f:{key}"), &value[key.as_str()]),
            };
            value = below;
            at = at
                .as_object_mut()
                .unwrap()
                .entry(element)
                .or_insert_with(|| json!({}));
        }
        if rng.percent(30) && at.as_object().is_some_and(|map| !map.is_empty()) {
            at["."] = json!({});
        }
    }
    fields
}

fn item(rng: &mut Rng, index: usize, item: &Value) -> String {
    let Value::Object(map) = item else {
        return match rng.percent(70) {
            true => format!("v:{item}"),
            false => format!("i:{index}"),
        };
    };
    let mut keys = Map::new();
    for key in ["name", "containerPort", "protocol"] {
        if let Some(value) = map.get(key) {
            keys.insert(key.to_owned(), value.clone());
        }
    }
    match rng.below(20) {
        0 => "k:{}".to_owned(),
        1 => "k:{\"name\":1}".to_owned(),
        2 => "k:null".to_owned(),
        3 => format!("k:{} ", Value::Object(keys))
            .replace(':', ": ")
            .replacen(": ", ":", 1),
        _ => format!("k:{}", Value::Object(keys)),
    }
}
