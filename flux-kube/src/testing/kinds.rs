//! The kinds that the server has: built-in ones, those of Flux, and those of the definitions that were created.

use std::sync::Arc;

use fluxcd_api::registry::{self, StatusSubresource};
use kube::core::discovery::Scope;
use kube::core::{ApiResource, GroupVersion};
use serde_json::Value;

use super::json;

/// What the server knows about a kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Served {
    pub(super) group: String,
    /// Versions, the preferred one first.
    pub(super) versions: Vec<String>,
    pub(super) kind: String,
    pub(super) plural: String,
    pub(super) singular: String,
    pub(super) short_names: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) namespaced: bool,
    /// Whether `status` is a resource of its own.
    pub(super) status: bool,
    /// Whether objects have a generation.
    pub(super) generation: bool,
    pub(super) origin: Origin,
}

/// Where a kind comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    BuiltIn,
    /// A definition, with the schema of its preferred version.
    Custom {
        schema: Option<Value>,
    },
}

impl Served {
    /// Below which its objects are stored.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.group, self.plural)
    }

    /// `deployments.apps`, as messages have it.
    pub(super) fn qualified_plural(&self) -> String {
        qualified(&self.plural, &self.group)
    }

    /// `Deployment.apps`, as messages have it.
    pub(super) fn qualified_kind(&self) -> String {
        qualified(&self.kind, &self.group)
    }

    pub(super) fn is_custom(&self) -> bool {
        matches!(self.origin, Origin::Custom { .. })
    }

    pub(super) fn preferred(&self) -> &str {
        self.versions.first().map_or("v1", String::as_str)
    }

    pub(super) fn api_version(&self, version: &str) -> String {
        match self.group.as_str() {
            "" => version.to_owned(),
            group => format!("{group}/{version}"),
        }
    }

    fn built_in(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let group_version: GroupVersion = words.next()?.parse().ok()?;
        let kind = words.next()?;
        let plural = words.next()?;
        let marks = words.next()?;
        let short_names = words.next().unwrap_or_default().split(',');
        let short_names = short_names.filter(|name| !name.is_empty());
        Some(Self {
            group: group_version.group,
            versions: vec![group_version.version],
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            singular: kind.to_lowercase(),
            short_names: short_names.map(str::to_owned).collect(),
            categories: marks
                .contains('a')
                .then(|| "all".to_owned())
                .into_iter()
                .collect(),
            namespaced: marks.contains('n'),
            status: marks.contains('s'),
            generation: marks.contains('g'),
            origin: Origin::BuiltIn,
        })
    }

    pub(super) fn of_resource(resource: ApiResource, scope: &Scope) -> Self {
        Self {
            group: resource.group,
            versions: vec![resource.version],
            singular: resource.kind.to_lowercase(),
            kind: resource.kind,
            plural: resource.plural,
            short_names: Vec::new(),
            categories: Vec::new(),
            namespaced: *scope == Scope::Namespaced,
            status: true,
            generation: true,
            origin: Origin::Custom { schema: None },
        }
    }

    /// The kind that a `CustomResourceDefinition` defines.
    pub(super) fn of_definition(definition: &Value) -> Option<Self> {
        let spec = definition.get("spec")?;
        let names = spec.get("names")?;
        let list = |name: &str| {
            let list = names
                .get(name)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let list = list.filter_map(Value::as_str).map(str::to_owned);
            list.collect::<Vec<_>>()
        };
        let versions = spec.get("versions").and_then(Value::as_array)?;
        let is = |version: &&Value, name: &str| version.get(name) == Some(&Value::Bool(true));
        let served: Vec<_> = versions
            .iter()
            .filter(|version| is(version, "served"))
            .collect();
        let stored = served
            .iter()
            .copied()
            .find(|version| is(version, "storage"));
        let stored = stored.or(served.first().copied())?;
        let mut names_of = served
            .iter()
            .map(|version| json::text(version, "/name").to_owned());
        let mut ordered: Vec<_> = names_of.by_ref().collect();
        ordered.sort_by_key(|version| std::cmp::Reverse(priority(version)));
        let kind = json::text(names, "/kind");
        Some(Self {
            group: json::text(spec, "/group").to_owned(),
            versions: ordered,
            kind: kind.to_owned(),
            plural: json::text(names, "/plural").to_owned(),
            singular: match json::text(names, "/singular") {
                "" => kind.to_lowercase(),
                singular => singular.to_owned(),
            },
            short_names: list("shortNames"),
            categories: list("categories"),
            namespaced: json::text(spec, "/scope") == "Namespaced",
            status: stored.pointer("/subresources/status").is_some(),
            generation: true,
            origin: Origin::Custom {
                schema: stored.pointer("/schema/openAPIV3Schema").cloned(),
            },
        })
    }
}

fn qualified(name: &str, group: &str) -> String {
    match group {
        "" => name.to_owned(),
        group => format!("{name}.{group}"),
    }
}

/// Order of versions: stable before beta before alpha before all else, higher numbers first.
fn priority(version: &str) -> (u8, u32, u32) {
    let number = |text: &str| text.parse::<u32>().ok();
    let parse = || {
        let rest = version.strip_prefix('v')?;
        if let Some(major) = number(rest) {
            return Some((3, major, 0));
        }
        let (stage, word) = [(2, "beta"), (1, "alpha")]
            .into_iter()
            .find(|(_, word)| rest.contains(word))?;
        let (major, minor) = rest.split_once(word)?;
        Some((stage, number(major)?, number(minor).unwrap_or_default()))
    };
    parse().unwrap_or_default()
}

