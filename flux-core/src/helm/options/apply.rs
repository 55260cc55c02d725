use std::fmt;

use fluxcd_api::helm::v2::ServerSideApplyMode;
use fluxcd_api::meta::Effective;

/// Whether an upgrade or rollback applies on the side of the server, in Helm's words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ServerSideApply {
    /// `true`.
    Enabled,
    /// `false`.
    Disabled,
    /// `auto`: as the release did that is upgraded, or that is rolled back to.
    Auto,
    /// A word that Helm will judge.
    Other(String),
}

impl ServerSideApply {
    /// The mode that is written, else `auto`, whatever the gates say.
    ///
    /// Source: helm-controller: `internal/action/ssa.go (toHelmSSAValue)`.
    pub(super) fn of(written: Option<&ServerSideApplyMode>) -> Effective<Self> {
        let written = written
            .map(ServerSideApplyMode::as_str)
            .filter(|word| !word.is_empty());
        let written = written.map(|word| match word {
            "enabled" | "true" => Self::Enabled,
            "disabled" | "false" => Self::Disabled,
            "auto" => Self::Auto,
            other => Self::Other(other.to_owned()),
        });
        Effective::spec_or(written, Self::Auto)
    }

    /// Helm's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Enabled => "true",
            Self::Disabled => "false",
            Self::Auto => "auto",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for ServerSideApply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
