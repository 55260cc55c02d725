use super::{PatchError, TargetError};

/// What could not be read or done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `data` of a Secret is no map. Whoever wrote the Secret can repair it.
    #[error("data of a Secret is no map")]
    Data,
    /// A set of fields in `metadata.managedFields` cannot be read. Only a broken API server makes such sets.
    #[error("a set of fields in metadata.managedFields cannot be read")]
    Fields,
    /// Ignored paths took the kind of an object away. Whoever wrote the paths can repair them.
    #[error("an object without a kind is left")]
    Kind,
    /// A path of an ignore rule cannot be followed. Whoever wrote it can repair it.
    #[error("ignored path {0}")]
    Path(#[from] PatchError),
    /// The target of an ignore rule is none. Whoever wrote it can repair it.
    #[error("failed to create ignore rule selector: {0}")]
    Target(#[from] TargetError),
}
