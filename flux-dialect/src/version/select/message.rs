use crate::quote::Quoted;
use crate::version::Error;

/// Who selects: what upstream says when nothing can be chosen depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selector<'a> {
    /// A GitRepository.
    Git,
    /// An OCIRepository.
    Oci,
    /// A HelmChart of a HelmRepository with an index.
    Chart {
        /// The name of the chart.
        name: &'a str,
    },
    /// A HelmChart of a HelmRepository of type `oci`.
    OciChart {
        /// The name of the chart.
        name: &'a str,
        /// The address of its tags, `oci://registry/path/name`.
        address: &'a str,
    },
}

/// Why nothing was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoChoice<'r> {
    /// What was asked for is no range.
    InvalidRange(&'r Error),
    /// There is nothing to choose from.
    NoVersions,
    /// Nothing is in range.
    NoMatch,
}

impl Selector<'_> {
    /// The message that users find in the condition of the object. `request` is the range as it stands in the spec.
    ///
    /// Git and OCI know no empty list: nothing matches there. Sources as on the page of [`select`](super).
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::version::Range;
    /// use fluxcd_dialect::version::select::{NoChoice, Selector};
    ///
    /// let message = Selector::Git.message(">=9", NoChoice::NoMatch);
    /// assert_eq!(message, "no match found for semver: >=9");
    /// let error = Range::parse("latest").unwrap_err();
    /// let message = Selector::Git.message("latest", NoChoice::InvalidRange(&error));
    /// assert_eq!(message, r#"semver parse error: improper constraint: "latest""#);
    /// ```
    #[must_use]
    pub fn message(&self, request: &str, why: NoChoice<'_>) -> String {
        match (self, why) {
            (Self::Git, NoChoice::InvalidRange(error)) => format!("semver parse error: {error}"),
            (Self::Oci, NoChoice::InvalidRange(error)) => {
                format!("semver '{request}' parse error: {error}")
            }
            (Self::Chart { .. } | Self::OciChart { .. }, NoChoice::InvalidRange(error)) => {
                error.to_string()
            }
            (Self::Git | Self::Oci, _) => format!("no match found for semver: {request}"),
            (Self::Chart { .. }, NoChoice::NoVersions) => "no chart version found".to_owned(),
            (Self::Chart { name }, NoChoice::NoMatch) => {
                format!("no '{name}' chart with version matching '{request}' found")
            }
            (Self::OciChart { name, address }, NoChoice::NoVersions) => format!(
                "could not get tags for {}: unable to locate any tags in provided repository: {address}",
                Quoted(name)
            ),
            (Self::OciChart { .. }, NoChoice::NoMatch) => {
                format!("could not locate a version matching provided version string {request}")
            }
        }
    }
}
