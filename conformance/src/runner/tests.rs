use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::case::Fault;

/// A directory of vector files that is gone when the test is.
struct Vectors(PathBuf);

impl Vectors {
    fn new(files: &[(&str, String)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory =
            std::env::temp_dir().join(format!("fluxcd-vectors-{}-{count}", std::process::id()));
        for (name, content) in files {
            let path = directory.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn run(&self, scope: Scope) -> Report {
        run(&self.0, TABLE, scope).unwrap()
    }
}

impl Drop for Vectors {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

static TABLE: &[Op] = &[
    Op::new("room.double", |input| {
        let n = input["n"]
            .as_i64()
            .ok_or_else(|| Failure::new("no-number", "n is no number"))?;
        assert!(n != 13, "a bug of the library");
        Ok(json!(n * 2))
    }),
    Op::new("room.refuse", |_| Err(Failure::new("refused", "never"))).message_is_contract(),
];

fn double(id: &str, n: i64, result: i64) -> String {
    json!({"id": id, "op": "room.double", "input": {"n": n}, "ok": result}).to_string() + "\n"
}

fn refuse(id: &str, message: &str) -> String {
    let error = json!({"kind": "refused", "message": message});
    json!({"id": id, "op": "room.refuse", "input": {}, "error": error}).to_string() + "\n"
}

fn unknown(id: &str) -> String {
    json!({"id": id, "op": "other.op", "input": {}, "ok": 1}).to_string() + "\n"
}

/// Both operations, as upstream would answer.
fn right() -> String {
    double("d-1", 1, 2) + &double("d-2", -4, -8) + &refuse("r-1", "never")
}

fn problems(content: String, scope: Scope) -> Vec<Problem> {
    let report =
        Vectors::new(&[("room/right.jsonl", right()), ("room/x.jsonl", content)]).run(scope);
    assert_eq!(report.passes(), report.problems.is_empty());
    report.problems
}

fn at(line: usize) -> (String, usize) {
    ("room/x.jsonl".to_owned(), line)
}

#[test]
fn right_answers_pass_and_are_counted() {
    let report = Vectors::new(&[("room/a.jsonl", right()), ("room/deeper/b.jsonl", right())])
        .run(Scope::Own);
    assert!(report.passes(), "{report}");
    assert_eq!(
        report.run["room.double"],
        Tally {
            cases: 4,
            differ: 0
        }
    );
    assert_eq!(
        report.total(),
        Tally {
            cases: 6,
            differ: 0
        }
    );
}

#[test]
fn a_wrong_result_is_named_with_file_id_want_and_got() {
    let report = Vectors::new(&[("room/a.jsonl", right() + &double("d-3", 2, 5))]).run(Scope::Own);
    assert!(!report.passes());
    assert_eq!(
        report.run["room.double"],
        Tally {
            cases: 3,
            differ: 1
        }
    );
    let text = report.to_string();
    assert!(
        text.contains("room/a.jsonl: d-3 (room.double)\n  want ok 5\n  got  ok 4\n"),
        "{text}"
    );
}

#[test]
fn a_wrong_message_an_unexpected_error_and_a_panic_differ() {
    let wrong = refuse("r-2", "other words")
        + &json!({"id": "d-3", "op": "room.double", "input": {}, "ok": 0}).to_string()
        + "\n"
        + &double("d-4", 13, 26);
    let report = Vectors::new(&[("room/a.jsonl", right() + &wrong)]).run(Scope::Own);
    assert!(!report.passes());
    let got: Vec<_> = report
        .differences
        .iter()
        .map(|difference| difference.got.as_str())
        .collect();
    assert_eq!(
        got,
        [
            "error refused: never",
            "error no-number: n is no number",
            "error library-panic: the library panicked"
        ]
    );
}

#[test]
fn a_long_result_is_shortened_between_characters() {
    let long = json!({"id": "a", "op": "room.double", "input": {"n": 1}, "ok": "é".repeat(5000)})
        .to_string();
    let text = Vectors::new(&[("a.jsonl", long)])
        .run(Scope::Foreign)
        .to_string();
    assert!(text.contains("é... (10005 bytes)"), "{text}");
    assert!(text.len() < 2000);
}

#[test]
fn an_unknown_operation_is_a_fault_of_the_own_directory_and_counted_in_a_foreign_one() {
    assert_eq!(
        problems(unknown("u-1"), Scope::Own),
        [Problem::UnknownOp("other.op".into())]
    );
    let vectors = Vectors::new(&[("other/a.jsonl", unknown("u-1") + &unknown("u-2"))]);
    let report = vectors.run(Scope::Foreign);
    assert!(report.passes());
    assert_eq!(report.missing["other.op"], 2);
    assert!(
        report
            .to_string()
            .contains("2 cases  not yet in the library")
    );
}

#[test]
fn an_operation_that_no_file_uses_is_a_fault_of_the_own_directory_only() {
    let vectors = Vectors::new(&[("room/a.jsonl", double("d-1", 1, 2))]);
    assert_eq!(
        vectors.run(Scope::Own).problems,
        [Problem::UnusedOp("room.refuse".into())]
    );
    assert!(vectors.run(Scope::Foreign).passes());
}

#[test]
fn a_repeated_id_is_a_fault_in_one_file_and_not_across_two() {
    let twice = double("d-1", 1, 2) + &double("d-1", 2, 4);
    for scope in [Scope::Own, Scope::Foreign] {
        assert_eq!(
            problems(twice.clone(), scope),
            [Problem::RepeatedId(at(2), "d-1".into())]
        );
        assert_eq!(problems(double("d-1", 1, 2), scope), []);
    }
}

#[test]
fn an_empty_file_is_a_fault() {
    for content in ["", "\n"] {
        assert_eq!(
            problems(content.to_owned(), Scope::Foreign),
            [Problem::EmptyFile("room/x.jsonl".into())]
        );
    }
}

#[test]
fn a_directory_without_vectors_is_a_fault() {
    assert_eq!(
        Vectors::new(&[]).run(Scope::Foreign).problems,
        [Problem::NoFiles]
    );
    let absent = std::env::temp_dir().join("fluxcd-vectors-absent");
    assert_eq!(
        run(&absent, TABLE, Scope::Foreign).unwrap_err().kind(),
        io::ErrorKind::NotFound
    );
}

#[test]
fn a_line_with_both_results_or_with_none_is_a_fault() {
    let both =
        json!({"id": "a", "op": "room.refuse", "input": {}, "ok": 1, "error": {"kind": "refused"}});
    let none = json!({"id": "b", "op": "room.refuse", "input": {}});
    assert_eq!(
        problems(format!("{both}\n{none}\n"), Scope::Foreign),
        [
            Problem::Line(at(1), Fault::BothResults),
            Problem::Line(at(2), Fault::NoResult)
        ]
    );
}

#[test]
fn a_line_that_is_no_json_is_a_fault_and_hides_no_other() {
    let found = problems(
        "no json\n\n".to_owned() + &double("d-1", 1, 3),
        Scope::Foreign,
    );
    assert!(
        matches!(
            found.as_slice(),
            [
                Problem::Line((_, 1), Fault::NotJson(_)),
                Problem::Line((_, 2), Fault::NotJson(_))
            ]
        ),
        "{found:?}"
    );
}

#[test]
fn a_line_beyond_64_kib_is_a_fault() {
    let long = double(&"d".repeat(64 * 1024), 1, 2);
    assert_eq!(
        problems(long.clone(), Scope::Own),
        [Problem::Line(at(1), Fault::TooLong(long.len() - 1))]
    );
}

#[test]
fn crd_facts_and_other_files_are_no_vectors() {
    let vectors = Vectors::new(&[
        ("room/a.jsonl", right()),
        ("room/OPS.md", "text".into()),
        ("crds/2.10/x.jsonl", "no case".into()),
    ]);
    assert!(vectors.run(Scope::Own).passes());
}
