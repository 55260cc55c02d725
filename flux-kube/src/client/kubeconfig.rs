//! The way to another cluster, as a tenant wrote it.
//!
//! kube reads the files that a kubeconfig names, and runs its programs: a tenant who may write one could send the token of
//! the controller to a server of their own. So a [`KubeConfig`] is made of what [`sanitize`] leaves of the text, before kube
//! sees any of it, and nothing else of the text is kept.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fluxcd_api::meta::SecretKeyReference;
use fluxcd_core::access::kube_config::{Finding, Insecure, findings, sanitize, secret_key};
use fluxcd_dialect::yaml::Loader;
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::{Value, json};

use crate::error::{Class, Error, Verb};
use crate::lookup::Entries;

/// A kubeconfig without files, programs, plugins and impersonation.
///
/// # Examples
///
/// ```
/// use fluxcd_core::access::kube_config::Insecure;
/// use fluxcd_kube::client::KubeConfig;
///
/// let text = br#"
/// apiVersion: v1
/// kind: Config
/// current-context: prod
/// contexts: [{name: prod, context: {cluster: prod, user: flux}}]
/// clusters: [{name: prod, cluster: {server: "https://prod:6443", insecure-skip-tls-verify: true}}]
/// users: [{name: flux, user: {token: t}}]
/// "#;
/// let config = KubeConfig::parse("apps/prod", text, Insecure::default())?;
/// let findings: Vec<_> = config.findings().iter().map(ToString::to_string).collect();
/// assert_eq!(findings, ["insecure-skip-tls-verify of cluster 'prod' is ignored"]);
///
/// let error = KubeConfig::parse("apps/prod", b"users: [{name: u, user: {tokenFile: /t}}]", Insecure::default());
/// assert_eq!(
///     error.unwrap_err().to_string(),
///     "connect Secret/apps/prod: invalid KubeConfig in secret 'apps/prod': user 'u' references a tokenFile, only an inline token is supported"
/// );
/// # Ok::<(), fluxcd_kube::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct KubeConfig {
    secret: String,
    content: Value,
    findings: Vec<Finding>,
}

impl KubeConfig {
    /// Reads the kubeconfig of a Secret, written `namespace/name`.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`] if the text is no YAML, or names a file anywhere in it.
    pub fn parse(secret: &str, text: &[u8], insecure: Insecure) -> Result<Self, Error> {
        let config = Loader::v2().load(text);
        let config = config.map_err(|error| invalid(secret, &error))?;
        let findings = findings(&config, insecure);
        if let Some(refusal) = findings.iter().find_map(|finding| finding.refusal(secret)) {
            return Err(refuse(secret, refusal));
        }
        Ok(Self {
            secret: secret.to_owned(),
            content: sanitize(&config, insecure),
            findings,
        })
    }

    /// Reads the kubeconfig that a reference chooses from the entries of its Secret.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`], with [`NoKubeConfig`](fluxcd_core::access::kube_config::NoKubeConfig) inside if the entry is not
    /// there; otherwise as [`KubeConfig::parse`].
    pub fn from_secret(
        reference: &SecretKeyReference,
        namespace: &str,
        entries: &Entries,
        insecure: Insecure,
    ) -> Result<Self, Error> {
        let secret = format!("{namespace}/{}", reference.name);
        let key = secret_key(reference, namespace, entries.values());
        let key = key.map_err(|error| refuse(&secret, error))?.value;
        let text = entries.bytes(key).unwrap_or_default();
        Self::parse(&secret, text, insecure)
    }

    /// A cluster without a user.
    pub(super) fn of_cluster(subject: &str, server: &str, ca_cert: Option<&str>) -> Self {
        let ca_cert = ca_cert.filter(|text| !text.is_empty());
        let config = json!({
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "c"}}],
            "clusters": [{"name": "c", "cluster": {
                "server": server,
                "certificate-authority-data": ca_cert.map(|text| STANDARD.encode(text)),
            }}],
        });
        Self {
            secret: subject.to_owned(),
            content: sanitize(&config, Insecure::default()),
            findings: Vec::new(),
        }
    }

    /// What was ignored, because it is dangerous in the hands of a tenant.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The Secret that it is from: `namespace/name`.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Tells one kubeconfig from another: by what is kept of it, not by where it is from.
    pub(super) fn digest(&self) -> [u8; 32] {
        *blake3::hash(self.content.to_string().as_bytes()).as_bytes()
    }

    /// What kube connects with. Proxies come from the kubeconfig only, never from the environment.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`] if the context, the cluster or a certificate cannot be used.
    pub async fn config(&self) -> Result<Config, Error> {
        let mut content: Kubeconfig = serde_json::from_value(self.content.clone())
            .map_err(|error| invalid(&self.secret, &error))?;
        for cluster in content
            .clusters
            .iter_mut()
            .filter_map(|named| named.cluster.as_mut())
        {
            // kube asks the environment only where nothing is written.
            cluster
                .proxy_url
                .get_or_insert_with(|| format!("http://{NO_PROXY}"));
        }
        let options = KubeConfigOptions::default();
        let config = Config::from_custom_kubeconfig(content, &options);
        let mut config = config
            .await
            .map_err(|error| invalid(&self.secret, &error))?;
        config.proxy_url = config
            .proxy_url
            .filter(|proxy| proxy.host() != Some(NO_PROXY));
        Ok(config)
    }
}

const NO_PROXY: &str = "no-proxy.invalid";

fn invalid(secret: &str, error: &dyn fmt::Display) -> Error {
    refuse(
        secret,
        format!("invalid KubeConfig in secret '{secret}': {error}"),
    )
}

fn refuse(secret: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::other(
        Verb::Connect,
        format!("Secret/{secret}"),
        Class::Invalid,
        error,
    )
}

/// Says where it is from, and nothing of what is in it.
impl fmt::Debug for KubeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KubeConfig")
            .field("secret", &self.secret)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
