//! The shape that every kind has on the wire, written once.
//!
//! Three macros: [`kind!`] makes the object around a `spec` and a `status`, [`open_enum!`] makes a word list that keeps
//! words it does not know, [`setters!`] makes `with_*` methods. All of kube's traits for a kind are implemented here.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::registry::Registration;

/// What `Deserialize` of a kind reads. Members that are not named here are ignored.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<S, T> {
    api_version: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    metadata: ObjectMeta,
    spec: S,
    status: Option<T>,
}

/// Reads an object of the kind `registration`. Type members may be absent, as in the items of some lists, but when they
/// are there they must be the right ones: otherwise an Alert would be read as a Provider without a word.
pub(crate) fn decode<'de, D, S, T>(
    deserializer: D,
    registration: &Registration,
) -> Result<(ObjectMeta, S, Option<T>), D::Error>
where
    D: Deserializer<'de>,
    S: Deserialize<'de>,
    T: Deserialize<'de>,
{
    let object = Object::<S, T>::deserialize(deserializer)?;
    if let Some(found) = object
        .api_version
        .filter(|found| *found != registration.api_version())
    {
        return Err(D::Error::custom(format_args!(
            "invalid value: apiVersion {found:?}, expected {:?}",
            registration.api_version()
        )));
    }
    if let Some(found) = object.kind.filter(|found| found != registration.kind) {
        return Err(D::Error::custom(format_args!(
            "invalid value: kind {found:?}, expected {:?}",
            registration.kind
        )));
    }
    Ok((object.metadata, object.spec, object.status))
}

/// Writes an object of the kind `registration`: type members first, absent members not at all.
pub(crate) fn encode<R, S, T>(
    serializer: R,
    registration: &Registration,
    metadata: &ObjectMeta,
    spec: Option<&S>,
    status: Option<&T>,
) -> Result<R::Ok, R::Error>
where
    R: Serializer,
    S: Serialize,
    T: Serialize,
{
    let members = 3 + usize::from(spec.is_some()) + usize::from(status.is_some());
    let mut object = serializer.serialize_struct(registration.kind, members)?;
    object.serialize_field("apiVersion", &registration.api_version())?;
    object.serialize_field("kind", registration.kind)?;
    object.serialize_field("metadata", metadata)?;
    match spec {
        Some(spec) => object.serialize_field("spec", spec)?,
        None => object.skip_field("spec")?,
    }
    match status {
        Some(status) => object.serialize_field("status", status)?,
        None => object.skip_field("status")?,
    }
    object.end()
}

