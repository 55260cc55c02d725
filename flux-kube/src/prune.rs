//! Deletes objects that are no longer wanted.
//!
//! # Contract
//!
//! Stale objects go in, as [`inventory::diff`](fluxcd_core::inventory::diff) tells them. Each is read, judged by the labels
//! and annotations that it has in the cluster, and deleted or kept. [`PruneReport`] says what became of each of them; what
//! [survives](PruneReport::survivors) stays in the inventory, so that the next run tries again.
//!
//! # Examples
//!
//! ```
//! use fluxcd_core::inventory::Resource;
//! use fluxcd_kube::apply::{Applier, Owner};
//! use fluxcd_kube::mapper::Mapper;
//! use fluxcd_kube::prune::PruneOptions;
//! use fluxcd_kube::testing::FakeApi;
//! use serde_json::json;
//! use tokio_util::sync::CancellationToken;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let api = FakeApi::new();
//! let applier = Applier::new(api.client(), Mapper::new(api.client()), Owner::new("apps", "flux-system"));
//! let foreign = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "shop"}});
//! api.put(foreign.clone());
//!
//! let stale = [Resource::of(&foreign)];
//! let report = applier.prune(&stale, &PruneOptions::default(), &CancellationToken::new()).await;
//! assert_eq!(report.changes().to_string(), "ConfigMap/shop/web skipped");
//! assert!(report.survivors(&stale).is_empty());
//! # }
//! ```
//!
//! # Laws
//!
//! - An object is deleted only as it was judged: its uid and its version are preconditions. One that changed is judged again.
//! - What cannot be read is not deleted.
//! - An answer that was lost says nothing about what was done: the object is read again.
//! - One object that fails does not keep the others.
//!
//! # Traps
//!
//! - Deleted is not gone: finalizers may hold an object for as long as they like. [`PruneReport::deleted`] are those to wait
//!   for.
//! - A kind that is not served any more has no objects; a group whose server is away is no such kind, and its objects survive.
//!
//! # Differences
//!
//! - Upstream deletes whatever has the name when it sends the request, and one object after the other.
//! - An object that is being deleted already is not deleted again. Upstream does, which fails for a Namespace until it is gone.
//! - Upstream fails, run after run, on an object whose kind is gone or is served in another version only.
//!
//! # Sources
//!
//! fluxcd/pkg ssa v0.76.1: `manager_delete.go`; kustomize-controller v1.9.6:
//! `internal/controller/kustomization_controller.go (prune, deleteObjects)`.

mod outcome;

use std::time::Duration;

use fluxcd_core::inventory::{ObjectId, Prune, Resource};
use fluxcd_core::ssa::Step;
use kube::api::Preconditions;
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use self::outcome::{Kept, PruneReport, Pruned, PrunedObject};
use crate::abreast::abreast;
use crate::apply::{Applier, Failure};
use crate::clock;
use crate::endpoint::{self, Endpoint};
use crate::error::{Class, Error};

/// How objects are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PruneOptions {
    /// How many objects of one kind are in flight at once: 4. None counts as one.
    pub concurrency: usize,
    /// How long the deletion of one object may take: 2 minutes.
    pub deadline: Duration,
}

impl Default for PruneOptions {
    fn default() -> Self {
        Self {
            concurrency: 4,
            deadline: Duration::from_secs(120),
        }
    }
}

