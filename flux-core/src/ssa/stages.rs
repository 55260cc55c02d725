use std::collections::BTreeSet;
use std::convert::Infallible;
use std::str::FromStr;

use serde_json::Value;

use super::object;
use crate::inventory::ObjectId;

/// The stages of an apply, each in apply order.
///
/// All objects of a stage go through their dry run before the first of them is applied. After `definitions` and after
/// `classes` the engine waits until every object of the stage is Current, skipped ones too: it looks every 2 seconds, for
/// at most 60, whatever `spec.timeout` says. It does not wait after `custom`.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Stages<'o> {
    /// CustomResourceDefinitions, Namespaces, ClusterRoles.
    pub definitions: Vec<&'o Value>,
    /// Every kind whose name ends in `Class`, custom resources included.
    pub classes: Vec<&'o Value>,
    /// The kinds of `--custom-apply-stage-kinds`.
    pub custom: Vec<&'o Value>,
    /// All else.
    pub rest: Vec<&'o Value>,
}

/// One of the stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// CustomResourceDefinitions, Namespaces, ClusterRoles.
    Definitions,
    /// Every kind whose name ends in `Class`.
    Classes,
    /// The kinds of `--custom-apply-stage-kinds`.
    Custom,
    /// All else.
    Rest,
}

/// The kinds that get a stage of their own: `--custom-apply-stage-kinds`.
///
/// Items stand between commas and are `group/Kind`, or `Kind` for the core group. White space around an item does not
/// count. Nothing is refused: an empty item names the empty kind.
///
/// Source: fluxcd/pkg ssa v0.76.1: `utils/meta.go (ParseGroupKindSet)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomKinds(BTreeSet<(String, String)>);

impl<'o> Stages<'o> {
    /// Puts objects into stages.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (ApplyAllStaged)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::ssa::{CustomKinds, Stages};
    /// use serde_json::json;
    ///
    /// let objects = [
    ///     json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}}),
    ///     json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
    /// ];
    /// let stages = Stages::plan(&objects, &CustomKinds::default());
    /// assert_eq!(stages.definitions, [&objects[1]]);
    /// assert_eq!(stages.rest, [&objects[0]]);
    /// ```
    pub fn plan(objects: impl IntoIterator<Item = &'o Value>, custom: &CustomKinds) -> Self {
        let mut stages = Self::default();
        for object in objects {
            let stage = match Stage::of(object, custom) {
                Stage::Definitions => &mut stages.definitions,
                Stage::Classes => &mut stages.classes,
                Stage::Custom => &mut stages.custom,
                Stage::Rest => &mut stages.rest,
            };
            stage.push(object);
        }
        for stage in [
            &mut stages.definitions,
            &mut stages.classes,
            &mut stages.custom,
            &mut stages.rest,
        ] {
            stage.sort_by_cached_key(|object| ObjectId::of(object));
        }
        stages
    }
}

impl Stage {
    /// The stage of an object.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `utils/is.go`.
    #[must_use]
    pub fn of(object: &Value, custom: &CustomKinds) -> Self {
        if is_definition(object) {
            return Self::Definitions;
        }
        if object::top(object, "kind").ends_with("Class") {
            return Self::Classes;
        }
        let (group, _, kind) = object::group_version_kind(object);
        match custom.contains(group, kind) {
            true => Self::Custom,
            false => Self::Rest,
        }
    }
}

impl CustomKinds {
    /// Reads the text of the flag.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut kinds = BTreeSet::new();
        // Without an item there is none, but a comma makes two.
        for item in text.split(',').filter(|_| !text.is_empty()) {
            let item = item.trim();
            let (group, kind) = item.split_once('/').unwrap_or(("", item));
            kinds.insert((group.to_owned(), kind.to_owned()));
        }
        Self(kinds)
    }

    /// Whether the kind is one of them.
    #[must_use]
    pub fn contains(&self, group: &str, kind: &str) -> bool {
        self.0.iter().any(|(g, k)| g == group && k == kind)
    }
}

impl FromStr for CustomKinds {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::parse(text))
    }
}

/// Whether it is a CustomResourceDefinition. The case of the kind does not count.
pub(super) fn is_crd(object: &Value) -> bool {
    is(object, "customresourcedefinition")
        && object::top(object, "apiVersion").starts_with("apiextensions.k8s.io/")
}

/// Whether it is a Secret. The case of the kind does not count.
pub(super) fn is_secret(object: &Value) -> bool {
    is(object, "secret") && object::top(object, "apiVersion") == "v1"
}

fn is_definition(object: &Value) -> bool {
    let api_version = object::top(object, "apiVersion");
    is_crd(object)
        || is(object, "namespace") && api_version == "v1"
        || is(object, "clusterrole") && api_version.starts_with("rbac.authorization.k8s.io/")
}

/// Go's lower-casing, under which the sign of Kelvin is a k, and a dotted capital I an i with a dot.
fn is(object: &Value, kind: &str) -> bool {
    let letters = object::top(object, "kind").chars();
    letters
        .map(fluxcd_dialect::unicode::to_lower)
        .eq(kind.chars())
}
