use std::borrow::Cow;
use std::fmt;

use fluxcd_api::meta::{CommonMetadata, key};
use fluxcd_core::inventory::ObjectId;
use fluxcd_core::ssa::normalize::{self, Normalization, normalize};
use fluxcd_core::ssa::{
    Change, ChangeSet, Stage, Stages, remove_invalid_ca_bundle, set_common_metadata,
    set_owner_labels,
};
use kube::Client;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::object::Run;
use super::set::Progress;
use super::{ApplyOptions, Failure, Owner, Partial};
use crate::clock::Clock;
use crate::mapper::Mapper;

/// Applies and prunes the objects of one owner.
#[derive(Clone)]
pub struct Applier {
    pub(crate) client: Client,
    pub(crate) mapper: Mapper,
    pub(crate) owner: Owner,
    pub(crate) clock: Clock,
}

impl Applier {
    /// Does so as the identity of the client.
    #[must_use]
    pub fn new(client: Client, mapper: Mapper, owner: Owner) -> Self {
        Self {
            client,
            mapper,
            owner,
            clock: Clock::default(),
        }
    }

    /// With another clock than that of the machine. It matters to readiness alone.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Whose objects they are.
    #[must_use]
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Makes of objects what kustomize-controller makes of them before it applies them: the labels of the owner, the form
    /// that Go's types keep, and the labels and annotations of `spec.commonMetadata`. What was dropped on the way stands in
    /// the answer, in the order of the objects.
    ///
    /// # Errors
    ///
    /// That of the first object that is none: a list, for example. Those before it are done.
    pub fn prepare(
        &self,
        objects: &mut [Value],
        common: Option<&CommonMetadata>,
    ) -> Result<Vec<Normalization>, normalize::Error> {
        let Owner {
            name,
            namespace,
            group,
            ..
        } = &self.owner;
        let prepare = |object: &mut Value| {
            set_owner_labels(object, group, name, namespace);
            let normalization = normalize(object)?;
            if let Some(common) = common {
                set_common_metadata(object, common);
            }
            Ok(normalization)
        };
        objects.iter_mut().map(prepare).collect()
    }

    /// Applies one object, if it is not what it should be.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (Apply)`.
    ///
    /// # Errors
    ///
    /// [`Failure`] of the request that failed, or of the decision that could not be taken.
    pub async fn apply(
        &self,
        object: &Value,
        options: &ApplyOptions,
        cancel: &CancellationToken,
    ) -> Result<Change, Failure> {
        let object = without_invalid_bundle(object);
        let options = self.options(options);
        let run = self.run(&options, cancel);
        let planned = run.plan(&object).await?;
        Ok(run.write(planned).await?.change)
    }

    /// Applies objects in their order: first the dry run of all of them, then those that are not what they should be.
    ///
    /// Dry runs are sent side by side, as upstream does. So are the writes, which upstream sends one by one, but only of
    /// objects of one kind: the next kind waits for them.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (ApplyAll)`.
    ///
    /// # Errors
    ///
    /// [`Partial`] if an object failed, or if it was cancelled.
    pub async fn apply_all(
        &self,
        objects: &[Value],
        options: &ApplyOptions,
        cancel: &CancellationToken,
    ) -> Result<ChangeSet, Partial> {
        let objects: Vec<_> = objects.iter().map(without_invalid_bundle).collect();
        let mut ordered: Vec<&Value> = objects.iter().map(AsRef::as_ref).collect();
        ordered.sort_by_cached_key(|object| ObjectId::of(object));
        let options = self.options(options);
        let mut progress = Progress::new(self.run(&options, cancel));
        progress.stage(&ordered).await;
        progress.end()
    }

    /// Applies objects in stages: definitions, classes, the kinds of [`ApplyOptions::custom_kinds`], and the rest. After
    /// definitions and after classes it waits until they are ready, so that what is built on them can be applied in the
    /// same run.
    ///
    /// An object of a kind that one of the definitions defines is tried again as long as the API server does not serve it,
    /// within [`ApplyOptions::stage_timeout`].
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `manager_apply.go (ApplyAllStaged)`.
    ///
    /// # Errors
    ///
    /// [`Partial`] if an object failed, a stage did not become ready, or if it was cancelled.
    pub async fn apply_staged(
        &self,
        objects: &[Value],
        options: &ApplyOptions,
        cancel: &CancellationToken,
    ) -> Result<ChangeSet, Partial> {
        let objects: Vec<_> = objects.iter().map(without_invalid_bundle).collect();
        let stages = Stages::plan(objects.iter().map(AsRef::as_ref), &options.custom_kinds);
        let options = self.options(options);
        let mut progress = Progress::new(self.run(&options, cancel));
        for (stage, objects) in [
            (Stage::Definitions, &stages.definitions),
            (Stage::Classes, &stages.classes),
            (Stage::Custom, &stages.custom),
            (Stage::Rest, &stages.rest),
        ] {
            let done = progress.stage(objects).await;
            match stage {
                Stage::Definitions | Stage::Classes => progress.wait(objects, &done).await,
                Stage::Custom | Stage::Rest => {}
            }
        }
        progress.end()
    }

    /// The options, with ignore rules that know whose fields are our own.
    pub(super) fn options<'r>(&self, options: &'r ApplyOptions) -> Cow<'r, ApplyOptions> {
        let mut options = Cow::Borrowed(options);
        if self.owner.manager != key::MANAGER_KUSTOMIZE {
            let ignore = options.ignore.clone();
            options.to_mut().ignore = ignore.managed_by(&*self.owner.manager);
        }
        options
    }

    pub(super) fn run<'r>(
        &'r self,
        options: &'r ApplyOptions,
        cancel: &'r CancellationToken,
    ) -> Run<'r> {
        Run {
            applier: self,
            options,
            cancel,
        }
    }
}

impl fmt::Debug for Applier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut applier = f.debug_struct("Applier");
        applier.field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// The object as it is applied; a CustomResourceDefinition without the bundle that the API server would refuse.
pub(super) fn without_invalid_bundle(object: &Value) -> Cow<'_, Value> {
    let has_bundle = object.pointer("/spec/conversion/webhook/clientConfig/caBundle");
    let mut object = Cow::Borrowed(object);
    if has_bundle.is_some() {
        remove_invalid_ca_bundle(object.to_mut());
    }
    object
}
