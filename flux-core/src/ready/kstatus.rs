//! The kinds that have a rule of their own, by API group.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::object::Conditions;
use super::{Error, Reason};

pub(super) mod apiextensions;
pub(super) mod apps;
pub(super) mod batch;
pub(super) mod core;
mod extensions;
mod policy;

/// What a rule looks at: deletion, generation, Reconciling and Stalled did not decide.
pub(super) struct Live<'o> {
    pub(super) object: &'o Value,
    pub(super) conditions: Conditions<'o>,
    pub(super) now: DateTime<Utc>,
}

/// The rule of a kind.
pub(super) type Rule = fn(&Live<'_>) -> Result<Reason, Error>;

/// Kinds and their rules, sorted.
type Kinds = &'static [(&'static str, Rule)];

/// Groups and their kinds, sorted.
static GROUPS: &[(&str, Kinds)] = &[
    ("", core::KINDS),
    ("apiextensions.k8s.io", apiextensions::KINDS),
    ("apps", apps::KINDS),
    ("batch", batch::KINDS),
    ("extensions", extensions::KINDS),
    ("policy", policy::KINDS),
];

/// Whether objects of that kind are judged by a rule of their own. Those of other kinds are Current as long as they have no
/// condition `Ready`, `Reconciling` or `Stalled`.
///
/// Source: fluxcd/cli-utils v1.2.2: `pkg/kstatus/status/core.go (GetLegacyConditionsFn)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::ready;
///
/// assert!(ready::has_rule("apps", "Deployment"));
/// assert!(!ready::has_rule("networking.k8s.io", "Ingress"));
/// assert!(!ready::has_rule("", "Namespace"));
/// ```
#[must_use]
pub fn has_rule(group: &str, kind: &str) -> bool {
    rule(group, kind).is_some()
}

pub(super) fn rule(group: &str, kind: &str) -> Option<Rule> {
    find(find(GROUPS, group)?, kind)
}

fn find<T: Copy>(table: &[(&str, T)], key: &str) -> Option<T> {
    let at = table.binary_search_by_key(&key, |(name, _)| name).ok()?;
    table.get(at).map(|(_, entry)| *entry)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "compares the directory with the table"
    )]
    fn every_file_of_a_group_is_registered() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ready/kstatus");
        let files: BTreeSet<String> = fs::read_dir(directory)
            .unwrap()
            .map(|file| {
                file.unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let groups: BTreeSet<String> = GROUPS
            .iter()
            .map(|(group, _)| match group.split('.').next().unwrap() {
                "" => "core".to_owned(),
                first => first.to_owned(),
            })
            .collect();
        assert_eq!(files, groups);
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(GROUPS.is_sorted_by_key(|(group, _)| group));
        for (_, kinds) in GROUPS {
            assert!(kinds.is_sorted_by_key(|(kind, _)| kind));
        }
    }
}
