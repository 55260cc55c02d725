//! Whether anybody still waits for work that cannot be dropped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Held by whoever waits. When it is dropped, no step of the work is begun any more.
#[derive(Debug, Default)]
pub(super) struct Demand(Served);

/// Held by the work.
#[derive(Debug, Clone, Default)]
pub(super) struct Served(Arc<Mutex<Waits>>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Waits {
    #[default]
    Yes,
    NoMore,
}

impl Demand {
    pub(super) fn served(&self) -> Served {
        self.0.clone()
    }
}

impl Drop for Demand {
    fn drop(&mut self) {
        *self.0.lock() = Waits::NoMore;
    }
}

impl Served {
    fn lock(&self) -> MutexGuard<'_, Waits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_over(&self) -> bool {
        *self.lock() == Waits::NoMore
    }

    /// Does something short, if anybody waits for it. Meanwhile a [`Demand`] cannot be dropped.
    pub(super) fn finish<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let waits = self.lock();
        (*waits == Waits::Yes).then(work)
    }
}
