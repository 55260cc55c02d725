use serde_json::{Value, json};

use super::{Change, Taken, Type};
use crate::substitute::{Layer, LayerOrigin, Mode, Outcome, Substitution, Variables};

fn changes(variables: Variables, object: &Value) -> Vec<Change> {
    let substitution = Substitution::new(variables).mode(Mode::Lax);
    match substitution.apply(object).unwrap() {
        Outcome::Substituted(done) => done.report().changes().to_vec(),
        other => panic!("{other:?}"),
    }
}

fn inline(values: &[(&str, &str)], object: &Value) -> Vec<Change> {
    let layer = Layer::inline(values.iter().copied());
    changes(Variables::new().with(layer), object)
}

/// `path[>renamed]: before -> after (uses)`, one for each change.
fn lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let value =
            |value: &Option<Value>| value.as_ref().map_or("gone".to_owned(), Value::to_string);
        let renamed = change
            .renamed
            .as_ref()
            .map_or(String::new(), |path| format!(">{path}"));
        let uses: Vec<_> = change.uses.iter().map(ToString::to_string).collect();
        format!(
            "{}{renamed}: {} -> {} ({})",
            change.path,
            value(&change.before),
            value(&change.after),
            uses.join(", ")
        )
    };
    changes.iter().map(line).collect()
}

#[test]
fn values_are_told_with_their_variables_in_order() {
    let object =
        json!({"spec": {"list": ["x", "${a}/${b:-${c}}-${a}"], "same": "y", "z": "${d:=1}${e}"}});
    let layers = [
        Layer::config_map("vars", [("a", "A"), ("c", "C")]),
        Layer::secret("s", [("b", "B")]),
        Layer::inline([("d", "")]),
    ];
    let found = changes(layers.into_iter().collect(), &object);
    assert_eq!(
        lines(&found),
        [
            "spec.list[1]: \"${a}/${b:-${c}}-${a}\" -> \"A/B-A\" (a from ConfigMap/vars, c from ConfigMap/vars, b from Secret/s, a from ConfigMap/vars)",
            "spec.z: \"${d:=1}${e}\" -> 1 (d by default, e unset)",
        ]
    );
    assert!(found[0].uses[1].nested && !found[0].uses[2].nested);
    assert_eq!(
        found[0].uses[2].taken,
        Taken::Value(LayerOrigin::Secret("s".to_owned()))
    );
    assert_eq!(found[1].retyped, Some((Type::String, Type::Number)));
    assert_eq!(found[0].retyped, None);
}

#[test]
fn every_type_that_a_text_may_become_is_told() {
    for (value, after, to) in [
        ("yes", json!(true), Type::Boolean),
        ("", json!(null), Type::Null),
        ("[a]", json!(["a"]), Type::List),
        ("{a: 1}", json!({"a": 1}), Type::Map),
    ] {
        let found = inline(&[("v", value)], &json!({"a": "${v}"}));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].after, Some(after));
        assert_eq!(found[0].retyped, Some((Type::String, to)));
    }
}

#[test]
fn renamed_keys_have_both_paths() {
    let object =
        json!({"m": {"${k}": {"${k}x": "${v}", "y": "$$", "z": 1}}, "n": {"${n}": "${v}"}});
    let found = inline(&[("k", "key"), ("v", "1"), ("n", "8080")], &object);
    assert_eq!(
        lines(&found),
        [
            "m[\"${k}\"]>m.key: {\"${k}x\":\"${v}\",\"y\":\"$$\",\"z\":1} -> {\"keyx\":1,\"y\":\"$\",\"z\":1} (k from spec.postBuild.substitute)",
            "m[\"${k}\"][\"${k}x\"]>m.key.keyx: \"${v}\" -> 1 (k from spec.postBuild.substitute, v from spec.postBuild.substitute)",
            "m[\"${k}\"].y>m.key.y: \"$$\" -> \"$\" ()",
            "n[\"${n}\"]>n.8080: \"${v}\" -> 1 (n from spec.postBuild.substitute, v from spec.postBuild.substitute)",
        ]
    );
}

#[test]
fn a_key_that_becomes_that_of_a_sibling_hides_one_of_them() {
    let found = inline(&[("k", "zz")], &json!({"m": {"${k}": 1, "zz": 2}}));
    assert_eq!(
        lines(&found),
        ["m[\"${k}\"]>m.zz: 1 -> gone (k from spec.postBuild.substitute)"]
    );
    let found = inline(&[("k", "")], &json!({"m": {"zz": 2, "zz${k}": 1}}));
    assert_eq!(
        lines(&found),
        [
            "m.zz: 2 -> gone ()",
            "m[\"zz${k}\"]>m.zz: 1 -> 1 (k from spec.postBuild.substitute)",
        ]
    );
}

#[test]
fn a_merge_takes_an_entry_apart() {
    let object = json!({"m": {"${k}": {"a": 1, "b": "x"}, "b": 2}});
    let found = inline(&[("k", "<<")], &object);
    assert_eq!(
        lines(&found),
        [
            "m[\"${k}\"]>m[\"<<\"]: {\"a\":1,\"b\":\"x\"} -> gone (k from spec.postBuild.substitute)",
            "m.a: gone -> 1 ()",
        ]
    );
}

#[test]
fn an_expression_may_swallow_the_text_up_to_another_entry() {
    let object = json!({"a": "${x/q}", "b": "1/r}", "c": "${x}"});
    let found = inline(&[("x", "v")], &object);
    assert_eq!(
        lines(&found),
        [
            "a: \"${x/q}\" -> \"v\" (x from spec.postBuild.substitute)",
            "b: \"1/r}\" -> gone (x from spec.postBuild.substitute)",
            "c: \"${x}\" -> \"v\" (x from spec.postBuild.substitute)",
        ]
    );
}

#[test]
fn what_changes_without_an_expression_is_told() {
    let object = json!({"a": 9_007_199_254_740_993_u64, "b": "$$", "c": 1.0, "d": "x\u{85}y"});
    let found = inline(&[("x", "1")], &object);
    assert_eq!(
        lines(&found),
        [
            "a: 9007199254740993 -> 9007199254740992 ()",
            "b: \"$$\" -> \"$\" ()",
            "c: 1.0 -> 1 ()",
            "d: \"x\u{85}y\" -> \"x y\" ()",
        ]
    );
    assert!(inline(&[("x", "1")], &json!({"a": "é", "b": "$"})).is_empty());
    assert!(inline(&[("x", "1")], &json!({"a": "b"})).is_empty());
}

#[test]
fn what_a_secret_has_a_part_in_is_not_shown() {
    let object = json!({"${k}": {"inner": "${s}"}, "list": ["${s}"], "open": "${o}"});
    let layers = [
        Layer::secret("s", [("s", "hunter2")]),
        Layer::inline([("k", "key"), ("o", "shown")]),
    ];
    let found = changes(layers.into_iter().collect(), &object);
    let debug = format!("{found:?}");
    assert!(
        !debug.contains("hunter2") && debug.contains("shown"),
        "{debug}"
    );
    let secret: Vec<_> = found.iter().map(Change::is_secret).collect();
    assert_eq!(secret, [true, true, true, false]);
}
