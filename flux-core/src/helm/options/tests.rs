use fluxcd_api::helm::v2::CrdsPolicy;
use serde_json::{Value, json};

use super::*;

fn options(mut spec: Value, gates: Gates) -> Options {
    spec["interval"] = json!("10m");
    let object = json!({"metadata": {"name": "podinfo", "namespace": "apps"}, "spec": spec});
    Options::of(&serde_json::from_value(object).unwrap(), gates)
}

fn plain(spec: Value) -> Options {
    options(spec, Gates::default())
}

fn helm3(spec: Value) -> Options {
    options(spec, Gates::default().with_use_helm3_defaults(true))
}

fn spec<T>(value: T) -> Effective<T> {
    Effective {
        value,
        origin: Origin::Spec,
    }
}

fn flag<T>(value: T) -> Effective<T> {
    Effective {
        value,
        origin: Origin::Flag,
    }
}

#[test]
fn an_action_has_its_own_timeout_or_that_of_the_release_or_five_minutes() {
    let five = Effective::default_value(Duration::from_mins(5));
    assert_eq!(plain(json!({})).install.timeout, five);
    let options = plain(json!({"timeout": "1m", "upgrade": {"timeout": "2m"}}));
    assert_eq!(options.timeout, spec(Duration::from_mins(1)));
    assert_eq!(options.install.timeout, spec(Duration::from_mins(1)));
    assert_eq!(options.upgrade.timeout, spec(Duration::from_mins(2)));
}

#[test]
fn zero_is_a_timeout() {
    assert_eq!(
        plain(json!({"timeout": "0s"})).test.timeout,
        spec(Duration::ZERO)
    );
}

#[test]
fn the_gate_turns_server_side_apply_off_for_installs_only() {
    let options = helm3(json!({}));
    assert_eq!(options.install.server_side_apply, flag(false));
    assert_eq!(
        options.upgrade.server_side_apply,
        Effective::default_value(ServerSideApply::Auto)
    );
    assert_eq!(
        options.rollback.server_side_apply,
        Effective::default_value(ServerSideApply::Auto)
    );
    let written = helm3(json!({"install": {"serverSideApply": true}}));
    assert_eq!(written.install.server_side_apply, spec(true));
}

#[test]
fn modes_of_server_side_apply_become_helms_words() {
    for (written, word) in [
        ("enabled", "true"),
        ("disabled", "false"),
        ("auto", "auto"),
        ("", "auto"),
        ("true", "true"),
        ("Enabled", "Enabled"),
    ] {
        let options = plain(json!({"rollback": {"serverSideApply": written}}));
        assert_eq!(
            options.rollback.server_side_apply.value.as_str(),
            word,
            "{written}"
        );
    }
}

#[test]
fn what_an_action_says_about_waiting_beats_the_release_and_the_gate() {
    let waits = |options: Options| options.uninstall.wait_strategy;
    assert_eq!(
        waits(plain(json!({}))),
        Effective::default_value(WaitStrategy::Watcher)
    );
    assert_eq!(waits(helm3(json!({}))), flag(WaitStrategy::Legacy));
    let poller = json!({"waitStrategy": {"name": "poller"}});
    assert_eq!(waits(helm3(poller.clone())), spec(WaitStrategy::Watcher));
    let mut disabled = poller;
    disabled["uninstall"] = json!({"disableWait": true});
    assert_eq!(waits(helm3(disabled)), spec(WaitStrategy::HookOnly));
    let other = json!({"waitStrategy": {"name": "other"}});
    assert_eq!(
        waits(plain(other)),
        spec(WaitStrategy::Other("other".into()))
    );
    let empty = json!({"waitStrategy": {"name": ""}});
    assert_eq!(waits(helm3(empty)), flag(WaitStrategy::Legacy));
}

#[test]
fn crds_are_created_unless_written_otherwise_for_upgrades_too() {
    assert_eq!(
        plain(json!({})).upgrade.crds,
        Ok(Effective::default_value(CrdsPolicy::Create))
    );
    let skip = plain(json!({"install": {"crds": "Skip", "skipCRDs": false}}));
    assert_eq!(skip.install.crds, Ok(spec(CrdsPolicy::Skip)));
    let unread = plain(json!({"install": {"skipCRDs": true}}));
    assert_eq!(
        unread.install.crds,
        Ok(Effective::default_value(CrdsPolicy::Create))
    );
}

#[test]
fn an_unknown_crd_policy_is_refused_in_upstreams_words() {
    let error = plain(json!({"upgrade": {"crds": "skip"}}))
        .upgrade
        .crds
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid CRD upgrade policy 'skip', valid values are 'Skip', 'Create' or 'CreateReplace'"
    );
}

#[test]
fn a_namespace_is_made_only_for_a_target() {
    let made = |spec| plain(spec).install.create_namespace;
    let create = json!({"createNamespace": true});
    assert_eq!(
        made(json!({"install": create})),
        Effective::default_value(false)
    );
    assert_eq!(
        made(json!({"install": create, "targetNamespace": ""})),
        Effective::default_value(false)
    );
    assert_eq!(
        made(json!({"install": create, "targetNamespace": "team-a"})),
        spec(true)
    );
}

#[test]
fn disable_turns_the_sense_around() {
    let options = plain(json!({"install": {"disableTakeOwnership": true}}));
    assert_eq!(options.install.take_ownership, spec(false));
    assert_eq!(
        options.upgrade.take_ownership,
        Effective::default_value(true)
    );
    assert_eq!(
        options.upgrade.wait_for_jobs,
        Effective::default_value(true)
    );
}

#[test]
fn an_empty_word_is_unset_but_for_the_deletion_propagation() {
    let options = plain(json!({
        "postRenderStrategy": "",
        "driftDetection": {"mode": ""},
        "upgrade": {"chartNameChangeStrategy": "", "crds": ""},
        "uninstall": {"deletionPropagation": ""},
    }));
    assert_eq!(
        options.post_render_strategy,
        Effective::default_value(PostRenderStrategy::Combined)
    );
    assert_eq!(
        options.drift_detection,
        Effective::default_value(DriftDetectionMode::Disabled)
    );
    assert_eq!(
        options.upgrade.chart_name_change_strategy.origin,
        Origin::Default
    );
    assert_eq!(options.uninstall.deletion_propagation.origin, Origin::Spec);
    assert_eq!(options.uninstall.deletion_propagation.value.as_str(), "");
    assert_eq!(
        helm3(json!({"postRenderStrategy": ""}))
            .post_render_strategy
            .origin,
        Origin::Flag
    );
}

#[test]
fn drift_is_looked_for_in_two_modes() {
    let detects = |mode: &str| plain(json!({"driftDetection": {"mode": mode}})).detects_changes();
    assert!(detects("enabled") && detects("warn"));
    assert!(!detects("disabled") && !detects("") && !detects("Enabled"));
}

#[test]
fn no_history_limit_is_zero_and_five_is_assumed() {
    assert_eq!(plain(json!({})).max_history, Effective::default_value(5));
    assert_eq!(
        plain(json!({"maxHistory": 0})).rollback.max_history,
        spec(0)
    );
}
