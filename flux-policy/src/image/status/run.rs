//! One run of the reflector over an ImagePolicy.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fluxcd_api::image::v1::{
    DigestReflectionPolicy, ImagePolicy, ImagePolicyStatus, ImageRef, ImageRepository,
};
use fluxcd_api::meta::condition::{READY, RECONCILING};
use fluxcd_api::meta::{Duration, Kind, reason};
use fluxcd_core::access::{Access, Cause, Facts, Field, Reference};
use fluxcd_core::condition::{self, Conditions, ResultFinalizer};
use fluxcd_core::schedule::Requeue;
use fluxcd_dialect::float;
use fluxcd_dialect::version::{Dialect, Version};

use super::verdict::PolicyVerdict;
use crate::image::policy::compile_for;
use crate::image::{
    Elected, Exclusions, FetchStep, ImageReference, NoWinner, PendingDigest, Reflection, Rule,
    SelectError, TagPolicy,
};

/// What the cluster, the storage and the flags of the controller say.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PolicyFacts<'a> {
    /// The ImageRepository that the policy names, if it exists.
    pub repository: Option<&'a ImageRepository>,
    /// The labels of the namespace of the policy, if that exists. Of interest for repositories of other namespaces only.
    pub namespace_labels: Option<&'a BTreeMap<String, String>>,
    /// What is stored for the canonical name in the status of the repository, in the order of the storage: a scan leaves it
    /// descending.
    pub stored: &'a [String],
    /// Flag `--no-cross-namespace-refs`, off by default.
    pub no_cross_namespace_refs: bool,
    /// Gate `ObjectLevelWorkloadIdentity`, off by default.
    pub object_level_workload_identity: bool,
    /// Flag `--requeue-dependency`, 30 seconds by default.
    pub requeue_dependency: Duration,
    /// The time.
    pub now: DateTime<Utc>,
}

/// How far a run comes.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyRun<'a> {
    /// To its end.
    Done(Box<PolicyOutcome>),
    /// To the question for the digest of the elected tag.
    Fetch(PendingRun<'a>),
}

/// A run that waits for a digest.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct PendingRun<'a> {
    run: Run<'a>,
    digest: PendingDigest<'a>,
}

/// What a run makes of a policy.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyOutcome {
    /// How the run ended, and why.
    pub verdict: PolicyVerdict,
    /// The status. `observedGeneration` is the one from before the run: see [`PolicyOutcome::is_observed`].
    pub status: ImagePolicyStatus,
    /// When the policy is run again.
    pub requeue: Requeue,
}

impl<'a> PolicyFacts<'a> {
    /// A repository with these tags stored, and the controller's flags as they are by default.
    #[must_use]
    pub const fn new(
        repository: Option<&'a ImageRepository>,
        stored: &'a [String],
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            repository,
            namespace_labels: None,
            stored,
            no_cross_namespace_refs: false,
            object_level_workload_identity: false,
            requeue_dependency: Duration::from_secs(30),
            now,
        }
    }
}

impl PolicyOutcome {
    /// Whether the generation of the object counts as observed: when `Ready` is `True`, or the policy stalled.
    ///
    /// Source: `fluxcd/pkg: runtime/reconcile/result.go (AddPatchOptions)` v0.110.1.
    #[must_use]
    pub fn is_observed(&self) -> bool {
        self.verdict.is_stalled() || matches!(self.verdict, PolicyVerdict::Elected(_))
    }
}

impl<'a> PolicyRun<'a> {
    /// Decides what becomes of a policy that is neither suspended nor being deleted.
    ///
    /// The first of these that holds ends the run:
    ///
    /// | | conditions | requeue |
    /// |---|---|---|
    /// | `Always` without interval | Stalled, `IntervalNotConfigured` | never |
    /// | access denied | Ready False, `AccessDenied` | back-off |
    /// | no ImageRepository | Ready False, `DependencyNotReady` | back-off |
    /// | its image is none | Stalled, `ImageURLInvalid` | never |
    /// | a service account for a provider, the gate being off | Stalled, `FeatureGateDisabled` | never |
    /// | invalid policy | Stalled, `InvalidPolicy` | never |
    /// | no tags stored | Ready False, `DependencyNotReady` | after 30 s |
    /// | invalid pattern in `filterTags` | Stalled, `InvalidPolicy` | never |
    /// | no tag wins | Ready False, `Failure`; the images stay | back-off |
    /// | no digest | Ready False, `Failed`; the images stay | back-off |
    /// | else | Ready True, `Succeeded` | after the interval with `Always`, else never |
    ///
    /// Traps, as upstream: Where the policy stalls or no digest comes, and `Ready` was `False` before the run, it keeps its
    /// old reason and message. Where there are no tags and the interval of `Always` is as long as `--requeue-dependency`,
    /// the run counts as finished, `Reconciling` goes away, and the controller backs off.
    ///
    /// Source: `image-reflector-controller: internal/controller/imagepolicy_controller.go (reconcile, getImageRepository,
    /// applyPolicy)` v1.2.4, `fluxcd/pkg: runtime/reconcile/result.go (Finalize)` v0.110.1.
    ///
    /// # Differences
    ///
    /// Upstream goes on with an empty ImageRepository where the API server fails otherwise than with "not found".
    pub fn decide(policy: &'a ImagePolicy, facts: &PolicyFacts<'a>) -> Self {
        let mut run = Run::new(policy, facts);
        let verdict = match run.elect(facts) {
            Err(verdict) => verdict,
            Ok(Reflection::Settled(refs)) => PolicyVerdict::Elected(Box::new(refs)),
            Ok(Reflection::Failed(error)) => PolicyVerdict::FetchFailed(error),
            Ok(Reflection::Fetch(digest)) => return Self::Fetch(PendingRun { run, digest }),
        };
        Self::Done(Box::new(run.finish(verdict)))
    }
}

