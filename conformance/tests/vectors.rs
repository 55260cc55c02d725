//! Runs the vectors of this repository, or those of the directory that `FLUXCD_VECTORS` names.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fluxcd_conformance::ops::TABLE;
use fluxcd_conformance::runner::{self, Scope};

#[test]
fn the_library_answers_as_upstream_did() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (directory, scope) = match env::var_os("FLUXCD_VECTORS") {
        Some(named) => foreign(own, Path::new(&named)),
        None => (own.to_owned(), Scope::Own),
    };
    let report = runner::run(&directory, TABLE, scope);
    let report = report.unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    // Straight to the stream: the test harness keeps what `println!` writes from being seen when all is well.
    write!(
        io::stdout(),
        "\nvectors of {}\n{report}",
        directory.display()
    )
    .unwrap();
    assert!(report.passes(), "see the list above");
}

/// A relative path is meant from the directory of the workspace, where cargo is called, not from that of the package,
/// where cargo starts the test.
fn foreign(own: &Path, named: &Path) -> (PathBuf, Scope) {
    let directory = own.join("..").join(named);
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    let scope = if same(&directory, own) {
        Scope::Own
    } else {
        Scope::Foreign
    };
    (directory, scope)
}
