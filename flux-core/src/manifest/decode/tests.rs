use std::collections::BTreeMap;

use fluxcd_api::resource::FluxResource;
use fluxcd_dialect::yaml::Loader;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::super::document::documents;
use super::*;

fn decode(text: &str) -> Decoded<FluxObject> {
    let document = documents(text.as_bytes(), Loader::v2()).next().unwrap();
    document.decode().unwrap()
}

/// Every problem of something broken, as text.
fn broken(text: &str) -> Vec<String> {
    match decode(text) {
        Decoded::Broken { problems } => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

/// The missing fields and the problems of a fragment.
fn fragment(text: &str) -> (Vec<String>, Vec<String>) {
    match decode(text) {
        Decoded::Fragment {
            missing, problems, ..
        } => (
            missing
                .iter()
                .map(|problem| problem.path.to_string())
                .collect(),
            problems.iter().map(ToString::to_string).collect(),
        ),
        other => panic!("{other:?}"),
    }
}

/// The problems of a complete object.
fn complete(text: &str) -> Vec<String> {
    match decode(text) {
        Decoded::Complete { problems, .. } => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: app
spec:
";

#[test]
fn an_object_is_complete_and_the_same_as_decoded_alone() {
    let text = format!("{RELEASE}  interval: 1h\n  chartRef: {{kind: OCIRepository, name: app}}\n");
    let document = documents(text.as_bytes(), Loader::v2()).next().unwrap();
    let alone = FluxObject::decode(document.value().unwrap().clone()).unwrap();
    let Decoded::Complete { object, problems } = document.decode().unwrap() else {
        panic!("not complete");
    };
    assert_eq!((*object, problems), (alone, vec![]));
}

#[test]
fn every_problem_is_reported_with_its_place() {
    let text = format!(
        "{RELEASE}  interval: soon
  intervall: 5m
  suspend: \"yes\"
  chart:
    spec:
      chart: 7
      version: 1.0
      sourceRef:
        kind: HelmRepository
        nam: charts
  dependsOn:
  - name: [a]
  - nmae: b
  - name: c
    extra: {{}}
  install:
    remediation: {{retries: three, colour: red}}
  values: {{anything: goes}}
  suspend: \"no\"
"
    );
    assert_eq!(
        broken(&text),
        [
            "6:13: `spec.interval`: time: invalid duration \"soon\"",
            "7:3: unknown field `spec.intervall`",
            "11:14: `spec.chart.spec.chart`: invalid type: integer `7`, expected a string",
            "12:16: `spec.chart.spec.version`: invalid type: integer `1`, expected a string",
            "13:7: missing field `spec.chart.spec.sourceRef.name`",
            "15:9: unknown field `spec.chart.spec.sourceRef.nam`",
            "17:11: `spec.dependsOn[0].name`: invalid type: sequence, expected a string",
            "18:5: missing field `spec.dependsOn[1].name`",
            "18:5: unknown field `spec.dependsOn[1].nmae`",
            "20:5: unknown field `spec.dependsOn[2].extra`",
            "22:28: `spec.install.remediation.retries`: invalid type: string \"three\", expected i64",
            "22:35: unknown field `spec.install.remediation.colour`",
            "24:3: repeated key `spec.suspend`",
            "24:12: `spec.suspend`: invalid type: string \"no\", expected a boolean",
        ]
    );
}

#[test]
fn what_only_lacks_fields_is_a_fragment() {
    let (missing, problems) = fragment(&format!("{RELEASE}  values: {{replicas: 2}}\n"));
    assert_eq!((missing, problems), (vec!["spec.interval".into()], vec![]));
    let text =
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {intervall: 1m}\n";
    let (missing, problems) = fragment(text);
    assert_eq!(
        missing,
        [
            "metadata.name",
            "spec.interval",
            "spec.prune",
            "spec.sourceRef"
        ]
    );
    assert_eq!(problems, ["3:8: unknown field `spec.intervall`"]);
    // What is missing within a missing field is not listed.
    let (missing, _) = fragment(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n",
    );
    assert_eq!(missing, ["spec"]);
}

#[test]
fn a_bare_object_of_every_kind_is_a_fragment_whose_unknown_fields_are_found() {
    for entry in registry::ALL {
        let text = format!(
            "apiVersion: {}\nkind: {}\nmetadata: {{name: a}}\nspec: {{unheard: 1}}\nunheard: 1\n",
            entry.api_version(),
            entry.kind
        );
        let problems = match decode(&text) {
            Decoded::Fragment {
                missing, problems, ..
            } => {
                assert!(
                    missing.iter().all(|problem| problem.path.len() == 2),
                    "{missing:?}"
                );
                problems
            }
            // Some kinds require nothing.
            Decoded::Complete { problems, .. } => problems,
            other => panic!("{other:?}"),
        };
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        let unknown = [
            "4:8: unknown field `spec.unheard`",
            "5:1: unknown field `unheard`",
        ];
        assert_eq!(problems, unknown, "{text}");
    }
}

#[test]
fn results_can_be_sent_and_shared() {
    const fn shared<T: Send + Sync + Clone + PartialEq + std::fmt::Debug>() {}
    shared::<Document<'_>>();
    shared::<Decoded<FluxObject>>();
    shared::<Error>();
}

#[test]
fn a_name_belongs_to_an_object() {
    let spec = "spec: {interval: 1m, url: https://example.com}\n";
    let head = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n";
    for metadata in [
        "",
        "metadata: {}\n",
        "metadata: {name: }\n",
        "metadata: {name: \"\"}\n",
        "metadata: {generateName: a-}\n",
    ] {
        let (missing, _) = fragment(&format!("{head}{metadata}{spec}"));
        assert_eq!(missing, ["metadata.name"], "{metadata}");
    }
    let problems = broken(&format!("{head}metadata: {{name: 1}}\n{spec}"));
    assert_eq!(
        problems,
        ["3:18: `metadata.name`: invalid type: integer `1`, expected a string"]
    );
}

#[test]
fn a_null_counts_as_absent() {
    assert_eq!(
        complete(&format!(
            "{RELEASE}  interval: 1m\n  chartRef: ~\n  unheard: ~\n"
        )),
        [""; 0]
    );
    let (missing, problems) = fragment(&format!("{RELEASE}  interval: ~\n"));
    assert_eq!((missing, problems), (vec!["spec.interval".into()], vec![]));
}

#[test]
fn a_null_item_is_a_wrong_one() {
    let text = format!("{RELEASE}  interval: 1m\n  dependsOn: [{{name: a}}, ~]\n");
    let problems = broken(&text);
    assert!(
        problems[0].starts_with("7:26: `spec.dependsOn[1]`: invalid type: null"),
        "{problems:?}"
    );
    let nulls: String = (0..1000)
        .map(|number| format!("    x{number}: ~\n"))
        .collect();
    let text =
        format!("{RELEASE}  interval: 1m\n").replace("spec:", &format!("  labels:\n{nulls}spec:"));
    assert_eq!(broken(&text).len(), 1);
}

#[test]
fn a_directive_makes_a_fragment_and_is_no_unknown_field() {
    let text = format!(
        "{RELEASE}  interval: 1m\n  values:\n    $patch: replace\n  $retainKeys: [values]\n"
    );
    let Decoded::Fragment {
        missing,
        directives,
        problems,
    } = decode(&text)
    else {
        panic!("no fragment");
    };
    assert_eq!((missing, problems), (vec![], vec![]));
    let directives: Vec<_> = directives.iter().map(ToString::to_string).collect();
    assert_eq!(directives, ["spec.$retainKeys", "spec.values.$patch"]);
}

#[test]
fn a_known_field_that_is_empty_is_no_unknown_one() {
    let text = format!(
        "{RELEASE}  interval: 1m\n  dependsOn: []\n  suspend: false\n  values: {{}}\n  releaseName: \"\"\n  timeout: 0s\n  unheard: false\n"
    );
    assert_eq!(complete(&text), ["12:3: unknown field `spec.unheard`"]);
}

#[test]
fn a_list_is_no_map_and_a_map_no_list() {
    let text = format!(
        "{RELEASE}  interval: 1m
  chartRef: [v1, OCIRepository, app, ns]
  driftDetection:
  - mode: enabled
  dependsOn: {{}}
  valuesFrom:
  - [ConfigMap, a]
  - [ConfigMap, b]
  - {{kind: Secret, name: []}}
"
    );
    assert_eq!(
        broken(&text),
        [
            "7:13: `spec.chartRef`: invalid type: sequence, expected a map",
            "9:3: `spec.driftDetection`: invalid type: sequence, expected a map",
            "10:14: `spec.dependsOn`: invalid type: map, expected a sequence",
            "12:5: `spec.valuesFrom[0]`: invalid type: sequence, expected a map",
            "13:5: `spec.valuesFrom[1]`: invalid type: sequence, expected a map",
            "14:26: `spec.valuesFrom[2].name`: invalid type: sequence, expected a string",
        ]
    );
    let problems = broken(&format!("{RELEASE}- a\n"));
    assert_eq!(
        problems,
        ["6:1: `spec`: invalid type: sequence, expected a map"]
    );
}

#[test]
fn the_items_of_a_list_have_problems_and_places_of_their_own() {
    let text = "kind: List
items:
- {apiVersion: source.toolkit.fluxcd.io/v1, kind: Bucket, metadata: {name: a}, spec: {}}
- apiVersion: source.toolkit.fluxcd.io/v1
  kind: GitRepository
  metadata: {name: a, name: b}
  spec: {interval: 1m, url: a, a: b}
";
    let found: Vec<_> = documents(text.as_bytes(), Loader::v2())
        .map(|document| document.decode().unwrap())
        .collect();
    let Decoded::Fragment {
        missing, problems, ..
    } = &found[0]
    else {
        panic!("{found:?}")
    };
    assert_eq!((missing[0].place.line, problems.len()), (3, 0));
    let Decoded::Complete { problems, object } = &found[1] else {
        panic!("{found:?}")
    };
    assert_eq!(object.name(), "b");
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "6:23: repeated key `metadata.name`",
            "7:32: unknown field `spec.a`"
        ]
    );
}

#[test]
fn problems_of_what_came_through_an_alias_stand_at_the_alias() {
    let text = format!(
        "{RELEASE}  values: {{x: &x {{retries: a}}}}\n  interval: 1m\n  install: {{remediation: *x}}\n"
    );
    assert_eq!(
        broken(&text),
        ["8:26: `spec.install.remediation.retries`: invalid type: string \"a\", expected i64"]
    );
}

#[test]
fn other_kinds_and_versions_are_foreign() {
    let foreign = |text: &str| match decode(text) {
        Decoded::Foreign(foreign) => foreign,
        other => panic!("{other:?}"),
    };
    assert_eq!(foreign("kind: HelmRelease\n"), Foreign::Untyped);
    assert_eq!(foreign("- a\n"), Foreign::Untyped);
    assert_eq!(foreign("# nothing\n"), Foreign::Untyped);
    assert_eq!(foreign("apiVersion: v1\nkind: ConfigMap\n"), Foreign::Other);
    assert_eq!(
        foreign("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"),
        Foreign::Other
    );
    let served = vec!["v1", "v1beta3"];
    assert_eq!(
        foreign("apiVersion: notification.toolkit.fluxcd.io/v1beta1\nkind: Alert\n"),
        Foreign::Unserved { served }
    );
}

#[test]
fn a_document_that_cannot_be_read_is_an_error() {
    let document = documents(b"a: [", Loader::v2()).next().unwrap();
    assert_eq!(document.decode().unwrap_err().kind().as_str(), "syntax");
    assert!(document.decode_as::<Value>().is_err());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Widget {
    spec: Spec,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Spec {
    #[serde(flatten)]
    common: Common,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parts: BTreeMap<String, u8>,
    #[serde(skip_serializing)]
    secret: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Common {
    size: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    quiet: bool,
}

#[test]
fn any_type_is_decoded_also_one_that_is_flattened_or_writes_less_than_it_reads() {
    let decode = |text: &str| {
        let document = documents(text.as_bytes(), Loader::v2()).next().unwrap();
        document.decode_as::<Widget>().unwrap()
    };
    let text = "metadata: {name: a, labels: {}}\nspec: {size: 1, quiet: false, parts: {}, secret: x, other: 1}\n";
    let Decoded::Complete { object, problems } = decode(text) else {
        panic!()
    };
    assert_eq!(
        (object.spec.common.size, object.spec.secret.as_deref()),
        (1, Some("x"))
    );
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2:53: unknown field `spec.other`"]
    );
    let Decoded::Broken { problems } =
        decode("metadata: {name: a}\nspec: {size: 1, parts: {a.b: x, c: 1000}}\n")
    else {
        panic!()
    };
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[0].path.to_string(), r#"spec.parts["a.b"]"#);
    let Decoded::Fragment { missing, .. } = decode("metadata: {name: a}\n") else {
        panic!()
    };
    assert_eq!(missing[0].path.to_string(), "spec");
}

#[test]
fn a_path_with_dots_and_brackets_in_its_keys_is_found() {
    let value = json!({"a": {"b": [1], "b.c": {"d[0]": 1}, "": 2}, "a.b": 3});
    let found = |path| resolve(&value, path).to_string();
    assert_eq!(found("a.b[0]"), r#"["a.b"]"#);
    assert_eq!(found("a.b.c.d[0]"), r#"["a.b"]"#);
    let value = &value["a"];
    let found = |path| resolve(value, path).to_string();
    assert_eq!(found("b[0]"), "b[0]");
    assert_eq!(found("b[7].x"), "b");
    assert_eq!(found("b.c.d[0]"), r#"["b.c"]["d[0]"]"#);
    assert_eq!(found("."), "");
    assert_eq!(found("nowhere"), "");
}

#[test]
fn labels_with_dots_are_found() {
    let text = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: a\n  labels:\n    a.b/c: 1\n    d: x\nspec: {interval: 1m, url: a}\n";
    assert_eq!(
        broken(text),
        [r#"6:12: `metadata.labels["a.b/c"]`: invalid type: integer `1`, expected a string"#]
    );
}

#[test]
fn deep_values_are_refused_before_they_are_decoded() {
    let values = |levels: usize| {
        format!(
            "{RELEASE}  interval: 1m\n  values: {}{}\n",
            "{a: ".repeat(levels),
            "}".repeat(levels)
        )
    };
    // The object, its spec, and the values.
    assert_eq!(complete(&values(126)), [""; 0]);
    for levels in [127, 990] {
        let problems = broken(&values(levels));
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("7:515: nested too deep: `spec.values.a.a."),
            "{problems:?}"
        );
    }
}

#[test]
fn a_document_with_thousands_of_mistakes_takes_bounded_time() {
    let wrong = "  - name: [a]\n".repeat(2000);
    let problems = broken(&format!("{RELEASE}  interval: 1m\n  dependsOn:\n{wrong}"));
    assert!((50..=400).contains(&problems.len()), "{}", problems.len());
    let unknown: String = (0..5000)
        .map(|number| format!("  x{number}: 1\n"))
        .collect();
    assert_eq!(
        complete(&format!("{RELEASE}  interval: 1m\n{unknown}")).len(),
        5000
    );
}

/// A HelmRelease with some fields gone, some wrong, and some too many.
fn release() -> impl Strategy<Value = (Value, usize, usize, usize)> {
    let field =
        |key: &'static str, good: Value, bad: Value| (Just(key), Just(good), Just(bad), 0..3_u8);
    let fields = (
        field("releaseName", json!("a"), json!([])),
        field("suspend", json!(true), json!("true")),
        field("dependsOn", json!([{"name": "a"}]), json!({})),
        field("timeout", json!("1m"), json!("1")),
        field(
            "install",
            json!({"remediation": {"retries": 3}}),
            json!("no"),
        ),
        0..3_usize,
        any::<bool>(),
    );
    fields.prop_map(|(a, b, c, d, e, unknown, interval)| {
        let mut spec = serde_json::Map::new();
        let mut wrong = 0;
        for (key, good, bad, choice) in [a, b, c, d, e] {
            match choice {
                0 => {}
                1 => drop(spec.insert(key.into(), good)),
                _ => {
                    wrong += 1;
                    spec.insert(key.into(), bad);
                }
            }
        }
        for number in 0..unknown {
            spec.insert(format!("x{number}"), json!({"a": 1}));
        }
        if interval {
            spec.insert("interval".into(), json!("1m"));
        }
        let object = json!({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "a"}, "spec": spec});
        (object, wrong, unknown, usize::from(!interval))
    })
}

proptest! {
    #[test]
    fn as_many_problems_are_found_as_were_made((object, wrong, unknown, missing) in release()) {
        let text = fluxcd_dialect::yaml::to_string(&object).unwrap();
        let count = |problems: &[Problem], wanted: fn(&Fault) -> bool| problems.iter().filter(|problem| wanted(&problem.what)).count();
        let (kind, problems) = match decode(&text) {
            Decoded::Complete { problems, .. } => ("complete", problems),
            Decoded::Fragment { missing, problems, .. } => ("fragment", [missing, problems].concat()),
            Decoded::Broken { problems } => ("broken", problems),
            Decoded::Foreign(_) => ("foreign", vec![]),
        };
        let expected = match (wrong, missing) {
            (0, 0) => "complete",
            (0, _) => "fragment",
            _ => "broken",
        };
        prop_assert_eq!(kind, expected);
        prop_assert_eq!(count(&problems, |fault| matches!(fault, Fault::WrongType { .. })), wrong);
        prop_assert_eq!(count(&problems, |fault| *fault == Fault::UnknownField), unknown);
        prop_assert_eq!(count(&problems, |fault| *fault == Fault::MissingField), missing);
        for problem in &problems {
            prop_assert!(problem.place.span.end <= text.len());
        }
    }

    #[test]
    fn no_spec_panics(text in "[a-z{}\\[\\]:,& *\"'-]{0,60}") {
        for document in documents(format!("{RELEASE}  {text}\n").as_bytes(), Loader::v2()) {
            let _decoded = document.decode();
        }
    }
}
