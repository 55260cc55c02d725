use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// Why an expression gave no value.
///
/// The text is one line, in the words of cel-go wherever conditions of Flux objects show them: `no such key: x`,
/// `no such overload`. [`explain`](Self::explain) puts it into the sentence of the controllers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    span: Range<u32>,
    at: u32,
    phase: Phase,
}

/// Where a limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Parse,
    Later,
}

/// What kind of problem it is, and so who can repair it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no expression. The author of the expression repairs it.
    Parse,
    /// The text is an expression that can never be evaluated: a conversion of a constant or a constant pattern fails,
    /// a function has no form with that number of arguments. The author of the expression repairs it.
    Program,
    /// The types do not fit, or a name is not declared. The author of the expression repairs it.
    Check,
    /// The type of the expression is not the one that it has to have. The author of the expression repairs it.
    Output,
    /// The variables do not have what the expression asks for. That may change with them.
    Evaluate,
    /// The value is not of the type that was asked for.
    Type,
    /// Too long, too deep, or too much work; see [`Limits`](super::Limits).
    Limit,
}

impl Error {
    pub(super) fn new(
        kind: ErrorKind,
        message: impl Into<Cow<'static, str>>,
        span: Range<u32>,
        at: u32,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            span,
            at,
            phase: Phase::Later,
        }
    }

    /// The source is too long or too deep.
    pub(super) fn too_much(
        message: impl Into<Cow<'static, str>>,
        span: Range<u32>,
        at: u32,
    ) -> Self {
        Self {
            phase: Phase::Parse,
            ..Self::new(ErrorKind::Limit, message, span, at)
        }
    }

    /// What kind of problem it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The piece of the source that is at fault, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.start as usize..self.span.end as usize
    }

    /// The sentence in which Flux reports the problem, with the expression, and for parser and checker the place in it.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::cel::Program;
    ///
    /// let error = Program::parse("has(m)").unwrap_err();
    /// assert_eq!(
    ///     error.explain("has(m)"),
    ///     "failed to parse the CEL expression 'has(m)': ERROR: <input>:1:5: invalid argument to has() macro\n \
    ///      | has(m)\n | ....^",
    /// );
    /// ```
    #[must_use]
    pub fn explain(&self, expression: &str) -> String {
        match self.kind {
            ErrorKind::Limit if self.phase == Phase::Parse => format!(
                "failed to parse the CEL expression '{expression}': ERROR: <input>:-1:0: {}",
                self.message
            ),
            ErrorKind::Parse | ErrorKind::Check => format!(
                "failed to parse the CEL expression '{expression}': {}",
                self.placed(expression)
            ),
            ErrorKind::Type => {
                format!("failed to evaluate CEL expression as boolean: '{expression}'")
            }
            ErrorKind::Output => self.message.to_string(),
            ErrorKind::Program => format!("failed to create CEL program: {}", self.message),
            ErrorKind::Evaluate | ErrorKind::Limit => format!(
                "failed to evaluate the CEL expression '{expression}': {}",
                self.message
            ),
        }
    }

    /// Line and column, both in characters, the line itself and a mark below the place.
    fn placed(&self, expression: &str) -> String {
        let before = expression.get(..self.at as usize).unwrap_or(expression);
        let line = before.matches('\n').count();
        let text = expression.split('\n').nth(line).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default();
        let wide = |character: Option<char>| character.is_some_and(|c| !c.is_ascii());
        let dots = column
            .chars()
            .map(|c| if wide(Some(c)) { '\u{ff0e}' } else { '.' });
        let mark = if wide(text.chars().nth(column.chars().count())) {
            '\u{ff3e}'
        } else {
            '^'
        };
        format!(
            "ERROR: <input>:{}:{}: {}\n | {}\n | {}{mark}",
            line + 1,
            column.chars().count() + 1,
            self.message,
            text.replace('\t', " "),
            dots.collect::<String>(),
        )
    }
}

/// A problem on its way up: without a place until the innermost expression that knows one adds it.
#[derive(Debug, Clone)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    message: Cow<'static, str>,
    place: Option<(Range<u32>, u32)>,
    reach: Reach,
}

/// How far a fault goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// `&&`, `||` and the macros may absorb it.
    Expression,
    /// Likewise; it says that no variable has that name, so that a shorter name may still be found.
    Name,
    /// It ends the evaluation, although it is an ordinary error: upstream panics there.
    Evaluation,
    /// It ends the evaluation, because a limit is reached.
    Limit,
}

impl Fault {
    pub(super) fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self::with(message, Reach::Expression)
    }

    /// No variable of that name.
    pub(super) fn no_attribute(name: &str) -> Self {
        Self::with(format!("no such attribute(s): {name}"), Reach::Name)
    }

    /// Nothing absorbs it.
    pub(super) fn fatal(message: impl Into<Cow<'static, str>>) -> Self {
        Self::with(message, Reach::Evaluation)
    }

    /// A limit is reached.
    pub(super) fn limit(message: impl Into<Cow<'static, str>>) -> Self {
        Self::with(message, Reach::Limit)
    }

    /// The operand is of a type for which the operation does not exist.
    pub(super) fn no_overload() -> Self {
        Self::new("no such overload")
    }

    fn with(message: impl Into<Cow<'static, str>>, reach: Reach) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            place: None,
            reach,
        }))
    }

    /// The same fault at that place, unless it has one.
    pub(super) fn at(mut self, span: &Range<u32>, at: u32) -> Self {
        self.0.place.get_or_insert_with(|| (span.clone(), at));
        self
    }

    pub(super) fn is_fatal(&self) -> bool {
        matches!(self.0.reach, Reach::Evaluation | Reach::Limit)
    }

    pub(super) fn is_missing_name(&self) -> bool {
        self.0.reach == Reach::Name
    }

    /// The same fault, as the value of an expression.
    pub(super) fn settled(mut self) -> Self {
        if self.0.reach == Reach::Name {
            self.0.reach = Reach::Expression;
        }
        self
    }

    /// The error of that kind, unless a limit is reached.
    pub(super) fn into_error(self, kind: ErrorKind) -> Error {
        let Inner {
            message,
            place,
            reach,
        } = *self.0;
        let (span, at) = place.unwrap_or((0..0, 0));
        let kind = if reach == Reach::Limit {
            ErrorKind::Limit
        } else {
            kind
        };
        Error::new(kind, message, span, at)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}
