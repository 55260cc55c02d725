use fluxcd_api::helm::v2::HelmReleaseSpec;
use proptest::prelude::*;

use super::*;

fn release(spec: HelmReleaseSpec) -> HelmRelease {
    HelmRelease::new("podinfo", spec).in_namespace("apps")
}

fn shortened(raw: &str) -> String {
    let name = ReleaseName::shorten(raw);
    name.as_str().unwrap().to_owned()
}

#[test]
fn a_name_is_cut_from_54_bytes_on() {
    assert_eq!(shortened(&"a".repeat(53)), "a".repeat(53));
    assert_eq!(
        shortened(&"a".repeat(54)),
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-a3f01b693925"
    );
    assert_eq!(
        shortened("monitoring-kube-prometheus-stack-production-eu-west-1a"),
        "monitoring-kube-prometheus-stack-product-5936d62fbce2"
    );
}

#[test]
fn the_cut_counts_bytes_and_may_go_through_a_character() {
    let even = ReleaseName::shorten(&"é".repeat(27));
    assert_eq!(even.to_string(), format!("{}-2276e051a611", "é".repeat(20)));
    let odd = ReleaseName::shorten(&format!("a{}", "é".repeat(27)));
    assert_eq!(odd.as_str(), None);
    assert_eq!(odd.as_bytes().len(), MAX_LENGTH);
    assert_eq!(&odd.as_bytes()[38..42], b"\xa9\xc3-9");
    assert!(odd.to_string().contains('\u{fffd}'));
    assert_eq!(odd.fault(), Some(NameFault::Pattern { offset: 1 }));
}

#[test]
fn a_cut_behind_a_point_gives_a_name_that_helm_refuses() {
    let raw = format!("{}.{}", "a".repeat(39), "b".repeat(14));
    assert_eq!(
        ReleaseName::shorten(&raw).fault(),
        Some(NameFault::Pattern { offset: 40 })
    );
    let raw = format!("{}-{}", "a".repeat(39), "b".repeat(14));
    assert_eq!(ReleaseName::shorten(&raw).fault(), None);
}

#[test]
fn names_that_helm_refuses_have_their_fault_named() {
    let pattern = |offset| Some(NameFault::Pattern { offset });
    for (name, fault) in [
        ("a", None),
        ("1", None),
        ("a.b-c.d", None),
        ("a--b", None),
        ("", Some(NameFault::Empty)),
        ("-a", pattern(0)),
        (".a", pattern(0)),
        ("a-", pattern(2)),
        ("a.", pattern(2)),
        ("a..b", pattern(2)),
        ("a.-b", pattern(2)),
        ("a-.b", pattern(2)),
        ("aB", pattern(1)),
        ("a\n", pattern(1)),
    ] {
        assert_eq!(ReleaseName::shorten(name).fault(), fault, "{name}");
    }
    assert_eq!(
        ReleaseName(vec![b'a'; 54]).fault(),
        Some(NameFault::TooLong)
    );
}

#[test]
fn the_first_rule_that_applies_gives_the_name() {
    let mut spec = HelmReleaseSpec::default();
    assert_eq!(
        Derivation::of(&release(spec.clone())).rule,
        Rule::ObjectName
    );
    spec.target_namespace = Some("apps".into());
    let derivation = Derivation::of(&release(spec.clone()));
    assert_eq!(
        (derivation.raw.as_str(), derivation.rule),
        ("apps-podinfo", Rule::TargetNamespace)
    );
    spec.release_name = Some("web".into());
    let derivation = Derivation::of(&release(spec));
    assert_eq!(
        (derivation.raw.as_str(), derivation.rule),
        ("web", Rule::ReleaseName)
    );
}

#[test]
fn an_empty_text_is_unset() {
    let spec = HelmReleaseSpec {
        release_name: Some(String::new()),
        target_namespace: Some(String::new()),
        storage_namespace: Some(String::new()),
        ..Default::default()
    };
    let release = release(spec);
    assert_eq!(Derivation::of(&release).raw, "podinfo");
    assert_eq!(
        release_namespace(&release),
        Effective::default_value("apps")
    );
    assert_eq!(
        storage_namespace(&release),
        Effective::default_value("apps")
    );
}

#[test]
fn the_records_do_not_follow_the_target_namespace() {
    let spec = HelmReleaseSpec {
        target_namespace: Some("team-a".into()),
        ..Default::default()
    };
    let release = release(spec);
    assert_eq!(
        release_namespace(&release),
        Effective {
            value: "team-a",
            origin: Origin::Spec
        }
    );
    assert_eq!(
        storage_namespace(&release),
        Effective::default_value("apps")
    );
}

#[test]
fn rules_and_faults_have_words() {
    assert_eq!(
        Rule::TargetNamespace.to_string(),
        "spec.targetNamespace and metadata.name"
    );
    assert_eq!(NameFault::TooLong.to_string(), "is longer than 53 bytes");
    let fault = ReleaseName::shorten("aB").fault().unwrap();
    assert!(fault.to_string().ends_with("at byte 1"));
}

proptest! {
    #[test]
    fn no_raw_name_panics_and_every_name_fits(raw: String) {
        let name = ReleaseName::shorten(&raw);
        prop_assert!(name.as_bytes().len() <= MAX_LENGTH);
        prop_assert_eq!(name.as_bytes().len() < raw.len(), raw.len() > MAX_LENGTH);
        let _ = (name.fault(), name.to_string());
    }

    #[test]
    fn a_short_name_is_kept_and_two_long_ones_differ(a in "[a-z]{54,80}", b in "[a-z]{54,80}") {
        prop_assert_eq!(shortened(&a[..53]), &a[..53]);
        prop_assert_eq!(a == b, shortened(&a) == shortened(&b));
    }

    #[test]
    fn names_of_the_pattern_have_no_fault(name in "[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?){0,3}") {
        prop_assert_eq!(ReleaseName::shorten(&name).fault(), None);
    }
}
