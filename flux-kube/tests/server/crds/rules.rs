//! Every CEL rule of every kind refuses what breaks it and nothing but it, with its message.

use std::collections::BTreeSet;

use fluxcd_api::registry;
use serde_json::{Value, json};

use super::{install, sample, schemas, try_create};
use crate::server;

/// A rule (kind, path, message), and what makes a sample break it: a merge patch of its spec.
type Case = (&'static str, &'static str, &'static str, Value);

fn cases() -> Vec<Case> {
    let mut cases = helm_release();
    cases.extend(bucket());
    cases.extend(others());
    cases
}

fn helm_release() -> Vec<Case> {
    // The sample has a chart of kind OCIRepository.
    let chart = |message, chart: Value| {
        (
            "HelmRelease",
            "spec.chart",
            message,
            json!({"chart": chart}),
        )
    };
    let source = json!({"kind": "HelmRepository", "name": "charts"});
    vec![
        (
            "HelmRelease",
            "spec",
            "either chart or chartRef must be set",
            json!({"chartRef": {"kind": "OCIRepository", "name": "podinfo"}}),
        ),
        chart(
            "chart.spec.url must be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"url": null}}),
        ),
        chart(
            "chart.spec.url requires chart.kind: 'OCIRepository'; for a HelmChart template set spec.chart and spec.sourceRef instead",
            json!({"kind": null, "spec": {"chart": "podinfo", "sourceRef": source}}),
        ),
        chart(
            "chart.spec.chart and chart.spec.sourceRef must be set when chart.kind is not 'OCIRepository'",
            json!({"kind": null, "spec": {"url": null}}),
        ),
        chart(
            "chart.spec.chart cannot be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"chart": "podinfo"}}),
        ),
        chart(
            "chart.spec.version cannot be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"version": "6.x"}}),
        ),
        chart(
            "chart.spec.sourceRef cannot be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"sourceRef": source}}),
        ),
        chart(
            "chart.spec.reconcileStrategy cannot be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"reconcileStrategy": "Revision"}}),
        ),
        chart(
            "chart.spec.valuesFiles cannot be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"valuesFiles": ["values.yaml"]}}),
        ),
        chart(
            "chart.spec.ignoreMissingValuesFiles cannot be set when chart.kind is 'OCIRepository'",
            json!({"spec": {"ignoreMissingValuesFiles": true}}),
        ),
        (
            "HelmRelease",
            "spec.install.strategy",
            ".retryInterval cannot be set when .name is 'RemediateOnFailure'",
            json!({"install": {"strategy": {"name": "RemediateOnFailure"}}}),
        ),
        (
            "HelmRelease",
            "spec.upgrade.strategy",
            ".retryInterval can only be set when .name is 'RetryOnFailure'",
            json!({"upgrade": {"strategy": {"name": "RemediateOnFailure", "retryInterval": "1m"}}}),
        ),
        (
            "HelmRelease",
            "spec.kubeConfig",
            "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified",
            json!({"kubeConfig": {}}),
        ),
    ]
}

fn bucket() -> Vec<Case> {
    // The sample has the provider aws, with its STS.
    let bucket = |message, spec| ("Bucket", "spec", message, spec);
    vec![
        bucket(
            "STS configuration is only supported for the 'aws' and 'generic' Bucket providers",
            json!({"provider": "gcp"}),
        ),
        bucket(
            "'aws' is the only supported STS provider for the 'aws' Bucket provider",
            json!({"sts": {"provider": "ldap"}}),
        ),
        bucket(
            "'ldap' is the only supported STS provider for the 'generic' Bucket provider",
            json!({"provider": "generic"}),
        ),
        bucket(
            "spec.sts.secretRef is not required for the 'aws' STS provider",
            json!({"sts": {"secretRef": {"name": "sts"}}}),
        ),
        bucket(
            "spec.sts.certSecretRef is not required for the 'aws' STS provider",
            json!({"sts": {"certSecretRef": {"name": "sts"}}}),
        ),
        bucket(
            "ServiceAccountName is not supported for the 'generic' Bucket provider",
            json!({"provider": "generic", "sts": null, "serviceAccountName": "reader"}),
        ),
        bucket(
            "cannot set both .spec.secretRef and .spec.serviceAccountName",
            json!({"secretRef": {"name": "bucket"}, "serviceAccountName": "reader"}),
        ),
    ]
}

fn others() -> Vec<Case> {
    let receiver = |message, spec| ("Receiver", "spec", message, spec);
    let generator = |path, message, spec| ("ArtifactGenerator", path, message, spec);
    let artifact = |name, namespace: Value| {
        let copy = json!([{"from": "@git/**", "to": "@artifact/"}]);
        let artifact = json!({"name": name, "namespace": namespace, "copy": copy});
        json!({"pathPattern": null, "managedNamespaces": null, "artifacts": [artifact]})
    };
    vec![
        generator(
            "spec",
            "artifact names must be valid Kubernetes object names when pathPattern is not set",
            artifact("apps-{name}", json!("apps")),
        ),
        generator(
            "spec",
            "artifact namespaces must be valid Kubernetes namespaces when pathPattern is not set",
            artifact("apps", json!("{name}")),
        ),
        generator(
            "spec.managedNamespaces.metadata",
            "either fromSource or at least one from operation must be set",
            json!({"managedNamespaces": {"metadata": {"fromSource": null, "from": null}}}),
        ),
        generator(
            "spec.managedNamespaces.metadata.fromSource",
            "at least one annotation or label must be set",
            json!({"managedNamespaces": {"metadata": {"fromSource": {"allowedLabels": null}}}}),
        ),
        (
            "GitRepository",
            "spec",
            "serviceAccountName can only be set when provider is 'azure' or 'aws'",
            json!({"serviceAccountName": "reader"}),
        ),
        (
            "HelmChart",
            "spec",
            "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'",
            json!({"sourceRef": {"kind": "GitRepository"}}),
        ),
        (
            "ImagePolicy",
            "spec",
            "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
            json!({"digestReflectionPolicy": "IfNotPresent"}),
        ),
        (
            "ImagePolicy",
            "spec",
            "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
            json!({"interval": null}),
        ),
        (
            "Kustomization",
            "spec.kubeConfig",
            "exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified",
            json!({"kubeConfig": {"configMapRef": {"name": "remote"}}}),
        ),
        (
            "OCIRepository",
            "",
            "spec.url is required",
            json!({"url": null}),
        ),
        (
            "OCIRepository",
            "",
            "spec.interval is required",
            json!({"interval": null}),
        ),
        (
            "Provider",
            "spec",
            "spec.commitStatusExpr is only supported for the 'github', 'gitlab', 'gitea', 'bitbucketserver', 'bitbucket', 'azuredevops' provider types",
            json!({"type": "slack", "commitStatusExpr": "event.reason"}),
        ),
        receiver(
            "generic-oidc receivers must define at least one oidcProvider",
            json!({"oidcProviders": null}),
        ),
        receiver(
            "oidcProviders can only be set when type is generic-oidc",
            json!({"type": "github", "secretRef": {"name": "token"}}),
        ),
        receiver(
            "secretRef cannot be set when type is generic-oidc",
            json!({"secretRef": {"name": "token"}}),
        ),
        receiver(
            "secretRef is required when type is not generic-oidc",
            json!({"type": "github", "oidcProviders": null}),
        ),
    ]
}

/// The rules of a schema: path and message.
fn rules(schema: &Value, path: &str, found: &mut Vec<(String, String)>) {
    for rule in schema["x-kubernetes-validations"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let message = rule["message"].as_str().unwrap_or_default();
        found.push((path.to_owned(), message.to_owned()));
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        rules(schema, path.trim_start_matches('.'), found);
    }
    for (member, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
        if schema[member].is_object() {
            rules(&schema[member], &format!("{path}{mark}"), found);
        }
    }
}

fn patch(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, member) in members {
        if member.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            patch_member(target, name, member);
        }
    }
}

