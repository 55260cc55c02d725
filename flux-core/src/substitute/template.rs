//! A text with expressions, parsed once.

use std::borrow::Cow;
use std::ops::Range;

use super::error::TemplateError;
use super::{parse, render};
use crate::substitute::Variables;

/// What an unset variable is, where no default stands in for it.
///
/// The feature gate `StrictPostBuildSubstitutions` of kustomize-controller decides; it is on by default since Flux 2.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// An error.
    #[default]
    Strict,
    /// The empty text.
    Lax,
}

/// A text with expressions, parsed once and rendered as often as needed.
///
/// | form | result, where v is the value, or empty if unset in lax mode |
/// |---|---|
/// | `${x}` | v |
/// | `${x=d}` `${x:=d}` `${x:-d}` `${x:?d}` `${x:+d}` | v, or d if v is empty |
/// | `${#x}` | length of v in bytes |
/// | `${x^}` `${x,}` `${x^^}` `${x,,}` | first character, or all, in upper or lower case |
/// | `${x:o}` `${x:o:l}` | l bytes from offset o; negative numbers count from the end |
/// | `${x#p}` `${x##p}` `${x%p}` `${x%%p}` | v without the shortest or longest prefix or suffix that matches the glob p |
/// | `${x/a/b}` `${x//a/b}` `${x/#a/b}` `${x/%a/b}` | b for the first, every, the leading, the trailing a |
///
/// `$$` is a dollar sign. Arguments may be expressions again. Everything else after `${` is an error, which is found while
/// parsing, before anything is evaluated. A NUL ends the text.
///
/// Source: `fluxcd/pkg: envsubst` v1.7.1.
///
/// # Examples
///
/// ```
/// use fluxcd_core::substitute::{Layer, Mode, Template, Variables};
///
/// let template = Template::parse("host: ${sub:-www}.${domain}, ${region^^}")?;
/// let mut variables = Variables::from_iter([Layer::inline([("domain", "example.com")])]);
///
/// let error = template.render(&variables, Mode::Strict).unwrap_err();
/// assert_eq!(error.undefined()[0].name, "region");
/// assert_eq!(error.explain(), "variable not set (strict mode): \"region\"");
///
/// let text = template.render(&variables, Mode::Lax)?;
/// assert_eq!(&text[..], b"host: www.example.com, ");
/// # Ok::<(), fluxcd_core::substitute::TemplateError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Template<'t> {
    pub(super) text: &'t [u8],
    /// Empty where the text stands for itself.
    pub(super) steps: Vec<Step<'t>>,
}

/// One step of evaluation; arguments come before the expression that they belong to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step<'t> {
    Text(&'t [u8]),
    /// An argument begins.
    Argument,
    Expression(Expression<'t>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression<'t> {
    pub(super) name: &'t str,
    pub(super) operator: Operator,
    /// How many arguments precede it.
    pub(super) arguments: usize,
    /// From `${` to `}`.
    pub(super) span: Range<usize>,
    /// Where the default stands in the text.
    pub(super) default: Option<Range<usize>>,
    /// How many expressions it stands in.
    pub(super) depth: usize,
}

/// What an expression does with the value of its variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `${x}`: nothing.
    Value,
    /// `${x:-d}` and its four other spellings: a text instead of an empty value.
    Default,
    /// `${#x}`.
    Length,
    /// `${x^}`.
    UpperFirst,
    /// `${x^^}`.
    Upper,
    /// `${x,}`.
    LowerFirst,
    /// `${x,,}`.
    Lower,
    /// `${x^,}` and `${x,^}`: nothing, although they parse.
    MixedCase,
    /// `${x:1}` and `${x:1:2}`.
    Substring,
    /// `${x#p}`.
    TrimShortestPrefix,
    /// `${x##p}`.
    TrimLongestPrefix,
    /// `${x%p}`.
    TrimShortestSuffix,
    /// `${x%%p}`.
    TrimLongestSuffix,
    /// `${x/a/b}`.
    ReplaceFirst,
    /// `${x//a/b}`.
    ReplaceAll,
    /// `${x/#a/b}`.
    ReplacePrefix,
    /// `${x/%a/b}`.
    ReplaceSuffix,
}

/// One use of a variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference<'a> {
    template: &'a Template<'a>,
    expression: &'a Expression<'a>,
}