impl PendingRun<'_> {
    /// The image whose digest is asked for.
    #[must_use]
    pub const fn image(&self) -> &ImageRef {
        self.digest.image()
    }

    /// The end of the run, with the digest.
    pub fn with_digest(self, digest: &str) -> PolicyOutcome {
        let refs = self.digest.with_digest(digest);
        self.run.finish(PolicyVerdict::Elected(Box::new(refs)))
    }

    /// The end of the run, where the digest could not be had.
    pub fn failed(self, step: FetchStep) -> PolicyOutcome {
        let error = self.digest.failed(step);
        self.run.finish(PolicyVerdict::FetchFailed(error))
    }
}

/// A run under way.
#[derive(Debug, Clone, PartialEq)]
struct Run<'a> {
    policy: &'a ImagePolicy,
    conditions: Conditions,
}

/// What a policy without a status has.
static NO_STATUS: ImagePolicyStatus = ImagePolicyStatus {
    latest_ref: None,
    observed_previous_ref: None,
    observed_generation: None,
    conditions: None,
    last_handled_reconcile_at: None,
};

impl<'a> Run<'a> {
    fn new(policy: &'a ImagePolicy, facts: &PolicyFacts<'a>) -> Self {
        let status = policy.status.as_ref().unwrap_or(&NO_STATUS);
        let conditions = Conditions::new(
            status.conditions.clone().unwrap_or_default(),
            policy.metadata.generation.unwrap_or_default(),
            facts.now,
        );
        Self { policy, conditions }
    }

