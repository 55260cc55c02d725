use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

use super::*;
use crate::inventory::ObjectId;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn judged(object: &Value) -> Readiness {
    compute(object, now()).unwrap()
}

fn widget(status: &Value) -> Value {
    json!({
        "apiVersion": "example.com/v1", "kind": "Widget",
        "metadata": {"name": "x", "namespace": "ns", "generation": 2},
        "status": status,
    })
}

fn ready_condition(status: &str) -> Value {
    json!({"type": "Ready", "status": status, "reason": "R", "message": "m"})
}

#[test]
fn deletion_comes_before_all_else() {
    let mut object = widget(&json!({"observedGeneration": "x", "conditions": 1}));
    object["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(judged(&object).reason, Reason::Deletion);
}

#[test]
fn a_false_ready_condition_is_waited_for_and_never_failed() {
    let readiness = judged(&widget(&json!({"conditions": [ready_condition("False")]})));
    assert_eq!(readiness.status, Status::InProgress);
    assert_eq!(readiness.message(), "m");
    let standard = readiness.condition().unwrap();
    assert_eq!((standard.kind, standard.reason), ("Reconciling", "R"));
    assert_eq!(readiness.waits_for().unwrap(), "condition Ready: R, m");
}

#[test]
fn an_odd_ready_condition_is_passed_over() {
    let conditions = json!([ready_condition("Maybe"), ready_condition("True")]);
    let object = widget(&json!({"conditions": conditions}));
    assert_eq!(judged(&object).reason, Reason::Ready);
}

#[test]
fn the_first_of_reconciling_and_stalled_decides() {
    let one = |kind: &str| json!({"type": kind, "status": "True"});
    let stalled = widget(&json!({"conditions": [one("Stalled"), one("Reconciling")]}));
    assert_eq!(judged(&stalled).status, Status::Failed);
    let reconciling = widget(&json!({"conditions": [one("Reconciling"), one("Stalled")]}));
    assert_eq!(judged(&reconciling).status, Status::InProgress);
}

#[test]
fn a_generation_with_a_point_is_none() {
    let object = widget(&json!({"observedGeneration": 2.0}));
    assert_eq!(compute(&object, now()), Err(Error::ObservedGeneration));
    // Kept as it is where it is not compared with anything.
    let mut object = object;
    object["metadata"] = json!({});
    assert_eq!(judged(&object).reason, Reason::NoRule);
}

#[test]
fn malformed_conditions_are_told_in_upstream_s_words() {
    let text = |status: Value| compute(&widget(&status), now()).unwrap_err().to_string();
    assert_eq!(
        text(json!(1)),
        "looking up status.observedGeneration from resource: it is no integer"
    );
    let text = |conditions: Value| text(json!({ "conditions": conditions }));
    assert_eq!(text(json!({})), "cannot restore slice from map");
    assert_eq!(text(json!(["x"])), "cannot restore struct from: string");
    assert_eq!(text(json!([{"type": 1}])), "cannot convert int64 to string");
    assert_eq!(
        text(json!([{"status": 1}])),
        "cannot convert int64 to v1.ConditionStatus"
    );
    assert_eq!(text(json!([{"reason": 1.5}])), "unrecognized type: string");
}

#[test]
fn an_unschedulable_pod_fails_after_15_seconds() {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"creationTimestamp": "2027-01-15T08:00:00Z"},
        "status": {"phase": "Pending", "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"},
        ]},
    });
    let created = DateTime::parse_from_rfc3339("2027-01-15T08:00:00Z")
        .unwrap()
        .to_utc();
    let after = |seconds| {
        compute(&pod, created + TimeDelta::seconds(seconds))
            .unwrap()
            .status
    };
    assert_eq!(after(-60), Status::InProgress);
    assert_eq!(after(14), Status::InProgress);
    assert_eq!(after(15), Status::Failed);
}

