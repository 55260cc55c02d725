//! The flags and the gates of every controller.

use super::Controller;
use crate::FluxVersion;

/// A flag of a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// Without the hyphens.
    pub name: &'static str,
    /// How its value is read.
    pub kind: FlagKind,
    /// The value without the flag, as the flag would have it; empty for no text and for an empty list.
    pub default: &'static str,
    controllers: u8,
    since: FluxVersion,
}

/// How the value of a flag is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagKind {
    /// `true` without a value.
    Bool,
    /// An integer of 64 bits, in Go's notations.
    Integer,
    /// An integer from 0 to 255.
    Byte,
    /// An integer from 0 to 65535.
    Short,
    /// A 32-bit float.
    Float,
    /// A duration in Go's grammar.
    Duration,
    /// Any text.
    Text,
    /// Each occurrence is one item.
    List,
    /// Each occurrence is a record of comma-separated values.
    CommaList,
    /// `Name=true,Other=false`; occurrences add up.
    Gates,
}

/// A feature gate of a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// Its name.
    pub name: &'static str,
    /// Whether it is on without the flag.
    pub default: bool,
    controllers: u8,
    /// From this version on it has no effect.
    retired: Option<FluxVersion>,
}

impl Flag {
    /// The flags of a controller, by name.
    pub fn all(
        controller: Controller,
        version: FluxVersion,
    ) -> impl Iterator<Item = &'static Self> {
        FLAGS
            .iter()
            .filter(move |flag| flag.controllers & controller.bit() != 0 && flag.since <= version)
    }
}

impl Gate {
    /// The gates of a controller, by name, also those that have no effect any more.
    pub fn all(controller: Controller) -> impl Iterator<Item = &'static Self> {
        GATES
            .iter()
            .filter(move |gate| gate.controllers & controller.bit() != 0)
    }

    /// Whether the gate is accepted and has no effect.
    #[must_use]
    pub fn is_retired(&self, version: FluxVersion) -> bool {
        self.retired.is_some_and(|retired| retired <= version)
    }
}

const H: u8 = Controller::Helm.bit();
const A: u8 = Controller::ImageAutomation.bit();
const R: u8 = Controller::ImageReflector.bit();
const K: u8 = Controller::Kustomize.bit();
const N: u8 = Controller::Notification.bit();
const S: u8 = Controller::Source.bit();
const W: u8 = Controller::SourceWatcher.bit();
const ALL: u8 = H | A | R | K | N | S | W;

const fn flag(name: &'static str, kind: FlagKind, default: &'static str, controllers: u8) -> Flag {
    Flag {
        name,
        kind,
        default,
        controllers,
        since: FluxVersion::V2_9,
    }
}

const fn new(name: &'static str, kind: FlagKind, controllers: u8) -> Flag {
    Flag {
        name,
        kind,
        default: "",
        controllers,
        since: FluxVersion::V2_10,
    }
}

const fn gate(name: &'static str, default: bool, controllers: u8) -> Gate {
    Gate {
        name,
        default,
        controllers,
        retired: None,
    }
}

use FlagKind::{Bool, Byte, CommaList, Duration, Float, Gates, Integer, List, Short, Text};

