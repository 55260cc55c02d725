//! Applies 1,000 objects of nine kinds on a real API server, and waits for them: when they are new, when nothing changed,
//! and when a tenth of them changed. Prints how long that took and how many requests it was.
//!
//! Both sides have to write the same number of objects, and to leave equal ones, down to the managers of their fields.
//!
//! Needs the directory that `KUBEBUILDER_ASSETS` names. `benches/compare apply` runs it beside the code of
//! kustomize-controller, in turn on the same server.

#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs};

use fluxcd::api::helm::v2::HelmRelease;
use fluxcd::api::kustomize::v1::Kustomization;
use fluxcd::api::source::v1::GitRepository;
use fluxcd::core::inventory::ObjectId;
use fluxcd::core::ssa::{Action, Change};
use fluxcd::kube::apply::{Applier, ApplyOptions, OnFailure, Owner};
use fluxcd::kube::client::{self, ClientOptions, Observer};
use fluxcd::kube::mapper::Mapper;
use fluxcd::kube::testing::ApiServer;
use fluxcd::kube::wait::{WaitOptions, Waiter};
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DynamicObject, GroupVersionKind, ListParams, Patch, PatchParams};
use kube::{Client, CustomResourceExt as _, Resource as _};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

#[path = "apply/data.rs"]
mod data;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// What one work took in one round.
#[derive(Clone, Copy)]
struct Cost {
    nanoseconds: u128,
    /// How long the client computed; nothing where the system does not tell.
    processor: u128,
    requests: u32,
    /// Objects that were written.
    written: usize,
}

/// The costs of a side: work, and one cost for each round.
type Costs = BTreeMap<String, Vec<Cost>>;

#[tokio::main]
async fn main() -> Fallible<()> {
    let Some(server) = ApiServer::start().await? else {
        println!("skipped: KUBEBUILDER_ASSETS is not set");
        return Ok(());
    };
    let rounds = env::var("FLUXCD_BENCH_ROUNDS").map_or(Ok(5), |rounds| rounds.parse())?;
    let peers = env::var("FLUXCD_BENCH_PEERS").ok();
    install(&server.client()).await?;

    let (mut ours, mut theirs) = (Costs::new(), Costs::new());
    for round in 0..rounds {
        // Whoever comes second finds a server that is warm.
        let mut sides = [true, false];
        if round % 2 == 1 {
            sides.reverse();
        }
        for side in sides {
            match (side, &peers) {
                (true, _) => rust(&server, &format!("rust-{round}"), &mut ours).await?,
                (false, Some(peers)) => {
                    go(&server, peers, &format!("go-{round}"), &mut theirs).await?
                }
                (false, None) => {}
            }
        }
        if peers.is_some() {
            let ours = left(&server.client(), &format!("rust-{round}")).await?;
            let theirs = left(&server.client(), &format!("go-{round}")).await?;
            if ours.len() != data::OBJECTS || ours != theirs {
                let mut differ = ours
                    .iter()
                    .zip(&theirs)
                    .filter(|(ours, theirs)| ours != theirs);
                return Err(
                    format!("Rust and Go left different objects: {:#?}", differ.next()).into(),
                );
            }
        }
    }
    for (work, theirs) in &theirs {
        let written = |costs: &[Cost]| costs.iter().map(|cost| cost.written).collect::<Vec<_>>();
        let (ours, theirs) = (ours.get(work).map(|ours| written(ours)), written(theirs));
        if ours.as_ref() != Some(&theirs) {
            return Err(format!("{work}: Rust wrote {ours:?} objects, Go {theirs:?}").into());
        }
    }
    table(rounds, &ours, &theirs);
    Ok(())
}

