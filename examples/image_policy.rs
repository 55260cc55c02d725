//! Says which tag an ImagePolicy elects, and why each other one lost.
//!
//! ```text
//! cargo run --example image_policy -- --policy FILE --tags FILE
//! ```
//!
//! The policy file may hold an ImageRepository too; its `exclusionList` counts then. The file of tags has one in a line, as
//! `crane ls` or `flux list artifacts` print them; `-` is standard input. The losers are grouped by reason, a few of each
//! group by name.
//!
//! The exit code is 0 if a tag is elected, 1 if none is, and 2 if a file cannot be read or holds no policy.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program speaks to its user"
)]

use std::io::Read;
use std::process::ExitCode;
use std::{env, fs, io};

use fluxcd::policy::image::TagPolicy;
use fluxcd::policy::testing;

const USAGE: &str = "usage: image_policy --policy FILE --tags FILE";

fn main() -> ExitCode {
    let (policy, tags) = match arguments(env::args().skip(1)).and_then(|files| read(&files)) {
        Ok(read) => read,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let tags: Vec<&str> = tags
        .lines()
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .collect();
    let explanation = policy.explain(&tags);
    print!("{explanation}");
    ExitCode::from(u8::from(explanation.outcome().is_err()))
}

struct Files {
    policy: String,
    tags: String,
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Files, String> {
    let (mut policy, mut tags) = (None, None);
    while let Some(word) = words.next() {
        let file = match word.as_str() {
            "--policy" => &mut policy,
            "--tags" => &mut tags,
            _ => return Err(USAGE.to_owned()),
        };
        *file = Some(words.next().ok_or(USAGE)?);
    }
    match (policy, tags) {
        (Some(policy), Some(tags)) => Ok(Files { policy, tags }),
        _ => Err(USAGE.to_owned()),
    }
}

fn read(files: &Files) -> Result<(TagPolicy, String), String> {
    let manifest = text(&files.policy)?;
    let policy =
        testing::policy(&manifest).map_err(|error| format!("{}: {error}", files.policy))?;
    Ok((policy, text(&files.tags)?))
}

fn text(file: &str) -> Result<String, String> {
    let read = if file == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    read.map_err(|error| format!("{file}: {error}"))
}
