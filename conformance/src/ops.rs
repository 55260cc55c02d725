//! The table from operation to function, and what every operation does with the library: one file per room.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

mod access;
mod cel;
mod condition;
mod duration;
mod flags;
mod graph;
mod helm;
mod image;
mod inventory;
mod kustomization;
mod manifest;
mod normalize;
mod ready;
mod regexp;
mod request;
mod schedule;
mod source;
mod ssa;
mod substitute;
mod version;

/// Every operation that the library has, by name.
pub static TABLE: &[Op] = &[
    Op::new("access.acl", access::acl).message_is_contract(),
    Op::new("access.kube_config", access::kube_config).message_is_contract(),
    Op::new("cel.check", cel::check),
    Op::new("cel.eval", cel::eval),
    Op::new("condition.apply", condition::apply),
    Op::new("condition.finalize", condition::finalize),
    Op::new("condition.history", condition::history),
    Op::new("condition.is", condition::is),
    Op::new("condition.patch", condition::patch).message_is_contract_as(condition::until_conflict),
    Op::new("condition.trim", condition::trim).normalised_by(condition::by_character),
    Op::new("duration.decode", duration::decode),
    Op::new("duration.format", duration::format),
    Op::new("duration.parse", duration::parse).message_is_contract(),
    Op::new("duration.pattern", duration::pattern),
    Op::new("flags.parse", flags::parse).normalised_by(normalize::as_go_writes),
    Op::new("graph.order", graph::order).message_is_contract(),
    Op::new("graph.parse", graph::parse),
    Op::new("graph.ready", graph::ready).message_is_contract_as(graph::ready_contract),
    Op::new("helm.annotations", helm::annotations),
    Op::new("helm.defaults", helm::defaults),
    Op::new("helm.names", helm::names),
    Op::new("helm.post_renderers_digest", helm::post_renderers_digest),
    Op::new("helm.remediation", helm::remediate),
    Op::new("helm.reset_failures", helm::reset_failures),
    Op::new("helm.summarize", helm::summarize),
    Op::new("helm.values_verify", helm::values_verify),
    Op::new("image.filter", image::filter),
    Op::new("image.policy_status", image::policy_status)
        .normalised_by(image::without_foreign_words),
    Op::new("image.reference", image::reference).message_is_contract(),
    Op::new("image.scan", image::scan).message_is_contract_as(image::contract),
    Op::new("image.scan_due", image::scan_due),
    Op::new("image.select", image::select).message_is_contract_as(image::contract),
    Op::new("image.update_refs", image::update_refs),
    Op::new("inventory.diff", inventory::diff).message_is_contract(),
    Op::new("inventory.finalize", inventory::finalize),
    Op::new("inventory.id", inventory::id),
    Op::new("inventory.list", inventory::list).message_is_contract(),
    Op::new("inventory.merge", inventory::merge),
    Op::new("inventory.parse", inventory::parse).message_is_contract(),
    Op::new("inventory.references", inventory::references).message_is_contract(),
    Op::new("inventory.survivors", inventory::survivors),
    Op::new("kustomization.ending", kustomization::ending),
    Op::new("manifest.json", manifest::json).normalised_by(manifest::normalise),
    Op::new("manifest.objects", manifest::objects).normalised_by(manifest::normalise),
    Op::new("manifest.read", manifest::read).normalised_by(manifest::normalise),
    Op::new("manifest.read_v3", manifest::read_v3).normalised_by(manifest::normalise),
    Op::new("manifest.split", manifest::split),
    Op::new("manifest.write", manifest::write),
    Op::new("ready.aggregate", ready::aggregate),
    Op::new("ready.cel", ready::cel).message_is_contract_as(ready::contract),
    Op::new("ready.job", ready::job),
    Op::new("ready.kstatus", ready::kstatus).message_is_contract_as(ready::contract),
    Op::new("ready.read", ready::read).message_is_contract_as(ready::contract),
    Op::new("ready.wait", ready::wait),
    Op::new("regexp.compile", regexp::compile).message_is_contract_as(regexp::contract),
    Op::new("regexp.expand", regexp::expand).message_is_contract_as(regexp::contract),
    Op::new("regexp.match", regexp::matches).message_is_contract_as(regexp::contract),
    Op::new("request.handle", request::handle),
    Op::new("schedule.backoff", schedule::backoff),
    Op::new("schedule.jitter", schedule::jitter).message_is_contract(),
    Op::new("schedule.kustomization", schedule::kustomization),
    Op::new("source.finish", source::finish),
    Op::new("source.requeue", source::requeue),
    Op::new("ssa.cleanup", ssa::cleanup),
    Op::new("ssa.drift", ssa::drift),
    Op::new("ssa.force", ssa::force),
    Op::new("ssa.ignore", ssa::ignore),
    Op::new("ssa.metadata", normalize::metadata).normalised_by(normalize::as_go_writes),
    Op::new("ssa.normalize", normalize::normalize).normalised_by(normalize::as_go_writes),
    Op::new("ssa.normalize_dry_run", normalize::normalize_dry_run)
        .normalised_by(normalize::as_go_writes),
    Op::new("ssa.order", ssa::stages),
    Op::new("ssa.prune", ssa::prune),
    Op::new("ssa.select", ssa::select),
    Op::new("ssa.skip", ssa::skip),
    Op::new("ssa.sort", ssa::sort),
    Op::new("substitute.eval", substitute::eval).message_is_contract_as(substitute::eval_contract),
    Op::new("substitute.object", substitute::object)
        .message_is_contract_as(substitute::object_contract)
        .normalised_by(substitute::normalise),
    Op::new("version.compare", version::compare),
    Op::new("version.parse", version::parse),
    Op::new("version.range", version::range).message_is_contract(),
    Op::new("version.select_chart", version::select_chart),
    Op::new("version.select_git", version::select_git).message_is_contract(),
    Op::new("version.select_oci", version::select_oci),
    Op::new("version.select_oci_chart", version::select_oci_chart),
];

