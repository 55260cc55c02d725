use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parse(controller: Controller, arguments: &[&str]) -> Flags {
    Flags::parse(controller, FluxVersion::V2_9, arguments)
}

fn problems(flags: &Flags) -> Vec<String> {
    flags.problems.iter().map(Problem::to_string).collect()
}

#[test]
fn a_deployment_tells_what_its_controller_was_told() {
    let deployment = json!({
        "kind": "Deployment",
        "metadata": {"name": "apps", "labels": {
            "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/component": "kustomize-controller"}},
        "spec": {"template": {"spec": {"containers": [
            {"name": "proxy", "args": ["--x"]},
            {"name": "manager", "args": ["--no-remote-bases", "--requeue-dependency", "5s"]},
        ]}}},
    });
    let flags = Flags::of_deployment(&deployment, FluxVersion::V2_9).unwrap();
    assert_eq!(flags.controller, Controller::Kustomize);
    assert_eq!(problems(&flags), [""; 0]);
    assert!(flags.no_remote_bases().unwrap().value);
    let requeue = Given {
        value: Duration::from_secs(5),
        origin: Origin::Argument(1),
    };
    assert_eq!(flags.requeue_dependency(), Some(requeue));
    assert_eq!(
        Flags::of_deployment(
            &json!({"kind": "Deployment", "metadata": {"name": "x"}}),
            FluxVersion::V2_9
        ),
        None
    );
}

#[test]
fn a_boolean_takes_no_word_as_its_value() {
    let flags = parse(
        Controller::Helm,
        &[
            "--no-cross-namespace-refs",
            "false",
            "--watch-all-namespaces=F",
        ],
    );
    assert!(flags.no_cross_namespace_refs().unwrap().value);
    assert!(!flags.watch_all_namespaces().unwrap().value);
    assert_eq!(problems(&flags), [""; 0]);
}

#[test]
fn every_problem_is_found_at_once() {
    let flags = parse(
        Controller::Kustomize,
        &[
            "--nothing",
            "5",
            "-x",
            "--concurrent=many",
            "--=a",
            "--feature-gates=Nothing=true",
            "--interval-jitter-percentage=100",
            "--default-kubeconfig-service-account=a",
            "--log-level",
        ],
    );
    let expected = [
        "unknown flag: --nothing",
        "unknown flag: -x",
        "invalid value for --concurrent: \"many\"",
        "no flag: --=a",
        "flag needs a value: --log-level",
        "unknown feature gate: \"Nothing\"",
        "--default-kubeconfig-service-account needs the feature gate ObjectLevelWorkloadIdentity",
        "--interval-jitter-percentage must be below 100, not 100",
    ];
    assert_eq!(problems(&flags), expected);
    assert_eq!(flags.problems[4].argument, Some(8));
}

#[test]
fn lists_and_gates_add_up_and_other_flags_take_the_last() {
    let flags = parse(
        Controller::Kustomize,
        &[
            "--override-manager=a,b",
            "--override-manager",
            "c",
            "--feature-gates=GroupChangeLog=true, MigrateAPIVersion = 1",
            "--feature-gates=GroupChangeLog=false",
            "--log-level=a",
            "--log-level=b",
        ],
    );
    assert_eq!(flags.override_managers().unwrap().value, ["a,b", "c"]);
    assert!(!flags.gate("GroupChangeLog").unwrap().value);
    assert_eq!(
        flags.gate("MigrateAPIVersion"),
        Some(Given {
            value: true,
            origin: Origin::Argument(3)
        })
    );
    assert_eq!(
        flags.setting("log-level").unwrap().value,
        FlagValue::Text("b".to_owned())
    );
}

#[test]
fn a_retired_gate_has_no_effect_and_what_is_new_is_unknown_before() {
    let arguments = [
        "--feature-gates=ObjectLevelWorkloadIdentity=true",
        "--override-manager-before-dry-run=a",
    ];
    let flags = Flags::parse(Controller::Kustomize, FluxVersion::V2_10, &arguments);
    assert_eq!(
        (problems(&flags), flags.retired.as_slice()),
        (vec![], &["ObjectLevelWorkloadIdentity"][..])
    );
    assert_eq!(flags.gate("ObjectLevelWorkloadIdentity"), None);
    let flags = parse(Controller::Kustomize, &arguments);
    assert_eq!(
        problems(&flags),
        ["unknown flag: --override-manager-before-dry-run"]
    );
}

#[test]
fn every_flag_has_a_default_of_its_kind() {
    for (controller, version) in Controller::ALL
        .into_iter()
        .flat_map(|c| [(c, FluxVersion::V2_9), (c, FluxVersion::V2_10)])
    {
        let flags = Flags::parse::<&str>(controller, version, &[]);
        assert_eq!(problems(&flags), [""; 0]);
        for flag in Flag::all(controller, version).filter(|flag| flag.kind != FlagKind::Gates) {
            assert!(
                flags.setting(flag.name).is_some(),
                "{controller} {}",
                flag.name
            );
        }
        assert_eq!(Controller::named(controller.name()), Some(controller));
    }
}

#[test]
fn numbers_are_read_in_go_s_notations() {
    for (text, expected) in [
        ("0x1F", Some(31)),
        ("0b11", Some(3)),
        ("0o17", Some(15)),
        ("017", Some(15)),
        ("1_000", Some(1000)),
        ("-5", Some(-5)),
        ("0", Some(0)),
        ("0x_1", Some(1)),
        ("08", None),
        ("0x", None),
        ("_1", None),
        ("1__0", None),
        ("1_", None),
        ("", None),
        ("9223372036854775808", None),
        ("-9223372036854775808", Some(i64::MIN)),
    ] {
        assert_eq!(
            FlagValue::parse(FlagKind::Integer, text),
            expected.map(FlagValue::Integer),
            "{text}"
        );
    }
    assert_eq!(FlagValue::parse(FlagKind::Byte, "256"), None);
    assert_eq!(FlagValue::parse(FlagKind::Byte, "+1"), None);
}

proptest! {
    #[test]
    fn whatever_is_given_every_flag_has_a_value(
        controller in prop::sample::select(&Controller::ALL[..]),
        arguments in prop::collection::vec("(--?)?(concurrent|feature-gates|ssh-kex-algos|log-level|x|h)?=?[a-z0-9\",= é-]{0,6}", 0..6),
    ) {
        let flags = Flags::parse(controller, FluxVersion::V2_9, &arguments);
        prop_assert_eq!(flags.settings().count(), Flag::all(controller, FluxVersion::V2_9).count() - 1);
        prop_assert_eq!(flags.gates().count(), Gate::all(controller).count());
    }

    #[test]
    fn the_last_word_counts(controller in prop::sample::select(&Controller::ALL[..]), before in prop::collection::vec("--[a-z-]{1,9}=[a-z0-9]{0,4}", 0..4)) {
        let mut arguments = before;
        arguments.push("--enable-leader-election=true".to_owned());
        let flags = Flags::parse(controller, FluxVersion::V2_9, &arguments);
        let expected = Given { value: FlagValue::Bool(true), origin: Origin::Argument(arguments.len() - 1) };
        prop_assert_eq!(flags.setting("enable-leader-election"), Some(&expected));
    }
}
