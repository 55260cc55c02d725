//! An object of an inventory with its version.

use fluxcd_api::meta::ResourceRef;
use serde_json::Value;

use super::id::{api_version, group_and_version};
use super::{Error, ObjectId};

/// An object with the version that it was applied in. Resources sort as their ids do.
///
/// # Examples
///
/// ```
/// use fluxcd_core::inventory::Resource;
/// use serde_json::json;
///
/// let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x", "namespace": "ns"}});
/// let resource = Resource::of(&object);
/// assert_eq!(resource.api_version(), "apps/v1");
///
/// let entry = resource.to_entry();
/// assert_eq!((entry.id.as_str(), entry.version.as_str()), ("ns_x_apps_Deployment", "v1"));
/// assert_eq!(Resource::parse(&entry), Ok(resource));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// Which object.
    pub id: ObjectId,
    /// API version without the group; empty when it was lost, and then the object cannot be found.
    pub version: String,
}

impl Resource {
    /// The resource that an object is, in its wire form. An `apiVersion` with more than one slash leaves kind, group
    /// and version empty.
    #[must_use]
    pub fn of(object: &Value) -> Self {
        let (_, version) = group_and_version(api_version(object)).unwrap_or_default();
        Self {
            id: ObjectId::of(object),
            version: version.to_owned(),
        }
    }

    /// Reads an entry of an inventory.
    ///
    /// # Errors
    ///
    /// [`Error::Id`] for an id with fewer than three underscores.
    pub fn parse(entry: &ResourceRef) -> Result<Self, Error> {
        ObjectId::parse(&entry.id).map(|id| Self::from_wire(id, &entry.version))
    }

    /// The entry of an inventory.
    #[must_use]
    pub fn to_entry(&self) -> ResourceRef {
        ResourceRef {
            id: self.id.to_string(),
            version: self.version.clone(),
        }
    }

    /// Group and version as an object states them.
    #[must_use]
    pub fn api_version(&self) -> String {
        join(&self.id.group, &self.version)
    }

    /// Group and version are joined and taken apart once more on the way through an object, so a slash in either moves
    /// the border between them, or makes both unreadable.
    pub(super) fn from_wire(id: ObjectId, version: &str) -> Self {
        let joined = join(&id.group, version);
        let (group, version, kind) = match group_and_version(&joined) {
            Some((group, version)) => (group.to_owned(), version.to_owned(), id.kind),
            None => Default::default(),
        };
        let id = ObjectId { group, kind, ..id };
        Self { id, version }
    }
}

fn join(group: &str, version: &str) -> String {
    match group {
        "" => version.to_owned(),
        group => format!("{group}/{version}"),
    }
}
