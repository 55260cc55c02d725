//! The example `substitute`: what it prints on files of the example fleet, and what it says about mistakes.
//!
//! `FLUXCD_BLESS=1 cargo test --test substitute` writes the expected outputs anew; look at the difference before you
//! commit it.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::{env, fs};

use fluxcd::core::substitute::{Layer, Mode, Variables};
use run::{Input, Options, Show};

#[path = "../examples/substitute/diff.rs"]
mod diff;
#[path = "../examples/evaluate/find.rs"]
mod find;
#[path = "../examples/substitute/finding.rs"]
mod finding;
#[path = "../examples/substitute/render.rs"]
mod render;
#[path = "../examples/substitute/run.rs"]
mod run;

/// Standard output, standard error, and how many objects fail.
fn outputs(input: &Input, options: &Options) -> (String, String, usize) {
    let mut out = anstream::StripStream::new(Vec::new());
    let mut err = anstream::StripStream::new(Vec::new());
    let failed = run::run(input, options, &mut out, &mut err).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out.into_inner()), text(err.into_inner()), failed)
}

fn assert_outputs(options: &Options, expected: &str, failures: usize) {
    let (out, err, failed) = outputs(&Input::read(options).unwrap(), options);
    assert_eq!(failed, failures);
    for (actual, end) in [(out, "out.txt"), (err, "err.txt")] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/substitute")
            .join(format!("{expected}.{end}"));
        if env::var_os("FLUXCD_BLESS").is_some() {
            fs::write(&file, &actual).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap();
        let line = actual.lines().zip(expected.lines());
        let line = line
            .take_while(|(actual, expected)| actual == expected)
            .count();
        assert!(
            actual == expected,
            "{} differs from line {}:\n  expected {:?}\n  actual   {:?}",
            file.display(),
            line + 1,
            expected.lines().nth(line),
            actual.lines().nth(line),
        );
    }
}

fn fleet(directory: &str, cluster: &str, sources: &[&str]) -> Options {
    let from = sources
        .iter()
        .map(|name| format!("examples/fleet/clusters/{cluster}/{name}.yaml"));
    Options {
        target: format!("examples/fleet/infrastructure/{directory}"),
        from: from.map(Into::into).collect(),
        ..Options::default()
    }
}

/// What is said about a text.
fn said(
    text: &str,
    layers: impl IntoIterator<Item = Layer>,
    options: &Options,
) -> (String, String) {
    let input = Input {
        files: vec![("x.yaml".to_owned(), text.as_bytes().to_owned())],
        variables: Variables::from_iter(layers),
    };
    let (out, err, _) = outputs(&input, options);
    (out, err)
}

fn map(data: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n{data}")
}

fn strict(data: &str, layers: impl IntoIterator<Item = Layer>) -> String {
    said(&map(data), layers, &Options::default()).1
}

#[test]
fn a_directory_with_an_undefined_variable() {
    assert_outputs(
        &fleet("controllers", "staging", &["cluster-vars"]),
        "staging",
        1,
    );
}

#[test]
fn a_directory_without_mistakes() {
    assert_outputs(
        &fleet("controllers", "production", &["cluster-vars"]),
        "production",
        0,
    );
}

#[test]
fn only_what_changes_with_a_secret_and_an_inline_variable() {
    let mut options = fleet("configs", "staging", &["cluster-vars", "cluster-secrets"]);
    options.variables = vec![(
        "acme_server".to_owned(),
        "https://acme.example.com".to_owned(),
    )];
    options.show = Show::Changes;
    assert_outputs(&options, "changes", 0);
}

#[test]
fn lax_mode_takes_undefined_variables_as_empty_and_says_so() {
    let mut options = fleet("controllers", "staging", &["cluster-vars"]);
    options.mode = Mode::Lax;
    options.show = Show::Changes;
    assert_outputs(&options, "lax", 0);
}

#[test]
fn every_undefined_variable_is_marked_where_it_stands() {
    let err = strict(
        "  a: ${x} ${y}\n  b: |\n    ${x}\n    \t${x}\n  ${key}: \"q${x}\"\n",
        [Layer::inline([("z", "")])],
    );
    let expected = "\
x.yaml:6:6: error: data.a: undefined variable x
6 |   a: ${x} ${y}
  |      ^^^^
x.yaml:6:11: error: data.a: undefined variable y
6 |   a: ${x} ${y}
  |           ^^^^
x.yaml:8:5: error: data.b: undefined variable x
8 |     ${x}
  |     ^^^^
x.yaml:9:6: error: data.b: undefined variable x
9 |     \t${x}
  |     \t^^^^
x.yaml:10:3: error: data.${key}: undefined variable key
10 |   ${key}: \"q${x}\"
   |   ^^^^^^
x.yaml:10:13: error: data.${key}: undefined variable x
10 |   ${key}: \"q${x}\"
   |             ^^^^
";
    assert_eq!(err.replace("[\"${key}\"]", ".${key}"), expected);
}

