//! Which image a policy stands for after an election, and whether its digest is fetched.

use std::fmt;

use fluxcd_api::image::v1::{DigestReflectionPolicy, ImagePolicySpec, ImagePolicyStatus, ImageRef};
use fluxcd_dialect::quote::Quoted;

use super::reference::is_reference;

/// What has to happen before `status.latestRef` is known.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub enum Reflection<'a> {
    /// Nothing: these are the images.
    Settled(NextRefs),
    /// The registry has to be asked for the digest of the tag.
    Fetch(PendingDigest<'a>),
    /// The registry would have to be asked, but name and tag are no reference.
    Failed(FetchError),
}

/// The images of a policy after an election.
///
/// Source: `image-reflector-controller: internal/controller/imagepolicy_controller.go (updateImageRefs)` v1.2.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextRefs {
    /// `status.latestRef`. Its name is `spec.image` of the ImageRepository as it is written there.
    pub latest: ImageRef,
    /// `status.observedPreviousRef`. It changes only together with `latest`, so it can be older than the last election.
    pub previous: Option<ImageRef>,
    /// Where the digest came from.
    pub digest: DigestOrigin,
}

/// Where the digest of an image came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestOrigin {
    /// There is none: `digestReflectionPolicy` is `Never`, unset, or a word that the controller does not know.
    NotReflected,
    /// `IfNotPresent`: the same tag of the same image had it already.
    Kept,
    /// The registry was asked.
    Fetched(FetchReason),
}

/// Why the registry is asked for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchReason {
    /// `Always`.
    Always,
    /// `IfNotPresent`: no image was elected before.
    FirstElection,
    /// `IfNotPresent`: the image has another name than before.
    OtherName,
    /// `IfNotPresent`: another tag than before was elected.
    OtherTag,
    /// `IfNotPresent`: the digest was not known before.
    NoDigest,
}

/// An elected image whose digest the registry has to tell.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct PendingDigest<'a> {
    reason: FetchReason,
    elected: ImageRef,
    status: &'a ImagePolicyStatus,
}

/// The digest could not be had. The images of the policy stay as they were; `Ready` becomes `False` with the reason
/// `Failed` and this text, and the controller tries again with growing pauses.
///
/// Source: `image-reflector-controller: internal/controller/imagepolicy_controller.go (fetchDigest)` v1.2.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// Name and tag.
    pub image: ImageRef,
    /// At which step.
    pub step: FetchStep,
}

/// A step of fetching a digest, and what went wrong there, in the words of whoever took it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchStep {
    /// Name and tag together are no reference, as when a registry lists what can be no tag.
    Reference,
    /// Credentials could not be had.
    Authentication(String),
    /// The registry refused, or could not be reached.
    Registry(String),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let image = self.image.to_string();
        let quoted = Quoted(&image);
        write!(f, "failed fetching digest of {image}: ")?;
        match &self.step {
            FetchStep::Reference => write!(
                f,
                "failed parsing reference {quoted}: could not parse reference: {image}"
            ),
            FetchStep::Authentication(cause) => {
                write!(f, "failed to configure authentication options: {cause}")
            }
            FetchStep::Registry(cause) => {
                write!(f, "failed fetching descriptor for {quoted}: {cause}")
            }
        }
    }
}

impl std::error::Error for FetchError {}

