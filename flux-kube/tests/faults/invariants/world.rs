//! Random worlds: what is there, what is wanted, what goes wrong, and what others do meanwhile.

use std::time::Duration;

use fluxcd_kube::error::Verb;
use fluxcd_kube::testing::{FakeApi, Fault, On};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::reconcile::{Mistake, labels};
use crate::lost;

#[derive(Debug, Clone)]
pub(super) struct World {
    /// What is there before.
    pub(super) objects: Vec<Value>,
    /// What is wanted in the first run, and in the second.
    pub(super) wanted: [Vec<Value>; 2],
    pub(super) faults: Vec<(On, Fault)>,
    /// What others do, and when.
    pub(super) deeds: Vec<(Duration, Deed)>,
}

/// What somebody else does.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    /// Deletes an object and makes one of that name.
    Replace(Name),
    /// Adds or changes a condition of the Kustomization.
    Condition(&'static str),
    /// Changes the spec of the Kustomization.
    Spec(u8),
}

impl World {
    /// A world in which a mistake shows.
    pub(super) fn against(mistake: Mistake) -> Self {
        let map = NAMES[0];
        let mut stale = object(map, "old");
        stale["metadata"]["labels"] = labels();
        let second = Duration::from_secs(1);
        let slow = |verb| (On::any().verb(verb), Fault::Delay(2 * second));
        let (is_wanted, fault, deed) = match mistake {
            Mistake::DeletesByName => (false, Some(slow(Verb::Delete)), Some(Deed::Replace(map))),
            Mistake::DeletesWithoutLooking => {
                stale = object(map, "old");
                (false, None, None)
            }
            Mistake::ForgetsSurvivors => (
                false,
                Some((On::any().verb(Verb::Delete), Fault::Forbidden)),
                None,
            ),
            Mistake::ReadyBeforeObserved => (true, None, None),
            Mistake::NeverGivesUp => {
                let on = On::any().verb(Verb::DryRun).times(1000);
                (true, Some((on, Fault::Forbidden)), None)
            }
            Mistake::WaitsForEver => (
                true,
                Some((On::any().kind("Kustomization"), Fault::Hang)),
                None,
            ),
            Mistake::ReplacesConditions => (
                true,
                Some(slow(Verb::DryRun)),
                Some(Deed::Condition("False")),
            ),
        };
        let wanted: Vec<_> = is_wanted.then(|| object(map, "new")).into_iter().collect();
        Self {
            objects: vec![namespace(), stale, kustomization(&[map], Vec::new())],
            wanted: [wanted.clone(), wanted],
            faults: fault.into_iter().collect(),
            deeds: deed.map(|deed| (second, deed)).into_iter().collect(),
        }
    }
}

fn namespace() -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
}

type Name = (&'static str, &'static str);

/// Kinds and names of the objects that it is about.
const NAMES: [Name; 6] = [
    ("ConfigMap", "a"),
    ("ConfigMap", "b"),
    ("ConfigMap", "c"),
    ("ConfigMap", "d"),
    ("Secret", "a"),
    ("Secret", "b"),
];

impl Deed {
    pub(super) fn act(&self, api: &FakeApi) {
        let kustomization = api.get(
            "kustomize.toolkit.fluxcd.io/v1",
            "Kustomization",
            Some("flux-system"),
            "apps",
        );
        let mut kustomization = kustomization.unwrap();
        match self {
            Self::Replace((kind, name)) => {
                api.remove("v1", kind, Some("shop"), name);
                api.put(object((kind, name), "foreign"));
            }
            Self::Condition(status) => {
                let conditions = kustomization["status"]["conditions"].as_array().cloned();
                let mut conditions = conditions.unwrap_or_default();
                conditions.retain(|condition| condition["type"] != "Audited");
                conditions.push(condition("Audited", status));
                kustomization["status"]["conditions"] = json!(conditions);
                api.put(kustomization);
            }
            Self::Spec(number) => {
                kustomization["spec"]["path"] = json!(format!("./{number}"));
                api.put(kustomization);
            }
        }
    }
}

fn object((kind, name): Name, value: &str) -> Value {
    let mut object = json!({
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        "data": {"key": value},
    });
    if kind == "Secret" {
        object["type"] = json!("Opaque");
        object["data"] = json!({"key": "dmFsdWU="});
    }
    object
}

fn condition(type_: &str, status: &str) -> Value {
    json!({
        "type": type_,
        "status": status,
        "reason": "Checked",
        "message": "by somebody else",
        "lastTransitionTime": "2025-01-01T00:00:00Z",
    })
}

