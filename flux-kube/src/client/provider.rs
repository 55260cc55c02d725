//! Another cluster that believes in the tokens of this one.

use std::sync::Arc;

use fluxcd_core::access::kube_config::{self, RemoteCluster};
use http::Request;
use http::header::CONTENT_TYPE;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::{Client, Config};
use serde::Deserialize;
use serde_json::json;

use super::kubeconfig::KubeConfig;
use super::{ClientOptions, over, renew};
use crate::endpoint::is_path_segment;
use crate::error::{Class, Error, Verb};

pub(super) fn digest(namespace: &str, cluster: &RemoteCluster<'_>) -> [u8; 32] {
    *blake3::hash(format!("{namespace} {cluster:?}").as_bytes()).as_bytes()
}

/// A client of the provider `generic`: a token of a service account, for the audiences of the other cluster.
///
/// Sources: fluxcd/pkg auth v0.54.2: `generic/provider.go`, `access_token.go (GetAccessToken)`.
pub(super) async fn connect(
    own: &Client,
    namespace: &str,
    cluster: &RemoteCluster<'_>,
    subject: &str,
    options: &ClientOptions,
) -> Result<Client, Error> {
    let invalid = |problem: String| Error::other(Verb::Connect, subject, Class::Invalid, problem);
    let (provider, written) = (cluster.provider, cluster.address.unwrap_or_default());
    if provider != "generic" {
        return Err(invalid(format!("provider '{provider}' not implemented")));
    }
    let Some(account) = cluster.service_account.filter(|name| !name.is_empty()) else {
        let problem =
            "a serviceAccountName is needed: the token of the controller is not read from its file";
        return Err(invalid(problem.to_owned()));
    };
    if ![namespace, account].into_iter().all(is_path_segment) {
        return Err(invalid(format!("invalid serviceAccountName '{account}'")));
    }
    let address = kube_config::address(written);
    let address = address.map_err(|error| {
        invalid(format!(
            "failed to parse cluster address {written}: {error}"
        ))
    })?;
    let audiences = match cluster.audiences.as_slice() {
        [] => vec![written],
        audiences => audiences.to_vec(),
    };
    let account = Arc::new(Account {
        own: own.clone(),
        path: format!("/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"),
        audiences: audiences.into_iter().map(str::to_owned).collect(),
        config: KubeConfig::of_cluster(subject, &address, cluster.ca_cert)
            .config()
            .await?,
    });
    let inner = account.client().await?;
    let build: renew::Build = Arc::new(move || {
        let account = Arc::clone(&account);
        Box::pin(async move { account.client().await })
    });
    Ok(over(inner, Some(build), "default".to_owned(), options))
}

/// A service account that asks for tokens.
struct Account {
    own: Client,
    path: String,
    audiences: Vec<String>,
    config: Config,
}

/// What is read of a `TokenRequest`.
#[derive(Deserialize)]
struct Issued {
    status: Token,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    token: String,
    expiration_timestamp: Time,
}

impl Account {
    /// A client with a new token, until that expires.
    async fn client(&self) -> Result<Client, Error> {
        let failed = |error| Error::new(Verb::Connect, &self.path, error);
        let body = json!({
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"audiences": self.audiences},
        });
        let request = Request::post(&self.path).header(CONTENT_TYPE, "application/json");
        let request = request.body(body.to_string().into_bytes());
        let request = request.map_err(|error| failed(kube::Error::HttpError(error)))?;
        let issued: Issued = self.own.request(request).await.map_err(failed)?;
        let mut config = self.config.clone();
        config.auth_info.token = Some(issued.status.token.into());
        let client = renew::build_aside(config).await?;
        Ok(client.with_valid_until(Some(issued.status.expiration_timestamp.0)))
    }
}
