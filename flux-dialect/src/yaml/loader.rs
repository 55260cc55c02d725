//! Events to values, in one pass.

mod build;

use serde_json::Value;

use super::error::{Error, ErrorKind};
use super::input::Input;
use super::spans::{Segment, Spans};
use build::Builder;

/// Whose rules a text is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// goyaml v2, as `sigs.k8s.io/yaml` uses it: everything in Kubernetes, Flux and Helm, but kustomize.
    V2,
    /// goyaml v3, as `kyaml` uses it: kustomize.
    V3,
}

/// How much a text may ask for. Beyond, it is refused with [`ErrorKind::Limit`].
///
/// The share of nodes that come from aliases is limited as goyaml limits it: free below 400,000 nodes, then falling from
/// 99 % to 10 % at 4,000,000 nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of input; by default 64 MiB.
    pub bytes: usize,
    /// Depth of nesting; by default 1,000. Values nested deeper than some thousand levels overflow the stack of programs
    /// that walk them by recursion, `serde_json` among them.
    pub depth: usize,
    /// Nodes of one document, expanded aliases included; by default 10,000,000.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 1000,
            nodes: 10_000_000,
        }
    }
}

impl Limits {
    /// These limits with another bound on bytes.
    #[must_use]
    pub const fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// These limits with another bound on depth.
    #[must_use]
    pub const fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// These limits with another bound on nodes.
    #[must_use]
    pub const fn with_nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duplicates {
    LastWins,
    Refused,
}

/// Reads one document.
///
/// ```
/// use fluxcd_dialect::yaml::Loader;
/// use serde_json::json;
///
/// assert_eq!(Loader::v2().load(b"a: yes\nb: 0o10")?, json!({"a": true, "b": 8}));
/// assert_eq!(Loader::v3().load(b"a: yes\nb: 0o10")?, json!({"a": "yes", "b": 8}));
///
/// let error = Loader::v2().strict().load(b"a: 1\na: 2\n").unwrap_err();
/// assert_eq!((error.kind().as_str(), error.line(), error.column()), ("duplicate", 2, 1));
/// # Ok::<(), fluxcd_dialect::yaml::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Loader {
    pub(super) dialect: Dialect,
    pub(super) duplicates: Duplicates,
    pub(super) limits: Limits,
}

impl Loader {
    /// The rules of goyaml v2; of repeated keys the last one wins.
    ///
    /// Source: `sigs.k8s.io/yaml: yaml.go (YAMLToJSON)`.
    pub fn v2() -> Self {
        Self {
            dialect: Dialect::V2,
            duplicates: Duplicates::LastWins,
            limits: Limits::default(),
        }
    }

    /// The rules of goyaml v3, with kustomize's treatment of anchors and merges; repeated keys are errors.
    ///
    /// Source: `sigs.k8s.io/kustomize/kyaml: yaml/rnode.go (DeAnchor, MarshalJSON)`.
    pub fn v3() -> Self {
        Self {
            dialect: Dialect::V3,
            duplicates: Duplicates::Refused,
            limits: Limits::default(),
        }
    }

    /// Repeated keys are errors.
    ///
    /// Source: `sigs.k8s.io/yaml: yaml.go (YAMLToJSONStrict)`.
    pub const fn strict(mut self) -> Self {
        self.duplicates = Duplicates::Refused;
        self
    }

    /// Other limits.
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The first document of a text; `null` if there is none.
    ///
    /// # Errors
    /// Every [`ErrorKind`] but [`ErrorKind::Separator`]. Where a text has several mistakes, the one that upstream meets
    /// first is reported: bytes and syntax before anchors, merges, tags and limits, these before repeated keys, and
    /// keys and values that JSON cannot hold last.
    pub fn load(&self, text: &[u8]) -> Result<Value, Error> {
        self.document(text, None)
            .map(Option::unwrap_or_default)
            .map_err(|failure| failure.error)
    }

    /// The first document of a text, with the place of every node.
    ///
    /// The places of a text in UTF-16 are those in its UTF-8 form.
    ///
    /// # Errors
    /// As for [`Loader::load`].
    pub fn load_with_spans(&self, text: &[u8]) -> Result<(Value, Spans), Error> {
        let mut spans = Spans::default();
        let value = self
            .document(text, Some(&mut spans))
            .map_err(|failure| failure.error)?;
        if value.is_none() && spans.value(&[]).is_none() {
            spans.add(None, Segment::Index(0), 0..0, 0..0);
        }
        Ok((value.unwrap_or_default(), spans))
    }

    /// `None` where there is no document, or in v3 an empty one.
    pub(super) fn document(
        &self,
        text: &[u8],
        spans: Option<&mut Spans>,
    ) -> Result<Option<Value>, Failure> {
        if text.len() > self.limits.bytes {
            let error = Error::new(ErrorKind::Limit, "the text is longer than the limit", 0..0);
            return Err(Failure::parse(error.located(text, self.limits.bytes)));
        }
        let input = Input::new(text);
        let base = input.base;
        let mut builder = Builder::new(&input, self, spans);
        let result = builder.run();
        if let Some(spans) = builder.spans {
            spans.shift(base, usize::MAX);
        }
        result.map_err(
            |Failure {
                 stage,
                 order,
                 error,
             }| {
                // Refused bytes know their place already.
                let base = if Some(&error) == input.refused.as_ref() {
                    0
                } else {
                    base
                };
                Failure {
                    stage,
                    order,
                    error: error.located(text, base),
                }
            },
        )
    }
}

/// When upstream notices a mistake. Of several mistakes the earliest stage is reported, also across the documents of a
/// stream in v3, where each stage goes over all documents before the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Bytes, tokens, grammar, unknown anchors.
    Parse,
    /// Resolution of aliases and merges as a step of its own (v3).
    Expand,
    /// The text that kustomize writes and reads again (v3).
    Rewrite,
    /// Values out of nodes: aborts at the first mistake.
    Decode,
    /// Mistakes that are collected while decoding and reported at its end.
    Collected,
    /// What JSON cannot hold.
    Json,
}

#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) stage: Stage,
    /// Of several of one stage, the lowest one is met first; the first of equals.
    pub(super) order: usize,
    pub(super) error: Error,
}

impl Failure {
    pub(super) const fn parse(error: Error) -> Self {
        Self {
            stage: Stage::Parse,
            order: 0,
            error,
        }
    }
}