/// A Kustomization with an inventory.
fn kustomization(inventory: &[Name], conditions: Vec<Value>) -> Value {
    let entries = inventory
        .iter()
        .map(|(kind, name)| json!({"id": format!("shop_{name}__{kind}"), "v": "v1"}));
    json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system", "generation": 3},
        "spec": {
            "interval": "10m",
            "prune": true,
            "path": "./",
            "sourceRef": {"kind": "GitRepository", "name": "fleet"},
        },
        "status": {
            "observedGeneration": 2,
            "conditions": conditions,
            "inventory": {"entries": entries.collect::<Vec<_>>()},
        },
    })
}

fn wanted() -> impl Strategy<Value = Vec<Value>> {
    let names = subsequence(NAMES.to_vec(), 0..=NAMES.len());
    (names, select(vec!["one", "two"]))
        .prop_map(|(names, value)| names.into_iter().map(|name| object(name, value)).collect())
}

/// Objects that are there: ours, others', or of another owner.
fn present() -> impl Strategy<Value = Vec<Value>> {
    let names = subsequence(NAMES.to_vec(), 0..=NAMES.len());
    let owner = vec(0..4_u8, NAMES.len());
    (names, owner).prop_map(|(names, owners)| {
        let objects = names.into_iter().zip(owners).map(|(name, owner)| {
            let mut object = object(name, "old");
            match owner {
                0 => {}
                1 => {
                    object["metadata"]["labels"] = labels();
                    object["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"] =
                        json!("infra");
                }
                _ => object["metadata"]["labels"] = labels(),
            }
            object
        });
        objects.collect()
    })
}

fn on() -> impl Strategy<Value = On> {
    let verbs = [
        Verb::Get,
        Verb::List,
        Verb::DryRun,
        Verb::Apply,
        Verb::Patch,
        Verb::Delete,
        Verb::Discover,
    ];
    let kinds = ["ConfigMap", "Secret", "Kustomization"];
    let names = ["a", "b", "c", "apps"];
    (
        option::of(select(verbs.to_vec())),
        option::of(select(kinds.to_vec())),
        option::weighted(0.3, select(names.to_vec())),
        0..4_usize,
        prop_oneof![4 => 1..3_usize, 2 => 3..6_usize, 1 => Just(40_usize)],
    )
        .prop_map(|(verb, kind, name, skip, times)| {
            let mut on = On::any().skip(skip).times(times);
            if let Some(verb) = verb {
                on = on.verb(verb);
            }
            if let Some(kind) = kind {
                on = on.kind(kind);
            }
            if let Some(name) = name {
                on = on.name(name);
            }
            on
        })
}

fn fault() -> impl Strategy<Value = Fault> {
    // Not 404: whoever says that an object is not there is believed.
    let codes = [400, 401, 403, 409, 410, 422, 429, 500, 502, 503, 504];
    let reasons = [
        "",
        "Conflict",
        "InternalError",
        "ServiceUnavailable",
        "AlreadyExists",
    ];
    let mut others = vec![Fault::Forbidden, Fault::Deny("not today".to_owned())];
    others.extend(lost());
    prop_oneof![
        1 => (select(codes.to_vec()), select(reasons.to_vec()))
            .prop_map(|(code, reason)| Fault::status(code, reason, "something is wrong")),
        1 => select(codes.to_vec()).prop_map(Fault::Plain),
        1 => (select(vec![429, 503]), 0..120_u32)
            .prop_map(|(code, seconds)| Fault::RetryAfter { code, seconds }),
        2 => (1..45_u64).prop_map(|seconds| Fault::Delay(Duration::from_secs(seconds))),
        5 => select(others),
    ]
}

fn deed() -> impl Strategy<Value = (Duration, Deed)> {
    let deed = prop_oneof![
        3 => select(NAMES.to_vec()).prop_map(Deed::Replace),
        1 => select(vec!["True", "False"]).prop_map(Deed::Condition),
        1 => any::<u8>().prop_map(Deed::Spec),
    ];
    ((0..20_000_u64).prop_map(Duration::from_millis), deed)
}

pub(super) fn worlds() -> impl Strategy<Value = World> {
    let inventory = subsequence(NAMES.to_vec(), 0..=NAMES.len());
    (
        (present(), inventory, any::<bool>()),
        [wanted(), wanted()],
        vec((on(), fault()), 0..8),
        vec(deed(), 0..4),
    )
        .prop_map(
            |((mut objects, inventory, foreign), wanted, faults, mut deeds)| {
                let conditions = foreign
                    .then(|| condition("Audited", "True"))
                    .into_iter()
                    .collect();
                objects.insert(0, namespace());
                objects.push(kustomization(&inventory, conditions));
                deeds.sort_by_key(|(when, _)| *when);
                World {
                    objects,
                    wanted,
                    faults,
                    deeds,
                }
            },
        )
}