/// By name; a name stands more than once where the default differs.
#[rustfmt::skip]
static FLAGS: &[Flag] = &[
    flag("artifact-digest-algo", Text, "sha256", S | W),
    flag("artifact-retention-records", Integer, "2", S | W),
    flag("artifact-retention-ttl", Duration, "1m0s", S | W),
    new("authorized-artifact-client-spiffe-id", List, S),
    new("authorized-artifact-server-spiffe-id", List, K),
    new("authorized-event-server-spiffe-id", List, K | S),
    flag("concurrent", Integer, "10", W),
    flag("concurrent", Integer, "2", S),
    flag("concurrent", Integer, "4", H | A | R | K | N),
    flag("concurrent-ssa", Integer, "4", K),
    flag("custom-apply-stage-kinds", Text, "", K),
    flag("default-decryption-service-account", Text, "", K),
    flag("default-kubeconfig-service-account", Text, "", H | K),
    flag("default-service-account", Text, "", H | A | R | K | N | S),
    flag("enable-leader-election", Bool, "false", ALL),
    flag("events-addr", Text, "", H | A | R | K | S | W),
    flag("events-addr", Text, ":9090", N),
    flag("export-http-path-metrics", Bool, "false", N),
    flag("feature-gates", Gates, "", ALL),
    flag("gc-interval", Short, "10", R),
    flag("graceful-shutdown-timeout", Duration, "10m0s", H),
    flag("health-addr", Text, ":9440", ALL),
    flag("helm-cache-max-size", Integer, "0", S),
    flag("helm-cache-purge-interval", Text, "1m", S),
    flag("helm-cache-ttl", Text, "15m", S),
    flag("helm-chart-file-max-size", Integer, "5242880", S),
    flag("helm-chart-max-size", Integer, "10485760", S),
    flag("helm-index-max-size", Integer, "52428800", S),
    flag("http-retry", Integer, "9", H | K | W),
    flag("http-timeout", Duration, "30s", H),
    flag("insecure-kubeconfig-exec", Bool, "false", H | K),
    flag("insecure-kubeconfig-tls", Bool, "false", H | K),
    flag("interval-jitter-percentage", Byte, "5", H | K | S | W),
    flag("kube-api-burst", Integer, "300", ALL),
    flag("kube-api-qps", Float, "50", ALL),
    flag("leader-election-lease-duration", Duration, "35s", ALL),
    flag("leader-election-release-on-cancel", Bool, "true", ALL),
    flag("leader-election-renew-deadline", Duration, "30s", ALL),
    flag("leader-election-retry-period", Duration, "5s", ALL),
    flag("log-encoding", Text, "json", ALL),
    flag("log-level", Text, "info", ALL),
    flag("max-retry-delay", Duration, "15m0s", ALL),
    flag("metrics-addr", Text, ":8080", ALL),
    flag("min-retry-delay", Duration, "750ms", ALL),
    flag("no-cross-namespace-refs", Bool, "false", H | A | R | K | N | W),
    flag("no-remote-bases", Bool, "false", K),
    flag("oom-watch-current-memory-path", Text, "", H),
    flag("oom-watch-interval", Duration, "500ms", H),
    flag("oom-watch-max-memory-path", Text, "", H),
    flag("oom-watch-memory-threshold", Byte, "95", H),
    flag("override-manager", List, "", H | K),
    new("override-manager-before-dry-run", List, K),
    flag("rate-limit-interval", Duration, "5m0s", N),
    flag("receiverAddr", Text, ":9292", N),
    flag("reconciliation-timeout", Duration, "10m0s", W),
    flag("requeue-dependency", Duration, "30s", H | R | K | S),
    flag("requeue-dependency", Duration, "5s", W),
    flag("snapshot-digest-algo", Text, "sha256", H),
    flag("sops-age-secret", Text, "", K),
    flag("sops-vault-configmap", Text, "", K),
    new("spiffe-broker-endpoint", Text, K | S),
    new("spiffe-broker-id", List, K | S),
    flag("ssh-hostkey-algos", CommaList, "", A | S),
    flag("ssh-kex-algos", CommaList, "", A | S),
    flag("storage-addr", Text, ":9090", S | W),
    flag("storage-adv-addr", Text, "", S | W),
    flag("storage-compression-threshold", Integer, "64", R),
    flag("storage-path", Text, "/data", R | S | W),
    flag("storage-value-log-file-size", Integer, "268435456", R),
    flag("token-cache-max-duration", Duration, "1h0m0s", H | A | R | K | N | S),
    flag("token-cache-max-size", Integer, "100", H | A | R | K | N | S),
    flag("watch-all-namespaces", Bool, "true", ALL),
    flag("watch-configs-label-selector", Text, "reconcile.fluxcd.io/watch=Enabled", ALL),
    flag("watch-label-selector", Text, "", H | A | R | K | S | W),
];

/// By name.
#[rustfmt::skip]
static GATES: &[Gate] = &[
    gate("AdditiveCELDependencyCheck", false, H | K),
    gate("AdoptLegacyReleases", false, H),
    gate("AllowDNSLookups", false, H),
    gate("CacheSecretsAndConfigMaps", false, H | A | R | K | N | S),
    gate("CancelHealthCheckOnNewRevision", false, H | K),
    gate("CorrectDrift", false, H),
    gate("DefaultToRetryOnFailure", false, H),
    gate("DetectDrift", false, H),
    gate("DirectSourceFetch", false, H | K | W),
    gate("DisableChartDigestTracking", false, H),
    gate("DisableCommitStatusEvent", false, K),
    gate("DisableConfigWatchers", false, H | K | N),
    gate("DisableFailFastBehavior", false, K),
    gate("DisableStatusPollerCache", true, K),
    gate("ExternalArtifact", false, H | K),
    gate("FluxStorage", false, R),
    gate("GitAllBranchReferences", true, A),
    gate("GitForcePushBranch", true, A),
    gate("GitShallowClone", true, A),
    gate("GitSparseCheckout", false, A),
    gate("GroupChangeLog", false, K),
    gate("MigrateAPIVersion", false, K),
    gate("OOMWatch", false, H),
    Gate {
        name: OBJECT_LEVEL_WORKLOAD_IDENTITY,
        default: false,
        controllers: H | A | R | K | N | S,
        retired: Some(FluxVersion::V2_10),
    },
    gate("StrictPostBuildSubstitutions", true, K),
    gate("UseHelm3Defaults", false, H),
];

pub(super) const OBJECT_LEVEL_WORKLOAD_IDENTITY: &str = "ObjectLevelWorkloadIdentity";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_give_each_controller_a_name_once() {
        assert!(FLAGS.is_sorted_by(|a, b| a.name <= b.name));
        assert!(GATES.is_sorted_by(|a, b| a.name < b.name));
        for (at, flag) in FLAGS.iter().enumerate() {
            for other in FLAGS
                .iter()
                .skip(at + 1)
                .filter(|other| other.name == flag.name)
            {
                assert_eq!(flag.controllers & other.controllers, 0, "{}", flag.name);
            }
        }
    }
}
