//! The page of the matrix: each of its cells names the tests that hold it.

use std::fs;
use std::path::{Path, PathBuf};

/// The cells of each row of the first table below a heading, its head left out.
fn table<'p>(page: &'p str, heading: &str) -> Vec<Vec<&'p str>> {
    let below = page.lines().skip_while(|line| *line != heading).skip(1);
    let rows = below
        .take_while(|line| !line.starts_with("## "))
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let cells = |row: &'p str| {
        let row = row.trim().trim_start_matches('|').trim_end_matches('|');
        row.split('|').map(str::trim).collect()
    };
    rows.map(cells).collect()
}

/// What stands in back quotes.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn sources(below: &Path, text: &mut String) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The failure: a test is renamed or removed, and the page still says that a fault is dealt with.
#[test]
fn every_cell_of_the_matrix_names_tests_that_exist() {
    let crate_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(crate_dir.join("../docs/adapter.md")).unwrap();
    let mut text = String::new();
    sources(&crate_dir.join("src"), &mut text);
    sources(&crate_dir.join("tests"), &mut text);

    let rows = table(&page, "## Under the faults of an API server");
    let [head, line, faults @ ..] = rows.as_slice() else {
        panic!("no table");
    };
    assert!(
        line.iter()
            .all(|cell| cell.trim_matches(['-', ':']).is_empty())
    );
    assert!(faults.len() >= 22, "{} faults", faults.len());
    for row in faults {
        let fault = row[0];
        assert_eq!(row.len(), head.len(), "{fault}");
        assert!(row[1..].iter().any(|cell| *cell != "-"), "{fault}");
        for cell in row {
            assert!(!cell.is_empty(), "{fault}: a cell is empty");
        }
        for cell in &row[1..] {
            assert!(
                *cell == "-" || quoted(cell).next().is_some(),
                "{fault}: {cell}"
            );
            for name in quoted(cell) {
                assert!(
                    text.contains(&format!("fn {name}(")),
                    "{fault}: no test {name}"
                );
            }
        }
    }
}
