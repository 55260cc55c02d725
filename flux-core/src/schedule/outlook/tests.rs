use std::collections::BTreeSet;

use chrono::DateTime;
use fluxcd_api::registry;

use super::*;
use crate::condition::Conditions;

#[test]
fn every_row_is_of_a_kind_and_every_kind_with_conditions_has_rows() {
    let kinds: BTreeSet<&str> = reasons().map(|row| row.kind).collect();
    let known: BTreeSet<&str> = registry::ALL.iter().map(|it| it.kind).collect();
    let without = ["Alert", "ExternalArtifact", "Provider"];
    let expected = known.into_iter().filter(|kind| !without.contains(kind));
    assert_eq!(kinds, expected.collect());
}

#[test]
fn rows_and_reasons_are_sorted_and_none_is_there_twice() {
    let mut rows = BTreeSet::new();
    for row in reasons() {
        assert!(
            ["True", "False", "Unknown"].contains(&row.status),
            "{row:?}"
        );
        assert!(
            row.reasons
                .iter()
                .map(|(reason, _)| reason)
                .is_sorted_by(|a, b| a < b),
            "{row:?}"
        );
        assert!(
            rows.insert((row.kind, row.condition, row.status)),
            "{row:?}"
        );
    }
}

/// `Ready` of a source is found by reason alone, and the words of one condition do not depend on its status.
#[test]
fn one_reason_of_a_kind_lets_expect_one_thing() {
    for row in reasons() {
        for (reason, outlook) in row.reasons {
            assert_eq!(
                Outlook::find(row.kind, row.condition, reason),
                Some(*outlook),
                "{row:?}"
            );
            let same_in_others = reasons()
                .filter(|it| it.kind == row.kind && row.kind != "HelmRelease")
                .flat_map(|it| it.reasons)
                .filter(|(other, _)| other == reason)
                .all(|(_, other)| other == outlook);
            assert!(same_in_others, "{} {reason}", row.kind);
        }
    }
}

#[test]
fn bad_news_is_retried_or_stalls_and_good_news_is_not() {
    let is_bad_when_true = |type_: &str| {
        type_.ends_with("Failed") || type_ == "IncludeUnavailable" || type_ == STALLED
    };
    for row in reasons() {
        let is_bad = match row.status {
            "True" => is_bad_when_true(row.condition),
            "False" => row.condition != "Drifted",
            _ => false,
        };
        for (reason, outlook) in row.reasons {
            let is_news_of_failure = !matches!(outlook, Outlook::Well | Outlook::Working);
            assert!(
                is_news_of_failure == is_bad || row.condition == "Remediated",
                "{} {reason}",
                row.kind
            );
        }
    }
}

#[test]
fn stalled_has_the_last_word_unless_work_goes_on() {
    let mut conditions = Conditions::new(Vec::new(), 1, DateTime::UNIX_EPOCH);
    let of = |conditions: &Conditions| {
        let expected = Outlook::of("GitRepository", conditions.list());
        expected.map(|it| (it.outlook, it.condition.type_.clone()))
    };
    assert_eq!(of(&conditions), None);

    conditions.mark_reconciling("Progressing", "m");
    assert_eq!(
        of(&conditions),
        Some((Some(Outlook::Working), RECONCILING.to_owned()))
    );

    conditions.mark_false(READY, "InvalidProviderConfiguration", "m");
    let retries = Some(Outlook::Retries(&[Wait::Backoff]));
    assert_eq!(of(&conditions), Some((retries, READY.to_owned())));

    conditions.mark_stalled("InvalidProviderConfiguration", "m");
    assert_eq!(
        of(&conditions),
        Some((Some(Outlook::Stalls), STALLED.to_owned()))
    );

    conditions.mark_true(RECONCILING, "Progressing", "m");
    assert_eq!(of(&conditions), Some((retries, READY.to_owned())));

    conditions.mark_false(READY, "SomethingNew", "m");
    assert_eq!(of(&conditions), Some((None, READY.to_owned())));
}

#[test]
fn a_user_reads_what_to_expect() {
    let text =
        |kind, condition, reason| Outlook::find(kind, condition, reason).unwrap().to_string();
    assert_eq!(
        text("HelmRelease", READY, "UpgradeFailed"),
        "nothing happens before a change where it is stalled, else tried again at once or after the interval between \
         failures or with growing waits"
    );
    assert_eq!(
        text("Kustomization", READY, "AccessDenied"),
        "nothing happens before a change"
    );
    assert_eq!(
        text("Kustomization", READY, "DependencyNotReady"),
        "tried again after the wait for dependencies"
    );
    assert_eq!(
        text("HelmChart", READY, "NoSourceArtifact"),
        "tried again at once"
    );
    assert_eq!(text("Bucket", READY, "NewRevision"), "work is going on");
    assert_eq!(text("Receiver", READY, "Succeeded"), "all is well");
}
