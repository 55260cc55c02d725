//! Requests to addresses that are no API server: webhooks, stores of artifacts.
//!
//! They go through kube's `Client`, so that one TLS configuration serves everything, and there is no second HTTP library.
//! No credential of the cluster goes with them, and no proxy is read from the environment.
//!
//! Nothing is repeated here: how often a webhook or a store may be asked, and after which answers, is known to whoever
//! asks. An answer of any status is an answer.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, LOCATION};
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use http_body::Frame;
use http_body_util::{BodyExt, Limited};
use kube::client::Body;
use kube::{Client, Config};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tower::{BoxError, Service};

use super::ClientOptions;
use crate::error::{Class, Error, Verb};

/// Sends requests to any address.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use fluxcd_kube::client::Web;
/// use http::{Request, Response};
/// use kube::client::Body;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let web = Web::with(tower::service_fn(|request: Request<Body>| async move {
///     Ok::<_, Infallible>(Response::new(Body::from(request.uri().to_string().into_bytes())))
/// }));
/// let request = Request::post("http://notification-controller/").body(b"{}".to_vec())?;
/// let answer = web.send(request).await?;
/// assert_eq!(answer.into_body().collect_bytes().await?, "http://notification-controller/");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Web {
    attempt: Duration,
    route: Arc<Route>,
}

enum Route {
    /// A client for each origin.
    Network(Mutex<HashMap<(Scheme, Authority), Client>>),
    Service(Client),
}

/// So many origins keep their connections.
const ORIGINS: usize = 64;
/// An answer that is read whole is not larger.
const LARGEST: usize = 4 << 20;
/// So many times a redirection is followed, as Go does it.
const REDIRECTIONS: usize = 10;

impl Web {
    /// Requests over the network. Of the options, the time of an attempt matters here.
    #[must_use]
    pub fn new(options: &ClientOptions) -> Self {
        Self {
            attempt: options.attempt,
            route: Arc::new(Route::Network(Mutex::default())),
        }
    }

    /// Every address is answered by this service, which sees it whole: for tests.
    pub fn with<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            attempt: ClientOptions::default().attempt,
            route: Arc::new(Route::Service(Client::new(service, ""))),
        }
    }

    /// Sends a request to its absolute address, and reads the answer whole: within the time of an attempt, and no more
    /// than 4 MiB. Redirections are answers like any other.
    ///
    /// # Errors
    ///
    /// [`Class::Timeout`] or [`Class::Connection`] if there is no answer, [`Class::Decode`] if it is too large,
    /// [`Class::Invalid`] if the address is none.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Body>, Error> {
        let subject = request.uri().to_string();
        let exchange = async {
            let (parts, body) = self.exchange(request).await?.into_parts();
            let body = Limited::new(body, LARGEST)
                .collect()
                .await
                .map_err(|error| match error.downcast::<kube::Error>() {
                    Ok(error) => Error::new(Verb::Fetch, &subject, *error),
                    Err(error) => Error::other(Verb::Fetch, &subject, Class::Decode, error),
                })?;
            Ok(Response::from_parts(parts, Body::from(body.to_bytes())))
        };
        let elapsed = |_| Err(Error::elapsed(Verb::Fetch, &subject, self.attempt));
        timeout(self.attempt, exchange)
            .await
            .unwrap_or_else(elapsed)
    }

    /// Sends a `GET`, and leaves the body of its answer to the caller, however large it is: it has to begin within the
    /// time of an attempt, and to go on within `idle`, again and again.
    ///
    /// Up to ten redirections are followed, as by the client of Go, but never from `https` to `http`; credentials do not
    /// go along to another origin.
    ///
    /// # Errors
    ///
    /// As [`Web::send`]. The body fails with `io::ErrorKind::TimedOut` when it does not go on.
    pub async fn fetch(
        &self,
        request: Request<()>,
        idle: Duration,
    ) -> Result<Response<IdleBody>, Error> {
        let (mut parts, ()) = request.into_parts();
        for _ in 0..=REDIRECTIONS {
            let subject = parts.uri.to_string();
            let request = Request::from_parts(parts.clone(), Vec::new());
            let answer = timeout(self.attempt, self.exchange(request)).await;
            let answer =
                answer.map_err(|_| Error::elapsed(Verb::Fetch, &subject, self.attempt))??;
            let location = answer.headers().get(LOCATION);
            let moved = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            let (true, Some(location)) = (moved, location) else {
                return Ok(answer.map(|body| IdleBody::new(body, idle)));
            };
            let target = location
                .to_str()
                .ok()
                .and_then(|text| resolve(&parts.uri, text));
            let Some(target) = target else {
                return Err(refused(&subject, "a redirection to no address"));
            };
            if parts.uri.scheme() == Some(&Scheme::HTTPS) && target.scheme() != Some(&Scheme::HTTPS)
            {
                return Err(refused(
                    &subject,
                    "a redirection from https to an open connection",
                ));
            }
            if parts.uri.authority() != target.authority() {
                parts.headers.remove(AUTHORIZATION);
                parts.headers.remove(COOKIE);
            }
            parts.uri = target;
        }
        let subject = parts.uri.to_string();
        Err(refused(&subject, "more than 10 redirections"))
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Body>, Error> {
        let subject = request.uri().to_string();
        let (mut parts, body) = request.into_parts();
        let client = match self.route.as_ref() {
            Route::Service(client) => client.clone(),
            Route::Network(clients) => {
                let origin = (parts.uri.scheme().cloned(), parts.uri.authority().cloned());
                let (Some(scheme), Some(authority)) = origin else {
                    return Err(refused(&subject, "the address is not absolute"));
                };
                if authority.as_str().contains('@') {
                    return Err(refused(&subject, "the address carries credentials"));
                }
                let path = parts.uri.path_and_query().cloned();
                parts.uri = path.map(Uri::from).unwrap_or_default();
                let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
                connected(&mut clients, scheme, authority)
                    .map_err(|error| Error::new(Verb::Connect, &subject, error))?
            }
        };
        let request = Request::from_parts(parts, Body::from(body));
        let sent = client.send(request).await;
        sent.map_err(|error| Error::new(Verb::Fetch, subject, error))
    }
}

