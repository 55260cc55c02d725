//! Documents to typed objects, with every problem and not only the first.

mod audit;
mod repair;

use fluxcd_api::object::{self, FluxObject};
use fluxcd_api::registry;
use fluxcd_dialect::yaml::{Segment, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::repair::{Defect, Refusal, Repair};
use super::document::Document;
use super::error::Error;
use super::place::FieldPath;
use super::problem::{Fault, Problem};

/// What a document is, as an object of a type.
///
/// | it has | it is |
/// |---|---|
/// | a value that does not fit its field, or more than 128 levels | [`Broken`](Self::Broken) |
/// | else a required field that is absent, `metadata.name` among them, or a directive of a strategic merge (`$patch`) | a [`Fragment`](Self::Fragment) |
/// | neither | [`Complete`](Self::Complete) |
///
/// Unknown fields and repeated keys change nothing about that: they are reported in all three. A null counts as absent. A
/// file alone cannot tell a patch from an object in which a field was forgotten; both are fragments, and a misspelled field
/// shows as one that is missing and one that is unknown.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Decoded<T> {
    /// An object.
    Complete {
        /// The object. Unknown fields are not in it.
        object: Box<T>,
        /// Unknown fields and repeated keys, in order of their place.
        problems: Vec<Problem>,
    },
    /// A piece of an object: a patch, or what a kustomize component adds.
    Fragment {
        /// The fields that would make it an object. What a missing field must contain is not listed.
        missing: Vec<Problem>,
        /// Where it says how it is to be merged: the paths of the keys `$patch`, `$retainKeys` and the like.
        directives: Vec<FieldPath>,
        /// Unknown fields and repeated keys, in order of their place.
        problems: Vec<Problem>,
    },
    /// Something that neither is an object nor becomes one by adding to it.
    Broken {
        /// Everything that is wrong with it, missing fields included, in order of their place.
        problems: Vec<Problem>,
    },
    /// An object of another kind.
    Foreign(Foreign),
}

/// Why a document is no object of Flux.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// It has no `apiVersion` or no `kind`: an empty document, Helm values, a kustomization file without type.
    Untyped,
    /// A kind of Flux in a version that is no longer served, or not yet.
    Unserved {
        /// The versions that are, the stored one first.
        served: Vec<&'static str>,
    },
    /// A kind that is not Flux's.
    Other,
}

/// How many times a document is decoded at most while its problems are collected: often, unless it is large.
fn attempts(value: &Value) -> usize {
    (8_000_000 / audit::nodes(value).max(1)).clamp(20, 400)
}

