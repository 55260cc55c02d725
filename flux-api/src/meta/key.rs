//! Names that objects, events and configuration carry: annotations, labels, finalizers, field managers, keys of maps.
//!
//! Values of switches are compared without regard to case, but for [`KUSTOMIZE_SUBSTITUTE`]: that one wants
//! [`SUBSTITUTE_DISABLED`] exactly.
//!
//! Sources: `fluxcd/pkg: apis/meta/{annotations,labels,reference_types}.go`, `apis/event/v1/metadata.go`; the `*_types.go`
//! of the API modules; `kustomize-controller: internal/controller`, `helm-controller: internal/postrender`.

// Requests to reconcile.

/// Annotation: asks for a reconciliation whenever its value changes. The value is an opaque token, not a time.
pub const RECONCILE_REQUEST: &str = "reconcile.fluxcd.io/requestedAt";
/// Annotation: together with an equal [`RECONCILE_REQUEST`], forces one Helm install or upgrade.
pub const FORCE_REQUEST: &str = "reconcile.fluxcd.io/forceAt";
/// Annotation: together with an equal [`RECONCILE_REQUEST`], forgets the failure counts of a HelmRelease.
pub const RESET_REQUEST: &str = "reconcile.fluxcd.io/resetAt";
/// Label: on a ConfigMap or Secret, makes a change of it reconcile those who use it.
pub const WATCH: &str = "reconcile.fluxcd.io/watch";
/// Value of [`WATCH`].
pub const WATCH_ENABLED: &str = "Enabled";

// Objects that a Kustomization applies.

/// Label: name of the Kustomization that applied the object.
pub const KUSTOMIZATION_NAME: &str = "kustomize.toolkit.fluxcd.io/name";
/// Label: namespace of the Kustomization that applied the object.
pub const KUSTOMIZATION_NAMESPACE: &str = "kustomize.toolkit.fluxcd.io/namespace";
/// Annotation of old releases, removed on sight.
pub const KUSTOMIZATION_CHECKSUM: &str = "kustomize.toolkit.fluxcd.io/checksum";
/// Label or annotation: `Disabled` leaves the object alone.
pub const KUSTOMIZE_RECONCILE: &str = "kustomize.toolkit.fluxcd.io/reconcile";
/// Label or annotation: `Disabled` keeps the object when it is no longer wanted.
pub const KUSTOMIZE_PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";
/// Label or annotation: `Enabled` replaces the object when a field cannot be changed.
pub const KUSTOMIZE_FORCE: &str = "kustomize.toolkit.fluxcd.io/force";
/// Label or annotation: `Merge`, `IfNotPresent`, `Ignore` change how the object is applied.
pub const KUSTOMIZE_SSA: &str = "kustomize.toolkit.fluxcd.io/ssa";
/// Label or annotation: [`SUBSTITUTE_DISABLED`] keeps variables in the object as they are.
pub const KUSTOMIZE_SUBSTITUTE: &str = "kustomize.toolkit.fluxcd.io/substitute";
/// Value of [`KUSTOMIZE_SUBSTITUTE`]. Lower case: another spelling has no effect.
pub const SUBSTITUTE_DISABLED: &str = "disabled";
/// Annotation: [`DISABLED`] keeps the object as it is encrypted.
pub const KUSTOMIZE_DECRYPT: &str = "kustomize.toolkit.fluxcd.io/decrypt";

// Objects that a HelmRelease applies.

/// Label: name of the HelmRelease that applied the object.
pub const HELM_RELEASE_NAME: &str = "helm.toolkit.fluxcd.io/name";
/// Label: namespace of the HelmRelease that applied the object.
pub const HELM_RELEASE_NAMESPACE: &str = "helm.toolkit.fluxcd.io/namespace";
/// Label or annotation: `disabled` leaves the object out of drift detection.
pub const HELM_DRIFT_DETECTION: &str = "helm.toolkit.fluxcd.io/driftDetection";

// Artifact generators.

/// Label: on an ExternalArtifact, tells which ArtifactGenerator made it.
pub const GENERATOR: &str = "source.extensions.fluxcd.io/generator";
/// Annotation: `Disabled` suspends an ArtifactGenerator.
pub const GENERATOR_RECONCILE: &str = "source.extensions.fluxcd.io/reconcile";
/// Annotation: a duration that replaces the hour between two runs (2.10).
pub const GENERATOR_RECONCILE_EVERY: &str = "source.extensions.fluxcd.io/reconcileEvery";
/// Annotation: `Disabled` keeps a managed namespace (2.10).
pub const GENERATOR_PRUNE: &str = "source.extensions.fluxcd.io/prune";
/// Annotation: how a managed namespace is applied (2.10).
pub const GENERATOR_SSA: &str = "source.extensions.fluxcd.io/ssa";
/// Annotation: leaves the clean-up to someone else (2.10).
pub const GENERATOR_EXTERNAL_FINALIZER: &str = "source.extensions.fluxcd.io/externalFinalizer";

// Values of the switches above.

/// Switches on.
pub const ENABLED: &str = "Enabled";
/// Switches off.
pub const DISABLED: &str = "Disabled";
/// Applies without removing the fields of others.
pub const MERGE: &str = "Merge";
/// Creates, but never changes.
pub const IF_NOT_PRESENT: &str = "IfNotPresent";
/// Does not apply.
pub const IGNORE: &str = "Ignore";

