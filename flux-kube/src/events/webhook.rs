use std::time::Duration;

use fluxcd_api::event::v1beta1::Event;
use fluxcd_core::notify::forward;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Request, Response, Uri};
use kube::client::Body;
use tokio::time::{sleep, timeout};

use super::Deliver;
use crate::client::Web;
use crate::error::{Class, Error, Verb};

/// Posts events to notification-controller.
///
/// One attempt has five seconds. After a broken connection and after 5xx, but 501, it is repeated up to four times, with
/// growing waits from one second on.
#[derive(Debug, Clone)]
pub struct Webhook {
    web: Web,
    address: Uri,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It took the event, or has it already.
    Taken,
    /// It does not take this event.
    Refused,
    /// It may take it the next time.
    Busy,
}

const ATTEMPT: Duration = Duration::from_secs(5);
const REPETITIONS: u32 = 4;
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

impl Webhook {
    /// Posts to an address, such as `http://notification-controller.flux-system.svc.cluster.local./`.
    ///
    /// # Errors
    ///
    /// [`Class::Invalid`] if it is none.
    pub fn new(web: Web, address: &str) -> Result<Self, Error> {
        let invalid = |error| Error::other(Verb::Connect, address, Class::Invalid, error);
        let parsed: Uri = address
            .parse()
            .map_err(|error: http::uri::InvalidUri| invalid(error.to_string()))?;
        match parsed.scheme().is_some() && parsed.authority().is_some() {
            true => Ok(Self {
                web,
                address: parsed,
            }),
            false => Err(invalid("the address is not absolute".to_owned())),
        }
    }

    async fn post(&self, body: &[u8]) -> Result<Response<Body>, Error> {
        let request = Request::post(&self.address).header(CONTENT_TYPE, "application/json");
        let request = request
            .body(body.to_vec())
            .map_err(|error| self.fail(Class::Invalid, error.to_string()))?;
        let elapsed = |_| Err(Error::elapsed(Verb::Create, self.subject(), ATTEMPT));
        let sent = timeout(ATTEMPT, self.web.send(request)).await;
        sent.unwrap_or_else(elapsed)
    }

    fn fail(&self, class: Class, why: String) -> Error {
        Error::other(Verb::Create, self.subject(), class, why)
    }

    fn subject(&self) -> String {
        self.address.to_string()
    }
}

impl Answer {
    /// Source: fluxcd/pkg runtime v0.110.3: `events/recorder.go (checkRetry)`; hashicorp/go-retryablehttp v0.7.8:
    /// `client.go (baseRetryPolicy)`.
    const fn of(status: u16) -> Self {
        match status {
            200..=299 | 429 => Self::Taken,
            500 | 502..=599 => Self::Busy,
            _ => Self::Refused,
        }
    }
}

impl Deliver for Webhook {
    async fn deliver(&mut self, event: &Event) -> Result<(), Error> {
        if let Err(why) = forward(event) {
            tracing::debug!(?why, reason = event.reason, "the event is not posted");
            return Ok(());
        }
        let body = serde_json::to_vec(event)
            .map_err(|error| self.fail(Class::Invalid, error.to_string()))?;
        let mut repetitions = 0;
        loop {
            let (error, asked) = match self.post(&body).await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    match Answer::of(status) {
                        Answer::Taken => return Ok(()),
                        Answer::Refused => {
                            let text = format!("the event was refused with {status}");
                            return Err(self.fail(Class::Invalid, text));
                        }
                        Answer::Busy => {
                            let text = format!("it answered {status}");
                            let asked = retry_after(status, answer.headers());
                            (self.fail(Class::ServerTransient, text), asked)
                        }
                    }
                }
                Err(error) if error.is_retryable() => (error, None),
                Err(error) => return Err(error),
            };
            if repetitions == REPETITIONS {
                return Err(error);
            }
            let wait = asked.unwrap_or(WAITS.0 * 2_u32.pow(repetitions));
            sleep(wait.min(WAITS.1)).await;
            repetitions += 1;
        }
    }
}

fn retry_after(status: u16, headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    (status == 503).then(|| Duration::from_secs(seconds))
}
