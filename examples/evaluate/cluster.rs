//! Where the clusters of a repository start.
//!
//! A cluster starts from a Kustomization whose path leads to itself, as `flux bootstrap` writes it. Kustomizations that no
//! such cluster reaches are taken for those of a cluster whose first Kustomization is not in the repository: they start
//! from the outermost overlay that leads to them, or else from their own directory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::overlay::{Builder, Origin};
use crate::place::{parent, resolve};
use crate::store::{Store, list, text, texts};
use crate::walk::{Root, Walk, directory, is_kustomization, same_name, walk};

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
