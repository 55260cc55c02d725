//! Puts variables into manifests as `spec.postBuild` of a Kustomization does it, and says what would fail or surprise.
//!
//! ```text
//! cargo run --example substitute -- FILE|DIR|- [--var k=v]... [--from configmap.yaml]... [--lax] [--diff]
//! ```
//!
//! `--from` names files with ConfigMaps and Secrets, whose keys become variables; later files win. `--var` wins over all of
//! them. An undefined variable is an error, as it is since Flux 2.9, unless `--lax` is given.
//!
//! Standard output gets the resulting documents, or with `--diff` only what changes in them; an object that fails is left
//! out. Standard error gets every undefined variable and every other mistake with file, line and column, and every value
//! that changes its type. Values from Secrets are not shown there.
//!
//! The exit code is 0 if everything goes well, 1 if something would fail, and 2 if the arguments make no sense.
//!
//! The documents are taken as they stand in the files. In a cluster kustomize builds them first: patches, generators and
//! prefixes come before variables.

#![allow(clippy::print_stderr, reason = "a program speaks to its user")]

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use run::{Input, Options, Show};

mod diff;
#[path = "../evaluate/find.rs"]
mod find;
mod finding;
mod render;
mod run;

const USAGE: &str =
    "usage: substitute FILE|DIR|- [--var k=v]... [--from configmap.yaml]... [--lax] [--diff]";

fn main() -> ExitCode {
    let done = arguments(env::args().skip(1)).and_then(|options| {
        let input = Input::read(&options)?;
        let mut out = anstream::AutoStream::auto(io::stdout().lock());
        let mut err = anstream::AutoStream::auto(io::stderr().lock());
        let failures = run::run(&input, &options, &mut out, &mut err);
        Ok(failures.and_then(|failures| out.flush().map(|()| failures)))
    });
    match done {
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            ExitCode::from(2)
        }
        Ok(Ok(0)) => ExitCode::SUCCESS,
        Ok(Ok(_)) => ExitCode::from(1),
        // Whoever read the first lines and left has got what they wanted.
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("cannot write: {error}");
            ExitCode::from(2)
        }
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut target = None;
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let mut value = || {
            let value = value.clone().or_else(|| words.next());
            value.ok_or_else(|| format!("{name} takes a value"))
        };
        match name {
            "--var" => {
                let variable = value()?;
                let (key, value) = variable
                    .split_once('=')
                    .ok_or("--var takes a name, an equals sign and a value")?;
                options.variables.push((key.to_owned(), value.to_owned()));
            }
            "--from" => options.from.push(value()?.into()),
            "--lax" => options.mode = fluxcd::core::substitute::Mode::Lax,
            "--diff" => options.show = Show::Changes,
            "-h" | "--help" => return Err("what variables make of manifests".to_owned()),
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("unknown option {option}"));
            }
            _ if target.is_none() => target = Some(word),
            _ => return Err("one file or directory at a time".to_owned()),
        }
    }
    options.target = target.ok_or("no file or directory")?;
    Ok(options)
}
