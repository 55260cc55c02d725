//! Holds the library against the code that Flux runs, on random inputs.
//!
//! The tests run where the environment variable `FLUXCD_ORACLE` names the program that `conformance/oracle` builds:
//!
//! ```text
//! (cd conformance/oracle && go build)
//! FLUXCD_ORACLE=$PWD/conformance/oracle/oracle cargo test --release -p fluxcd-conformance --test differential
//! ```
//!
//! Those of images need a second program, which `conformance/oracle/reflector` builds, in `FLUXCD_ORACLE_REFLECTOR`; those
//! of sources a third one, which `conformance/oracle/source` builds, in `FLUXCD_ORACLE_SOURCE`.
//!
//! `FLUXCD_ORACLE_CASES` sets the number of cases of each operation, `FLUXCD_ORACLE_SEED` takes other cases. Results and
//! the kinds of errors must agree; what differs is made smaller and printed.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use fluxcd_conformance::case::Want;
use fluxcd_conformance::compare::agrees;
use fluxcd_conformance::ops::{Failure, Op, TABLE, bytes, bytes_result};
use serde_json::{Value, json};

use crate::oracle::{Answer, Oracle};
use crate::rng::Rng;

mod access;
mod cel;
mod condition;
mod flags;
mod image;
mod inventory;
mod mutate;
mod normalize;
mod oracle;
mod ready;
mod regexp;
mod request;
mod rng;
mod schedule;
mod shrink;
mod source;
mod ssa;
mod substitute;
mod text;
mod value;
mod version;

/// Cases of one operation, unless the environment says otherwise.
const CASES: u64 = 100_000;
/// Where whole objects are asked about, upstream takes up to a millisecond for one.
const OBJECTS: u64 = 20_000;
/// Questions that are sent at once.
const BATCH: u64 = 500;
/// Differences that are made smaller and printed.
const SHOWN: usize = 20;

#[test]
fn one_document_reads_as_goyaml_2_reads_it() {
    let donors = Donors::load();
    agree("manifest.json", |rng| {
        let mut input = json!({ "text": document(rng, &donors) });
        if rng.percent(30) {
            input["strict"] = json!(true);
        }
        input
    });
}

#[test]
fn a_stream_reads_as_goyaml_3_and_kustomize_read_it() {
    let donors = Donors::load();
    agree("manifest.read_v3", |rng| {
        let input = json!({ "text": document(rng, &donors) });
        // Byte by byte, since not every text is UTF-8.
        let text: String = bytes(&input, "text")
            .expect("text or bytes")
            .iter()
            .map(|byte| char::from(*byte))
            .collect();
        let is_utf_16 = text.starts_with("\u{FF}\u{FE}") || text.starts_with("\u{FE}\u{FF}");
        let kept = match is_utf_16 {
            true => text.replace('#', "x"),
            false => without_wandering_comments(&text),
        };
        let kept: Vec<u8> = kept.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        json!({ "text": bytes_result(&kept) })
    });
}

/// Kustomize writes a document out and reads it again, with its comments. A comment behind a tag, a `?` or a flow indicator
/// comes out at another place, and every alias brings the comments of its anchor: either can break the text, and upstream's
/// answer is about that text then, not about the one that was read. The library does not follow there, as `docs/yaml.md`
/// says. So a text with anchors loses all its comments here, and others lose those that wander.
fn without_wandering_comments(text: &str) -> String {
    let has_anchors = text.contains('&');
    let wanders = |before: &str| {
        let mut words = before.split([' ', '\t']);
        has_anchors && (before.is_empty() || before.ends_with([' ', '\t']))
            || words.any(|word| word.starts_with('!'))
            || before.trim_end().ends_with([',', '?', '[', ']', '{', '}'])
    };
    let clean = |line: &str| {
        let mut comments = line.match_indices('#').map(|(at, _)| line.split_at(at));
        let (kept, comment) = comments.find(|(before, _)| wanders(before))?;
        let ending = comment.trim_start_matches(|c| !matches!(c, '\r' | '\n'));
        Some(format!("{kept}{ending}"))
    };
    text.split_inclusive('\n')
        .map(|line| clean(line).unwrap_or_else(|| line.to_owned()))
        .collect()
}

#[test]
fn a_stream_is_cut_as_the_kubernetes_reader_cuts_it() {
    let donors = Donors::load();
    agree(
        "manifest.split",
        |rng| json!({ "text": document(rng, &donors) }),
    );
}

#[test]
fn a_stream_reads_as_the_kubernetes_reader_and_goyaml_2_read_it() {
    let donors = Donors::load();
    agree(
        "manifest.read",
        |rng| json!({ "text": document(rng, &donors) }),
    );
}

