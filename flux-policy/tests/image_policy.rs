//! Laws of the election of tags, and the text of a failed assertion.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::panic::catch_unwind;
use std::sync::LazyLock;

use fluxcd_policy::image::{Reason, TagPolicy};
use fluxcd_policy::testing::{assert_elects, assert_elects_nothing, policy};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn compile(policy: &Value, filter: &Value) -> TagPolicy {
    let spec =
        json!({"imageRepositoryRef": {"name": "app"}, "policy": policy, "filterTags": filter});
    TagPolicy::compile(&serde_json::from_value(spec).unwrap()).unwrap()
}

/// Compiled once: patterns cost more than what is tested.
static POLICIES: LazyLock<Vec<TagPolicy>> = LazyLock::new(|| {
    let policies = [
        json!({"semver": {"range": "*"}}),
        json!({"semver": {"range": ">=1.0.0-0 <3"}}),
        json!({"semver": {"range": "1.x || ^2.1"}}),
        json!({"alphabetical": {}}),
        json!({"alphabetical": {"order": "desc"}}),
        json!({"numerical": {"order": "asc"}}),
        json!({"numerical": {"order": "desc"}}),
    ];
    let filters = [
        Value::Null,
        json!({"pattern": "^v?(?P<v>.*)$", "extract": "$v"}),
        json!({"pattern": "^[0-9]+", "extract": "$0"}),
        json!({"pattern": "[0-9]"}),
        json!({"pattern": "-(rc|b)", "extract": "${1}x"}),
    ];
    let pairs = policies
        .iter()
        .flat_map(|policy| filters.iter().map(move |filter| (policy, filter)));
    pairs
        .map(|(policy, filter)| compile(policy, filter))
        .collect()
});

fn any_policy() -> impl Strategy<Value = &'static TagPolicy> {
    (0..POLICIES.len()).prop_map(|index| &POLICIES[index])
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    let tag = prop_oneof![
        "v?[0-3]\\.[0-2]\\.[0-2](-rc\\.[0-2])?",
        "0?[0-9]{1,2}",
        "[ab]-[0-9]{1,2}",
        select(vec![
            "latest",
            "nan",
            "1e3",
            "1.0.0.sig",
            "v1",
            "inf",
            "-1",
            "01.0.0"
        ])
        .prop_map(str::to_owned),
    ];
    vec(tag, 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_tag_is_the_winner_or_has_one_reason(policy in any_policy(), tags in tags()) {
        let explanation = policy.explain(&tags);
        let winners = (0..tags.len()).filter(|index| explanation.reason(*index).is_none());
        let winners: Vec<_> = winners.map(|index| tags[index].as_str()).collect();
        match explanation.outcome() {
            Ok(elected) => prop_assert_eq!(winners, [elected.tag()]),
            Err(_) => prop_assert!(winners.is_empty()),
        }
    }

    #[test]
    fn the_order_of_the_tags_does_not_matter(policy in any_policy(), tags in tags()) {
        let mut other = tags.clone();
        other.reverse();
        other.rotate_left(tags.len() / 3);
        prop_assert_eq!(policy.select(&tags), policy.select(&other));
    }

    #[test]
    fn without_a_loser_the_winner_is_the_same(policy in any_policy(), tags in tags(), at in any::<prop::sample::Index>()) {
        let Ok(elected) = policy.select(&tags) else { return Ok(()) };
        // What is neither less nor greater than anything makes a list of another kind.
        let comparable = !tags.iter().any(|tag| tag.contains("nan"));
        let at = at.index(tags.len());
        if tags[at] != elected.tag() && comparable {
            let mut fewer = tags.clone();
            fewer.remove(at);
            prop_assert_eq!(policy.select(&fewer).unwrap().tag(), elected.tag());
        }
    }

    #[test]
    fn one_more_tag_wins_itself_or_changes_nothing(policy in any_policy(), tags in tags(), more in tags()) {
        let Some(new) = more.first() else { return Ok(()) };
        let Ok(before) = policy.select(&tags) else { return Ok(()) };
        let before = before.tag().to_owned();
        let mut all = tags;
        all.push(new.clone());
        let comparable = !all.iter().any(|tag| tag.contains("nan"));
        if let (Ok(after), true) = (policy.select(&all), comparable) {
            prop_assert!(after.tag() == before || after.tag() == new);
        }
    }

    #[test]
    fn the_winner_is_among_the_tied_and_all_of_them_are_tags(policy in any_policy(), tags in tags()) {
        if let Ok(elected) = policy.select(&tags) {
            prop_assert!(elected.tied().contains(&elected.tag()));
            prop_assert!(elected.tied().iter().all(|tied| tags.iter().any(|tag| tag == tied)));
            prop_assert!(elected.tied().is_sorted_by(|a, b| a < b));
        }
    }
}

