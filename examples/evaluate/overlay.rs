//! Which documents kustomize builds from a directory, and what may happen to them on the way.
//!
//! This is no builder: it selects files as kustomize and kustomize-controller do, and takes note of every patch and
//! transformer that hits an object, so that nothing is claimed about a place that one of them may change. Not followed are:
//! remote resources and charts (nothing is known of their objects), `replacements`, `transformers` and plugins (nothing is
//! claimed about objects that they may reach), env files of generators, and `.sourceignore` and `spec.ignore` of sources
//! (what they leave out is taken in here, but for hidden files and directories).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use fluxcd::dialect::yaml::Segment;
use serde_json::Value;

use crate::generator::{self, Generated};
use crate::patch::Patch;
use crate::place::{is_cluster_wide, resolve};
use crate::selector::Match;
use crate::store::{Store, list, text, texts};

/// Kinds that are merged with their patches: what they say decides about other objects.
const MERGED: [&str; 3] = ["Kustomization", "ConfigMap", "Secret"];

/// An object of a build.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    /// Where it is from.
    pub(crate) origin: Origin,
    /// The object as in its file, but for the namespace, and with the patches that could be applied.
    pub(crate) value: Rc<Value>,
    /// Whether the value is what the build gives; always false for kinds that are not merged and have patches.
    pub(crate) exact: bool,
    /// Whether kustomize puts a hash behind its name, so that nobody finds it who does not know that.
    pub(crate) hashed: bool,
    /// Everything that hits it, or may.
    patches: Vec<Rc<Patch>>,
    renamed: bool,
}

/// Where an object is from.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Origin {
    /// A document of a file.
    Document(String, usize),
    /// A generator of a `kustomization.yaml`, with the file of each key.
    Generated(String, BTreeMap<String, String>),
}

/// What a directory builds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Build {
    /// The objects.
    pub(crate) objects: Vec<Built>,
    /// What it takes in that is not here: remote resources, mostly.
    pub(crate) missing: BTreeSet<String>,
}

/// Builds directories of a repository, each one once.
pub(crate) struct Builder<'a> {
    store: &'a Store,
    done: RefCell<BTreeMap<String, Rc<Build>>>,
    open: RefCell<BTreeSet<String>>,
}

impl Built {
    /// An object that no overlay has touched.
    pub(crate) const fn new(origin: Origin, value: Rc<Value>) -> Self {
        Self {
            origin,
            value,
            exact: true,
            hashed: false,
            patches: Vec::new(),
            renamed: false,
        }
    }

    /// The file that it is from.
    pub(crate) fn file(&self) -> &str {
        match &self.origin {
            Origin::Document(file, _) | Origin::Generated(file, _) => file,
        }
    }

    /// Whether nothing can be said about it: it is deleted or opts out, or may.
    pub(crate) fn is_silenced(&self) -> bool {
        self.patches.iter().any(|patch| patch.silences())
    }

    /// Whether something may change what stands at a path.
    pub(crate) fn is_touched(&self, path: &[Segment]) -> bool {
        self.patches.iter().any(|patch| patch.touches(path))
    }

    /// The file of the last patch that changes what stands at a path.
    pub(crate) fn patched_by(&self, path: &[Segment]) -> Option<&str> {
        let mut patches = self.patches.iter().rev();
        patches.find(|patch| patch.touches(path))?.file.as_deref()
    }

    fn hit(&mut self, patch: &Rc<Patch>) {
        let metadata = |field: &str| [Segment::from("metadata"), field.into()];
        // Its names, labels and annotations are not those of the file any more.
        let open = self.renamed
            || self.is_touched(&metadata("labels"))
            || self.is_touched(&metadata("annotations"));
        let matches = match patch.matches(&self.value) {
            Match::No if self.renamed => Match::Maybe,
            Match::Yes if open && !MERGED.contains(&text(&self.value, "/kind")) => Match::Maybe,
            other => other,
        };
        if matches == Match::No {
            return;
        }
        let merged = MERGED.contains(&text(&self.value, "/kind"));
        self.exact &= matches == Match::Yes && merged && patch.merge(Rc::make_mut(&mut self.value));
        self.patches.push(Rc::clone(patch));
    }
}

