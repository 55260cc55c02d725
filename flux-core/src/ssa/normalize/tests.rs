use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::shape::{Kind, Registration, Shape, registration};
use super::shapes::KINDS;
use super::{Conversion, Error, normalize, normalize_dry_run};
use crate::manifest::FieldPath;

#[test]
fn what_is_dropped_is_told_with_its_path() {
    let mut object = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a", "label": {}},
        "spec": {"template": {"spec": {"containers": [{"name": "a", "img": "b"}]}}, "Replicas": 1},
        "x": null,
    });
    let done = normalize(&mut object).unwrap();
    let paths: Vec<_> = done.dropped.iter().map(FieldPath::to_string).collect();
    let expected = [
        "metadata.label",
        "spec.template.spec.containers[0].img",
        "spec.Replicas",
        "x",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn what_does_not_fit_is_told_and_the_object_stays() {
    let given = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": {"replicas": "2", "x": 1}});
    let mut object = given.clone();
    let Conversion::Mismatch(mismatch) = normalize(&mut object).unwrap().conversion else {
        panic!("it fits");
    };
    assert_eq!(mismatch.to_string(), "spec.replicas: expected integer");
    assert_eq!(object["spec"], given["spec"]);
}

#[test]
fn free_content_goes_through_json_text() {
    let mut object = json!({"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 1,
        "data": {"whole": 1.0, "large": 1152921504606846976.0, "zero": -0.0, "beyond": 1e19, "part": 0.5}});
    let _ = normalize(&mut object).unwrap();
    let expected = json!({"whole": 1, "large": 1152921504606847000_i64, "zero": 0, "beyond": 1e19, "part": 0.5});
    assert_eq!(object["data"], expected);
}

#[test]
fn a_custom_resource_keeps_its_numbers() {
    let mut object = json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {}, "spec": {"a": 1.0}});
    assert_eq!(
        normalize(&mut object).unwrap().conversion,
        Conversion::Unknown
    );
    assert!(object["spec"]["a"].is_f64());
}

#[test]
fn what_is_no_object_is_an_error() {
    let mut list = json!({"apiVersion": "v1", "kind": "PodList", "items": []});
    let error = normalize(&mut list).unwrap_err();
    assert!(matches!(error, Error::NotAnObject { .. }));
    assert_eq!(error.to_string(), "v1 PodList is no object");
    assert_eq!(
        normalize(&mut json!([])).unwrap().conversion,
        Conversion::Unknown
    );
}

#[test]
fn a_time_in_the_first_second_of_year_1_is_dropped_the_second_time() {
    let mut object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"deletionTimestamp": "0001-01-01T00:00:00.5Z"}});
    let _ = normalize(&mut object).unwrap();
    assert_eq!(
        object["metadata"]["deletionTimestamp"],
        "0001-01-01T00:00:00Z"
    );
    let _ = normalize(&mut object).unwrap();
    assert_eq!(object["metadata"]["deletionTimestamp"], Value::Null);
}

/// A value that fits the type, mostly.
fn value(kind: Kind, depth: u32) -> BoxedStrategy<Value> {
    let right = match kind {
        Kind::Pointer(inner) => value(inner.kind(), depth),
        _ if depth == 0 => Just(Value::Null).boxed(),
        Kind::List(inner) => prop::collection::vec(value(inner.kind(), depth - 1), 0..3)
            .prop_map(Value::from)
            .boxed(),
        Kind::Map(inner) => {
            prop::collection::btree_map("[a-c]", value(inner.kind(), depth - 1), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect()))
                .boxed()
        }
        Kind::Struct(shape) => object(shape, depth - 1).prop_map(Value::Object).boxed(),
        Kind::String => "[a-zé]{0,3}".prop_map(Value::from).boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Int32 | Kind::Int64 => any::<i64>().prop_map(Value::from).boxed(),
        Kind::Bytes => prop::sample::select(vec!["", "YQ==", "Y\nQ=="])
            .prop_map(Value::from)
            .boxed(),
        Kind::Time => "20[0-9]{2}-0[1-9]-1[0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](Z|\\+0[0-9]:30)"
            .prop_map(Value::from)
            .boxed(),
        Kind::MicroTime => "20[0-9]{2}-0[1-9]-1[0-9]T10:10:10\\.[0-9]{6}Z"
            .prop_map(Value::from)
            .boxed(),
        Kind::Quantity => {
            "[+-]?[0-9]{1,20}(\\.[0-9]{0,12})?(|n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e[0-9]|E-[0-9])"
                .prop_map(Value::from)
                .boxed()
        }
        Kind::Port => prop_oneof![
            any::<i32>().prop_map(Value::from),
            "[a-z]{0,4}".prop_map(Value::from)
        ]
        .boxed(),
        Kind::Any => anything().boxed(),
    };
    prop_oneof![60 => right, 1 => anything()].boxed()
}

