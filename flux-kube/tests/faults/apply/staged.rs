//! Stages, and what is built on what.

use super::*;

fn definition() -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}}],
        },
    })
}

fn widget() -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "shop"}})
}

#[tokio::test(start_paused = true)]
async fn a_custom_resource_is_applied_as_soon_as_its_definition_is_established() {
    let lab = Lab::new();
    lab.api.establish(Establish::After(Duration::from_secs(3)));
    let begun = Instant::now();
    let line = lab
        .apply_staged(&[widget(), definition(), map("a")])
        .await
        .unwrap();
    assert_eq!(
        line,
        "CustomResourceDefinition/widgets.example.com created\nConfigMap/shop/a created\nWidget/shop/w created"
    );
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "{:?}",
        begun.elapsed()
    );

    lab.api.clear_requests();
    let begun = Instant::now();
    let again = lab
        .apply_staged(&[widget(), definition(), map("a")])
        .await
        .unwrap();
    assert_eq!(again, line.replace("created", "unchanged"));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(
        (
            lab.count(Verb::Get),
            lab.count(Verb::DryRun),
            lab.verbs().len()
        ),
        (3, 3, 6)
    );
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_was_just_defined_is_tried_again_while_it_is_not_served() {
    let lab = Lab::new();
    let not_yet = Fault::Plain(404);
    lab.api.fault(
        On::any().verb(Verb::DryRun).kind("Widget").times(3),
        not_yet,
    );
    let begun = Instant::now();
    lab.apply_staged(&[widget(), definition()]).await.unwrap();
    assert_eq!(begun.elapsed().as_millis(), 2000);

    // Not for ever.
    lab.api.fault(
        On::any().verb(Verb::DryRun).kind("Widget").always(),
        Fault::Plain(404),
    );
    let begun = Instant::now();
    let partial = lab
        .apply_staged(&[widget(), definition()])
        .await
        .unwrap_err();
    assert_eq!(partial.failures.len(), 1);
    assert!(
        (60..=62).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );

    // A kind that nobody defines is not waited for.
    let begun = Instant::now();
    let mut unknown = widget();
    unknown["kind"] = "Gadget".into();
    lab.apply_staged(&[unknown]).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_definition_that_is_never_established_ends_the_apply_after_a_minute() {
    let lab = Lab::new();
    lab.api.establish(Establish::Never);
    let begun = Instant::now();
    let partial = lab
        .apply_staged(&[widget(), definition(), map("a")])
        .await
        .unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 60);
    assert_eq!(
        partial.to_string(),
        "timeout waiting for: [CustomResourceDefinition/widgets.example.com status: 'InProgress']"
    );
    assert_eq!(
        partial.pending,
        [Resource::of(&map("a")), Resource::of(&widget())]
    );
    assert_eq!(
        partial.changes.to_string(),
        "CustomResourceDefinition/widgets.example.com created"
    );
    let waits = lab.verbs().len();
    assert!(waits < 40, "{waits}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_while_a_stage_is_waited_for_is_no_news() {
    let lab = Lab::new();
    lab.api.establish(Establish::After(Duration::from_secs(5)));
    let on = On::any()
        .verb(Verb::Get)
        .kind("CustomResourceDefinition")
        .skip(1)
        .times(10);
    lab.api.fault(on, Fault::Plain(500));
    lab.apply_staged(&[widget(), definition()]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_the_wait_for_a_stage() {
    let lab = Lab::new();
    lab.api.establish(Establish::Never);
    let shutdown = async {
        sleep(Duration::from_secs(3)).await;
        lab.cancel.cancel();
    };
    let begun = Instant::now();
    let objects = [widget(), definition()];
    let (partial, ()) = tokio::join!(lab.apply_staged(&objects), shutdown);
    let partial = partial.unwrap_err();
    assert!(partial.is_cancelled());
    assert_eq!(begun.elapsed().as_secs(), 3);
    assert_eq!(partial.pending, [Resource::of(&widget())]);
}

#[tokio::test(start_paused = true)]
async fn a_namespace_and_what_is_in_it_are_applied_in_one_go() {
    let lab = Lab::new();
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}});
    let mut inside = map("a");
    inside["metadata"]["namespace"] = "new".into();
    let line = lab.apply_staged(&[inside, namespace]).await.unwrap();
    assert_eq!(line, "Namespace/new created\nConfigMap/new/a created");
}

#[tokio::test(start_paused = true)]
async fn definitions_that_fail_fail_alone_or_hold_back_the_rest() {
    let mut lab = Lab::new();
    let on = || {
        On::any()
            .kind("CustomResourceDefinition")
            .verb(Verb::DryRun)
    };
    lab.api.fault(on(), Fault::Forbidden);
    let partial = lab
        .apply_staged(&[definition(), map("a"), widget()])
        .await
        .unwrap_err();
    assert_eq!(partial.changes.to_string(), "ConfigMap/shop/a created");
    assert_eq!(partial.failures.len(), 2);

    lab.options.on_failure = OnFailure::HoldBack;
    lab.api.fault(on(), Fault::Forbidden);
    let partial = lab
        .apply_staged(&[definition(), map("b"), widget()])
        .await
        .unwrap_err();
    assert!(partial.changes.0.is_empty());
    assert_eq!((partial.failures.len(), partial.pending.len()), (1, 2));
}
