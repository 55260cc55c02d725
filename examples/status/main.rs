//! Says of live objects whether they are ready, and what keeps those waiting that are not.
//!
//! ```text
//! kubectl get kustomizations,helmreleases,gitrepositories,deployments -A -o yaml | cargo run --example status -
//! cargo run --example status [FILE|-] [--format text|json] [--now TIME]
//! ```
//!
//! It reads what `kubectl get -o yaml` or `-o json` printed, from a file or, for `-`, from standard input; without an
//! argument it reads the cluster beside this example. For each object it prints the readiness by the rules of kstatus and
//! of Flux, the reason, the age, the revision, and what it waits for; then, for each object that is not ready, the chain of
//! objects that block it, down to the one where the trouble is. An object can only be blamed if it is in the input: the more
//! kinds are asked for, the further the chains lead.
//!
//! Ages are reckoned from `--now` (RFC 3339), or else from the clock.
//!
//! The exit code is 0 whatever the objects say, 1 when the input has nothing to tell, and 2 when the program was called in
//! a wrong way.

#![allow(clippy::print_stderr, reason = "a program speaks to its user")]

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use std::{env, fs};

use chrono::{DateTime, Utc};

mod age;
mod chain;
mod cluster;
mod report;
mod text;

const USAGE: &str = "usage: status [FILE|-] [--format text|json] [--now TIME]";

/// What the program was asked for.
struct Arguments {
    input: Input,
    format: Format,
    now: DateTime<Utc>,
}

enum Input {
    Standard,
    File(PathBuf),
}

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
    let bytes = match read(&arguments.input) {
        Ok(bytes) => bytes,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let cluster = cluster::Cluster::read(&bytes, arguments.now);
    for problem in &cluster.problems {
        eprintln!("{problem}");
    }
    if cluster.objects.is_empty() {
        eprintln!("there is no object in the input");
        return ExitCode::FAILURE;
    }
    match print(&report::Report::of(&cluster), &arguments.format) {
        // Whoever read the first lines and left has got what they wanted.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("cannot write the report: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut input = None;
    let mut format = Format::Text;
    let mut now = None;
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
            "--now" => {
                let time = value.or_else(|| words.next()).unwrap_or_default();
                let time = DateTime::parse_from_rfc3339(&time).map_err(|error| {
                    format!("--now takes a time such as 2026-11-02T09:30:00Z: {error}")
                })?;
                now = Some(time.to_utc());
            }
            "-h" | "--help" => return Err("what live objects are waiting for".to_owned()),
            "-" if input.is_none() => input = Some(Input::Standard),
            option if option.starts_with('-') => return Err(format!("unknown option {option}")),
            _ if input.is_none() => input = Some(Input::File(PathBuf::from(word))),
            _ => return Err("one input at a time".to_owned()),
        }
    }
    Ok(Arguments {
        input: input.unwrap_or_else(|| Input::File(sample())),
        format,
        now: now.unwrap_or_else(|| DateTime::from(SystemTime::now())),
    })
}

/// The cluster beside this example.
fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/status/cluster.yaml")
}

fn read(input: &Input) -> Result<Vec<u8>, String> {
    match input {
        Input::File(path) => {
            fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
        }
        Input::Standard => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| format!("cannot read standard input: {error}"))?;
            Ok(bytes)
        }
    }
}

fn print(report: &report::Report, format: &Format) -> io::Result<()> {
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
