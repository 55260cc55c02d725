//! The answer as data: what `--format json` prints, and what the text is made from.

use serde::Serialize;

/// Everything that was found out about a directory.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    /// The directory, as it was named.
    pub(crate) directory: String,
    /// How many files were read.
    pub(crate) files: usize,
    /// How many of them hold no Kubernetes object at all.
    pub(crate) files_without_objects: usize,
    /// Objects by kind; the kinds of Flux come first.
    pub(crate) kinds: Vec<Kind>,
    /// What waits for what, one entry per kind that has `dependsOn` and part of the repository.
    pub(crate) orders: Vec<Order>,
    /// What helm-controller makes of each HelmRelease.
    pub(crate) releases: Vec<Release>,
    /// What becomes of the variables of each Kustomization that has some.
    pub(crate) substitutions: Vec<Substitution>,
    /// What each ImagePolicy elects whose repository has a tag list.
    pub(crate) elections: Vec<Election>,
    /// What the version range of each GitRepository and OCIRepository means.
    pub(crate) ranges: Vec<Meaning>,
    /// The directory of the previous state, if there is one.
    pub(crate) previous: Option<String>,
    /// What Flux does on the way from the previous state to this one, by Kustomization.
    pub(crate) transitions: Vec<Transition>,
    /// Pieces of objects, meant to be merged into a complete one.
    pub(crate) fragments: Vec<Fragment>,
    /// Whatever could not be read or decoded.
    pub(crate) problems: Vec<Problem>,
}

/// Where something stands.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Place {
    /// File below the directory.
    pub(crate) file: String,
    /// Line, counted from 1.
    pub(crate) line: usize,
    /// Column, counted from 1 in characters.
    pub(crate) column: usize,
}

/// How often a kind occurs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Kind {
    /// `apiVersion` as written.
    pub(crate) api_version: String,
    /// `kind` as written.
    pub(crate) kind: String,
    /// Whether this library knows the kind in this version.
    pub(crate) known: bool,
    /// Complete objects.
    pub(crate) complete: usize,
    /// Pieces of objects.
    pub(crate) fragments: usize,
    /// Objects that do not decode.
    pub(crate) broken: usize,
}

/// The objects of one kind in one part of the repository, in the order in which Flux can reconcile them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Order {
    /// `Kustomization` or `HelmRelease`.
    pub(crate) kind: String,
    /// The directory that holds them; empty where the repository has no two objects of one name.
    pub(crate) part: String,
    /// The objects; sorted by name where a cycle leaves no order.
    pub(crate) steps: Vec<Step>,
    /// The dependencies that wait for one another, in the words of the controllers.
    pub(crate) cycle: Option<String>,
}

/// One object in an order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Step {
    /// Namespace and name; the namespace is `?` where no file tells it.
    pub(crate) object: String,
    /// Where the namespace is from.
    pub(crate) namespace_from: NamespaceFrom,
    /// Where the object stands.
    pub(crate) at: Place,
    /// Other places with an object of that name in the same part; overlays may choose among them.
    pub(crate) also_at: Vec<Place>,
    /// What it waits for, in the order of `dependsOn`.
    pub(crate) waits_for: Vec<Edge>,
}

/// Why one object stands behind another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Edge {
    /// Whom it waits for.
    pub(crate) object: String,
    /// Whether that one is in the repository.
    pub(crate) found: bool,
    /// Path of the entry that says so.
    pub(crate) path: String,
    /// Where that entry stands.
    pub(crate) at: Place,
    /// The condition of the entry, if it has one of its own.
    pub(crate) ready_expr: Option<String>,
}

/// Where a namespace is from.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum NamespaceFrom {
    /// `metadata.namespace`.
    File,
    /// The `kustomization.yaml` or the Flux Kustomization that leads to the file.
    Overlay,
    /// Nothing in the repository tells it, or overlays differ.
    #[default]
    Unknown,
}

/// A value and who decided it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Sourced<T> {
    /// The value that counts.
    pub(crate) value: T,
    /// `spec`, `default`, `flag` or `annotation`.
    pub(crate) origin: &'static str,
}

/// A HelmRelease as helm-controller understands it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Release {
    /// Namespace and name of the HelmRelease.
    pub(crate) object: String,
    /// Where it stands.
    pub(crate) at: Place,
    /// The name of the Helm release.
    pub(crate) name: String,
    /// The field or fields that the name is made from.
    pub(crate) name_from: String,
    /// The name before it was shortened, if it had to be.
    pub(crate) shortened_from: Option<String>,
    /// Why Helm refuses the name, if it does.
    pub(crate) name_fault: Option<String>,
    /// Where the objects of the release go.
    pub(crate) namespace: Sourced<String>,
    /// Where Helm keeps its records.
    pub(crate) storage_namespace: Sourced<String>,
    /// The object that holds the chart.
    pub(crate) chart: Option<String>,
    /// What follows a failed install.
    pub(crate) install: Failure,
    /// What follows a failed upgrade.
    pub(crate) upgrade: Failure,
}

/// What follows the failure of an action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Failure {
    /// `RemediateOnFailure` or `RetryOnFailure`.
    pub(crate) strategy: Sourced<String>,
    /// How long until the action is tried again, when it is retried instead of undone.
    pub(crate) retry_interval: Option<Sourced<String>>,
    /// How many failures are undone; negative is without end.
    pub(crate) retries: Sourced<i64>,
    /// How a failure is undone.
    pub(crate) remediation: Sourced<String>,
    /// Whether the failure that uses up the retries is undone as well.
    pub(crate) remediate_last_failure: Sourced<bool>,
    /// Whether a failed Helm test counts as success.
    pub(crate) ignore_test_failures: Sourced<bool>,
}

