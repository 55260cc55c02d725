//! Objects that cannot be changed.

use super::*;

fn job(image: &str) -> Value {
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": [{"name": "j", "image": image}]}}},
    })
}

fn live(lab: &Lab) -> Option<Value> {
    lab.api.get("batch/v1", "Job", Some("shop"), "j")
}

fn image(job: &Value) -> &Value {
    &job["spec"]["template"]["spec"]["containers"][0]["image"]
}

fn on_job(verb: Verb) -> On {
    On::any().verb(verb).kind("Job")
}

#[tokio::test(start_paused = true)]
async fn a_field_that_cannot_be_changed_is_told_without_force_and_the_object_created_again_with_it()
{
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    let before = live(&lab).unwrap();
    let failure = lab.apply(&job("j:2")).await.unwrap_err();
    assert_eq!(failure.class(), Class::Invalid);
    assert_eq!(lab.count(Verb::Delete), 0);

    lab.options.force = true;
    lab.api.clear_requests();
    assert_eq!(lab.apply(&job("j:2")).await.unwrap(), "Job/shop/j created");
    let verbs = [
        Verb::Get,
        Verb::DryRun,
        Verb::Delete,
        Verb::Get,
        Verb::DryRun,
        Verb::Apply,
    ];
    assert_eq!(lab.verbs(), verbs);
    let requests = lab.api.requests();
    let delete = requests
        .iter()
        .find(|request| request.verb == Verb::Delete)
        .unwrap();
    let body = delete.body.as_ref().unwrap();
    assert_eq!(body["preconditions"]["uid"], before["metadata"]["uid"]);
    assert_eq!(body["propagationPolicy"], "Background");
    let after = live(&lab).unwrap();
    assert_eq!(image(&after), "j:2");
    assert_ne!(after["metadata"]["uid"], before["metadata"]["uid"]);
}

#[tokio::test(start_paused = true)]
async fn an_annotation_asks_for_it_as_well() {
    let lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    let mut forced = job("j:2");
    forced["metadata"]["annotations"] = json!({"kustomize.toolkit.fluxcd.io/force": "Enabled"});
    assert_eq!(lab.apply(&forced).await.unwrap(), "Job/shop/j created");
}

