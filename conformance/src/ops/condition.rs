use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fluxcd_api::meta::{Condition, Duration, Snapshot, Time, history as snapshots, time};
use fluxcd_core::condition::{
    self, Conditions, ConflictKind, MergeOptions, Ownership, Patch, Requeue, ResultFinalizer,
    Source,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Failure, bytes_result, integer, integer_result, text};

/// The object of the cases.
const KIND: &str = "Kustomization";
const NAME: &str = "app";

pub(super) fn apply(input: &Value) -> Result<Value, Failure> {
    let mut conditions = Conditions::new(list(input, "conditions"), generation(input)?, now());
    for step in input["steps"].as_array().into_iter().flatten() {
        take(step, &mut conditions)?;
    }
    Ok(json!({"conditions": shown(conditions.list())}))
}

fn take(step: &Value, conditions: &mut Conditions) -> Result<(), Failure> {
    let word = |key: &str| step[key].as_str().unwrap_or_default();
    let (type_, reason, message) = (word("type"), word("reason"), word("message"));
    match word("do") {
        "set" => {
            let one = read(std::slice::from_ref(&step["condition"]));
            one.into_iter().for_each(|it| conditions.set(it));
        }
        "markTrue" => conditions.mark_true(type_, reason, message),
        "markFalse" => conditions.mark_false(type_, reason, message),
        "markUnknown" => conditions.mark_unknown(type_, reason, message),
        "markReconciling" => conditions.mark_reconciling(reason, message),
        "markStalled" => conditions.mark_stalled(reason, message),
        "delete" => conditions.delete(type_),
        "progressive" => match flag(step, "drift") {
            true => conditions.progress_on_drift(reason, message),
            false => conditions.progress(reason, message),
        },
        "mirror" => {
            let fallback = &step["fallback"];
            if !conditions.mirror(type_, &list(step, "from")) && fallback.is_object() {
                let (reason, message) = (text(fallback, "reason")?, text(fallback, "message")?);
                match flag(fallback, "status") {
                    true => conditions.mark_true(type_, reason, message),
                    false => conditions.mark_false(type_, reason, message),
                }
            }
        }
        "summary" => {
            let lists = Lists::of(&step["options"]);
            conditions.summarise(type_, &lists.options(&step["options"]));
        }
        "aggregate" => {
            let lists = Lists::of(&step["options"]);
            let objects = step["from"].as_array().into_iter().flatten();
            let objects: Vec<(&str, Vec<Condition>)> = objects
                .map(|it| {
                    (
                        it["name"].as_str().unwrap_or_default(),
                        list(it, "conditions"),
                    )
                })
                .collect();
            let sources: Vec<Source<'_>> = objects
                .iter()
                .map(|(name, conditions)| Source {
                    kind: KIND,
                    name,
                    conditions,
                })
                .collect();
            conditions
                .aggregate(type_, &sources, &lists.options(&step["options"]))
                .map_err(|error| Failure::new("panic", error))?;
        }
        other => return Err(Failure::bad_input(format!("step {other}"))),
    }
    Ok(())
}

pub(super) fn is(input: &Value) -> Result<Value, Failure> {
    let list = list(input, "conditions");
    let ready = condition::find(&list, "Ready");
    Ok(json!({
        "ready": condition::is_ready(&list),
        "stalled": condition::is_stalled(&list),
        "reconciling": condition::is_reconciling(&list),
        "readyTrue": condition::is_true(&list, "Ready"),
        "readyFalse": condition::is_false(&list, "Ready"),
        "readyUnknown": condition::is_unknown(&list, "Ready"),
        "readyReason": ready.map_or("", |it| &it.reason),
        "readyMessage": ready.map_or("", |it| &it.message),
        "readyGeneration": ready.and_then(|it| it.observed_generation).unwrap_or_default(),
    }))
}