/// A piece of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Fragment {
    /// Where it stands.
    pub(crate) at: Place,
    /// `apiVersion` as written.
    pub(crate) api_version: String,
    /// `kind` as written.
    pub(crate) kind: String,
    /// The name of the object that it belongs to, if it has one.
    pub(crate) name: Option<String>,
    /// The required fields that it lacks.
    pub(crate) lacks: Vec<String>,
    /// Where it says how it is to be merged, such as `spec.ref.$patch`.
    pub(crate) directives: Vec<String>,
}

/// Something that could not be read or decoded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Problem {
    /// Where it stands.
    pub(crate) at: Place,
    /// What it belongs to: kind and name, empty where that is not known.
    pub(crate) object: String,
    /// Path of the field, empty for the document as a whole.
    pub(crate) path: String,
    /// What is wrong.
    pub(crate) message: String,
}

/// What substitution does to the objects of a Kustomization.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Substitution {
    /// Namespace and name of the Kustomization.
    pub(crate) object: String,
    /// Where it stands.
    pub(crate) at: Place,
    /// The directories of the clusters in which it is so.
    pub(crate) clusters: Vec<String>,
    /// How many variables the repository has for it.
    pub(crate) variables: usize,
    /// Why not everything can be known.
    pub(crate) undecided: Vec<String>,
    /// Sources that are encrypted: their names are known, their values and what they do are not.
    pub(crate) encrypted: Vec<String>,
    /// What it takes in that is not in the repository, and is not looked at.
    pub(crate) missing: Vec<String>,
    /// Variables without default that the repository does not have; the cluster may.
    pub(crate) expects: Vec<String>,
    /// What fails in strict mode, the default since Flux 2.9.
    pub(crate) failures: Vec<Finding>,
    /// Values that change their type.
    pub(crate) retyped: Vec<Finding>,
}

/// Something about one place of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Finding {
    /// Where it stands.
    pub(crate) at: Place,
    /// Kind and name of the object; of several objects, where a patch brings it into all of them.
    pub(crate) objects: Vec<String>,
    /// Path of the value, empty for the object as a whole.
    pub(crate) path: String,
    /// What there is to say.
    pub(crate) message: String,
}

/// What an ImagePolicy elects.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Election {
    /// Its name.
    pub(crate) object: String,
    /// Where it stands.
    pub(crate) at: Place,
    /// The file with the tags.
    pub(crate) list: String,
    /// How many there are.
    pub(crate) tags: usize,
    /// What they are compared by.
    pub(crate) rule: String,
    /// The tag that is elected.
    pub(crate) elected: Option<String>,
    /// Other tags that Flux could elect as well.
    pub(crate) tied: Vec<String>,
    /// Why none is elected, in the words of the controller.
    pub(crate) error: Option<String>,
    /// Why the others lost.
    pub(crate) losers: Vec<Losers>,
}

/// Tags that lost for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Losers {
    /// The reason.
    pub(crate) why: String,
    /// How many there are.
    pub(crate) count: usize,
    /// The first of them.
    pub(crate) tags: Vec<String>,
}

/// What a version range means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Meaning {
    /// Kind and name of the source.
    pub(crate) object: String,
    /// Where it stands.
    pub(crate) at: Place,
    /// The range.
    pub(crate) range: String,
    /// The range in words.
    pub(crate) words: Option<String>,
    /// Why it is none.
    pub(crate) error: Option<String>,
}

/// What a Kustomization does on the way from the previous state of the repository to this one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Transition {
    /// Its namespace and name.
    pub(crate) object: String,
    /// The directory of the cluster.
    pub(crate) cluster: String,
    /// Where it stands, or stood.
    pub(crate) at: Place,
    /// Whether it is there no more. Its objects go when it is deleted.
    pub(crate) is_gone: bool,
    /// What is not known, and why.
    pub(crate) undecided: Vec<String>,
    /// What it applies, stage by stage.
    pub(crate) stages: Vec<StagePlan>,
    /// What it applies no more, in the order of deletion.
    pub(crate) pruned: Vec<Pruned>,
}

/// The objects of a stage, in the order in which they are applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct StagePlan {
    /// `definitions`, `classes` or `rest`.
    pub(crate) stage: &'static str,
    /// Its objects.
    pub(crate) objects: Vec<Applied>,
}

/// An object that is applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Applied {
    /// Kind, namespace and name.
    pub(crate) object: String,
    /// What that does.
    pub(crate) effect: Effect,
}

/// What applying an object does.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Effect {
    /// It is new.
    Created,
    /// Its file says something else.
    Configured,
    /// Its file says the same.
    Unchanged,
    /// Its file says the same, but something may change it on the way.
    Applied,
}

/// An object that is applied no more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Pruned {
    /// Kind, namespace and name.
    pub(crate) object: String,
    /// Whether it is deleted; it stays in the cluster otherwise, and is forgotten.
    pub(crate) deleted: bool,
    /// Why it stays.
    pub(crate) why: Option<String>,
    /// Another Kustomization that applies it now. If that one comes first, the object is not deleted.
    pub(crate) moves_to: Option<String>,
}

impl Effect {
    /// The word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Configured => "configured",
            Self::Unchanged => "unchanged",
            Self::Applied => "applied",
        }
    }
}
