//! What holds whatever the API server does: six invariants over random faults, on a reconcile made of the rooms of this
//! crate. For each there is a reconcile that breaks it, and that is found.

mod reconcile;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fluxcd_core::inventory::ObjectId;
use fluxcd_kube::testing::FakeApi;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use self::reconcile::{Mistake, Reconcile, Run};
use self::world::{Deed, World, worlds};
use crate::in_no_time;

/// What does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Invariant {
    /// An object is deleted only if it is in the inventory, is not wanted, and bears our labels.
    Deletion,
    /// When nothing fails any more, one more run reaches the state that would have been reached without failures.
    Recovery,
    /// `Ready` is never true for a generation that `status.observedGeneration` has not reached.
    Observation,
    /// A run sends a bounded number of requests.
    Requests,
    /// An operation ends at its deadline, or one step of the backoff later.
    Deadline,
    /// Conditions of others survive.
    Foreign,
}

type Broken = (Invariant, String);

fn broken(invariant: Invariant, why: impl Into<String>) -> Result<(), Broken> {
    Err((invariant, why.into()))
}

/// The longest step of the client's backoff.
const STEP: Duration = Duration::from_secs(10);

/// What a world has come to.
struct Story {
    api: FakeApi,
    runs: Vec<Run>,
    /// Versions that somebody else made.
    others: BTreeSet<u64>,
}

/// Lives through a world: two runs while things fail and others interfere, and one when nothing fails any more.
async fn live(world: &World, mistake: Option<Mistake>) -> Result<Story, Broken> {
    let api = FakeApi::new();
    for object in &world.objects {
        api.put(object.clone());
    }
    let mut others: BTreeSet<u64> = api.history().iter().map(|event| event.version).collect();
    for (on, fault) in &world.faults {
        api.fault(on.clone(), fault.clone());
    }
    let begun = Instant::now();
    let meddler = tokio::spawn(meddle(api.clone(), begun, world.deeds.clone()));
    let reconcile = Reconcile::new(&api, mistake);
    let mut runs = Vec::new();
    for wanted in &world.wanted {
        runs.push(run(&reconcile, wanted).await?);
        sleep(Duration::from_secs(1)).await;
    }
    others.extend(meddler.await.unwrap_or_default());
    api.clear_faults();
    let last = world.wanted.last().map(Vec::as_slice).unwrap_or_default();
    runs.push(run(&Reconcile::new(&api, mistake), last).await?);
    Ok(Story { api, runs, others })
}

async fn run(reconcile: &Reconcile, wanted: &[Value]) -> Result<Run, Broken> {
    let hours = Duration::from_secs(24 * 3600);
    let run = timeout(hours, reconcile.run(wanted)).await;
    run.map_err(|_| (Invariant::Deadline, "the run does not end".to_owned()))
}

/// What others do, and the versions that come of it.
async fn meddle(api: FakeApi, begun: Instant, deeds: Vec<(Duration, Deed)>) -> BTreeSet<u64> {
    let mut versions = BTreeSet::new();
    for (when, deed) in deeds {
        tokio::time::sleep_until(begun + when).await;
        let before = api.history().len();
        deed.act(&api);
        versions.extend(api.history().iter().skip(before).map(|event| event.version));
    }
    versions
}

/// Whether all six hold.
fn judge(world: &World, story: &Story) -> Result<(), Broken> {
    deletions(story)?;
    conditions(story)?;
    limits(story)?;
    recovery(world, story)
}

/// The last run, in which nothing failed: what is wanted is there, what was ours and is not wanted is gone, and the status
/// says so.
fn recovery(world: &World, story: &Story) -> Result<(), Broken> {
    let live: BTreeMap<String, Value> = story
        .api
        .objects()
        .into_iter()
        .map(|object| (ObjectId::of(&object).to_string(), object))
        .collect();
    let id = |object: &Value| ObjectId::of(object).to_string();
    let [_, last] = &world.wanted;
    for object in last {
        let found = live.get(&id(object));
        let is_right = found.is_some_and(|found| {
            found["data"] == object["data"] && found["metadata"]["labels"] == reconcile::labels()
        });
        if !is_right {
            return broken(
                Invariant::Recovery,
                format!("wanted {object}, found {found:?}"),
            );
        }
    }
    let wanted: BTreeSet<String> = last.iter().map(id).collect();
    let history = story.api.history();
    let known: BTreeSet<String> = history
        .iter()
        .flat_map(|event| reconcile::inventory(&event.object))
        .collect();
    for stale in known.difference(&wanted) {
        let found = live.get(stale);
        if found.is_some_and(|found| found["metadata"]["labels"] == reconcile::labels()) {
            return broken(Invariant::Recovery, format!("{stale} is forgotten"));
        }
    }
    let kustomization = &live["flux-system_apps_kustomize.toolkit.fluxcd.io_Kustomization"];
    let status = &kustomization["status"];
    let observed = status["observedGeneration"] == kustomization["metadata"]["generation"];
    let ready = status["conditions"].as_array().into_iter().flatten();
    let ready = ready
        .clone()
        .any(|it| it["type"] == "Ready" && it["status"] == "True");
    if !observed || !ready || reconcile::inventory(kustomization) != wanted {
        return broken(
            Invariant::Recovery,
            format!("{kustomization}, {:?}", story.runs.last()),
        );
    }
    Ok(())
}