pub(super) fn patch(input: &Value) -> Result<Value, Failure> {
    let patch = Patch::between(&list(input, "before"), &list(input, "after"));
    let owned = words(&input["owned"]).unwrap_or_default();
    let ownership = match flag(input, "force") {
        true => Ownership::All,
        false => Ownership::Types(&owned),
    };
    let mut latest = Conditions::new(list(input, "latest"), generation(input)?, now());
    latest.apply(&patch, ownership).map_err(|conflict| {
        let kind = match conflict.kind {
            ConflictKind::Add => "conflict-add",
            ConflictKind::Change => "conflict-change",
            ConflictKind::Deleted => "conflict-deleted",
            ConflictKind::Remove => "conflict-remove",
        };
        Failure::new(kind, conflict)
    })?;
    let operations: Vec<String> = patch.changes.iter().map(ToString::to_string).collect();
    Ok(json!({"operations": operations, "conditions": shown(latest.list())}))
}

/// Upstream goes on with a difference behind this word; the vectors do not.
pub(super) fn until_conflict<'a>(kind: &str, message: &'a str) -> &'a str {
    let end = message
        .find("conflict")
        .filter(|_| kind.starts_with("conflict"));
    end.and_then(|end| message.get(..end)).unwrap_or_default()
}

pub(super) fn finalize(input: &Value) -> Result<Value, Failure> {
    const INTERVAL: Requeue = Requeue::After(Duration::from_secs(60));
    let mut conditions = Conditions::new(list(input, "conditions"), generation(input)?, now());
    let requeue = match text(input, "result")? {
        "zero" => Requeue::Never,
        "interval" => INTERVAL,
        "after" => Requeue::After(Duration::from_secs(5)),
        "requeue" => Requeue::Now,
        other => return Err(Failure::bad_input(format!("result {other}"))),
    };
    let success = match text(input, "success")? {
        "requeue" => INTERVAL,
        "no-requeue" => Requeue::Never,
        other => return Err(Failure::bad_input(format!("success {other}"))),
    };
    let summary = &input["summarize"];
    let lists = Lists::of(summary);
    let target = summary["target"].as_str().unwrap_or_default();
    let summaries = [(target, lists.options(summary))];
    let finalizer = ResultFinalizer::new(success, "all good");
    let finalizer = match summary.is_object() {
        true => finalizer.with_summaries(&summaries),
        false => finalizer,
    };
    let outcome = match input["error"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(requeue),
    };
    let ended = finalizer.finalize(&mut conditions, outcome);

    let annotations: Option<BTreeMap<String, String>> =
        Deserialize::deserialize(&input["annotations"]).map_err(Failure::bad_input)?;
    let before = input["lastHandledReconcileAt"].as_str().unwrap_or_default();
    let handled = condition::handled_request(annotations.as_ref()).unwrap_or(before);
    let mut result = json!({
        "conditions": shown(conditions.list()),
        "lastHandledReconcileAt": handled,
    });
    if let (Err(error), Some(members)) = (ended, result.as_object_mut()) {
        members.insert("error".to_owned(), json!(error.to_string()));
    }
    Ok(result)
}

pub(super) fn trim(input: &Value) -> Result<Value, Failure> {
    let times = usize::try_from(integer(input, "times")?).map_err(Failure::bad_input)?;
    let message = text(input, "repeat")?.repeat(times) + text(input, "suffix")?;
    let mut conditions = Conditions::new(Vec::new(), 1, now());
    conditions.mark_true("A", "R", message);
    let message = conditions.find("A").map_or("", |it| &it.message).as_bytes();
    let tail = message.last_chunk::<12>().map_or(message, |tail| &tail[..]);
    Ok(json!({"bytes": message.len(), "tail": bytes_result(tail)}))
}

/// Where upstream cuts through a character, the library keeps up to three bytes less: what is left to compare is the place.
pub(super) fn by_character(result: &Value) -> Value {
    let bytes = result["bytes"].as_u64().unwrap_or_default();
    let is_short = (32_765..32_768).contains(&bytes);
    let ends = result["tail"]
        .as_str()
        .is_some_and(|tail| tail.ends_with("..."));
    match result["tail"].is_object() || is_short && ends {
        true => json!({"cut": bytes.div_ceil(4)}),
        false => result.clone(),
    }
}

