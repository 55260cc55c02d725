//! Arguments of the controllers: what a cluster's Flux was told to do.
//!
//! # Contract
//!
//! | function | answer |
//! |---|---|
//! | [`Flags::parse`] | arguments of a controller -> every flag and gate with its value, and why the controller would not start |
//! | [`Flags::of_deployment`] | the same of a Deployment, as an install manifest or a cluster has it |
//! | [`Flag::all`], [`Gate::all`] | what a controller knows, with the defaults |
//! | [`lease_name`] | the Lease for which its replicas compete |
//!
//! Every value says where it comes from: an argument, by its index, or the default of the version.
//!
//! # Laws
//!
//! - Every flag and gate that the controller knows has a value, whatever the arguments.
//! - There are problems exactly if the controller would not start for one of the reasons of [`ProblemKind`].
//! - `--flag=value` counts, whatever arguments of the form `--name=value` stand in front of it; lists and gates add up.
//!
//! # Traps
//!
//! - `--flag false` does not switch a boolean off: the flag is on, and the word is ignored. Only `--flag=false` does.
//! - `--log-level --enable-leader-election` makes the second the value of the first.
//! - An unknown flag or gate ends the controller when it starts, so a flag of Flux 2.10 in the manifests of 2.9 takes it
//!   down. A retired gate is accepted.
//! - Not every controller knows `--no-cross-namespace-refs`: source-controller has none.
//! - Arguments may hold `$(NAME)`, which Kubernetes replaces by an environment variable. Here they stand as they are. The
//!   defaults are those of an empty environment: source-controller takes some from `METRICS_ADDR`, `EVENTS_ADDR` and
//!   `STORAGE_*`.
//!
//! # Sources
//!
//! The main functions and `internal/features` of source-controller v1.9.6 and v1.10.1, kustomize-controller v1.9.6 and
//! v1.10.1, helm-controller v1.6.3, notification-controller v1.9.3, image-reflector-controller v1.2.4,
//! image-automation-controller v1.2.4 and source-watcher after v2.2.1; fluxcd/pkg runtime v0.110.1, artifact v0.18.1, cache
//! v0.14.0, auth v0.54.2; pflag v1.0.10; k8s.io/component-base v0.36.2: `cli/flag/map_string_bool.go`. That the gate
//! `ObjectLevelWorkloadIdentity` is retired in 2.10 was read for source- and kustomize-controller and is assumed for the
//! others, which could not be read; for them, 2.10 is taken to have the flags of 2.9. Vectors: `conformance/flags/`.

use std::collections::BTreeMap;
use std::fmt;

use fluxcd_dialect::duration::Duration;
use serde_json::Value;

use crate::FluxVersion;

pub use self::controller::Controller;
pub use self::lease::lease_name;
pub use self::table::{Flag, FlagKind, Gate};
pub use self::value::FlagValue;

mod controller;
mod lease;
mod parse;
mod table;
#[cfg(test)]
mod tests;
mod value;

/// What a controller was told to do.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Flags {
    /// Whose arguments they are.
    pub controller: Controller,
    /// The version whose flags, gates and defaults count.
    pub version: FluxVersion,
    settings: BTreeMap<&'static str, Given<FlagValue>>,
    gates: BTreeMap<&'static str, Given<bool>>,
    /// Gates that are given and have no effect in this version, by name.
    pub retired: Vec<&'static str>,
    /// Why the controller would not start, in the order in which it would find out. Empty if it would.
    pub problems: Vec<Problem>,
}

/// A value and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody gave it: the default of the version.
    Default,
    /// The argument with that index, counted from 0; of a list, the last.
    Argument(usize),
}

/// Why a controller would not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The index of the argument at fault, counted from 0.
    pub argument: Option<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The controller has no such flag.
    UnknownFlag {
        /// With its hyphens.
        name: String,
    },
    /// A flag that needs a value is the last argument.
    MissingValue {
        /// Its name.
        flag: &'static str,
    },
    /// The value is none of the flag's kind.
    InvalidValue {
        /// Its name.
        flag: &'static str,
        /// What was given.
        value: String,
    },
    /// Two hyphens in front of no name.
    Syntax {
        /// The argument.
        argument: String,
    },
    /// The controller prints its flags, and ends.
    Help,
    /// The controller has no such gate.
    UnknownGate {
        /// Its name.
        name: String,
    },
    /// A default account for authentication needs the gate `ObjectLevelWorkloadIdentity`. In Flux 2.9 only.
    AccountWithoutGate {
        /// The first flag that sets one.
        flag: &'static str,
    },
    /// Jitter of 100 percent or more.
    Jitter {
        /// What was given.
        percentage: i64,
    },
}

impl Flags {
    /// Reads the arguments in a Deployment of a controller: those of its container `manager`, or of the first one. Nothing
    /// if it is none ([`Controller::of_deployment`]).
    #[must_use]
    pub fn of_deployment(deployment: &Value, version: FluxVersion) -> Option<Self> {
        let controller = Controller::of_deployment(deployment)?;
        let containers = deployment
            .pointer("/spec/template/spec/containers")
            .and_then(Value::as_array);
        let mut containers = containers.into_iter().flatten();
        let first = containers.clone().next();
        let manager = containers
            .find(|container| container.get("name").is_some_and(|name| name == "manager"));
        let arguments = manager
            .or(first)
            .and_then(|container| container.get("args")?.as_array());
        let arguments: Vec<&str> = arguments
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        Some(Self::parse(controller, version, &arguments))
    }

