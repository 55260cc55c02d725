//! What a source offers, fetched, verified and extracted.
//!
//! # Contract
//!
//! | function | answer |
//! |---|---|
//! | [`Fetcher::fetch`] | the directory holds what the artifact holds, or why not |
//! | [`Fetcher::download`] | the file of the artifact, for consumers that read charts or indexes |
//! | [`Archive::extract`] | as `fetch`, for a file that was downloaded |
//! | [`Digest`] | what the status of a source says about the bytes |
//!
//! # Laws
//!
//! - Nothing is extracted before the digest of all bytes was found right. An artifact without a digest is refused.
//! - Whatever the bytes are, nothing outside the directory changes. Symbolic links are left out; hard links, devices and
//!   pipes are refused.
//! - The directory has its old content or its new one, never a part of it, and never both. On a failure, or when the future
//!   is dropped before, the old one stays; what was begun is deleted in the background.
//! - Size of the file, size of its content, number of entries, time, silence, redirects and repetitions are bounded.
//!
//! # Guards against
//!
//! K3 (a deadline around all repetitions), K5 (a connection that breaks is tried again), K7 (an answer and each part of it
//! have to come in time).
//!
//! # Traps
//!
//! - [`NotFound`](FetchError::NotFound) means that the source is about to offer another artifact: wait for it
//!   ([`REQUEUE_DEPENDENCY`](fluxcd_core::schedule::REQUEUE_DEPENDENCY)), that is no failure.
//! - A revision does not determine the bytes: with another `spec.ignore` a source offers other bytes under the same
//!   revision and the same address. Whoever still holds the old digest gets a [`Mismatch`](FetchError::Mismatch), and has
//!   to read the object again.
//! - `--artifact-digest-algo=sha1` of source-controller makes artifacts that no consumer accepts.
//! - The limits on size are those of the Go library. The controllers of Flux set none; a consumer of large repositories
//!   raises them.
//! - Addresses lead into the cluster. Outside of it, forward a port and set
//!   [`source_controller`](FetchOptions::source_controller).
//!
//! # Differences
//!
//! - The directory is replaced; upstream extracts over what is there.
//! - A broken or silent download is repeated; upstream repeats only what fails before the first byte.
//! - Nothing is read beyond a limit; upstream reads all of it to say how much it was.
//! - The digest is looked at first, so an artifact without one is refused even if its file is gone.
//! - Redirects from https to http are not followed.
//! - `..` at the end of a name, hard links, and directories and links with content are refused; upstream makes an empty file
//!   of a hard link. The comment that `git archive` writes is left out; upstream makes a file without permissions of it.
//! - An archive ends at its first empty block; upstream wants nothing else in the second. The last file has to be padded to
//!   a whole block, which upstream does not ask for.
//!
//! # Sources
//!
//! fluxcd/pkg http/fetch v0.25.0: `archive_fetcher.go`; tar v1.2.0: `untar.go`; kustomize-controller v1.9.6:
//! `internal/controller/kustomization_controller.go (reconcile)`; hashicorp/go-retryablehttp v0.7.8: `client.go`.
//!
//! # Examples
//!
#![cfg_attr(feature = "testing", doc = "```")]
#![cfg_attr(not(feature = "testing"), doc = "```ignore")]
//! use fluxcd_kube::artifact::{FetchError, FetchOptions, Fetcher};
//! use fluxcd_kube::testing::Artifacts;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let artifacts = Artifacts::new();
//! let artifact = artifacts.publish("a.tar.gz", "main@sha1:5394cb7f", &[("app.yaml", "kind: ConfigMap")])?;
//!
//! let fetcher = Fetcher::new(artifacts.web(), FetchOptions::default());
//! let scratch = tempfile::tempdir()?;
//! let directory = scratch.path().join("source");
//! let tree = fetcher.fetch(&artifact, &directory).await?;
//! assert_eq!(tree.files, 1);
//! assert_eq!(std::fs::read_to_string(directory.join("app.yaml"))?, "kind: ConfigMap");
//!
//! // Other bytes at the same address are not what the source spoke of.
//! artifacts.publish("a.tar.gz", "main@sha1:5394cb7f", &[("app.yaml", "kind: Secret")])?;
//! let error = fetcher.fetch(&artifact, &directory).await.unwrap_err();
//! assert!(matches!(error, FetchError::Mismatch { .. }));
//! # Ok(())
//! # }
//! ```

mod address;
mod demand;
mod digest;
mod error;
mod extract;
mod fetch;
mod place;
mod swap;

pub use self::digest::{Digest, DigestError};
pub use self::error::FetchError;
pub use self::extract::{ExtractError, ExtractOptions, Tree};
pub use self::fetch::{Archive, FetchOptions, Fetcher};
pub use self::place::Refusal;
