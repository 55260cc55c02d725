//! When the next run begins, who decided that, and what the queue of the controller makes of it.

use std::fmt;

use fluxcd_api::meta::{Duration, Origin};

use super::{Backoff, Jitter};

/// When an object is looked at again, if nothing else wakes it before.
///
/// Whatever is decided here, a change of the object, a request by annotation or a change of what it watches starts a run
/// at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Requeue {
    /// The run asks to begin again. There is no error, but the queue waits and counts as after one.
    Now,
    /// After that time, which is positive. Earlier errors are forgotten.
    After(Duration),
    /// The run ended in an error, and is repeated with growing waits.
    Backoff,
    /// There is no timer. Earlier errors are forgotten.
    OnChange,
    /// There is no timer after an error that no repetition can mend. Earlier errors stay counted.
    Terminal,
}

/// A [`Requeue`], and who decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct Next {
    /// When the next run begins.
    pub requeue: Requeue,
    /// Who decided that.
    pub because: Because,
}

/// Who decides when the next run begins. `Display` says it to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Because {
    /// The interval of the object. It is the only one that is spread by [`Next::jittered`].
    Interval(Origin),
    /// The interval between failures.
    RetryInterval(Origin),
    /// The controller's wait for what an object depends on, `--requeue-dependency`.
    RequeueDependency(Origin),
    /// The error says itself how long to wait.
    Wait,
    /// The run could not go on with what it knew, and asks to begin again.
    BeginAgain,
    /// An error that may go away by itself.
    Error,
    /// Something that only a change can mend: of the spec, or of the settings of the controller.
    Stalled,
    /// There is nothing to wait for.
    Nothing,
    /// The object is suspended.
    Suspended,
    /// The object is being deleted.
    Deleted,
}

/// What a queue does with the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct Queued {
    /// How long until the next run; `None` without a timer.
    pub after: Option<Duration>,
    /// How many errors are counted from now on.
    pub failures: u32,
}

impl Requeue {
    /// After that time; where it is not positive there is no timer, as in controller-runtime.
    #[must_use]
    pub fn after(time: Duration) -> Self {
        if time > Duration::ZERO {
            Self::After(time)
        } else {
            Self::OnChange
        }
    }

    /// What the queue does, with so many errors counted before.
    ///
    /// Source: `controller-runtime: pkg/internal/controller/controller.go (reconcileHandler)` v0.24.1.
    ///
    /// # Examples
    ///
    /// ```
    /// use fluxcd_api::meta::Duration;
    /// use fluxcd_core::schedule::{Backoff, Requeue};
    ///
    /// let backoff = Backoff::default();
    /// let again = Requeue::Backoff.queue(backoff, 2);
    /// assert_eq!((again.after, again.failures), (Some(Duration::from_secs(3)), 3));
    ///
    /// let interval = Requeue::After(Duration::from_mins(5)).queue(backoff, again.failures);
    /// assert_eq!((interval.after, interval.failures), (Some(Duration::from_mins(5)), 0));
    /// ```
    pub fn queue(self, backoff: Backoff, failures: u32) -> Queued {
        let (after, failures) = match self {
            Self::Now | Self::Backoff => {
                (Some(backoff.delay(failures)), failures.saturating_add(1))
            }
            Self::After(time) => (Some(time), 0),
            Self::OnChange => (None, 0),
            Self::Terminal => (None, failures),
        };
        Queued { after, failures }
    }

    /// The same with a time that is spread, if there is one.
    ///
    /// Source: `fluxcd/pkg: runtime/jitter/interval.go (JitteredRequeueInterval)` v0.110.1.
    #[must_use]
    pub fn jittered(self, jitter: Jitter, unit: f64) -> Self {
        match self {
            Self::After(time) if time > Duration::ZERO => Self::after(jitter.spread(time, unit)),
            other => other,
        }
    }
}