#[tokio::test(start_paused = true)]
async fn upstreams_reading_of_a_conflict_can_be_asked_for() {
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    lab.options.force = true;
    lab.options.immutable = Immutable::AnyConflict;
    let before = live(&lab).unwrap();
    lab.api.fault(on_job(Verb::DryRun), Fault::Plain(409));
    lab.apply(&job("j:1")).await.unwrap();
    assert_ne!(
        live(&lab).unwrap()["metadata"]["uid"],
        before["metadata"]["uid"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_is_waited_for_within_the_deadline() {
    let mut lab = Lab::new();
    let mut held = job("j:1");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    lab.api.put(held.clone());
    lab.options.force = true;
    let release = async {
        sleep(Duration::from_secs(5)).await;
        lab.api.remove("batch/v1", "Job", Some("shop"), "j");
    };
    let begun = Instant::now();
    let desired = job("j:2");
    let (line, ()) = tokio::join!(lab.apply(&desired), release);
    assert_eq!(line.unwrap(), "Job/shop/j created");
    assert_eq!(begun.elapsed().as_secs(), 6);

    lab.api.remove("batch/v1", "Job", Some("shop"), "j");
    lab.api.put(held);
    let begun = Instant::now();
    let failure = lab.apply(&desired).await.unwrap_err();
    let took = begun.elapsed();
    assert!(
        took <= lab.options.deadline && took > Duration::from_secs(110),
        "{took:?}"
    );
    assert_eq!(
        failure.to_string(),
        "Job/shop/j immutable field detected, failed to wait for object to be deleted: no answer within 120s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_a_finalizer() {
    let mut lab = Lab::new();
    let mut held = job("j:1");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    lab.api.put(held);
    lab.options.force = true;
    let shutdown = async {
        sleep(Duration::from_secs(3)).await;
        lab.cancel.cancel();
    };
    let begun = Instant::now();
    let desired = job("j:2");
    let (line, ()) = tokio::join!(lab.apply(&desired), shutdown);
    assert_eq!(line.unwrap_err().class(), Class::Cancelled);
    assert_eq!(begun.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn only_the_object_that_was_read_is_deleted() {
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    lab.options.force = true;
    lab.api
        .fault(on_job(Verb::Delete), Fault::Delay(Duration::from_secs(5)));
    let replace = async {
        sleep(Duration::from_secs(2)).await;
        lab.api.remove("batch/v1", "Job", Some("shop"), "j");
        lab.api.put(job("theirs:1"));
    };
    let desired = job("j:2");
    let (line, ()) = tokio::join!(lab.apply(&desired), replace);
    let failure = line.unwrap_err();
    assert_eq!(failure.class(), Class::Conflict);
    let text = failure.to_string();
    assert!(
        text.starts_with("Job/shop/j immutable field detected, failed to delete object: "),
        "{text}"
    );
    assert_eq!(image(&live(&lab).unwrap()), "theirs:1");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_answer_got_lost_is_looked_for_on_the_server() {
    for fault in [
        Fault::ResetAfter,
        Fault::HangAfter,
        Fault::Truncate,
        Fault::NotJson,
    ] {
        let mut lab = Lab::new();
        lab.apply(&job("j:1")).await.unwrap();
        lab.options.force = true;
        lab.api.fault(on_job(Verb::Delete), fault.clone());
        assert_eq!(
            lab.apply(&job("j:2")).await.unwrap(),
            "Job/shop/j created",
            "{fault:?}"
        );
    }
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    lab.options.force = true;
    lab.api.fault(on_job(Verb::Delete), Fault::Hang);
    let failure = lab.apply(&job("j:2")).await.unwrap_err();
    assert_eq!(failure.class(), Class::Timeout);
    assert_eq!(image(&live(&lab).unwrap()), "j:1");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_while_a_deletion_is_waited_for_is_no_news() {
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    lab.options.force = true;
    lab.api
        .fault(on_job(Verb::Get).skip(1).times(6), Fault::Plain(503));
    assert_eq!(lab.apply(&job("j:2")).await.unwrap(), "Job/shop/j created");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_is_forbidden_fails_the_object() {
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    lab.options.force = true;
    lab.api.fault(on_job(Verb::Delete), Fault::Forbidden);
    let failure = lab.apply(&job("j:2")).await.unwrap_err();
    assert_eq!(failure.class(), Class::Forbidden);
    assert_eq!(image(&live(&lab).unwrap()), "j:1");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_deleted_is_created_again_whatever_becomes_of_the_others() {
    let mut lab = Lab::new();
    lab.apply(&job("j:1")).await.unwrap();
    lab.options.force = true;
    lab.options.on_failure = OnFailure::HoldBack;
    lab.api.fault(on(Verb::DryRun), Fault::Forbidden);
    let partial = lab
        .apply_all(&[map("a"), map("b"), job("j:2")])
        .await
        .unwrap_err();
    assert_eq!(partial.changes.to_string(), "Job/shop/j created");
    assert_eq!(partial.pending, [Resource::of(&map("b"))]);

    // A shutdown that comes between its deletion and its creation.
    lab.options.on_failure = OnFailure::GoOn;
    let on = On::any().verb(Verb::DryRun).kind("Job").skip(1);
    lab.api.fault(on, Fault::Delay(Duration::from_secs(5)));
    let shutdown = async {
        sleep(Duration::from_secs(3)).await;
        lab.cancel.cancel();
    };
    let objects = [job("j:3")];
    let (changes, ()) = tokio::join!(lab.apply_all(&objects), shutdown);
    assert_eq!(changes.unwrap(), "Job/shop/j created");
    assert_eq!(image(&live(&lab).unwrap()), "j:3");
}
