//! Collects what the files say, and makes the report of it.

use std::collections::{BTreeMap, BTreeSet};

use fluxcd::api::helm::v2::HelmRelease;
use fluxcd::api::meta::DependencyReference;
use fluxcd::api::object::FluxObject;
use fluxcd::api::registry;
use fluxcd::api::resource::FluxResource;
use fluxcd::core::graph::NodeName;
use fluxcd::core::manifest::{self, Decoded, Document, Fault, Foreign};
use fluxcd::dialect::yaml::Loader;
use serde::Deserialize;

use crate::change::transitions;
use crate::images::Images;
use crate::order::{self, Item, UNKNOWN};
use crate::place::Places;
use crate::release::release;
use crate::report::{Fragment, Kind, NamespaceFrom, Place, Problem, Report};
use crate::store::Store;
use crate::substitution::substitutions;

const KUSTOMIZATION: &str = "Kustomization";
const HELM_RELEASE: &str = "HelmRelease";

/// What was found so far.
#[derive(Default)]
pub(crate) struct Survey {
    files: usize,
    files_without_objects: usize,
    kinds: BTreeMap<(bool, String, String), Kind>,
    places: Places,
    store: Store,
    images: Images,
    waiting: Vec<Waiting>,
    fragments: Vec<Fragment>,
    problems: Vec<Problem>,
    previous: Option<(String, Store)>,
}

/// An object that may wait for others. Its namespace is settled when all files are known.
struct Waiting {
    name: String,
    namespace: Option<String>,
    at: Place,
    depends_on: Vec<(DependencyReference, Place)>,
    what: What,
}

enum What {
    Kustomization,
    HelmRelease(Box<HelmRelease>),
    /// A piece of an object of that kind. It counts if it is listed as a resource: then patches make it complete.
    Fragment(String),
}

impl Survey {
    /// Takes note of a file or directory that could not be read.
    pub(crate) fn add_unreadable(&mut self, name: &str, reason: &str) {
        let at = Place {
            file: name.to_owned(),
            ..Place::default()
        };
        self.problem(at, "", "", reason);
    }

    /// Takes in the documents of a file, read as kustomize reads it.
    pub(crate) fn add(&mut self, file: &str, bytes: &[u8]) {
        self.files += 1;
        self.store.add(file, bytes);
        let mut objects = 0;
        for document in manifest::documents(bytes, Loader::v3()) {
            objects += usize::from(document.kind().is_some());
            self.store.add_document(file, document.value());
            self.add_document(file, &document);
        }
        self.files_without_objects += usize::from(objects == 0);
    }

    /// The files that generators put into ConfigMaps and that hold no manifests.
    pub(crate) fn wanted(&self) -> BTreeSet<String> {
        let mut wanted = self.store.wanted();
        wanted.extend(self.images.wanted());
        wanted
    }

    /// Takes in the text of such a file.
    pub(crate) fn add_text(&mut self, file: &str, bytes: &[u8]) {
        if !self.images.add_list(file, bytes) {
            self.store.add(file, bytes);
        }
    }

    fn add_document(&mut self, file: &str, document: &Document<'_>) {
        let here = place(file, &document.place());
        match document.decode() {
            Err(error) => self.problem(place(file, error.place()), "", "", error.message()),
            Ok(Decoded::Complete { object, problems }) => {
                self.kind(document).complete += 1;
                self.problems_of(file, document, &problems);
                self.add_object(*object, here, document);
            }
            Ok(Decoded::Fragment {
                missing,
                directives,
                problems,
            }) => {
                self.kind(document).fragments += 1;
                self.problems_of(file, document, &problems);
                self.add_fragment(&here, document);
                self.fragments.push(Fragment {
                    at: here,
                    api_version: document.api_version().unwrap_or_default().to_owned(),
                    kind: document.kind().unwrap_or_default().to_owned(),
                    name: document.name().map(str::to_owned),
                    lacks: missing
                        .iter()
                        .map(|problem| problem.path.to_string())
                        .collect(),
                    directives: directives.iter().map(ToString::to_string).collect(),
                });
            }
            Ok(Decoded::Broken { problems }) => {
                self.kind(document).broken += 1;
                self.problems_of(file, document, &problems);
            }
            Ok(Decoded::Foreign(foreign)) => {
                let api_version = document.api_version().unwrap_or_default();
                if let Some(value) = document.value()
                    && is_overlay(file, api_version)
                {
                    self.places.add_overlay(file, value);
                    self.store.add_overlay(file, value);
                }
                match foreign {
                    Foreign::Untyped => {}
                    Foreign::Unserved { served } => {
                        self.kind(document).broken += 1;
                        let message = format!(
                            "{api_version} is not served; Flux serves {}",
                            served.join(", ")
                        );
                        self.problem(here, &title(document), "apiVersion", &message);
                    }
                    _ => self.kind(document).complete += 1,
                }
            }
        }
    }

    fn add_object(&mut self, object: FluxObject, at: Place, document: &Document<'_>) {
        self.images.add(&object, &at);
        let name = object.name().to_owned();
        let namespace = object.namespace().map(str::to_owned);
        let depends_on = entries(object.depends_on(), &at.file, document);
        let what = match object {
            FluxObject::Kustomization(flux) => {
                if let Some(namespace) = &flux.spec.target_namespace {
                    let path = flux.spec.path.as_deref().unwrap_or(".");
                    self.places.add_target(path, namespace);
                }
                What::Kustomization
            }
            FluxObject::HelmRelease(helm) => What::HelmRelease(helm),
            _ => return,
        };
        self.waiting.push(Waiting {
            name,
            namespace,
            at,
            depends_on,
            what,
        });
    }

