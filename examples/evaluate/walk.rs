//! From the Kustomization that a cluster starts from to all Kustomizations of the cluster, each as its parent applies it.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use crate::overlay::{Build, Builder, Built, Origin};
use crate::place::resolve;
use crate::plan::{Parent, Source};
use crate::store::{Store, text};

/// What a cluster starts from.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// The directory.
    pub(crate) directory: String,
    /// Its Kustomization; nothing if it is not in the repository.
    pub(crate) value: Option<Rc<Value>>,
}

/// A Kustomization of a cluster.
#[derive(Debug)]
pub(crate) struct Reached {
    /// Where it is from; nothing for one that is not in the repository.
    pub(crate) origin: Option<Origin>,
    /// The Kustomization as its parent applies it.
    pub(crate) value: Rc<Value>,
    /// Why nothing can be said about it.
    pub(crate) doubt: Option<String>,
    /// What it builds, unless there is a doubt.
    pub(crate) build: Build,
}

/// A cluster.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// The directory that it starts from.
    pub(crate) root: String,
    /// Its Kustomizations, parents first.
    pub(crate) kustomizations: Vec<Reached>,
    /// A Kustomization that may lead to others, which are not known.
    pub(crate) lost: Option<String>,
    /// Its ConfigMaps and Secrets.
    pub(crate) sources: Vec<Source>,
}

/// Whether an object is a Kustomization of Flux.
pub(crate) fn is_kustomization(value: &Value) -> bool {
    text(value, "/kind") == "Kustomization"
        && text(value, "/apiVersion").starts_with("kustomize.toolkit.fluxcd.io/")
}

/// The directory of a Kustomization; nothing if it leads out of its source, or still has variables in it.
pub(crate) fn directory(value: &Value) -> Option<String> {
    let path = text(value, "/spec/path");
    resolve("", path).filter(|path| !path.contains('$'))
}

/// Whether two objects of one kind are the same.
pub(crate) fn same_name(one: &Value, other: &Value) -> bool {
    let name =
        |value| ["/metadata/name", "/metadata/namespace"].map(|pointer| text(value, pointer));
    name(one) == name(other)
}

/// All Kustomizations of a cluster. What ConfigMaps and Secrets say may decide about other ConfigMaps and Secrets, so it is
/// repeated until that does not change any more.
pub(crate) fn walk(store: &Store, builder: &Builder<'_>, root: &Root) -> Walk {
    let mut known = Vec::new();
    for _ in 0..5 {
        let walk = pass(store, builder, root, &known);
        if walk.sources == known {
            return walk;
        }
        known.clone_from(&walk.sources);
    }
    pass(store, builder, root, &known)
}

fn pass(store: &Store, builder: &Builder<'_>, root: &Root, known: &[Source]) -> Walk {
    let mut walk = Walk {
        root: root.directory.clone(),
        ..Walk::default()
    };
    let mut open = VecDeque::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let name = |value: &Value| {
        let [namespace, name] = ["/metadata/namespace", "/metadata/name"];
        (
            text(value, namespace).to_owned(),
            text(value, name).to_owned(),
        )
    };
    let source = root.value.as_ref().map(|value| source_of(value));
    match &root.value {
        Some(value) => {
            seen.insert(name(value));
            // It is applied by itself, and its own variables are put into it.
            let object = self_object(builder, root, value);
            let origin = object.as_ref().map(|object| object.origin.clone());
            let parent = Parent::of(value, known);
            let rendered = object.and_then(|object| parent.render(&object).ok());
            open.push_back((origin, rendered.unwrap_or_else(|| Rc::clone(value)), None));
        }
        None => {
            let build = builder.directory(&root.directory);
            let build = build.map(|build| Build::clone(&build)).unwrap_or_default();
            let parent = Parent::Unknown;
            for object in &build.objects {
                walk.enter(object, &parent, &mut seen, &mut open);
            }
        }
    }
    while let Some((origin, value, doubt)) = open.pop_front() {
        let foreign = foreign(store, source.as_ref(), &value);
        let doubted = doubt.is_some() && foreign.is_none();
        let doubt = doubt.or(foreign);
        if doubted {
            walk.doubt(builder, &value, &mut seen, &mut open);
        }
        let directory = directory(&value).filter(|_| doubt.is_none());
        let build = directory.and_then(|path| builder.kustomization(&path, value.get("spec")?));
        let doubt = match (&build, doubt) {
            (None, None) => Some(format!(
                "{} is no directory here",
                text(&value, "/spec/path")
            )),
            (_, doubt) => doubt,
        };
        let build = build.unwrap_or_default();
        let parent = Parent::of(&value, known);
        for object in &build.objects {
            walk.enter(object, &parent, &mut seen, &mut open);
        }
        walk.kustomizations.push(Reached {
            origin,
            value,
            doubt,
            build,
        });
    }
    walk
}

