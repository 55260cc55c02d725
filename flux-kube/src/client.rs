//! Clients of API servers that survive what an API server can do to them.
//!
//! kube's `Client` is kept, for all of kube takes it. What stands under it is replaced:
//!
//! | what kube does | what happens here |
//! |---|---|
//! | repeats whatever failed with 429, 503 or 504, up to 15 times, for 252 s, `POST` too (K3, K4) | what is safe to repeat is repeated, at most three times, within a [deadline](ClientOptions::deadline) |
//! | repeats nothing when a connection breaks, nor after 500 and 502 (K5) | the same rule, for reads and for writes that may be done twice |
//! | repeats nothing at all in a client over a service of one's own (K6) | [`harden`] gives tests what [`connect`] gives programs |
//! | waits for an answer without end (K7) | one attempt has [`attempt`](ClientOptions::attempt), its body included |
//! | reads an error without a `Status` as one without a reason, and `is_not_found` is false (K1) | an answer that is no `Status` becomes one, as client-go does it |
//!
//! # What is sent again
//!
//! | after | read, apply, merge patch, delete with a uid | create, replace, other patches, other deletes | stream |
//! |---|---|---|---|
//! | 429 | yes | yes | yes |
//! | 500, 502, 503, 504 | yes | no | no |
//! | a broken connection | yes | no | no |
//! | no answer | no | no | no |
//!
//! An apply or a merge patch under a resource version is one of the other patches: its second try conflicts with its first.
//!
//! # Laws
//!
//! - A request is sent again only if it may be done twice, or if the server says that it did nothing (429, and once 401).
//! - No call lasts longer than its deadline. Watches, logs and upgraded connections last as long as they like; a watch
//!   has to begin within the time of one attempt.
//! - There is a wait before every repetition, and it grows.
//!
//! # Traps
//!
//! - A hang is not repeated: whoever waited 30 s for nothing decides better than a layer whether to wait again.
//! - kube logs each attempt that fails with a 5xx as an error, here as well, although the call may succeed.

mod answer;
mod harden;
mod identity;
mod kubeconfig;
mod list;
mod observe;
mod provider;
mod renew;
mod repetition;
mod web;

use std::time::Duration;

use fluxcd_core::FluxVersion;
use fluxcd_core::access::kube_config::Insecure;
use kube::client::Body;
use kube::{Client, Config};
use tower::{BoxError, Service};

pub(crate) use self::answer::refusal;
use self::harden::Hardened;
pub use self::identity::Clients;
pub use self::kubeconfig::KubeConfig;
pub use self::list::list_all;
pub use self::observe::{Call, Observer};
use self::renew::Renewing;
pub use self::web::{IdleBody, Web};
use crate::clock::{Clock, Dice};
use crate::error::Error;

/// How long a client tries, and how.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use fluxcd_kube::client::ClientOptions;
///
/// let mut options = ClientOptions::default();
/// options.deadline = Duration::from_secs(60);
/// assert_eq!(options.attempt, Duration::from_secs(30));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClientOptions {
    /// How long one request may take, with the whole body of its answer. 30 s.
    pub attempt: Duration,
    /// How long a call may take, with all repetitions and waits. 120 s.
    pub deadline: Duration,
    /// How often a call is repeated that failed; being throttled does not count. 3.
    pub repetitions: u32,
    /// The wait before the first repetition; it doubles. 200 ms.
    pub min_delay: Duration,
    /// No wait is longer, unless the server asks for it. 10 s.
    pub max_delay: Duration,
    /// Spreads the waits, by half in either direction.
    pub dice: Dice,
    /// Tells when an identity has expired.
    pub clock: Clock,
    /// What kubeconfigs of tenants may do: the flags `--insecure-kubeconfig-exec` and `--insecure-kubeconfig-tls`. Nothing.
    pub insecure: Insecure,
    /// How a ConfigMap that leads to another cluster is read.
    pub flux: FluxVersion,
    /// Is told of every call.
    pub observer: Option<Observer>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(30),
            deadline: Duration::from_secs(120),
            repetitions: 3,
            min_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(10),
            dice: Dice::default(),
            clock: Clock::default(),
            insecure: Insecure::default(),
            flux: FluxVersion::default(),
            observer: None,
        }
    }
}

/// A client of the API server that `config` describes.
///
/// Its identity is built again once when the server answers 401, and when it has expired: the programs and files that the
/// configuration names are then asked anew.
///
/// # Errors
///
/// [`Class::Other`](crate::Class::Other) if no client can be built: a certificate that cannot be read, a proxy that is not
/// supported.
pub fn connect(config: Config, options: &ClientOptions) -> Result<Client, Error> {
    let namespace = config.default_namespace.clone();
    let build = renew::rebuild(&config);
    Ok(over(renew::build(config)?, build, namespace, options))
}

/// A client over any service, with everything that [`connect`] gives a client over the network.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use fluxcd_kube::client::{ClientOptions, harden};
/// use fluxcd_kube::error::{Class, classify};
/// use http::{Request, Response};
/// use kube::client::Body;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let service = tower::service_fn(|_: Request<Body>| async {
///     let mut answer = Response::new(Body::from(b"no upstream".to_vec()));
///     *answer.status_mut() = http::StatusCode::BAD_GATEWAY;
///     Ok::<_, Infallible>(answer)
/// });
/// let client = harden(service, "default", &ClientOptions::default());
/// let error = client.apiserver_version().await.unwrap_err();
/// assert_eq!(classify(&error), Class::ServerTransient);
/// # }
/// ```
pub fn harden<S, B>(service: S, namespace: impl Into<String>, options: &ClientOptions) -> Client
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let namespace = namespace.into();
    over(
        Client::new(service, namespace.clone()),
        None,
        namespace,
        options,
    )
}

fn over(
    inner: Client,
    build: Option<renew::Build>,
    namespace: String,
    options: &ClientOptions,
) -> Client {
    let until = *inner.valid_until();
    let inner = Renewing::new(inner, build, options.clock.clone());
    Client::new(Hardened::new(inner, options), namespace).with_valid_until(until)
}
