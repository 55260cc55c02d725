//! From the Kustomization that a cluster starts from to all Kustomizations of the cluster, each as its parent applies it.
//!
//! A cluster starts from a Kustomization whose path leads to itself, as `flux bootstrap` writes it. Kustomizations that no
//! such cluster reaches are taken for those of a cluster whose first Kustomization is not in the repository: they start
//! from the outermost overlay that leads to them, or else from their own directory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use crate::overlay::{Build, Builder, Built, Origin};
use crate::place::{parent, resolve};
use crate::plan::{Parent, Source};
use crate::store::{Store, list, text, texts};

/// What a cluster starts from.
#[derive(Clone, Debug)]
struct Root {
    directory: String,
    /// Its Kustomization; nothing if it is not in the repository.
    value: Option<Rc<Value>>,
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
    lost: Option<String>,
    /// Its ConfigMaps and Secrets.
    pub(crate) sources: Vec<Source>,
}

/// All clusters of a repository.
pub(crate) fn clusters(store: &Store, builder: &Builder<'_>) -> Vec<Walk> {
    let candidates = candidates(store);
    let mut walks: Vec<Walk> = Vec::new();
    let mut directories = BTreeSet::new();
    let mut roots: Vec<_> = candidates
        .iter()
        .filter_map(|(file, number, value)| {
            let origin = Origin::Document((*file).to_owned(), *number);
            Some((origin, self_managed(builder, value)?))
        })
        .collect();
    // One that another one reaches is not the first of its cluster, however far up its path leads.
    roots.sort_by_key(|(_, root)| Reverse(root.directory.len()));
    for (origin, root) in roots {
        let is_reached = walks.iter().any(|walk| walk.reaches(&origin));
        if !is_reached && directories.insert(root.directory.clone()) {
            walks.push(walk(store, builder, &root));
        }
    }
    let guesses = walks.len();
    let patches = patch_files(store);
    let listed_by = listed_by(store);
    loop {
        let rest: Vec<_> = candidates
            .iter()
            .filter(|(file, number, value)| {
                let origin = Origin::Document((*file).to_owned(), *number);
                !walks.iter().any(|walk| walk.reaches(&origin))
                    && value.pointer("/spec/sourceRef").is_some()
                    && !patches.contains(*file)
            })
            .map(|(file, _, value)| (*file, &***value))
            .collect();
        let Some(root) = next_root(builder, &rest, &listed_by, &directories) else {
            doubt_guesses(&mut walks, guesses);
            walks.sort_by(|one, other| one.root.cmp(&other.root));
            return walks;
        };
        directories.insert(root.clone());
        let root = Root {
            directory: root,
            value: None,
        };
        walks.push(walk(store, builder, &root));
    }
}

/// A cluster that was guessed may be a part of another one, in which a Kustomization leads to it whose path is not known.
fn doubt_guesses(walks: &mut [Walk], guesses: usize) {
    let lost: Vec<_> = walks.iter().map(|walk| walk.lost.clone()).collect();
    for (number, walk) in walks.iter_mut().enumerate().skip(guesses) {
        let others = lost
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        if let Some(doubt) = others.filter_map(|(_, lost)| lost.clone()).next() {
            for kustomization in &mut walk.kustomizations {
                kustomization.doubt.get_or_insert_with(|| doubt.clone());
            }
        }
    }
}

/// Every Kustomization of Flux in the files, patches too.
fn candidates(store: &Store) -> Vec<(&str, usize, &Rc<Value>)> {
    let files = store.files().filter_map(|file| {
        let documents = store.documents(file)?;
        Some(documents.map(move |(number, value)| (file, number, value)))
    });
    files
        .flatten()
        .filter(|(_, _, value)| is_kustomization(value))
        .collect()
}

pub(crate) fn is_kustomization(value: &Value) -> bool {
    text(value, "/kind") == "Kustomization"
        && text(value, "/apiVersion").starts_with("kustomize.toolkit.fluxcd.io/")
}

/// The directory of a Kustomization; nothing if it leads out of its source, or still has variables in it.
fn directory(value: &Value) -> Option<String> {
    let path = text(value, "/spec/path");
    resolve("", path).filter(|path| !path.contains('$'))
}

fn same_name(one: &Value, other: &Value) -> bool {
    let name =
        |value| ["/metadata/name", "/metadata/namespace"].map(|pointer| text(value, pointer));
    name(one) == name(other)
}

/// The start of a cluster, if the path of the Kustomization leads to itself.
fn self_managed(builder: &Builder<'_>, value: &Value) -> Option<Root> {
    let directory = directory(value)?;
    let build = builder.directory(&directory)?;
    let built = build.objects.iter().find(|object| {
        is_kustomization(&object.value)
            && same_name(&object.value, value)
            && self::directory(&object.value).as_ref() == Some(&directory)
    })?;
    Some(Root {
        directory,
        value: built.exact.then(|| built.value.clone()),
    })
}

/// Files that are patches of something.
fn patch_files(store: &Store) -> BTreeSet<String> {
    let overlays = store.overlays().flat_map(|(directory, overlay)| {
        let patches = list(overlay, "patches").map(|entry| text(entry, "/path"));
        let patches = patches.chain(texts(overlay, "patchesStrategicMerge"));
        patches.filter_map(move |path| resolve(directory, path))
    });
    overlays.collect()
}

/// A directory to start from that leads to one of the Kustomizations which no other one of them leads to.
fn next_root(
    builder: &Builder<'_>,
    rest: &[(&str, &Value)],
    listed_by: &BTreeMap<String, String>,
    tried: &BTreeSet<String>,
) -> Option<String> {
    let mut inner = BTreeSet::new();
    for (file, value) in rest {
        let build = directory(value).and_then(|directory| builder.directory(&directory));
        let files = build.iter().flat_map(|build| &build.objects);
        inner.extend(
            files
                .map(|built| built.file().to_owned())
                .filter(|inner| inner != file),
        );
    }
    let roots = rest
        .iter()
        .map(|(file, _)| (*file, outermost(listed_by, file)));
    let mut roots: Vec<_> = roots.filter(|(_, root)| !tried.contains(root)).collect();
    // The outer ones first; what only leads in circles comes last.
    roots.sort_by_key(|(file, root)| (inner.contains(*file), root.clone()));
    roots.into_iter().next().map(|(_, root)| root)
}

/// File or directory -> a directory whose overlay lists it.
fn listed_by(store: &Store) -> BTreeMap<String, String> {
    let mut listed_by = BTreeMap::new();
    for (directory, overlay) in store.overlays() {
        let fields = ["resources", "components", "bases"].iter();
        for entry in fields.flat_map(|field| texts(overlay, field)) {
            if let Some(entry) = resolve(directory, entry) {
                listed_by.insert(entry, directory.to_owned());
            }
        }
    }
    listed_by
}

/// The outermost directory whose overlay leads to a file; its own directory if there is none.
fn outermost(listed_by: &BTreeMap<String, String>, file: &str) -> String {
    let mut at = file;
    let mut seen = BTreeSet::new();
    while let Some(by) = listed_by.get(at).filter(|_| seen.insert(at)) {
        at = by;
    }
    if at == file {
        parent(file).to_owned()
    } else {
        at.to_owned()
    }
}

/// All Kustomizations of a cluster. What ConfigMaps and Secrets say may decide about other ConfigMaps and Secrets, so it is
/// repeated until that does not change any more.
fn walk(store: &Store, builder: &Builder<'_>, root: &Root) -> Walk {
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

    fn reaches(&self, origin: &Origin) -> bool {
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
