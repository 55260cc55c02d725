//! How another cluster is reached: `spec.kubeConfig` of Kustomizations and HelmReleases.
//!
//! # Sources
//!
//! fluxcd/pkg runtime v0.110.3: `client/impersonator.go (getRESTConfigFromSecret)`,
//! `client/kubeconfig.go (ValidateKubeConfig, KubeConfig)`; auth v0.54.2: `utils/restconfig.go (GetRESTConfig)`,
//! `restconfig.go (ParseClusterAddress)`.

use std::collections::BTreeMap;
use std::fmt;

use fluxcd_api::meta::{Effective, SecretKeyReference, key};
use serde_json::{Map, Value, json};

use crate::FluxVersion;

/// A Secret without a kubeconfig. The text is upstream's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("KubeConfig secret '{secret}' does not contain a '{key}' key with a kubeconfig")]
pub struct NoKubeConfig {
    /// Namespace and name of the Secret.
    pub secret: String,
    /// The key that was written, else `value`.
    pub key: String,
}

/// The entry of a Secret that holds the kubeconfig: the key that is written, else `value`, else `value.yaml`. An empty
/// entry counts as there.
///
/// # Errors
///
/// [`NoKubeConfig`] if none of them is there.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
///
/// use fluxcd_api::meta::SecretKeyReference;
/// use fluxcd_core::access::kube_config::secret_key;
///
/// let reference = SecretKeyReference { name: "prod".to_owned(), key: None };
/// let data = BTreeMap::from([("value.yaml".to_owned(), "...")]);
/// assert_eq!(secret_key(&reference, "apps", &data)?.value, "value.yaml");
///
/// let error = secret_key(&reference, "apps", &BTreeMap::<_, &str>::new()).unwrap_err();
/// assert_eq!(error.to_string(), "KubeConfig secret 'apps/prod' does not contain a 'value' key with a kubeconfig");
/// # Ok::<(), fluxcd_core::access::kube_config::NoKubeConfig>(())
/// ```
pub fn secret_key<'a, V>(
    reference: &'a SecretKeyReference,
    namespace: &str,
    data: &BTreeMap<String, V>,
) -> Result<Effective<&'a str>, NoKubeConfig> {
    let written = reference.key.as_deref().filter(|key| !key.is_empty());
    let candidates = match written {
        Some(key) => &[key][..],
        None => &["value", "value.yaml"],
    };
    let found = candidates.iter().find(|key| data.contains_key(**key));
    match found {
        Some(key) => Ok(Effective::spec_or(written, key)),
        None => Err(NoKubeConfig {
            secret: format!("{namespace}/{}", reference.name),
            key: written.unwrap_or("value").to_owned(),
        }),
    }
}

/// What the ConfigMap of `spec.kubeConfig.configMapRef` says. An entry that is there and empty is `Some("")` in Flux 2.9.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteCluster<'a> {
    /// Where the identity comes from; empty if it is not said, which no provider is called.
    pub provider: &'a str,
    /// Full name of the cluster at the provider.
    pub cluster: Option<&'a str>,
    /// Address of the API server.
    pub address: Option<&'a str>,
    /// Certificate authority of the API server, as PEM.
    pub ca_cert: Option<&'a str>,
    /// Audiences of the token.
    pub audiences: Vec<&'a str>,
    /// Service account in the namespace of the object.
    pub service_account: Option<&'a str>,
}

impl<'a> RemoteCluster<'a> {
    /// Reads the data of the ConfigMap.
    ///
    /// Audiences stand one a line in Flux 2.9; 2.10 parts them at commas and white space. There an empty cluster, address
    /// or certificate authority counts as absent.
    #[must_use]
    pub fn read(data: &'a BTreeMap<String, String>, flux: FluxVersion) -> Self {
        let entry = |key| data.get(key).map(String::as_str);
        let filled = |key| {
            let keeps = |text: &&str| flux < FluxVersion::V2_10 || !text.is_empty();
            entry(key).filter(keeps)
        };
        let audiences = entry(key::KUBECONFIG_AUDIENCES).unwrap_or_default();
        let separates = |character: char| match flux {
            FluxVersion::V2_9 => character == '\n',
            FluxVersion::V2_10 => character == ',' || character.is_whitespace(),
        };
        let audiences = audiences.split(separates).map(str::trim);
        Self {
            provider: entry(key::KUBECONFIG_PROVIDER).unwrap_or_default(),
            cluster: filled(key::KUBECONFIG_CLUSTER),
            address: filled(key::KUBECONFIG_ADDRESS),
            ca_cert: filled(key::KUBECONFIG_CA_CERT),
            audiences: audiences.filter(|text| !text.is_empty()).collect(),
            service_account: entry(key::KUBECONFIG_SERVICE_ACCOUNT),
        }
    }
}