pub(super) fn history(input: &Value) -> Result<Value, Failure> {
    #[derive(Deserialize)]
    struct Upsert {
        digest: String,
        status: String,
        timestamp: Time,
        duration: Duration,
        metadata: Option<BTreeMap<String, String>>,
    }
    let mut history: Vec<Snapshot> =
        Deserialize::deserialize(&input["history"]).map_err(Failure::bad_input)?;
    let upserts: Vec<Upsert> =
        Deserialize::deserialize(&input["upserts"]).map_err(Failure::bad_input)?;
    for it in upserts {
        let (digest, status) = (&it.digest, &it.status);
        snapshots::upsert(
            &mut history,
            digest,
            it.timestamp,
            it.duration,
            status,
            it.metadata,
        );
    }
    Ok(json!({"history": history}))
}

/// A time that no case has.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(5_000_000_000, 0).unwrap_or_default()
}

fn generation(input: &Value) -> Result<i64, Failure> {
    integer(input, "generation")
}

fn flag(input: &Value, key: &str) -> bool {
    input[key].as_bool().unwrap_or_default()
}

fn list(input: &Value, key: &str) -> Vec<Condition> {
    read(input[key].as_array().map_or(&[], Vec::as_slice))
}

fn read(entries: &[Value]) -> Vec<Condition> {
    condition::read(&json!({"status": {"conditions": entries}}))
}

fn shown(conditions: &[Condition]) -> Vec<Value> {
    let now = time::from_chrono(now());
    let shown = conditions.iter().map(|it| {
        let time = match &it.last_transition_time {
            time if Some(time) == now.as_ref() => json!("now"),
            time if *time == time::unix_epoch() => Value::Null,
            time => json!(time),
        };
        let mut shown = json!({
            "type": it.type_,
            "status": it.status,
            "reason": it.reason,
            "message": it.message,
            "lastTransitionTime": time,
        });
        let generation = it.observed_generation.filter(|it| *it != 0);
        if let Some((generation, members)) = generation.zip(shown.as_object_mut()) {
            members.insert("observedGeneration".to_owned(), integer_result(generation));
        }
        shown
    });
    shown.collect()
}

fn words(value: &Value) -> Option<Vec<&str>> {
    let words = value.as_array()?.iter();
    Some(words.filter_map(Value::as_str).collect())
}

/// The lists that the options of a merge borrow.
struct Lists<'a> {
    conditions: Option<Vec<&'a str>>,
    negative_polarity: Vec<&'a str>,
    counter_if_only: Option<Vec<&'a str>>,
    step_counter_if_only: Option<Vec<&'a str>>,
    source_ref_if: Option<Vec<&'a str>>,
}

impl<'a> Lists<'a> {
    fn of(options: &'a Value) -> Self {
        Self {
            conditions: words(&options["conditions"]),
            negative_polarity: words(&options["negativePolarity"]).unwrap_or_default(),
            counter_if_only: words(&options["counterIfOnly"]),
            step_counter_if_only: words(&options["stepCounterIfOnly"]),
            source_ref_if: words(&options["sourceRefIf"]),
        }
    }

    /// A list behind a switch has an effect only where the switch is on, but for that of source references.
    fn options(&'a self, options: &Value) -> MergeOptions<'a> {
        let mut merge = MergeOptions::new()
            .with_negative_polarity(&self.negative_polarity)
            .with_own_name(KIND, NAME);
        if let Some(types) = &self.conditions {
            merge = merge.with_conditions(types);
        }
        if flag(options, "counter") {
            merge = match &self.counter_if_only {
                Some(types) => merge.with_counter_if_only(types),
                None => merge.with_counter(),
            };
        }
        if flag(options, "stepCounter") {
            merge = match &self.step_counter_if_only {
                Some(types) => merge.with_step_counter_if_only(types),
                None => merge.with_step_counter(),
            };
        }
        if flag(options, "sourceRef") {
            merge = merge.with_source_ref();
        } else if let Some(types) = &self.source_ref_if {
            merge = merge.with_source_ref_if(types);
        }
        match flag(options, "latestGeneration") {
            true => merge.with_latest_generation(),
            false => merge,
        }
    }
}
