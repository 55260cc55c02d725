//! What the API server answers when it does not do what it is asked: a code and a `Status`.

use serde_json::{Value, json};

use super::kinds::Served;

/// An answer that is no success.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) reason: String,
    pub(super) message: String,
    pub(super) details: Option<Value>,
}

impl Refusal {
    pub(super) fn new(code: u16, reason: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
            message: message.into(),
            details: None,
        }
    }

    fn of(mut self, name: &str, group: &str, kind: &str) -> Self {
        let mut details = json!({"name": name, "group": group, "kind": kind});
        if let Some(map) = details.as_object_mut() {
            map.retain(|_, value| value != "");
        }
        self.details = Some(details);
        self
    }

    pub(super) fn not_found(kind: &Served, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", kind.qualified_plural());
        Self::new(404, "NotFound", message).of(name, &kind.group, &kind.plural)
    }

    /// There is no such path, below a group that is served.
    pub(super) fn no_resource() -> Self {
        let message = "the server could not find the requested resource";
        Self::new(404, "NotFound", message).of("", "", "")
    }

    /// Objects of this kind have no such subresource.
    pub(super) fn no_subresource(kind: &Served, name: &str) -> Self {
        match kind.is_custom() {
            true => Self::not_found(kind, name),
            false => Self::no_resource(),
        }
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::new(405, "MethodNotAllowed", message).of("", "", "")
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub(super) fn already_exists(kind: &Served, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", kind.qualified_plural());
        Self::new(409, "AlreadyExists", message).of(name, &kind.group, &kind.plural)
    }

    pub(super) fn conflict(kind: &Served, name: &str, why: &str) -> Self {
        let plural = kind.qualified_plural();
        let message = format!("Operation cannot be fulfilled on {plural} \"{name}\": {why}");
        Self::new(409, "Conflict", message).of(name, &kind.group, &kind.plural)
    }

    pub(super) fn modified(kind: &Served, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(kind, name, why)
    }

    /// A precondition of a deletion does not hold.
    pub(super) fn precondition(kind: &Served, name: &str, why: &str) -> Self {
        let message = format!(
            "Operation cannot be fulfilled on {} \"{name}\": {why}",
            kind.qualified_kind()
        );
        Self::new(409, "Conflict", message).of(name, &kind.group, &kind.kind)
    }

    pub(super) fn forbidden(kind: &Served, name: &str, why: &str) -> Self {
        let message = if name.is_empty() {
            format!("{} is forbidden: {why}", kind.qualified_plural())
        } else {
            format!("{} \"{name}\" is forbidden: {why}", kind.qualified_plural())
        };
        Self::new(403, "Forbidden", message).of(name, &kind.group, &kind.plural)
    }

    /// One field breaks a rule. `problem` begins with what kind of problem it is: `Forbidden: ...`.
    pub(super) fn invalid(kind: &Served, name: &str, field: &str, problem: &str) -> Self {
        let message = format!(
            "{} \"{name}\" is invalid: {field}: {problem}",
            kind.qualified_kind()
        );
        Self::new(422, "Invalid", message)
            .of(name, &kind.group, &kind.kind)
            .because(field, problem)
    }

    /// Values of the wrong type.
    pub(super) fn invalid_all(kind: &Served, name: &str, problems: &[(&str, String)]) -> Self {
        let texts: Vec<_> = problems
            .iter()
            .map(|(field, problem)| format!("{field}: {problem}"))
            .collect();
        let text = match texts.as_slice() {
            [text] => text.clone(),
            texts => format!("[{}]", texts.join(", ")),
        };
        let message = format!("{} \"{name}\" is invalid: {text}", kind.qualified_kind());
        let causes = problems.iter().map(|(field, problem)| {
            json!({"reason": "FieldValueTypeInvalid", "message": problem, "field": field})
        });
        let causes: Vec<_> = causes.collect();
        let mut refusal = Self::new(422, "Invalid", message).of(name, &kind.group, &kind.kind);
        if let Some(Value::Object(details)) = &mut refusal.details {
            details.insert("causes".to_owned(), causes.into());
        }
        refusal
    }

    /// The same, in the words that are used for versions of custom resources.
    pub(super) fn invalid_resource(kind: &Served, name: &str, field: &str, problem: &str) -> Self {
        let plural = kind.qualified_plural();
        let message = format!("{plural} \"{name}\" is invalid: {field}: {problem}");
        Self::new(422, "Invalid", message)
            .of(name, &kind.group, &kind.plural)
            .because(field, problem)
    }

    fn because(mut self, field: &str, problem: &str) -> Self {
        let reason = match problem.split(':').next() {
            Some("Forbidden") => "FieldValueForbidden",
            Some("Required value") => "FieldValueRequired",
            _ => "FieldValueInvalid",
        };
        let cause = json!([{"reason": reason, "message": problem, "field": field}]);
        if let Some(Value::Object(details)) = &mut self.details {
            details.insert("causes".to_owned(), cause);
        }
        self
    }

    pub(super) fn no_field_manager() -> Self {
        let problem = "Required value: is required for apply patch";
        let message = format!("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: {problem}");
        Self::new(422, "Invalid", message)
            .of("", "meta.k8s.io", "PatchOptions")
            .because("fieldManager", problem)
    }

    /// A patch that cannot be applied, or whose test fails.
    pub(super) fn bad_patch() -> Self {
        let message = "the server rejected our request due to an error in our request";
        Self::new(422, "Invalid", message).of("", "", "")
    }

    pub(super) fn unsupported_patch() -> Self {
        let message = "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
        Self::new(415, "UnsupportedMediaType", message)
    }

    /// The resource version of a watch lies before what the server remembers.
    pub(super) fn too_old(asked: u64, oldest: u64) -> Self {
        Self::new(
            410,
            "Expired",
            format!("too old resource version: {asked} ({oldest})"),
        )
    }

    pub(super) fn expired_continue() -> Self {
        let message = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.";
        Self::new(410, "Expired", message)
    }

    pub(super) fn status(&self) -> Value {
        let mut status = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
        });
        if let Some(map) = status.as_object_mut() {
            if !self.reason.is_empty() {
                map.insert("reason".to_owned(), self.reason.as_str().into());
            }
            if let Some(details) = &self.details {
                map.insert("details".to_owned(), details.clone());
            }
            map.insert("code".to_owned(), self.code.into());
        }
        status
    }
}