/// What kustomize-controller does with the objects of one Kustomization.
async fn rust(server: &ApiServer, namespace: &str, costs: &mut Costs) -> Fallible<()> {
    create_namespace(&server.client(), namespace).await?;
    let requests = Arc::new(AtomicU32::new(0));
    let client = counted(server, &requests)?;
    let mapper = Mapper::new(client.clone());
    let cancel = CancellationToken::new();
    let applier = Applier::new(
        client.clone(),
        mapper.clone(),
        Owner::new("bench", "flux-system"),
    );
    let mut options = ApplyOptions::default();
    options.on_failure = OnFailure::HoldBack;

    // A controller knows the kinds already.
    let objects = data::objects(namespace, false);
    for object in &objects {
        mapper.resolve(&kind(object)?).await?;
    }
    let mut changes = Vec::new();
    for (work, changed) in [("apply", false), ("unchanged", false), ("changed", true)] {
        let mut objects = data::objects(namespace, changed);
        let start = begin(&requests);
        applier.prepare(&mut objects, None)?;
        let applied = applier.apply_staged(&objects, &options, &cancel).await;
        let mut cost = end(start, &requests);
        changes = applied.map_err(|partial| partial.to_string())?.0;
        let written = |change: &&Change| change.action != Action::Unchanged;
        cost.written = changes.iter().filter(written).count();
        costs.entry(work.to_owned()).or_default().push(cost);
    }
    write_statuses(&server.client(), &data::objects(namespace, true)).await?;

    let ids: Vec<ObjectId> = changes
        .into_iter()
        .map(|change| change.resource.id)
        .collect();
    let waiter = Waiter::new(client, mapper);
    let start = begin(&requests);
    let outcome = waiter
        .wait(ids, &WaitOptions::within(Duration::from_secs(60)), &cancel)
        .await?;
    let cost = end(start, &requests);
    costs.entry("wait".to_owned()).or_default().push(cost);
    outcome.into_result()?;
    Ok(())
}

/// What has been used when a work begins.
fn begin(requests: &AtomicU32) -> (Instant, u128) {
    requests.store(0, Ordering::Relaxed);
    (Instant::now(), processor())
}

fn end((start, busy): (Instant, u128), requests: &AtomicU32) -> Cost {
    Cost {
        nanoseconds: start.elapsed().as_nanos(),
        processor: processor() - busy,
        requests: requests.load(Ordering::Relaxed),
        written: 0,
    }
}

/// The nanoseconds that this process has computed, in steps of a hundredth of a second.
fn processor() -> u128 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name of the program, which may hold anything: twelfth and thirteenth.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_ascii_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<u128>().ok())
        .sum::<u128>()
        * 10_000_000
}

/// The same by the code of upstream. It gets the objects in a file and prints
/// `<work> <nanoseconds> <nanoseconds of processor time> <requests> <objects written>`.
async fn go(server: &ApiServer, peers: &str, namespace: &str, costs: &mut Costs) -> Fallible<()> {
    create_namespace(&server.client(), namespace).await?;
    let input = json!({
        "kubeconfig": server.kubeconfig(),
        "objects": data::objects(namespace, false),
        "changed": data::objects(namespace, true),
    });
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), input.to_string())?;
    let output = Command::new(peers).arg("apply").arg(file.path()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    for line in String::from_utf8(output.stdout)?.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [work, nanoseconds, processor, requests, written] = words.as_slice() else {
            return Err(format!("not a cost: {line}").into());
        };
        let cost = Cost {
            nanoseconds: nanoseconds.parse()?,
            processor: processor.parse()?,
            requests: requests.parse()?,
            written: written.parse()?,
        };
        costs.entry((*work).to_owned()).or_default().push(cost);
    }
    Ok(())
}

/// What a side left on the server, but for what differs between any two objects: times, versions, addresses. Managers of
/// fields are part of it.
async fn left(client: &Client, namespace: &str) -> Fallible<Vec<String>> {
    let mapper = Mapper::new(client.clone());
    let kinds = data::objects(namespace, false);
    let kinds = kinds.iter().map(kind).collect::<Fallible<HashSet<_>>>()?;
    let mut left = Vec::new();
    for kind in kinds {
        let api = mapper
            .resolve(&kind)
            .await?
            .api(client.clone(), Some(namespace));
        for mut object in api.list(&ListParams::default()).await? {
            let metadata = &mut object.metadata;
            (metadata.uid, metadata.resource_version) = (None, None);
            metadata.creation_timestamp = None;
            if let Some(managed) = &mut metadata.managed_fields {
                managed.retain(|entry| entry.subresource.is_none());
                managed.iter_mut().for_each(|entry| entry.time = None);
            }
            let name = metadata.name.clone().unwrap_or_default();
            if let Some(Value::Object(spec)) = object.data.get_mut("spec") {
                spec.retain(|member, _| !member.starts_with("clusterIP"));
            }
            let text = serde_json::to_string(&object)?.replace(namespace, "bench");
            left.push(format!("{} {name}: {text}", kind.kind));
        }
    }
    left.sort();
    Ok(left)
}

