/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The id of an entry has fewer than three underscores. The text is upstream's.
    #[error("unable to parse stored object metadata: {rest}")]
    Id {
        /// The part of the id in which an underscore is missing.
        rest: String,
    },
    /// A reference has an `apiVersion` with more than one slash. The text is upstream's.
    #[error("unexpected GroupVersion string: {text}")]
    ApiVersion {
        /// The `apiVersion`.
        text: String,
    },
}
