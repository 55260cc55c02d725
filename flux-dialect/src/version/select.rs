//! Which version wins, and why each other one lost: one function for every place where Flux selects by a range.
//!
//! # Contract
//!
//! A range and candidates go in, a [`Selection`] comes out. The candidates are of any type; the caller says how to get their
//! text (and time). They are kept in their order, so that results are told by candidate or by index.
//!
//! | function | who selects | what decides between versions of equal precedence | what upstream leaves open |
//! |---|---|---|---|
//! | [`image`] | ImagePolicy, `semver` | the greatest text by bytes | with `filterTags`, the winner is another one from run to run |
//! | [`git`] | GitRepository, `ref.semver` | the latest commit, then the greatest text by bytes | with equal times, the same |
//! | [`oci`] | OCIRepository, `ref.semver` | the first that the registry lists | more than 12 versions in range are sorted by an algorithm that is not stable |
//! | [`chart`] | HelmChart of a HelmRepository | the newest `created`, then the last in the index | more than 12 entries of a chart, likewise |
//! | [`oci_chart`] | HelmChart of a HelmRepository of type `oci` | the first that the registry lists | more than 12 versions in range, likewise |
//!
//! The last column is upstream's accident; the third one is what is done here, always. [`Selection::tied`] tells whom upstream
//! might have taken instead.
//!
//! # Laws
//!
//! - Each candidate has won or has exactly one [`Reason`].
//! - Taking a loser away does not change the winner. Adding a candidate changes it to that candidate or not at all.
//! - The order of the candidates does not matter to `image` and `git`, but for candidates with the same text.
//! - Memory is linear: 16 bytes a candidate, and 16 more for each alternative of the range that refuses it.
//!
//! # Sources
//!
//! image-reflector-controller v1.2.4: `internal/policy/semver.go (SemVer.Latest)`; fluxcd/pkg git v0.52.0:
//! `gogit/clone.go (cloneSemVer)`; source-controller v1.9.4: `internal/controller/ocirepository_controller.go
//! (getTagBySemver)`, `internal/helm/repository/chart_repository.go (getChartVersion)`,
//! `internal/helm/repository/oci_chart_repository.go (getChartVersion, getLastMatchingVersionOrConstraint)`; Helm v4.2.2:
//! `pkg/repo/v1/index.go (SortEntries)`.

pub use self::chart::{ChartRequest, chart, oci_chart};
pub use self::message::{NoChoice, Selector};
pub use self::selection::{Loser, Reason, Selection};
pub use self::tag::{TagForm, git, image, oci};

mod chart;
mod election;
mod message;
mod selection;
mod tag;
#[cfg(test)]
mod tests;
