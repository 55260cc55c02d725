//! Counting what a client does.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Method;

/// A call that has ended: what was asked, how often, and what came of it.
///
/// A stream (a watch, a log) has ended, here, when its answer has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call<'a> {
    /// Method of the request.
    pub method: &'a Method,
    /// Path of the request, without its query.
    pub path: &'a str,
    /// What kube calls the operation (`list`, `patch`, ...), where it says so.
    pub operation: Option<&'static str>,
    /// Status of the last answer; nothing if there was none.
    pub status: Option<u16>,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long it took, waits included.
    pub time: Duration,
}

/// Is told of every call of a client, when it has ended. It must not block.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use fluxcd_kube::client::{ClientOptions, Observer};
///
/// let requests = Arc::new(AtomicU32::new(0));
/// let counter = Arc::clone(&requests);
/// let mut options = ClientOptions::default();
/// options.observer = Some(Observer::new(move |call| {
///     counter.fetch_add(call.attempts, Ordering::Relaxed);
/// }));
/// ```
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(&Call<'_>) + Send + Sync>);

impl Observer {
    /// An observer that calls `observe`.
    #[must_use]
    pub fn new(observe: impl Fn(&Call<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }

    pub(crate) fn tell(&self, call: &Call<'_>) {
        (self.0)(call);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
