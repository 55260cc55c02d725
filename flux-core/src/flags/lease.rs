use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The name of the Lease for which the replicas of a controller compete. Shards of a controller, which watch by a label
/// selector (`--watch-label-selector`), compete for one of their own each; without shards the selector is empty.
///
/// Source: fluxcd/pkg runtime v0.110.1: `leaderelection/leaderelection.go (GenerateID)`; kustomize-controller v1.9.6:
/// `main.go`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::flags::lease_name;
///
/// assert_eq!(lease_name("kustomize-controller", ""), "kustomize-controller-leader-election");
/// ```
#[must_use]
pub fn lease_name(controller: &str, label_selector: &str) -> String {
    let mut name = format!("{controller}-leader-election");
    if !label_selector.is_empty() {
        name.push('-');
        for byte in Sha256::digest(label_selector).iter().take(4) {
            // A String takes whatever is written.
            let _ = write!(name, "{byte:02x}");
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_compete_for_leases_of_their_own() {
        let name = lease_name("source-controller", "sharding.fluxcd.io/key in (shard1)");
        assert_eq!(name, "source-controller-leader-election-7ee98f29");
    }
}