#[test]
fn equal_ranks_are_decided_as_in_a_list_in_descending_order() {
    let semver = compile(&json!({"semver": {"range": "*"}}), &Value::Null);
    assert_eq!(
        semver.select(&["01.0.0", "1.0.0", "v1.0.0"]).unwrap().tag(),
        "v1.0.0"
    );
    let numerical = compile(&json!({"numerical": {}}), &Value::Null);
    assert_eq!(numerical.select(&["1", "1.0", "01"]).unwrap().tag(), "01");
    // With a filter, upstream leaves it to chance.
    let filtered = compile(
        &json!({"numerical": {}}),
        &json!({"pattern": "^b-(.*)", "extract": "$1"}),
    );
    let tags = ["b-9", "b-10", "b-010"];
    let elected = filtered.select(&tags).unwrap();
    assert_eq!(
        (elected.tag(), elected.tied()),
        ("b-010", &["b-010", "b-10"][..])
    );
}

#[test]
fn equal_extracts_stand_for_the_smallest_tag() {
    let policy = compile(
        &json!({"semver": {"range": "*"}}),
        &json!({"pattern": "^(?P<v>.*)-alpine[0-9.]*$", "extract": "$v"}),
    );
    let tags = ["1.2.0-alpine3.18", "1.2.0-alpine3.17", "1.1.0-alpine3.19"];
    let explanation = policy.explain(&tags);
    let elected = explanation.outcome().unwrap();
    assert_eq!(
        (elected.tag(), elected.value(), elected.tied().len()),
        ("1.2.0-alpine3.17", "1.2.0", 1)
    );
    assert!(matches!(
        explanation.reason(0),
        Some(Reason::Collapsed {
            into: "1.2.0-alpine3.17",
            ..
        })
    ));
}

const MANIFEST: &str = "
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: app}
spec: {image: ghcr.io/org/app, interval: 1h, exclusionList: ['^sha-']}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: app}
spec:
  imageRepositoryRef: {name: app}
  filterTags: {pattern: '^main-[a-f0-9]+-(?P<time>[0-9]+)$', extract: $time}
  policy: {numerical: {order: asc}}
";

#[test]
fn a_manifest_is_tested_with_the_exclusions_beside_it() {
    assert_elects(
        MANIFEST,
        ["main-ab-9", "main-cd-10", "sha-main-ef-11"],
        "main-cd-10",
    );
    assert_elects_nothing(MANIFEST, ["sha-main-ef-11"]);
    assert_elects_nothing(MANIFEST, ["release-1"]);
}

#[track_caller]
fn failure(tags: &[&str], winner: &str) -> String {
    let panic = catch_unwind(|| assert_elects(MANIFEST, tags, winner)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn a_failed_assertion_shows_the_explanation() {
    assert_eq!(
        failure(
            &["main-ab-9", "main-cd-10", "main-dev", "sha-ab"],
            "main-ab-9"
        ),
        "\"main-ab-9\" is not elected
main-cd-10 is elected from 4 tags by numerical, greatest, as \"10\"
  1 is outranked: main-ab-9
  1 is not matched by the pattern of filterTags: main-dev
  1 is excluded by ^sha-: sha-ab
"
    );
    assert_eq!(
        failure(&["main-ab-10", "main-cd-010"], "main-ab-10"),
        "whether \"main-ab-10\" is elected is left to chance
main-cd-010 is elected from 2 tags by numerical, greatest, as \"010\"
  Flux elects any of: main-ab-10, main-cd-010
  1 is of the same rank: main-ab-10
"
    );
    assert_eq!(
        failure(&["main-dev"], "main-dev"),
        "\"main-dev\" is not elected
no tag is elected from 1 tag by numerical, greatest: version list argument cannot be empty
  1 is not matched by the pattern of filterTags: main-dev
"
    );
}

#[test]
fn the_readme_shows_what_a_failed_assertion_prints() {
    let readme = include_str!("../../README.md");
    let between = |start, end| {
        readme
            .split_once(start)
            .unwrap()
            .1
            .split_once(end)
            .unwrap()
            .0
    };
    let manifest = between("let policy = \"", "\";");
    let tags = between("assert_elects(policy, [", "]").split(", ");
    let tags: Vec<_> = tags.map(|tag| tag.trim_matches('"')).collect();
    let panic = catch_unwind(|| assert_elects(manifest, &tags, tags[1])).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        between("tells why:\n\n```text\n", "```")
    );
}

#[test]
fn a_manifest_without_a_policy_is_told_why() {
    for (manifest, message) in [
        ("a: [", "the manifest cannot be read: "),
        (
            "kind: ImagePolicy\n---\nkind: ImagePolicy",
            "the manifest holds 2 objects of the kind ImagePolicy",
        ),
        (
            "kind: ImagePolicy\nmetadata: {name: a}\nspec: {}",
            "an object cannot be read: missing field",
        ),
        (
            "kind: ImagePolicy\nmetadata: {name: a}\nspec: {imageRepositoryRef: {name: a}, policy: {semver: {range: ''}}}",
            "invalid policy: improper constraint: \"\"",
        ),
    ] {
        let error = policy(manifest).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