#[test]
fn a_crash_in_another_shape_is_an_error_of_its_own() {
    let pod = |statuses: Value| {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "status": {"phase": "Running", "containerStatuses": statuses},
        })
    };
    assert_eq!(compute(&pod(json!([1])), now()), Err(Error::Crash));
    assert_eq!(
        compute(&pod(json!({})), now()),
        Err(Error::ContainerStatuses)
    );
    assert_eq!(
        judged(&pod(json!([{"state": 1}]))).reason,
        Reason::Core(CoreReason::PodNotReady)
    );
}

#[test]
fn a_running_job_is_current_for_kstatus_and_in_progress_for_flux() {
    let job = json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"},
        "status": {"startTime": "2026-01-01T00:00:00Z"},
    });
    assert_eq!(judged(&job).status, Status::Terminating);
    assert_eq!(compute_job(&job).unwrap().status, Status::InProgress);
    assert_eq!(
        Reader::new().read(&job, [], now()).unwrap().status,
        Status::InProgress
    );
    let mut job = job;
    job["metadata"] = json!({});
    assert_eq!(judged(&job).status, Status::Current);
}

#[test]
fn a_deployment_without_selector_is_unknown_and_one_with_failed_pods_is_not_failed() {
    let deployment = |selector: Value| json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"selector": selector}});
    let reader = Reader::new();
    assert_eq!(reader.rule("apps", "Deployment"), Rule::Selecting);
    let read = |object: &Value| reader.read(object, [], now());
    assert!(matches!(
        read(&deployment(json!(null))),
        Err(Error::Selector(_))
    ));
    assert_eq!(
        read(&deployment(json!({}))).unwrap().status,
        Status::InProgress
    );
}

fn id(text: &str) -> ObjectId {
    ObjectId::parse(text).unwrap()
}

#[test]
fn a_failure_stops_the_wait_at_once_or_when_the_others_have_ended() {
    let (a, b) = (id("ns_a_apps_Deployment"), id("ns_b_apps_Deployment"));
    let mut wait = Wait::new([a.clone(), b.clone()]);
    wait.observe(&a, Status::Failed);
    let text = "failed early due to stalled resources: [Deployment/ns/a status: 'Failed']";
    let Decision::Failed(unready) = wait.decide(Time::Left) else {
        panic!("a failure stops");
    };
    assert_eq!(unready.to_string(), text);

    let mut patient = wait.on_failure(OnFailure::WaitForOthers);
    assert_eq!(patient.decide(Time::Left), Decision::Wait);
    patient.observe(&b, Status::Current);
    let Decision::Failed(unready) = patient.decide(Time::Left) else {
        panic!("only ended objects are left");
    };
    assert_eq!(unready.to_string(), text);
}

#[test]
fn the_end_of_time_lists_all_that_is_not_current_sorted_and_with_errors() {
    let [c, b, a] = [
        "_c__Namespace",
        "ns_b_example.com_Widget",
        "ns_a_apps_Deployment",
    ]
    .map(id);
    let mut wait = Wait::new([c.clone(), b.clone(), a.clone()]);
    wait.observe(&a, Status::InProgress);
    wait.observe(&b, &compute(&json!({"status": []}), now()));
    wait.observe(&c, Status::Current);
    let Decision::TimedOut(unready) = wait.decide(Time::Over) else {
        panic!("the time is over");
    };
    assert_eq!(
        unready.to_string(),
        "timeout waiting for: [Deployment/ns/a status: 'InProgress', \
         Widget/ns/b status: 'Unknown': cannot restore struct from: slice]"
    );
}

