//! The answer as data: what `--format json` prints, and what the text is made from.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::chain;
use crate::cluster::Cluster;

/// Everything that was found out about a set of objects.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Report {
    /// How many objects have which readiness.
    pub(crate) counts: BTreeMap<&'static str, usize>,
    /// The objects, in the order of the input.
    pub(crate) objects: Vec<Row>,
    /// For each object that waits for others: the way to the one where the trouble is.
    pub(crate) blocked: Vec<Blocked>,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    /// Kind, namespace and name.
    pub(crate) object: String,
    /// `Current`, `InProgress`, `Failed`, `Terminating` or `Unknown`.
    pub(crate) status: &'static str,
    /// The reason of its condition `Ready` or `Stalled`.
    pub(crate) reason: Option<String>,
    /// Whether its reconciliation is switched off.
    pub(crate) suspended: bool,
    /// How long it has been there.
    pub(crate) age: Option<String>,
    /// The revision that it is at: of an artifact, of what was applied, or of a chart.
    pub(crate) revision: Option<String>,
    /// What it waits for, or how it is.
    pub(crate) message: String,
}

/// An object that waits for others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Blocked {
    /// Kind, namespace and name.
    pub(crate) object: String,
    /// Each one waits for the next; the last one is where the trouble is.
    pub(crate) chain: Vec<Link>,
}

/// An object that another one waits for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Link {
    /// Why the other one waits for it: `depends on`, `is made from` or `checks`.
    pub(crate) through: &'static str,
    /// Kind, namespace and name.
    pub(crate) object: String,
    /// Its readiness; nothing if it is not in the input.
    pub(crate) status: Option<&'static str>,
    /// What it waits for, or how it is.
    pub(crate) message: String,
}

impl Report {
    /// What there is to say about these objects.
    pub(crate) fn of(cluster: &Cluster) -> Self {
        let mut counts = BTreeMap::new();
        for object in &cluster.objects {
            *counts.entry(object.row.status).or_default() += 1;
        }
        Self {
            counts,
            objects: cluster
                .objects
                .iter()
                .map(|object| object.row.clone())
                .collect(),
            blocked: chain::blocked(cluster),
        }
    }
}
