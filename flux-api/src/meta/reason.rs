//! Condition and event reasons that several kinds share. Reasons of one kind or group stand in the module of that group.
//!
//! A reason is a contract: alerts, scripts and dashboards compare it.
//!
//! Source: `fluxcd/pkg: apis/meta/conditions.go`.

/// It worked.
pub const SUCCEEDED: &str = "Succeeded";
/// It did not work.
pub const FAILED: &str = "Failed";
/// Work is going on.
pub const PROGRESSING: &str = "Progressing";
/// It did not work and will be tried again.
pub const PROGRESSING_WITH_RETRY: &str = "ProgressingWithRetry";
/// Reconciliation is switched off.
pub const SUSPENDED: &str = "Suspended";
/// Something that must be ready first is not.
pub const DEPENDENCY_NOT_READY: &str = "DependencyNotReady";
/// The whole reconciliation went well.
pub const RECONCILIATION_SUCCEEDED: &str = "ReconciliationSucceeded";
/// The reconciliation failed at a step without a reason of its own.
pub const RECONCILIATION_FAILED: &str = "ReconciliationFailed";
/// The source has no artifact, or it could not be fetched.
pub const ARTIFACT_FAILED: &str = "ArtifactFailed";
/// The overlay could not be built.
pub const BUILD_FAILED: &str = "BuildFailed";
/// Objects that are no longer wanted could not be deleted.
pub const PRUNE_FAILED: &str = "PruneFailed";
/// Applied objects did not become healthy in time.
pub const HEALTH_CHECK_FAILED: &str = "HealthCheckFailed";
/// Waiting was given up because something newer came.
pub const HEALTH_CHECK_CANCELED: &str = "HealthCheckCanceled";
/// A reference to another namespace was refused.
pub const ACCESS_DENIED: &str = "AccessDenied";
/// A path does not exist or leads outside.
pub const INVALID_PATH: &str = "InvalidPath";
/// An address cannot be understood.
pub const INVALID_URL: &str = "InvalidURL";
/// Plain HTTP is asked for but forbidden.
pub const INSECURE_CONNECTIONS_DISALLOWED: &str = "InsecureConnectionsDisallowed";
/// The way of connecting is not known.
pub const UNSUPPORTED_CONNECTION_TYPE: &str = "UnsupportedConnectionType";
/// An expression does not compile.
pub const INVALID_CEL_EXPRESSION: &str = "InvalidCELExpression";
/// A field needs a feature gate that is off.
pub const FEATURE_GATE_DISABLED: &str = "FeatureGateDisabled";
