//! What is known of the kinds of a server.

use std::collections::HashMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{APIGroup, APIResource};
use kube::client::{APIGroupDiscovery, APIResourceDiscovery};
use kube::core::ApiResource;
use kube::discovery::Scope;
use serde::Deserialize;
use tokio::time::Instant;

use super::kind::Kind;
use super::{LIFETIME, PAUSE};

/// Aggregated discovery if the server has it, else what it has.
pub(super) const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// What `/api` and `/apis` answer: an aggregated list, or a plain one of groups (or versions of the core group).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Half {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    items: Vec<APIGroupDiscovery>,
    #[serde(default)]
    groups: Vec<APIGroup>,
    #[serde(default)]
    versions: Vec<String>,
}

/// What `/apis/{group}` answers; of the core group there is no such thing.
pub(super) type Group = APIGroup;

/// What `/apis/{group}/{version}` answers.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Resources {
    #[serde(default)]
    resources: Vec<APIResource>,
}

/// How much is known of the half that a group is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Nothing,
    Old,
    Fresh,
}

#[derive(Debug, Default)]
pub(super) struct Catalog {
    /// When the half was loaded that has the core group, and when the one with all others.
    core: Option<Instant>,
    named: Option<Instant>,
    /// Versions by group, the preferred one first.
    groups: HashMap<String, Vec<String>>,
    kinds: HashMap<Place, Vec<Kind>>,
    /// When the server was last asked for a place that it was asked for by itself.
    asked: HashMap<Place, Instant>,
    epoch: u64,
}

/// A group and one of its versions; without a version, the list of them.
type Place = (String, Option<String>);

/// So many places are remembered as asked for. More than a server has.
const PLACES: usize = 4096;

impl Catalog {
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn forget(&mut self) {
        *self = Self {
            epoch: self.epoch + 1,
            ..Self::default()
        };
    }

    pub(super) fn known(&self, group: &str) -> Known {
        match if group.is_empty() {
            self.core
        } else {
            self.named
        } {
            None => Known::Nothing,
            Some(loaded) if loaded.elapsed() < LIFETIME => Known::Fresh,
            Some(_) => Known::Old,
        }
    }

    pub(super) fn fresh(&self, group: &str, version: &str, kind: &str) -> Option<Kind> {
        let fresh = self.known(group) == Known::Fresh;
        fresh.then(|| self.find(group, version, kind)).flatten()
    }

    pub(super) fn fresh_preferred(&self, group: &str, kind: &str) -> Option<Kind> {
        let fresh = self.known(group) == Known::Fresh;
        fresh.then(|| self.preferred(group, kind)).flatten()
    }

    pub(super) fn find(&self, group: &str, version: &str, kind: &str) -> Option<Kind> {
        let kinds = self.kinds.get(&place(group, Some(version)))?;
        kinds.iter().find(|own| own.resource.kind == kind).cloned()
    }

    pub(super) fn preferred(&self, group: &str, kind: &str) -> Option<Kind> {
        let versions = self.groups.get(group)?.iter();
        versions
            .filter_map(|version| self.find(group, version, kind))
            .next()
    }

    pub(super) fn versions(&self, group: &str) -> Vec<String> {
        self.groups.get(group).cloned().unwrap_or_default()
    }

    /// Replaces a half. What was forgotten while it was loaded is loaded again the next time.
    pub(super) fn put_half(&mut self, group: &str, half: Half, epoch: u64) {
        let is_core = group.is_empty();
        self.groups.retain(|group, _| group.is_empty() != is_core);
        self.kinds
            .retain(|(group, _), _| group.is_empty() != is_core);
        self.asked
            .retain(|(group, _), _| group.is_empty() != is_core);
        let now = Instant::now();
        let loaded = (epoch == self.epoch).then_some(now);
        *(if is_core {
            &mut self.core
        } else {
            &mut self.named
        }) = loaded;
        if half.kind != "APIGroupDiscoveryList" {
            for group in half.groups {
                let name = group.name.clone();
                self.put_group(&name, group);
            }
            if is_core {
                self.groups.insert(String::new(), half.versions);
            }
            return;
        }
        for group in half.items {
            let name = group
                .metadata
                .and_then(|metadata| metadata.name)
                .unwrap_or_default();
            let mut versions = Vec::new();
            for version in group.versions {
                let Some(text) = version.version else {
                    continue;
                };
                // What is stale may be empty: the server is asked for it by itself.
                if version.freshness.as_deref() != Some("Stale") {
                    self.ask(place(&name, Some(&text)), now);
                }
                let kinds = version.resources.into_iter();
                let kinds = kinds.filter_map(|resource| aggregated(&name, &text, resource));
                self.kinds
                    .insert(place(&name, Some(&text)), kinds.collect());
                versions.push(text);
            }
            self.groups.insert(name, versions);
        }
    }

