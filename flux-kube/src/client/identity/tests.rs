use std::convert::Infallible;

use fluxcd_api::meta::{LocalObjectReference, SecretKeyReference};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

use super::*;
use crate::client::harden;

fn account(name: &str) -> Identity<'_> {
    Identity::decide("apps", Some(name), None)
}

/// Answers with the headers that say who asks, and with a few objects.
fn cluster() -> Clients {
    let service = service_fn(|request: Request<Body>| async move {
        let object = match request.uri().path() {
            "/api/v1/namespaces/apps/serviceaccounts/there" => Some(json!({})),
            "/api/v1/namespaces/apps/secrets/empty" => {
                Some(json!({"metadata": {"name": "empty"}, "data": {"other": ""}}))
            }
            "/api/v1/namespaces/apps/configmaps/cloud" => {
                Some(json!({"metadata": {"name": "cloud"}, "data": {"provider": "aws"}}))
            }
            "/api/v1/namespaces/apps/configmaps/astray" => Some(json!({"data": {
                "provider": "generic", "address": "a",
                "serviceAccountName": "../../flux-system/serviceaccounts/flux",
            }})),
            "/whoami" => {
                let headers = request.headers().iter();
                let who = headers.filter(|(name, _)| name.as_str().starts_with("impersonate"));
                let who = who.map(|(name, value)| format!("{name}={}", value.to_str().unwrap()));
                Some(Value::from(who.collect::<Vec<_>>().join(",")))
            }
            _ => None,
        };
        let mut answer = Response::new(Body::from(
            object.clone().unwrap_or_default().to_string().into_bytes(),
        ));
        if object.is_none() {
            *answer.status_mut() = StatusCode::NOT_FOUND;
        }
        Ok::<_, Infallible>(answer)
    });
    let options = ClientOptions::default();
    Clients::new(harden(service, "flux-system", &options), &options)
}

async fn whoami(client: &Client, header: &str) -> String {
    let request = Request::builder().method(Method::GET).uri("/whoami");
    let request = request
        .header(header, "system:admin")
        .body(Vec::new())
        .unwrap();
    client.request(request).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_client_of_an_account_sends_nothing_that_is_not_the_accounts() {
    let clients = cluster();
    let tenant = clients.local(&account("deployer")).unwrap();
    let expected = "impersonate-user=system:serviceaccount:apps:deployer";
    for header in [
        "Impersonate-User",
        "Impersonate-Group",
        "Impersonate-Extra-Scopes",
        "X-Other",
    ] {
        assert_eq!(whoami(&tenant, header).await, expected, "{header}");
    }
    let own = clients.local(&Identity::Controller).unwrap();
    assert_eq!(whoami(&own, "X-Other").await, "");
}

#[tokio::test(start_paused = true)]
async fn an_account_can_be_impersonated_if_it_exists() {
    let clients = cluster();
    assert!(clients.can_impersonate(&Identity::Controller).await);
    assert!(clients.can_impersonate(&account("there")).await);
    assert!(!clients.can_impersonate(&account("missing")).await);
    assert!(!clients.can_impersonate(&account("no name")).await);
    let astray = "x/../../../apps/serviceaccounts/there";
    assert!(!clients.can_impersonate(&account(astray)).await);
    assert!(!clients.can_impersonate(&account("there?a")).await);
}

#[tokio::test(start_paused = true)]
async fn clients_are_kept_by_identity_and_no_more_than_so_many() {
    let clients = cluster();
    let kept = |clients: &Clients| clients.0.kept.lock().unwrap().len();
    for _ in 0..3 {
        let _ = clients.local(&account("a")).unwrap();
        let _ = clients.local(&Identity::Controller).unwrap();
    }
    assert_eq!(kept(&clients), 1);
    for n in 0..MOST + 10 {
        tokio::time::advance(Duration::from_millis(1)).await;
        let _ = clients.local(&account(&format!("a{n}"))).unwrap();
    }
    assert_eq!(kept(&clients), MOST);
    assert!(clients.find(&(None, account("a").user())).is_none());
    tokio::time::advance(IDLE).await;
    let _ = clients.local(&account("b")).unwrap();
    assert_eq!(kept(&clients), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reference_that_leads_nowhere_says_what_is_missing() {
    let clients = cluster();
    let secret = |name: &str| KubeConfigReference {
        secret_ref: Some(SecretKeyReference {
            name: name.to_owned(),
            key: None,
        }),
        ..KubeConfigReference::default()
    };
    let config_map = |name: &str| KubeConfigReference {
        config_map_ref: Some(LocalObjectReference {
            name: name.to_owned(),
        }),
        ..KubeConfigReference::default()
    };
    for (reference, class, text) in [
        (
            secret("none"),
            Class::NotFound,
            "get Secret/apps/none: it does not exist",
        ),
        (
            secret("empty"),
            Class::Invalid,
            "connect Secret/apps/empty: KubeConfig secret 'apps/empty' does not contain a 'value' key with a kubeconfig",
        ),
        (
            config_map("none"),
            Class::NotFound,
            "get ConfigMap/apps/none: it does not exist",
        ),
        (
            config_map("cloud"),
            Class::Invalid,
            "connect ConfigMap/apps/cloud: provider 'aws' not implemented",
        ),
        (
            config_map("astray"),
            Class::Invalid,
            "connect ConfigMap/apps/astray: invalid serviceAccountName '../../flux-system/serviceaccounts/flux'",
        ),
        (
            KubeConfigReference::default(),
            Class::Invalid,
            "connect spec.kubeConfig: neither configMapRef nor secretRef is set",
        ),
    ] {
        let client = clients
            .resolve(Some(&reference), "apps", &Identity::Controller)
            .await;
        let error = client.err().unwrap();
        assert_eq!((error.class(), error.to_string().as_str()), (class, text));
    }
}

/// The user in whose name a client asks, as the server reads it.
async fn user_of(client: Client, listener: &tokio::net::TcpListener) -> String {
    let asks = tokio::spawn(async move { client.apiserver_version().await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut text = String::new();
    while !text.contains("\r\n\r\n") {
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await.unwrap();
        text += std::str::from_utf8(&bytes[..read]).unwrap();
    }
    asks.abort();
    let user = text
        .lines()
        .find_map(|line| line.strip_prefix("impersonate-user: "));
    user.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_controller_that_is_impersonated_impersonates_as_whom_it_logged_in() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let mut config = Config::new(address.parse().unwrap());
    config.auth_info.impersonate = Some("flux".to_owned());
    let clients = Clients::connect(config, &ClientOptions::default()).unwrap();
    let own = clients.local(&Identity::Controller).unwrap();
    assert_eq!(user_of(own, &listener).await, "flux");
    // The headers of kube's own configuration would replace those of the tenant.
    let tenant = clients.local(&account("deployer")).unwrap();
    let user = user_of(tenant, &listener).await;
    assert_eq!(user, "system:serviceaccount:apps:deployer");
}