impl<'a> Reflection<'a> {
    /// Decides what follows from the election of a tag. `image` is `spec.image` of the ImageRepository.
    ///
    /// | policy | the digest is |
    /// |---|---|
    /// | `Always` | fetched |
    /// | `IfNotPresent` | kept where name and tag are those of `status.latestRef` and that has one, else fetched |
    /// | `Never`, unset | absent, also where it was known |
    ///
    /// Where name, tag or digest then differ from `status.latestRef`, that becomes `status.observedPreviousRef`; else
    /// both stay.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::image::v1::{DigestReflectionPolicy, ImagePolicySpec, ImagePolicyStatus};
    /// use fluxcd_api::meta::NamespacedObjectReference;
    /// use fluxcd_policy::image::{FetchReason, Reflection};
    ///
    /// let spec = ImagePolicySpec::semver(NamespacedObjectReference::new("app"), "1.x")
    ///     .with_digest_reflection_policy(DigestReflectionPolicy::IfNotPresent);
    /// let status = ImagePolicyStatus::default();
    /// let Reflection::Fetch(pending) = Reflection::decide(&spec, &status, "ghcr.io/org/app", "1.2.0") else {
    ///     panic!("nothing was elected before");
    /// };
    /// assert_eq!(pending.reason(), FetchReason::FirstElection);
    /// let refs = pending.with_digest("sha256:4f2a");
    /// assert_eq!(refs.latest.to_string(), "ghcr.io/org/app:1.2.0@sha256:4f2a");
    /// assert_eq!(
    ///     refs.ready_message(),
    ///     "Latest image tag for ghcr.io/org/app resolved to 1.2.0 with digest sha256:4f2a",
    /// );
    /// ```
    pub fn decide(
        spec: &ImagePolicySpec,
        status: &'a ImagePolicyStatus,
        image: &str,
        tag: &str,
    ) -> Self {
        let elected = ImageRef {
            name: image.to_owned(),
            tag: tag.to_owned(),
            digest: None,
        };
        let reason = match spec.effective_digest_reflection_policy().value {
            DigestReflectionPolicy::Always => FetchReason::Always,
            DigestReflectionPolicy::IfNotPresent => match &status.latest_ref {
                None => FetchReason::FirstElection,
                Some(old) if old.name != image => FetchReason::OtherName,
                Some(old) if old.tag != tag => FetchReason::OtherTag,
                Some(old) => match digest(old) {
                    "" => FetchReason::NoDigest,
                    known => {
                        let refs = NextRefs::new(elected, known, status, DigestOrigin::Kept);
                        return Self::Settled(refs);
                    }
                },
            },
            _ => {
                let refs = NextRefs::new(elected, "", status, DigestOrigin::NotReflected);
                return Self::Settled(refs);
            }
        };
        if !is_reference(&elected.to_string()) {
            return Self::Failed(FetchError {
                image: elected,
                step: FetchStep::Reference,
            });
        }
        Self::Fetch(PendingDigest {
            reason,
            elected,
            status,
        })
    }
}

impl PendingDigest<'_> {
    /// Why the registry is asked.
    #[must_use]
    pub const fn reason(&self) -> FetchReason {
        self.reason
    }

    /// What the registry is asked for: name and tag.
    #[must_use]
    pub const fn image(&self) -> &ImageRef {
        &self.elected
    }

    /// The images, with the digest that the registry told.
    #[must_use]
    pub fn with_digest(self, digest: &str) -> NextRefs {
        let origin = DigestOrigin::Fetched(self.reason);
        NextRefs::new(self.elected, digest, self.status, origin)
    }

    /// What is told where that went wrong.
    #[must_use]
    pub fn failed(self, step: FetchStep) -> FetchError {
        FetchError {
            image: self.elected,
            step,
        }
    }
}

impl NextRefs {
    fn new(
        mut elected: ImageRef,
        known: &str,
        status: &ImagePolicyStatus,
        origin: DigestOrigin,
    ) -> Self {
        elected.digest = Some(known.to_owned()).filter(|digest| !digest.is_empty());
        let (latest, previous) = match &status.latest_ref {
            Some(old) if is_same(old, &elected) => (old, status.observed_previous_ref.as_ref()),
            old => (&elected, old.as_ref()),
        };
        Self {
            latest: latest.clone(),
            previous: previous.cloned(),
            digest: origin,
        }
    }

    /// What `Ready` of the policy says.
    ///
    /// Source: `image-reflector-controller: internal/controller/imagepolicy_controller.go
    /// (composeImagePolicyReadyMessage)` v1.2.4.
    #[must_use]
    pub fn ready_message(&self) -> String {
        let ImageRef { name, tag, .. } = &self.latest;
        let mut message = format!("Latest image tag for {name} resolved to {tag}");
        if !digest(&self.latest).is_empty() {
            message += " with digest ";
            message += digest(&self.latest);
        }
        if let Some(previous) = self
            .previous
            .as_ref()
            .filter(|it| !is_same(it, &self.latest))
        {
            message += &format!(" (previously {previous})");
        }
        message
    }
}

/// Go has one value for a digest that is absent and one that is empty.
fn digest(image: &ImageRef) -> &str {
    image.digest.as_deref().unwrap_or_default()
}

fn is_same(a: &ImageRef, b: &ImageRef) -> bool {
    (&a.name, &a.tag, digest(a)) == (&b.name, &b.tag, digest(b))
}

#[cfg(test)]
mod tests;