// Sources, sharding, identity.

/// Label: which instance of a controller an object belongs to. By convention only: controllers select it with a flag.
pub const SHARD: &str = "sharding.fluxcd.io/key";
/// Label: on a namespace, the tenant that owns it.
pub const TENANT: &str = "toolkit.fluxcd.io/tenant";
/// Annotation of an OCI manifest: the commit that it was made from.
pub const OCI_REVISION: &str = "org.opencontainers.image.revision";
/// Annotation of an OCI manifest: the repository that it was made from.
pub const OCI_SOURCE: &str = "org.opencontainers.image.source";
/// Annotation of an OCI manifest: when it was made.
pub const OCI_CREATED: &str = "org.opencontainers.image.created";
/// Annotation of a ServiceAccount: who issues its credential, `kubernetes` or `spiffe` (2.10).
pub const CREDENTIAL_PROVIDER: &str = "credential.auth.fluxcd.io/provider";
/// Annotation of a ServiceAccount: kind of credential, `jwt` (2.10).
pub const CREDENTIAL_TYPE: &str = "credential.auth.fluxcd.io/type";
/// Annotation of a ServiceAccount: audiences, split at commas and white space (2.10).
pub const CREDENTIAL_AUDIENCES: &str = "credential.auth.fluxcd.io/audiences";
/// Annotation of a ServiceAccount: user name when the token is sent as a password (2.10).
pub const CREDENTIAL_USERNAME: &str = "credential.auth.fluxcd.io/username";
/// Annotation of a ServiceAccount: lifetime as a Go duration (2.10).
pub const CREDENTIAL_EXPIRATION: &str = "credential.auth.fluxcd.io/expiration";
/// Annotation of a ServiceAccount: where to log in at OpenBao or Vault (2.10).
pub const TRANSIT_ENGINE_LOGIN_PATH: &str = "transit-engine.auth.fluxcd.io/login-path";
/// Annotation of a ServiceAccount: role at OpenBao or Vault (2.10).
pub const TRANSIT_ENGINE_ROLE: &str = "transit-engine.auth.fluxcd.io/role";

// Events.

/// Prefix of annotations that are copied into the metadata of the events of an object.
pub const EVENT_PREFIX: &str = "event.toolkit.fluxcd.io/";
/// Event metadata: revision that the event is about.
pub const EVENT_REVISION: &str = "revision";
/// Event metadata: revision of the source of the source, such as the commit behind an OCI artifact.
pub const EVENT_ORIGIN_REVISION: &str = "originRevision";
/// Event metadata: old name of [`EVENT_DIGEST`].
pub const EVENT_CHECKSUM: &str = "checksum";
/// Event metadata: digest that the event is about.
pub const EVENT_DIGEST: &str = "digest";
/// Event metadata: makes two otherwise equal events different.
pub const EVENT_TOKEN: &str = "token";
/// Event metadata: commit that a status goes to.
pub const EVENT_COMMIT: &str = "commit";
/// Event metadata: `update` marks an event that only refreshes a commit status.
pub const EVENT_COMMIT_STATUS: &str = "commit_status";
/// Value of [`EVENT_COMMIT_STATUS`].
pub const EVENT_COMMIT_STATUS_UPDATE: &str = "update";
/// Event metadata: number of the pull or merge request that a comment goes to.
pub const EVENT_CHANGE_REQUEST: &str = "change_request";

// Finalizers.

/// Finalizer of every kind but ArtifactGenerator.
pub const FINALIZER: &str = "finalizers.fluxcd.io";
/// Finalizer of ArtifactGenerator.
pub const GENERATOR_FINALIZER: &str = "source.extensions.fluxcd.io/finalizer";

// Field managers.

/// Owner of the fields that a Kustomization applies.
pub const MANAGER_KUSTOMIZE: &str = "kustomize-controller";
/// Owner of the fields that a HelmRelease applies.
pub const MANAGER_HELM: &str = "helm-controller";
/// Owner of the status of sources.
pub const MANAGER_SOURCE: &str = "source-controller";
/// Owner of the status of receivers.
pub const MANAGER_NOTIFICATION: &str = "notification-controller";
/// Owner of the status of image repositories and policies.
pub const MANAGER_IMAGE_REFLECTOR: &str = "image-reflector-controller";
/// Owner of the status of image update automations.
pub const MANAGER_IMAGE_AUTOMATION: &str = "image-automation-controller";
/// Owner of external artifacts and of the status of their generators.
pub const MANAGER_SOURCE_WATCHER: &str = "source-watcher";
/// Owner of what the command line of Flux installs.
pub const MANAGER_CLI: &str = "flux";

// Keys of the ConfigMap that `spec.kubeConfig.configMapRef` names.

/// Where the identity comes from: `aws`, `azure`, `gcp`, `generic`.
pub const KUBECONFIG_PROVIDER: &str = "provider";
/// Full name of the cluster at that provider.
pub const KUBECONFIG_CLUSTER: &str = "cluster";
/// Address of its API server.
pub const KUBECONFIG_ADDRESS: &str = "address";
/// Certificate authority of its API server, as PEM.
pub const KUBECONFIG_CA_CERT: &str = "ca.crt";
/// Audiences of the token.
pub const KUBECONFIG_AUDIENCES: &str = "audiences";
/// ServiceAccount whose identity is used.
pub const KUBECONFIG_SERVICE_ACCOUNT: &str = "serviceAccountName";