#[test]
fn nothing_seen_at_all_is_said_so() {
    let wait =
        Wait::new([id("_x__Namespace"), id("ns_j_batch_Job")]).with_ttl([id("ns_j_batch_Job")]);
    assert_eq!(wait.decide(Time::Left), Decision::Wait);
    let Decision::TimedOut(unready) = wait.decide(Time::Over) else {
        panic!("the time is over");
    };
    assert_eq!(
        unready.to_string(),
        "timeout waiting for: [can't determine status for Namespace/x]"
    );
    let job = [id("ns_j_batch_Job")];
    let only_a_job = Wait::new(job.clone()).with_ttl(job);
    assert_eq!(only_a_job.decide(Time::Over), Decision::Done);
}

#[test]
fn a_job_with_a_ttl_that_is_gone_has_ended_well() {
    let job = id("ns_j_batch_Job");
    let mut wait = Wait::new([job.clone()]);
    wait.observe(&job, Status::NotFound);
    assert_eq!(wait.decide(Time::Left), Decision::Wait);
    assert_eq!(wait.with_ttl([job]).decide(Time::Left), Decision::Done);

    let job = |ttl: Value| json!({"apiVersion": "batch/v1", "kind": "Job", "spec": {"ttlSecondsAfterFinished": ttl}});
    assert!(has_ttl(&job(json!(0))));
    assert!(!has_ttl(&job(json!(null))));
}

#[test]
fn a_wait_for_nothing_is_over() {
    assert_eq!(Wait::new([]).decide(Time::Left), Decision::Done);
    assert_eq!(Wait::new([]).decide(Time::Over), Decision::Done);
}

#[test]
fn a_health_check_without_group_is_of_apps_and_one_with_two_slashes_is_refused() {
    let mut owner = fluxcd_api::kustomize::v1::Kustomization::default();
    assert_eq!(health_checks(&owner, [id("_x__Namespace")]), Ok(None));
    let check = |version: &str| fluxcd_api::meta::NamespacedObjectKindReference {
        api_version: Some(version.to_owned()),
        kind: "Deployment".to_owned(),
        name: "app".to_owned(),
        namespace: None,
    };
    owner.spec.health_checks = Some(vec![check(""), check("v1")]);
    let targets = health_checks(&owner, []).unwrap().unwrap();
    assert_eq!(
        targets,
        ["_app_apps_Deployment", "_app__Deployment"].map(id)
    );
    owner.spec.health_checks = Some(vec![check("a/b/c")]);
    let error = health_checks(&owner, []).unwrap_err();
    assert_eq!(error.to_string(), "unexpected GroupVersion string: a/b/c");
}

#[test]
fn public_types_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<(Readiness, Error, Reader, Wait, Decision)>();
}

/// Any JSON, in which what is read is frequent.
fn any_json() -> impl Strategy<Value = Value> {
    let words = |text: &'static str| {
        let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        prop::sample::select(words)
    };
    let keys = words(
        "apiVersion kind metadata generation deletionTimestamp creationTimestamp namespace labels app spec selector \
         matchLabels matchExpressions key operator values replicas status observedGeneration conditions type reason \
         message phase containerStatuses name state waiting",
    );
    let texts = words(
        "v1 apps/v1 batch/v1 Pod StatefulSet Deployment Job True False Ready Stalled Reconciling Running Pending \
         CrashLoopBackOff Unschedulable PodScheduled In a 2026-01-01T00:00:00Z",
    );
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| json!(n)),
        (0..3_i64).prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| Number::from_f64(n).map_or(Value::Null, Value::Number)),
        texts.prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        let members = prop::collection::vec((keys.clone(), inner.clone()), 0..8);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            members.prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

fn any_object() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(vec![
        ("v1", "Pod"),
        ("v1", "Service"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("batch/v1", "Job"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("example.com/v1", "Widget"),
    ]);
    (kinds, any_json(), any_json(), any_json()).prop_map(
        |((version, kind), metadata, spec, status)| {
            json!({
                "apiVersion": version, "kind": kind,
                "metadata": metadata, "spec": spec, "status": status,
            })
        },
    )
}

fn any_status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![
        Status::InProgress,
        Status::Failed,
        Status::Current,
        Status::Terminating,
        Status::NotFound,
        Status::Unknown,
    ])
}