/// One operation: input of a case -> result or refusal.
#[derive(Debug, Clone, Copy)]
pub struct Op {
    name: &'static str,
    run: fn(&Value) -> Result<Value, Failure>,
    contract: Contract,
    normalise: fn(&Value) -> Value,
}

/// Kind and message of an error -> the part of the message that must be upstream's to the byte.
pub type Contract = for<'a> fn(&str, &'a str) -> &'a str;

/// A refusal by the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A short word from the list of the room.
    pub kind: String,
    /// The text of the error.
    pub message: String,
    /// The zero-based index of the document at fault, in a stream of documents.
    pub document: Option<u64>,
}

impl Op {
    /// An operation whose messages are free and whose results are compared as they are.
    #[must_use]
    pub const fn new(name: &'static str, run: fn(&Value) -> Result<Value, Failure>) -> Self {
        Self {
            name,
            run,
            contract: |_, _| "",
            normalise: Value::clone,
        }
    }

    /// The same operation, whose messages must be upstream's.
    #[must_use]
    pub const fn message_is_contract(self) -> Self {
        self.message_is_contract_as(|_, message| message)
    }

    /// The same operation, of whose messages that part must be upstream's.
    #[must_use]
    pub const fn message_is_contract_as(mut self, contract: Contract) -> Self {
        self.contract = contract;
        self
    }

    /// The same operation, whose results are compared after `normalise`, upstream's and ours alike.
    #[must_use]
    pub const fn normalised_by(mut self, normalise: fn(&Value) -> Value) -> Self {
        self.normalise = normalise;
        self
    }

    /// `<room>.<verb>`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The part of a message that must be upstream's; empty where it may be in other words.
    #[must_use]
    pub fn contract<'a>(&self, kind: &str, message: &'a str) -> &'a str {
        (self.contract)(kind, message)
    }

    /// Asks the library.
    ///
    /// # Errors
    ///
    /// The refusal of the library. An input that the operation cannot read is one of the kind `bad-input`, which no
    /// room has.
    pub fn run(&self, input: &Value) -> Result<Value, Failure> {
        (self.run)(input)
    }

    /// The form in which results are compared.
    #[must_use]
    pub fn normalise(&self, result: &Value) -> Value {
        (self.normalise)(result)
    }
}

