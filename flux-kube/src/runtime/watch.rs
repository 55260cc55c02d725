//! Watching the objects of one kind, whatever happens on the way.

use std::convert::Infallible;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use kube::Client;
use kube::Resource;
use kube::api::{ListParams, WatchParams};
use kube::core::{ObjectList, Request, WatchEvent};
use kube::runtime::watcher::Event;
use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::metrics::{Metrics, NoMetrics};
use super::pace::Pace;
use crate::clock::{Clock, Dice};
use crate::error::{Class, Error, Verb};

/// How many objects a list asks for at once, as client-go does.
const PAGE: u32 = 500;

/// A list is given up after this time, whatever the client does; one that [`connect`](crate::client) made answers sooner.
const LIST: Duration = Duration::from_secs(150);

/// A watch begins within this time.
const START: Duration = Duration::from_secs(30);

/// How much later than promised a watch may end before its connection counts as dead.
const MARGIN: Duration = Duration::from_secs(5);

/// A watch that ends sooner counts as a failure.
const SHORT: Duration = Duration::from_secs(1);

/// A watch of all objects of one kind that goes on until it is dropped.
///
/// It lists, then watches from what was listed, and tells both as the events of `kube::runtime::watcher`. That function
/// itself is not used, for what it does after some failures cannot be mended from outside (measured with kube 5.0.0):
///
/// | what happens | `watcher` | here |
/// |---|---|---|
/// | 410 as the answer to the watch request | asks for the same version for ever (K2) | lists again |
/// | a version that the server does not know yet, after its store was restored | the same | lists again |
/// | the server ends each watch at once | asks again at once, for ever | waits |
/// | an event that is no JSON | goes on with the next, so that one is lost | lists again |
/// | one object that the type cannot hold | no list ever succeeds | objects are values; who reads one decodes it |
/// | the watch request is never answered | waits for ever | 30 s |
///
/// Failures are repeated after 0.8 s, doubled up to 30 s, each lengthened by chance to at most twice; or later, where the
/// server says so. The wait begins small again after ten seconds in which an event came, or two minutes without any. The first failure
/// is logged, and then one every five minutes until it goes well again; each is told to [`Metrics`].
///
/// A silent connection is noticed after the time for which a watch was asked, 290 s unless
/// [`freshness`](Watch::freshness) says less, and five more seconds (K15).
///
/// Source of the behaviour: client-go v0.36.2: `tools/cache/reflector.go (ListAndWatch)`.
#[derive(Clone)]
pub struct Watch {
    client: Client,
    kind: String,
    path: String,
    labels: Option<String>,
    content: Content,
    freshness: u32,
    dice: Dice,
    clock: Clock,
    metrics: Arc<dyn Metrics>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Whole,
    Metadata,
}

impl Watch {
    /// Watches a namespace, or all of them.
    #[must_use]
    pub fn new<K: Resource<DynamicType: Default>>(client: Client, namespace: Option<&str>) -> Self {
        Self::of::<K>(client, &K::DynamicType::default(), namespace)
    }

    /// Watches a kind that is known at run time only.
    #[must_use]
    pub fn of<K: Resource>(client: Client, kind: &K::DynamicType, namespace: Option<&str>) -> Self {
        Self {
            client,
            kind: K::kind(kind).into_owned(),
            path: K::url_path(kind, namespace),
            labels: None,
            content: Content::Whole,
            freshness: 290,
            dice: Dice::default(),
            clock: Clock::default(),
            metrics: Arc::new(NoMetrics),
        }
    }

    /// Watches only the objects that a label selector matches.
    #[must_use]
    pub fn labels(mut self, selector: impl Into<String>) -> Self {
        self.labels = Some(selector.into()).filter(|selector| !selector.is_empty());
        self
    }

    /// Asks for the metadata of the objects only: less traffic, and nothing of what is in a Secret.
    #[must_use]
    pub const fn metadata_only(mut self) -> Self {
        self.content = Content::Metadata;
        self
    }

    /// After how much silence a connection is renewed, in whole seconds. Shorter costs more requests.
    #[must_use]
    pub fn freshness(mut self, freshness: Duration) -> Self {
        self.freshness = u32::try_from(freshness.as_secs())
            .unwrap_or(u32::MAX)
            .max(1);
        self
    }

    /// Chance, the time, and who is told what happens.
    #[must_use]
    pub fn observed(mut self, dice: Dice, clock: Clock, metrics: Arc<dyn Metrics>) -> Self {
        (self.dice, self.clock, self.metrics) = (dice, clock, metrics);
        self
    }

