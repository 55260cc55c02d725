use std::collections::BTreeMap;

use chrono::DateTime;
use fluxcd_api::image::v1::{
    DigestReflectionPolicy, ImagePolicy, ImagePolicySpec, ImagePolicyStatus, ImageRepository,
    ImageRepositorySpec,
};
use fluxcd_api::meta::{
    AccessFrom, Condition, Duration, NamespaceSelector, NamespacedObjectReference, time,
};

use fluxcd_core::schedule::Requeue;

use super::*;
use crate::image::FetchStep;

fn policy(range: &str) -> ImagePolicy {
    let spec = ImagePolicySpec::semver(NamespacedObjectReference::new("app"), range);
    let mut policy = ImagePolicy::new("app", spec);
    policy.metadata.namespace = Some("default".to_owned());
    policy.metadata.generation = Some(2);
    policy
}

fn repository() -> ImageRepository {
    ImageRepository::new(
        "app",
        ImageRepositorySpec::new("ghcr.io/org/app", Duration::ZERO),
    )
}

fn ready(status: &str, reason: &str) -> Condition {
    Condition {
        type_: "Ready".to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message: "old".to_owned(),
        observed_generation: Some(1),
        last_transition_time: time::unix_epoch(),
    }
}

fn was(policy: &mut ImagePolicy, condition: Condition) {
    policy.status = Some(ImagePolicyStatus {
        conditions: Some(vec![condition]),
        observed_generation: Some(2),
        ..ImagePolicyStatus::default()
    });
}

fn run(policy: &ImagePolicy, repository: Option<&ImageRepository>, tags: &[&str]) -> PolicyOutcome {
    let stored: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
    let facts = PolicyFacts::new(repository, &stored, DateTime::UNIX_EPOCH);
    match PolicyRun::decide(policy, &facts) {
        PolicyRun::Done(outcome) => *outcome,
        PolicyRun::Fetch(pending) => pending.failed(FetchStep::Registry("404".to_owned())),
    }
}

/// Type, status and reason of each condition, in order.
fn shown(outcome: &PolicyOutcome) -> Vec<String> {
    let conditions = outcome.status.conditions.iter().flatten();
    conditions
        .map(|it| format!("{} {} {}", it.type_, it.status, it.reason))
        .collect()
}

#[test]
fn a_winner_makes_the_policy_ready_and_the_generation_observed() {
    let outcome = run(&policy("*"), Some(&repository()), &["2.0.0", "1.0.0"]);
    assert_eq!(shown(&outcome), ["Ready True Succeeded"]);
    assert_eq!(outcome.requeue, Requeue::OnChange);
    assert!(outcome.is_observed());
    let latest = outcome.status.latest_ref.unwrap();
    assert_eq!(latest.to_string(), "ghcr.io/org/app:2.0.0");
}

#[test]
fn a_policy_that_stalls_keeps_the_reason_that_it_was_not_ready_for() {
    let mut policy = policy("bad");
    let outcome = run(&policy, Some(&repository()), &[]);
    let stalled = ["Stalled True InvalidPolicy", "Ready False InvalidPolicy"];
    assert_eq!(shown(&outcome), stalled);
    assert!(outcome.is_observed());
    was(&mut policy, ready("False", "AccessDenied"));
    let outcome = run(&policy, Some(&repository()), &[]);
    let stalled = ["Stalled True InvalidPolicy", "Ready False AccessDenied"];
    assert_eq!(shown(&outcome), stalled);
    assert_eq!(outcome.requeue, Requeue::OnChange);
}

#[test]
fn a_digest_that_does_not_come_leaves_the_images_and_is_retried() {
    let mut policy = policy("*");
    policy.spec.digest_reflection_policy = Some(DigestReflectionPolicy::Always);
    policy.spec.interval = Some(Duration::from_mins(5));
    let outcome = run(&policy, Some(&repository()), &["1.0.0"]);
    let failed = [
        "Reconciling True ProgressingWithRetry",
        "Ready False Failed",
    ];
    assert_eq!(shown(&outcome), failed);
    assert_eq!(outcome.requeue, Requeue::Backoff);
    assert_eq!(outcome.status.latest_ref, None);
    assert!(!outcome.is_observed());

    policy.spec.interval = None;
    let outcome = run(&policy, Some(&repository()), &["1.0.0"]);
    assert_eq!(outcome.verdict, PolicyVerdict::IntervalNotConfigured);
}

#[test]
fn without_tags_the_policy_waits_unless_that_looks_like_success() {
    let mut policy = policy("*");
    policy.spec.digest_reflection_policy = Some(DigestReflectionPolicy::Always);
    policy.spec.interval = Some(Duration::from_mins(5));
    let outcome = run(&policy, Some(&repository()), &[]);
    assert_eq!(outcome.requeue, Requeue::After(Duration::from_secs(30)));
    let waiting = [
        "Reconciling True ProgressingWithRetry",
        "Ready False DependencyNotReady",
    ];
    assert_eq!(shown(&outcome), waiting);
    assert_eq!(
        outcome.verdict.to_string(),
        "retrying in 30s error: no tags in database"
    );
    policy.spec.interval = Some(Duration::from_secs(30));
    let outcome = run(&policy, Some(&repository()), &[]);
    assert_eq!(shown(&outcome), ["Ready False DependencyNotReady"]);
    assert_eq!(outcome.requeue, Requeue::Backoff);
}

#[test]
fn repositories_of_other_namespaces_open_themselves_by_labels() {
    let mut policy = policy("*");
    policy.spec.image_repository_ref.namespace = Some("infra".to_owned());
    let mut repository = repository();
    let label = |value: &str| BTreeMap::from([("team".to_owned(), value.to_owned())]);
    let stored = ["1.0.0".to_owned()];
    let verdict = |repository: &ImageRepository, labels: Option<&BTreeMap<_, _>>| {
        let mut facts = PolicyFacts::new(Some(repository), &stored, DateTime::UNIX_EPOCH);
        facts.namespace_labels = labels;
        match PolicyRun::decide(&policy, &facts) {
            PolicyRun::Done(outcome) => outcome.verdict.to_string(),
            PolicyRun::Fetch(_) => panic!("no digest is wanted"),
        }
    };
    let denied = "failed to get the referred ImageRepository: access denied: ";
    let missing = "'infra/app' can't be accessed due to missing ACL labels on 'accessFrom'";
    assert_eq!(
        verdict(&repository, Some(&label("a"))),
        format!("{denied}{missing}")
    );
    let selectors = [Some(label("a")), None];
    let select = |selectors: &[Option<BTreeMap<String, String>>]| {
        let selectors = selectors.iter().cloned();
        Some(AccessFrom {
            namespace_selectors: selectors
                .map(|match_labels| NamespaceSelector { match_labels })
                .collect(),
        })
    };
    repository.spec.access_from = select(&selectors[..1]);
    let no_namespace = "namespaces \"default\" not found";
    assert_eq!(
        verdict(&repository, None),
        format!("{denied}{no_namespace}")
    );
    let no_match =
        "'infra/app' can't be accessed due to ACL labels mismatch on namespace 'default'";
    assert_eq!(
        verdict(&repository, Some(&label("b"))),
        format!("{denied}{no_match}")
    );
    let elected = "Latest image tag for ghcr.io/org/app resolved to 1.0.0";
    assert_eq!(verdict(&repository, Some(&label("a"))), elected);
    repository.spec.access_from = select(&selectors);
    assert_eq!(verdict(&repository, Some(&label("b"))), elected);
}
