//! The custom resource of the example.

use std::error::Error;

use chrono::{DateTime, Utc};
use fluxcd::api::kustomize::v1::{Kustomization, KustomizationSpec};
use fluxcd::api::meta::{Condition, Duration, ResourceInventory};
use fluxcd::api::schema;
use fluxcd::core::condition::Conditions;
use fluxcd::core::schedule::Timing;
use fluxcd::kube::apply::{Applier, ApplyOptions, Owner};
use fluxcd::kube::mapper::Mapper;
use kube::{Client, CustomResource, CustomResourceExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

/// Applies the manifests of a ConfigMap and keeps them as they are.
#[derive(CustomResource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[kube(
    group = "demo.fluxcd.rs",
    version = "v1",
    kind = "ManifestSet",
    namespaced,
    shortname = "mset"
)]
#[kube(status = "ManifestSetStatus")]
#[kube(
    printcolumn = r#"{"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type=='Ready')].status"}"#,
    printcolumn = r#"{"name":"Status","type":"string","jsonPath":".status.conditions[?(@.type=='Ready')].message"}"#
)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManifestSetSpec {
    /// Name of a ConfigMap in the same namespace. Each of its entries is a stream of manifests.
    pub(crate) config_map: String,
    /// How often the objects are applied again.
    #[schemars(with = "schema::Interval")]
    pub(crate) interval: Duration,
    /// How long after a failure. Absent: the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Interval>")]
    pub(crate) retry_interval: Option<Duration>,
    /// How long objects may take to become healthy. Absent: the interval less 30 s, and 30 s at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Interval>")]
    pub(crate) timeout: Option<Duration>,
    /// Deletes what is no longer in the ConfigMap, and everything together with this object.
    #[serde(default)]
    pub(crate) prune: bool,
    /// Nothing is done until this is false again.
    #[serde(default)]
    pub(crate) suspend: bool,
}

/// What became of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManifestSetStatus {
    /// The generation that this speaks about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) observed_generation: Option<i64>,
    /// `Ready`, `Reconciling`, `Stalled`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "schema::Conditions")]
    pub(crate) conditions: Vec<Condition>,
    /// The last request by annotation that was handled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_handled_reconcile_at: Option<String>,
    /// Name and resource version of the ConfigMap that was applied last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_applied_revision: Option<String>,
    /// The objects that belong to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) inventory: Option<ResourceInventory>,
}

/// Gives the cluster the kind, and waits until it is served.
pub(crate) async fn install(client: &Client) -> Result<(), Box<dyn Error>> {
    let definition = [serde_json::to_value(ManifestSet::crd())?];
    let owner = Owner::new(NAME, "");
    let applier = Applier::new(client.clone(), Mapper::new(client.clone()), owner);
    let (options, never) = (ApplyOptions::default(), CancellationToken::new());
    applier.apply_staged(&definition, &options, &never).await?;
    Ok(())
}

impl ManifestSet {
    /// Intervals and timeout, with the defaults of a Kustomization.
    pub(crate) fn timing(&self) -> Timing {
        let spec = KustomizationSpec {
            interval: self.spec.interval,
            retry_interval: self.spec.retry_interval,
            timeout: self.spec.timeout,
            ..KustomizationSpec::default()
        };
        Timing::from(&Kustomization::new("", spec))
    }

    /// How long its objects may take to become healthy. Unlike that of a Kustomization, it may be short.
    pub(crate) fn timeout(&self) -> Duration {
        let derived = self.timing().timeout;
        let derived = derived.map_or(self.spec.interval, |timeout| timeout.duration);
        self.spec.timeout.unwrap_or(derived)
    }

    /// What became of it.
    pub(crate) fn status(&mut self) -> &mut ManifestSetStatus {
        self.status.get_or_insert_default()
    }

    /// Changes the conditions.
    pub(crate) fn mark(&mut self, now: DateTime<Utc>, change: impl FnOnce(&mut Conditions)) {
        let generation = self.metadata.generation.unwrap_or_default();
        let status = self.status();
        let list = std::mem::take(&mut status.conditions);
        let mut conditions = Conditions::new(list, generation, now);
        change(&mut conditions);
        status.conditions = conditions.into_list();
    }
}

/// The name of the controller, and of its fields.
pub(crate) const NAME: &str = "manifest-set";
/// The group of the kind, and of the labels of what it applies.
pub(crate) const GROUP: &str = "demo.fluxcd.rs";
