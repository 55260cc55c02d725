//! What went wrong, and what it means for whoever has to go on.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use kube::core::Status;

/// What a failure means for whoever has to go on.
///
/// Told from the code of the answer **and** from its reason: an answer that a proxy wrote has no reason, and kube's own
/// predicates (`Status::is_conflict` and its like) do not look at the code then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// The object, or its kind, does not exist.
    NotFound,
    /// Somebody else changed the object, or owns a field.
    Conflict,
    /// An object of that name exists.
    AlreadyExists,
    /// The resource version or the continue token is too old: list again.
    Gone,
    /// The identity may not do that.
    Forbidden,
    /// The API server does not know the identity: a credential has expired, or never was one.
    Unauthorized,
    /// The request is wrong, and stays wrong when it is repeated.
    Invalid,
    /// The server is too busy for this client.
    Throttled {
        /// How long the server asks to wait.
        after: Option<Duration>,
    },
    /// The server failed; it may work the next time.
    ServerTransient,
    /// No answer came in time, here or at the server. What was sent may have been done.
    Timeout,
    /// There was no connection, or it broke. What was sent may have been done.
    Connection,
    /// The answer could not be read. What was sent was done.
    Decode,
    /// The work was cancelled.
    Cancelled,
    /// All else: a bad configuration, mostly.
    Other,
}

/// What was being done when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// Reading an object.
    Get,
    /// Listing objects.
    List,
    /// Watching objects.
    Watch,
    /// Creating an object.
    Create,
    /// Putting an object in the place of another.
    Replace,
    /// Applying an object server-side.
    Apply,
    /// Asking what an apply would do.
    DryRun,
    /// Patching an object.
    Patch,
    /// Deleting an object.
    Delete,
    /// Asking which kinds the server has.
    Discover,
    /// Fetching an artifact.
    Fetch,
    /// Building a client.
    Connect,
    /// Waiting for a state of objects.
    Wait,
}

/// A failure on the way to the API server and back.
#[derive(Debug)]
pub struct Error {
    verb: Verb,
    subject: String,
    class: Class,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Kube(Box<kube::Error>),
    Other(Box<dyn StdError + Send + Sync>),
    Elapsed(Duration),
    Cancelled,
}

/// The class of what kube returned.
///
/// # Examples
///
/// ```
/// use fluxcd_kube::error::{Class, classify};
/// use kube::core::Status;
///
/// // What a proxy answers in the place of the API server.
/// let error = kube::Error::Api(Box::new(Status::failure("conflict", "Failed to parse error data").with_code(409)));
/// assert_eq!(classify(&error), Class::Conflict);
/// ```
#[must_use]
pub fn classify(error: &kube::Error) -> Class {
    match error {
        kube::Error::Api(status) => classify_status(status),
        kube::Error::Service(source) => classify_transport(source.as_ref()),
        kube::Error::HyperError(source) => classify_transport(source),
        kube::Error::ReadEvents(_) | kube::Error::LinesCodecMaxLineLengthExceeded => {
            Class::Connection
        }
        kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) => Class::Decode,
        kube::Error::Discovery(_) => Class::NotFound,
        kube::Error::Auth(_) => Class::Unauthorized,
        kube::Error::BuildRequest(_) | kube::Error::HttpError(_) => Class::Invalid,
        _ => Class::Other,
    }
}

/// The class of an answer that is no success.
pub(crate) fn classify_status(status: &Status) -> Class {
    let after = status
        .details
        .as_ref()
        .map(|details| details.retry_after_seconds);
    let after = after.filter(|seconds| *seconds > 0);
    let after = after.map(|seconds| Duration::from_secs(seconds.into()));
    match (status.code, status.reason.as_str()) {
        (404, _) => Class::NotFound,
        (409, "AlreadyExists") => Class::AlreadyExists,
        (409, _) => Class::Conflict,
        (410, _) => Class::Gone,
        (401, _) => Class::Unauthorized,
        (403, _) => Class::Forbidden,
        (429, _) => Class::Throttled { after },
        (408 | 504, _) => Class::Timeout,
        (500..=599, _) => Class::ServerTransient,
        (400..=499, _) => Class::Invalid,
        (_, "NotFound") => Class::NotFound,
        (_, "AlreadyExists") => Class::AlreadyExists,
        (_, "Conflict") => Class::Conflict,
        (_, "Gone" | "Expired") => Class::Gone,
        (_, "Unauthorized") => Class::Unauthorized,
        (_, "Forbidden") => Class::Forbidden,
        (_, "TooManyRequests") => Class::Throttled { after },
        (_, "Timeout") => Class::Timeout,
        (_, "InternalError" | "ServerTimeout" | "ServiceUnavailable") => Class::ServerTransient,
        (
            _,
            "BadRequest"
            | "Invalid"
            | "MethodNotAllowed"
            | "NotAcceptable"
            | "RequestEntityTooLarge"
            | "UnsupportedMediaType",
        ) => Class::Invalid,
        _ => Class::Other,
    }
}

