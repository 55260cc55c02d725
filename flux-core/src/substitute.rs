//! `${variables}` in built manifests, as `spec.postBuild` of a Kustomization puts them in.

mod error;
mod function;
mod glob;
mod layer;
mod parse;
mod render;
mod template;
mod variables;

pub use self::error::{ErrorKind, TemplateError, Undefined};
pub use self::layer::{Layer, LayerOrigin};
pub use self::template::{Mode, Operator, Reference, Template, Trace, Traced};
pub use self::variables::Variables;