/// Declares a kind: the struct, its constructors, serde, and kube's `Resource`, `HasSpec`, `HasStatus` and (with the
/// feature `schema`) `CustomResourceExt`.
///
/// `spec: S` is always there, `spec?: S` may be absent; `status: T` may be left out for kinds without one.
macro_rules! kind {
    (
        $(#[$meta:meta])*
        $name:ident { spec: $spec:ty, status: $status:ty }
        registration: $registration:path,
        crd: [$($version:path),+ $(,)?]
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            /// Name, namespace, labels, annotations and what the API server adds.
            pub metadata: $crate::meta::ObjectMeta,
            /// What is wanted.
            pub spec: $spec,
            /// What the controller last reported; absent until it has seen the object.
            pub status: Option<$status>,
        }

        impl $name {
            /// An object of this name, without a namespace and without a status.
            #[must_use]
            pub fn new(name: impl Into<String>, spec: $spec) -> Self {
                Self { metadata: $crate::wire::named(name), spec, status: None }
            }
        }

        $crate::wire::kind!(@serde $name, $registration, |object| Some(&object.spec), status: $status);
        $crate::wire::kind!(@kube $name, $registration, [$($version),+]);
        $crate::wire::kind!(@spec $name, $spec);
        $crate::wire::kind!(@status $name, $status);
        #[cfg(feature = "schema")]
        impl $crate::schema::Described for $name {
            type Spec = $spec;
            type Status = $status;
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident { spec?: $spec:ty, status: $status:ty }
        registration: $registration:path,
        crd: [$($version:path),+ $(,)?]
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            /// Name, namespace, labels, annotations and what the API server adds.
            pub metadata: $crate::meta::ObjectMeta,
            /// What is wanted; may be absent.
            pub spec: Option<$spec>,
            /// What the controller last reported; absent until it has seen the object.
            pub status: Option<$status>,
        }

        impl $name {
            /// An object of this name, without a namespace and without a status.
            #[must_use]
            pub fn new(name: impl Into<String>, spec: $spec) -> Self {
                Self { metadata: $crate::wire::named(name), spec: Some(spec), status: None }
            }
        }

        $crate::wire::kind!(@serde $name, $registration, |object| object.spec.as_ref(), status: $status);
        $crate::wire::kind!(@kube $name, $registration, [$($version),+]);
        $crate::wire::kind!(@status $name, $status);
        #[cfg(feature = "schema")]
        impl $crate::schema::Described for $name {
            type Spec = $spec;
            type Status = $status;
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident { spec: $spec:ty }
        registration: $registration:path,
        crd: [$($version:path),+ $(,)?]
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            /// Name, namespace, labels, annotations and what the API server adds.
            pub metadata: $crate::meta::ObjectMeta,
            /// What is wanted.
            pub spec: $spec,
        }

        impl $name {
            /// An object of this name, without a namespace.
            #[must_use]
            pub fn new(name: impl Into<String>, spec: $spec) -> Self {
                Self { metadata: $crate::wire::named(name), spec }
            }
        }

        $crate::wire::kind!(@serde $name, $registration, |object| Some(&object.spec), nostatus);
        $crate::wire::kind!(@kube $name, $registration, [$($version),+]);
        $crate::wire::kind!(@spec $name, $spec);
        #[cfg(feature = "schema")]
        impl $crate::schema::Described for $name {
            type Spec = $spec;
            type Status = $crate::schema::NoStatus;
        }
    };
    (@serde $name:ident, $registration:path, |$object:ident| $spec:expr, status: $status:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $object = self;
                $crate::wire::encode(serializer, &$registration, &$object.metadata, $spec, $object.status.as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let (metadata, spec, status) = $crate::wire::decode(deserializer, &$registration)?;
                Ok(Self { metadata, spec, status })
            }
        }
    };
    (@serde $name:ident, $registration:path, |$object:ident| $spec:expr, nostatus) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $object = self;
                $crate::wire::encode(serializer, &$registration, &$object.metadata, $spec, None::<&()>)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let (metadata, spec, _) =
                    $crate::wire::decode::<_, _, serde::de::IgnoredAny>(deserializer, &$registration)?;
                Ok(Self { metadata, spec })
            }
        }
    };
    (@kube $name:ident, $registration:path, [$($version:path),+]) => {
        impl $name {
            /// The same object in that namespace.
            #[must_use]
            pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
                self.metadata.namespace = Some(namespace.into());
                self
            }
        }

        impl kube_core::Resource for $name {
            type DynamicType = ();
            type Scope = kube_core::NamespaceResourceScope;

            fn kind((): &()) -> std::borrow::Cow<'_, str> {
                $registration.kind.into()
            }
            fn group((): &()) -> std::borrow::Cow<'_, str> {
                $registration.group.into()
            }
            fn version((): &()) -> std::borrow::Cow<'_, str> {
                $registration.version.into()
            }
            fn plural((): &()) -> std::borrow::Cow<'_, str> {
                $registration.plural.into()
            }
            fn meta(&self) -> &$crate::meta::ObjectMeta {
                &self.metadata
            }
            fn meta_mut(&mut self) -> &mut $crate::meta::ObjectMeta {
                &mut self.metadata
            }
        }

        #[cfg(feature = "schema")]
        impl kube_core::CustomResourceExt for $name {
            fn crd() -> $crate::schema::CustomResourceDefinition {
                $crate::schema::definition(&$registration, &[$($crate::schema::version::<$version>()),+])
            }
            fn crd_name() -> &'static str {
                $registration.crd_name
            }
            fn api_resource() -> kube_core::discovery::ApiResource {
                kube_core::discovery::ApiResource::erase::<Self>(&())
            }
            fn shortnames() -> &'static [&'static str] {
                $registration.short_names
            }
        }

        impl $crate::registry::Registered for $name {
            const REGISTRATION: &'static $crate::registry::Registration = &$registration;
        }
    };
    (@spec $name:ident, $spec:ty) => {
        impl kube_core::object::HasSpec for $name {
            type Spec = $spec;

            fn spec(&self) -> &$spec {
                &self.spec
            }
            fn spec_mut(&mut self) -> &mut $spec {
                &mut self.spec
            }
        }
    };
    (@status $name:ident, $status:ty) => {
        impl kube_core::object::HasStatus for $name {
            type Status = $status;

            fn status(&self) -> Option<&$status> {
                self.status.as_ref()
            }
            fn status_mut(&mut self) -> &mut Option<$status> {
                &mut self.status
            }
        }
    };
}

/// Declares a list of words that stays open: a word that is not listed is kept as `Other` and written back unchanged.
///
/// The default is the empty word, which is what Go's zero value is.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!("Written `", $word, "`.")] $variant,)+
            /// A word that this version does not know, as it was written.
            Other(String),
        }

        impl $name {
            /// Every word that Flux 2.10 knows, in the order of its definition.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": Self::WORDS })
            }
        }
    };
}

/// Declares `with_*` methods that set one optional field each.
macro_rules! setters {
    ($name:ident { $($setter:ident => $field:ident: $type:ty),+ $(,)? }) => {
        impl $name {
            $(
                #[doc = concat!("The same with `", stringify!($field), "` set.")]
                #[must_use]
                pub fn $setter(mut self, $field: impl Into<$type>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )+
        }
    };
}

pub(crate) use {kind, open_enum, setters};

/// Metadata that holds a name and nothing else.
pub(crate) fn named(name: impl Into<String>) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.into()),
        ..ObjectMeta::default()
    }
}
