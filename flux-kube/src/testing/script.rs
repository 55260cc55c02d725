//! Which requests go wrong, and how.

use std::time::Duration;

use super::call::Recorded;
use crate::error::Verb;

/// Chooses requests: all that are named must fit. Without [`times`](Self::times) or [`always`](Self::always), one request.
#[derive(Debug, Clone, PartialEq)]
pub struct On {
    verb: Option<Verb>,
    group: Option<String>,
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    subresource: Option<String>,
    user: Option<String>,
    skip: usize,
    times: usize,
}

impl On {
    /// Any request; what follows narrows it.
    #[must_use]
    pub const fn any() -> Self {
        Self {
            verb: None,
            group: None,
            kind: None,
            namespace: None,
            name: None,
            subresource: None,
            user: None,
            skip: 0,
            times: 1,
        }
    }

    /// Requests of this verb. A dry run of an apply is [`Verb::DryRun`], what reads discovery is [`Verb::Discover`].
    #[must_use]
    pub const fn verb(mut self, verb: Verb) -> Self {
        self.verb = Some(verb);
        self
    }

    /// Requests for kinds of this API group; the core group is the empty text.
    #[must_use]
    pub fn group(mut self, group: &str) -> Self {
        self.group = Some(group.to_owned());
        self
    }

    /// Requests for objects of this kind.
    #[must_use]
    pub fn kind(mut self, kind: &str) -> Self {
        self.kind = Some(kind.to_owned());
        self
    }

    /// Requests in this namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }

    /// Requests for objects of this name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Requests for this subresource; for the object itself it is the empty text.
    #[must_use]
    pub fn subresource(mut self, subresource: &str) -> Self {
        self.subresource = Some(subresource.to_owned());
        self
    }

    /// Requests of this user: whom a client impersonates, or the name that [`FakeApi::client_as`](super::FakeApi::client_as)
    /// got.
    #[must_use]
    pub fn user(mut self, user: &str) -> Self {
        self.user = Some(user.to_owned());
        self
    }

    /// The first `count` requests go through.
    #[must_use]
    pub const fn skip(mut self, count: usize) -> Self {
        self.skip = count;
        self
    }

    /// How many requests.
    #[must_use]
    pub const fn times(mut self, count: usize) -> Self {
        self.times = count;
        self
    }

    /// All requests, until [`FakeApi::clear_faults`](super::FakeApi::clear_faults).
    #[must_use]
    pub const fn always(mut self) -> Self {
        self.times = usize::MAX;
        self
    }

    /// Whether a request is of those that are named here, the count left aside.
    #[must_use]
    pub fn matches(&self, request: &Recorded) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        self.verb.is_none_or(|verb| verb == request.verb)
            && is(&self.group, &request.group)
            && is(&self.kind, &request.kind)
            && is(&self.namespace, &request.namespace)
            && is(&self.name, &request.name)
            && is(&self.subresource, &request.subresource)
            && is(&self.user, request.user.as_deref().unwrap_or_default())
    }
}

/// How a request goes wrong.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The server refuses, and says why in a `Status`. See [`Fault::status`].
    Status {
        /// HTTP status.
        code: u16,
        /// A reason that a program can read, such as `InternalError`; may be empty.
        reason: String,
        /// A message for people.
        message: String,
    },
    /// Something in front of the server answers: a code and plain text.
    Plain(u16),
    /// The server refuses and says when to come back.
    RetryAfter {
        /// HTTP status: 429 or 503.
        code: u16,
        /// The header `Retry-After`.
        seconds: u32,
    },
    /// Role-based access control forbids it, in the words of the API server.
    Forbidden,
    /// An admission webhook forbids it.
    Deny(String),
    /// The connection breaks before anything is done.
    Reset,
    /// The request is done; then the connection breaks before an answer comes.
    ResetAfter,
    /// Nobody listens.
    Refused,
    /// Nothing happens for that long; then all goes well.
    Delay(Duration),
    /// The request is done; its answer stops in the middle, as if it were complete. A watch is cut in the middle of a line.
    Truncate,
    /// The request is done; the connection breaks in the middle of the answer.
    BreakBody,
    /// The request is done; the answer stops in the middle, and the connection stays open.
    HangBody,
    /// The request is done; its answer is no JSON.
    NotJson,
    /// No answer ever comes, and nothing is done.
    Hang,
    /// The request is done, and no answer ever comes. A watch opens, and never says anything.
    HangAfter,
    /// A watch opens, and says at once that its resource version is too old.
    WatchGone,
    /// A watch is refused with 410.
    WatchHttpGone,
    /// A watch tells what is new already, and ends.
    WatchEnd,
}

impl Fault {
    /// A refusal with a `Status`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_kube::testing::Fault;
    ///
    /// let fault = Fault::status(500, "InternalError", "etcdserver: leader changed");
    /// assert!(matches!(fault, Fault::Status { code: 500, .. }));
    /// ```
    #[must_use]
    pub fn status(code: u16, reason: &str, message: &str) -> Self {
        Self::Status {
            code,
            reason: reason.to_owned(),
            message: message.to_owned(),
        }
    }
}

/// Faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Script(Vec<(On, Fault)>);

impl Script {
    pub(super) fn push(&mut self, on: On, fault: Fault) {
        self.0.push((on, fault));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault of this request: of the first line that fits and has nothing left to skip.
    pub(super) fn take(&mut self, request: &Recorded) -> Option<Fault> {
        for (on, fault) in &mut self.0 {
            if on.times == 0 || !on.matches(request) {
                continue;
            }
            if on.skip > 0 {
                on.skip -= 1;
                continue;
            }
            if on.times != usize::MAX {
                on.times -= 1;
            }
            return Some(fault.clone());
        }
        None
    }
}
