//! Image names, scans, and elections of tags.

use std::collections::{BTreeMap, BTreeSet};

use fluxcd_conformance::case::Want;
use fluxcd_conformance::compare::agrees;
use fluxcd_conformance::ops::{Failure, Op};
use serde_json::{Value, json};

use self::object::{policy_status, scan_due, update_refs};
use self::policy::{exclusions, filter, select};
use self::tag::{Shape, name, tags};
use crate::rng::Rng;
use crate::{agree, operation};

mod object;
mod policy;
mod tag;

/// Inputs that are looked at to see what the generators reach.
const SAMPLE: u64 = 5_000;

#[test]
fn images_are_named_as_the_reflector_names_them() {
    agree(
        "image.reference",
        |rng| json!({"image": name(rng), "insecure": rng.percent(20)}),
    );
}

#[test]
fn tags_are_filtered_as_the_reflector_filters_them() {
    agree("image.filter", |rng| {
        let shape = Shape::any(rng);
        json!({"filterTags": filter(rng, shape), "tags": tags(rng, shape)})
    });
}

#[test]
fn scans_store_what_the_reflector_stores() {
    agree("image.scan", |rng| {
        let shape = Shape::any(rng);
        let mut spec = json!({"image": "ghcr.io/org/app", "interval": "1m"});
        if rng.percent(70) {
            spec["exclusionList"] = json!(exclusions(rng));
        }
        json!({"spec": spec, "tags": tags(rng, shape)})
    });
}

#[test]
fn scans_are_due_when_the_reflector_scans() {
    agree("image.scan_due", scan_due);
}

#[test]
fn images_of_a_policy_move_as_the_reflector_moves_them() {
    agree("image.update_refs", update_refs);
}

#[test]
fn tags_are_elected_as_the_reflector_elects_them() {
    agree("image.select", select);
}

#[test]
fn policies_are_left_as_the_reflector_leaves_them() {
    agree("image.policy_status", policy_status);
}

/// Whether the library elects what upstream elects. The oracle has seen a part of what upstream could elect; that part must
/// be in ours, and be all of it unless something is not a number: then any value can win, in one order out of many.
pub(crate) fn elects_alike(
    op: &Op,
    input: &Value,
    want: &Want,
    got: &Result<Value, Failure>,
) -> bool {
    let winners = |answer: &Value| -> BTreeSet<String> {
        let tied = answer["one_of"].as_array().into_iter().flatten();
        let tags = tied.chain(answer.get("tag"));
        tags.map(|tag| tag.as_str().unwrap().to_owned()).collect()
    };
    match (want, got) {
        (Want::Ok(want), Ok(got)) => {
            let (seen, ours) = (winners(want), winners(got));
            let has_nan = input.to_string().to_lowercase().contains("nan");
            seen == ours || has_nan && seen.is_subset(&ours)
        }
        (Want::Error { kind, message, .. }, Err(got)) if kind == "bad_number" => {
            let is_filtered = input["spec"].get("filterTags").is_some();
            got.kind == *kind && (is_filtered || got.message == *message)
        }
        _ => agrees(op, want, got),
    }
}

/// Without it the test of elections could pass because nothing worth comparing is asked.
#[test]
fn elections_reach_every_outcome() {
    let mut hits = BTreeMap::<String, u64>::new();
    for case in 0..SAMPLE {
        let input = select(&mut Rng::new(1, case));
        let outcome = match operation("image.select").run(&input) {
            Ok(answer) => answer.as_object().unwrap().keys().next().unwrap().clone(),
            Err(failure) => failure.kind,
        };
        let policy = input["spec"]["policy"].as_object().unwrap();
        let policy = policy.keys().map(String::as_str).collect::<Vec<_>>();
        *hits.entry(outcome.clone()).or_default() += 1;
        *hits.entry(format!("{policy:?} {outcome}")).or_default() += 1;
    }
    for expected in [
        "bad_number",
        "empty_list",
        "invalid_exclusion",
        "invalid_policy",
        "no_tags",
        "none_matched",
        r#"["semver"] tag"#,
        r#"["semver"] one_of"#,
        r#"["alphabetical"] tag"#,
        r#"["numerical"] tag"#,
        r#"["numerical"] one_of"#,
    ] {
        let hits = hits.get(expected);
        assert!(hits > Some(&10), "{expected}: {hits:?}");
    }
}