/// What is left of a kubeconfig when only that is kept which a tenant may say: addresses, names, inline certificates and
/// keys, tokens and passwords. Empty texts count as absent.
///
/// Whoever connects with the result reads no file and runs no program, unless [`Insecure`] allows the latter; what was
/// left out that was dangerous is among the [`findings`], and some of it refuses the whole kubeconfig.
///
/// Source: fluxcd/pkg runtime v0.110.3: `client/kubeconfig.go (KubeConfig)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::access::kube_config::{Insecure, sanitize};
/// use serde_json::json;
///
/// let config = json!({
///     "current-context": "c",
///     "users": [{"name": "u", "user": {"token": "t", "as": "admin", "exec": {"command": "sh"}}}],
/// });
/// let sane = sanitize(&config, Insecure::default());
/// assert_eq!(sane, json!({
///     "current-context": "c",
///     "clusters": [],
///     "contexts": [],
///     "users": [{"name": "u", "user": {"token": "t"}}],
/// }));
/// ```
#[must_use]
pub fn sanitize(config: &Value, insecure: Insecure) -> Value {
    let mut sane = Map::new();
    if let Some(context) = config.get("current-context") {
        sane.insert("current-context".to_owned(), context.clone());
    }
    for (list, member, kept) in [
        ("clusters", "cluster", KEPT_OF_CLUSTER),
        ("contexts", "context", &["cluster", "namespace", "user"]),
        ("users", "user", KEPT_OF_USER),
    ] {
        let allowed = match list {
            "clusters" if insecure.tls => Some("insecure-skip-tls-verify"),
            "users" if insecure.exec => Some("exec"),
            _ => None,
        };
        let entries = config.get(list).and_then(Value::as_array).into_iter();
        let entries = entries.flatten().map(|entry| {
            let mut own = Map::new();
            for key in kept.iter().copied().chain(allowed) {
                let value = entry.get(member).and_then(|content| content.get(key));
                if let Some(value) = value.filter(|value| says_something(value)) {
                    own.insert(key.to_owned(), value.clone());
                }
            }
            json!({"name": entry.get("name").cloned().unwrap_or_default(), member: own})
        });
        sane.insert(list.to_owned(), entries.collect());
    }
    Value::Object(sane)
}

const KEPT_OF_CLUSTER: &[&str] = &[
    "certificate-authority-data",
    "disable-compression",
    "proxy-url",
    "server",
    "tls-server-name",
];

const KEPT_OF_USER: &[&str] = &[
    "client-certificate-data",
    "client-key-data",
    "password",
    "token",
    "username",
];

/// The address of another cluster is none. The text is upstream's, but for what Go's parser says of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// There is none.
    #[error("empty address")]
    Empty,
    /// It is not `https`.
    #[error("the Kubernetes API server address '{0}' must use https scheme")]
    Open(String),
}

/// The address of another cluster as `https://host:port`: `https` and the port 443 unless something is written, the host
/// in small letters, nothing behind it.
///
/// # Errors
///
/// [`AddressError`] if it is empty or not `https`.
///
/// Source: fluxcd/pkg auth v0.54.2: `restconfig.go (ParseClusterAddress)`.
///
/// # Examples
///
/// ```
/// use fluxcd_core::access::kube_config::address;
///
/// assert_eq!(address("Example.com/api")?, "https://example.com:443");
/// assert_eq!(address("https://[::1]:6443")?, "https://[::1]:6443");
/// assert!(address("http://example.com").is_err());
/// # Ok::<(), fluxcd_core::access::kube_config::AddressError>(())
/// ```
pub fn address(text: &str) -> Result<String, AddressError> {
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let rest = match text.split_once("://") {
        _ if !text.starts_with("http") => text,
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
        _ => return Err(AddressError::Open(text.to_owned())),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().to_lowercase();
    let (name, port) = host.rsplit_once(':').unwrap_or((&host, ""));
    // The colons of an address in brackets part no port.
    if port.is_empty() || name.contains('[') && !name.ends_with(']') {
        return Ok(format!("https://{host}:443"));
    }
    Ok(format!("https://{host}"))
}

/// What a kubeconfig may do that is dangerous in the hands of a tenant. Nothing by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Insecure {
    /// Flag `--insecure-kubeconfig-exec`: it may run programs inside the controller.
    pub exec: bool,
    /// Flag `--insecure-kubeconfig-tls`: it may leave the certificate of the server unchecked.
    pub tls: bool,
}