#[test]
fn objects_are_those_that_the_controller_reads() {
    let donors = Donors::load();
    agree(
        "manifest.objects",
        |rng| json!({ "text": objects(rng, &donors) }),
    );
}

#[test]
fn values_are_written_to_the_same_bytes() {
    agree(
        "manifest.write",
        |rng| json!({ "json": value::json_value(rng, 0).to_string() }),
    );
}

#[test]
fn durations_are_parsed_as_go_parses_them() {
    agree(
        "duration.parse",
        |rng| json!({ "text": value::duration(rng) }),
    );
}

#[test]
fn durations_are_decoded_as_a_field_is() {
    agree("duration.decode", |rng| {
        let field = if rng.percent(90) {
            json!(value::duration(rng))
        } else {
            value::json_value(rng, 3)
        };
        json!({ "json": field.to_string() })
    });
}

#[test]
fn durations_are_printed_as_go_prints_them() {
    agree("duration.format", |rng| {
        let nanoseconds = (rng.next() as i64) >> rng.below(64);
        let rounded = nanoseconds - nanoseconds % 10_i64.pow(rng.below(12) as u32);
        json!({ "nanoseconds": rounded.to_string() })
    });
}

#[test]
fn dependencies_are_ordered_as_flux_orders_them() {
    agree("graph.order", value::graph);
}

#[test]
fn dependency_references_are_read_as_the_command_line_reads_them() {
    agree("graph.parse", |rng| {
        let pieces = [
            "a",
            "b",
            "/",
            "@",
            " ",
            "ns/",
            "app",
            "dep.status.x == 1",
            "é",
            "",
        ];
        let text: String = (0..rng.between(0, 6)).map(|_| rng.pick(&pieces)).collect();
        json!({ "text": text })
    });
}

#[test]
fn remediation_is_what_the_accessors_of_helm_releases_say() {
    agree("helm.remediation", value::release);
}

#[test]
fn patterns_are_read_as_go_reads_them() {
    agree("regexp.compile", regexp::compiling);
}

#[test]
fn patterns_match_where_go_s_do() {
    agree("regexp.match", regexp::matching);
}

#[test]
fn templates_expand_as_go_expands_them() {
    agree("regexp.expand", regexp::expansion);
}

/// Runs one operation of the table on generated inputs and fails where library and oracle differ.
fn agree(name: &str, generate: impl Fn(&mut Rng) -> Value) {
    agree_with(operation(name), generate);
}

/// The same with an operation of which there are no vectors.
fn agree_with(op: &Op, generate: impl Fn(&mut Rng) -> Value) {
    let name = op.name();
    let variable = match name.split_once('.') {
        Some(("image", _)) => "FLUXCD_ORACLE_REFLECTOR",
        Some(("source", _)) => "FLUXCD_ORACLE_SOURCE",
        _ => "FLUXCD_ORACLE",
    };
    let Ok(program) = env::var(variable) else {
        // Straight to the stream: the harness swallows the output of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "{name}: skipped, {variable} names no oracle"
        );
        return;
    };
    let seed = number("FLUXCD_ORACLE_SEED", 1);
    let room = name.split('.').next().unwrap_or_default();
    let usual = match (room, name) {
        (_, "condition.apply" | "condition.finalize") => CASES,
        ("condition" | "ready" | "source" | "ssa", _)
        | (_, "image.policy_status" | "substitute.object") => OBJECTS,
        _ => CASES,
    };
    let cases = number("FLUXCD_ORACLE_CASES", usual);
    let mut oracle = Oracle::start(&program);
    let mut outcomes = BTreeMap::<String, u64>::new();
    let mut differing = Vec::new();
    for first in (0..cases).step_by(BATCH as usize) {
        let batch = first..cases.min(first + BATCH);
        let inputs: Vec<Value> = batch
            .map(|case| generate(&mut Rng::new(seed, case)))
            .collect();
        for (input, answer) in inputs.iter().zip(oracle.ask(name, &inputs)) {
            *outcomes.entry(outcome(&answer)).or_default() += 1;
            if differs(op, input, &answer) {
                differing.push(input.clone());
            }
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "{name}: {cases} cases, {} differ; upstream: {outcomes:?}",
        differing.len()
    );
    if differing.is_empty() {
        return;
    }
    let shown: Vec<String> = differing
        .iter()
        .take(SHOWN)
        .map(|input| describe(op, input, &mut oracle))
        .collect();
    panic!(
        "{name}: {} of {cases} cases differ\n{}",
        differing.len(),
        shown.join("\n")
    );
}

fn operation(name: &str) -> &'static Op {
    let mut table = TABLE.iter();
    table
        .find(|op| op.name() == name)
        .expect("the operation is in the table")
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