fn anything() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(2.0),
        json!(0.25),
        json!("5"),
        json!([1.0]),
        json!({"a": {}}),
    ])
}

fn object(shape: Shape, depth: u32) -> BoxedStrategy<Map<String, Value>> {
    let fields: Vec<_> = shape
        .fields()
        .map(|field| (field.name, field.kind))
        .collect();
    let chosen = prop::sample::subsequence(fields.clone(), 0..=fields.len().min(6));
    (chosen, prop::option::weighted(0.1, anything()))
        .prop_flat_map(move |(fields, unknown)| {
            let (names, kinds): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
            let values: Vec<_> = kinds.into_iter().map(|kind| value(kind, depth)).collect();
            values.prop_map(move |values| {
                let mut members: Map<_, _> = names
                    .iter()
                    .map(|name| (*name).to_owned())
                    .zip(values)
                    .collect();
                members.extend(unknown.clone().map(|value| ("unknown".to_owned(), value)));
                members
            })
        })
        .boxed()
}

fn built_in() -> impl Strategy<Value = Value> {
    let kinds: Vec<_> = KINDS
        .iter()
        .flat_map(|(version, kinds)| kinds.iter().map(move |(kind, _)| (*version, *kind)))
        .collect();
    prop::sample::select(kinds).prop_flat_map(|(version, kind)| {
        let Registration::Object(shape) = registration(version, kind) else {
            panic!("{version} {kind}");
        };
        object(shape, 4).prop_map(move |mut members| {
            members.insert("apiVersion".to_owned(), json!(version));
            members.insert("kind".to_owned(), json!(kind));
            Value::Object(members)
        })
    })
}

/// Whether the value has nothing that the type does not know.
fn is_known(value: &Value, kind: Kind) -> bool {
    match (kind, value) {
        (Kind::Pointer(inner), _) => is_known(value, inner.kind()),
        (Kind::List(inner), Value::Array(items)) => {
            items.iter().all(|item| is_known(item, inner.kind()))
        }
        (Kind::Map(inner), Value::Object(members)) => {
            members.values().all(|item| is_known(item, inner.kind()))
        }
        (Kind::Struct(shape), Value::Object(members)) => members.iter().all(|(key, member)| {
            shape
                .fields()
                .any(|field| field.name == key && is_known(member, field.kind))
        }),
        _ => true,
    }
}

proptest! {
    #[test]
    fn twice_is_once_where_the_object_fits(object in built_in()) {
        let mut once = object;
        let first = normalize(&mut once).unwrap();
        if !matches!(first.conversion, Conversion::Mismatch(_)) {
            let mut twice = once.clone();
            let again = normalize(&mut twice).unwrap();
            prop_assert_eq!(&twice, &once);
            prop_assert!(again.dropped.is_empty());
        }
    }

    #[test]
    fn nothing_appears_that_the_type_does_not_know(mut object in built_in()) {
        let (version, kind) = (object["apiVersion"].as_str().unwrap().to_owned(), object["kind"].as_str().unwrap().to_owned());
        let done = normalize(&mut object).unwrap();
        if let (Conversion::Converted, Registration::Object(shape)) = (done.conversion, registration(&version, &kind)) {
            prop_assert!(is_known(&object, Kind::Struct(shape)), "{}", object);
        }
    }

    #[test]
    fn a_dry_run_that_was_mended_stays(mut object in built_in()) {
        object["kind"] = json!("HorizontalPodAutoscaler");
        if normalize_dry_run(&mut object).is_ok() {
            let mut again = object.clone();
            normalize_dry_run(&mut again).unwrap();
            prop_assert_eq!(again, object);
        }
    }

    #[test]
    fn quantities_are_canonical_after_one_writing(text in "[+-]?[0-9.]{0,24}[eEinumkKMGTP]{0,2}[+-]?[0-9]{0,3}") {
        if let Some(once) = super::quantity::rewrite(&text) {
            prop_assert_eq!(super::quantity::rewrite(&once), Some(once.clone()), "{}", text);
        }
    }
}