/// A field of a kubeconfig that is not used as it stands. `Display` is upstream's text where it is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The list that the entry is in.
    pub entry: Entry,
    /// Name of the entry.
    pub name: String,
    /// The field.
    pub field: &'static str,
    /// What becomes of it.
    pub rule: Rule,
}

/// A list of a kubeconfig.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// `clusters`.
    Cluster,
    /// `users`.
    User,
}

/// What becomes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// It names a file, and the whole kubeconfig is refused.
    Refused {
        /// What to write instead.
        instead: &'static str,
    },
    /// It is ignored silently.
    Dropped,
}

/// The fields of a kubeconfig that are refused or dropped: clusters first, then users, each by name.
///
/// - Files are refused wherever they are named, also in entries that the current context does not use. The controllers
///   have files of their own, such as their token, which a kubeconfig could send elsewhere.
/// - Programs, unchecked certificates (unless allowed), plugins and impersonation are dropped.
///
/// Upstream names the first refused field of one entry, whichever comes first.
///
/// # Examples
///
/// ```
/// use fluxcd_core::access::kube_config::{Insecure, findings};
/// use serde_json::json;
///
/// let config = json!({"users": [{"name": "u", "user": {"tokenFile": "/var/run/secrets/token"}}]});
/// let findings = findings(&config, Insecure::default());
/// assert_eq!(
///     findings[0].refusal("prod/kubeconfig").as_deref(),
///     Some("invalid KubeConfig in secret 'prod/kubeconfig': user 'u' references a tokenFile, only an inline token is supported")
/// );
/// ```
#[must_use]
pub fn findings(config: &Value, insecure: Insecure) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entry, list, member, fields) in [
        (Entry::Cluster, "clusters", "cluster", CLUSTER),
        (Entry::User, "users", "user", USER),
    ] {
        let entries = config.get(list).and_then(Value::as_array);
        let mut named: Vec<_> = entries
            .into_iter()
            .flatten()
            .filter_map(|item| {
                let name = item.get("name").and_then(Value::as_str);
                Some((name.unwrap_or_default(), item.get(member)?))
            })
            .collect();
        named.sort_by_key(|(name, _)| *name);
        for (name, content) in named {
            let present = fields.iter().filter(|(field, _)| {
                let allowed = match *field {
                    "exec" => insecure.exec,
                    "insecure-skip-tls-verify" => insecure.tls,
                    _ => false,
                };
                !allowed && content.get(field).is_some_and(says_something)
            });
            findings.extend(present.map(|(field, rule)| Finding {
                entry,
                name: name.to_owned(),
                field,
                rule: *rule,
            }));
        }
    }
    findings
}

const CLUSTER: &[(&str, Rule)] = &[
    (
        "certificate-authority",
        instead("certificate-authority-data"),
    ),
    ("insecure-skip-tls-verify", Rule::Dropped),
];

/// Files in the order in which upstream looks for them.
const USER: &[(&str, Rule)] = &[
    ("tokenFile", instead("an inline token")),
    ("client-certificate", instead("client-certificate-data")),
    ("client-key", instead("client-key-data")),
    ("as", Rule::Dropped),
    ("as-uid", Rule::Dropped),
    ("as-groups", Rule::Dropped),
    ("as-user-extra", Rule::Dropped),
    ("auth-provider", Rule::Dropped),
    ("exec", Rule::Dropped),
];

const fn instead(instead: &'static str) -> Rule {
    Rule::Refused { instead }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

impl Finding {
    /// The error of a controller that refuses the kubeconfig in that Secret, written `namespace/name`; nothing if the
    /// field is only dropped.
    #[must_use]
    pub fn refusal(&self, secret: &str) -> Option<String> {
        match self.rule {
            Rule::Refused { .. } => {
                Some(format!("invalid KubeConfig in secret '{secret}': {self}"))
            }
            Rule::Dropped => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, field, .. } = self;
        let entry = match self.entry {
            Entry::Cluster => "cluster",
            Entry::User => "user",
        };
        match self.rule {
            Rule::Refused { instead } => {
                let file = if *field == "tokenFile" { "" } else { " file" };
                write!(
                    f,
                    "{entry} '{name}' references a {field}{file}, only {instead} is supported"
                )
            }
            Rule::Dropped => write!(f, "{field} of {entry} '{name}' is ignored"),
        }
    }
}

#[cfg(test)]
mod tests;
