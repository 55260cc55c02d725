//! The service under a client: attempts, their time, and what comes between them.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use fluxcd_api::meta;
use fluxcd_core::schedule::Backoff;
use futures::future::BoxFuture;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use kube::client::Body;
use tokio::time::{Instant, sleep, timeout};
use tower::{BoxError, Service};

use super::observe::Call;
use super::renew::Renewing;
use super::repetition::{self, Failure, Twice};
use super::{ClientOptions, answer};
use crate::clock;
use crate::error::{Class, classify, classify_transport};

type Answer = Response<UnsyncBoxBody<Bytes, BoxError>>;

/// Sends each request by the rules of [`super`].
#[derive(Clone)]
pub(super) struct Hardened {
    client: Arc<Renewing>,
    options: Arc<ClientOptions>,
}

/// How an answer is handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// Whole, within the time of an attempt.
    Whole,
    /// As a stream that begins within the time of an attempt.
    Begun,
    /// As a stream that begins when it likes.
    Endless,
}

/// What became of an attempt.
enum Outcome {
    /// Something to go on with.
    Done(Result<Answer, BoxError>),
    /// A failure that another attempt may mend, and how long the server asks to wait.
    Failed(Failure, Option<Duration>, Result<Answer, BoxError>),
}

impl Hardened {
    pub(super) fn new(client: Renewing, options: &ClientOptions) -> Self {
        Self {
            client: Arc::new(client),
            options: Arc::new(options.clone()),
        }
    }

    async fn send(&self, request: Request<Body>) -> Result<Answer, BoxError> {
        let begun = Instant::now();
        let (parts, body) = request.into_parts();
        let mut attempts = 0;
        let answer = self.repeat(&parts, body, &mut attempts).await;
        let call = Call {
            method: &parts.method,
            path: parts.uri.path(),
            operation: parts.extensions.get::<&'static str>().copied(),
            status: answer.as_ref().ok().map(|answer| answer.status().as_u16()),
            attempts,
            time: begun.elapsed(),
        };
        if let Some(observer) = &self.options.observer {
            observer.tell(&call);
        }
        answer
    }

    async fn repeat(
        &self,
        parts: &Parts,
        body: Body,
        attempts: &mut u32,
    ) -> Result<Answer, BoxError> {
        let ends = clock::end(self.options.deadline);
        // A body that comes from a stream can be sent once only.
        let bytes = match body.try_clone() {
            Some(copy) => copy.collect_bytes().await?,
            None => {
                *attempts += 1;
                let (Outcome::Done(answer) | Outcome::Failed(_, _, answer)) =
                    self.attempt(parts, body, ends).await;
                return answer;
            }
        };
        let (mut repetitions, mut renewed) = (0, false);
        loop {
            *attempts += 1;
            let (failure, asked, answer) =
                match self.attempt(parts, bytes.clone().into(), ends).await {
                    Outcome::Done(Ok(answer))
                        if answer.status() == StatusCode::UNAUTHORIZED && !renewed =>
                    {
                        renewed = true;
                        if self.client.renew().await {
                            continue;
                        }
                        return Ok(answer);
                    }
                    Outcome::Done(answer) => return answer,
                    Outcome::Failed(failure, asked, answer) => (failure, asked, answer),
                };
            let counted = failure != Failure::Throttled;
            if (counted && repetitions >= self.options.repetitions)
                || !repetition::is_repeated(Twice::of(parts, &bytes), failure)
            {
                return answer;
            }
            let wait = self.wait(*attempts - 1, asked);
            if wait >= ends.saturating_duration_since(Instant::now()) {
                return answer;
            }
            tracing::debug!(method = %parts.method, path = parts.uri.path(), ?failure, ?wait, "repeating a request");
            sleep(wait).await;
            repetitions += u32::from(counted);
        }
    }

    fn wait(&self, repetition: u32, asked: Option<Duration>) -> Duration {
        let backoff = Backoff {
            min: whole(self.options.min_delay),
            max: whole(self.options.max_delay),
        };
        repetition::delay(backoff, repetition, asked, self.options.dice.unit())
    }

    async fn attempt(&self, parts: &Parts, body: Body, ends: Instant) -> Outcome {
        let delivery = if repetition::is_endless(parts) {
            Delivery::Endless
        } else if repetition::is_watch(parts) {
            Delivery::Begun
        } else {
            Delivery::Whole
        };
        let request = Request::from_parts(parts.clone(), body);
        let exchange = self.exchange(request, delivery);
        let answer = if delivery == Delivery::Endless {
            exchange.await
        } else {
            let rest = ends.saturating_duration_since(Instant::now());
            let limit = self.options.attempt.min(rest);
            timeout(limit, exchange).await.unwrap_or_else(|_| {
                let message = format!("no answer within {limit:?}");
                Err(io::Error::new(io::ErrorKind::TimedOut, message).into())
            })
        };
        match answer {
            Ok(answer) => match Failure::of(answer.status().as_u16()) {
                Some(failure) => {
                    let asked = answer::retry_after(answer.headers()).map(Duration::from_secs);
                    Outcome::Failed(failure, asked, Ok(answer))
                }
                None => Outcome::Done(Ok(answer)),
            },
            Err(error) => match broken(&error) {
                Some(failure) => Outcome::Failed(failure, None, Err(error)),
                None => Outcome::Done(Err(error)),
            },
        }
    }

    async fn exchange(
        &self,
        request: Request<Body>,
        delivery: Delivery,
    ) -> Result<Answer, BoxError> {
        let method = request.method().clone();
        let answer = self.client.send(request).await?;
        let (mut parts, body) = answer.into_parts();
        let is_error = parts.status.is_client_error() || parts.status.is_server_error();
        if !is_error && delivery != Delivery::Whole {
            let body = body.map_err(BoxError::from).boxed_unsync();
            return Ok(Response::from_parts(parts, body));
        }
        let mut bytes = body.collect().await?.to_bytes();
        if is_error {
            bytes = answer::repair(&method, parts.status, &parts.headers, &bytes);
            parts.headers.remove(http::header::CONTENT_LENGTH);
        }
        let body = Full::new(bytes).map_err(|never| match never {});
        Ok(Response::from_parts(parts, body.boxed_unsync()))
    }
}

/// What kind of failure an error is that another attempt may mend: not one of the own configuration, nor of a certificate.
fn broken(error: &BoxError) -> Option<Failure> {
    let class = match error.downcast_ref() {
        Some(error) => classify(error),
        None => classify_transport(error.as_ref()),
    };
    match class {
        Class::Timeout => Some(Failure::Hung),
        Class::Connection => Some(Failure::Broken),
        _ => None,
    }
}

fn whole(duration: Duration) -> meta::Duration {
    meta::Duration::from_nanos(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX))
}

impl Service<Request<Body>> for Hardened {
    type Response = Answer;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Answer, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { service.send(request).await })
    }
}

#[cfg(test)]
mod tests;
