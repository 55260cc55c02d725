//! `${variables}` in built manifests, as `spec.postBuild` of a Kustomization puts them in.

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
pub use self::failure::{Culprit, Error};
pub use self::layer::{Layer, LayerOrigin, SourceError};
pub use self::report::{Change, Report, Taken, Type, Use};
pub use self::substitution::{Integers, OptOut, Outcome, Substituted, Substitution, is_encrypted};
pub use self::template::{Mode, Operator, Reference, Template, Trace, Traced};
pub use self::variables::{Variable, Variables};
