use std::collections::BTreeMap;

use chrono::DateTime;
use fluxcd_api::image::v1::{ImagePolicy, ImagePolicySpec, ImagePolicyStatus, ImageRepository};
use fluxcd_core::schedule::Requeue;
use fluxcd_policy::image::{
    Exclusions, FetchStep, ImageReference, NoWinner, PolicyError, PolicyFacts, PolicyOutcome,
    PolicyRun, ReferenceError, Reflection, Scan, ScanDue, StoredTags, TagFilter, TagPolicy,
    TagStorage,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn reference(input: &Value) -> Result<Value, Failure> {
    let insecure = input.get("insecure").and_then(Value::as_bool);
    let reference = ImageReference::parse(text(input, "image")?, insecure.unwrap_or_default());
    let reference = reference.map_err(|error| {
        let kind = match error {
            ReferenceError::Scheme { .. } => "url_scheme",
            ReferenceError::Tag { .. } => "has_tag",
            ReferenceError::Unparsable(_) => "unparsable",
            _ => "unnamed",
        };
        Failure::new(kind, error)
    })?;
    Ok(json!({
        "canonical": reference.canonical(),
        "registry": reference.registry(),
        "repository": reference.repository(),
        "scheme": reference.scheme().as_str(),
    }))
}

pub(super) fn filter(input: &Value) -> Result<Value, Failure> {
    let filter = TagFilter::compile(&part(input, "filterTags")?)
        .map_err(|error| Failure::new("invalid_pattern", error))?;
    let tags: Vec<String> = part(input, "tags")?;
    // Of equal values the last one stands.
    let items: BTreeMap<_, _> = tags
        .iter()
        .filter_map(|tag| Some((filter.value(tag)?, tag)))
        .collect();
    Ok(json!({"items": items}))
}

pub(super) fn scan(input: &Value) -> Result<Value, Failure> {
    let spec = input.get("spec").unwrap_or(&Value::Null);
    let list: Option<Vec<String>> = part(spec, "exclusionList")?;
    let exclusions = Exclusions::compile(&list.unwrap_or_default())
        .map_err(|error| Failure::new("invalid_exclusion", error))?;
    let tags: Vec<String> = part(input, "tags")?;
    let scan = Scan::of(&exclusions, tags.iter().map(String::as_str));
    let result = scan.result(TagStorage::Database, DateTime::UNIX_EPOCH);
    let mut answer = json!({
        "stored": scan.stored,
        "tagCount": result.tag_count,
        "revision": result.revision,
        "revisionFluxStorage": scan.revision(TagStorage::Files),
    });
    if let (Some(latest), Some(members)) = (result.latest_tags, answer.as_object_mut()) {
        members.insert("latestTags".to_owned(), json!(latest));
    }
    Ok(answer)
}

pub(super) fn select(input: &Value) -> Result<Value, Failure> {
    let written = input.get("spec").unwrap_or(&Value::Null);
    let spec = ImagePolicySpec {
        policy: part(written, "policy")?,
        filter_tags: part(written, "filterTags")?,
        ..ImagePolicySpec::default()
    };
    let list: Option<Vec<String>> = part(input, "exclusionList")?;
    let exclusions = Exclusions::compile(&list.unwrap_or_default())
        .map_err(|error| Failure::new("invalid_exclusion", error))?;
    let tags: Vec<String> = part(input, "tags")?;
    let is_stored = |tag: &String| exclusions.matched_by(tag).is_none();
    let policy = match TagPolicy::compile(&spec) {
        // The controller reads the pattern only where there are tags.
        Err(PolicyError::Pattern { .. }) if !tags.iter().any(is_stored) => {
            return Err(Failure::new("no_tags", NoWinner::NoTags));
        }
        other => other.map_err(|error| Failure::new("invalid_policy", error))?,
    };
    let policy = policy.excluding(exclusions);
    let elected = policy.select(&tags).map_err(|error| {
        let kind = match error {
            NoWinner::NoTags => "no_tags",
            NoWinner::NothingPasses => "empty_list",
            NoWinner::NothingInRange => "none_matched",
            NoWinner::NotANumber { .. } => "bad_number",
            _ => "unnamed",
        };
        Failure::new(kind, error)
    })?;
    Ok(match elected.tied() {
        [_] => json!({"tag": elected.tag()}),
        tied => json!({"one_of": tied}),
    })
}

/// What Go says of a pattern is no contract, and with `filterTags` neither is which value is named that is no number.
pub(super) fn contract<'a>(kind: &str, message: &'a str) -> &'a str {
    let end = match kind {
        "bad_number" => " '",
        _ => "error parsing regexp: ",
    };
    message.split_once(end).map_or(message, |(kept, _)| kept)
}