fn table(rounds: usize, ours: &Costs, theirs: &Costs) {
    println!(
        "apply: {} objects, medians of {rounds} rounds",
        data::OBJECTS
    );
    println!();
    println!(
        "| work | Rust ms | Go ms | ratio | Rust CPU ms | Go CPU ms | ratio | Rust requests each | Go requests each |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let time = |cost: &Cost| cost.nanoseconds as f64 / 1e6;
    let processor = |cost: &Cost| cost.processor as f64 / 1e6;
    let requests = |cost: &Cost| f64::from(cost.requests) / data::OBJECTS as f64;
    for work in ["apply", "unchanged", "changed", "wait"] {
        let pair = |of: &dyn Fn(&Cost) -> f64, digits: usize| {
            let (ours, theirs) = (median(ours, work, of), median(theirs, work, of));
            let ratio = theirs.zip(ours).map(|(theirs, ours)| theirs / ours);
            let show = |value: Option<f64>, digits: usize| {
                value.map_or(String::new(), |value| format!("{value:.digits$}"))
            };
            (show(ours, digits), show(theirs, digits), show(ratio, 1))
        };
        let (time, processor, requests) = (pair(&time, 0), pair(&processor, 0), pair(&requests, 3));
        println!(
            "| {work} | {} | {} | {} | {} | {} | {} | {} | {} |",
            time.0, time.1, time.2, processor.0, processor.1, processor.2, requests.0, requests.1
        );
    }
}

/// What is in the middle of the rounds.
fn median(costs: &Costs, work: &str, of: &dyn Fn(&Cost) -> f64) -> Option<f64> {
    let mut values: Vec<f64> = costs.get(work)?.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// A client as in production, that counts what it sends.
fn counted(server: &ApiServer, requests: &Arc<AtomicU32>) -> Fallible<Client> {
    let requests = Arc::clone(requests);
    let mut options = ClientOptions::default();
    options.observer = Some(Observer::new(move |call| {
        requests.fetch_add(call.attempts, Ordering::Relaxed);
    }));
    Ok(client::connect(server.config(), &options)?)
}

async fn create_namespace(client: &Client, name: &str) -> Fallible<()> {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
    let params = PatchParams::apply("bench").force();
    namespaces
        .patch(name, &params, &Patch::Apply(namespace))
        .await?;
    Ok(())
}

/// The kinds of Flux that are in the set.
async fn install(client: &Client) -> Fallible<()> {
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    let params = PatchParams::apply("bench").force();
    for definition in [
        Kustomization::crd(),
        HelmRelease::crd(),
        GitRepository::crd(),
    ] {
        let name = definition.metadata.name.clone().unwrap_or_default();
        definitions
            .patch(&name, &params, &Patch::Apply(definition))
            .await?;
    }
    for kind in [
        Kustomization::api_resource(),
        HelmRelease::api_resource(),
        GitRepository::api_resource(),
    ] {
        let objects: Api<DynamicObject> = Api::all_with(client.clone(), &kind);
        let start = Instant::now();
        while let Err(error) = objects.list(&Default::default()).await {
            if start.elapsed() > Duration::from_secs(20) {
                return Err(error.into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// Writes the status that a controller would.
async fn write_statuses(client: &Client, objects: &[Value]) -> Fallible<()> {
    let mapper = Mapper::new(client.clone());
    for object in objects {
        let kind = kind(object)?;
        if !kind.group.ends_with("fluxcd.io") {
            continue;
        }
        let object: DynamicObject = serde_json::from_value(object.clone())?;
        let (namespace, name) = (
            object.meta().namespace.as_deref(),
            object.meta().name.clone(),
        );
        let (api, name) = (
            mapper.resolve(&kind).await?.api(client.clone(), namespace),
            name.unwrap_or_default(),
        );
        let live = api.get(&name).await?;
        let status = json!({"status": {"observedGeneration": live.metadata.generation, "conditions": [{
            "type": "Ready", "status": "True", "reason": "Succeeded", "message": "ready",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }]}});
        api.patch_status(&name, &PatchParams::default(), &Patch::Merge(status))
            .await?;
    }
    Ok(())
}

fn kind(object: &Value) -> Fallible<GroupVersionKind> {
    let types = serde_json::from_value::<kube::core::TypeMeta>(object.clone())?;
    Ok(GroupVersionKind::try_from(&types)?)
}
