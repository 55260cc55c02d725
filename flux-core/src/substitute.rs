//! `${variables}` in built manifests, as `spec.postBuild` of a Kustomization puts them in.
//!
//! # Contract
//!
//! | | in -> out |
//! |---|---|
//! | [`Template`] | a text -> parsed once; with variables -> text, or every undefined variable; without -> the uses of variables |
//! | [`Layer`], [`Variables`] | inline values, ConfigMaps, Secrets in order -> one value for each name, which knows its layer |
//! | [`Substitution`] | `spec.postBuild` and what its sources hold -> what becomes of each object of the build |
//! | [`Report`] | what changed in an object, which variables did it, and whether a type changed |
//!
//! # Laws
//!
//! - No text panics, however deep its expressions nest. Time and memory are bounded.
//! - A text without `$` is its own result, borrowed (up to a NUL, which ends a text).
//! - The order of variables within a layer does not matter.
//! - What strict mode renders, lax mode renders alike.
//! - Every undefined variable is reported, in the order in which upstream would meet them.
//!
//! # Traps
//!
//! - Strict mode is the default since Flux 2.9. It fails on an unset variable also within a default that is not needed:
//!   `${a:-${b}}`.
//! - `-`, `+` and `?` without a colon do not parse. With one, all of `:-`, `:=`, `:+`, `:?` mean the same: a default.
//! - `${my-var}`, `${a.b}`, `${{ x }}` and `${}` are errors that fail the whole reconciliation. So is a key such as
//!   `ca.crt` in a ConfigMap or Secret, used or not.
//! - Quotes do not survive: the object is written anew before variables are put in, and read again after. `"${n}"` becomes
//!   the number 3. A value brings its own quotes along if it has to stay a text.
//! - Newlines are removed from values. Defaults keep theirs.
//! - Without any variable nothing is evaluated at all: `$$` stays, and so do defaults. `substituteStrategy: Always` changes
//!   that.
//! - Offsets and lengths count bytes.
//!
//! # Sources
//!
//! `fluxcd/pkg: envsubst` v1.7.1, `fluxcd/pkg: kustomize/kustomize_varsub.go (SubstituteVariables)` v1.35.4,
//! `kustomize-controller: internal/controller/kustomization_controller.go (build)`. Vectors: `conformance/substitute/`.
//!
//! # Differences
//!
//! - Where upstream panics (the end of a substring beyond 64 bits) there is a typed error.
//! - Patterns take a bounded number of steps, and a result outgrows its text by at most 64 MiB; upstream goes on.
//! - Of several invalid names the first in alphabetical order is reported; upstream's choice is random.
//! - Integers beyond 2^53 are rounded as upstream rounds them, unless [`Integers::Exact`] is asked for.

mod error;
mod failure;
mod function;
mod glob;
mod layer;
mod parse;
mod render;
mod report;
mod substitution;
mod template;
mod variables;

pub use self::error::{ErrorKind, TemplateError, Undefined};
pub use self::failure::{Culprit, Error, Unreadable};
pub use self::layer::{Layer, LayerOrigin, SourceError};
pub use self::report::{Change, Report, Taken, Type, Use};
pub use self::substitution::{Integers, OptOut, Outcome, Substituted, Substitution, is_encrypted};
pub use self::template::{Mode, Operator, Reference, Template, Trace, Traced};
pub use self::variables::{Variable, Variables};
