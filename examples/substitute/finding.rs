//! What is to be said about an object, and where in its file that stands.

use std::ops::Range;

use fluxcd::core::manifest::{Document, FieldPath, Place};
use fluxcd::core::substitute::{
    Change, Error, ErrorKind, Substituted, Taken, Template, Type, Variables,
};
use fluxcd::dialect::yaml::{self, line_column};
use serde_json::Value;

/// More of a value is not shown.
const SHOWN: usize = 60;

/// Something to say about one place of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    /// Where in the object.
    pub(crate) path: FieldPath,
    /// The expression that it is about, as it stands in the object; empty if it is about the whole value.
    pub(crate) expression: String,
    /// What there is to say.
    pub(crate) message: String,
}

/// Every mistake that makes the object fail.
pub(crate) fn failures(error: &Error, object: &Value, variables: &Variables) -> Vec<Finding> {
    let whole = |message: String| {
        vec![Finding {
            path: FieldPath::default(),
            expression: String::new(),
            message,
        }]
    };
    match error {
        Error::Template {
            error: what,
            path,
            undefined,
        } => {
            let text = yaml::to_string(object).unwrap_or_default();
            let cut = |span: &Range<usize>| text.get(span.clone()).unwrap_or_default().to_owned();
            let mut findings: Vec<_> = undefined
                .iter()
                .map(|(one, path)| Finding {
                    path: path.clone(),
                    expression: cut(&one.span),
                    message: format!("undefined variable {}", one.name),
                })
                .collect();
            if what.kind() != ErrorKind::Unset {
                findings.push(Finding {
                    path: path.clone(),
                    expression: cut(what.span()),
                    message: what.explain(),
                });
            }
            findings
        }
        Error::Yaml {
            error: what,
            culprit: Some(culprit),
        } => {
            let value = if is_secret(&culprit.expression, variables) {
                "a value that is not shown".to_owned()
            } else {
                short(&format!("{:?}", String::from_utf8_lossy(&culprit.value)))
            };
            vec![Finding {
                path: culprit.path.clone(),
                expression: culprit.expression.clone(),
                message: format!(
                    "{} becomes {value}, and the text is no YAML then: {}",
                    culprit.expression,
                    what.message()
                ),
            }]
        }
        Error::Yaml { error, .. } => whole(format!(
            "the evaluated text cannot be read: {}",
            error.message()
        )),
        Error::Rewrite { path, why } => vec![Finding {
            path: path.clone(),
            expression: String::new(),
            message: format!("kustomize cannot take over what is here: {why}"),
        }],
        other => whole(other.to_string()),
    }
}

/// Every value that changes its type, and is wanted.
pub(crate) fn retyped(
    done: &Substituted<'_>,
    variables: &Variables,
    wanted: impl Fn(&Change) -> bool,
) -> Vec<Finding> {
    let report = done.report();
    let changes = report.retyped().filter(|change| wanted(change));
    let findings = changes.map(|change| Finding {
        path: change.path.clone(),
        expression: String::new(),
        message: format!(
            "{} becomes {}{}",
            shown(change.before.as_ref()),
            after(change),
            because(change, variables)
        ),
    });
    findings.collect()
}

fn after(change: &Change) -> String {
    let kind = match change.retyped {
        Some((_, kind)) => kind,
        None => return "another value".to_owned(),
    };
    match kind {
        Type::Null => "null".to_owned(),
        _ if change.is_secret() => format!("a {kind} that is not shown"),
        _ => format!("the {kind} {}", shown(change.after.as_ref())),
    }
}

/// Which variables did it.
fn because(change: &Change, variables: &Variables) -> String {
    let uses: Vec<_> = change
        .uses
        .iter()
        .map(|one| match &one.taken {
            Taken::Value(origin) if !origin.is_secret() => {
                let value = variables.value(&one.name).unwrap_or_default();
                let value = short(&String::from_utf8_lossy(value));
                format!("{} = {value} from {origin}", one.name)
            }
            _ => one.to_string(),
        })
        .collect();
    if uses.is_empty() {
        String::new()
    } else {
        format!(" ({})", uses.join(", "))
    }
}

/// What cannot be parsed says nothing about its parts, and is better not shown.
fn is_secret(expression: &str, variables: &Variables) -> bool {
    !Template::parse(expression).is_ok_and(|template| {
        template.references().all(|reference| {
            let layer = variables.layer_of(reference.name());
            layer.is_none_or(|origin| !origin.is_secret())
        })
    })
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| short(&value.to_string()))
}

fn short(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        text.to_owned()
    } else {
        let start: String = text.chars().take(SHOWN).collect();
        format!("{start}...")
    }
}

/// Finds the places of findings in a file; the second finding of a kind gets the second place.
#[derive(Debug, Default)]
pub(crate) struct Locator {
    found: Vec<(String, Range<usize>)>,
}

impl Locator {
    /// Where the expression of a finding stands, or the value that it is a part of.
    pub(crate) fn locate(
        &mut self,
        file: &[u8],
        document: &Document<'_>,
        finding: &Finding,
    ) -> Place {
        let value = if finding.path.is_empty() {
            document.place()
        } else {
            document.place_of(&finding.path)
        };
        if finding.expression.is_empty() {
            return value;
        }
        // An expression in a key stands before the value.
        let start = document.place_of_key(&finding.path).span.start;
        let within = start.min(value.span.start)..value.span.end;
        self.search(file, within, finding).unwrap_or(value)
    }

    /// Where the expression of a finding stands within a part of a file.
    pub(crate) fn search(
        &mut self,
        file: &[u8],
        within: Range<usize>,
        finding: &Finding,
    ) -> Option<Place> {
        // The manifest may break or quote the text in another way than the object as built does.
        let open = finding
            .expression
            .split(['\n', ' ', '"', '\'', '\\'])
            .next();
        let wanted = [finding.expression.as_str(), open.unwrap_or_default()];
        let path = finding.path.to_string();
        for wanted in wanted.into_iter().filter(|wanted| !wanted.is_empty()) {
            let mut from = within.start;
            while let Some(at) = find(file, from..within.end, wanted.as_bytes()) {
                let span = at..at + wanted.len();
                from = at + 1;
                let known = (path.clone(), span.clone());
                if !self.found.contains(&known) {
                    self.found.push(known);
                    return Some(place(file, span));
                }
            }
        }
        None
    }
}

fn find(file: &[u8], within: Range<usize>, wanted: &[u8]) -> Option<usize> {
    let start = within.start;
    let mut windows = file.get(within)?.windows(wanted.len());
    windows
        .position(|window| window == wanted)
        .map(|at| start + at)
}

fn place(file: &[u8], span: Range<usize>) -> Place {
    let (line, column) = line_column(file, span.start);
    Place { span, line, column }
}
