use std::collections::BTreeMap;

use fluxcd_api::meta::SecretKeyReference;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Insecure, RemoteCluster, Rule, address, findings, sanitize, secret_key};
use crate::FluxVersion::{V2_9, V2_10};

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let text = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    entries.iter().map(text).collect()
}

#[test]
fn a_written_key_is_not_replaced_by_the_usual_ones() {
    let reference = SecretKeyReference {
        name: "s".to_owned(),
        key: Some("k".to_owned()),
    };
    let data = BTreeMap::from([("value".to_owned(), ())]);
    assert_eq!(
        secret_key(&reference, "ns", &data).unwrap_err().to_string(),
        "KubeConfig secret 'ns/s' does not contain a 'k' key with a kubeconfig"
    );
}

#[test]
fn audiences_stand_on_lines_in_2_9_and_between_commas_in_2_10() {
    let data = texts(&[("audiences", " a b,c\n\nd "), ("address", "")]);
    let old = RemoteCluster::read(&data, V2_9);
    assert_eq!((old.audiences, old.address), (vec!["a b,c", "d"], Some("")));
    let new = RemoteCluster::read(&data, V2_10);
    assert_eq!(
        (new.audiences, new.address),
        (vec!["a", "b", "c", "d"], None)
    );
}

#[test]
fn files_are_refused_and_dangerous_switches_dropped() {
    let config = json!({
        "clusters": [
            {"name": "z", "cluster": {"certificate-authority": "/ca"}},
            {"name": "c", "cluster": {"insecure-skip-tls-verify": true, "certificate-authority": ""}},
        ],
        "users": [{"name": "u", "user": {
            "client-key": "/k", "client-certificate": "/c", "exec": {"command": "sh"}, "as": "admin",
        }}],
    });
    let fields = |insecure| -> Vec<String> {
        findings(&config, insecure)
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(
        fields(Insecure::default()),
        [
            "insecure-skip-tls-verify of cluster 'c' is ignored",
            "cluster 'z' references a certificate-authority file, only certificate-authority-data is supported",
            "user 'u' references a client-certificate file, only client-certificate-data is supported",
            "user 'u' references a client-key file, only client-key-data is supported",
            "as of user 'u' is ignored",
            "exec of user 'u' is ignored",
        ]
    );
    let trusted = Insecure {
        exec: true,
        tls: true,
    };
    let dropped = findings(&config, trusted);
    let dropped = dropped
        .iter()
        .filter(|finding| finding.rule == Rule::Dropped);
    assert_eq!(
        dropped.map(|finding| finding.field).collect::<Vec<_>>(),
        ["as"]
    );
}

#[test]
fn nothing_dangerous_is_left_of_a_kubeconfig() {
    let dangerous = json!({
        "current-context": "c",
        "preferences": {"colors": true},
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u", "extensions": []}}],
        "clusters": [{"name": "k", "extra": 1, "cluster": {
            "server": "https://a", "certificate-authority": "/ca", "insecure-skip-tls-verify": true,
            "proxy-url": "http://p", "tls-server-name": "n", "certificate-authority-data": "",
        }}],
        "users": [{"name": "u", "user": {
            "token": "t", "tokenFile": "/t", "client-certificate": "/c", "client-key": "/k", "as": "a",
            "as-groups": ["g"], "exec": {"command": "sh"}, "auth-provider": {"name": "oidc"},
        }}, "noise"],
    });
    let sane = sanitize(&dangerous, Insecure::default());
    assert!(findings(&sane, Insecure::default()).is_empty());
    assert_eq!(
        sane,
        json!({
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
            "clusters": [{"name": "k", "cluster": {
                "server": "https://a", "proxy-url": "http://p", "tls-server-name": "n",
            }}],
            "users": [{"name": "u", "user": {"token": "t"}}, {"name": null, "user": {}}],
        })
    );
    let mut insecure = Insecure::default();
    (insecure.exec, insecure.tls) = (true, true);
    let sane = sanitize(&dangerous, insecure);
    assert_eq!(sane["users"][0]["user"]["exec"], json!({"command": "sh"}));
    assert_eq!(
        sane["clusters"][0]["cluster"]["insecure-skip-tls-verify"],
        true
    );
    assert_eq!(sane, sanitize(&sane, insecure));
}

#[test]
fn the_address_of_a_cluster_is_read_as_upstream_reads_it() {
    for (text, expected) in [
        ("Example.com/api", "https://example.com:443"),
        ("https://[::1]:6443", "https://[::1]:6443"),
        ("[::1]", "https://[::1]:443"),
        ("https://u@h:1?x#y", "https://h:1"),
        ("https://A:80/#x", "https://a:80"),
        ("ftp://x", "https://ftp::443"),
    ] {
        assert_eq!(address(text).as_deref(), Ok(expected), "{text}");
    }
    for text in ["http://a", "httpserver:1", "httpserver"] {
        let error = address(text).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the Kubernetes API server address '{text}' must use https scheme")
        );
    }
    assert_eq!(address("").unwrap_err().to_string(), "empty address");
}

proptest! {
    /// Whatever a tenant writes: what is left has nothing to find, and is left as it is the next time.
    #[test]
    fn what_is_left_of_a_kubeconfig_is_harmless(
        cluster in fields(&["server", "certificate-authority", "insecure-skip-tls-verify", "proxy-url", "extensions"]),
        user in fields(&["token", "tokenFile", "client-key", "client-certificate", "as", "as-uid", "exec", "auth-provider"]),
        (exec, tls) in any::<(bool, bool)>(),
    ) {
        let mut insecure = Insecure::default();
        (insecure.exec, insecure.tls) = (exec, tls);
        let config = json!({
            "clusters": [{"name": "k", "cluster": cluster}],
            "users": [{"name": "u", "user": user}, {"user": cluster}, user],
            "contexts": user,
        });
        let sane = sanitize(&config, insecure);
        prop_assert!(findings(&sane, insecure).is_empty());
        prop_assert_eq!(sanitize(&sane, insecure), sane);
    }

    /// An address that was read is read as itself.
    #[test]
    fn an_address_reads_as_itself(
        text in "(https?://)?(u@)?([a-zA-Z][a-zA-Z0-9.-]{0,8}|\\[[0-9a-f:]{1,8}\\])(:[0-9]{1,5})?([/?#][a-z:@/]{0,5})?",
    ) {
        if let Ok(once) = address(&text) {
            prop_assert_eq!(address(&once), Ok(once));
        }
    }
}

/// Some of these fields, with values of every type.
fn fields(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[a-z/]{0,4}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({"command": "sh"})),
    ];
    let entries = prop::collection::vec((prop::sample::select(names), value), 0..8);
    entries.prop_map(|entries| {
        entries
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}
