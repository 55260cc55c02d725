//! Fields that may not change once they are set.

use serde_json::Value;

use super::json::text;
use super::kinds::Served;
use super::refusal::Refusal;

/// A field that may not change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    group: String,
    kind: String,
    /// JSON pointer of the field.
    pointer: String,
    when: When,
    say: Say,
}

#[derive(Debug, Clone, PartialEq)]
enum When {
    Always,
    /// Only once it has a value.
    Set,
    /// While the object says `immutable: true`.
    Marked,
}

#[derive(Debug, Clone, PartialEq)]
enum Say {
    /// `Invalid value: <new>: <text>`.
    Invalid(String),
    /// `Forbidden: <text>`.
    Forbidden(String),
}

impl Rule {
    pub(super) fn new(group: &str, kind: &str, pointer: &str) -> Self {
        Self {
            group: group.to_owned(),
            kind: kind.to_owned(),
            pointer: pointer.to_owned(),
            when: When::Always,
            say: Say::Invalid("field is immutable".to_owned()),
        }
    }

    fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    fn say(mut self, say: Say) -> Self {
        self.say = say;
        self
    }

    /// What every server refuses, as far as it matters to those who apply manifests.
    pub(super) fn built_in() -> Vec<Self> {
        const RBAC: &str = "rbac.authorization.k8s.io";
        let marked = Say::Forbidden("field is immutable when `immutable` is set".to_owned());
        let mut rules = Vec::new();
        for kind in ["ConfigMap", "Secret"] {
            for pointer in ["/immutable", "/data", "/binaryData"] {
                let rule = Self::new("", kind, pointer);
                rules.push(rule.when(When::Marked).say(marked.clone()));
            }
        }
        rules.push(Self::new("", "Secret", "/type"));
        for kind in ["Deployment", "DaemonSet", "ReplicaSet"] {
            rules.push(Self::new("apps", kind, "/spec/selector"));
        }
        for pointer in ["/spec/selector", "/spec/template", "/spec/completions"] {
            rules.push(Self::new("batch", "Job", pointer));
        }
        let others = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
        for pointer in [
            "/spec/selector",
            "/spec/serviceName",
            "/spec/volumeClaimTemplates",
            "/spec/podManagementPolicy",
        ] {
            let rule = Self::new("apps", "StatefulSet", pointer);
            rules.push(rule.say(Say::Forbidden(others.to_owned())));
        }
        let once = Say::Invalid("may not change once set".to_owned());
        let rule = Self::new("", "Service", "/spec/clusterIP");
        rules.push(rule.when(When::Set).say(once));
        for kind in ["RoleBinding", "ClusterRoleBinding"] {
            let say = Say::Invalid("cannot change roleRef".to_owned());
            rules.push(Self::new(RBAC, kind, "/roleRef").say(say));
        }
        rules
    }

    /// Whether the change from `live` to `new` breaks this rule.
    fn check(&self, kind: &Served, live: &Value, new: &Value) -> Result<(), Refusal> {
        let old = live.pointer(&self.pointer);
        let changed = new.pointer(&self.pointer);
        let holds = match self.when {
            When::Always => true,
            When::Set => old.is_some_and(|old| !old.is_null() && old != ""),
            When::Marked => live.get("immutable") == Some(&Value::Bool(true)),
        };
        if self.group != kind.group || self.kind != kind.kind || !holds || old == changed {
            return Ok(());
        }
        let mut field = self.pointer.trim_start_matches('/').replace('/', ".");
        let problem = match &self.say {
            Say::Forbidden(text) => {
                if kind.kind == "StatefulSet" {
                    "spec".clone_into(&mut field);
                }
                format!("Forbidden: {text}")
            }
            Say::Invalid(text) => {
                let value = changed.unwrap_or(&Value::Null);
                format!("Invalid value: {value}: {text}")
            }
        };
        Err(Refusal::invalid(
            kind,
            text(live, "/metadata/name"),
            &field,
            &problem,
        ))
    }
}

pub(super) fn check(
    rules: &[Rule],
    kind: &Served,
    live: &Value,
    new: &Value,
) -> Result<(), Refusal> {
    rules
        .iter()
        .try_for_each(|rule| rule.check(kind, live, new))
}
