//! Version 1: [`Alert`], [`Provider`], [`Receiver`]. Reasons are in [`reason`].

pub mod reason;

mod alert;
mod provider;
mod receiver;

pub use self::alert::{Alert, AlertSpec, EventSeverity, EventSource};
pub use self::provider::{Provider, ProviderSpec, ProviderType};
pub use self::receiver::{
    OidcProvider, OidcValidation, OidcVariable, Receiver, ReceiverResource, ReceiverSpec,
    ReceiverStatus, ReceiverType,
};

/// The kinds that alerts and receivers may name.
#[cfg(feature = "schema")]
const EVENT_KINDS: [&str; 12] = [
    "Bucket",
    "GitRepository",
    "Kustomization",
    "HelmRelease",
    "HelmChart",
    "HelmRepository",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "OCIRepository",
    "ArtifactGenerator",
    "ExternalArtifact",
];