proptest! {
    #[test]
    fn every_value_has_an_answer_whose_reason_stands_for_its_status(
        object in prop_oneof![any_object(), any_json()],
        related in prop::collection::vec(any_object(), 0..3),
    ) {
        let reader = Reader::new();
        for read in [compute(&object, now()), compute_job(&object), reader.read(&object, &related, now())]
            .into_iter()
            .flatten()
        {
            prop_assert_eq!(read.status, read.reason.status());
            prop_assert_eq!(read.waits_for().is_none(), read.status == Status::Current);
            let tells = matches!(read.status, Status::InProgress | Status::Failed);
            let by_pods = matches!(read.reason, Reason::Workload(WorkloadReason::PodsFailed(_)));
            prop_assert_eq!(read.condition().is_some(), tells && !by_pods);
            prop_assert!(read.to_string().starts_with(read.status.as_str()));
        }
    }

    #[test]
    fn time_only_turns_a_pod_in_progress_into_a_failed_one(object in any_object(), seconds in 0..100_i64) {
        let later = compute(&object, now() + TimeDelta::seconds(seconds));
        let read = compute(&object, now());
        if read != later {
            let young = Ok(Reason::Core(CoreReason::PodNotScheduled).into());
            prop_assert_eq!((read, later.unwrap().status), (young, Status::Failed));
        }
    }

    #[test]
    fn fields_that_nobody_reads_change_nothing(object in any_object(), extra in any_json()) {
        let mut more = object.clone();
        more["managed"] = extra;
        prop_assert_eq!(compute(&more, now()), compute(&object, now()));
    }

    #[test]
    fn pods_only_turn_an_object_in_progress_into_a_failed_one(
        object in any_object(),
        related in prop::collection::vec(any_object(), 0..4),
    ) {
        let reader = Reader::new();
        let (alone, read) = (reader.read(&object, [], now()), reader.read(&object, &related, now()));
        if alone != read {
            let statuses = (alone.unwrap().status, read.unwrap().status);
            prop_assert_eq!(statuses, (Status::InProgress, Status::Failed));
        }
    }

    #[test]
    fn an_aggregate_does_not_hang_on_the_order(
        mut statuses in prop::collection::vec(any_status(), 0..6),
        desired in any_status(),
    ) {
        let before = aggregate(statuses.clone(), desired);
        statuses.reverse();
        prop_assert_eq!(aggregate(statuses.clone(), desired), before);
        statuses.push(Status::Failed);
        prop_assert_eq!(aggregate(statuses, desired), Status::Failed);
    }

    #[test]
    fn a_wait_is_done_exactly_when_all_are_current(
        statuses in prop::collection::vec(any_status(), 1..5),
        patient in any::<bool>(),
    ) {
        let ids: Vec<_> = (0..statuses.len()).map(|n| id(&format!("ns_x{n}_apps_Deployment"))).collect();
        let on_failure = if patient { OnFailure::WaitForOthers } else { OnFailure::Stop };
        let mut wait = Wait::new(ids.clone()).on_failure(on_failure);
        for (id, status) in ids.iter().zip(&statuses) {
            wait.observe(id, *status);
        }
        let all_current = statuses.iter().all(|status| *status == Status::Current);
        for time in [Time::Left, Time::Over] {
            prop_assert_eq!(wait.decide(time) == Decision::Done, all_current);
        }
        let any_failed = statuses.contains(&Status::Failed);
        let ended = statuses.iter().all(|status| matches!(status, Status::Current | Status::Failed));
        let fails = matches!(wait.decide(Time::Left), Decision::Failed(_));
        prop_assert_eq!(fails, any_failed && (ended || !patient));
        let timed_out = matches!(wait.decide(Time::Over), Decision::TimedOut(_));
        prop_assert_eq!(timed_out, !all_current);
    }
}
