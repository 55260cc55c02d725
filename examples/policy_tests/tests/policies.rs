//! What the policies of this repository elect.

use fluxcd_policy::testing::{assert_elects, assert_elects_nothing};

const PODINFO: &str = include_str!("../policies/podinfo.yaml");
const WEBSHOP: &str = include_str!("../policies/webshop.yaml");
const REPORTS: &str = include_str!("../policies/reports.yaml");

#[test]
fn podinfo_stays_on_its_major_version() {
    assert_elects(PODINFO, ["5.2.1", "6.0.0", "6.10.2", "6.9.4", "7.0.0"], "6.10.2");
}

#[test]
fn podinfo_takes_no_prerelease() {
    assert_elects(PODINFO, ["6.0.0", "6.1.0-rc.1"], "6.0.0");
    assert_elects_nothing(PODINFO, ["6.1.0-rc.1", "latest"]);
}

#[test]
fn webshop_takes_the_last_build_of_main() {
    let tags = [
        "main-4f2a9c1-1760000000",
        "main-99e8d7b-1760000900",
        "main-0c0ffee-1760000300",
        "feature-login-1b2c3d4-1760009999",
        "cache-main-4f2a9c1-1760009999",
        "latest",
    ];
    assert_elects(WEBSHOP, tags, "main-99e8d7b-1760000900");
}

#[test]
fn webshop_waits_rather_than_take_another_branch() {
    assert_elects_nothing(WEBSHOP, ["feature-login-1b2c3d4-1760009999"]);
}

#[test]
fn reports_counts_builds_as_numbers() {
    // By letters, build-9 would be the last one.
    assert_elects(REPORTS, ["build-9", "build-10", "build-2", "build-010", "nightly"], "build-10");
}
