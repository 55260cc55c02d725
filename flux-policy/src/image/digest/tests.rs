use fluxcd_api::meta::NamespacedObjectReference;

use super::*;

fn image(text: &str) -> ImageRef {
    let (text, digest) = match text.split_once('@') {
        Some((text, digest)) => (text, Some(digest.to_owned())),
        None => (text, None),
    };
    let (name, tag) = text.split_once(':').unwrap();
    ImageRef {
        name: name.to_owned(),
        tag: tag.to_owned(),
        digest,
    }
}

fn spec(policy: &str) -> ImagePolicySpec {
    ImagePolicySpec::semver(NamespacedObjectReference::new("app"), "*")
        .with_digest_reflection_policy(policy)
}

fn status(latest: &str, previous: &str) -> ImagePolicyStatus {
    let reference = |text: &str| Some(text).filter(|text| !text.is_empty()).map(image);
    ImagePolicyStatus {
        latest_ref: reference(latest),
        observed_previous_ref: reference(previous),
        ..ImagePolicyStatus::default()
    }
}

#[test]
fn digests_are_fetched_kept_or_left_out() {
    use DigestOrigin::{Fetched, Kept, NotReflected};
    for (policy, old, origin, latest, previous) in [
        ("Never", "", NotReflected, "app:1", ""),
        ("Never", "app:1@d1", NotReflected, "app:1", "app:1@d1"),
        ("", "app:1", NotReflected, "app:1", "z:0"),
        ("Sometimes", "app:1", NotReflected, "app:1", "z:0"),
        (
            "IfNotPresent",
            "",
            Fetched(FetchReason::FirstElection),
            "app:1@d2",
            "",
        ),
        ("IfNotPresent", "app:1@d1", Kept, "app:1@d1", "z:0"),
        (
            "IfNotPresent",
            "app:1",
            Fetched(FetchReason::NoDigest),
            "app:1@d2",
            "app:1",
        ),
        (
            "IfNotPresent",
            "app:1@",
            Fetched(FetchReason::NoDigest),
            "app:1@d2",
            "app:1@",
        ),
        (
            "IfNotPresent",
            "app:0@d1",
            Fetched(FetchReason::OtherTag),
            "app:1@d2",
            "app:0@d1",
        ),
        (
            "IfNotPresent",
            "b:1@d1",
            Fetched(FetchReason::OtherName),
            "app:1@d2",
            "b:1@d1",
        ),
        (
            "Always",
            "app:1@d2",
            Fetched(FetchReason::Always),
            "app:1@d2",
            "z:0",
        ),
        (
            "Always",
            "app:1@d1",
            Fetched(FetchReason::Always),
            "app:1@d2",
            "app:1@d1",
        ),
    ] {
        let status = status(old, if old.is_empty() { "" } else { "z:0" });
        let refs = match Reflection::decide(&spec(policy), &status, "app", "1") {
            Reflection::Settled(refs) => refs,
            Reflection::Fetch(pending) => pending.with_digest("d2"),
            Reflection::Failed(error) => panic!("{error}"),
        };
        let previous = Some(previous).filter(|text| !text.is_empty()).map(image);
        let expected = NextRefs {
            latest: image(latest),
            previous,
            digest: origin,
        };
        assert_eq!(refs, expected, "{policy} {old}");
    }
}

#[test]
fn a_failure_names_the_image() {
    let status = status("app:0@d1", "");
    let Reflection::Fetch(pending) = Reflection::decide(&spec("Always"), &status, "app", "1")
    else {
        panic!("Always fetches");
    };
    assert_eq!(pending.image(), &image("app:1"));
    assert_eq!(
        pending
            .failed(FetchStep::Registry("404".to_owned()))
            .to_string(),
        "failed fetching digest of app:1: failed fetching descriptor for \"app:1\": 404"
    );
}

#[test]
fn what_is_no_reference_is_not_asked_for() {
    let status = ImagePolicyStatus::default();
    let decide = |policy| Reflection::decide(&spec(policy), &status, "app", "not a tag");
    let Reflection::Failed(error) = decide("Always") else {
        panic!("a tag has no spaces");
    };
    assert_eq!(
        error.to_string(),
        "failed fetching digest of app:not a tag: failed parsing reference \"app:not a tag\": \
         could not parse reference: app:not a tag"
    );
    assert!(matches!(decide("Never"), Reflection::Settled(_)));
}

#[test]
fn the_message_tells_the_image_before_only_where_it_is_another() {
    for (latest, previous, message) in [
        ("a:1", "", "resolved to 1"),
        ("a:1", "a:1", "resolved to 1"),
        ("a:1@", "a:1", "resolved to 1"),
        (
            "a:1@d",
            "a:1",
            "resolved to 1 with digest d (previously a:1)",
        ),
        ("a:1", "b:0@d", "resolved to 1 (previously b:0@d)"),
    ] {
        let status = status(latest, previous);
        let refs = NextRefs {
            latest: status.latest_ref.unwrap(),
            previous: status.observed_previous_ref,
            digest: DigestOrigin::NotReflected,
        };
        let expected = format!("Latest image tag for a {message}");
        assert_eq!(refs.ready_message(), expected);
    }
}
