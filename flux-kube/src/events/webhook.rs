use std::time::Duration;

use fluxcd_api::event::v1beta1::Event;
use fluxcd_core::notify::forward;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Request, Uri};
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
        let subject = self.address.to_string();
        let fail = |class, why| Error::other(Verb::Create, &*subject, class, why);
        let body =
            serde_json::to_vec(event).map_err(|error| fail(Class::Invalid, error.to_string()))?;
        let mut repetitions = 0;
        loop {
            let request = Request::post(&self.address).header(CONTENT_TYPE, "application/json");
            let request = request
                .body(body.clone())
                .map_err(|error| fail(Class::Invalid, error.to_string()))?;
            let sent = timeout(ATTEMPT, self.web.send(request)).await;
            let sent =
                sent.unwrap_or_else(|_| Err(Error::elapsed(Verb::Create, &*subject, ATTEMPT)));
            let (error, asked) = match sent {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    match Answer::of(status) {
                        Answer::Taken => return Ok(()),
                        Answer::Refused => {
                            return Err(fail(
                                Class::Invalid,
                                format!("the event was refused with {status}"),
                            ));
                        }
                        Answer::Busy => {
                            let error =
                                fail(Class::ServerTransient, format!("it answers {status}"));
                            (error, retry_after(status, answer.headers()))
                        }
                    }
                }
                Err(error) if error.is_retryable() => (error, None),
                Err(error) => return Err(error),
            };
            if repetitions == REPETITIONS {
                return Err(error);
            }
            sleep(
                asked
                    .unwrap_or(WAITS.0 * 2_u32.pow(repetitions))
                    .min(WAITS.1),
            )
            .await;
            repetitions += 1;
        }
    }
}

fn retry_after(status: u16, headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    (status == 503).then(|| Duration::from_secs(seconds))
}