impl<'a> Builder<'a> {
    /// Builds directories of these files.
    pub(crate) const fn new(store: &'a Store) -> Self {
        Self {
            store,
            done: RefCell::new(BTreeMap::new()),
            open: RefCell::new(BTreeSet::new()),
        }
    }

    /// What a directory builds; nothing if there is no such directory.
    pub(crate) fn directory(&self, directory: &str) -> Option<Rc<Build>> {
        if let Some(build) = self.done.borrow().get(directory) {
            return Some(Rc::clone(build));
        }
        if !self.store.is_directory(directory)
            || !self.open.borrow_mut().insert(directory.to_owned())
        {
            return None;
        }
        let mut build = Build::default();
        match self.store.overlay(directory) {
            Some((_, overlay)) => self.overlay(directory, overlay, &mut build),
            None => self.scan(directory, &mut build),
        }
        self.open.borrow_mut().remove(directory);
        let build = Rc::new(build);
        let mut done = self.done.borrow_mut();
        done.insert(directory.to_owned(), Rc::clone(&build));
        Some(build)
    }

    /// What a Flux Kustomization builds: its path, with what its `spec` adds to the overlay there.
    pub(crate) fn kustomization(&self, directory: &str, spec: &Value) -> Option<Build> {
        let mut build = Build::clone(&*self.directory(directory)?);
        self.components(directory, spec, &mut build);
        self.transform(directory, spec, text(spec, "/targetNamespace"), &mut build);
        Some(build)
    }

    /// Everything below a directory without overlay, as kustomize-controller lists it.
    fn scan(&self, directory: &str, build: &mut Build) {
        let prefix = if directory.is_empty() {
            String::new()
        } else {
            format!("{directory}/")
        };
        let below = self.store.files().filter(|file| file.starts_with(&prefix));
        let mut overlays = BTreeSet::new();
        // What is hidden is mostly left out of the artifact.
        let below = below.filter(|file| {
            let hidden = file.starts_with('.') || file.contains("/.");
            !hidden && (file.ends_with(".yaml") || file.ends_with(".yml"))
        });
        for file in below {
            // The outermost directory with an overlay enters as a whole.
            let mut ends = file.match_indices('/').map(|(end, _)| end);
            let overlay = ends.find_map(|end| {
                let above = file.get(..end).filter(|_| end > directory.len())?;
                self.store.overlay(above).map(|_| above)
            });
            match overlay {
                None => self.resource(file, build),
                Some(overlay) if overlays.insert(overlay) => self.resource(overlay, build),
                Some(_) => {}
            }
        }
    }

    /// A file or directory that an overlay lists.
    fn resource(&self, name: &str, build: &mut Build) {
        if let Some(documents) = self.store.documents(name) {
            let objects = documents.filter(|(_, value)| value.get("kind").is_some());
            build.objects.extend(objects.map(|(number, value)| {
                let origin = Origin::Document(name.to_owned(), number);
                Built::new(origin, Rc::clone(value))
            }));
        } else if let Some(inner) = self.directory(name) {
            build.objects.extend(inner.objects.iter().cloned());
            build.missing.extend(inner.missing.iter().cloned());
        } else {
            build.missing.insert(name.to_owned());
        }
    }

    fn overlay(&self, directory: &str, overlay: &Value, build: &mut Build) {
        for entry in ["resources", "bases"]
            .iter()
            .flat_map(|field| texts(overlay, field))
        {
            match resolve(directory, entry) {
                Some(name) => self.resource(&name, build),
                None => {
                    build.missing.insert(entry.to_owned());
                }
            }
        }
        self.components(directory, overlay, build);
        for generated in generator::objects(self.store, directory, overlay) {
            match generated {
                Generated::Object(object) => build.objects.push(object),
                Generated::Data(patch) => apply(patch, build),
            }
        }
        self.transform(directory, overlay, text(overlay, "/namespace"), build);
    }

