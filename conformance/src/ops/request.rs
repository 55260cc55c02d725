use std::collections::BTreeMap;

use fluxcd_core::request::{self, Last};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, text};

pub(super) fn handle(input: &Value) -> Result<Value, Failure> {
    let annotations = input.get("annotations").unwrap_or(&Value::Null);
    let annotations = Option::<BTreeMap<String, String>>::deserialize(annotations);
    let annotations = annotations.map_err(Failure::bad_input)?;
    let last = Last {
        reconcile: text(input, "lastHandledReconcileAt")?,
        request: text(input, "lastHandled")?,
    };
    let handled = request::handle(annotations.as_ref(), text(input, "key")?, last);
    Ok(json!({"act": handled.acts(), "lastHandled": handled.last_handled}))
}