impl Applier {
    /// Deletes stale objects, in the reverse of the order in which they are applied, and tells what became of each.
    ///
    /// Each is read first, and [`Prune::decide`] is asked. It is deleted only as it was read: if anything about it changed
    /// since, it is read again, and if another object has its name by then, that one stays. What it owns goes after it.
    ///
    /// Objects of one kind are deleted side by side; the next kind waits for them. Upstream deletes them one by one.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_delete.go (DeleteAll, Delete)`.
    pub async fn prune(
        &self,
        stale: &[Resource],
        options: &PruneOptions,
        cancel: &CancellationToken,
    ) -> PruneReport {
        let mut ordered: Vec<&Resource> = stale.iter().collect();
        ordered.sort_by(|a, b| b.id.cmp(&a.id));
        let mut objects = Vec::new();
        for alike in ordered.chunk_by(|a, b| a.id.group == b.id.group && a.id.kind == b.id.kind) {
            let alike = alike.iter().map(|resource| (*resource).clone());
            let deletions = alike.map(|resource| async move {
                let outcome = match cancel.is_cancelled() {
                    true => Pruned::Pending,
                    false => self.prune_one(&resource, options).await,
                };
                PrunedObject { resource, outcome }
            });
            objects.extend(abreast(options.concurrency, deletions).await);
        }
        PruneReport { objects }
    }

    async fn prune_one(&self, resource: &Resource, options: &PruneOptions) -> Pruned {
        let failed = |step, error| Pruned::Failed(Failure::stale(resource, step, error));
        let end = clock::end(options.deadline);
        let endpoint = match self.stale_endpoint(resource, end).await {
            Ok(endpoint) => endpoint,
            // Its kind is gone, and all objects with it.
            Err(error) if error.class() == Class::NotFound && !resource.version.is_empty() => {
                return Pruned::Gone;
            }
            Err(error) => return failed(Step::Query, error),
        };
        let mut read = endpoint.read().await;
        let first = match &read {
            Ok(Some(live)) => endpoint::uid(live).map(str::to_owned),
            _ => None,
        };
        for attempts in (0..ATTEMPTS).rev() {
            let live = match read {
                Ok(live) => live,
                Err(error) => return failed(Step::Query, error),
            };
            match self.owner.decide(live.as_ref()) {
                Prune::Gone => return Pruned::Gone,
                Prune::Keep(kept) => return Pruned::Kept(kept.into()),
                Prune::Delete => {}
            }
            let live = live.unwrap_or_default();
            if endpoint::uid(&live) != first.as_deref() {
                return Pruned::Kept(Kept::Replaced);
            }
            if endpoint::is_terminating(&live) {
                return Pruned::Deleted;
            }
            match delete(&endpoint, &live).await {
                Ok(outcome) => return outcome,
                Err(error) if error.class() == Class::Conflict && attempts > 0 => {
                    read = endpoint.read().await;
                }
                Err(error) => return failed(Step::Delete, error),
            }
        }
        Pruned::Pending
    }

    /// Where a stale object lives. A version that is not served any more does not make an object unreachable.
    async fn stale_endpoint(&self, resource: &Resource, end: Instant) -> Result<Endpoint, Error> {
        let ObjectId { group, kind, .. } = &resource.id;
        match self.endpoint(resource, end).await {
            Err(error) if error.class() == Class::NotFound && !resource.version.is_empty() => {
                let kind = self.mapper.resolve_kind(group, kind);
                let kind = endpoint::found_by(end, &resource.id, kind).await?;
                Ok(Endpoint::of(self.client.clone(), &kind, &resource.id)?.until(end))
            }
            endpoint => endpoint,
        }
    }
}

/// Deletes the object if it is as it was read. An answer that did not come says nothing about what was done, so the object
/// is read again.
async fn delete(endpoint: &Endpoint, live: &Value) -> Result<Pruned, Error> {
    let uid = endpoint::uid(live);
    let preconditions = Preconditions {
        uid: uid.map(str::to_owned),
        resource_version: endpoint::resource_version(live).map(str::to_owned),
    };
    match endpoint.delete(preconditions).await {
        Ok(()) => Ok(Pruned::Deleted),
        Err(error) if error.class() == Class::NotFound => Ok(Pruned::Gone),
        Err(error) if error.class().is_outcome_unknown() => match endpoint.read().await {
            Ok(None) => Ok(Pruned::Deleted),
            Ok(Some(now)) if endpoint::uid(&now) != uid || endpoint::is_terminating(&now) => {
                Ok(Pruned::Deleted)
            }
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// How often an object is read while others change it.
const ATTEMPTS: u32 = 5;
