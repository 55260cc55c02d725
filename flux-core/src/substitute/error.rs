//! Why a text cannot be evaluated.

use std::fmt;
use std::ops::Range;

/// What kind of mistake it is, of a text or of a whole object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What follows `${` is no name. Whoever wrote the text escapes it: `$${`.
    Name,
    /// What follows the name begins no operator and is no `}`.
    Brace,
    /// An operator lacks an argument that it needs.
    Argument,
    /// Any other mistake of form.
    Bad,
    /// A variable does not exist, and the mode is strict.
    Unset,
    /// Upstream's code crashes here: the end of a substring lies beyond what a 64-bit integer holds.
    Panic,
    /// Evaluation takes more time or memory than is allowed. Upstream would go on.
    Limit,
    /// A variable has a name that substitution refuses.
    VariableName,
    /// A ConfigMap or Secret with variables does not exist.
    SourceMissing,
    /// The evaluated text is no YAML, or none that JSON can hold.
    Yaml,
}

impl ErrorKind {
    /// The kind as the word that the conformance vectors use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Brace => "brace",
            Self::Argument => "argument",
            Self::Bad => "bad",
            Self::Unset => "unset",
            Self::Panic => "panic",
            Self::Limit => "limit",
            Self::VariableName => "variable-name",
            Self::SourceMissing => "source-missing",
            Self::Yaml => "yaml",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A use of a variable that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Undefined {
    /// The name.
    pub name: String,
    /// The bytes of the template that make up the expression, from `${` to its `}`.
    pub span: Range<usize>,
}

/// A text that cannot be parsed or evaluated, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    kind: ErrorKind,
    span: Range<usize>,
    undefined: Vec<Undefined>,
}

impl TemplateError {
    pub(super) const fn new(kind: ErrorKind, span: Range<usize>) -> Self {
        Self {
            kind,
            span,
            undefined: Vec::new(),
        }
    }

    /// Nothing if nothing is undefined.
    pub(super) fn undefined_variables(undefined: Vec<Undefined>) -> Option<Self> {
        Some(Self {
            kind: ErrorKind::Unset,
            span: undefined.first()?.span.clone(),
            undefined,
        })
    }

    /// What kind of mistake it is: one of the first seven.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The bytes of the template that the error is about: of a mistake of form the innermost expression from its `${` up to
    /// where reading stopped, else the whole expression. [`line_column`](fluxcd_dialect::yaml::line_column) makes a
    /// position of it.
    #[must_use]
    pub const fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Every use of a variable that does not exist, in the order of evaluation; empty for other kinds.
    #[must_use]
    pub fn undefined(&self) -> &[Undefined] {
        &self.undefined
    }

    /// The text that upstream has for it: a part of the message of the Ready condition. What upstream has no text for gets
    /// one of ours.
    ///
    /// Source: `fluxcd/pkg: envsubst/parse/parse.go, envsubst/template.go (evalFunc)`.
    #[must_use]
    pub fn explain(&self) -> String {
        let text = match self.kind {
            ErrorKind::Name => "unable to parse variable name",
            ErrorKind::Brace => "missing closing brace",
            ErrorKind::Argument => "unable to parse substitution within function",
            ErrorKind::Unset => {
                let name = self.undefined.first().map(|first| first.name.as_str());
                let name = name.unwrap_or_default();
                return format!("variable not set (strict mode): \"{name}\"");
            }
            ErrorKind::Panic => "slice bounds out of range",
            ErrorKind::Limit => "evaluation takes more time or memory than is allowed",
            _ => "bad substitution",
        };
        text.to_owned()
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { start, end } = self.span;
        match self.undefined.as_slice() {
            [] => write!(f, "{} at bytes {start} to {end}", self.explain()),
            all => {
                f.write_str("undefined")?;
                for (index, Undefined { name, span }) in all.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma} variable {name} at byte {}", span.start)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for TemplateError {}
