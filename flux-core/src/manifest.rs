//! Files to Kubernetes documents, and documents to objects, each with a result of its own.
//!
//! # Contract
//!
//! | | in -> out |
//! |---|---|
//! | [`documents`] | a file as somebody wrote it -> [`Document`]s: value or [`Error`], place in the file, lists opened |
//! | [`Document::decode`], [`Document::decode_as`] | a document -> an object, a fragment of one, or every [`Problem`] with path, line and column |
//! | [`objects`] | a stream as kustomize-controller built it -> the objects that it would apply, or the first error |
//!
//! # Laws
//!
//! - No input panics, and time and memory are bounded by the size of the input and the limits.
//! - A broken document hides no other one. The documents of a file do not overlap, and come in its order.
//! - Every place lies within the file.
//! - A document that decodes as [`Complete`](Decoded::Complete) without problems is decoded by `FluxObject::decode` to the
//!   same object.
//!
//! # Traps
//!
//! - A quarter of the Flux objects in the files of real repositories are fragments: patches and pieces of components. A
//!   strict decode of files is wrong; it is right for what was rendered.
//! - `---` separates documents also within a block scalar.
//! - [`objects`] takes everything with a list of `items` for a list, and does not look at what is in it.
//! - An object without `kind` stops [`objects`]; one without `apiVersion` or name is dropped without a word.
//!
//! # Sources
//!
//! `fluxcd/pkg: ssa/utils` v0.76.1, `k8s.io/apimachinery: pkg/util/yaml` v0.36.2. Vectors: `conformance/manifest/`.
//!
//! # Differences
//!
//! - Upstream nests JSON 10,000 levels deep; here the limit of the caller holds, and beyond it the error is `limit`.

mod decode;
mod document;
mod error;
mod json;
mod objects;
mod place;
mod problem;
mod text;

pub use self::decode::{Decoded, Foreign};
pub use self::document::{Document, documents};
pub use self::error::{Error, ErrorKind};
pub use self::objects::objects;
pub use self::place::{FieldPath, Place};
pub use self::problem::{Fault, Problem};