    fn status(&self) -> &'a ImagePolicyStatus {
        self.policy.status.as_ref().unwrap_or(&NO_STATUS)
    }

    /// The election, or why the run ends before it is over.
    fn elect(&mut self, facts: &PolicyFacts<'a>) -> Result<Reflection<'a>, PolicyVerdict> {
        let spec = &self.policy.spec;
        let reflection = spec.effective_digest_reflection_policy().value;
        if reflection == DigestReflectionPolicy::Always && spec.interval.is_none() {
            return Err(PolicyVerdict::IntervalNotConfigured);
        }
        self.start();
        let repository = self.repository(facts)?;
        let image = &repository.spec;
        ImageReference::parse(&image.image, image.insecure.unwrap_or_default())
            .map_err(PolicyVerdict::InvalidImage)?;
        // The empty word is not `generic` here.
        let provider = image
            .provider
            .as_ref()
            .map_or("", |provider| provider.as_str());
        let account = image.service_account_name.as_deref().unwrap_or_default();
        if provider != "generic" && !account.is_empty() && !facts.object_level_workload_identity {
            return Err(PolicyVerdict::WorkloadIdentityDisabled);
        }

        let no_tag = |error| match error {
            NoWinner::NoTags => PolicyVerdict::NoTags {
                after: facts.requeue_dependency,
            },
            other => PolicyVerdict::NoWinner(other),
        };
        // What is stored went through the exclusions already.
        let policy =
            compile_for(spec, &Exclusions::none(), facts.stored).map_err(|error| match error {
                SelectError::Policy(error) => PolicyVerdict::InvalidPolicy(error),
                SelectError::NoWinner(error) => no_tag(error),
            })?;
        let elected = policy.select(facts.stored);
        let tag = as_stored(&policy, facts.stored, elected).map_err(no_tag)?;
        Ok(Reflection::decide(spec, self.status(), &image.image, tag))
    }

    fn start(&mut self) {
        self.conditions
            .progress(reason::PROGRESSING, "reconciliation in progress");
        let observed = self.status().observed_generation.unwrap_or_default();
        let generation = self.conditions.generation();
        if generation != observed {
            let message = format!("processing object: new generation {observed} -> {generation}");
            self.conditions.progress(reason::PROGRESSING, &message);
        }
    }

    fn repository(&self, facts: &PolicyFacts<'a>) -> Result<&'a ImageRepository, PolicyVerdict> {
        let reference = &self.policy.spec.image_repository_ref;
        let mut access = Facts::default();
        access.no_cross_namespace_refs = facts.no_cross_namespace_refs;
        access.access_from = facts
            .repository
            .and_then(|repository| repository.spec.access_from.as_ref());
        access.namespace_labels = facts.namespace_labels;
        let decision = Reference::new(
            Field::ImageRepository,
            &self.policy.metadata,
            Kind::ImageRepository,
            reference.namespace.as_deref(),
            &reference.name,
        )
        .decide(&access);
        match (decision, facts.repository) {
            // The flag is looked at before the repository, its `accessFrom` after.
            (Access::Deny(denial), found) if found.is_some() || denial.cause == Cause::Blocked => {
                Err(PolicyVerdict::AccessDenied(Box::new(denial)))
            }
            (_, Some(repository)) => Ok(repository),
            (_, None) => Err(PolicyVerdict::NoRepository {
                name: reference.name.clone(),
            }),
        }
    }

    fn finish(mut self, verdict: PolicyVerdict) -> PolicyOutcome {
        let mut status = self.status().clone();
        let interval = condition::Requeue::After(self.policy.spec.effective_interval().value);
        let message = verdict.to_string();
        let conditions = &mut self.conditions;
        let outcome = match &verdict {
            PolicyVerdict::Elected(refs) => {
                status.latest_ref = Some(refs.latest.clone());
                status.observed_previous_ref = refs.previous.clone();
                conditions.delete(READY);
                Ok(interval)
            }
            PolicyVerdict::FetchFailed(_) => Err(&*message),
            stalled if stalled.is_stalled() => {
                conditions.mark_stalled(verdict.reason(), &*message);
                Ok(condition::Requeue::Never)
            }
            failed => {
                conditions.mark_false(READY, failed.reason(), &*message);
                match failed {
                    PolicyVerdict::NoTags { after } => Ok(condition::Requeue::After(*after)),
                    _ => Err(&*message),
                }
            }
        };
        let outcome = ResultFinalizer::new(interval, &message).finalize(conditions, outcome);
        if let Some(reconciling) = conditions.find(RECONCILING) {
            let message = reconciling.message.clone();
            conditions.mark_true(RECONCILING, reason::PROGRESSING_WITH_RETRY, message);
        }
        status.conditions = Some(self.conditions.into_list());
        let annotations = self.policy.metadata.annotations.as_ref();
        if let Some(token) = condition::handled_request(annotations) {
            status.last_handled_reconcile_at = Some(token.to_owned());
        }
        PolicyOutcome {
            verdict,
            status,
            requeue: match outcome {
                Err(_) => Requeue::Backoff,
                Ok(condition::Requeue::After(pause)) => Requeue::After(pause),
                Ok(_) => Requeue::OnChange,
            },
        }
    }
}

/// Upstream goes through the tags as they are stored. Of equal ones that order decides, and it tells which value is named
/// that is no number. It is another than [`TagPolicy::select`] takes only in a storage that no scan has written.
fn as_stored<'s>(
    policy: &TagPolicy,
    stored: &'s [String],
    elected: Result<Elected<'s>, NoWinner>,
) -> Result<&'s str, NoWinner> {
    let mut tags = stored.iter().map(String::as_str);
    let rule = policy.filter.is_none().then(|| policy.rule());
    match (rule, elected) {
        (Some(_), Err(NoWinner::NotANumber { value })) => {
            let first = tags.find(|tag| float::parse(tag).is_none());
            let value = first.map_or(value, str::to_owned);
            Err(NoWinner::NotANumber { value })
        }
        (Some(Rule::SemVer(_)), Ok(elected)) => {
            let version = Version::parse(elected.tag(), Dialect::Flux);
            let first = tags.find(|tag| Version::parse(tag, Dialect::Flux) == version);
            Ok(first.unwrap_or(elected.tag()))
        }
        (Some(Rule::Numerical(_)), Ok(elected)) => {
            let number = float::parse(elected.tag());
            let last = tags.rfind(|tag| float::parse(tag) == number);
            Ok(last.unwrap_or(elected.tag()))
        }
        (_, elected) => elected.map(|elected| elected.tag()),
    }
}
