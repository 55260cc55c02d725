//! The name of an object in an inventory: namespace, name, group and kind, but no version.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::Error;

/// An object without its version, as inventories and health checks name it. Ids sort in apply order, see
/// [`order`](super::order).
///
/// The text is `<namespace>_<name>_<group>_<kind>`. It is read from both ends: the namespace is what stands before the
/// first underscore, kind and group what stands behind the last two, and the rest is the name. In the names of RBAC
/// objects a colon is written as two underscores; when a text is read, two underscores in the name of *any* object
/// become a colon. So a name with two underscores does not survive, which [`ObjectId::is_lossy`] tells.
///
/// Source: fluxcd/cli-utils v1.2.2: `pkg/object/objmetadata.go (ObjMetadata)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::inventory::ObjectId;
///
/// let id = ObjectId::parse("_system__view_rbac.authorization.k8s.io_ClusterRole")?;
/// assert_eq!((id.name.as_str(), id.kind.as_str()), ("system:view", "ClusterRole"));
/// assert_eq!(id.subject(), "ClusterRole/system:view");
/// assert!(!id.is_lossy());
///
/// let odd = ObjectId { name: "a__b".to_owned(), ..id };
/// assert!(odd.is_lossy());
/// assert_eq!(ObjectId::parse(&odd.to_string())?.name, "a:b");
/// # Ok::<(), fluxcd_core::inventory::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ObjectId {
    /// Its namespace, empty for an object of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its API group, empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
}

impl ObjectId {
    /// The id of an object in its wire form.
    ///
    /// What is not there, or no text, is empty. An `apiVersion` with more than one slash leaves group and kind empty.
    ///
    /// Source: fluxcd/cli-utils v1.2.2: `pkg/object/unstructured.go (UnstructuredToObjMetadata)`.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let text = |parent: Option<&Value>, key: &str| {
            let text = parent.and_then(|parent| parent.get(key)?.as_str());
            text.unwrap_or_default().to_owned()
        };
        let metadata = object.get("metadata");
        let (group, kind) = match group_and_version(api_version(object)) {
            Some((group, _)) => (group.to_owned(), text(Some(object), "kind")),
            None => Default::default(),
        };
        Self {
            namespace: text(metadata, "namespace"),
            name: text(metadata, "name"),
            group,
            kind,
        }
    }

    /// Reads the text of an id. Where the id is then written differently, the text was that of another object: two
    /// underscores in a name stood for themselves, and are a colon now.
    ///
    /// # Errors
    ///
    /// [`Error::Id`] for a text with fewer than three underscores. Nobody but a controller writes ids, so this is a
    /// status that was damaged.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fail = |rest: &str| Error::Id {
            rest: rest.to_owned(),
        };
        let (namespace, rest) = text.split_once('_').ok_or_else(|| fail(text))?;
        let (rest, kind) = rest.rsplit_once('_').ok_or_else(|| fail(rest))?;
        let (name, group) = rest.rsplit_once('_').ok_or_else(|| fail(rest))?;
        Ok(Self {
            namespace: namespace.to_owned(),
            name: name.replace(COLON, ":"),
            group: group.to_owned(),
            kind: kind.to_owned(),
        })
    }

    /// Whether the text of this id names another object when it is read again.
    #[must_use]
    pub fn is_lossy(&self) -> bool {
        Self::parse(&self.to_string()).as_ref() != Ok(self)
    }

    /// The object as events and logs name it: `Kind/namespace/name`, or `Kind/name` without a namespace.
    ///
    /// Source: fluxcd/pkg ssa v0.76.1: `utils/fmt.go (FmtObjMetadata)`.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("{}/{}", self.kind, self.name),
            namespace => format!("{}/{namespace}/{}", self.kind, self.name),
        }
    }

    fn has_transcoded_name(&self) -> bool {
        self.group == "rbac.authorization.k8s.io"
            && matches!(
                self.kind.as_str(),
                "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding"
            )
    }
}

/// The text of the id.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", self.namespace)?;
        if self.has_transcoded_name() {
            f.write_str(&self.name.replace(':', COLON))?;
        } else {
            f.write_str(&self.name)?;
        }
        write!(f, "_{}_{}", self.group, self.kind)
    }
}

impl FromStr for ObjectId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// How a colon in a name is written.
const COLON: &str = "__";

/// The `apiVersion` of an object; empty where it is none.
pub(super) fn api_version(object: &Value) -> &str {
    let text = object.get("apiVersion").and_then(Value::as_str);
    text.unwrap_or_default()
}

/// Group and version of an `apiVersion`; `None` for more than one slash.
///
/// Source: k8s.io/apimachinery v0.36.2: `pkg/runtime/schema/group_version.go (ParseGroupVersion)`.
pub(super) fn group_and_version(api_version: &str) -> Option<(&str, &str)> {
    match api_version.split_once('/') {
        None => Some(("", api_version)),
        Some((_, version)) if version.contains('/') => None,
        Some(both) => Some(both),
    }
}