impl Document<'_> {
    /// Decodes an object of Flux by its `apiVersion` and `kind`.
    ///
    /// All problems are collected, as long as there are no more than some hundred that keep the object from being decoded
    /// (some ten in a document of megabytes). If there are more, unknown fields are not looked for.
    ///
    /// # Errors
    ///
    /// The document cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::manifest::{Decoded, documents};
    /// use fluxcd_dialect::yaml::Loader;
    ///
    /// let file = b"apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: GitRepository
    /// metadata: {name: fleet}
    /// spec:
    ///   intervall: 1m
    /// ";
    /// let document = documents(file, Loader::v2()).next().unwrap();
    /// let Decoded::Fragment { missing, problems, .. } = document.decode()? else { panic!() };
    /// assert_eq!(missing[0].to_string(), "4:1: missing field `spec.interval`");
    /// assert_eq!(missing[1].to_string(), "4:1: missing field `spec.url`");
    /// assert_eq!(problems[0].to_string(), "5:3: unknown field `spec.intervall`");
    /// # Ok::<(), fluxcd_core::manifest::Error>(())
    /// ```
    pub fn decode(&self) -> Result<Decoded<FluxObject>, Error> {
        let value = self.content().map_err(Clone::clone)?;
        let (Some(api_version), Some(kind)) = (self.api_version(), self.kind()) else {
            return Ok(Decoded::Foreign(Foreign::Untyped));
        };
        if registry::by_type(api_version, kind).is_none() {
            return Ok(Decoded::Foreign(foreign(api_version, kind)));
        }
        let decode = |candidate: &Value| {
            FluxObject::decode(candidate.clone()).map_err(|error| match error {
                object::Error::Decode { path, source, .. } => Refusal {
                    path: resolve(candidate, &path),
                    message: source.to_string(),
                },
                other => Refusal {
                    path: FieldPath::default(),
                    message: other.to_string(),
                },
            })
        };
        Ok(self.judge(value, &decode))
    }

    /// Decodes an object as that type, whatever its `apiVersion` and `kind` are. Never [`Foreign`](Decoded::Foreign).
    ///
    /// Fields are known if they survive decoding and encoding. A type with `serde(flatten)` works; problems inside of its
    /// flattened part are reported for the part as a whole.
    ///
    /// # Errors
    ///
    /// The document cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::manifest::{Decoded, documents};
    /// use fluxcd_dialect::yaml::Loader;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Debug, Serialize, Deserialize)]
    /// struct Widget { spec: Spec }
    /// #[derive(Debug, Serialize, Deserialize)]
    /// struct Spec { size: u8 }
    ///
    /// let file = b"kind: Widget\nmetadata: {name: a}\nspec: {size: big, colour: red}\n";
    /// let document = documents(file, Loader::v2()).next().unwrap();
    /// let Decoded::Broken { problems } = document.decode_as::<Widget>()? else { panic!() };
    /// assert_eq!(problems[0].to_string(), r#"3:14: `spec.size`: invalid type: string "big", expected u8"#);
    /// assert_eq!(problems[1].to_string(), "3:19: unknown field `spec.colour`");
    /// # Ok::<(), fluxcd_core::manifest::Error>(())
    /// ```
    pub fn decode_as<T: DeserializeOwned + Serialize>(&self) -> Result<Decoded<T>, Error> {
        let value = self.content().map_err(Clone::clone)?;
        let decode = |candidate: &Value| {
            serde_path_to_error::deserialize(candidate).map_err(|error| Refusal {
                path: segments(error.path()),
                message: error.inner().to_string(),
            })
        };
        Ok(self.judge(value, &decode))
    }

    fn judge<T: Serialize>(
        &self,
        value: &Value,
        decode: &dyn Fn(&Value) -> Result<T, Refusal>,
    ) -> Decoded<T> {
        if let Some(path) = audit::deeper(value, object::MAX_DEPTH) {
            let problems = self.problems(vec![Defect::new(Fault::TooDeep, path)]);
            return Decoded::Broken { problems };
        }
        let mut repair = Repair::new(value, decode, attempts(value));
        let object = repair.run();
        let mut defects = repair.defects;
        if object.is_none() && defects.is_empty() {
            // More nulls than attempts.
            let refusal = decode(&repair.value).err();
            defects.extend(refusal.map(|refusal| Repair::<T>::diagnose(&refusal)));
        }
        if let Some(object) = &object {
            let unknown = audit::audit(&repair.value, object, decode, repair.attempts);
            let invented = repair.invented;
            let reported = unknown
                .into_iter()
                .filter(|defect| !invented.iter().any(|path| defect.path.starts_with(path)));
            defects.extend(reported);
        }
        if !named(value) {
            let path = FieldPath::default().join("metadata").join("name");
            let known = defects.iter().any(|defect| path.starts_with(&defect.path));
            if !known {
                defects.push(Defect::new(Fault::MissingField, path));
            }
        }
        let problems = self.problems(defects);
        let broken = |problem: &Problem| matches!(problem.what, Fault::WrongType { .. });
        if problems.iter().any(broken) {
            return Decoded::Broken { problems };
        }
        let (missing, problems): (Vec<_>, Vec<_>) = problems
            .into_iter()
            .partition(|problem| problem.what == Fault::MissingField);
        let directives = audit::directives(value);
        match object {
            Some(object) if missing.is_empty() && directives.is_empty() => Decoded::Complete {
                object: Box::new(object),
                problems,
            },
            _ => Decoded::Fragment {
                missing,
                directives,
                problems,
            },
        }
    }

    /// Gives each defect its place, and orders them by it.
    fn problems(&self, defects: Vec<Defect>) -> Vec<Problem> {
        let spans: Vec<Span> = defects.iter().map(|defect| self.span(defect)).collect();
        let (repeated, keys): (Vec<Defect>, Vec<Span>) = self.repeated_keys().unzip();
        let places = self.source.places(&[spans, keys].concat());
        let mut problems: Vec<Problem> = defects
            .into_iter()
            .chain(repeated)
            .zip(places)
            .map(|(Defect { fault, path }, place)| Problem {
                what: fault,
                path,
                place,
            })
            .collect();
        problems.sort_by_cached_key(|problem| (problem.place.span.start, problem.path.to_string()));
        problems
    }

    fn span(&self, defect: &Defect) -> Span {
        match &defect.fault {
            Fault::WrongType { .. } | Fault::TooDeep => self.span_of(&defect.path),
            Fault::UnknownField | Fault::RepeatedKey => self.span_of_key(&defect.path),
            Fault::MissingField => {
                let mut holder = defect.path.parent().unwrap_or_default();
                // `metadata.name` of an object without metadata.
                while self.source.spans.value(&self.full(&holder)).is_none() {
                    match holder.parent() {
                        Some(parent) => holder = parent,
                        None => break,
                    }
                }
                self.span_of_key(&holder)
            }
        }
    }

    /// The repeated keys of the document that stand in this object, with the places of the keys.
    fn repeated_keys(&self) -> impl Iterator<Item = (Defect, Span)> {
        let base = self.full(&[]);
        self.source.repeated.iter().filter_map(move |(path, key)| {
            let inner = path
                .strip_prefix(base.as_slice())
                .filter(|inner| !inner.is_empty())?;
            let path = inner.iter().cloned().collect();
            Some((Defect::new(Fault::RepeatedKey, path), key.clone()))
        })
    }
}

