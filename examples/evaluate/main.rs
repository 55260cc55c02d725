//! Reads a GitOps repository and says what Flux will make of it.
//!
//! ```text
//! cargo run --example evaluate [DIR] [--previous DIR] [--format text|json]
//! ```
//!
//! Without `DIR` it reads the fleet beside this example. What it prints: how often each kind occurs; in which order the
//! Kustomizations and HelmReleases can be reconciled, with the reason for each edge; the names of the Helm releases;
//! what follows a failed install or upgrade, with the origin of each value; for each Kustomization with `postBuild` what
//! fails and what changes its type when variables are put in, as far as the repository has them; which tag each image policy
//! elects, where `registry/<ImageRepository>.txt` lists them, and why the others lost; what the version ranges of sources
//! mean; every fragment; and everything that does not decode, with file, line and column.
//!
//! With `--previous` it reads an earlier state of the repository as well, and says what each Kustomization does on the way
//! from there: what it applies, stage by stage, what it deletes, and what stays behind, with the reason.
//!
//! The exit code is 0 whatever the report says, and 2 when there is none.

#![allow(clippy::print_stderr, reason = "a program speaks to its user")]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

use indicatif::{ProgressBar, ProgressDrawTarget};

mod change;
mod cluster;
mod find;
#[path = "../substitute/finding.rs"]
mod finding;
mod generator;
mod images;
mod locate;
mod order;
mod overlay;
mod patch;
mod place;
mod plan;
mod release;
mod report;
mod selector;
mod store;
mod substitution;
mod survey;
mod text;
mod transition;
mod variables;
mod walk;

/// How long the work may take before a progress bar shows up.
const PATIENCE: Duration = Duration::from_secs(1);

const USAGE: &str = "usage: evaluate [DIR] [--previous DIR] [--format text|json]";

/// What the program was asked for.
struct Arguments {
    directory: PathBuf,
    previous: Option<PathBuf>,
    format: Format,
}

#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
}

fn main() -> ExitCode {
    let arguments = match arguments(env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let directories = [Some(&arguments.directory), arguments.previous.as_ref()];
    for directory in directories.into_iter().flatten() {
        if !directory.is_dir() {
            eprintln!("{} is no directory", directory.display());
            return ExitCode::from(2);
        }
    }
    match print(&evaluate(&arguments), arguments.format) {
        // Whoever read the first lines and left has got what they wanted.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("cannot write the report: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut directory = None;
    let mut previous = None;
    let mut format = Format::Text;
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        match name {
            "--format" => match value.or_else(|| words.next()).as_deref() {
                Some("text") => format = Format::Text,
                Some("json") => format = Format::Json,
                _ => return Err("--format takes text or json".to_owned()),
            },
            "--previous" => match value.or_else(|| words.next()) {
                Some(value) => previous = Some(PathBuf::from(value)),
                None => return Err("--previous takes a directory".to_owned()),
            },
            "-h" | "--help" => return Err("what Flux makes of a directory of manifests".to_owned()),
            option if option.starts_with('-') => return Err(format!("unknown option {option}")),
            _ if directory.is_none() => directory = Some(PathBuf::from(word)),
            _ => return Err("one directory at a time".to_owned()),
        }
    }
    Ok(Arguments {
        directory: directory.unwrap_or_else(fleet),
        previous,
        format,
    })
}

/// The fleet beside this example, by a short name where the program runs in the repository.
fn fleet() -> PathBuf {
    let short = Path::new("examples/fleet");
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(short);
    if short.is_dir() {
        short.to_owned()
    } else {
        full
    }
}

fn evaluate(arguments: &Arguments) -> report::Report {
    let mut survey = read(&arguments.directory);
    if let Some(previous) = &arguments.previous {
        survey.follow(&previous.display().to_string(), read(previous));
    }
    survey.finish(&arguments.directory.display().to_string())
}

fn read(directory: &Path) -> survey::Survey {
    let found = find::manifests(directory);
    let start = Instant::now();
    let progress = ProgressBar::with_draw_target(
        u64::try_from(found.files.len()).ok(),
        ProgressDrawTarget::hidden(),
    );
    let mut survey = survey::Survey::default();
    for (name, reason) in found.unreadable {
        survey.add_unreadable(&name, &reason);
    }
    for file in &found.files {
        match fs::read(&file.path) {
            Ok(bytes) => survey.add(&file.name, &bytes),
            Err(error) => survey.add_unreadable(&file.name, &error.to_string()),
        }
        if progress.is_hidden() && start.elapsed() > PATIENCE {
            // Nothing is drawn where standard error is no terminal.
            progress.set_draw_target(ProgressDrawTarget::stderr());
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    for name in survey.wanted() {
        // A file that is not there is a matter for whoever builds the overlay.
        if let Ok(bytes) = fs::read(directory.join(&name)) {
            survey.add_text(&name, &bytes);
        }
    }
    survey
}

fn print(report: &report::Report, format: Format) -> io::Result<()> {
    match format {
        Format::Text => {
            let mut out = anstream::AutoStream::auto(io::stdout().lock());
            text::write(&mut out, report)?;
            out.flush()
        }
        Format::Json => {
            let mut out = io::stdout().lock();
            serde_json::to_writer_pretty(&mut out, report)?;
            writeln!(out)
        }
    }
}