    fn add_fragment(&mut self, at: &Place, document: &Document<'_>) {
        let (Some(kind @ (KUSTOMIZATION | HELM_RELEASE)), Some(name)) =
            (document.kind(), document.name())
        else {
            return;
        };
        let depends_on = document
            .value()
            .and_then(|value| value.pointer("/spec/dependsOn"));
        let depends_on = depends_on
            .and_then(|entries| Vec::deserialize(entries).ok())
            .unwrap_or_default();
        self.waiting.push(Waiting {
            name: name.to_owned(),
            namespace: document.namespace().map(str::to_owned),
            at: at.clone(),
            depends_on: entries(&depends_on, &at.file, document),
            what: What::Fragment(kind.to_owned()),
        });
    }

    /// Takes in what was found in an earlier state of the directory.
    pub(crate) fn follow(&mut self, directory: &str, previous: Self) {
        self.previous = Some((directory.to_owned(), previous.store));
    }

    /// The report. `directory` is what it calls the place that was searched.
    pub(crate) fn finish(mut self, directory: &str) -> Report {
        let mut kustomizations = Vec::new();
        let mut helm_releases = Vec::new();
        let mut releases = Vec::new();
        for waiting in std::mem::take(&mut self.waiting) {
            let (namespace, namespace_from) = self.namespace(waiting.namespace, &waiting.at.file);
            let name = NodeName::new(namespace, waiting.name);
            let items = match waiting.what {
                What::Kustomization => &mut kustomizations,
                What::HelmRelease(mut helm) => {
                    helm.metadata.namespace = Some(name.namespace.clone());
                    releases.push(release(name.to_string(), waiting.at.clone(), &helm));
                    &mut helm_releases
                }
                What::Fragment(_) if !self.places.is_resource(&waiting.at.file) => continue,
                What::Fragment(kind) if kind == KUSTOMIZATION => &mut kustomizations,
                What::Fragment(_) => &mut helm_releases,
            };
            items.push(Item {
                name,
                namespace_from,
                at: waiting.at,
                depends_on: waiting.depends_on,
            });
        }
        let mut orders = order::orders(KUSTOMIZATION, &kustomizations);
        orders.extend(order::orders(HELM_RELEASE, &helm_releases));
        let (elections, ranges) = self.images.finish();
        let previous = self.previous.as_ref();
        let transitions = previous.map(|(_, store)| transitions(store, &self.store));
        Report {
            directory: directory.to_owned(),
            files: self.files,
            files_without_objects: self.files_without_objects,
            kinds: self.kinds.into_values().collect(),
            orders,
            releases,
            substitutions: substitutions(&self.store),
            elections,
            ranges,
            transitions: transitions.unwrap_or_default(),
            previous: self.previous.map(|(directory, _)| directory),
            fragments: self.fragments,
            problems: self.problems,
        }
    }

    /// From outside, else from the file: kustomize overrides what a file says.
    fn namespace(&self, written: Option<String>, file: &str) -> (String, NamespaceFrom) {
        let written = written.filter(|namespace| !namespace.is_empty());
        match (self.places.namespace(file), written) {
            (Some(given), Some(written)) if given == written => (written, NamespaceFrom::File),
            (Some(given), _) => (given, NamespaceFrom::Overlay),
            (None, Some(written)) => (written, NamespaceFrom::File),
            (None, None) => (UNKNOWN.to_owned(), NamespaceFrom::Unknown),
        }
    }

    fn kind(&mut self, document: &Document<'_>) -> &mut Kind {
        let api_version = document.api_version().unwrap_or_default().to_owned();
        let kind = document.kind().unwrap_or_default().to_owned();
        let known = registry::by_type(&api_version, &kind).is_some();
        let key = (!known, api_version.clone(), kind.clone());
        self.kinds.entry(key).or_insert(Kind {
            api_version,
            kind,
            known,
            complete: 0,
            fragments: 0,
            broken: 0,
        })
    }

    fn problems_of(&mut self, file: &str, document: &Document<'_>, problems: &[manifest::Problem]) {
        for problem in problems {
            let message = match &problem.what {
                Fault::UnknownField => "no such field".to_owned(),
                Fault::MissingField => "missing".to_owned(),
                Fault::RepeatedKey => "stands in the map more than once".to_owned(),
                Fault::WrongType { message } => message.clone(),
                _ => problem.to_string(),
            };
            let at = place(file, &problem.place);
            self.problem(at, &title(document), &problem.path.to_string(), &message);
        }
    }

    fn problem(&mut self, at: Place, object: &str, path: &str, message: &str) {
        self.problems.push(Problem {
            at,
            object: object.to_owned(),
            path: path.to_owned(),
            message: message.to_owned(),
        });
    }
}

/// Each entry of `dependsOn` with its place.
fn entries(
    references: &[DependencyReference],
    file: &str,
    document: &Document<'_>,
) -> Vec<(DependencyReference, Place)> {
    let at = |index: usize| {
        let path = ["spec".into(), "dependsOn".into(), index.into()];
        place(file, &document.place_of(&path))
    };
    let references = references.iter().cloned().enumerate();
    references
        .map(|(index, reference)| (reference, at(index)))
        .collect()
}

fn title(document: &Document<'_>) -> String {
    format!(
        "{} {}",
        document.kind().unwrap_or_default(),
        document.name().unwrap_or("(no name)")
    )
}

fn place(file: &str, place: &manifest::Place) -> Place {
    Place {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
    }
}

/// Whether kustomize takes the document for its own. The type may be absent, the name of the file may not.
fn is_overlay(file: &str, api_version: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    let named = matches!(
        name,
        "kustomization.yaml" | "kustomization.yml" | "Kustomization"
    );
    named && (api_version.is_empty() || api_version.starts_with("kustomize.config.k8s.io/"))
}
