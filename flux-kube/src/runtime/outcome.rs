use std::error::Error as StdError;
use std::fmt;

use fluxcd_core::condition;
use fluxcd_core::schedule::{Because, Next, Requeue};

type BoxError = Box<dyn StdError + Send + Sync>;

/// How a run ended: when the next one begins, and what went wrong, if anything did.
///
/// It is made from what `fluxcd-core` decides: a [`Next`] keeps who decided, and only an interval is spread by jitter; a
/// bare [`Requeue`] is taken to the letter.
///
/// # Examples
///
/// ```
/// use fluxcd_core::schedule::{Because, Next, Requeue};
/// use fluxcd_kube::runtime::Outcome;
///
/// let done = Outcome::from(Next { requeue: Requeue::OnChange, because: Because::Suspended });
/// assert_eq!((done.to_string().as_str(), done.error().is_some()), ("on a change only: the object is suspended", false));
///
/// let failed = Outcome::failed("no such bucket");
/// assert_eq!(failed.next().requeue, Requeue::Backoff);
///
/// // A function that uses `?` is a reconciliation as well.
/// let parsed = "x".parse::<u8>().map(|_| Requeue::OnChange);
/// assert_eq!(Outcome::from(parsed).next().requeue, Requeue::Backoff);
/// ```
#[derive(Debug)]
#[must_use]
pub struct Outcome {
    next: Next,
    error: Option<BoxError>,
}

impl Outcome {
    /// Nothing is to be done before something changes.
    pub fn done() -> Self {
        Requeue::OnChange.into()
    }

    /// It failed, and is tried again with growing waits.
    pub fn failed(error: impl Into<BoxError>) -> Self {
        Self::failed_until(Requeue::Backoff, error)
    }

    /// It failed, and what follows is known: a retry interval, a wait for dependencies, or, with [`Requeue::Terminal`], a
    /// change.
    pub fn failed_until(next: impl Into<Self>, error: impl Into<BoxError>) -> Self {
        Self {
            error: Some(error.into()),
            ..next.into()
        }
    }

    /// When the next run begins, and who decided that.
    pub const fn next(&self) -> Next {
        self.next
    }

    /// What went wrong.
    #[must_use]
    pub fn error(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.error.as_deref()
    }

    /// Whether nothing is left to be done: a finalizer may go.
    pub(super) fn is_finished(&self) -> bool {
        self.error.is_none() && self.next.requeue == Requeue::OnChange
    }
}

impl From<Next> for Outcome {
    fn from(next: Next) -> Self {
        Self { next, error: None }
    }
}

impl From<Requeue> for Outcome {
    fn from(requeue: Requeue) -> Self {
        let because = match requeue {
            Requeue::Now => Because::BeginAgain,
            Requeue::After(_) => Because::Wait,
            Requeue::Backoff => Because::Error,
            Requeue::OnChange => Because::Nothing,
            Requeue::Terminal => Because::Stalled,
        };
        Next { requeue, because }.into()
    }
}

impl From<condition::Requeue> for Outcome {
    fn from(requeue: condition::Requeue) -> Self {
        match requeue {
            condition::Requeue::Never => Requeue::OnChange.into(),
            condition::Requeue::Now => Requeue::Now.into(),
            condition::Requeue::After(time) => Requeue::after(time).into(),
        }
    }
}

/// An error is tried again with growing waits.
impl<T: Into<Self>, E: Into<BoxError>> From<Result<T, E>> for Outcome {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(next) => next.into(),
            Err(error) => Self::failed(error),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(error) = &self.error {
            write!(f, "{error}; ")?;
        }
        self.next.fmt(f)
    }
}