fn patch_member(target: &mut Value, name: &str, member: &Value) {
    let slot = target
        .as_object_mut()
        .unwrap()
        .entry(name.to_owned())
        .or_insert(Value::Null);
    patch(slot, member);
}

#[test]
fn every_rule_has_a_case() {
    let mut without: BTreeSet<(String, String, String)> = BTreeSet::new();
    for ((kind, _), schema) in schemas() {
        let mut found = Vec::new();
        rules(&schema, "", &mut found);
        without.extend(
            found
                .into_iter()
                .map(|(path, message)| (kind.clone(), path, message)),
        );
    }
    assert_eq!(without.len(), 36);
    for (kind, path, message, _) in cases() {
        let rule = (kind.to_owned(), path.to_owned(), message.to_owned());
        assert!(without.remove(&rule), "no such rule, or twice: {rule:?}");
    }
    assert!(without.is_empty(), "{without:#?}");
}

#[tokio::test]
async fn every_rule_refuses_what_breaks_it_and_nothing_but_it() {
    let Some(server) = server().await else { return };
    let client = server.client();
    install(&client).await;
    for entry in registry::ALL {
        let valid = sample(entry);
        let taken = try_create(&client, entry, &valid).await;
        taken.unwrap_or_else(|status| {
            panic!("{} {}: {}", entry.kind, entry.version, status.message)
        });
        for (_, path, message, change) in cases().iter().filter(|case| case.0 == entry.kind) {
            let mut broken = valid.clone();
            patch(&mut broken["spec"], change);
            let refused = try_create(&client, entry, &broken).await;
            let Err(status) = refused else {
                panic!("{} takes {broken:#} in spite of: {message}", entry.kind)
            };
            let causes = &status.details.as_ref().unwrap().causes;
            let [cause] = causes.as_slice() else {
                panic!("{}: {message}: {causes:#?}", entry.kind)
            };
            let root = cause.field == "<nil>" && path.is_empty();
            assert!(cause.field == *path || root, "{cause:?}");
            assert!(
                cause.message.ends_with(&format!(": {message}")),
                "{cause:?}"
            );
            assert_eq!(status.code, 422);
        }
    }
}
