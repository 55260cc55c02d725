//! A reconcile as a controller has it, and the same with a mistake.

use std::collections::BTreeSet;
use std::time::Duration;

use fluxcd_api::kustomize::v1::{Kustomization, KustomizationStatus};
use fluxcd_api::meta::ResourceInventory;
use fluxcd_api::meta::condition::READY;
use fluxcd_core::FluxVersion;
use fluxcd_core::condition::Conditions;
use fluxcd_core::inventory::{self, ObjectId, Resource};
use fluxcd_kube::Dice;
use fluxcd_kube::apply::{Applier, ApplyOptions, Owner};
use fluxcd_kube::mapper::Mapper;
use fluxcd_kube::prune::PruneOptions;
use fluxcd_kube::status::{StatusOptions, StatusWriter};
use fluxcd_kube::testing::FakeApi;
use fluxcd_kube::wait::{WaitOptions, Waiter};
use kube::Client;
use kube::api::{Api, DeleteParams, DynamicObject, Patch, PatchParams};
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(40);
const WAIT: Duration = Duration::from_secs(15);

/// A mistake that is easily made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    /// Reads a stale object, and deletes whatever has its name then.
    DeletesByName,
    /// Deletes stale objects unread.
    DeletesWithoutLooking,
    /// What could not be deleted is not in the inventory any more.
    ForgetsSurvivors,
    /// Writes the condition first and the generation later.
    ReadyBeforeObserved,
    /// Applies until it succeeds.
    NeverGivesUp,
    /// Uses a client without limits.
    WaitsForEver,
    /// Writes the conditions that it knows in the place of those that are there.
    ReplacesConditions,
}

/// What a run did.
#[derive(Debug)]
pub(super) struct Run {
    /// Everything after this version is of this run, or a later one.
    pub(super) first: u64,
    pub(super) wanted: BTreeSet<ObjectId>,
    pub(super) is_ready: bool,
    pub(super) requests: usize,
    pub(super) most_requests: usize,
    /// How long each operation took, and how long it may take.
    pub(super) operations: Vec<(&'static str, Duration, Duration)>,
}

pub(super) struct Reconcile {
    api: FakeApi,
    client: Client,
    mapper: Mapper,
    mistake: Option<Mistake>,
}

pub(super) fn labels() -> Value {
    json!({
        "kustomize.toolkit.fluxcd.io/name": "apps",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    })
}

/// The ids in the inventory of a Kustomization.
pub(super) fn inventory(object: &Value) -> BTreeSet<String> {
    let entries = object["status"]["inventory"]["entries"].as_array();
    let ids = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["id"].as_str());
    ids.map(str::to_owned).collect()
}

impl Reconcile {
    pub(super) fn new(api: &FakeApi, mistake: Option<Mistake>) -> Self {
        let client = match mistake {
            Some(Mistake::WaitsForEver) => api.raw_client(),
            _ => api.client(),
        };
        Self {
            api: api.clone(),
            mapper: Mapper::new(client.clone()),
            client,
            mistake,
        }
    }

    pub(super) async fn run(&self, wanted: &[Value]) -> Run {
        let requests = self.api.requests().len();
        let last = self.api.history().last().map_or(0, |event| event.version);
        let mut run = Run {
            first: last + 1,
            wanted: wanted.iter().map(ObjectId::of).collect(),
            is_ready: false,
            requests: 0,
            most_requests: 0,
            operations: Vec::new(),
        };
        let stale = self.reconcile(wanted, &mut run).await.unwrap_or_default();
        // Each request may be repeated three times; each object is read, tried, written, and read once more.
        let objects = wanted.len() + stale;
        let polls = usize::try_from(WAIT.as_secs() / 5).unwrap_or_default() + 1;
        run.most_requests = 4 * (30 + 8 * objects + polls * (2 + wanted.len()));
        run.requests = self.api.requests().len() - requests;
        run
    }