fn connected(
    clients: &mut HashMap<(Scheme, Authority), Client>,
    scheme: Scheme,
    authority: Authority,
) -> Result<Client, kube::Error> {
    let origin = (scheme, authority);
    if let Some(client) = clients.get(&origin) {
        return Ok(client.clone());
    }
    let (scheme, authority) = origin.clone();
    let uri = Uri::builder().scheme(scheme).authority(authority);
    let uri = uri
        .path_and_query("/")
        .build()
        .map_err(kube::Error::HttpError)?;
    let mut config = Config::new(uri);
    config.default_retry = false;
    let client = Client::try_from(config)?;
    if clients.len() >= ORIGINS {
        clients.clear();
    }
    clients.insert(origin, client.clone());
    Ok(client)
}

fn refused(subject: &str, problem: &'static str) -> Error {
    Error::other(Verb::Fetch, subject, Class::Invalid, problem)
}

/// The address that a `Location` means, seen from where it was found.
fn resolve(base: &Uri, location: &str) -> Option<Uri> {
    let (scheme, authority) = (base.scheme_str()?, base.authority()?);
    let location = location.split('#').next().unwrap_or_default();
    let text = if location.contains("://") && !location.starts_with(['/', '?']) {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", base.path())
    } else {
        let (directory, _) = base.path().rsplit_once('/')?;
        format!("{scheme}://{authority}{directory}/{location}")
    };
    let target: Uri = text.parse().ok()?;
    let known = matches!(target.scheme_str(), Some("http" | "https"));
    (known && target.authority().is_some()).then_some(target)
}

/// A body that fails when it does not go on.
pub struct IdleBody {
    body: Body,
    idle: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl IdleBody {
    fn new(body: Body, idle: Duration) -> Self {
        Self {
            body,
            idle,
            sleep: Box::pin(sleep(idle)),
        }
    }
}

impl http_body::Body for IdleBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.sleep.as_mut().reset(Instant::now() + this.idle);
            return Poll::Ready(frame.map(|frame| frame.map_err(BoxError::from)));
        }
        ready!(this.sleep.as_mut().poll(cx));
        let message = format!("nothing came for {:?}", this.idle);
        let error = std::io::Error::new(std::io::ErrorKind::TimedOut, message);
        Poll::Ready(Some(Err(error.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for IdleBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdleBody")
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}

#[cfg(test)]
mod tests;
