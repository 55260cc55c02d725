//! What depending on `fluxcd-api` costs: the figure in the README is the true one, and it stays small.

use std::collections::BTreeSet;
use std::process::Command;

/// More than this is a reason to think again, not a number to raise.
const LIMIT: usize = 45;

#[test]
fn the_readme_tells_how_many_packages_the_types_need() {
    let arguments = [
        "tree",
        "--package",
        "fluxcd-api",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--locked",
        "--target",
        "x86_64-unknown-linux-gnu",
    ];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let packages: BTreeSet<_> = names.filter(|name| !name.is_empty()).collect();
    assert!(
        packages.contains("fluxcd-api"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        packages.len() <= LIMIT,
        "{} packages: {packages:?}",
        packages.len()
    );

    let readme = include_str!("../README.md");
    let claim = format!("brings **{} packages**", packages.len());
    assert!(readme.contains(&claim), "the README should say {claim:?}");

    for unwanted in [
        "tokio",
        "hyper",
        "rustls",
        "openssl",
        "reqwest",
        "kube-client",
        "kube-runtime",
        "schemars",
    ] {
        assert!(!packages.contains(unwanted), "{unwanted}");
    }
}