pub(super) fn scan_due(input: &Value) -> Result<Value, Failure> {
    let repository: ImageRepository = part(input, "repository")?;
    let tags: Vec<String> = part(input, "stored")?;
    let stored = if tags.is_empty() {
        StoredTags::None
    } else {
        StoredTags::Some
    };
    let now = DateTime::parse_from_rfc3339(text(input, "now")?).map_err(Failure::bad_input)?;
    let due = ScanDue::decide(&repository, stored, now.to_utc())
        .map_err(|error| Failure::new("invalid_image", error))?;
    let reason = due.reason.as_ref().map(ToString::to_string);
    Ok(json!({
        "scan": due.reason.is_some(),
        "after_ms": due.after.as_nanos() / 1_000_000,
        "reason": reason.unwrap_or_default(),
    }))
}

pub(super) fn update_refs(input: &Value) -> Result<Value, Failure> {
    let spec: ImagePolicySpec = part(input, "spec")?;
    let status: ImagePolicyStatus = part(input, "status")?;
    let (image, tag) = (text(input, "image")?, text(input, "tag")?);
    let digest = text(input, "registryDigest")?;
    let mut fetched = false;
    let refs = match Reflection::decide(&spec, &status, image, tag) {
        Reflection::Settled(refs) => refs,
        Reflection::Failed(error) => return Err(Failure::new("fetch_failed", error)),
        Reflection::Fetch(pending) if digest.is_empty() => {
            let error = pending.failed(FetchStep::Registry(NOT_THERE.to_owned()));
            return Err(Failure::new("fetch_failed", error));
        }
        Reflection::Fetch(pending) => {
            fetched = true;
            pending.with_digest(digest)
        }
    };
    Ok(json!({
        "latestRef": refs.latest,
        "observedPreviousRef": refs.previous,
        "fetched": fetched,
        "readyMessage": refs.ready_message(),
        "requeueAfter_s": spec.effective_interval().value.as_secs_f64(),
    }))
}

pub(super) fn policy_status(input: &Value) -> Result<Value, Failure> {
    let policy: ImagePolicy = part(input, "policy")?;
    let repository: Option<ImageRepository> = part(input, "repository")?;
    let namespaces: BTreeMap<String, BTreeMap<String, String>> = part(input, "namespaces")?;
    let stored: Vec<String> = part(input, "stored")?;
    let digest = text(input, "registryDigest")?;
    let blocked = input.get("noCrossNamespaceRefs").and_then(Value::as_bool);

    let mut facts = PolicyFacts::new(repository.as_ref(), &stored, DateTime::UNIX_EPOCH);
    let namespace = policy.metadata.namespace.as_deref().unwrap_or_default();
    facts.namespace_labels = namespaces.get(namespace);
    facts.no_cross_namespace_refs = blocked.unwrap_or_default();
    let outcome = match PolicyRun::decide(&policy, &facts) {
        PolicyRun::Done(outcome) => *outcome,
        PolicyRun::Fetch(pending) if digest.is_empty() => {
            pending.failed(FetchStep::Registry(NOT_THERE.to_owned()))
        }
        PolicyRun::Fetch(pending) => pending.with_digest(digest),
    };
    let PolicyOutcome {
        verdict,
        status,
        requeue,
        ..
    } = outcome;

    let mut conditions = status.conditions.unwrap_or_default();
    conditions.sort_by(|a, b| a.type_.cmp(&b.type_));
    let conditions = conditions.iter().map(|condition| {
        json!({
            "type": condition.type_,
            "status": condition.status,
            "reason": condition.reason,
            "message": condition.message,
            "observedGeneration": condition.observed_generation,
        })
    });
    let after = match requeue {
        Requeue::After(after) => after.as_secs_f64(),
        _ => 0.0,
    };
    Ok(json!({
        "conditions": conditions.collect::<Vec<_>>(),
        "latestRef": status.latest_ref,
        "observedPreviousRef": status.observed_previous_ref,
        "observedGeneration": status.observed_generation.unwrap_or_default(),
        "requeueAfter_s": after,
        "error": (requeue == Requeue::Backoff).then(|| verdict.to_string()),
    }))
}

/// What stands for the words of a registry and of Go about a pattern, which are no contract.
const NOT_THERE: &str = "not there";

/// Messages without what is no contract in them.
pub(super) fn without_foreign_words(result: &Value) -> Value {
    match result {
        Value::String(message) => {
            let foreign = ["error parsing regexp: ", "failed fetching descriptor for "];
            let cuts = foreign.iter().filter_map(|words| message.find(words));
            let kept = cuts.min().and_then(|cut| message.get(..cut));
            json!(kept.unwrap_or(message))
        }
        Value::Array(items) => items.iter().map(without_foreign_words).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| (key.clone(), without_foreign_words(value)));
            Value::Object(members.collect())
        }
        _ => result.clone(),
    }
}

fn part<T: DeserializeOwned>(input: &Value, key: &str) -> Result<T, Failure> {
    let value = input.get(key).unwrap_or(&Value::Null);
    T::deserialize(value).map_err(|error| Failure::bad_input(format!("{key}: {error}")))
}