fn outcome(answer: &Answer) -> String {
    match answer {
        Answer::Stable(Want::Ok(_)) => "ok".to_owned(),
        Answer::Stable(Want::Error { kind, .. }) => kind.clone(),
        Answer::Unstable => "unstable".to_owned(),
    }
}

fn differs(op: &Op, input: &Value, answer: &Answer) -> bool {
    match answer {
        Answer::Stable(want) if op.name() == "image.select" => {
            !image::elects_alike(op, input, want, &ours(op, input))
        }
        Answer::Stable(want) => !agrees(op, want, &ours(op, input)),
        Answer::Unstable => false,
    }
}

fn ours(op: &Op, input: &Value) -> Result<Value, Failure> {
    catch_unwind(AssertUnwindSafe(|| op.run(input)))
        .unwrap_or_else(|_| Err(Failure::library_panic()))
}

/// The smallest form of a differing input, with both answers, as a line of a vector file would have it.
fn describe(op: &Op, input: &Value, oracle: &mut Oracle) -> String {
    let mut ask = |input: &Value| oracle.ask(op.name(), std::slice::from_ref(input)).remove(0);
    let input = shrink::shrink(input, |candidate| {
        let is_case =
            !matches!(ours(op, candidate), Err(Failure { kind, .. }) if kind == "bad-input");
        is_case && differs(op, candidate, &ask(candidate))
    });
    let upstream = match ask(&input) {
        Answer::Stable(Want::Ok(value)) => format!("ok {value}"),
        Answer::Stable(Want::Error {
            kind,
            message,
            document,
        }) => format!("error {kind} {document:?} {message:?}"),
        Answer::Unstable => "unstable".to_owned(),
    };
    let ours = match ours(op, &input) {
        Ok(value) => format!("ok {value}"),
        Err(Failure {
            kind,
            message,
            document,
            ..
        }) => format!("error {kind} {document:?} {message:?}"),
    };
    format!("  input {input}\n    upstream {upstream}\n    ours     {ours}")
}

/// Texts of the vector files: they are damaged, and lend pieces.
struct Donors(Vec<Vec<u8>>);

impl Donors {
    fn load() -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifest");
        let mut texts = Vec::new();
        for file in ["read.jsonl", "read_v3.jsonl", "random.jsonl"] {
            let content = fs::read_to_string(directory.join(file)).unwrap_or_default();
            for line in content.lines() {
                let case: Value = serde_json::from_str(line).unwrap();
                texts.extend(
                    bytes(&case["input"], "text")
                        .ok()
                        .filter(|text| text.len() < 3000)
                        .map(|text| text.into_owned()),
                );
            }
        }
        Self(texts)
    }

    fn pick<'a>(&'a self, rng: &mut Rng) -> &'a [u8] {
        if self.0.is_empty() {
            b"a: &a [b, {c: d}]\n"
        } else {
            &self.0[rng.below(self.0.len())]
        }
    }
}

fn document(rng: &mut Rng, donors: &Donors) -> Value {
    let donor = donors.pick(rng);
    let mut text = match rng.below(100) {
        0..64 => text::text(rng).into_bytes(),
        64..78 => {
            let whole = text::text(rng);
            mutate::edit(rng, whole.as_bytes(), donor)
        }
        78..95 => {
            let damaged = donors.pick(rng);
            mutate::edit(rng, damaged, donor)
        }
        _ => mutate::noise(rng),
    };
    if rng.percent(2) {
        text = mutate::encode(rng, &text);
    }
    bytes_result(&text)
}

/// A stream in which most documents are Kubernetes objects, in YAML or JSON.
fn objects(rng: &mut Rng, donors: &Donors) -> Value {
    if rng.percent(20) {
        return document(rng, donors);
    }
    let as_json = rng.percent(35);
    let mut text = rng
        .pick(&["", "", "", " ", "\n", "---\n", "# c\n", "\u{feff}", "\t"])
        .to_string();
    for _ in 0..rng.between(1, 4) {
        let object = value::object(rng, 0);
        text += &if as_json || rng.percent(10) {
            object.to_string()
        } else {
            object
                .as_object()
                .unwrap()
                .iter()
                .map(|(key, value)| format!("{key}: {value}\n"))
                .collect()
        };
        text += rng.pick(&[
            "\n---\n",
            "\n---\n",
            "\n",
            "\n---\n# c\n",
            " ",
            "",
            "\n--- x\n",
            "\n---\n---\n",
        ]);
    }
    if rng.percent(15) {
        let donor = donors.pick(rng);
        return bytes_result(&mutate::edit(rng, text.as_bytes(), donor));
    }
    json!(text)
}
