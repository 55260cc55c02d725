//! The checker: what type an expression has, given the types of its variables.
//!
//! cel-go v0.26.1: `checker/checker.go (Check)`. Upstream goes on after a problem and reports all of them; here the first one
//! ends the check.

use std::collections::BTreeMap;

use self::checker::Checker;
use super::error::{Error, ErrorKind};
use super::parse::parse;
use super::plan::Mode;
use super::program::{Options, Program};
use super::tree::{NodeId, Tree};

mod aggregate;
mod call;
mod checker;
mod format;
mod function;
mod message;
mod name;
mod select;
#[cfg(test)]
mod tests;
mod types;
mod unify;

pub use self::types::Type;

/// The variables that an expression may use, with their types.
///
/// # Examples
///
/// ```
/// use fluxcd_dialect::cel::{Declarations, Program, Type};
///
/// let declarations = Declarations::objects(["self", "dep"]);
/// let check = |text| Program::parse(text)?.check(&declarations);
/// assert_eq!(check("dep.status.ready == true")?, Type::Bool);
/// assert_eq!(check("dep.status.ready")?, Type::Dyn);
/// assert_eq!(
///     check("other == 1").unwrap_err().to_string(),
///     "undeclared reference to 'other' (in container '')",
/// );
/// # Ok::<(), fluxcd_dialect::cel::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declarations {
    variables: BTreeMap<String, Type>,
}

impl Declarations {
    /// No variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Variables that hold objects: maps from texts to values of any type.
    pub fn objects<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Self {
        let object = || Type::Map(Box::new(Type::String), Box::new(Type::Dyn));
        Self {
            variables: names
                .into_iter()
                .map(|name| (name.into(), object()))
                .collect(),
        }
    }

    /// One variable more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, of: Type) -> Self {
        self.variables.insert(name.into(), of);
        self
    }
}

impl Program {
    /// The type of the expression under these declarations.
    ///
    /// # Errors
    ///
    /// Of the kinds [`Check`](ErrorKind::Check) and [`Limit`](ErrorKind::Limit): the first problem of the expression.
    pub fn check(&self, declarations: &Declarations) -> Result<Type, Error> {
        check(&self.tree, declarations).map(|checked| checked.of)
    }

    /// Reads an expression whose type must be that one, as Flux reads `readyExpr`.
    ///
    /// An expression of the type `dyn` is refused, although it might turn out to have the right value: write
    /// `dep.status.ready == true`.
    ///
    /// # Errors
    ///
    /// Of the kinds [`Parse`](ErrorKind::Parse), [`Check`](ErrorKind::Check), [`Output`](ErrorKind::Output),
    /// [`Program`](ErrorKind::Program) and [`Limit`](ErrorKind::Limit), in that order.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_dialect::cel::{Declarations, Program, Type};
    ///
    /// let declarations = Declarations::objects(["self", "dep"]);
    /// let compile = |text| Program::compile(text, &declarations, &Type::Bool);
    /// assert!(compile("dep.status.ready == true").is_ok());
    /// let error = compile("dep.status.ready").unwrap_err();
    /// assert_eq!(error.to_string(), "CEL expression output type mismatch: expected bool, got dyn");
    /// ```
    pub fn compile(
        source: &str,
        declarations: &Declarations,
        expected: &Type,
    ) -> Result<Self, Error> {
        let options = Options::default();
        let tree = parse(source, &options)?;
        let Checked {
            of: found,
            constants,
            undefined,
        } = check(&tree, declarations)?;
        if found != *expected {
            let message =
                format!("CEL expression output type mismatch: expected {expected}, got {found}");
            let root = tree.node(tree.root());
            return Err(Error::new(
                ErrorKind::Output,
                message,
                root.span.clone(),
                root.at,
            ));
        }
        undefined.map_or(Ok(()), Err)?;
        Self::of(source, tree, Mode::Checked(&constants), &options)
    }
}

/// What the checker found.
struct Checked {
    of: Type,
    /// The names that stand for types and other constants, in the order of their places.
    constants: Vec<NodeId>,
    /// A name that stands for a type which no value has; a program with it cannot be made.
    undefined: Option<Error>,
}

fn check(tree: &Tree, declarations: &Declarations) -> Result<Checked, Error> {
    let mut checker = Checker::new(tree, declarations);
    let found = checker.check().and_then(|()| {
        checker.learn_all();
        aggregate::require_one_type(&checker)?;
        format::check(&checker)?;
        Ok(Checked {
            of: checker.export(tree.root()),
            constants: checker.constants(),
            undefined: checker.undefined.take(),
        })
    });
    match checker.types.are_exhausted() || checker.is_huge(tree.root()) {
        true => Err(Error::new(
            ErrorKind::Limit,
            "the types of the expression are too large",
            0..0,
            0,
        )),
        false => found,
    }
}
