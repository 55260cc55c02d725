//! Policies, filters, exclusions.

use serde_json::{Value, json};

use super::tag::{Shape, tags};
use crate::rng::Rng;

pub(crate) fn select(rng: &mut Rng) -> Value {
    let shape = Shape::any(rng);
    let mut spec = json!({"policy": policy(rng, shape)});
    if rng.percent(55) {
        spec["filterTags"] = filter(rng, shape);
    }
    let mut input = json!({"spec": spec, "tags": tags(rng, shape)});
    if rng.percent(30) {
        input["exclusionList"] = json!(exclusions(rng));
    }
    input
}

pub(crate) fn policy(rng: &mut Rng, shape: Shape) -> Value {
    let mut policy = json!({});
    if rng.percent(1) {
        return policy;
    }
    let kind = match (shape, rng.below(10)) {
        (Shape::Version, 0..7) | (_, 0) => "semver",
        (Shape::Branch | Shape::Date, 1..6) | (_, 1..3) => "alphabetical",
        _ => "numerical",
    };
    policy[kind] = choice(rng, kind);
    if rng.percent(4) {
        let other = rng.pick(&["semver", "alphabetical", "numerical"]);
        policy[other] = choice(rng, other);
    }
    policy
}

fn choice(rng: &mut Rng, kind: &str) -> Value {
    if kind == "semver" {
        return json!({"range": range(rng)});
    }
    match rng.below(20) {
        0..5 => json!({}),
        5..12 => json!({"order": "asc"}),
        12..18 => json!({"order": "desc"}),
        18 => json!({"order": rng.word("ASC Desc aSc DESC")}),
        _ => json!({"order": rng.pick(&["up", "", "ascending", "desc ", "ﬀ", "ªsc", "ßé"])}),
    }
}

fn range(rng: &mut Rng) -> &'static str {
    rng.pick(&[
        "*",
        "*",
        "*-0",
        ">=0.0.0-0",
        ">=1.0.0",
        ">=1.0.0-0",
        "^1.0",
        "^1.x-0",
        "~1.2",
        "1.x",
        "1.2.x",
        ">0.0.0 <2.0.0",
        ">=1.0.0, <2.0.0-0",
        "1.0.0 - 2.0.0",
        "^0.1 || ^2",
        "!=1.2.3",
        "<2",
        ">=2025.1.0",
        "0.x",
        "=1.2.3",
        "1.2.3",
        "~0.0.0",
        ">9",
        "bad",
        "",
        "1.2.3.4",
        ">=1.0.0 ||",
        "^v1",
        "<1.0.0-rc.2",
    ])
}

pub(crate) fn exclusions(rng: &mut Rng) -> Vec<&'static str> {
    let count = rng.pick(&[0, 1, 1, 1, 2, 3]);
    let pattern = |rng: &mut Rng| {
        if rng.percent(3) {
            return rng.pick(&["(", "a**", "[z-a]", ")", r"\Z", "(?=x)", "é{1001}"]);
        }
        rng.pick(&[
            r"^.*\.sig$",
            r"\.(sig|att|sbom)$",
            "rc",
            "-",
            "^v",
            "1.0",
            r"\d{4}",
            "(?i)DIRTY",
            "^$",
            "latest|dev",
            r"^[0-9]+$",
            "[05]$",
            r"\Q1.2\E",
            "a{,2}b",
            "é",
            r"\pL",
            r"\s",
            "x*y",
            "^.{12}$",
            "[^0-9.]",
        ])
    };
    (0..count).map(|_| pattern(rng)).collect()
}

pub(crate) fn filter(rng: &mut Rng, shape: Shape) -> Value {
    let fitting: &[(&str, &[&str])] = match shape {
        Shape::Version => &[
            (
                r"^v?(?P<v>[0-9]+\.[0-9]+\.[0-9]+)(?P<rest>.*)$",
                &["$v", "${v}$rest", "${v}-0", "$rest", "$vrest"],
            ),
            (r"^v?(.*)$", &["$1", "v$1", "${1}", "$0", "$2"]),
            (r"^(.*)-(alpine|rc).*$", &["$1", "$2", "$1-$2", "$1.$2"]),
            (r"^[^-]*$", &[]),
            (r"rc", &["$0"]),
            (r"^v?[0-9.]+", &[]),
            (".*", &[]),
        ],
        Shape::Branch => &[
            (
                r"^(?P<b>[a-z]+)-[a-f0-9]+-(?P<ts>[0-9]+)$",
                &["$ts", "$ts", "${ts}", "$b", "$b-$ts", "$t", "$tsx"],
            ),
            (
                r"^main-[a-f0-9]+-(?P<ts>[0-9]+)",
                &["$ts", "${ts}.0.0", "$ts$ts", "ts"],
            ),
            (r"^[a-z]+-([0-9a-f]+)-", &["$1", "0x$1", "0x${1}p0", "$01"]),
        ],
        Shape::Build => &[
            (
                r"^build-(?P<num>[0-9]+)",
                &["$num", "$num", "${num}", "$n", "-$num", "${num}e1"],
            ),
            (r"([0-9]+)", &["$1", "1.$1.0", "v$1.0.0", "$1$1"]),
        ],
        Shape::Date => &[(
            r"^(\d{4})[.-]?(\d\d)[.-]?(\d\d)",
            &["$1$2$3", "$1.$2.$3", "$3", "${1}-${2}", "$1"],
        )],
        Shape::Number => &[
            (r"^[+-]?(.*?)[a-z]*$", &["$1", "-$1", "$1e3"]),
            (r"^[0-9]+$", &[]),
            (r"^(.)(.*)$", &["$1", "$2", "$2$1"]),
        ],
        Shape::Hostile | Shape::Mixed => &[],
    };
    let general: &[(&str, &[&str])] = &[
        ("", &["", "$0", "k", "$$", "1.0.0", "7"]),
        (".*", &["", "$0", "$1", "nan"]),
        (
            r"(?i)^([a-z]*)[^a-z]*(.*)$",
            &["$1", "$2", "$2$1", "${}", "${a-b}", "$1é", "$1$"],
        ),
        (r"(?s)(.)$", &["$1"]),
        (r"(a)|(1)|(.)", &["$1$2$3", "[$1|$2]", "$4"]),
        (r"^$", &["0", "$0"]),
        (r"nomatch", &["$0"]),
        (r"(?P<x>[0-9]+)\D+(?P<x>[0-9]+)", &["$x", "$2"]),
        (r"(", &["$1"]),
        (r"a{1001}", &[]),
        (r"(?<=v)1", &[]),
    ];
    let from = if !fitting.is_empty() && rng.percent(75) {
        fitting
    } else {
        general
    };
    let (pattern, extracts) = rng.pick(from);
    let mut filter = json!({"pattern": pattern});
    if !extracts.is_empty() && rng.percent(75) {
        filter["extract"] = json!(rng.pick(extracts));
    }
    if rng.percent(1) {
        filter.as_object_mut().unwrap().remove("pattern");
    }
    filter
}