/// What broke below HTTP. The connection is of no use any more, unless the other side is not who it should be.
pub(crate) fn classify_transport(error: &(dyn StdError + 'static)) -> Class {
    for cause in causes(error) {
        if let Some(error @ (kube::Error::Api(_) | kube::Error::Auth(_))) = cause.downcast_ref() {
            return classify(error);
        }
        if cause.is::<kube::client::AuthError>() {
            return Class::Unauthorized;
        }
        if cause.is::<tokio::time::error::Elapsed>() {
            return Class::Timeout;
        }
        match cause.downcast_ref().map(io::Error::kind) {
            Some(io::ErrorKind::TimedOut) => return Class::Timeout,
            // What rustls says of a certificate.
            Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => return Class::Other,
            _ => {}
        }
    }
    Class::Connection
}

/// An error and what caused it.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// What caused an error. An `io::Error` hides the one that it wraps from `source`.
fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

impl Class {
    /// Whether the same request can succeed when it is sent again. Whether it may be sent again depends on what it does:
    /// see [`client`](crate::client).
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Throttled { .. }
                | Self::ServerTransient
                | Self::Timeout
                | Self::Connection
                | Self::Gone
                | Self::Conflict
        )
    }

    /// Whether what was sent may have been done although it failed: then only the API server knows.
    #[must_use]
    pub const fn is_outcome_unknown(self) -> bool {
        matches!(
            self,
            Self::Timeout | Self::Connection | Self::Decode | Self::ServerTransient
        )
    }
}

impl Error {
    /// What kube returned while something was done to an object.
    #[must_use]
    pub fn new(verb: Verb, subject: impl Into<String>, source: kube::Error) -> Self {
        Self {
            verb,
            subject: subject.into(),
            class: classify(&source),
            source: Source::Kube(Box::new(source)),
        }
    }

    /// A failure that did not come from kube.
    #[must_use]
    pub fn other(
        verb: Verb,
        subject: impl Into<String>,
        class: Class,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            verb,
            subject: subject.into(),
            class,
            source: Source::Other(source.into()),
        }
    }

    /// No answer within the deadline.
    #[must_use]
    pub fn elapsed(verb: Verb, subject: impl Into<String>, after: Duration) -> Self {
        Self {
            verb,
            subject: subject.into(),
            class: Class::Timeout,
            source: Source::Elapsed(after),
        }
    }

    /// The work was cancelled before it was done.
    #[must_use]
    pub fn cancelled(verb: Verb, subject: impl Into<String>) -> Self {
        Self {
            verb,
            subject: subject.into(),
            class: Class::Cancelled,
            source: Source::Cancelled,
        }
    }

    /// What it means.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// What was being done.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        self.verb
    }

    /// What it was done to: `Kind/namespace/name`, a kind, or an address.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether the same can succeed later. See [`Class::is_retryable`].
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.class.is_retryable()
    }

    /// What went wrong, without what was being done to which object.
    #[must_use]
    pub fn reason(&self) -> String {
        self.source.to_string()
    }

    /// The same with what a text of the API server says made safe to be shown.
    #[must_use]
    pub(crate) fn masked(mut self, mask: impl Fn(&str) -> String) -> Self {
        if let Source::Kube(error) = &mut self.source
            && let kube::Error::Api(status) = error.as_mut()
        {
            status.message = mask(&status.message);
            let causes = status.details.iter_mut();
            for cause in causes.flat_map(|details| &mut details.causes) {
                cause.message = mask(&cause.message);
            }
        }
        self
    }

    /// The answer of the API server, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match &self.source {
            Source::Kube(error) => match error.as_ref() {
                kube::Error::Api(status) => Some(status),
                _ => None,
            },
            _ => None,
        }
    }
}

