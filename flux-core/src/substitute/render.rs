//! Steps and values to text, with no recursion.
//!
//! Source: `fluxcd/pkg: envsubst/template.go`.

use std::borrow::Cow;

use super::Variables;
use super::error::{ErrorKind, TemplateError, Undefined};
use super::function::{self, Budget, Fault};
use super::template::{Expression, Mode, Operator, Step, Template, Traced};

pub(super) fn render<'t>(
    template: &Template<'t>,
    variables: &Variables,
    mode: Mode,
    trace: Option<&mut Vec<Traced>>,
) -> Result<Cow<'t, [u8]>, TemplateError> {
    if template.steps.is_empty() {
        return Ok(Cow::Borrowed(template.text));
    }
    let mut renderer = Renderer {
        variables,
        mode,
        out: Vec::with_capacity(template.text.len() + template.text.len() / 16),
        arguments: Vec::new(),
        undefined: Vec::new(),
        budget: Budget::for_text(template.text.len()),
        trace,
    };
    for step in &template.steps {
        match step {
            Step::Text(text) => renderer.out.extend_from_slice(text),
            Step::Argument => renderer.arguments.push(renderer.out.len()),
            Step::Expression(expression) => {
                if let Err(fault) = renderer.expression(expression) {
                    // Upstream would not have come here.
                    if let Some(error) = TemplateError::undefined_variables(renderer.undefined) {
                        return Err(error);
                    }
                    let kind = match fault {
                        Fault::OutOfRange => ErrorKind::Panic,
                        Fault::Limit => ErrorKind::Limit,
                    };
                    return Err(TemplateError::new(kind, expression.span.clone()));
                }
            }
        }
    }
    match TemplateError::undefined_variables(renderer.undefined) {
        Some(error) => Err(error),
        None => Ok(Cow::Owned(renderer.out)),
    }
}

struct Renderer<'a> {
    variables: &'a Variables,
    mode: Mode,
    /// The text so far; behind it, the arguments of expressions that are not complete.
    out: Vec<u8>,
    /// Where in `out` those arguments begin.
    arguments: Vec<usize>,
    undefined: Vec<Undefined>,
    budget: Budget,
    trace: Option<&'a mut Vec<Traced>>,
}

impl Renderer<'_> {
    /// Replaces the arguments at the end of the text by the result.
    fn expression(&mut self, expression: &Expression<'_>) -> Result<(), Fault> {
        let value = self.variables.value(expression.name);
        if value.is_none() && self.mode == Mode::Strict && expression.operator != Operator::Default
        {
            self.undefined.push(Undefined {
                name: expression.name.to_owned(),
                span: expression.span.clone(),
            });
        }
        let value = value.unwrap_or_default();
        let first = self.arguments.len().saturating_sub(expression.arguments);
        let starts = self.arguments.get(first..).unwrap_or_default();
        let start = starts.first().copied().unwrap_or(self.out.len());
        let argument = |index: usize| {
            let from = *starts.get(index)?;
            let to = starts.get(index + 1).copied().unwrap_or(self.out.len());
            self.out.get(from..to)
        };
        if expression.operator != Operator::Default {
            let arguments = [argument(0), argument(1)];
            let result = function::call(expression.operator, value, arguments, &mut self.budget)?;
            self.out.truncate(start);
            self.out.extend_from_slice(&result);
        } else if !value.is_empty() {
            self.out.truncate(start);
            self.out.extend_from_slice(value);
        }
        self.arguments.truncate(first);
        if self.out.len() > self.budget.bytes {
            return Err(Fault::Limit);
        }
        if let Some(trace) = &mut self.trace
            && expression.depth == 0
        {
            trace.push(Traced {
                expression: expression.span.clone(),
                result: start..self.out.len(),
            });
        }
        Ok(())
    }
}
