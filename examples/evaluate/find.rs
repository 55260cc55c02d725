//! Which files of a directory can hold manifests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One file that may hold manifests.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct File {
    /// Path below the directory that was searched, with `/` between the parts on every system.
    pub(crate) name: String,
    /// Path to read it by.
    pub(crate) path: PathBuf,
}

/// What a search came upon.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Found {
    /// The files, sorted by name.
    pub(crate) files: Vec<File>,
    /// Directories that could not be read, with the reason.
    pub(crate) unreadable: Vec<(String, String)>,
}

/// Searches `root` for files that end in `.yaml`, `.yml` or `.json`, or are called `Kustomization`.
///
/// `.git` is left out. Symbolic links are followed, but no directory is entered twice, so that a link which leads upwards
/// ends the search instead of repeating it.
pub(crate) fn manifests(root: &Path) -> Found {
    let mut found = Found::default();
    let mut entered = BTreeSet::new();
    let mut open = vec![(root.to_path_buf(), String::new())];
    while let Some((path, name)) = open.pop() {
        let entries = fs::canonicalize(&path).and_then(|real| {
            let entries = if entered.insert(real) {
                Some(fs::read_dir(&path)?)
            } else {
                None
            };
            Ok(entries.into_iter().flatten())
        });
        match entries {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let part = entry.file_name().to_string_lossy().into_owned();
                    let path = entry.path();
                    let name = if name.is_empty() {
                        part.clone()
                    } else {
                        format!("{name}/{part}")
                    };
                    if path.is_dir() {
                        if part != ".git" {
                            open.push((path, name));
                        }
                    } else if is_manifest(&part) {
                        found.files.push(File { name, path });
                    }
                }
            }
            Err(error) => found.unreadable.push((name, error.to_string())),
        }
    }
    found.files.sort_by(|a, b| a.name.cmp(&b.name));
    found.unreadable.sort();
    found
}

fn is_manifest(name: &str) -> bool {
    let ends = [".yaml", ".yml", ".json"];
    name == "Kustomization" || ends.iter().any(|end| name.ends_with(end))
}
