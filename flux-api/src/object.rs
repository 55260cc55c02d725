//! Any object of Flux, decoded by what it says it is.
//!
//! # Laws
//!
//! - `decode(encode(o)) == o`, and `encode(decode(v)) == v` up to the form of durations (`60s` is written `1m0s`), times
//!   and fields that the type does not know.
//! - An object of an unknown kind or version is kept as it is, byte for byte equal as a value.
//! - No input panics.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::helm::v2::HelmRelease;
use crate::image::v1::{ImagePolicy, ImageRepository, ImageUpdateAutomation};
use crate::kustomize::v1::Kustomization;
use crate::meta::ObjectMeta;
use crate::notification::{v1, v1beta3};
use crate::registry::{Registered, Registration};
use crate::resource::{FluxResource, View};
use crate::source::v1::{
    Bucket, ExternalArtifact, GitRepository, HelmChart, HelmRepository, OCIRepository,
};
use crate::source_extensions::v1beta1::ArtifactGenerator;

mod error;
mod unknown;

pub use self::error::Error;
pub use self::unknown::UnknownObject;

/// Declares the enum and everything that is one arm per kind.
macro_rules! objects {
    ($($variant:ident($type:ty)),+ $(,)?) => {
        /// One object of any kind.
        ///
        /// # Examples
        ///
        /// ```
        /// use fluxcd_api::object::FluxObject;
        /// use fluxcd_api::resource::FluxResource;
        /// use serde_json::json;
        ///
        /// let object = FluxObject::decode(json!({
        ///     "apiVersion": "source.toolkit.fluxcd.io/v1",
        ///     "kind": "OCIRepository",
        ///     "metadata": { "name": "podinfo" },
        ///     "spec": { "url": "oci://ghcr.io/stefanprodan/manifests/podinfo", "interval": "5m" }
        /// }))
        /// .unwrap();
        /// assert!(matches!(object, FluxObject::OCIRepository(_)));
        /// assert_eq!(object.interval().unwrap().to_string(), "5m0s");
        /// ```
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum FluxObject {
            $(#[doc = concat!("`", stringify!($type), "`.")] $variant(Box<$type>),)+
            /// An object of another group, of a version that is not served, or of a kind that came later.
            Unknown(Box<UnknownObject>),
        }

        impl FluxObject {
            /// Decodes an object by its `apiVersion` and `kind`.
            ///
            /// Fields that the type does not know are ignored: an object of a newer Flux stays readable.
            ///
            /// # Errors
            ///
            /// [`Error::Untyped`] when `apiVersion` or `kind` is no text: the author of the document can repair it.
            /// [`Error::Decode`] when the kind is known but a field is missing or has the wrong type; the error says
            /// which. [`Error::TooDeep`] when an object of a known kind is nested deeper than 128 levels.
            pub fn decode(value: Value) -> Result<Self, Error> {
                let member = |name| value.get(name).and_then(Value::as_str);
                let (api_version, kind) = match (member("apiVersion"), member("kind")) {
                    (Some(api_version), Some(kind)) => (api_version, kind),
                    (None, _) => return Err(Error::Untyped { member: "apiVersion" }),
                    (_, None) => return Err(Error::Untyped { member: "kind" }),
                };
                let registration = crate::registry::by_type(api_version, kind);
                $(
                    if registration.is_some_and(|found| std::ptr::eq(found, <$type>::REGISTRATION)) {
                        return typed(value, <$type>::REGISTRATION).map(Self::$variant);
                    }
                )+
                Ok(Self::Unknown(Box::new(UnknownObject::from_value(value))))
            }

            /// The object as a value, with `apiVersion` and `kind`.
            ///
            /// # Errors
            ///
            /// [`Error::Encode`] when a time lies outside of what Kubernetes can write.
            pub fn encode(&self) -> Result<Value, Error> {
                serde_json::to_value(self).map_err(Error::Encode)
            }

            fn resource(&self) -> &dyn FluxResource {
                match self {
                    $(Self::$variant(object) => object.as_ref(),)+
                    Self::Unknown(object) => object.as_ref(),
                }
            }
        }

        impl Serialize for FluxObject {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(object) => object.serialize(serializer),)+
                    Self::Unknown(object) => object.value().serialize(serializer),
                }
            }
        }

        $(
            impl From<$type> for FluxObject {
                fn from(object: $type) -> Self {
                    Self::$variant(Box::new(object))
                }
            }
        )+
    };
}

objects! {
    Alert(v1::Alert),
    AlertV1Beta3(v1beta3::Alert),
    ArtifactGenerator(ArtifactGenerator),
    Bucket(Bucket),
    ExternalArtifact(ExternalArtifact),
    GitRepository(GitRepository),
    HelmChart(HelmChart),
    HelmRelease(HelmRelease),
    HelmRepository(HelmRepository),
    ImagePolicy(ImagePolicy),
    ImageRepository(ImageRepository),
    ImageUpdateAutomation(ImageUpdateAutomation),
    Kustomization(Kustomization),
    OCIRepository(OCIRepository),
    Provider(v1::Provider),
    ProviderV1Beta3(v1beta3::Provider),
    Receiver(v1::Receiver),
}

impl FluxObject {
    /// The objects of a value: itself, or the items of a `List`, each with a result of its own.
    ///
    /// # Errors
    ///
    /// Each item has the errors of [`decode`](Self::decode); one broken item hides no other.
    pub fn decode_all(mut value: Value) -> Vec<Result<Self, Error>> {
        match items(&mut value) {
            Some(items) => items.into_iter().map(Self::decode).collect(),
            None => vec![Self::decode(value)],
        }
    }
}

/// The items of a list. A kind may end in `List` without being one.
fn items(value: &mut Value) -> Option<Vec<Value>> {
    let is_list = value
        .get("kind")
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.ends_with("List"));
    match value.get_mut("items").filter(|_| is_list)? {
        Value::Array(items) => Some(std::mem::take(items)),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for FluxObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl FluxResource for FluxObject {
    fn registration(&self) -> Option<&'static Registration> {
        self.resource().registration()
    }

    fn metadata(&self) -> &ObjectMeta {
        self.resource().metadata()
    }

    fn view(&self) -> View<'_> {
        self.resource().view()
    }

    fn api_version(&self) -> String {
        self.resource().api_version()
    }

    fn kind(&self) -> &str {
        self.resource().kind()
    }
}

/// Decodes a known kind, and says where it went wrong.
fn typed<T: serde::de::DeserializeOwned>(
    value: Value,
    registration: &'static Registration,
) -> Result<Box<T>, Error> {
    if is_deeper_than(&value, MAX_DEPTH) {
        return Err(Error::TooDeep { registration });
    }
    serde_path_to_error::deserialize(value)
        .map(Box::new)
        .map_err(|error| Error::Decode {
            registration,
            path: error.path().to_string(),
            source: error.into_inner(),
        })
}

/// Levels of nesting that are decoded. Derived code goes down by recursion, a kilobyte or two a level, and a stack is
/// finite; `serde_json` reads no deeper text either.
pub const MAX_DEPTH: usize = 128;

fn is_deeper_than(value: &Value, limit: usize) -> bool {
    let mut open = vec![(value, 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => {
                open.extend(members.values().map(|member| (member, depth + 1)))
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
