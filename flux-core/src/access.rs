//! Who may use what: references into other namespaces, impersonation, and how another cluster is reached.
//!
//! # Contract
//!
//! | function | answer |
//! |---|---|
//! | [`Reference::all`] | what an object refers to that may lie in another namespace |
//! | [`Reference::decide`] | whether its controller follows the reference, and why not |
//! | [`Identity`] | as whom a Kustomization or HelmRelease is applied |
//! | [`kube_config`] | which entry of a Secret holds the way to another cluster, and what in it is refused or dropped |
//!
//! A denial is data: the reference, the rule that it broke, and what the controller makes of it. Its `Display` is the
//! message of that controller, to the byte.
//!
//! # Laws
//!
//! - A reference into the own namespace is never denied for that namespace.
//! - What is allowed with `--no-cross-namespace-refs` is allowed without it.
//! - `dependsOn` and `healthChecks` are never denied.
//!
//! # Traps
//!
//! - The flag belongs to each controller by itself. source-controller has none; source-watcher has one of its own.
//! - A HelmRelease whose `spec.chart` is denied says so nowhere: the error comes before any condition is written.
//! - An ImageRepository is open to other namespaces only through its `accessFrom`, whatever the flag. A GitRepository has
//!   no such list: without the flag every ImageUpdateAutomation may push with its credentials.
//! - An empty `matchLabels` in `accessFrom` admits every namespace, an empty list of selectors none.
//! - References to Secrets, ConfigMaps, service accounts, Providers and local sources have no namespace, so they are not
//!   listed.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.3: `acl/acl.go`, `client/impersonator.go`, `client/kubeconfig.go`; kustomize-controller
//! v1.9.6: `internal/controller/kustomization_controller.go (getSource)`; helm-controller v1.6.3: `internal/acl/acl.go`,
//! `internal/controller/helmrelease_controller.go (getSource)`, `internal/reconcile/helmchart_template.go`;
//! image-reflector-controller v1.2.4: `internal/controller/imagepolicy_controller.go (getImageRepository)`;
//! image-automation-controller v1.2.4: `internal/source/source.go (NewSourceManager)`; notification-controller v1.9.3:
//! `internal/server/{event_handlers,receiver_handlers}.go`; source-watcher v2.2.1:
//! `internal/controller/artifactgenerator_validation.go`.

pub use self::decide::{Access, Allowed, Cause, Denial, Effect, Facts};
pub use self::identity::Identity;
pub use self::reference::{Field, Reference};
pub use self::selector::InvalidSelector;

mod decide;
mod identity;
pub mod kube_config;
mod reference;
mod selector;
#[cfg(test)]
mod tests;
