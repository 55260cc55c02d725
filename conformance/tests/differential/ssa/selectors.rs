//! Targets, label selectors, and ignore rules.

use serde_json::{Map, Value, json};

use super::objects::paths;
use crate::rng::Rng;

pub(super) fn target(rng: &mut Rng) -> Value {
    let mut target = Map::new();
    for part in ["group", "version", "kind", "name", "namespace"] {
        if rng.percent(25) {
            target.insert(part.to_owned(), json!(pattern(rng, part)));
        }
    }
    for part in ["labelSelector", "annotationSelector"] {
        if rng.percent(30) {
            target.insert(part.to_owned(), json!(label_selector(rng)));
        }
    }
    Value::Object(target)
}

fn pattern<'a>(rng: &mut Rng, part: &str) -> &'a str {
    let odd = [
        "", "(", "[", "a**", ".*", ".+", "x|.*", "(?i).*", "a)(b", "$^", "\\pL*", "(?=a)",
    ];
    if rng.percent(30) {
        return rng.pick(&odd);
    }
    match part {
        "group" => rng.pick(&[
            "apps",
            "app",
            "example.com",
            "example\\.com|apps",
            "^apps$",
            "[a-z.]*",
        ]),
        "version" => rng.pick(&["v1", "v", "v1|v2", "v[0-9]+", "V1"]),
        "kind" => rng.pick(&[
            "Deployment",
            "Deploy",
            "Deploy.*|Widget",
            "(?i)deployment",
            "[A-Z].*",
            "ConfigMap",
        ]),
        "name" => rng.pick(&["d", "a|d", "web", "we", "[a-d]", ".", "system:.*"]),
        _ => rng.pick(&["ns", "shop", "default|shop", "n", "s.*"]),
    }
}

/// Most are selectors.
fn label_selector(rng: &mut Rng) -> String {
    if rng.percent(15) {
        let pieces = [
            "a", "in", "notin", "(", ")", ",", "=", "==", "!=", "!", ">", "<", " ", "\t", "5", "b",
            "", "\0", "é", "x/y", "-a",
        ];
        return (0..rng.between(0, 9)).map(|_| rng.pick(&pieces)).collect();
    }
    let requirements: Vec<String> = (0..rng.between(0, 3)).map(|_| requirement(rng)).collect();
    requirements.join(rng.pick(&[",", ", ", " , ", ",,"]))
}

fn requirement(rng: &mut Rng) -> String {
    let key = match rng.percent(6) {
        true => rng.pick(&[
            "",
            "a/b/c",
            "A_b",
            "UPPER.com/x",
            "/x",
            "x/",
            "-x",
            "in",
            "x.",
            "a..b/c",
            "kustomize.toolkit.fluxcd.io/ssa",
        ]),
        false => rng.pick(&[
            "app",
            "tier",
            "n",
            "x.y/z",
            "missing",
            "app",
            "kustomize.toolkit.fluxcd.io/ssa",
        ]),
    };
    let value = |rng: &mut Rng| match rng.percent(6) {
        true => rng.pick(&["a b", "-x", "é", "x_", "notin", "99999999999999999999"]),
        false => rng.pick(&["web", "front", "Merge", "5", "4", "6", ""]),
    };
    match rng.below(7) {
        0 => key.to_owned(),
        1 => format!("!{key}"),
        2 => {
            let operator = rng.pick(&[" in ", " notin ", " in", "  notin\t"]);
            let values: Vec<_> = (0..rng.between(0, 3)).map(|_| value(rng)).collect();
            format!(
                "{key}{operator}({})",
                values.join(rng.pick(&[",", ", ", " ,"]))
            )
        }
        3 => format!(
            "{key}{}{}",
            rng.pick(&[">", "<", " > ", ">="]),
            rng.pick(&["4", "5", "", "x", "-1", "007"])
        ),
        _ => format!(
            "{key}{}{}",
            rng.pick(&["=", "==", "!=", " = ", " != "]),
            value(rng)
        ),
    }
}

/// Ignore rules with paths of the two objects and some that lead nowhere.
pub(super) fn rules(rng: &mut Rng, live: &Value, dry_run: &Value) -> Value {
    let mut known = paths(live);
    known.extend(paths(dry_run));
    let rule = |rng: &mut Rng| {
        let paths: Vec<_> = (0..rng.pick(&[0, 1, 1, 1, 2]))
            .map(|_| path(rng, &known))
            .collect();
        let mut rule = json!({"paths": paths});
        if rng.percent(40) {
            rule["target"] = match rng.percent(60) {
                true => json!({"kind": "Deployment|Widget"}),
                false => target(rng),
            };
        }
        rule
    };
    (0..rng.pick(&[1, 1, 1, 2, 3])).map(|_| rule(rng)).collect()
}

fn path(rng: &mut Rng, known: &[String]) -> String {
    // What stands deep is what rules are for.
    let a = &known[rng.below(known.len())];
    let b = &known[rng.below(known.len())];
    let path = if a.len() > b.len() { a } else { b };
    if rng.percent(75) {
        return path.clone();
    }
    match rng.below(12) {
        0 => path.replace("/0", "/-1"),
        1 => path.replace("/0", "/+0"),
        2 => path.replace("/1", "/01"),
        3 => path.replace("/0", "/9"),
        4 => path.replace("/0", "/x"),
        5 => format!("{path}/"),
        6 => format!("/{path}"),
        7 => path.trim_start_matches('/').to_owned(),
        8 => format!("{path}/deeper"),
        9 => format!("{path}/-"),
        10 => rng
            .pick(&[
                "",
                "/",
                "//",
                "spec",
                "/kind",
                "/metadata",
                "/metadata/resourceVersion",
                "/metadata/labels",
                "x/kind",
            ])
            .to_owned(),
        _ => rng
            .pick(&[
                "/spec/~",
                "/spec/m~0n",
                "/spec/m~n",
                "/spec/a~1b",
                "/spec/lists/0/1",
                "/spec/lists/1/0/name",
                "/spec/0",
            ])
            .to_owned(),
    }
}