fn named(value: &Value) -> bool {
    let name = value
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    name.is_some_and(|name| name.as_str() != Some("") && !name.is_null())
}

fn foreign(api_version: &str, kind: &str) -> Foreign {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let served: Vec<_> = registry::by_kind(kind)
        .into_iter()
        .filter(|entry| entry.group == group)
        .map(|entry| entry.version)
        .collect();
    if served.is_empty() {
        Foreign::Other
    } else {
        Foreign::Unserved { served }
    }
}

fn segments(path: &serde_path_to_error::Path) -> FieldPath {
    use serde_path_to_error::Segment as Step;
    path.iter()
        .filter_map(|step| match step {
            Step::Seq { index } => Some(Segment::from(*index)),
            Step::Map { key } => Some(Segment::from(key.as_str())),
            // The variant of an enum is no field of its own unless it is the key of a map.
            Step::Enum { .. } | Step::Unknown => None,
        })
        .collect()
}

/// The path behind `spec.dependsOn[0].name` in a value. Keys may hold dots and brackets: the longest key that fits wins.
fn resolve(mut value: &Value, path: &str) -> FieldPath {
    let mut found = FieldPath::default();
    let mut rest = path;
    loop {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let step = match value {
            Value::Object(members) => members
                .iter()
                .filter_map(|(key, inner)| {
                    let behind = rest.strip_prefix(key.as_str())?;
                    let ends = behind.is_empty() || behind.starts_with(['.', '[']);
                    ends.then_some((Segment::from(key.as_str()), inner, behind))
                })
                .min_by_key(|(_, _, behind)| behind.len()),
            Value::Array(items) => rest.strip_prefix('[').and_then(|inside| {
                let (index, behind) = inside.split_once(']')?;
                let index: usize = index.parse().ok()?;
                Some((Segment::from(index), items.get(index)?, behind))
            }),
            _ => None,
        };
        let Some((segment, inner, behind)) = step.filter(|_| !rest.is_empty()) else {
            return found;
        };
        found = found.join(segment);
        (value, rest) = (inner, behind);
    }
}

#[cfg(test)]
mod tests;
