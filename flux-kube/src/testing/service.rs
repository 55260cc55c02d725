//! The server as kube's client sees it.

use std::future::{Future, pending};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::stream::{self, StreamExt as _};
use http::{Method, Request, Response, header};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::Value;
use tower::{BoxError, Service};

use super::call::Call;
use super::discovery;
use super::kinds::Served;
use super::read::present;
use super::refusal::Refusal;
use super::script::Fault;
use super::watch;
use super::{Shared, State};
use crate::error::Verb;

/// Answers requests.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) shared: Arc<Shared>,
    pub(super) user: Option<String>,
}

type Body = UnsyncBoxBody<Bytes, io::Error>;

impl<B> Service<Request<B>> for Server
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let server = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(Into::into)?.to_bytes();
            let (call, fault) = server.note(&parts, &body);
            server.answer(call, fault).await
        })
    }
}

/// What goes back: as text, since some faults break it.
struct Reply {
    code: u16,
    content_type: &'static str,
    retry_after: Option<u32>,
    body: String,
}

impl Reply {
    fn json(code: u16, body: &Value) -> Self {
        Self {
            code,
            content_type: "application/json",
            retry_after: None,
            body: format!("{body}\n"),
        }
    }

    fn plain(code: u16, body: &str) -> Self {
        Self {
            code,
            content_type: "text/plain; charset=utf-8",
            retry_after: None,
            body: body.to_owned(),
        }
    }

    fn refusal(refusal: &Refusal) -> Self {
        Self::json(refusal.code, &refusal.status())
    }

    fn send(self, body: Body) -> Result<Response<Body>, BoxError> {
        let mut response = Response::builder()
            .status(self.code)
            .header(header::CONTENT_TYPE, self.content_type);
        if let Some(seconds) = self.retry_after {
            response = response.header(header::RETRY_AFTER, seconds);
        }
        Ok(response.body(body)?)
    }

    fn whole(self) -> Result<Response<Body>, BoxError> {
        let bytes = Bytes::from(self.body.clone());
        self.send(body_of(stream::iter([Ok(bytes)])))
    }

    /// Half of the body, and then `rest`.
    fn half(
        self,
        rest: impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<Response<Body>, BoxError> {
        let mut bytes = Bytes::from(self.body.clone());
        bytes.truncate(bytes.len() / 2);
        self.send(body_of(stream::iter([Ok(bytes)]).chain(rest)))
    }
}

fn body_of(bytes: impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
    StreamBody::new(bytes.map(|bytes| bytes.map(Frame::data))).boxed_unsync()
}

impl Server {
    /// Writes the request down, and looks what is to go wrong with it.
    fn note(&self, parts: &http::request::Parts, body: &[u8]) -> (Call, Option<Fault>) {
        let mut state = self.shared.state();
        let call = Call::read(parts, body, self.user.as_deref(), &state.kinds);
        state.requests.push(call.recorded.clone());
        let fault = state.script.take(&call.recorded);
        (call, fault)
    }

    async fn answer(&self, call: Call, fault: Option<Fault>) -> Result<Response<Body>, BoxError> {
        let io_error = |kind: io::ErrorKind| Err(BoxError::from(io::Error::from(kind)));
        let is_watch = call.recorded.verb == Verb::Watch;
        match &fault {
            Some(Fault::Status {
                code,
                reason,
                message,
            }) => {
                return Reply::refusal(&Refusal::new(*code, reason, message.as_str())).whole();
            }
            Some(Fault::Plain(code)) => {
                let status = http::StatusCode::from_u16(*code)?;
                let reason = status.canonical_reason().unwrap_or("Failed");
                return Reply::plain(*code, &format!("{reason}\n")).whole();
            }
            Some(Fault::RetryAfter { code, seconds }) => {
                return Reply {
                    code: *code,
                    content_type: "text/plain; charset=utf-8",
                    retry_after: Some(*seconds),
                    body: "Too many requests, please try again later.\n".to_owned(),
                }
                .whole();
            }
            Some(Fault::Forbidden) => return Reply::refusal(&self.forbidden(&call)).whole(),
            Some(Fault::Deny(message)) => {
                let message = format!(
                    "admission webhook \"deny.testing.fluxcd.rs\" denied the request: {message}"
                );
                return Reply::refusal(&Refusal::new(403, "Forbidden", message)).whole();
            }
            Some(Fault::WatchHttpGone) => {
                let version = self.shared.state().version;
                return Reply::refusal(&Refusal::too_old(0, version)).whole();
            }
            Some(Fault::Reset) => return io_error(io::ErrorKind::ConnectionReset),
            Some(Fault::Refused) => return io_error(io::ErrorKind::ConnectionRefused),
            Some(Fault::Hang) => pending().await,
            Some(Fault::Delay(time)) => tokio::time::sleep(*time).await,
            _ => {}
        }
        if is_watch {
            return self.watch(call, fault.as_ref());
        }
        let reply = self.act(&call);
        match fault {
            Some(Fault::ResetAfter) => io_error(io::ErrorKind::ConnectionReset),
            Some(Fault::HangAfter) => pending().await,
            Some(Fault::NotJson) => Reply {
                body: "<html><body>Bad gateway</body></html>\n".to_owned(),
                ..reply
            }
            .whole(),
            Some(Fault::Truncate) => reply.half(stream::empty()),
            Some(Fault::BreakBody) => {
                let error = io::Error::from(io::ErrorKind::ConnectionReset);
                reply.half(stream::iter([Err(error)]))
            }
            Some(Fault::HangBody) => reply.half(stream::pending()),
            _ => reply.whole(),
        }
    }

