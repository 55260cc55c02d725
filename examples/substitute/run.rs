//! From files and variables to results and findings.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use fluxcd::core::manifest::{self, Document, Place};
use fluxcd::core::substitute::{
    ErrorKind, Layer, Mode, Outcome, Substitution, Variables, is_encrypted,
};
use fluxcd::dialect::yaml::{self, Loader};
use serde_json::Value;

use crate::finding::{Finding, Locator, failures, retyped};
use crate::render::{Render, Severity};
use crate::{diff, find};

/// What the program is asked to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// A file, a directory, or `-` for standard input.
    pub(crate) target: String,
    /// Variables, the last one of a name wins.
    pub(crate) variables: Vec<(String, String)>,
    /// Files with ConfigMaps and Secrets, later ones win.
    pub(crate) from: Vec<PathBuf>,
    /// What an undefined variable is.
    pub(crate) mode: Mode,
    /// What standard output gets.
    pub(crate) show: Show,
}

/// What standard output gets.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Show {
    /// The resulting documents.
    #[default]
    Documents,
    /// What changes in them.
    Changes,
}

/// Everything that was read.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Names and contents of the files.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// All variables.
    pub(crate) variables: Variables,
}

impl Input {
    /// Reads the files and the sources of variables.
    pub(crate) fn read(options: &Options) -> Result<Self, String> {
        let mut layers = Vec::new();
        for path in &options.from {
            let text = read(path)?;
            let found = layers_of(&path.display().to_string(), &text)?;
            if found.is_empty() {
                return Err(format!(
                    "{} holds no ConfigMap and no Secret",
                    path.display()
                ));
            }
            layers.extend(found);
        }
        layers.push(Layer::inline(options.variables.iter().cloned()));
        Ok(Self {
            files: files(&options.target)?,
            variables: layers.into_iter().collect(),
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn files(target: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    if target == "-" {
        let mut text = Vec::new();
        let read = io::stdin().read_to_end(&mut text);
        read.map_err(|error| format!("standard input: {error}"))?;
        return Ok(vec![("<stdin>".to_owned(), text)]);
    }
    let path = Path::new(target);
    if !path.is_dir() {
        return Ok(vec![(target.to_owned(), read(path)?)]);
    }
    let found = find::manifests(path);
    if let Some((name, reason)) = found.unreadable.first() {
        return Err(format!("{target}/{name}: {reason}"));
    }
    let files = found.files.into_iter().map(|file| {
        let name = format!("{}/{}", target.trim_end_matches('/'), file.name);
        Ok((name, read(&file.path)?))
    });
    files.collect()
}

/// The ConfigMaps and Secrets of a file as layers; other objects are passed over.
fn layers_of(name: &str, text: &[u8]) -> Result<Vec<Layer>, String> {
    let mut layers = Vec::new();
    for document in manifest::documents(text, Loader::v3()) {
        let at = format!("{name}:{}", document.place());
        let value = document
            .content()
            .map_err(|error| format!("{name}:{}: {}", error.place(), error.message()))?;
        if matches!(document.kind(), Some("ConfigMap" | "Secret")) {
            if is_encrypted(value) {
                return Err(format!("{at}: encrypted, its values are not known"));
            }
            layers.push(Layer::from_object(value).map_err(|error| format!("{at}: {error}"))?);
        }
    }
    Ok(layers)
}

/// Substitutes all documents of the input; how many of them fail.
pub(crate) fn run(
    input: &Input,
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<usize> {
    let mut run = Run {
        substitution: Substitution::new(input.variables.clone()).mode(options.mode),
        show: options.show,
        failed: 0,
        printed: 0,
        out,
        render: Render { out: err },
    };
    if let Err(error) = input.variables.check_names() {
        // It fails every object, and is no object's fault.
        run.render.line(Severity::Error, &error.to_string())?;
        return Ok(1);
    }
    for (name, text) in &input.files {
        for document in manifest::documents(text, Loader::v3()) {
            let file = File {
                name,
                text,
                document: &document,
            };
            run.document(&file)?;
        }
    }
    Ok(run.failed)
}

struct Run<'a> {
    substitution: Substitution,
    show: Show,
    failed: usize,
    printed: usize,
    out: &'a mut dyn Write,
    render: Render<'a>,
}

/// One document and the file that it stands in.
struct File<'a> {
    name: &'a str,
    text: &'a [u8],
    document: &'a Document<'a>,
}

impl Run<'_> {
    fn document(&mut self, file: &File<'_>) -> io::Result<()> {
        let value = match file.document.content() {
            Ok(Value::Null) => return Ok(()),
            Ok(value) => value,
            Err(error) => {
                self.failed += 1;
                return self.say(file, Severity::Error, error.place(), error.message());
            }
        };
        // What kustomize reads for itself is no object of the build.
        let api_version = file.document.api_version().unwrap_or_default();
        if file.document.kind().is_none() || api_version.starts_with("kustomize.config.k8s.io/") {
            return self.print(file, value, value);
        }
        if is_encrypted(value) {
            let message = "encrypted: its values, and expressions in them, are not seen";
            self.say(file, Severity::Warning, &file.document.place(), message)?;
        }
        // Borrowed from a copy, so that what is said meanwhile may change `self`.
        let substitution = self.substitution.clone();
        let variables = substitution.variables();
        match substitution.apply(value) {
            Err(error) => {
                self.failed += 1;
                self.findings(file, Severity::Error, &failures(&error, value, variables))
            }
            Ok(Outcome::Substituted(done)) => {
                self.undefined(file, value, variables)?;
                self.findings(
                    file,
                    Severity::Warning,
                    &retyped(&done, variables, |_| true),
                )?;
                self.print(file, value, done.object())
            }
            Ok(Outcome::OptedOut(_) | Outcome::NoVariables) => self.print(file, value, value),
        }
    }

    /// What strict mode would refuse, where the mode is lax.
    fn undefined(
        &mut self,
        file: &File<'_>,
        value: &Value,
        variables: &Variables,
    ) -> io::Result<()> {
        let strict = Substitution::new(variables.clone());
        match strict.apply(value) {
            Err(error) if error.kind() == ErrorKind::Unset => {
                let mut findings = failures(&error, value, variables);
                for finding in &mut findings {
                    finding.message += ", taken as empty";
                }
                self.findings(file, Severity::Warning, &findings)
            }
            _ => Ok(()),
        }
    }

    fn findings(
        &mut self,
        file: &File<'_>,
        severity: Severity,
        findings: &[Finding],
    ) -> io::Result<()> {
        let mut locator = Locator::default();
        let mut placed: Vec<_> = findings
            .iter()
            .map(|finding| (locator.locate(file.text, file.document, finding), finding))
            .collect();
        placed.sort_by_key(|(place, _)| place.span.start);
        for (place, Finding { path, message, .. }) in placed {
            let path = path.to_string();
            let colon = if path.is_empty() { "" } else { ": " };
            self.say(file, severity, &place, &format!("{path}{colon}{message}"))?;
        }
        Ok(())
    }

    fn say(
        &mut self,
        file: &File<'_>,
        severity: Severity,
        place: &Place,
        message: &str,
    ) -> io::Result<()> {
        self.render
            .place(severity, file.name, file.text, place, message)
    }

    fn print(&mut self, file: &File<'_>, before: &Value, after: &Value) -> io::Result<()> {
        let text = |value| yaml::to_string(value).map_err(io::Error::other);
        let after = text(after)?;
        match self.show {
            Show::Documents => {
                if self.printed > 0 {
                    writeln!(self.out, "---")?;
                }
                self.printed += 1;
                write!(self.out, "{after}")
            }
            Show::Changes => {
                let kind = file.document.kind().unwrap_or_default();
                let name = file.document.name().unwrap_or("(no name)");
                let title = format!("{}:{} {kind} {name}", file.name, file.document.place());
                diff::write(self.out, &title, &text(before)?, &after)
            }
        }
    }
}
