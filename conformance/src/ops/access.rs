use std::collections::BTreeMap;

use fluxcd_api::meta::{AccessFrom, Kind, ObjectMeta};
use fluxcd_core::access::kube_config::{Insecure, findings};
use fluxcd_core::access::{Access, Cause, Facts, Field, Reference};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn acl(input: &Value) -> Result<Value, Failure> {
    let own = ObjectMeta {
        namespace: Some(text(input, "namespace")?.to_owned()),
        ..ObjectMeta::default()
    };
    let reference = input.get("reference").unwrap_or(&Value::Null);
    let reference = Reference::new(
        Field::ImageRepository,
        &own,
        Kind::ImageRepository,
        Some(text(reference, "namespace")?),
        text(reference, "name")?,
    );
    let access_from: Option<AccessFrom> = decode(input, "accessFrom")?;
    let labels: Option<BTreeMap<String, String>> = decode(input, "namespaceLabels")?;
    let mut facts = Facts::default();
    facts.access_from = access_from.as_ref();
    facts.namespace_labels = labels.as_ref();
    let denial = match reference.decide(&facts) {
        Access::Allow(_) => return Ok(json!({})),
        Access::Deny(denial) => denial,
    };
    let kind = match denial.cause {
        Cause::InvalidSelector(_) => "selector",
        Cause::NoNamespace => "namespace",
        _ => "denied",
    };
    // The controller puts that before what the rule says.
    let message = denial.to_string();
    let message = message.strip_prefix("access denied: ").unwrap_or(&message);
    Err(Failure::new(kind, message))
}

pub(super) fn kube_config(input: &Value) -> Result<Value, Failure> {
    let config = input.get("config").unwrap_or(&Value::Null);
    let findings = findings(config, Insecure::default());
    match findings
        .iter()
        .find_map(|finding| finding.refusal("ns/name"))
    {
        None => Ok(json!({})),
        Some(refusal) => Err(Failure::new("file", refusal)),
    }
}

fn decode<T: DeserializeOwned>(input: &Value, key: &str) -> Result<T, Failure> {
    let value = input.get(key).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(Failure::bad_input)
}