impl Failure {
    /// A refusal of that kind, with the text of the error.
    pub fn new(kind: impl Into<String>, message: impl ToString) -> Self {
        Self {
            kind: kind.into(),
            message: message.to_string(),
            document: None,
        }
    }

    /// The same refusal, of the document with that index.
    #[must_use]
    pub fn in_document(mut self, index: u64) -> Self {
        self.document = Some(index);
        self
    }

    /// What a panic of the library counts as: nothing that upstream can answer, not even where it panics itself.
    #[must_use]
    pub fn library_panic() -> Self {
        Self::new("library-panic", "the library panicked")
    }

    fn bad_input(message: impl ToString) -> Self {
        Self::new("bad-input", message)
    }
}

/// The text under a key of the input.
///
/// # Errors
///
/// `bad-input` if there is none.
pub fn text<'a>(input: &'a Value, key: &str) -> Result<&'a str, Failure> {
    let value = input.get(key).and_then(Value::as_str);
    value.ok_or_else(|| Failure::bad_input(format!("{key}: no text")))
}

/// The bytes under a key of the input: a text, or `{"base64": ...}` where they are not UTF-8.
///
/// # Errors
///
/// `bad-input` if it is neither.
pub fn bytes<'a>(input: &'a Value, key: &str) -> Result<Cow<'a, [u8]>, Failure> {
    if let Some(text) = input.get(key).and_then(Value::as_str) {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let encoded = input
        .get(key)
        .and_then(|value| value.get("base64")?.as_str());
    let encoded =
        encoded.ok_or_else(|| Failure::bad_input(format!("{key}: neither text nor base64")))?;
    STANDARD
        .decode(encoded)
        .map(Cow::Owned)
        .map_err(Failure::bad_input)
}

/// Bytes as a result: text, or `{"base64": ...}` where they are not UTF-8.
#[must_use]
pub fn bytes_result(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => json!({"base64": STANDARD.encode(bytes)}),
    }
}

/// A 64-bit integer under a key of the input: a number, or text beyond 2^53.
///
/// # Errors
///
/// `bad-input` if it is neither.
pub fn integer(input: &Value, key: &str) -> Result<i64, Failure> {
    let value = input.get(key);
    value
        .and_then(Value::as_i64)
        .or_else(|| value?.as_str()?.parse().ok())
        .ok_or_else(|| Failure::bad_input(format!("{key}: no integer")))
}

/// A 64-bit integer as a result: a number, or text beyond 2^53.
#[must_use]
pub fn integer_result(integer: i64) -> Value {
    if integer.unsigned_abs() > 1 << 53 {
        json!(integer.to_string())
    } else {
        json!(integer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_nothing_twice() {
        assert!(TABLE.iter().map(Op::name).is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn bytes_that_are_not_utf_8_survive_as_base64() {
        let input = json!({"text": bytes_result(b"a\xff")});
        assert_eq!(input, json!({"text": {"base64": "Yf8="}}));
        assert_eq!(bytes(&input, "text").unwrap(), &b"a\xff"[..]);
        assert_eq!(
            bytes(&json!({"text": bytes_result(b"a")}), "text").unwrap(),
            &b"a"[..]
        );
        for input in [
            json!({}),
            json!({"text": 1}),
            json!({"text": {"base64": "?"}}),
        ] {
            assert_eq!(bytes(&input, "text").unwrap_err().kind, "bad-input");
        }
    }

    #[test]
    fn integers_beyond_2_to_53_survive_as_text() {
        for value in [0, -1, 1 << 53, (1 << 53) + 1, i64::MAX, i64::MIN] {
            let input = json!({"n": integer_result(value)});
            assert_eq!(input["n"].is_string(), value.unsigned_abs() > 1 << 53);
            assert_eq!(integer(&input, "n").unwrap(), value);
        }
        assert_eq!(
            integer(&json!({"n": 1.5}), "n").unwrap_err().kind,
            "bad-input"
        );
    }
}