    fn forbidden(&self, call: &Call) -> Refusal {
        let state = self.shared.state();
        let request = &call.recorded;
        let Some(kind) = find(&state, call) else {
            return Refusal::new(403, "Forbidden", "forbidden");
        };
        let verb = match request.verb {
            Verb::Create => "create",
            Verb::Replace => "update",
            Verb::Apply | Verb::DryRun | Verb::Patch => "patch",
            Verb::Delete => "delete",
            Verb::List => "list",
            Verb::Watch => "watch",
            _ => "get",
        };
        let user = request.user.as_deref().unwrap_or("system:anonymous");
        let place = match request.namespace.as_str() {
            "" => "at the cluster scope".to_owned(),
            namespace => format!("in the namespace \"{namespace}\""),
        };
        let why = format!(
            "User \"{user}\" cannot {verb} resource \"{}\" in API group \"{}\" {place}",
            kind.plural, kind.group
        );
        Refusal::forbidden(&kind, &request.name, &why)
    }

    fn watch(&self, call: Call, fault: Option<&Fault>) -> Result<Response<Body>, BoxError> {
        let kind = find(&self.shared.state(), &call);
        let Some(kind) = kind else {
            return Reply::plain(404, "404 page not found\n").whole();
        };
        match watch::open(&self.shared, kind, call, fault) {
            Ok(lines) => Reply::json(200, &Value::Null).send(body_of(lines)),
            Err(refusal) => Reply::refusal(&refusal).whole(),
        }
    }

    /// Does what is asked.
    fn act(&self, call: &Call) -> Reply {
        let mut state = self.shared.state();
        if call.recorded.verb == Verb::Discover {
            return match discovery::answer(&state.kinds, call) {
                Some(Ok((body, content_type))) => Reply {
                    content_type,
                    ..Reply::json(200, &body)
                },
                Some(Err(refusal)) => Reply::refusal(&refusal),
                None if matches!(
                    call.recorded.path.as_str(),
                    "/healthz" | "/livez" | "/readyz"
                ) =>
                {
                    Reply::plain(200, "ok")
                }
                None => Reply::plain(404, "404 page not found\n"),
            };
        }
        let Some(kind) = find(&state, call) else {
            if call.recorded.group.is_empty() && call.recorded.version == "v1" {
                return Reply::refusal(&Refusal::no_resource());
            }
            return Reply::plain(404, "404 page not found\n");
        };
        let answer = match call.method {
            Method::GET => state.read(&kind, call).map(|object| (200, object)),
            _ => {
                let answer = state.write(&kind, call);
                answer.map(|(code, object)| (code, present(object, &kind, call)))
            }
        };
        drop(state);
        self.shared.settle();
        match answer {
            Ok((code, object)) => Reply::json(code, &object),
            Err(refusal) => Reply::refusal(&refusal),
        }
    }
}

fn find(state: &State, call: &Call) -> Option<Arc<Served>> {
    let request = &call.recorded;
    if state.kinds.is_broken(&request.group) {
        return None;
    }
    let kind = state
        .kinds
        .by_plural(&request.group, &request.version, &request.resource);
    kind.cloned()
}
