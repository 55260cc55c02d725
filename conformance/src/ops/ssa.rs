use fluxcd_api::meta::{IgnoreRule, Selector};
use fluxcd_core::FluxVersion;
use fluxcd_core::inventory::{ObjectId, Owner, Prune, order};
use fluxcd_core::ssa::{
    ApiError, Change, CustomKinds, Drift, Error, IgnoreRules, Ignored, Immutable, Patch, Skip,
    Stages, Target, Targetless, recreate,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn sort(input: &Value) -> Result<Value, Failure> {
    let mut objects = objects(input)?.to_vec();
    order::sort(&mut objects);
    Ok(json!({"order": ids(&objects)}))
}

pub(super) fn stages(input: &Value) -> Result<Value, Failure> {
    let custom = input.get("customStageKinds").and_then(Value::as_str);
    let custom = CustomKinds::parse(custom.unwrap_or_default());
    let stages = Stages::plan(objects(input)?, &custom);
    Ok(json!({
        "definitions": ids(stages.definitions),
        "classes": ids(stages.classes),
        "custom": ids(stages.custom),
        "rest": ids(stages.rest),
    }))
}

pub(super) fn skip(input: &Value) -> Result<Value, Failure> {
    let skip = Skip::decide(object(input, "desired")?, input.get("live"));
    Ok(json!({"skip": skip.is_some()}))
}

pub(super) fn prune(input: &Value) -> Result<Value, Failure> {
    let owner = object(input, "owner")?;
    let owner = Owner {
        name: text(owner, "name")?,
        namespace: text(owner, "namespace")?,
    };
    let action = Prune::decide(input.get("live"), owner).action();
    let change = Change::new(object(input, "object")?, action.into());
    Ok(json!({"action": change.action.to_string(), "text": change.to_string()}))
}

pub(super) fn force(input: &Value) -> Result<Value, Failure> {
    let error = object(input, "error")?;
    let message = text(error, "message")?;
    let error = match error.get("code").and_then(Value::as_u64) {
        None => ApiError::of_transport(message),
        Some(code) => {
            let code = code.try_into().map_err(Failure::bad_input)?;
            let reason = error.get("reason").and_then(Value::as_str);
            ApiError::of_status(code, reason.unwrap_or_default(), message)
        }
    };
    let force = input.get("force").and_then(Value::as_bool);
    let force = force.ok_or_else(|| Failure::bad_input("force"))?;
    let desired = object(input, "desired")?;
    let live = input.get("live").unwrap_or(&Value::Null);
    let recreate = recreate(desired, live, force, &error, Immutable::default());
    Ok(json!({"recreate": recreate.is_some()}))
}

pub(super) fn select(input: &Value) -> Result<Value, Failure> {
    let selector = Selector::deserialize(object(input, "target")?).map_err(Failure::bad_input)?;
    let target = Target::compile(&selector).map_err(|error| Failure::new("selector", error))?;
    let miss = target.miss(object(input, "object")?);
    Ok(json!({"matches": miss.is_none()}))
}

pub(super) fn drift(input: &Value) -> Result<Value, Failure> {
    let (live, dry_run) = (object(input, "live")?, object(input, "dryRun")?);
    let drift = Drift::detect(Some(live), dry_run, &rules(input)?).map_err(failure)?;
    Ok(json!({"drifted": drift.is_drifted()}))
}

pub(super) fn ignore(input: &Value) -> Result<Value, Failure> {
    let (live, dry_run) = (object(input, "live")?, object(input, "dryRun")?);
    let rules = rules(input)?;
    let ignored = rules.plan(live, dry_run);
    let payload = object(input, "payload")?;
    let payload = Ignored::apply_all(&ignored, payload, FluxVersion::V2_9).map_err(failure)?;
    Ok(json!({"payload": payload}))
}

pub(super) fn cleanup(input: &Value) -> Result<Value, Failure> {
    let managers = match input.get("overrideManagers") {
        None => Vec::new(),
        Some(managers) => Vec::deserialize(managers).map_err(Failure::bad_input)?,
    };
    let patch = Patch::of_cleanup(object(input, "live")?, "kustomize-controller", &managers)
        .map_err(failure)?;
    Ok(json!({"patch": patch}))
}

fn rules(input: &Value) -> Result<IgnoreRules, Failure> {
    #[derive(Deserialize)]
    struct Rule {
        paths: Option<Vec<String>>,
        target: Option<Selector>,
    }
    let rules = match input.get("ignore") {
        None | Some(Value::Null) => Vec::new(),
        Some(rules) => Vec::<Rule>::deserialize(rules).map_err(Failure::bad_input)?,
    };
    let rules = rules.into_iter().map(|rule| IgnoreRule {
        paths: rule.paths.unwrap_or_default(),
        target: rule.target,
    });
    let rules: Vec<_> = rules.collect();
    IgnoreRules::compile(&rules, Targetless::default()).map_err(failure)
}

fn failure(error: Error) -> Failure {
    let kind = match error {
        Error::Target(_) => "selector",
        Error::Fields => "fields",
        _ => "path",
    };
    Failure::new(kind, error)
}

fn objects(input: &Value) -> Result<&[Value], Failure> {
    let objects = input.get("objects").and_then(Value::as_array);
    objects
        .map(Vec::as_slice)
        .ok_or_else(|| Failure::bad_input("objects"))
}

fn object<'i>(input: &'i Value, key: &str) -> Result<&'i Value, Failure> {
    let object = input.get(key).filter(|object| object.is_object());
    object.ok_or_else(|| Failure::bad_input(format!("{key}: no object")))
}

fn ids<'o>(objects: impl IntoIterator<Item = &'o Value>) -> Vec<String> {
    let objects = objects.into_iter();
    objects
        .map(|object| ObjectId::of(object).to_string())
        .collect()
}
