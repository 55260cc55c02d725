//! What the crate promises about itself: few dependencies, types that cross threads.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use std::collections::BTreeSet;
use std::process::Command;

use fluxcd_api::{
    event, helm, image, kustomize, meta, notification, object, registry, resource, source,
    source_extensions,
};

/// The most packages that a build without features may have, this one included.
const PACKAGES: usize = 45;

#[test]
fn a_plain_build_has_few_packages_and_nothing_that_talks_to_a_network() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([
            "tree",
            "--package",
            "fluxcd-api",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--offline",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let packages: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(packages.contains("kube-core"), "no tree: {text}");
    assert!(
        packages.len() <= PACKAGES,
        "{} packages: {packages:?}",
        packages.len()
    );
    let figure = format!("{} packages", packages.len());
    assert!(
        include_str!("../README.md").contains(&figure),
        "the README does not say {figure}"
    );
    for name in [
        "tokio",
        "hyper",
        "rustls",
        "kube-client",
        "schemars",
        "openssl",
        "reqwest",
    ] {
        assert!(!packages.contains(name), "{name} came in");
    }
}

#[test]
fn every_public_type_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}

    crosses::<event::v1beta1::Event>();
    crosses::<event::v1beta1::ObjectReference>();
    crosses::<event::v1beta1::Severity>();
    crosses::<helm::v2::HelmRelease>();
    crosses::<image::v1::ImagePolicy>();
    crosses::<image::v1::ImageRepository>();
    crosses::<image::v1::ImageUpdateAutomation>();
    crosses::<kustomize::v1::Kustomization>();
    crosses::<meta::AccessFrom>();
    crosses::<meta::Effective<meta::Duration>>();
    crosses::<meta::Kind>();
    crosses::<meta::LocalObjectReference>();
    crosses::<meta::NamespacedObjectKindReference>();
    crosses::<meta::Snapshot>();
    crosses::<notification::v1::Alert>();
    crosses::<notification::v1::Provider>();
    crosses::<notification::v1::Receiver>();
    crosses::<notification::v1beta3::Alert>();
    crosses::<notification::v1beta3::Provider>();
    crosses::<object::Error>();
    crosses::<object::FluxObject>();
    crosses::<object::UnknownObject>();
    crosses::<registry::Registration>();
    crosses::<resource::View<'static>>();
    crosses::<source::v1::Bucket>();
    crosses::<source::v1::ExternalArtifact>();
    crosses::<source::v1::GitRepository>();
    crosses::<source::v1::HelmChart>();
    crosses::<source::v1::HelmRepository>();
    crosses::<source::v1::OCIRepository>();
    crosses::<source_extensions::v1beta1::ArtifactGenerator>();
    crosses::<source_extensions::v1beta1::NamespaceMetadata>();
}