    /// The value of a flag; nothing if the controller has no such flag, or for `feature-gates`.
    #[must_use]
    pub fn setting(&self, flag: &str) -> Option<&Given<FlagValue>> {
        self.settings.get(flag)
    }

    /// All flags with their values, by name.
    pub fn settings(&self) -> impl Iterator<Item = (&'static str, &Given<FlagValue>)> {
        self.settings.iter().map(|(name, given)| (*name, given))
    }

    /// Whether a gate is on; nothing if the controller has no such gate, or a retired one.
    #[must_use]
    pub fn gate(&self, name: &str) -> Option<Given<bool>> {
        self.gates.get(name).copied()
    }

    /// All gates that have an effect, by name.
    pub fn gates(&self) -> impl Iterator<Item = (&'static str, Given<bool>)> {
        self.gates.iter().map(|(name, given)| (*name, *given))
    }

    /// `--no-cross-namespace-refs`: references into other namespaces are denied.
    #[must_use]
    pub fn no_cross_namespace_refs(&self) -> Option<Given<bool>> {
        self.bool("no-cross-namespace-refs")
    }

    /// `--no-remote-bases`: overlays may not name bases elsewhere. kustomize-controller only.
    #[must_use]
    pub fn no_remote_bases(&self) -> Option<Given<bool>> {
        self.bool("no-remote-bases")
    }

    /// `--watch-all-namespaces`, else only the controller's own.
    #[must_use]
    pub fn watch_all_namespaces(&self) -> Option<Given<bool>> {
        self.bool("watch-all-namespaces")
    }

    /// `--default-service-account`: whom objects without `spec.serviceAccountName` are applied or authenticated as; empty
    /// for nobody.
    #[must_use]
    pub fn default_service_account(&self) -> Option<Given<&str>> {
        self.text("default-service-account")
    }

    /// `--default-decryption-service-account`; empty for nobody. kustomize-controller only.
    #[must_use]
    pub fn default_decryption_service_account(&self) -> Option<Given<&str>> {
        self.text("default-decryption-service-account")
    }

    /// `--default-kubeconfig-service-account`; empty for nobody. kustomize- and helm-controller only.
    #[must_use]
    pub fn default_kubeconfig_service_account(&self) -> Option<Given<&str>> {
        self.text("default-kubeconfig-service-account")
    }

    /// `--custom-apply-stage-kinds`, as it is given. kustomize-controller only.
    #[must_use]
    pub fn custom_apply_stage_kinds(&self) -> Option<Given<&str>> {
        self.text("custom-apply-stage-kinds")
    }

    /// `--override-manager`: field managers whose changes are undone. kustomize- and helm-controller only.
    #[must_use]
    pub fn override_managers(&self) -> Option<Given<&[String]>> {
        let FlagValue::List(value) = &self.setting("override-manager")?.value else {
            return None;
        };
        self.given("override-manager", value.as_slice())
    }

    /// `--requeue-dependency`: when an object that waits for another is looked at again.
    #[must_use]
    pub fn requeue_dependency(&self) -> Option<Given<Duration>> {
        let FlagValue::Duration(value) = self.setting("requeue-dependency")?.value else {
            return None;
        };
        self.given("requeue-dependency", value)
    }

    /// `--interval-jitter-percentage`.
    #[must_use]
    pub fn interval_jitter_percentage(&self) -> Option<Given<i64>> {
        let FlagValue::Integer(value) = self.setting("interval-jitter-percentage")?.value else {
            return None;
        };
        self.given("interval-jitter-percentage", value)
    }

    fn bool(&self, flag: &str) -> Option<Given<bool>> {
        match self.setting(flag)?.value {
            FlagValue::Bool(value) => self.given(flag, value),
            _ => None,
        }
    }

    fn text(&self, flag: &str) -> Option<Given<&str>> {
        match &self.setting(flag)?.value {
            FlagValue::Text(value) => self.given(flag, value.as_str()),
            _ => None,
        }
    }

    fn given<T>(&self, flag: &str, value: T) -> Option<Given<T>> {
        let origin = self.setting(flag)?.origin;
        Some(Given { value, origin })
    }
}

impl<T> Given<T> {
    const fn default_value(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }
}

impl Origin {
    /// The index of the argument.
    #[must_use]
    pub const fn argument(self) -> Option<usize> {
        match self {
            Self::Default => None,
            Self::Argument(index) => Some(index),
        }
    }
}

/// What is wrong, in a line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ProblemKind::UnknownFlag { name } => write!(f, "unknown flag: {name}"),
            ProblemKind::MissingValue { flag } => write!(f, "flag needs a value: --{flag}"),
            ProblemKind::InvalidValue { flag, value } => {
                write!(f, "invalid value for --{flag}: {value:?}")
            }
            ProblemKind::Syntax { argument } => write!(f, "no flag: {argument}"),
            ProblemKind::Help => f.write_str("help was asked for"),
            ProblemKind::UnknownGate { name } => write!(f, "unknown feature gate: {name:?}"),
            ProblemKind::AccountWithoutGate { flag } => {
                write!(
                    f,
                    "--{flag} needs the feature gate ObjectLevelWorkloadIdentity"
                )
            }
            ProblemKind::Jitter { percentage } => {
                write!(
                    f,
                    "--interval-jitter-percentage must be below 100, not {percentage}"
                )
            }
        }
    }
}