fn deletions(story: &Story) -> Result<(), Broken> {
    let mut inventory = BTreeSet::new();
    for event in story.api.history() {
        let id = ObjectId::of(&event.object);
        if id.kind == "Kustomization" {
            inventory = reconcile::inventory(&event.object);
        }
        if !event.is_deleted || story.others.contains(&event.version) {
            continue;
        }
        let labels = event
            .before
            .as_ref()
            .map(|before| before["metadata"]["labels"].clone());
        let is_ours = labels == Some(reconcile::labels());
        let run = story
            .runs
            .iter()
            .rev()
            .find(|run| run.first <= event.version);
        let is_wanted = run.is_some_and(|run| run.wanted.contains(&id));
        if !is_ours || is_wanted || !inventory.contains(&id.to_string()) {
            let why = format!("{id}: ours {is_ours}, wanted {is_wanted}, inventory {inventory:?}");
            return broken(Invariant::Deletion, why);
        }
    }
    Ok(())
}

fn conditions(story: &Story) -> Result<(), Broken> {
    let of = |object: &Value| {
        let list = object["status"]["conditions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let list = list
            .into_iter()
            .map(|it| (it["type"].as_str().unwrap_or_default().to_owned(), it));
        list.collect::<BTreeMap<_, _>>()
    };
    for event in story.api.history() {
        if ObjectId::of(&event.object).kind != "Kustomization"
            || story.others.contains(&event.version)
        {
            continue;
        }
        let now = of(&event.object);
        let ready = now.get("Ready").filter(|ready| ready["status"] == "True");
        if let Some(ready) = ready {
            let observed = event.object["status"]["observedGeneration"].as_i64();
            let meant = ready["observedGeneration"].as_i64();
            if observed.is_none() || observed < meant {
                return broken(
                    Invariant::Observation,
                    format!("{}", event.object["status"]),
                );
            }
        }
        let before = event.before.as_ref().map(of).unwrap_or_default();
        for (type_, condition) in before {
            let is_foreign = !matches!(type_.as_str(), "Ready" | "Reconciling" | "Stalled");
            if is_foreign && now.get(&type_) != Some(&condition) {
                return broken(
                    Invariant::Foreign,
                    format!("{condition} became {:?}", now.get(&type_)),
                );
            }
        }
    }
    Ok(())
}

fn limits(story: &Story) -> Result<(), Broken> {
    for run in &story.runs {
        if run.requests > run.most_requests {
            let why = format!("{} requests, at most {}", run.requests, run.most_requests);
            return broken(Invariant::Requests, why);
        }
        for (operation, took, deadline) in &run.operations {
            if *took > *deadline + STEP {
                let why = format!("{operation} took {took:?}, with a deadline of {deadline:?}");
                return broken(Invariant::Deadline, why);
            }
        }
    }
    Ok(())
}

/// Lives through a world, and judges.
fn check(world: &World, mistake: Option<Mistake>) -> Result<(), Broken> {
    judge(world, &in_no_time(live(world, mistake))?)
}

/// The same cases every time.
#[test]
fn six_invariants_hold_under_random_faults() {
    let cases = std::env::var("PROPTEST_CASES").ok();
    let cases = cases.and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(96),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&worlds(), |world| {
        check(&world, None).map_err(|broken| TestCaseError::fail(format!("{broken:?}")))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_reconcile_with_a_mistake_breaks_the_invariant() {
    for (mistake, invariant) in [
        (Mistake::DeletesByName, Invariant::Deletion),
        (Mistake::DeletesWithoutLooking, Invariant::Deletion),
        (Mistake::ForgetsSurvivors, Invariant::Recovery),
        (Mistake::ReadyBeforeObserved, Invariant::Observation),
        (Mistake::NeverGivesUp, Invariant::Requests),
        (Mistake::WaitsForEver, Invariant::Deadline),
        (Mistake::ReplacesConditions, Invariant::Foreign),
    ] {
        let world = World::against(mistake);
        let found = check(&world, Some(mistake)).err();
        let found = found.map(|(invariant, _)| invariant);
        assert_eq!(found, Some(invariant), "{mistake:?}");
        assert_eq!(check(&world, None), Ok(()), "without {mistake:?}");
    }
}