    /// A component sees everything that was built so far.
    fn components(&self, directory: &str, overlay: &Value, build: &mut Build) {
        for entry in texts(overlay, "components") {
            let name = resolve(directory, entry);
            let component = name.as_ref().and_then(|name| self.store.overlay(name));
            match (&name, component) {
                (Some(name), Some((_, component))) => {
                    if self.open.borrow_mut().insert(name.clone()) {
                        self.overlay(name, component, build);
                        self.open.borrow_mut().remove(name);
                    }
                }
                // It may patch anything.
                _ => {
                    build.missing.insert(entry.to_owned());
                    apply(Patch::unknown(None), build);
                }
            }
        }
    }

    fn transform(&self, directory: &str, overlay: &Value, namespace: &str, build: &mut Build) {
        for entry in texts(overlay, "patchesStrategicMerge") {
            // A file, or the patch itself.
            self.patch(directory, entry, None, build);
        }
        for entry in list(overlay, "patches").chain(list(overlay, "patchesJson6902")) {
            let given = ["/path", "/patch"].map(|pointer| text(entry, pointer));
            let patch = given.into_iter().find(|patch| !patch.is_empty());
            self.patch(
                directory,
                patch.unwrap_or_default(),
                entry.get("target"),
                build,
            );
        }
        if !namespace.is_empty() {
            for object in &mut build.objects {
                let own = text(&object.value, "/metadata/namespace");
                if own == namespace || is_cluster_wide(&object.value) {
                    continue;
                }
                let metadata = Rc::make_mut(&mut object.value).get_mut("metadata");
                if let Some(Value::Object(metadata)) = metadata {
                    metadata.insert("namespace".to_owned(), namespace.into());
                }
            }
        }
        for (field, metadata) in [
            ("commonLabels", "labels"),
            ("commonAnnotations", "annotations"),
        ] {
            if let Some(entries) = overlay.get(field).filter(|entries| entries.is_object()) {
                apply(Patch::metadata(metadata, entries), build);
            }
        }
        for pairs in list(overlay, "labels").filter_map(|entry| entry.get("pairs")) {
            apply(Patch::metadata("labels", pairs), build);
        }
        for (field, sets) in [("images", "image"), ("replicas", "replicas")] {
            if overlay.get(field).is_some() {
                apply(Patch::fields(sets), build);
            }
        }
        for field in ["replacements", "transformers", "validators"] {
            if overlay.get(field).is_some() {
                apply(Patch::unknown(None), build);
            }
        }
        let [prefix, suffix] = ["/namePrefix", "/nameSuffix"].map(|pointer| text(overlay, pointer));
        if !prefix.is_empty() || !suffix.is_empty() {
            for object in &mut build.objects {
                object.renamed = true;
                if let Some(Value::String(name)) =
                    Rc::make_mut(&mut object.value).pointer_mut("/metadata/name")
                {
                    *name = format!("{prefix}{name}{suffix}");
                }
            }
        }
    }

    /// A patch by its file, or as it stands.
    fn patch(&self, directory: &str, patch: &str, target: Option<&Value>, build: &mut Build) {
        let file = resolve(directory, patch);
        let text = file.as_ref().and_then(|file| self.store.text(file));
        let is_path = !patch.contains('\n') && !patch.contains(": ") && !patch.contains('{');
        let (text, file) = match (text, self.store.overlay(directory)) {
            (Some(text), _) => (text, file.as_deref()),
            (None, _) if is_path => return apply(Patch::unknown(target), build),
            (None, overlay) => (patch.as_bytes(), overlay.map(|(file, _)| file)),
        };
        for mut patch in Patch::parse(text, target) {
            patch.file = file.map(str::to_owned);
            apply(patch, build);
        }
    }
}

fn apply(patch: Patch, build: &mut Build) {
    let patch = Rc::new(patch);
    for object in &mut build.objects {
        object.hit(&patch);
    }
}
