use chrono::DateTime;
use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::Condition;
use fluxcd_core::FluxVersion;
use fluxcd_core::condition::Conditions;
use fluxcd_core::helm::chart_reference::from_template;
use fluxcd_core::helm::observed::{Hashed, Observed};
use fluxcd_core::helm::options::Crds;
use fluxcd_core::helm::release_name::{Derivation, release_namespace, storage_namespace};
use fluxcd_core::helm::remediation::{Attempts, active, active_retry};
use fluxcd_core::helm::summary::summarise;
use fluxcd_core::helm::values_digest;
use fluxcd_core::helm::{ChartReference, FailureReset, Gates, Options, Remediation, Retry};
use fluxcd_core::request;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Failure, bytes_result, text};

pub(super) fn names(input: &Value) -> Result<Value, Failure> {
    let release = release(input)?;
    let derivation = Derivation::of(&release);
    let mut result = json!({
        "rawReleaseName": derivation.raw,
        "releaseName": bytes_result(derivation.name.as_bytes()),
        "validReleaseName": derivation.name.fault().is_none(),
        "releaseNamespace": release_namespace(&release).value,
        "storageNamespace": storage_namespace(&release).value,
    });
    if let Some(made) = from_template(&release, FluxVersion::V2_9) {
        let made = json!({
            "name": made.value.name,
            "namespace": made.value.namespace,
            "interval": release.spec.effective_template_interval().value,
        });
        insert(&mut result, "helmChart", made);
    }
    let status = release
        .status
        .as_ref()
        .and_then(|status| status.helm_chart.as_deref());
    if let Some(text) = status.filter(|text| !text.is_empty()) {
        // Where there is no reference in the text, upstream answers with two empty texts.
        let found = ChartReference::parse_status(text, FluxVersion::V2_9);
        let (namespace, name) = found
            .map(|found| (found.namespace, found.name))
            .unwrap_or_default();
        insert(
            &mut result,
            "statusHelmChart",
            json!({"namespace": namespace, "name": name}),
        );
    }
    Ok(result)
}

pub(super) fn annotations(input: &Value) -> Result<Value, Failure> {
    let release = release(input)?;
    let (force, reset) = (request::force(&release), request::reset(&release));
    Ok(json!({
        "force": force.acts(),
        "reset": reset.acts(),
        "lastHandledForceAt": force.last_handled,
        "lastHandledResetAt": reset.last_handled,
    }))
}

pub(super) fn reset_failures(input: &Value) -> Result<Value, Failure> {
    let release = release(input)?;
    let decision =
        FailureReset::decide(&release, text(input, "chartVersion")?, &spec_values(input));
    let reason = decision.reason.map(|reason| reason.to_string());
    Ok(json!({
        "reset": reason.is_some(),
        "reason": reason.unwrap_or_default(),
        "lastHandledResetAt": decision.last_handled_reset_at,
    }))
}

pub(super) fn values_verify(input: &Value) -> Result<Value, Failure> {
    Ok(json!(values_digest::verify(
        text(input, "digest")?,
        &spec_values(input)
    )))
}

fn spec_values(input: &Value) -> Value {
    values_digest::read_spec(input.get("values").unwrap_or(&Value::Null))
}

pub(super) fn defaults(input: &Value) -> Result<Value, Failure> {
    let (release, gates) = (release(input)?, gates(input));
    let options = Options::of(&release, gates);
    let (install, upgrade) = (&options.install, &options.upgrade);
    let (rollback, uninstall, test) = (&options.rollback, &options.uninstall, &options.test);
    let filters = test
        .filters
        .iter()
        .map(|filter| json!({"name": filter.name, "exclude": filter.exclude.unwrap_or_default()}));
    let depends_on = release.spec.depends_on.iter().flatten().map(|reference| {
        json!({"name": reference.name, "namespace": reference.namespace.as_deref().unwrap_or_default()})
    });
    Ok(json!({
        "dependsOn": depends_on.collect::<Vec<_>>(),
        "driftDetection": {
            "mode": options.drift_detection.value,
            "mustDetectChanges": options.detects_changes(),
        },
        "hasChart": release.spec.chart.is_some(),
        "hasChartRef": release.spec.chart_ref.is_some(),
        "install": {
            "crds": crds(&install.crds),
            "createNamespace": install.create_namespace.value,
            "disableHooks": install.disable_hooks.value,
            "disableOpenAPIValidation": install.disable_openapi_validation.value,
            "remediation": remediation(&Remediation::of_install(&release)),
            "replace": install.replace.value,
            "retryInterval": retry_interval(Retry::of_install(&release, gates)),
            "serverSideApply": install.server_side_apply.value,
            "skipSchemaValidation": install.skip_schema_validation.value,
            "takeOwnership": install.take_ownership.value,
            "timeout": install.timeout.value,
            "waitForJobs": install.wait_for_jobs.value,
            "waitStrategy": install.wait_strategy.value.as_str(),
        },
        "maxHistory": options.max_history.value,
        "persistentClient": options.persistent_client.value,
        "postRenderStrategy": options.post_render_strategy.value,
        "requeueAfter": options.requeue_after.value,
        "rollback": {
            "cleanupOnFail": rollback.cleanup_on_fail.value,
            "disableHooks": rollback.disable_hooks.value,
            "maxHistory": rollback.max_history.value,
            "serverSideApply": rollback.server_side_apply.value.as_str(),
            "timeout": rollback.timeout.value,
            "waitForJobs": rollback.wait_for_jobs.value,
            "waitStrategy": rollback.wait_strategy.value.as_str(),
        },
        "test": {
            "enable": test.enable.value,
            "filters": filters.collect::<Vec<_>>(),
            "ignoreFailures": test.ignore_failures.value,
            "timeout": test.timeout.value,
        },
        "timeout": options.timeout.value,
        "uninstall": {
            "deletionPropagation": uninstall.deletion_propagation.value,
            "disableHooks": uninstall.disable_hooks.value,
            "keepHistory": uninstall.keep_history.value,
            "timeout": uninstall.timeout.value,
            "waitStrategy": uninstall.wait_strategy.value.as_str(),
        },
        "upgrade": {
            "chartNameChangeStrategy": upgrade.chart_name_change_strategy.value,
            "cleanupOnFail": upgrade.cleanup_on_fail.value,
            "crds": crds(&upgrade.crds),
            "disableHooks": upgrade.disable_hooks.value,
            "disableOpenAPIValidation": upgrade.disable_openapi_validation.value,
            "maxHistory": upgrade.max_history.value,
            "remediation": remediation(&Remediation::of_upgrade(&release)),
            "retryInterval": retry_interval(Retry::of_upgrade(&release, gates)),
            "reuseValues": upgrade.reuse_values.value,
            "serverSideApply": upgrade.server_side_apply.value.as_str(),
            "skipSchemaValidation": upgrade.skip_schema_validation.value,
            "takeOwnership": upgrade.take_ownership.value,
            "timeout": upgrade.timeout.value,
            "waitForJobs": upgrade.wait_for_jobs.value,
            "waitStrategy": upgrade.wait_strategy.value.as_str(),
        },
    }))
}

