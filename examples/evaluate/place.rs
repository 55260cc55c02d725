//! In which namespace an object will live, when its file does not say.
//!
//! Two of three objects of real repositories leave their namespace to the `kustomization.yaml` that lists them, or to the
//! `targetNamespace` of the Flux Kustomization whose path leads there. Both are followed here, from the outside in: the
//! outermost one wins, as it does when kustomize builds. Where overlays disagree, nothing is claimed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Who reaches which files, and under which namespace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Directory with a `kustomization.yaml` -> the namespace that it sets.
    own: BTreeMap<String, Option<String>>,
    /// File or directory -> the directories whose `kustomization.yaml` list it.
    listed_by: BTreeMap<String, BTreeSet<String>>,
    /// Directory -> the target namespaces of the Flux Kustomizations whose path it is.
    targets: BTreeMap<String, BTreeSet<String>>,
}

impl Places {
    /// Takes note of a `kustomization.yaml`.
    pub(crate) fn add_overlay(&mut self, file: &str, document: &Value) {
        let directory = parent(file);
        let namespace = document.get("namespace").and_then(Value::as_str);
        self.own
            .insert(directory.to_owned(), namespace.map(str::to_owned));
        for field in ["resources", "components", "bases"] {
            let entries = document.get(field).and_then(Value::as_array);
            for entry in entries.into_iter().flatten().filter_map(Value::as_str) {
                if let Some(listed) = resolve(directory, entry) {
                    let by = self.listed_by.entry(listed).or_default();
                    by.insert(directory.to_owned());
                }
            }
        }
    }

    /// Takes note of a Flux Kustomization: its path, and the namespace that it puts everything in. A path that names the
    /// whole of its source says nothing: it is rather that of another repository.
    pub(crate) fn add_target(&mut self, path: &str, namespace: &str) {
        if let Some(directory) = resolve("", path).filter(|directory| !directory.is_empty()) {
            let targets = self.targets.entry(directory).or_default();
            targets.insert(namespace.to_owned());
        }
    }

    /// Whether an overlay takes the file in as a whole, and not as a patch for something else.
    pub(crate) fn is_resource(&self, file: &str) -> bool {
        self.listed_by.contains_key(file)
    }

    /// The namespace that objects of `file` get from outside, if any and if it is the same on every way.
    pub(crate) fn namespace(&self, file: &str) -> Option<String> {
        let mut answers = BTreeSet::new();
        let mut seen = BTreeSet::new();
        // Each way from the file outwards, with the namespace that the innermost part of it left standing.
        let mut ways = vec![(file.to_owned(), None::<String>)];
        while let Some((at, inner)) = ways.pop() {
            if !seen.insert((at.clone(), inner.clone())) {
                continue;
            }
            let by = self.listed_by.get(&at);
            for directory in by.into_iter().flatten() {
                let namespace = self
                    .own
                    .get(directory)
                    .cloned()
                    .flatten()
                    .or_else(|| inner.clone());
                ways.push((directory.clone(), namespace));
            }
            let targets = self.targets_of(&at);
            answers.extend(targets.iter().cloned().map(Some));
            if by.is_none() && targets.is_empty() {
                answers.insert(inner);
            }
        }
        match answers.len() {
            1 => answers.pop_first().flatten(),
            _ => None,
        }
    }

    /// The targets that name a directory; for a file or directory that nothing lists, those of the nearest directory above.
    /// Without a `kustomization.yaml` there, Flux takes everything below the path.
    fn targets_of(&self, at: &str) -> BTreeSet<String> {
        let mut above = at;
        loop {
            if let Some(targets) = self.targets.get(above) {
                return targets.clone();
            }
            let decided = above != at && self.own.contains_key(above);
            if decided || self.listed_by.contains_key(at) || above.is_empty() {
                return BTreeSet::new();
            }
            above = parent(above);
        }
    }
}

/// The directory of a file or directory name, empty for the top.
pub(crate) fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// `entry` as seen from `directory`, without `.` and `..`; nothing if it leads outside or to another host.
pub(crate) fn resolve(directory: &str, entry: &str) -> Option<String> {
    if entry.contains("://") || entry.contains('?') {
        return None;
    }
    let mut parts: Vec<&str> = directory
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in entry.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Whether kustomize knows the kind for one without namespace, and so gives it none.
pub(crate) fn is_cluster_wide(object: &Value) -> bool {
    let text = |field: &str| {
        object
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let group = text("apiVersion")
        .rsplit_once('/')
        .map_or("", |(group, _)| group);
    let kinds: &[&str] = match group {
        "" => &["Namespace", "Node", "PersistentVolume"],
        "admissionregistration.k8s.io" => &[
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
        ],
        "apiextensions.k8s.io" => &["CustomResourceDefinition"],
        "apiregistration.k8s.io" => &["APIService"],
        "certificates.k8s.io" => &["CertificateSigningRequest"],
        "flowcontrol.apiserver.k8s.io" => &["FlowSchema", "PriorityLevelConfiguration"],
        "networking.k8s.io" => &["IngressClass"],
        "node.k8s.io" => &["RuntimeClass"],
        "policy" => &["PodSecurityPolicy"],
        "rbac.authorization.k8s.io" => &["ClusterRole", "ClusterRoleBinding"],
        "scheduling.k8s.io" => &["PriorityClass"],
        "storage.k8s.io" => &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
        _ => &[],
    };
    kinds.contains(&text("kind"))
}
