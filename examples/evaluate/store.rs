//! All files of a repository, and the documents in them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use fluxcd::core::manifest::{self, Document};
use fluxcd::dialect::yaml::Loader;
use serde_json::Value;

use crate::place;

/// What the files hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    texts: BTreeMap<String, Vec<u8>>,
    /// File -> its documents; nothing in the place of one that cannot be read.
    documents: BTreeMap<String, Vec<Option<Rc<Value>>>>,
    /// Directory -> its `kustomization.yaml`, file and content.
    overlays: BTreeMap<String, (String, Value)>,
    directories: BTreeSet<String>,
}

impl Store {
    /// Takes in a file; its documents follow.
    pub(crate) fn add(&mut self, file: &str, text: &[u8]) {
        self.texts.insert(file.to_owned(), text.to_owned());
        let mut directory = place::parent(file);
        while self.directories.insert(directory.to_owned()) {
            directory = place::parent(directory);
        }
    }

    /// Takes in the next document of a file.
    pub(crate) fn add_document(&mut self, file: &str, value: Option<&Value>) {
        let documents = self.documents.entry(file.to_owned()).or_default();
        documents.push(value.cloned().map(Rc::new));
    }

    /// Takes in a `kustomization.yaml`.
    pub(crate) fn add_overlay(&mut self, file: &str, value: &Value) {
        let overlay = (file.to_owned(), value.clone());
        self.overlays
            .insert(place::parent(file).to_owned(), overlay);
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: &str) -> Option<&[u8]> {
        self.texts.get(file).map(Vec::as_slice)
    }

    /// The documents of a file, each with its number; nothing if there is no such file.
    pub(crate) fn documents(
        &self,
        file: &str,
    ) -> Option<impl Iterator<Item = (usize, &Rc<Value>)>> {
        let documents = self.documents.get(file)?.iter().enumerate();
        Some(documents.filter_map(|(number, value)| Some((number, value.as_ref()?))))
    }

    /// The documents of a file with their places.
    pub(crate) fn parse(&self, file: &str) -> Vec<Document<'_>> {
        manifest::documents(self.text(file).unwrap_or_default(), Loader::v3()).collect()
    }

    /// All files with documents.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(String::as_str)
    }

    /// The `kustomization.yaml` of a directory.
    pub(crate) fn overlay(&self, directory: &str) -> Option<(&str, &Value)> {
        let (file, value) = self.overlays.get(directory)?;
        Some((file, value))
    }

    /// Every `kustomization.yaml`, with its directory.
    pub(crate) fn overlays(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.overlays
            .iter()
            .map(|(directory, (_, value))| (directory.as_str(), value))
    }

    /// Whether a directory has files, itself or further down.
    pub(crate) fn is_directory(&self, directory: &str) -> bool {
        self.directories.contains(directory)
    }

    /// The files that generators name and that are not here yet: they can be of any kind.
    pub(crate) fn wanted(&self) -> BTreeSet<String> {
        let mut wanted = BTreeSet::new();
        for (directory, overlay) in self.overlays() {
            let generators = ["configMapGenerator", "secretGenerator"].iter();
            let generators = generators.flat_map(|field| list(overlay, field));
            for entry in generators.flat_map(|generator| list(generator, "files")) {
                let path = entry.as_str().map(|entry| generator_file(entry).1);
                wanted.extend(path.and_then(|path| place::resolve(directory, path)));
            }
        }
        wanted.retain(|file| !self.texts.contains_key(file));
        wanted
    }
}

/// The key and the path of an entry of `files`: `key=path`, or a path whose last part is the key.
pub(crate) fn generator_file(entry: &str) -> (&str, &str) {
    let name = entry.rsplit('/').next().unwrap_or(entry);
    entry.split_once('=').unwrap_or((name, entry))
}

/// The items of a list; none if it is no list.
pub(crate) fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    let items = value.get(field).and_then(Value::as_array);
    items.into_iter().flatten()
}

/// The texts of a list.
pub(crate) fn texts<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    list(value, field).filter_map(Value::as_str)
}

/// A text somewhere in an object, empty if there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default()
}