/// All kinds.
#[derive(Debug)]
pub(super) struct Kinds {
    list: Vec<Arc<Served>>,
    /// Groups whose own server does not answer: group and version.
    broken: Vec<(String, String)>,
}

impl Kinds {
    pub(super) fn new() -> Self {
        let mut kinds = Self {
            list: BUILT_IN
                .lines()
                .filter_map(Served::built_in)
                .map(Arc::new)
                .collect(),
            broken: Vec::new(),
        };
        for entry in registry::ALL {
            kinds.add(Served {
                group: entry.group.to_owned(),
                versions: vec![entry.version.to_owned()],
                kind: entry.kind.to_owned(),
                plural: entry.plural.to_owned(),
                singular: entry.singular.to_owned(),
                short_names: entry
                    .short_names
                    .iter()
                    .map(|&name| name.to_owned())
                    .collect(),
                categories: entry
                    .categories
                    .iter()
                    .map(|&name| name.to_owned())
                    .collect(),
                namespaced: entry.scope == registry::Scope::Namespaced,
                status: entry.status == StatusSubresource::Enabled,
                generation: true,
                origin: Origin::Custom { schema: None },
            });
        }
        kinds
    }

    /// Adds a kind; what was known of it is replaced.
    pub(super) fn serve(&mut self, kind: Served) {
        match self.list.iter_mut().find(|known| known.key() == kind.key()) {
            Some(known) => *known = Arc::new(kind),
            None => self.list.push(Arc::new(kind)),
        }
    }

    /// Adds a kind, or versions to a kind that is there.
    pub(super) fn add(&mut self, kind: Served) {
        let Some(known) = self.list.iter_mut().find(|known| known.key() == kind.key()) else {
            return self.list.push(Arc::new(kind));
        };
        let known = Arc::make_mut(known);
        for version in kind.versions {
            if !known.versions.contains(&version) {
                known.versions.push(version);
            }
        }
        known
            .versions
            .sort_by_key(|version| std::cmp::Reverse(priority(version)));
    }

    pub(super) fn forget(&mut self, group: &str, plural: &str) {
        self.list
            .retain(|kind| kind.group != group || kind.plural != plural);
    }

    pub(super) fn break_group(&mut self, group: &str, version: &str) {
        self.broken.push((group.to_owned(), version.to_owned()));
    }

    pub(super) fn broken(&self) -> &[(String, String)] {
        &self.broken
    }

    pub(super) fn is_broken(&self, group: &str) -> bool {
        self.broken.iter().any(|(broken, _)| broken == group)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.list.iter()
    }

    pub(super) fn by_plural(
        &self,
        group: &str,
        version: &str,
        plural: &str,
    ) -> Option<&Arc<Served>> {
        self.list.iter().find(|kind| {
            kind.group == group
                && kind.plural == plural
                && kind.versions.iter().any(|served| served == version)
        })
    }

    pub(super) fn by_kind(&self, api_version: &str, kind: &str) -> Option<&Arc<Served>> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        self.list.iter().find(|served| {
            served.group == group
                && served.kind == kind
                && served.versions.iter().any(|served| served == version)
        })
    }
}

/// Group and version, kind, plural, marks, short names. Marks: `n` has a namespace, `s` has the subresource `status`, `g`
/// has a generation, `a` belongs to the category `all`.
const BUILT_IN: &str = "\
v1 ConfigMap configmaps n cm
v1 Endpoints endpoints n ep
v1 Event events n ev
v1 LimitRange limitranges n limits
v1 Namespace namespaces s ns
v1 Node nodes s no
v1 PersistentVolume persistentvolumes s pv
v1 PersistentVolumeClaim persistentvolumeclaims ns pvc
v1 Pod pods nsga po
v1 PodTemplate podtemplates ng
v1 ReplicationController replicationcontrollers nsga rc
v1 ResourceQuota resourcequotas ns quota
v1 Secret secrets n
v1 ServiceAccount serviceaccounts n sa
v1 Service services nsa svc
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations g
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies sg
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings g
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations g
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions sg crd,crds
apiregistration.k8s.io/v1 APIService apiservices s
apps/v1 ControllerRevision controllerrevisions n
apps/v1 DaemonSet daemonsets nsga ds
apps/v1 Deployment deployments nsga deploy
apps/v1 ReplicaSet replicasets nsga rs
apps/v1 StatefulSet statefulsets nsga sts
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers nsa hpa
batch/v1 CronJob cronjobs nsga cj
batch/v1 Job jobs nsga
coordination.k8s.io/v1 Lease leases n
discovery.k8s.io/v1 EndpointSlice endpointslices ng
events.k8s.io/v1 Event events n ev
networking.k8s.io/v1 Ingress ingresses nsg ing
networking.k8s.io/v1 IngressClass ingressclasses g
networking.k8s.io/v1 NetworkPolicy networkpolicies ng netpol
node.k8s.io/v1 RuntimeClass runtimeclasses -
policy/v1 PodDisruptionBudget poddisruptionbudgets nsg pdb
rbac.authorization.k8s.io/v1 ClusterRole clusterroles -
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings -
rbac.authorization.k8s.io/v1 Role roles n
rbac.authorization.k8s.io/v1 RoleBinding rolebindings n
scheduling.k8s.io/v1 PriorityClass priorityclasses g pc
storage.k8s.io/v1 StorageClass storageclasses - sc
";
