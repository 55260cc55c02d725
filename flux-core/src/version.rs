use std::fmt;

/// The minor release of Flux whose behaviour is meant.
///
/// Only the few functions that decide differently take one. A minor means its last patch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FluxVersion {
    /// Flux 2.9, whose controllers could be read and run.
    #[default]
    V2_9,
    /// Flux 2.10, as far as it is known.
    V2_10,
}

/// `2.9`.
impl fmt::Display for FluxVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2_9 => "2.9",
            Self::V2_10 => "2.10",
        })
    }
}
