//! A directory takes the place of another.

use std::path::Path;
use std::{fs, io};

use tempfile::TempDir;

/// Puts a directory in the place of another, and returns what has to be deleted then. Both lie in the same file system.
///
/// Where the system can exchange two names, there is always one of the two in that place; elsewhere there is a moment
/// without either.
pub(super) fn swap(fresh: TempDir, place: &Path) -> io::Result<TempDir> {
    match exchange(fresh.path(), place) {
        // The old one bears the temporary name now.
        Ok(true) => Ok(fresh),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => replace(fresh, place),
    }
}

/// Moves what is in the place aside before.
pub(super) fn replace(fresh: TempDir, place: &Path) -> io::Result<TempDir> {
    let exists = fs::symlink_metadata(place).is_ok();
    let parent = fresh.path().parent().unwrap_or(Path::new("."));
    let aside = tempfile::Builder::new()
        .prefix(".artifact-")
        .tempdir_in(parent)?;
    let old = aside.path().join("old");
    if exists {
        fs::rename(place, &old)?;
    }
    if let Err(error) = fs::rename(fresh.path(), place) {
        if exists {
            fs::rename(&old, place)?;
        }
        return Err(error);
    }
    let _ = fresh.keep();
    Ok(aside)
}

/// Exchanges two names, if the system can.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}