    /// How many objects were stale, if it came so far.
    async fn reconcile(&self, wanted: &[Value], run: &mut Run) -> Option<usize> {
        let cancel = CancellationToken::new();
        let kustomizations: Api<Kustomization> =
            Api::namespaced(self.client.clone(), "flux-system");
        let mut object = kustomizations.get("apps").await.ok()?;
        let generation = object.metadata.generation.unwrap_or_default();
        let mut options = StatusOptions::default();
        options.clock = self.api.clock();
        options.dice = Dice::new(|| 0.5);
        options.deadline = DEADLINE;
        let mut writer = StatusWriter::new(self.client.clone(), &object, options).ok()?;

        // What is about to be made is in the inventory before it is made, so that nothing is forgotten.
        let status = object.status.get_or_insert_default();
        let old = status.inventory.clone().unwrap_or_default();
        let wanted_ones: Vec<Resource> = wanted.iter().map(Resource::of).collect();
        let mut both = old.clone();
        inventory::merge(&mut both, &wanted_ones);
        status.inventory = Some(both);
        let now = writer.now();
        mark(status, generation, now, |conditions| {
            conditions.mark_reconciling("Progressing", "reconciliation in progress");
            conditions.mark_unknown(READY, "Progressing", "reconciliation in progress");
        });
        let begun = Instant::now();
        let written = writer.write(&object).await;
        run.operations.push(("status", begun.elapsed(), DEADLINE));
        written.ok()?;

        let mut objects = wanted.to_vec();
        let applier = Applier::new(
            self.client.clone(),
            self.mapper.clone(),
            Owner::new("apps", "flux-system"),
        );
        applier.prepare(&mut objects, None).ok()?;
        let mut options = ApplyOptions::default();
        options.deadline = DEADLINE;
        options.concurrency = 16;
        let begun = Instant::now();
        let mut applied = applier
            .apply_staged(&objects, &options, &cancel)
            .await
            .is_ok();
        if self.mistake == Some(Mistake::NeverGivesUp) {
            for _ in 0..300 {
                applied = applied
                    || applier
                        .apply_staged(&objects, &options, &cancel)
                        .await
                        .is_ok();
            }
        }
        // Dry runs first, then ConfigMaps, then Secrets.
        run.operations
            .push(("apply", begun.elapsed(), 3 * DEADLINE));

        let mut new = ResourceInventory::default();
        inventory::merge(&mut new, &wanted_ones);
        let mut pruned = false;
        let mut stale = Vec::new();
        if applied {
            stale = inventory::diff(&old, &new, FluxVersion::default()).ok()?;
            let begun = Instant::now();
            pruned = self.prune(&applier, &stale, &mut new).await;
            run.operations
                .push(("prune", begun.elapsed(), 2 * DEADLINE));
        }

        let waiter =
            Waiter::new(self.client.clone(), self.mapper.clone()).with_clock(self.api.clock());
        let begun = Instant::now();
        let ids: Vec<ObjectId> = wanted.iter().map(ObjectId::of).collect();
        let healthy = match applied && pruned {
            true => waiter
                .wait(ids, &WaitOptions::within(WAIT), &cancel)
                .await
                .ok(),
            false => None,
        };
        run.operations.push(("wait", begun.elapsed(), WAIT));
        let ready = healthy.is_some_and(|outcome| outcome.into_result().is_ok());

        let now = writer.now();
        let status = object.status.get_or_insert_default();
        if applied {
            status.inventory = Some(new);
        }
        mark(status, generation, now, |conditions| {
            conditions.delete("Reconciling");
            match ready {
                true => conditions.mark_true(READY, "ReconciliationSucceeded", "applied"),
                false => conditions.mark_false(READY, "ReconciliationFailed", "failed"),
            }
        });
        self.spoil(&object).await;
        let begun = Instant::now();
        let written = writer.write(&object).await;
        run.operations.push(("status", begun.elapsed(), DEADLINE));
        run.is_ready = ready && written.is_ok();
        Some(stale.len())
    }

    /// Whether all went that should go.
    async fn prune(
        &self,
        applier: &Applier,
        stale: &[Resource],
        new: &mut ResourceInventory,
    ) -> bool {
        let by_name = self.mistake == Some(Mistake::DeletesByName);
        if by_name || self.mistake == Some(Mistake::DeletesWithoutLooking) {
            for resource in stale {
                let id = &resource.id;
                let gvk = GroupVersionKind::gvk(&id.group, &resource.version, &id.kind);
                let kind = ApiResource::from_gvk(&gvk);
                let objects: Api<DynamicObject> =
                    Api::namespaced_with(self.client.clone(), &id.namespace, &kind);
                let labels = objects
                    .get(&id.name)
                    .await
                    .ok()
                    .and_then(|live| live.metadata.labels);
                let is_ours = labels.is_some_and(|found| json!(found) == self::labels());
                if is_ours || !by_name {
                    let _ = objects.delete(&id.name, &DeleteParams::default()).await;
                }
            }
            return true;
        }
        let mut options = PruneOptions::default();
        options.deadline = DEADLINE;
        options.concurrency = 16;
        let report = applier
            .prune(stale, &options, &CancellationToken::new())
            .await;
        if self.mistake != Some(Mistake::ForgetsSurvivors) {
            inventory::merge(new, report.survivors(stale));
        }
        report.is_complete()
    }

    /// Writes the status as it should not be written.
    async fn spoil(&self, object: &Kustomization) {
        let conditions = object
            .status
            .as_ref()
            .and_then(|status| status.conditions.clone());
        let generation = object.metadata.generation;
        let status = match self.mistake {
            Some(Mistake::ReadyBeforeObserved) => {
                let mut conditions = json!(conditions);
                for condition in conditions.as_array_mut().into_iter().flatten() {
                    condition["observedGeneration"] = json!(generation);
                }
                json!({"conditions": conditions})
            }
            Some(Mistake::ReplacesConditions) => {
                json!({"conditions": conditions, "observedGeneration": generation})
            }
            _ => return,
        };
        let kustomizations: Api<Kustomization> =
            Api::namespaced(self.client.clone(), "flux-system");
        let patch = Patch::Merge(json!({"status": status}));
        let _ = kustomizations
            .patch_status("apps", &PatchParams::default(), &patch)
            .await;
    }
}

fn mark(
    status: &mut KustomizationStatus,
    generation: i64,
    now: chrono::DateTime<chrono::Utc>,
    change: impl FnOnce(&mut Conditions),
) {
    let list = status.conditions.take().unwrap_or_default();
    let mut conditions = Conditions::new(list, generation, now);
    change(&mut conditions);
    status.conditions = Some(conditions.into_list());
}
