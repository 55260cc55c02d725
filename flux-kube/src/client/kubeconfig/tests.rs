use std::fs;

use super::*;
use crate::client::{ClientOptions, connect};

fn text(cluster: &str, user: &str) -> String {
    format!(
        "current-context: c\ncontexts: [{{name: c, context: {{cluster: k, user: u}}}}]\n\
         clusters: [{{name: k, cluster: {{server: \"https://127.0.0.1:1\", {cluster}}}}}]\n\
         users: [{{name: u, user: {{{user}}}}}]\n"
    )
}

fn parsed(cluster: &str, user: &str, insecure: Insecure) -> Result<KubeConfig, Error> {
    KubeConfig::parse("apps/prod", text(cluster, user).as_bytes(), insecure)
}

#[tokio::test]
async fn neither_a_file_nor_a_program_of_a_tenant_is_touched() {
    let place = tempfile::tempdir().unwrap();
    let (token, ran) = (place.path().join("token"), place.path().join("ran"));
    fs::write(&token, "the token of the controller").unwrap();
    let program = format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1, command: touch, args: [{}]}}",
        ran.display()
    );

    // A file refuses the whole, in entries that are not used as well.
    for (cluster, user, field) in [
        ("", format!("tokenFile: {}", token.display()), "tokenFile"),
        (
            "",
            format!("client-key: {}", token.display()),
            "client-key file",
        ),
        (
            "",
            format!("client-certificate: {}", token.display()),
            "client-certificate file",
        ),
        (
            &*format!("certificate-authority: {}", token.display()),
            String::new(),
            "certificate-authority file",
        ),
    ] {
        let error = parsed(cluster, &user, Insecure::default()).unwrap_err();
        assert_eq!(error.class(), Class::Invalid);
        assert!(
            error.to_string().contains(&format!("references a {field}")),
            "{error}"
        );
    }

    // A program is dropped, and so is everything else that kube would act on.
    let user = format!("token: t, as: system:admin, as-groups: [\"system:masters\"], {program}");
    let config = parsed("insecure-skip-tls-verify: true", &user, Insecure::default()).unwrap();
    let fields: Vec<_> = config
        .findings()
        .iter()
        .map(|finding| finding.field)
        .collect();
    assert_eq!(
        fields,
        ["insecure-skip-tls-verify", "as", "as-groups", "exec"]
    );
    let config = config.config().await.unwrap();
    assert!(!config.accept_invalid_certs);
    let auth = &config.auth_info;
    assert!(auth.exec.is_none() && auth.impersonate.is_none() && auth.impersonate_groups.is_none());
    assert!(connect(config, &ClientOptions::default()).is_ok());
    assert!(!ran.exists());

    // The same program runs where the flag allows it: what is held above could have failed.
    let mut insecure = Insecure::default();
    insecure.exec = true;
    let config = parsed("", &program, insecure)
        .unwrap()
        .config()
        .await
        .unwrap();
    assert!(connect(config, &ClientOptions::default()).is_err());
    assert!(ran.exists());
}

#[tokio::test]
async fn what_is_inline_is_kept() {
    let cluster =
        "tls-server-name: api, proxy-url: \"http://proxy:3128\", disable-compression: true";
    let config = parsed(
        cluster,
        "username: me, password: word, token: \"\"",
        Insecure::default(),
    );
    let config = config.unwrap().config().await.unwrap();
    assert_eq!(config.cluster_url, "https://127.0.0.1:1/");
    assert_eq!(config.tls_server_name.as_deref(), Some("api"));
    assert_eq!(config.proxy_url.unwrap(), "http://proxy:3128/");
    assert!(config.disable_compression && config.auth_info.token.is_none());
    assert_eq!(config.auth_info.username.as_deref(), Some("me"));
    let config = parsed("", "", Insecure::default())
        .unwrap()
        .config()
        .await
        .unwrap();
    assert_eq!(config.proxy_url, None);
}

#[tokio::test]
async fn what_cannot_be_used_says_why() {
    let error = KubeConfig::parse("apps/prod", b"a: [", Insecure::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("connect Secret/apps/prod: invalid KubeConfig in secret 'apps/prod': "),
        "{error}"
    );
    for text in ["", "null", "[]", "users: 5", "current-context: none"] {
        let config = KubeConfig::parse("apps/prod", text.as_bytes(), Insecure::default());
        let error = config.unwrap().config().await.unwrap_err();
        assert_eq!(error.class(), Class::Invalid, "{text}");
    }
    let error = parsed("", "token: 5", Insecure::default())
        .unwrap()
        .config()
        .await;
    assert_eq!(error.unwrap_err().class(), Class::Invalid);
}

#[test]
fn nothing_secret_is_printed() {
    let config = parsed("", "token: word", Insecure::default()).unwrap();
    assert!(!format!("{config:?}").contains("word"));
}