type Waiting = (Option<Origin>, Rc<Value>, Option<String>);

impl Walk {
    /// Takes note of what a Kustomization leads to about which nothing can be said.
    fn doubt(
        &mut self,
        builder: &Builder<'_>,
        value: &Value,
        seen: &mut BTreeSet<(String, String)>,
        open: &mut VecDeque<Waiting>,
    ) {
        let name = text(value, "/metadata/name");
        match directory(value) {
            None => {
                self.lost = Some(format!(
                    "it may be reached by {name}, whose path is not known"
                ))
            }
            Some(directory) => {
                let doubt = format!("is reached by {name}, about which nothing is known");
                let parent = Parent::Doubted(doubt);
                let build = builder.directory(&directory);
                for object in build.iter().flat_map(|build| &build.objects) {
                    self.enter(object, &parent, seen, open);
                }
            }
        }
    }

    /// Whether a Kustomization belongs to the cluster.
    pub(crate) fn reaches(&self, origin: &Origin) -> bool {
        let mut kustomizations = self.kustomizations.iter();
        kustomizations.any(|kustomization| kustomization.origin.as_ref() == Some(origin))
    }

    /// Takes note of an object that decides about others.
    fn enter(
        &mut self,
        object: &Built,
        parent: &Parent,
        seen: &mut BTreeSet<(String, String)>,
        open: &mut VecDeque<Waiting>,
    ) {
        if let Some(source) = Source::of(object, parent) {
            self.sources.push(source);
        }
        if !is_kustomization(&object.value) || object.value.pointer("/spec").is_none() {
            return;
        }
        let (value, doubt) = match parent.render(object) {
            Ok(value) => (value, None),
            Err(doubt) => (object.value.clone(), Some(format!("it {doubt}"))),
        };
        let [namespace, name] = ["/metadata/namespace", "/metadata/name"]
            .map(|pointer| text(&value, pointer).to_owned());
        if seen.insert((namespace, name)) {
            open.push_back((Some(object.origin.clone()), value, doubt));
        }
    }
}

/// The first Kustomization of a cluster, as it builds itself.
fn self_object(builder: &Builder<'_>, root: &Root, value: &Value) -> Option<Built> {
    let build = builder.directory(&root.directory)?;
    let mut objects = build.objects.iter();
    let built = objects
        .find(|object| is_kustomization(&object.value) && same_name(&object.value, value))?;
    Some(built.clone())
}

/// Kind, namespace and name of the source.
fn source_of(value: &Value) -> [String; 3] {
    let own = text(value, "/metadata/namespace");
    let [kind, namespace, name] =
        ["kind", "namespace", "name"].map(|field| text(value, &format!("/spec/sourceRef/{field}")));
    let namespace = if namespace.is_empty() { own } else { namespace };
    [kind, namespace, name].map(str::to_owned)
}

/// Why the source is not taken for this repository, if it is not.
fn foreign(store: &Store, root: Option<&[String; 3]>, value: &Value) -> Option<String> {
    let source = source_of(value);
    let is_foreign = match root {
        Some(root) => *root != source,
        // The source of this repository is made by whoever made the first Kustomization, and is not in it.
        None => {
            let [kind, _, name] = &source;
            let is_source = |value: &Value| {
                text(value, "/kind") == kind && text(value, "/metadata/name") == name
            };
            kind == "ExternalArtifact"
                || store
                    .files()
                    .filter_map(|file| store.documents(file))
                    .flatten()
                    .any(|(_, value)| is_source(value))
        }
    };
    let [kind, namespace, name] = source;
    is_foreign
        .then(|| format!("its source {kind} {namespace}/{name} is not known to be this repository"))
}