impl Next {
    /// The same with its interval spread. Times that come from elsewhere are kept: kustomize-controller and
    /// source-controller wait for dependencies and between failures as long as they say. helm-controller spreads more,
    /// by [`Requeue::jittered`].
    pub fn jittered(self, jitter: Jitter, unit: f64) -> Self {
        match self.because {
            Because::Interval(_) => Self {
                requeue: self.requeue.jittered(jitter, unit),
                ..self
            },
            _ => self,
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, origin) = match self {
            Self::Interval(origin) => ("the interval", origin),
            Self::RetryInterval(origin) => ("the interval between failures", origin),
            Self::RequeueDependency(origin) => ("the wait for dependencies", origin),
            Self::Wait => return f.write_str("the error says how long to wait"),
            Self::BeginAgain => return f.write_str("the run asks to begin again"),
            Self::Error => return f.write_str("an error that may go away by itself"),
            Self::Stalled => return f.write_str("it cannot mend by itself"),
            Self::Nothing => return f.write_str("nothing is due"),
            Self::Suspended => return f.write_str("the object is suspended"),
            Self::Deleted => return f.write_str("the object is being deleted"),
        };
        let origin = match origin {
            Origin::Spec => "as the spec says",
            Origin::Flag => "as a flag of the controller says",
            Origin::Annotation => "as an annotation says",
            _ => "by default",
        };
        write!(f, "{what}, {origin}")
    }
}

/// `after 30s: the wait for dependencies, by default`.
impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.requeue {
            Requeue::Now => f.write_str("at once")?,
            Requeue::After(time) => write!(f, "after {time}")?,
            Requeue::Backoff => f.write_str("with growing waits")?,
            Requeue::OnChange | Requeue::Terminal => f.write_str("on a change only")?,
        }
        write!(f, ": {}", self.because)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE: Duration = Duration::from_mins(5);

    #[test]
    fn a_time_that_is_not_positive_sets_no_timer() {
        assert_eq!(Requeue::after(FIVE), Requeue::After(FIVE));
        for time in [Duration::ZERO, Duration::MIN] {
            assert_eq!(Requeue::after(time), Requeue::OnChange);
        }
    }

    #[test]
    fn errors_are_counted_until_a_run_ends_without_one() {
        let queue = |requeue: Requeue| {
            let queued = requeue.queue(Backoff::default(), 3);
            (queued.after, queued.failures)
        };
        let wait = Some(Duration::from_secs(6));
        assert_eq!(queue(Requeue::Now), (wait, 4));
        assert_eq!(queue(Requeue::Backoff), (wait, 4));
        assert_eq!(queue(Requeue::After(FIVE)), (Some(FIVE), 0));
        assert_eq!(queue(Requeue::OnChange), (None, 0));
        assert_eq!(queue(Requeue::Terminal), (None, 3));
    }

    #[test]
    fn only_the_interval_is_spread() {
        let spread = |because| {
            let requeue = Requeue::After(FIVE);
            Next { requeue, because }
                .jittered(Jitter::default(), 0.0)
                .requeue
        };
        let shorter = Requeue::After(Duration::from_secs(285));
        assert_eq!(spread(Because::Interval(Origin::Spec)), shorter);
        for because in [
            Because::RetryInterval(Origin::Spec),
            Because::RequeueDependency(Origin::Flag),
            Because::Wait,
        ] {
            assert_eq!(spread(because), Requeue::After(FIVE));
        }
        for requeue in [
            Requeue::Now,
            Requeue::Backoff,
            Requeue::OnChange,
            Requeue::Terminal,
        ] {
            assert_eq!(requeue.jittered(Jitter::default(), 0.0), requeue);
        }
    }

    #[test]
    fn a_user_reads_who_decided() {
        let next = Next {
            requeue: Requeue::After(Duration::from_secs(30)),
            because: Because::RequeueDependency(Origin::Default),
        };
        assert_eq!(
            next.to_string(),
            "after 30s: the wait for dependencies, by default"
        );
        let next = Next {
            requeue: Requeue::Terminal,
            because: Because::Stalled,
        };
        assert_eq!(
            next.to_string(),
            "on a change only: it cannot mend by itself"
        );
    }
}
