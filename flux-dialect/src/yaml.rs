//! YAML as Go reads it and as Go writes it.
//!
//! Two dialects, both of YAML 1.1 as libyaml understands it, and both different from what other readers do:
//!
//! | | [`Dialect::V2`] | [`Dialect::V3`] |
//! |---|---|---|
//! | who reads so | `kubectl`, all Flux controllers, Helm (`sigs.k8s.io/yaml`, goyaml v2) | kustomize (`kyaml`, goyaml v3) |
//! | `yes`, `on`, `y`, `off`, ... | booleans | text |
//! | timestamps | text as written | RFC 3339 text |
//! | repeated keys | the last one wins ([`Loader::strict`]: an error) | an error |
//! | `<<` | applied where it stands: overrides keys before it | never overrides a key of the map itself |
//! | keys that are no text | printed (`1`, `true`, `1.5`) | an error below the root |
//!
//! # Contract
//! - Bytes in, [`serde_json::Value`] out ([`Loader::load`]), with the place of every node on demand
//!   ([`Loader::load_with_spans`]); a value in, bytes out ([`to_string`]). Every text is read or refused exactly as the Go
//!   libraries do it, with the same kind of error; message texts are ours.
//! - One document is read: the first. A stream is cut into documents by text, before any parsing, as Kubernetes does it
//!   ([`split`], [`read`]) or as kustomize does it ([`read_v3`]).
//! - No panic, whatever the input; time and memory are bounded by [`Limits`].
//!
//! # Laws
//! - `load(to_string(value)) == value` for both dialects, for every value without the characters that
//!   [`to_string`] refuses or folds, and without a key `<<`, which Go writes plain and merges when it reads it.
//! - `to_string` is a function of the value: the same value gives the same bytes.
//! - The span of a node lies within the span of its parent, unless an alias stands between them.
//!
//! # Traps
//! - `08` is the number 8, `0o10` is 8, `0b101` is 5, `1_0.5` is 10.5, `12:30` is text, `1e1000` is text.
//! - A key without `?` ends within 1,024 characters, or it is none.
//! - A block scalar at the end of a text without a final line break has none either.
//! - `"\/"` is refused, `%YAML 1.2` is refused, tabs count as white space in some places only.
//! - `a: *b` where the text after the document holds an error is fine: upstream never gets there.
//!
//! # Sources
//! `go.yaml.in/yaml/v2` v2.4.4, `go.yaml.in/yaml/v3` v3.0.4, `sigs.k8s.io/yaml` v1.6.0, `k8s.io/apimachinery`
//! v0.36.2 (`pkg/util/yaml`), `sigs.k8s.io/kustomize/kyaml` v0.21.1 (`kio`). Vectors: `conformance/manifest/`.
//!
//! # Differences
//! - Nesting deeper than [`Limits::depth`] is refused; upstream goes to 10,000.
//! - An anchor that contains itself is an error of kind [`ErrorKind::Recursive`] in v3; upstream overflows its stack.
//! - The limit on aliases holds for v3 as well; upstream's kustomize expands without one.
//! - Two keys that are printed alike (`1` and `"1"`): the last one wins; upstream picks one at random.

mod base64;
mod emitter;
mod error;
mod input;
mod loader;
mod natural;
mod number;
mod parser;
mod resolve;
mod scanner;
mod spans;
mod stream;
mod timestamp;

pub use emitter::{to_string, to_string_by_bytes};
pub use error::{Error, ErrorKind, line_column};
pub use loader::{Dialect, Limits, Loader};
pub use spans::{Part, Segment, Span, Spans};
pub use stream::{Piece, read, read_v3, split};