#[test]
fn mistakes_of_form_are_marked() {
    let err = strict("  a: one ${x.y} two\n", [Layer::inline([("x", "")])]);
    assert!(
        err.starts_with("x.yaml:6:10: error: data.a: missing closing brace\n"),
        "{err}"
    );
}

#[test]
fn a_value_that_breaks_the_text_is_named() {
    let err = strict("  a: fine\n  b: ${x}\n", [Layer::inline([("x", "k: v")])]);
    assert!(
        err.starts_with(
            "x.yaml:7:6: error: data.b: ${x} becomes \"k: v\", and the text is no YAML then: "
        ),
        "{err}"
    );
}

#[test]
fn what_kustomize_cannot_take_over_is_marked() {
    let err = strict("  a: \"\\tb\\n${x}\\n\"\n", [Layer::inline([("x", "")])]);
    assert!(
        err.starts_with("x.yaml:6:6: error: data.a: kustomize cannot take over what is here: "),
        "{err}"
    );
}

#[test]
fn what_kustomize_reads_for_itself_is_left_alone() {
    let text =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamePrefix: ${x}\n";
    let (out, err) = said(text, [Layer::inline([("y", "")])], &Options::default());
    assert_eq!((out.as_str(), err.as_str()), (text, ""));
}

#[test]
fn values_of_secrets_are_not_shown() {
    let secret = || {
        [Layer::secret(
            "s",
            [("number", "4711"), ("text", "k: hunter2")],
        )]
    };
    let err = strict("  a: ${number}\n", secret());
    assert!(
        err.contains("becomes a number that is not shown (number from Secret/s)"),
        "{err}"
    );
    let err = strict("  a: ${text}\n", secret());
    assert!(err.contains("becomes a value that is not shown"), "{err}");
    assert!(!err.contains("hunter2"), "{err}");
}

#[test]
fn a_key_that_is_no_name_fails_everything_and_is_told_once() {
    let (out, err) = said(
        &map("  a: b\n"),
        [Layer::config_map("c", [("ca.crt", "")])],
        &Options::default(),
    );
    assert_eq!(out, "");
    assert_eq!(
        err,
        "error: ConfigMap/c has the key \"ca.crt\", which is no name of a variable\n"
    );
}

#[test]
fn what_is_left_alone_is_printed_as_it_is() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n  \
                name: x\n---\n# no object\na: ${x}\n---\n# nothing\n";
    let (out, err) = said(text, [Layer::inline([("y", "")])], &Options::default());
    assert_eq!(err, "");
    assert_eq!(
        out,
        text.replace("# no object\n", "")
            .replace("---\n# nothing\n", "")
    );
}

#[test]
fn what_cannot_be_read_or_seen_is_said() {
    let text =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nsops: {mac: \"ENC[x]\"}\n---\na: [\n";
    let (_, err) = said(text, [Layer::inline([("y", "")])], &Options::default());
    assert!(err.starts_with("x.yaml:1:1: warning: encrypted: "), "{err}");
    assert!(err.contains("x.yaml:7:1: error: "), "{err}");
}

#[test]
fn sources_that_are_none_are_refused() {
    let mut options = fleet("configs", "staging", &["apps"]);
    let message = Input::read(&options).unwrap_err();
    assert!(
        message.ends_with("apps.yaml holds no ConfigMap and no Secret"),
        "{message}"
    );
    options.from = vec!["nowhere.yaml".into()];
    assert!(
        Input::read(&options)
            .unwrap_err()
            .starts_with("nowhere.yaml: ")
    );
}

#[test]
fn a_difference_is_shown_with_three_lines_around_it() {
    let lines = |changed: &[usize]| {
        let line = |number| {
            if changed.contains(&number) {
                format!("new {number}\n")
            } else {
                format!("{number}\n")
            }
        };
        (1..=20).map(line).collect::<String>()
    };
    let shown = |old: &str, new: &str| {
        let mut out = anstream::StripStream::new(Vec::new());
        diff::write(&mut out, "x", old, new).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    };
    assert_eq!(shown(&lines(&[]), &lines(&[])), "");
    let expected = "--- x\n+++ x, substituted\n@@ -1,5 +1,5 @@\n 1\n-2\n+new 2\n 3\n 4\n 5\n@@ -9,11 +9,11 @@\n 9\n 10\n 11\n-12\n+new 12\n 13\n 14\n 15\n-16\n+new 16\n 17\n 18\n 19\n";
    assert_eq!(shown(&lines(&[]), &lines(&[2, 12, 16])), expected);
    assert_eq!(
        shown("a\nb\n", "a\n"),
        "--- x\n+++ x, substituted\n@@ -1,2 +1,1 @@\n a\n-b\n"
    );
    assert_eq!(
        shown("a\nb\nc\n", "b\nd\nc\n"),
        "--- x\n+++ x, substituted\n@@ -1,3 +1,3 @@\n-a\n b\n+d\n c\n"
    );
}
