//! `apiextensions.k8s.io`.
//!
//! Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/core.go (crdConditions)`.

use std::borrow::Cow;

use super::Live;
use crate::ready::readiness::Told;
use crate::ready::{Error, Reason, Status};

pub(super) const KINDS: super::Kinds = &[("CustomResourceDefinition", definition)];

/// How far a CustomResourceDefinition is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DefinitionReason {
    /// Current: the API server serves it.
    Established,
    /// Failed: `NamesAccepted` is false.
    NamesNotAccepted(Told),
    /// Failed: `Established` is false, for another reason than `Installing`.
    NotEstablished(Told),
    /// InProgress: no condition has decided.
    Installing,
}

fn definition(live: &Live<'_>) -> Result<Reason, Error> {
    let mut reason = DefinitionReason::Installing;
    for condition in live.conditions.iter() {
        reason = match (condition.kind, condition.status) {
            ("NamesAccepted", "False") => DefinitionReason::NamesNotAccepted(condition.told()),
            ("Established", "True") => DefinitionReason::Established,
            ("Established", "False") if condition.reason != "Installing" => {
                DefinitionReason::NotEstablished(condition.told())
            }
            _ => continue,
        };
        break;
    }
    Ok(Reason::Definition(reason))
}

impl DefinitionReason {
    pub(in crate::ready) fn status(&self) -> Status {
        match self {
            Self::Established => Status::Current,
            Self::NamesNotAccepted(_) | Self::NotEstablished(_) => Status::Failed,
            Self::Installing => Status::InProgress,
        }
    }

    pub(in crate::ready) fn word(&self) -> &str {
        match self {
            Self::Established => "",
            Self::NamesNotAccepted(told) | Self::NotEstablished(told) => &told.reason,
            Self::Installing => "Installing",
        }
    }

    pub(in crate::ready) fn message(&self) -> Cow<'_, str> {
        match self {
            Self::Established => "CRD is established".into(),
            Self::NamesNotAccepted(told) | Self::NotEstablished(told) => {
                told.message.as_str().into()
            }
            Self::Installing => "Install in progress".into(),
        }
    }

    pub(in crate::ready) fn waits_for(&self) -> Cow<'_, str> {
        match self {
            Self::Established => "nothing".into(),
            Self::NamesNotAccepted(told) => told.behind("other names"),
            Self::NotEstablished(told) => told.behind("a change, because it is refused"),
            Self::Installing => "the API server to serve it".into(),
        }
    }
}