    /// The kind that is watched.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Watches, and tells each event, until it is dropped.
    ///
    /// After [`Event::InitDone`], what was told between it and the last [`Event::Init`] is all that there is.
    pub async fn follow(&self, mut tell: impl FnMut(Event<Value>)) -> Infallible {
        let mut pace = Pace::new(&self.kind);
        let mut page = Some(PAGE);
        loop {
            let listed = self.list(page, &mut tell).await;
            let mut version = match listed {
                Ok(version) => version,
                Err(error) => {
                    // A page that came too late is not waited for a second time: everything is asked for at once.
                    page = (error.class() != Class::Gone).then_some(PAGE);
                    self.failed(&error, &mut pace).await;
                    continue;
                }
            };
            page = Some(PAGE);
            loop {
                let begun = Instant::now();
                match self.watch(&mut version, &mut pace, &mut tell).await {
                    Ok(()) if begun.elapsed() >= SHORT => {}
                    Ok(()) => pace.wait(None, &self.dice).await,
                    Err(error) => {
                        let is_lost = is_lost(&error);
                        self.failed(&error, &mut pace).await;
                        if is_lost {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Lists all pages, and returns the version that was listed.
    async fn list(
        &self,
        page: Option<u32>,
        tell: &mut impl FnMut(Event<Value>),
    ) -> Result<String, Error> {
        let fail = |error| Error::new(Verb::List, &self.kind, error);
        let requests = Request::new(&self.path);
        let mut params = ListParams {
            label_selector: self.labels.clone(),
            limit: page,
            ..ListParams::default()
        };
        tell(Event::Init);
        loop {
            let request = match self.content {
                Content::Whole => requests.list(&params),
                Content::Metadata => requests.list_metadata(&params),
            };
            let request = request.map_err(|error| fail(kube::Error::BuildRequest(error)))?;
            let answer = timeout(LIST, self.client.request::<ObjectList<Value>>(request)).await;
            let answer = answer.map_err(|_| Error::elapsed(Verb::List, &self.kind, LIST))?;
            let list = answer.map_err(fail)?;
            self.metrics.watched(&self.kind, self.clock.now());
            for object in list.items {
                tell(Event::InitApply(object));
            }
            let next = list.metadata.continue_.filter(|token| !token.is_empty());
            if next.is_some() {
                params.continue_token = next;
                continue;
            }
            let version = list.metadata.resource_version.unwrap_or_default();
            if version.is_empty() {
                return Err(self.unversioned(Verb::List));
            }
            tell(Event::InitDone);
            return Ok(version);
        }
    }

    /// Watches from a version on, which it advances, until the connection ends.
    async fn watch(
        &self,
        version: &mut String,
        pace: &mut Pace,
        tell: &mut impl FnMut(Event<Value>),
    ) -> Result<(), Error> {
        let fail = |error| Error::new(Verb::Watch, &self.kind, error);
        let params = WatchParams {
            label_selector: self.labels.clone(),
            timeout: Some(self.freshness),
            ..WatchParams::default()
        };
        let requests = Request::new(&self.path);
        let request = match self.content {
            Content::Whole => requests.watch(&params, version),
            Content::Metadata => requests.watch_metadata(&params, version),
        };
        let request = request.map_err(|error| fail(kube::Error::BuildRequest(error)))?;
        let stream = timeout(START, self.client.request_events::<Value>(request)).await;
        let stream = stream.map_err(|_| Error::elapsed(Verb::Watch, &self.kind, START))?;
        let mut stream = pin!(stream.map_err(fail)?);
        let idle = Duration::from_secs(self.freshness.into()) + MARGIN;
        loop {
            // Silence for longer than was asked for: nobody is there any more, and what was missed is asked for again.
            let Ok(event) = timeout(idle, stream.try_next()).await else {
                return Ok(());
            };
            let Some(event) = event.map_err(fail)? else {
                return Ok(());
            };
            let (event, seen) = match event {
                WatchEvent::Error(status) => return Err(fail(kube::Error::Api(status))),
                WatchEvent::Bookmark(mark) => (None, mark.metadata.resource_version),
                WatchEvent::Added(object) | WatchEvent::Modified(object) => {
                    let seen = resource_version(&object);
                    (Some(Event::Apply(object)), seen)
                }
                WatchEvent::Deleted(object) => {
                    let seen = resource_version(&object);
                    (Some(Event::Delete(object)), seen)
                }
            };
            if seen.is_empty() {
                return Err(self.unversioned(Verb::Watch));
            }
            *version = seen;
            pace.progress();
            self.metrics.watched(&self.kind, self.clock.now());
            if let Some(event) = event {
                tell(event);
            }
        }
    }

    async fn failed(&self, error: &Error, pace: &mut Pace) {
        self.metrics.watch_failed(&self.kind, error.class());
        pace.log(error);
        let after = match error.class() {
            Class::Throttled { after } => after,
            _ => None,
        };
        pace.wait(after, &self.dice).await;
    }

    fn unversioned(&self, verb: Verb) -> Error {
        let text =
            "the answer has no resource version; does the server support watching this kind?";
        Error::other(verb, &self.kind, Class::Other, text)
    }
}

/// Whether the version from which to go on is of no use any more. A server that cannot be reached says nothing about it.
fn is_lost(error: &Error) -> bool {
    match error.class() {
        Class::Connection
        | Class::Forbidden
        | Class::ServerTransient
        | Class::Throttled { .. }
        | Class::Unauthorized => false,
        Class::Timeout => error.status().is_some_and(|status| {
            let causes = status.details.iter().flat_map(|details| &details.causes);
            let mut reasons = causes.map(|cause| cause.reason.as_str());
            reasons.any(|reason| reason == "ResourceVersionTooLarge")
                || status.message.contains("Too large resource version")
        }),
        _ => true,
    }
}

fn resource_version(object: &Value) -> String {
    let version = object.pointer("/metadata/resourceVersion");
    version
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("path", &self.path)
            .field("labels", &self.labels)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}
