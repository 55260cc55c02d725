use std::time::Duration;

use fluxcd_api::meta::key;
use fluxcd_core::FluxVersion;
use fluxcd_core::inventory::{self, Prune};
use fluxcd_core::ready::Reader;
use fluxcd_core::ssa::{CustomKinds, IgnoreRules, Immutable};
use serde_json::Value;

/// Whose objects they are: the labels that they bear, and the name under which their fields are owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Name of the object that owns them, of a Kustomization for example.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The field manager.
    pub manager: String,
    /// The group of the labels, `<group>/name` and `<group>/namespace`.
    pub group: String,
}

impl Owner {
    /// A Kustomization. A controller of its own sets the manager and the group as well: otherwise a Kustomization of that name
    /// would take the objects for its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_kube::apply::Owner;
    ///
    /// assert_eq!(Owner::new("apps", "flux-system").manager, "kustomize-controller");
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, namespace: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            namespace: namespace.into(),
            manager: key::MANAGER_KUSTOMIZE.to_owned(),
            group: "kustomize.toolkit.fluxcd.io".to_owned(),
        }
    }

    /// Whether a stale object of this owner is deleted.
    pub(crate) fn decide<'o>(&self, live: Option<&'o Value>) -> Prune<'o> {
        let Self {
            name, namespace, ..
        } = self;
        Prune::decide_in(&self.group, live, inventory::Owner { name, namespace })
    }
}

/// How objects are applied.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ApplyOptions {
    /// Whether every object that cannot be changed is deleted and created again: `spec.force`. Without it, the annotation
    /// or label `kustomize.toolkit.fluxcd.io/force: enabled` asks for it.
    pub force: bool,
    /// Which errors count as the refusal to change a field. Not what upstream does: a 409 Conflict deletes nothing here.
    pub immutable: Immutable,
    /// The namespace of objects that need one and name none. Without it they fail, as they do in kustomize-controller.
    pub namespace: Option<String>,
    /// What an object that failed means for the others.
    pub on_failure: OnFailure,
    /// Fields that are left to others: `spec.ignore`.
    pub ignore: IgnoreRules,
    /// Kinds that get a stage of their own: `--custom-apply-stage-kinds`.
    pub custom_kinds: CustomKinds,
    /// Field managers whose fields are taken over after the dry run: `--override-manager`.
    pub override_managers: Vec<String>,
    /// Field managers whose fields are taken over before it: `--override-manager-before-dry-run`, since Flux 2.10.
    pub override_managers_before_dry_run: Vec<String>,
    /// Whether `metadata.managedFields` is moved to the API version of the source first: the feature gate
    /// `MigrateAPIVersion`.
    pub migrate_api_version: bool,
    /// Whose decisions are taken.
    pub flux: FluxVersion,
    /// How many objects are in flight at once: `--concurrent-ssa`, 4. None counts as one.
    pub concurrency: usize,
    /// How long the dry run of one object may take with all that belongs to it, and how long its apply: 2 minutes each.
    pub deadline: Duration,
    /// How readiness of definitions and classes is judged.
    pub reader: Reader,
    /// How long a stage may take to become ready: a minute, as upstream has it.
    pub stage_timeout: Duration,
    /// How often the API server is asked while something is waited for: every 2 seconds.
    pub interval: Duration,
}

/// What an object that failed means for the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum OnFailure {
    /// They are applied all the same.
    #[default]
    GoOn,
    /// Nothing of its stage is written if it failed its dry run, and nothing after it. What kustomize-controller does.
    HoldBack,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            force: false,
            immutable: Immutable::Invalid,
            namespace: None,
            on_failure: OnFailure::default(),
            ignore: IgnoreRules::default(),
            custom_kinds: CustomKinds::default(),
            override_managers: Vec::new(),
            override_managers_before_dry_run: Vec::new(),
            migrate_api_version: false,
            flux: FluxVersion::default(),
            concurrency: 4,
            deadline: Duration::from_secs(120),
            reader: Reader::new(),
            stage_timeout: Duration::from_secs(60),
            interval: Duration::from_secs(2),
        }
    }
}