/// A rendered text that knows which part of it came from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace<'a> {
    /// The result.
    pub text: Cow<'a, [u8]>,
    /// The outermost expressions, in their order.
    pub expressions: Vec<Traced>,
}

/// One expression, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Its bytes in the template.
    pub expression: Range<usize>,
    /// The bytes of the result that stand for it, maybe none.
    pub result: Range<usize>,
}

impl<'t> Template<'t> {
    /// Parses a text, which need not be UTF-8.
    ///
    /// # Errors
    ///
    /// `${` with something behind it that is no expression: the kinds `name`, `brace`, `argument` and `bad`.
    pub fn parse<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, TemplateError> {
        parse::parse(text.as_ref())
    }

    /// Puts the values in. A text without `$` comes back as it is, borrowed.
    ///
    /// Values are not looked into for further expressions. All arguments are evaluated, those of a default too that is not
    /// needed: in strict mode `${a:-${b}}` is an error where `b` is unset, whatever `a` is.
    ///
    /// The result may not be UTF-8, even if text and values are: offsets and patterns count in bytes.
    ///
    /// # Errors
    ///
    /// `unset` with every undefined variable, in strict mode; `panic` where upstream crashes; `limit` where patterns take
    /// too many steps, or the result outgrows the text by more than 64 MiB.
    pub fn render(
        &self,
        variables: &Variables,
        mode: Mode,
    ) -> Result<Cow<'t, [u8]>, TemplateError> {
        render::render(self, variables, mode, None)
    }

    /// Puts the values in, and tells which bytes of the result came from which expression.
    ///
    /// # Errors
    ///
    /// As for [`render`](Self::render).
    pub fn trace(&self, variables: &Variables, mode: Mode) -> Result<Trace<'t>, TemplateError> {
        let mut expressions = Vec::new();
        let text = render::render(self, variables, mode, Some(&mut expressions))?;
        Ok(Trace { text, expressions })
    }

    /// Every use of a variable, without rendering. Uses within an argument come before the expression that they stand in.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_core::substitute::Template;
    ///
    /// let template = Template::parse("${host:-${name}.local}")?;
    /// let uses: Vec<_> = template.references().collect();
    /// assert_eq!((uses[0].name(), uses[0].is_required()), ("name", true));
    /// assert_eq!((uses[1].name(), uses[1].is_required()), ("host", false));
    /// assert_eq!(uses[1].default(), Some(&b"${name}.local"[..]));
    /// # Ok::<(), fluxcd_core::substitute::TemplateError>(())
    /// ```
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.steps.iter().filter_map(|step| match step {
            Step::Expression(expression) => Some(Reference {
                template: self,
                expression,
            }),
            Step::Text(_) | Step::Argument => None,
        })
    }
}

impl<'a> Reference<'a> {
    /// The name of the variable.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.expression.name
    }

    /// What is done with the value.
    #[must_use]
    pub const fn operator(&self) -> Operator {
        self.expression.operator
    }

    /// The bytes of the template from `${` to the matching `}`.
    #[must_use]
    pub const fn span(&self) -> &'a Range<usize> {
        &self.expression.span
    }

    /// The text of the default as it is written, with the expressions in it.
    #[must_use]
    pub fn default(&self) -> Option<&'a [u8]> {
        let span = self.expression.default.clone()?;
        self.template.text.get(span)
    }

    /// Whether it stands in an argument of another expression.
    #[must_use]
    pub const fn is_nested(&self) -> bool {
        self.expression.depth > 0
    }

    /// Whether strict mode fails where the variable is unset: it does unless there is a default.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        !matches!(self.expression.operator, Operator::Default)
    }
}

#[cfg(test)]
mod tests;
