//! The process that asks upstream.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

use fluxcd_conformance::case::Want;
use serde_json::{Value, json};

/// Operations in which a panic of upstream is an answer like another: the library has an error for it.
const PANICKING: &[&str] = &[
    "condition.apply",
    "ready.kstatus",
    "ssa.normalize",
    "substitute.eval",
    "substitute.object",
];

/// A running oracle. It ends when this is dropped, because its input ends.
pub(crate) struct Oracle {
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    process: Child,
}

/// What upstream says to one question.
pub(crate) enum Answer {
    Stable(Want),
    /// Upstream's answer changes from run to run or is an accident, so there is nothing to agree with.
    Unstable,
}

impl Oracle {
    pub(crate) fn start(program: &str) -> Self {
        let mut process = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("FLUXCD_ORACLE={program}: {error}"));
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self {
            input,
            output,
            process,
        }
    }

    /// Asks many questions of one operation; the answers come in their order.
    pub(crate) fn ask(&mut self, op: &str, inputs: &[Value]) -> Vec<Answer> {
        let Self { input, output, .. } = self;
        let input = input.as_mut().unwrap();
        thread::scope(|scope| {
            // Both pipes hold little, so writing must not wait for reading.
            scope.spawn(move || {
                for (id, case) in inputs.iter().enumerate() {
                    let line = json!({"id": id.to_string(), "op": op, "input": case});
                    writeln!(input, "{line}").unwrap();
                }
                input.flush().unwrap();
            });
            inputs
                .iter()
                .map(|case| read_answer(output, op, case))
                .collect()
        })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}

fn read_answer(output: &mut impl BufRead, op: &str, case: &Value) -> Answer {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "the oracle died at {op} {case}");
    let mut answer: Value = serde_json::from_str(&line).unwrap();
    if answer.get("unstable").is_some() {
        return Answer::Unstable;
    }
    let Some(error) = answer.get("error") else {
        return Answer::Stable(Want::Ok(answer["ok"].take()));
    };
    let text = |key: &str| error[key].as_str().unwrap().to_owned();
    let kind = text("kind");
    let known = match &*kind {
        "panic" => PANICKING.contains(&op),
        "bad-input" | "unclassified" | "unknown-op" => false,
        _ => true,
    };
    assert!(
        known,
        "the oracle does not know what upstream means: {op} {case}: {error}"
    );
    Answer::Stable(Want::Error {
        kind,
        message: text("message"),
        document: error["document"].as_u64(),
    })
}