    pub(super) fn put_group(&mut self, name: &str, group: Group) {
        let preferred = group.preferred_version.map(|preferred| preferred.version);
        let mut versions: Vec<_> = group.versions.into_iter().map(|own| own.version).collect();
        versions.sort_by_key(|own| Some(own) != preferred.as_ref());
        self.groups.insert(name.to_owned(), versions);
    }

    pub(super) fn put_version(&mut self, group: &str, version: &str, found: Resources) {
        let mut kinds: Vec<_> = found
            .resources
            .iter()
            .filter(|resource| !resource.name.contains('/'))
            .map(|resource| plain(group, version, resource))
            .collect();
        for resource in &found.resources {
            let Some((plural, subresource)) = resource.name.split_once('/') else {
                continue;
            };
            for kind in kinds
                .iter_mut()
                .filter(|kind| kind.resource.plural == plural)
            {
                kind.subresources.push(subresource.to_owned());
                kind.subresources.sort();
            }
        }
        let versions = self.groups.entry(group.to_owned()).or_default();
        if !kinds.is_empty() && !versions.iter().any(|own| own == version) {
            versions.push(version.to_owned());
        }
        self.kinds.insert(place(group, Some(version)), kinds);
    }

    /// Goes on with an old half for a while.
    pub(super) fn postpone(&mut self, group: &str) {
        let loaded = if group.is_empty() {
            &mut self.core
        } else {
            &mut self.named
        };
        *loaded = loaded.map(|loaded| loaded + LIFETIME / 10);
    }

    /// Whether a place was not asked for a moment ago; it is now.
    pub(super) fn may_ask(&mut self, group: &str, version: Option<&str>, now: Instant) -> bool {
        let place = place(group, version);
        let asked = self.asked.get(&place).copied();
        let may = asked.is_none_or(|asked| now.saturating_duration_since(asked) >= PAUSE);
        if may {
            self.ask(place, now);
        }
        may
    }

    fn ask(&mut self, place: Place, now: Instant) {
        if self.asked.len() >= PLACES {
            self.asked
                .retain(|_, asked| now.saturating_duration_since(*asked) < PAUSE);
        }
        self.asked.insert(place, now);
    }
}

fn place(group: &str, version: Option<&str>) -> Place {
    (group.to_owned(), version.map(str::to_owned))
}

fn resource(group: &str, version: &str, kind: String, plural: String) -> ApiResource {
    let api_version = match group {
        "" => version.to_owned(),
        group => format!("{group}/{version}"),
    };
    ApiResource {
        group: group.to_owned(),
        version: version.to_owned(),
        api_version,
        kind,
        plural,
    }
}

fn aggregated(group: &str, version: &str, found: APIResourceDiscovery) -> Option<Kind> {
    let subresources = found.subresources.into_iter();
    let scope = match found.scope.as_deref() {
        Some("Namespaced") => Scope::Namespaced,
        _ => Scope::Cluster,
    };
    let kind = found.response_kind?.kind?;
    Some(Kind {
        resource: resource(group, version, kind, found.resource?),
        scope,
        subresources: sorted(subresources.filter_map(|subresource| subresource.subresource)),
    })
}

fn plain(group: &str, version: &str, found: &APIResource) -> Kind {
    let scope = if found.namespaced {
        Scope::Namespaced
    } else {
        Scope::Cluster
    };
    Kind {
        resource: resource(group, version, found.kind.clone(), found.name.clone()),
        scope,
        subresources: Vec::new(),
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<_> = texts.collect();
    texts.sort();
    texts
}