pub(super) fn remediate(input: &Value) -> Result<Value, Failure> {
    let (release, gates) = (release(input)?, gates(input));
    let counted = |found: &Remediation| {
        let failures = found.failures(&release);
        let mut result = remediation(found);
        let exhausted = found.attempts(failures) == Attempts::Exhausted;
        insert(&mut result, "failureCount", json!(failures));
        insert(&mut result, "retriesExhausted", json!(exhausted));
        result
    };
    Ok(json!({
        "install": counted(&Remediation::of_install(&release)),
        "upgrade": counted(&Remediation::of_upgrade(&release)),
        "active": active(&release).as_ref().map(counted),
        "activeRetryInterval": retry_interval(active_retry(&release, gates)),
    }))
}

pub(super) fn summarize(input: &Value) -> Result<Value, Failure> {
    let release = release(input)?;
    let status = release.status.clone().unwrap_or_default();
    let generation = release.metadata.generation.unwrap_or_default();
    let list = status.conditions.unwrap_or_default();
    let mut conditions = Conditions::new(list, generation, DateTime::UNIX_EPOCH);
    let (post_renderers, common_metadata) = match summarise(&mut conditions, &release) {
        Some(observed) => {
            let digest = |it: Option<Hashed>| it.map(|it| it.digest);
            (
                digest(observed.post_renderers),
                digest(observed.common_metadata),
            )
        }
        None => (
            status.observed_post_renderers_digest,
            status.observed_common_metadata_digest,
        ),
    };
    Ok(json!({
        "conditions": conditions.list().iter().map(condition).collect::<Vec<_>>(),
        "observedPostRenderersDigest": post_renderers.unwrap_or_default(),
        "observedCommonMetadataDigest": common_metadata.unwrap_or_default(),
    }))
}

pub(super) fn post_renderers_digest(input: &Value) -> Result<Value, Failure> {
    let observed = Observed::of(&release(input)?.spec);
    let wire = |hashed: Option<Hashed>| {
        hashed.map(|hashed| json!({"digest": hashed.digest, "json": hashed.json}))
    };
    Ok(json!({
        "postRenderers": wire(observed.post_renderers),
        "commonMetadata": wire(observed.common_metadata),
    }))
}

/// Without its time.
fn condition(condition: &Condition) -> Value {
    let mut wire = json!({
        "type": condition.type_,
        "status": condition.status,
        "reason": condition.reason,
        "message": condition.message,
    });
    if let Some(generation) = condition.observed_generation.filter(|it| *it != 0) {
        insert(&mut wire, "observedGeneration", json!(generation));
    }
    wire
}

/// The object around `metadata`, `spec` and `status` of the input.
fn release(input: &Value) -> Result<HelmRelease, Failure> {
    let parts = ["metadata", "spec", "status"].into_iter();
    let object: Map<String, Value> = parts
        .filter_map(|key| Some((key.to_owned(), input.get(key)?.clone())))
        .collect();
    HelmRelease::deserialize(Value::Object(object))
        .map_err(|error| Failure::new("InvalidSpec", error))
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}

fn gates(input: &Value) -> Gates {
    let on = |key| input.get(key).and_then(Value::as_bool).unwrap_or_default();
    Gates::default()
        .with_use_helm3_defaults(on("useHelm3Defaults"))
        .with_default_to_retry_on_failure(on("defaultToRetryOnFailure"))
}

fn remediation(found: &Remediation) -> Value {
    json!({
        "ignoreTestFailures": found.ignore_test_failures.value,
        "isUninstallAfterUpgrade": found.is_uninstall_after_upgrade(),
        "remediateLastFailure": found.remediate_last_failure.value,
        "retries": found.retries.value,
        "strategy": found.strategy.value,
    })
}

fn retry_interval(retry: Option<Retry>) -> Value {
    json!(retry.map(|retry| retry.interval.value))
}

fn crds(crds: &Crds) -> Value {
    match crds {
        Ok(policy) => json!(policy.value),
        Err(error) => json!({"error": error.to_string()}),
    }
}