/// `apply Deployment/apps/web: admission webhook denied the request`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.verb, self.subject, self.source)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kube(error) => match error.as_ref() {
                kube::Error::Api(status) if !status.message.is_empty() => {
                    f.write_str(&status.message)
                }
                kube::Error::Service(error) => explain(error.as_ref(), f),
                kube::Error::HyperError(error) => explain(error, f),
                error => error.fmt(f),
            },
            Self::Other(error) => error.fmt(f),
            Self::Elapsed(after) => write!(f, "no answer within {after:?}"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

/// hyper says no more than `client error (Connect)` by itself.
fn explain(error: &(dyn StdError + 'static), f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut said = String::new();
    for cause in causes(error) {
        let text = cause.to_string();
        if !said.ends_with(&text) {
            let separator = if said.is_empty() { "" } else { ": " };
            write!(f, "{separator}{text}")?;
            said = text;
        }
    }
    Ok(())
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Source::Kube(error) => Some(error.as_ref()),
            Source::Other(error) => Some(error.as_ref()),
            Source::Elapsed(_) | Source::Cancelled => None,
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Watch => "watch",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Apply => "apply",
            Self::DryRun => "dry-run",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::Discover => "discover",
            Self::Fetch => "fetch",
            Self::Connect => "connect",
            Self::Wait => "wait for",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(code: u16, reason: &str) -> Class {
        classify(&kube::Error::Api(Box::new(
            Status::failure("m", reason).with_code(code),
        )))
    }

    #[test]
    fn an_answer_without_a_reason_is_classed_by_its_code() {
        let none = "Failed to parse error data";
        for (code, class) in [
            (400, Class::Invalid),
            (401, Class::Unauthorized),
            (403, Class::Forbidden),
            (404, Class::NotFound),
            (409, Class::Conflict),
            (410, Class::Gone),
            (422, Class::Invalid),
            (429, Class::Throttled { after: None }),
            (500, Class::ServerTransient),
            (502, Class::ServerTransient),
            (503, Class::ServerTransient),
            (504, Class::Timeout),
        ] {
            assert_eq!(api(code, none), class, "{code}");
            assert_eq!(api(code, ""), class, "{code}");
        }
    }

    #[test]
    fn an_answer_without_a_code_is_classed_by_its_reason() {
        for (reason, class) in [
            ("NotFound", Class::NotFound),
            ("AlreadyExists", Class::AlreadyExists),
            ("Expired", Class::Gone),
            ("TooManyRequests", Class::Throttled { after: None }),
            ("ServiceUnavailable", Class::ServerTransient),
            ("Invalid", Class::Invalid),
            ("Whatever", Class::Other),
        ] {
            assert_eq!(api(0, reason), class, "{reason}");
        }
        assert_eq!(api(409, "AlreadyExists"), Class::AlreadyExists);
    }

    #[test]
    fn what_breaks_below_http_is_no_answer() {
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let error = Error::new(
            Verb::Apply,
            "ConfigMap/a/b",
            kube::Error::Service(reset.into()),
        );
        assert_eq!(error.class(), Class::Connection);
        assert!(error.class().is_outcome_unknown() && error.is_retryable());
        let hidden = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, "unknown issuer"));
        let error = Error::new(Verb::Get, "Pod/a/b", kube::Error::Service(hidden.into()));
        assert_eq!(error.class(), Class::Other);
        assert_eq!(error.to_string(), "get Pod/a/b: unknown issuer");
        let late = io::Error::other(io::Error::from(io::ErrorKind::TimedOut));
        assert_eq!(classify(&kube::Error::Service(late.into())), Class::Timeout);
        let error = Error::elapsed(Verb::Get, "ConfigMap/a/b", Duration::from_secs(30));
        assert_eq!(error.to_string(), "get ConfigMap/a/b: no answer within 30s");
    }
}
