//! `extensions`, where the workloads of `apps` once were.

use super::apps::{daemon_set, deployment, replica_set};

pub(super) const KINDS: super::Kinds = &[
    ("DaemonSet", daemon_set),
    ("Deployment", deployment),
    ("ReplicaSet", replica_set),
];
