use std::fmt;

use fluxcd_api::helm::v2::HelmRelease;
use fluxcd_api::meta::{Effective, Origin};

use super::Gates;

/// How an action waits for its objects, in Helm's words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WaitStrategy {
    /// Polls the status of the objects, as `poller` in the spec: the controller puts its own poller behind Helm's name.
    Watcher,
    /// As Helm 3 did.
    Legacy,
    /// For hooks only.
    HookOnly,
    /// A word that Helm will judge.
    Other(String),
}

impl WaitStrategy {
    /// How an action waits: not at all if it says so, else as `spec.waitStrategy` says, else as the gate says.
    ///
    /// Source: helm-controller: `internal/action/wait.go (getWaitStrategy)`.
    pub(super) fn of(
        release: &HelmRelease,
        disable_wait: Option<bool>,
        gates: Gates,
    ) -> Effective<Self> {
        let name = release
            .spec
            .wait_strategy
            .as_ref()
            .map(|strategy| strategy.name.as_str());
        let (value, origin) = match name.filter(|name| !name.is_empty()) {
            _ if disable_wait == Some(true) => (Self::HookOnly, Origin::Spec),
            Some("poller") => (Self::Watcher, Origin::Spec),
            Some(name) => (Self::from_helm(name), Origin::Spec),
            None if gates.use_helm3_defaults => (Self::Legacy, Origin::Flag),
            None => (Self::Watcher, Origin::Default),
        };
        Effective { value, origin }
    }

    fn from_helm(word: &str) -> Self {
        match word {
            "watcher" => Self::Watcher,
            "legacy" => Self::Legacy,
            "hookOnly" => Self::HookOnly,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Helm's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Watcher => "watcher",
            Self::Legacy => "legacy",
            Self::HookOnly => "hookOnly",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for WaitStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
